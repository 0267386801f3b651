//! One pass over all matches: the best of them, how many there are, copies folded, facets counted.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Mutex, PoisonError};

use tantivy::fastfield::AliveBitSet;
use tantivy::query::{EnableScoring, Query, Scorer};
use tantivy::{DocAddress, DocId, DocSet as _, Searcher};

use super::copies::{self, ALONE, Groups};
use super::facets::{Counter, Wanted as Counts};
use super::parallel::{on_threads, processors};
use super::request::Sort;
use super::tables::Tables;
use super::timeline::Dated;

/// What is wanted of a pass.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// How many of the best.
    pub keep: usize,
    /// How many terms the query has.
    pub terms: usize,
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
    pub(super) fn factor(self, date: Dated) -> f32 {
        let Some((day, _)) = date else { return 0.5 };
        let age = (i64::from(self.today) - i64::from(day)).max(0) as f32;
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
    /// Of several copies, which story they are, see [`Stories`].
    story: Option<u32>,
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

fn key(sort: Sort, score: f32, date: Dated) -> f64 {
    match (sort, date) {
        (Sort::Relevance, _) => f64::from(score),
        (Sort::Newest, Some((day, _))) => day.into(),
        (Sort::Oldest, Some((day, _))) => -f64::from(day),
        (Sort::Newest | Sort::Oldest, None) => f64::NEG_INFINITY,
    }
}

/// A match that is one of several copies.
#[derive(Clone, Copy)]
struct Copy {
    group: u32,
    score: f32,
    address: DocAddress,
}

/// Articles are counted in blocks of so many: what is known of them stays in the cache.
const BLOCK: usize = 1024;

/// From about so many documents to look at on, they are shared out among threads: what it takes to
/// start one is what it takes to look at some hundreds of documents.
const MANY_DOCUMENTS: u64 = if cfg!(test) { 8 } else { 1_500 };

/// To open a term once more for another share of a segment takes what it takes to look at some
/// so many documents.
const OPENING: u64 = 80;

/// From so many stories on, they are counted on several threads, in shares of as many.
const MANY_STORIES: usize = if cfg!(test) { 4 } else { 1_000 };

/// The matches among some of the documents.
struct Part<'a> {
    wanted: Wanted<'a>,
    best: Best,
    alone: u64,
    /// The copies that match, by share: its segment and its end.
    copies: BTreeMap<(u32, DocId), Vec<Copy>>,
    counter: Option<Counter<'a>>,
    /// Documents of a block, and their scores; of these, the articles without copies.
    docs: Vec<DocId>,
    scores: Vec<f32>,
    single: Vec<DocId>,
}

impl<'a> Part<'a> {
    fn new(wanted: Wanted<'a>) -> Self {
        Self {
            wanted,
            best: Best { keep: wanted.keep, heap: BinaryHeap::new() },
            alone: 0,
            copies: BTreeMap::new(),
            counter: wanted.counts.map(|counts| Counter::new(wanted.tables, counts)),
            docs: Vec::with_capacity(BLOCK),
            scores: Vec::with_capacity(BLOCK),
            single: Vec::with_capacity(BLOCK),
        }
    }

