//! The pages that people read. Each is a template and the struct that fills it; the templates
//! escape all they are given.

use askama::Template;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::Value;

use super::api::segment;
use super::assets::{self, Addresses};
use super::chart::{self, Chart, Graph};
use super::clauses::{self, Clause};
use super::export::{self, Format};
use super::markup::{
    Marker, Piece, Run, counted, grouped, highlighted, printable, safe_url, spoken_date,
};
use super::original;
use super::parameters::{
    self, Arguments, about, entity_path, link, names_mut, plural, word, written,
};
use super::problem::{Kind, Problem};
use super::site::{Head, Page, Site, today};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::front::cite;
use crate::query::{FIELDS, SYNTAX};
use crate::search::{
    Archive, ArticleView, Copy, DEFAULT_LIMIT, EntityCount, EntityListRequest, EntitySort,
    Explanation, FacetCount, Facets, Hit, SearchRequest, SearchResponse, Snippet, Sort, Status,
    Timeline, TimelineRequest,
};

/// Hits of one page at most.
const MAX_PAGE: usize = 100;
/// Names of each kind that a hit shows.
const HIT_NAMES: usize = 4;
/// Copies of a story that a hit lists.
const HIT_COPIES: usize = 20;
/// Values of a facet that are shown at once, and that are shown at all.
const FACET_OPEN: usize = 6;
const FACET_ALL: usize = 20;
/// Names on the front page, of each kind.
const FRONT_NAMES: usize = 12;
/// Articles like the one that is read.
const SIMILAR: usize = 6;
/// Companions listed on an entity's page.
const COMPANIONS: usize = 30;
/// Problems listed on the page of the archive's state.
const PROBLEMS: usize = 200;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(search))
        .route("/a/{id}", get(article))
        .route("/a/{id}/cite", get(cite_article))
        .route("/a/{id}/original", get(download))
        .route("/people", get(people))
        .route("/orgs", get(organisations))
        .route("/places", get(places))
        .route("/person/{name}", get(person))
        .route("/org/{name}", get(organisation))
        .route("/place/{name}", get(place))
        .route("/status", get(status))
        .route("/api", get(description))
        .route("/help", get(help))
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
        Self { spoken: spoken_date(date), iso: date.to_string() }
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

// ---------------------------------------------------------------- search

async fn search(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let mut request = Arguments::read(&query, parameters::ARTICLE)?.search(today());
        request.text = request.text.trim().to_owned();
        if is_front(&request) {
            return Page::html(&front_page(archive)?);
        }
        if request.limit == 0 {
            request.limit = DEFAULT_LIMIT;
        }
        request.limit = request.limit.min(MAX_PAGE);
        request.facets = true;
        Page::html(&search_page(archive, &request)?)
    })
    .await
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

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    frame: Frame,
    articles: String,
    span: Option<[Day; 2]>,
    sources: usize,
    chart: Option<Chart>,
    lists: Vec<NameList>,
    syntax: Vec<Example>,
}

/// The most frequent names of a kind.
#[derive(Debug)]
struct NameList {
    title: &'static str,
    all: String,
    rows: Vec<NameRow>,
}

#[derive(Debug)]
struct NameRow {
    name: String,
    href: String,
    count: String,
}

/// Titles of the kinds, in the plural.
fn kind_title(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "People",
        EntityKind::Organisation => "Organisations",
        EntityKind::Place => "Places",
    }
}

fn front_page(archive: &Archive) -> Result<FrontPage, Problem> {
    let status = archive.status()?;
    let mut lists = Vec::new();
    for kind in EntityKind::ALL {
        let request = EntityListRequest { kind, limit: FRONT_NAMES, ..Default::default() };
        let rows = archive.entities(&request)?.entities.into_iter().map(|row| NameRow {
            href: entity_path(kind, &row.name),
            name: printable(&row.name),
            count: grouped(row.articles),
        });
        let rows: Vec<NameRow> = rows.collect();
        if !rows.is_empty() {
            lists.push(NameList {
                title: kind_title(kind),
                all: format!("/{}", plural(kind)),
                rows,
            });
        }
    }
    let years: Vec<Date> =
        status.years.iter().filter_map(|facet| facet.value.parse().ok()).collect();
    Ok(FrontPage {
        frame: Frame::new("", "", "search"),
        articles: counted(status.articles, "article", "articles"),
        span: years
            .first()
            .zip(years.last())
            .map(|(&first, &last)| [first.into(), last.into()]),
        sources: status.sources.len(),
        chart: chart::by_date(coverage(&status), &SearchRequest::default()),
        lists,
        syntax: syntax(6),
    })
}

