//! `index`, and the run that `search --in` begins with.

use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use super::args::{IndexArgs, ReadingArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::{Failure, with_causes};
use super::interrupt::Interrupt;
use super::look::visible;
use super::progress::{Line, PACE};
use super::{archive, environment, json};
use crate::corpus::{Corpus, Limits};
use crate::index::{Index, IndexError, Location};
use crate::ingest::{self, IngestError, Options, Progress, Report};
use crate::search::Archive;
use crate::text::counted;

/// Problems that are listed one by one; `status` lists all.
const LISTED: usize = 20;

/// A run that is over sooner needs no estimate of its end.
const COUNTED_AFTER: Duration = Duration::from_secs(1);

/// `index FOLDER`.
pub(super) fn index(args: &IndexArgs, context: &mut Context) -> Result<Exit, Failure> {
    let location = archive::locate_for_writing(args.folder.as_deref(), args.index.as_deref())?;
    let report = refresh(&options(location, args.reading, args.full))?;
    if args.json {
        json::write(&report, context)?;
    } else {
        list_problems(&report, context);
        let text = summary(&report);
        context.out.text(&format!("{text}\n"))?;
    }
    if report.stopped {
        return Err(Failure::new("stopped before the end; what was read is kept")
            .hint("the same command goes on from there"));
    }
    if args.strict && report.files.failed > 0 {
        let files = counted(report.files.failed, "file", "files");
        return Err(Failure::new(format!("{files} could not be read")));
    }
    Ok(Exit::Found)
}

/// The options of a run over an archive.
pub(super) fn options(location: Location, reading: ReadingArgs, full: bool) -> Options {
    let limits = match reading.max_file_size {
        Some(bytes) => Limits { bytes },
        None => Limits::default(),
    };
    Options { location, full, threads: reading.threads, limits, now: environment::now() }
}

/// Runs, with a line of progress, until the end or an interrupt.
pub(super) fn refresh(options: &Options) -> Result<Report, IngestError> {
    let progress = Arc::new(Progress::default());
    let of_signal = Arc::clone(&progress);
    let interrupt = Interrupt::listen(move || of_signal.stop.store(true, Ordering::Relaxed));
    let outcome = refresh_in_sight(options, &progress);
    interrupt.work_is_done();
    outcome
}

/// Runs with a line of progress.
pub(super) fn refresh_in_sight(
    options: &Options,
    progress: &Progress,
) -> Result<Report, IngestError> {
    let is_over = AtomicBool::new(false);
    let files = OnceLock::new();
    let over = || is_over.load(Ordering::Relaxed);
    thread::scope(|scope| {
        let shown = scope.spawn(|| {
            let mut line = Line::new();
            while !over() {
                line.draw(progress, files.get().copied());
                thread::park_timeout(PACE);
            }
            line.clear();
        });
        // A run takes files from the folder as fast as it reads them: how many there are, and so
        // how long it will take, is found by a walk of its own, if somebody looks on.
        let counted = scope.spawn(|| {
            thread::park_timeout(COUNTED_AFTER);
            if !over() && stderr().is_terminal() {
                count_files(options, &files, &over);
            }
        });
        let outcome = run(options, progress);
        is_over.store(true, Ordering::Relaxed);
        shown.thread().unpark();
        counted.thread().unpark();
        outcome
    })
}

fn count_files(options: &Options, files: &OnceLock<u64>, is_over: &dyn Fn() -> bool) {
    let Some(Ok(corpus)) = options.location.root.as_deref().map(Corpus::open) else { return };
    let corpus = corpus.without(&options.location.folder);
    let found = corpus.walk().take_while(|_| !is_over()).flatten().count();
    if !is_over() {
        let _ = files.set(found as u64);
    }
}

/// Runs, and has the tables of names ready for whoever opens the archive next.
pub(super) fn run(options: &Options, progress: &Progress) -> Result<Report, IngestError> {
    let report = ingest::run(options, progress)?;
    // Without stored tables all works as well, if more slowly at first.
    let _ = Archive::store_tables(&options.location);
    Ok(report)
}

/// Whether a run found anything new.
pub(super) fn is_changed(report: &Report) -> bool {
    report.files.new + report.files.changed + report.files.removed > 0
}

/// What a run did, on one line.
pub(super) fn summary(report: &Report) -> String {
    let files = report.files;
    let changes: Vec<String> = [
        (files.new, "new"),
        (files.changed, "changed"),
        (files.removed, "removed"),
        (files.unchanged, "unchanged"),
        (files.skipped, "skipped"),
        (files.failed, "failed"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let articles = counted(report.articles, "article", "articles");
    let seconds = report.seconds;
    if changes.is_empty() {
        format!("{articles}; the folder holds no files ({seconds:.1} s)")
    } else {
        format!("{articles}; files: {} ({seconds:.1} s)", changes.join(", "))
    }
}

fn list_problems(report: &Report, context: &Context) {
    for problem in report.problems.iter().take(LISTED) {
        let place = match &problem.member {
            Some(member) => format!("{}#{member}", problem.path),
            None => problem.path.clone(),
        };
        context.notes.warning(&format!("{}: {}", visible(&place), problem.reason));
    }
    let more = report.problems.len().saturating_sub(LISTED);
    if more > 0 {
        let problems = counted(more as u64, "more problem", "more problems");
        context.notes.note(&format!("{problems}: `newshound status` lists them all"));
    }
}

/// Creates or refreshes the index before a search, and tells what was done on one line.
///
/// Where another process is writing, or the index cannot be written, the last commit is good enough.
pub(super) fn refresh_before_search(
    location: &Location,
    reading: ReadingArgs,
    context: &Context,
) -> Result<(), Failure> {
    let report = match refresh(&options(location.clone(), reading, false)) {
        Ok(report) => report,
        Err(IngestError::Index(error)) if is_searchable(location) && is_no_writing(&error) => {
            context
                .notes
                .warning(&format!("{}; the last commit is searched", with_causes(&error)));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if report.stopped {
        return Err(Failure::new("stopped before the end; what was read is kept")
            .hint("the same command goes on from there"));
    }
    if is_changed(&report) || report.articles == 0 {
        let problems = match report.problems.len() as u64 {
            0 => String::new(),
            count => format!(
                "; {}, listed by `newshound status`",
                counted(count, "problem", "problems")
            ),
        };
        context.notes.note(&format!("indexed {}{problems}", summary(&report)));
    }
    Ok(())
}

fn is_searchable(location: &Location) -> bool {
    Index::open(location).is_ok()
}

/// Whether an index can still be read though it cannot be written.
fn is_no_writing(error: &IndexError) -> bool {
    matches!(error, IndexError::Locked(_) | IndexError::Io { .. })
}
