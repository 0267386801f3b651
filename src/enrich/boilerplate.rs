//! Lines that news sites leave in the text of their articles: sharing, following, subscribing,
//! reading more, rights.
//!
//! A line is cut only where it cannot be the article's: by its whole wording, or by its beginning
//! together with its length.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Anchored, Input, MatchKind, StartKind};

use super::longer_than;

/// Whole lines, without regard to case and to marks at their ends.
const WHOLE: &[&str] = &[
    "advertisement",
    "advertisements",
    "advertising",
    "anzeige",
    "publicidad",
    "publicité",
    "continue reading",
    "continue reading below",
    "continue reading the main story",
    "story continued below",
    "story continues below",
    "story continues below advertisement",
    "article continues below",
    "article continues after advertisement",
    "continues below",
    "read more",
    "read next",
    "read also",
    "read full story",
    "view more",
    "see also",
    "see more",
    "show more",
    "load more",
    "learn more",
    "more videos",
    "more stories",
    "more news",
    "more on this story",
    "more on this topic",
    "more for you",
    "editors' pick",
    "editors’ picks",
    "editors' recommendations",
    "editors’ recommendations",
    "recommended by our editors",
    "recommended reading",
    "shop this story",
    "shop now",
    "buy now",
    "article continues below this ad",
    "article continues below advertisement",
    "advertisement - scroll to continue",
    "scroll to continue",
    "published in",
    "order reprints",
    "source",
    "sources",
    "get the app",
    "support us",
    "support our work",
    "our editorial standards",
    "discover stories from this section and more in the list of contents",
    "just watched",
    "must watch",
    "replay",
    "watch now",
    "play video",
    "related",
    "related articles",
    "related article",
    "related stories",
    "related story",
    "related content",
    "related coverage",
    "related topics",
    "related news",
    "related links",
    "related posts",
    "recommended",
    "recommended for you",
    "recommended stories",
    "you may also like",
    "you might also like",
    "you might be interested in",
    "most read",
    "most popular",
    "most viewed",
    "trending",
    "trending now",
    "top stories",
    "editors' picks",
    "editor's picks",
    "latest news",
    "share",
    "share this",
    "share this story",
    "share this article",
    "share this post",
    "share this page",
    "share this with",
    "share on facebook",
    "share on twitter",
    "share on linkedin",
    "share via email",
    "tweet",
    "tweet this",
    "tweet this story",
    "pin it",
    "print",
    "print this",
    "print this article",
    "print this page",
    "print article",
    "email",
    "e-mail",
    "email this",
    "email this article",
    "email this story",
    "email to a friend",
    "send to a friend",
    "facebook",
    "twitter",
    "linkedin",
    "whatsapp",
    "reddit",
    "pinterest",
    "google plus",
    "google+",
    "telegram",
    "copy link",
    "link copied",
    "save",
    "save article",
    "bookmark",
    "comments",
    "comment",
    "leave a comment",
    "leave a reply",
    "post a comment",
    "add a comment",
    "add comment",
    "no comments",
    "view comments",
    "show comments",
    "join the conversation",
    "loading",
    "loading...",
    "like this",
    "like this: like loading",
    "like loading",
    "authors",
    "author",
    "tags",
    "topics",
    "newsletter",
    "newsletters",
    "sign up",
    "sign in",
    "log in",
    "register",
    "subscribe",
    "subscribe now",
    "skip to content",
    "skip to main content",
    "skip advertisement",
    "back to top",
    "home",
    "menu",
    "search",
    "close",
    "next",
    "previous",
    "next article",
    "previous article",
    "all rights reserved",
    "story highlights",
    "follow us",
    "follow us on twitter",
    "like us on facebook",
    "about the author",
    "what do you think",
    "enlarge this image",
    "enlarge image",
    "toggle caption",
    "hide caption",
    "image caption",
    "media caption",
    "report a typo",
    "report an error",
    "thank you for reading",
    "thanks for reading",
    "this story has been updated",
    "lesen sie auch",
    "mehr zum thema",
    "lire aussi",
    "à lire aussi",
    "leer más",
    "leia também",
    "leia mais",
    "lees ook",
];

