//! One pass over all matches: the best of them, how many there are, copies folded, facets counted.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use hashbrown::HashMap;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, DocSet as _, Searcher, TERMINATED};

use super::facets::{Counter, Wanted as Counts};
use super::request::Sort;
use super::tables::Tables;
use crate::index::Fields;

/// What is wanted of a pass.
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
    /// The copy to be shown: the earliest, of several the fullest.
    shown: DocAddress,
    day: Option<i64>,
    words: u64,
    /// The best score, and the copy that it belongs to.
    score: f32,
    scored: DocAddress,
}

impl Story {
    fn order(&self) -> (i64, Reverse<u64>, DocAddress) {
        (self.day.unwrap_or(i64::MAX), Reverse(self.words), self.shown)
    }

    /// Takes in a further copy.
    fn meet(&mut self, copy: Self) {
        if copy.score > self.score {
            (self.score, self.scored) = (copy.score, copy.scored);
        }
        if copy.order() < self.order() {
            (self.shown, self.day, self.words) = (copy.shown, copy.day, copy.words);
        }
    }
}

/// Articles are counted in blocks of so many.
const BLOCK: usize = 1024;

/// Passes over all matches of a query.
///
/// # Errors
///
/// What the disk says.
pub(super) fn collect<'a>(
    searcher: &Searcher,
    fields: &Fields,
    query: &dyn Query,
    wanted: &Wanted<'a>,
) -> tantivy::Result<Collected<'a>> {
    let scoring = wanted.sort == Sort::Relevance;
    let enable = if scoring {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    let weight = query.weight(enable)?;
    let mut best = Best { keep: wanted.keep, heap: BinaryHeap::new() };
    let mut total = 0;
    let mut stories: HashMap<u32, Story> = HashMap::new();
    // Every copy that matches, by its story; only where they are counted.
    let mut copies: Vec<(u32, DocAddress)> = Vec::new();
    let mut counter = wanted.counts.map(|counts| Counter::new(wanted.tables, counts));
    let mut block: Vec<DocId> = Vec::with_capacity(BLOCK);
    let groups = wanted.tables.groups();
    let needs_day = !scoring || wanted.recency.is_some();
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let of_segment = wanted.tables.segment(ordinal);
        let day_of = |doc| {
            let card = of_segment.card(doc)?;
            card.resolution.map(|_| i64::from(card.day))
        };
        let group_of: &[u32] = if wanted.fold { groups.of_segment(ordinal) } else { &[] };
        let words = fields.u64_column(segment, fields.words)?;
        let alive = segment.alive_bitset();
        let mut scorer = weight.scorer(segment, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let address = DocAddress::new(ordinal, doc);
                let mut score = if scoring { scorer.score() } else { 0.0 };
                let group = group_of.get(doc as usize).copied();
                let group = group.filter(|group| (*group as usize) < groups.len());
                let day = if needs_day || group.is_some() { day_of(doc) } else { None };
                if let Some(recency) = wanted.recency {
                    score *= recency.factor(day);
                }
                if let Some(group) = group {
                    let words = words.first(doc).unwrap_or(0);
                    let copy = Story { shown: address, day, words, score, scored: address };
                    stories.entry(group).and_modify(|story| story.meet(copy)).or_insert(copy);
                    if counter.is_some() {
                        copies.push((group, address));
                    }
                } else {
                    total += 1;
                    let key = key(wanted.sort, score, day);
                    best.push(Entry { key, address, score, scored: address, group: None });
                    if let Some(counter) = &mut counter {
                        block.push(doc);
                        if block.len() == BLOCK {
                            counter.add(ordinal, &block);
                            block.clear();
                        }
                    }
                }
            }
            doc = scorer.advance();
        }
        if let Some(counter) = &mut counter {
            counter.add(ordinal, &block);
            block.clear();
        }
    }
    total += stories.len() as u64;
    let mut stories: Vec<(u32, Story)> = stories.into_iter().collect();
    stories.sort_unstable_by_key(|(group, _)| *group);
    copies.sort_unstable();
    let mut counted = 0;
    for (group, story) in stories {
        let Story { shown: address, score, scored, .. } = story;
        let key = key(wanted.sort, score, story.day);
        best.push(Entry { key, address, score, scored, group: Some(group) });
        if let Some(counter) = &mut counter {
            let of_story = copies.get(counted..).unwrap_or_default();
            let of_story = of_story.iter().take_while(|(of, _)| *of == group);
            let matching: Vec<DocAddress> = of_story.map(|(_, copy)| *copy).collect();
            counted += matching.len();
            counter.add_story(address, &matching);
        }
    }
    let mut entries: Vec<Entry> = best.heap.into_iter().map(|entry| entry.0).collect();
    entries.sort_by(|a, b| b.cmp(a));
    let to_match = |entry: Entry| Match {
        address: entry.address,
        score: entry.score,
        scored: entry.scored,
        // All copies of the story, whether they hold the words or not: who else printed it, when.
        copies: entry.group.map_or_else(Vec::new, |group| {
            let members = groups.members(group).iter().copied();
            members.filter(|copy| *copy != entry.address).collect()
        }),
    };
    let best = entries.into_iter().map(to_match).collect();
    Ok(Collected { total, best, counter })
}
