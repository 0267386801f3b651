//! The web pages and the API, asked through the router without a socket; and the socket itself,
//! where connections misbehave.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use newshound::front::web::{Limits, ServeOptions, Site, router, serve};
use newshound::index::Location;
use newshound::ingest::{self, Progress};
use newshound::search::Archive;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A folder of articles and its index, gone at the end.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn location(&self) -> Location {
        Location::of(self.0.path(), None)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.0.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn copy(&self, from: &Path) {
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                self.copy(&entry.path());
            } else {
                // Folders are of no interest to these tests, names are.
                let name = entry.path().to_string_lossy().replace(['/', '\\'], "_");
                std::fs::copy(entry.path(), self.0.path().join(name)).unwrap();
            }
        }
    }

    fn index(&self) {
        let options = ingest::Options {
            location: self.location(),
            full: false,
            threads: None,
            limits: newshound::corpus::Limits::default(),
            // 2026-01-01.
            now: 1_767_225_600_000_000_000,
        };
        ingest::run(&options, &Progress::default()).unwrap();
    }

    fn open(&self) -> Arc<Archive> {
        Arc::new(Archive::open(&self.location()).unwrap())
    }
}

/// The archive of most tests: some of the sample, and articles that mean harm.
fn archive() -> Arc<Archive> {
    static SHARED: LazyLock<(Folder, Arc<Archive>)> = LazyLock::new(|| {
        let folder = Folder::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        folder.copy(&root.join("sample_corpus/wire/2013"));
        folder.copy(&root.join("sample_corpus/tribune/2013"));
        folder.copy(&root.join("sample_corpus/gazette"));
        folder.copy(&root.join("tests/web/hostile"));
        folder.index();
        let archive = folder.open();
        (folder, archive)
    });
    Arc::clone(&SHARED.1)
}

fn pages_with(options: &ServeOptions) -> Router {
    router(Site::new(archive(), options).unwrap())
}

