//! The state as a picture. Nothing here changes it, and nothing is told by colour alone: what is
//! selected is reversed and has a mark before it, matches are bold and underlined, the pane that
//! the keys act on has a heavy heading.

mod panes;
mod theme;
mod windows;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

pub(super) use theme::Theme;
pub(super) use windows::{help_lines, names_window};

use super::edit_line::EditLine;
use super::filters::Choice;
use super::screen::{Areas, areas};
use super::state::{Focus, State, Subject};
use super::update::sort_name;
use super::visible::{self, fit, is_right_to_left_letter, width};
use crate::text::grouped;

/// What stands before the query.
pub(super) const PROMPT: &str = "Search: ";

/// Draws everything.
pub(super) fn draw(frame: &mut Frame<'_>, state: &State, theme: Theme) {
    let places = areas(state);
    let screen = frame.area();
    // A resize may have come that the state has not heard of yet: its event follows.
    if screen.width < state.size.width || screen.height < state.size.height || screen.is_empty()
    {
        return;
    }
    let buffer = frame.buffer_mut();
    let cursor = query(buffer, state, places.query);
    status(buffer, state, places.status);
    if let Some(note) = state.note() {
        let note = fit(&note, usize::from(places.note.width));
        put(buffer, places.note, 0, 0, &note, Theme::note());
    }
    panes::list(buffer, state, places.list, theme);
    panes::article(buffer, state, places.article, theme);
    panes::facets(buffer, state, places.facets, theme);
    dividers(buffer, &places);
    hints(buffer, state, places.hints);
    windows::completions(buffer, state, &places);
    let window_cursor = windows::overlay(buffer, state);
    let cursor = match state.overlay {
        Some(_) => window_cursor,
        None => cursor.filter(|_| state.focus == Focus::Query),
    };
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Writes a clean text at a place in an area and returns the column after it, counted from the
/// area's first.
fn put(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    column: u16,
    text: &str,
    style: Style,
) -> u16 {
    if row >= area.height || column >= area.width {
        return column;
    }
    let room = usize::from(area.width - column);
    let (end, _) = buffer.set_stringn(area.x + column, area.y + row, text, room, style);
    end - area.x
}

/// The part of the query that can be seen: the first cell of it that is shown, and its text. The
/// cursor is always in it.
pub(super) fn line_window(line: &EditLine, columns: u16) -> (usize, String) {
    window(line, usize::from(columns).saturating_sub(PROMPT.len()))
}

fn window(line: &EditLine, cells: usize) -> (usize, String) {
    let cursor = width(line.before());
    let hidden = (cursor + 1).saturating_sub(cells);
    let text = line.text();
    let (mut skipped, mut from) = (0, 0);
    for (place, grapheme) in text.grapheme_indices(true) {
        if skipped >= hidden {
            break;
        }
        skipped += width(grapheme);
        from = place + grapheme.len();
    }
    (skipped, text.get(from..).unwrap_or_default().to_owned())
}

fn query(buffer: &mut Buffer, state: &State, area: Rect) -> Option<Position> {
    let column = put(buffer, area, 0, 0, PROMPT, Style::new().add_modifier(Modifier::BOLD));
    let (start, text) = line_window(&state.line, area.width);
    put(buffer, area, 0, column, &visible::clean(&text), Style::new());
    let at = u16::try_from(width(state.line.before()).saturating_sub(start)).ok()?;
    Some(Position { x: (area.x + column + at).min(area.right().saturating_sub(1)), y: area.y })
}

/// How much there is, in which order, and narrowed by what.
fn status(buffer: &mut Buffer, state: &State, area: Rect) {
    if area.is_empty() {
        return;
    }
    let travels = match (state.back.len(), state.forward.len()) {
        (0, 0) => String::new(),
        (back, 0) => format!(" back {back}"),
        (0, forward) => format!(" forward {forward}"),
        (back, forward) => format!(" back {back}, forward {forward}"),
    };
    let room = usize::from(area.width).saturating_sub(travels.len());
    let mut parts = Vec::new();
    if state.slow {
        parts.push("searching…".to_owned());
    }
    let view = &state.view;
    let total = view.contents.as_ref().map(|contents| contents.total);
    // With copies folded, a hit is a story.
    let folds = matches!(&view.subject, Subject::Search(search) if !search.all_copies());
    let (one, several) = if folds { ("story", "stories") } else { ("article", "articles") };
    let found = total
        .map(|total| format!("{} {}", grouped(total), if total == 1 { one } else { several }));
    match &view.subject {
        Subject::Search(search) => {
            parts.extend(found);
            if let Some(word) = search.unfinished() {
                parts.push(format!("with words in “{word}…”"));
            }
            if !search.is_empty() {
                parts.push(sort_name(search.sort()).to_owned());
            }
            for (facet, value, choice) in search.chosen() {
                let sign = if choice == Choice::Included { '+' } else { '-' };
                parts.push(format!("{sign}{}:{value}", facet.field()));
            }
            let dates = search.dates();
            if !dates.is_empty() {
                parts.push(dates);
            }
            if search.all_copies() {
                parts.push("all copies".to_owned());
            }
            let took = view.contents.as_ref().and_then(|contents| contents.took_ms);
            parts.extend(took.map(|took| format!("{took:.1} ms")));
        }
        Subject::Similar { title, .. } => {
            parts.extend(found);
            parts.push(format!("similar to “{title}”"));
        }
        Subject::Copies { title } => {
            parts.extend(found);
            parts.push(format!("copies of “{title}”"));
        }
        Subject::Entity { kind, name } => parts.push(format!("{}: {name}", kind.name())),
    }
    put(buffer, area, 0, 0, &fit(&parts.join(" · "), room), Style::new());
    let column = area.width.saturating_sub(u16::try_from(travels.len()).unwrap_or(u16::MAX));
    put(buffer, area, 0, column, &travels, Style::new());
}

/// Lines between panes that stand side by side.
fn dividers(buffer: &mut Buffer, places: &Areas) {
    for pane in [places.list, places.article, places.facets] {
        if pane.is_empty() || pane.x == 0 {
            continue;
        }
        let x = pane.x - 1;
        for y in pane.top()..pane.bottom() {
            // Terminals that order mixed directions themselves would take two panes written from
            // right to left for one text and exchange them. A mark of direction, which has no
            // width, keeps them apart.
            let right_to_left = |x: u16| {
                buffer
                    .cell((x, y))
                    .is_some_and(|cell| cell.symbol().chars().any(is_right_to_left_letter))
            };
            let both = (0..x).any(right_to_left) && (x..buffer.area.width).any(right_to_left);
            let symbol = match (y == pane.top(), both) {
                (true, _) => "┬",
                (false, false) => "│",
                (false, true) => "│\u{200e}",
            };
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.set_symbol(symbol).set_style(Theme::note());
            }
        }
    }
}