/// Counts by year, or by month where there are few years.
fn coverage(status: &Status) -> &[FacetCount] {
    const FEW_YEARS: usize = 6;
    if status.years.len() <= FEW_YEARS { &status.months } else { &status.years }
}

/// An example of the query language.
#[derive(Debug)]
struct Example {
    text: &'static str,
    href: String,
    help: &'static str,
}

fn syntax(most: usize) -> Vec<Example> {
    let forms = SYNTAX.iter().map(|form| (form.example, form.help));
    let fields = FIELDS.iter().map(|field| (field.example, field.help));
    let request = |text: &str| SearchRequest { text: text.to_owned(), ..Default::default() };
    forms
        .chain(fields)
        .take(most)
        .map(|(text, help)| Example { text, href: link("/", &request(text)), help })
        .collect()
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    /// Filters that the form hands on.
    hidden: Vec<(&'static str, String)>,
    since: String,
    until: String,
    count: String,
    has_hits: bool,
    took: String,
    range: String,
    interpreted: Option<String>,
    warnings: Vec<String>,
    chips: Vec<Chip>,
    clear: String,
    sorts: Vec<Choice>,
    switches: Vec<Choice>,
    facets: Vec<FacetView>,
    chart: Option<Chart>,
    undated: Option<String>,
    hits: Vec<HitView>,
    first: u64,
    pages: Pages,
    exports: Vec<Link>,
    help: Vec<Link>,
    syntax: Vec<Example>,
}

/// A filter that is on.
#[derive(Debug)]
struct Chip {
    label: &'static str,
    text: String,
    remove: String,
}

/// One of several ways to show the same.
#[derive(Debug)]
struct Choice {
    text: &'static str,
    href: String,
    is_on: bool,
}

#[derive(Debug)]
struct FacetView {
    title: &'static str,
    id: &'static str,
    open: Vec<FacetRow>,
    more: Vec<FacetRow>,
}

#[derive(Debug)]
struct FacetRow {
    text: String,
    count: String,
    add: String,
    exclude: Option<String>,
    /// It is a filter already.
    is_on: bool,
}

/// Links to the other pages of the hits.
#[derive(Debug, Default)]
struct Pages {
    previous: Option<String>,
    next: Option<String>,
    numbers: Vec<PageNumber>,
}

#[derive(Debug)]
struct PageNumber {
    number: String,
    href: String,
    is_current: bool,
    /// Numbers are left out before it.
    is_after_gap: bool,
}

fn search_page(archive: &Archive, request: &SearchRequest) -> Result<SearchPage, Problem> {
    let response = archive.search(request).map_err(|error| drawn(error, &request.text))?;
    let over_time = if response.total == 0 {
        None
    } else {
        let search = SearchRequest { facets: false, ..request.clone() };
        Some(archive.timeline(&TimelineRequest { search, by: None })?)
    };
    let SearchResponse { query, total, took_ms, hits, facets, .. } = response;
    let first = hits.first().map_or(0, |hit| hit.rank);
    let last = hits.last().map_or(0, |hit| hit.rank);
    let count = if request.all_copies {
        counted(total, "article", "articles")
    } else {
        counted(total, "story", "stories")
    };
    let shown = if request.text.is_empty() { described(request) } else { request.text.clone() };
    Ok(SearchPage {
        frame: Frame::new(shown, &request.text, "search"),
        hidden: hidden(request),
        since: request.since.map(|date| date.to_string()).unwrap_or_default(),
        until: request.until.map(|date| date.to_string()).unwrap_or_default(),
        count,
        has_hits: !hits.is_empty(),
        took: format!("{took_ms:.1}"),
        range: if total > last || first > 1 {
            format!("{}–{}", grouped(first), grouped(last))
        } else {
            String::new()
        },
        interpreted: interpreted(&query.text, &query.interpreted),
        warnings: query.warnings.iter().map(|warning| printable(warning)).collect(),
        chips: chips(request),
        clear: link("/", &unfiltered(request)),
        sorts: sorts(request),
        switches: switches(request),
        facets: facets.map(|facets| facet_views(&facets, request)).unwrap_or_default(),
        undated: over_time.as_ref().and_then(undated),
        chart: over_time.and_then(|timeline| chart::timeline(&timeline.steps, request)),
        hits: hits.into_iter().map(|hit| HitView::new(hit, request)).collect(),
        first,
        pages: pages(request, total),
        exports: exports(request),
        help: if total == 0 { zero_hit_links(request) } else { Vec::new() },
        syntax: syntax(usize::MAX),
    })
}

/// A query's problem with the query drawn below it.
fn drawn(error: crate::search::SearchError, text: &str) -> Problem {
    let drawing = match &error {
        crate::search::SearchError::Query(parse_error) => Some(parse_error.render(text)),
        _ => None,
    };
    Problem { drawn: drawing.map(|drawing| printable(&drawing)), ..Problem::from(error) }
}

/// A search without a query, in words.
fn described(request: &SearchRequest) -> String {
    let names = [&request.person, &request.org, &request.place, &request.source];
    let all: Vec<&str> =
        names.iter().flat_map(|names| names.iter()).map(String::as_str).collect();
    if all.is_empty() { "Articles".to_owned() } else { all.join(", ") }
}

/// How the query was read, where that says more than the query itself.
fn interpreted(text: &str, read: &str) -> Option<String> {
    let bare = |text: &str| {
        text.replace(" AND ", " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (!read.is_empty() && bare(text) != bare(read)).then(|| printable(read))
}

fn undated(timeline: &Timeline) -> Option<String> {
    (timeline.undated > 0).then(|| counted(timeline.undated, "article", "articles"))
}

fn hidden(request: &SearchRequest) -> Vec<(&'static str, String)> {
    let bare = SearchRequest {
        text: String::new(),
        since: None,
        until: None,
        offset: 0,
        ..request.clone()
    };
    let parameters = written(&bare);
    let pairs = form_urlencoded::parse(parameters.as_bytes());
    pairs
        .filter_map(|(name, value)| {
            let known = parameters::SEARCH.iter().find(|parameter| parameter.name == name)?;
            Some((known.name, value.into_owned()))
        })
        .collect()
}

/// The same query without filters.
fn unfiltered(request: &SearchRequest) -> SearchRequest {
    let (text, _) = clauses::split(&request.text);
    SearchRequest { text, any: request.any, sort: request.sort, ..SearchRequest::default() }
}

/// The same search from its first page, changed.
fn changed(request: &SearchRequest, change: impl FnOnce(&mut SearchRequest)) -> String {
    let mut other = SearchRequest { offset: 0, ..request.clone() };
    change(&mut other);
    link("/", &other)
}

/// Leads to one list of values of a request.
type ListOf = fn(&mut SearchRequest) -> &mut Vec<String>;

/// Leads to one switch of a request.
type SwitchOf = fn(&mut SearchRequest) -> &mut bool;

fn chips(request: &SearchRequest) -> Vec<Chip> {
    let mut chips = Vec::new();
    let lists: [(&str, &[String], ListOf); 5] = [
        ("person", &request.person, |request| &mut request.person),
        ("organisation", &request.org, |request| &mut request.org),
        ("place", &request.place, |request| &mut request.place),
        ("source", &request.source, |request| &mut request.source),
        ("language", &request.lang, |request| &mut request.lang),
    ];
    for (label, values, list) in lists {
        for (index, value) in values.iter().enumerate() {
            let remove = changed(request, |other| {
                list(other).remove(index);
            });
            chips.push(Chip { label, text: printable(value), remove });
        }
    }
    if !request.any {
        let (_, clauses) = clauses::split(&request.text);
        for (index, clause) in clauses.iter().enumerate() {
            chips.push(Chip {
                label: if clause.is_excluded { "without" } else { "only" },
                text: format!("{}: {}", clause.field, printable(&clause.value)),
                remove: changed(request, |other| {
                    other.text = clauses::without(&other.text, index);
                }),
            });
        }
    }
    if let Some(date) = request.since {
        let remove = changed(request, |other| other.since = None);
        chips.push(Chip { label: "since", text: spoken_date(date), remove });
    }
    if let Some(date) = request.until {
        let remove = changed(request, |other| other.until = None);
        chips.push(Chip { label: "until", text: spoken_date(date), remove });
    }
    if let Some(days) = request.recency {
        let remove = changed(request, |other| other.recency = None);
        chips.push(Chip { label: "newer counts more", text: format!("{days} days"), remove });
    }
    chips
}

fn sorts(request: &SearchRequest) -> Vec<Choice> {
    [(Sort::Relevance, "Best match"), (Sort::Newest, "Newest"), (Sort::Oldest, "Oldest")]
        .map(|(sort, text)| Choice {
            text,
            href: changed(request, |other| other.sort = sort),
            is_on: request.sort == sort,
        })
        .into()
}

fn switches(request: &SearchRequest) -> Vec<Choice> {
    let switches: [(&str, SwitchOf); 5] = [
        ("Any of the words", |request| &mut request.any),
        ("Related words", |request| &mut request.expand),
        ("All copies", |request| &mut request.all_copies),
        ("In context", |request| &mut request.context),
        ("Scores", |request| &mut request.explain),
    ];
    switches
        .map(|(text, switch)| {
            let mut other = SearchRequest { offset: 0, ..request.clone() };
            let on = switch(&mut other);
            let is_on = *on;
            *on = !is_on;
            Choice { text, href: link("/", &other), is_on }
        })
        .into()
}

fn facet_views(facets: &Facets, request: &SearchRequest) -> Vec<FacetView> {
    let names = |kind: EntityKind| match kind {
        EntityKind::Person => &facets.person,
        EntityKind::Organisation => &facets.organisation,
        EntityKind::Place => &facets.place,
    };
    let mut views = Vec::new();
    for kind in EntityKind::ALL {
        let on = names_mut(&mut request.clone(), kind).clone();
        views.push(facet_view(kind_title(kind), word(kind), names(kind), request, &on));
    }
    views.push(facet_view("Sources", "source", &facets.source, request, &request.source));
    views.push(facet_view("Sections", "section", &facets.section, request, &[]));
    views.push(facet_view("Languages", "lang", &facets.language, request, &request.lang));
    views.retain(|view| !view.open.is_empty());
    // One value that all hits share narrows nothing.
    views.retain(|view| {
        view.open.len() > 1 || !matches!(view.id, "source" | "section" | "lang")
    });
    views
}

fn facet_view(
    title: &'static str,
    id: &'static str,
    counts: &[FacetCount],
    request: &SearchRequest,
    on: &[String],
) -> FacetView {
    let rows = counts.iter().take(FACET_ALL).map(|facet| {
        let is_on = on.contains(&facet.value);
        // Plain words have no operators: nothing can be said in the query itself.
        let clause = |is_excluded| {
            (!request.any).then(|| {
                let clause = Clause::new(id, &facet.value, is_excluded);
                changed(request, |other| other.text = clauses::with(&other.text, &clause))
            })
        };
        let add = match id {
            "section" => clause(false).unwrap_or_default(),
            _ => changed(request, |other| {
                let list = match id {
                    "person" => &mut other.person,
                    "org" => &mut other.org,
                    "place" => &mut other.place,
                    "source" => &mut other.source,
                    _ => &mut other.lang,
                };
                list.push(facet.value.clone());
            }),
        };
        let text = if id == "lang" { language(&facet.value) } else { printable(&facet.value) };
        FacetRow {
            text,
            count: grouped(facet.count),
            add,
            exclude: clause(true).filter(|_| !is_on),
            is_on,
        }
    });
    let mut open: Vec<FacetRow> = rows.filter(|row| !row.add.is_empty()).collect();
    let more = open.split_off(open.len().min(FACET_OPEN));
    FacetView { title, id, open, more }
}

/// English names of the languages that news is mostly written in; others keep their code.
fn language(code: &str) -> String {
    let name = match code {
        "ar" => "Arabic",
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" => "English",
        "es" => "Spanish",
        "fi" => "Finnish",
        "fr" => "French",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hu" => "Hungarian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "nl" => "Dutch",
        "no" | "nb" => "Norwegian",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sv" => "Swedish",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "zh" => "Chinese",
        _ => return printable(code),
    };
    name.to_owned()
}

fn pages(request: &SearchRequest, total: u64) -> Pages {
    let size = request.limit.max(1);
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    let count = total.div_ceil(size);
    if count <= 1 && request.offset == 0 {
        return Pages::default();
    }
    let current = request.offset / size;
    let at = |page: usize| {
        let other = SearchRequest { offset: page.saturating_mul(size), ..request.clone() };
        link("/", &other)
    };
    let mut shown: Vec<usize> = vec![0, count.saturating_sub(1)];
    shown.extend(current.saturating_sub(2)..=current.saturating_add(2));
    shown.retain(|page| *page < count);
    shown.sort_unstable();
    shown.dedup();
    let mut previous = None;
    let numbers = shown.into_iter().map(|page| {
        let is_after_gap = previous.replace(page).is_some_and(|before| before + 1 < page);
        PageNumber {
            number: grouped(page as u64 + 1),
            href: at(page),
            is_current: page == current,
            is_after_gap,
        }
    });
    Pages {
        numbers: numbers.collect(),
        previous: (current > 0).then(|| at((current - 1).min(count.saturating_sub(1)))),
        next: (current + 1 < count).then(|| at(current + 1)),
    }
}

fn exports(request: &SearchRequest) -> Vec<Link> {
    let all = SearchRequest { limit: 0, offset: 0, ..request.clone() };
    let names = [("CSV", "csv"), ("JSON lines", "jsonl"), ("RIS", "ris"), ("BibTeX", "bibtex")];
    names
        .map(|(text, format)| Link {
            text: text.to_owned(),
            href: format!("{}&format={format}", link("/api/v1/search", &all)),
        })
        .into()
}

/// What to try where nothing was found.
fn zero_hit_links(request: &SearchRequest) -> Vec<Link> {
    let mut links = Vec::new();
    if request.offset > 0 {
        let href = changed(request, |_| {});
        links.push(Link { text: "Go to the first page".to_owned(), href });
    }
    let bare = unfiltered(request);
    if link("/", &bare) != link("/", &SearchRequest { offset: 0, ..request.clone() }) {
        let text = "Search without the filters".to_owned();
        links.push(Link { text, href: link("/", &bare) });
    }
    if !request.any && request.text.split_whitespace().count() > 1 {
        let href = changed(request, |other| other.any = true);
        links.push(Link { text: "Find articles with any of the words".to_owned(), href });
    }
    links
}

/// A hit as a list shows it.
#[derive(Debug)]
struct HitView {
    href: String,
    title: Vec<Piece>,
    source: Option<String>,
    day: Option<Day>,
    byline: String,
    section: Option<String>,
    words: String,
    status: Option<String>,
    language: String,
    snippets: Vec<Vec<Piece>>,
    names: Vec<NameTag>,
    copies: Vec<CopyView>,
    copies_text: String,
    more_copies: usize,
    context: Vec<crate::search::ContextLine>,
    explanation: Vec<ExplainedLine>,
}

/// A name with the page that it leads to.
#[derive(Debug)]
struct NameTag {
    name: String,
    href: String,
    kind: &'static str,
    mentions: String,
}

fn name_tags(kind: EntityKind, names: &[EntityCount], most: usize) -> Vec<NameTag> {
    let tags = names.iter().take(most).map(|entity| NameTag {
        name: printable(&entity.name),
        href: entity_path(kind, &entity.name),
        kind: kind.name(),
        mentions: counted(u64::from(entity.mentions), "mention", "mentions"),
    });
    tags.collect()
}

#[derive(Debug)]
struct CopyView {
    href: String,
    title: String,
    source: Option<String>,
    day: Option<Day>,
    path: String,
}

impl CopyView {
    fn new(copy: Copy, request: &SearchRequest) -> Self {
        Self {
            href: article_link(&copy.id, request),
            title: headline(&copy.title),
            source: copy.source.as_deref().map(printable),
            day: copy.date.map(Day::from),
            path: printable(&copy.path),
        }
    }
}

/// A headline that is never empty: a link needs a text.
fn headline(title: &str) -> String {
    if title.trim().is_empty() { "Without a headline".to_owned() } else { printable(title) }
}

/// A line of an explanation, with its depth.
#[derive(Debug)]
struct ExplainedLine {
    depth: usize,
    value: String,
    reason: String,
}

fn explain(explanation: &Explanation, depth: usize, lines: &mut Vec<ExplainedLine>) {
    const DEEPEST: usize = 6;
    const MOST_LINES: usize = 80;
    if lines.len() >= MOST_LINES {
        return;
    }
    let value = format!("{:.4}", explanation.value);
    lines.push(ExplainedLine { depth, value, reason: printable(&explanation.reason) });
    if depth < DEEPEST {
        for part in &explanation.parts {
            explain(part, depth + 1, lines);
        }
    }
}

/// The address of an article, with the search that led to it.
fn article_link(id: &str, request: &SearchRequest) -> String {
    let search = SearchRequest { explain: false, context: false, ..request.clone() };
    // An identifier is URL-safe.
    link(&format!("/a/{id}"), &search)
}

impl HitView {
    fn new(hit: Hit, request: &SearchRequest) -> Self {
        let is_title = |snippet: &&Snippet| snippet.field == "title";
        let title = match hit.snippets.iter().find(is_title) {
            Some(snippet) => highlighted(&snippet.text, &snippet.highlights),
            None => highlighted(&headline(&hit.title), &[]),
        };
        let mut names = name_tags(EntityKind::Person, &hit.people, HIT_NAMES);
        names.extend(name_tags(EntityKind::Organisation, &hit.organisations, HIT_NAMES / 2));
        names.extend(name_tags(EntityKind::Place, &hit.places, HIT_NAMES / 2));
        let mut explanation = Vec::new();
        if let Some(whole) = &hit.explain {
            explain(whole, 0, &mut explanation);
        }
        let copies = hit.copies.len();
        Self {
            href: article_link(&hit.id, request),
            title,
            source: hit.source.as_deref().map(printable),
            day: hit.date.map(Day::from),
            byline: printable(&hit.byline.join(", ")),
            section: hit.section.as_deref().map(printable),
            words: counted(u64::from(hit.words), "word", "words"),
            status: hit.status.as_deref().map(printable),
            language: hit.language.unwrap_or_default(),
            snippets: hit
                .snippets
                .iter()
                .filter(|snippet| snippet.field != "title" && !snippet.text.is_empty())
                .map(|snippet| highlighted(&snippet.text, &snippet.highlights))
                .collect(),
            names,
            copies_text: counted(copies as u64, "copy", "copies"),
            more_copies: copies.saturating_sub(HIT_COPIES),
            copies: hit
                .copies
                .into_iter()
                .take(HIT_COPIES)
                .map(|copy| CopyView::new(copy, request))
                .collect(),
            context: hit
                .context
                .into_iter()
                .map(|line| crate::search::ContextLine {
                    left: printable(&line.left),
                    keyword: printable(&line.keyword),
                    right: printable(&line.right),
                })
                .collect(),
            explanation,
        }
    }
}

// ---------------------------------------------------------------- article

async fn article(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let id = segment(id)?;
        let request = Arguments::read(&query, parameters::ARTICLE)?.search(today());
        let view = archive.article(&id, Some(&request))?;
        let similar = archive.similar(&id, SIMILAR)?;
        let original = archive.original(&id).ok();
        Page::html(&article_page(view, similar, original.is_some(), &request))
    })
    .await
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    frame: Frame,
    back: Option<String>,
    id: String,
    title: Vec<Run>,
    title_text: String,
    language: String,
    day: Option<Day>,
    facts: Vec<Fact>,
    byline: Vec<Link>,
    url: Option<String>,
    url_text: Option<String>,
    status: Option<String>,
    captions: Vec<String>,
    paragraphs: Vec<Vec<Run>>,
    matches: usize,
    names: Vec<NameTagList>,
    copies: Vec<CopyView>,
    similar: Vec<HitView>,
    citations: Vec<Citation>,
    path: String,
    has_original: bool,
    json: String,
}

/// One line of what is known of an article.
#[derive(Debug)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Debug)]
struct NameTagList {
    title: &'static str,
    tags: Vec<NameTag>,
}

/// A citation in one form.
#[derive(Debug)]
struct Citation {
    name: &'static str,
    text: String,
    href: Option<String>,
}

fn article_page(
    view: ArticleView,
    similar: Vec<Hit>,
    has_original: bool,
    request: &SearchRequest,
) -> ArticlePage {
    let ArticleView { hit, dateline, edition, captions, body, title_marks, body_marks, .. } =
        view;
    let mut marker = Marker::new(&title_marks);
    let title: Vec<Run> = marker.paragraphs(&hit.title).into_iter().flatten().collect();
    marker.take(&body_marks);
    let paragraphs = marker.paragraphs(&body);
    let facts = [
        ("Source", hit.source.clone()),
        ("Section", hit.section.clone()),
        ("Page", hit.page.clone()),
        ("Edition", edition),
        ("Dateline", dateline),
        ("Language", hit.language.as_deref().map(language)),
        ("Length", Some(counted(u64::from(hit.words), "word", "words"))),
    ];
    let names = [
        (EntityKind::Person, &hit.people),
        (EntityKind::Organisation, &hit.organisations),
        (EntityKind::Place, &hit.places),
    ];
    let citations = [
        ("Text", cite::text(&hit), None),
        ("RIS", cite::ris(&hit), Some("ris")),
        ("BibTeX", cite::bibtex(&hit), Some("bibtex")),
        ("CSL-JSON", cite::csl_json(&hit), Some("csl-json")),
    ];
    let by = |name: &String| Link {
        text: printable(name),
        href: link(
            "/",
            &SearchRequest {
                text: clauses::with("", &Clause::new("by", name, false)),
                ..SearchRequest::default()
            },
        ),
    };
    let plain = SearchRequest::default();
    ArticlePage {
        frame: Frame::new(headline(&hit.title), &request.text, "search"),
        back: (!is_front(request)).then(|| link("/", request)),
        title,
        title_text: headline(&hit.title),
        language: hit.language.clone().unwrap_or_default(),
        day: hit.date.map(Day::from),
        facts: facts
            .into_iter()
            .filter_map(|(name, value)| Some(Fact { name, value: printable(&value?) }))
            .collect(),
        byline: hit.byline.iter().map(by).collect(),
        url: hit.url.as_deref().and_then(safe_url).map(str::to_owned),
        url_text: hit.url.as_deref().map(printable),
        status: hit.status.as_deref().map(printable),
        captions: captions.iter().map(|caption| printable(caption)).collect(),
        paragraphs,
        matches: marker.count(),
        names: names
            .into_iter()
            .map(|(kind, names)| NameTagList {
                title: kind_title(kind),
                tags: name_tags(kind, names, usize::MAX),
            })
            .filter(|list| !list.tags.is_empty())
            .collect(),
        similar: similar.into_iter().map(|hit| HitView::new(hit, &plain)).collect(),
        citations: citations
            .into_iter()
            .map(|(name, text, format)| Citation {
                name,
                text: printable(&text),
                href: format.map(|format| format!("/a/{}/cite?format={format}", hit.id)),
            })
            .collect(),
        path: match &hit.member {
            Some(member) => format!("{} › {}", printable(&hit.path), printable(member)),
            None => printable(&hit.path),
        },
        has_original,
        json: format!("/api/v1/articles/{}", hit.id),
        copies: hit.copies.into_iter().map(|copy| CopyView::new(copy, request)).collect(),
        id: hit.id,
    }
}

async fn cite_article(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let arguments = Arguments::read(&query, parameters::CITE)?;
        let hit = archive.article(&segment(id)?, None)?.hit;
        Ok(match arguments.text("format").and_then(Format::named) {
            Some(format) => Page::new(format.media_type(), format.entry(&hit, true)),
            None => Page::new("text/plain; charset=utf-8", export::plain_citation(&hit)),
        })
    })
    .await
}

