//! The table of names and identities as bytes: flat arrays of little-endian `u32` and texts end to
//! end, read where they lie, so that opening costs one pass for the checksum.

use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

use crate::entity::EntityKind;

/// Begins the file; the last byte is the version of the layout and of the rules of joining.
const MAGIC: [u8; 8] = *b"NSNAMES\x01";
/// Magic, checksum, and the end of each section.
const HEADER: usize = 16 + 4 * Section::COUNT;

/// Why bytes are no table.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// Another layout, or no table at all.
    #[error("the table of names was written by another version")]
    Version,
    /// Cut short or changed since it was written.
    #[error("the table of names is damaged")]
    Damaged,
}

/// The arrays of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Where names, identities and words of each kind end: three times three numbers.
    Kinds,
    /// The names, sorted by kind and bytes.
    NameText,
    NameEnds,
    NameArticles,
    NameIdentity,
    /// The name that an identity is shown by.
    Canonical,
    IdentityArticles,
    /// 1 where no name of it has more than one word.
    IdentityBare,
    IdentityNamesEnds,
    IdentityNames,
    /// The folded words, sorted by kind and bytes.
    WordText,
    WordEnds,
    PostingEnds,
    /// Twice the identity, plus one where the word is the last of a name of it.
    Postings,
    /// Pairs: hash of the skeleton, word; sorted.
    Skeletons,
    /// Pairs: hash of a name's key, identity; sorted.
    Keys,
}

impl Section {
    const COUNT: usize = Section::Keys as usize + 1;
}

/// Collects the sections and writes them.
pub(super) struct TableWriter {
    sections: [Vec<u8>; Section::COUNT],
}

impl TableWriter {
    pub(super) fn new() -> Self {
        Self { sections: std::array::from_fn(|_| Vec::new()) }
    }

    pub(super) fn push(&mut self, section: Section, value: u32) {
        self.sections[section as usize].extend_from_slice(&value.to_le_bytes());
    }

    /// Appends a text and where it ends.
    pub(super) fn push_text(&mut self, text: Section, ends: Section, value: &str) {
        self.sections[text as usize].extend_from_slice(value.as_bytes());
        let end = self.sections[text as usize].len() as u32;
        self.push(ends, end);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let total: usize = self.sections.iter().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(HEADER + total);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[0; 8]);
        let mut end = HEADER;
        for section in &self.sections {
            end += section.len();
            bytes.extend_from_slice(&(end as u32).to_le_bytes());
        }
        for section in &self.sections {
            bytes.extend_from_slice(section);
        }
        let checksum = xxh3_64(bytes.get(16..).unwrap_or_default());
        if let Some(slot) = bytes.get_mut(8..16) {
            slot.copy_from_slice(&checksum.to_le_bytes());
        }
        bytes
    }
}

/// A written table.
pub(super) struct Table {
    bytes: Vec<u8>,
    ends: [usize; Section::COUNT],
    /// Ends per kind of names, identities and words.
    kinds: [[u32; 3]; 3],
}

