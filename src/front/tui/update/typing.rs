//! The query line, its completions, and the small windows over the panes.

use super::{
    Command, Edited, Focus, KeyCode, KeyEvent, KeyModifiers, Overlay, Question, Search,
    Subject, Timer, Update, View,
};
use crate::front::tui::draw::help_lines;
use crate::front::tui::edit_line::EditLine;
use crate::front::tui::keys::{self, Action};
use crate::front::tui::state::Completions;
use crate::search::Suggestion;

/// Words before the cursor that a completion may stand for.
const COMPLETED_WORDS: usize = 6;

impl Update<'_> {
    pub(super) fn line_key(&mut self, key: KeyEvent) {
        let offered = !self.state.completions.offered.is_empty();
        match key.code {
            KeyCode::Enter => {
                if self.state.completions.chosen.is_some() {
                    self.complete();
                }
                self.finish_line(true);
            }
            KeyCode::Esc if offered => self.state.completions = Completions::default(),
            KeyCode::Esc => self.finish_line(false),
            KeyCode::Tab if offered => self.complete(),
            KeyCode::Tab => self.finish_line(false),
            KeyCode::BackTab => self.next_pane(-1),
            KeyCode::Down if offered => self.choose_completion(1),
            KeyCode::Up if self.state.completions.chosen.is_some() => {
                self.choose_completion(-1);
            }
            KeyCode::Up => {
                if let Some(entry) = self.state.history.earlier(&self.state.line.text()) {
                    self.replace_line(&entry);
                }
            }
            KeyCode::Down => match self.state.history.later() {
                Some(entry) => self.replace_line(&entry),
                None => self.finish_line(false),
            },
            KeyCode::PageUp | KeyCode::PageDown => {
                self.finish_line(false);
                self.act(if key.code == KeyCode::PageUp {
                    Action::PageUp
                } else {
                    Action::PageDown
                });
            }
            KeyCode::Char('p') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.line_key(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE));
            }
            KeyCode::Char('n') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.line_key(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE));
            }
            KeyCode::Left | KeyCode::Right if key.modifiers.contains(KeyModifiers::ALT) => {
                self.travel(key.code == KeyCode::Left);
            }
            KeyCode::F(1) => self.act(Action::Help),
            KeyCode::Char('l') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.commands.push(Command::Redraw);
            }
            KeyCode::Char('z') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.commands.push(Command::Suspend);
            }
            _ => {
                // Nobody's first word is a question mark: in an empty line it asks for help.
                if key.code == KeyCode::Char('?') && self.state.line.is_empty() {
                    self.act(Action::Help);
                } else if self.state.line.key(key) == Edited::Changed {
                    self.edited();
                }
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        match (&mut self.state.overlay, self.state.focus) {
            (Some(Overlay::Dates { line, .. }), _) => line.insert(text),
            (None, Focus::Query) => {
                self.state.line.insert(text);
                self.edited();
            }
            _ => {}
        }
    }

    fn edited(&mut self) {
        self.state.history.stay();
        self.state.completions.chosen = None;
        self.changed_line();
    }

    fn replace_line(&mut self, text: &str) {
        self.state.line = EditLine::new(text);
        self.state.completions = Completions::default();
        self.changed_line();
    }

    fn changed_line(&mut self) {
        self.state.edits += 1;
        self.wake(super::DEBOUNCE, Timer::Rested(self.state.edits));
    }

    /// Searches for what stands in the line. The first such search since the line was entered is
    /// a new view, the following ones replace it.
    pub(super) fn search_typed(&mut self) {
        let text = self.state.line.text();
        // Among earlier searches ↓ goes to a later one, not into completions.
        if self.state.focus == Focus::Query
            && self.state.line.at_end()
            && !text.trim().is_empty()
            && !self.state.history.is_walking()
        {
            self.ask(Question::Suggest { typed: self.state.line.before().to_owned() });
        } else {
            self.state.completions = Completions::default();
        }
        let before = self.state.latest_search();
        let mut search = before.clone();
        let may_go_on = self.state.focus == Focus::Query
            && self.state.line.at_end()
            && !self.state.history.is_walking();
        if may_go_on {
            search.set_typed(&text);
        } else {
            search.set_text(&text);
        }
        self.show_typed(&before, search);
    }

    /// Searches for the line's text, unless just that is shown already.
    fn show_typed(&mut self, before: &Search, search: Search) {
        let here = matches!(self.state.view.subject, Subject::Search(_));
        if here && before.request(0) == search.request(0) {
            self.state.view.subject = Subject::Search(search);
        } else {
            self.show_search(search);
        }
    }

    fn show_search(&mut self, search: Search) {
        if self.state.typing {
            self.state.view.subject = Subject::Search(search);
        } else {
            let mut view = View::new(Subject::Search(search), self.state.archive_age);
            // Until the answer comes, the old one stays on the screen.
            if matches!(self.state.view.subject, Subject::Search(_)) {
                view.contents.clone_from(&self.state.view.contents);
                view.reading = self.state.view.reading.clone();
            }
            self.state.visit(view);
            self.state.typing = true;
        }
        self.ask_page();
    }

    /// Leaves the line for the hits: what stands in it is the search now. An unchanged line is
    /// searched for again only where that is `asked` for.
    pub(super) fn finish_line(&mut self, asked: bool) {
        let before = self.state.latest_search();
        let mut search = before.clone();
        search.set_text(&self.state.line.text());
        let unchanged = before.request(0) == search.request(0);
        if asked && unchanged && self.state.view.failure.is_some() {
            self.ask_page();
        } else if asked || !unchanged {
            self.show_typed(&before, search);
        }
        self.state.edits += 1;
        self.state.awaited.remove(&super::Topic::Suggest);
        self.state.typing = false;
        self.state.completions = Completions::default();
        self.state.focus = Focus::List;
        let text = self.state.line.text();
        if self.state.history.add(&text) {
            self.commands.push(Command::Remember(text.trim().to_owned()));
        }
    }

    fn choose_completion(&mut self, by: isize) {
        let completions = &mut self.state.completions;
        let last = completions.offered.len().saturating_sub(1);
        completions.chosen = match completions.chosen {
            None => Some(0),
            Some(0) if by < 0 => None,
            Some(chosen) => Some(chosen.saturating_add_signed(by).min(last)),
        };
    }

    pub(super) fn complete(&mut self) {
        let completions = std::mem::take(&mut self.state.completions);
        let chosen = completions.chosen.unwrap_or(0);
        let Some(suggestion) = completions.offered.get(chosen) else { return };
        let completed = completed(self.state.line.before(), suggestion);
        self.state.line = EditLine::new(&completed);
        self.state.history.stay();
        self.changed_line();
        // What was completed needs no further completion.
        let before = self.state.latest_search();
        let mut search = before.clone();
        search.set_text(&completed);
        self.show_typed(&before, search);
        self.state.edits += 1;
        self.state.awaited.remove(&super::Topic::Suggest);
    }

    // Windows over the panes

    pub(super) fn overlay_key(&mut self, key: KeyEvent) {
        let Some(overlay) = self.state.overlay.take() else { return };
        self.state.overlay = match overlay {
            Overlay::Help { top } => self.help_key(key, top),
            Overlay::Names { names, chosen } => match (key.code, keys::action(key)) {
                (_, Some(Action::Leave | Action::Quit | Action::Person)) => None,
                (_, Some(Action::Open | Action::PaneRight)) => {
                    if let Some((kind, name, _)) = names.into_iter().nth(chosen) {
                        self.visit(Subject::Entity { kind, name });
                    }
                    None
                }
                (_, action) => {
                    let last = names.len().saturating_sub(1);
                    let chosen = match action {
                        Some(Action::Up | Action::PreviousName) => chosen.saturating_sub(1),
                        Some(Action::Down | Action::NextName) => (chosen + 1).min(last),
                        Some(Action::PageUp) => chosen.saturating_sub(10),
                        Some(Action::PageDown) => (chosen + 10).min(last),
                        Some(Action::Top) => 0,
                        Some(Action::Bottom) => last,
                        _ => chosen,
                    };
                    Some(Overlay::Names { names, chosen })
                }
            },
            Overlay::Dates { mut line, wrong } => match key.code {
                KeyCode::Esc => None,
                KeyCode::Enter => {
                    let mut search = self.state.latest_search();
                    let before = search.dates();
                    match search.set_dates(&line.text()) {
                        Ok(()) => {
                            if search.dates() != before {
                                self.change_search(|changed| *changed = search);
                            }
                            None
                        }
                        Err(error) => {
                            Some(Overlay::Dates { line, wrong: Some(error.to_string()) })
                        }
                    }
                }
                _ => {
                    let wrong = match line.key(key) {
                        Edited::Changed => None,
                        _ => wrong,
                    };
                    Some(Overlay::Dates { line, wrong })
                }
            },
        };
    }

    fn help_key(&self, key: KeyEvent, top: usize) -> Option<Overlay> {
        let page = usize::from(self.state.size.height.saturating_sub(4)).max(1);
        let last = help_lines().len().saturating_sub(page);
        let top = match keys::action(key) {
            Some(Action::Up) => top.saturating_sub(1),
            Some(Action::Down) => top + 1,
            Some(Action::PageUp) => top.saturating_sub(page),
            Some(Action::PageDown) if top < last => top + page,
            Some(Action::Top) => 0,
            Some(Action::Bottom) => last,
            _ => return None,
        };
        Some(Overlay::Help { top: top.min(last) })
    }
}

