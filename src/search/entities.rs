//! Lists of people, organisations and places.

use std::cmp::Reverse;

use tantivy::query::Query;
use tantivy::{DocId, Searcher};

use super::facets::{Counter, Wanted, each_match};
use super::profile::log_likelihood;
use super::request::{EntityListRequest, EntitySort};
use super::response::{EntityList, EntityRow, JSON_VERSION};
use super::tables::Tables;
use super::terms::matches_pattern;
use super::timeline::{Dated, DayCounts};
use crate::entity::EntityKind;
use crate::text::fold;

/// Other forms that a row shows.
const MOST_FORMS: usize = 8;

/// Lists identities. `query` says which articles count (the request's text and dates, compiled);
/// left out, all do.
///
/// # Errors
///
/// What the disk says.
pub(super) fn list(
    searcher: &Searcher,
    tables: &Tables,
    request: &EntityListRequest,
    query: Option<&dyn Query>,
) -> tantivy::Result<EntityList> {
    let mut list = EntityList {
        version: JSON_VERSION,
        kind: request.kind,
        total: 0,
        warnings: Vec::new(),
        entities: Vec::new(),
    };
    let with = match &request.with {
        None => None,
        Some(name) => {
            let (taken, warnings) = taken_for(tables, EntityKind::Person, name);
            list.warnings.extend(warnings);
            match taken {
                None => return Ok(list),
                taken => taken,
            }
        }
    };
    let scope = Scope { searcher, tables, query, with };
    let mut counted = match request.sort {
        EntitySort::Rising => scope.rising(request.kind)?,
        EntitySort::Articles | EntitySort::Name => scope.counts(request.kind)?,
    };
    counted.retain(|row| Some(row.number) != with);
    if let Some(pattern) =
        request.pattern.as_deref().filter(|pattern| !pattern.trim().is_empty())
    {
        let pattern = Pattern::read(pattern);
        counted.retain(|row| pattern.fits(tables, row.number));
    } else {
        // Nobody, but articles of which it is open whom they mean.
        counted.retain(|row| !tables.is_open_surname(row.number));
    }
    match request.sort {
        EntitySort::Articles => {
            counted.sort_unstable_by_key(|row| (Reverse(row.articles), row.number));
        }
        EntitySort::Name => {
            counted.sort_by_cached_key(|row| {
                let name = tables.name(row.number);
                (fold(name).into_owned(), row.number)
            });
        }
        EntitySort::Rising => {
            counted.sort_by(|a, b| b.rise.total_cmp(&a.rise).then(a.number.cmp(&b.number)));
        }
    }
    list.total = counted.len() as u64;
    let most = if request.limit == 0 { usize::MAX } else { request.limit };
    let page: Vec<Row> = counted.into_iter().skip(request.offset).take(most).collect();
    list.entities = scope.rows(&page)?;
    Ok(list)
}

/// Who a name typed is taken for, as a number, and what a person should know about it.
#[must_use]
pub(super) fn taken_for(
    tables: &Tables,
    kind: EntityKind,
    name: &str,
) -> (Option<u32>, Vec<String>) {
    let identities = tables.identities();
    let found = identities.find(kind, name);
    let mut warnings = Vec::new();
    let Some(id) = found.took_for else {
        warnings.push(format!("no {} called `{}` is known", kind.name(), name.trim()));
        return (None, warnings);
    };
    // One that goes by just this name is meant, as where a list leads to it, unless the other is
    // the better known of the two.
    let articles = |id| tables.number(id).map_or(0, |number| tables.articles(number));
    let id = found
        .exact
        .iter()
        .copied()
        .filter(|own| {
            identities.canonical(*own) == name.trim() && articles(*own) >= articles(id)
        })
        .max_by_key(|own| articles(*own))
        .unwrap_or(id);
    let shown = identities.canonical(id);
    if !found.exact.contains(&id) {
        warnings.push(format!("`{}` was taken for `{shown}`", name.trim()));
    } else if fold(shown) != fold(name.trim()) {
        let also: Vec<&str> = found
            .exact
            .iter()
            .filter(|other| **other != id)
            .take(3)
            .map(|other| identities.canonical(*other))
            .collect();
        let mut warning = format!("`{}` was taken for `{shown}`", name.trim());
        if !also.is_empty() {
            let others = found.exact.len() - 1;
            warning.push_str(&format!("; {others} more bear that name: {}", also.join(", ")));
            if others > also.len() {
                warning.push_str(", …");
            }
        }
        warnings.push(warning);
    }
    (tables.number(id), warnings)
}

struct Row {
    number: u32,
    articles: u32,
    rise: f64,
}

