//! The form of the tables as bytes: magic bytes, the checksum of the head and where it ends, the
//! checksum of the rest; in the head, which is read at once, the key of the commit and what is
//! small; behind it what is read where it lies, article by article. So opening the tables of a
//! large archive does not read all of them.

use std::sync::OnceLock;

use tantivy::directory::OwnedBytes;
use xxhash_rust::xxh3::xxh3_64;

use super::rulings::Ruled;
use super::{Imprint, MAGIC, Place, Segment, Tables, TablesError, Value};
use crate::entity::EntityKind;
use crate::entity::identity::Identities;
use crate::search::copies::Groups;
use crate::search::timeline::DayCounts;

/// A row of numbers where they lie in the file, each of four bytes, little-endian.
#[derive(Clone, Debug)]
pub(in crate::search) struct Numbers(OwnedBytes);

impl Numbers {
    /// All of them.
    #[inline]
    pub(in crate::search) fn as_slice(&self) -> &[[u8; 4]] {
        self.0.as_chunks().0
    }

    /// One of them.
    #[inline]
    pub(in crate::search) fn get(&self, at: usize) -> Option<u32> {
        self.as_slice().get(at).map(|number| u32::from_le_bytes(*number))
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self(OwnedBytes::empty())
    }
}

impl From<Vec<u32>> for Numbers {
    fn from(numbers: Vec<u32>) -> Self {
        let bytes: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
        Self(OwnedBytes::new(bytes))
    }
}

/// Writes parts end to end: length in bytes (u64), padding to eight bytes, content.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    head: usize,
}

/// Where the head begins.
const HEAD: usize = 32;
/// Where the checksums stand, and the end of the head.
const HEAD_SUM: usize = 8;
const HEAD_END: usize = 16;
const REST_SUM: usize = 24;

fn number_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The key of bytes that may be tables of this version.
pub(super) fn key_of(bytes: &[u8]) -> Option<u64> {
    if !bytes.starts_with(&MAGIC) {
        return None;
    }
    number_at(bytes, HEAD)
}

/// The head and the rest.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = usize::try_from(number_at(bytes, HEAD_END)?).ok()?;
    Some((bytes.get(HEAD..end)?, bytes.get(end..)?))
}

/// Whether the head is as it was written.
pub(super) fn is_head_sound(bytes: &[u8]) -> bool {
    let sum = split(bytes).map(|(head, _)| xxh3_64(head));
    key_of(bytes).is_some() && sum == number_at(bytes, HEAD_SUM)
}

/// Whether all of it is as it was written.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    let sum = split(bytes).map(|(_, rest)| xxh3_64(rest));
    is_head_sound(bytes) && sum == number_at(bytes, REST_SUM)
}

impl Writer {
    pub(super) fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn part(&mut self, part: &[u8]) {
        self.number(part.len() as u64);
        self.bytes.extend_from_slice(part);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    pub(super) fn numbers(&mut self, numbers: &[u32]) {
        self.number(4 * numbers.len() as u64);
        self.bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    pub(super) fn row(&mut self, row: &Numbers) {
        self.part(&row.0);
    }

    pub(super) fn values(&mut self, values: &[Value]) {
        self.part(&postcard::to_stdvec(values).unwrap_or_default());
    }

    /// Ends the head.
    pub(super) fn end_head(&mut self) {
        self.head = self.bytes.len();
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let (head, rest) = self.bytes.split_at_checked(self.head).unwrap_or_default();
        let mut bytes = Vec::with_capacity(HEAD + self.bytes.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&xxh3_64(head).to_le_bytes());
        bytes.extend_from_slice(&((HEAD + head.len()) as u64).to_le_bytes());
        bytes.extend_from_slice(&xxh3_64(rest).to_le_bytes());
        bytes.extend_from_slice(&self.bytes);
        bytes
    }
}

/// Reads what [`Writer`] wrote.
pub(super) struct Reader<'a> {
    bytes: &'a OwnedBytes,
    at: usize,
}

/// All but the parts that are read where they lie.
pub(super) struct Read {
    identities: Vec<u8>,
    articles: Vec<u32>,
    values: [Vec<Value>; 3],
    phrases: Place,
    imprints: Vec<Imprint>,
    days: DayCounts,
    groups: Groups,
    segments: Vec<Segment>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a OwnedBytes) -> Self {
        Self { bytes, at: HEAD }
    }

    fn number(&mut self) -> Option<u64> {
        let number = self.bytes.get(self.at..)?.first_chunk()?;
        self.at += 8;
        Some(u64::from_le_bytes(*number))
    }

    fn place(&mut self) -> Option<Place> {
        let length = usize::try_from(self.number()?).ok()?;
        let place = Place { start: self.at, end: self.at.checked_add(length)? };
        self.at = place.end.checked_next_multiple_of(8)?;
        (self.at <= self.bytes.len()).then_some(place)
    }

    fn part(&mut self) -> Option<&[u8]> {
        let place = self.place()?;
        self.bytes.get(place.start..place.end)
    }

    fn numbers(&mut self) -> Option<Vec<u32>> {
        let (numbers, _) = self.part()?.as_chunks::<4>();
        Some(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }

    fn row(&mut self) -> Option<Numbers> {
        let place = self.place()?;
        Some(Numbers(self.bytes.slice(place.start..place.end)))
    }

    fn values(&mut self) -> Option<Vec<Value>> {
        postcard::from_bytes(self.part()?).ok()
    }

    pub(super) fn read(mut self) -> Option<Read> {
        // The key was compared before.
        self.number()?;
        let identities = self.part()?.to_vec();
        let articles = self.numbers()?;
        let values = [self.values()?, self.values()?, self.values()?];
        let phrases = self.place()?;
        let imprints = self.numbers()?;
        let (imprints, _) = imprints.as_chunks::<3>();
        let imprints = imprints.iter().map(|[source, section, language]| Imprint {
            source: *source,
            section: *section,
            language: *language,
        });
        let imprints = imprints.collect();
        let days = DayCounts::from_numbers(&self.numbers()?)?;
        let count = self.number()?;
        let groups = [self.row()?, self.row()?];
        let mut group_of = Vec::new();
        let mut segments = Vec::new();
        for _ in 0..count {
            group_of.push(self.row()?);
            let (records, ends) = (self.place()?, self.place()?);
            let ordinals = [self.place()?, self.place()?, self.place()?];
            let ruled = Ruled::default();
            segments.push(Segment { records, ends, ordinals, ruled });
        }
        let groups = Groups::of_parts(groups, group_of);
        Some(Read { identities, articles, values, phrases, imprints, days, groups, segments })
    }
}

impl Read {
    pub(super) fn finish(self, bytes: OwnedBytes) -> Result<Tables, TablesError> {
        let identities = Identities::from_bytes(self.identities)?;
        let mut ids = Vec::with_capacity(identities.len());
        let ranges = EntityKind::ALL.map(|kind| {
            let start = ids.len() as u32;
            ids.extend(identities.all(kind));
            (start, ids.len() as u32)
        });
        let [sources, sections, languages] = self.values;
        let phrases = (self.phrases, OnceLock::new());
        Ok(Tables {
            bytes,
            identities,
            ids,
            ranges,
            articles: self.articles,
            sources,
            sections,
            languages,
            imprints: self.imprints,
            phrases,
            days: self.days,
            groups: self.groups,
            segments: self.segments,
        })
    }
}
