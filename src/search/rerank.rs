//! The second stage of ranking: what only positions tell, for the best of the first stage; and the
//! account of a score.
//!
//! Words of a query that stand close to each other in an article are more likely to be about the
//! same thing (Rasolofo and Savoy 2003; Tao and Zhai 2007). The second stage only ever adds to a
//! score, so that no article from beyond the best can belong before them.

use std::collections::BTreeMap;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocSet as _};

use super::View;
use super::collect::{Match, Recency};
use super::compile::Leaf;
use super::error::SearchError;
use super::occurrences::{Area, Occurrences, Opener};
use super::parallel::{processors, shared_out};
use super::request::{SearchRequest, Sort};
use super::response::Explanation;
use super::score::{Tuning, Worth};
use super::spans::Span;
use crate::index::LEAD_WORDS;

/// Word pairs of a query that are looked at: neighbours in its text, of at most so many words.
const MOST_PAIRS: usize = 40;

/// Ranks the best `most` matches again.
///
/// # Errors
///
/// What the disk says.
pub(super) fn by_proximity(
    view: &View,
    tuning: &Tuning,
    leaves: &[Leaf],
    most: usize,
    best: &mut [Match],
) -> Result<(), SearchError> {
    let ranked = best.len().min(most);
    let Some(ranked) = best.get_mut(..ranked) else { return Ok(()) };
    let addresses: Vec<DocAddress> = ranked.iter().map(|found| found.scored).collect();
    let bonuses = bonuses(view, tuning, leaves, &addresses)?;
    for found in ranked.iter_mut() {
        let parts = bonuses.get(&found.scored);
        found.score += parts.map_or(0.0, |bonus| bonus.proximity + bonus.lead);
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.address.cmp(&b.address)));
    Ok(())
}

/// A part of a query that stands for more terms than this, a wildcard, earns nothing by where it
/// stands: that one of hundreds of words is near says little, and to find it took longer than all
/// the rest of the search.
const MOST_TERMS: usize = 100;

/// From so many articles on, they are shared out among threads; each takes so many of a segment in
/// turn.
const MANY: usize = 64;
const SHARE: usize = 50;

#[derive(Clone, Copy, Debug, Default)]
struct Bonus {
    proximity: f32,
    lead: f32,
}

fn word_worth(leaf: &Leaf) -> Option<f32> {
    match leaf.query.worth {
        Worth::Words(worth) => Some(worth),
        Worth::Names(_) | Worth::Nothing => None,
    }
}

fn bonuses(
    view: &View,
    tuning: &Tuning,
    leaves: &[Leaf],
    addresses: &[DocAddress],
) -> Result<BTreeMap<DocAddress, Bonus>, SearchError> {
    let words: Vec<(&Leaf, f32)> = leaves
        .iter()
        .filter_map(|leaf| Some((leaf, word_worth(leaf)?)))
        .filter(|(leaf, _)| leaf.pattern.terms() <= MOST_TERMS)
        .take(MOST_PAIRS + 1)
        .collect();
    if words.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sorted = addresses.to_vec();
    sorted.sort_unstable();
    let of_segments = sorted.chunk_by(|a, b| a.segment_ord == b.segment_ord);
    let shares: Vec<&[DocAddress]> = of_segments.flat_map(|all| all.chunks(SHARE)).collect();
    let threads = if sorted.len() < MANY { 1 } else { processors() };
    let found = shared_out(
        threads,
        &shares,
        || (),
        |(), share| bonuses_of_share(view, tuning, &words, share),
    );
    let mut bonuses = BTreeMap::new();
    for share in found {
        bonuses.extend(share?);
    }
    Ok(bonuses)
}

