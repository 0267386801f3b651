//! The record: what was read from which file, and what was wrong with it.
//!
//! A log beside the engine's files. Entries are appended and synced first; the commit that makes
//! their articles visible then names the log, its length and its checksum in its payload. So after
//! a crash at any moment the articles and the record agree: what the log holds beyond the length
//! named by the last commit does not count, and is cut off before the next entry is written.
//!
//! Layout of an entry, little-endian: length of the rest (u32), size (u64), mtime and ctime (i64
//! nanoseconds), content hash (u64), articles (u32), format version (u32), flags (u8), format (u8
//! length and name), path (u16 length and bytes), problems (postcard).

#![expect(clippy::disallowed_methods, reason = "the record is a file of the index itself")]

use std::fs::{File, OpenOptions};
use std::hash::BuildHasher;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// How many slots are tried before a file is searched for; several threads read, and files are
/// noted a few places out of order.
const NEAR: u32 = 4;

const REMOVED: u8 = 1;
const RACY: u8 = 2;

/// Something wrong with a file, or with one article of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    /// Place in the file.
    pub member: Option<String>,
    /// What is wrong, and what to do.
    pub reason: String,
    /// How grave it is.
    pub kind: ProblemKind,
}

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProblemKind {
    /// The file is no article (a picture, a program); left out on purpose.
    Skipped,
    /// The file could not be read.
    Failed,
    /// Read, with something odd.
    Noted,
}

/// What the file system says of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of the content, in nanoseconds since 1970.
    pub mtime: i64,
    /// Time of the last change of content or attributes, likewise; 0 where there is none.
    pub ctime: i64,
}

/// What was recorded of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// What the file system said when it was read.
    pub stat: Stat,
    /// xxh3 of its bytes.
    pub hash: u64,
    /// Articles it gave.
    pub articles: u32,
    /// Format it was read as; empty where it was not.
    pub format: String,
    /// Version of that format's reader.
    pub format_version: u32,
    /// It had changed so shortly before it was read that a further change might not show in its
    /// times ("racy", as version-control indexes call it): next time its bytes decide.
    pub racy: bool,
    /// What was wrong with it.
    pub problems: Vec<FileProblem>,
}

/// What the payload of a commit says of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordMark {
    /// Name of the log in the index folder.
    pub file: String,
    /// How many of its bytes count.
    pub length: u64,
    /// xxh3 of those bytes.
    pub checksum: u64,
}

/// The record cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file system says no.
    #[error("cannot use the record `{}`", path.display())]
    Io {
        /// The log.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The log is not the one that the last commit speaks of.
    #[error("the record `{}` is damaged", .0.display())]
    Damaged(PathBuf),
}

struct Slot {
    entry: Range<usize>,
    path: Range<usize>,
    seen: bool,
}

/// The files of an archive, as of one commit and what was noted since.
pub struct Record {
    folder: PathBuf,
    mark: RecordMark,
    bytes: Vec<u8>,
    hasher: Xxh3,
    slots: Vec<Slot>,
    table: HashTable<u32>,
    hash_builder: DefaultHashBuilder,
    pending: Vec<u8>,
    dead: usize,
    /// The next sync writes a new log.
    renew: bool,
    /// The slot behind the one that was found last: files are mostly met in the order in which
    /// they were noted, and then need no search.
    next: u32,
}

/// A comparison of a file that was found with what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never seen.
    New,
    /// Its size or its times differ.
    Changed,
    /// Size and times are the recorded ones, but its bytes must decide: their recorded hash.
    Racy(u64),
    /// As recorded.
    Unchanged,
}

