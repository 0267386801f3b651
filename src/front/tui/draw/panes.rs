//! The panes: the list, the article, the facets.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Theme, put};
use crate::front::tui::article_layout::wrap;
use crate::front::tui::filters::Choice;
use crate::front::tui::list::List;
use crate::front::tui::screen::{article_column, hit_lines};
use crate::front::tui::state::{
    FacetLine, FacetRow, Focus, Reading, Spot, State, Subject, facet_lines,
};
use crate::front::tui::visible::{fit, width};
use crate::text::grouped;

/// The first row of a pane: heavy where the keys act on it. Returns what is below it.
fn heading(buffer: &mut Buffer, area: Rect, text: &str, focused: bool) {
    let line = if focused { "━" } else { "─" };
    let cells = usize::from(area.width);
    put(buffer, area, 0, 0, &line.repeat(cells), Theme::note());
    let text = fit(&format!(" {text} "), cells.saturating_sub(2));
    let style =
        if focused { Theme::selected() } else { Style::new().add_modifier(Modifier::BOLD) };
    put(buffer, area, 0, 1, &text, style);
}

pub(super) fn list(buffer: &mut Buffer, state: &State, area: Rect, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let view = &state.view;
    let name = match &view.subject {
        Subject::Search(_) => "Hits",
        Subject::Similar { .. } => "Similar",
        Subject::Copies { .. } => "Copies",
        Subject::Entity { .. } => "Profile",
    };
    let items = view.items();
    let total = match &view.contents {
        Some(contents) => contents.total + view.companions().len() as u64,
        None => 0,
    };
    let label = if items == 0 {
        name.to_owned()
    } else {
        format!("{name} {} of {}", grouped(view.selected as u64 + 1), grouped(total))
    };
    heading(buffer, area, &label, matches!(state.focus, Focus::List));
    let text = below(area);
    if items == 0 && view.contents.as_ref().is_none_or(|contents| contents.profile.is_none()) {
        words(buffer, text, &nothing_listed(state), theme);
        return;
    }
    let list = List::new(view, usize::from(text.width), hit_lines(state));
    for row in 0..text.height {
        let line = list.line(view.top + usize::from(row));
        let selected = line.item == Some(view.selected);
        let (start, _) = list.place_of(view.selected);
        let first = selected && view.top + usize::from(row) == start;
        if selected && !line.runs.is_empty() {
            // In the margin, so that it is seen without any attribute.
            let mark = if first { "▶" } else { "▏" };
            let margin = Rect { x: area.x, width: 1, ..text };
            put(buffer, margin, row, 0, mark, Theme::notice());
        }
        let mut column = 0;
        for (run, tone) in &line.runs {
            let style = if first {
                theme.tone(*tone).patch(Theme::selected())
            } else {
                theme.tone(*tone)
            };
            column = put(buffer, text, row, column, run, style);
        }
    }
}

/// What stands in the list where there are no hits.
fn nothing_listed(state: &State) -> Vec<String> {
    let view = &state.view;
    if let Some(failure) = &view.failure {
        let mut lines: Vec<String> = failure.message.lines().map(str::to_owned).collect();
        if let Some(hint) = &failure.hint {
            lines.extend([String::new(), format!("hint: {hint}")]);
        }
        return lines;
    }
    if view.is_blank() {
        return welcome(state);
    }
    let Some(contents) = &view.contents else { return Vec::new() };
    let mut lines = vec!["Nothing found.".to_owned()];
    if !contents.query.interpreted.is_empty() {
        lines.extend([String::new(), format!("Read as: {}", contents.query.interpreted)]);
    }
    for warning in &contents.query.warnings {
        lines.extend([String::new(), warning.clone()]);
    }
    if matches!(&view.subject, Subject::Search(search) if search.is_filtered()) {
        lines.extend([String::new(), "X drops all filters, Backspace goes back.".to_owned()]);
    }
    lines
}

/// What stands in the list before anything is asked for.
fn welcome(state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(status) = &state.status {
        let years = match (status.years.first(), status.years.last()) {
            (Some(first), Some(last)) if first.value != last.value => {
                format!(", {}–{}", first.value, last.value)
            }
            (Some(only), _) => format!(", {}", only.value),
            _ => String::new(),
        };
        lines.push(format!("{} articles{years}.", grouped(status.articles)));
        lines.push(format!(
            "{} people, {} organisations, {} places.",
            grouped(status.people),
            grouped(status.organisations),
            grouped(status.places)
        ));
        lines.push(String::new());
    }
    lines.push("Type words, or:".to_owned());
    for example in [
        "\"exact phrase\"",
        "a OR b",
        "-word",
        "peace W/5 talks",
        "person:\"John Kerry\"",
        "date:2012..2013-02",
    ] {
        lines.push(format!("  {example}"));
    }
    let mut latest = state.history.latest(8).peekable();
    if latest.peek().is_some() {
        lines.extend([String::new(), "Earlier searches (↑):".to_owned()]);
        lines.extend(latest.map(|text| format!("  {text}")));
    }
    lines
}

