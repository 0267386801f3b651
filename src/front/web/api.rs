//! The JSON API: the archive's own answers, under `/api/v1`.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::export::{self, Format};
use super::pages;
use super::parameters::{self, Arguments, MAX_HITS};
use super::problem::{Kind, Problem};
use super::site::{Head, Page, Site, today};
use crate::entity::EntityKind;
use crate::search::{
    ArticleView, EntityList, Hit, JSON_VERSION, Profile, SearchResponse, Status, Suggestion,
    Timeline,
};

/// Address that tells whether the server runs, open to everybody.
pub(super) const HEALTH: &str = "/api/v1/health";
/// Articles like another, where the client does not say how many.
const SIMILAR: usize = 10;
/// Suggestions, where the client does not say how many.
const SUGGESTIONS: usize = 8;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(article))
        .routes(routes!(similar))
        .routes(routes!(people))
        .routes(routes!(person))
        .routes(routes!(organisations))
        .routes(routes!(organisation))
        .routes(routes!(places))
        .routes(routes!(place))
        .routes(routes!(timeline))
        .routes(routes!(suggest))
        .routes(routes!(status))
        .routes(routes!(health))
        .routes(routes!(metrics))
        .route("/api/v1/openapi.json", axum::routing::get(description))
}

/// Articles like another.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Similar {
    /// Version of this shape.
    version: u32,
    /// The articles, likest first.
    hits: Vec<Hit>,
}

/// What could be meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Suggestions {
    /// Version of this shape.
    version: u32,
    /// Completions of what was typed, best first.
    suggestions: Vec<Suggestion>,
}

/// The server runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Search the archive
///
/// Ranked hits as JSON, or, with `format`, every hit streamed in a form that other programs read.
#[utoipa::path(
    get, path = "/api/v1/search", operation_id = "search", tag = "search",
    responses((status = 200, description = "The hits.", content(
        (SearchResponse = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (String = "application/x-research-info-systems"),
        (String = "application/x-bibtex"),
        (Vec<serde_json::Value> = "application/vnd.citationstyles.csl+json"),
        (String = "text/markdown"),
    )))
)]
async fn search(State(site): State<Site>, head: Head) -> Response {
    let arguments = match Arguments::read(&head.query, parameters::SEARCH) {
        Ok(arguments) => arguments,
        Err(problem) => return pages::refuse(&problem, &head),
    };
    let request = arguments.search(today());
    if let Some(format) = arguments.text("format").and_then(Format::named) {
        return export::stream(&site, &head, request, format).await;
    }
    if request.limit == 0 || request.limit > MAX_HITS {
        let detail = format!("`limit` cannot be `{}` for one JSON answer", request.limit);
        let hint = format!("ask for 1 to {MAX_HITS}, or stream all with format=jsonl&limit=0");
        return pages::refuse(&Problem::new(Kind::BadParameter, detail).hint(hint), &head);
    }
    site.answer(&head, move |archive| Page::json(&archive.search(&request)?)).await
}

/// One article
///
/// Its text, what is known of it, and where it matches the search given beside it.
#[utoipa::path(
    get, path = "/api/v1/articles/{id}", operation_id = "article", tag = "articles",
    responses((status = 200, description = "The article.", body = ArticleView))
)]
async fn article(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let id = segment(id)?;
        let request = Arguments::read(&query, parameters::ARTICLE)?.search(today());
        Page::json(&archive.article(&id, Some(&request))?)
    })
    .await
}

/// Articles like another
#[utoipa::path(
    get, path = "/api/v1/articles/{id}/similar", operation_id = "similar", tag = "articles",
    responses((status = 200, description = "The articles.", body = Similar))
)]
async fn similar(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let id = segment(id)?;
        let limit = Arguments::read(&query, parameters::SIMILAR)?.whole("limit");
        let hits = archive.similar(&id, limit.unwrap_or(SIMILAR))?;
        Page::json(&Similar { version: JSON_VERSION, hits })
    })
    .await
}

/// The part of a path that stands for a name or an identifier.
pub(super) fn segment(path: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    path.map(|Path(segment)| segment).map_err(|_| {
        Problem::new(Kind::BadRequest, "the path is not UTF-8").hint("encode names as UTF-8")
    })
}

async fn list(site: &Site, head: &Head, kind: EntityKind) -> Response {
    let query = head.query.clone();
    site.answer(head, move |archive| {
        let request = Arguments::read(&query, parameters::ENTITIES)?.entities(kind);
        Page::json(&archive.entities(&request)?)
    })
    .await
}

