//! What all requests share: the archive, the limits, the answers kept, and the one way in which an
//! answer comes about.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::access::Access;
use super::metrics::Metrics;
use super::pages;
use super::problem::{Kind, Problem};
use super::{Limits, ServeError, ServeOptions};
use crate::search::Archive;

/// The state that every handler gets; cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

struct Shared {
    archive: Arc<Archive>,
    access: Access,
    limits: Limits,
    metrics: Metrics,
    started: Instant,
    /// Milliseconds after `started` at which a newer commit was last looked for.
    refreshed: AtomicU64,
    /// Turns to search.
    searches: Semaphore,
    /// Threads that search, those that nobody waits for any more included.
    threads: Arc<Semaphore>,
    waiting: AtomicUsize,
    exports: Arc<Semaphore>,
    kept: Mutex<Kept>,
    description: OnceLock<serde_json::Value>,
}

impl Site {
    /// The state of a server over `archive`.
    ///
    /// # Errors
    /// Where the options leave the archive open to strangers.
    pub fn new(archive: Arc<Archive>, options: &ServeOptions) -> Result<Self, ServeError> {
        let limits = options.limits;
        Ok(Self(Arc::new(Shared {
            archive,
            access: Access::new(options)?,
            metrics: Metrics::default(),
            started: Instant::now(),
            refreshed: AtomicU64::new(0),
            searches: Semaphore::new(limits.searches.max(1)),
            threads: Arc::new(Semaphore::new(limits.threads.max(1))),
            waiting: AtomicUsize::new(0),
            exports: Arc::new(Semaphore::new(limits.exports.max(1))),
            kept: Mutex::new(Kept::default()),
            description: OnceLock::new(),
            limits,
        })))
    }

    pub(super) fn archive(&self) -> &Arc<Archive> {
        &self.0.archive
    }

    pub(super) fn access(&self) -> &Access {
        &self.0.access
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The `OpenAPI` document, once the routes are known.
    pub(super) fn description(&self) -> &OnceLock<serde_json::Value> {
        &self.0.description
    }

    /// Permission for one more export, while there are not too many.
    pub(super) fn export_permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = Arc::clone(&self.0.exports).try_acquire_owned();
        permit.map_err(|_| busy("too many exports are under way"))
    }

    /// What the answers of now are made of: the commit and the day.
    async fn edition(&self) -> String {
        let now = u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let pause = u64::try_from(self.0.limits.refresh.as_millis()).unwrap_or(u64::MAX);
        let last = self.0.refreshed.load(Ordering::Relaxed);
        let is_due = now.saturating_sub(last) >= pause;
        let is_ours = || {
            let order = Ordering::Relaxed;
            self.0.refreshed.compare_exchange(last, now, order, order).is_ok()
        };
        if is_due && is_ours() {
            let site = self.clone();
            let look = tokio::task::spawn_blocking(move || site.prepare());
            // Large archives take a while to open: meanwhile the commit that is open serves on.
            let _ = tokio::time::timeout(self.0.limits.opening, look).await;
        }
        format!("{}.{}", self.0.archive.generation(), today())
    }

    /// Takes notice of a newer commit, and works out what many pages show of it before the first
    /// of them is asked for.
    pub(super) fn prepare(&self) {
        let archive = &self.0.archive;
        // The commit that is open goes on serving where a newer one cannot be read.
        if archive.refresh().and_then(|_| archive.status()).is_err() {
            self.0.metrics.refresh_failed();
        }
    }

    /// Answers a request from what is kept, or by doing `work` where it blocks nobody.
    pub(super) async fn answer<F>(&self, head: &Head, work: F) -> Response
    where
        F: FnOnce(&Archive) -> Result<Page, Problem> + Send + 'static,
    {
        let edition = self.edition().await;
        let tag = head.tag(&edition);
        if head.knows(&tag) {
            return not_modified(&tag);
        }
        let slot = self.kept().slot(&edition, &head.address());
        let mut is_fresh = false;
        let gzip = head.gzip;
        let page = slot.get_or_try_init(|| {
            is_fresh = true;
            self.work(move |archive| {
                let page = work(archive)?;
                if gzip {
                    page.packed();
                }
                Ok(Arc::new(page))
            })
        });
        let outcome = page.await.cloned();
        self.0.metrics.answered(is_fresh);
        match outcome {
            Ok(page) => {
                if is_fresh {
                    self.kept().weigh(page.weight(), self.0.limits.kept_bytes);
                }
                page.respond(head.gzip, &tag)
            }
            Err(problem) => {
                self.kept().forget(&head.address());
                pages::refuse(&problem, head)
            }
        }
    }

