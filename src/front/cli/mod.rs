//! The command line: arguments to requests, answers to text.
//!
//! [`run`] reads the arguments ([`args`]) and hands over to the file of the command. What is data
//! goes to standard output, all else to standard error; every command ends in an [`Exit`], every
//! failure in the one place that words it ([`failure`]).

mod archive;
mod args;
mod batch;
mod browse;
mod check;
mod context;
mod diff;
mod documentation;
mod environment;
mod exit;
mod export;
mod extract;
mod failure;
mod hits;
mod indexing;
mod interrupt;
mod json;
mod last_search;
mod look;
mod mentions;
mod names;
mod output;
mod pager;
mod person;
mod progress;
mod record;
mod request;
mod saved;
mod search;
mod serve;
mod show;
mod similar;
mod status;
mod svg;
mod timeline;
mod user_file;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command, NamesCommand};
use context::Context;
pub use exit::Exit;
use failure::Failure;

/// Runs the command that the arguments (the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            // Nobody may be left to read it.
            let _ = error.print();
            let exit = if error.use_stderr() { Exit::Failed } else { Exit::Found };
            return exit.into();
        }
    };
    let mut context = Context::new(args.color);
    let outcome = dispatch(args.command, &mut context)
        .and_then(|exit| context.out.flush().map(|()| exit).map_err(Failure::from));
    match outcome {
        Ok(exit) => exit.into(),
        Err(Failure::ReaderGone) => Exit::Found.into(),
        Err(Failure::Told(trouble)) => {
            // What was answered before the trouble still belongs to the reader.
            let _ = context.out.flush();
            context.notes.error(&trouble);
            Exit::Failed.into()
        }
    }
}

fn dispatch(command: Command, context: &mut Context) -> Result<Exit, Failure> {
    match command {
        Command::Index(args) => indexing::index(&args, context),
        Command::Search(args) => search::search(&args, context),
        Command::Show(args) => show::show(&args, context),
        Command::People(args) => names::list(crate::entity::EntityKind::Person, &args, context),
        Command::Orgs(args) => {
            names::list(crate::entity::EntityKind::Organisation, &args, context)
        }
        Command::Places(args) => names::list(crate::entity::EntityKind::Place, &args, context),
        Command::Person(args) => person::person(&args, context),
        Command::Timeline(args) => timeline::timeline(&args, context),
        Command::Similar(args) => similar::similar(&args, context),
        Command::Saved(args) => saved::saved(&args, context),
        Command::Replay(args) => record::replay(&args, context),
        Command::Browse(args) => browse::browse(&args, context),
        Command::Serve(args) => serve::serve(&args, context),
        Command::Watch(args) => watch::watch(&args, context),
        Command::Status(args) => status::status(&args, context),
        Command::Check(args) => check::check(&args, context),
        Command::Extract(args) => extract::extract(&args, context),
        Command::Names(NamesCommand::Compare(args)) => names::compare(&args, context),
        Command::Entities(args) => mentions::entities(&args, context),
        Command::Completions(args) => documentation::completions(&args, context),
        Command::Man(args) => documentation::man(&args, context),
    }
}
