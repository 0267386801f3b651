//! Plain text: one article per file, the headline on top.
//!
//! Paragraphs come in three layouts: a blank line between them, one to a line, or as typewriters and
//! wires do it, wrapped lines with the first of each paragraph indented.

use super::{Fit, Format, Sample, Source};
use crate::article::Article;
use crate::date::{self, DayOrder};
use crate::text::{normalise, one_line};

pub(super) const FORMAT: Format =
    Format { name: "plain", version: 3, extensions: &["txt", "text", "asc"], sniff, read };

/// The longest headline, in characters.
const LONGEST_HEADLINE: usize = 220;

fn sniff(sample: &Sample<'_>) -> Fit {
    sample.by_name(FORMAT.extensions, &["text/plain"], Fit::Fallback)
}

fn read(source: &Source<'_>) -> Vec<Article> {
    let text = normalise(source.text);
    let mut article = Article::default();
    let text = take_header(&mut article, &text);
    let text = take_slug(&mut article, text);
    let mut paragraphs = paragraphs(text);
    if article.title.is_empty() {
        // `The Daily, 12 February 2013` may stand above the headline.
        let at = usize::from(paragraphs.first().is_some_and(|first| is_date_line(first)));
        let has_more = paragraphs.len() > at + 1;
        if has_more && paragraphs.get(at).is_some_and(|line| is_headline(line)) {
            article.title = paragraphs.remove(at);
        }
    }
    article.body = paragraphs.join("\n\n");
    if article.title.is_empty() && article.body.is_empty() { Vec::new() } else { vec![article] }
}

/// Takes lines such as `Title: …` and `Date: …` off the top, where a text begins with its title so.
fn take_header<'a>(article: &mut Article, text: &'a str) -> &'a str {
    let text = text.trim_start();
    let begins = ["Title:", "TITLE:", "Headline:", "HEADLINE:"];
    if !begins.iter().any(|field| text.starts_with(field)) {
        return text;
    }
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        let Some((key, value)) = line.split_once(':') else { break };
        let value = one_line(value);
        let known = (!value.is_empty()).then(|| value.clone());
        match key.trim().to_ascii_lowercase().as_str() {
            "title" | "headline" => article.title = value,
            "author" | "authors" | "byline" => article.byline.extend(known),
            "date" | "published" => article.date = date::parse(&value, DayOrder::Unknown),
            "source" | "publication" | "newspaper" => article.source = known,
            "section" => article.section = known,
            "url" | "link" => article.url = known,
            "page" => article.page = known,
            "edition" => article.edition = known,
            _ => break,
        }
        rest = after;
    }
    rest
}

/// Takes a wire's lines above the headline off the top: its number (`ZCZC A0417`) and its slug
/// (`BC-KOREA-TALKS (2nd lead)`), where a headline follows.
fn take_slug<'a>(article: &mut Article, text: &'a str) -> &'a str {
    let mut rest = text.trim_start();
    while let Some((line, after)) = rest.split_once('\n') {
        let goes_on = !after.trim_start().is_empty();
        if !goes_on || !(is_wire_line(line) || is_slug(line, after)) {
            break;
        }
        article.boilerplate.push(one_line(line));
        rest = after.trim_start();
    }
    rest
}

/// A line of a wire's own: the start of transmission, or a slug by its cycle.
fn is_wire_line(line: &str) -> bool {
    const LONGEST: usize = 60;
    let cycles = ["BC-", "AM-", "PM-"];
    line.len() <= LONGEST
        && (line.starts_with("ZCZC")
            || line.split(' ').any(|word| cycles.iter().any(|cycle| word.starts_with(cycle))))
}

/// A slug without a cycle: one compound in capitals, with at most a word beside it, right above
/// the headline.
fn is_slug(line: &str, after: &str) -> bool {
    let line = line.trim();
    let (slug, beside) = line.split_once(' ').unwrap_or((line, ""));
    slug.len() > 4
        && slug.contains('-')
        && slug.starts_with(|c: char| c.is_ascii_uppercase())
        && slug
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "-&/".contains(c))
        && (beside.is_empty() || beside.starts_with('('))
        && after.lines().next().is_some_and(|next| !next.trim().is_empty())
}

/// A short line with a date and little else.
fn is_date_line(line: &str) -> bool {
    const LONGEST: usize = 80;
    const LONGEST_BESIDE: usize = 40;
    line.len() <= LONGEST
        && date::find(line, DayOrder::Unknown)
            .is_some_and(|(_, span)| line.len() - span.len() <= LONGEST_BESIDE)
}

