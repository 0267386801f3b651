//! `completions` and `man`: made from the definition of the arguments.

use clap::CommandFactory as _;

use super::args::{Args, CompletionsArgs, ManArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::user_file;

/// `completions SHELL`.
pub(super) fn completions(
    args: &CompletionsArgs,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let mut command = Args::command();
    clap_complete::generate(args.shell, &mut command, "newshound", &mut text);
    context.out.text(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Found)
}

/// `man`: the page of the whole, or a page for each command in a folder.
pub(super) fn man(args: &ManArgs, context: &mut Context) -> Result<Exit, Failure> {
    let mut command = Args::command();
    command.build();
    let Some(folder) = &args.dir else {
        let page = page(&command)?;
        context.out.text(&page)?;
        return Ok(Exit::Found);
    };
    let mut waiting = vec![command];
    while let Some(command) = waiting.pop() {
        if command.is_hide_set() || command.get_name() == "help" {
            continue;
        }
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        user_file::write(&folder.join(format!("{name}.1")), &page(&command)?)?;
        waiting.extend(command.get_subcommands().cloned());
    }
    Ok(Exit::Found)
}

fn page(command: &clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
