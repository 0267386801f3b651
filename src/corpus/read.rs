//! Reading one file of an archive, and opening it where it is a container.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads archive files"
)]

use std::fs::File;
use std::io::Read;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use super::CorpusError;
use super::container::{Opening, recognise};

/// The most that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, packed and unpacked.
    pub bytes: u64,
}

impl Default for Limits {
    /// 1 GiB.
    fn default() -> Self {
        Self { bytes: 1 << 30 }
    }
}

/// One text to be read: a file, or a member of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member<'a> {
    /// The name by which its format is recognised: without `.gz`.
    pub name: &'a str,
    /// Its name inside a container that holds several.
    pub member: Option<&'a str>,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Its media type, where the container states it.
    pub media_type: Option<&'a str>,
    /// Its character encoding, where the container states it.
    pub charset: Option<&'a str>,
    /// Its address on the web, where the container states it.
    pub url: Option<&'a str>,
    /// What was wrong with the container.
    pub problems: Vec<String>,
}

/// What identifies the content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Size in bytes, as read.
    pub size: u64,
    /// XXH3 of the bytes, 128 bits.
    pub hash: u128,
}

/// Reads files, one after the other, into the same memory. One per thread.
#[derive(Debug, Default)]
pub struct Reader {
    limits: Limits,
    bytes: Vec<u8>,
    unpacked: Vec<u8>,
}

/// Memory kept from file to file; what one large file needed is given back.
const KEPT_BYTES: usize = 4 << 20;

impl Reader {
    /// A reader with these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// [`Reader::load`] and [`Reader::members`] in one.
    ///
    /// # Errors
    /// Those of both.
    pub fn read(
        &mut self,
        file: &Path,
        name: &str,
        each: &mut dyn FnMut(Member<'_>),
    ) -> Result<Raw, CorpusError> {
        let raw = self.load(file)?;
        self.members(file, name, each)?;
        Ok(raw)
    }

    /// Reads the bytes of `file`; [`Reader::members`] then hands over what is in them.
    ///
    /// # Errors
    /// Where the file cannot be read, or is larger than the limits.
    pub fn load(&mut self, file: &Path) -> Result<Raw, CorpusError> {
        let error = |source| CorpusError::from_io(file.to_owned(), source);
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES);
        self.unpacked.shrink_to(KEPT_BYTES);
        let mut source =
            File::open(file).map_err(error)?.take(self.limits.bytes.saturating_add(1));
        source.read_to_end(&mut self.bytes).map_err(error)?;
        let size = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        if size > self.limits.bytes {
            return Err(CorpusError::TooLarge {
                path: file.to_owned(),
                limit: self.limits.bytes,
            });
        }
        Ok(Raw { size, hash: xxh3_128(&self.bytes) })
    }

    /// Hands over what is in the bytes of `file`, loaded last, which goes by `name` in the archive:
    /// the file itself, or the members of a container.
    ///
    /// # Errors
    /// Where the file is a container that does not unpack, or unpacks to more than the limits.
    pub fn members(
        &mut self,
        file: &Path,
        name: &str,
        each: &mut dyn FnMut(Member<'_>),
    ) -> Result<(), CorpusError> {
        match recognise(&self.bytes) {
            None => {
                each(Member { name, bytes: &self.bytes, ..Member::default() });
                Ok(())
            }
            Some(container) => {
                let opening = Opening {
                    file,
                    name,
                    bytes: &self.bytes,
                    limits: self.limits,
                    unpacked: &mut self.unpacked,
                };
                (container.open)(opening, each)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(limits: Limits, bytes: &[u8]) -> Result<(String, Vec<u8>, usize), CorpusError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.html.gz");
        std::fs::write(&file, bytes).unwrap();
        let mut seen = None;
        Reader::new(limits).read(&file, "a.html.gz", &mut |member| {
            seen = Some((member.name.to_owned(), member.bytes.to_vec(), member.problems.len()));
        })?;
        Ok(seen.unwrap())
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_gzip_file_is_read_as_what_is_in_it() {
        let page = b"<html>".repeat(50);
        let whole = packed(&page);
        let inner = ("a.html".to_owned(), page.clone(), 0);
        assert_eq!(read(Limits::default(), &whole).unwrap(), inner);
        let cut = read(Limits::default(), &whole[..whole.len() - 9]).unwrap();
        assert_eq!((cut.1.is_empty(), cut.2), (false, 1));
        let broken = read(Limits::default(), &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]);
        assert!(matches!(broken, Err(CorpusError::Damaged { .. })));
    }

    #[test]
    fn limits_hold_before_and_after_unpacking() {
        let limits = Limits { bytes: 1000 };
        let large = read(limits, &[b'x'; 1001]);
        assert!(matches!(large, Err(CorpusError::TooLarge { limit: 1000, .. })));
        let bomb = read(limits, &packed(&vec![b'x'; 100_000]));
        assert!(matches!(bomb, Err(CorpusError::UnpacksTooLarge { .. })));
        let zeros = read(Limits::default(), &packed(&vec![0; 64 << 20]));
        assert!(matches!(zeros, Err(CorpusError::UnpacksTooLarge { .. })));
    }
}
