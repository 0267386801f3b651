//! What is worked out once per commit so that queries only look it up: who the names are, which
//! articles are copies, and for each article a record of what is counted over all matches.
//!
//! The tables lie beside the index in one file, which is read where it lies (memory-mapped); its
//! head is checked by a checksum when it is opened, the rest when somebody asks whether it is
//! damaged. It says for which commit it was made; without a file for the present one the tables
//! are made in memory. The user's rulings on names are no part of the file:
//! they are applied on top, see [`Tables::with_people`].

mod build;
mod columns;
mod file;
mod packed;
mod rulings;
mod surnames;

use std::hint::black_box;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::{DocAddress, DocId, Searcher};
use xxhash_rust::xxh3::Xxh3;

use super::copies::Groups;
use super::suggest::Phrase;
use super::timeline::{Dated, DayCounts};
use crate::entity::EntityKind;
use crate::entity::identity::{Identities, IdentityId, TableError};
use crate::index::{Fields, write_own_file};
use build::Builder;
pub(super) use columns::value_counts;
pub(super) use file::Numbers;
use file::Reader;
pub(super) use packed::{Packed, Record};
use rulings::Ruled;

/// Name of the file in the index folder.
pub(super) const TABLES_FILE: &str = "tables.bin";

/// Begins the file; the last byte is the version of the layout and of what the tables hold.
const MAGIC: [u8; 8] = *b"NSTABLS\x05";

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

/// What articles are published in, as numbers of values. Many articles share each of the few
/// imprints of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Imprint {
    /// Number of the source in [`Tables::sources`], or [`NONE`].
    pub source: u32,
    /// Number of the section in [`Tables::sections`], or [`NONE`].
    pub section: u32,
    /// Number of the language in [`Tables::languages`], or [`NONE`].
    pub language: u32,
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
    imprints: Vec<Imprint>,
    /// Read when first asked for: most searches have no use for them.
    phrases: (Place, OnceLock<Vec<Phrase>>),
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
    /// The articles' records, see [`packed`].
    records: Place,
    /// Where each of them ends.
    ends: Place,
    /// The identity of each name of the columns, as numbered there.
    ordinals: [Place; 3],
    ruled: Ruled,
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
    (file::key_of(&bytes) == Some(key(searcher))).then_some(bytes)
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
    /// commit and its head is sound, else made anew.
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

    /// Whether the file of a folder is damaged; what opening does not read is looked at, too.
    #[must_use]
    pub(super) fn are_damaged(folder: &Path, searcher: &Searcher) -> bool {
        stored_bytes(folder, searcher).is_some_and(|bytes| !file::is_sound(&bytes))
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
        if !file::is_head_sound(&bytes) {
            return Err(TablesError::Damaged);
        }
        Reader::new(&bytes).read().ok_or(TablesError::Damaged)?.finish(bytes)
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

    /// Whether a number stands for a surname alone whose bearer may be one of those known in full.
    #[must_use]
    pub(super) fn is_open_surname(&self, number: u32) -> bool {
        self.id(number).is_some_and(|id| self.identities.is_open_surname(id))
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

    /// What articles are published in.
    #[must_use]
    pub(super) fn imprints(&self) -> &[Imprint] {
        &self.imprints
    }

    /// Frequent words and phrases of headlines, sorted.
    #[must_use]
    pub(super) fn phrases(&self) -> &[Phrase] {
        let (place, phrases) = &self.phrases;
        phrases.get_or_init(|| {
            let bytes = self.bytes.get(place.start..place.end).unwrap_or_default();
            postcard::from_bytes(bytes).unwrap_or_default()
        })
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

    /// What there is about the articles of each segment.
    #[must_use]
    pub(super) fn segments(&self) -> Vec<SegmentTables<'_>> {
        (0..self.segments.len() as u32).map(|ordinal| self.segment(ordinal)).collect()
    }

    /// What there is about the articles of a segment.
    #[must_use]
    pub(super) fn segment(&self, ordinal: u32) -> SegmentTables<'_> {
        let part = |place: Place| self.bytes.get(place.start..place.end).unwrap_or_default();
        match self.segments.get(ordinal as usize) {
            Some(segment) => SegmentTables {
                records: part(segment.records),
                ends: part(segment.ends).as_chunks().0,
                ruled: (!segment.ruled.articles.is_empty()).then_some(&segment.ruled),
            },
            None => SegmentTables { records: &[], ends: &[], ruled: None },
        }
    }
}

