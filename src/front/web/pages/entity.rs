//! A person, an organisation or a place.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;

use super::hit::HitView;
use super::{Frame, kind_title, spoken_span};
use crate::entity::EntityKind;
use crate::front::web::api::segment;
use crate::front::web::chart::{self, Chart, Graph};
use crate::front::web::markup::printable;
use crate::front::web::parameters::{Arguments, about, entity_path, link, names_mut, plural};
use crate::front::web::problem::Problem;
use crate::front::web::site::{Head, Page, Site};
use crate::search::{Archive, SearchRequest, Sort};
use crate::text::{counted, grouped};

/// Companions listed on an entity's page.
const COMPANIONS: usize = 30;

pub(super) async fn person(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    entity(&site, &head, EntityKind::Person, name).await
}

pub(super) async fn organisation(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    entity(&site, &head, EntityKind::Organisation, name).await
}

pub(super) async fn place(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    entity(&site, &head, EntityKind::Place, name).await
}

async fn entity(
    site: &Site,
    head: &Head,
    kind: EntityKind,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let query = head.query.clone();
    site.answer(head, move |archive| {
        Arguments::read(&query, &[])?;
        Page::html(&entity_page(archive, kind, &segment(name)?)?)
    })
    .await
}

#[derive(Template)]
#[template(path = "entity.html")]
struct EntityPage {
    frame: Frame,
    kind: &'static str,
    name: String,
    count: String,
    search: String,
    newest: String,
    warnings: Vec<String>,
    forms: Vec<CountRow>,
    roles: Vec<CountRow>,
    chart: Option<Chart>,
    graph: Option<Graph>,
    companions: Vec<CompanionList>,
    hits: Vec<HitView>,
    json: String,
}

/// A value, how often, and what more there is to say.
#[derive(Debug)]
struct CountRow {
    text: String,
    count: String,
    note: String,
}

#[derive(Debug)]
struct CompanionList {
    title: &'static str,
    rows: Vec<CompanionRow>,
}

#[derive(Debug)]
struct CompanionRow {
    name: String,
    href: String,
    /// The articles that name both.
    both: String,
    count: String,
}

fn entity_page(archive: &Archive, kind: EntityKind, name: &str) -> Result<EntityPage, Problem> {
    let profile = archive.profile(kind, name)?;
    let request = about(kind, &profile.name);
    let shown = profile.companions.get(..COMPANIONS.min(profile.companions.len()));
    let shown = shown.unwrap_or_default();
    let companions = EntityKind::ALL.map(|of| CompanionList {
        title: kind_title(of),
        rows: shown
            .iter()
            .filter(|companion| companion.kind == of)
            .map(|companion| {
                let mut both = request.clone();
                names_mut(&mut both, of).push(companion.name.clone());
                CompanionRow {
                    name: printable(&companion.name),
                    href: entity_path(of, &companion.name),
                    both: link("/", &both),
                    count: counted(companion.articles, "article", "articles"),
                }
            })
            .collect(),
    });
    Ok(EntityPage {
        frame: Frame::new(&*profile.name, "", plural(kind)),
        kind: kind.name(),
        name: printable(&profile.name),
        count: counted(profile.articles, "article", "articles"),
        search: link("/", &request),
        newest: link("/", &SearchRequest { sort: Sort::Newest, ..request.clone() }),
        warnings: profile.warnings.iter().map(|warning| printable(warning)).collect(),
        forms: profile
            .forms
            .iter()
            .take(COMPANIONS)
            .map(|form| CountRow {
                text: printable(&form.value),
                count: grouped(form.count),
                note: String::new(),
            })
            .collect(),
        roles: profile
            .roles
            .iter()
            .take(COMPANIONS)
            .map(|role| CountRow {
                text: printable(&role.role),
                count: grouped(role.articles),
                note: role.span.map(spoken_span).unwrap_or_default(),
            })
            .collect(),
        chart: chart::by_date(&profile.years, &request),
        graph: chart::graph(&profile.name, &profile.companions),
        companions: companions.into_iter().filter(|list| !list.rows.is_empty()).collect(),
        hits: profile.hits.into_iter().map(|hit| HitView::new(hit, &request)).collect(),
        json: format!(
            "/api/v1/{}/{}",
            plural(kind),
            entity_path(kind, &profile.name).rsplit('/').next().unwrap_or_default()
        ),
    })
}
