//! The table of word forms: what is known of each, and its summed weights for each place of the
//! window.

use super::feature::{OWN, WINDOW, padding, unary};
use super::label::LABELS;
use super::lattice::Sum;
use super::lexicon::Lexicon;
use super::model::Model;
use super::word::{BRIDGE, Brief, CAPITAL, CONNECTOR, Neighbour, SEED, SOFT, Spelling, Word};
use hashbrown::HashMap;

/// Which forms are left out of the lattices, by how far "outside" leads the best other label on
/// the form's own features (in units of [`super::lattice::SCALE`]).
///
/// A form is in if its lead is below `SEED_LEAD` (`SMALL_SEED_LEAD` if it has no capital; words
/// that join parts of names begin none); or below `SOFT_LEAD` and next to one that is in; or below
/// `BRIDGE_LEAD` and one of at most a few between two that are in ("Bank of the West"). Without
/// the last, "of", "and" and "the" are cut out of names.
const SEED_LEAD: i16 = 20;
const SMALL_SEED_LEAD: i16 = 0;
const SOFT_LEAD: i16 = 50;
const BRIDGE_LEAD: i16 = 140;

/// Summed weights of a form, by its place in the window.
pub(super) type WindowSums = [Sum; WINDOW.len()];

/// What is asked of the forms in the windows of positions that are scored; together, so that
/// little is waited for.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) sums: WindowSums,
    pub(super) neighbour: Neighbour,
}

/// Word forms by number; number 0 is the edge of a sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct WordTable {
    pub(super) words: Vec<Word>,
    pub(super) briefs: Vec<Brief>,
    pub(super) rows: Vec<Row>,
    lower_ids: HashMap<u64, u32>,
    /// Of the form that is added: slot, feature, tags of its bucket.
    features: Vec<(usize, u64, u64)>,
}

impl WordTable {
    /// Empties it, but for the edge.
    pub(super) fn reset(&mut self, model: &Model) {
        self.words.clear();
        self.briefs.clear();
        self.push(Word::edge());
        self.rows.clear();
        self.rows.push(Row {
            sums: std::array::from_fn(|slot| model.weights(padding(slot))),
            neighbour: Word::edge().neighbour(),
        });
        self.lower_ids.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn lower_ids(&self) -> usize {
        self.lower_ids.len() + 1
    }

    /// Adds a form; its number is the length before.
    #[cold]
    #[inline(never)]
    pub(super) fn add(&mut self, form: &str, model: &Model) {
        let spelling = Spelling::of(form);
        let mut word = self.describe(&spelling, &model.lexicon);
        let mut sums = WindowSums::default();
        self.features.clear();
        unary(&spelling, &word, &model.lexicon, |slot, _, f| {
            // A feature without weights adds the same to all labels: nothing.
            if model.may_know(f) {
                self.features.push((slot, f, 0));
            }
        });
        for (_, f, tags) in &mut self.features {
            *tags = model.tags(*f);
        }
        for &(slot, f, tags) in &self.features {
            sums[slot].add(model.weights_in(f, tags));
        }
        let own = sums[OWN].scores();
        let lead = -own[1..LABELS].iter().copied().max().unwrap_or(0);
        let seed_lead = match word.bits {
            bits if bits & CONNECTOR != 0 => i16::MIN,
            bits if bits & CAPITAL != 0 => SEED_LEAD,
            _ => SMALL_SEED_LEAD,
        };
        for (limit, bit) in [(seed_lead, SEED), (SOFT_LEAD, SOFT), (BRIDGE_LEAD, BRIDGE)] {
            if lead < limit {
                word.bits |= bit;
            }
        }
        self.rows.push(Row { sums, neighbour: word.neighbour() });
        self.push(word);
    }

    /// Adds a form without weights.
    pub(super) fn push(&mut self, word: Word) {
        self.briefs.push(word.brief());
        self.words.push(word);
    }

    /// What is known of a form.
    pub(super) fn describe(&mut self, spelling: &Spelling<'_>, lexicon: &Lexicon) -> Word {
        let mut word = Word::new(spelling, lexicon);
        let next = self.lower_ids.len() as u32 + 1;
        word.lower_id = *self.lower_ids.entry(word.lower).or_insert(next);
        word
    }
}
