//! One pass over all matches: the best of them, how many there are, copies folded, facets counted.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use tantivy::fastfield::AliveBitSet;
use tantivy::query::{EnableScoring, Query, Scorer};
use tantivy::{DocAddress, DocId, DocSet as _, Searcher, TERMINATED};

use super::copies::Groups;
use super::facets::{Counter, Wanted as Counts};
use super::parallel::{on_threads, processors};
use super::request::Sort;
use super::tables::Tables;

/// What is wanted of a pass.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// How many of the best.
    pub keep: usize,
    /// What is best.
    pub sort: Sort,
    /// The tables of the commit.
    pub tables: &'a Tables,
    /// Fold copies into one.
    pub fold: bool,
    /// Count these.
    pub counts: Option<Counts>,
    /// Halve scores with every so many days before a day.
    pub recency: Option<Recency>,
}

/// How an article's weight falls with its age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recency {
    /// Days after which half the weight is left.
    pub halflife: f32,
    /// The day that ages are counted from, in days since 1970-01-01.
    pub today: i32,
}

impl Recency {
    /// What is left of an article's weight; undated articles keep half.
    #[must_use]
    pub(super) fn factor(self, day: Option<i64>) -> f32 {
        let Some(day) = day else { return 0.5 };
        let age = (i64::from(self.today) - day).max(0) as f32;
        0.5f32.powf(age / self.halflife.max(f32::MIN_POSITIVE))
    }
}

/// A match.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    /// Where it is.
    pub address: DocAddress,
    /// Its score: of copies, the best one's.
    pub score: f32,
    /// The copy that the score belongs to.
    pub scored: DocAddress,
    /// The other copies of the story, the earliest first.
    pub copies: Vec<DocAddress>,
}

/// What a pass found.
pub(super) struct Collected<'a> {
    /// How many matches there are; copies of one story count once where they are folded.
    pub total: u64,
    /// The best, best first.
    pub best: Vec<Match>,
    /// Counts over all matches.
    pub counter: Option<Counter<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    key: f64,
    address: DocAddress,
    score: f32,
    scored: DocAddress,
    group: Option<u32>,
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// Better entries are greater; equal ones are told apart by their place in the index.
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.total_cmp(&other.key).then_with(|| other.address.cmp(&self.address))
    }
}

struct Best {
    keep: usize,
    heap: BinaryHeap<Reverse<Entry>>,
}

impl Best {
    fn push(&mut self, entry: Entry) {
        if self.heap.len() < self.keep {
            self.heap.push(Reverse(entry));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && entry > worst.0
        {
            *worst = Reverse(entry);
        }
    }
}

fn key(sort: Sort, score: f32, day: Option<i64>) -> f64 {
    match (sort, day) {
        (Sort::Relevance, _) => f64::from(score),
        (Sort::Newest, Some(day)) => day as f64,
        (Sort::Oldest, Some(day)) => -(day as f64),
        (Sort::Newest | Sort::Oldest, None) => f64::NEG_INFINITY,
    }
}

/// The copies of one story that match, as far as they were met.
#[derive(Clone, Copy)]
struct Story {
    group: u32,
    /// Days of the earliest; only where matches are ordered by date.
    day: Option<i64>,
    /// The best score, and the copy that it belongs to.
    score: f32,
    scored: DocAddress,
}

impl Story {
    /// Takes in a further copy.
    fn meet(&mut self, copy: Self) {
        if (copy.score, Reverse(copy.scored)) > (self.score, Reverse(self.scored)) {
            (self.score, self.scored) = (copy.score, copy.scored);
        }
        self.day = match (self.day, copy.day) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// The stories that were met, by their group of copies.
struct Stories {
    /// By group, where in `met` its story is; [`NOT_MET`] so far.
    places: Vec<u32>,
    met: Vec<Story>,
}

const NOT_MET: u32 = u32::MAX;

impl Stories {
    fn new(groups: usize) -> Self {
        Self { places: vec![NOT_MET; groups], met: Vec::new() }
    }

    fn meet(&mut self, copy: Story) {
        let Some(place) = self.places.get_mut(copy.group as usize) else { return };
        if let Some(story) = self.met.get_mut(*place as usize) {
            story.meet(copy);
        } else {
            *place = self.met.len() as u32;
            self.met.push(copy);
        }
    }
}

/// Articles are counted in blocks of so many: what is known of them stays in the cache.
const BLOCK: usize = 1024;

/// From about so many matches on, segments are visited at the same time.
const MANY_MATCHES: u32 = 20_000;

/// From so many stories with several matching copies on, they are folded on several threads,
/// in shares of as many.
const MANY_STORIES: usize = if cfg!(test) { 4 } else { 1_000 };

/// The matches of some segments.
struct Part<'a> {
    wanted: Wanted<'a>,
    best: Best,
    alone: u64,
    stories: Stories,
    /// Every copy that matches, by its group.
    copies: Vec<(u32, DocAddress)>,
    counter: Option<Counter<'a>>,
    block: Vec<DocId>,
}

impl<'a> Part<'a> {
    fn new(wanted: Wanted<'a>) -> Self {
        Self {
            wanted,
            best: Best { keep: wanted.keep, heap: BinaryHeap::new() },
            alone: 0,
            stories: Stories::new(if wanted.fold { wanted.tables.groups().len() } else { 0 }),
            copies: Vec::new(),
            counter: wanted.counts.map(|counts| Counter::new(wanted.tables, counts)),
            block: Vec::with_capacity(BLOCK),
        }
    }