/// The articles that count.
struct Scope<'a> {
    searcher: &'a Searcher,
    tables: &'a Tables,
    query: Option<&'a dyn Query>,
    /// Only those that name this one.
    with: Option<u32>,
}

impl Scope<'_> {
    fn each(&self, mut each: impl FnMut(u32, &[DocId])) -> tantivy::Result<()> {
        let mut kept = Vec::new();
        each_match(self.searcher, self.query, |segment, docs| match self.with {
            None => each(segment, docs),
            Some(number) => {
                let tables = self.tables.segment(segment);
                kept.clear();
                kept.extend(docs.iter().copied().filter(|doc| tables.names(*doc, number)));
                each(segment, &kept);
            }
        })
    }

    fn counts(&self, kind: EntityKind) -> tantivy::Result<Vec<Row>> {
        if self.query.is_none() && self.with.is_none() {
            let all = self.tables.numbers_of(kind);
            let rows = all.map(|number| Row {
                number,
                articles: self.tables.articles(number),
                rise: 0.0,
            });
            return Ok(rows.filter(|row| row.articles > 0).collect());
        }
        let mut counter = Counter::new(self.tables, Wanted::NAMES);
        self.each(|segment, docs| counter.add(segment, docs))?;
        let rows =
            counter.of_kind(kind).map(|(number, articles)| Row { number, articles, rise: 0.0 });
        Ok(rows.collect())
    }

    /// Those whose share of the articles is larger in the last quarter of the time than before,
    /// with the log-likelihood ratio of that difference.
    fn rising(&self, kind: EntityKind) -> tantivy::Result<Vec<Row>> {
        let mut days = Counter::new(self.tables, Wanted::DAYS);
        self.each(|segment, docs| days.add(segment, docs))?;
        let Some(boundary) = last_quarter(days.days()) else { return Ok(Vec::new()) };
        let wanted = Wanted::NAMES;
        let (mut late, mut early) =
            (Counter::new(self.tables, wanted), Counter::new(self.tables, wanted));
        let (mut late_docs, mut early_docs) = (Vec::new(), Vec::new());
        self.each(|segment, docs| {
            late_docs.clear();
            early_docs.clear();
            let tables = self.tables.segment(segment);
            for doc in docs {
                match tables.date(*doc) {
                    Some((day, _)) if day >= boundary => late_docs.push(*doc),
                    Some(_) => early_docs.push(*doc),
                    None => {}
                }
            }
            late.add(segment, &late_docs);
            early.add(segment, &early_docs);
        })?;
        let (all_late, all_early) = (late.articles() as f64, early.articles() as f64);
        let rows = late.of_kind(kind).filter_map(|(number, count)| {
            let (now, before) = (f64::from(count), f64::from(early.count(number)));
            let rises = now * all_early > before * all_late;
            let rise = log_likelihood(now, all_late - now, before, all_early - before);
            let articles = count + early.count(number);
            rises.then_some(Row { number, articles, rise })
        });
        Ok(rows.collect())
    }

    /// The rows of a page, with first and last date among the articles that count.
    fn rows(&self, page: &[Row]) -> tantivy::Result<Vec<EntityRow>> {
        let mut slots = vec![0u32; self.tables.len()];
        for (row, slot) in page.iter().zip(1..) {
            if let Some(place) = slots.get_mut(row.number as usize) {
                *place = slot;
            }
        }
        let mut days: Vec<Vec<Dated>> = vec![Vec::new(); page.len()];
        self.each(|segment, docs| {
            let tables = self.tables.segment(segment);
            for doc in docs {
                let Some(record) = tables.record(*doc).filter(|record| record.date.is_some())
                else {
                    continue;
                };
                for number in record.identities {
                    let slot = slots.get(number as usize).copied();
                    let days =
                        slot.and_then(|slot| days.get_mut((slot as usize).wrapping_sub(1)));
                    if let Some(days) = days {
                        widen(days, record.date);
                    }
                }
            }
        })?;
        let rows = page.iter().zip(days).map(|(row, days)| {
            let name = self.tables.name(row.number).to_owned();
            let identities = self.tables.identities();
            let forms = self.tables.id(row.number).map(|id| {
                let others = identities.forms(id).map(|(form, _)| form.to_owned());
                others.filter(|form| *form != name).take(MOST_FORMS).collect()
            });
            EntityRow {
                articles: row.articles.into(),
                forms: forms.unwrap_or_default(),
                span: DayCounts::of(&days).span(),
                name,
            }
        });
        Ok(rows.collect())
    }
}

/// Keeps the first and the last of some dates.
fn widen(days: &mut Vec<Dated>, date: Dated) {
    if days.len() < 2 {
        days.push(date);
        days.sort_unstable();
        return;
    }
    if let [first, last] = days.as_mut_slice() {
        if date < *first {
            *first = date;
        } else if date > *last {
            *last = date;
        }
    }
}

