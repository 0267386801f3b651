//! Clean text to tokens, sentences and paragraphs, in one pass.
//!
//! Tokens are cut as in the corpora on which name taggers are trained (CoNLL-2003, Penn Treebank),
//! but contractions stay whole. Plain words of ASCII letters, four tokens of five in English
//! news, are measured sixteen bytes at a time and never looked at byte by byte; all else takes the
//! careful way.

mod abbreviation;
mod class;

use abbreviation::{Stop, continues_time, starts_sentence, stop_after};
use class::{Class, byte_class, class_of, closes, opens};
use memchr::memchr;

pub(in crate::text) use abbreviation::is_domain_ending;

use super::{Forms, Token, Tokens};

/// Sentences are cut after this many tokens: tables and lists without full stops would otherwise
/// be one sentence, and taggers take time and memory by the sentence.
const MAX_SENTENCE: usize = 250;

/// Tokens are cut after about this many bytes.
const MAX_TOKEN: usize = 512;

/// A dateline ends within this many tokens.
const MAX_DATELINE: usize = 14;

/// A dateline begins one of the first so many paragraphs: a headline and a byline may precede it.
const DATELINE_PARAGRAPHS: usize = 4;

/// Splits texts into tokens, sentences and paragraphs, and numbers the word forms.
///
/// One per thread, kept for a whole run, so that the table of forms is warm.
#[derive(Debug, Default)]
pub struct Lexer {
    forms: Forms,
}

impl Lexer {
    /// A lexer that has met no form yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// To be called before the texts of an article are read: within an article, forms keep their
    /// numbers; between two, a table that has grown too large is emptied, and
    /// [`Forms::generation`] changes.
    pub fn begin_article(&mut self) {
        self.forms.trim();
    }

    /// The word forms met so far.
    #[must_use]
    pub fn forms(&self) -> &Forms {
        &self.forms
    }

    /// Splits `text` into `out`, whose former content is dropped.
    ///
    /// A text beyond 4 GiB is read up to there. Takes time linear in the text's length.
    pub fn read(&mut self, text: &str, out: &mut Tokens) {
        out.tokens.clear();
        out.sentences.clear();
        out.paragraphs.clear();
        let readable = text.floor_char_boundary(u32::MAX as usize);
        let text = text.get(..readable).unwrap_or_default();
        Scan {
            text,
            bytes: text.as_bytes(),
            forms: &mut self.forms,
            out,
            at: 0,
            boundary: Boundary::Paragraph,
            pending: Pending::None,
            sentence_start: 0,
            line: Line::default(),
            seen_flush: false,
            widest: 0,
        }
        .run();
    }
}

/// What begins with the next token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Boundary {
    None,
    Sentence,
    Paragraph,
}

/// Whether the sentence may be at its end; what follows decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pending {
    None,
    /// A final mark stood there.
    Final,
    /// A final mark of a script without spaces stood there.
    FinalSolo,
    /// An abbreviation stood there.
    Abbreviation(Stop),
}

/// The line that the scan is in.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// Its first byte.
    start: usize,
    /// Spaces before its first character.
    indent: usize,
    /// Whether it was taken as the first of a paragraph for its indent.
    opens_by_indent: bool,
    /// Whether it begins as an item of a list does.
    item: bool,
}

/// A word that the careful way has measured.
#[derive(Clone, Copy, Debug)]
struct Word {
    end: usize,
    /// The abbreviation's kind, if the word took a full stop with it.
    stop: Option<Stop>,
}

