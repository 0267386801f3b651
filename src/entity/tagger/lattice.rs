//! Scores of labels and the best path through them, in 16-bit integers.

use super::label::{LABELS, LANES, Label, OUTSIDE, allowed};

/// Units in a score of 1. Weights are i8, so that one feature reaches ±4, more than dropout in
/// training ever lets one have.
pub(super) const SCALE: f32 = 32.0;

const FORBIDDEN: i16 = -12_000;

/// Scores of the labels at one position.
pub(super) type Scores = [i16; LANES];

/// Scores of the label in the second place after the one in the first.
pub(super) type Transitions = [Scores; LANES];

/// A sum of weights, one u16 lane per label, every weight raised by 128: so that plain 64-bit
/// additions add four lanes at a time and never carry into the next. What was raised is the same
/// for all labels and falls out when scores are taken relative to "outside".
///
/// Room for 257 weights; a position has at most some 200.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    low: u64,
    high: u64,
}

/// Byte of a packed weight at which the label stands (see [`Sum::of_packed`]).
pub(super) const BYTE_OF_LABEL: [usize; LABELS] = [0, 2, 4, 6, 1, 3, 5];

const LOW_BYTES: u64 = 0x00FF_00FF_00FF_00FF;

impl std::fmt::Debug for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.scores().fmt(f)
    }
}

impl Sum {
    /// From seven raised weights: even bytes are the first four labels, odd bytes the others.
    #[inline]
    pub(super) fn of_packed(weights: u64) -> Self {
        Self { low: weights & LOW_BYTES, high: (weights >> 8) & LOW_BYTES }
    }

    #[inline]
    pub(super) fn add(&mut self, other: Self) {
        self.low = self.low.wrapping_add(other.low);
        self.high = self.high.wrapping_add(other.high);
    }

    /// Scores relative to "outside".
    #[inline]
    pub(super) fn scores(self) -> Scores {
        let outside = self.low as u16;
        let lane = |word: u64, k: u32| ((word >> (16 * k)) as u16).wrapping_sub(outside) as i16;
        [
            0,
            lane(self.low, 1),
            lane(self.low, 2),
            lane(self.low, 3),
            lane(self.high, 0),
            lane(self.high, 1),
            lane(self.high, 2),
            i16::MIN / 2,
        ]
    }
}

pub(super) fn quantise(weights: &[f32; LANES]) -> Scores {
    weights.map(|w| (w * SCALE).round().clamp(-8_000.0, 8_000.0) as i16)
}

/// Transitions with the forbidden ones closed.
pub(super) fn close(mut transitions: Transitions) -> Transitions {
    for (from, row) in transitions.iter_mut().enumerate() {
        for (to, score) in row.iter_mut().enumerate() {
            if from >= LABELS || to >= LABELS || !allowed(from, to) {
                *score = FORBIDDEN;
            }
        }
    }
    transitions
}

/// Decodes stretches of positions; keeps its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Lattice {
    /// Best score of a path that ends in each label, relative to "outside", by position.
    forward: Vec<Scores>,
    back: Vec<[u8; LANES]>,
    margins: Vec<i16>,
}

impl Lattice {
    /// Best labels (Viterbi) of a stretch that follows an "outside" or the beginning of the
    /// sentence and, if `outside_follows`, precedes one.
    ///
    /// Scores stay relative to "outside" and are added with saturation: they cannot overflow.
    #[inline]
    pub(super) fn decode(
        &mut self,
        scores: &[Scores],
        transitions: &Transitions,
        outside_follows: bool,
        out: &mut [Label],
    ) {
        self.forward.clear();
        self.back.clear();
        let mut current = transitions[0];
        for (k, score) in scores.iter().enumerate() {
            if k > 0 {
                let mut best = [i16::MIN; LANES];
                let mut argument = [0i16; LANES];
                for from in 0..LABELS {
                    let value = current[from];
                    for to in 0..LANES {
                        let candidate = value.saturating_add(transitions[from][to]);
                        argument[to] =
                            if candidate > best[to] { from as i16 } else { argument[to] };
                        best[to] = best[to].max(candidate);
                    }
                }
                self.back.push(argument.map(|a| a as u8));
                current = best;
            }
            for lane in 0..LANES {
                current[lane] = current[lane].saturating_add(score[lane]);
            }
            let outside = current[0];
            for lane in &mut current {
                *lane = lane.saturating_sub(outside);
            }
            self.forward.push(current);
        }
        let mut best = 0;
        let mut top = i16::MIN;
        for label in 0..LABELS {
            let end = if outside_follows { transitions[label][0] } else { 0 };
            let value = current[label].saturating_add(end);
            if value > top {
                (top, best) = (value, label);
            }
        }
        for k in (0..scores.len()).rev() {
            out[k] = best as Label;
            if k > 0 {
                best = usize::from(self.back[k - 1][best]);
            }
        }
    }

