//! Long texts on a terminal go through the user's pager.

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use super::context::Context;
use super::environment;
use super::failure::Failure;

/// The pager where the user has chosen none.
const USUAL: &str = "less";

/// Shows a text: through the pager if a person looks on and it is longer than the screen.
pub(super) fn show(text: &str, wanted: bool, context: &mut Context) -> Result<(), Failure> {
    let height = terminal_size::terminal_size().map(|(_, height)| usize::from(height.0));
    let is_long = height.is_some_and(|height| text.lines().count() >= height);
    if wanted && is_long && context.out.is_terminal() && paged(text) {
        return Ok(());
    }
    context.out.text(text)
}

/// Whether a pager took the text.
fn paged(text: &str) -> bool {
    let chosen = environment::pager().unwrap_or_else(|| USUAL.to_owned());
    let mut words = chosen.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if !environment::has_less_options() {
        // Colours as they are, end at once if it fits, leave the text on the screen.
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else { return false };
    if let Some(mut input) = pager.stdin.take() {
        match input.write_all(text.as_bytes()) {
            // The reader has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Ok(()) | Err(_) => {}
        }
    }
    pager.wait().is_ok()
}
