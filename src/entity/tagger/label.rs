//! The labels of the chain: BIO over the three kinds.

use crate::entity::EntityKind;

/// A label's number. 0 is outside; an odd number begins a name, the even one after it continues it.
pub(super) type Label = u8;

pub(super) const OUTSIDE: Label = 0;

pub(super) const BEGIN_PERSON: Label = 1;
pub(super) const BEGIN_ORGANISATION: Label = 3;
pub(super) const BEGIN_PLACE: Label = 5;

/// How many labels there are. Rows of scores have one lane more, which is never read.
pub(super) const LABELS: usize = 7;

/// Lanes of a row: the labels, padded to a power of two.
pub(super) const LANES: usize = 8;

/// Whether `to` may follow `from`: a name is continued only by its own kind.
pub(super) fn allowed(from: usize, to: usize) -> bool {
    to == 0 || to % 2 == 1 || from == to || from + 1 == to
}

pub(super) fn begins(label: Label) -> bool {
    label % 2 == 1
}

pub(super) fn continues(label: Label) -> bool {
    label != OUTSIDE && label.is_multiple_of(2)
}

/// 0 for outside, else 1 + the kind's place in [`EntityKind::ALL`].
pub(super) fn kind_number(label: Label) -> usize {
    usize::from(label.div_ceil(2))
}

pub(super) fn kind(label: Label) -> Option<EntityKind> {
    EntityKind::ALL.get(kind_number(label).checked_sub(1)?).copied()
}

/// The label of a BIO tag; whatever we do not tag (`MISC`) is outside.
pub(super) fn parse(tag: &str) -> Label {
    let Some((position, name)) = tag.split_once('-') else { return OUTSIDE };
    let Some(kind) = EntityKind::ALL.iter().position(|k| k.tag() == name) else {
        return OUTSIDE;
    };
    let begin = 2 * kind as Label + 1;
    if position == "B" { begin } else { begin + 1 }
}

/// The BIO tag of a label.
pub(super) fn tag(label: Label) -> String {
    match kind(label) {
        Some(kind) => format!("{}-{}", if begins(label) { "B" } else { "I" }, kind.tag()),
        None => "O".to_owned(),
    }
}

/// Names in a sequence of labels: first position, the position after the last, label of the first.
pub(super) fn names(labels: &[Label]) -> impl Iterator<Item = (usize, usize, Label)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < labels.len() && labels[at] == OUTSIDE {
            at += 1;
        }
        let start = at;
        let first = *labels.get(start)?;
        at += 1;
        while at < labels.len() && continues(labels[at]) {
            at += 1;
        }
        Some((start, at, first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_the_next_begins() {
        let labels: Vec<Label> =
            ["B-PER", "I-PER", "B-PER", "O", "B-LOC", "B-MISC"].map(parse).into();
        let found: Vec<_> = names(&labels).collect();
        assert_eq!(found, [(0, 2, 1), (2, 3, 1), (4, 5, 5)]);
    }
}
