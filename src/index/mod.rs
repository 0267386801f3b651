//! The index: schema, analysis, writing, and the record of what was read.
//!
//! This module knows neither formats nor queries.

mod analysis;
mod directory;
mod document;
mod location;
mod record;
mod schema;

use std::io;
use std::path::{Path, PathBuf};

use directory::Folder;
use serde::{Deserialize, Serialize};
use tantivy::directory::error::OpenReadError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::store::Compressor;
use tantivy::{
    IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
};

pub use analysis::whole_value;
pub use directory::write_own_file;
pub use document::{
    DocumentBuilder, Lexed, Origin, Stored, StoredEntity, StoredMention, article_id,
};
pub use location::{Location, NoIndex, OWN_FOLDER, PEOPLE_FILE, SAVED_FILE};
pub use record::{
    FileFacts, FileProblem, ProblemKind, Record, RecordError, RecordMark, Standing, Stat,
};
pub use schema::{
    BODY_BASE, Fields, INDEX_VERSION, LEAD_WORDS, PARAGRAPH_MARK, SENTENCE_MARK, SPAN_BITS,
    entity_prefix,
};

/// Memory of an indexing thread before it writes a segment, in bytes: large enough that a hundred
/// thousand articles make one or two segments, so that little is merged.
const WRITER_MEMORY: usize = 384 << 20;

/// The index cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("no index in `{}`", .0.display())]
    Missing(PathBuf),
    /// It was written by another version.
    #[error("the index in `{}` was written by another version of newshound", .0.display())]
    Incompatible(PathBuf),
    /// Another process is writing.
    #[error("another process is writing to the index in `{}`", .0.display())]
    Locked(PathBuf),
    /// The file system says no.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An indexing thread has failed; the engine does not say of what, and it is most often a
    /// full disk.
    #[error("writing to the index in `{}` failed", .0.display())]
    Writing(PathBuf),
    /// The record is damaged.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The engine says no.
    #[error("the index in `{}` failed", folder.display())]
    Engine {
        /// The index.
        folder: PathBuf,
        /// Why.
        source: Box<TantivyError>,
    },
}

/// What every commit says beside its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    version: u32,
    record: RecordMark,
    /// The archive's root when the index was last written.
    root: PathBuf,
}