/// What there is about the articles of a segment.
#[derive(Clone, Copy)]
pub(super) struct SegmentTables<'a> {
    records: &'a [u8],
    ends: &'a [[u8; 4]],
    ruled: Option<&'a Ruled>,
}

impl<'a> SegmentTables<'a> {
    #[inline]
    fn bytes(&self, doc: DocId) -> &'a [u8] {
        let end =
            |at: usize| self.ends.get(at).map_or(0, |end| u32::from_le_bytes(*end) as usize);
        let start = (doc as usize).checked_sub(1).map_or(0, end);
        self.records.get(start..end(doc as usize)).unwrap_or_default()
    }

    /// What is counted of an article.
    #[inline]
    #[must_use]
    pub(super) fn record(&self, doc: DocId) -> Option<Record<'a>> {
        let mut record = Record::of(self.bytes(doc))?;
        if let Some(ruled) = self.ruled
            && ruled.has(doc)
        {
            record.identities = ruled.identities(doc);
        }
        Some(record)
    }

    /// When an article was published.
    #[inline]
    #[must_use]
    pub(super) fn date(&self, doc: DocId) -> Dated {
        self.record(doc)?.date
    }

    /// The numbers of the identities that an article names, each once, rising.
    #[inline]
    #[must_use]
    pub(super) fn identities(&self, doc: DocId) -> Packed<'a> {
        self.record(doc).map(|record| record.identities).unwrap_or_default()
    }

    /// Whether an article names an identity.
    #[must_use]
    pub(super) fn names(&self, doc: DocId, number: u32) -> bool {
        self.identities(doc).take_while(|named| *named <= number).any(|named| named == number)
    }
}

/// Brings the records of articles into the cache. Loads that wait for nothing go on side by side:
/// far apart as they lie, counting alone would wait for each in turn.
pub(super) fn fetch<'a>(
    articles: impl Iterator<Item = (&'a SegmentTables<'a>, DocId)> + Clone,
) {
    black_box(articles.clone().fold(0u8, |sum, (tables, doc)| {
        sum.wrapping_add(tables.ends.get(doc as usize).map_or(0, |end| end[0]))
    }));
    black_box(articles.fold(0u8, |sum, (tables, doc)| {
        let bytes = tables.bytes(doc);
        let edge = |byte: Option<&u8>| byte.copied().unwrap_or(0);
        sum.wrapping_add(edge(bytes.first())).wrapping_add(edge(bytes.last()))
    }));
}

fn all_ids(identities: &Identities) -> Vec<IdentityId> {
    let mut ids: Vec<IdentityId> =
        EntityKind::ALL.into_iter().flat_map(|kind| identities.all(kind)).collect();
    if !ids.is_sorted() {
        ids.sort_unstable();
    }
    ids
}

#[cfg(test)]
pub(super) mod fixture;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::fixture::{Archive, Draft, text};
    use super::*;
    use crate::entity::people_file::PeopleFile;

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
            for number in tables.segment(at.segment_ord).identities(at.doc_id) {
                *counted.entry(number).or_default() += 1;
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
        assert!(!Tables::are_damaged(&folder, &archive.searcher));
        let with_damage_at = |at: usize| {
            let mut bytes = built.bytes().to_vec();
            bytes[at] ^= 1;
            bytes
        };
        assert!(Tables::open(OwnedBytes::new(with_damage_at(100))).is_err());
        let damaged = with_damage_at(built.bytes().len() - 1);
        std::fs::write(folder.join(TABLES_FILE), damaged).unwrap();
        assert!(Tables::are_damaged(&folder, &archive.searcher));
        built.store(&folder).unwrap();
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