/// The last row: what was just said, else what can be done.
fn hints(buffer: &mut Buffer, state: &State, area: Rect) {
    let cells = usize::from(area.width);
    if let Some(notice) = &state.notice {
        put(buffer, area, 0, 0, &fit(notice, cells), Theme::notice());
        return;
    }
    let keys: &[&str] = match state.focus {
        Focus::Query => {
            &["Enter hits", "Tab complete", "↑ earlier searches", "Esc leave", "F1 help"]
        }
        Focus::List => &[
            "? help",
            "q quit",
            "/ query",
            "Enter read",
            "n match",
            "f facets",
            "r order",
            "d dates",
            "s similar",
            "p who",
            "c copies",
            "o open",
            "y cite",
            "[ back",
        ],
        Focus::Article => &[
            "? help",
            "q quit",
            "n match",
            "e name",
            "p who",
            "s similar",
            "o open",
            "y cite",
            "Esc list",
            "/ query",
            "z zoom",
            "[ back",
        ],
        Focus::Facets => &[
            "? help",
            "q quit",
            "+ only with",
            "- never with",
            "p who",
            "X drop all",
            "d dates",
            "f hide",
            "Esc list",
            "[ back",
        ],
    };
    let mut text = String::new();
    for key in keys {
        let separator = if text.is_empty() { "" } else { " · " };
        if width(&text) + width(separator) + width(key) > cells {
            break;
        }
        text.push_str(separator);
        text.push_str(key);
    }
    put(buffer, area, 0, 0, &text, Theme::note());
}

#[cfg(test)]
mod tests;
