//! Moving about: between panes, in a list, in an article.

use super::{Focus, Overlay, Spot, State, Subject, Update};
use crate::front::tui::list::List;
use crate::front::tui::screen::{areas, hit_lines};
use crate::front::tui::state::{FacetLine, facet_lines};

impl Update<'_> {
    pub(super) fn focus(&mut self, focus: Focus) {
        if self.state.focus == Focus::Query && focus != Focus::Query {
            self.finish_line(false);
        }
        self.state.focus = focus;
        self.show_selected();
    }

    /// The panes that can be gone to, in the order of the screen.
    fn panes(&self) -> Vec<Focus> {
        let mut panes = vec![Focus::Query, Focus::List, Focus::Article];
        let search = matches!(self.state.view.subject, Subject::Search(_));
        if search && self.state.facets_shown && self.state.view.contents.is_some() {
            panes.push(Focus::Facets);
        }
        panes
    }

    pub(super) fn next_pane(&mut self, by: isize) {
        let panes = self.panes();
        let at = panes.iter().position(|pane| *pane == self.state.focus).unwrap_or(0);
        let next = (at + panes.len()).saturating_add_signed(by) % panes.len();
        self.focus(panes.get(next).copied().unwrap_or(Focus::List));
    }

    /// The pane to the left or right, without going round and never into the query line.
    pub(super) fn pane_beside(&mut self, by: isize) {
        let panes = self.panes();
        let at = panes.iter().position(|pane| *pane == self.state.focus).unwrap_or(1);
        let next = at.saturating_add_signed(by).clamp(1, panes.len() - 1);
        self.focus(panes.get(next).copied().unwrap_or(Focus::List));
    }

    pub(super) fn leave(&mut self) {
        if self.state.zoomed {
            self.state.zoomed = false;
        } else if self.state.focus == Focus::List {
            self.notice("q quits, / edits the query, Backspace goes back, ? helps");
        } else {
            self.focus(Focus::List);
        }
    }

    pub(super) fn step(&mut self, by: isize) {
        match self.state.focus {
            Focus::Article => self.scroll_article(by),
            Focus::Facets => self.select_facet(self.state.view.facet.saturating_add_signed(by)),
            Focus::Query | Focus::List => self.step_in_list(by),
        }
    }

    /// The next item; where the selected one is out of sight (the chart of an entity stands
    /// between), the list scrolls towards it first.
    fn step_in_list(&mut self, by: isize) {
        let (list, height) = self.list();
        let (line, lines) = list.place_of(self.state.view.selected);
        let top = self.state.view.top;
        if by > 0 && line + lines > top + height && self.state.view.items() > 0 {
            self.state.view.top = (top + 3).min(list_end(&list, height));
        } else if by < 0 && self.state.view.selected == 0 {
            self.state.view.top = top.saturating_sub(3);
        } else {
            self.select(self.state.view.selected.saturating_add_signed(by));
        }
    }

    pub(super) fn step_page(&mut self, by: isize) {
        let areas = areas(self.state);
        match self.state.focus {
            Focus::Article => {
                let page = usize::from(areas.article_text().height).saturating_sub(2).max(1);
                self.scroll_article(by * page.cast_signed());
            }
            Focus::Facets => {
                let page = usize::from(areas.facets_text().height).max(2) / 2;
                let facet =
                    self.state.view.facet.saturating_add_signed(by * page.cast_signed());
                self.select_facet(facet);
            }
            Focus::Query | Focus::List => {
                let height = usize::from(areas.list_text().height);
                let page = (height / hit_lines(self.state)).max(1).cast_signed();
                self.select(self.state.view.selected.saturating_add_signed(by * page));
            }
        }
    }

    pub(super) fn step_to_end(&mut self, last: bool) {
        match self.state.focus {
            Focus::Article => self.scroll_article(if last { isize::MAX } else { isize::MIN }),
            Focus::Facets => self.select_facet(if last { usize::MAX } else { 0 }),
            Focus::Query | Focus::List => {
                self.select(if last { usize::MAX } else { 0 });
                if !last {
                    self.state.view.top = 0;
                }
            }
        }
    }

    pub(super) fn select(&mut self, item: usize) {
        let last = self.state.view.items().saturating_sub(1);
        self.state.view.selected = item.min(last);
        self.show_selected();
        self.want_article();
        self.want_more();
    }

    pub(super) fn select_facet(&mut self, row: usize) {
        let last = self.state.facet_rows().len().saturating_sub(1);
        self.state.view.facet = row.min(last);
        self.show_selected();
    }

    /// Scrolls what is selected into sight, in the list and in the facet pane.
    pub(super) fn show_selected(&mut self) {
        let (list, height) = self.list();
        let (line, lines) = list.place_of(self.state.view.selected);
        let end = list_end(&list, height);
        let items = self.state.view.items();
        let view = &mut self.state.view;
        // The head of an entity's list is read first: its first item may lie below it.
        if items > 0 && view.selected > 0 {
            view.top = shifted(view.top, line, lines, height);
        } else if view.selected == 0 && line < height {
            view.top = 0;
        }
        view.top = view.top.min(end);

        let rows = self.state.facet_rows();
        let lines = facet_lines(&rows);
        let height = usize::from(areas(self.state).facets_text().height);
        let view = &mut self.state.view;
        view.facet = view.facet.min(rows.len().saturating_sub(1));
        let at = lines.iter().position(|line| *line == FacetLine::Row(view.facet)).unwrap_or(0);
        // With its heading, where it is the first.
        let above = at.checked_sub(1).and_then(|above| lines.get(above));
        let from = usize::from(matches!(above, Some(FacetLine::Heading(_))) && height > 1);
        view.facet_top = shifted(view.facet_top, at - from, 1 + from, height)
            .min(lines.len().saturating_sub(height));
    }

    fn list(&self) -> (List<'_>, usize) {
        let area = areas(self.state).list_text();
        let list = List::new(&self.state.view, usize::from(area.width), hit_lines(self.state));
        (list, usize::from(area.height))
    }

    pub(super) fn scroll_list(&mut self, by: isize) {
        let (list, height) = self.list();
        let end = list_end(&list, height);
        self.state.view.top = self.state.view.top.saturating_add_signed(by).min(end);
        self.want_more();
    }

    pub(super) fn scroll_facets(&mut self, by: isize) {
        let lines = facet_lines(&self.state.facet_rows()).len();
        let height = usize::from(areas(self.state).facets_text().height);
        let view = &mut self.state.view;
        view.facet_top =
            view.facet_top.saturating_add_signed(by).min(lines.saturating_sub(height));
    }

    pub(super) fn scroll_article(&mut self, by: isize) {
        let end = article_end(self.state);
        let reading = &mut self.state.view.reading;
        reading.top = reading.top.saturating_add_signed(by).min(end);
    }

    /// Goes to the next match, or to the next name, and round at the end.
    pub(super) fn jump(&mut self, to_match: bool, by: isize) {
        let reading = &self.state.view.reading;
        let lines: Vec<usize> = if to_match {
            reading.layout.matches.clone()
        } else {
            reading.layout.names.iter().map(|name| name.line).collect()
        };
        let what = if to_match { "match" } else { "name" };
        if lines.is_empty() {
            self.notice(format!("no {what} in this article"));
            return;
        }
        let last = lines.len() - 1;
        let current = match reading.spot {
            Some(Spot::Match(index)) if to_match => Some(index.min(last)),
            Some(Spot::Name(index)) if !to_match => Some(index.min(last)),
            _ => None,
        };
        let (next, round) = match current {
            Some(index) if by > 0 && index == last => (0, true),
            Some(index) if by > 0 => (index + 1, false),
            Some(0) => (last, true),
            Some(index) => (index - 1, false),
            // From what is on the screen.
            None if by > 0 => {
                (lines.iter().position(|line| *line >= reading.top).unwrap_or(0), false)
            }
            None => (lines.iter().rposition(|line| *line < reading.top).unwrap_or(last), false),
        };
        let line = lines.get(next).copied().unwrap_or(0);
        self.state.view.reading.spot =
            Some(if to_match { Spot::Match(next) } else { Spot::Name(next) });
        self.show_line(line);
        let round = match (round, by > 0) {
            (false, _) => "",
            (true, true) => ", from the beginning again",
            (true, false) => ", from the end again",
        };
        let mut notice = format!("{what} {} of {}{round}", next + 1, lines.len());
        if !to_match && let Some(named) = self.state.view.reading.layout.names.get(next) {
            notice =
                format!("{notice}: {} ({}), Enter opens it", named.name, named.kind.name());
        }
        self.notice(notice);
    }

    /// Scrolls an article's line into sight, with some lines above it.
    fn show_line(&mut self, line: usize) {
        let height = usize::from(areas(self.state).article_text().height).max(1);
        let end = article_end(self.state);
        let reading = &mut self.state.view.reading;
        if line < reading.top || line >= reading.top + height {
            reading.top = line.saturating_sub(height / 3).min(end);
        }
    }

    pub(super) fn scroll_overlay(&mut self, by: isize) {
        if let Some(Overlay::Help { top }) = &mut self.state.overlay {
            *top = top.saturating_add_signed(by);
        }
    }
}

/// The topmost line for which the list still fills its pane.
fn list_end(list: &List<'_>, height: usize) -> usize {
    list.lines().saturating_sub(height)
}

fn article_end(state: &State) -> usize {
    let height = usize::from(areas(state).article_text().height);
    state.view.reading.layout.lines.len().saturating_sub(height)
}

/// `top` moved as little as shows the `lines` from `line` on in a window of `height`.
fn shifted(top: usize, line: usize, lines: usize, height: usize) -> usize {
    if line < top {
        line
    } else if line + lines > top + height {
        (line + lines).saturating_sub(height).min(line)
    } else {
        top
    }
}
