//! One pass over all matches: the best of them, how many there are, copies folded, facets counted.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocSet as _, Searcher, TERMINATED};

use super::request::Sort;
use crate::index::Fields;
use stand_in::{Counter, Counts, Groups};

/// To be replaced by `copies` and `facets`.
pub mod stand_in {
    use crate::index::Fields;
    use tantivy::{DocAddress, SegmentReader};
    #[derive(Default)]
    pub struct Groups;
    impl Groups {
        pub fn group(&self, _: DocAddress) -> Option<u32> {
            None
        }
    }
    pub struct Counter;
    impl Counter {
        pub fn new(_: &SegmentReader, _: &Fields) -> tantivy::Result<Self> {
            Ok(Self)
        }
        pub fn add(&mut self, _: u32) {}
    }
    #[derive(Default)]
    pub struct Counts;
    impl Counts {
        pub fn of(_: Vec<Counter>) -> Self {
            Self
        }
    }
}

/// What is wanted of a pass.
pub struct Wanted<'a> {
    /// How many of the best.
    pub keep: usize,
    /// What is best.
    pub sort: Sort,
    /// Fold copies into one.
    pub groups: Option<&'a Groups>,
    /// Count facets.
    pub facets: bool,
    /// Halve scores with every so many days before a day.
    pub recency: Option<Recency>,
}

/// How an article's weight falls with its age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recency {
    /// Days after which half the weight is left.
    pub halflife: f32,
    /// The day that ages are counted from, in days since 1970-01-01.
    pub today: i32,
}

impl Recency {
    /// What is left of an article's weight; undated articles keep half.
    #[must_use]
    pub fn factor(self, day: Option<i64>) -> f32 {
        let Some(day) = day else { return 0.5 };
        let age = (i64::from(self.today) - day).max(0) as f32;
        0.5f32.powf(age / self.halflife.max(f32::MIN_POSITIVE))
    }
}

/// A match.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Where it is.
    pub address: DocAddress,
    /// Its score: of copies, the best one's.
    pub score: f32,
    /// The copy that the score belongs to.
    pub scored: DocAddress,
    /// Its other copies that match too, in the order in which they are shown.
    pub copies: Vec<DocAddress>,
}

/// What a pass found.
#[derive(Default)]
pub struct Collected {
    /// How many matches there are; copies of one story count once where they are folded.
    pub total: u64,
    /// The best, best first.
    pub best: Vec<Match>,
    /// Counts over all matches.
    pub facets: Option<Counts>,
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
        } else if let Some(mut worst) = self.heap.peek_mut() {
            if entry > worst.0 {
                *worst = Reverse(entry);
            }
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

/// A copy that matches.
struct Copy {
    address: DocAddress,
    score: f32,
    day: Option<i64>,
    words: u64,
}

/// Passes over all matches of a query.
///
/// # Errors
///
/// What the disk says.
pub fn collect(
    searcher: &Searcher,
    fields: &Fields,
    query: &dyn Query,
    wanted: &Wanted<'_>,
) -> tantivy::Result<Collected> {
    let scoring = wanted.sort == Sort::Relevance;
    let enable = if scoring {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    let weight = query.weight(enable)?;
    let mut best = Best { keep: wanted.keep, heap: BinaryHeap::new() };
    let mut total = 0;
    let mut folded: BTreeMap<u32, Vec<Copy>> = BTreeMap::new();
    let mut counters: Vec<Counter> = Vec::new();
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let dates: Column<i64> = fields.i64_column(segment, fields.date)?;
        let words: Column<u64> = fields.u64_column(segment, fields.words)?;
        let alive = segment.alive_bitset();
        let mut counter =
            if wanted.facets { Some(Counter::new(segment, fields)?) } else { None };
        let mut scorer = weight.scorer(segment, 1.0)?;
        let by_date = !scoring || wanted.recency.is_some();
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let address = DocAddress::new(ordinal as u32, doc);
                let mut score = if scoring { scorer.score() } else { 0.0 };
                let group = wanted.groups.and_then(|groups| groups.group(address));
                let day = if by_date || group.is_some() { dates.first(doc) } else { None };
                if let Some(recency) = wanted.recency {
                    score *= recency.factor(day);
                }
                if let Some(group) = group {
                    let words = words.first(doc).unwrap_or(0);
                    let copy = Copy { address, score, day, words };
                    folded.entry(group).or_default().push(copy);
                } else {
                    total += 1;
                    let key = key(wanted.sort, score, day);
                    best.push(Entry { key, address, score, scored: address, group: None });
                    if let Some(counter) = &mut counter {
                        counter.add(doc);
                    }
                }
            }
            doc = scorer.advance();
        }
        counters.extend(counter);
    }
    total += folded.len() as u64;
    for (group, copies) in &mut folded {
        // The earliest copy is shown; of several, the fullest.
        copies.sort_by_key(|copy| {
            (copy.day.unwrap_or(i64::MAX), Reverse(copy.words), copy.address)
        });
        let Some(shown) = copies.first() else { continue };
        let best_copy = copies.iter().max_by(|a, b| a.score.total_cmp(&b.score));
        let (score, scored) =
            best_copy.map_or((0.0, shown.address), |copy| (copy.score, copy.address));
        let address = shown.address;
        let key = key(wanted.sort, score, shown.day);
        best.push(Entry { key, address, score, scored, group: Some(*group) });
        if let Some(counter) = counters.get_mut(shown.address.segment_ord as usize) {
            counter.add(shown.address.doc_id);
        }
    }
    let mut entries: Vec<Entry> = best.heap.into_iter().map(|entry| entry.0).collect();
    entries.sort_by(|a, b| b.cmp(a));
    let to_match = |entry: Entry| Match {
        address: entry.address,
        score: entry.score,
        scored: entry.scored,
        copies: entry.group.and_then(|group| folded.get(&group)).map_or_else(
            Vec::new,
            |copies| copies.iter().skip(1).map(|copy| copy.address).collect(),
        ),
    };
    let facets = wanted.facets.then(|| Counts::of(counters));
    Ok(Collected { total, best: entries.into_iter().map(to_match).collect(), facets })
}
