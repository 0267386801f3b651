//! What a run reports.

use serde::{Deserialize, Serialize};

use super::read::FileOutcome;
use crate::index::{ProblemKind, Record};

/// Files, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// Met by the walk.
    pub seen: u64,
    /// Read for the first time.
    pub new: u64,
    /// Read again, since they had changed.
    pub changed: u64,
    /// Gone since the last run.
    pub removed: u64,
    /// As recorded; not opened, or opened and found the same.
    pub unchanged: u64,
    /// No articles, on purpose (pictures, links).
    pub skipped: u64,
    /// Could not be read.
    pub failed: u64,
}

/// A problem, with the file it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedProblem {
    /// The file.
    pub path: String,
    /// The place in it.
    pub member: Option<String>,
    /// What is wrong, and what to do.
    pub reason: String,
}

/// The report of a run: `index --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this shape.
    pub version: u32,
    /// Articles that the archive holds now.
    pub articles: u64,
    /// Files, by what became of them.
    pub files: FileCounts,
    /// What was wrong, sorted by file.
    pub problems: Vec<ReportedProblem>,
    /// Bytes read.
    pub bytes: u64,
    /// Time it took.
    pub seconds: f64,
    /// It was asked to stop before its end.
    #[serde(skip)]
    pub stopped: bool,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            version: 1,
            articles: 0,
            files: FileCounts::default(),
            problems: Vec::new(),
            bytes: 0,
            seconds: 0.0,
            stopped: false,
        }
    }
}

/// Counts of what was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OutcomeCounts {
    new: u64,
    changed: u64,
    unchanged: u64,
    skipped: u64,
    failed: u64,
    bytes: u64,
}

impl OutcomeCounts {
    pub(super) fn add(&mut self, outcome: &FileOutcome) {
        let is = |kind| outcome.facts.problems.iter().any(|problem| problem.kind == kind);
        self.bytes += outcome.facts.stat.size;
        if is(ProblemKind::Failed) {
            self.failed += 1;
        } else if is(ProblemKind::Skipped) {
            self.skipped += 1;
        } else if outcome.same {
            self.unchanged += 1;
        } else if outcome.known {
            self.changed += 1;
        } else {
            self.new += 1;
        }
    }
}

impl Report {
    pub(super) fn count_outcomes(&mut self, counts: &OutcomeCounts) {
        self.files.new += counts.new;
        self.files.changed += counts.changed;
        self.files.unchanged += counts.unchanged;
        self.files.skipped += counts.skipped;
        self.files.failed += counts.failed;
        self.bytes += counts.bytes;
    }

    /// Adds what is wrong with any file of the archive, read now or before.
    pub(super) fn add_recorded_problems(&mut self, record: &Record) {
        for (path, facts) in record.files() {
            self.problems.extend(facts.problems.into_iter().map(|problem| ReportedProblem {
                path: path.to_owned(),
                member: problem.member,
                reason: problem.reason,
            }));
        }
        self.problems.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
    }
}