    fn visit(&mut self, share: Share<'_>) {
        let Share { ordinal, mut scorer, end, alive, .. } = share;
        let scoring = self.wanted.sort == Sort::Relevance;
        let mut copies = Vec::new();
        let mut doc = scorer.doc();
        while doc < end {
            self.docs.clear();
            self.scores.clear();
            while doc < end && self.docs.len() < BLOCK {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    self.docs.push(doc);
                    self.scores.push(if scoring { scorer.score() } else { 0.0 });
                }
                doc = scorer.advance();
            }
            self.take_block(ordinal, &mut copies);
        }
        if !copies.is_empty() {
            self.copies.insert((ordinal, end), copies);
        }
    }

    /// Takes in the matches of the block.
    fn take_block(&mut self, ordinal: u32, copies: &mut Vec<Copy>) {
        let wanted = self.wanted;
        let needs_day = wanted.sort != Sort::Relevance || wanted.recency.is_some();
        let of_segment = wanted.tables.segment(ordinal);
        let groups = wanted.tables.groups();
        let group_of: &[[u8; 4]] = if wanted.fold { groups.of_segment(ordinal) } else { &[] };
        self.single.clear();
        for (doc, score) in self.docs.iter().zip(&self.scores) {
            let (address, mut score) = (DocAddress::new(ordinal, *doc), *score);
            let date = if needs_day { of_segment.date(*doc) } else { None };
            if let Some(recency) = wanted.recency {
                score *= recency.factor(date);
            }
            let group = group_of.get(*doc as usize).copied();
            let group = group.map_or(ALONE, u32::from_le_bytes);
            if group == ALONE {
                self.single.push(*doc);
                let key = key(wanted.sort, score, date);
                self.best.push(Entry { key, address, score, scored: address, story: None });
            } else {
                copies.push(Copy { group, score, address });
            }
        }
        self.alone += self.single.len() as u64;
        if let Some(counter) = &mut self.counter {
            counter.add(ordinal, &self.single);
        }
    }

    fn join(&mut self, mut other: Self) {
        for Reverse(entry) in other.best.heap {
            self.best.push(entry);
        }
        self.alone += other.alone;
        self.copies.append(&mut other.copies);
        if let (Some(counter), Some(other)) = (&mut self.counter, &other.counter) {
            counter.join(other);
        }
    }

    fn finish(mut self) -> Collected<'a> {
        let wanted = self.wanted;
        let groups = wanted.tables.groups();
        let stories = Stories::of(self.copies.values(), groups.len());
        let total = self.alone + stories.ends.len() as u64;
        for (story, (copies, scores)) in (0..).zip(stories.each()) {
            let better = |a: &(&DocAddress, &f32), b: &(&DocAddress, &f32)| {
                a.1.total_cmp(b.1).then(b.0.cmp(a.0))
            };
            let best = copies.iter().zip(scores).max_by(better);
            let Some((scored, score)) = best.map(|(scored, score)| (*scored, *score)) else {
                continue;
            };
            let day_of =
                |copy: &DocAddress| wanted.tables.segment(copy.segment_ord).date(copy.doc_id);
            let earliest = if wanted.sort == Sort::Relevance {
                None
            } else {
                copies.iter().filter_map(day_of).min_by_key(|(day, _)| *day)
            };
            let key = key(wanted.sort, score, earliest);
            let story = Some(story);
            self.best.push(Entry { key, address: scored, score, scored, story });
        }
        let shown = |story: &[DocAddress]| shown(groups, story);
        if let Some(counter) = &mut self.counter {
            let stories: Vec<&[DocAddress]> =
                stories.each().map(|(copies, _)| copies).collect();
            if stories.len() < MANY_STORIES {
                counter.add_stories(&stories, shown);
            } else {
                let shares = Mutex::new(stories.chunks(MANY_STORIES));
                let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
                let counted = on_threads(processors(), || {
                    let mut counter = counter.emptied();
                    while let Some(share) = next() {
                        counter.add_stories(share, shown);
                    }
                    counter
                });
                for counted in &counted {
                    counter.join(counted);
                }
            }
        }
        let mut entries: Vec<Entry> = self.best.heap.into_iter().map(|entry| entry.0).collect();
        entries.sort_by(|a, b| b.cmp(a));
        let to_match = |entry: Entry| {
            let mut address = entry.address;
            let mut others = Vec::new();
            if let Some(story) = entry.story {
                address = shown(stories.get(story as usize));
                // All copies of the story, whether they hold the words or not: who else printed
                // it, when.
                others.extend(copies::others(groups, address));
            }
            Match { address, score: entry.score, scored: entry.scored, copies: others }
        };
        let best = entries.into_iter().map(to_match).collect();
        Collected { total, best, counter: self.counter }
    }
}

/// The copies that match, story by story, each story's in the order of the index.
#[derive(Default)]
struct Stories {
    copies: Vec<DocAddress>,
    scores: Vec<f32>,
    /// Where those of each story end.
    ends: Vec<u32>,
}

