//! Counts over all matches, in one pass and exact.
//!
//! The values of an article lie ready as numbers in the [`Tables`], so that counting is adding
//! one at a few places of arrays; names are looked up only for the values that are shown.

use std::cmp::Reverse;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, Searcher};

use super::response::{FacetCount, Facets};
use super::tables::{self, Imprint, Record, SegmentTables, Tables, Value};
use super::timeline::{DayCounts, Resolution};
use crate::entity::EntityKind;

/// How many values of a facet are given, the most frequent ones; of years and months all.
pub(super) const MOST_VALUES: usize = 20;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// People, organisations and places.
    pub names: bool,
    /// Sources, sections and languages.
    pub values: bool,
    /// Dates.
    pub days: bool,
}

impl Wanted {
    /// Everything.
    pub(super) const ALL: Self = Self { names: true, values: true, days: true };
    /// Dates alone, for a timeline.
    pub(super) const DAYS: Self = Self { names: false, values: false, days: true };
    /// Names alone.
    pub(super) const NAMES: Self = Self { names: true, values: false, days: false };
}

/// Counts articles and stories; one per thread, joined in the end.
pub(super) struct Counter<'a> {
    tables: &'a Tables,
    segments: Vec<SegmentTables<'a>>,
    wanted: Wanted,
    articles: u64,
    /// By number of the identity.
    names: Vec<u32>,
    /// By number of the imprint: articles that are counted by themselves.
    imprints: Vec<u32>,
    /// Stories of several matching copies, by number of the value.
    sources: Vec<u32>,
    sections: Vec<u32>,
    languages: Vec<u32>,
    days: DayCounts,
    union: Union,
}

