//! What is worked out once per commit so that queries only look it up: who the names are, which
//! articles are copies, and for each article a card of the values that are counted over all
//! matches.
//!
//! The tables lie beside the index in one file, which is read where it lies (memory-mapped) and
//! checked by its checksum. It says for which commit it was made; without a file for the
//! present one the tables are made in memory. The user's rulings on names are no part of the file:
//! they are applied on top, see [`Tables::with_people`].

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use hashbrown::HashMap;
use tantivy::columnar::StrColumn;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::bearers::{Bearers, MOST_BEARERS, Seen};
use super::copies::Groups;
use super::suggest::{self, Phrase};
use super::timeline::{DayCounts, Resolution};
use crate::entity::EntityKind;
use crate::entity::identity::{Identities, IdentityId, TableError};
use crate::entity::people_file::{PeopleFile, Ruling};
use crate::index::{Fields, write_own_file};

/// Name of the file in the index folder.
pub(super) const TABLES_FILE: &str = "tables.bin";

/// Begins the file; the last byte is the version of the layout and of what the tables hold.
const MAGIC: [u8; 8] = *b"NSTABLS\x02";

/// That an article has no such value.
pub(super) const NONE: u32 = u32::MAX;

/// The tables cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The engine says no.
    #[error("the index cannot be read")]
    Engine(#[from] tantivy::TantivyError),
    /// The table of names cannot be made or read.
    #[error(transparent)]
    Names(#[from] TableError),
    /// The file system says no.
    #[error("cannot write the tables")]
    Io(#[from] io::Error),
    /// Not a file of tables, or a damaged one.
    #[error("the tables are damaged")]
    Damaged,
}

/// The values of one article that are counted, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Card {
    /// First day that the date may stand for, in days since 1970-01-01; meaningless without date.
    pub day: i32,
    /// How precise the date is; `None` where there is none.
    pub resolution: Option<Resolution>,
    /// Number of the source in [`Tables::sources`], or [`NONE`].
    pub source: u32,
    /// Number of the section in [`Tables::sections`], or [`NONE`].
    pub section: u32,
    /// Number of the language in [`Tables::languages`], or [`NONE`].
    pub language: u32,
}

const CARD: usize = 16;

impl Card {
    fn to_bytes(self) -> [u8; CARD] {
        let mut bytes = [0; CARD];
        let resolution = self.resolution.map_or(0, |resolution| resolution as u16 + 1);
        let language = u16::try_from(self.language).unwrap_or(u16::MAX);
        let (parts, _) = bytes.as_chunks_mut::<4>();
        let values = [
            self.day as u32,
            self.source,
            self.section,
            u32::from(language) | (u32::from(resolution) << 16),
        ];
        for (part, value) in parts.iter_mut().zip(values) {
            *part = value.to_le_bytes();
        }
        bytes
    }

    #[inline]
    fn from_bytes(bytes: [u8; CARD]) -> Self {
        let (parts, _) = bytes.as_chunks::<4>();
        let value = |at: usize| parts.get(at).map_or(0, |part| u32::from_le_bytes(*part));
        let last = value(3);
        Self {
            day: value(0) as i32,
            resolution: Resolution::ALL.get(((last >> 16) as usize).wrapping_sub(1)).copied(),
            source: value(1),
            section: value(2),
            language: if last & 0xFFFF == 0xFFFF { NONE } else { last & 0xFFFF },
        }
    }
}

/// A short value that articles share, with the number of articles that have it.
pub(super) type Value = (String, u32);

/// The tables of one commit.
pub(super) struct Tables {
    bytes: OwnedBytes,
    identities: Identities,
    /// The identities in the order of their numbers, which is that of their ids.
    ids: Vec<IdentityId>,
    /// Numbers of a kind without those that only the user's rulings made.
    ranges: [(u32, u32); 3],
    /// Articles of each identity.
    articles: Vec<u32>,
    sources: Vec<Value>,
    sections: Vec<Value>,
    languages: Vec<Value>,
    phrases: Vec<Phrase>,
    days: DayCounts,
    groups: Groups,
    segments: Vec<Segment>,
}

/// Places of sections in the bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: usize,
    end: usize,
}

struct Segment {
    cards: Place,
    /// Where the identities of each article end.
    ends: Place,
    numbers: Place,
    /// The identity of each name of the columns, as numbered there.
    ordinals: [Place; 3],
    ruled: Ruled,
}

/// The articles whose identities the user's rulings have changed.
#[derive(Default)]
struct Ruled {
    /// A bit per article; empty where there are none.
    articles: Vec<u64>,
    numbers: HashMap<DocId, Vec<[u8; 4]>>,
}

impl Ruled {
    fn has(&self, doc: DocId) -> bool {
        self.articles.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    fn set(&mut self, doc: DocId, most: u32, numbers: Vec<[u8; 4]>) {
        if self.articles.is_empty() {
            self.articles = vec![0; (most as usize).div_ceil(64)];
        }
        if let Some(word) = self.articles.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
        self.numbers.insert(doc, numbers);
    }
}

/// What tables are for: the segments and their deleted articles.
fn key(searcher: &Searcher) -> u64 {
    let mut hasher = Xxh3::new();
    for segment in searcher.segment_readers() {
        hasher.update(segment.segment_id().uuid_string().as_bytes());
        hasher.update(&segment.max_doc().to_le_bytes());
        hasher.update(&segment.num_deleted_docs().to_le_bytes());
        hasher.update(&segment.delete_opstamp().unwrap_or(0).to_le_bytes());
    }
    hasher.digest()
}

/// The file of a folder, where it is for what a searcher sees.
fn stored_bytes(folder: &Path, searcher: &Searcher) -> Option<OwnedBytes> {
    let file = MmapDirectory::open(folder).ok()?.open_read(Path::new(TABLES_FILE)).ok()?;
    let bytes = file.read_bytes().ok()?;
    let ours = bytes.get(..8) == Some(MAGIC.as_slice())
        && bytes.get(16..24) == Some(key(searcher).to_le_bytes().as_slice());
    ours.then_some(bytes)
}

impl Tables {
    /// Makes the tables of what a searcher sees.
    ///
    /// # Errors
    ///
    /// What the disk says; [`TablesError::Names`] beyond 4 GiB of names.
    pub(super) fn build(searcher: &Searcher, fields: &Fields) -> Result<Self, TablesError> {
        let bytes = Builder::new(searcher, fields)?.finish()?;
        Self::open(OwnedBytes::new(bytes))
    }