impl Stories {
    /// Sorts copies, given in the order of the index, by their groups.
    fn of<'a>(parts: impl Iterator<Item = &'a Vec<Copy>> + Clone, groups: usize) -> Self {
        // To sort so few copies takes less than to go through all groups.
        const FEW: usize = 64;
        let count = parts.clone().map(Vec::len).sum::<usize>();
        let all = parts.flatten();
        let mut stories = Self::default();
        if count < groups / FEW {
            let mut sorted: Vec<&Copy> = all.collect();
            sorted.sort_by_key(|copy| copy.group);
            for story in sorted.chunk_by(|a, b| a.group == b.group) {
                stories.copies.extend(story.iter().map(|copy| copy.address));
                stories.scores.extend(story.iter().map(|copy| copy.score));
                stories.ends.push(stories.copies.len() as u32);
            }
            return stories;
        }
        let mut places = vec![0u32; groups];
        for copy in all.clone() {
            if let Some(count) = places.get_mut(copy.group as usize) {
                *count += 1;
            }
        }
        let mut end = 0;
        for place in &mut places {
            let start = end;
            end += std::mem::replace(place, start);
            if end > start {
                stories.ends.push(end);
            }
        }
        stories.copies.resize(count, DocAddress::new(0, 0));
        stories.scores.resize(count, 0.0);
        for copy in all {
            let Some(place) = places.get_mut(copy.group as usize) else { continue };
            if let Some(address) = stories.copies.get_mut(*place as usize) {
                *address = copy.address;
            }
            if let Some(score) = stories.scores.get_mut(*place as usize) {
                *score = copy.score;
            }
            *place += 1;
        }
        stories
    }

    fn get(&self, story: usize) -> &[DocAddress] {
        let end = |story: usize| self.ends.get(story).map_or(0, |end| *end as usize);
        let start = story.checked_sub(1).map_or(0, end);
        self.copies.get(start..end(story)).unwrap_or_default()
    }

    /// The copies of each story, with their scores.
    fn each(&self) -> impl Iterator<Item = (&[DocAddress], &[f32])> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| {
            let story = start as usize..*end as usize;
            let copies = self.copies.get(story.clone()).unwrap_or_default();
            (copies, self.scores.get(story).unwrap_or_default())
        })
    }
}

/// The copy of a story to be shown: of those that match, the first of its group, which is the
/// earliest, of several the fullest.
fn shown(groups: &Groups, matching: &[DocAddress]) -> DocAddress {
    let first = match matching {
        [first, _, ..] => *first,
        [only] => return *only,
        [] => return DocAddress::new(u32::MAX, u32::MAX),
    };
    let matches = |copy: &DocAddress| matching.binary_search(copy).is_ok();
    groups.copies_of(first).find(matches).unwrap_or(first)
}

/// Documents of a segment, with the matches among them to come.
struct Share<'a> {
    ordinal: u32,
    scorer: Box<dyn Scorer>,
    /// The first document that is another's to look at.
    end: DocId,
    /// About how many documents are to be looked at.
    cost: u64,
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
    let shares = open(searcher, query, wanted, processors())?;
    let cost: u64 = shares.iter().map(|share| share.cost).sum();
    let threads = if cost < MANY_DOCUMENTS { 1 } else { processors().min(shares.len()) };
    let waiting = Mutex::new(shares);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let parts = on_threads(threads, || {
        let mut part = Part::new(*wanted);
        while let Some(share) = next() {
            part.visit(share);
        }
        part
    });
    Ok(joined(parts, wanted).finish())
}

/// The documents of all segments, in shares that so many threads can take, the largest last.
fn open<'s>(
    searcher: &'s Searcher,
    query: &dyn Query,
    wanted: &Wanted<'_>,
    threads: usize,
) -> tantivy::Result<Vec<Share<'s>>> {
    let enable = if wanted.sort == Sort::Relevance {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    let weight = query.weight(enable)?;
    let all = searcher.num_docs().max(1);
    let mut shares = Vec::new();
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let alive = segment.alive_bitset();
        let mut scorer = weight.scorer(segment, 1.0)?;
        let cost = scorer.cost().min(segment.max_doc().into());
        // A segment that holds more than a thread's part of the archive is shared out.
        let parts = if cost < MANY_DOCUMENTS.max(OPENING * wanted.terms as u64) {
            1
        } else {
            (u64::from(segment.num_docs()) * 2 * threads as u64 / all).clamp(1, threads as u64)
        };
        for part in 1..=parts {
            let end = (u64::from(segment.max_doc()) * part / parts) as DocId;
            shares.push(Share { ordinal, scorer, end, cost: cost / parts, alive });
            if part == parts {
                break;
            }
            scorer = weight.scorer(segment, 1.0)?;
            if scorer.doc() < end {
                scorer.seek(end);
            }
        }
    }
    shares.sort_by_key(|share| share.cost);
    Ok(shares)
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
    use std::collections::BTreeSet;

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
            terms: 0,
            sort: Sort::Oldest,
            tables: &tables,
            fold: true,
            counts: Some(Counts::ALL),
            recency: None,
        };
        // Each share by itself, as on several threads.
        let shares = open(&archive.searcher, &AllQuery, &wanted, 3).unwrap().into_iter();
        let parts = shares.map(|share| {
            let mut part = Part::new(wanted);
            part.visit(share);
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
