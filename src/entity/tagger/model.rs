//! The model file, used where it lies.
//!
//! Little endian, in this order, each part at a multiple of 64 bytes:
//!
//! 1. header: magic, [`FORMAT`], how many buckets, second-pass rows, sets of flags, gazetteer
//!    slots and cluster slots there are, XXH3 of all that follows;
//! 2. feature table: buckets of one cache line, each with eight slots of seven raised i8 weights
//!    and eight tags, so that a look-up is one memory access without a branch, and a feature that
//!    training never saw finds no tag (97 in 100) where a plain hashed table would add noise;
//! 3. transitions and second-pass weights, rows of eight i16;
//! 4. sets of flags, gazetteer, clusters (see `lexicon`), words of 64 bits.

use super::feature::cluster_pair;
use super::label::{LABELS, LANES};
use super::lattice::{BYTE_OF_LABEL, SCALE, Scores, Sum, Transitions, close, quantise};
use super::lexicon::{CLUSTER_BITS, COARSE_CLUSTERS, Lexicon, NO_CLUSTER, SET_BITS, Table};
use super::second;
use std::ops::Range;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Version of the file and of everything that gives features their numbers.
pub(super) const FORMAT: u32 = 1;

const MAGIC: [u8; 8] = *b"nhtagger";
const LINE: usize = 64;
const SLOTS: usize = 8;
const TAGS: usize = SLOTS * LABELS;

/// Why a model cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model file, or one of another version.
    #[error("not a tagger model of version {FORMAT}")]
    Version,
    /// Cut short, or changed since it was written.
    #[error("the tagger model is damaged")]
    Damaged,
}

type Bucket = [u8; LINE];

/// A model: views of the bytes of its file.
#[derive(Clone, Debug)]
pub(super) struct Model {
    buckets: &'static [Bucket],
    shift: u32,
    /// By bucket: one bit for each mark of its tags.
    marks: Arc<[u32]>,
    /// Weights, as [`Model::packed`] gives them, of the pairs of coarse clusters.
    cluster_pairs: [Arc<[u64]>; 2],
    pub(super) transitions: Transitions,
    /// Second-pass weights, by the numbers of `second`.
    pub(super) second: Vec<Scores>,
    pub(super) lexicon: Lexicon,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;
const SEVEN_BYTES: u64 = u64::MAX >> 8;
/// A weight of 0, raised.
const NO_WEIGHTS: u64 = HIGH_BITS & SEVEN_BYTES;

/// Coarse clusters, and that of forms that are in none.
const CLUSTERS: usize = COARSE_CLUSTERS + 1;

/// Place of a pair in [`Model::cluster_pairs`].
#[inline]
fn pair_number(left: u16, right: u16) -> usize {
    let number = |cluster: u16| usize::from(cluster).min(COARSE_CLUSTERS);
    number(left) * CLUSTERS + number(right)
}

/// Bit of a tag in the marks of its bucket.
fn mark(tag: u8) -> u32 {
    u32::from(tag) % u32::BITS
}

/// Never 0, which marks an empty slot.
fn tag(feature: u64) -> u8 {
    (feature as u8).max(1)
}

fn word(bucket: &Bucket, at: usize) -> u64 {
    bucket.get(at..at + 8).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}

impl Model {
    /// Weights of a feature.
    #[inline]
    pub(super) fn weights(&self, feature: u64) -> Sum {
        self.weights_in(feature, self.tags(feature))
    }

    /// The tags of a feature's bucket: reading them fetches its cache line. Who has many features
    /// to look up reads all tags first, so that the lines are waited for together.
    #[inline]
    pub(super) fn tags(&self, feature: u64) -> u64 {
        let bucket = self.buckets.get((feature >> self.shift) as usize);
        bucket.map_or(0, |bucket| word(bucket, TAGS))
    }

    /// Weights of a feature, given the tags of its bucket.
    #[inline]
    pub(super) fn weights_in(&self, feature: u64, tags: u64) -> Sum {
        Sum::of_packed(self.packed(feature, tags))
    }

    #[inline]
    fn packed(&self, feature: u64, tags: u64) -> u64 {
        let Some(bucket) = self.buckets.get((feature >> self.shift) as usize) else {
            return NO_WEIGHTS;
        };
        let differences = tags ^ ONES.wrapping_mul(u64::from(tag(feature)));
        // The lowest bit that is set here belongs to the first tag that is equal. All is done
        // without a branch: one that waits for the cache and is guessed wrong costs most.
        let hits = differences.wrapping_sub(ONES) & !differences & HIGH_BITS;
        let found = ((hits | hits.wrapping_neg()) >> 63).wrapping_neg();
        // The last slot if none is equal; what is read there is masked away.
        let slot = ((hits | 1 << 63).trailing_zeros() / 8) as usize;
        let weights = word(bucket, slot * LABELS) & SEVEN_BYTES;
        weights & found | NO_WEIGHTS & !found
    }