/// The line with its last words replaced by a completion: as many words as begin words of the
/// completion, else the last one.
fn completed(typed: &str, suggestion: &Suggestion) -> String {
    let wanted = suggestion.text.to_lowercase();
    let begins_a_word = |typed: &str| {
        wanted.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(typed))
    };
    let mut starts: Vec<usize> = typed
        .char_indices()
        .filter(|(_, c)| c.is_whitespace() || *c == '(')
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    starts.insert(0, 0);
    starts.retain(|start| {
        typed
            .get(*start..)
            .is_some_and(|rest| !rest.starts_with([' ', '(']) && !rest.is_empty())
    });
    let candidates = starts.iter().rev().take(COMPLETED_WORDS).rev();
    let start = candidates
        .copied()
        .find(|start| {
            let words = typed.get(*start..).unwrap_or_default().trim_start_matches('-');
            // A field that is written already is part of the clause that replaces it.
            let words = match words.split_once(':') {
                Some((field, value)) if field.chars().all(char::is_alphabetic) => value,
                _ => words,
            };
            let words = words.to_lowercase();
            let mut words =
                words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let mut some = false;
            words.all(|word| {
                some = true;
                begins_a_word(word)
            }) && some
        })
        .or_else(|| starts.last().copied())
        .unwrap_or(0);
    let kept = typed.get(..start).unwrap_or_default();
    let minus =
        if typed.get(start..).is_some_and(|rest| rest.starts_with('-')) { "-" } else { "" };
    format!("{kept}{minus}{} ", suggestion.query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_replaces_the_words_it_begins_with() {
        let check = |typed: &str, text: &str, query: &str, wanted: &str| {
            let suggestion = Suggestion {
                kind: "person".into(),
                text: text.into(),
                articles: 1,
                query: query.into(),
            };
            assert_eq!(completed(typed, &suggestion), wanted);
        };
        let kerry = "person:\"John Kerry\"";
        check("talks john ke", "John Kerry", kerry, "talks person:\"John Kerry\" ");
        check("person:\"john k", "John Kerry", kerry, "person:\"John Kerry\" ");
        check("talks -person:jo", "John Kerry", kerry, "talks -person:\"John Kerry\" ");
        check("(a OR kery", "John Kerry", kerry, "(a OR person:\"John Kerry\" ");
        check("talks kerry jo", "John Kerry", kerry, "talks person:\"John Kerry\" ");
        check("talks in ke ", "John Kerry", kerry, "talks in person:\"John Kerry\" ");
        check("été", "Été 36", "\"Été 36\"", "\"Été 36\" ");
    }
}
