//! What every command is given: where to write, and how it looks there.

use std::io::{IsTerminal as _, stderr, stdout};

use anstream::{AutoStream, ColorChoice};

use super::args::ColorWhen;
use super::look::Look;
use super::output::{Notes, Output};

/// Standard output and error of a command.
pub(super) struct Context {
    /// Where data goes.
    pub(super) out: Output,
    /// How it looks.
    pub(super) look: Look,
    /// Where all else goes.
    pub(super) notes: Notes,
}

impl Context {
    pub(super) fn new(color: ColorWhen) -> Self {
        let wanted = match color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        };
        wanted.write_global();
        let is_colored = |choice| choice != ColorChoice::Never;
        let out_color = is_colored(AutoStream::choice(&stdout()));
        let error_color = is_colored(AutoStream::choice(&stderr()));
        let width = terminal_size::terminal_size_of(stdout()).map(|(width, _)| width.0.into());
        let is_terminal = stdout().is_terminal();
        Self {
            out: Output::new(is_terminal),
            look: Look { color: out_color, width: width.filter(|_| is_terminal) },
            notes: Notes::new(error_color),
        }
    }
}