async fn profile(
    site: &Site,
    head: &Head,
    kind: EntityKind,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let query = head.query.clone();
    site.answer(head, move |archive| {
        Arguments::read(&query, &[])?;
        Page::json(&archive.profile(kind, &segment(name)?)?)
    })
    .await
}

/// People, by number of articles
#[utoipa::path(
    get, path = "/api/v1/people", operation_id = "people", tag = "entities",
    responses((status = 200, description = "The people.", body = EntityList))
)]
async fn people(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Person).await
}

/// One person
#[utoipa::path(
    get, path = "/api/v1/people/{name}", operation_id = "person", tag = "entities",
    responses((status = 200, description = "The person.", body = Profile))
)]
async fn person(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    profile(&site, &head, EntityKind::Person, name).await
}

/// Organisations, by number of articles
#[utoipa::path(
    get, path = "/api/v1/orgs", operation_id = "orgs", tag = "entities",
    responses((status = 200, description = "The organisations.", body = EntityList))
)]
async fn organisations(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Organisation).await
}

/// One organisation
#[utoipa::path(
    get, path = "/api/v1/orgs/{name}", operation_id = "org", tag = "entities",
    responses((status = 200, description = "The organisation.", body = Profile))
)]
async fn organisation(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    profile(&site, &head, EntityKind::Organisation, name).await
}

/// Places, by number of articles
#[utoipa::path(
    get, path = "/api/v1/places", operation_id = "places", tag = "entities",
    responses((status = 200, description = "The places.", body = EntityList))
)]
async fn places(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Place).await
}

/// One place
#[utoipa::path(
    get, path = "/api/v1/places/{name}", operation_id = "place", tag = "entities",
    responses((status = 200, description = "The place.", body = Profile))
)]
async fn place(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    profile(&site, &head, EntityKind::Place, name).await
}

/// Articles over time
#[utoipa::path(
    get, path = "/api/v1/timeline", operation_id = "timeline", tag = "search",
    responses((status = 200, description = "The steps.", body = Timeline))
)]
async fn timeline(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let request = Arguments::read(&query, parameters::TIMELINE)?.timeline(today());
        Page::json(&archive.timeline(&request)?)
    })
    .await
}

/// Complete what is being typed
///
/// People, organisations, places, sources and frequent phrases; slips of the keys are forgiven.
#[utoipa::path(
    get, path = "/api/v1/suggest", operation_id = "suggest", tag = "search",
    responses((status = 200, description = "The completions.", body = Suggestions))
)]
async fn suggest(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let arguments = Arguments::read(&query, parameters::SUGGEST)?;
        let limit = arguments.whole("limit").unwrap_or(SUGGESTIONS);
        let typed = arguments.text("q").unwrap_or_default();
        let suggestions = archive.suggest(typed, limit)?;
        Page::json(&Suggestions { version: JSON_VERSION, suggestions })
    })
    .await
}

/// What the archive holds
#[utoipa::path(
    get, path = "/api/v1/status", operation_id = "status", tag = "server",
    responses((status = 200, description = "Counts and problems.", body = Status))
)]
async fn status(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        Arguments::read(&query, &[])?;
        Page::json(&*archive.status()?)
    })
    .await
}

/// Whether the server runs
///
/// Needs no token.
#[utoipa::path(
    get, path = "/api/v1/health", operation_id = "health", tag = "server",
    responses((status = 200, description = "It runs.", body = Health))
)]
async fn health(head: Head) -> Response {
    let page = Arguments::read(&head.query, &[])
        .and_then(|_| serde_json::to_vec(&Health { status: "ok" }).map_err(unwritable));
    match page {
        Ok(body) => uncached("application/json", body),
        Err(problem) => pages::refuse(&problem, &head),
    }
}

fn unwritable(error: serde_json::Error) -> Problem {
    Problem::new(Kind::Fault, error.to_string())
}

/// Counters for Prometheus
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "server",
    responses((status = 200, description = "The counters.", content_type = "text/plain", body = String))
)]
async fn metrics(State(site): State<Site>, head: Head) -> Response {
    if let Err(problem) = Arguments::read(&head.query, &[]) {
        return pages::refuse(&problem, &head);
    }
    let articles = site.work(|archive| Ok(archive.status()?.articles)).await;
    match articles {
        Ok(articles) => {
            let text = site.metrics().text(articles);
            uncached("text/plain; version=0.0.4; charset=utf-8", text.into_bytes())
        }
        Err(problem) => pages::refuse(&problem, &head),
    }
}

fn uncached(media_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn description(State(site): State<Site>, head: Head) -> Response {
    let document = site.description().get().cloned().unwrap_or_default();
    site.answer(&head, move |_| Page::json(&document)).await
}