/// Beginnings of lines, and the longest line (bytes) that is cut for each.
const BEGINNINGS: &[(&str, usize)] = &[
    ("become a fan", 120),
    ("become a member", 160),
    ("follow us on", 200),
    ("follow us at", 160),
    ("follow us:", 160),
    ("follow @", 120),
    ("follow him on twitter", 160),
    ("follow her on twitter", 160),
    ("follow them on twitter", 160),
    ("follow me on twitter", 160),
    ("follow along on", 160),
    ("find us on", 160),
    ("like us on", 160),
    ("join us on", 160),
    ("connect with us", 160),
    ("visit us on", 160),
    ("add us on", 160),
    ("share this story", 160),
    ("share this article", 160),
    ("share this post", 160),
    ("share this:", 200),
    ("share on ", 100),
    ("share via ", 100),
    ("share your thoughts", 200),
    ("tell us what you think", 240),
    ("tell us:", 200),
    ("tell us in the comments", 240),
    ("let us know in the comments", 240),
    ("let us know what you think", 240),
    ("what do you think?", 240),
    ("have your say", 240),
    ("join the discussion", 200),
    ("join the conversation", 200),
    ("leave your comment", 200),
    ("comment on this", 160),
    ("click here to", 240),
    ("click here for", 240),
    ("click to ", 120),
    ("click on the ", 120),
    ("tap here", 160),
    ("click through", 160),
    ("sign up for", 320),
    ("sign up to", 320),
    ("sign up here", 200),
    ("sign up now", 200),
    ("subscribe to ", 320),
    ("subscribe for", 200),
    ("subscribe now", 200),
    ("subscribe today", 200),
    ("get our newsletter", 240),
    ("get the latest news", 240),
    ("get breaking news", 240),
    ("get email updates", 240),
    ("get updates", 160),
    ("receive the latest", 240),
    ("download our app", 240),
    ("download the app", 240),
    ("download the ", 100),
    ("enter your email", 240),
    ("email address", 80),
    ("read more:", 300),
    ("read more about", 200),
    ("read more on", 200),
    ("read more at", 200),
    ("read more from", 200),
    ("read more »", 200),
    ("read also:", 300),
    ("also read:", 300),
    ("read also |", 300),
    ("also read |", 300),
    ("read next:", 300),
    ("read the full", 160),
    ("see also:", 300),
    ("see more:", 200),
    ("related:", 300),
    ("related story:", 300),
    ("related stories:", 300),
    ("related article:", 300),
    ("related articles:", 300),
    ("related coverage:", 300),
    ("related news:", 300),
    ("related content:", 300),
    ("recommended:", 300),
    ("must read:", 300),
    ("must-read:", 300),
    ("more:", 200),
    ("more from ", 160),
    ("more on this:", 200),
    ("more news:", 200),
    ("watch:", 240),
    ("watch live:", 240),
    ("watch the latest video", 160),
    ("watch the video above", 160),
    ("watch the video below", 160),
    ("see the video", 120),
    ("add your name to", 240),
    ("sign the petition", 160),
    ("watch more:", 240),
    ("watch video:", 240),
    ("video:", 200),
    ("just watched", 400),
    ("listen:", 200),
    ("photos:", 200),
    ("gallery:", 200),
    ("poll:", 200),
    ("trending:", 200),
    ("don't miss:", 240),
    ("don’t miss:", 240),
    ("copyright ©", 400),
    ("copyright (c)", 400),
    ("copyright 1", 300),
    ("copyright 2", 300),
    ("copyright by ", 200),
    ("<copyright", 400),
    ("ap-ny-", 60),
    ("ap-wf-", 60),
    ("ap-es-", 60),
    ("ap-cs-", 60),
    ("(c) 1", 200),
    ("(c) 2", 200),
    ("©", 300),
    ("(© ", 300),
    ("all rights reserved", 300),
    ("all content ©", 300),
    ("the views expressed", 400),
    ("views expressed in this", 400),
    ("opinions expressed", 400),
    ("the opinions expressed", 400),
    ("featured image", 160),
    ("featured photo", 160),
    ("image via ", 120),
    ("photo via ", 120),
    ("this article originally appeared", 240),
    ("this article was originally published", 240),
    ("this story originally appeared", 240),
    ("this story was originally published", 240),
    ("this post originally appeared", 240),
    ("this material may not be", 300),
    ("for more information, visit", 200),
    ("for more news", 240),
    ("for more stories", 240),
    ("for the latest news", 240),
    ("for breaking news", 240),
    ("we want to hear from you", 320),
    ("do you have a story", 300),
    ("got a tip", 240),
    ("have a tip", 240),
    ("have a news tip", 240),
    ("send tips to", 240),
    ("contact the author", 240),
    ("contact us at", 240),
    ("contact the reporter", 240),
    ("reach the author", 240),
    ("reach him at", 160),
    ("reach her at", 160),
    ("reach the reporter", 240),
    ("(reporting by", 500),
    ("reporting by ", 400),
    ("editing by ", 200),
    ("additional reporting by", 400),
    ("our standards: the thomson reuters", 200),
    ("by subscribing", 300),
    ("by signing up", 300),
    ("by clicking", 300),
    ("by entering your email", 300),
    ("we use cookies", 600),
    ("this site uses cookies", 600),
    ("this website uses cookies", 600),
    ("please enable javascript", 300),
    ("javascript is", 300),
    ("your browser does not support", 300),
    ("you must be logged in", 240),
    ("already a subscriber", 240),
    ("already have an account", 240),
    ("support our journalism", 300),
    ("support independent journalism", 300),
    ("if you value our", 300),
    ("posted:", 120),
    ("posted in ", 160),
    ("posted under ", 160),
    ("filed under", 200),
    ("tagged:", 300),
    ("tags:", 400),
    ("topics:", 300),
    ("categories:", 300),
    ("keywords:", 300),
    ("page 1 of ", 60),
    ("last updated", 120),
    ("first published", 120),
    ("published:", 120),
    ("updated:", 120),
    ("estimated read", 80),
    ("reading time", 80),
    ("[related:", 300),
    ("(related:", 300),
    ("[read more", 300),
    ("(read more:", 300),
    ("[image via", 120),
    ("more information:", 900),
    ("citation:", 400),
    ("provided by ", 120),
    ("journal reference:", 500),
    ("this document is subject to copyright", 300),
    ("if you purchase a product or", 500),
    ("when you buy through links", 400),
    ("when you purchase through links", 400),
    ("we may earn a commission", 300),
    ("we may receive a commission", 300),
    ("we may be compensated", 300),
    ("read the original article on", 200),
    ("read this article on", 160),
    ("a version of this article appear", 300),
    ("a version of this story appear", 300),
    ("this article appeared in", 240),
    ("this article was featured in", 240),
    ("this article is part of our", 240),
    ("from the january ", 60),
    ("you're reading ", 240),
    ("you’re reading ", 240),
    ("comments on this piece", 400),
    ("comments are ", 160),
    ("view comments", 80),
    ("for more culture, media", 200),
    ("enjoy more audio", 160),
    ("discover stories from", 200),
    ("help keep news free", 240),
    ("support huffpost", 120),
    ("make a contribution", 160),
    ("donate to ", 160),
    ("donate now", 120),
    ("listen and subscribe", 200),
    ("listen to this article", 120),
    ("listen to the story", 120),
    ("want more ", 260),
    ("need a break? play", 160),
    ("mehr zum thema", 200),
    ("lesen sie auch", 300),
    ("lire aussi", 300),
    ("à lire aussi", 300),
    ("leia também", 300),
    ("leia mais", 300),
    ("lea también", 300),
    ("leer también", 300),
    ("lees ook", 300),
];