/// A line with a date and at most a weekday or a word such as `Published` beside it, that is not
/// the end of a sentence.
fn is_date_alone(line: &str) -> bool {
    const LONGEST_BESIDE: usize = 12;
    !line.ends_with('.')
        && !line.starts_with(char::is_lowercase)
        && date::find(line, DayOrder::Unknown)
            .is_some_and(|(_, span)| line.len() - span.len() <= LONGEST_BESIDE)
}

/// Whether the first paragraph is a headline: short, and no sentence of running text.
fn is_headline(paragraph: &str) -> bool {
    let length = paragraph.chars().count();
    if length > LONGEST_HEADLINE {
        return false;
    }
    let ends_as_sentence = paragraph.ends_with('.')
        && !paragraph.ends_with("...")
        && paragraph.split(' ').next_back().is_none_or(|word| word.matches('.').count() < 2);
    // A short line with a full stop is a headline of some papers; a long one is the text itself.
    !ends_as_sentence || length <= 120
}

/// A line and how it is set.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    indented: bool,
}

/// The paragraphs of a text, each on one line.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let layout = Layout::of(text);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    let mut is_top = true;
    let mut previous_length = 0;
    let mut after_date = false;
    let mut lines = lines(text).peekable();
    while let Some(line) = lines.next() {
        if line.text.is_empty() {
            open = false;
            is_top &= paragraphs.is_empty();
            continue;
        }
        let is_last_of_block = lines.peek().is_none_or(|next| next.text.is_empty());
        // A date under the headline belongs to neither the headline nor the text, however the
        // lines are wrapped.
        let is_date = is_top && open && paragraphs.len() == 1 && is_date_alone(line.text);
        let stands_alone = is_date || after_date;
        after_date = is_date;
        let begins = match layout {
            _ if stands_alone => true,
            Layout::OnePerLine => true,
            Layout::Indented => line.indented,
            Layout::Wrapped { width } => {
                let above = paragraphs.last().filter(|_| is_top && open);
                ends_early(previous_length, width)
                    && above.is_some_and(|above| {
                        paragraphs.len() > 1
                            || !continues_headline(above, line.text, is_last_of_block)
                    })
            }
        };
        match paragraphs.last_mut() {
            Some(last) if open && !begins => join_line(last, line.text),
            _ => paragraphs.push(squeezed(line.text)),
        }
        open = true;
        previous_length = line.text.len();
    }
    paragraphs
}

/// Whether the second line of a text is the rest of its headline: it goes on in lower case, or is
/// set like the first and ends the block, and is neither byline nor date.
fn continues_headline(headline: &str, line: &str, is_last_of_block: bool) -> bool {
    if ends_sentence(headline) {
        return false;
    }
    if line.starts_with(char::is_lowercase) {
        return !line.starts_with("by ");
    }
    let is_byline = ["By ", "BY ", "From ", "Posted ", "Published "]
        .iter()
        .any(|lead| line.starts_with(lead));
    let alike = headline.len() >= 20 && line.len() <= 60 && line.len() <= headline.len() + 15;
    is_last_of_block
        && alike
        && !is_byline
        && !ends_sentence(line)
        && !line.contains(|c: char| c.is_ascii_digit())
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.split('\n').map(|line| {
        let trimmed = line.trim();
        Line { text: trimmed, indented: line.starts_with(' ') }
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    OnePerLine,
    /// Wrapped lines; a paragraph begins with an indented one.
    Indented,
    /// Wrapped lines at most so many bytes long; a blank line between paragraphs.
    Wrapped {
        width: usize,
    },
}

impl Layout {
    /// Lines that are wrapped are many, alike in length and no longer than a page is wide.
    fn of(text: &str) -> Self {
        const WIDEST: usize = 120;
        const SAMPLE: usize = 200;
        let (mut lines_seen, mut indented, mut long, mut longest) = (0_usize, 0_usize, 0, 0);
        let (mut followed, mut followed_unended) = (0_usize, 0_usize);
        let mut previous: Option<&str> = None;
        for line in lines(text).take(SAMPLE) {
            if line.text.is_empty() {
                previous = None;
                continue;
            }
            lines_seen += 1;
            indented += usize::from(line.indented);
            long += usize::from(line.text.len() > WIDEST);
            longest = longest.max(line.text.len());
            // What follows the headline tells nothing.
            if let Some(above) = previous.filter(|_| lines_seen > 2) {
                followed += 1;
                followed_unended += usize::from(!ends_sentence(above));
            }
            previous = Some(line.text);
        }
        // Nearly nothing follows directly: the blank lines say it all.
        if followed == 0 || long * 4 > lines_seen {
            return Self::OnePerLine;
        }
        // Where lines follow each other directly, broken sentences show that they were wrapped.
        let wrapped = long * 20 <= lines_seen && followed_unended * 10 >= followed * 4;
        if !wrapped {
            return Self::OnePerLine;
        }
        if indented >= 2 && indented * 10 <= lines_seen * 8 {
            return Self::Indented;
        }
        Self::Wrapped { width: longest }
    }
}

/// Whether a line stopped well before the margin: the one below begins something new.
fn ends_early(length: usize, width: usize) -> bool {
    length > 0 && length * 10 < width * 7
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '”', '’', ')', '»'])
        .ends_with(['.', '!', '?', ':', '。', '！', '？', '…'])
}

