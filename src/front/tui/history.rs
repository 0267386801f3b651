//! The searches made before, kept in a file of the user's state folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Searches kept in the file.
const KEPT: usize = 500;
/// Most of the file that is read; what a person types in years is far below it.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Searches, oldest first, without repetition, and the place in them while the arrows walk.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    entries: Vec<String>,
    /// Index of the entry on show, and what had been typed before.
    walk: Option<(usize, String)>,
}

impl History {
    pub(super) fn new(entries: Vec<String>) -> Self {
        let mut history = Self::default();
        for entry in entries {
            history.add(&entry);
        }
        history
    }

    /// Notes a search as the latest. True if it is to be written down: not the same again.
    pub(super) fn add(&mut self, text: &str) -> bool {
        self.walk = None;
        let text = text.trim();
        if text.is_empty() || self.entries.last().is_some_and(|last| last == text) {
            return false;
        }
        self.entries.retain(|entry| entry != text);
        self.entries.push(text.to_owned());
        true
    }

    /// The search before the one on show; `typed` is kept for the way back.
    pub(super) fn earlier(&mut self, typed: &str) -> Option<String> {
        let (at, typed) = match self.walk.take() {
            Some((at, typed)) => (at.saturating_sub(1), typed),
            None => (self.entries.len().checked_sub(1)?, typed.to_owned()),
        };
        let entry = self.entries.get(at).cloned();
        self.walk = Some((at, typed));
        entry
    }

    /// The search after the one on show, at last what had been typed; `None` where the arrows
    /// have not walked back.
    pub(super) fn later(&mut self) -> Option<String> {
        let (at, typed) = self.walk.take()?;
        match self.entries.get(at + 1).cloned() {
            Some(entry) => {
                self.walk = Some((at + 1, typed));
                Some(entry)
            }
            None => Some(typed),
        }
    }

    /// Whether the line shows a search made before, brought back by the arrows.
    pub(super) fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    /// The line was edited: the walk is over.
    pub(super) fn stay(&mut self) {
        self.walk = None;
    }

    /// The latest searches, latest first.
    pub(super) fn latest(&self, count: usize) -> impl Iterator<Item = &str> {
        self.entries.iter().rev().take(count).map(String::as_str)
    }
}

/// The file that the history lives in.
#[derive(Debug)]
pub(super) struct HistoryFile {
    path: PathBuf,
}

impl HistoryFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads the history; none where there is no file yet. A file that has grown long is cut.
    pub(super) fn load(&self) -> io::Result<Vec<String>> {
        let mut bytes = Vec::new();
        match OpenOptions::new().read(true).open(&self.path) {
            Ok(file) => file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() <= 2 * KEPT {
            return Ok(lines);
        }
        let kept = lines.get(lines.len() - KEPT..).unwrap_or_default().to_vec();
        // A second browser may append at this moment: the worst is that one line is lost.
        fs::write(&self.path, kept.join("\n") + "\n")?;
        Ok(kept)
    }

    /// Writes one search down.
    pub(super) fn append(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        open_for_append(&self.path)?.write_all(format!("{}\n", text.trim()).as_bytes())
    }
}

fn open_for_append(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    // What somebody searches for is nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_walk_back_and_return_to_what_was_typed() {
        let mut history = History::new(vec!["kerry".into(), "seoul".into(), "kerry".into()]);
        assert_eq!(history.earlier("par"), Some("kerry".into()));
        assert_eq!(history.earlier("kerry"), Some("seoul".into()));
        assert_eq!(history.earlier("seoul"), Some("seoul".into()));
        assert_eq!(history.later(), Some("kerry".into()));
        assert_eq!(history.later(), Some("par".into()));
        assert_eq!(history.later(), None);
    }

    #[test]
    fn the_file_keeps_searches_over_a_restart_and_is_cut_when_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = HistoryFile::new(folder.path().join("state/newshound/history"));
        assert!(file.load().unwrap().is_empty());
        for number in 0..=2 * KEPT {
            file.append(&format!("query {number}")).unwrap();
        }
        assert_eq!(file.load().unwrap().len(), KEPT);
        assert_eq!(file.load().unwrap().last().unwrap(), &format!("query {}", 2 * KEPT));
    }
}