    /// Whether the feature may have weights: five in six of those that have none are told by a
    /// table of 32 bits a bucket, which stays in the cache, without a look at the bucket.
    #[inline]
    pub(super) fn may_know(&self, feature: u64) -> bool {
        let marks = self.marks.get((feature >> self.shift) as usize).copied().unwrap_or(0);
        marks >> mark(tag(feature)) & 1 != 0
    }

    /// Weights of the features of two pairs of coarse clusters: of the form before and the form,
    /// of the form and the one after.
    #[inline]
    pub(super) fn cluster_pairs(&self, before: u16, own: u16, after: u16) -> Sum {
        let [left, right] = &self.cluster_pairs;
        let packed =
            |table: &[u64], a, b| table.get(pair_number(a, b)).copied().unwrap_or(NO_WEIGHTS);
        let mut sum = Sum::of_packed(packed(left, before, own));
        sum.add(Sum::of_packed(packed(right, own, after)));
        sum
    }

    pub(super) fn read(file: &'static [u8]) -> Result<Self, ModelError> {
        let header = file.first_chunk::<LINE>().ok_or(ModelError::Version)?;
        let number = |at: usize| word(header, at);
        if header[..8] != MAGIC || number(8) != u64::from(FORMAT) {
            return Err(ModelError::Version);
        }
        let body = file.get(LINE..).unwrap_or_default();
        if xxh3_64(body) != number(56) {
            return Err(ModelError::Damaged);
        }
        let mut at = 0;
        let mut part = |size: usize, count: u64| -> Result<&'static [u8], ModelError> {
            let bytes = usize::try_from(count).ok().and_then(|n| n.checked_mul(size));
            let end = bytes.and_then(|n| n.checked_add(at)).ok_or(ModelError::Damaged)?;
            let range: Range<usize> = at..end;
            at = end.next_multiple_of(LINE);
            body.get(range).ok_or(ModelError::Damaged)
        };
        let (buckets, _) = part(LINE, number(16))?.as_chunks::<LINE>();
        let rows = part(2 * LANES, LANES as u64 + number(24))?;
        let mut rows = rows.as_chunks::<{ 2 * LANES }>().0.iter().map(|row| -> Scores {
            let lane = |k: usize| i16::from_le_bytes([row[2 * k], row[2 * k + 1]]);
            std::array::from_fn(lane)
        });
        let transitions: Transitions =
            std::array::from_fn(|_| rows.next().unwrap_or([0; LANES]));
        let second: Vec<Scores> = rows.collect();
        let (sets, _) = part(8, number(32))?.as_chunks::<8>();
        let (gazetteer, _) = part(8, number(40))?.as_chunks::<8>();
        let (clusters, _) = part(8, number(48))?.as_chunks::<8>();
        let known_second = second.is_empty() || second.len() == second::FEATURES;
        if buckets.len() < 2 || !buckets.len().is_power_of_two() || !known_second {
            return Err(ModelError::Damaged);
        }
        let marks = buckets.iter().map(|bucket| {
            let tags = bucket[TAGS..].iter().filter(|&&tag| tag != 0);
            tags.fold(0, |marks, &tag| marks | 1 << mark(tag))
        });
        let mut model = Self {
            buckets,
            shift: 64 - buckets.len().trailing_zeros(),
            marks: marks.collect(),
            cluster_pairs: Default::default(),
            transitions: close(transitions),
            second,
            lexicon: Lexicon {
                clusters: Table::new(clusters, CLUSTER_BITS),
                gazetteer: Table::new(gazetteer, SET_BITS),
                sets,
            },
        };
        let cluster = |k: usize| if k < COARSE_CLUSTERS { k as u16 } else { NO_CLUSTER };
        model.cluster_pairs = [0, 1].map(|pair| {
            let weights = (0..CLUSTERS * CLUSTERS).map(|k| {
                let feature = cluster_pair(pair, cluster(k / CLUSTERS), cluster(k % CLUSTERS));
                model.packed(feature, model.tags(feature))
            });
            weights.collect()
        });
        Ok(model)
    }
}

/// Clusters and gazetteers as written to the file.
#[derive(Clone, Debug, Default)]
pub(super) struct PackedLexicon {
    pub(super) sets: Vec<u64>,
    pub(super) gazetteer: Vec<u64>,
    pub(super) clusters: Vec<u64>,
}

/// What became of the features when a model was written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Packing {
    /// Features whose weights do not all round to nothing.
    pub(super) heavy: usize,
    /// Those stored: a bucket keeps its eight heaviest.
    pub(super) stored: usize,
    /// Those lost because another of the bucket has the same tag.
    pub(super) same_tag: usize,
}