/// The day that the last quarter of the time begins with. A few articles far from all others
/// (wrong dates, most often) do not count for what the time is.
fn last_quarter(days: &DayCounts) -> Option<i32> {
    let (first, last) = (days.quantile(0.005)?, days.quantile(0.995)?);
    Some(last - (last - first) / 4)
}

/// Which names are wanted.
enum Pattern {
    /// With `*` and `?`, for the whole name.
    Wild(Vec<char>),
    /// All these words, in any order.
    Words(Vec<String>),
}

impl Pattern {
    fn read(pattern: &str) -> Self {
        let folded = fold(pattern.trim());
        if folded.contains(['*', '?']) {
            return Self::Wild(folded.chars().collect());
        }
        let words =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self::Words(words.map(str::to_owned).collect())
    }

    fn fits(&self, tables: &Tables, number: u32) -> bool {
        let Some(id) = tables.id(number) else { return false };
        self.fits_name(tables.name(number))
            || tables.identities().forms(id).any(|(form, _)| self.fits_name(form))
    }

    fn fits_name(&self, name: &str) -> bool {
        let words = match self {
            Self::Wild(pattern) => return matches_pattern(pattern, &fold(name)),
            Self::Words(words) => words,
        };
        let has = |name: &str, wanted: &String| {
            let mut words = name.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word.eq_ignore_ascii_case(wanted))
        };
        if name.is_ascii() {
            return words.iter().all(|wanted| has(name, wanted));
        }
        let folded = fold(name);
        words.iter().all(|wanted| has(&folded, wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::fixture::{Archive, Draft, text};
    use super::*;

    fn archive() -> Archive {
        let people: [(&'static str, &[&'static str]); 8] = [
            ("2001-01-01", &["John Kerry", "Barack Obama"]),
            ("2001-02-01", &["John Kerry"]),
            ("2001-03-01", &["John F. Kerry", "Kofi Annan"]),
            ("2001-04-01", &["Kofi Annan"]),
            ("2001-05-01", &["Kofi Annan", "John Kerry"]),
            ("2001-06-01", &["Kofi Annan"]),
            ("2001-11-01", &["Barack Obama"]),
            ("2001-12-01", &["Barack Obama"]),
        ];
        let drafts = people.into_iter().enumerate().map(|(number, (date, people))| Draft {
            title: "Talks",
            body: text(number, 30),
            date,
            source: "Herald",
            people: people.iter().map(|name| (*name, "")).collect(),
            ..Draft::default()
        });
        Archive::of(&drafts.collect::<Vec<_>>())
    }

    #[test]
    fn lists_are_narrowed_and_ordered() {
        let archive = archive();
        let tables = archive.tables();
        let check = |request: EntityListRequest, wanted: &[(&str, u64)]| {
            let list = list(&archive.searcher, &tables, &request, None).unwrap();
            let rows: Vec<(&str, u64)> =
                list.entities.iter().map(|row| (row.name.as_str(), row.articles)).collect();
            assert_eq!(rows, wanted, "{request:?}");
        };
        let request = EntityListRequest::default;
        let all = [("John Kerry", 4), ("Kofi Annan", 4), ("Barack Obama", 3)];
        check(request(), &all);
        check(EntityListRequest { offset: 1, limit: 1, ..request() }, &all[1..2]);
        check(EntityListRequest { pattern: Some("kerry".into()), ..request() }, &all[..1]);
        check(EntityListRequest { pattern: Some("*OBAMA".into()), ..request() }, &all[2..]);
        check(
            EntityListRequest { with: Some("kerry".into()), ..request() },
            &[("Kofi Annan", 2), ("Barack Obama", 1)],
        );
        check(EntityListRequest { sort: EntitySort::Rising, ..request() }, &all[2..]);
        check(
            EntityListRequest { sort: EntitySort::Name, limit: 1, ..request() },
            &[("Barack Obama", 3)],
        );
        check(EntityListRequest { kind: EntityKind::Place, ..request() }, &[]);
    }

    #[test]
    fn rows_tell_forms_and_dates() {
        let archive = archive();
        let list = list(
            &archive.searcher,
            &archive.tables(),
            &EntityListRequest { limit: 1, ..EntityListRequest::default() },
            None,
        );
        let row = list.unwrap().entities.remove(0);
        assert_eq!(row.forms, ["John F. Kerry"]);
        assert_eq!(
            row.span.unwrap().map(|date| date.to_string()),
            ["2001-01-01", "2001-05-01"]
        );
    }
}