/// What stands between two parts of a word.
#[derive(Clone, Copy, Debug)]
enum Joint {
    /// The word goes on behind these many bytes.
    Binds(usize),
    /// A full stop that belongs to the word.
    Stop(Stop),
    /// The word is over.
    Ends,
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    forms: &'a mut Forms,
    out: &'a mut Tokens,
    /// The byte that the scan has come to; a character begins there.
    at: usize,
    boundary: Boundary,
    pending: Pending,
    /// Index of the first token of the sentence.
    sentence_start: usize,
    line: Line,
    /// Whether a line without indent has been seen.
    seen_flush: bool,
    /// Length of the longest line of the paragraph so far, but for the one that the scan is in.
    widest: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        let first = self.bytes.iter().take_while(|&&byte| byte == b' ').count();
        self.line.indent = first;
        self.line.opens_by_indent = first >= 2;
        self.seen_flush = first == 0;
        self.line.item = self.begins_item(first);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte_class(byte) {
                Class::Space => self.space(byte),
                Class::Letter => {
                    if !self.plain_word() {
                        self.careful_word();
                    }
                }
                Class::Digit => self.careful_word(),
                Class::Mark => self.ascii_mark(byte),
                Class::High | Class::Solo | Class::Extend => self.high(),
            }
        }
    }

    /// Takes a word of fewer than sixteen ASCII letters with something behind it that cannot
    /// belong to it; `false` where there is none.
    #[inline]
    fn plain_word(&mut self) -> bool {
        let Some(window) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<16>())
        else {
            return false;
        };
        let chunk = u128::from_le_bytes(*window);
        let length = leading_letters(chunk);
        let Some(&behind) = window.get(length) else { return false };
        if !ENDS_PLAIN_WORD[usize::from(behind)] {
            return false;
        }
        if self.pending != Pending::None {
            self.resolve();
        }
        let form = self.forms.number_short(chunk & low_bytes(length));
        self.push(self.at + length, form);
        true
    }

    /// Ends the token that began at `self.at`, and goes on behind it.
    #[inline]
    fn push(&mut self, end: usize, form: super::FormId) {
        let index = self.out.tokens.len();
        if self.boundary != Boundary::None || index - self.sentence_start >= MAX_SENTENCE {
            self.begin_sentence(index);
        }
        self.out.tokens.push(Token { start: offset(self.at), end: offset(end), form });
        self.at = end;
    }

    fn begin_sentence(&mut self, index: usize) {
        if self.boundary == Boundary::Paragraph {
            self.out.paragraphs.push(offset(index));
        }
        self.out.sentences.push(offset(index));
        self.sentence_start = index;
        self.boundary = Boundary::None;
    }

    /// Pushes the token from `self.at` to `end`.
    fn push_text(&mut self, end: usize) {
        let form = self.forms.number(self.text, self.at, end);
        self.push(end, form);
    }

    fn break_before_next(&mut self, boundary: Boundary) {
        self.pending = Pending::None;
        if self.out.tokens.len() > self.sentence_start || boundary > self.boundary {
            self.boundary = self.boundary.max(boundary);
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at).and_then(|before| before.chars().next_back())
    }

    fn class_at(&self, at: usize) -> Class {
        match self.bytes.get(at).map(|&byte| byte_class(byte)) {
            None => Class::Space,
            Some(Class::High) => self.char_at(at).map_or(Class::Space, class_of),
            Some(class) => class,
        }
    }

    /// Whether a letter, digit or combining mark stands there.
    fn word_at(&self, at: usize) -> bool {
        matches!(self.class_at(at), Class::Letter | Class::Digit | Class::Extend)
    }

    fn letter_at(&self, at: usize) -> bool {
        matches!(self.class_at(at), Class::Letter | Class::Extend)
    }

    fn digit_at(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(u8::is_ascii_digit)
    }

    /// The run of ASCII letters that begins there.
    fn letters_at(&self, at: usize) -> &str {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length =
            rest.iter().take(MAX_TOKEN).take_while(|byte| byte.is_ascii_alphabetic()).count();
        self.text.get(at..at + length).unwrap_or_default()
    }

    // ----- White space and lines -----------------------------------------------------------

    fn space(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line_break();
        } else {
            self.at += 1;
        }
    }

    /// Reads the white space from a line feed on, and decides what it means.
    fn line_break(&mut self) {
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
    fn is_hard_break(&self, former: Line, length: usize, ended: bool) -> bool {
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
    fn begins_item(&self, at: usize) -> bool {
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

    // ----- Sentence ends -------------------------------------------------------------------

    /// Decides, before the token at `self.at`, whether the sentence is over.
    #[cold]
    #[inline(never)]
    fn resolve(&mut self) {
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

    fn written(&self, token: &Token) -> &str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// Whether the final mark belongs to a name (`Yahoo! Inc.`).
    fn ends_exclaiming_name(&self) -> bool {
        let [.., name, mark] = self.out.tokens.as_slice() else { return false };
        self.written(mark) == "!" && matches!(self.written(name), "Yahoo" | "Yum" | "Jeopardy")
    }

    /// Whether white space stands before `self.at`.
    fn spaced(&self) -> bool {
        self.out.tokens.last().is_none_or(|token| token.end as usize != self.at)
    }

    /// Whether the token that ends before `self.at` closes a dateline, such as
    /// `SEOUL, Feb 12 (AP) —`: capitals, a date, an agency in brackets, a dash.
    fn closes_dateline(&self) -> bool {
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

    // ----- Marks ---------------------------------------------------------------------------

    fn ascii_mark(&mut self, mark: u8) {
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
    fn mark(&mut self, end: usize) {
        if self.pending != Pending::None {
            let closing = self.char_at(self.at).is_some_and(closes) && !self.spaced();
            if !closing {
                self.resolve();
            }
        }
        self.push_text(end);
    }

    fn final_mark(&mut self, end: usize, pending: Pending) {
        if self.pending != Pending::None && self.spaced() {
            self.resolve();
        }
        self.push_text(end);
        self.pending = pending;
    }

    fn resolve_pending(&mut self) {
        if self.pending != Pending::None {
            self.resolve();
        }
    }

    /// Where the run of this mark ends.
    fn run_of(&self, mark: u8) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|&&byte| byte == mark).count()
    }

    /// Whether an apostrophe there begins an ending that is a token of its own: `'s`, and, where
    /// the text has been split before, `'ll` and its like.
    fn is_clitic(&self, at: usize) -> bool {
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
    fn apostrophe_at(&self, at: usize) -> Option<usize> {
        match self.bytes.get(at..)? {
            [b'\'', ..] => Some(1),
            [0xE2, 0x80, 0x99, ..] => Some(3),
            _ => None,
        }
    }

    /// Whether what stands before `self.at` leaves room for a sign that begins a token.
    fn spaced_or_opened(&self) -> bool {
        self.spaced()
            || self.char_before(self.at).is_some_and(|c| opens(c) || c == '/' || c == ':')
    }

    fn high(&mut self) {
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
    fn extended(&self, mut end: usize) -> usize {
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

    // ----- Words, the careful way ----------------------------------------------------------

    #[inline(never)]
    fn careful_word(&mut self) {
        if self.pending != Pending::None {
            self.resolve();
        }
        let word = self.word();
        self.push_text(word.end);
        if let Some(stop) = word.stop {
            self.pending = Pending::Abbreviation(stop);
        }
    }

    /// Measures the word at `self.at`.
    fn word(&self) -> Word {
        let start = self.at;
        let mut segment = start;
        let mut end = self.run_end(start);
        if let Some(end) = self.address_end(end) {
            return Word { end, stop: None };
        }
        let mut parts = 0;
        let mut stop = None;
        loop {
            if end - start >= MAX_TOKEN {
                break;
            }
            match self.joint(segment, end, parts) {
                Joint::Binds(width) => {
                    parts = if self.bytes.get(end) == Some(&b'.') { parts + 1 } else { 0 };
                    segment = end + width;
                    end = self.run_end(segment);
                    stop = None;
                }
                Joint::Stop(kind) => {
                    end += 1;
                    stop = Some(kind);
                    // `U.S.-led`
                    if self.bytes.get(end) != Some(&b'-') || !self.word_at(end + 1) {
                        break;
                    }
                    segment = end;
                    parts = 0;
                }
                Joint::Ends => {
                    end = self.with_sign(start, end);
                    break;
                }
            }
        }
        Word { end, stop }
    }

    /// Where the letters, digits and combining marks from there on end.
    fn run_end(&self, mut at: usize) -> usize {
        let limit = at + MAX_TOKEN;
        while at < limit {
            match self.class_at(at) {
                Class::Letter | Class::Digit => {}
                Class::Extend if at > self.at => {}
                _ => break,
            }
            at += self.bytes.get(at).map_or(1, |&byte| width_of(byte));
        }
        at
    }

    /// What stands at `at` behind the part of a word that began at `segment`, where `parts` full
    /// stops have joined what is before.
    fn joint(&self, segment: usize, at: usize, parts: usize) -> Joint {
        let Some(&mark) = self.bytes.get(at) else { return Joint::Ends };
        let binds = |width: usize, if_so: bool| {
            if if_so { Joint::Binds(width) } else { Joint::Ends }
        };
        let (after_digit, before_digit) =
            (at > segment && self.digit_at(at - 1), self.digit_at(at + 1));
        match mark {
            b'-' | b'&' | b'@' | b'/' => binds(1, self.word_at(at + 1)),
            b':' => binds(1, after_digit && before_digit),
            b',' => {
                let group = (1..=3).all(|n| self.digit_at(at + n)) && !self.digit_at(at + 4);
                binds(1, after_digit && group)
            }
            b'\'' => binds(1, self.letter_at(at + 1) && !self.is_clitic(at)),
            b'.' => self.full_stop(segment, at, parts),
            // ’ and ‘ as apostrophes, ‐ and ‑ as hyphens
            0xE2 => match self.bytes.get(at + 1..at + 3) {
                Some([0x80, 0x98 | 0x99]) => {
                    binds(3, self.letter_at(at + 3) && !self.is_clitic(at))
                }
                Some([0x80, 0x90 | 0x91]) => binds(3, self.word_at(at + 3)),
                _ => Joint::Ends,
            },
            // · between letters (Catalan), ׳ and ״ (Hebrew)
            0xC2 if self.bytes.get(at + 1) == Some(&0xB7) => binds(2, self.letter_at(at + 2)),
            0xD7 if matches!(self.bytes.get(at + 1), Some(0xB3 | 0xB4)) => {
                binds(2, self.letter_at(at + 2))
            }
            _ => Joint::Ends,
        }
    }

    /// What a full stop at `at` means.
    fn full_stop(&self, segment: usize, at: usize, parts: usize) -> Joint {
        let part = self.text.get(segment..at).unwrap_or_default();
        let next = self.class_at(at + 1);
        if next == Class::Digit && part.bytes().next_back().is_some_and(|b| b.is_ascii_digit())
        {
            return Joint::Binds(1);
        }
        let mut chars = part.chars();
        let single = match (chars.next(), chars.next()) {
            (Some(letter), None) if letter.is_alphabetic() => Some(letter),
            _ => None,
        };
        if next == Class::Letter {
            let following = self.letters_at(at + 1);
            let behind = at + 1 + following.len();
            if is_domain_ending(following) && !self.word_at(behind) && !part.is_empty() {
                return Joint::Binds(1);
            }
            // Codes of stock exchanges: `<ROT.L>`.
            let bracketed = matches!(self.bytes.get(behind), Some(b'>' | b')'));
            if bracketed && following.len() <= 2 && is_capitals(part) {
                return Joint::Binds(1);
            }
            let next_is_single =
                self.char_at(at + 1).is_some_and(|c| !self.word_at(at + 1 + c.len_utf8()));
            if next_is_single && (single.is_some() || part == "Ph") {
                return Joint::Binds(1);
            }
        }
        // A name or anything else may follow without a space: `J.Smith`, `Mr.Smith`.
        if let Some(letter) = single {
            if parts > 0 {
                let time = matches!(part, "m" | "M") && parts == 1;
                return Joint::Stop(if time { Stop::Likely } else { Stop::Maybe });
            }
            if letter.is_uppercase() {
                return Joint::Stop(Stop::Maybe);
            }
        }
        if parts > 0 && part == "D" {
            return Joint::Stop(Stop::Maybe);
        }
        match stop_after(part) {
            Some(Stop::BeforeNumber) => {
                let mut behind = at + 1;
                if self.bytes.get(behind) == Some(&b' ') {
                    behind += 1;
                }
                if self.digit_at(behind) {
                    Joint::Stop(Stop::BeforeNumber)
                } else {
                    Joint::Ends
                }
            }
            Some(stop) => Joint::Stop(stop),
            None => Joint::Ends,
        }
    }

    /// Takes in the signs of `C++`, `C#`, `Disney+`, `US$`.
    fn with_sign(&self, start: usize, end: usize) -> usize {
        let length = end - start;
        match self.bytes.get(end) {
            Some(b'+') => {
                let pluses = if self.bytes.get(end + 1) == Some(&b'+') { 2 } else { 1 };
                let fits = !self.word_at(end + pluses)
                    && (pluses == 1 || length == 1)
                    && !self.digit_at(end - 1);
                if fits { end + pluses } else { end }
            }
            Some(b'#') if length == 1 && self.letter_at(start) && !self.word_at(end + 1) => {
                end + 1
            }
            Some(b'$')
                if length <= 3
                    && is_capitals(self.text.get(start..end).unwrap_or_default()) =>
            {
                end + 1
            }
            _ => end,
        }
    }

    /// Where a web address ends whose first letters end at `at`.
    fn address_end(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        let scheme = rest.starts_with(b"://");
        let host = rest.first() == Some(&b'.')
            && self.word_at(at + 1)
            && self
                .bytes
                .get(self.at..at)
                .is_some_and(|word| word.eq_ignore_ascii_case(b"www"));
        if !scheme && !host {
            return None;
        }
        let length = rest
            .iter()
            .take(MAX_TOKEN)
            .take_while(|&&byte| {
                byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'`' | b'|')
            })
            .count();
        let address = rest.get(..length)?;
        let bracketed = address.contains(&b'(');
        let trailing = address
            .iter()
            .rev()
            .take_while(|&&byte| match byte {
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b']' | b'}' | b'*' => true,
                b')' => !bracketed,
                _ => false,
            })
            .count();
        (length - trailing > 3 || host).then_some(at + length - trailing)
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

/// Two or more letters, all of them capitals (dots allowed).
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|&c| c != '.').peekable();
    letters.peek().is_some() && letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

/// Length in bytes of the character that this byte begins.
#[inline]
fn width_of(first: u8) -> usize {
    match first {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "texts are cut at 4 GiB")]
fn offset(at: usize) -> u32 {
    at as u32
}

/// Bytes behind a run of letters that show, without a look at what follows, that it is a word.
const ENDS_PLAIN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b" \n\t\r,;!?()[]{}\"<>=%*";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// A number whose first `count` (at most 15) bytes are ones.
#[inline]
fn low_bytes(count: usize) -> u128 {
    (1 << (8 * (count & 15))) - 1
}

/// How many of the sixteen bytes, from the first (lowest) on, are ASCII letters.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "each half is taken on purpose")]
fn leading_letters(chunk: u128) -> usize {
    let low = not_letters(chunk as u64);
    if low != 0 {
        return (low.trailing_zeros() / 8) as usize;
    }
    let high = not_letters((chunk >> 64) as u64);
    8 + (high.trailing_zeros() / 8) as usize
}

/// The high bit of each byte that is no ASCII letter (arithmetic on eight bytes at once, after
/// Mycroft's and Warren's "Hacker's Delight" tests).
#[inline]
fn not_letters(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let lower = (bytes | (0x20 * ONES)) & !HIGH;
    let from_a = lower + (0x80 - 0x61) * ONES;
    let beyond_z = lower + (0x80 - 0x7B) * ONES;
    (!from_a | beyond_z | bytes) & HIGH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The tokens with a space between them, ` | ` between sentences, ` ¶ ` between paragraphs.
    fn split(text: &str) -> String {
        let mut tokens = Tokens::default();
        Lexer::new().read(text, &mut tokens);
        let mut shown = String::new();
        for (index, token) in tokens.tokens.iter().enumerate() {
            let begins = |starts: &[u32]| starts.contains(&(index as u32));
            if index > 0 {
                shown += match (begins(&tokens.paragraphs), begins(&tokens.sentences)) {
                    (true, _) => " ¶ ",
                    (false, true) => " | ",
                    (false, false) => " ",
                };
            }
            shown += text.get(token.start as usize..token.end as usize).unwrap();
        }
        shown
    }

    fn check(cases: &[(&str, &str)]) {
        for (text, wanted) in cases {
            assert_eq!(split(text), *wanted, "{text:?}");
        }
    }

    #[test]
    fn words_of_news_are_one_token_each() {
        check(&[
            ("Kim Sung-hwan's aide", "Kim Sung-hwan 's aide"),
            ("O’Brien’s and the boss' car", "O’Brien ’s and the boss ' car"),
            ("They don't; he'll go, KERRY'S too", "They don't ; he'll go , KERRY 'S too"),
            ("It 's split, we 've", "It 's split , we 've"),
            ("AT&T, C++, C#, R&D and AC/DC", "AT&T , C++ , C# , R&D and AC/DC"),
            ("$5 or US$1,000.5m, 50% at 10:30", "$ 5 or US$ 1,000.5m , 50 % at 10:30"),
            ("in (1987,1988) or 1,2,3", "in ( 1987 , 1988 ) or 1 , 2 , 3"),
            ("so -- he—said… and...", "so -- he — said … and ..."),
            ("J.K. Rowling, J.Smith, Ph.D.", "J.K. Rowling , J. Smith , Ph.D."),
            ("a U.S.-led force <ROT.L>", "a U.S.-led force < ROT.L >"),
            ("No. 5 of the U.N., a.m.", "No. 5 of the U.N. , a.m."),
            (
                "see https://a.org/b?c=(d), www.a.com.",
                "see https://a.org/b?c=(d) , www.a.com .",
            ),
            ("mail me@a.co.uk. @who_is #Tag", "mail me@a.co.uk . | @who_is #Tag"),
            ("习近平2016年가나 다", "习 近 平 2016 年 가나 다"),
            ("Москва́ naïve e\u{301}te", "Москва́ naïve e\u{301}te"),
            ("👍🏽👨\u{200d}👩 ok", "👍🏽 👨\u{200d}👩 ok"),
        ]);
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        check(&[
            ("Sen. John F. Kerry said. He left.", "Sen. John F. Kerry said . | He left ."),
            ("U.S. President Bush", "U.S. President Bush"),
            ("He left the U.S. The dog stayed.", "He left the U.S. | The dog stayed ."),
            ("for Acme Inc. “We won,” he", "for Acme Inc. | “ We won , ” he"),
            ("at 5 p.m. Monday, at 6 p.m. Police", "at 5 p.m. Monday , at 6 p.m. | Police"),
            (
                "\"Why?\" he asked. \"No.\" (Yes.) So",
                "\" Why ? \" he asked . | \" No . \" | ( Yes . ) | So",
            ),
            ("in Jan. 1987 in Boston, Mass. But", "in Jan. 1987 in Boston , Mass. | But"),
            ("The end.The next. 3 more.", "The end . | The next . | 3 more ."),
            ("Yahoo! Inc. and Yahoo! The", "Yahoo ! Inc. and Yahoo ! | The"),
            ("这是。那是！", "这 是 。 | 那 是 ！"),
            ("SEOUL, Feb 12 (AP) — Kim won.", "SEOUL , Feb 12 ( AP ) — | Kim won ."),
            ("LONDON - The pound fell - again.", "LONDON - | The pound fell - again ."),
        ]);
    }

    #[test]
    fn lines_and_paragraphs() {
        let wrapped = "The foreign ministers of twelve countries met in the capital on Monday and\n\
                       Tuesday to talk about the treaty that had been signed by the President of\n\
                       France.";
        assert!(!split(wrapped).contains('|'), "{}", split(wrapped));
        let headed = format!("Ministers Meet\n{wrapped}\n\n    Next\n    Last");
        assert_eq!(split(&headed).matches('|').count(), 1, "{}", split(&headed));
        check(&[
            ("One.\n\nTwo", "One . ¶ Two"),
            ("    One two\nthree.\n    Four", "One two three . ¶ Four"),
            ("Buy:\n- Eggs\n- Ham\n1. Go\n2. Run", "Buy : | - Eggs | - Ham | 1 . Go | 2 . Run"),
            ("A\n\n\n B\r\n\r\nC", "A ¶ B ¶ C"),
        ]);
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for unit in
            [".", "a.", "a-", "a'", "A. ", "\"", "1,", "http://", "@a", "\n ", "é.", "("]
        {
            let text = unit.repeat(400_000 / unit.len());
            let mut tokens = Tokens::default();
            Lexer::new().read(&text, &mut tokens);
            assert!(tokens.tokens.iter().all(|token| token.end > token.start), "{unit:?}");
        }
    }

    /// Texts of what is special to the lexer.
    fn odd_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "a", "B", "The", ".", ".", " ", " ", "\n", "'", "s", "’", "“", "\"", "-", "—",
                ",", "3", "&", "@", "#", "+", "$", "://", "www", "com", "U.S", "Mr", "é",
                "\u{301}", "中", "カ", "\u{200d}", "👍", "\u{a0}", "…", "。", "(", ")", "Inc",
                "No", "\0",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn tokens_cover_every_visible_character_in_order(text in odd_text()) {
            let mut tokens = Tokens::default();
            let mut lexer = Lexer::new();
            lexer.read(&text, &mut tokens);
            let mut at = 0;
            for token in &tokens.tokens {
                let (start, end) = (token.start as usize, token.end as usize);
                prop_assert!(at <= start && start < end);
                let gap = text.get(at..start).unwrap();
                prop_assert!(gap.chars().all(|c| class_of(c) == Class::Space), "{:?}", gap);
                let written = text.get(start..end).unwrap();
                prop_assert!(!written.contains(char::is_whitespace));
                if !written.starts_with(|c: char| c.is_ascii_digit()) {
                    prop_assert_eq!(lexer.forms().text(token.form), written);
                }
                at = end;
            }
            prop_assert!(text.get(at..).unwrap().chars().all(|c| class_of(c) == Class::Space));
            let rising = |starts: &[u32]| {
                starts.windows(2).all(|pair| pair[0] < pair[1])
                    && starts.first().copied() == (!tokens.tokens.is_empty()).then_some(0)
                    && starts.iter().all(|&start| (start as usize) < tokens.tokens.len())
            };
            prop_assert!(rising(&tokens.sentences) && rising(&tokens.paragraphs));
            prop_assert!(tokens.paragraphs.iter().all(|start| tokens.sentences.contains(start)));
        }
    }
}