/// The bytes of a model file with `1 << bucket_bits` buckets.
pub(super) fn write(
    features: impl Iterator<Item = (u64, [f32; LANES])>,
    bucket_bits: u32,
    transitions: &[[f32; LANES]; LANES],
    second: &[Scores],
    lexicon: &PackedLexicon,
) -> (Vec<u8>, Packing) {
    let shift = 64 - bucket_bits;
    let mut packing = Packing::default();
    let mut all: Vec<(u64, i32, u64, [u8; LABELS])> = vec![];
    for (feature, weights) in features {
        // The same added to all labels changes nothing: centred, less is clamped.
        let used = &weights[..LABELS];
        let low = used.iter().copied().fold(f32::MAX, f32::min);
        let high = used.iter().copied().fold(f32::MIN, f32::max);
        let middle = f32::midpoint(low, high);
        let steps: [i32; LABELS] = std::array::from_fn(|label| {
            ((weights[label] - middle) * SCALE).round().clamp(-127.0, 127.0) as i32
        });
        if steps.iter().all(|s| s.abs() <= 1) {
            continue;
        }
        let mut raised = [0; LABELS];
        for (label, step) in steps.into_iter().enumerate() {
            raised[BYTE_OF_LABEL[label]] = (step + 128) as u8;
        }
        all.push((feature >> shift, -((high - low) * 1e4) as i32, feature, raised));
    }
    packing.heavy = all.len();
    all.sort_unstable();
    let mut buckets = vec![[0u8; LINE]; 1 << bucket_bits];
    for (at, _, feature, raised) in all {
        let bucket = &mut buckets[at as usize];
        if bucket[TAGS..].contains(&tag(feature)) {
            packing.same_tag += 1;
        } else if let Some(slot) = bucket[TAGS..].iter().position(|&t| t == 0) {
            bucket[TAGS + slot] = tag(feature);
            bucket[slot * LABELS..(slot + 1) * LABELS].copy_from_slice(&raised);
            packing.stored += 1;
        }
    }

    let mut body: Vec<u8> = vec![];
    let mut part = |bytes: &mut dyn Iterator<Item = u8>| {
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(LINE), 0);
    };
    part(&mut buckets.iter().flatten().copied());
    let transitions: Vec<Scores> = transitions.iter().map(quantise).collect();
    part(&mut transitions.iter().chain(second).flatten().flat_map(|v| v.to_le_bytes()));
    for words in [&lexicon.sets, &lexicon.gazetteer, &lexicon.clusters] {
        part(&mut words.iter().flat_map(|w| w.to_le_bytes()));
    }
    let mut file = MAGIC.to_vec();
    for number in [
        u64::from(FORMAT),
        buckets.len() as u64,
        second.len() as u64,
        lexicon.sets.len() as u64,
        lexicon.gazetteer.len() as u64,
        lexicon.clusters.len() as u64,
        xxh3_64(&body),
    ] {
        file.extend(number.to_le_bytes());
    }
    file.extend(body);
    (file, packing)
}

#[cfg(test)]
mod tests {
    use super::super::hash::mix;
    use super::*;

    fn small_model() -> Vec<u8> {
        let weights =
            |i: u64| std::array::from_fn(|label| ((i as usize + label * 3) % 7) as f32 - 3.0);
        let features = (0..3000).map(|i| (mix(i, 1), weights(i)));
        write(features, 10, &[[0.0; LANES]; LANES], &[], &PackedLexicon::default()).0
    }

    #[test]
    fn stored_features_are_found_and_others_are_not() {
        let model = Model::read(small_model().leak()).unwrap();
        let right = |i: u64| {
            let scores = model.weights(mix(i, 1)).scores();
            let value = |label: usize| (i as i16 + label as i16 * 3) % 7;
            (0..LABELS).all(|l| i32::from(scores[l]) == i32::from(value(l) - value(0)) * 32)
        };
        let silent = |i: u64| model.weights(mix(i, 1)).scores()[..LABELS] == [0; LABELS];
        // A few share bucket and tag; three of eight slots are full, one tag in 255 is equal.
        assert!((0..3000).filter(|&i| right(i)).count() > 2900);
        assert!((3000..13_000).filter(|&i| !silent(i)).count() < 300);
        let may_know = |i: &u64| model.may_know(mix(*i, 1));
        assert!((0..3000).all(|i| may_know(&i) || silent(i)));
        assert!((3000..13_000).filter(may_know).count() < 2000);
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let good = small_model();
        assert!(Model::read(good.clone().leak()).is_ok());
        let mut changed = good.clone();
        changed[5000] ^= 1;
        assert_eq!(Model::read(changed.leak()).unwrap_err(), ModelError::Damaged);
        let cut = good[..good.len() - 64].to_vec();
        assert_eq!(Model::read(cut.leak()).unwrap_err(), ModelError::Damaged);
        assert_eq!(Model::read(b"nothing of the kind").unwrap_err(), ModelError::Version);
    }
}