impl Record {
    /// An empty record.
    #[must_use]
    pub fn empty(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            mark: RecordMark::default(),
            bytes: Vec::new(),
            hasher: Xxh3::new(),
            slots: Vec::new(),
            table: HashTable::new(),
            hash_builder: DefaultHashBuilder::default(),
            pending: Vec::new(),
            dead: 0,
            renew: true,
            next: 0,
        }
    }

    /// The record that a commit speaks of.
    ///
    /// # Errors
    ///
    /// [`RecordError`] where the log cannot be read or is another than the commit's.
    pub fn load(folder: &Path, mark: &RecordMark) -> Result<Self, RecordError> {
        let mut record = Self::empty(folder);
        if mark.file.is_empty() {
            return Ok(record);
        }
        let path = folder.join(&mark.file);
        let io_error = |source| RecordError::Io { path: path.clone(), source };
        let length = usize::try_from(mark.length).unwrap_or(usize::MAX);
        let mut file = File::open(&path).map_err(io_error)?.take(mark.length);
        let mut bytes = Vec::with_capacity(length.min(1 << 32));
        file.read_to_end(&mut bytes).map_err(io_error)?;
        record.hasher.update(&bytes);
        if bytes.len() != length || record.hasher.digest() != mark.checksum {
            return Err(RecordError::Damaged(path));
        }
        record.mark = mark.clone();
        record.renew = false;
        record.bytes = bytes;
        record.reserve();
        record.index_entries(0, false).ok_or(RecordError::Damaged(path))?;
        Ok(record)
    }

    /// Makes room for the entries that there are.
    fn reserve(&mut self) {
        let (mut count, mut from) = (0, 0);
        while let Some(length) = self.bytes.get(from..from + 4) {
            let length = <[u8; 4]>::try_from(length).map_or(0, u32::from_le_bytes);
            from += 4 + length as usize;
            count += 1;
        }
        self.slots.reserve(count);
        self.table.reserve(count, |_| 0);
    }

    /// Entries of this run count as seen: their files exist.
    fn index_entries(&mut self, mut from: usize, seen: bool) -> Option<()> {
        while from < self.bytes.len() {
            let length = u32::from_le_bytes(self.bytes.get(from..from + 4)?.try_into().ok()?);
            let entry = from + 4..from + 4 + length as usize;
            self.insert_entry(entry.clone(), seen)?;
            from = entry.end;
        }
        Some(())
    }

    fn insert_entry(&mut self, entry: Range<usize>, seen: bool) -> Option<()> {
        let head = EntryHead::read(self.bytes.get(entry.clone())?)?;
        let path = entry.start + head.path.start..entry.start + head.path.end;
        let known = self.find(self.bytes.get(path.clone())?);
        if let Some(slot) = known {
            self.dead += 1;
            let slot = self.slots.get_mut(slot as usize)?;
            *slot = Slot { entry, path, seen: seen || slot.seen };
        } else {
            let number = u32::try_from(self.slots.len()).ok()?;
            let hash = self.hash_builder.hash_one(self.bytes.get(path.clone())?);
            let (bytes, slots, builder) = (&self.bytes, &self.slots, &self.hash_builder);
            let rehash = |slot: &u32| {
                let path = slots.get(*slot as usize).map(|slot| slot.path.clone());
                builder.hash_one(path.and_then(|path| bytes.get(path)).unwrap_or_default())
            };
            self.table.insert_unique(hash, number, rehash);
            self.slots.push(Slot { entry, path, seen });
        }
        Some(())
    }

    fn find(&self, path: &[u8]) -> Option<u32> {
        let hash = self.hash_builder.hash_one(path);
        self.table
            .find(hash, |slot| {
                self.slots
                    .get(*slot as usize)
                    .is_some_and(|slot| self.bytes.get(slot.path.clone()) == Some(path))
            })
            .copied()
    }

    fn head(&self, slot: &Slot) -> Option<(EntryHead, &[u8])> {
        let entry = self.bytes.get(slot.entry.clone())?;
        Some((EntryHead::read(entry)?, entry))
    }

    /// Compares a file that was found with what is recorded of it, and notes that it was seen.
    ///
    /// `current_version` gives the version of the reader of a format, so that a better reader
    /// reads its files again.
    pub fn compare(
        &mut self,
        path: &str,
        stat: Stat,
        current_version: impl Fn(&str) -> Option<u32>,
    ) -> Standing {
        let near = (self.next..self.next.saturating_add(NEAR)).find(|slot| {
            let slot = self.slots.get(*slot as usize);
            slot.is_some_and(|slot| self.bytes.get(slot.path.clone()) == Some(path.as_bytes()))
        });
        let found = near.or_else(|| self.find(path.as_bytes()));
        let Some(number) = found else { return Standing::New };
        self.next = number + 1;
        let Some(slot) = self.slots.get_mut(number as usize) else { return Standing::New };
        slot.seen = true;
        let slot = &self.slots[number as usize];
        let Some((head, entry)) = self.head(slot) else { return Standing::New };
        if head.flags & REMOVED != 0 {
            return Standing::New;
        }
        let format = entry
            .get(head.format.clone())
            .and_then(|name| std::str::from_utf8(name).ok())
            .unwrap_or_default();
        let same_reader = current_version(format).is_none_or(|v| v == head.format_version);
        match (head.stat == stat && same_reader, head.flags & RACY != 0) {
            (false, _) => Standing::Changed,
            (true, true) => Standing::Racy(head.hash),
            (true, false) => Standing::Unchanged,
        }
    }

    /// Notes a file as it was read. It counts with the next [`Record::sync`].
    pub fn note(&mut self, path: &str, facts: &FileFacts) {
        write_entry(&mut self.pending, path, facts, 0);
    }

    /// Notes that a file is gone.
    pub fn note_removed(&mut self, path: &str) {
        write_entry(&mut self.pending, path, &FileFacts::default(), REMOVED);
    }

    /// Files that are recorded but were not compared since the record was loaded.
    pub fn unseen(&self) -> impl Iterator<Item = &str> {
        self.slots
            .iter()
            .filter(|slot| !slot.seen)
            .filter(|slot| self.head(slot).is_some_and(|(head, _)| head.flags & REMOVED == 0))
            .filter_map(|slot| std::str::from_utf8(self.bytes.get(slot.path.clone())?).ok())
    }

    /// All recorded files, in the order in which they were first noted.
    pub fn files(&self) -> impl Iterator<Item = (&str, FileFacts)> {
        self.slots.iter().filter_map(|slot| {
            let (head, entry) = self.head(slot)?;
            if head.flags & REMOVED != 0 {
                return None;
            }
            let path = std::str::from_utf8(self.bytes.get(slot.path.clone())?).ok()?;
            Some((path, head.facts(entry)?))
        })
    }

    /// Forgets every file. The log on disk stays as it is until a commit names another.
    pub fn clear(&mut self) {
        let mark = std::mem::take(&mut self.mark);
        *self = Self { mark, ..Self::empty(&self.folder) };
    }

    /// What is recorded of a file.
    #[must_use]
    pub fn facts(&self, path: &str) -> Option<FileFacts> {
        let slot = self.slots.get(self.find(path.as_bytes())? as usize)?;
        let (head, entry) = self.head(slot)?;
        if head.flags & REMOVED != 0 { None } else { head.facts(entry) }
    }

    /// How many files are recorded.
    pub fn len(&self) -> usize {
        let recorded =
            |slot: &&Slot| self.head(slot).is_some_and(|(head, _)| head.flags & REMOVED == 0);
        self.slots.iter().filter(recorded).count()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether anything was noted that is not on disk yet.
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes what was noted to disk, for good, and returns what the commit's payload must say.
    /// A log that holds more dead entries than living ones is written anew under another name.
    ///
    /// # Errors
    ///
    /// [`RecordError`] where the disk says no; the record on disk is then as good as before.
    pub fn sync(&mut self) -> Result<RecordMark, RecordError> {
        let pending = std::mem::take(&mut self.pending);
        let from = self.bytes.len();
        self.bytes.extend_from_slice(&pending);
        self.index_entries(from, true)
            .ok_or_else(|| RecordError::Damaged(self.folder.clone()))?;
        let renew = self.renew || self.dead > self.slots.len() + 1000;
        let (name, written) = if renew {
            self.compact();
            (next_name(&self.mark.file), 0)
        } else {
            (self.mark.file.clone(), self.mark.length)
        };
        let path = self.folder.join(&name);
        let io_error = |source| RecordError::Io { path: path.clone(), source };
        let write = || -> io::Result<()> {
            let file =
                OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
            file.set_len(written)?;
            let mut writer = BufWriter::new(file);
            writer.seek(SeekFrom::Start(written))?;
            let from = usize::try_from(written).unwrap_or(usize::MAX);
            writer.write_all(self.bytes.get(from..).unwrap_or_default())?;
            writer.flush()?;
            writer.get_ref().sync_all()
        };
        write().map_err(io_error)?;
        if renew {
            self.renew = false;
            self.hasher = Xxh3::new();
            self.hasher.update(&self.bytes);
        } else {
            self.hasher.update(&pending);
        }
        self.mark = RecordMark {
            file: name,
            length: self.bytes.len() as u64,
            checksum: self.hasher.digest(),
        };
        Ok(self.mark.clone())
    }

    /// Deletes logs that the last commit no longer speaks of.
    pub fn delete_old_logs(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_log = name.to_str().is_some_and(|name| name.starts_with("record-"));
            if is_log && name.to_str() != Some(self.mark.file.as_str()) {
                // A log that cannot be deleted now is deleted another time; it does no harm.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    fn compact(&mut self) {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut slots = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let Some((head, entry)) = self.head(slot) else { continue };
            if head.flags & REMOVED != 0 {
                continue;
            }
            bytes.extend_from_slice(&(entry.len() as u32).to_le_bytes());
            let start = bytes.len();
            bytes.extend_from_slice(entry);
            slots.push(Slot {
                entry: start..bytes.len(),
                path: start + head.path.start..start + head.path.end,
                seen: slot.seen,
            });
        }
        (self.bytes, self.slots, self.dead) = (bytes, slots, 0);
        let mut table = HashTable::with_capacity(self.slots.len());
        let hash_of = |slot: &u32| {
            let path = self.slots.get(*slot as usize).map(|slot| slot.path.clone());
            let bytes = path.and_then(|path| self.bytes.get(path)).unwrap_or_default();
            self.hash_builder.hash_one(bytes)
        };
        for number in 0..self.slots.len() as u32 {
            table.insert_unique(hash_of(&number), number, hash_of);
        }
        self.table = table;
    }
}

