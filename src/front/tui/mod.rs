//! The terminal browser.
//!
//! [`browse`] is a loop of three steps: wait for events (keys, the mouse, timers, answers of the
//! archive), let [`update`] change the [`state`] by them, [`draw`] the state. What [`update`]
//! wants done comes back as commands; questions to the archive go to threads of their own
//! ([`question`]), so that the screen never waits for an answer, and an answer to a question that
//! was overtaken is dropped.

mod article_layout;
mod draw;
mod edit_line;
#[cfg(test)]
mod fake_hits;
mod filters;
mod history;
mod keys;
mod list;
mod original;
mod question;
mod screen;
mod signals;
mod state;
mod terminal;
mod update;
mod visible;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use crossterm::event as input;

use self::draw::Theme;
use self::filters::Search;
use self::history::HistoryFile;
use self::original::Programs;
use self::question::{Askers, Failure, Reply};
use self::signals::Signals;
use self::state::State;
use self::terminal::Screen;
use self::update::{Command, Event, Timer};
use crate::search::{Archive, SearchRequest};

/// How long keys are waited for while an answer is awaited as well, and while none is.
const BUSY: Duration = Duration::from_millis(8);
const IDLE: Duration = Duration::from_millis(250);

/// What the browser takes from the command line and the environment.
#[derive(Clone, Debug, Default)]
pub struct BrowseOptions {
    /// The search to begin with; empty for none.
    pub search: SearchRequest,
    /// The file that past searches are kept in; none are kept without one.
    pub history: Option<PathBuf>,
    /// The command that opens a file for editing (`$VISUAL`, `$EDITOR`).
    pub editor: Option<String>,
    /// The command that shows a file (`$PAGER`).
    pub pager: Option<String>,
    /// Whether colours are used beside bold, underline and reverse.
    pub color: bool,
    /// Whether the terminal can be sent texts for the clipboard (OSC 52). Where not, citations
    /// are printed at the end.
    pub clipboard: bool,
}

/// Why the browser could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum BrowseError {
    /// The terminal cannot be used.
    #[error("the terminal cannot be used")]
    Terminal(#[source] io::Error),
}

/// Runs the browser until the reader quits. Returns what is to be printed then: the citations
/// that were asked for, if any.
///
/// # Errors
/// [`BrowseError::Terminal`] where there is no terminal, or where it fails on the way. The
/// terminal has been given back by then.
pub fn browse(
    options: BrowseOptions,
    archive: Arc<Archive>,
) -> Result<Option<String>, BrowseError> {
    let theme = Theme { color: options.color };
    let mut screen = Screen::open(theme).map_err(BrowseError::Terminal)?;
    let printed = run(&mut screen, options, &archive).map_err(BrowseError::Terminal)?;
    screen.close().map_err(BrowseError::Terminal)?;
    Ok((!printed.is_empty()).then(|| printed.join("\n\n")))
}

fn run(
    screen: &mut Screen,
    options: BrowseOptions,
    archive: &Arc<Archive>,
) -> io::Result<Vec<String>> {
    let history = options.history.map(HistoryFile::new);
    let (past, history_problem) = match history.as_ref().map(HistoryFile::load) {
        Some(Ok(past)) => (past, None),
        Some(Err(error)) => {
            (Vec::new(), Some(format!("past searches cannot be read: {error}")))
        }
        None => (Vec::new(), None),
    };
    let search = Search::new(options.search);
    let mut state = State::new(search, past, options.clipboard, screen.size()?);
    let mut commands = update::begin(&mut state);
    state.notice = history_problem;

    let programs = Programs { editor: options.editor, pager: options.pager };
    let signals = Signals::watch()?;
    let (sender, replies) = mpsc::channel();
    let askers = Askers::start(archive, &sender);
    let mut waiting = Waiting { replies, timers: Vec::new() };
    loop {
        for command in std::mem::take(&mut commands) {
            match command {
                Command::Ask(number, question) => askers.put(number, question),
                Command::Wake(after, timer) => {
                    waiting.timers.push((Instant::now() + after, timer));
                }
                Command::Remember(text) => {
                    if let Some(Err(error)) = history.as_ref().map(|file| file.append(&text)) {
                        state.notice = Some(format!("the search was not noted down: {error}"));
                    }
                }
                Command::Copy(text) => screen.copy(&text)?,
                Command::Open(opening) => {
                    let shown = screen.lend(|| {
                        terminal::run(programs.command(&opening), &programs.program(&opening))
                    });
                    // An interrupt was meant for that program.
                    signals.forget_interrupt();
                    let result = shown.map_err(|error| Failure::new(error.to_string()));
                    commands.extend(update::update(&mut state, Event::Returned(result)));
                }
                Command::Redraw => screen.clear()?,
                Command::Suspend => screen.lend(signals::stop)?,
                Command::Quit => return Ok(state.printed),
            }
        }
        if !commands.is_empty() {
            continue;
        }
        screen.draw(&state)?;
        let mut events = Vec::new();
        while events.is_empty() {
            if signals.end() {
                return Ok(state.printed);
            }
            events = waiting.next(!state.awaited.is_empty())?;
        }
        for event in events {
            commands.extend(update::update(&mut state, event));
        }
    }
}

/// Whatever may happen next.
struct Waiting {
    replies: mpsc::Receiver<Reply>,
    timers: Vec<(Instant, Timer)>,
}

impl Waiting {
    /// All that has happened, after a while at the most; possibly nothing.
    fn next(&mut self, busy: bool) -> io::Result<Vec<Event>> {
        let now = Instant::now();
        let next_timer =
            self.timers.iter().map(|(at, _)| at.saturating_duration_since(now)).min();
        let longest = if busy { BUSY } else { IDLE };
        let mut patience = next_timer.unwrap_or(longest).min(longest);
        let mut events = Vec::new();
        while input::poll(patience)? {
            patience = Duration::ZERO;
            match input::read()? {
                input::Event::Key(key) => events.push(Event::Key(key)),
                input::Event::Paste(text) => events.push(Event::Paste(text)),
                input::Event::Mouse(mouse) => events.push(Event::Mouse(mouse)),
                input::Event::Resize(width, height) => {
                    events.push(Event::Resize(width, height));
                }
                input::Event::FocusGained | input::Event::FocusLost => {}
            }
        }
        let answers = self.replies.try_iter();
        events.extend(
            answers.map(|(number, topic, answer)| Event::Answered(number, topic, answer)),
        );
        let now = Instant::now();
        self.timers.retain(|(at, timer)| {
            if *at <= now {
                events.push(Event::Due(*timer));
            }
            *at > now
        });
        Ok(events)
    }
}
