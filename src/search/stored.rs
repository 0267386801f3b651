//! Reading articles back from the index.

use tantivy::schema::Value as _;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::index::{Fields, Stored};

/// The stored article at an address; none where it cannot be read, or where there is none: an
/// address may come from damaged tables.
///
/// # Errors
///
/// What the disk says.
pub(super) fn stored(
    searcher: &Searcher,
    fields: &Fields,
    at: DocAddress,
) -> tantivy::Result<Option<Stored>> {
    let segment = searcher.segment_readers().get(at.segment_ord as usize);
    if segment.is_none_or(|segment| at.doc_id >= segment.max_doc()) {
        return Ok(None);
    }
    let document: TantivyDocument = searcher.doc(at)?;
    let bytes = document.get_first(fields.stored).and_then(|value| value.as_bytes());
    Ok(bytes.and_then(|bytes| postcard::from_bytes(bytes).ok()))
}