    fn visit(&mut self, segment: Opened<'_>) {
        let Opened { ordinal, mut scorer, alive, .. } = segment;
        let wanted = self.wanted;
        let scoring = wanted.sort == Sort::Relevance;
        let needs_day = !scoring || wanted.recency.is_some();
        let of_segment = wanted.tables.segment(ordinal);
        let day_of = |doc| {
            let card = of_segment.card(doc)?;
            card.resolution.map(|_| i64::from(card.day))
        };
        let groups = wanted.tables.groups();
        let group_of: &[u32] = if wanted.fold { groups.of_segment(ordinal) } else { &[] };
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let address = DocAddress::new(ordinal, doc);
                let mut score = if scoring { scorer.score() } else { 0.0 };
                let group = group_of.get(doc as usize).copied();
                let group = group.filter(|group| (*group as usize) < groups.len());
                let day = if needs_day { day_of(doc) } else { None };
                if let Some(recency) = wanted.recency {
                    score *= recency.factor(day);
                }
                if let Some(group) = group {
                    self.stories.meet(Story { group, day, score, scored: address });
                    self.copies.push((group, address));
                } else {
                    self.alone += 1;
                    let key = key(wanted.sort, score, day);
                    self.best.push(Entry { key, address, score, scored: address, group: None });
                }
                if let Some(counter) = &mut self.counter {
                    self.block.push(doc);
                    if self.block.len() == BLOCK {
                        counter.add(ordinal, &self.block);
                        self.block.clear();
                    }
                }
            }
            doc = scorer.advance();
        }
        if let Some(counter) = &mut self.counter {
            counter.add(ordinal, &self.block);
            self.block.clear();
        }
    }

    fn join(&mut self, other: Self) {
        for Reverse(entry) in other.best.heap {
            self.best.push(entry);
        }
        self.alone += other.alone;
        for story in other.stories.met {
            self.stories.meet(story);
        }
        self.copies.extend(other.copies);
        if let (Some(counter), Some(other)) = (&mut self.counter, &other.counter) {
            counter.join(other);
        }
    }

