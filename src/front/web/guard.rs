//! What every request passes on its way in and every answer on its way out.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::access::Admission;
use super::pages;
use super::problem::{Kind, Problem};
use super::site::{Head, Site};

/// Bytes of a body at most; none is ever read.
const MAX_BODY: u64 = 64 * 1024;

/// Headers of every answer. Scripts, styles and pictures come from the server itself, and none
/// stands in a page; nothing may be embedded elsewhere; no address leaves with a link.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// The way in and out.
pub(super) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let arrived = Instant::now();
    let _under_way = site.metrics().request();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = route.unwrap_or("other").to_owned();
    let is_api = request.uri().path().starts_with("/api/");
    let origin = site.access().allowed_origin(request.headers()).filter(|_| is_api);

    let mut response = answer(&site, request, next, origin.is_some()).await;

    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api && site.access().shares() {
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let cross = HeaderValue::from_static("cross-origin");
        headers.insert("cross-origin-resource-policy", cross);
    }
    site.metrics().observe(&route, response.status().as_u16(), arrived.elapsed());
    response
}

async fn answer(site: &Site, request: Request, next: Next, is_shared: bool) -> Response {
    let (mut parts, body) = request.into_parts();
    let head = Head::of(&parts);
    if is_shared && parts.method == Method::OPTIONS {
        return preflight();
    }
    if let Err(problem) = measure(site, &parts.uri, &parts.headers) {
        return pages::refuse(&problem, &head);
    }
    match site.access().admit(&parts) {
        Err(problem) => return pages::refuse(&problem, &head),
        Ok(Admission::Plain) => {}
        Ok(Admission::ByAddress { rest }) => {
            let target = if rest.is_empty() {
                head.path.clone()
            } else {
                format!("{}?{rest}", head.path)
            };
            if !head.is_for_program() {
                return with_cookie(site, &target);
            }
            if let Ok(uri) = target.parse::<Uri>() {
                parts.uri = uri;
            }
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

fn measure(site: &Site, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let most = site.limits().address_bytes;
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > most {
        let problem =
            Problem::new(Kind::LongAddress, format!("{length} bytes; at most {most}"));
        return Err(problem.hint("shorten the query"));
    }
    let body = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if body.is_some_and(|length| length.parse::<u64>().map_or(true, |bytes| bytes > MAX_BODY)) {
        return Err(Problem::new(Kind::TooLarge, "no body is read here"));
    }
    Ok(())
}

/// Sends a browser that brought the token on to the address without it.
fn with_cookie(site: &Site, target: &str) -> Response {
    // Only a path of this server: `//host` would lead to another.
    let target = format!("/{}", target.trim_start_matches(['/', '\\']));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if let Some(cookie) = site.access().cookie() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Answers a path that is none of ours.
pub(super) async fn no_such_page(head: Head) -> Response {
    let shown: String = head.path.chars().take(120).collect();
    let problem = Problem::new(Kind::NoSuchPage, format!("nothing is at `{shown}`"));
    pages::refuse(&problem.hint("begin at /, or read /api for the addresses of the API"), &head)
}

/// Answers any method but GET and HEAD.
pub(super) async fn wrong_method(method: Method, head: Head) -> Response {
    let problem = Problem::new(Kind::WrongMethod, format!("`{method}` does nothing here"));
    let mut response = pages::refuse(&problem.hint("use GET"), &head);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
