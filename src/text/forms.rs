//! The table of word forms: every distinct word as written gets a number, so that later stages
//! work out once per form, not once per token, what depends on the form alone.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// Number of a word form in a [`Forms`] table. Numbers are dense, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormId(pub u32);

impl FormId {
    /// The number as an index of a side table.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Words of at most this many bytes are their own key, compared exactly without a look at the
/// arena; nearly every word is.
const SHORT: usize = 16;

/// Beyond this many forms the table is emptied between two articles. A year of newswire has some
/// 300,000 forms, most of them seen once; the table, its texts and the side tables of the
/// consumers stay within a few tens of megabytes.
const CAPACITY: usize = 1 << 17;

/// Slots of an empty table.
const FIRST_SLOTS: usize = 1 << 10;

/// The distinct word forms that a lexer has met, numbered in order of first appearance.
///
/// A form is the token as written, except that in one of at most 16 bytes that begins with a
/// digit every digit reads `0`: numbers are many, and what is known of a form (its shape) is the
/// same for all of them.
#[derive(Debug)]
pub struct Forms {
    /// Open addressing with linear probing; the length is a power of two.
    slots: Vec<Slot>,
    /// Numbers of the forms longer than [`SHORT`].
    long: HashTable<u32>,
    /// How many forms are in `slots`.
    short_count: usize,
    arena: String,
    /// Where each form ends in the arena.
    ends: Vec<usize>,
    generation: u32,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The bytes of the form, zero-padded; no token holds a zero byte, so 0 means empty.
    low: u64,
    high: u64,
    id: u32,
}

const EMPTY: Slot = Slot { low: 0, high: 0, id: 0 };

impl Default for Forms {
    fn default() -> Self {
        Self {
            slots: vec![EMPTY; FIRST_SLOTS],
            long: HashTable::new(),
            short_count: 0,
            arena: String::new(),
            ends: Vec::new(),
            generation: 0,
        }
    }
}

impl Forms {
    /// The form's text; empty for a number that this table never gave.
    #[must_use]
    pub fn text(&self, form: FormId) -> &str {
        let start = match form.index().checked_sub(1) {
            Some(previous) => self.ends.get(previous).copied().unwrap_or(0),
            None => 0,
        };
        self.ends.get(form.index()).and_then(|&end| self.arena.get(start..end)).unwrap_or("")
    }

