//! Small windows over the panes: help, a choice of names, dates, completions.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::{PROMPT, Theme, put, window};
use crate::entity::EntityKind;
use crate::front::tui::edit_line::EditLine;
use crate::front::tui::keys::{BINDINGS, MOUSE, QUERY_KEYS};
use crate::front::tui::screen::Areas;
use crate::front::tui::state::{Focus, Overlay, State};
use crate::front::tui::visible::{fit, width};
use crate::text::grouped;

/// Column of the help in which the keys' meanings begin.
const MEANING: usize = 18;
const HELP_WIDTH: u16 = 76;
/// Columns from which on the choice of names tells what kind of name each is.
const ROOM_FOR_KIND: usize = 32;

/// The help: a heading where the first part is empty, else keys and what they do.
pub(in crate::front::tui) fn help_lines() -> Vec<(&'static str, &'static str)> {
    let mut lines = vec![("", "In the query line")];
    lines.extend(QUERY_KEYS);
    lines.extend(BINDINGS.iter().map(|binding| (binding.shown, binding.does)));
    lines.push(("", "The mouse"));
    lines.extend(MOUSE);
    lines
}

/// Draws what lies over the panes; returns where the cursor is to be.
pub(super) fn overlay(buffer: &mut Buffer, state: &State) -> Option<Position> {
    match state.overlay.as_ref()? {
        Overlay::Help { top } => help(buffer, state, *top),
        Overlay::Names { names, chosen } => choose_name(buffer, state, names, *chosen),
        Overlay::Dates { line, wrong } => {
            return dates(buffer, state, line, wrong.as_deref());
        }
    }
    None
}

/// A window in the middle of the screen, as large as the screen allows.
fn centered(state: &State, columns: u16, rows: u16) -> Rect {
    let (width, height) = (state.size.width, state.size.height);
    let (columns, rows) = (columns.min(width), rows.min(height));
    Rect { x: (width - columns) / 2, y: (height - rows) / 2, width: columns, height: rows }
}