async fn download(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    match segment(id) {
        Ok(id) => original::download(&site, &head, id).await,
        Err(problem) => refuse(&problem, &head),
    }
}

// ---------------------------------------------------------------- people, organisations, places

async fn people(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Person).await
}

async fn organisations(State(site): State<Site>, head: Head) -> Response {
    list(&site, &head, EntityKind::Organisation).await
}

async fn places(State(site): State<Site>, head: Head) -> Response {
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

fn spoken_span([first, last]: [Date; 2]) -> String {
    let (first, last) = (first.year(), last.year());
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

async fn person(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    entity(&site, &head, EntityKind::Person, name).await
}

async fn organisation(
    State(site): State<Site>,
    name: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    entity(&site, &head, EntityKind::Organisation, name).await
}

async fn place(
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

// ---------------------------------------------------------------- the archive itself

async fn status(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        Arguments::read(&query, &[])?;
        Page::html(&status_page(archive.status()?))
    })
    .await
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    figures: Vec<Fact>,
    chart: Option<Chart>,
    months: Vec<YearRow>,
    tables: Vec<CountTable>,
    problems: Vec<ProblemRow>,
    problem_count: String,
    more_problems: usize,
}

/// One year of the coverage, by month.
#[derive(Debug)]
struct YearRow {
    year: String,
    months: Vec<MonthCell>,
}

#[derive(Debug)]
struct MonthCell {
    count: String,
    /// How full it is, 0 to 5.
    level: u32,
    href: Option<String>,
}

#[derive(Debug)]
struct CountTable {
    title: &'static str,
    rows: Vec<NameRow>,
    left_out: usize,
}

#[derive(Debug)]
struct ProblemRow {
    path: String,
    reason: String,
}

/// Years whose months are shown; of a longer archive, the latest.
const MONTH_YEARS: usize = 40;
/// Rows of a table of counts.
const COUNT_ROWS: usize = 50;

fn status_page(status: Status) -> StatusPage {
    let of = |field: fn(&mut SearchRequest, String), value: &str| {
        let mut request = SearchRequest::default();
        field(&mut request, value.to_owned());
        link("/", &request)
    };
    let table =
        |title, counts: &[FacetCount], field: Option<fn(&mut SearchRequest, String)>| {
            let rows = counts.iter().take(COUNT_ROWS).map(|facet| NameRow {
                name: if title == "Languages" {
                    language(&facet.value)
                } else {
                    printable(&facet.value)
                },
                href: field.map(|field| of(field, &facet.value)).unwrap_or_default(),
                count: grouped(facet.count),
            });
            CountTable {
                title,
                rows: rows.collect(),
                left_out: counts.len().saturating_sub(COUNT_ROWS),
            }
        };
    let tables = vec![
        table("Sources", &status.sources, Some(|request, value| request.source.push(value))),
        table("Languages", &status.languages, Some(|request, value| request.lang.push(value))),
        table("Formats", &status.formats, None),
    ];
    let figures = [
        ("Articles", grouped(status.articles)),
        ("Files", grouped(status.files)),
        ("Undated", grouped(status.undated)),
        ("People", grouped(status.people)),
        ("Organisations", grouped(status.organisations)),
        ("Places", grouped(status.places)),
        ("Index", megabytes(status.index_bytes)),
    ];
    StatusPage {
        frame: Frame::new("The archive", "", "status"),
        figures: figures.into_iter().map(|(name, value)| Fact { name, value }).collect(),
        chart: chart::by_date(&status.years, &SearchRequest::default()),
        months: year_rows(&status.months),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        problem_count: grouped(status.problems.len() as u64),
        more_problems: status.problems.len().saturating_sub(PROBLEMS),
        problems: status
            .problems
            .into_iter()
            .take(PROBLEMS)
            .map(|problem| ProblemRow {
                path: match problem.member {
                    Some(member) => printable(&format!("{} › {member}", problem.path)),
                    None => printable(&problem.path),
                },
                reason: printable(&problem.reason),
            })
            .collect(),
    }
}

/// Size for people: in MB of 10⁶ bytes.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    if tenths < 1000 {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else {
        format!("{} MB", grouped(tenths / 10))
    }
}

