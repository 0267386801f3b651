//! `timeline`: articles over time, as a chart.

use super::args::TimelineArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{BAR, DIM, Look};
use super::{archive, json, search, svg};
use crate::search::{SearchRequest, Step, Timeline, TimelineRequest, TimelineStep};
use crate::text::grouped;
use std::fmt::Write as _;

/// Columns of the longest bar where lines are not as wide as a terminal.
const BAR_COLUMNS: usize = 60;

/// So many steps without articles in a row are drawn one by one; more become one line.
const MOST_EMPTY: usize = 3;

/// `timeline [QUERY]`.
pub(super) fn timeline(args: &TimelineArgs, context: &mut Context) -> Result<Exit, Failure> {
    let wanted = SearchRequest { limit: 0, ..args.query.request()? };
    let archive = archive::open(&args.archive)?;
    let request = TimelineRequest { search: wanted, by: args.by.map(Step::from) };
    let found = archive
        .timeline(&request)
        .map_err(|error| Failure::of_search(error, &request.search.text))?;
    search::tell(&found.query, &request.search, context);
    if args.json {
        json::write(&found, context)?;
    } else if args.svg {
        context.out.text(&svg::timeline(&found, request.search.all_copies))?;
    } else {
        let text = chart(&found, request.search.all_copies, context.look);
        context.out.text(&text)?;
    }
    Ok(Exit::found(found.total > 0))
}

/// A bar for each step. Where the archive itself holds little, the step says so, so that a gap is
/// not read as silence.
fn chart(timeline: &Timeline, all_copies: bool, look: Look) -> String {
    let steps = &timeline.steps;
    let most = steps.iter().map(|step| step.count).max().unwrap_or(0).max(1);
    let label = steps.iter().map(|step| step.date.to_string().len()).max().unwrap_or(4);
    let width = match look.columns() {
        Some(columns) => columns.saturating_sub(label + grouped(most).len() + 3).max(10),
        None => BAR_COLUMNS,
    };
    let mut out = String::new();
    let mut rest = steps.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let empty = rest.iter().take_while(|step| step.count == 0).count();
        if empty > MOST_EMPTY {
            out.push_str(&gap(rest.get(..empty).unwrap_or_default(), look));
            rest = rest.get(empty..).unwrap_or_default();
            continue;
        }
        out.push_str(&line(first, most, label, width, look));
        rest = after;
    }
    let found = search::found(timeline.total, all_copies);
    let step = step_name(timeline.by);
    let mut end = format!("{found} by {step}");
    if timeline.undated > 0 {
        let undated = grouped(timeline.undated);
        let _ = write!(end, "; {undated} more without a date that tells the {step}");
    }
    let _ = writeln!(out, "{end}");
    if steps.iter().any(|step| step.thin) {
        let note = "░ the archive itself holds few articles of that time: a gap says little";
        let _ = writeln!(out, "{}", look.paint(DIM, note));
    }
    out
}

fn line(step: &TimelineStep, most: u64, label: usize, width: usize, look: Look) -> String {
    let date = format!("{:<label$}", step.date.to_string());
    let drawn = look.paint(BAR, &bar(step.count, most, width));
    let mark = if step.thin { look.paint(DIM, "░") } else { " ".to_owned() };
    let text = if step.count == 0 {
        format!("{date} {mark}")
    } else {
        format!("{date} {mark}{drawn} {}", grouped(step.count))
    };
    format!("{}\n", text.trim_end())
}

/// Steps without articles, on one line.
fn gap(steps: &[TimelineStep], look: Look) -> String {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return String::new() };
    let thin = steps.iter().filter(|step| step.thin).count();
    let reason = match thin {
        0 => "none".to_owned(),
        all if all == steps.len() => "the archive holds hardly anything".to_owned(),
        some => {
            let (some, all) = (grouped(some as u64), grouped(steps.len() as u64));
            format!("none; the archive holds hardly anything in {some} of {all}")
        }
    };
    let text = format!("{} to {}: {reason}", first.date, last.date);
    format!("{}\n", look.paint(DIM, &text))
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::Day => "day",
        Step::Month => "month",
        Step::Year => "year",
    }
}

/// A bar of so many columns for the largest count, to the eighth of a column; something is seen of
/// every count that is not 0.
pub(super) fn bar(count: u64, most: u64, columns: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count as f64 / most.max(1) as f64 * (columns * 8) as f64).round() as usize;
    let eighths = eighths.max(usize::from(count > 0));
    let part = PARTS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{part}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::QueryInfo;

    #[test]
    fn every_count_is_seen_and_the_largest_fills_the_line() {
        assert_eq!([0, 1, 500, 1000].map(|count| bar(count, 1000, 4)), ["", "▏", "██", "████"]);
        assert_eq!(bar(3, 0, 1), "███");
    }

    #[test]
    fn a_gap_of_the_archive_is_not_shown_as_silence() {
        let step = |year: i16, count: u64, thin: bool| TimelineStep {
            date: crate::article::Date::from_year(year).unwrap(),
            count,
            archive: if thin { 0 } else { 90 },
            thin,
        };
        let mut steps = vec![step(1990, 4, false), step(1991, 0, false), step(1992, 2, false)];
        steps.extend((1993..2000).map(|year| step(year, 0, true)));
        steps.push(step(2000, 1, true));
        let timeline = Timeline {
            version: 1,
            query: QueryInfo::default(),
            by: Step::Year,
            total: 7,
            undated: 2,
            steps,
        };
        insta::assert_snapshot!(chart(&timeline, true, Look { color: false, width: Some(30) }), @r"
        1990  ██████████████████████ 4
        1991
        1992  ███████████ 2
        1993 to 1999: the archive holds hardly anything
        2000 ░█████▌ 1
        7 articles by year; 2 more without a date that tells the year
        ░ the archive itself holds few articles of that time: a gap says little
        ");
    }
}
