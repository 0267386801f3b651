//! The files of an archive: a walk over a folder, and the only place that reads what is in it.
//!
//! This module knows bytes and names, nothing of articles.

mod container;
mod gzip;
mod name;
mod read;
mod walk;

pub use name::{file_path, is_user_file};
pub use read::{Limits, Member, Raw, Reader};
pub use walk::{Corpus, Found, Passed, Walk};

use std::io;
use std::path::PathBuf;

/// Why a folder or a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// There is nothing at this path.
    #[error("{} does not exist", .0.display())]
    Missing(PathBuf),
    /// A folder was wanted.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The operating system refused.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Larger than [`Limits::bytes`].
    #[error(
        "{} is larger than {} MiB, the most that is read of one file (see --max-file-size)",
        path.display(), limit >> 20
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// A compressed file that unpacks to more than [`Limits::bytes`], or to far more than its size.
    #[error(
        "{} unpacks to more than {} MiB, the most that is read of one file (see --max-file-size)",
        path.display(), limit >> 20
    )]
    UnpacksTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes that applied.
        limit: u64,
    },
    /// A compressed file that does not unpack at all.
    #[error("{} is damaged: it does not unpack", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        source: io::Error,
    },
}

impl CorpusError {
    pub(super) fn from_io(path: PathBuf, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::NotFound {
            return Self::Missing(path);
        }
        Self::Unreadable { path, source }
    }
}
