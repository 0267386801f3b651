//! The line of `extract`: how an article was read, as JSON.

use serde::Serialize;

use super::{NotRead, Reading};
use crate::article::{Article, Date, Declared};

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    member: Option<&'a str>,
    format: Option<&'a str>,
    encoding: Option<&'a str>,
    title: Option<&'a str>,
    byline: &'a [String],
    date: Option<Date>,
    date_precision: Option<&'static str>,
    dateline: Option<&'a str>,
    source: Option<&'a str>,
    section: Option<&'a str>,
    page: Option<&'a str>,
    edition: Option<&'a str>,
    language: Option<&'a str>,
    url: Option<&'a str>,
    captions: &'a [String],
    body: Option<&'a str>,
    boilerplate: &'a [String],
    declared: &'a Declared,
    ocr_confidence: Option<f32>,
    status: Option<&'a str>,
    problems: Vec<&'a str>,
}

/// The lines of one file (or member of a container), one per article, in the order of the keys that
/// `extract` documents. What gave no article is one line with its `problems`.
///
/// `problems` are those of the container; the articles are expected to be enriched.
pub fn extract_line(
    path: &str,
    member: Option<&str>,
    reading: &Result<Reading, NotRead>,
    problems: &[String],
) -> Vec<serde_json::Value> {
    let nothing = Article::default();
    let outer = problems.iter().map(String::as_str);
    match reading {
        Ok(reading) => {
            let of_file: Vec<&str> =
                outer.chain(reading.problems.iter().map(String::as_str)).collect();
            let lines = reading.articles.iter().map(|article| {
                let mut problems = of_file.clone();
                problems.extend(article.problems.iter().map(String::as_str));
                let read_as = Some((reading.format, reading.encoding));
                to_value(&line(path, member, read_as, article, problems))
            });
            lines.collect()
        }
        Err(reason) => {
            let reason = reason.to_string();
            let problems = outer.chain([reason.as_str()]).collect();
            vec![to_value(&line(path, member, None, &nothing, problems))]
        }
    }
}

fn to_value(line: &Line<'_>) -> serde_json::Value {
    serde_json::to_value(line).unwrap_or_default()
}

fn line<'a>(
    path: &'a str,
    member: Option<&'a str>,
    read_as: Option<(&'a str, &'a str)>,
    article: &'a Article,
    problems: Vec<&'a str>,
) -> Line<'a> {
    let known = |text: &'a str| (!text.is_empty()).then_some(text);
    Line {
        path,
        member,
        format: read_as.map(|(format, _)| format),
        encoding: read_as.map(|(_, encoding)| encoding),
        title: known(&article.title),
        byline: &article.byline,
        date: article.date,
        date_precision: article.date.map(|date| date.precision().as_str()),
        dateline: article.dateline.as_deref(),
        source: article.source.as_deref(),
        section: article.section.as_deref(),
        page: article.page.as_deref(),
        edition: article.edition.as_deref(),
        language: article.language.as_deref(),
        url: article.url.as_deref(),
        captions: &article.captions,
        body: known(&article.body),
        boilerplate: &article.boilerplate,
        declared: &article.declared,
        ocr_confidence: article.ocr_confidence,
        status: article.status.as_deref(),
        problems,
    }
}
