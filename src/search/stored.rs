//! Reading articles back from the index.

use tantivy::schema::Value as _;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::index::{Fields, Stored};

/// The stored article at an address; none where it cannot be read.
///
/// # Errors
///
/// What the disk says.
pub(super) fn stored(
    searcher: &Searcher,
    fields: &Fields,
    at: DocAddress,
) -> tantivy::Result<Option<Stored>> {
    let document: TantivyDocument = searcher.doc(at)?;
    let bytes = document.get_first(fields.stored).and_then(|value| value.as_bytes());
    Ok(bytes.and_then(|bytes| postcard::from_bytes(bytes).ok()))
}
