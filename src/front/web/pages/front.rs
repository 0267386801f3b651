//! The front page: what the archive holds at a glance, and ways into it.

use askama::Template;

use super::help::{Example, syntax};
use super::{Day, Frame, NameRow, kind_title};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::front::web::chart::{self, Chart};
use crate::front::web::markup::printable;
use crate::front::web::parameters::{entity_path, plural};
use crate::front::web::problem::Problem;
use crate::search::{Archive, EntityListRequest, FacetCount, SearchRequest, Status};
use crate::text::{counted, grouped};

/// Names on the front page, of each kind.
const FRONT_NAMES: usize = 12;

#[derive(Template)]
#[template(path = "front.html")]
pub(super) struct FrontPage {
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

pub(super) fn front_page(archive: &Archive) -> Result<FrontPage, Problem> {
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