/// Reads a file of newshound's own folder, such as the user's rulings on names.
///
/// # Errors
///
/// What the disk says.
#[expect(clippy::disallowed_methods, reason = "files of the index's own folder are read here")]
pub fn read_own_file(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// Key of a file: all its articles are deleted by it.
#[must_use]
pub fn file_key(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(path.as_bytes())
}

/// An open index.
pub struct Index {
    location: Location,
    engine: tantivy::Index,
    fields: Fields,
}

impl Index {
    /// Opens the index of an archive.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`], [`IndexError::Incompatible`], or what the disk says.
    pub fn open(location: &Location) -> Result<Self, IndexError> {
        let folder = location.engine();
        if !folder.join("meta.json").is_file() {
            return Err(IndexError::Missing(location.folder.clone()));
        }
        let engine_error = |source| engine_error(&location.folder, source);
        let directory = Folder::open(&folder).map_err(|error| engine_error(error.into()))?;
        let mut engine = tantivy::Index::open(directory).map_err(engine_error)?;
        engine.set_tokenizers(analysis::analyzers());
        let (schema, fields) = schema::schema();
        let mut index = Self { location: location.clone(), engine, fields };
        let payload = index.payload()?;
        if index.engine.schema() != schema || payload.version != INDEX_VERSION {
            return Err(IndexError::Incompatible(location.folder.clone()));
        }
        if index.location.root.is_none() {
            index.location.root = Some(payload.root);
        }
        Ok(index)
    }

    /// Opens the index of an archive, or makes an empty one.
    ///
    /// # Errors
    ///
    /// As [`Index::open`], but for a missing index.
    pub fn open_or_create(location: &Location) -> Result<Self, IndexError> {
        match Self::open(location) {
            Err(IndexError::Missing(_)) => Self::create(location),
            opened => opened,
        }
    }

    /// Deletes the index of an archive, whatever its version, and makes an empty one. The user's
    /// own files stay.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] where another process is writing, or what the disk says.
    pub fn recreate(location: &Location) -> Result<Self, IndexError> {
        let folder = location.engine();
        let io_error = |source| IndexError::Io { path: folder.clone(), source };
        if folder.is_dir() {
            let lock = Folder::open(&folder)
                .map_err(|error| engine_error(&location.folder, error.into()))?;
            let _guard =
                tantivy::Directory::acquire_lock(&lock, &tantivy::directory::INDEX_WRITER_LOCK)
                    .map_err(|_| IndexError::Locked(location.folder.clone()))?;
            std::fs::remove_dir_all(&folder).map_err(io_error)?;
        }
        Self::create(location)
    }

    fn create(location: &Location) -> Result<Self, IndexError> {
        let folder = location.engine();
        let make = |path: &Path| {
            std::fs::create_dir_all(path)
                .map_err(|source| IndexError::Io { path: path.to_path_buf(), source })
        };
        make(&folder)?;
        // The index is made from the articles and stays out of version control; what the user
        // wrote does not.
        let ignore = location.folder.join(".gitignore");
        if !ignore.exists() {
            let lines = format!("*\n!.gitignore\n!{PEOPLE_FILE}\n!{SAVED_FILE}\n");
            std::fs::write(&ignore, lines)
                .map_err(|source| IndexError::Io { path: ignore, source })?;
        }
        let (schema, fields) = schema::schema();
        let settings =
            IndexSettings { docstore_compression: Compressor::Lz4, ..IndexSettings::default() };
        let directory = Folder::open(&folder)
            .map_err(|error| engine_error(&location.folder, error.into()))?;
        let engine = tantivy::Index::builder()
            .schema(schema)
            .settings(settings)
            .tokenizers(analysis::analyzers())
            .open_or_create(directory)
            .map_err(|error| engine_error(&location.folder, error))?;
        Ok(Self { location: location.clone(), engine, fields })
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Handles to its fields.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.fields
    }

    /// The record as of the last commit.
    ///
    /// # Errors
    ///
    /// [`IndexError`] where it cannot be read.
    pub fn record(&self) -> Result<Record, IndexError> {
        Ok(Record::load(&self.location.engine(), &self.payload()?.record)?)
    }

    /// A reader that sees the last commit, and a newer one when it is reloaded.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn reader(&self) -> Result<IndexReader, IndexError> {
        self.engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| engine_error(&self.location.folder, error))
    }

    /// Size of the engine's files, in bytes.
    #[must_use]
    pub fn bytes_on_disk(&self) -> u64 {
        let Ok(entries) = std::fs::read_dir(self.location.engine()) else { return 0 };
        let sizes = entries.flatten().filter_map(|entry| entry.metadata().ok());
        sizes.map(|facts| facts.len()).sum()
    }

    /// How many articles it holds.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn articles(&self) -> Result<u64, IndexError> {
        let metas = self.engine.load_metas();
        let metas = metas.map_err(|error| engine_error(&self.location.folder, error))?;
        Ok(metas.segments.iter().map(|segment| u64::from(segment.num_docs())).sum())
    }

    /// Names of the engine's files that are not as they were written, sorted. All of them are read.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn damaged_files(&self) -> Result<Vec<String>, IndexError> {
        let damaged = self.engine.validate_checksum();
        let damaged = damaged.map_err(|error| engine_error(&self.location.folder, error))?;
        let mut names: Vec<String> =
            damaged.into_iter().map(|path| path.display().to_string()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The number of the last commit: it rises with each.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn generation(&self) -> Result<u64, IndexError> {
        let metas = self.engine.load_metas();
        Ok(metas.map_err(|error| engine_error(&self.location.folder, error))?.opstamp)
    }

    fn payload(&self) -> Result<Payload, IndexError> {
        let metas = self
            .engine
            .load_metas()
            .map_err(|error| engine_error(&self.location.folder, error))?;
        match metas.payload {
            // An index that was made but never committed to: killed before its first commit.
            None => Ok(Payload { version: INDEX_VERSION, ..Payload::default() }),
            Some(json) => serde_json::from_str(&json)
                .map_err(|_| IndexError::Incompatible(self.location.folder.clone())),
        }
    }

    /// Opens the index for writing, with so many indexing threads.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] where another process is writing, or what the disk says.
    pub fn writer(&self, threads: usize) -> Result<Writer, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads.max(1))
            .memory_budget_per_thread(WRITER_MEMORY)
            .num_merge_threads(1)
            .build();
        let engine = self
            .engine
            .writer_with_options(options)
            .map_err(|error| engine_error(&self.location.folder, error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(8);
        policy.set_del_docs_ratio_before_merge(0.3);
        engine.set_merge_policy(Box::new(policy));
        let root = self.location.root.clone().unwrap_or_default();
        Ok(Writer { folder: self.location.folder.clone(), engine, fields: self.fields, root })
    }
}

