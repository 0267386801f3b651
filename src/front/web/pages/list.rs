//! Lists of people, organisations and places.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, MAX_PAGE, drawn, kind_title, spoken_span};
use crate::entity::EntityKind;
use crate::front::web::markup::printable;
use crate::front::web::parameters::{self, Arguments, entity_path, plural};
use crate::front::web::problem::Problem;
use crate::front::web::site::{Head, Page, Site};
use crate::search::{Archive, EntityListRequest, EntitySort};
use crate::text::grouped;

pub(super) async fn people(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Person).await
}

pub(super) async fn organisations(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Organisation).await
}

pub(super) async fn places(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Place).await
}

async fn list(site: &Site, head: &Head, kind: EntityKind) -> Response {
    let query = head.query.clone();
    site.answer(head, move |archive| {
        let mut request = Arguments::read(&query, parameters::ENTITIES)?.entities(kind);
        request.limit = request.limit.min(MAX_PAGE);
        Page::html(&list_page(archive, &request)?)
    })
    .await
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    title: &'static str,
    action: String,
    count: String,
    warnings: Vec<String>,
    request: EntityListRequest,
    since: String,
    until: String,
    sorts: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<ListRow>,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Debug)]
struct ListRow {
    name: String,
    href: String,
    articles: String,
    /// Width of its bar, of 100.
    share: f32,
    forms: String,
    span: String,
}

fn list_page(archive: &Archive, request: &EntityListRequest) -> Result<ListPage, Problem> {
    let found = archive.entities(request).map_err(|error| drawn(error, &request.text))?;
    let most = found.entities.iter().map(|row| row.articles).max().unwrap_or(1).max(1);
    let shown = request.offset + found.entities.len();
    let rows = found.entities.into_iter().map(|row| ListRow {
        href: entity_path(request.kind, &row.name),
        name: printable(&row.name),
        articles: grouped(row.articles),
        share: (row.articles as f32 / most as f32 * 100.0).max(1.0),
        forms: printable(&row.forms.join(", ")),
        span: row.span.map(spoken_span).unwrap_or_default(),
    });
    let path = format!("/{}", plural(request.kind));
    let at = |offset: usize| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let texts = [("pattern", request.pattern.as_ref()), ("with", request.with.as_ref())];
        for (name, value) in texts {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        if !request.text.is_empty() {
            pairs.append_pair("q", &request.text);
        }
        for (name, date) in [("since", request.since), ("until", request.until)] {
            if let Some(date) = date {
                pairs.append_pair(name, &date.to_string());
            }
        }
        match request.sort {
            EntitySort::Articles => {}
            EntitySort::Name => {
                pairs.append_pair("sort", "name");
            }
            EntitySort::Rising => {
                pairs.append_pair("sort", "rising");
            }
        }
        if offset > 0 {
            pairs.append_pair("offset", &offset.to_string());
        }
        let parameters = pairs.finish();
        if parameters.is_empty() { path.clone() } else { format!("{path}?{parameters}") }
    };
    let is_last = shown as u64 >= found.total;
    Ok(ListPage {
        frame: Frame::new(kind_title(request.kind), "", plural(request.kind)),
        title: kind_title(request.kind),
        count: grouped(found.total),
        warnings: found.warnings.iter().map(|warning| printable(warning)).collect(),
        since: request.since.map(|date| date.to_string()).unwrap_or_default(),
        until: request.until.map(|date| date.to_string()).unwrap_or_default(),
        sorts: vec![
            ("articles", "Most articles", request.sort == EntitySort::Articles),
            ("name", "Name", request.sort == EntitySort::Name),
            ("rising", "Rising", request.sort == EntitySort::Rising),
        ],
        rows: rows.collect(),
        previous: (request.offset > 0)
            .then(|| at(request.offset.saturating_sub(request.limit))),
        next: (!is_last).then(|| at(shown)),
        action: path.clone(),
        request: request.clone(),
    })
}