/// Empties a window and frames it; returns its inside.
fn framed(buffer: &mut Buffer, area: Rect, title: &str) -> Rect {
    if area.width < 4 || area.height < 3 {
        return Rect::default();
    }
    let cells = usize::from(area.width);
    for row in 0..area.height {
        let (left, middle, right) = if row == 0 {
            ("┌", "─", "┐")
        } else if row + 1 == area.height {
            ("└", "─", "┘")
        } else {
            ("│", " ", "│")
        };
        let line = format!("{left}{}{right}", middle.repeat(cells - 2));
        clear_row(buffer, area, row);
        put(buffer, area, row, 0, &line, Style::reset());
    }
    let title = fit(&format!(" {title} "), cells - 2);
    put(buffer, area, 0, 1, &title, Style::new().add_modifier(Modifier::BOLD));
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// Empties a row of a window, and the half of a wide character that its edge cuts.
fn clear_row(buffer: &mut Buffer, area: Rect, row: u16) {
    let y = area.y + row;
    if let Some(left) = area.x.checked_sub(1)
        && let Some(cell) = buffer.cell_mut((left, y))
        && width(cell.symbol()) > 1
    {
        cell.set_symbol(" ");
    }
    for x in area.left()..area.right() {
        if let Some(cell) = buffer.cell_mut((x, y)) {
            cell.reset();
        }
    }
}

fn help(buffer: &mut Buffer, state: &State, top: usize) {
    let lines = help_lines();
    let rows = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = centered(state, HELP_WIDTH, rows);
    let all_shown = usize::from(area.height) >= lines.len() + 2;
    let title = if all_shown { "Keys" } else { "Keys (↑ ↓ scroll, any other key closes)" };
    let inside = framed(buffer, area, title);
    let top = top.min(lines.len().saturating_sub(usize::from(inside.height)));
    for (row, (keys, does)) in (0..inside.height).zip(lines.iter().skip(top)) {
        if keys.is_empty() {
            put(buffer, inside, row, 0, does, Theme::notice());
        } else {
            let gap = " ".repeat(MEANING.saturating_sub(width(keys) + 2));
            put(buffer, inside, row, 2, &format!("{keys}{gap}{does}"), Style::new());
        }
    }
}

/// The window of names, and the first name in it.
pub(in crate::front::tui) fn names_window(
    state: &State,
    count: usize,
    chosen: usize,
) -> (Rect, usize) {
    let rows = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let area = centered(state, 56, rows.min(state.size.height.saturating_sub(4)).max(3));
    let inside = usize::from(area.height.saturating_sub(2)).max(1);
    (area, (chosen + 1).saturating_sub(inside))
}

fn choose_name(
    buffer: &mut Buffer,
    state: &State,
    names: &[(EntityKind, String, u32)],
    chosen: usize,
) {
    let (area, first) = names_window(state, names.len(), chosen);
    let inside = framed(buffer, area, "Whose profile? (Enter opens it)");
    let cells = usize::from(inside.width);
    for (row, (index, (kind, name, mentions))) in
        (0..inside.height).zip(names.iter().enumerate().skip(first))
    {
        let count = if cells < ROOM_FOR_KIND {
            grouped(u64::from(*mentions))
        } else {
            format!("{}  {}", kind.name(), grouped(u64::from(*mentions)))
        };
        let name = fit(name, cells.saturating_sub(width(&count) + 3));
        let gap = " ".repeat(cells.saturating_sub(2 + width(&name) + width(&count)));
        let (mark, style) =
            if index == chosen { ("▶", Theme::selected()) } else { (" ", Style::new()) };
        put(buffer, inside, row, 0, &format!("{mark} {name}{gap}{count}"), style);
    }
}

fn dates(
    buffer: &mut Buffer,
    state: &State,
    line: &EditLine,
    wrong: Option<&str>,
) -> Option<Position> {
    let inside = framed(buffer, centered(state, 60, 6), "Dates");
    let (start, text) = window(line, usize::from(inside.width));
    put(buffer, inside, 0, 0, &text, Style::new());
    let cells = usize::from(inside.width);
    put(
        buffer,
        inside,
        2,
        0,
        &fit("2013 · 2012..2013-02 · 2012-06-01.. · ..1999", cells),
        Theme::note(),
    );
    let last = wrong.unwrap_or("Enter sets them, an empty line drops them");
    let style = if wrong.is_some() { Theme::notice() } else { Theme::note() };
    put(buffer, inside, 3, 0, &fit(last, cells), style);
    let at = u16::try_from(width(line.before()).saturating_sub(start)).ok()?;
    Some(Position { x: inside.x + at.min(inside.width.saturating_sub(1)), y: inside.y })
}

/// Completions, under the line that tells how much there is.
pub(super) fn completions(buffer: &mut Buffer, state: &State, places: &Areas) {
    let offered = &state.completions.offered;
    if offered.is_empty() || state.focus != Focus::Query || state.overlay.is_some() {
        return;
    }
    let column = u16::try_from(PROMPT.len()).unwrap_or(0);
    let y = places.query.bottom() + places.status.height;
    let rows = u16::try_from(offered.len()).unwrap_or(u16::MAX);
    let area = Rect {
        x: column,
        y,
        width: places.query.width.saturating_sub(column).min(64),
        height: rows.min(state.size.height.saturating_sub(y)),
    };
    let cells = usize::from(area.width);
    for (row, (index, suggestion)) in (0..area.height).zip(offered.iter().enumerate()) {
        clear_row(buffer, area, row);
        let count = format!("{}  {} ", fit(&suggestion.kind, 14), grouped(suggestion.articles));
        let text = fit(&suggestion.text, cells.saturating_sub(width(&count) + 3));
        let gap = " ".repeat(cells.saturating_sub(2 + width(&text) + width(&count)));
        let (mark, style) = if state.completions.chosen == Some(index) {
            ("▶", Theme::selected())
        } else {
            (" ", Style::new().add_modifier(Modifier::REVERSED))
        };
        put(buffer, area, row, 0, &format!("{mark} {text}{gap}{count}"), style);
    }
}
