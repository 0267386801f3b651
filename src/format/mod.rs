//! Bytes to articles. Each format is a file of this folder and a row of [`FORMATS`].
//!
//! A format hands over what the file itself says; what all formats leave out alike (language,
//! dateline, lines that are no article text) is the job of `enrich`. This module knows nothing of
//! files, entities or the index.

mod binary;
mod extract;
mod html;
mod markdown;
mod plain;
mod trec;

pub use extract::extract_line;

use crate::article::Article;
use crate::text::{Decoded, decode};

/// What is known of some bytes before they are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// Name of the file: its extension, and the date that may stand in it.
    pub name: &'a str,
    /// Media type, where a container or a server stated it.
    pub media_type: Option<&'a str>,
    /// Character encoding, where a container or a server stated it.
    pub charset: Option<&'a str>,
    /// Address on the web, where a container stated it.
    pub url: Option<&'a str>,
}

/// The articles of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Name of the format.
    pub format: &'static str,
    /// Version of its reader: a file read by an older one is worth reading again.
    pub version: u32,
    /// Name of the character encoding.
    pub encoding: &'static str,
    /// The articles, in the order of the file. They are not enriched yet.
    pub articles: Vec<Article>,
    /// What was wrong with the file as a whole, in words for a person.
    pub problems: Vec<String>,
}

/// Why bytes gave no article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// No bytes, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// A kind of file that holds no articles, or none that can be read.
    #[error("{0}, not an article")]
    OtherKind(&'static str),
    /// Bytes that are no text.
    #[error("binary content, not text")]
    Binary,
    /// A format that was recognised, without an article in it.
    #[error("no article text found ({format})")]
    NoText {
        /// Name of the format.
        format: &'static str,
    },
}

impl NotRead {
    /// Whether the file is merely none of ours (a picture), rather than one that should have been
    /// read (an empty text).
    #[must_use]
    pub fn is_other_kind(&self) -> bool {
        matches!(self, Self::OtherKind(_))
    }
}

/// A format that articles are read from.
pub struct Format {
    /// Its name, as shown to the user.
    pub name: &'static str,
    /// Version of its reader.
    pub version: u32,
    /// Extensions of its files, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// How sure the first bytes make it; the surest format reads the file.
    sniff: fn(&Sample<'_>) -> Fit,
    read: fn(&Source<'_>) -> Vec<Article>,
}

/// The formats. Where two are equally sure of a file, the earlier one reads it.
pub const FORMATS: &[Format] = &[html::FORMAT, trec::FORMAT, markdown::FORMAT, plain::FORMAT];

/// How well bytes fit a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Another format's.
    No,
    /// Readable, for want of anything better.
    Fallback,
    /// The extension or the media type says so.
    ByName,
    /// The content says so.
    Certain,
}

/// The beginning of a file.
struct Sample<'a> {
    /// Its first bytes as text, without white space before them.
    start: &'a str,
    /// Extension in lower case.
    extension: &'a str,
    media_type: &'a str,
}

/// A decoded file and what is known of it.
struct Source<'a> {
    text: &'a str,
    hints: Hints<'a>,
}

/// Bytes of a file that decide on its format.
const SAMPLE_LENGTH: usize = 2048;

/// Reads the articles out of `bytes`.
///
/// # Errors
/// Where there is no article in them, with the reason.
pub fn read(bytes: &[u8], hints: &Hints<'_>) -> Result<Reading, NotRead> {
    if bytes.trim_ascii().is_empty() {
        return Err(NotRead::Empty);
    }
    if let Some(kind) = binary::recognise(bytes) {
        return Err(NotRead::OtherKind(kind));
    }
    let Decoded { text, encoding, problems } = decode(bytes, hints.charset);
    if binary::is_no_text(&text) {
        return Err(NotRead::Binary);
    }
    let format = recognise(&text, hints);
    if format.name == plain::FORMAT.name
        && let Some(kind) = binary::data_kind(&text)
    {
        return Err(NotRead::OtherKind(kind));
    }
    let articles = (format.read)(&Source { text: &text, hints: *hints });
    if articles.is_empty() {
        return Err(NotRead::NoText { format: format.name });
    }
    Ok(Reading { format: format.name, version: format.version, encoding, articles, problems })
}

fn recognise(text: &str, hints: &Hints<'_>) -> &'static Format {
    let trimmed = text.trim_start();
    let end = (SAMPLE_LENGTH..trimmed.len()).find(|&at| trimmed.is_char_boundary(at));
    let start = end.and_then(|end| trimmed.get(..end)).unwrap_or(trimmed);
    let file_name = hints.name.rsplit('/').next().unwrap_or_default();
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    let media_type = hints.media_type.unwrap_or_default().to_ascii_lowercase();
    let sample = Sample { start, extension: &extension, media_type: &media_type };
    let mut surest = &plain::FORMAT;
    let mut best = Fit::No;
    for format in FORMATS {
        let fit = (format.sniff)(&sample);
        if fit > best {
            (surest, best) = (format, fit);
        }
    }
    surest
}

impl Sample<'_> {
    /// [`Fit::ByName`] where extension or media type are the format's, else `otherwise`.
    fn by_name(&self, extensions: &[&str], media_types: &[&str], otherwise: Fit) -> Fit {
        let named = extensions.contains(&self.extension)
            || media_types.iter().any(|media_type| self.media_type.starts_with(media_type));
        if named { Fit::ByName } else { otherwise }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], name: &str, expected: Result<&str, NotRead>) {
        let reading = read(bytes, &Hints { name, ..Hints::default() });
        assert_eq!(reading.map(|reading| reading.format), expected, "{name}");
    }

    #[test]
    fn content_counts_more_than_the_name() {
        let page =
            b"<!DOCTYPE html><html><body><h1>Talks end</h1><p>The talks ended on Monday.</p>";
        check(page, "talks.txt", Ok("html"));
        check(b"Talks end\n\nThe talks ended on Monday.", "talks", Ok("plain"));
        check(b"Talks end\n\nThe talks ended on Monday.", "talks.html", Ok("html"));
        check(b"---\ntitle: Talks end\n---\nThe talks ended.", "talks.txt", Ok("markdown"));
    }

    #[test]
    fn what_is_no_article_says_why() {
        check(b"", "a.txt", Err(NotRead::Empty));
        check(b" \r\n\t ", "a.txt", Err(NotRead::Empty));
        check(b"\x89PNG\r\n\x1a\n....", "a.txt", Err(NotRead::OtherKind("PNG picture")));
        check(&[0, 1, 2, 3, 200, 7, 0, 9].repeat(40), "a.txt", Err(NotRead::Binary));
        check(b"<html><body></body></html>", "a.html", Err(NotRead::NoText { format: "html" }));
        let alto = b"<?xml version=\"1.0\"?>\n<alto><String CONTENT=\"Talks\"/></alto>";
        check(alto, "a.xml", Err(NotRead::OtherKind("XML data")));
        check(b"{\"headline\": \"Talks end\"}", "a.json", Err(NotRead::OtherKind("JSON data")));
        check(b"[AP] Talks ended.\n\nNo result.", "a.txt", Ok("plain"));
    }
}
