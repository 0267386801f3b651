//! What is seen of a run while it goes on: a line on the terminal.

use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::look::{fit, visible};
use crate::ingest::Progress;
use crate::text::{counted, grouped};

/// How often the line is drawn.
pub(super) const PACE: Duration = Duration::from_millis(100);

/// A run shorter than this shows no line at all.
const PATIENCE: Duration = Duration::from_millis(400);

/// The line of a run.
pub(super) struct Line {
    bar: ProgressBar,
    begin: Instant,
    style: Style,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    None,
    Walking,
    Reading,
}

impl Line {
    /// A line on standard error; on none that is no terminal.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self { bar, begin: Instant::now(), style: Style::None }
    }

    /// Draws how far the run has come, with the time left where the number of `files` is known.
    pub(super) fn draw(&mut self, progress: &Progress, files: Option<u64>) {
        let seconds = self.begin.elapsed();
        if seconds < PATIENCE || !stderr().is_terminal() {
            return;
        }
        if self.style == Style::None {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let style = if files.is_some() { Style::Reading } else { Style::Walking };
        if style != self.style {
            let template = match style {
                Style::Reading => "{bar:24} {pos}/{len} files, {eta} left · {wide_msg}",
                Style::Walking | Style::None => "{spinner} {pos} files · {wide_msg}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style.progress_chars("━━─"));
            }
            self.style = style;
        }
        // Files are read, or seen and found unchanged.
        let (seen, queued) = (count(&progress.seen), count(&progress.queued));
        let done = seen.saturating_sub(queued) + count(&progress.read);
        if let Some(files) = files {
            self.bar.set_length(files.max(seen));
        }
        self.bar.set_position(done);
        let articles = count(&progress.articles);
        let rate = articles as f64 / seconds.as_secs_f64().max(0.001);
        let mut message = format!(
            "{} ({}/s)",
            counted(articles, "article", "articles"),
            grouped(rate.round() as u64)
        );
        let problems = count(&progress.problems);
        if problems > 0 {
            message.push_str(" · ");
            message.push_str(&counted(problems, "problem", "problems"));
        }
        if progress.stop.load(Ordering::Relaxed) {
            message.push_str(" · stopping, what is read will be kept");
        } else if let Ok(current) = progress.current.try_lock() {
            message.push_str(" · ");
            message.push_str(&fit(&visible(&current), 60));
        }
        self.bar.set_message(message);
        self.bar.tick();
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
