//! Word clusters and gazetteers as they stand in the model file. Each is asked once per *new* word
//! form (the answers are kept with the form) or where a listed phrase begins, so the tables are
//! built to be small and to be used where they lie.

use super::hash;

/// Map from 64-bit hashes to small numbers: eight bytes an entry (the lower bits of the key above
/// the value), linear probing from a place given by the upper bits of the key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table {
    slots: &'static [[u8; 8]],
    value_bits: u32,
}

impl Table {
    pub(super) fn new(slots: &'static [[u8; 8]], value_bits: u32) -> Self {
        Self { slots, value_bits }
    }

    fn get(self, key: u64) -> Option<u64> {
        let wanted = key << self.value_bits >> self.value_bits;
        let mut at = home(key, self.slots.len());
        for _ in 0..self.slots.len() {
            let slot = u64::from_le_bytes(*self.slots.get(at)?);
            if slot == 0 {
                return None;
            }
            if slot >> self.value_bits == wanted {
                return Some(slot & ((1 << self.value_bits) - 1));
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        None
    }

    /// The slots of a table with these entries, the same for the same entries in any order.
    pub(super) fn pack(mut entries: Vec<(u64, u64)>, value_bits: u32) -> Vec<u64> {
        entries.sort_unstable();
        let mut slots = vec![0; entries.len() * 5 / 4 + 8];
        for (key, value) in entries {
            let mut at = home(key, slots.len());
            while slots[at] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = key << value_bits | value;
        }
        slots
    }
}

fn home(key: u64, slots: usize) -> usize {
    ((u128::from(key) * slots as u128) >> 64) as usize
}

/// Bits of a cluster entry: ids in the clusterings of 100, 500 and 2,000.
pub(super) const CLUSTER_BITS: u32 = 27;
/// Most clusters of the coarsest clustering.
pub(super) const COARSE_CLUSTERS: usize = 128;
/// Bits of a gazetteer entry: the number of its set of flags.
pub(super) const SET_BITS: u32 = 16;

/// A form of unknown cluster.
pub(super) const NO_CLUSTER: u16 = u16::MAX;

pub(super) fn pack_clusters(ids: [u16; 3]) -> u64 {
    u64::from(ids[0]) << 20 | u64::from(ids[1]) << 11 | u64::from(ids[2])
}

/// What the gazetteers say of a word or phrase.
pub(super) type Flags = u64;

/// A run of neighbouring flags.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) shift: u32,
    pub(super) bits: u32,
}

impl Field {
    pub(super) fn of(self, flags: Flags) -> u64 {
        flags >> self.shift & ((1 << self.bits) - 1)
    }

