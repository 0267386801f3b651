//! Where an archive and its index are.

use std::path::{Path, PathBuf};

/// Name of the folder of newshound's own files in an archive's root.
pub const OWN_FOLDER: &str = ".newshound";

/// Name of the user's file of merges, renames and bans of names.
pub const PEOPLE_FILE: &str = "people.toml";

/// Name of the user's file of saved searches.
pub const SAVED_FILE: &str = "saved-searches.toml";

/// An archive's place on disk.
///
/// `folder` holds `engine/` (the index, made anew by a rebuild) and beside it the user's own files
/// (`people.toml`, `saved-searches.toml`), which survive everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The archive's root; `None` where only the index was named: then the index knows.
    pub root: Option<PathBuf>,
    /// The folder of newshound's own files.
    pub folder: PathBuf,
}

/// There is no index where one was looked for.
#[derive(Debug, thiserror::Error)]
#[error("no index in `{}` or in a folder above it", .0.display())]
pub struct NoIndex(pub PathBuf);

impl Location {
    /// The archive of a named folder, whether it has an index yet or not.
    #[must_use]
    pub fn of(root: &Path, index: Option<&Path>) -> Self {
        let folder = index.map_or_else(|| root.join(OWN_FOLDER), Path::to_path_buf);
        Self { root: Some(root.to_path_buf()), folder }
    }

    /// The archive that a command means: the folder it names, else the index it names, else the
    /// nearest one at or above `here`.
    ///
    /// # Errors
    ///
    /// [`NoIndex`] where nothing is named and no folder from `here` up holds an index.
    pub fn find(
        root: Option<&Path>,
        index: Option<&Path>,
        here: &Path,
    ) -> Result<Self, NoIndex> {
        match (root, index) {
            (Some(root), _) => Ok(Self::of(root, index)),
            (None, Some(index)) => Ok(Self { root: None, folder: index.to_path_buf() }),
            (None, None) => here
                .ancestors()
                .find(|folder| folder.join(OWN_FOLDER).join("engine").is_dir())
                .map(|root| Self::of(root, None))
                .ok_or_else(|| NoIndex(here.to_path_buf())),
        }
    }

    /// The engine's folder.
    #[must_use]
    pub fn engine(&self) -> PathBuf {
        self.folder.join("engine")
    }

    /// The user's merges, renames and bans.
    #[must_use]
    pub fn people_file(&self) -> PathBuf {
        self.folder.join(PEOPLE_FILE)
    }

    /// The user's saved searches.
    #[must_use]
    pub fn saved_file(&self) -> PathBuf {
        self.folder.join(SAVED_FILE)
    }
}