fn next_name(name: &str) -> String {
    let number = name.strip_prefix("record-").and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    format!("record-{}", number + 1)
}

const FIXED: usize = 8 + 8 + 8 + 8 + 4 + 4 + 1;

struct EntryHead {
    stat: Stat,
    hash: u64,
    articles: u32,
    format_version: u32,
    flags: u8,
    format: Range<usize>,
    path: Range<usize>,
}

impl EntryHead {
    fn read(entry: &[u8]) -> Option<Self> {
        let u32_at =
            |at: usize| Some(u32::from_le_bytes(entry.get(at..at + 4)?.try_into().ok()?));
        let u64_at =
            |at: usize| Some(u64::from_le_bytes(entry.get(at..at + 8)?.try_into().ok()?));
        let i64_at =
            |at: usize| Some(i64::from_le_bytes(entry.get(at..at + 8)?.try_into().ok()?));
        let u16_at =
            |at: usize| Some(u16::from_le_bytes(entry.get(at..at + 2)?.try_into().ok()?));
        let format_end = FIXED + 1 + usize::from(*entry.get(FIXED)?);
        let path_start = format_end + 2;
        let path = path_start..path_start + usize::from(u16_at(format_end)?);
        entry.get(path.clone())?;
        Some(Self {
            stat: Stat { size: u64_at(0)?, mtime: i64_at(8)?, ctime: i64_at(16)? },
            hash: u64_at(24)?,
            articles: u32_at(32)?,
            format_version: u32_at(36)?,
            flags: *entry.get(40)?,
            format: FIXED + 1..format_end,
            path,
        })
    }

