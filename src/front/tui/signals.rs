//! Signals that end the browser: it leaves by its own door, so that the terminal is given back.

#[cfg(unix)]
mod unix {
    use std::io::{self, IsTerminal};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Weak};
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    use signal_hook::{SigId, flag, low_level};

    /// How often the terminal is looked for.
    const LOOK: Duration = Duration::from_millis(500);

    /// Notes signals while it lives.
    pub(in super::super) struct Signals {
        interrupt: Arc<AtomicBool>,
        end: Arc<AtomicBool>,
        watched: Vec<SigId>,
    }

    impl Signals {
        pub(in super::super) fn watch() -> io::Result<Self> {
            let (interrupt, end) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
            let mut signals = Self { interrupt, end, watched: Vec::new() };
            let notes =
                [(SIGINT, &signals.interrupt), (SIGTERM, &signals.end), (SIGHUP, &signals.end)];
            for (signal, note) in notes {
                signals.watched.push(flag::register(signal, Arc::clone(note))?);
            }
            let alive = Arc::downgrade(&signals.end);
            thread::spawn(move || end_without_terminal(&alive));
            Ok(signals)
        }

        /// Whether a signal asks the browser to end.
        pub(in super::super) fn end(&self) -> bool {
            self.interrupt.load(Ordering::SeqCst) || self.end.load(Ordering::SeqCst)
        }

        pub(in super::super) fn forget_interrupt(&self) {
            self.interrupt.store(false, Ordering::SeqCst);
        }
    }

    impl Drop for Signals {
        fn drop(&mut self) {
            for signal in self.watched.drain(..) {
                low_level::unregister(signal);
            }
        }
    }

    /// Ends the process, as a hangup does, when its terminal has gone (a closed window, a lost
    /// connection): there is nothing to give back then, and reading keys, as crossterm does it,
    /// would never return.
    fn end_without_terminal(alive: &Weak<AtomicBool>) {
        while alive.strong_count() > 0 {
            if !io::stdin().is_terminal() {
                let _ = low_level::emulate_default_handler(SIGHUP);
            }
            thread::sleep(LOOK);
        }
    }

    /// Stops the process until the shell lets it go on.
    pub(in super::super) fn stop() -> io::Result<()> {
        low_level::raise(SIGTSTP)
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;

    /// There is nothing to watch: Ctrl-C is a key.
    pub(in super::super) struct Signals;

    impl Signals {
        pub(in super::super) fn watch() -> io::Result<Self> {
            Ok(Self)
        }

        pub(in super::super) fn end(&self) -> bool {
            false
        }

        pub(in super::super) fn forget_interrupt(&self) {}
    }

    pub(in super::super) fn stop() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::{Signals, stop};
#[cfg(unix)]
pub(super) use unix::{Signals, stop};
