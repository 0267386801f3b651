//! The second pass: what the first said of the same forms elsewhere in the article (news repeats
//! names). Its features are few, so they are numbered densely, and they only add to the first
//! pass's scores. A stretch without evidence keeps its first answer and costs nothing.

use super::article::{NO_FORM, NameFormId};
use super::label::{LABELS, Label, OUTSIDE, continues, kind_number};
use super::lexicon::{
    COUNTRY, FIRST_NAME, Flags, LAST_NAME, PLACE_KINDS, TOWN, WORLD_FIRST_NAME, WORLD_LAST_NAME,
};
use super::word::Word;

/// Outside and the three kinds.
const KINDS: usize = 4;

/// How often the first pass gave a form which label, and where in a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    total: u16,
    labels: [u16; LABELS],
    /// As a whole name, as the last word of a longer one, as an earlier word; by kind.
    places: [[u16; KINDS]; 3],
}

const ALONE: usize = 0;
const LAST: usize = 1;
const INNER: usize = 2;

fn place(labels: &[Label], at: usize) -> usize {
    if labels.get(at + 1).is_some_and(|&next| continues(next)) {
        INNER
    } else if continues(labels[at]) {
        LAST
    } else {
        ALONE
    }
}

impl Evidence {
    /// The label that begins names of the kind that the form is given most often.
    pub(super) fn kind(&self) -> Option<Label> {
        let kinds = [1, 2, 3].map(|k| self.labels[2 * k - 1] + self.labels[2 * k]);
        let (best, &count) = kinds.iter().enumerate().rev().max_by_key(|(_, count)| **count)?;
        (count > 0).then_some(2 * best as Label + 1)
    }

    /// The label that begins names of the one kind that the form has as a whole name.
    pub(super) fn only_kind_alone(&self) -> Option<Label> {
        let counts = &self.places[ALONE];
        let best = commonest(counts);
        (best > 0 && counts.iter().sum::<u16>() == counts[best]).then(|| 2 * best as Label - 1)
    }

    /// Whether it stands in a person's name of several words.
    pub(super) fn is_part_of_person(&self) -> bool {
        self.places[LAST][PERSON] + self.places[INNER][PERSON] > 0
    }

    fn count(&mut self, label: Label, place: usize, by: i32) {
        let change =
            |n: &mut u16| *n = (i32::from(*n) + by).clamp(0, i32::from(u16::MAX)) as u16;
        change(&mut self.total);
        change(&mut self.labels[usize::from(label)]);
        change(&mut self.places[place][kind_number(label)]);
    }
}

/// Counts labels by form. Both slices are by position; edges between sentences are outside.
pub(super) fn collect(
    labels: &[Label],
    form_at: &[NameFormId],
    forms: usize,
    out: &mut Vec<Evidence>,
) {
    out.clear();
    out.resize(forms, Evidence::default());
    for (at, &label) in labels.iter().enumerate() {
        if label != OUTSIDE && form_at[at] != NO_FORM {
            out[form_at[at] as usize].count(label, place(labels, at), 1);
        }
    }
}

fn commonest(counts: &[u16]) -> usize {
    let mut best = 0;
    for (k, &count) in counts.iter().enumerate().skip(1) {
        if count > if best == 0 { 0 } else { counts[best] } {
            best = k;
        }
    }
    best
}

const PLACE_FLAGS: Flags = TOWN | COUNTRY | PLACE_KINDS.mask();
const PERSON_FLAGS: Flags = FIRST_NAME | LAST_NAME | WORLD_FIRST_NAME | WORLD_LAST_NAME;

/// Neither, place, person, both.
fn class(word: &Word) -> usize {
    usize::from(word.has(PLACE_FLAGS)) + 2 * usize::from(word.has(PERSON_FLAGS))
}

const CLASSES: usize = 4;
const BLOCK: usize = CLASSES * KINDS;
const PLACE_BLOCKS: usize = 3;

/// How many features there are.
pub(super) const FEATURES: usize = BLOCK * (1 + PLACE_BLOCKS);

/// Whether the evidence at a position speaks of a person at all. Where it does not, the tagger
/// leaves the first pass's answer alone: on held-out corpora the second pass was worth a point on
/// people and cost as much on places, which stand in the names of organisations too often.
#[inline]
pub(super) fn speaks_of_person(
    evidence: &[Evidence],
    labels: &[Label],
    form_at: &[NameFormId],
    at: usize,
) -> bool {
    let form = form_at[at];
    if form == NO_FORM {
        return false;
    }
    let mut others = evidence[form as usize].clone();
    if others.labels[1] + others.labels[2] == 0 {
        return false;
    }
    if labels[at] != OUTSIDE {
        others.count(labels[at], place(labels, at), -1);
    }
    others.places.iter().any(|counts| commonest(counts) == PERSON)
}

/// Number of persons among the kinds.
const PERSON: usize = 1;

/// Emits the numbers of the features at a position and says whether there were any.
///
/// The position's own label is taken out of the evidence, so that an error does not confirm
/// itself.
#[inline]
pub(super) fn features(
    evidence: &[Evidence],
    labels: &[Label],
    form_at: &[NameFormId],
    at: usize,
    word: &Word,
    mut emit: impl FnMut(usize),
) -> bool {
    let form = form_at[at];
    if form == NO_FORM {
        return false;
    }
    let all = &evidence[form as usize];
    let own = labels[at];
    if all.total <= u16::from(own != OUTSIDE) {
        return false;
    }
    let mut others = all.clone();
    if own != OUTSIDE {
        others.count(own, place(labels, at), -1);
    }
    let class = class(word) * KINDS;
    emit(class + kind_number(commonest(&others.labels) as Label));
    for (block, counts) in others.places.iter().enumerate() {
        let kind = commonest(counts);
        if kind > 0 {
            emit((block + 1) * BLOCK + class + kind);
        }
    }
    true
}
