//! The one place with field names, and what each field holds.

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};

use super::analysis;
use crate::entity::EntityKind;

/// Raised whenever schema, analysis or the stored form of an article changes its meaning: an
/// index of another version must be rebuilt.
pub const INDEX_VERSION: u32 = 1;

/// Words of the body that count as the lead, for `lead:`, `LEAD(…)` and ranking. Newspaper
/// databases count the headline and about the first two paragraphs.
pub const LEAD_WORDS: u32 = 60;

/// Positions of the `entities` field are text positions times eight plus the mention's length in
/// words (1 to 7): one posting says where a name begins and how far it reaches.
pub const SPAN_BITS: u32 = 3;

/// Where the body begins in the positions of the `entities` field; the headline comes before.
pub const BODY_BASE: u32 = 1 << 9;

/// Term of the `entities` field that stands at the first word of each sentence of the body.
pub const SENTENCE_MARK: &str = "S";
/// Term of the `entities` field that stands at the first word of each paragraph of the body.
pub const PARAGRAPH_MARK: &str = "G";

/// First letter of an entity's term in the `entities` field; alone it is the mark of any mention
/// of its kind.
#[must_use]
pub fn entity_prefix(kind: EntityKind) -> char {
    match kind {
        EntityKind::Person => 'P',
        EntityKind::Organisation => 'O',
        EntityKind::Place => 'L',
    }
}

/// Typed handles to every field.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The article's identifier.
    pub id: Field,
    /// Key of the file that the article comes from.
    pub file: Field,
    /// Terms of the headline, with positions.
    pub title: Field,
    /// Terms of the body, with positions.
    pub body: Field,
    /// Names of entities at their mentions, and the marks of sentences and paragraphs.
    pub entities: Field,
    /// Names of people, as the article establishes them (a column).
    pub person: Field,
    /// Names of organisations (a column).
    pub organisation: Field,
    /// Names of places (a column).
    pub place: Field,
    /// First day that the date may stand for, in days since 1970-01-01.
    pub date: Field,
    /// Last day that the date may stand for.
    pub date_last: Field,
    /// Newspaper, agency or site.
    pub source: Field,
    /// Section.
    pub section: Field,
    /// Authors.
    pub byline: Field,
    /// Language, ISO 639-1.
    pub language: Field,
    /// Format it was read from.
    pub format: Field,
    /// Words of the body.
    pub words: Field,
    /// Fingerprint of the text, for finding copies.
    pub fingerprint: Field,
    /// The article itself and its entities, see [`super::Stored`].
    pub stored: Field,
}

impl Fields {
    /// The column of the names of a kind.
    #[must_use]
    pub fn names(&self, kind: EntityKind) -> Field {
        match kind {
            EntityKind::Person => self.person,
            EntityKind::Organisation => self.organisation,
            EntityKind::Place => self.place,
        }
    }
}

impl Fields {
    /// A column of signed numbers.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn i64_column(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<Column<i64>> {
        segment.fast_fields().i64(segment.schema().get_field_name(field))
    }

    /// A column of numbers.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn u64_column(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<Column<u64>> {
        segment.fast_fields().u64(segment.schema().get_field_name(field))
    }

    /// A column of texts; `None` where no article of the segment has one.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn text_column(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<Option<StrColumn>> {
        segment.fast_fields().str(segment.schema().get_field_name(field))
    }
}

fn indexed(analyzer: &str, record: IndexRecordOption, fieldnorms: bool) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(analyzer)
            .set_index_option(record)
            .set_fieldnorms(fieldnorms),
    )
}

/// The schema and its handles.
#[must_use]
pub(super) fn schema() -> (Schema, Fields) {
    use IndexRecordOption::{Basic, WithFreqsAndPositions};
    let mut builder = Schema::builder();
    let column = || TextOptions::default().set_fast(analysis::WHOLE);
    let value = || indexed(analysis::WHOLE, Basic, false).set_fast(analysis::WHOLE);
    let phrase = || indexed(analysis::PLAIN, WithFreqsAndPositions, false);
    let terms = || indexed(analysis::TERMS, WithFreqsAndPositions, true);
    let number = || NumericOptions::default().set_fast();
    let fields = Fields {
        id: builder.add_text_field("id", indexed(analysis::WHOLE, Basic, false)),
        file: builder.add_u64_field("file", NumericOptions::default().set_indexed()),
        title: builder.add_text_field("title", terms()),
        body: builder.add_text_field("body", terms()),
        entities: builder.add_text_field(
            "entities",
            indexed(analysis::PLACED, WithFreqsAndPositions, false),
        ),
        person: builder.add_text_field("person", column()),
        organisation: builder.add_text_field("organisation", column()),
        place: builder.add_text_field("place", column()),
        date: builder.add_i64_field("date", number()),
        date_last: builder.add_i64_field("date_last", number()),
        source: builder.add_text_field("source", phrase().set_fast(analysis::WHOLE)),
        section: builder.add_text_field("section", phrase().set_fast(analysis::WHOLE)),
        byline: builder.add_text_field("byline", phrase()),
        language: builder.add_text_field("language", value()),
        format: builder.add_text_field("format", value()),
        words: builder.add_u64_field("words", number()),
        fingerprint: builder.add_u64_field("fingerprint", number()),
        stored: builder.add_bytes_field("stored", STORED),
    };
    (builder.build(), fields)
}
