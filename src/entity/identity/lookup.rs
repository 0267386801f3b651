//! Finding words of the table that are like a given word.

use hashbrown::HashMap;

use super::build::skeleton_hash;
use super::table::{Section, Table, first};
use crate::entity::EntityKind;
use crate::entity::names::{Token, lexicon, token_likeness};

/// Words less alike are not looked at.
const ALIKE: f32 = 0.75;
/// The most words of one skeleton that are compared.
const MOST_OF_SKELETON: usize = 2_000;

/// Words of a kind that may stand for `word`, with their likeness; the word itself with 1.
pub(super) fn like_words(table: &Table, kind: EntityKind, word: &Token) -> Vec<(u32, f32)> {
    let mut found: HashMap<u32, f32> = HashMap::new();
    if let Some(at) = table.find_word(kind, word.folded.as_bytes()) {
        found.insert(at, 1.0);
    }
    let offer = |at: u32, found: &mut HashMap<u32, f32>| {
        if found.contains_key(&at) {
            return;
        }
        let Ok(text) = std::str::from_utf8(table.word(at)) else { return };
        let alike = token_likeness(word, &Token::word(text), false);
        if alike >= ALIKE {
            found.insert(at, alike);
        }
    };
    for (text, _) in lexicon().related(lexicon().word(&word.folded)) {
        if let Some(at) = table.find_word(kind, text.as_bytes()) {
            offer(at, &mut found);
        }
    }
    if word.folded.len() > 2 {
        let (start, end) = table.words_of(kind);
        for at in
            table.pairs(Section::Skeletons, skeleton_hash(&word.folded)).take(MOST_OF_SKELETON)
        {
            if (start..end).contains(&at) {
                offer(at, &mut found);
            }
        }
    }
    if word.folded.len() > 3 {
        for (start, end) in within_one_edit(table, kind, word.folded.as_bytes(), false) {
            for at in start..end {
                offer(at, &mut found);
            }
        }
    }
    let mut found: Vec<(u32, f32)> = found.into_iter().collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

/// Runs of words at most one edit (insertion, deletion, substitution, swap) away from `wanted`;
/// with `prefix`, words that begin with such a one.
pub(super) fn within_one_edit(
    table: &Table,
    kind: EntityKind,
    wanted: &[u8],
    prefix: bool,
) -> Vec<(u32, u32)> {
    let mut walk = Walk { table, wanted, prefix, found: Vec::new() };
    let (start, end) = table.words_of(kind);
    walk.step(start, end, 0, 0, true);
    walk.found.sort_unstable();
    walk.found.dedup();
    walk.found
}

/// The sorted words walked as a trie: a run of words with a common beginning is a node.
struct Walk<'a> {
    table: &'a Table,
    wanted: &'a [u8],
    prefix: bool,
    found: Vec<(u32, u32)>,
}

impl Walk<'_> {
    fn byte(&self, word: u32, depth: usize) -> Option<u8> {
        self.table.word(word).get(depth).copied()
    }

    /// The words of a node that go on with `byte`.
    fn child(&self, start: u32, end: u32, depth: usize, byte: u8) -> (u32, u32) {
        let from = first(start, end, |at| self.byte(at, depth) >= Some(byte));
        let to = first(from, end, |at| self.byte(at, depth) > Some(byte));
        (from, to)
    }

    /// `matched` bytes of the wanted word stand against `depth` bytes of the node's words; `free`
    /// says whether the edit is still to be used.
    fn step(&mut self, start: u32, end: u32, depth: usize, matched: usize, free: bool) {
        if start >= end {
            return;
        }
        let Some(&byte) = self.wanted.get(matched) else {
            if self.prefix {
                self.found.push((start, end));
            } else {
                let longest = depth + usize::from(free);
                let to = first(start, end, |at| self.table.word(at).len() > depth);
                if to > start {
                    self.found.push((start, to));
                }
                if longest > depth {
                    let ends: Vec<u32> = (to..end.min(to + 5_000))
                        .filter(|at| self.table.word(*at).len() == longest)
                        .collect();
                    self.found.extend(ends.into_iter().map(|at| (at, at + 1)));
                }
            }
            return;
        };
        let (from, to) = self.child(start, end, depth, byte);
        self.step(from, to, depth + 1, matched + 1, free);
        if !free {
            return;
        }
        // A letter of the wanted word too many.
        self.step(start, end, depth, matched + 1, false);
        // Two letters swapped.
        if let Some(&next) = self.wanted.get(matched + 1)
            && next != byte
        {
            let (from, to) = self.child(start, end, depth, next);
            let (from, to) = self.child(from, to, depth + 1, byte);
            self.step(from, to, depth + 2, matched + 2, false);
        }
        // Another letter, or one more. The words that end here come first.
        let mut at = first(start, end, |at| self.byte(at, depth).is_some());
        while at < end {
            let Some(other) = self.byte(at, depth) else { break };
            let next = first(at, end, |at| self.byte(at, depth) > Some(other));
            if other != byte {
                self.step(at, next, depth + 1, matched + 1, false);
            }
            self.step(at, next, depth + 1, matched, false);
            at = next;
        }
    }
}
