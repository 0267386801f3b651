//! `browse`: the terminal browser.

use std::io::{IsTerminal as _, stdin};
use std::sync::Arc;

use super::args::BrowseArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::{archive, environment};
use crate::front::tui::{self, BrowseOptions};

/// `browse [QUERY]`.
pub(super) fn browse(args: &BrowseArgs, context: &mut Context) -> Result<Exit, Failure> {
    if !context.out.is_terminal() || !stdin().is_terminal() {
        return Err(Failure::new("the browser needs a terminal")
            .hint("`newshound search` writes hits anywhere"));
    }
    if let Some(terminal) = environment::terminal_without_screen() {
        return Err(Failure::new(format!(
            "the terminal is said to be `{terminal}`, on which no screen can be drawn"
        ))
        .hint(
            "set TERM to the kind of terminal it is; `newshound search` writes hits anywhere",
        ));
    }
    let options = BrowseOptions {
        search: args.query.request()?,
        history: environment::state_folder().map(|folder| folder.join("history")),
        editor: environment::editor(),
        pager: environment::pager().filter(|pager| !pager.is_empty()),
        color: context.look.color,
        clipboard: environment::has_clipboard(),
    };
    let archive = Arc::new(archive::open(&args.archive)?);
    if let Some(text) = tui::browse(options, archive)? {
        context.out.text(&format!("{text}\n"))?;
    }
    Ok(Exit::Found)
}
