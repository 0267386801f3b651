//! Fingerprints of texts, by which copies of one story are told from other stories.
//!
//! The text is taken as the set of its shingles, runs of [`SHINGLE`] words (Broder 1997). Each
//! shingle is hashed once; the hashes are dealt into bins by their upper bits and the least of each
//! bin is kept (one permutation hashing, Li, Owen and Zhang 2012); bins that stay empty in a short
//! text borrow from another bin, chosen by hashing, so that bins of two texts still agree with the
//! probability of their resemblance (optimal densification, Shrivastava 2017). Of each least hash,
//! 16 bits are stored (b-bit minwise hashing, Li and König 2010): two texts that share the share
//! *r* of their shingles agree in about *r* of the bins.
//!
//! A fingerprint depends on the folded words alone: not on the headline, the layout, the
//! order of reading or the number of threads.

/// Words in a shingle.
pub const SHINGLE: usize = 4;

/// Numbers of 64 bits in a fingerprint.
pub const PARTS: usize = 12;

/// Bins of a fingerprint; four of 16 bits are packed into a number.
pub const BINS: usize = PARTS * 4;

/// Texts with fewer words have no fingerprint: what they share says nothing (`Photo gallery`,
/// `See page 3`).
pub const FEWEST_WORDS: usize = 20;

/// Makes fingerprints; one per thread.
#[derive(Debug)]
pub struct Fingerprinter {
    /// The least hash of each bin, or [`EMPTY`].
    least: [u64; BINS],
}

/// Larger than any hash that is kept.
const EMPTY: u64 = u64::MAX;

/// Odd multiplier of the rolling hash over the words of a shingle.
const ROLL: u64 = 0x9E37_79B9_7F4A_7C15;

impl Default for Fingerprinter {
    fn default() -> Self {
        Self::new()
    }
}

impl Fingerprinter {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self { least: [EMPTY; BINS] }
    }

    /// Writes the fingerprint of a text, given as its terms with a line feed behind each, into
    /// `out`: [`PARTS`] numbers, or none where the text is too short.
    pub fn of_lines(&mut self, lines: &str, out: &mut Vec<u64>) {
        out.clear();
        self.least = [EMPTY; BINS];
        let leaving = (1..SHINGLE).fold(ROLL, |power, _| power.wrapping_mul(ROLL));
        let mut window = [0u64; SHINGLE];
        let (mut rolling, mut words) = (0u64, 0usize);
        let mut rest = lines.as_bytes();
        while !rest.is_empty() {
            let (word, after) = first_word(rest);
            rest = after;
            let slot = &mut window[words % SHINGLE];
            let oldest = std::mem::replace(slot, word);
            rolling = rolling
                .wrapping_mul(ROLL)
                .wrapping_add(word)
                .wrapping_sub(oldest.wrapping_mul(leaving));
            words += 1;
            if words >= SHINGLE {
                self.keep(mix(rolling));
            }
        }
        if words < FEWEST_WORDS {
            return;
        }
        self.densify();
        let (parts, _) = self.least.as_chunks::<4>();
        out.extend(parts.iter().map(|four| {
            four.iter().fold(0, |packed, least| (packed << 16) | (least & 0xFFFF))
        }));
    }

    fn keep(&mut self, hash: u64) {
        // The upper half scaled to the bins; within a bin the whole number decides which is least,
        // and its lower bits, which are stored, do not depend on either.
        let bin = ((hash >> 32) * BINS as u64) >> 32;
        if let Some(least) = self.least.get_mut(bin as usize) {
            *least = (*least).min(hash);
        }
    }

    fn densify(&mut self) {
        let filled = self.least;
        for (bin, least) in self.least.iter_mut().enumerate() {
            let mut attempt = 0u64;
            // A text with any shingle at all has a filled bin; the bound is for what cannot be.
            while *least == EMPTY && attempt < 100_000 {
                attempt += 1;
                let other = mix((attempt << 8) | bin as u64) % BINS as u64;
                *least = filled[other as usize];
            }
        }
    }
}

/// The hash of the first line and what comes after its line feed. Eight bytes are taken at a time:
/// most words are shorter than that.
fn first_word(bytes: &[u8]) -> (u64, &[u8]) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut hash = 0u64;
    let mut rest = bytes;
    loop {
        let eight = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut last = [b'\n'; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            last
        });
        let eight = u64::from_le_bytes(eight);
        // The highest bit of each byte that is a line feed; nothing false below the first one.
        let feeds = eight ^ (ONES * u64::from(b'\n'));
        let feeds = feeds.wrapping_sub(ONES) & !feeds & (ONES << 7);
        let length = feeds.trailing_zeros() / 8;
        let word = if length < 8 { eight & ((1 << (8 * length)) - 1) } else { eight };
        hash = (hash ^ word).wrapping_mul(ROLL);
        hash ^= hash >> 32;
        if length < 8 {
            return (hash, rest.get(length as usize + 1..).unwrap_or_default());
        }
        rest = rest.get(8..).unwrap_or_default();
    }
}

/// The finaliser of `MurmurHash3` (Appleby 2011): every bit of the outcome depends on every bit of
/// the input.
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ (hash >> 33)
}

/// The bins of a stored fingerprint.
#[must_use]
pub fn bins(parts: &[u64; PARTS]) -> [u16; BINS] {
    let mut bins = [0; BINS];
    let (fours, _) = bins.as_chunks_mut::<4>();
    for (four, part) in fours.iter_mut().zip(parts) {
        *four = [(part >> 48) as u16, (part >> 32) as u16, (part >> 16) as u16, *part as u16];
    }
    bins
}

/// In how many bins two fingerprints agree.
#[must_use]
pub fn agreement(one: &[u16; BINS], other: &[u16; BINS]) -> u32 {
    one.iter().zip(other).map(|(a, b)| u32::from(a == b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(words: &[String]) -> [u16; BINS] {
        let lines: String = words.iter().flat_map(|word| [word.as_str(), "\n"]).collect();
        let mut out = Vec::new();
        Fingerprinter::new().of_lines(&lines, &mut out);
        bins(&out.try_into().unwrap())
    }

    fn words(from: usize, to: usize) -> Vec<String> {
        (from..to).map(|n| format!("w{n}")).collect()
    }

    #[test]
    fn agreement_is_about_the_share_of_common_shingles() {
        for (length, shared) in [(60, 30), (200, 100), (2000, 1000), (2000, 1800), (400, 0)] {
            let mut total = 0;
            for round in 0..20 {
                let base = round * 10_000;
                let one = fingerprint(&words(base, base + length));
                let other =
                    fingerprint(&words(base + length - shared, base + 2 * length - shared));
                total += agreement(&one, &other);
            }
            let common = shared.saturating_sub(SHINGLE - 1) as f32;
            let all = 2.0 * (length - SHINGLE + 1) as f32 - common;
            let estimate = total as f32 / 20.0 / BINS as f32;
            assert!((estimate - common / all).abs() < 0.06, "{length} {shared}: {estimate}");
        }
    }

    #[test]
    fn equal_words_have_equal_fingerprints_and_short_texts_none() {
        assert_eq!(fingerprint(&words(0, 30)), fingerprint(&words(0, 30)));
        let mut out = vec![1];
        for short in ["", "\n", "read\nmore\n", "no line feed"] {
            Fingerprinter::new().of_lines(short, &mut out);
            assert!(out.is_empty(), "{short}");
        }
    }
}
