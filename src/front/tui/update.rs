//! How the state changes by what happens: keys, the mouse, answers. Nothing is done here: what is
//! to be done comes back as commands.

mod answers;
mod mouse;
mod moves;
mod typing;

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};
use ratatui::layout::Size;

use super::edit_line::{EditLine, Edited};
use super::filters::{Choice, Facet, PAGE, Search, entities};
use super::keys::{self, Action};
use super::original::Opening;
use super::question::{Answer, Failure, Question, Topic};
use super::state::{Focus, Item, Overlay, Reading, Spot, State, Subject, View};
use crate::entity::EntityKind;
use crate::front::cite;
use crate::search::Sort;

/// How long the line must rest before it is searched for.
const DEBOUNCE: Duration = Duration::from_millis(120);
/// How long a search may take before the reader is told that it runs.
const SLOW: Duration = Duration::from_millis(300);
/// How often the archive is looked at for new articles.
const REFRESH: Duration = Duration::from_secs(2);
/// Hits left below the selected one when further ones are asked for.
const AHEAD: usize = 15;

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    Resize(u16, u16),
    Due(Timer),
    Answered(u64, Topic, Result<Answer, Failure>),
    /// The editor or pager has ended.
    Returned(Result<(), Failure>),
}

/// What to be woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The line may have rested since this edit.
    Rested(u64),
    /// This question may still be without an answer.
    Slow(u64),
    Refresh,
}

/// Something to be done outside the state.
#[derive(Clone, Debug)]
pub(super) enum Command {
    Ask(u64, Question),
    Wake(Duration, Timer),
    /// Write a search into the history.
    Remember(String),
    /// Put a text on the clipboard.
    Copy(String),
    /// Show a file in the editor or pager.
    Open(Opening),
    Redraw,
    Suspend,
    Quit,
}

/// What is to be done at the start.
pub(super) fn begin(state: &mut State) -> Vec<Command> {
    let mut update = Update { state, commands: Vec::new() };
    update.wake(REFRESH, Timer::Refresh);
    update.ask(Question::Status);
    if !update.state.view.is_blank() {
        update.state.focus = Focus::List;
        update.ask_page();
    }
    update.commands
}

/// Changes the state by an event.
pub(super) fn update(state: &mut State, event: Event) -> Vec<Command> {
    let mut update = Update { state, commands: Vec::new() };
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => update.key(key),
        Event::Key(_) => {}
        Event::Paste(text) => update.paste(&text),
        Event::Mouse(mouse) => update.mouse(mouse),
        Event::Resize(width, height) => {
            update.state.size = Size { width, height };
            update.show_selected();
        }
        Event::Due(timer) => update.due(timer),
        Event::Answered(number, topic, answer) => update.answered(number, topic, answer),
        Event::Returned(result) => {
            update.state.notice = result.err().map(|failure| failure.message);
            update.commands.push(Command::Redraw);
        }
    }
    // Panes may have come, gone or changed their width by any of this.
    update.state.lay_out_article();
    update.commands
}

/// The state while an event is dealt with, and what is to be done for it.
struct Update<'a> {
    state: &'a mut State,
    commands: Vec<Command>,
}

