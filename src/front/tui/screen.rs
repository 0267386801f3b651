//! Where things stand on the screen. Drawing and the mouse both go by it.

use ratatui::layout::Rect;

use super::state::{Focus, State, Subject};

/// From this width on there are three panes.
const THREE_PANES: u16 = 110;
/// From this width on there are two; below it only the focused one.
const TWO_PANES: u16 = 70;
const FACETS_WIDTH: u16 = 28;
/// From this height on a hit has a line more of its snippet and a free line below it.
const TALL: u16 = 30;

/// From this width on a pane has a cell free on both sides.
const NARROWEST_WITH_MARGIN: u16 = 16;
/// Columns that a line of an article has at the most.
const MEASURE: u16 = 90;

/// The parts of the screen; what is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Areas {
    pub(super) query: Rect,
    pub(super) status: Rect,
    pub(super) note: Rect,
    pub(super) list: Rect,
    pub(super) article: Rect,
    pub(super) facets: Rect,
    pub(super) hints: Rect,
}

impl Areas {
    pub(super) fn list_text(&self) -> Rect {
        below_heading(self.list)
    }

    pub(super) fn article_text(&self) -> Rect {
        article_column(self.article)
    }

    pub(super) fn facets_text(&self) -> Rect {
        below_heading(self.facets)
    }
}

/// A pane without its first row, which holds the heading, and with a cell free on both sides.
pub(super) fn below_heading(pane: Rect) -> Rect {
    let margin = u16::from(pane.width >= NARROWEST_WITH_MARGIN);
    Rect {
        x: pane.x + margin,
        y: pane.y + u16::from(pane.height > 0),
        width: pane.width.saturating_sub(2 * margin),
        height: pane.height.saturating_sub(1),
    }
}

/// The part of the article's pane with its text: no wider than can be read with ease.
pub(super) fn article_column(pane: Rect) -> Rect {
    let text = below_heading(pane);
    Rect { width: text.width.min(MEASURE), ..text }
}

/// Lines that a hit takes in the list.
pub(super) fn hit_lines(state: &State) -> usize {
    if state.size.height >= TALL { 6 } else { 4 }
}

/// Divides the screen.
pub(super) fn areas(state: &State) -> Areas {
    let (width, height) = (state.size.width, state.size.height);
    let mut left = Rect { x: 0, y: 0, width, height };
    let query = take_top(&mut left, 1);
    let mut areas = Areas { query, ..Areas::default() };
    if left.height >= 4 {
        areas.hints = take_bottom(&mut left, 1);
        areas.status = take_top(&mut left, 1);
    }
    if left.height >= 6 && state.note().is_some() {
        areas.note = take_top(&mut left, 1);
    }
    let has_facets = matches!(state.view.subject, Subject::Search(_));
    if width < TWO_PANES || state.zoomed {
        match state.focus {
            Focus::Query | Focus::List => areas.list = left,
            Focus::Article => areas.article = left,
            Focus::Facets => areas.facets = left,
        }
        return areas;
    }
    if width >= THREE_PANES && has_facets && state.facets_shown {
        areas.facets = take_right(&mut left, FACETS_WIDTH);
        take_right(&mut left, 1);
    }
    let list_width = (left.width * 9 / 20).clamp(30, 60);
    let list = take_left(&mut left, list_width);
    if state.focus == Focus::Facets && areas.facets.is_empty() {
        areas.facets = list;
    } else {
        areas.list = list;
    }
    take_left(&mut left, 1);
    areas.article = left;
    areas
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let taken = Rect { height: rows.min(rest.height), ..*rest };
    rest.y += taken.height;
    rest.height -= taken.height;
    taken
}

fn take_bottom(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    rest.height -= rows;
    Rect { y: rest.y + rest.height, height: rows, ..*rest }
}

fn take_left(rest: &mut Rect, columns: u16) -> Rect {
    let taken = Rect { width: columns.min(rest.width), ..*rest };
    rest.x += taken.width;
    rest.width -= taken.width;
    taken
}

fn take_right(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    rest.width -= columns;
    Rect { x: rest.x + rest.width, width: columns, ..*rest }
}
