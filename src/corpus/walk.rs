//! The walk over an archive's folder: which files there are, and what the file system says of them.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, IntoIter, WalkDir};

use super::name::{archive_name, is_user_file};
use super::{CorpusError, name};

/// An archive: a folder of files.
#[derive(Clone, Debug)]
pub struct Corpus {
    root: PathBuf,
    left_out: Vec<PathBuf>,
}

/// A file of the archive, as the file system describes it. Times are nanoseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Name relative to the root, with `/` between the parts.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// When its content was last written.
    pub modified: i64,
    /// When its content or its entry last changed; nobody can set it back. 0 where the system
    /// has no such time.
    pub changed: i64,
    /// Number of the file in its file system; 0 where there is none.
    pub inode: u64,
}

/// Something that the walk passed by, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Name relative to the root.
    pub path: String,
    /// Why, in words for a person.
    pub reason: String,
    /// Whether it should have been read: a folder without permission is a failure, a symbolic link
    /// is left out on purpose.
    pub failed: bool,
}

impl Corpus {
    /// The archive in the folder `root`.
    ///
    /// # Errors
    /// Where there is no such folder, or it may not be listed.
    pub fn open(root: &Path) -> Result<Self, CorpusError> {
        let error = |source| CorpusError::from_io(root.to_owned(), source);
        if !fs::metadata(root).map_err(error)?.is_dir() {
            return Err(CorpusError::NotAFolder(root.to_owned()));
        }
        fs::read_dir(root).map_err(error)?;
        Ok(Self { root: root.to_owned(), left_out: Vec::new() })
    }

    /// The same archive without the folder `path`: an index kept inside the archive.
    #[must_use]
    pub fn without(mut self, path: &Path) -> Self {
        self.left_out.push(path.to_owned());
        self
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file that an archive name stands for.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        name::file_path(&self.root, name)
    }

    /// Walks over all files below the root, in the order of the file system.
    ///
    /// Hidden files and folders are left out, the user's own files at the root too. Symbolic links
    /// are not followed, so that nothing is read twice and no loop is walked; they are told.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        let entries = WalkDir::new(&self.root).min_depth(1).into_iter();
        Walk { corpus: self, entries, folder: Folder::default() }
    }
}

/// The files of an archive, one by one; what is passed by is an `Err`, and no end.
#[derive(Debug)]
pub struct Walk<'a> {
    corpus: &'a Corpus,
    entries: IntoIter,
    /// The folder of the entry met last.
    folder: Folder,
}

impl Iterator for Walk<'_> {
    type Item = Result<Found, Passed>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = match self.entries.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(Err(self.failed(&error))),
            };
            let is_folder = entry.file_type().is_dir();
            if self.is_left_out(&entry) {
                if is_folder {
                    self.entries.skip_current_dir();
                }
                continue;
            }
            if !is_folder {
                self.folder.enter(&self.corpus.root, &entry);
                return Some(self.found(&entry));
            }
        }
    }
}

impl Walk<'_> {
    fn is_left_out(&self, entry: &DirEntry) -> bool {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(b".")
            || (entry.depth() == 1 && name.to_str().is_some_and(is_user_file))
            || (entry.file_type().is_dir()
                && self.corpus.left_out.iter().any(|path| path == entry.path()))
    }

    fn found(&self, entry: &DirEntry) -> Result<Found, Passed> {
        let path = self.folder.archive_name(&self.corpus.root, entry);
        let file_type = entry.file_type();
        if file_type.is_symlink() {
            let reason = "symbolic link, not followed".to_owned();
            return Err(Passed { path, reason, failed: false });
        }
        if !file_type.is_file() {
            let reason = "not a regular file".to_owned();
            return Err(Passed { path, reason, failed: false });
        }
        self.folder.describe(entry, path).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &walkdir::Error) -> Passed {
        let path = error.path().map(|path| archive_name(&self.corpus.root, path).0);
        let reason = match error.io_error() {
            Some(source) => source.to_string(),
            None => error.to_string(),
        };
        Passed { path: path.unwrap_or_default(), reason, failed: true }
    }
}