    fn finish(mut self) -> Collected<'a> {
        let total = self.alone + self.stories.met.len() as u64;
        for Story { group, day, score, scored } in self.stories.met {
            let key = key(self.wanted.sort, score, day);
            self.best.push(Entry { key, address: scored, score, scored, group: Some(group) });
        }
        self.copies.sort_unstable();
        let groups = self.wanted.tables.groups();
        if let Some(counter) = &mut self.counter {
            let same = |a: &(u32, DocAddress), b: &(u32, DocAddress)| a.0 == b.0;
            let several = self.copies.chunk_by(same).filter(|story| story.len() > 1);
            let several: Vec<&[(u32, DocAddress)]> = several.collect();
            let shown = |story: &[(u32, DocAddress)]| shown(groups, story);
            if several.len() < MANY_STORIES {
                counter.fold(&several, shown);
            } else {
                let shares = Mutex::new(several.chunks(MANY_STORIES));
                let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
                let folded = on_threads(processors(), || {
                    let mut counter = counter.emptied();
                    while let Some(share) = next() {
                        counter.fold(share, shown);
                    }
                    counter
                });
                for folded in &folded {
                    counter.join(folded);
                }
            }
        }
        let mut entries: Vec<Entry> = self.best.heap.into_iter().map(|entry| entry.0).collect();
        entries.sort_by(|a, b| b.cmp(a));
        let copies = self.copies;
        let to_match = |entry: Entry| {
            let mut address = entry.address;
            let mut others = Vec::new();
            if let Some(group) = entry.group {
                let first = copies.partition_point(|(of, _)| *of < group);
                let end = copies.partition_point(|(of, _)| *of <= group);
                address = shown(groups, copies.get(first..end).unwrap_or_default());
                // All copies of the story, whether they hold the words or not: who else printed
                // it, when.
                others.extend(groups.members(group).iter().filter(|copy| **copy != address));
            }
            Match { address, score: entry.score, scored: entry.scored, copies: others }
        };
        let best = entries.into_iter().map(to_match).collect();
        Collected { total, best, counter: self.counter }
    }
}

/// The copy of a story to be shown: of those that match, the first of its group, which is the
/// earliest, of several the fullest.
fn shown(groups: &Groups, matching: &[(u32, DocAddress)]) -> DocAddress {
    let (group, only) = match matching {
        [(group, first), _, ..] => (*group, *first),
        [(_, only)] => return *only,
        [] => return DocAddress::new(u32::MAX, u32::MAX),
    };
    let mut members = groups.members(group).iter();
    let matches = |copy: &&DocAddress| matching.binary_search(&(group, **copy)).is_ok();
    members.find(matches).copied().unwrap_or(only)
}

/// A segment with its matches before it.
struct Opened<'a> {
    ordinal: u32,
    scorer: Box<dyn Scorer>,
    /// About how many matches there are.
    about: u32,
    alive: Option<&'a AliveBitSet>,
}

/// Passes over all matches of a query.
///
/// # Errors
///
/// What the disk says.
pub(super) fn collect<'a>(
    searcher: &Searcher,
    query: &dyn Query,
    wanted: &Wanted<'a>,
) -> tantivy::Result<Collected<'a>> {
    let mut opened = open(searcher, query, wanted)?;
    let matches: u32 = opened.iter().fold(0, |sum, segment| sum.saturating_add(segment.about));
    // The longest last, for they are taken from the end.
    opened.sort_by_key(|segment| segment.about);
    let threads = if matches < MANY_MATCHES { 1 } else { processors().min(opened.len()) };
    let waiting = Mutex::new(opened);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let parts = on_threads(threads, || {
        let mut part = Part::new(*wanted);
        while let Some(segment) = next() {
            part.visit(segment);
        }
        part
    });
    Ok(joined(parts, wanted).finish())
}

fn open<'s>(
    searcher: &'s Searcher,
    query: &dyn Query,
    wanted: &Wanted<'_>,
) -> tantivy::Result<Vec<Opened<'s>>> {
    let enable = if wanted.sort == Sort::Relevance {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    let weight = query.weight(enable)?;
    let mut opened = Vec::new();
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let scorer = weight.scorer(segment, 1.0)?;
        let about = scorer.size_hint().min(segment.max_doc());
        opened.push(Opened { ordinal, scorer, about, alive: segment.alive_bitset() });
    }
    Ok(opened)
}

