//! Which archive a command means, and opening it.

use std::path::{Path, PathBuf};

use super::args::ArchiveArgs;
use super::environment;
use super::failure::Failure;
use crate::corpus::CorpusError;
use crate::index::Location;
use crate::search::Archive;

/// The archive that the arguments mean.
pub(super) fn locate(args: &ArchiveArgs) -> Result<Location, Failure> {
    let root = args.root.as_deref().map(environment::absolute);
    if let Some(root) = &root
        && !root.exists()
    {
        return Err(CorpusError::Missing(named(args.root.as_deref())).into());
    }
    let index = index_folder(args.index.as_deref());
    Ok(Location::find(root.as_deref(), index.as_deref(), &environment::here()?)?)
}

/// The archive of a folder that is to be indexed; without a name, the one that the current folder
/// belongs to.
pub(super) fn locate_for_writing(
    folder: Option<&Path>,
    index: Option<&Path>,
) -> Result<Location, Failure> {
    let index = index_folder(index);
    if let Some(folder) = folder {
        Ok(Location::of(&environment::absolute(folder), index.as_deref()))
    } else {
        let here = environment::here()?;
        let found = Location::find(None, None, &here).map_err(|error| {
            Failure::new(error.to_string())
                .hint("name the folder of the articles: `newshound index FOLDER`")
        });
        match index {
            Some(folder) => Ok(Location { root: found.ok().and_then(|l| l.root), folder }),
            None => found,
        }
    }
}

/// Opens the archive that the arguments mean.
pub(super) fn open(args: &ArchiveArgs) -> Result<Archive, Failure> {
    Ok(Archive::open(&locate(args)?)?)
}

/// The index that is named; an empty name (of the environment) is none.
fn index_folder(path: Option<&Path>) -> Option<PathBuf> {
    path.filter(|path| !path.as_os_str().is_empty()).map(environment::absolute)
}

fn named(path: Option<&Path>) -> PathBuf {
    path.map(Path::to_path_buf).unwrap_or_default()
}