    /// The tables of what a searcher sees: from the file in a folder, where it is for the same
    /// commit and sound, else made anew.
    ///
    /// # Errors
    ///
    /// As [`Tables::build`].
    pub(super) fn load(
        folder: &Path,
        searcher: &Searcher,
        fields: &Fields,
    ) -> Result<Self, TablesError> {
        let stored = stored_bytes(folder, searcher).and_then(|bytes| Self::open(bytes).ok());
        stored.map_or_else(|| Self::build(searcher, fields), Ok)
    }

    /// Whether a folder has a file of tables for what a searcher sees. The file may still turn out
    /// to be damaged when it is loaded.
    #[must_use]
    pub(super) fn are_stored(folder: &Path, searcher: &Searcher) -> bool {
        stored_bytes(folder, searcher).is_some()
    }

    /// Stores tables that no rulings were applied to in a folder, replacing older ones at once.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub(super) fn store(&self, folder: &Path) -> Result<(), TablesError> {
        Ok(write_own_file(&folder.join(TABLES_FILE), &self.bytes)?)
    }

    /// Opens bytes as [`Tables::bytes`] gave them.
    ///
    /// # Errors
    ///
    /// [`TablesError::Damaged`] for anything else.
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self, TablesError> {
        let content = bytes.get(16..).ok_or(TablesError::Damaged)?;
        if bytes.get(..8) != Some(MAGIC.as_slice())
            || bytes.get(8..16) != Some(xxh3_64(content).to_le_bytes().as_slice())
        {
            return Err(TablesError::Damaged);
        }
        Reader { bytes: &bytes, at: 16 }.read().ok_or(TablesError::Damaged)?.finish(bytes)
    }

    /// The tables as bytes, without rulings.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The identities of all names.
    #[must_use]
    pub(super) fn identities(&self) -> &Identities {
        &self.identities
    }

