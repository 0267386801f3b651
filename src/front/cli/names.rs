//! `people`, `orgs`, `places` and `names compare`.

use std::io::{BufRead as _, Write as _};

use super::args::{CompareArgs, ListArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{BOLD, DIM, Look, fit, visible};
use super::{archive, json, request, user_file};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::entity::names as comparing;
use crate::search::{EntityList, EntityListRequest, EntityRow};
use crate::text::grouped;

/// Columns of a name in the list at the most.
const NAME_COLUMNS: usize = 36;
/// Other forms of a name that are shown.
const MOST_FORMS: usize = 4;

/// `people [PATTERN]` and its siblings.
pub(super) fn list(
    kind: EntityKind,
    args: &ListArgs,
    context: &mut Context,
) -> Result<Exit, Failure> {
    request::in_order(args.since, args.until)?;
    let text = args.query.clone().unwrap_or_default();
    let wanted = EntityListRequest {
        kind,
        pattern: Some(args.pattern.join(" ")).filter(|pattern| !pattern.trim().is_empty()),
        with: args.with.clone(),
        text: text.clone(),
        since: args.since,
        until: args.until,
        sort: args.sort.into(),
        limit: args.limit,
        offset: args.offset,
    };
    let archive = archive::open(&args.archive)?;
    let found = archive.entities(&wanted).map_err(|error| Failure::of_search(error, &text))?;
    for warning in &found.warnings {
        context.notes.warning(warning);
    }
    if args.json {
        json::write(&found, context)?;
    } else {
        let text = table(&found, args.offset, context.look);
        context.out.text(&text)?;
    }
    Ok(Exit::found(!found.entities.is_empty()))
}

/// Number of articles, name, dates and other forms, a line each.
fn table(list: &EntityList, offset: usize, look: Look) -> String {
    let (one, many) = match list.kind {
        EntityKind::Person => ("person", "people"),
        EntityKind::Organisation => ("organisation", "organisations"),
        EntityKind::Place => ("place", "places"),
    };
    if list.entities.is_empty() {
        return format!("no {many} found\n");
    }
    let numbers: Vec<String> = list.entities.iter().map(|row| grouped(row.articles)).collect();
    let number_width = numbers.iter().map(String::len).max().unwrap_or(1);
    let widths = list.entities.iter().map(|row| columns(&visible(&row.name)));
    let name_width = widths.max().unwrap_or(0).min(NAME_COLUMNS);
    let mut out = String::new();
    for (row, number) in list.entities.iter().zip(&numbers) {
        let shown = fit(&visible(&row.name), name_width.max(1));
        let padding = " ".repeat(name_width.saturating_sub(columns(&shown)));
        let name = look.paint(BOLD, &shown);
        let rest = details(row, number_width + name_width + 4, look);
        let line = format!("{number:>number_width$}  {name}{padding}  {rest}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let shown = list.entities.len() as u64;
    let last = offset as u64 + shown;
    let total = format!("{} {}", grouped(list.total), if list.total == 1 { one } else { many });
    if shown < list.total {
        let first = offset + 1;
        let hint =
            if last < list.total { format!("; more: --offset {last}") } else { String::new() };
        out.push_str(&look.paint(DIM, &format!("{first} to {last} of {total}{hint}")));
    } else {
        out.push_str(&look.paint(DIM, &total));
    }
    out.push('\n');
    out
}

fn details(row: &EntityRow, indent: usize, look: Look) -> String {
    let mut parts = Vec::new();
    parts.extend(row.span.map(span));
    let forms: Vec<_> = row.forms.iter().take(MOST_FORMS).map(|form| visible(form)).collect();
    if !forms.is_empty() {
        parts.push(format!("also {}", forms.join(", ")));
    }
    let text = parts.join("  ");
    let text = match look.width {
        Some(width) => fit(&text, width.saturating_sub(indent).max(10)),
        None => text,
    };
    look.paint(DIM, &text)
}

/// First and last date, or the one of both.
pub(super) fn span([first, last]: [Date; 2]) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// `names compare`: a line of output for each line of input, whatever it holds.
pub(super) fn compare(args: &CompareArgs, context: &mut Context) -> Result<Exit, Failure> {
    let file = args.file.as_deref();
    let mut input = user_file::lines(file)?;
    let mut bytes = Vec::new();
    let mut number = 0_u64;
    loop {
        bytes.clear();
        let read = input.read_until(b'\n', &mut bytes);
        if read.map_err(|error| user_file::failed(file, &error))? == 0 {
            return Ok(Exit::Found);
        }
        number += 1;
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        let (one, other) = line.split_once('\t').unwrap_or_else(|| {
            context.notes.warning(&format!("line {number} holds no tab between two names"));
            (line, "")
        });
        let other = other.split('\t').next().unwrap_or_default();
        let compared = comparing::compare(one, other);
        let verdict = if compared.same { "same" } else { "different" };
        writeln!(context.out, "{:.4}\t{verdict}", compared.likeness)?;
    }
}