/// Adds a wrapped line; a word that was broken at the margin is made whole again.
fn join_line(paragraph: &mut String, line: &str) {
    let broken = paragraph
        .strip_suffix('-')
        .is_some_and(|before| before.ends_with(char::is_lowercase) && !before.ends_with(' '))
        && line.starts_with(char::is_lowercase);
    let cjk = paragraph.chars().next_back().is_some_and(is_unspaced)
        && line.chars().next().is_some_and(is_unspaced);
    // `long-` / `term` stays a compound: whether the hyphen was there before cannot be told.
    if !broken && !cjk {
        paragraph.push(' ');
    }
    push_squeezed(paragraph, line);
}

/// Scripts that are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FF60}')
}

fn squeezed(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    push_squeezed(&mut text, line);
    text
}

fn push_squeezed(paragraph: &mut String, line: &str) {
    if memchr::memmem::find(line.as_bytes(), b"  ").is_some() {
        paragraph.push_str(&one_line(line));
    } else {
        paragraph.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Hints;
    use super::*;

    fn check(text: &str, title: &str, body: &[&str]) {
        let articles = read(&Source { text, hints: Hints::default() });
        assert_eq!(
            (articles[0].title.as_str(), articles[0].body.as_str()),
            (title, &*body.join("\n\n"))
        );
    }

    #[test]
    fn a_wires_own_lines_are_no_headline() {
        check(
            "ZCZC A0417\nBC-KOREA-TALKS (2nd lead)\nTalks end in Seoul\n\nThe talks ended.\n",
            "Talks end in Seoul",
            &["The talks ended."],
        );
        check("KOREA-TALKS\nTalks end\n\nThey ended.\n", "Talks end", &["They ended."]);
        check("UN-BACKED TALKS END\n\nThey ended.\n", "UN-BACKED TALKS END", &["They ended."]);
    }

    #[test]
    fn paragraphs_of_every_layout_are_joined() {
        let blank = "Talks end\n\nThe talks ended on Monday\nwithout a result that\nanybody wanted.\n\nMore are planned.";
        let lead = "The talks ended on Monday without a result that anybody wanted.";
        check(blank, "Talks end", &[lead, "More are planned."]);
        let per_line = "Talks end\nThe talks ended on Monday without a result that anybody wanted.\nMore are planned.\n";
        check(per_line, "Talks end", &[lead, "More are planned."]);
        let typewriter = "TALKS END\n    The talks ended on Monday without\na result that anybody wanted.\n    More are planned by the ministers\nof both countries.\n    None knows when they\nwill be held.";
        check(
            typewriter,
            "TALKS END",
            &[
                lead,
                "More are planned by the ministers of both countries.",
                "None knows when they will be held.",
            ],
        );
    }

    #[test]
    fn a_wrapped_headline_is_one_and_a_text_without_headline_has_none() {
        check(
            "Ministers end a long week of talks in Geneva about\nsteel\n\nThe talks ended on Monday without a result\nthat anybody had wanted before the meeting.\n\nMore.",
            "Ministers end a long week of talks in Geneva about steel",
            &[
                "The talks ended on Monday without a result that anybody had wanted before the meeting.",
                "More.",
            ],
        );
        check(
            "Ministers end a long week of talks in Geneva about\nMarch 13, 1987\nThe talks ended on Monday without a result\nthat anybody had wanted before the meeting.\n\nMore.",
            "Ministers end a long week of talks in Geneva about",
            &[
                "March 13, 1987",
                "The talks ended on Monday without a result that anybody had wanted before the meeting.",
                "More.",
            ],
        );
        check(
            "Ministers end a long week of talks in Geneva and Paris\nand meet on March 13, 1987 in Oslo for another\nlong week of talks on steel, which they had feared.\n\nMore.",
            "",
            &[
                "Ministers end a long week of talks in Geneva and Paris and meet on March 13, 1987 in Oslo for another long week of talks on steel, which they had feared.",
                "More.",
            ],
        );
        let only = "The talks ended on Monday without a result that anybody wanted, and more are planned by the ministers of both countries, who had met for the first time since the war.";
        check(&format!("{only}\n\nMore."), "", &[only, "More."]);
        check("One line alone.", "", &["One line alone."]);
    }
}