    /// How many numbers of identities there are: numbers lie below it.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The number of an identity.
    #[must_use]
    pub(super) fn number(&self, id: IdentityId) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(|at| at as u32)
    }

    /// The identity of a number.
    #[must_use]
    pub(super) fn id(&self, number: u32) -> Option<IdentityId> {
        self.ids.get(number as usize).copied()
    }

    /// The name that the identity of a number is shown by.
    #[must_use]
    pub(super) fn name(&self, number: u32) -> &str {
        self.id(number).map_or("", |id| self.identities.canonical(id))
    }

    /// The kind of the identity of a number.
    #[must_use]
    pub(super) fn kind(&self, number: u32) -> Option<EntityKind> {
        let of = |kind: &EntityKind| {
            let (start, end) = self.ranges[*kind as usize];
            (start..end).contains(&number)
        };
        EntityKind::ALL
            .into_iter()
            .find(of)
            .or_else(|| self.id(number).and_then(|id| self.identities.kind(id)))
    }

    /// The numbers of all identities of a kind.
    pub(super) fn numbers_of(&self, kind: EntityKind) -> impl Iterator<Item = u32> + '_ {
        let (start, end) = self.ranges[kind as usize];
        let new = self.ranges.iter().map(|(_, end)| *end).max().unwrap_or(0);
        (start..end).chain(
            (new..self.len() as u32).filter(move |number| self.kind(*number) == Some(kind)),
        )
    }

    /// Whom or what an article means by a name that is recorded for it; none if nobody.
    #[must_use]
    pub(super) fn meant_by(
        &self,
        kind: EntityKind,
        name: &str,
        at: DocAddress,
    ) -> Option<IdentityId> {
        let id = self.identities.identity_of(kind, name)?;
        if !self.identities.is_bare(id) {
            return Some(id);
        }
        let segment = self.segment(at.segment_ord);
        if self.number(id).is_none_or(|number| segment.names(at.doc_id, number)) {
            return Some(id);
        }
        // A surname that was resolved: the bearer stands for it.
        let bearers = self.identities.bearers_of_surname(self.identities.canonical(id));
        let named = |bearer: &IdentityId| {
            self.number(*bearer).is_some_and(|number| segment.names(at.doc_id, number))
        };
        Some(bearers.into_iter().find(named).unwrap_or(id))
    }

    /// How many articles name the identity of a number.
    #[must_use]
    pub(super) fn articles(&self, number: u32) -> u32 {
        self.articles.get(number as usize).copied().unwrap_or(0)
    }

    /// The sources, sorted.
    #[must_use]
    pub(super) fn sources(&self) -> &[Value] {
        &self.sources
    }

    /// The sections, sorted.
    #[must_use]
    pub(super) fn sections(&self) -> &[Value] {
        &self.sections
    }

    /// The languages, sorted.
    #[must_use]
    pub(super) fn languages(&self) -> &[Value] {
        &self.languages
    }

    /// Frequent words and phrases of headlines, sorted.
    #[must_use]
    pub(super) fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// The articles of the whole archive by day.
    #[must_use]
    pub(super) fn days(&self) -> &DayCounts {
        &self.days
    }

    /// The groups of copies.
    #[must_use]
    pub(super) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// What there is about the articles of a segment.
    #[must_use]
    pub(super) fn segment(&self, ordinal: u32) -> SegmentTables<'_> {
        let part = |place: Place| self.bytes.get(place.start..place.end).unwrap_or_default();
        match self.segments.get(ordinal as usize) {
            Some(segment) => SegmentTables {
                cards: part(segment.cards).as_chunks().0,
                ends: part(segment.ends).as_chunks().0,
                numbers: part(segment.numbers).as_chunks().0,
                ruled: (!segment.ruled.articles.is_empty()).then_some(&segment.ruled),
            },
            None => SegmentTables { cards: &[], ends: &[], numbers: &[], ruled: None },
        }
    }

    /// The same tables under the user's rulings on names.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn with_people(
        mut self,
        searcher: &Searcher,
        fields: &Fields,
        people: &PeopleFile,
    ) -> Result<Self, TablesError> {
        if people.rulings.is_empty() {
            return Ok(self);
        }
        let touched = self.touched_names(people);
        let mut before = vec![false; self.len()];
        for (kind, name) in &touched {
            let id = self.identities.identity_of(*kind, name);
            let number = id.and_then(|id| self.number(id));
            if let Some(before) = number.and_then(|number| before.get_mut(number as usize)) {
                *before = true;
            }
        }
        let table = self.identities.bytes().to_vec();
        self.identities = Identities::from_bytes(table)?.with_people(people);
        let known = self.ids.last().copied();
        let new: BTreeSet<IdentityId> = EntityKind::ALL
            .into_iter()
            .flat_map(|kind| self.identities.all(kind))
            .filter(|id| known.is_none_or(|known| *id > known))
            .collect();
        self.ids.extend(new);
        self.articles.resize(self.ids.len(), 0);
        for (ordinal, reader) in searcher.segment_readers().iter().enumerate() {
            self.rule_segment(ordinal, reader, searcher, fields, &touched, &before)?;
        }
        Ok(self)
    }

    /// The names whose identity the rulings may change: all names of all that bear one of theirs.
    fn touched_names(&self, people: &PeopleFile) -> BTreeSet<(EntityKind, String)> {
        let mut touched = BTreeSet::new();
        for (kind, ruling) in &people.rulings {
            let (name, others): (&str, &[String]) = match ruling {
                Ruling::Merge { name, forms } | Ruling::Pin { name, forms } => (name, forms),
                Ruling::Split { name, to } => (name, to.as_slice()),
                Ruling::Rename { name, .. } | Ruling::Ban { name } => (name, &[]),
            };
            for name in std::iter::once(name).chain(others.iter().map(String::as_str)) {
                let found = self.identities.find(*kind, name);
                let exactly = self.identities.identity_of(*kind, name);
                for id in exactly.into_iter().chain(found.exact).chain(found.bare) {
                    let names = self.identities.recorded(id);
                    touched.extend(names.map(|(kind, name, _)| (kind, name.to_owned())));
                }
            }
        }
        touched
    }

    /// Works out anew the identities of the articles of a segment that have a touched name.
    fn rule_segment(
        &mut self,
        ordinal: usize,
        reader: &SegmentReader,
        searcher: &Searcher,
        fields: &Fields,
        touched: &BTreeSet<(EntityKind, String)>,
        before: &[bool],
    ) -> Result<(), TablesError> {
        let columns = name_columns(reader, searcher, fields)?;
        let mut changed: HashMap<(usize, u64), u32> = HashMap::new();
        for (kind, name) in touched {
            let Some(Some(column)) = columns.get(*kind as usize) else { continue };
            if let Some(at) = column.dictionary().term_ord(name.as_bytes())? {
                let id = self.identities.identity_of(*kind, name);
                let number = id.and_then(|id| self.number(id)).unwrap_or(NONE);
                changed.insert((*kind as usize, at), number);
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let mut ruled = Ruled::default();
        let mut difference: Vec<(u32, bool)> = Vec::new();
        let places = self.segments.get(ordinal).map(|segment| segment.ordinals);
        let tables = self.segment(ordinal as u32);
        for doc in reader.doc_ids_alive() {
            let old = tables.numbers(doc);
            let touched = |number: &[u8; 4]| {
                before.get(u32::from_le_bytes(*number) as usize).copied().unwrap_or(false)
            };
            if !old.iter().any(touched) {
                continue;
            }
            let mut numbers = Vec::with_capacity(old.len());
            for (kind, column) in columns.iter().enumerate() {
                let Some(column) = column else { continue };
                let place = places.map(|places| places[kind]).unwrap_or_default();
                let known = self.bytes.get(place.start..place.end).unwrap_or_default();
                for name in column.term_ords(doc) {
                    let number = changed.get(&(kind, name)).copied().unwrap_or_else(|| {
                        let (known, _) = known.as_chunks::<4>();
                        known.get(name as usize).map_or(NONE, |n| u32::from_le_bytes(*n))
                    });
                    if number != NONE {
                        numbers.push(number);
                    }
                }
            }
            numbers.sort_unstable();
            numbers.dedup();
            difference.extend(old.iter().map(|number| (u32::from_le_bytes(*number), false)));
            difference.extend(numbers.iter().map(|number| (*number, true)));
            let numbers = numbers.into_iter().map(u32::to_le_bytes).collect();
            ruled.set(doc, reader.max_doc(), numbers);
        }
        for (number, more) in difference {
            if let Some(articles) = self.articles.get_mut(number as usize) {
                *articles = if more { *articles + 1 } else { articles.saturating_sub(1) };
            }
        }
        if let Some(segment) = self.segments.get_mut(ordinal) {
            segment.ruled = ruled;
        }
        Ok(())
    }
}

/// What there is about the articles of a segment.
#[derive(Clone, Copy)]
pub(super) struct SegmentTables<'a> {
    cards: &'a [[u8; CARD]],
    ends: &'a [[u8; 4]],
    numbers: &'a [[u8; 4]],
    ruled: Option<&'a Ruled>,
}

