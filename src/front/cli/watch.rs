//! `watch`: an index that follows its folder.
//!
//! The system tells of changes; behind it the whole folder is checked from time to time, since not
//! every file system tells of everything. The folder may go (a disk taken out) and come back: the
//! index stays as it is meanwhile.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::args::{ReadingArgs, WatchArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::{Failure, with_causes};
use super::interrupt::Interrupt;
use super::{archive, environment, indexing};
use crate::corpus::CorpusError;
use crate::index::{Index, Location};
use crate::ingest::{IngestError, Progress};

/// Changes that follow each other as closely as this are taken together.
const QUIET: Duration = Duration::from_millis(400);

/// How often the folder itself is looked for, and the wish to stop.
const TICK: Duration = Duration::from_millis(500);

/// The whole folder is checked as often as this where the system tells of no changes.
const UNTOLD: Duration = Duration::from_secs(10);

/// `watch FOLDER`.
pub(super) fn watch(args: &WatchArgs, context: &mut Context) -> Result<Exit, Failure> {
    let mut location =
        archive::locate_for_writing(args.folder.as_deref(), args.index.as_deref())?;
    if location.root.is_none() {
        location = Index::open(&location)?.location().clone();
    }
    let progress = Arc::new(Progress::default());
    let of_signal = Arc::clone(&progress);
    let interrupt = Interrupt::listen(move || of_signal.stop.store(true, Ordering::Relaxed));
    // What is wrong from the beginning is a failure; later it may pass.
    let options = indexing::options(location.clone(), args.reading, false);
    let first = indexing::refresh_in_sight(&options, &progress)?;
    context.out.text(&format!("{}\n", line(&indexing::summary(&first))))?;
    context.out.flush()?;
    let mut failed = None;
    let notes = &context.notes;
    let out = &mut context.out;
    let mut tell = |news: News| match news {
        News::Trouble(text) => {
            notes.warning(&text);
            ControlFlow::Continue(())
        }
        News::Refreshed(text) => {
            let told = out.text(&format!("{text}\n")).and_then(|()| Ok(out.flush()?));
            failed = told.err();
            if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    };
    let every = Duration::from_secs(args.every);
    keep_fresh(&location, args.reading, every, &|| interrupt.came(), &mut tell);
    interrupt.work_is_done();
    match failed {
        Some(failure) => Err(failure),
        None => Ok(Exit::Found),
    }
}

/// What is told while a folder is watched.
pub(super) enum News {
    /// The index was refreshed, and how.
    Refreshed(String),
    /// Something is in the way; it may pass.
    Trouble(String),
}

/// Keeps an index fresh until `is_over`, or whoever is told has enough.
pub(super) fn keep_fresh(
    location: &Location,
    reading: ReadingArgs,
    every: Duration,
    is_over: &(dyn Fn() -> bool + Sync),
    tell: &mut dyn FnMut(News) -> ControlFlow<()>,
) {
    let Some(root) = location.root.as_deref() else { return };
    let mut watched = Watched::begin(root, location, tell);
    let mut last_check = Instant::now();
    // What changed before the system began to tell is found by a first check.
    let mut is_due = true;
    let mut told: Option<String> = None;
    while !is_over() {
        if is_due {
            is_due = match refresh(location, reading, is_over) {
                Ok(Some(summary)) => {
                    told = None;
                    if tell(News::Refreshed(line(&summary))).is_break() {
                        return;
                    }
                    false
                }
                Ok(None) => false,
                Err(trouble) => {
                    // The same trouble is told once; it is tried again at every tick.
                    if told.as_ref() != Some(&trouble) {
                        if tell(News::Trouble(trouble.clone())).is_break() {
                            return;
                        }
                        told = Some(trouble);
                    }
                    thread::sleep(TICK);
                    true
                }
            };
            last_check = Instant::now();
        }
        is_due |= watched.changed();
        if watched.is_another_folder(root) {
            watched = Watched::begin(root, location, tell);
            is_due = true;
        }
        let pause = if watched.is_told() { every } else { every.min(UNTOLD) };
        is_due |= last_check.elapsed() >= pause;
    }
}

/// Refreshes the index; the summary if anything had changed.
fn refresh(
    location: &Location,
    reading: ReadingArgs,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Result<Option<String>, String> {
    let options = indexing::options(location.clone(), reading, false);
    let progress = Arc::new(Progress::default());
    let outcome = thread::scope(|scope| {
        let run = scope.spawn(|| indexing::run(&options, &progress));
        while !run.is_finished() {
            if is_over() {
                progress.stop.store(true, Ordering::Relaxed);
            }
            thread::sleep(Duration::from_millis(20));
        }
        run.join()
    });
    let report = match outcome {
        Ok(Ok(report)) => report,
        Ok(Err(IngestError::Corpus(CorpusError::Missing(path)))) => {
            let path = path.display();
            return Err(format!("{path} is not there; the index stays until it comes back"));
        }
        Ok(Err(error)) => return Err(format!("{}; trying again", with_causes(&error))),
        Err(_) => return Err("the run has failed; trying again".to_owned()),
    };
    Ok(indexing::is_changed(&report).then(|| indexing::summary(&report)))
}

fn line(summary: &str) -> String {
    format!("{}  {summary}", environment::time_of_day())
}

/// A folder that the system tells of.
struct Watched {
    /// Kept so that the system goes on telling.
    _debouncer: Option<Debouncer<RecommendedWatcher, RecommendedCache>>,
    events: Option<Receiver<()>>,
    identity: Option<Identity>,
}

impl Watched {
    fn begin(
        root: &Path,
        location: &Location,
        tell: &mut dyn FnMut(News) -> ControlFlow<()>,
    ) -> Self {
        let identity = identity(root);
        if identity.is_none() {
            return Self { _debouncer: None, events: None, identity };
        }
        let (sender, events) = mpsc::channel();
        let (own, base) = (location.folder.clone(), root.to_path_buf());
        let handler = move |result: DebounceEventResult| {
            let is_relevant = match result {
                Ok(events) => events.iter().any(|event| {
                    let is_access = matches!(event.kind, EventKind::Access(_));
                    let is_own = |path: &Path| path.starts_with(&own) || is_hidden(path, &base);
                    event.need_rescan()
                        || (!is_access && !event.paths.iter().all(|path| is_own(path)))
                }),
                // Something was missed: look.
                Err(_) => true,
            };
            if is_relevant {
                // Nobody listens any more when the watch ends.
                let _ = sender.send(());
            }
        };
        let watching = new_debouncer(QUIET, None, handler).and_then(|mut debouncer| {
            debouncer.watch(root, RecursiveMode::Recursive)?;
            Ok(debouncer)
        });
        match watching {
            Ok(debouncer) => {
                Self { _debouncer: Some(debouncer), events: Some(events), identity }
            }
            Err(error) => {
                let seconds = UNTOLD.as_secs();
                let _ = tell(News::Trouble(format!(
                    "the system does not tell of changes ({error}); the folder is checked every \
                     {seconds} seconds"
                )));
                Self { _debouncer: None, events: None, identity }
            }
        }
    }

    fn is_told(&self) -> bool {
        self.events.is_some()
    }

    /// Waits for a tick; whether the system told of a change.
    fn changed(&mut self) -> bool {
        let Some(events) = &self.events else {
            thread::sleep(TICK);
            return false;
        };
        match events.recv_timeout(TICK) {
            Ok(()) => {
                while events.try_recv().is_ok() {}
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                self.events = None;
                true
            }
        }
    }

    /// Whether the folder has gone, come back, or is another one of the same name.
    fn is_another_folder(&self, root: &Path) -> bool {
        identity(root) != self.identity
    }
}

fn is_hidden(path: &Path, root: &Path) -> bool {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.iter().any(|part| part.as_encoded_bytes().starts_with(b"."))
}

type Identity = (u64, u64);

/// What tells one folder from another of the same name.
#[cfg(unix)]
fn identity(root: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(root).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// What tells one folder from another of the same name.
#[cfg(not(unix))]
fn identity(root: &Path) -> Option<Identity> {
    std::fs::metadata(root).ok().map(|_| (0, 0))
}