fn engine_error(folder: &Path, source: TantivyError) -> IndexError {
    use tantivy::directory::error::{LockError, OpenDirectoryError};
    match source {
        TantivyError::LockFailure(LockError::LockBusy, _) => {
            IndexError::Locked(folder.to_path_buf())
        }
        TantivyError::LockFailure(LockError::IoError(error), _) => IndexError::Io {
            path: folder.to_path_buf(),
            source: io::Error::new(error.kind(), error.to_string()),
        },
        TantivyError::IoError(error) => IndexError::Io {
            path: folder.to_path_buf(),
            source: io::Error::new(error.kind(), error.to_string()),
        },
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            IndexError::Io {
                path: folder.join(filepath),
                source: io::Error::new(io_error.kind(), io_error.to_string()),
            }
        }
        TantivyError::ErrorInThread(_) => IndexError::Writing(folder.to_path_buf()),
        TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_))
        | TantivyError::IncompatibleIndex(_) => IndexError::Incompatible(folder.to_path_buf()),
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
        | TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => {
            IndexError::Missing(folder.to_path_buf())
        }
        source => IndexError::Engine { folder: folder.to_path_buf(), source: Box::new(source) },
    }
}

/// An index open for writing. Nothing is visible before [`Writer::commit`].
pub struct Writer {
    folder: PathBuf,
    engine: IndexWriter,
    fields: Fields,
    root: PathBuf,
}

impl Writer {
    /// Adds an article's document.
    ///
    /// # Errors
    ///
    /// [`IndexError`] where an indexing thread has failed (a full disk, most often).
    pub fn add(&mut self, document: TantivyDocument) -> Result<(), IndexError> {
        let added = self.engine.add_document(document);
        added.map(drop).map_err(|error| engine_error(&self.folder, error))
    }

    /// Takes away all articles of a file that were added so far.
    pub fn remove_file(&mut self, path: &str) {
        self.engine.delete_term(Term::from_field_u64(self.fields.file, file_key(path)));
    }

    /// Takes away all articles.
    ///
    /// # Errors
    ///
    /// [`IndexError`] where the engine has failed.
    pub fn clear(&mut self) -> Result<(), IndexError> {
        let cleared = self.engine.delete_all_documents();
        cleared.map(drop).map_err(|error| engine_error(&self.folder, error))
    }

    /// Makes all that was done visible, together with what was noted in the record.
    ///
    /// # Errors
    ///
    /// [`IndexError`] where the disk says no: the last commit stays as it was.
    pub fn commit(&mut self, record: &mut Record) -> Result<(), IndexError> {
        let mark = record.sync()?;
        let payload = Payload { version: INDEX_VERSION, record: mark, root: self.root.clone() };
        let json = serde_json::to_string(&payload).unwrap_or_default();
        let commit = || -> Result<(), TantivyError> {
            let mut prepared = self.engine.prepare_commit()?;
            prepared.set_payload(&json);
            prepared.commit().map(drop)
        };
        let mut commit = commit;
        commit().map_err(|error| engine_error(&self.folder, error))?;
        record.delete_old_logs();
        Ok(())
    }

    /// Waits for what runs in the background and frees the lock.
    ///
    /// # Errors
    ///
    /// [`IndexError`] where a merge has failed.
    pub fn close(self) -> Result<(), IndexError> {
        let folder = self.folder;
        self.engine.wait_merging_threads().map_err(|error| engine_error(&folder, error))
    }
}
