//! Training of the chain: the gradient of the log-likelihood by the forward-backward algorithm,
//! followed by `AdaGrad` (Duchi, Hazan and Singer 2011), sentence by sentence, with features left
//! out at random (dropout, Srivastava et al. 2014), averaged over the last epochs.

use super::super::label::{LABELS, LANES, Label, allowed};
use super::corpus::Random;

/// Weights of a feature by label.
pub(super) type Weights = [f32; LANES];

/// Marks a feature of the longer lists in [`Corpus::features`].
pub(super) const LISTED: u32 = 1 << 31;

/// Sentences as numbers of features.
#[derive(Clone, Debug, Default)]
pub(super) struct Corpus {
    pub(super) features: Vec<u32>,
    /// Features of token `t` are those from `ends[t]` to `ends[t + 1]`.
    pub(super) ends: Vec<usize>,
    pub(super) labels: Vec<Label>,
    pub(super) sentences: Vec<Extent>,
}

/// A sentence of a [`Corpus`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) document: usize,
}

impl Corpus {
    pub(super) fn token(&self, t: usize) -> &[u32] {
        &self.features[self.ends[t]..self.ends[t + 1]]
    }
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) epochs: usize,
    /// Length of a step.
    pub(super) rate: f32,
    /// How often a feature is left out of a token.
    pub(super) dropout: f32,
    /// How often all features of the longer lists are left out of a sentence.
    pub(super) lists_dropout: f32,
    /// Strength of the pull towards 0.
    pub(super) decay: f32,
    /// How many of the last epochs are averaged.
    pub(super) averaged: usize,
    pub(super) seed: u64,
}

/// What was learned.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    pub(super) weights: Vec<Weights>,
    pub(super) transitions: [Weights; LANES],
}

/// Scores that are there before any feature speaks, and transitions not to be changed.
pub(super) type Given<'a> = (&'a [Weights], &'a [Weights; LANES]);

/// A weight and what its steps have added up to: one cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Cell {
    weights: Weights,
    squares: Weights,
}

/// Longer sentences are no sentences.
const LONGEST: usize = 600;

/// Learns from `sentences` of the corpus, one after the other: the same comes of the same.
pub(super) fn learn(
    corpus: &Corpus,
    sentences: &[Extent],
    feature_count: usize,
    given: Option<Given<'_>>,
    method: &Method,
) -> Learned {
    let mut random = Random::new(method.seed);
    let mut order: Vec<Extent> = sentences.to_vec();
    order.retain(|s| s.end - s.start <= LONGEST);
    let mut learner = Learner {
        corpus,
        method,
        given,
        cells: vec![Cell { weights: [0.0; LANES], squares: [0.0; LANES] }; feature_count],
        transitions: given.map_or([[0.0; LANES]; LANES], |(_, transitions)| *transitions),
        transition_squares: [[0.0; LANES]; LANES],
        kept: vec![],
        scores: vec![],
        potentials: vec![],
        forward: vec![],
        backward: vec![],
        norms: vec![],
    };
    let mut learned = Learned {
        weights: vec![[0.0; LANES]; feature_count],
        transitions: [[0.0; LANES]; LANES],
    };
    for epoch in 0..method.epochs {
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        for &sentence in &order {
            learner.step(sentence, &mut random);
        }
        if epoch + method.averaged >= method.epochs {
            let part = 1.0 / method.averaged as f32;
            for (mean, cell) in learned.weights.iter_mut().zip(&learner.cells) {
                for (m, w) in mean.iter_mut().zip(cell.weights) {
                    *m += w * part;
                }
            }
            for (mean, row) in learned.transitions.iter_mut().zip(&learner.transitions) {
                for (m, w) in mean.iter_mut().zip(row) {
                    *m += w * part;
                }
            }
        }
    }
    learned
}

struct Learner<'a> {
    corpus: &'a Corpus,
    method: &'a Method,
    given: Option<Given<'a>>,
    cells: Vec<Cell>,
    transitions: [Weights; LANES],
    transition_squares: [Weights; LANES],
    kept: Vec<u32>,
    scores: Vec<Weights>,
    potentials: Vec<Weights>,
    forward: Vec<Weights>,
    backward: Vec<Weights>,
    norms: Vec<f32>,
}