    /// Whether the client already has what it asks for; the tag to answer with otherwise.
    pub(super) async fn revalidate(&self, head: &Head) -> Result<String, Response> {
        let tag = head.tag(&self.edition().await);
        if head.knows(&tag) { Err(not_modified(&tag)) } else { Ok(tag) }
    }

    /// Does `work` on a thread that may block, when it is its turn, and not for longer than the
    /// limit.
    pub(super) async fn work<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Archive) -> Result<T, Problem> + Send + 'static,
    {
        let turn = async {
            let _waiting = Waiting::new(&self.0.waiting, self.0.limits.waiting)?;
            let turn = self.0.searches.acquire().await;
            turn.map_err(|_| busy("the server is stopping"))
        };
        let archive = Arc::clone(&self.0.archive);
        let done = async {
            // A search cannot be broken off. Where nobody waits for it any more, its turn is over,
            // so that a few that take for ever do not stop the others; its thread still counts.
            let _turn = turn.await?;
            let thread = Arc::clone(&self.0.threads).try_acquire_owned();
            let thread = thread.map_err(|_| busy("too many long searches are under way"))?;
            let task = tokio::task::spawn_blocking(move || {
                let _thread = thread;
                work(&archive)
            });
            task.await.unwrap_or_else(|_| {
                Err(Problem::new(Kind::Fault, "the work for this answer broke off"))
            })
        };
        tokio::time::timeout(self.0.limits.answer, done).await.unwrap_or_else(|_| {
            let seconds = self.0.limits.answer.as_secs();
            let detail = format!("no answer within {seconds} s");
            Err(Problem::new(Kind::TookTooLong, detail)
                .hint("ask for less, or try again later"))
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn busy(detail: &str) -> Problem {
    Problem::new(Kind::Busy, detail).hint("try again in a moment")
}

/// Today (UTC), in days since 1970-01-01.
#[expect(clippy::disallowed_methods, reason = "the fronts tell the archive what day it is")]
pub(super) fn today() -> i32 {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let days = since_epoch.unwrap_or(Duration::ZERO).as_secs() / 86_400;
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// A place in the queue, given back however the wait ends.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize, most: usize) -> Result<Self, Problem> {
        let waiting = Self(count);
        if count.fetch_add(1, Ordering::Relaxed) >= most {
            return Err(busy("too many requests are waiting"));
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The parts of a request that answers depend on.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) path: String,
    pub(super) query: String,
    known_tags: Vec<String>,
    gzip: bool,
}

impl Head {
    pub(super) fn of(parts: &Parts) -> Self {
        let texts = |name| {
            let values = parts.headers.get_all(name).into_iter();
            values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','))
        };
        Self {
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            known_tags: texts(header::IF_NONE_MATCH).map(|tag| tag.trim().to_owned()).collect(),
            gzip: texts(header::ACCEPT_ENCODING).any(accepts_gzip),
        }
    }

    /// A program asks, not a person's browser.
    pub(super) fn is_for_program(&self) -> bool {
        self.path.starts_with("/api/") || self.path == "/metrics"
    }

    /// The client takes answers packed.
    pub(super) fn accepts_gzip(&self) -> bool {
        self.gzip
    }

    fn address(&self) -> String {
        format!("{}?{}", self.path, self.query)
    }

    /// The weak entity tag of the answer: weak, for the time that a search took stands in it.
    fn tag(&self, edition: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in [env!("CARGO_PKG_VERSION"), edition, &self.path, &self.query] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        let hash = hasher.finalize().to_hex();
        format!("W/\"{}\"", hash.get(..20).unwrap_or_default())
    }

    fn knows(&self, tag: &str) -> bool {
        self.known_tags.iter().any(|known| known == "*" || known == tag)
    }
}

/// One item of an `Accept-Encoding`: `gzip`, and not with a weight of nothing.
fn accepts_gzip(item: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    let is_gzip = matches!(parts.next(), Some("gzip" | "*"));
    let is_refused = parts.any(|part| {
        part.strip_prefix("q=").is_some_and(|weight| weight.parse::<f32>() == Ok(0.0))
    });
    is_gzip && !is_refused
}

impl<S: Sync> FromRequestParts<S> for Head {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

/// An answer, packed when first needed so.
#[derive(Debug)]
pub(super) struct Page {
    media_type: &'static str,
    plain: Bytes,
    packed: OnceLock<Bytes>,
}

/// Below this a packed answer is no smaller on the wire.
const WORTH_PACKING: usize = 1024;

impl Page {
    pub(super) fn html(template: &impl askama::Template) -> Result<Self, Problem> {
        let text = template.render().map_err(|error| {
            Problem::new(Kind::Fault, format!("the page could not be written: {error}"))
        })?;
        Ok(Self::new("text/html; charset=utf-8", text))
    }

    pub(super) fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        let bytes = serde_json::to_vec(value).map_err(|error| {
            Problem::new(Kind::Fault, format!("the answer could not be written: {error}"))
        })?;
        Ok(Self::new("application/json", bytes))
    }

    pub(super) fn new(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self { media_type, plain: bytes.into(), packed: OnceLock::new() }
    }

    fn packed(&self) -> Option<&Bytes> {
        if self.plain.len() < WORTH_PACKING {
            return None;
        }
        let packed = self.packed.get_or_init(|| {
            // A low level: a page is packed anew after each commit, and is small either way.
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
            let written = encoder.write_all(&self.plain);
            written.and_then(|()| encoder.finish()).unwrap_or_default().into()
        });
        (!packed.is_empty()).then_some(packed)
    }

    fn weight(&self) -> usize {
        self.plain.len() + self.packed.get().map_or(0, Bytes::len)
    }

    fn respond(&self, gzip: bool, tag: &str) -> Response {
        let packed = if gzip { self.packed() } else { None };
        let mut response = Response::new(Body::from(packed.unwrap_or(&self.plain).clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        if packed.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        validators(headers, tag);
        response
    }
}

fn not_modified(tag: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    validators(response.headers_mut(), tag);
    response
}

/// The headers by which a client may keep an answer, and ask whether it still holds.
pub(super) fn validators(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
}

/// Answers of the present edition, by address, so that the same question at the same time is
/// worked on once, and asked again costs nothing.
///
/// Two generations stand for a least-recently-used order: what was not asked for while one was
/// filled goes with it.
#[derive(Default)]
struct Kept {
    edition: String,
    young: HashMap<String, Slot>,
    old: HashMap<String, Slot>,
    bytes: usize,
}

type Slot = Arc<OnceCell<Arc<Page>>>;

impl Kept {
    fn slot(&mut self, edition: &str, address: &str) -> Slot {
        if self.edition != edition {
            *self = Self { edition: edition.to_owned(), ..Self::default() };
        }
        if let Some(slot) = self.young.get(address) {
            return Arc::clone(slot);
        }
        let slot = self.old.remove(address).unwrap_or_default();
        self.bytes += address.len() + slot.get().map_or(0, |page| page.weight());
        self.young.insert(address.to_owned(), Arc::clone(&slot));
        slot
    }

    fn weigh(&mut self, bytes: usize, most: usize) {
        self.bytes += bytes;
        if self.bytes > most / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }

    /// Drops the place of an answer that did not come about.
    fn forget(&mut self, address: &str) {
        if self.young.get(address).is_some_and(|slot| slot.get().is_none()) {
            self.young.remove(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stays_within_its_limit_and_its_edition() {
        let mut kept = Kept::default();
        let page = || Arc::new(Page::new("text/plain", vec![b'x'; 1000]));
        for number in 0..100 {
            let slot = kept.slot("one", &format!("/{number}"));
            slot.set(page()).unwrap();
            kept.weigh(page().weight(), 10_000);
            assert!(kept.slot("one", "/0").get().is_some(), "what is asked for often stays");
        }
        assert!(kept.young.len() + kept.old.len() <= 12);
        assert!(kept.slot("two", "/0").get().is_none());
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (item, expected) in
            [("gzip", true), (" gzip;q=0.5", true), ("gzip; q=0", false), ("br", false)]
        {
            assert_eq!(accepts_gzip(item.trim_start()), expected, "{item}");
        }
    }
}