/// The folder that the walk is in, known well, so that a file in it costs little: of a hundred
/// thousand files that did not change, nothing else is asked.
#[derive(Debug, Default)]
struct Folder {
    /// Its path up to the names of its files.
    path: Vec<u8>,
    /// Archive name up to the names of its files.
    name: String,
    /// The folder, open. Names in it are resolved from here and not from the root of the system.
    #[cfg(target_os = "linux")]
    open: Option<rustix::fd::OwnedFd>,
}

impl Folder {
    fn enter(&mut self, root: &Path, entry: &DirEntry) {
        let path = entry.path().as_os_str().as_encoded_bytes();
        let length = path.len().saturating_sub(entry.file_name().len());
        let path = path.get(..length).unwrap_or_default();
        if self.path == path {
            return;
        }
        let folder = entry.path().parent().unwrap_or(root);
        self.path = path.to_vec();
        self.name = archive_name(root, folder).0;
        if !self.name.is_empty() {
            self.name.push('/');
        }
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, Mode, OFlags, openat};
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.open = openat(CWD, folder, flags, Mode::empty()).ok();
        }
    }

    fn archive_name(&self, root: &Path, entry: &DirEntry) -> String {
        match entry.file_name().to_str() {
            Some(name) => [self.name.as_str(), name].concat(),
            None => archive_name(root, entry.path()).0,
        }
    }

    fn describe(&self, entry: &DirEntry, path: String) -> Result<Found, walkdir::Error> {
        #[cfg(target_os = "linux")]
        if let Some(stat) = self.open.as_ref().and_then(|folder| {
            use rustix::fs::{AtFlags, statat};
            statat(folder, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW).ok()
        }) {
            return Ok(Found {
                path,
                size: u64::try_from(stat.st_size).unwrap_or_default(),
                modified: nanoseconds(stat.st_mtime, stat.st_mtime_nsec as i64),
                changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec as i64),
                inode: stat.st_ino,
            });
        }
        entry.metadata().map(|metadata| describe(path, &metadata))
    }
}

#[cfg(unix)]
fn describe(path: String, metadata: &fs::Metadata) -> Found {
    use std::os::unix::fs::MetadataExt;
    Found {
        path,
        size: metadata.size(),
        modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    }
}

#[cfg(not(unix))]
fn describe(path: String, metadata: &fs::Metadata) -> Found {
    let since_1970 = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|duration| i64::try_from(duration.as_nanos()).ok());
    let modified = since_1970.unwrap_or_default();
    Found { path, size: metadata.len(), modified, changed: 0, inode: 0 }
}

#[cfg(unix)]
fn nanoseconds(seconds: i64, part: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_finds_the_files_and_tells_what_it_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["a.txt", "people.toml", ".hidden", "asia/b.txt", "asia/people.toml"] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        fs::create_dir_all(root.join(".newshound")).unwrap();
        fs::write(root.join(".newshound/c.txt"), "c").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("asia/loop")).unwrap();

        let corpus = Corpus::open(root).unwrap();
        let (mut files, mut passed) = (Vec::new(), Vec::new());
        for entry in corpus.walk() {
            match entry {
                Ok(found) => files.push((found.path, found.size)),
                Err(other) => passed.push((other.path, other.failed)),
            }
        }
        files.sort();
        let expected = [("a.txt", 5), ("asia/b.txt", 10), ("asia/people.toml", 16)];
        assert_eq!(files, expected.map(|(name, size)| (name.to_owned(), size)));
        assert_eq!(passed, [("asia/loop".to_owned(), false)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_unicode_leads_back_to_its_file() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let odd = std::ffi::OsStr::from_bytes(b"caf\xe9 100%.txt");
        fs::write(folder.path().join(odd), "text").unwrap();
        let corpus = Corpus::open(folder.path()).unwrap();
        let found = corpus.walk().next().unwrap().unwrap();
        assert_eq!(found.path, "caf%E9 100%.txt");
        assert_eq!(fs::metadata(corpus.file(&found.path)).unwrap().len(), 4);
    }

    #[test]
    fn a_folder_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(matches!(Corpus::open(&file), Err(CorpusError::NotAFolder(_))));
        let missing = folder.path().join("missing");
        assert!(matches!(Corpus::open(&missing), Err(CorpusError::Missing(_))));
    }
}
