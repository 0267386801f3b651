//! The terminal while the browser has it: taken at the beginning, given back at the end, whatever
//! the end is.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic::{self, PanicHookInfo};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};

use super::draw::{self, Theme};
use super::state::State;

/// Only clicks and the wheel are wanted, not every move.
#[cfg(unix)]
const NO_MOUSE_MOVES: &str = "\x1b[?1003l\x1b[?1002l\x1b[?1000h";
#[cfg(not(unix))]
const NO_MOUSE_MOVES: &str = "";

/// Where the screen is drawn: standard output, or standard error where the output goes to a file
/// or another program.
#[derive(Clone, Copy, Debug)]
enum Output {
    Stdout,
    Stderr,
}

impl Output {
    fn find() -> io::Result<Self> {
        if io::stdout().is_terminal() {
            Ok(Self::Stdout)
        } else if io::stderr().is_terminal() {
            Ok(Self::Stderr)
        } else {
            Err(io::Error::new(io::ErrorKind::Unsupported, "there is no terminal to draw on"))
        }
    }

    fn writer(self) -> Box<dyn Write> {
        match self {
            Self::Stdout => Box::new(BufWriter::new(io::stdout())),
            Self::Stderr => Box::new(BufWriter::new(io::stderr())),
        }
    }

    fn take(self) -> io::Result<()> {
        enable_raw_mode()?;
        // `execute!` evaluates its writer twice: only one that is named is flushed.
        let mut writer = self.writer();
        execute!(
            writer,
            EnterAlternateScreen,
            EnableMouseCapture,
            Print(NO_MOUSE_MOVES),
            EnableBracketedPaste
        )
    }

    fn give_back(self) -> io::Result<()> {
        let mut writer = self.writer();
        let written = execute!(
            writer,
            DisableBracketedPaste,
            DisableMouseCapture,
            ResetColor,
            LeaveAlternateScreen,
            cursor::Show
        );
        disable_raw_mode().and(written)
    }
}

/// The screen. Dropping it gives the terminal back.
pub(super) struct Screen {
    output: Output,
    terminal: Terminal<CrosstermBackend<Box<dyn Write>>>,
    /// Whether the terminal is ours at the moment; shared with the panic hook.
    taken: Arc<AtomicBool>,
    theme: Theme,
    _hook: PanicHook,
}

impl Screen {
    /// Takes the terminal.
    pub(super) fn open(theme: Theme) -> io::Result<Self> {
        let output = Output::find()?;
        if !io::stdin().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "standard input is no terminal to read keys from",
            ));
        }
        let taken = Arc::new(AtomicBool::new(true));
        let hook = PanicHook::set(output, Arc::clone(&taken));
        if let Err(error) = output.take() {
            // Some of it may have been done.
            let _ = output.give_back();
            return Err(error);
        }
        match Terminal::new(CrosstermBackend::new(output.writer())) {
            Ok(terminal) => Ok(Self { output, terminal, taken, theme, _hook: hook }),
            Err(error) => {
                let _ = output.give_back();
                Err(error)
            }
        }
    }

    pub(super) fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    pub(super) fn draw(&mut self, state: &State) -> io::Result<()> {
        let theme = self.theme;
        self.terminal.draw(|frame| draw::draw(frame, state, theme)).map(|_| ())
    }

    /// Draws everything anew with the next [`Screen::draw`].
    pub(super) fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` asks the terminal for its cursor, and not every terminal answers.
        let Size { width, height } = self.terminal.size()?;
        self.terminal.resize(Rect { x: 0, y: 0, width, height })
    }

    /// Puts a text on the clipboard of the terminal, by the sequence OSC 52.
    pub(super) fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Gives the terminal to something else for a while.
    pub(super) fn lend(&mut self, to: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.taken.store(false, Ordering::SeqCst);
        self.output.give_back()?;
        let result = to();
        self.output.take()?;
        self.taken.store(true, Ordering::SeqCst);
        self.clear()?;
        result
    }

    /// Gives the terminal back for good.
    pub(super) fn close(self) -> io::Result<()> {
        self.taken.store(false, Ordering::SeqCst);
        self.output.give_back()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.taken.swap(false, Ordering::SeqCst) {
            // There is nobody left to tell.
            let _ = self.output.give_back();
        }
    }
}

/// Runs a program, known to the reader by this name, on the terminal that was lent to it.
pub(super) fn run(mut command: Command, program: &str) -> io::Result<()> {
    let status = command
        .status()
        .map_err(|error| io::Error::new(error.kind(), format!("{program}: {error}")))?;
    match status.code() {
        // A pager that was interrupted has done its work.
        Some(0 | 130) | None => Ok(()),
        // How a shell says so (POSIX.1-2017, Shell Command Language, 2.8.2).
        Some(126 | 127) => Err(io::Error::other(format!(
            "`{program}` cannot be run: set $EDITOR or $PAGER to a program that is there"
        ))),
        Some(code) => Err(io::Error::other(format!("`{program}` ended with status {code}"))),
    }
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// While it lives, a panic first gives the terminal back and then reports as before. A panic of
/// another thread is no end of the browser: it is reported as a failed question, and nothing is
/// written over the screen.
struct PanicHook {
    previous: Arc<Hook>,
}

impl PanicHook {
    fn set(output: Output, taken: Arc<AtomicBool>) -> Self {
        let previous: Arc<Hook> = Arc::new(panic::take_hook());
        let report = Arc::clone(&previous);
        let screen_thread = thread::current().id();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == screen_thread {
                if taken.swap(false, Ordering::SeqCst) {
                    let _ = output.give_back();
                }
                report(info);
            } else if !taken.load(Ordering::SeqCst) {
                report(info);
            }
        }));
        Self { previous }
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        // During a panic the hook cannot be changed; it does no harm.
        if !thread::panicking() {
            let previous = Arc::clone(&self.previous);
            panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}