/// The bonuses of articles of one segment, rising.
fn bonuses_of_share(
    view: &View,
    tuning: &Tuning,
    words: &[(&Leaf, f32)],
    share: &[DocAddress],
) -> Result<Vec<(DocAddress, Bonus)>, SearchError> {
    let Some(first) = share.first() else { return Ok(Vec::new()) };
    let opener = Opener::new(view.searcher.segment_reader(first.segment_ord), view.fields);
    let mut opened: Vec<Occurrences> = Vec::with_capacity(words.len());
    for (leaf, _) in words {
        opened.push(opener.open(&leaf.pattern)?);
    }
    let mut spans: Vec<Vec<Span>> = vec![Vec::new(); words.len()];
    let mut found = Vec::with_capacity(share.len());
    for address in share {
        let mut bonus = Bonus::default();
        for area in Area::ALL {
            for (occurrences, spans) in opened.iter_mut().zip(&mut spans) {
                spans.clear();
                if occurrences.seek(address.doc_id) == address.doc_id {
                    occurrences.spans(area, spans);
                }
            }
            for ((_, worth), spans) in words.iter().zip(&spans) {
                let leads = area == Area::Body
                    && spans.first().is_some_and(|span| span.start < LEAD_WORDS);
                if leads {
                    bonus.lead += tuning.lead * worth;
                }
            }
            for (pair, texts) in words.windows(2).zip(spans.windows(2)) {
                let ([(_, a), (_, b)], [left, right]) = (pair, texts) else { continue };
                if let Some(distance) = least_distance(left, right) {
                    bonus.proximity += tuning.proximity * a.min(*b) / distance as f32;
                }
            }
        }
        found.push((*address, bonus));
    }
    Ok(found)
}

/// Words from an occurrence of one list to the nearest of the other: 1 where they touch. Farther
/// than this counts as unrelated.
const RELATED: u32 = 12;

fn least_distance(left: &[Span], right: &[Span]) -> Option<u32> {
    let mut least: Option<u32> = None;
    let mut from = 0;
    for a in left {
        while right.get(from).is_some_and(|b| b.end + RELATED < a.start) {
            from += 1;
        }
        for b in right.iter().skip(from).take_while(|b| b.start < a.end + RELATED) {
            let gap = if b.start >= a.end {
                b.start - a.end + 1
            } else if a.start >= b.end {
                a.start - b.end + 1
            } else {
                continue;
            };
            least = Some(least.map_or(gap, |known| known.min(gap)));
        }
    }
    least.filter(|gap| *gap <= RELATED)
}

/// How a score came about: parts that add up to it.
///
/// # Errors
///
/// What the disk says.
pub(super) fn explain(
    view: &View,
    tuning: &Tuning,
    leaves: &[Leaf],
    found: &Match,
    request: &SearchRequest,
    ranked_again: bool,
) -> Result<Explanation, SearchError> {
    if request.sort != Sort::Relevance {
        let reason = "in the order of dates, without a score".to_owned();
        return Ok(Explanation { value: found.score, reason, parts: Vec::new() });
    }
    let address = found.scored;
    let segment = view.searcher.segment_reader(address.segment_ord);
    let enable = EnableScoring::enabled_from_searcher(&view.searcher);
    let factor = match (request.recency, request.today) {
        (Some(halflife), Some(today)) => {
            let date = view.tables.segment(address.segment_ord).date(address.doc_id);
            Recency { halflife, today }.factor(date)
        }
        _ => 1.0,
    };
    let mut parts = Vec::new();
    for leaf in leaves {
        let mut scorer = leaf.query.weight(enable)?.scorer(segment, 1.0)?;
        let here =
            scorer.doc() <= address.doc_id && scorer.seek(address.doc_id) == address.doc_id;
        if !here {
            continue;
        }
        let value = scorer.score() * factor;
        let reason = match leaf.query.worth {
            Worth::Names(worth) => {
                format!("how much it is about `{}` (rarity {worth:.2})", leaf.label)
            }
            Worth::Words(worth) => format!("`{}` (rarity {worth:.2})", leaf.label),
            Worth::Nothing => continue,
        };
        parts.push(Explanation { value, reason, parts: Vec::new() });
    }
    if factor < 1.0 {
        for part in &mut parts {
            part.reason = format!("{}, times {factor:.3} for its age", part.reason);
        }
    }
    if ranked_again {
        let bonuses = bonuses(view, tuning, leaves, &[address])?;
        let bonus = bonuses.get(&address).copied().unwrap_or_default();
        let extra = [
            (bonus.proximity, "words of the query stand close to each other"),
            (bonus.lead, "words of the query stand in the lead"),
        ];
        for (value, reason) in extra.into_iter().filter(|(value, _)| *value > 0.0) {
            parts.push(Explanation { value, reason: reason.to_owned(), parts: Vec::new() });
        }
    }
    let reason = "sum of its parts".to_owned();
    Ok(Explanation { value: found.score, reason, parts })
}