    pub(super) const fn mask(self) -> Flags {
        ((1 << self.bits) - 1) << self.shift
    }
}

pub(super) const FIRST_NAME: Flags = 1 << 0;
pub(super) const LAST_NAME: Flags = 1 << 1;
pub(super) const WORLD_FIRST_NAME: Flags = 1 << 2;
pub(super) const WORLD_LAST_NAME: Flags = 1 << 3;
pub(super) const TOWN: Flags = 1 << 4;
pub(super) const COUNTRY: Flags = 1 << 5;
pub(super) const DEMONYM: Flags = 1 << 6;
pub(super) const TITLE: Flags = 1 << 7;
pub(super) const ORGANISATION_WORD: Flags = 1 << 8;
/// The flags above: always there in training, and used in conjunctions.
pub(super) const BASIC: Field = Field { shift: 0, bits: 9 };

/// Kinds of organisations of one word, well known and others: company, university, sport, party,
/// government, media, other.
pub(super) const ORGANISATION_KINDS: u32 = 7;
pub(super) const KNOWN_ORGANISATION: Field = Field { shift: 9, bits: ORGANISATION_KINDS };
pub(super) const LISTED_ORGANISATION: Field = Field { shift: 16, bits: ORGANISATION_KINDS };
/// In how many listed persons' names the word stands last or first (0 none, 1 under 3, 2 under
/// 10, 3 more).
pub(super) const LAST_OF_PERSONS: Field = Field { shift: 23, bits: 2 };
pub(super) const FIRST_OF_PERSONS: Field = Field { shift: 25, bits: 2 };
pub(super) const LAST_OF_NEWS_FIGURE: Flags = 1 << 27;
/// Places of one word: alias, county, region, division of a country.
pub(super) const PLACE_KINDS: Field = Field { shift: 28, bits: 4 };
/// Words that end organisations' names, by kind.
pub(super) const HEAD_LAST: Flags = 1 << 32;
pub(super) const HEAD_KINDS: Field = Field { shift: 33, bits: 8 };
/// Words that begin organisations' names ("Ministry of").
pub(super) const HEAD_FIRST: Flags = 1 << 41;
/// Legal forms of companies: what stands in front is an organisation.
pub(super) const LEGAL_FORM: Flags = 1 << 42;
/// Words that begin a listed phrase, and one less than the words of the longest one.
pub(super) const PHRASE_BEGINS: Flags = 1 << 43;
pub(super) const PHRASE_LENGTH: Field = Field { shift: 44, bits: 3 };
/// The key is a whole phrase of several words.
pub(super) const PHRASE_ORGANISATION: Field = Field { shift: 47, bits: ORGANISATION_KINDS };
pub(super) const PHRASE_PERSON: Field = Field { shift: 54, bits: 2 };
pub(super) const PHRASE_PLACE: Field = Field { shift: 56, bits: 5 };
/// Not in any list: stands beyond the edges of a sentence.
pub(super) const EDGE: Flags = 1 << 61;
/// What is written on phrases, not on words.
pub(super) const OF_PHRASES: Flags =
    PHRASE_ORGANISATION.mask() | PHRASE_PERSON.mask() | PHRASE_PLACE.mask();
/// What says something of a word only if it is written with a capital.
const OF_CAPITALISED: Flags =
    KNOWN_ORGANISATION.mask() | LISTED_ORGANISATION.mask() | PLACE_KINDS.mask();
/// What is listed without full stops.
const OF_BARE: Flags =
    TITLE | ORGANISATION_WORD | HEAD_LAST | HEAD_KINDS.mask() | HEAD_FIRST | LEGAL_FORM;

/// Key of an acronym, which is listed as written ("WHO" is none of "who").
pub(super) fn cased_key(form: u64) -> u64 {
    hash::mix(form, 0x5EED)
}

/// Clusters and gazetteers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lexicon {
    pub(super) clusters: Table,
    pub(super) gazetteer: Table,
    /// Sets of flags, by number.
    pub(super) sets: &'static [[u8; 8]],
}

impl Lexicon {
    /// Ids in the clusterings of 100, 500 and 2,000: the cased form first, then the lower-cased one.
    pub(super) fn clusters(&self, form: u64, lower: u64) -> [u16; 3] {
        match self.clusters.get(form).or_else(|| self.clusters.get(lower)) {
            Some(v) => [(v >> 20) as u16, (v >> 11 & 511) as u16, (v & 2047) as u16],
            None => [NO_CLUSTER; 3],
        }
    }

    fn flags_of_key(&self, key: u64) -> Flags {
        let set = self.gazetteer.get(key).and_then(|n| self.sets.get(n as usize));
        set.map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// Flags of a word by its hashes: as written, lower-cased, lower-cased without full stops.
    pub(super) fn word(&self, form: u64, lower: u64, bare: u64, capitalised: bool) -> Flags {
        let as_lower = self.flags_of_key(lower);
        let as_bare = if bare == lower { as_lower } else { self.flags_of_key(bare) };
        let mut flags = as_lower & !OF_BARE | as_bare & (OF_BARE | KNOWN_ORGANISATION.mask());
        if capitalised {
            flags |= self.flags_of_key(cased_key(form));
        } else {
            flags &= !OF_CAPITALISED;
        }
        flags & !OF_PHRASES
    }

    /// Flags of a phrase by its [`hash::chain`]; 0 if it is not listed.
    pub(super) fn phrase(&self, chain: u64) -> Flags {
        self.flags_of_key(chain) & OF_PHRASES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_entries_are_found_and_others_are_not() {
        let key = |i: u64| hash::mix(i, 7);
        let slots = Table::pack((0..5000).map(|i| (key(i), i % 1000 + 1)).collect(), 16);
        let bytes: Vec<[u8; 8]> = slots.iter().map(|s| s.to_le_bytes()).collect();
        let table = Table::new(Box::leak(bytes.into_boxed_slice()), 16);
        assert!((0..5000).all(|i| table.get(key(i)) == Some(i % 1000 + 1)));
        assert!((5000..10_000).all(|i| table.get(key(i)).is_none()));
    }
}