/// Plain lines, broken where they are too long; a space at the beginning stays.
fn words(buffer: &mut Buffer, area: Rect, lines: &[String], theme: Theme) {
    let mut row = 0;
    for line in lines {
        let indent = line.len() - line.trim_start().len();
        let cells = usize::from(area.width).saturating_sub(indent);
        let mut broken = wrap(line, cells);
        if broken.is_empty() {
            broken.push(String::new());
        }
        for text in broken {
            let column = u16::try_from(indent).unwrap_or(0);
            put(
                buffer,
                area,
                row,
                column,
                &text,
                theme.tone(crate::front::tui::list::Tone::Plain),
            );
            row = row.saturating_add(1);
        }
    }
}

pub(super) fn article(buffer: &mut Buffer, state: &State, area: Rect, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let reading = &state.view.reading;
    let text = article_column(area);
    let label = article_label(reading, usize::from(text.height));
    heading(buffer, area, &label, state.focus == Focus::Article);
    if let Some(failure) = &reading.failure {
        let mut lines = vec![failure.message.clone()];
        lines.extend(failure.hint.clone());
        words(buffer, text, &lines, theme);
        return;
    }
    let layout = &reading.layout;
    for (row, line) in (0..text.height).zip(layout.lines.iter().skip(reading.top)) {
        let mut column = u16::try_from(line.indent).unwrap_or(u16::MAX);
        for run in &line.runs {
            let ink = run.ink;
            let mut style = theme.role(ink.role);
            if let Some(named) = ink.name.and_then(|index| layout.names.get(index)) {
                style = style.patch(theme.name(named.kind));
            }
            if ink.matched.is_some() {
                style = style.patch(theme.matched());
            }
            let under_cursor = match reading.spot {
                Some(Spot::Match(index)) => ink.matched == Some(index),
                Some(Spot::Name(index)) => ink.name == Some(index),
                None => false,
            };
            if under_cursor {
                style = style.patch(Theme::selected());
            }
            column = put(buffer, text, row, column, &run.text, style);
        }
    }
}

fn article_label(reading: &Reading, height: usize) -> String {
    let mut label = "Article".to_owned();
    if reading.article.is_none() {
        return label;
    }
    match reading.layout.matches.len() {
        0 => {}
        1 => label.push_str(" · 1 match"),
        matches => label = format!("{label} · {} matches", grouped(matches as u64)),
    }
    let hidden = reading.layout.lines.len().saturating_sub(height);
    match (reading.top.min(hidden) * 100).checked_div(hidden) {
        Some(percent) => format!("{label} · {percent} %"),
        None => label,
    }
}

pub(super) fn facets(buffer: &mut Buffer, state: &State, area: Rect, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Focus::Facets;
    heading(buffer, area, "Facets", focused);
    let text = below(area);
    let rows = state.facet_rows();
    let lines = facet_lines(&rows);
    if lines.is_empty() {
        words(buffer, text, &["Search for something first.".to_owned()], theme);
        return;
    }
    for (row, line) in (0..text.height).zip(lines.iter().skip(state.view.facet_top)) {
        match line {
            FacetLine::Blank => {}
            FacetLine::Heading(facet) => {
                let bold = Style::new().add_modifier(Modifier::BOLD);
                put(buffer, text, row, 0, facet.heading(), bold);
            }
            FacetLine::Row(index) => {
                let Some(facet) = rows.get(*index) else { continue };
                let selected = focused && *index == state.view.facet;
                let style = if selected { Theme::selected() } else { Style::new() };
                if selected {
                    let margin = Rect { x: area.x, width: 1, ..text };
                    put(buffer, margin, row, 0, "▶", Theme::notice());
                }
                put(buffer, text, row, 0, &facet_text(facet, usize::from(text.width)), style);
            }
        }
    }
}

/// `+ John Kerry      12`: the sign tells how the value filters.
fn facet_text(row: &FacetRow, cells: usize) -> String {
    let sign = match row.choice {
        Some(Choice::Included) => "+",
        Some(Choice::Excluded) => "-",
        None => " ",
    };
    let count = row.count.map(grouped).unwrap_or_default();
    let name = fit(&row.value, cells.saturating_sub(2 + 1 + width(&count)));
    let gap = cells.saturating_sub(2 + width(&name) + width(&count));
    format!("{sign} {name}{}{count}", " ".repeat(gap))
}

/// The text of a pane: what [`crate::front::tui::screen::Areas`] calls so.
fn below(pane: Rect) -> Rect {
    crate::front::tui::screen::below_heading(pane)
}
