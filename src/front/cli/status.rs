//! `status`: what the archive holds.

use super::args::StatusArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{BAR, BOLD, DIM, Look, WARNING, visible};
use super::timeline::bar;
use super::{archive, json};
use crate::index::Location;
use crate::search::{Archive, FacetCount, Status};
use crate::text::grouped;
use std::fmt::Write as _;

const BAR_COLUMNS: usize = 40;
/// Values of a count that are shown.
const MOST_VALUES: usize = 12;

/// `status`.
pub(super) fn status(args: &StatusArgs, context: &mut Context) -> Result<Exit, Failure> {
    let location = archive::locate(&args.archive)?;
    let archive = Archive::open(&location)?;
    let status = archive.status()?;
    if args.json {
        json::write(&*status, context)?;
    } else {
        let text = describe(&status, archive.location(), context.look);
        context.out.text(&text)?;
    }
    Ok(Exit::Found)
}

fn describe(status: &Status, location: &Location, look: Look) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        out.push_str(&look.lines(&format!("{name:<15}"), &" ".repeat(15), &value));
    };
    if let Some(root) = &location.root {
        line("Archive", visible(&root.display().to_string()).into_owned());
    }
    let index = visible(&location.folder.display().to_string()).into_owned();
    line("Index", format!("{index} ({})", size(status.index_bytes)));
    line(
        "Articles",
        format!("{} in {} files", grouped(status.articles), grouped(status.files)),
    );
    line(
        "Names",
        format!(
            "{} people, {} organisations, {} places",
            grouped(status.people),
            grouped(status.organisations),
            grouped(status.places)
        ),
    );
    for (name, counts) in [
        ("Formats", &status.formats),
        ("Sources", &status.sources),
        ("Languages", &status.languages),
    ] {
        if !counts.is_empty() {
            line(name, listed(counts, look));
        }
    }
    if status.undated > 0 {
        line("Undated", grouped(status.undated));
    }
    if !status.years.is_empty() {
        let _ = writeln!(out, "\n{}", look.paint(BOLD, "Articles by year"));
        let most = status.years.iter().map(|year| year.count).max().unwrap_or(1);
        for year in &status.years {
            let drawn = look.paint(BAR, &bar(year.count, most, BAR_COLUMNS));
            let count = grouped(year.count);
            let _ = writeln!(out, "  {}  {drawn} {count}", visible(&year.value));
        }
    }
    if !status.problems.is_empty() {
        let heading = format!("Problems ({})", status.problems.len());
        let _ = writeln!(out, "\n{}", look.paint(WARNING, &heading));
        for problem in &status.problems {
            let place = match &problem.member {
                Some(member) => format!("{}#{member}", problem.path),
                None => problem.path.clone(),
            };
            let text = format!("{}: {}", visible(&place), visible(&problem.reason));
            out.push_str(&look.lines("  ", "    ", &text));
        }
    }
    out
}

fn listed(counts: &[FacetCount], look: Look) -> String {
    let mut texts: Vec<String> = counts
        .iter()
        .take(MOST_VALUES)
        .map(|count| {
            let number = look.paint(DIM, &grouped(count.count));
            format!("{} {number}", visible(&count.value))
        })
        .collect();
    let more = counts.len().saturating_sub(MOST_VALUES);
    if more > 0 {
        texts.push(format!("{more} more"));
    }
    texts.join(" · ")
}

/// A number of bytes for a person.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let mut value = bytes as f64 / 1000.0;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    format!("{value:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_for_people() {
        assert_eq!([0, 999, 1_500_000].map(size), ["0.0 kB", "1.0 kB", "1.5 MB"]);
    }
}