impl<'a> SegmentTables<'a> {
    /// The card of an article.
    #[inline]
    #[must_use]
    pub(super) fn card(&self, doc: DocId) -> Option<Card> {
        self.cards.get(doc as usize).map(|card| Card::from_bytes(*card))
    }

    /// The numbers of the identities that an article names, each once, as little-endian bytes.
    #[inline]
    #[must_use]
    pub(super) fn numbers(&self, doc: DocId) -> &'a [[u8; 4]] {
        if let Some(ruled) = self.ruled
            && ruled.has(doc)
        {
            return ruled.numbers.get(&doc).map_or(&[], Vec::as_slice);
        }
        let end =
            |at: usize| self.ends.get(at).map_or(0, |end| u32::from_le_bytes(*end) as usize);
        let start = (doc as usize).checked_sub(1).map_or(0, end);
        self.numbers.get(start..end(doc as usize)).unwrap_or_default()
    }

    /// Whether an article names an identity.
    #[must_use]
    pub(super) fn names(&self, doc: DocId, number: u32) -> bool {
        self.numbers(doc).contains(&number.to_le_bytes())
    }
}

fn column(
    reader: &SegmentReader,
    searcher: &Searcher,
    field: Field,
) -> tantivy::Result<Option<StrColumn>> {
    reader.fast_fields().str(searcher.schema().get_field_name(field))
}

fn name_columns(
    reader: &SegmentReader,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<[Option<StrColumn>; 3]> {
    let of = |kind| column(reader, searcher, fields.names(kind));
    let [person, organisation, place] = EntityKind::ALL;
    Ok([of(person)?, of(organisation)?, of(place)?])
}

/// Gives each term of a column's dictionary, in the order of the ordinals.
fn each_term(column: &StrColumn, mut each: impl FnMut(&str)) -> tantivy::Result<()> {
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        each(std::str::from_utf8(terms.key()).unwrap_or_default());
    }
    Ok(())
}

/// In how many live articles each term of a column occurs.
fn count_terms(reader: &SegmentReader, column: &StrColumn) -> Vec<u32> {
    let mut counts = vec![0u32; column.num_terms()];
    let (mut docs, mut of, mut rows, mut terms) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut alive = reader.doc_ids_alive();
    loop {
        docs.clear();
        docs.extend(alive.by_ref().take(1024));
        if docs.is_empty() {
            return counts;
        }
        of.clear();
        rows.clear();
        column.ords().row_ids_for_docs(&docs, &mut of, &mut rows);
        terms.resize(rows.len(), 0);
        column.ords().values.get_vals(&rows, &mut terms);
        for term in &terms {
            if let Some(count) = counts.get_mut(*term as usize) {
                *count += 1;
            }
        }
    }
}

/// Makes the bytes.
struct Builder<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    columns: Vec<[Option<StrColumn>; 3]>,
    identities: Identities,
    /// Number of each name, by segment, kind and ordinal.
    ordinals: Vec<[Vec<u32>; 3]>,
}

impl<'a> Builder<'a> {
    fn new(searcher: &'a Searcher, fields: &'a Fields) -> Result<Self, TablesError> {
        let mut columns = Vec::new();
        let mut names = Names::default();
        for reader in searcher.segment_readers() {
            let of_segment = name_columns(reader, searcher, fields)?;
            for (kind, column) in EntityKind::ALL.into_iter().zip(&of_segment) {
                names.begin(kind);
                if let Some(column) = column {
                    let counts = count_terms(reader, column);
                    let mut counts = counts.into_iter();
                    each_term(column, |name| names.push(name, counts.next().unwrap_or(0)))?;
                }
            }
            columns.push(of_segment);
        }
        let identities = {
            let mut with_articles = names.iter().filter(|(_, _, articles)| *articles > 0);
            Identities::build(&mut with_articles, &PeopleFile::default())?
        };
        let ids = all_ids(&identities);
        let mut ordinals: Vec<[Vec<u32>; 3]> = Vec::new();
        let mut all = names.iter();
        for of_segment in &columns {
            let mut numbers: [Vec<u32>; 3] = Default::default();
            for (numbers, column) in numbers.iter_mut().zip(of_segment) {
                let count = column.as_ref().map_or(0, |column| column.num_terms());
                numbers.extend(all.by_ref().take(count).map(|(kind, name, articles)| {
                    let id =
                        (articles > 0).then(|| identities.identity_of(kind, name)).flatten();
                    id.and_then(|id| ids.binary_search(&id).ok()).map_or(NONE, |at| at as u32)
                }));
            }
            ordinals.push(numbers);
        }
        Ok(Self { searcher, fields, columns, identities, ordinals })
    }