impl Table {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, TableError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(TableError::Version);
        }
        let content = bytes.get(16..).ok_or(TableError::Damaged)?;
        if bytes.get(8..16) != Some(xxh3_64(content).to_le_bytes().as_slice()) {
            return Err(TableError::Damaged);
        }
        let mut ends = [0; Section::COUNT];
        let mut before = HEADER;
        for (at, end) in ends.iter_mut().enumerate() {
            *end = read(&bytes, 16 + 4 * at).ok_or(TableError::Damaged)? as usize;
            if *end < before || *end > bytes.len() {
                return Err(TableError::Damaged);
            }
            before = *end;
        }
        let mut table = Self { bytes, ends, kinds: [[0; 3]; 3] };
        for what in 0..3 {
            for kind in 0..3 {
                table.kinds[what][kind] =
                    table.get(Section::Kinds, (3 * what + kind) as u32).unwrap_or(0);
            }
        }
        Ok(table)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn section(&self, section: Section) -> &[u8] {
        let at = section as usize;
        let start = at.checked_sub(1).map_or(HEADER, |before| self.ends[before]);
        self.bytes.get(start..self.ends[at]).unwrap_or_default()
    }

    pub(super) fn get(&self, section: Section, at: u32) -> Option<u32> {
        read(self.section(section), 4 * at as usize)
    }

    pub(super) fn len(&self, section: Section) -> u32 {
        (self.section(section).len() / 4) as u32
    }

    /// The values from `start` to before `end`.
    pub(super) fn slice(
        &self,
        section: Section,
        start: u32,
        end: u32,
    ) -> impl ExactSizeIterator<Item = u32> + DoubleEndedIterator + '_ {
        let bytes = self.section(section);
        let bytes = bytes.get(4 * start as usize..4 * end as usize).unwrap_or_default();
        let (numbers, _) = bytes.as_chunks::<4>();
        numbers.iter().map(|number| u32::from_le_bytes(*number))
    }

    /// Entry `at` of an array of ends: where it starts and ends.
    pub(super) fn run(&self, ends: Section, at: u32) -> (u32, u32) {
        let start = at.checked_sub(1).and_then(|before| self.get(ends, before)).unwrap_or(0);
        (start, self.get(ends, at).unwrap_or(start))
    }

    pub(super) fn text_bytes(&self, text: Section, ends: Section, at: u32) -> &[u8] {
        let (start, end) = self.run(ends, at);
        self.section(text).get(start as usize..end as usize).unwrap_or_default()
    }

    fn range(&self, what: usize, kind: EntityKind) -> (u32, u32) {
        let at = kind as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.kinds[what][before]);
        (start, self.kinds[what][at])
    }

    pub(super) fn names_of(&self, kind: EntityKind) -> (u32, u32) {
        self.range(0, kind)
    }

    pub(super) fn identities_of(&self, kind: EntityKind) -> (u32, u32) {
        self.range(1, kind)
    }

    pub(super) fn words_of(&self, kind: EntityKind) -> (u32, u32) {
        self.range(2, kind)
    }

    pub(super) fn kind_of(&self, identity: u32) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| identity < self.identities_of(*kind).1)
    }

    /// What the articles took a name for.
    pub(super) fn recorded_kind(&self, name: u32) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| name < self.names_of(*kind).1)
    }

    pub(super) fn name(&self, at: u32) -> &str {
        let bytes = self.text_bytes(Section::NameText, Section::NameEnds, at);
        std::str::from_utf8(bytes).unwrap_or("")
    }

    pub(super) fn word(&self, at: u32) -> &[u8] {
        self.text_bytes(Section::WordText, Section::WordEnds, at)
    }

    pub(super) fn find_name(&self, kind: EntityKind, name: &str) -> Option<u32> {
        let (start, end) = self.names_of(kind);
        let text = |at| self.text_bytes(Section::NameText, Section::NameEnds, at);
        let at = first(start, end, |at| text(at) >= name.as_bytes());
        (at < end && text(at) == name.as_bytes()).then_some(at)
    }

    pub(super) fn find_word(&self, kind: EntityKind, word: &[u8]) -> Option<u32> {
        let (start, end) = self.words_of(kind);
        let at = first(start, end, |at| self.word(at) >= word);
        (at < end && self.word(at) == word).then_some(at)
    }

    /// The values paired with a hash in an array of sorted pairs.
    pub(super) fn pairs(&self, section: Section, hash: u32) -> impl Iterator<Item = u32> + '_ {
        let count = self.len(section) / 2;
        let start = first(0, count, |at| self.get(section, 2 * at).is_none_or(|h| h >= hash));
        (start..count)
            .take_while(move |at| self.get(section, 2 * at) == Some(hash))
            .filter_map(move |at| self.get(section, 2 * at + 1))
    }

    pub(super) fn postings(&self, word: u32) -> impl ExactSizeIterator<Item = Posting> + '_ {
        let (start, end) = self.run(Section::PostingEnds, word);
        self.slice(Section::Postings, start, end)
            .map(|value| Posting { identity: value >> 1, last: value & 1 == 1 })
    }
}

/// That an identity has a word in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) identity: u32,
    /// As the last word: a person's surname.
    pub(super) last: bool,
}

fn read(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|number| u32::from_le_bytes(*number))
}

/// The first of `start..end` that fulfils a condition which all after it fulfil too.
pub(super) fn first(start: u32, end: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
