//! Plain words of ASCII letters, sixteen bytes at a time.

/// Bytes behind a run of letters that show, without a look at what follows, that it is a word.
pub(super) const ENDS_PLAIN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b" \n\t\r,;!?()[]{}\"<>=%*";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// A number whose first `count` (at most 15) bytes are ones.
#[inline]
pub(super) fn low_bytes(count: usize) -> u128 {
    (1 << (8 * (count & 15))) - 1
}

/// How many of the sixteen bytes, from the first (lowest) on, are ASCII letters.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "each half is taken on purpose")]
pub(super) fn leading_letters(chunk: u128) -> usize {
    let low = not_letters(chunk as u64);
    if low != 0 {
        return (low.trailing_zeros() / 8) as usize;
    }
    let high = not_letters((chunk >> 64) as u64);
    8 + (high.trailing_zeros() / 8) as usize
}

/// The high bit of each byte that is no ASCII letter (arithmetic on eight bytes at once, after
/// Mycroft's and Warren's "Hacker's Delight" tests).
#[inline]
pub(super) fn not_letters(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let lower = (bytes | (0x20 * ONES)) & !HIGH;
    let from_a = lower + (0x80 - 0x61) * ONES;
    let beyond_z = lower + (0x80 - 0x7B) * ONES;
    (!from_a | beyond_z | bytes) & HIGH
}
