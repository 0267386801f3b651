//! The form of the tables as bytes.

use tantivy::directory::OwnedBytes;
use xxhash_rust::xxh3::xxh3_64;

use super::rulings::Ruled;
use super::{Imprint, MAGIC, Place, Segment, Tables, TablesError, Value, all_ids};
use crate::entity::EntityKind;
use crate::entity::identity::Identities;
use crate::search::copies::Groups;
use crate::search::timeline::DayCounts;

/// Writes parts end to end: length in bytes (u64), padding to eight bytes, content.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
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

    pub(super) fn values(&mut self, values: &[Value]) {
        self.part(&postcard::to_stdvec(values).unwrap_or_default());
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.bytes.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&xxh3_64(&self.bytes).to_le_bytes());
        bytes.extend_from_slice(&self.bytes);
        bytes
    }
}

/// Reads what [`Writer`] wrote.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// All but the parts that are read where they lie.
pub(super) struct Read {
    identities: Vec<u8>,
    articles: Vec<u32>,
    values: [Vec<Value>; 4],
    imprints: Vec<Imprint>,
    days: DayCounts,
    groups: Groups,
    segments: Vec<Segment>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 16 }
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

    fn values(&mut self) -> Option<Vec<Value>> {
        postcard::from_bytes(self.part()?).ok()
    }

    pub(super) fn read(mut self) -> Option<Read> {
        // The key was compared before.
        self.number()?;
        let identities = self.part()?.to_vec();
        let articles = self.numbers()?;
        let values = [self.values()?, self.values()?, self.values()?, self.values()?];
        let imprints = self.numbers()?;
        let (imprints, _) = imprints.as_chunks::<3>();
        let imprints = imprints.iter().map(|[source, section, language]| Imprint {
            source: *source,
            section: *section,
            language: *language,
        });
        let imprints = imprints.collect();
        let days = DayCounts::from_numbers(&self.numbers()?)?;
        let groups = self.numbers()?;
        let count = self.number()?;
        let mut segments = Vec::new();
        for _ in 0..count {
            let (records, ends) = (self.place()?, self.place()?);
            let ordinals = [self.place()?, self.place()?, self.place()?];
            let ruled = Ruled::default();
            segments.push(Segment { records, ends, ordinals, ruled });
        }
        let length = |segment: &Segment| ((segment.ends.end - segment.ends.start) / 4) as u32;
        let lengths: Vec<u32> = segments.iter().map(length).collect();
        let groups = Groups::from_numbers(&groups, &lengths)?;
        Some(Read { identities, articles, values, imprints, days, groups, segments })
    }
}

impl Read {
    pub(super) fn finish(self, bytes: OwnedBytes) -> Result<Tables, TablesError> {
        let identities = Identities::from_bytes(self.identities)?;
        let ids = all_ids(&identities);
        let mut start = 0;
        let ranges = EntityKind::ALL.map(|kind| {
            let end = start + identities.all(kind).count() as u32;
            (std::mem::replace(&mut start, end), end)
        });
        let [sources, sections, languages, phrases] = self.values;
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