fn year_rows(months: &[FacetCount]) -> Vec<YearRow> {
    let most = months.iter().map(|month| month.count).max().unwrap_or(1).max(1);
    let mut years: std::collections::BTreeMap<i16, [u64; 12]> =
        std::collections::BTreeMap::new();
    for facet in months {
        let Ok(date) = facet.value.parse::<Date>() else { continue };
        let counts = years.entry(date.year()).or_default();
        let month = date.month().and_then(|month| counts.get_mut(usize::from(month) - 1));
        if let Some(count) = month {
            *count += facet.count;
        }
    }
    let cell = |year: i16, index: usize, count: u64| {
        let month =
            u8::try_from(index + 1).ok().and_then(|month| Date::from_month(year, month));
        let request = SearchRequest { since: month, until: month, ..SearchRequest::default() };
        // The root makes months with few articles tell apart.
        let level = ((count as f64 / most as f64).sqrt() * 5.0).ceil() as u32;
        MonthCell {
            count: grouped(count),
            level: level.min(5),
            href: (count > 0).then(|| link("/", &request)),
        }
    };
    let skipped = years.len().saturating_sub(MONTH_YEARS);
    let rows = years.into_iter().skip(skipped).map(|(year, counts)| YearRow {
        year: year.to_string(),
        months: counts
            .into_iter()
            .enumerate()
            .map(|(index, count)| cell(year, index, count))
            .collect(),
    });
    rows.collect()
}

