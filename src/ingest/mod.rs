//! The write flow: a folder's files to an index that holds their articles.
//!
//! One thread walks the folder and compares each file with the record; a refresh of an unchanged
//! folder is nothing more. What is new or changed goes to reading threads (bytes, articles,
//! entities, documents) and from there to one thread that writes and commits.

mod read;
mod report;

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

pub use read::{Extracted, FileReader};
pub use report::{FileCounts, Report, ReportedProblem};

use crate::article::Date;
use crate::corpus::{Corpus, CorpusError, Found, Limits, Passed};
use crate::entity::ModelError;
use crate::format;
use crate::index::{
    FileProblem, Index, IndexError, Location, ProblemKind, Record, Standing, Stat, Writer,
};
use read::{FileOutcome, Job};

/// Files that changed within this time before a run count as "racy": the clocks of file systems
/// are as coarse as two seconds (FAT), and a change within one tick shows in no time stamp.
const RACY_NANOS: i64 = 2_000_000_000;

/// A long run commits after this time, and then whenever the time since the run's beginning has
/// grown by [`COMMIT_GROWTH`]: early results are there early, and the number of commits (each makes
/// segments, which cost merges) grows with the logarithm of the run.
const FIRST_COMMIT: Duration = Duration::from_secs(4);
const COMMIT_GROWTH: u32 = 3;
/// No longer than this between two commits.
const COMMIT_AT_LEAST: Duration = Duration::from_mins(3);

/// What to index, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The archive; its root must be known.
    pub location: Location,
    /// Read every file again and rebuild the index.
    pub full: bool,
    /// Reading threads; by default one per core.
    pub threads: Option<NonZero<usize>>,
    /// The most that is read of one file.
    pub limits: Limits,
    /// The time, in nanoseconds since 1970.
    pub now: i64,
}

/// How far a run has come, for whoever wants to show it, and the wish to stop.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files seen by the walk.
    pub seen: AtomicU64,
    /// Files that are to be read (so far).
    pub queued: AtomicU64,
    /// Files read.
    pub read: AtomicU64,
    /// Articles written.
    pub articles: AtomicU64,
    /// Bytes read.
    pub bytes: AtomicU64,
    /// Problems met.
    pub problems: AtomicU64,
    /// The walk is over: `queued` is final.
    pub walked: AtomicBool,
    /// The file read last.
    pub current: Mutex<String>,
    /// Set it, and the run commits what is done and ends.
    pub stop: AtomicBool,
}

/// A run that could not be carried out. Files that cannot be read are none: they are reported.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The folder cannot be listed.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// The index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The recogniser's model is damaged.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Only an index was named, and it does not know its archive's folder.
    #[error("the index does not say which folder it belongs to")]
    NoRoot,
}

/// Creates or refreshes the index of a folder.
///
/// # Errors
///
/// [`IngestError`] where the folder or the index cannot be used; the last commit stays as it was.
pub fn run(options: &Options, progress: &Progress) -> Result<Report, IngestError> {
    let begin = Instant::now();
    let root = options.location.root.clone().ok_or(IngestError::NoRoot)?;
    let corpus = Corpus::open(&root)?.without(&options.location.folder);
    let index = match (Index::open_or_create(&options.location), options.full) {
        (Err(IndexError::Incompatible(_) | IndexError::Engine { .. }), true) => {
            Index::recreate(&options.location)?
        }
        (opened, _) => opened?,
    };
    let mut record = index.record()?;
    if options.full {
        record.clear();
    }
    let record = Mutex::new(record);
    let mut report = Report::default();

    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let readers = options.threads.map_or(cores, NonZero::get);
    let (jobs, job_queue) = bounded::<Job>(readers * 64);
    let (outcomes, outcome_queue) = bounded::<FileOutcome>(readers * 4);

    let (walked, written) = thread::scope(|scope| {
        for _ in 0..readers {
            let (job_queue, outcomes) = (job_queue.clone(), outcomes.clone());
            let (corpus, index) = (&corpus, &index);
            scope.spawn(move || {
                read_files(corpus, index, options, progress, &job_queue, &outcomes);
            });
        }
        drop((job_queue, outcomes));
        let sink = Sink {
            index: &index,
            record: &record,
            progress,
            full: options.full,
            threads: (cores / 2).max(1),
            begin,
        };
        let writing = scope.spawn(move || sink.write(&outcome_queue));
        let walked = walk(&corpus, &record, options, progress, jobs);
        let written = writing.join();
        (walked, written)
    });
    let Ok(written) = written else { return Err(IngestError::Index(broken(options))) };
    let mut written = written?;
    report.files = walked.counts;
    report.problems.extend(walked.passed.iter().map(ReportedProblem::from));
    report.count_outcomes(&written.outcomes);

    let mut record = record.into_inner().map_err(|_| IngestError::Index(broken(options)))?;
    let stopped = progress.stop.load(Ordering::Relaxed);
    if !stopped {
        let gone = vanished(&record, &walked);
        report.files.removed = gone.len() as u64;
        if !gone.is_empty() || options.full {
            let writer = written.writer(&index, options)?;
            for path in &gone {
                writer.remove_file(path);
                record.note_removed(path);
            }
        }
    }
    if let Some(mut writer) = written.writer.take() {
        writer.commit(&mut record)?;
        writer.close()?;
    }
    report.stopped = stopped;
    report.articles = index.articles()?;
    report.add_recorded_problems(&record);
    report.seconds = begin.elapsed().as_secs_f64();
    Ok(report)
}

