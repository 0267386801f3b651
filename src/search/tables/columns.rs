//! The engine's columns of short values, read for a whole archive.

use std::collections::BTreeMap;

use tantivy::columnar::StrColumn;
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentReader};

use super::{NONE, Value};
use crate::entity::EntityKind;
use crate::index::Fields;
use crate::search::timeline::{Dated, Resolution};

fn column(
    reader: &SegmentReader,
    searcher: &Searcher,
    field: Field,
) -> tantivy::Result<Option<StrColumn>> {
    reader.fast_fields().str(searcher.schema().get_field_name(field))
}

pub(super) fn name_columns(
    reader: &SegmentReader,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<[Option<StrColumn>; 3]> {
    let of = |kind| column(reader, searcher, fields.names(kind));
    let [person, organisation, place] = EntityKind::ALL;
    Ok([of(person)?, of(organisation)?, of(place)?])
}

/// Gives each term of a column's dictionary, in the order of the ordinals.
pub(super) fn each_term(column: &StrColumn, mut each: impl FnMut(&str)) -> tantivy::Result<()> {
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        each(std::str::from_utf8(terms.key()).unwrap_or_default());
    }
    Ok(())
}

/// In how many live articles each term of a column occurs.
pub(super) fn count_terms(reader: &SegmentReader, column: &StrColumn) -> Vec<u32> {
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

/// The values of a field of short values with the live articles that have each, sorted.
///
/// # Errors
///
/// What the disk says.
pub(in crate::search) fn value_counts(
    searcher: &Searcher,
    field: Field,
) -> tantivy::Result<Vec<Value>> {
    Ok(Values::read(searcher, field)?.values)
}

/// The values of a field of short values, numbered over all segments.
pub(super) struct Values {
    /// Those that only deleted articles have are among them, with no article.
    pub(super) values: Vec<Value>,
    /// For each segment the column and the number of each of its terms.
    segments: Vec<Option<(StrColumn, Vec<u32>)>>,
}

impl Values {
    pub(super) fn read(searcher: &Searcher, field: Field) -> tantivy::Result<Self> {
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

    pub(super) fn number(&self, segment: usize, doc: DocId) -> u32 {
        let Some(Some((column, numbers))) = self.segments.get(segment) else { return NONE };
        let term = column.term_ords(doc).next();
        term.and_then(|term| numbers.get(term as usize).copied()).unwrap_or(NONE)
    }
}

/// The columns of dates of a segment.
pub(super) struct Dates {
    first: tantivy::columnar::Column<i64>,
    last: tantivy::columnar::Column<i64>,
}

impl Dates {
    pub(super) fn read(
        reader: &SegmentReader,
        searcher: &Searcher,
        fields: &Fields,
    ) -> tantivy::Result<Self> {
        let of = |field| reader.fast_fields().i64(searcher.schema().get_field_name(field));
        Ok(Self { first: of(fields.date)?, last: of(fields.date_last)? })
    }

    pub(super) fn of(&self, doc: DocId) -> Dated {
        let (first, last) = (self.first.first(doc)?, self.last.first(doc)?);
        let resolution = match last - first {
            ..=0 => Resolution::Day,
            1..=31 => Resolution::Month,
            _ => Resolution::Year,
        };
        Some((first as i32, resolution))
    }
}
