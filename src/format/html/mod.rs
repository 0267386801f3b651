//! HTML pages: what the page declares about its article, and the article's text out of everything
//! around it.

mod blocks;
mod content;
mod guard;
mod json_ld;
mod marks;
mod metadata;

use dom_query::Document;

use super::{Fit, Format, Sample, Source};
use crate::article::Article;
use content::Content;
use metadata::Metadata;

pub(super) const FORMAT: Format = Format {
    name: "html",
    version: 1,
    extensions: &["html", "htm", "xhtml", "shtml"],
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let named = sample.by_name(FORMAT.extensions, &["text/html", "application/xhtml"], Fit::No);
    if !sample.start.trim_start_matches('\u{FEFF}').trim_start().starts_with('<') {
        return named;
    }
    let start = sample.start.to_ascii_lowercase();
    let first_tag = start.trim_start_matches('\u{FEFF}').trim_start();
    let declared = ["<!doctype html", "<html", "<head", "<body"];
    let is_xml = first_tag.starts_with("<?xml") || first_tag.starts_with("<!--");
    if declared.iter().any(|tag| first_tag.starts_with(tag))
        || (is_xml && declared.iter().any(|tag| start.contains(tag)))
    {
        return Fit::Certain;
    }
    if named == Fit::No
        && ["<title>", "<meta ", "<p>", "<div", "</a>", "<br"]
            .iter()
            .filter(|tag| start.contains(**tag))
            .count()
            >= 2
    {
        return Fit::ByName;
    }
    named
}

fn read(source: &Source<'_>) -> Vec<Article> {
    if guard::is_hostile(source.text) {
        return vec![stripped(source.text)]
            .into_iter()
            .filter(|a| !a.body.is_empty())
            .collect();
    }
    let document = Document::from(source.text);
    let mut metadata = Metadata::of(&document, source.hints.url);
    let content = Content::of(document, &metadata);
    if content.paragraphs.is_empty() && metadata.title.is_empty() {
        return Vec::new();
    }
    if content.paragraphs.is_empty() && content.captions.is_empty() {
        // A title alone is an article only where the page says that it is one.
        if !metadata.is_article {
            return Vec::new();
        }
    }
    metadata.complete(&content.above);
    vec![Article {
        title: metadata.title,
        byline: metadata.authors,
        date: metadata.date,
        source: metadata.source,
        section: metadata.section,
        language: metadata.language,
        url: metadata.url,
        captions: content.captions,
        body: content.paragraphs.join("\n\n"),
        boilerplate: content.boilerplate,
        declared: metadata.declared,
        ..Article::default()
    }]
}

/// Markup that no parser should be given, without its tags.
fn stripped(markup: &str) -> Article {
    let problem = "the markup is nested or repeated beyond reason; its tags were only removed";
    let (title, paragraphs) = guard::strip_tags(markup);
    Article {
        title,
        body: paragraphs.join("\n\n"),
        problems: vec![problem.to_owned()],
        ..Article::default()
    }
}