fn broken(options: &Options) -> IndexError {
    IndexError::Io {
        path: options.location.folder.clone(),
        source: std::io::Error::other("a thread of the run has failed"),
    }
}

/// What the walk met.
#[derive(Default)]
struct Walked {
    counts: FileCounts,
    passed: Vec<Passed>,
}

fn walk(
    corpus: &Corpus,
    record: &Mutex<Record>,
    options: &Options,
    progress: &Progress,
    jobs: Sender<Job>,
) -> Walked {
    let mut walked = Walked::default();
    let version = |name: &str| {
        let format = format::FORMATS.iter().find(|format| format.name == name);
        format.map(|format| format.version)
    };
    for found in corpus.walk() {
        if progress.stop.load(Ordering::Relaxed) {
            break;
        }
        let found = match found {
            Ok(found) => found,
            Err(passed) => {
                if passed.failed {
                    walked.counts.failed += 1;
                } else {
                    walked.counts.skipped += 1;
                }
                walked.passed.push(passed);
                continue;
            }
        };
        walked.counts.seen += 1;
        progress.seen.store(walked.counts.seen, Ordering::Relaxed);
        let stat = stat_of(&found);
        let Ok(mut record) = record.lock() else { break };
        let standing = record.compare(&found.path, stat, version);
        let known = match standing {
            Standing::Unchanged => {
                walked.counts.unchanged += 1;
                continue;
            }
            Standing::New => None,
            Standing::Changed | Standing::Racy(_) => record.facts(&found.path),
        };
        drop(record);
        let racy = stat.mtime.max(stat.ctime) >= options.now - RACY_NANOS;
        let same_reader = known.as_ref().is_some_and(|facts| {
            version(&facts.format).is_none_or(|version| version == facts.format_version)
        });
        progress.queued.fetch_add(1, Ordering::Relaxed);
        let job = Job { path: found.path, stat, racy, known, same_reader };
        if jobs.send(job).is_err() {
            break;
        }
    }
    progress.walked.store(true, Ordering::Relaxed);
    walked
}

fn stat_of(found: &Found) -> Stat {
    Stat { size: found.size, mtime: found.modified, ctime: found.changed }
}

/// Recorded files that the walk did not meet: they are gone, unless they lie in a folder that
/// could not be listed.
fn vanished(record: &Record, walked: &Walked) -> Vec<String> {
    let unlisted: Vec<&str> =
        walked.passed.iter().filter(|passed| passed.failed).map(|p| p.path.as_str()).collect();
    let hidden = |path: &str| {
        unlisted.iter().any(|folder| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| {
                folder.is_empty() || rest.is_empty() || rest.starts_with('/')
            })
        })
    };
    record.unseen().filter(|path| !hidden(path)).map(str::to_owned).collect()
}

fn read_files(
    corpus: &Corpus,
    index: &Index,
    options: &Options,
    progress: &Progress,
    jobs: &Receiver<Job>,
    outcomes: &Sender<FileOutcome>,
) {
    // The reader loads the recogniser's model, which a refresh without changes does not need.
    let mut reader: Option<FileReader> = None;
    let latest = latest_date(options.now);
    for job in jobs {
        if progress.stop.load(Ordering::Relaxed) {
            // What was not read is not recorded, and is new to the next run.
            return;
        }
        // When the writing end has failed, its error is the run's; nothing more is read.
        let mut closed = false;
        let mut hand_over = |outcome| closed |= outcomes.send(outcome).is_err();
        match &mut reader {
            Some(reader) => reader.index_file(corpus, index, job, &mut hand_over),
            None => match FileReader::new(options.limits, latest) {
                Ok(new) => reader.insert(new).index_file(corpus, index, job, &mut hand_over),
                Err(error) => hand_over(FileOutcome::model_failed(job, error)),
            },
        }
        if closed {
            return;
        }
    }
}

