//! The style sheet, the script and the icon: parts of the program, addressed with their content's
//! hash, so that a browser may keep them for good.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use rust_embed::RustEmbed;

use super::pages;
use super::problem::{Kind, Problem};
use super::site::{Head, Page, Site};

#[derive(RustEmbed)]
#[folder = "src/front/web/assets/"]
struct Assets;

/// The assets, by name and media type.
const TABLE: [(&str, &str); 3] = [
    ("newshound.css", "text/css; charset=utf-8"),
    ("newshound.js", "text/javascript; charset=utf-8"),
    ("icon.svg", "image/svg+xml"),
];

/// Addresses of the assets, for the pages.
#[derive(Debug)]
pub(super) struct Addresses {
    pub(super) css: String,
    pub(super) js: String,
    pub(super) icon: String,
}

/// The addresses, worked out once.
pub(super) fn addresses() -> &'static Addresses {
    static ADDRESSES: OnceLock<Addresses> = OnceLock::new();
    ADDRESSES.get_or_init(|| {
        let [css, js, icon] = TABLE.map(|(name, _)| format!("/assets/{}/{name}", hash(name)));
        Addresses { css, js, icon }
    })
}

fn hash(name: &str) -> String {
    let mut text = String::new();
    if let Some(file) = Assets::get(name) {
        for byte in file.metadata.sha256_hash().into_iter().take(6) {
            let _ = write!(text, "{byte:02x}");
        }
    }
    text
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/assets/{hash}/{name}", get(asset)).route("/favicon.ico", get(icon))
}

async fn asset(
    State(site): State<Site>,
    path: Option<Path<(String, String)>>,
    head: Head,
) -> Response {
    let Some(Path((hash_asked, name))) = path else { return missing(&head) };
    let known = TABLE.iter().find(|(known, _)| *known == name);
    let (Some((name, media_type)), true) = (known, hash_asked == hash(&name)) else {
        return missing(&head);
    };
    send(&site, &head, name, media_type).await
}

async fn icon(State(site): State<Site>, head: Head) -> Response {
    let [.., (name, media_type)] = TABLE;
    send(&site, &head, name, media_type).await
}

async fn send(
    site: &Site,
    head: &Head,
    name: &'static str,
    media_type: &'static str,
) -> Response {
    let read = move |_: &crate::search::Archive| match Assets::get(name) {
        Some(file) => Ok(Page::new(media_type, file.data.into_owned())),
        None => Err(Problem::new(Kind::Fault, "a part of the program is missing")),
    };
    let mut response = site.answer(head, read).await;
    if response.status().is_success() {
        let for_good = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, for_good);
    }
    response
}

fn missing(head: &Head) -> Response {
    let problem = Problem::new(Kind::NoSuchPage, "there is no such asset");
    let response = pages::refuse(&problem, head);
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, Body::empty())
}
