//! gzip: one file, compressed. Nothing of it shows but the shorter name.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::container::{Each, Opening};
use super::{CorpusError, Member};

/// A small file may not unpack to more than this many times its size, once it is beyond
/// [`ALWAYS_ALLOWED`]: text shrinks to a third or a tenth, a bomb to a thousandth.
const MOST_EXPANSION: u64 = 200;
const ALWAYS_ALLOWED: u64 = 32 << 20;

pub(super) fn open(opening: Opening<'_>, each: Each<'_>) -> Result<(), CorpusError> {
    let Opening { file, name, bytes, limits, unpacked } = opening;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let limit = limits.bytes.min(size.saturating_mul(MOST_EXPANSION).max(ALWAYS_ALLOWED));
    unpacked.clear();
    let outcome =
        MultiGzDecoder::new(bytes).take(limit.saturating_add(1)).read_to_end(unpacked);
    if u64::try_from(unpacked.len()).unwrap_or(u64::MAX) > limit {
        unpacked.clear();
        return Err(CorpusError::UnpacksTooLarge { path: file.to_owned(), limit });
    }
    let mut problems = Vec::new();
    if let Err(source) = outcome {
        if unpacked.is_empty() {
            return Err(CorpusError::Damaged { path: file.to_owned(), source });
        }
        problems.push(format!("the compressed file is cut off or damaged ({source})"));
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let inner_name = if extension.eq_ignore_ascii_case("gz") { stem } else { name };
    each(Member { name: inner_name, bytes: unpacked, problems, ..Member::default() });
    Ok(())
}