    /// How many forms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Changes whenever the table has been emptied: a [`FormId`] is valid in one generation.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// The number of a form that has been met, without adding it.
    #[must_use]
    pub fn find(&self, form: &str) -> Option<FormId> {
        let bytes = form.as_bytes();
        if bytes.is_empty() || bytes.contains(&0) {
            return None;
        }
        if bytes.len() > SHORT {
            return self.find_long(form, xxh3_64(bytes));
        }
        let (low, high) = halves(short_key(bytes));
        let mut at = self.home(low, high);
        loop {
            let slot = self.slots.get(at)?;
            if slot.low == low && slot.high == high {
                return Some(FormId(slot.id));
            }
            if slot.low == 0 {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Empties the table if it has grown beyond its capacity.
    pub(super) fn trim(&mut self) {
        if self.len() <= CAPACITY {
            return;
        }
        let generation = self.generation.wrapping_add(1);
        *self = Self { generation, ..Self::default() };
    }

    /// The number of the token `text[start..end]`, which holds no zero byte.
    #[inline]
    pub(super) fn number(&mut self, text: &str, start: usize, end: usize) -> FormId {
        let bytes = text.as_bytes().get(start..end).unwrap_or_default();
        if bytes.len() > SHORT {
            return self.number_long(text.get(start..end).unwrap_or_default());
        }
        self.number_short(short_key(bytes))
    }

    /// The number of the form with these bytes (little end first, zero-padded).
    #[inline]
    pub(super) fn number_short(&mut self, key: u128) -> FormId {
        let (low, high) = halves(key);
        let mut at = self.home(low, high);
        while let Some(slot) = self.slots.get(at) {
            if slot.low == low && slot.high == high {
                return FormId(slot.id);
            }
            if slot.low == 0 {
                break;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.add_short(at, key)
    }

    #[inline]
    fn home(&self, low: u64, high: u64) -> usize {
        mix(low, high) & (self.slots.len() - 1)
    }

    #[cold]
    #[inline(never)]
    fn add_short(&mut self, at: usize, key: u128) -> FormId {
        let bytes = key.to_le_bytes();
        let length = SHORT - (key.leading_zeros() / 8) as usize;
        // The key is a whole token, so it is valid UTF-8 (the fallback is never taken).
        let form = bytes.get(..length).and_then(|form| str::from_utf8(form).ok());
        let id = self.append(form.unwrap_or_default());
        let (low, high) = halves(key);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot { low, high, id: id.0 };
        }
        self.short_count += 1;
        if self.short_count * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    fn grow(&mut self) {
        let doubled = vec![EMPTY; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, doubled);
        let mask = self.slots.len() - 1;
        for moved in old.into_iter().filter(|slot| slot.low != 0) {
            let mut at = self.home(moved.low, moved.high);
            while self.slots.get(at).is_some_and(|slot| slot.low != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = moved;
            }
        }
    }

    fn find_long(&self, form: &str, hash: u64) -> Option<FormId> {
        self.long.find(hash, |&id| self.text(FormId(id)) == form).map(|&id| FormId(id))
    }

    #[cold]
    #[inline(never)]
    fn number_long(&mut self, form: &str) -> FormId {
        let hash = xxh3_64(form.as_bytes());
        if let Some(known) = self.find_long(form, hash) {
            return known;
        }
        let id = self.append(form);
        let (arena, ends) = (&self.arena, &self.ends);
        let hash_of = |&id: &u32| {
            let end = ends.get(id as usize).copied().unwrap_or(0);
            let start = (id as usize).checked_sub(1).and_then(|i| ends.get(i)).copied();
            xxh3_64(arena.as_bytes().get(start.unwrap_or(0)..end).unwrap_or_default())
        };
        self.long.insert_unique(hash, id.0, hash_of);
        id
    }

    fn append(&mut self, form: &str) -> FormId {
        let id = FormId(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
        self.arena.push_str(form);
        self.ends.push(self.arena.len());
        id
    }
}

/// At most 16 bytes as a number, digits folded if the first is one.
#[inline]
fn short_key(bytes: &[u8]) -> u128 {
    let mut padded = [0; SHORT];
    for (to, &from) in padded.iter_mut().zip(bytes) {
        *to = from;
    }
    if padded.first().is_some_and(u8::is_ascii_digit) {
        for byte in &mut padded {
            if byte.is_ascii_digit() {
                *byte = b'0';
            }
        }
    }
    u128::from_le_bytes(padded)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "each half is taken on purpose")]
fn halves(key: u128) -> (u64, u64) {
    (key as u64, (key >> 64) as u64)
}

/// Folded multiplication, as in wyhash. The constants hold bytes that UTF-8 never has, so that no
/// word makes a factor zero.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves of the product are used")]
fn mix(low: u64, high: u64) -> usize {
    let product =
        u128::from(low ^ 0xFF37_79B9_7F4A_7CFF) * u128::from(high ^ 0xFEE8_FEB8_6659_FDFF);
    ((product as u64) ^ ((product >> 64) as u64)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_numbered_once_and_keep_their_text() {
        let mut forms = Forms::default();
        let words: Vec<String> = (0..5_000)
            .map(|n| format!("word{n}"))
            .chain((0..500).map(|n| format!("an-exceedingly-long-word-number-{n}")))
            .collect();
        for word in &words {
            let id = forms.number(word, 0, word.len());
            assert_eq!(forms.text(id), word);
            assert_eq!(forms.number(word, 0, word.len()), id);
            assert_eq!(forms.find(word), Some(id));
        }
        assert_eq!(forms.len(), words.len());
        assert_eq!(forms.find("unseen"), None);
        assert_eq!(forms.find("an unseen word that is rather long"), None);
    }

    #[test]
    fn numbers_of_one_shape_are_one_form() {
        let mut forms = Forms::default();
        assert_eq!(forms.number("1987", 0, 4), forms.number("2013", 0, 4));
        assert_ne!(forms.number("G7", 0, 2), forms.number("G8", 0, 2));
        assert_eq!(forms.text(FormId(0)), "0000");
    }

    #[test]
    fn a_full_table_is_emptied_and_says_so() {
        let mut forms = Forms::default();
        for n in 0..=CAPACITY {
            let word = format!("w{n}");
            forms.number(&word, 0, word.len());
        }
        let before = forms.generation();
        forms.trim();
        assert_ne!(forms.generation(), before);
        assert!(forms.is_empty());
    }
}
