//! Completing names while they are typed.

use std::collections::BinaryHeap;

use super::lookup::within_one_edit;
use super::table::{Table, first};
use crate::entity::EntityKind;
use crate::text::fold;

/// The most words that one beginning stands for.
const MOST_WORDS: u32 = 80_000;
/// The most occurrences of a word that are looked at when words are combined.
const MOST_POSTINGS: usize = 400_000;

/// Identities of a kind whose names have all words typed, the last of which may go on; most
/// articles first, at most `limit`; and whether a typing error was forgiven.
pub(super) fn suggest(
    table: &Table,
    kind: EntityKind,
    typed: &str,
    limit: usize,
) -> Vec<(u32, bool)> {
    let folded = fold(typed);
    let words: Vec<String> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '.'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .take(6)
        .collect();
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let mut found: Vec<(u32, bool)> = completed(table, kind, before, last, false, limit)
        .into_iter()
        .map(|id| (id, false))
        .collect();
    if found.len() < limit && (last.len() >= 4 || !before.is_empty()) {
        for id in completed(table, kind, before, last, true, limit) {
            if found.len() < limit && !found.iter().any(|(known, _)| *known == id) {
                found.push((id, true));
            }
        }
    }
    found
}

/// Runs of words that a typed word may stand for.
fn runs(
    table: &Table,
    kind: EntityKind,
    word: &str,
    prefix: bool,
    typo: bool,
) -> Vec<(u32, u32)> {
    if typo && word.len() >= 4 {
        return within_one_edit(table, kind, word.as_bytes(), prefix);
    }
    let (start, end) = table.words_of(kind);
    let from = first(start, end, |at| table.word(at) >= word.as_bytes());
    let holds = |at: u32| {
        let text = table.word(at);
        if prefix { text.starts_with(word.as_bytes()) } else { text == word.as_bytes() }
    };
    let to = first(from, end, |at| !holds(at));
    vec![(from, to)]
}

fn completed(
    table: &Table,
    kind: EntityKind,
    before: &[String],
    last: &str,
    typo: bool,
    limit: usize,
) -> Vec<u32> {
    let last = runs(table, kind, last, true, typo);
    if before.is_empty() {
        return commonest(table, &last, limit);
    }
    let (base, end) = table.identities_of(kind);
    let mut hits = vec![0_u8; (end - base) as usize];
    let groups: Vec<Vec<(u32, u32)>> =
        before.iter().map(|word| runs(table, kind, word, false, typo)).chain([last]).collect();
    for (at, group) in groups.iter().enumerate() {
        let mut left = MOST_POSTINGS;
        for word in group.iter().flat_map(|(from, to)| *from..*to) {
            for posting in table.postings(word) {
                if let Some(hit) = hits.get_mut(posting.identity.wrapping_sub(base) as usize) {
                    *hit |= 1 << at;
                }
                left = left.saturating_sub(1);
            }
            if left == 0 {
                break;
            }
        }
    }
    let all = ((1_u16 << groups.len()) - 1) as u8;
    // Identities are numbered by articles, most first.
    (base..end)
        .zip(&hits)
        .filter(|(_, hit)| **hit == all)
        .map(|(id, _)| id)
        .take(limit)
        .collect()
}

/// The identities with the most articles among those of many words.
fn commonest(table: &Table, runs: &[(u32, u32)], limit: usize) -> Vec<u32> {
    let mut best: BinaryHeap<u32> = BinaryHeap::with_capacity(limit + 1);
    let mut left = MOST_WORDS;
    for word in runs.iter().flat_map(|(from, to)| *from..*to) {
        left = left.saturating_sub(1);
        if left == 0 {
            break;
        }
        for posting in table.postings(word) {
            let id = posting.identity;
            if best.len() >= limit && best.peek().is_some_and(|worst| id >= *worst) {
                break;
            }
            if !best.iter().any(|known| *known == id) {
                best.push(id);
                if best.len() > limit {
                    best.pop();
                }
            }
        }
    }
    best.into_sorted_vec()
}
