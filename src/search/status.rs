//! What an archive holds.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::Searcher;

use super::response::{FacetCount, JSON_VERSION, Problem, Status};
use super::tables::{Tables, Value, value_counts};
use crate::entity::EntityKind;
use crate::index::{Fields, Record};

/// The counts of what a searcher sees and the problems of a record; `index_bytes` is the size of
/// the index on disk.
///
/// # Errors
///
/// What the disk says.
pub(super) fn status(
    searcher: &Searcher,
    fields: &Fields,
    tables: &Tables,
    record: &Record,
    index_bytes: u64,
) -> tantivy::Result<Status> {
    let known = |kind| {
        tables.numbers_of(kind).filter(|number| tables.articles(*number) > 0).count() as u64
    };
    let mut problems = Vec::new();
    for (path, facts) in record.files() {
        problems.extend(facts.problems.into_iter().map(|problem| Problem {
            path: path.to_owned(),
            member: problem.member,
            reason: problem.reason,
        }));
    }
    problems.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
    let days = tables.days();
    Ok(Status {
        version: JSON_VERSION,
        articles: searcher.num_docs(),
        files: record.files().count() as u64,
        index_bytes,
        formats: most_first(&value_counts(searcher, fields.format)?),
        sources: most_first(tables.sources()),
        languages: most_first(tables.languages()),
        years: days.years(),
        months: days.months(),
        undated: days.undated(),
        people: known(EntityKind::Person),
        organisations: known(EntityKind::Organisation),
        places: known(EntityKind::Place),
        problems,
    })
}

fn most_first(values: &[Value]) -> Vec<FacetCount> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (value, count) in values {
        *counts.entry(value).or_default() += u64::from(*count);
    }
    let mut counts: Vec<FacetCount> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(value, count)| FacetCount { value: value.to_owned(), count })
        .collect();
    counts.sort_by_key(|count| Reverse(count.count));
    counts
}