    fn finish(self) -> Result<Vec<u8>, TablesError> {
        let mut articles = vec![0u32; all_ids(&self.identities).len()];
        let readers = self.searcher.segment_readers();
        let sources = Values::read(self.searcher, self.fields.source)?;
        let sections = Values::read(self.searcher, self.fields.section)?;
        let languages = Values::read(self.searcher, self.fields.language)?;
        let mut days = Vec::new();
        let mut segments = Vec::new();
        for (ordinal, reader) in readers.iter().enumerate() {
            let dates = Dates::read(reader, self.searcher, self.fields)?;
            let mut cards = vec![0u8; CARD * reader.max_doc() as usize];
            let (mut ends, mut numbers) = (Vec::new(), Vec::new());
            let (places, _) = cards.as_chunks_mut::<CARD>();
            for (doc, place) in (0..reader.max_doc()).zip(places) {
                let (day, resolution) = dates.of(doc);
                let value = |values: &Values| values.number(ordinal, doc);
                let card = Card {
                    day,
                    resolution,
                    source: value(&sources),
                    section: value(&sections),
                    language: value(&languages),
                };
                *place = card.to_bytes();
                if reader.is_deleted(doc) {
                    ends.push(numbers.len() as u32);
                    continue;
                }
                days.push((day, resolution));
                let begin = numbers.len();
                self.identities_of(ordinal, doc, &mut numbers);
                for number in numbers.get(begin..).unwrap_or_default() {
                    if let Some(articles) = articles.get_mut(*number as usize) {
                        *articles += 1;
                    }
                }
                ends.push(numbers.len() as u32);
            }
            segments.push((cards, ends, numbers));
        }
        self.resolve_surnames(&mut segments, &mut articles);
        let phrases = suggest::headline_phrases(self.searcher, self.fields)?;
        let groups = Groups::form(self.searcher, self.fields)?;
        let mut out = Writer::default();
        out.number(key(self.searcher));
        out.part(self.identities.bytes());
        out.numbers(&articles);
        for values in [sources, sections, languages] {
            out.values(&values.values);
        }
        out.values(&phrases);
        out.numbers(&DayCounts::of(&days).to_numbers());
        out.numbers(&groups.to_numbers());
        out.number(readers.len() as u64);
        for ((cards, ends, numbers), ordinals) in segments.into_iter().zip(&self.ordinals) {
            out.part(&cards);
            out.numbers(&ends);
            out.numbers(&numbers);
            for of_kind in ordinals {
                out.numbers(of_kind);
            }
        }
        Ok(out.finish())
    }

    /// Gives the articles that say a surname only to its bearer, where one is clear.
    fn resolve_surnames(&self, segments: &mut [SegmentParts], articles: &mut [u32]) {
        let ids = all_ids(&self.identities);
        let number = |id: IdentityId| ids.binary_search(&id).ok().map(|at| at as u32);
        // By bare name the bearers, and everybody whose articles are wanted.
        let mut families: Vec<(u32, Vec<u32>)> = Vec::new();
        let mut wanted: HashMap<u32, Vec<(u32, DocId)>> = HashMap::new();
        for id in self.identities.all(EntityKind::Person) {
            if !self.identities.is_bare(id) {
                continue;
            }
            let bearers = self.identities.bearers_of_surname(self.identities.canonical(id));
            let bearers: Vec<u32> =
                bearers.into_iter().filter_map(number).take(MOST_BEARERS).collect();
            if let Some(bare) = number(id)
                && !bearers.is_empty()
            {
                let all = bearers.iter().chain([&bare]);
                wanted.extend(all.map(|number| (*number, Vec::new())));
                families.push((bare, bearers));
            }
        }
        for (segment, (_, ends, numbers)) in (0..).zip(&*segments) {
            let mut start = 0;
            for (doc, end) in (0..).zip(ends) {
                for number in numbers.get(start as usize..*end as usize).unwrap_or_default() {
                    if let Some(articles) = wanted.get_mut(number) {
                        articles.push((segment, doc));
                    }
                }
                start = *end;
            }
        }
        let all: u32 = segments.iter().map(|(_, ends, _)| ends.len() as u32).sum();
        let mut found: Vec<(u32, DocId, u32, u32)> = Vec::new();
        let seen = |(segment, doc): &(u32, DocId)| seen(segments, *segment, *doc);
        let share = |number: u32| {
            let of = articles.get(number as usize).copied().unwrap_or(0);
            of as f32 / all.max(1) as f32
        };
        for (bare, bearers) in &families {
            let of = |number: &u32| wanted.get(number).map_or(&[][..], Vec::as_slice);
            let bearers = Bearers::new(bearers.iter().map(|number| {
                let articles: Box<dyn Iterator<Item = Seen<'_>>> =
                    Box::new(of(number).iter().filter_map(seen));
                (*number, articles)
            }));
            for at in of(bare) {
                let clear = seen(at).and_then(|seen| bearers.clear(seen, *bare, share));
                found.extend(clear.map(|bearer| (at.0, at.1, *bare, bearer)));
            }
        }
        for (segment, doc, bare, bearer) in found {
            let Some((_, ends, numbers)) = segments.get_mut(segment as usize) else { continue };
            let end = |at: u32| ends.get(at as usize).copied().unwrap_or(0) as usize;
            let start = doc.checked_sub(1).map_or(0, end);
            let Some(own) = numbers.get_mut(start..end(doc)) else { continue };
            // An article that names the bearer in full would not have the surname alone.
            if own.contains(&bearer) {
                continue;
            }
            if let Some(slot) = own.iter_mut().find(|number| **number == bare) {
                *slot = bearer;
            }
            own.sort_unstable();
            for (number, more) in [(bare, false), (bearer, true)] {
                if let Some(articles) = articles.get_mut(number as usize) {
                    *articles = if more { *articles + 1 } else { articles.saturating_sub(1) };
                }
            }
        }
    }

