//! The mouse: whatever it does can be done by a key as well.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{Choice, Focus, Spot, Update};
use crate::front::tui::draw::{PROMPT, line_window, names_window};
use crate::front::tui::list::List;
use crate::front::tui::screen::{areas, hit_lines};
use crate::front::tui::state::{FacetLine, Overlay, facet_lines};

/// Lines that a step of the wheel scrolls.
const WHEEL: isize = 3;

impl Update<'_> {
    pub(super) fn mouse(&mut self, mouse: MouseEvent) {
        let at = Position { x: mouse.column, y: mouse.row };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.wheel(at, -WHEEL),
            MouseEventKind::ScrollDown => self.wheel(at, WHEEL),
            MouseEventKind::Down(button @ (MouseButton::Left | MouseButton::Right)) => {
                self.state.notice = None;
                self.click(at, button == MouseButton::Left);
            }
            _ => {}
        }
    }

    fn wheel(&mut self, at: Position, by: isize) {
        let areas = areas(self.state);
        if self.state.overlay.is_some() {
            self.scroll_overlay(by);
        } else if areas.list.contains(at) {
            self.scroll_list(by);
        } else if areas.article.contains(at) {
            self.scroll_article(by);
        } else if areas.facets.contains(at) {
            self.scroll_facets(by);
        }
    }

    fn click(&mut self, at: Position, left: bool) {
        if self.state.overlay.is_some() {
            self.click_overlay(at);
            return;
        }
        let areas = areas(self.state);
        if areas.query.contains(at) {
            self.focus(Focus::Query);
            let (start, _) = line_window(&self.state.line, areas.query.width);
            let column = usize::from(at.x).saturating_sub(PROMPT.len());
            self.state.line.point_at(start + column);
        } else if areas.list.contains(at) {
            self.click_list(at, areas.list_text());
        } else if areas.article.contains(at) {
            self.click_article(at, areas.article_text());
        } else if areas.facets.contains(at) {
            self.focus(Focus::Facets);
            let row = usize::from(at.y.saturating_sub(areas.facets_text().y));
            let lines = facet_lines(&self.state.facet_rows());
            let line = lines.get(self.state.view.facet_top + row);
            if let (true, Some(FacetLine::Row(row))) = (at.y >= areas.facets_text().y, line) {
                self.select_facet(*row);
                self.choose_facet(if left { Choice::Included } else { Choice::Excluded });
            }
        }
    }

    fn click_list(&mut self, at: Position, text: Rect) {
        self.focus(Focus::List);
        let Some(row) = at.y.checked_sub(text.y) else { return };
        let line = self.state.view.top + usize::from(row);
        let list = List::new(&self.state.view, usize::from(text.width), hit_lines(self.state));
        let Some(item) = list.item_at(line) else { return };
        if item == self.state.view.selected {
            self.open();
        } else {
            self.select(item);
        }
    }

    fn click_article(&mut self, at: Position, text: Rect) {
        self.focus(Focus::Article);
        let (Some(row), Some(column)) = (at.y.checked_sub(text.y), at.x.checked_sub(text.x))
        else {
            return;
        };
        let reading = &mut self.state.view.reading;
        let ink = reading.layout.ink_at(reading.top + usize::from(row), usize::from(column));
        let Some(ink) = ink else { return };
        match (ink.name, ink.matched) {
            (Some(name), _) if reading.spot == Some(Spot::Name(name)) => self.open(),
            (Some(name), _) => {
                reading.spot = Some(Spot::Name(name));
                self.notice("once more opens the name");
            }
            (None, Some(matched)) => reading.spot = Some(Spot::Match(matched)),
            (None, None) => {}
        }
    }

    fn click_overlay(&mut self, at: Position) {
        let Some(overlay) = self.state.overlay.take() else { return };
        if let Overlay::Names { names, chosen } = overlay {
            let (window, first) = names_window(self.state, names.len(), chosen);
            let row = usize::from(at.y.saturating_sub(window.y + 1));
            let inside = window.contains(at) && at.y > window.y && at.y + 1 < window.bottom();
            if let (true, Some((kind, name, _))) = (inside, names.into_iter().nth(first + row))
            {
                self.visit(super::Subject::Entity { kind, name });
            }
        }
    }
}
