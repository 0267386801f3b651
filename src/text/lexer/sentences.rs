//! Where sentences and datelines end.

use super::abbreviation::{Stop, continues_time, starts_sentence};
use super::class::{Class, class_of, opens};
use super::{Boundary, DATELINE_PARAGRAPHS, MAX_DATELINE, Pending, Scan, is_capitals};
use crate::text::Token;

impl Scan<'_> {
    /// Decides, before the token at `self.at`, whether the sentence is over.
    #[cold]
    #[inline(never)]
    pub(super) fn resolve(&mut self) {
        let pending = std::mem::replace(&mut self.pending, Pending::None);
        let spaced = self.spaced();
        let mut at = self.at;
        let mut opened = false;
        for _ in 0..3 {
            let Some(c) = self.char_at(at).filter(|&c| opens(c)) else { break };
            at += c.len_utf8();
            opened = true;
        }
        let Some(next) = self.char_at(at) else { return };
        let over = match pending {
            Pending::None => false,
            Pending::FinalSolo => true,
            Pending::Final => {
                let goes_on = next.is_lowercase()
                    || (!opened
                        && matches!(
                            next,
                            ',' | ';' | ':' | '-' | '–' | '—' | '/' | '=' | '%' | ')' | ']'
                        ));
                let possessive = self.is_clitic(at) && opened;
                let glued = !spaced && !next.is_uppercase() && class_of(next) != Class::Solo;
                // The number of an item of a list: `1. Text`.
                let numbered = self.out.tokens.len() == self.sentence_start + 2
                    && self
                        .out
                        .tokens
                        .get(self.sentence_start)
                        .is_some_and(|token| self.digit_at(token.start as usize));
                let named =
                    self.ends_exclaiming_name() && !starts_sentence(self.letters_at(at));
                !goes_on && !glued && !numbered && !possessive && !named
            }
            Pending::Abbreviation(stop) => {
                let word = self.letters_at(at);
                let behind = self.bytes.get(at + word.len()).copied();
                let whole = !matches!(behind, Some(b'-' | b'.'));
                let capital = next.is_uppercase() || (opened && !next.is_lowercase());
                match stop {
                    Stop::Never | Stop::BeforeNumber => false,
                    Stop::Maybe => spaced && whole && starts_sentence(word),
                    Stop::Likely => spaced && capital && !continues_time(word),
                }
            }
        };
        if over {
            self.break_before_next(Boundary::Sentence);
        }
    }

    pub(super) fn written(&self, token: &Token) -> &str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// Whether the final mark belongs to a name (`Yahoo! Inc.`).
    pub(super) fn ends_exclaiming_name(&self) -> bool {
        let [.., name, mark] = self.out.tokens.as_slice() else { return false };
        self.written(mark) == "!" && matches!(self.written(name), "Yahoo" | "Yum" | "Jeopardy")
    }

    /// Whether white space stands before `self.at`.
    pub(super) fn spaced(&self) -> bool {
        self.out.tokens.last().is_none_or(|token| token.end as usize != self.at)
    }

    /// Whether the token that ends before `self.at` closes a dateline, such as
    /// `SEOUL, Feb 12 (AP) —`: capitals, a date, an agency in brackets, a dash.
    pub(super) fn closes_dateline(&self) -> bool {
        let sentence = self.out.tokens.get(self.sentence_start..).unwrap_or_default();
        let early = self.out.paragraphs.len() <= DATELINE_PARAGRAPHS
            && self.out.paragraphs.last().is_some_and(|&at| at as usize == self.sentence_start);
        if !early || sentence.len() > MAX_DATELINE || sentence.len() < 2 {
            return false;
        }
        let written = |token| self.written(token);
        let [first, .., before, _] = sentence else {
            // A place and a dash.
            return sentence.first().is_some_and(|first| is_capitals(written(first)));
        };
        if written(before) == ")" {
            return written(first).starts_with(char::is_uppercase);
        }
        is_capitals(written(first))
            && sentence.iter().all(|token| {
                let word = written(token);
                !word.starts_with(char::is_lowercase)
            })
    }
}