/// Phrases that no article has in a short line of its own (bytes: [`SHORT`]).
const ANYWHERE: &[&str] = &[
    "all rights reserved",
    "may not be published, broadcast, rewritten",
    "may not be reproduced",
    "unauthorized reproduction",
    "terms of service apply",
    "privacy policy and terms",
    "become a fan on facebook",
    "fan of us on facebook",
    "fan page on facebook",
    "like us on facebook",
    "follow us on twitter",
    "on facebook and twitter",
    "on twitter and facebook",
    "on twitter and on facebook",
    "sign up for our newsletter",
    "subscribe to our newsletter",
    "subscribe to our channel",
    "are solely those of the author",
    "do not necessarily reflect the views",
    "not necessarily either shared or endorsed",
    "shares facebooktwitter",
    "share on facebook",
    "share on twitter",
    "facebook twitter",
    "facebooktwitter",
    "twitter facebook",
    "whatsapp telegram",
    "click here to read",
    "click here to subscribe",
    "click here to sign up",
    "download our app",
    "this site is protected by recaptcha",
    "contributed to this report",
    "contributed to this story",
    "contributed to this article",
    "contributed reporting",
    "sign up for it here",
    "to get it in your inbox",
    "delivered to your inbox",
    "straight to your inbox",
    "contributing as little as",
    "by giving us as little as",
    "originally appeared on",
    "was originally published on",
    "first appeared on ",
    "coverage, visit ",
];