impl<'a> Counter<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub(super) fn new(tables: &'a Tables, wanted: Wanted) -> Self {
        let zeros = |wanted: bool, length: usize| vec![0; if wanted { length } else { 0 }];
        let days = if wanted.days { tables.days().emptied() } else { DayCounts::default() };
        Self {
            tables,
            segments: tables.segments(),
            wanted,
            articles: 0,
            names: zeros(wanted.names, tables.len()),
            imprints: zeros(wanted.values, tables.imprints().len()),
            sources: zeros(wanted.values, tables.sources().len()),
            sections: zeros(wanted.values, tables.sections().len()),
            languages: zeros(wanted.values, tables.languages().len()),
            days,
            union: Union::default(),
        }
    }

    /// Another that counts the same, with nothing counted yet.
    #[must_use]
    pub(super) fn emptied(&self) -> Self {
        Self::new(self.tables, self.wanted)
    }

    /// Counts articles of a segment, each given once.
    pub(super) fn add(&mut self, segment: u32, docs: &[DocId]) {
        let Some(tables) = self.segments.get(segment as usize).copied() else { return };
        self.articles += docs.len() as u64;
        tables::fetch(docs.iter().map(|doc| (&tables, *doc)));
        for record in docs.iter().filter_map(|doc| tables.record(*doc)) {
            self.add_record(record);
        }
    }

    fn add_record(&mut self, record: Record<'_>) {
        if self.wanted.days {
            self.days.add(record.date);
        }
        add(&mut self.imprints, record.imprint);
        if self.wanted.names {
            record.identities.for_each(|number| add(&mut self.names, number));
        }
    }

    /// Counts stories by the copies of each that match. A story counts once under each value that
    /// one of these has, so that the value as a filter leaves as many stories as it counted; by
    /// date as the copy that is `shown`.
    pub(super) fn add_stories(
        &mut self,
        stories: &[&[DocAddress]],
        shown: impl Fn(&[DocAddress]) -> DocAddress,
    ) {
        // Stories of a block are brought into the cache together, like blocks of articles.
        const BLOCK: usize = 64;
        self.articles += stories.len() as u64;
        let segments = self.segments.clone();
        let place =
            |copy: &DocAddress| Some((segments.get(copy.segment_ord as usize)?, copy.doc_id));
        let mut copies: Vec<Record<'_>> = Vec::new();
        for block in stories.chunks(BLOCK) {
            tables::fetch(block.iter().flat_map(|story| *story).filter_map(place));
            for story in block {
                copies.clear();
                copies.extend(
                    story.iter().filter_map(place).filter_map(|(of, doc)| of.record(doc)),
                );
                if let [only] = copies.as_slice() {
                    self.add_record(only.clone());
                    continue;
                }
                if self.wanted.days {
                    // The copy that is shown has the earliest day, if any is known to the day.
                    let days = copies.iter().filter_map(|copy| copy.date);
                    let days = days.filter(|(_, resolution)| *resolution == Resolution::Day);
                    let of_shown = || place(&shown(story)).and_then(|(of, doc)| of.date(doc));
                    self.days.add(days.min().or_else(of_shown));
                }
                self.add_values(&copies);
            }
        }
    }

    /// Counts one story's values and names.
    fn add_values(&mut self, copies: &[Record<'_>]) {
        if self.wanted.values {
            let imprints = self.tables.imprints();
            let imprints =
                copies.iter().filter_map(|copy| imprints.get(copy.imprint as usize).copied());
            let of = |value: fn(Imprint) -> u32| imprints.clone().map(move |i| [value(i)]);
            self.union.count(of(|imprint| imprint.source), &mut self.sources);
            self.union.count(of(|imprint| imprint.section), &mut self.sections);
            self.union.count(of(|imprint| imprint.language), &mut self.languages);
        }
        if self.wanted.names {
            self.union
                .count(copies.iter().map(|copy| copy.identities.clone()), &mut self.names);
        }
    }

    /// Takes in what another counted.
    pub(super) fn join(&mut self, other: &Self) {
        self.articles += other.articles;
        self.days.join(&other.days);
        for (counts, others) in [
            (&mut self.names, &other.names),
            (&mut self.imprints, &other.imprints),
            (&mut self.sources, &other.sources),
            (&mut self.sections, &other.sections),
            (&mut self.languages, &other.languages),
        ] {
            for (count, other) in counts.iter_mut().zip(others) {
                *count += other;
            }
        }
    }

    /// How many articles were counted.
    #[must_use]
    pub(super) fn articles(&self) -> u64 {
        self.articles
    }

    /// How many of them name an identity.
    #[must_use]
    pub(super) fn count(&self, number: u32) -> u32 {
        self.names.get(number as usize).copied().unwrap_or(0)
    }

    /// The articles by day.
    #[must_use]
    pub(super) fn days(&self) -> &DayCounts {
        &self.days
    }

    /// The facets, of names and values so many at most.
    #[must_use]
    pub(super) fn facets(&self, most: usize) -> Facets {
        let mut of_kind: [Vec<(u32, u32)>; 3] = Default::default();
        for (counted, kind) in of_kind.iter_mut().zip(EntityKind::ALL) {
            counted.extend(self.of_kind(kind).map(|(number, count)| (count, number)));
        }
        let [person, organisation, place] = of_kind.map(|counted| {
            let most = most_frequent(counted, most);
            most.into_iter()
                .map(|(count, number)| FacetCount {
                    value: self.tables.name(number).to_owned(),
                    count: count.into(),
                })
                .collect()
        });
        let values = |stories: &[u32], values: &[Value], of: fn(&Imprint) -> u32| {
            let mut counts = stories.to_vec();
            for (imprint, articles) in self.tables.imprints().iter().zip(&self.imprints) {
                if let Some(count) = counts.get_mut(of(imprint) as usize) {
                    *count += articles;
                }
            }
            most_frequent_values(&counts, values, most)
        };
        let tables = self.tables;
        Facets {
            person,
            organisation,
            place,
            source: values(&self.sources, tables.sources(), |imprint| imprint.source),
            section: values(&self.sections, tables.sections(), |imprint| imprint.section),
            language: values(&self.languages, tables.languages(), |imprint| imprint.language),
            year: self.days.years(),
            month: self.days.months(),
        }
    }

    /// The identities of a kind that are named, with their counts, in no particular order.
    pub(super) fn of_kind(&self, kind: EntityKind) -> impl Iterator<Item = (u32, u32)> + '_ {
        let counts = self.tables.numbers_of(kind).map(|number| (number, self.count(number)));
        counts.filter(|(_, count)| *count > 0)
    }
}

/// What stands in at least one of several lists of rising numbers.
#[derive(Default)]
struct Union {
    numbers: Vec<u32>,
    next: Vec<u32>,
}

impl Union {
    /// Counts one for each number, however many of the lists it stands in.
    fn count<I: IntoIterator<Item = u32>>(
        &mut self,
        lists: impl Iterator<Item = I>,
        counts: &mut [u32],
    ) {
        self.numbers.clear();
        for list in lists {
            self.next.clear();
            let mut before = self.numbers.iter().copied().peekable();
            for number in list {
                self.next.extend(std::iter::from_fn(|| before.next_if(|old| *old < number)));
                if before.next_if_eq(&number).is_none() {
                    add(counts, number);
                }
                self.next.push(number);
            }
            self.next.extend(before);
            std::mem::swap(&mut self.numbers, &mut self.next);
        }
    }
}

/// Counts one; without a value the number lies beyond the array.
fn add(counts: &mut [u32], number: u32) {
    if let Some(count) = counts.get_mut(number as usize) {
        *count += 1;
    }
}