impl Learner<'_> {
    fn step(&mut self, sentence: Extent, random: &mut Random) {
        let ends = self.score(sentence, random);
        let exponents = self.forward_backward();
        self.descend(sentence, &ends, &exponents);
    }

    /// Draws which features to keep, and sums them; returns where each token's end in `kept`.
    fn score(&mut self, sentence: Extent, random: &mut Random) -> Vec<usize> {
        let threshold = (self.method.dropout * 65536.0) as u64;
        // Kept features stand in for those left out.
        let boost = 1.0 / (1.0 - self.method.dropout);
        let without_lists = random.chance(self.method.lists_dropout);
        let mut ends = vec![0];
        let mut bits = 0;
        let mut drawn = 0;
        self.kept.clear();
        self.scores.clear();
        for t in sentence.start..sentence.end {
            let mut sum = [0.0; LANES];
            for &marked in self.corpus.token(t) {
                if drawn % 4 == 0 {
                    bits = random.next();
                }
                drawn += 1;
                let keep =
                    bits & 0xFFFF >= threshold && !(without_lists && marked & LISTED != 0);
                bits >>= 16;
                if keep {
                    let feature = marked & !LISTED;
                    self.kept.push(feature);
                    let weights = &self.cells[feature as usize].weights;
                    for y in 0..LANES {
                        sum[y] += weights[y];
                    }
                }
            }
            for (y, s) in sum.iter_mut().enumerate() {
                *s = *s * boost + self.given.map_or(0.0, |(scores, _)| scores[t][y]);
            }
            sum[LABELS] = -1e4;
            self.scores.push(sum);
            ends.push(self.kept.len());
        }
        ends
    }

    /// Fills the forward and backward variables, scaled at each step; returns the exponents of the
    /// transitions.
    fn forward_backward(&mut self) -> [Weights; LANES] {
        let n = self.scores.len();
        let mut exponents = [[0.0; LANES]; LANES];
        for from in 0..LABELS {
            for to in 0..LABELS {
                if allowed(from, to) {
                    exponents[from][to] = self.transitions[from][to].exp();
                }
            }
        }
        self.potentials.clear();
        self.forward.clear();
        self.norms.clear();
        for scores in &self.scores {
            let top = scores.iter().copied().fold(f32::MIN, f32::max);
            let potential = scores.map(|s| (s - top).exp());
            let mut row = exponents[0];
            if let Some(before) = self.forward.last() {
                row = [0.0; LANES];
                for from in 0..LABELS {
                    for to in 0..LANES {
                        row[to] += before[from] * exponents[from][to];
                    }
                }
            }
            let mut norm = 1e-30;
            for y in 0..LANES {
                row[y] *= potential[y];
                norm += row[y];
            }
            self.forward.push(row.map(|v| v / norm));
            self.norms.push(norm);
            self.potentials.push(potential);
        }
        self.backward.clear();
        self.backward.resize(n, [1.0; LANES]);
        for i in (0..n.saturating_sub(1)).rev() {
            let mut after = self.backward[i + 1];
            for y in 0..LANES {
                after[y] *= self.potentials[i + 1][y];
            }
            for from in 0..LABELS {
                let sum: f32 = (0..LANES).map(|to| exponents[from][to] * after[to]).sum();
                self.backward[i][from] = sum / self.norms[i + 1];
            }
        }
        exponents
    }

    /// A step against the gradient: expected minus observed.
    fn descend(&mut self, sentence: Extent, ends: &[usize], exponents: &[Weights; LANES]) {
        let Method { rate, decay, .. } = *self.method;
        for i in 0..sentence.end - sentence.start {
            let gold = usize::from(self.corpus.labels[sentence.start + i]);
            let mut gradient = [0.0; LANES];
            let mut sum = 1e-30;
            for y in 0..LABELS {
                gradient[y] = self.forward[i][y] * self.backward[i][y];
                sum += gradient[y];
            }
            for g in &mut gradient {
                *g /= sum;
            }
            gradient[gold] -= 1.0;
            if gradient.iter().any(|g| g.abs() > 1e-4) {
                for &feature in &self.kept[ends[i]..ends[i + 1]] {
                    let cell = &mut self.cells[feature as usize];
                    for y in 0..LANES {
                        let slope = gradient[y] + decay * cell.weights[y];
                        cell.squares[y] += slope * slope;
                        cell.weights[y] -= rate * slope / (cell.squares[y].sqrt() + 1e-2);
                    }
                }
            }
            if self.given.is_some() {
                continue;
            }
            let before = match i.checked_sub(1) {
                Some(previous) => usize::from(self.corpus.labels[sentence.start + previous]),
                None => 0,
            };
            let mut pairs = [[0.0; LANES]; LANES];
            let mut sum = 1e-30;
            for from in 0..LABELS {
                let share = match i.checked_sub(1) {
                    Some(previous) => self.forward[previous][from],
                    None => f32::from(u8::from(from == 0)),
                };
                for to in 0..LANES {
                    pairs[from][to] = share
                        * exponents[from][to]
                        * self.potentials[i][to]
                        * self.backward[i][to];
                    sum += pairs[from][to];
                }
            }
            for from in 0..LABELS {
                for to in 0..LABELS {
                    let observed = f32::from(u8::from((from, to) == (before, gold)));
                    let slope = pairs[from][to] / sum - observed;
                    let squares = &mut self.transition_squares[from][to];
                    *squares += slope * slope;
                    self.transitions[from][to] -= rate * slope / (squares.sqrt() + 1e-3);
                }
            }
        }
    }
}
