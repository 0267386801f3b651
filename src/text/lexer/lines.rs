//! White space: what a line break means.

use memchr::memchr;

use super::class::{Class, class_of};
use super::{Boundary, Line, Pending, Scan};

impl Scan<'_> {
    pub(super) fn space(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line_break();
        } else {
            self.at += 1;
        }
    }

    /// Reads the white space from a line feed on, and decides what it means.
    pub(super) fn line_break(&mut self) {
        let line_end = self.at;
        let mut feeds = 0;
        let mut next_start = self.at;
        while let Some(c) = self.char_at(self.at).filter(|&c| class_of(c) == Class::Space) {
            self.at += c.len_utf8();
            if c == '\n' {
                feeds += 1;
                next_start = self.at;
            }
        }
        let former = self.line;
        let indent = self.at - next_start;
        self.line = Line { start: next_start, indent, ..Line::default() };
        self.line.item = self.begins_item(self.at);
        self.seen_flush |= indent == 0;
        if self.out.tokens.is_empty() {
            return;
        }
        if feeds > 1 {
            self.line.opens_by_indent = indent >= 2;
            self.widest = 0;
            self.break_before_next(Boundary::Paragraph);
            return;
        }
        let ended = matches!(self.pending, Pending::Final | Pending::FinalSolo);
        let sibling =
            former.opens_by_indent && indent == former.indent && ended && self.seen_flush;
        if indent >= 2 && (indent >= former.indent + 2 || sibling) {
            self.line.opens_by_indent = true;
            self.widest = 0;
            self.break_before_next(Boundary::Paragraph);
            return;
        }
        let length = line_end.saturating_sub(former.start);
        if self.is_hard_break(former, length, ended) {
            self.break_before_next(Boundary::Sentence);
        }
        self.widest = self.widest.max(length);
    }

    /// Whether a single line feed was put there by the writer, not by the wrapping of long lines:
    /// before an item of a list, or where the next word would have fitted the line.
    pub(super) fn is_hard_break(&self, former: Line, length: usize, ended: bool) -> bool {
        /// Lines longer than this are not wrapped (wire text: 65 to 80).
        const UNWRAPPED: usize = 120;
        /// Typists and hyphenation leave lines this much shorter than they might be.
        const RAGGED: usize = 15;

        let Some(next) = self.char_at(self.at) else { return false };
        if matches!(next, '•' | '●' | '▪' | '►' | '■' | '◆' | '○' | '·') {
            return true;
        }
        let rest = self.bytes.get(self.line.start..).unwrap_or_default();
        let next_length = memchr(b'\n', rest).unwrap_or(rest.len());
        let first_word = rest
            .iter()
            .skip(self.line.indent)
            .take(UNWRAPPED)
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        let width = self.widest.max(length).max(next_length);
        let fitted = length + 1 + first_word + RAGGED <= width;
        // The first line of an indented paragraph is running text, however short it is: agencies
        // put the dateline into a field of its own, and leave its room.
        let hard = (fitted && !former.opens_by_indent) || width > UNWRAPPED;
        let last = self.out.tokens.last().map_or("", |token| self.written(token));
        if self.line.item && (ended || former.item || fitted || last == ":") {
            return true;
        }
        hard && !next.is_lowercase() && !leads_on(last)
    }

    /// Whether an item of a list may begin there: `- `, `* `, `1. `, `a) `, `(b) `.
    pub(super) fn begins_item(&self, at: usize) -> bool {
        let mut rest = self.bytes.get(at..).unwrap_or_default().iter().copied().take(5);
        let marker = match rest.next() {
            Some(b'-' | b'*' | b'+' | b'o') => true,
            Some(b'(') => rest.any(|byte| byte == b')'),
            Some(first) if first.is_ascii_alphanumeric() => {
                let second = rest.next();
                let third = if second.is_some_and(|byte| byte.is_ascii_digit()) {
                    rest.next()
                } else {
                    second
                };
                matches!(third, Some(b')')) || (first.is_ascii_digit() && third == Some(b'.'))
            }
            _ => false,
        };
        marker && rest.next().is_none_or(|byte| byte == b' ')
    }
}

/// Whether no sentence, heading or item of a list ends with this word.
fn leads_on(word: &str) -> bool {
    matches!(
        word,
        "," | ";"
            | "-"
            | "--"
            | "–"
            | "—"
            | "&"
            | "("
            | "'s"
            | "’s"
            | "a"
            | "an"
            | "the"
            | "of"
            | "in"
            | "at"
            | "on"
            | "to"
            | "by"
            | "for"
            | "from"
            | "with"
            | "and"
            | "or"
            | "as"
            | "that"
            | "than"
            | "but"
            | "is"
            | "was"
            | "are"
            | "were"
            | "its"
            | "his"
            | "her"
            | "their"
            | "Mr."
            | "Mrs."
            | "Ms."
            | "Dr."
            | "Sen."
            | "Rep."
            | "Gov."
            | "Gen."
            | "The"
    )
}
