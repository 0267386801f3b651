//! The pages that people read. Each is a template and the struct that fills it; the templates
//! escape all they are given.

mod article;
mod description;
mod entity;
mod front;
mod help;
mod hit;
mod list;
mod search;
mod status;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::assets::{self, Addresses};
use super::markup::printable;
use super::problem::{Kind, Problem};
use super::site::{Head, Site};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::front::cite::written_date;
use crate::search::{SearchError, SearchRequest, Sort};

/// Hits of one page at most.
const MAX_PAGE: usize = 100;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(search::search))
        .route("/a/{id}", get(article::article))
        .route("/a/{id}/cite", get(article::cite_article))
        .route("/a/{id}/original", get(article::download))
        .route("/people", get(list::people))
        .route("/orgs", get(list::organisations))
        .route("/places", get(list::places))
        .route("/person/{name}", get(entity::person))
        .route("/org/{name}", get(entity::organisation))
        .route("/place/{name}", get(entity::place))
        .route("/status", get(status::status))
        .route("/api", get(description::description))
        .route("/help", get(help::help))
}

/// What every page has around it.
#[derive(Debug)]
struct Frame {
    title: String,
    /// What stands in the search box.
    query: String,
    /// Which entry of the navigation the page belongs to.
    section: &'static str,
    assets: &'static Addresses,
}

impl Frame {
    fn new(title: impl Into<String>, query: &str, section: &'static str) -> Self {
        let title = title.into();
        let title = if title.is_empty() {
            "newshound".to_owned()
        } else {
            format!("{} · newshound", printable(&title))
        };
        Self { title, query: printable(query), section, assets: assets::addresses() }
    }
}

/// A link with a text.
#[derive(Debug)]
struct Link {
    text: String,
    href: String,
}

/// A date for people and programs.
#[derive(Debug)]
struct Day {
    spoken: String,
    iso: String,
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self { spoken: written_date(date), iso: date.to_string() }
    }
}

/// A problem as a program or a person reads it, whoever asks.
pub(super) fn refuse(problem: &Problem, head: &Head) -> Response {
    if head.is_for_program() {
        return problem.to_json();
    }
    let typed = form_urlencoded::parse(head.query.as_bytes()).find(|(name, _)| name == "q");
    let query = typed.map(|(_, text)| text.into_owned()).unwrap_or_default();
    let template = ProblemPage {
        frame: Frame::new(problem.kind.title(), &query, ""),
        problem,
        asks_token: problem.kind == Kind::NeedsToken,
    };
    match template.render() {
        Ok(text) => problem.respond("text/html; charset=utf-8", text.into_bytes()),
        Err(_) => problem.to_json(),
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    problem: &'a Problem,
    asks_token: bool,
}

#[derive(Debug)]
struct NameRow {
    name: String,
    href: String,
    count: String,
}

/// One line of what is known of an article.
#[derive(Debug)]
struct Fact {
    name: &'static str,
    value: String,
}

/// Titles of the kinds, in the plural.
fn kind_title(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "People",
        EntityKind::Organisation => "Organisations",
        EntityKind::Place => "Places",
    }
}

/// A query's problem with the query drawn below it.
fn drawn(error: SearchError, text: &str) -> Problem {
    let drawing = match &error {
        SearchError::Query(parse_error) => Some(parse_error.render(text)),
        _ => None,
    };
    Problem { drawn: drawing.map(|drawing| printable(&drawing)), ..Problem::from(error) }
}

fn spoken_span([first, last]: [Date; 2]) -> String {
    let (first, last) = (first.year(), last.year());
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// Nothing is asked for.
fn is_front(request: &SearchRequest) -> bool {
    let any_filter =
        [&request.person, &request.org, &request.place, &request.source, &request.lang]
            .iter()
            .any(|names| !names.is_empty());
    request.text.is_empty()
        && !any_filter
        && request.since.is_none()
        && request.until.is_none()
        && request.sort == Sort::Relevance
}

/// English names of the languages that news is mostly written in; others keep their code.
fn language(code: &str) -> String {
    let name = match code {
        "af" => "Afrikaans",
        "ar" => "Arabic",
        "bg" => "Bulgarian",
        "bn" => "Bengali",
        "ca" => "Catalan",
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" => "English",
        "es" => "Spanish",
        "et" => "Estonian",
        "fa" => "Persian",
        "fi" => "Finnish",
        "fr" => "French",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hr" => "Croatian",
        "hu" => "Hungarian",
        "id" => "Indonesian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "la" => "Latin",
        "lt" => "Lithuanian",
        "lv" => "Latvian",
        "nl" => "Dutch",
        "no" | "nb" => "Norwegian",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sk" => "Slovak",
        "sl" => "Slovenian",
        "sr" => "Serbian",
        "sv" => "Swedish",
        "th" => "Thai",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "ur" => "Urdu",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        _ => return printable(code),
    };
    name.to_owned()
}