/// Lines up to this length are searched for [`ANYWHERE`].
const SHORT: usize = 300;

/// The longest line that any rule cuts.
const LONGEST: usize = 900;

struct Rules {
    whole: AhoCorasick,
    beginnings: AhoCorasick,
    anywhere: AhoCorasick,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let build = |patterns: &mut dyn Iterator<Item = &'static str>, anchored: StartKind| {
        AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(anchored)
            .build(patterns)
            .ok()
    };
    Some(Rules {
        whole: build(&mut WHOLE.iter().copied(), StartKind::Anchored)?,
        beginnings: build(
            &mut BEGINNINGS.iter().map(|(start, _)| *start),
            StartKind::Anchored,
        )?,
        anywhere: build(&mut ANYWHERE.iter().copied(), StartKind::Unanchored)?,
    })
});

/// Whether a paragraph is a line that sites put into articles.
pub(super) fn is_boilerplate(paragraph: &str) -> bool {
    if paragraph.len() > LONGEST {
        return false;
    }
    let Some(rules) = &*RULES else { return false };
    let line = paragraph
        .trim_matches(|c: char| c.is_whitespace() || "|>»«*•·-–—→…:▶+×[]_=#~".contains(c));
    let line = line.trim_end_matches(['.', '!', '?']);
    if line.is_empty() {
        // A row of stars or dashes.
        return true;
    }
    let from_start = |text| Input::new(text).anchored(Anchored::Yes);
    if line.len() <= 60
        && rules.whole.find(from_start(line)).is_some_and(|found| found.end() == line.len())
    {
        return true;
    }
    let begins = rules.beginnings.find(from_start(paragraph)).is_some_and(|found| {
        let most = BEGINNINGS.get(found.pattern().as_usize()).map_or(0, |(_, most)| *most);
        paragraph.len() <= most && !is_speech(paragraph)
    });
    begins
        || (paragraph.len() <= SHORT
            && rules.anywhere.find(paragraph).is_some()
            && !is_speech(paragraph))
        || is_handle(line)
        || is_contact(line)
        || is_counter(line)
        || is_page_number(line)
}

/// `1 of 57`, `Page 3`.
fn is_page_number(line: &str) -> bool {
    let digits = |text: &str| {
        !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())
    };
    line.len() <= 16
        && line.split_once(" of ").is_some_and(|(page, pages)| {
            digits(page.trim_start_matches("Page ").trim_start_matches("Image "))
                && digits(pages)
        })
}

/// Whether a line heads a list of other articles, which goes on below it.
pub(super) fn heads_list(paragraph: &str) -> bool {
    const HEADS: [&str; 12] = [
        "related",
        "related articles",
        "related stories",
        "related news",
        "related links",
        "related posts",
        "related content",
        "related topics",
        "more stories",
        "more news",
        "you may also like",
        "recommended",
    ];
    paragraph.len() <= 40 && {
        let line = paragraph.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        HEADS.contains(&line.as_str())
    }
}

