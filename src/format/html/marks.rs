//! What class names and ids of elements tell: captions, authors, dates, and what is no article.
//!
//! Sites agree on no markup, but they name things alike. Names are taken as words: `articleCaption-x2`
//! is ` article caption x2 `. A mark with a space in front must begin a word, one with a space behind
//! must end one.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use dom_query::NodeRef;

/// Groups of marks that an element bears, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(u16);

/// Words of class names and ids that tell captions and credits.
const CAPTION: &[&str] = &[
    "caption",
    " credit ",
    " credits ",
    " photographer",
    " image source",
    " imagesource",
    " image credit",
    " photo credit",
    " photocredit",
    " imagecredit",
    " photo info",
    " image info",
    " legend ",
];

/// Words of class names and ids that tell the summary under the headline.
const STANDFIRST: &[&str] = &[
    " standfirst",
    " dek ",
    " deck ",
    " subheadline",
    " sub headline ",
    " subhead ",
    " subtitle ",
    " sub title ",
    " article summary ",
    " article dek ",
    " article subtitle ",
    " strapline ",
    " lede ",
    " kicker text ",
    " chapo ",
    " intro ",
    " vorspann ",
    " bajada ",
    " sumario ",
    " entradilla ",
    " article description ",
];

/// Words of class names and ids that tell what stands beside an article.
const BESIDE: &[&str] = &[
    " share",
    " sharing",
    " social",
    " related",
    "newsletter",
    " subscribe ",
    " subscription",
    " signup",
    " sign up ",
    " promo ",
    " promo",
    " recommend",
    " read more ",
    " readmore",
    " read next ",
    " readnext",
    " most read ",
    " mostread",
    " most popular ",
    " popular ",
    " trending",
    "breadcrumb",
    " comments ",
    " comment ",
    " disqus",
    " author bio",
    " authorbio",
    " author box",
    " author info",
    " about author",
    " about the author",
    " bio ",
    " advert",
    " ad slot",
    " ad ",
    " ads ",
    " sponsor",
    " outbrain",
    " taboola",
    " cookie",
    " pagination",
    " pager ",
    " tag list",
    " taglist",
    " post tags",
    " entry tags",
    " article tags",
    " tags ",
    " toolbar",
    " tools ",
    " donat",
    " widget",
    " menu ",
    " navbar",
    " nav ",
    " byline",
    " timestamp",
    " pullquote",
    " pull quote",
    " more on ",
    " more from ",
    " morefrom",
    " see also ",
    " inline recirc",
    " recirc",
    " skip link",
    " copyright",
    " print only",
    " visually hidden",
    " sr only ",
    " screen reader",
    " post meta ",
    " entry meta ",
    " article meta ",
    " metadata ",
    " disclaimer",
    " correction policy",
    " support ",
    " fundrais",
    " membership",
    " paywall message",
    " email capture",
    " cta ",
    " call to action",
    " onward",
    " teaser",
    " jump link",
    " you may ",
    " also like",
    " up next",
    " upnext",
    " next article",
    " article list ",
    " video playlist",
    " playlist",
    " carousel",
    " slideshow nav",
    " affiliate",
    " shop ",
    " product card",
    " app download",
];

/// Words that tell an author's name.
const AUTHOR: &[&str] = &[" byline", " author"];

/// Words of elements that are named after the author, but hold something else.
const NOT_AUTHOR: &[&str] = &[
    " bio",
    " avatar",
    " image",
    " img",
    " photo",
    " about",
    " box",
    " social",
    " title",
    "authority",
    " authorization",
    " more ",
    " list",
    " link ",
    " follow",
    " description",
    " role",
    " job",
];

/// Words that tell a date.
const DATE: &[&str] = &[
    " date ",
    "date ",
    " publish",
    " posted",
    " timestamp",
    " time stamp",
    " pubdate",
    " dateline ",
];

/// Words that tell another date than that of publication.
const NOT_DATE: &[&str] = &["update", " modified", " comment", "candidate"];

/// Words that tell the date of publication.
const PUBLISHED: &[&str] = &[" publish", " posted", " entry date"];

const GROUPS: [(Marks, &[&str]); 8] = [
    (Marks::CAPTION, CAPTION),
    (Marks::STANDFIRST, STANDFIRST),
    (Marks::BESIDE, BESIDE),
    (Marks::AUTHOR, AUTHOR),
    (Marks::NOT_AUTHOR, NOT_AUTHOR),
    (Marks::DATE, DATE),
    (Marks::NOT_DATE, NOT_DATE),
    (Marks::PUBLISHED, PUBLISHED),
];

struct Words {
    automaton: AhoCorasick,
    /// The group of each pattern.
    groups: Vec<Marks>,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let (patterns, groups): (Vec<&str>, Vec<Marks>) = GROUPS
        .iter()
        .flat_map(|(group, words)| words.iter().map(move |word| (*word, *group)))
        .unzip();
    let automaton =
        AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok()?;
    Some(Words { automaton, groups })
});

impl Marks {
    pub(super) const CAPTION: Self = Self(1);
    pub(super) const STANDFIRST: Self = Self(1 << 1);
    pub(super) const BESIDE: Self = Self(1 << 2);
    pub(super) const AUTHOR: Self = Self(1 << 3);
    pub(super) const NOT_AUTHOR: Self = Self(1 << 4);
    pub(super) const DATE: Self = Self(1 << 5);
    pub(super) const NOT_DATE: Self = Self(1 << 6);
    pub(super) const PUBLISHED: Self = Self(1 << 7);

    /// The marks of an element.
    pub(super) fn of(node: &NodeRef<'_>) -> Self {
        let words = words_of(node);
        match &*WORDS {
            Some(known) if !words.is_empty() => known
                .automaton
                .find_overlapping_iter(&words)
                .filter_map(|found| known.groups.get(found.pattern().as_usize()))
                .fold(Self::default(), |all, group| Self(all.0 | group.0)),
            _ => Self::default(),
        }
    }

    /// Whether the element bears a mark of this group.
    pub(super) fn has(self, group: Self) -> bool {
        self.0 & group.0 != 0
    }
}

/// The words of class and id, in lower case, a space before and behind each.
fn words_of(node: &NodeRef<'_>) -> String {
    let mut words = String::new();
    for value in [node.class(), node.id_attr()].into_iter().flatten() {
        words.push(' ');
        let mut after_small = false;
        for c in value.chars() {
            let begins = !c.is_alphanumeric() || (after_small && c.is_uppercase());
            if begins && !words.ends_with(' ') {
                words.push(' ');
            }
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase());
            }
            after_small = c.is_lowercase();
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words
}
