//! Names of features, words and phrases: 64-bit hashes, so that no string is built, compared or
//! stored while tagging. The trainer and the tagger must agree on them: a change here is a new
//! [`super::model::FORMAT`].

use xxhash_rust::xxh3::xxh3_64;

const K0: u64 = 0x9E37_79B9_7F4A_7C15;
const K1: u64 = 0xD6E8_FEB8_6659_FD93;

/// Order-sensitive mix of two words: the "folded multiply" of wyhash, both halves of the product.
#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ K0).wrapping_mul(u128::from(b ^ K1));
    (product as u64) ^ ((product >> 64) as u64)
}

/// Hash of a string.
#[inline]
pub(super) fn text(s: &str) -> u64 {
    bytes(s.as_bytes())
}

/// Hash of a string's bytes.
#[inline]
pub(super) fn bytes(s: &[u8]) -> u64 {
    xxh3_64(s)
}

/// Hash of a phrase, built word by word; `None` before its first word.
#[inline]
pub(super) fn chain(so_far: Option<u64>, word: u64) -> u64 {
    so_far.map_or(word, |h| mix(h, word))
}
