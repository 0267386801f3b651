//! Counts over all matches, in one pass and exact.
//!
//! The values of an article lie ready as numbers in the [`Tables`], so that counting is adding
//! one at a few places of arrays; names are looked up only for the values that are shown.

use std::cmp::Reverse;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, Searcher};

use super::response::{FacetCount, Facets};
use super::tables::{self, Card, SegmentTables, Tables, Value};
use super::timeline::DayCounts;
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

/// Counts articles; one per thread, joined in the end. What one of them takes that another counted
/// passes below zero for the time being.
pub(super) struct Counter<'a> {
    tables: &'a Tables,
    segments: Vec<SegmentTables<'a>>,
    wanted: Wanted,
    articles: u64,
    /// By number of the identity.
    names: Vec<u32>,
    sources: Vec<u32>,
    sections: Vec<u32>,
    languages: Vec<u32>,
    days: DayCounts,
    repeated: Repeated,
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
            sources: zeros(wanted.values, tables.sources().len()),
            sections: zeros(wanted.values, tables.sections().len()),
            languages: zeros(wanted.values, tables.languages().len()),
            days,
            repeated: Repeated::default(),
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
        if self.wanted.values || self.wanted.days {
            tables.fetch_cards(docs);
            for doc in docs {
                let Some(card) = tables.card(*doc) else { continue };
                if self.wanted.days {
                    self.days.add(card.day, card.resolution);
                }
                add(&mut self.sources, card.source);
                add(&mut self.sections, card.section);
                add(&mut self.languages, card.language);
            }
        }
        if self.wanted.names {
            tables.fetch_numbers(docs);
            for doc in docs {
                for number in tables.numbers(*doc) {
                    add(&mut self.names, u32::from_le_bytes(*number));
                }
            }
        }
    }

    /// Makes one of the copies of each story: it counts once under each value that one of them
    /// has, so that the value as a filter leaves as many stories as it counted; by date as the copy
    /// that is `shown`. The copies may have been counted by another, which is joined afterwards.
    pub(super) fn fold(
        &mut self,
        stories: &[&[(u32, DocAddress)]],
        shown: impl Fn(&[(u32, DocAddress)]) -> DocAddress,
    ) {
        // Stories of a block are brought into the cache together, like blocks of articles.
        const BLOCK: usize = 64;
        for block in stories.chunks(BLOCK) {
            tables::fetch(&self.segments, block.iter().flat_map(|story| *story));
            for story in block {
                self.fold_story(story, || shown(story));
            }
        }
    }

    fn fold_story(&mut self, copies: &[(u32, DocAddress)], shown: impl Fn() -> DocAddress) {
        let folded = copies.len().saturating_sub(1) as u64;
        self.articles = self.articles.wrapping_sub(folded);
        let segments = std::mem::take(&mut self.segments);
        let of = |copy: &DocAddress| segments.get(copy.segment_ord as usize);
        let cards =
            copies.iter().filter_map(|(_, copy)| Some((copy, of(copy)?.card(copy.doc_id)?)));
        if self.wanted.days {
            let shown = shown();
            for (_, other) in cards.clone().filter(|(copy, _)| **copy != shown) {
                self.days.take(other.day, other.resolution);
            }
        }
        if self.wanted.values {
            let values =
                |value: fn(Card) -> u32| cards.clone().map(move |(_, card)| [value(card)]);
            let repeated = &mut self.repeated;
            repeated.take(&mut self.sources, values(|card| card.source));
            repeated.take(&mut self.sections, values(|card| card.section));
            repeated.take(&mut self.languages, values(|card| card.language));
        }
        if self.wanted.names {
            let named =
                copies.iter().filter_map(|(_, copy)| Some(of(copy)?.numbers(copy.doc_id)));
            let named = named.map(|numbers| numbers.iter().map(|n| u32::from_le_bytes(*n)));
            self.repeated.take(&mut self.names, named);
        }
        self.segments = segments;
    }

    /// Takes in what another counted.
    pub(super) fn join(&mut self, other: &Self) {
        self.articles = self.articles.wrapping_add(other.articles);
        self.days.join(&other.days);
        for (counts, others) in [
            (&mut self.names, &other.names),
            (&mut self.sources, &other.sources),
            (&mut self.sections, &other.sections),
            (&mut self.languages, &other.languages),
        ] {
            for (count, other) in counts.iter_mut().zip(others) {
                *count = count.wrapping_add(*other);
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
        Facets {
            person,
            organisation,
            place,
            source: values(&self.sources, self.tables.sources(), most),
            section: values(&self.sections, self.tables.sections(), most),
            language: values(&self.languages, self.tables.languages(), most),
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

/// Finds what several lists of rising numbers have in common.
#[derive(Default)]
struct Repeated {
    union: Vec<u32>,
    next: Vec<u32>,
}

impl Repeated {
    /// Takes one for each time that a number is there again.
    fn take<I: IntoIterator<Item = u32>>(
        &mut self,
        counts: &mut [u32],
        lists: impl Iterator<Item = I>,
    ) {
        self.union.clear();
        for list in lists {
            self.next.clear();
            let mut before = self.union.iter().copied().peekable();
            for number in list {
                self.next.extend(std::iter::from_fn(|| before.next_if(|old| *old < number)));
                if before.next_if_eq(&number).is_some()
                    && let Some(count) = counts.get_mut(number as usize)
                {
                    *count = count.wrapping_sub(1);
                }
                self.next.push(number);
            }
            self.next.extend(before);
            std::mem::swap(&mut self.union, &mut self.next);
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

fn values(counts: &[u32], values: &[Value], most: usize) -> Vec<FacetCount> {
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
