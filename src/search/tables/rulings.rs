//! The user's rulings on names, laid over the tables of a commit.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use tantivy::{DocId, Searcher, SegmentReader};

use super::columns::name_columns;
use super::packed::{Packed, push_identities};
use super::{NONE, Tables, TablesError};
use crate::entity::EntityKind;
use crate::entity::identity::{Identities, IdentityId};
use crate::entity::people_file::{PeopleFile, Ruling};
use crate::index::Fields;

/// The articles whose identities the user's rulings have changed.
#[derive(Default)]
pub(super) struct Ruled {
    /// A bit per article; empty where there are none.
    pub(super) articles: Vec<u64>,
    /// The packed identities of each, and whether they are wide.
    identities: HashMap<DocId, (Vec<u8>, bool)>,
}

impl Ruled {
    pub(super) fn has(&self, doc: DocId) -> bool {
        self.articles.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    pub(super) fn identities(&self, doc: DocId) -> Packed<'_> {
        let own = self.identities.get(&doc);
        own.map_or_else(Packed::default, |(bytes, wide)| Packed::of(bytes, *wide))
    }

    fn set(&mut self, doc: DocId, most: u32, numbers: &[u32]) {
        if self.articles.is_empty() {
            self.articles = vec![0; (most as usize).div_ceil(64)];
        }
        if let Some(word) = self.articles.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
        let mut packed = Vec::new();
        let wide = push_identities(numbers, &mut packed);
        self.identities.insert(doc, (packed, wide));
    }
}

impl Tables {
    /// The same tables under the user's rulings on names.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(in crate::search) fn with_people(
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
            let old = tables.identities(doc);
            let touched = |number: u32| before.get(number as usize).copied().unwrap_or(false);
            if !old.clone().any(touched) {
                continue;
            }
            let mut numbers = Vec::new();
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
            difference.extend(old.map(|number| (number, false)));
            difference.extend(numbers.iter().map(|number| (*number, true)));
            ruled.set(doc, reader.max_doc(), &numbers);
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
