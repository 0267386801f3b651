//! How to search: the forms of the query language, with an example of each.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Frame;
use crate::front::web::parameters::{Arguments, link};
use crate::front::web::site::{Head, Page, Site};
use crate::query::{FIELDS, SYNTAX};
use crate::search::SearchRequest;

pub(super) async fn help(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |_| {
        Arguments::read(&query, &[])?;
        Page::html(&HelpPage {
            frame: Frame::new("How to search", "", "help"),
            syntax: syntax(usize::MAX),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    syntax: Vec<Example>,
}

/// An example of the query language.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) text: &'static str,
    pub(super) href: String,
    pub(super) help: &'static str,
}

pub(super) fn syntax(most: usize) -> Vec<Example> {
    let forms = SYNTAX.iter().map(|form| (form.example, form.help));
    let fields = FIELDS.iter().map(|field| (field.example, field.help));
    let request = |text: &str| SearchRequest { text: text.to_owned(), ..Default::default() };
    forms
        .chain(fields)
        .take(most)
        .map(|(text, help)| Example { text, href: link("/", &request(text)), help })
        .collect()
}