/// Somebody speaks: a quotation with its speaker is text, whatever it begins with.
fn is_speech(paragraph: &str) -> bool {
    paragraph.contains([',', '.'])
        && [" said", " says", " told ", " asked"].iter().any(|verb| paragraph.contains(verb))
}

/// An address of somebody on a network, alone on its line.
fn is_handle(line: &str) -> bool {
    let handle = line.strip_prefix('@').unwrap_or_default();
    (!handle.is_empty() && !handle.contains(' ') && handle.len() <= 30)
        || (!line.contains(' ')
            && (line.starts_with("http://")
                || line.starts_with("https://")
                || line.starts_with("pic.twitter.com/")))
}

/// Where to write to the writer: `Contact Jo Lee at 555-1234 or jlee@daily.example`, or the address
/// alone.
fn is_contact(line: &str) -> bool {
    const LEADS: [&str; 9] = [
        "contact ",
        "email ",
        "e-mail ",
        "reach ",
        "write to ",
        "follow ",
        "tel",
        "phone",
        "send ",
    ];
    let is_address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    let begins = || {
        LEADS.iter().any(|lead| {
            line.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
        })
    };
    line.len() <= 200
        && line.contains('@')
        && (!longer_than(line, 2) || begins())
        && line.split(' ').any(is_address)
}

/// `16505 SHARES`, `12 comments`, `3 min read`.
fn is_counter(line: &str) -> bool {
    let begins_with_digit = line.starts_with(|c: char| c.is_ascii_digit());
    if begins_with_digit
        && line.len() <= 120
        && (line.contains(" SHARES ") || line.ends_with(" SHARES"))
    {
        return true;
    }
    if line.len() > 40 || !line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let rest = line
        .trim_start_matches(|c: char| c.is_ascii_digit() || ",.kKmM ".contains(c))
        .to_ascii_lowercase();
    matches!(
        rest.as_str(),
        "shares"
            | "share"
            | "comments"
            | "comment"
            | "views"
            | "likes"
            | "hares"
            | "in read"
            | "inute read"
            | "inutes read"
    ) || ["min read", "minute read", "minutes read"]
        .iter()
        .any(|words| line.to_ascii_lowercase().ends_with(words))
}

/// The text behind a label that scraping joined to it (`Story highlights Bush will …`).
pub(super) fn without_label(paragraph: &str) -> Option<&str> {
    const LABELS: [&str; 6] = [
        "Story highlights ",
        "STORY HIGHLIGHTS ",
        "Highlights: ",
        "Key points: ",
        "Summary: ",
        "Advertisement ",
    ];
    let rest = LABELS.iter().find_map(|label| paragraph.strip_prefix(label))?.trim();
    (rest.len() > 20).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::is_boilerplate;

    #[test]
    fn lines_of_sites_are_told_from_lines_of_articles() {
        for line in [
            "Become a fan on Facebook",
            "SHARE THIS STORY",
            "Read More",
            "» Related:",
            "Follow @newshound",
            "Related: Ministers end talks on steel",
            "Copyright 2013 The Daily. All rights reserved.",
            "© 2013 The Daily",
            "Click here to subscribe to our newsletter.",
            "16505 SHARES",
            "* * *",
            "Story Continued Below",
            "Authors:",
            "__",
            "Posted: 03/04/2013 05:12:45 PM MST",
            "Contact Jo Lee at 555-1234 or jlee@daily.example.",
            "jlee@daily.example",
        ] {
            assert!(is_boilerplate(line), "{line}");
        }
        for line in [
            "Share prices fell by a third on Monday.",
            "Related parties must report their loans, the court found.",
            "Advertisement sales rose to $3m.",
            "Follow the money, he said.",
            "Print is dead.",
            "Contact was lost at noon.",
            "“Click here to vote” was all it said, Mr Lee told the court, and many did.",
        ] {
            assert!(!is_boilerplate(line), "{line}");
        }
    }
}