fn joined<'a>(parts: impl IntoIterator<Item = Part<'a>>, wanted: &Wanted<'a>) -> Part<'a> {
    let joined = parts.into_iter().reduce(|mut part, other| {
        part.join(other);
        part
    });
    joined.unwrap_or_else(|| Part::new(*wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use tantivy::query::AllQuery;

    use super::super::facets::MOST_VALUES;
    use super::super::tables::fixture::{Archive, Draft, text};
    use super::*;

    #[test]
    fn copies_count_once_under_every_value_that_one_of_them_has() {
        let people = ["Angela Merkel", "Barack Obama", "John Kerry", "Kofi Annan"];
        // Stories of several copies, and ten without.
        let story_of = |n: usize| if n % 6 == 5 { 100 + n } else { n * n % 23 };
        let drafts: Vec<Draft> = (0..60)
            .map(|n| Draft {
                title: "Talks",
                body: text(story_of(n), 120),
                date: ["2013-02-05", "2013-02-07", "2013-02", ""][n % 4],
                source: ["Herald", "Tribune", "Gazette"][n % 3],
                people: people
                    .iter()
                    .skip(n % 4)
                    .step_by(1 + n % 3)
                    .map(|p| (*p, ""))
                    .collect(),
                ..Draft::default()
            })
            .collect();
        let archive = Archive::of(&drafts);
        let tables = archive.tables();
        let wanted = Wanted {
            keep: 1000,
            sort: Sort::Oldest,
            tables: &tables,
            fold: true,
            counts: Some(Counts::ALL),
            recency: None,
        };
        // Each segment by itself, as on several threads.
        let parts = open(&archive.searcher, &AllQuery, &wanted).unwrap().into_iter();
        let parts = parts.map(|segment| {
            let mut part = Part::new(wanted);
            part.visit(segment);
            part
        });
        let collected = joined(parts, &wanted).finish();

        let mut stories: BTreeMap<usize, Vec<(usize, DocAddress)>> = BTreeMap::new();
        for (number, at) in archive.all() {
            stories.entry(story_of(number)).or_default().push((number, at));
        }
        assert_eq!(collected.total, stories.len() as u64);
        let whole = collect(&archive.searcher, &AllQuery, &wanted).unwrap();
        assert_eq!(whole.best, collected.best);
        let facets = collected.counter.unwrap().facets(MOST_VALUES);
        let shown: BTreeSet<DocAddress> =
            collected.best.iter().map(|found| found.address).collect();
        let (mut names, mut sources, mut years) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for story in stories.values() {
            let of = |number: &usize| &drafts[*number];
            let named: BTreeSet<&str> =
                story.iter().flat_map(|(n, _)| of(n).people.iter().map(|p| p.0)).collect();
            let printed: BTreeSet<&str> = story.iter().map(|(n, _)| of(n).source).collect();
            for name in named {
                *names.entry(name.to_owned()).or_default() += 1;
            }
            for name in printed {
                *sources.entry(name.to_owned()).or_default() += 1;
            }
            let one: Vec<_> = story.iter().filter(|(_, at)| shown.contains(at)).collect();
            assert_eq!(one.len(), 1, "one copy of a story is shown");
            let earliest = story.iter().filter(|(n, _)| !of(n).date.is_empty());
            let earliest = earliest.map(|(n, _)| of(n).date).min();
            if of(&one[0].0).date.is_empty() {
                assert_eq!(earliest, None, "undated copies come after dated ones");
            } else {
                *years.entry("2013".to_owned()).or_default() += 1;
            }
        }
        let counted = |counts: &[super::super::response::FacetCount]| {
            counts.iter().map(|c| (c.value.clone(), c.count)).collect::<BTreeMap<String, u64>>()
        };
        assert_eq!(counted(&facets.person), names);
        assert_eq!(counted(&facets.source), sources);
        assert_eq!(counted(&facets.year), years);
    }
}
