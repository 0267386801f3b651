//! Ctrl-C and the system's wish to end: work that is under way is told, and ends in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Status of a program that was interrupted, as shells write it: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// Whether the process was told to end.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    stop: Arc<AtomicBool>,
    at_work: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on. The first signal calls `on_stop` while work goes on; a second one, or
    /// one when no work is left to end in order, ends the process at once.
    pub(super) fn listen(on_stop: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        interrupt.at_work.store(true, Ordering::Relaxed);
        let of_thread = interrupt.clone();
        thread::spawn(move || {
            let Ok(runtime) =
                tokio::runtime::Builder::new_current_thread().enable_all().build()
            else {
                return;
            };
            while runtime.block_on(next_signal()) {
                let is_second = of_thread.stop.swap(true, Ordering::Relaxed);
                if is_second || !of_thread.at_work.load(Ordering::Relaxed) {
                    end_at_once();
                }
                on_stop();
            }
        });
        interrupt
    }

    /// Whether a signal came.
    pub(super) fn came(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Nothing is left that would have to end in order.
    pub(super) fn work_is_done(&self) {
        self.at_work.store(false, Ordering::Relaxed);
    }
}

#[expect(clippy::exit, reason = "a second Ctrl-C must not wait; the index survives any end")]
fn end_at_once() {
    std::process::exit(INTERRUPTED);
}

/// Waits for a signal; false where none can be had.
#[cfg(unix)]
async fn next_signal() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.is_ok(),
        terminated = terminate.recv() => terminated.is_some(),
    }
}

/// Waits for a signal; false where none can be had.
#[cfg(not(unix))]
async fn next_signal() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
