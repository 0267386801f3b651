//! The search page: hits, and ways to narrow them down.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::front::front_page;
use super::help::{Example, syntax};
use super::hit::HitView;
use super::{Frame, Link, MAX_PAGE, drawn, is_front, kind_title, language};
use crate::entity::EntityKind;
use crate::front::cite::written_date;
use crate::front::web::chart::{self, Chart};
use crate::front::web::clauses::{self, Clause};
use crate::front::web::markup::printable;
use crate::front::web::parameters::{self, Arguments, link, names_mut, word, written};
use crate::front::web::problem::Problem;
use crate::front::web::site::{Head, Page, Site, today};
use crate::search::{
    Archive, DEFAULT_LIMIT, FacetCount, Facets, SearchRequest, SearchResponse, Sort, Timeline,
};
use crate::text::{counted, grouped};

/// Values of a facet that are shown at once, and that are shown at all.
const FACET_OPEN: usize = 6;
const FACET_ALL: usize = 20;

pub(super) async fn search(State(site): State<Site>, head: Head) -> Response {
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
    let found = archive.search_over_time(request);
    let (response, timeline) = found.map_err(|error| drawn(error, &request.text))?;
    let over_time = (response.total > 0).then_some(timeline);
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
        chips.push(Chip { label: "since", text: written_date(date), remove });
    }
    if let Some(date) = request.until {
        let remove = changed(request, |other| other.until = None);
        chips.push(Chip { label: "until", text: written_date(date), remove });
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