impl Update<'_> {
    fn ask(&mut self, question: Question) {
        self.state.questions += 1;
        let number = self.state.questions;
        let topic = question.topic();
        self.state.awaited.insert(topic, number);
        if topic == Topic::Page {
            self.state.slow = false;
            self.wake(SLOW, Timer::Slow(number));
        }
        self.commands.push(Command::Ask(number, question));
    }

    fn wake(&mut self, after: Duration, timer: Timer) {
        self.commands.push(Command::Wake(after, timer));
    }

    fn notice(&mut self, text: impl Into<String>) {
        self.state.notice = Some(text.into());
    }

    fn due(&mut self, timer: Timer) {
        match timer {
            Timer::Rested(edit) if edit == self.state.edits => self.search_typed(),
            Timer::Slow(number) => {
                self.state.slow = self.state.awaited.get(&Topic::Page) == Some(&number);
            }
            Timer::Refresh => {
                self.ask(Question::Refresh);
                self.wake(REFRESH, Timer::Refresh);
            }
            Timer::Rested(_) => {}
        }
    }

    fn key(&mut self, key: KeyEvent) {
        self.state.notice = None;
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            self.commands.push(Command::Quit);
        } else if self.state.overlay.is_some() {
            self.overlay_key(key);
        } else if self.state.focus == Focus::Query {
            self.line_key(key);
        } else if let Some(action) = keys::action(key) {
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::EditQuery => self.focus(Focus::Query),
            Action::NextPane => self.next_pane(1),
            Action::PreviousPane => self.next_pane(-1),
            Action::PaneRight => self.pane_beside(1),
            Action::PaneLeft => self.pane_beside(-1),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step_page(-1),
            Action::PageDown => self.step_page(1),
            Action::Top => self.step_to_end(false),
            Action::Bottom => self.step_to_end(true),
            Action::Open => self.open(),
            Action::Leave => self.leave(),
            Action::NextMatch => self.jump(true, 1),
            Action::PreviousMatch => self.jump(true, -1),
            Action::NextName => self.jump(false, 1),
            Action::PreviousName => self.jump(false, -1),
            Action::Person => self.person(),
            Action::Similar => self.similar(),
            Action::Copies => self.copies(),
            Action::Original => self.original(),
            Action::Cite => self.cite(self.state.clipboard),
            Action::CiteOnExit => self.cite(false),
            Action::Back => self.travel(true),
            Action::Forward => self.travel(false),
            Action::Facets => self.facets(),
            Action::Include => self.choose_facet(Choice::Included),
            Action::Exclude => self.choose_facet(Choice::Excluded),
            Action::ClearFilters => self.change_search(Search::clear_filters),
            Action::Sort => self.change_search(Search::next_sort),
            Action::Dates => self.dates(),
            Action::AllCopies => self.change_search(Search::toggle_copies),
            Action::Zoom => self.state.zoomed = !self.state.zoomed,
            Action::Help => self.state.overlay = Some(Overlay::Help { top: 0 }),
            Action::Redraw => self.commands.push(Command::Redraw),
            Action::Suspend => self.commands.push(Command::Suspend),
            Action::Quit => self.commands.push(Command::Quit),
        }
    }

    // Views

    /// Goes on to a view about something.
    fn visit(&mut self, subject: Subject) {
        let view = View::new(subject, self.state.archive_age);
        self.state.visit(view);
        self.state.focus = Focus::List;
        self.arrive();
        self.ask_page();
    }

    /// A view has come on the screen: the line and what is awaited are those of no other.
    fn arrive(&mut self) {
        self.state.typing = false;
        self.state.edits += 1;
        for topic in [Topic::Page, Topic::More, Topic::Article] {
            self.state.awaited.remove(&topic);
        }
        self.state.slow = false;
        self.state.line = EditLine::new(self.state.latest_search().text());
        self.state.completions = super::state::Completions::default();
    }

    /// Asks for what the view is about.
    fn ask_page(&mut self) {
        let question = match &self.state.view.subject {
            Subject::Search(search) if search.is_empty() => {
                self.state.awaited.remove(&Topic::Page);
                self.state.view.contents = None;
                self.state.view.failure = None;
                self.state.view.reading = Reading::default();
                return;
            }
            Subject::Search(search) => {
                let mut request = search.request(0);
                // A list that was paged through is refreshed as far as it was.
                request.limit = self.state.view.hits().len().clamp(PAGE, 10 * PAGE);
                if self.state.view.archive_age == self.state.archive_age {
                    request.limit = PAGE;
                }
                Question::Search(Box::new(request))
            }
            Subject::Similar { id, .. } => Question::Similar { id: id.clone() },
            Subject::Entity { kind, name } => {
                Question::Profile { kind: *kind, name: name.clone() }
            }
            // The copies came with the hit.
            Subject::Copies { .. } => return,
        };
        self.ask(question);
    }

    /// Back or forward, as in a web browser.
    fn travel(&mut self, back: bool) {
        let (from, to) = if back {
            (&mut self.state.back, &mut self.state.forward)
        } else {
            (&mut self.state.forward, &mut self.state.back)
        };
        let Some(view) = from.pop() else {
            self.notice(if back {
                "nothing to go back to"
            } else {
                "nothing to go forward to"
            });
            return;
        };
        to.push(std::mem::replace(&mut self.state.view, view));
        self.arrive();
        if self.state.focus == Focus::Query || self.state.focus == Focus::Facets {
            self.state.focus = Focus::List;
        }
        let view = &self.state.view;
        let complete = view.contents.is_some() || view.is_blank();
        if !complete || view.archive_age < self.state.archive_age {
            self.ask_page();
        }
        self.show_selected();
    }

    /// Searches again with something changed, as a new view.
    fn change_search(&mut self, change: impl FnOnce(&mut Search)) {
        let mut search = self.state.latest_search();
        let before = search.clone();
        change(&mut search);
        if search == before {
            self.notice("no filters are set");
            return;
        }
        let (focus, facet, facet_top) =
            (self.state.focus, self.state.view.facet, self.state.view.facet_top);
        let here = matches!(self.state.view.subject, Subject::Search(_));
        let contents = self.state.view.contents.clone();
        if search.is_empty() {
            self.notice("nothing is searched for: type a query");
        }
        self.visit(Subject::Search(search));
        if here {
            // Until the answer comes, the old one stays on the screen.
            self.state.view.contents = contents;
            self.state.view.facet = facet;
            self.state.view.facet_top = facet_top;
            self.state.focus = focus;
        }
    }

    fn facets(&mut self) {
        if !matches!(self.state.view.subject, Subject::Search(_)) {
            self.notice("facets belong to a search: go back to one");
        } else if self.state.focus == Focus::Facets {
            self.state.facets_shown = false;
            self.state.focus = Focus::List;
        } else {
            self.state.facets_shown = true;
            self.focus(Focus::Facets);
        }
    }

    /// Includes or excludes the selected value of the facet pane.
    fn choose_facet(&mut self, choice: Choice) {
        if self.state.focus != Focus::Facets {
            self.notice("go to the facets first (f)");
            return;
        }
        let Some(row) = self.state.facet_rows().into_iter().nth(self.state.view.facet) else {
            return;
        };
        self.change_search(|search| search.toggle(row.facet, &row.value, choice));
        // What was chosen moves up to the head of its facet: the selection goes with it.
        let rows = self.state.facet_rows();
        let moved =
            rows.iter().position(|other| other.facet == row.facet && other.value == row.value);
        self.state.view.facet = moved.unwrap_or(0);
        self.show_selected();
    }

    fn dates(&mut self) {
        let line = EditLine::new(&self.state.latest_search().dates());
        self.state.overlay = Some(Overlay::Dates { line, wrong: None });
    }

    // Articles

    /// Asks for the selected hit's article, if it is not the one open.
    fn want_article(&mut self) {
        let view = &self.state.view;
        let Some(hit) = view.selected_hit() else { return };
        let reading = &view.reading;
        if reading.id.as_deref() == Some(&hit.id) {
            return;
        }
        let search = match &view.subject {
            Subject::Search(search) => Some(Box::new(search.request(0))),
            _ => None,
        };
        let id = hit.id.clone();
        self.state.view.reading.id = Some(id.clone());
        self.state.view.reading.failure = None;
        self.ask(Question::Article { id, search });
    }

    /// Asks for further hits where the list nears its end.
    fn want_more(&mut self) {
        let view = &self.state.view;
        let (Subject::Search(search), Some(contents)) = (&view.subject, &view.contents) else {
            return;
        };
        let known = contents.hits.len();
        let complete = known as u64 >= contents.total;
        let waiting = self.state.awaited.contains_key(&Topic::More)
            || self.state.awaited.contains_key(&Topic::Page);
        if !complete && !waiting && view.selected + AHEAD >= known {
            let request = search.request(known);
            self.ask(Question::More(Box::new(request)));
        }
    }

    fn open(&mut self) {
        match self.state.focus {
            Focus::Facets => self.choose_facet(Choice::Included),
            Focus::Article => {
                if let Some((kind, name)) = self.name_under_cursor() {
                    self.visit(Subject::Entity { kind, name });
                } else {
                    self.notice("e goes to the next name, Enter or p then opens it");
                }
            }
            Focus::Query | Focus::List => {
                match self.state.view.item(self.state.view.selected) {
                    Some(Item::Companion(companion)) => {
                        let (kind, name) = (companion.kind, companion.name.clone());
                        self.visit(Subject::Entity { kind, name });
                    }
                    Some(Item::Hit(_)) => {
                        self.want_article();
                        self.focus(Focus::Article);
                    }
                    None => self.notice("there is nothing to open: / edits the query"),
                }
            }
        }
    }

    /// The name that the cursor is on, in the article or elsewhere.
    fn name_under_cursor(&self) -> Option<(EntityKind, String)> {
        let layout = &self.state.view.reading.layout;
        let index = match self.state.view.reading.spot? {
            Spot::Name(index) => index,
            Spot::Match(index) => layout
                .lines
                .iter()
                .flat_map(|line| &line.runs)
                .filter(|run| run.ink.matched == Some(index))
                .find_map(|run| run.ink.name)?,
        };
        layout.names.get(index).map(|named| (named.kind, named.name.clone()))
    }

    fn person(&mut self) {
        if self.state.focus == Focus::Facets {
            let row = self.state.facet_rows().into_iter().nth(self.state.view.facet);
            match row.map(|row| (row.facet, row.value)) {
                Some((Facet::Entity(kind), name)) => self.visit(Subject::Entity { kind, name }),
                _ => self.notice("people, organisations and places have a profile"),
            }
            return;
        }
        if self.state.focus == Focus::List
            && let Some(Item::Companion(companion)) =
                self.state.view.item(self.state.view.selected)
        {
            let (kind, name) = (companion.kind, companion.name.clone());
            self.visit(Subject::Entity { kind, name });
            return;
        }
        if self.state.focus == Focus::Article
            && let Some((kind, name)) = self.name_under_cursor()
        {
            self.visit(Subject::Entity { kind, name });
            return;
        }
        let Some(hit) = self.state.view.current_hit() else {
            self.notice("no article is selected");
            return;
        };
        let names: Vec<_> = EntityKind::ALL
            .into_iter()
            .flat_map(|kind| {
                entities(hit, kind)
                    .iter()
                    .map(move |entity| (kind, entity.name.clone(), entity.mentions))
            })
            .collect();
        if names.is_empty() {
            self.notice("no names were found in this article");
        } else {
            self.state.overlay = Some(Overlay::Names { names, chosen: 0 });
        }
    }

    fn similar(&mut self) {
        match self.state.view.current_hit() {
            Some(hit) => {
                let (id, title) = (hit.id.clone(), hit.title.clone());
                self.visit(Subject::Similar { id, title });
            }
            None => self.notice("no article is selected"),
        }
    }

    fn copies(&mut self) {
        let Some(hit) = self.state.view.current_hit() else {
            self.notice("no article is selected");
            return;
        };
        if hit.copies.is_empty() {
            self.notice("the archive has no other copy of this story");
            return;
        }
        let shown = hit.clone();
        let copies = hit.copies.iter().map(|copy| crate::search::Hit {
            id: copy.id.clone(),
            path: copy.path.clone(),
            title: copy.title.clone(),
            source: copy.source.clone(),
            date: copy.date,
            date_precision: copy.date.map(crate::article::Date::precision),
            // The rest comes with the article itself.
            words: 0,
            member: None,
            byline: Vec::new(),
            section: None,
            page: None,
            url: None,
            status: None,
            people: Vec::new(),
            organisations: Vec::new(),
            places: Vec::new(),
            snippets: Vec::new(),
            copies: Vec::new(),
            ..shown.clone()
        });
        let mut hits = vec![crate::search::Hit { copies: Vec::new(), ..shown.clone() }];
        hits.extend(copies);
        self.visit(Subject::Copies { title: shown.title });
        self.state.view.contents = Some(super::state::Contents {
            total: hits.len() as u64,
            hits,
            ..Default::default()
        });
        self.want_article();
    }

    fn original(&mut self) {
        let Some(hit) = self.state.view.current_hit() else {
            self.notice("no article is selected");
            return;
        };
        let (id, title) = (hit.id.clone(), hit.title.clone());
        let reading = &self.state.view.reading;
        let mut near = Vec::new();
        if reading.article.as_ref().is_some_and(|article| article.hit.id == id) {
            let line = match reading.spot {
                Some(Spot::Match(index)) => reading.layout.matches.get(index).copied(),
                Some(Spot::Name(index)) => {
                    reading.layout.names.get(index).map(|name| name.line)
                }
                None => None,
            };
            let line = line.unwrap_or(reading.top);
            near.extend((line..line + 3).map(|line| reading.layout.line_text(line)));
        }
        near.insert(0, title);
        self.ask(Question::Original { id, near });
    }

    fn cite(&mut self, to_clipboard: bool) {
        let Some(hit) = self.state.view.current_hit() else {
            self.notice("no article is selected");
            return;
        };
        // A copy's row knows little of its article; the article itself knows all.
        let open = self.state.view.reading.article.as_ref().map(|article| &article.hit);
        let hit = open.filter(|open| open.id == hit.id).unwrap_or(hit);
        let citation = super::visible::clean(&cite::text(hit));
        if to_clipboard {
            self.commands.push(Command::Copy(citation));
            self.notice("citation copied (Y: print it at the end)");
        } else {
            if !self.state.printed.contains(&citation) {
                self.state.printed.push(citation);
            }
            let count = self.state.printed.len();
            let noun = if count == 1 { "citation" } else { "citations" };
            self.notice(format!("{count} {noun} to be printed when you quit"));
        }
    }
}

/// The order of hits, in words.
pub(super) fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "by relevance",
        Sort::Newest => "newest first",
        Sort::Oldest => "oldest first",
    }
}

#[cfg(test)]
mod tests;
