//! The articles that facets count for somebody, as a query.
//!
//! Who is meant by a bare surname stands in the tables and not in the index; the postings of a
//! person's names give the articles that come into question, the tables say which of them count.

use std::sync::Arc;

use hashbrown::HashMap;
use tantivy::index::SegmentId;
use tantivy::query::{
    BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    BitSet, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::tables::Tables;

/// Articles by segment; worth nothing, a filter.
#[derive(Clone, Debug)]
pub(super) struct CountedQuery(Arc<HashMap<SegmentId, BitSet>>);

impl CountedQuery {
    /// The articles among those with one of `terms` that the tables count for `number`.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn new<'a>(
        searcher: &Searcher,
        tables: &Tables,
        field: Field,
        terms: impl Iterator<Item = &'a str> + Clone,
        number: u32,
    ) -> tantivy::Result<Self> {
        let mut articles = HashMap::new();
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let counted = tables.segment(ordinal);
            let mut found = BitSet::with_max_value(segment.max_doc());
            let index = segment.inverted_index(field)?;
            for term in terms.clone() {
                let term = Term::from_field_text(field, term);
                let Some(mut postings) =
                    index.read_postings(&term, IndexRecordOption::Basic)?
                else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if counted.names(doc, number) {
                        found.insert(doc);
                    }
                    doc = postings.advance();
                }
            }
            articles.insert(segment.segment_id(), found);
        }
        Ok(Self(Arc::new(articles)))
    }
}

impl Query for CountedQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for CountedQuery {
    fn scorer(
        &self,
        segment: &SegmentReader,
        _boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(articles) = self.0.get(&segment.segment_id()) else {
            return Ok(Box::new(EmptyScorer));
        };
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(articles.clone()), 0.0)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(segment, 1.0)?.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new("counted by the tables", 0.0))
    }
}
