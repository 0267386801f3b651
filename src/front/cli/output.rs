//! Standard output for data, standard error for all else.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Stdout, Write};

use super::failure::{Failure, Trouble};
use super::look::{DIM, ERROR, HINT, Look, WARNING, visible};

/// Standard output.
pub(super) struct Output {
    stream: BufWriter<Stdout>,
    is_terminal: bool,
}

impl Output {
    pub(super) fn new(is_terminal: bool) -> Self {
        Self { stream: BufWriter::with_capacity(1 << 16, io::stdout()), is_terminal }
    }

    /// Whether a person looks on.
    pub(super) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes text as it is.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.stream.write_all(text.as_bytes())?)
    }

    /// Hands over what was written so far.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Standard error. Nothing is done about one that cannot be written to.
pub(super) struct Notes {
    look: Look,
}

impl Notes {
    pub(super) fn new(color: bool) -> Self {
        Self { look: Look { color, width: None } }
    }

    /// Something that a person should know.
    pub(super) fn warning(&self, text: &str) {
        Self::write(&format!("{} {}\n", self.look.paint(WARNING, "warning:"), visible(text)));
    }

    /// Something that is nice to know.
    pub(super) fn note(&self, text: &str) {
        Self::write(&format!("{}\n", self.look.paint(DIM, &visible(text))));
    }

    /// Why the command failed, where, and what to do.
    pub(super) fn error(&self, trouble: &Trouble) {
        let mut text =
            format!("{} {}\n", self.look.paint(ERROR, "error:"), visible(&trouble.message));
        if let Some(excerpt) = &trouble.excerpt {
            for line in excerpt.lines() {
                let _ = writeln!(text, "  {}", visible(line));
            }
        }
        if let Some(hint) = &trouble.hint {
            let heading = self.look.paint(HINT, "hint:");
            let _ = writeln!(text, "\n{heading} {}", visible(hint));
        }
        Self::write(&text);
    }

    fn write(text: &str) {
        let mut stream = io::stderr().lock();
        let _ = stream.write_all(text.as_bytes());
    }
}
