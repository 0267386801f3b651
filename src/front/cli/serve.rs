//! `serve`: web pages and API.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::args::{ReadingArgs, ServeArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::{archive, watch};
use crate::front::web::{self, ServeOptions};
use crate::search::Archive;

/// What `--token` takes for a token that is made up.
const NEW: &str = "new";

/// How often the whole folder is checked meanwhile.
const CHECK_EVERY: Duration = Duration::from_mins(5);

/// `serve`.
pub(super) fn serve(args: &ServeArgs, context: &mut Context) -> Result<Exit, Failure> {
    let location = archive::locate(&args.archive)?;
    let archive = Arc::new(Archive::open(&location)?);
    let token = match args.token.as_deref() {
        Some(NEW) => {
            let token = web::new_token()?;
            context.out.text(&format!("token: {token}\n"))?;
            Some(token)
        }
        Some("") | None => None,
        Some(token) => Some(token.to_owned()),
    };
    let options = ServeOptions {
        addr: args.addr,
        allow_remote: args.allow_remote,
        token,
        hosts: args.hosts.clone(),
        allow_origins: args.allow_origins.clone(),
        ..ServeOptions::default()
    };
    let stop = AtomicBool::new(false);
    let root = archive.location().clone();
    let reading = ReadingArgs::default();
    let notes = &context.notes;
    let out = &mut context.out;
    let outcome = thread::scope(|scope| {
        if args.watch {
            scope.spawn(|| {
                let mut tell = |news: watch::News| {
                    match news {
                        watch::News::Trouble(text) => notes.warning(&text),
                        watch::News::Refreshed(line) => notes.note(&line),
                    }
                    ControlFlow::Continue(())
                };
                watch::keep_fresh(&root, reading, CHECK_EVERY, &|| is_over(&stop), &mut tell);
            });
        }
        let outcome = web::serve(&options, archive, |addr| {
            // Nobody may be left to read it.
            let _ = out.text(&format!("serving on http://{addr}/\n"));
            let _ = out.flush();
        });
        stop.store(true, Ordering::Relaxed);
        outcome
    });
    outcome?;
    Ok(Exit::Found)
}

fn is_over(stop: &AtomicBool) -> bool {
    stop.load(Ordering::Relaxed)
}
