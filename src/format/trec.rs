//! Collections of the Text `REtrieval` Conference: `<DOC>` elements with `<DOCNO>`, one after the
//! other, in an SGML that closes not everything and escapes little.

use super::{Fit, Format, Sample, Source, plain};
use crate::article::Article;
use crate::date::{self, DayOrder};
use crate::text::{normalise, one_line};

pub(super) const FORMAT: Format =
    Format { name: "trec", version: 1, extensions: &["trec", "sgml"], sniff, read };

fn sniff(sample: &Sample<'_>) -> Fit {
    let start = sample.start;
    let is_trec = start.starts_with("<DOC>") && start.contains("<DOCNO>");
    if is_trec { Fit::Certain } else { Fit::No }
}

fn read(source: &Source<'_>) -> Vec<Article> {
    let text = normalise(source.text);
    text.split("<DOC>")
        .skip(1)
        .map(|document| document.split("</DOC>").next().unwrap_or(document))
        .filter_map(article)
        .collect()
}

fn article(document: &str) -> Option<Article> {
    let mut article = Article { item: field(document, &["DOCNO"]), ..Article::default() };
    article.title =
        field(document, &["HEADLINE", "HL", "HEAD", "TITLE", "TI", "H3"]).unwrap_or_default();
    article.byline = field(document, &["BYLINE", "AUTHOR"]).into_iter().collect();
    article.source = field(document, &["SOURCE", "SO", "PUB"]);
    article.section = field(document, &["SECTION"]);
    article.page = field(document, &["PAGE"]);
    let date = field(document, &["DATE_TIME", "DATE1", "DATE", "DD", "PUBDATE"]);
    article.date = date.and_then(|date| date::parse(&date, DayOrder::MonthFirst));
    article.dateline = field(document, &["DATELINE"]);
    let mut paragraphs = Vec::new();
    for part in elements(document, "TEXT").into_iter().chain(elements(document, "LEADPARA")) {
        paragraphs.extend(plain::paragraphs(&without_tags(part)));
    }
    article.body = paragraphs.join("\n\n");
    (!article.body.is_empty() || !article.title.is_empty()).then_some(article)
}

/// The text of the first of these elements that has one, on one line.
fn field(document: &str, names: &[&str]) -> Option<String> {
    names
        .iter()
        .filter_map(|name| {
            elements(document, name).first().map(|part| one_line(&without_tags(part)))
        })
        .find(|text| !text.is_empty())
}

/// What stands in the elements of this name; one that is not closed ends with the document.
fn elements<'a>(document: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    document
        .split(open.as_str())
        .skip(1)
        .map(|part| part.split(close.as_str()).next().unwrap_or(part))
        .collect()
}

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 80;

/// Text without tags, `<P>` being a paragraph, and with the entities that the collections use.
fn without_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let is_tag =
            after.starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic());
        // Bounded, so that a text of `<` costs no more than its length.
        let window = after.as_bytes().get(..LONGEST_TAG).unwrap_or(after.as_bytes());
        let end = memchr::memchr(b'>', window).filter(|_| is_tag);
        let (Some(tag), Some(behind)) =
            (end.and_then(|end| after.get(..end)), end.and_then(|end| after.get(end + 1..)))
        else {
            text.push('<');
            rest = after;
            continue;
        };
        if tag.eq_ignore_ascii_case("p") || tag.eq_ignore_ascii_case("/p") {
            text.push_str("\n\n");
        }
        rest = behind;
    }
    text.push_str(rest);
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    {
        if text.contains(entity) {
            text = text.replace(entity, character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Hints;
    use super::*;

    #[test]
    fn each_document_is_an_article() {
        let text = "<DOC>\n<DOCNO> AP-1 </DOCNO>\n<HEAD>Talks End</HEAD>\n<DATE>03/05/87</DATE>\n<TEXT>\nThe talks <F>ended</F> &amp; all\nof them went home, or so said\none of them.\n<P>\nMore &lt; less.\n</P>\n</TEXT>\n</DOC>\n<DOC><DOCNO>AP-2</DOCNO><TEXT>Second.";
        let articles = read(&Source { text, hints: Hints::default() });
        let shown: Vec<_> = articles
            .iter()
            .map(|a| (a.item.as_deref().unwrap(), a.title.as_str(), a.body.as_str()))
            .collect();
        let body =
            "The talks ended & all of them went home, or so said one of them.\n\nMore < less.";
        assert_eq!(shown, [("AP-1", "Talks End", body), ("AP-2", "", "Second.")]);
    }
}