    /// Appends the identities of an article, each once, rising.
    fn identities_of(&self, segment: usize, doc: DocId, out: &mut Vec<u32>) {
        let begin = out.len();
        let columns = self.columns.get(segment).into_iter().flatten();
        let numbers = self.ordinals.get(segment).into_iter().flatten();
        for (column, numbers) in columns.zip(numbers) {
            let Some(column) = column else { continue };
            let known = column.term_ords(doc).filter_map(|name| numbers.get(name as usize));
            out.extend(known.filter(|number| **number != NONE));
        }
        let own = out.get_mut(begin..).unwrap_or_default();
        own.sort_unstable();
        let mut kept = begin;
        for at in begin..out.len() {
            if at == begin || out[at] != out[kept - 1] {
                out[kept] = out[at];
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// Cards, ends and numbers of a segment while they are worked out.
type SegmentParts = (Vec<u8>, Vec<u32>, Vec<u32>);

/// An article as far as it tells whom a surname means.
fn seen(segments: &[SegmentParts], segment: u32, doc: DocId) -> Option<Seen<'_>> {
    let (cards, ends, numbers) = segments.get(segment as usize)?;
    let (cards, _) = cards.as_chunks::<CARD>();
    let card = Card::from_bytes(*cards.get(doc as usize)?);
    let start = match doc.checked_sub(1) {
        Some(before) => *ends.get(before as usize)?,
        None => 0,
    };
    let names = numbers.get(start as usize..*ends.get(doc as usize)? as usize)?;
    Some(Seen { card, names })
}

fn all_ids(identities: &Identities) -> Vec<IdentityId> {
    let mut ids: Vec<IdentityId> =
        EntityKind::ALL.into_iter().flat_map(|kind| identities.all(kind)).collect();
    if !ids.is_sorted() {
        ids.sort_unstable();
    }
    ids
}

/// Names end to end, with their kind and number of articles.
#[derive(Default)]
struct Names {
    text: String,
    /// End in the text, and articles.
    ends: Vec<(usize, u32)>,
    /// Kind, and the first name of a run of that kind.
    runs: Vec<(EntityKind, usize)>,
}

impl Names {
    fn begin(&mut self, kind: EntityKind) {
        self.runs.push((kind, self.ends.len()));
    }

    fn push(&mut self, name: &str, articles: u32) {
        self.text.push_str(name);
        self.ends.push((self.text.len(), articles));
    }

    fn iter(&self) -> impl Iterator<Item = (EntityKind, &str, u32)> {
        let ends = self.runs.iter().skip(1).map(|(_, at)| *at).chain([self.ends.len()]);
        let mut start = 0;
        self.runs
            .iter()
            .zip(ends)
            .flat_map(|((kind, first), end)| {
                self.ends.get(*first..end).unwrap_or_default().iter().map(|name| (*kind, *name))
            })
            .map(move |(kind, (end, articles))| {
                let name = self.text.get(start..end).unwrap_or_default();
                start = end;
                (kind, name, articles)
            })
    }
}

/// The values of a field of short values with the live articles that have each, sorted.
///
/// # Errors
///
/// What the disk says.
pub(super) fn value_counts(searcher: &Searcher, field: Field) -> tantivy::Result<Vec<Value>> {
    Ok(Values::read(searcher, field)?.values)
}

/// The values of a field of short values, numbered over all segments.
struct Values {
    /// Those that only deleted articles have are among them, with no article.
    values: Vec<Value>,
    /// For each segment the column and the number of each of its terms.
    segments: Vec<Option<(StrColumn, Vec<u32>)>>,
}

impl Values {
    fn read(searcher: &Searcher, field: Field) -> tantivy::Result<Self> {
        let mut all: BTreeMap<String, u32> = BTreeMap::new();
        let mut columns = Vec::new();
        for reader in searcher.segment_readers() {
            let column = column(reader, searcher, field)?;
            if let Some(column) = &column {
                let counts = count_terms(reader, column);
                let mut counts = counts.into_iter();
                each_term(column, |term| {
                    *all.entry(term.to_owned()).or_default() += counts.next().unwrap_or(0);
                })?;
            }
            columns.push(column);
        }
        let values: Vec<Value> = all.into_iter().collect();
        let mut segments = Vec::new();
        for column in columns {
            let Some(column) = column else {
                segments.push(None);
                continue;
            };
            let mut numbers = Vec::with_capacity(column.num_terms());
            each_term(&column, |term| {
                let at = values.binary_search_by(|(value, _)| value.as_str().cmp(term));
                numbers.push(at.map_or(NONE, |at| at as u32));
            })?;
            segments.push(Some((column, numbers)));
        }
        Ok(Self { values, segments })
    }

    fn number(&self, segment: usize, doc: DocId) -> u32 {
        let Some(Some((column, numbers))) = self.segments.get(segment) else { return NONE };
        let term = column.term_ords(doc).next();
        term.and_then(|term| numbers.get(term as usize).copied()).unwrap_or(NONE)
    }
}

struct Dates {
    first: tantivy::columnar::Column<i64>,
    last: tantivy::columnar::Column<i64>,
}

impl Dates {
    fn read(
        reader: &SegmentReader,
        searcher: &Searcher,
        fields: &Fields,
    ) -> tantivy::Result<Self> {
        let of = |field| reader.fast_fields().i64(searcher.schema().get_field_name(field));
        Ok(Self { first: of(fields.date)?, last: of(fields.date_last)? })
    }

    fn of(&self, doc: DocId) -> (i32, Option<Resolution>) {
        let (Some(first), Some(last)) = (self.first.first(doc), self.last.first(doc)) else {
            return (0, None);
        };
        let resolution = match last - first {
            ..=0 => Resolution::Day,
            1..=31 => Resolution::Month,
            _ => Resolution::Year,
        };
        (first as i32, Some(resolution))
    }
}

/// Writes parts end to end: length in bytes (u64), padding to eight bytes, content.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn part(&mut self, part: &[u8]) {
        self.number(part.len() as u64);
        self.bytes.extend_from_slice(part);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn numbers(&mut self, numbers: &[u32]) {
        self.number(4 * numbers.len() as u64);
        self.bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn values(&mut self, values: &[Value]) {
        self.part(&postcard::to_stdvec(values).unwrap_or_default());
    }

    fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.bytes.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&xxh3_64(&self.bytes).to_le_bytes());
        bytes.extend_from_slice(&self.bytes);
        bytes
    }
}

/// Reads what [`Writer`] wrote.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// All but the parts that are read where they lie.
struct Read {
    identities: Vec<u8>,
    articles: Vec<u32>,
    values: [Vec<Value>; 4],
    days: DayCounts,
    groups: Groups,
    segments: Vec<Segment>,
}

impl Reader<'_> {
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