/// The day after a moment in nanoseconds since 1970: no newspaper is dated later, anywhere on
/// Earth.
#[must_use]
pub fn latest_date(now: i64) -> Option<Date> {
    const DAY: i64 = 86_400_000_000_000;
    Date::from_epoch_days(i32::try_from(now.div_euclid(DAY)).ok()? + 1)
}

/// The writing end.
struct Sink<'a> {
    index: &'a Index,
    record: &'a Mutex<Record>,
    progress: &'a Progress,
    full: bool,
    threads: usize,
    begin: Instant,
}

/// What was written, and the writer where one was needed.
#[derive(Default)]
struct Written {
    writer: Option<Writer>,
    outcomes: report::OutcomeCounts,
}

impl Written {
    fn writer(&mut self, index: &Index, options: &Options) -> Result<&mut Writer, IndexError> {
        let writer = if let Some(writer) = self.writer.take() {
            writer
        } else {
            let mut writer = index.writer(1)?;
            if options.full {
                writer.clear()?;
            }
            writer
        };
        Ok(self.writer.insert(writer))
    }
}

impl Sink<'_> {
    fn write(&self, outcomes: &Receiver<FileOutcome>) -> Result<Written, IndexError> {
        let mut written = Written::default();
        let mut next_commit = FIRST_COMMIT;
        for outcome in outcomes {
            let writer = if let Some(writer) = &mut written.writer {
                writer
            } else {
                let mut writer = self.index.writer(self.threads)?;
                if self.full {
                    writer.clear()?;
                }
                written.writer.insert(writer)
            };
            if outcome.complete {
                written.outcomes.add(&outcome);
            }
            self.show(&outcome);
            if outcome.replaces {
                writer.remove_file(&outcome.path);
            }
            for document in outcome.documents {
                writer.add(document)?;
            }
            if let Ok(mut record) = self.record.lock() {
                record.note(&outcome.path, &outcome.facts);
            }
            let elapsed = self.begin.elapsed();
            if elapsed >= next_commit && !self.full {
                if let Ok(mut record) = self.record.lock() {
                    writer.commit(&mut record)?;
                }
                let elapsed = self.begin.elapsed();
                next_commit = (elapsed * COMMIT_GROWTH).min(elapsed + COMMIT_AT_LEAST);
            }
        }
        Ok(written)
    }

    fn show(&self, outcome: &FileOutcome) {
        let progress = self.progress;
        let add = |counter: &AtomicU64, n: usize| {
            counter.fetch_add(n as u64, Ordering::Relaxed);
        };
        add(&progress.articles, outcome.documents.len());
        if !outcome.complete {
            return;
        }
        add(&progress.read, 1);
        add(&progress.problems, outcome.facts.problems.len());
        progress.bytes.fetch_add(outcome.facts.stat.size, Ordering::Relaxed);
        if let Ok(mut current) = progress.current.try_lock() {
            current.clear();
            current.push_str(&outcome.path);
        }
    }
}

impl From<&Passed> for ReportedProblem {
    fn from(passed: &Passed) -> Self {
        Self { path: passed.path.clone(), member: None, reason: passed.reason.clone() }
    }
}

/// Problems of a file that was left out for what it is.
fn problem(reason: String, kind: ProblemKind) -> FileProblem {
    FileProblem { member: None, reason, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indexed(folder: &std::path::Path) -> Report {
        let options = Options {
            location: Location::of(folder, None),
            full: false,
            threads: None,
            limits: Limits::default(),
            now: 1_700_000_000_000_000_000,
        };
        run(&options, &Progress::default()).unwrap()
    }

    #[test]
    fn a_file_that_is_handed_over_in_pieces_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let collection = |count: usize| -> String {
            let document = |n| {
                format!(
                    "<DOC>\n<DOCNO>N-{n}</DOCNO>\n<TEXT>\nThe ministers met for talk number {n} in Geneva.\n</TEXT>\n</DOC>\n"
                )
            };
            (0..count).map(document).collect()
        };
        for (count, new, changed) in [(40, 1, 0), (25, 0, 1), (60, 0, 1), (60, 0, 0)] {
            std::fs::write(folder.path().join("talks.trec"), collection(count)).unwrap();
            let report = indexed(folder.path());
            assert_eq!(report.articles, count as u64);
            assert_eq!((report.files.new, report.files.changed), (new, changed), "{count}");
        }
    }
}
