//! One line of text under edit, by graphemes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

use super::visible;

/// Longest line that can be typed or pasted, in bytes; what is beyond it is dropped.
const MAX_BYTES: usize = 4_096;

/// A line of text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EditLine {
    /// Graphemes before the cursor, and from it on.
    before: String,
    after: String,
}

/// What a key did to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edited {
    /// The text changed.
    Changed,
    /// Only the cursor moved.
    Moved,
    /// The key is no key of the line.
    Not,
}

impl EditLine {
    /// A line with the cursor at its end.
    pub(super) fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    pub(super) fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    pub(super) fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    pub(super) fn at_end(&self) -> bool {
        self.after.is_empty()
    }

    /// Types or pastes; line ends become spaces.
    pub(super) fn insert(&mut self, text: &str) {
        for grapheme in text.graphemes(true) {
            let piece = visible::shown(grapheme);
            if self.before.len() + self.after.len() + piece.len() > MAX_BYTES {
                break;
            }
            self.before.push_str(&piece);
        }
    }

    /// Sets the cursor at the grapheme that covers a column, counted from the text's first.
    pub(super) fn point_at(&mut self, column: usize) {
        let text = self.text();
        let mut reached = 0;
        let mut at = text.len();
        for (place, grapheme) in text.grapheme_indices(true) {
            reached += visible::width(grapheme);
            if reached > column {
                at = place;
                break;
            }
        }
        let (before, after) = text.split_at_checked(at).unwrap_or((&text, ""));
        (self.before, self.after) = (before.to_owned(), after.to_owned());
    }

    /// Edits by a key, with the keys that shells have made common.
    pub(super) fn key(&mut self, key: KeyEvent) -> Edited {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Char('a') if control => self.start(),
            KeyCode::Char('e') if control => self.end(),
            KeyCode::Char('b') if control => self.left(),
            KeyCode::Char('f') if control => self.right(),
            KeyCode::Char('b') if alt => self.word_left(),
            KeyCode::Char('f') if alt => self.word_right(),
            KeyCode::Char('w') if control => return self.erase(Self::word_left),
            KeyCode::Backspace if alt || control => return self.erase(Self::word_left),
            KeyCode::Char('h') if control => return self.erase(Self::left),
            KeyCode::Char('u') if control => return self.erase(Self::start),
            KeyCode::Char('k') if control => {
                let changed = !self.after.is_empty();
                self.after.clear();
                return if changed { Edited::Changed } else { Edited::Moved };
            }
            KeyCode::Char('d') if control => return self.delete(),
            KeyCode::Char(c) if !control && !alt => {
                let length = self.before.len();
                self.insert_char(c);
                return if self.before.len() == length {
                    Edited::Moved
                } else {
                    Edited::Changed
                };
            }
            KeyCode::Backspace => return self.erase(Self::left),
            KeyCode::Delete => return self.delete(),
            KeyCode::Left if control => self.word_left(),
            KeyCode::Right if control => self.word_right(),
            KeyCode::Left if !alt => self.left(),
            KeyCode::Right if !alt => self.right(),
            KeyCode::Home => self.start(),
            KeyCode::End => self.end(),
            _ => return Edited::Not,
        }
        Edited::Moved
    }

    /// A typed character may combine with what stands before it, so it is not cleaned alone.
    fn insert_char(&mut self, c: char) {
        let room = self.before.len() + self.after.len() + c.len_utf8() <= MAX_BYTES;
        if room && (visible::is_shown(c) || c == '\u{200d}') {
            self.before.push(c);
        }
    }

    fn erase(&mut self, step: impl FnOnce(&mut Self)) -> Edited {
        let text_after = self.after.clone();
        let length = self.before.len();
        step(self);
        self.after = text_after;
        if self.before.len() == length { Edited::Moved } else { Edited::Changed }
    }

    fn delete(&mut self) -> Edited {
        let Some(first) = self.after.graphemes(true).next() else { return Edited::Moved };
        self.after = self.after.get(first.len()..).unwrap_or_default().to_owned();
        Edited::Changed
    }

    fn left(&mut self) {
        let start = self.before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        self.split_before(start);
    }

    fn right(&mut self) {
        let Some(first) = self.after.graphemes(true).next().map(str::to_owned) else { return };
        self.after = self.after.get(first.len()..).unwrap_or_default().to_owned();
        self.before.push_str(&first);
    }

    fn start(&mut self) {
        self.split_before(0);
    }

    fn end(&mut self) {
        self.before.push_str(&std::mem::take(&mut self.after));
    }

    fn word_left(&mut self) {
        let start = self.before.unicode_word_indices().next_back().map_or(0, |(at, _)| at);
        self.split_before(start);
    }

    fn word_right(&mut self) {
        let end = self
            .after
            .unicode_word_indices()
            .next()
            .map_or(self.after.len(), |(at, word)| at + word.len());
        let rest = self.after.split_off(end.min(self.after.len()));
        self.before.push_str(&std::mem::replace(&mut self.after, rest));
    }

    fn split_before(&mut self, at: usize) {
        let moved = self.before.split_off(at);
        self.after.insert_str(0, &moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut EditLine, code: KeyCode, modifiers: KeyModifiers) -> Edited {
        line.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn edits_go_by_graphemes_and_words() {
        let mut line = EditLine::new("park Geun-hye  \u{1b}[31m東京e\u{301}");
        assert_eq!(line.text(), "park Geun-hye  [31m東京e\u{301}");
        press(&mut line, KeyCode::Backspace, KeyModifiers::NONE);
        assert!(line.text().ends_with("東京"));
        for _ in 0..4 {
            press(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        }
        assert_eq!(line.text(), "park Geun-");
        press(&mut line, KeyCode::Home, KeyModifiers::NONE);
        press(&mut line, KeyCode::Right, KeyModifiers::CONTROL);
        assert_eq!(line.before(), "park");
        assert_eq!(
            press(&mut line, KeyCode::Char('k'), KeyModifiers::CONTROL),
            Edited::Changed
        );
        assert_eq!(line.text(), "park");
        assert_eq!(press(&mut line, KeyCode::F(5), KeyModifiers::NONE), Edited::Not);
    }

    #[test]
    fn pastes_are_one_line_and_bounded() {
        let mut line = EditLine::new("a\r\nb");
        assert_eq!(line.text(), "a b");
        line.insert(&"x".repeat(1 << 20));
        assert_eq!(line.text().len(), MAX_BYTES);
    }

    #[test]
    fn a_click_sets_the_cursor_on_the_cell_it_hit() {
        let mut line = EditLine::new("東京 news");
        line.point_at(3);
        assert_eq!(line.before(), "東");
        line.point_at(99);
        assert!(line.at_end());
    }
}