    fn read(mut self) -> Option<Read> {
        // The key was compared before.
        self.number()?;
        let identities = self.part()?.to_vec();
        let articles = self.numbers()?;
        let values = [self.values()?, self.values()?, self.values()?, self.values()?];
        let days = DayCounts::from_numbers(&self.numbers()?)?;
        let groups = self.numbers()?;
        let count = self.number()?;
        let mut segments = Vec::new();
        for _ in 0..count {
            let (cards, ends, numbers) = (self.place()?, self.place()?, self.place()?);
            let ordinals = [self.place()?, self.place()?, self.place()?];
            let ruled = Ruled::default();
            segments.push(Segment { cards, ends, numbers, ordinals, ruled });
        }
        let length =
            |segment: &Segment| ((segment.cards.end - segment.cards.start) / CARD) as u32;
        let lengths: Vec<u32> = segments.iter().map(length).collect();
        let groups = Groups::from_numbers(&groups, &lengths)?;
        Some(Read { identities, articles, values, days, groups, segments })
    }
}

impl Read {
    fn finish(self, bytes: OwnedBytes) -> Result<Tables, TablesError> {
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
            phrases,
            days: self.days,
            groups: self.groups,
            segments: self.segments,
        })
    }
}

#[cfg(test)]
pub(super) mod fixture {
    use tempfile::TempDir;

    use super::*;
    use crate::article::Article;
    use crate::enrich::fingerprint::Fingerprinter;
    use crate::entity::{ArticleEntities, Entity, Mention, Part};
    use crate::index::{DocumentBuilder, Index, Lexed, Location, Origin, Stored, file_key};
    use crate::text::{Lexer, Tokens};

    /// An article to be indexed.
    #[derive(Clone, Debug, Default)]
    pub(in crate::search) struct Draft {
        pub(in crate::search) title: &'static str,
        pub(in crate::search) body: String,
        pub(in crate::search) date: &'static str,
        pub(in crate::search) source: &'static str,
        /// Names with the role written with each.
        pub(in crate::search) people: Vec<(&'static str, &'static str)>,
        pub(in crate::search) organisations: Vec<&'static str>,
    }

    /// An index of a few articles, in two segments.
    pub(in crate::search) struct Archive {
        folder: TempDir,
        index: Index,
        pub(in crate::search) fields: Fields,
        pub(in crate::search) searcher: Searcher,
    }

    impl Archive {
        pub(in crate::search) fn of(drafts: &[Draft]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let location = Location::of(folder.path(), None);
            let index = Index::open_or_create(&location).unwrap();
            let fields = index.fields();
            let mut record = index.record().unwrap();
            let mut writer = index.writer(1).unwrap();
            let half = drafts.len().div_ceil(2);
            for (block, drafts) in drafts.chunks(half).enumerate() {
                for (at, draft) in drafts.iter().enumerate() {
                    writer
                        .add(document(&fields, &(half * block + at).to_string(), draft))
                        .unwrap();
                }
                writer.commit(&mut record).unwrap();
            }
            writer.close().unwrap();
            let searcher = index.reader().unwrap().searcher();
            Self { folder, index, fields, searcher }
        }

        /// Takes away the article of this number.
        pub(in crate::search) fn remove(&mut self, number: usize) {
            let mut record = self.index.record().unwrap();
            let mut writer = self.index.writer(1).unwrap();
            writer.remove_file(&number.to_string());
            writer.commit(&mut record).unwrap();
            writer.close().unwrap();
            self.searcher = self.index.reader().unwrap().searcher();
        }

        pub(in crate::search) fn tables(&self) -> Tables {
            Tables::build(&self.searcher, &self.fields).unwrap()
        }

        pub(in crate::search) fn folder(&self) -> &Path {
            self.folder.path()
        }

        pub(in crate::search) fn stored(&self, at: DocAddress) -> Stored {
            super::super::stored::stored(&self.searcher, &self.fields, at).unwrap().unwrap()
        }