// ---------------------------------------------------------------- help and API

async fn help(State(site): State<Site>, head: Head) -> Response {
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

async fn description(State(site): State<Site>, head: Head) -> Response {
    let document = site.description().get().cloned().unwrap_or_default();
    let query = head.query.clone();
    site.answer(&head, move |_| {
        Arguments::read(&query, &[])?;
        Page::html(&api_page(&document))
    })
    .await
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    frame: Frame,
    about: String,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
    problems: Vec<(&'static str, u16, &'static str)>,
}

#[derive(Debug)]
struct Operation {
    id: String,
    path: String,
    /// An address to try, where no part of the path is to be filled in.
    example: Option<String>,
    summary: String,
    about: String,
    parameters: Vec<ParameterRow>,
    answer: String,
}

#[derive(Debug)]
struct ParameterRow {
    name: String,
    kind: String,
    about: String,
}

#[derive(Debug)]
struct Schema {
    name: String,
    about: String,
    fields: Vec<ParameterRow>,
}

fn api_page(document: &Value) -> ApiPage {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let operations = document["paths"].as_object().into_iter().flatten().map(|(path, item)| {
        let operation = &item["get"];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let json = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        Operation {
            id: text(&operation["operationId"]),
            path: path.clone(),
            example: (!path.contains('{')).then(|| path.clone()),
            summary: text(&operation["summary"]),
            about: text(&operation["description"]),
            parameters: parameters
                .map(|parameter| ParameterRow {
                    name: text(&parameter["name"]),
                    kind: type_of(&parameter["schema"]),
                    about: text(&parameter["description"]),
                })
                .collect(),
            answer: type_of(json),
        }
    });
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| {
        let whole = std::iter::once(schema);
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let fields = whole.chain(parts).flat_map(|part| {
            part["properties"].as_object().into_iter().flatten().map(|(name, field)| {
                ParameterRow {
                    name: name.clone(),
                    kind: type_of(field),
                    about: text(&field["description"]),
                }
            })
        });
        Schema {
            name: name.clone(),
            about: text(&schema["description"]),
            fields: fields.collect(),
        }
    });
    ApiPage {
        frame: Frame::new("API", "", "api"),
        about: text(&document["info"]["description"]),
        operations: operations.collect(),
        schemas: schemas.collect(),
        problems: Kind::ALL
            .map(|kind| (kind.slug(), kind.status().as_u16(), kind.title()))
            .into(),
    }
}

/// The type of a schema, in a word or two.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[key].as_array() {
            let names: Vec<String> = options.iter().map(type_of).collect();
            return names.join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return words.join(" | ");
    }
    let name = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    };
    if name.starts_with("array") {
        return name.replacen("array", &format!("list of {}", type_of(&schema["items"])), 1);
    }
    name
}