    fn facts(&self, entry: &[u8]) -> Option<FileFacts> {
        Some(FileFacts {
            stat: self.stat,
            hash: self.hash,
            articles: self.articles,
            format: String::from_utf8_lossy(entry.get(self.format.clone())?).into_owned(),
            format_version: self.format_version,
            racy: self.flags & RACY != 0,
            problems: postcard::from_bytes(entry.get(self.path.end..)?).ok()?,
        })
    }
}

fn write_entry(out: &mut Vec<u8>, path: &str, facts: &FileFacts, flags: u8) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&facts.stat.size.to_le_bytes());
    out.extend_from_slice(&facts.stat.mtime.to_le_bytes());
    out.extend_from_slice(&facts.stat.ctime.to_le_bytes());
    out.extend_from_slice(&facts.hash.to_le_bytes());
    out.extend_from_slice(&facts.articles.to_le_bytes());
    out.extend_from_slice(&facts.format_version.to_le_bytes());
    out.push(flags | if facts.racy { RACY } else { 0 });
    let format = facts.format.as_bytes();
    out.push(format.len().min(255) as u8);
    out.extend_from_slice(&format[..format.len().min(255)]);
    // Paths are at most 4096 bytes on every system that is known to run this.
    let path = path.as_bytes();
    let length = path.len().min(usize::from(u16::MAX));
    out.extend_from_slice(&(length as u16).to_le_bytes());
    out.extend_from_slice(&path[..length]);
    out.extend_from_slice(&postcard::to_stdvec(&facts.problems).unwrap_or_default());
    let total = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&total.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(size: u64) -> FileFacts {
        FileFacts {
            stat: Stat { size, mtime: 5, ctime: 6 },
            hash: size,
            articles: 1,
            format: "plain".into(),
            format_version: 1,
            racy: size == 3,
            problems: vec![FileProblem {
                member: None,
                reason: "odd".into(),
                kind: ProblemKind::Noted,
            }],
        }
    }

    #[test]
    fn what_a_commit_names_is_what_is_read_back_whatever_follows_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = Record::empty(folder.path());
        record.note("a.txt", &facts(1));
        record.note("b.txt", &facts(2));
        let first = record.sync().unwrap();
        record.note("a.txt", &facts(3));
        record.note_removed("b.txt");
        record.note("c/ü.txt", &facts(4));
        let second = record.sync().unwrap();

        let old = Record::load(folder.path(), &first).unwrap();
        let paths: Vec<_> = old.files().map(|(path, facts)| (path, facts.stat.size)).collect();
        assert_eq!(paths, [("a.txt", 1), ("b.txt", 2)]);

        let mut new = Record::load(folder.path(), &second).unwrap();
        let read: Vec<_> = new.files().map(|(path, facts)| (path.to_owned(), facts)).collect();
        assert_eq!(read, [("a.txt".to_owned(), facts(3)), ("c/ü.txt".to_owned(), facts(4))]);
        let version = |_: &str| Some(1);
        assert_eq!(new.compare("a.txt", facts(3).stat, version), Standing::Racy(3));
        assert_eq!(new.compare("b.txt", facts(2).stat, version), Standing::New);
        assert_eq!(new.compare("c/ü.txt", facts(4).stat, |_| Some(2)), Standing::Changed);
        assert_eq!(new.compare("c/ü.txt", facts(4).stat, version), Standing::Unchanged);
        assert_eq!(new.compare("c/ü.txt", facts(5).stat, version), Standing::Changed);
        assert_eq!(new.unseen().count(), 0);

        let damaged = RecordMark { checksum: 1, ..second };
        assert!(matches!(Record::load(folder.path(), &damaged), Err(RecordError::Damaged(_))));
    }

    #[test]
    fn a_log_of_mostly_dead_entries_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = Record::empty(folder.path());
        record.note("kept.txt", &facts(9));
        record.sync().unwrap();
        for size in 0..1100 {
            record.note("busy.txt", &facts(size));
        }
        let mark = record.sync().unwrap();
        assert_eq!(mark.file, "record-2");
        assert!(mark.length < 300, "{}", mark.length);
        let read = Record::load(folder.path(), &mark).unwrap();
        assert_eq!(read.files().map(|(_, f)| f.stat.size).collect::<Vec<_>>(), [9, 1099]);
    }
}