        /// The number and address of each article.
        pub(in crate::search) fn all(&self) -> Vec<(usize, DocAddress)> {
            let mut all = Vec::new();
            for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
                for doc in reader.doc_ids_alive() {
                    let at = DocAddress::new(segment, doc);
                    all.push((self.stored(at).path.parse().unwrap(), at));
                }
            }
            all.sort_unstable();
            all
        }
    }

    fn document(fields: &Fields, path: &str, draft: &Draft) -> tantivy::TantivyDocument {
        let article = Article {
            title: draft.title.to_owned(),
            body: draft.body.clone(),
            date: draft.date.parse().ok(),
            source: Some(draft.source.to_owned()),
            language: Some("en".to_owned()),
            ..Article::default()
        };
        let mut lexer = Lexer::new();
        let (mut title, mut body) = (Tokens::default(), Tokens::default());
        lexer.read(&article.title, &mut title);
        lexer.read(&article.body, &mut body);
        let people = draft.people.iter().map(|(name, role)| (EntityKind::Person, *name, *role));
        let organisations =
            draft.organisations.iter().map(|name| (EntityKind::Organisation, *name, ""));
        let mut entities = ArticleEntities::default();
        for (kind, name, role) in people.chain(organisations) {
            let roles = Some(role).filter(|role| !role.is_empty()).map(str::to_owned);
            entities.mentions.push(Mention {
                part: Part::Body,
                start: 0,
                end: 1,
                first_token: 0,
                end_token: 1,
                entity: entities.entities.len() as u32,
            });
            entities.entities.push(Entity {
                kind,
                name: name.to_owned(),
                roles: roles.into_iter().collect(),
                mentions: 1,
            });
        }
        let origin = Origin {
            file: file_key(path),
            path,
            member: None,
            format: "plain",
            encoding: "UTF-8",
            id: path,
        };
        let lexed = Lexed { forms: lexer.forms(), title: &title, body: &body };
        let mut prints = Fingerprinter::new();
        DocumentBuilder::default()
            .build(fields, &origin, article, &lexed, &entities, &mut |lines, out| {
                prints.of_lines(lines, out);
            })
            .unwrap()
    }

    /// A text of its own for each number.
    pub(in crate::search) fn text(number: usize, words: usize) -> String {
        let words = (0..words).map(|n| format!("word{} ", number * 1000 + n));
        words.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{Archive, Draft, text};
    use super::*;

    fn drafts() -> Vec<Draft> {
        let people: [&[&'static str]; 7] = [
            &["John Kerry", "John F. Kerry"],
            &["John Kerry"],
            &["John F. Kerry", "Barack Obama"],
            &["Barack Obama"],
            &["Angela Merkel"],
            &["Angela Merkel", "Barack Obama"],
            &[],
        ];
        let draft = |(number, people): (usize, &&[&'static str])| Draft {
            title: "Talks go on",
            body: text(number, 40),
            date: "2013-02-05",
            source: "Herald",
            people: people.iter().map(|name| (*name, "")).collect(),
            ..Draft::default()
        };
        people.iter().enumerate().map(draft).collect()
    }

    /// Articles by name shown, as the tables count them, checked against the articles themselves.
    fn counts(tables: &Tables, archive: &Archive) -> BTreeMap<String, u32> {
        let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
        for (_, at) in archive.all() {
            for number in tables.segment(at.segment_ord).numbers(at.doc_id) {
                *counted.entry(u32::from_le_bytes(*number)).or_default() += 1;
            }
        }
        let all = tables.numbers_of(EntityKind::Person).filter(|n| tables.articles(*n) > 0);
        let told: BTreeMap<u32, u32> = all.map(|n| (n, tables.articles(n))).collect();
        assert_eq!(told, counted);
        counted.into_iter().map(|(n, articles)| (tables.name(n).to_owned(), articles)).collect()
    }

    fn check(counts: &BTreeMap<String, u32>, wanted: &[(&str, u32)]) {
        let counts: Vec<(&str, u32)> = counts.iter().map(|(n, c)| (n.as_str(), *c)).collect();
        assert_eq!(counts, wanted);
    }

    #[test]
    fn an_article_counts_once_for_all_forms_of_a_name_and_deleted_ones_do_not() {
        let mut archive = Archive::of(&drafts());
        let wanted = [("Angela Merkel", 2), ("Barack Obama", 3), ("John F. Kerry", 3)];
        check(&counts(&archive.tables(), &archive), &wanted);
        archive.remove(5);
        let wanted = [("Angela Merkel", 1), ("Barack Obama", 2), ("John F. Kerry", 3)];
        check(&counts(&archive.tables(), &archive), &wanted);
    }

    #[test]
    fn stored_tables_are_used_for_their_commit_only() {
        let mut archive = Archive::of(&drafts());
        let folder = archive.folder().to_owned();
        let built = archive.tables();
        assert!(!Tables::are_stored(&folder, &archive.searcher));
        built.store(&folder).unwrap();
        assert!(Tables::are_stored(&folder, &archive.searcher));
        let loaded = Tables::load(&folder, &archive.searcher, &archive.fields).unwrap();
        assert_eq!(loaded.bytes(), built.bytes());
        let mut damaged = built.bytes().to_vec();
        damaged[100] ^= 1;
        assert!(Tables::open(OwnedBytes::new(damaged)).is_err());
        archive.remove(0);
        assert!(!Tables::are_stored(&folder, &archive.searcher));
        let loaded = Tables::load(&folder, &archive.searcher, &archive.fields).unwrap();
        assert_ne!(loaded.bytes(), built.bytes());
    }

    #[test]
    fn rulings_lie_on_top() {
        let archive = Archive::of(&drafts());
        let ruled = |rulings: &str| {
            let people = PeopleFile::parse(rulings).unwrap();
            let tables =
                archive.tables().with_people(&archive.searcher, &archive.fields, &people);
            counts(&tables.unwrap(), &archive)
        };
        check(
            &ruled("[[merge]]\nname = \"Barack Obama\"\nforms = [\"Angela Merkel\"]"),
            &[("Barack Obama", 4), ("John F. Kerry", 3)],
        );
        check(
            &ruled("[[split]]\nname = \"John Kerry\"\n[[ban]]\nname = \"Angela Merkel\""),
            &[("Barack Obama", 3), ("John F. Kerry", 2), ("John Kerry", 2)],
        );
        check(
            &ruled("[[rename]]\nname = \"Angela Merkel\"\nto = \"A. Merkel\""),
            &[("A. Merkel", 2), ("Barack Obama", 3), ("John F. Kerry", 3)],
        );
    }
}