/// The most frequent of counts with numbers; of equal counts the lower numbers, which are those of
/// the more frequent names of the whole archive.
fn most_frequent(mut counted: Vec<(u32, u32)>, most: usize) -> Vec<(u32, u32)> {
    let order = |(count, number): &(u32, u32)| (Reverse(*count), *number);
    if counted.len() > most {
        counted.select_nth_unstable_by_key(most, order);
        counted.truncate(most);
    }
    counted.sort_unstable_by_key(order);
    counted
}

fn most_frequent_values(counts: &[u32], values: &[Value], most: usize) -> Vec<FacetCount> {
    let counted = counts.iter().zip(0..).filter(|(count, _)| **count > 0);
    most_frequent(counted.map(|(count, number)| (*count, number)).collect(), most)
        .into_iter()
        .filter_map(|(count, number)| {
            let (value, _) = values.get(number as usize)?;
            Some(FacetCount { value: value.clone(), count: count.into() })
        })
        .collect()
}

/// Gives the live articles that match a query, or all, in blocks: segment and documents, rising.
///
/// # Errors
///
/// What the disk says.
pub(super) fn each_match(
    searcher: &Searcher,
    query: Option<&dyn Query>,
    mut each: impl FnMut(u32, &[DocId]),
) -> tantivy::Result<()> {
    let weight = query
        .map(|query| query.weight(EnableScoring::disabled_from_searcher(searcher)))
        .transpose()?;
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let Some(weight) = &weight else {
            let mut docs = Vec::with_capacity(1024);
            let mut alive = reader.doc_ids_alive();
            loop {
                docs.clear();
                docs.extend(alive.by_ref().take(1024));
                if docs.is_empty() {
                    break;
                }
                each(segment, &docs);
            }
            continue;
        };
        match reader.alive_bitset() {
            None => weight.for_each_no_score(reader, &mut |docs| each(segment, docs))?,
            Some(alive) => {
                let mut kept = Vec::new();
                weight.for_each_no_score(reader, &mut |docs| {
                    kept.clear();
                    kept.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
                    each(segment, &kept);
                })?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::tables::fixture::{Archive, Draft, text};
    use super::*;

    fn drafts() -> Vec<Draft> {
        let people = ["Angela Merkel", "Barack Obama", "John Kerry", "Kofi Annan"];
        (0..10)
            .map(|n| Draft {
                title: "Talks",
                body: text(n, 30),
                date: ["2013-02-05", "2013-02", "2012", "", "2013-03-01"][n % 5],
                source: ["Herald", "Tribune", "Gazette"][n % 3],
                people: people
                    .iter()
                    .skip(n % 3)
                    .step_by(1 + n % 2)
                    .map(|p| (*p, ""))
                    .collect(),
                organisations: vec![["IAEA", "Microsoft"][n % 2]],
            })
            .collect()
    }

    fn sorted(counts: &[FacetCount]) -> BTreeMap<String, u64> {
        counts.iter().map(|count| (count.value.clone(), count.count)).collect()
    }

    #[test]
    fn facets_are_what_counting_article_by_article_gives() {
        let drafts = drafts();
        let mut archive = Archive::of(&drafts);
        archive.remove(4);
        let tables = archive.tables();
        let mut whole = Counter::new(&tables, Wanted::ALL);
        each_match(&archive.searcher, None, |segment, docs| whole.add(segment, docs)).unwrap();
        let facets = whole.facets(MOST_VALUES);

        let live =
            || drafts.iter().enumerate().filter(|(n, _)| *n != 4).map(|(_, draft)| draft);
        let count = |values: &mut dyn Iterator<Item = &str>| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            values.for_each(|value| *counts.entry(value.to_owned()).or_default() += 1);
            counts
        };
        let mut people = live().flat_map(|draft| draft.people.iter().map(|(name, _)| *name));
        assert_eq!(sorted(&facets.person), count(&mut people));
        let mut organisations = live().flat_map(|draft| draft.organisations.iter().copied());
        assert_eq!(sorted(&facets.organisation), count(&mut organisations));
        assert_eq!(sorted(&facets.source), count(&mut live().map(|draft| draft.source)));
        let dated = |length: usize| live().filter_map(move |draft| draft.date.get(..length));
        assert_eq!(sorted(&facets.year), count(&mut dated(4)));
        assert_eq!(sorted(&facets.month), count(&mut dated(7)));
        assert_eq!(whole.days().undated(), 2);
        assert!(facets.person.is_sorted_by_key(|value| Reverse(value.count)));
        assert_eq!(whole.facets(2).person.as_slice(), &facets.person[..2]);
    }
}
