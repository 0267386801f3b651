//! Punctuation, and all that is no ASCII.

use super::class::{Class, class_of, closes, opens};
use super::{Boundary, MAX_TOKEN, Pending, Scan};

impl Scan<'_> {
    pub(super) fn ascii_mark(&mut self, mark: u8) {
        let at = self.at;
        let second = self.bytes.get(at + 1).copied().unwrap_or(b' ');
        match mark {
            b'\'' if self.is_clitic(at) => {
                let end = at + 1 + self.letters_at(at + 1).len();
                self.pending = Pending::None;
                self.push_text(end);
            }
            // A handle or tag.
            b'@' | b'#' if self.word_at(at + 1) && self.spaced_or_opened() => {
                self.resolve_pending();
                let end = self.run_end(at + 1);
                self.push_text(end);
            }
            b'.' if second.is_ascii_digit() && self.spaced_or_opened() => {
                self.resolve_pending();
                let end = self.run_end(at + 1);
                self.push_text(end);
            }
            b'.' | b'!' | b'?' => {
                let end = self.run_of(mark);
                self.final_mark(end, Pending::Final);
            }
            b'-' | b'=' | b'*' | b'_' | b'~' | b'`' | b'\'' => {
                let end = self.run_of(mark);
                self.mark(end);
                if mark == b'-' && self.closes_dateline() {
                    self.break_before_next(Boundary::Sentence);
                }
            }
            _ => self.mark(at + 1),
        }
    }

    /// Pushes a mark; one that closes a quotation or bracket right behind a final mark belongs to
    /// the sentence that is ending.
    pub(super) fn mark(&mut self, end: usize) {
        if self.pending != Pending::None {
            let closing = self.char_at(self.at).is_some_and(closes) && !self.spaced();
            if !closing {
                self.resolve();
            }
        }
        self.push_text(end);
    }

    pub(super) fn final_mark(&mut self, end: usize, pending: Pending) {
        if self.pending != Pending::None && self.spaced() {
            self.resolve();
        }
        self.push_text(end);
        self.pending = pending;
    }

    pub(super) fn resolve_pending(&mut self) {
        if self.pending != Pending::None {
            self.resolve();
        }
    }

    /// Where the run of this mark ends.
    pub(super) fn run_of(&self, mark: u8) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|&&byte| byte == mark).count()
    }

    /// Whether an apostrophe there begins an ending that is a token of its own: `'s`, and, where
    /// the text has been split before, `'ll` and its like.
    pub(super) fn is_clitic(&self, at: usize) -> bool {
        let Some(apostrophe) = self.apostrophe_at(at) else { return false };
        let ending = self.letters_at(at + apostrophe);
        if self.word_at(at + apostrophe + ending.len()) {
            return false;
        }
        match ending {
            "s" | "S" => true,
            "t" | "d" | "m" | "ll" | "re" | "ve" => {
                self.char_before(at).is_some_and(char::is_whitespace)
                    && self.out.tokens.len() > self.sentence_start
            }
            _ => false,
        }
    }

    /// The length in bytes of an apostrophe there.
    pub(super) fn apostrophe_at(&self, at: usize) -> Option<usize> {
        match self.bytes.get(at..)? {
            [b'\'', ..] => Some(1),
            [0xE2, 0x80, 0x99, ..] => Some(3),
            _ => None,
        }
    }

    /// Whether what stands before `self.at` leaves room for a sign that begins a token.
    pub(super) fn spaced_or_opened(&self) -> bool {
        self.spaced()
            || self.char_before(self.at).is_some_and(|c| opens(c) || c == '/' || c == ':')
    }

    pub(super) fn high(&mut self) {
        let Some(c) = self.char_at(self.at) else {
            self.at += 1;
            return;
        };
        let end = self.at + c.len_utf8();
        match class_of(c) {
            Class::Space => self.at = end,
            Class::Letter | Class::Digit | Class::High => self.careful_word(),
            Class::Solo | Class::Extend => {
                self.resolve_pending();
                let end = self.extended(end);
                self.push_text(end);
            }
            Class::Mark => match c {
                '’' if self.is_clitic(self.at) => {
                    let end = end + self.letters_at(end).len();
                    self.pending = Pending::None;
                    self.push_text(end);
                }
                '。' | '！' | '？' | '．' | '।' | '॥' | '؟' | '۔' => {
                    self.final_mark(end, Pending::FinalSolo);
                }
                '…' => self.final_mark(end, Pending::Final),
                '—' | '–' | '―' => {
                    self.mark(end);
                    if self.closes_dateline() {
                        self.break_before_next(Boundary::Sentence);
                    }
                }
                _ => {
                    let end = self.extended(end);
                    self.mark(end);
                }
            },
        }
    }

    /// Where the combining marks, joiners and what these join end.
    pub(super) fn extended(&self, mut end: usize) -> usize {
        while let Some(c) = self.char_at(end) {
            if class_of(c) != Class::Extend || end - self.at > MAX_TOKEN {
                break;
            }
            end += c.len_utf8();
            if c == '\u{200D}' {
                let joined = self.char_at(end).filter(|&c| class_of(c) == Class::Mark);
                end += joined.map_or(0, char::len_utf8);
            }
        }
        end
    }
}
