//! What the archive holds, and what could not be read.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Fact, Frame, NameRow, language};
use crate::article::Date;
use crate::front::web::chart::{self, Chart};
use crate::front::web::markup::printable;
use crate::front::web::parameters::{Arguments, link};
use crate::front::web::site::{Head, Page, Site};
use crate::search::{FacetCount, SearchRequest, Status};
use crate::text::grouped;

/// Problems listed on the page of the archive's state.
const PROBLEMS: usize = 200;

/// Years whose months are shown; of a longer archive, the latest.
const MONTH_YEARS: usize = 40;

/// Rows of a table of counts.
const COUNT_ROWS: usize = 50;

pub(super) async fn status(State(site): State<Site>, head: Head) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        Arguments::read(&query, &[])?;
        Page::html(&status_page(&*archive.status()?))
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

fn status_page(status: &Status) -> StatusPage {
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
            .iter()
            .take(PROBLEMS)
            .map(|problem| ProblemRow {
                path: match &problem.member {
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
    let mut years: BTreeMap<i16, [u64; 12]> = BTreeMap::new();
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
