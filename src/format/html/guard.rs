//! Protection against markup that costs a parser more than linear time or memory.
//!
//! The HTML standard makes a parser look through all open elements at many tags, and copy every
//! unclosed formatting element into each paragraph that follows: a few hundred kilobytes of
//! `<div>` or `<font>` take minutes.

use crate::text::{normalise, one_line};

/// The deepest nesting that is given to the parser. Browsers stop at 512.
const DEEPEST: usize = 512;

/// The most elements that unclosed formatting may be copied into.
const MOST_COPIES: usize = 200_000;

/// The longest page that is given to the parser, in bytes.
const LONGEST: usize = 32 << 20;

/// The most attributes of one tag, counted where a tag is longer than usual.
const MOST_ATTRIBUTES: usize = 1000;
const LONG_TAG: usize = 4000;

/// Elements that have no end tag, or that the next of their kind ends.
const SELF_ENDING: [&str; 32] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "td", "th", "tr", "dd", "dt", "option", "optgroup",
    "tbody", "thead", "tfoot", "html", "head", "body", "frame", "path", "basefont",
];

const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
    "u",
];

/// Whether a parser should not be given this markup.
pub(super) fn is_hostile(markup: &str) -> bool {
    if markup.len() > LONGEST {
        return true;
    }
    let (mut depth, mut open_formatting, mut copies) = (0_usize, 0_usize, 0_usize);
    for tag in tags(markup) {
        let name = tag.name;
        // A parser compares each attribute with all before it.
        if tag.close - tag.start > LONG_TAG
            && attributes(markup.get(tag.start..tag.close)) > MOST_ATTRIBUTES
        {
            return true;
        }
        if is_one_of(name, &SELF_ENDING) {
            if !tag.is_end {
                copies += open_formatting;
            }
        } else if is_one_of(name, &FORMATTING) {
            open_formatting = if tag.is_end {
                open_formatting.saturating_sub(1)
            } else {
                open_formatting + 1
            };
        } else if tag.is_end {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            copies += open_formatting;
        }
        if depth + open_formatting > DEEPEST || copies > MOST_COPIES {
            return true;
        }
    }
    false
}

/// Attributes of a tag: what white space outside quotation marks sets apart.
fn attributes(tag: Option<&str>) -> usize {
    let mut quote = None;
    let mut count = 0;
    let mut after_space = false;
    for byte in tag.unwrap_or_default().bytes() {
        match quote {
            Some(open) if open == byte => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {
                let is_space = byte.is_ascii_whitespace();
                count += usize::from(after_space && !is_space);
                after_space = is_space;
            }
        }
    }
    count
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

struct Tag<'a> {
    name: &'a str,
    is_end: bool,
    start: usize,
    /// Behind its `>`.
    close: usize,
    /// Behind what belongs to it: for a script, its end tag.
    end: usize,
}

/// The tags of `markup`, without what stands inside comments, scripts and styles.
fn tags(markup: &str) -> impl Iterator<Item = Tag<'_>> {
    let bytes = markup.as_bytes();
    let mut at = 0;
    let mut comments_end = true;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'<', bytes.get(at..)?)?;
            let rest = markup.get(start..)?;
            if rest.starts_with("<!--") {
                at = start + 4;
                if comments_end {
                    match memchr::memmem::find(bytes.get(at..)?, b"-->") {
                        Some(found) => at += found + 3,
                        // Not looked for again: a page of nothing but openings is long.
                        None => comments_end = false,
                    }
                }
                continue;
            }
            let is_end = rest.starts_with("</");
            let name_start = start + 1 + usize::from(is_end);
            let name_length = bytes
                .get(name_start..)?
                .iter()
                .position(|b| !b.is_ascii_alphanumeric())
                .unwrap_or(bytes.len() - name_start);
            at = name_start + name_length;
            if name_length == 0 {
                continue;
            }
            let name = markup.get(name_start..at)?;
            // Up to the end of the tag, over quoted attributes; a tag without end is the rest.
            let end = tag_end(bytes, at);
            at = end;
            if !is_end && is_one_of(name, &["script", "style"]) {
                at = skip_raw(markup, at, name);
                return Some(Tag { name: "br", is_end: false, start, close: end, end: at });
            }
            // `<br/>` of XHTML, also for elements that HTML would keep open (`<svg:path/>`).
            if !is_end && bytes.get(end.saturating_sub(2)) == Some(&b'/') {
                return Some(Tag { name: "br", is_end: false, start, close: end, end });
            }
            return Some(Tag { name, is_end, start, close: end, end });
        }
    })
}

fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    for (offset, &byte) in bytes.get(from..).unwrap_or_default().iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return from + offset + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            // A quote that never ends would swallow the page.
            (Some(_), b'<') if offset > 2000 => return from + offset,
            _ => {}
        }
    }
    bytes.len()
}

/// The end of a script or style element that begins at `from`.
fn skip_raw(markup: &str, from: usize, name: &str) -> usize {
    let bytes = markup.as_bytes();
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"</")) {
        let after = at + found + 2;
        let is_end = bytes
            .get(after..after + name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
        if is_end {
            return tag_end(bytes, after + name.len());
        }
        at = after;
    }
    bytes.len()
}

/// Title and paragraphs of markup whose tags are only taken away.
pub(super) fn strip_tags(markup: &str) -> (String, Vec<String>) {
    let mut title = String::new();
    let mut paragraphs = Vec::new();
    let mut paragraph = String::new();
    let mut in_title = false;
    let mut copied = 0;
    let mut close = |paragraph: &mut String, in_title: bool| {
        let text = one_line(&normalise(paragraph));
        paragraph.clear();
        if in_title && title.is_empty() {
            title = text;
        } else if !text.is_empty() {
            paragraphs.push(text);
        }
    };
    for tag in tags(markup) {
        push_decoded(&mut paragraph, markup.get(copied..tag.start).unwrap_or_default());
        copied = tag.end;
        if is_one_of(tag.name, &FORMATTING) || is_one_of(tag.name, &["span"]) {
            continue;
        }
        close(&mut paragraph, in_title);
        in_title = tag.name.eq_ignore_ascii_case("title") && !tag.is_end;
    }
    push_decoded(&mut paragraph, markup.get(copied..).unwrap_or_default());
    close(&mut paragraph, in_title);
    (title, paragraphs)
}

fn push_decoded(text: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let known = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("nbsp;", ' ')];
        if let Some((entity, c)) = known.iter().find(|(entity, _)| after.starts_with(entity)) {
            text.push(*c);
            rest = after.get(entity.len()..).unwrap_or_default();
        } else {
            text.push('&');
            rest = after;
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_markup_beyond_reason_is_hostile() {
        let page = "<html><body><div>".to_owned() + &"<p><b>text</b> more<br>".repeat(5000);
        assert!(!is_hostile(&page));
        assert!(is_hostile(&"<div>".repeat(100_000)));
        assert!(is_hostile(&("<font size=1>".repeat(400) + &"<p>x".repeat(100_000))));
        let data = format!("<div data-x=\"{}\"><p>text", "{ 'a': 1 } ".repeat(5000));
        assert!(!is_hostile(&data));
        let attributes: Vec<String> = (0..5000).map(|i| format!("a{i}=1 ")).collect();
        let attributes = attributes.concat();
        assert!(is_hostile(&format!("<p {attributes}>")));
        let script = format!("<script>{}</script>", "var a = 1; ".repeat(5000));
        assert!(!is_hostile(&script));
        assert!(!is_hostile(&"<script>\"<div>\"</script>".repeat(10_000)));
    }

    #[test]
    fn stripping_keeps_title_and_text() {
        let markup = "<title>Talks &amp; more</title><div><p>The <b>talks</b> ended.<p>More<script>x</script>";
        let (title, paragraphs) = strip_tags(markup);
        assert_eq!(title, "Talks & more");
        assert_eq!(paragraphs, ["The talks ended.", "More"]);
    }
}
