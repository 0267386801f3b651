//! Makes the bytes of the tables.

use std::collections::BTreeMap;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, Searcher};

use super::columns::{Dates, Values, count_terms, each_term, name_columns};
use super::file::Writer;
use super::packed::push_record;
use super::surnames::resolve_surnames;
use super::{Imprint, NONE, TablesError, all_ids, key};
use crate::entity::EntityKind;
use crate::entity::identity::Identities;
use crate::entity::people_file::PeopleFile;
use crate::index::Fields;
use crate::search::copies::Groups;
use crate::search::suggest;
use crate::search::timeline::{Dated, DayCounts};

/// Makes the bytes.
pub(super) struct Builder<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    columns: Vec<[Option<StrColumn>; 3]>,
    identities: Identities,
    /// Number of each name, by segment, kind and ordinal.
    ordinals: Vec<[Vec<u32>; 3]>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(searcher: &'a Searcher, fields: &'a Fields) -> Result<Self, TablesError> {
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

    pub(super) fn finish(self) -> Result<Vec<u8>, TablesError> {
        let mut articles = vec![0u32; all_ids(&self.identities).len()];
        let readers = self.searcher.segment_readers();
        let sources = Values::read(self.searcher, self.fields.source)?;
        let sections = Values::read(self.searcher, self.fields.section)?;
        let languages = Values::read(self.searcher, self.fields.language)?;
        let mut imprints: BTreeMap<Imprint, u32> = BTreeMap::new();
        let mut days = Vec::new();
        let mut segments = Vec::new();
        for (ordinal, reader) in readers.iter().enumerate() {
            let dates = Dates::read(reader, self.searcher, self.fields)?;
            let mut parts = SegmentParts::default();
            for doc in 0..reader.max_doc() {
                let value = |values: &Values| values.number(ordinal, doc);
                let imprint = Imprint {
                    source: value(&sources),
                    section: value(&sections),
                    language: value(&languages),
                };
                imprints.insert(imprint, 0);
                let date = dates.of(doc);
                parts.cards.push((date, imprint));
                if !reader.is_deleted(doc) {
                    days.push(date);
                    let begin = parts.numbers.len();
                    self.identities_of(ordinal, doc, &mut parts.numbers);
                    for number in parts.numbers.get(begin..).unwrap_or_default() {
                        if let Some(articles) = articles.get_mut(*number as usize) {
                            *articles += 1;
                        }
                    }
                }
                parts.ends.push(parts.numbers.len() as u32);
            }
            segments.push(parts);
        }
        for (number, at) in (0..).zip(imprints.values_mut()) {
            *at = number;
        }
        resolve_surnames(&self.identities, &mut segments, &mut articles);
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
        let of_imprint =
            |imprint: &Imprint| [imprint.source, imprint.section, imprint.language];
        out.numbers(&imprints.keys().flat_map(of_imprint).collect::<Vec<u32>>());
        out.numbers(&DayCounts::of(&days).to_numbers());
        out.number(readers.len() as u64);
        out.end_head();
        let (rows, group_of) = groups.parts();
        for row in rows {
            out.row(row);
        }
        let segments = segments.into_iter().zip(group_of);
        for ((parts, group_of), ordinals) in segments.zip(&self.ordinals) {
            out.row(group_of);
            let (mut records, mut ends) = (Vec::new(), Vec::with_capacity(parts.ends.len()));
            for (doc, (date, imprint)) in (0..).zip(&parts.cards) {
                let imprint = imprints.get(imprint).copied().unwrap_or(NONE);
                push_record(*date, imprint, parts.numbers(doc), &mut records);
                ends.push(records.len() as u32);
            }
            out.part(&records);
            out.numbers(&ends);
            for of_kind in ordinals {
                out.numbers(of_kind);
            }
        }
        Ok(out.finish())
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

/// What is known of a segment's articles while it is worked out.
#[derive(Default)]
pub(super) struct SegmentParts {
    /// When and in what each was published.
    pub(super) cards: Vec<(Dated, Imprint)>,
    /// Where the numbers of each end.
    ends: Vec<u32>,
    /// The identities that they name.
    numbers: Vec<u32>,
}

impl SegmentParts {
    fn range(&self, doc: DocId) -> std::ops::Range<usize> {
        let end = |at: u32| self.ends.get(at as usize).map_or(0, |end| *end as usize);
        doc.checked_sub(1).map_or(0, end)..end(doc)
    }

    /// The identities that an article names, rising.
    pub(super) fn numbers(&self, doc: DocId) -> &[u32] {
        self.numbers.get(self.range(doc)).unwrap_or_default()
    }

    /// The same, to be changed.
    pub(super) fn numbers_mut(&mut self, doc: DocId) -> &mut [u32] {
        let range = self.range(doc);
        self.numbers.get_mut(range).unwrap_or_default()
    }
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