    /// By how much the best path leads, at each position, over the best path with another label
    /// there: max-marginals of the stretch that was just decoded.
    pub(super) fn margins(
        &mut self,
        scores: &[Scores],
        transitions: &Transitions,
        outside_follows: bool,
        labels: &[Label],
    ) -> &[i16] {
        // By the label after, so that one addition serves all labels before.
        let arriving: Transitions =
            std::array::from_fn(|to| std::array::from_fn(|from| transitions[from][to]));
        self.margins.clear();
        self.margins.resize(scores.len(), 0);
        let mut backward: Scores = [0; LANES];
        if outside_follows {
            for label in 0..LABELS {
                backward[label] = transitions[label][usize::from(OUTSIDE)];
            }
        }
        for k in (0..scores.len()).rev() {
            let own = usize::from(labels[k]);
            let mut through = self.forward[k];
            for (t, b) in through.iter_mut().zip(backward) {
                *t = t.saturating_add(b);
            }
            let best = std::mem::replace(&mut through[own], i16::MIN);
            let other = through[..LABELS].iter().copied().max().unwrap_or(0);
            self.margins[k] = best.saturating_sub(other);
            let mut before = [i16::MIN; LANES];
            for to in 0..LABELS {
                let value = backward[to].saturating_add(scores[k][to]);
                for (b, from) in before.iter_mut().zip(arriving[to]) {
                    *b = (*b).max(from.saturating_add(value));
                }
            }
            let outside = before[0];
            backward = before.map(|b| b.saturating_sub(outside));
        }
        &self.margins
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(
        labels: &[usize],
        scores: &[Scores],
        t: &Transitions,
        outside_follows: bool,
    ) -> i32 {
        let mut sum = 0;
        let mut before = 0;
        for (&label, score) in labels.iter().zip(scores) {
            sum += i32::from(t[before][label]) + i32::from(score[label]);
            before = label;
        }
        sum + if outside_follows { i32::from(t[before][0]) } else { 0 }
    }

    proptest! {
        #[test]
        fn the_path_is_the_best_of_all_and_its_margin_the_lead(
            scores in prop::collection::vec(prop::array::uniform8(-200i16..200), 1..5),
            plain in prop::array::uniform8(prop::array::uniform8(-100i16..100)),
            outside_follows: bool,
        ) {
            let transitions = close(plain);
            let n = scores.len();
            let paths: Vec<Vec<usize>> = (0..LABELS.pow(n as u32))
                .map(|p| (0..n).map(|k| p / LABELS.pow(k as u32) % LABELS).collect())
                .collect();
            let worth = |p: &[usize]| value(p, &scores, &transitions, outside_follows);
            let best = paths.iter().map(|p| worth(p)).max().unwrap();
            let mut lattice = Lattice::default();
            let mut labels = vec![0; n];
            lattice.decode(&scores, &transitions, outside_follows, &mut labels);
            let path: Vec<usize> = labels.iter().map(|&l| usize::from(l)).collect();
            prop_assert_eq!(worth(&path), best);
            let margins = lattice.margins(&scores, &transitions, outside_follows, &labels);
            for k in 0..n {
                let other = paths.iter().filter(|p| p[k] != path[k]).map(|p| worth(p)).max();
                let lead = best - other.unwrap();
                if lead < 10_000 {
                    prop_assert_eq!(i32::from(margins[k]), lead);
                }
            }
        }

        #[test]
        fn extreme_scores_do_not_overflow(
            scores in prop::collection::vec(prop::array::uniform8(any::<i16>()), 1..50),
        ) {
            let transitions = close([[0; LANES]; LANES]);
            let mut labels = vec![0; scores.len()];
            let mut lattice = Lattice::default();
            lattice.decode(&scores, &transitions, true, &mut labels);
            let _ = lattice.margins(&scores, &transitions, true, &labels);
            prop_assert!(labels.iter().all(|&l| usize::from(l) < LABELS));
        }
    }

    #[test]
    fn raised_weights_add_up_to_scores_relative_to_outside() {
        let pack = |weights: [i16; LABELS]| {
            let mut bytes = [0u8; 8];
            for (label, w) in weights.into_iter().enumerate() {
                bytes[BYTE_OF_LABEL[label]] = (w + 128) as u8;
            }
            Sum::of_packed(u64::from_le_bytes(bytes))
        };
        let mut sum = pack([1, -2, 3, -4, 5, -6, 7]);
        sum.add(pack([-100, 100, 0, -128, 127, 1, 1]));
        assert_eq!(sum.scores()[..LABELS], [0, 197, 102, -33, 231, 94, 107]);
    }
}