fn pages() -> Router {
    pages_with(&ServeOptions::default())
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Asks for `target`, as a client on this machine does unless `headers` say otherwise.
fn ask(router: &Router, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(target);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost:7700");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    })
}

fn get(router: &Router, target: &str) -> Answer {
    ask(router, "GET", target, &[])
}

/// Identifiers of the articles that a search finds.
fn ids(router: &Router, query: &str) -> Vec<String> {
    let answer = get(router, &format!("/api/v1/search?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let hits = answer.json()["hits"].as_array().unwrap().clone();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

const PAGES: [&str; 12] = [
    "/",
    "/?q=hostile",
    "/?q=hostile&context=true&explain=true",
    "/?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/?person=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
    "/people",
    "/orgs",
    "/places",
    "/person/John%20Kerry",
    "/status",
    "/help",
    "/api",
];

#[test]
fn no_markup_of_an_article_or_an_address_reaches_a_page() {
    let router = pages();
    let hostile = ids(&router, "q=hostile").remove(0);
    let article = format!("/a/{hostile}?q=hostile");
    let unknown = "/person/%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let wrong = "/?%3Cscript%3E=alert(1)";
    for page in PAGES.into_iter().chain([article.as_str(), unknown, wrong]) {
        let text = get(&router, page).text();
        assert!(text.starts_with("<!doctype html>"), "{page}");
        for forbidden in ["<script>", "<img", "href=\"javascript:", "\u{1b}", "style=\"", "<b>"]
        {
            assert!(!text.contains(forbidden), "{page} holds {forbidden}");
        }
    }
    let text = get(&router, &article).text();
    assert!(text.contains("&#60;script&#62;") || text.contains("&lt;script&gt;"), "{text}");
}

#[test]
fn the_original_is_sent_to_be_saved_and_only_from_the_archives_folder() {
    let folder = Folder::new();
    let text = "Harbour <script>alert(1)</script> opens\n\nThe harbour opened on Monday.\n";
    folder.write("port/harbour \"new\".txt", text);
    folder.write("port/second.txt", "A second harbour\n\nIt opened on Tuesday, in the rain.\n");
    folder.index();
    let router = router(Site::new(folder.open(), &ServeOptions::default()).unwrap());
    let answer = get(&router, "/api/v1/search?q=harbour&sort=relevance");
    let hits = answer.json()["hits"].as_array().unwrap().clone();
    let id_of = |part: &str| {
        let is_it = |hit: &&serde_json::Value| hit["path"].as_str().unwrap().contains(part);
        hits.iter().find(is_it).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let original = get(&router, &format!("/a/{}/original", id_of("new")));
    assert_eq!(original.text(), text);
    assert_eq!(original.header("content-type"), "application/octet-stream");
    assert_eq!(original.header("x-content-type-options"), "nosniff");
    assert!(
        original.header("content-disposition").starts_with("attachment; filename=\"harbour")
    );

    // A link put in the place of a file leads nowhere.
    #[cfg(unix)]
    {
        let second = folder.0.path().join("port/second.txt");
        std::fs::remove_file(&second).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &second).unwrap();
        let gone = get(&router, &format!("/a/{}/original", id_of("second")));
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        assert!(!gone.text().contains("root:"));
    }
}

#[test]
fn a_new_commit_is_seen_without_a_restart() {
    let folder = Folder::new();
    folder.write("one.txt", "The first harbour\n\nIt opened on Monday, in the morning.\n");
    folder.index();
    let limits = Limits { refresh: Duration::ZERO, ..Limits::default() };
    let options = ServeOptions { limits, ..ServeOptions::default() };
    let router = router(Site::new(folder.open(), &options).unwrap());
    let first = get(&router, "/api/v1/search?q=harbour");
    assert_eq!(first.json()["total"], 1);
    folder
        .write("two.txt", "The second harbour\n\nIt opened on Tuesday, late in the evening.\n");
    folder.index();
    let tag = [("if-none-match", first.header("etag"))];
    let second = ask(&router, "GET", "/api/v1/search?q=harbour", &tag);
    assert_eq!(second.json()["total"], 2);
}

#[test]
fn every_answer_bears_the_headers_that_keep_others_out() {
    let router = pages();
    for target in ["/", "/api/v1/search?q=a", "/nowhere", "/api/v1/search?x=1", "/metrics"] {
        let answer = get(&router, target);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{target}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{target}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{target}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{target}");
    }
}

#[test]
fn only_a_host_that_is_the_servers_own_is_answered() {
    let router = pages();
    for (host, status) in [
        ("127.0.0.1:7700", StatusCode::OK),
        ("[::1]:7700", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1.evil.example:7700", StatusCode::MISDIRECTED_REQUEST),
        ("10.1.2.3", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for target in ["/", "/api/v1/status", "/metrics", "/api/v1/health"] {
            assert_eq!(ask(&router, "GET", target, &[("host", host)]).status, status, "{host}");
        }
    }
    let two = [("host", "localhost"), ("host", "evil.example")];
    assert_eq!(ask(&router, "GET", "/", &two).status, StatusCode::BAD_REQUEST);
}

#[test]
fn no_path_reaches_the_file_system() {
    let router = pages();
    for target in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../Cargo.toml",
        "/assets/x/..%2f..%2fmod.rs",
        "/a/..%2f..%2f..%2fetc%2fpasswd",
        "/a/..%2f..%2f..%2fetc%2fpasswd/original",
        "/a/%2e%2e/original",
        "/a/%00/original",
        "//etc/passwd",
        "/api/v1/articles/..%2f..%2fetc%2fpasswd",
    ] {
        let answer = get(&router, target);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{target}");
        assert!(!answer.text().contains("root:"), "{target}");
    }
}

#[test]
fn errors_are_problem_details_for_programs_and_pages_for_people() {
    let router = pages();
    for (target, status, kind) in [
        ("/api/v1/search?q=a&persn=b", 400, "unknown-parameter"),
        ("/api/v1/search?q=a&since=soon", 400, "bad-parameter"),
        ("/api/v1/search?q=a&limit=0", 400, "bad-parameter"),
        ("/api/v1/search?q=persn:x", 400, "bad-query"),
        ("/api/v1/search?q=persn:x&format=csv", 400, "bad-query"),
        ("/api/v1/articles/none", 404, "no-such-article"),
        ("/api/v1/people/Nobody%20Nowhere", 404, "no-such-entity"),
        ("/api/v1/nothing", 404, "no-such-page"),
    ] {
        let answer = get(&router, target);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{target}");
        let problem = answer.json();
        assert_eq!(
            (answer.status.as_u16(), problem["status"].as_u64()),
            (status, Some(u64::from(status)))
        );
        assert_eq!(problem["type"], format!("/api#{kind}"), "{target}");
        assert!(problem["hint"].is_string(), "{target} has a hint");
        assert!(get(&router, "/api").text().contains(&format!("id=\"{kind}\"")));
    }
    let page = get(&router, "/?q=persn%3Ax");
    assert_eq!(page.status, 400);
    assert!(page.text().contains("value=\"persn:x\""), "what was typed can be mended");
    let answer = ask(&router, "POST", "/api/v1/search", &[]);
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD"));
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let router = pages();
    for target in
        ["/?q=minister", "/api/v1/search?q=minister", "/api/v1/search?q=minister&format=csv"]
    {
        let first = get(&router, target);
        let tag = first.header("etag");
        assert_eq!(first.header("cache-control"), "private, no-cache", "{target}");
        let again = ask(&router, "GET", target, &[("if-none-match", tag)]);
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{target}");
        assert_eq!(again.header("etag"), tag);
        let other = ask(&router, "GET", &format!("{target}+x"), &[("if-none-match", tag)]);
        assert_ne!(other.status, StatusCode::NOT_MODIFIED);
        let head = ask(&router, "HEAD", target, &[]);
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    }
}

#[test]
fn pages_are_small_on_the_wire() {
    let router = pages();
    let article = format!("/a/{}?q=minister", ids(&router, "q=minister").remove(0));
    for page in PAGES.into_iter().chain(["/?q=minister&person=John+Kerry", &article]) {
        let answer = ask(&router, "GET", page, &[("accept-encoding", "gzip, br")]);
        assert_eq!(answer.header("content-encoding"), "gzip", "{page}");
        assert!(answer.body.len() < 100_000, "{page}: {} bytes", answer.body.len());
    }
}

#[test]
fn too_much_is_refused() {
    let router = pages();
    let long = "a".repeat(1_000_000);
    let answer = get(&router, &format!("/?q={}", long.get(..40_000).unwrap()));
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
    let answer = get(&router, &format!("/api/v1/search?q={}", long.get(..9_000).unwrap()));
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = ask(&router, "GET", "/", &[("content-length", "1000000")]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);

    let limits = Limits { waiting: 0, ..Limits::default() };
    let busy = pages_with(&ServeOptions { limits, ..ServeOptions::default() });
    let answer = get(&busy, "/api/v1/search?q=minister");
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "1");
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    let options = ServeOptions {
        addr: SocketAddr::from(([0, 0, 0, 0], 7700)),
        allow_remote: true,
        token: Some("open sesame".to_owned()),
        ..ServeOptions::default()
    };
    let router = pages_with(&options);
    for target in
        ["/", "/api/v1/search?q=minister", "/metrics", "/?token=wrong", "/a/x/original"]
    {
        let answer = get(&router, target);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{target}");
        assert!(!answer.text().contains("John Kerry"));
    }
    assert_eq!(get(&router, "/api/v1/health").status, StatusCode::OK);

    let bearer = [("authorization", "Bearer open sesame")];
    assert_eq!(
        ask(&router, "GET", "/api/v1/search?q=minister", &bearer).status,
        StatusCode::OK
    );
    let in_address = "/api/v1/search?token=open+sesame&q=minister";
    assert_eq!(get(&router, in_address).status, StatusCode::OK);

    let entered = get(&router, "/?q=minister&token=open+sesame");
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(entered.header("location"), "/?q=minister");
    let cookie = entered.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"));
    assert!(!cookie.contains("sesame"), "the cookie does not tell the token");
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(
        ask(&router, "GET", "/?q=minister", &[("cookie", cookie)]).status,
        StatusCode::OK
    );

    let away = get(&router, "//evil.example/?token=open+sesame");
    assert_eq!(away.header("location"), "/evil.example/", "only an address of this server");
}

#[test]
fn other_sites_read_the_api_only_where_that_was_allowed() {
    let options = ServeOptions {
        allow_origins: vec!["https://lab.example".to_owned()],
        ..ServeOptions::default()
    };
    let router = pages_with(&options);
    for (origin, allowed) in
        [("https://lab.example", "https://lab.example"), ("https://evil.example", "")]
    {
        let answer = ask(&router, "GET", "/api/v1/status", &[("origin", origin)]);
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        assert!(answer.header("vary").contains("accept-encoding"));
        let page = ask(&router, "GET", "/", &[("origin", origin)]);
        assert_eq!(page.header("access-control-allow-origin"), "", "pages are never shared");
    }
}

#[test]
fn an_export_holds_every_hit() {
    let router = pages();
    let total = get(&router, "/api/v1/search?q=*").json()["total"].as_u64().unwrap();
    let all = usize::try_from(total).unwrap();
    let count = |format: &str, start: &str| {
        let target = format!("/api/v1/search?q=*&limit=0&format={format}");
        let answer = get(&router, &target);
        assert!(answer.header("content-disposition").starts_with("attachment"), "{format}");
        answer.text().lines().filter(|line| line.starts_with(start)).count()
    };
    assert!(all > 10);
    assert_eq!(count("jsonl", "{\"rank\":"), all);
    assert_eq!(count("ris", "TY  - NEWS"), all);
    assert_eq!(count("bibtex", "@"), all);
    let cited = get(&router, "/api/v1/search?q=*&limit=0&format=csl-json").json();
    assert_eq!(cited.as_array().map(Vec::len), Some(all));
    let table = get(&router, "/api/v1/search?q=*&limit=0&format=csv");
    assert_eq!(csv::Reader::from_reader(&table.body[..]).records().count(), all);
    let gzip = [("accept-encoding", "gzip")];
    let packed = ask(&router, "GET", "/api/v1/search?q=*&limit=0&format=csv", &gzip);
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(&packed.body[..]);
    Read::read_to_end(&mut decoder, &mut unpacked).unwrap();
    assert!(unpacked == table.body, "the same, packed");
    assert!(packed.body.len() < unpacked.len());
}

#[test]
fn the_description_names_every_operation_with_its_parameters() {
    let router = pages();
    let document = get(&router, "/api/v1/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let page = get(&router, "/api").text();
    for (path, item) in paths {
        assert!(page.contains(path.as_str()), "{path} is on the page");
        let operation = &item["get"];
        assert!(operation["summary"].is_string(), "{path}");
        assert!(operation["responses"]["503"].is_object(), "{path}");
        if !path.contains('{') {
            // A search for nothing at all is none.
            let query = if path.ends_with("/search") { "?q=*" } else { "" };
            let answer = get(&router, &format!("{path}{query}"));
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        }
    }
    for name in ["articles/{id}", "people", "people/{name}", "timeline", "suggest", "status"] {
        assert!(paths.contains_key(&format!("/api/v1/{name}")), "{name}");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is described");
    }
}

#[test]
fn counters_tell_what_was_asked() {
    let router = pages();
    get(&router, "/api/v1/search?q=minister");
    get(&router, "/api/v1/search?q=minister");
    get(&router, "/made/up/by/a/client");
    let text = get(&router, "/metrics").text();
    let line = "newshound_http_requests_total{route=\"/api/v1/search\",status=\"200\"} 2";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("newshound_answers_kept_total 1"), "{text}");
    assert!(!text.contains("made/up"), "no path of a client becomes a label");
}

/// A server on a free port, for as long as the tests run.
fn listening(limits: Limits) -> SocketAddr {
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = ServeOptions { addr, limits, ..ServeOptions::default() };
        serve(&options, archive(), move |bound| told.send(bound).unwrap()).unwrap();
    });
    address.recv_timeout(Duration::from_secs(30)).unwrap()
}

fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

fn answer_to(address: SocketAddr, text: &str) -> String {
    let mut answer = String::new();
    // A connection that was cut gives what came before.
    let _ = send(address, text).read_to_string(&mut answer);
    answer
}

#[test]
fn half_sent_requests_keep_nobody_out() {
    let address = listening(Limits { connections: 40, ..Limits::default() });
    let held: Vec<TcpStream> =
        (0..300).map(|_| send(address, "GET / HTTP/1.1\r\nHost: local")).collect();
    let began = Instant::now();
    for _ in 0..20 {
        let answer = answer_to(
            address,
            "GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        );
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(began.elapsed() < Duration::from_secs(10));
    drop(held);
}

#[test]
fn a_head_that_never_ends_and_a_head_without_end_are_cut_off() {
    let head = Duration::from_millis(300);
    let address = listening(Limits { head, ..Limits::default() });
    let began = Instant::now();
    answer_to(address, "GET / HTTP/1.1\r\nHost: local");
    assert!(began.elapsed() < Duration::from_secs(20), "the connection was closed");
    let endless = format!("GET /?q={} HTTP/1.1\r\n", "a".repeat(1_000_000));
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may close before all of it is sent.
    let _ = stream.write_all(endless.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let answer = answer_to(
        address,
        "GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
