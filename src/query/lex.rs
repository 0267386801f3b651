//! Text → tokens. Parentheses leave here in balance, and what holds no word is gone.

use super::MAX_NUMBER;
use super::ast::{EntityKind, Form, Proximity, Span, Word};
use super::ast::{has_letter, is_quote, is_space, trim_punctuation};
use super::error::{ParseError, ParseErrorKind, Warnings};
use super::field::{Field, FieldKind};

/// A token and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// Whether it follows the token before it without a space.
    pub(super) glued: bool,
}

#[derive(Debug, Clone)]
pub(super) enum TokenKind {
    Open,
    Close,
    /// A word with its signs and escapes, as typed.
    Word(String),
    /// The text between quotes, escapes resolved.
    Quoted {
        text: String,
        slop: u32,
    },
    Mention(EntityKind),
    Field(&'static Field),
    And,
    Or,
    Not,
    Minus,
    Near(Proximity),
    AtLeast(u32),
}

/// What a bare word is.
#[derive(Debug)]
pub(super) enum Class {
    Plain,
    Connector(TokenKind),
    Malformed(ParseErrorKind),
}

/// What a bare word says, its signs read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A lone `*`.
    All,
    Word(Word),
    /// No letter, no digit.
    Nothing,
}

/// `max_depth`: parentheses further in are left out.
pub(super) fn lex(
    chars: &[char],
    max_depth: usize,
    warnings: &mut Warnings,
) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer {
        chars,
        at: 0,
        tokens: Vec::new(),
        open: Vec::new(),
        max_depth,
        spaced: true,
        warnings,
    };
    lexer.run()?;
    lexer.close_open_groups();
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    tokens: Vec<Token>,
    /// Where the open parentheses stand; the first `max_depth` of them are kept.
    open: Vec<usize>,
    max_depth: usize,
    /// Whether there was a space before the token that is being read.
    spaced: bool,
    warnings: &'a mut Warnings,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), ParseError> {
        while let Some(c) = self.peek(0) {
            if is_space(c) {
                self.at += 1;
                self.spaced = true;
                continue;
            }
            let start = self.at;
            match c {
                '(' => self.open_group(),
                ')' => self.close_group(),
                _ if is_quote(c) => self.quoted(),
                _ => self.word(c)?,
            }
            // Every branch moves on; this holds even if one is changed carelessly.
            self.at = self.at.max(start + 1);
            self.spaced = false;
        }
        Ok(())
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn text(&self, start: usize, end: usize) -> String {
        self.chars.get(start..end).unwrap_or_default().iter().collect()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        let span = Span::new(start, self.at);
        self.tokens.push(Token { kind, span, glued: !self.spaced });
    }

    fn open_group(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.open.len() < self.max_depth {
            self.push(TokenKind::Open, start);
        } else if self.open.len() == self.max_depth {
            let max_depth = self.max_depth;
            let message = format!("parentheses more than {max_depth} deep are left out");
            self.warnings.add(Span::new(start, start + 1), message);
        }
        self.open.push(start);
    }

    fn close_group(&mut self) {
        let start = self.at;
        self.at += 1;
        let span = Span::new(start, self.at);
        match self.open.pop() {
            None => {
                self.warnings
                    .add(span, "a closing parenthesis that closes nothing is left out");
            }
            Some(_) if self.open.len() >= self.max_depth => {}
            Some(opened) => {
                if let Some(Token { kind: TokenKind::Open, .. }) = self.tokens.last() {
                    self.tokens.pop();
                    self.warnings
                        .add(Span::new(opened, self.at), "empty parentheses are left out");
                } else {
                    self.push(TokenKind::Close, start);
                }
            }
        }
    }

    /// Groups that the text leaves open end with it.
    fn close_open_groups(&mut self) {
        let end = self.at;
        self.open.truncate(self.max_depth);
        while let Some(opened) = self.open.pop() {
            let span = Span::new(opened, opened + 1);
            if let Some(Token { kind: TokenKind::Open, .. }) = self.tokens.last() {
                self.tokens.pop();
                self.warnings.add(span, "a parenthesis that opens nothing is left out");
            } else {
                self.push(TokenKind::Close, end);
                self.warnings
                    .add(span, "an open parenthesis is closed at the end of the query");
            }
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let inches = start.checked_sub(1).and_then(|i| self.chars.get(i)).copied();
        if inches.is_some_and(|c| c.is_ascii_digit())
            && self.peek(1).is_none_or(|c| is_space(c) || c == ')')
        {
            self.at += 1;
            self.warnings.add(Span::new(start, self.at), "a stray quote is left out");
            return;
        }
        let Some(end) = closing_quote(self.chars, start + 1) else {
            return self.unclosed_quote(start);
        };
        let text = unescape_quoted(&self.text(start + 1, end));
        self.at = end + 1;
        let slop = self.slop();
        self.push_quoted(text, slop, start);
    }

    /// A quote without its partner: a phrase up to what surely is no part of one, a
    /// parenthesis, a connector, a field or an excluded word, and else to the end.
    fn unclosed_quote(&mut self, start: usize) {
        let mut end = start + 1;
        while let Some(&c) = self.chars.get(end) {
            if matches!(c, '(' | ')') {
                break;
            }
            let begins_word = self.chars.get(end - 1).copied().is_some_and(is_space);
            if begins_word && !is_space(c) {
                let word = self.text(end, raw_end(self.chars, end));
                let connector = matches!(classify(&word, false), Class::Connector(_));
                let field = word.split_once(':').and_then(|(name, _)| Field::find(name));
                let mut letters = word.chars();
                let excluded = letters.next() == Some('-')
                    && letters.next().is_some_and(char::is_alphanumeric);
                if connector || field.is_some() || excluded {
                    break;
                }
                end = raw_end(self.chars, end).max(end + 1);
            } else {
                end += 1;
            }
        }
        while end > start + 1 && self.chars.get(end - 1).copied().is_some_and(is_space) {
            end -= 1;
        }
        let text = unescape_quoted(&self.text(start + 1, end));
        let mark = Span::new(start, start + 1);
        let words = text.split(is_space).filter(|word| readable(word)).count();
        if words < 2 {
            // One word needs no quotes: what follows is read as if there were none.
            self.at = start + 1;
            self.warnings.add(mark, "a stray quote is left out");
        } else {
            self.at = end;
            let message = format!("an open quote is closed after {}", shorten(&text));
            self.warnings.add(mark, message);
            self.push_quoted(text, 0, start);
        }
    }

    fn push_quoted(&mut self, text: String, slop: u32, start: usize) {
        if readable(&text) {
            self.push(TokenKind::Quoted { text, slop }, start);
        } else {
            let span = Span::new(start, self.at);
            self.warnings.add(span, "quotes around nothing are left out");
        }
    }

    /// The `~5` after a closing quote.
    fn slop(&mut self) -> u32 {
        if self.peek(0) != Some('~') {
            return 0;
        }
        let start = self.at;
        self.at += 1;
        while self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        let digits = self.text(start + 1, self.at);
        if digits.is_empty() {
            let hint = "for example \"north korea\"~5";
            self.warnings.add_hinted(span, "a ~ without a number is left out", hint);
            return 0;
        }
        match digits.parse() {
            Ok(slop) if slop <= MAX_NUMBER => slop,
            _ => {
                self.warnings.add(span, format!("~{digits} is read as ~{MAX_NUMBER}"));
                MAX_NUMBER
            }
        }
    }

    fn word(&mut self, first: char) -> Result<(), ParseError> {
        let start = self.at;
        let after_field = match self.tokens.last() {
            Some(Token { kind: TokenKind::Field(field), .. }) if !self.spaced => {
                Some(field.kind)
            }
            _ => None,
        };
        if let Some(kind) = after_field
            && !matches!(kind, FieldKind::Scope(_))
        {
            self.at = raw_end(self.chars, start);
            let raw = self.text(start, self.at);
            // A range is open at both ends only by mistake; let the date say so.
            if readable(&raw) || kind == FieldKind::Date {
                self.push(TokenKind::Word(raw), start);
            }
            return Ok(());
        }
        if self.prefix(first) || self.field()? {
            return Ok(());
        }
        self.at = raw_end(self.chars, start);
        let raw = self.text(start, self.at);
        let group_follows = self.peek(0) == Some('(');
        if group_follows
            && let Some(field) = Field::find(&raw)
            && raw.chars().all(|c| c.is_ascii_uppercase())
        {
            self.push(TokenKind::Field(field), start);
            return Ok(());
        }
        match classify(&raw, group_follows) {
            Class::Malformed(kind) => {
                return Err(ParseError::new(kind, Span::new(start, self.at)));
            }
            Class::Connector(kind) => {
                self.negate_lower_case(&kind);
                self.push(kind, start);
            }
            Class::Plain if read_word(&raw) == Reading::Nothing => {
                let span = Span::new(start, self.at);
                let message =
                    format!("{} holds no letter or digit and is left out", shorten(&raw));
                match raw.as_str() {
                    "&&" => self.warnings.add_hinted(span, message, "AND connects"),
                    "|" | "||" => self.warnings.add_hinted(span, message, "OR connects"),
                    _ => self.warnings.add(span, message),
                }
            }
            Class::Plain => self.push(TokenKind::Word(raw), start),
        }
        Ok(())
    }

    /// A `-` (not this) or `+` (as it is) at the beginning of something.
    fn prefix(&mut self, first: char) -> bool {
        let start = self.at;
        let begins = self.spaced
            || matches!(
                self.tokens.last(),
                None | Some(Token { kind: TokenKind::Open | TokenKind::Minus, .. })
            );
        if !begins || !matches!(first, '-' | '+') {
            return false;
        }
        let next = self.peek(1).unwrap_or(' ');
        let operand = next == '(' || is_quote(next) || {
            next != first && readable(&self.text(start + 1, raw_end(self.chars, start + 1)))
        };
        if !operand {
            return false;
        }
        self.at += 1;
        if first == '-' {
            self.push(TokenKind::Minus, start);
        }
        true
    }

    /// A name and a colon.
    fn field(&mut self) -> Result<bool, ParseError> {
        let start = self.at;
        let letters = |c: &&char| c.is_alphabetic() || **c == '_';
        let length =
            self.chars.get(start..).unwrap_or_default().iter().take_while(letters).count();
        if length == 0 || self.peek(length) != Some(':') {
            return Ok(false);
        }
        let next = self.peek(length + 1);
        if next == Some('/') && self.peek(length + 2) == Some('/') {
            return Ok(false);
        }
        let name = self.text(start, start + length);
        if let Some(field) = Field::find(&name) {
            self.at += length + 1;
            self.push(TokenKind::Field(field), start);
            return Ok(true);
        }
        let followed = next.is_some_and(|c| !is_space(c) && c != ')' && !c.is_ascii_digit());
        if !followed {
            return Ok(false);
        }
        let span = Span::new(start, start + length + 1);
        if let Some(field) = Field::nearest(&name) {
            let kind = ParseErrorKind::UnknownField { name, suggestion: field.name };
            return Err(ParseError::new(kind, span));
        }
        let message = format!("{}: is no field and is read as words", shorten(&name));
        self.warnings.add(span, message);
        Ok(false)
    }

    /// `a not w/5 b`: small letters are as good as capitals here, and only here.
    fn negate_lower_case(&mut self, connector: &TokenKind) {
        let [.., _, Token { kind: word, .. }] = self.tokens.as_mut_slice() else { return };
        if matches!(connector, TokenKind::Near(_))
            && matches!(word, TokenKind::Word(raw) if raw == "not")
        {
            *word = TokenKind::Not;
        }
    }
}

/// Where a bare word that begins at `start` ends: before white space, a parenthesis or a
/// quote that no backslash takes the meaning from.
fn raw_end(chars: &[char], start: usize) -> usize {
    let mut at = start;
    while let Some(&c) = chars.get(at) {
        if is_space(c) || is_quote(c) || matches!(c, '(' | ')') {
            break;
        }
        let escapes = c == '\\' && chars.get(at + 1).is_some_and(|next| !is_space(*next));
        at += if escapes { 2 } else { 1 };
    }
    at
}

fn closing_quote(chars: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match *chars.get(at)? {
            '\\' if chars.get(at + 1).is_some_and(|c| is_quote(*c) || *c == '\\') => at += 2,
            c if is_quote(c) => return Some(at),
            _ => at += 1,
        }
    }
}

/// Between quotes a backslash escapes a quote or a backslash, and nothing else.
fn unescape_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && (is_quote(next) || next == '\\') => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// A bare word without its escapes, and whether it has wildcards: a backslash takes the
/// meaning from a sign, and at the beginning from the word.
pub(super) fn unescape(raw: &str) -> (String, bool) {
    let mut out = String::with_capacity(raw.len());
    let mut wild = false;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            match chars.peek() {
                Some(&next) if !next.is_alphanumeric() => {
                    out.push(next);
                    chars.next();
                    continue;
                }
                Some(_) if out.is_empty() => continue,
                _ => {}
            }
        }
        wild |= matches!(c, '*' | '?');
        out.push(c);
    }
    (out, wild)
}

/// Whether a token of it could find anything.
fn readable(text: &str) -> bool {
    has_letter(text) || text.contains('*')
}

/// A text to quote in a message.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    let shown: String =
        text.chars().map(|c| if is_space(c) { ' ' } else { c }).take(MOST).collect();
    if text.chars().count() > MOST { shown + "…" } else { shown }
}

/// Reads the signs of a bare word: `=word`, `word~`, `wor*`.
pub(super) fn read_word(raw: &str) -> Reading {
    let (exact, body) = match raw.strip_prefix('=') {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    let (body, fuzzy) = match fuzzy_suffix(body) {
        Some((word, edits)) => (word, edits),
        None => (body, 0),
    };
    let (text, wild) = unescape(body);
    if !has_letter(&text) {
        return if wild && text.contains('*') { Reading::All } else { Reading::Nothing };
    }
    let form = match fuzzy {
        _ if wild => Form::Pattern,
        0 if exact => Form::Exact,
        0 => Form::Stemmed,
        edits => Form::Fuzzy(edits),
    };
    Reading::Word(Word { text: trim_punctuation(&text).to_owned(), form })
}

/// The word before a `~`, and the edits that are allowed: 1 unless told, 2 at most. A
/// fraction, as other engines have it, counts as 1.
pub(super) fn fuzzy_suffix(raw: &str) -> Option<(&str, u8)> {
    let (word, number) = raw.rsplit_once('~')?;
    let escaped = word.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
    if escaped {
        return None;
    }
    let edits = match number {
        "" => 1,
        _ if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().unwrap_or(2).min(2),
        _ if number.starts_with("0.") && number.parse::<f32>().is_ok() => 1,
        _ => return None,
    };
    Some((word, edits))
}

/// Tells connectors from words. `group_follows`: whether a parenthesis comes right after.
pub(super) fn classify(raw: &str, group_follows: bool) -> Class {
    let connector = match raw {
        "AND" => Some(TokenKind::And),
        "OR" => Some(TokenKind::Or),
        "NOT" => Some(TokenKind::Not),
        _ => EntityKind::ALL
            .into_iter()
            .find(|kind| kind.keyword() == raw)
            .map(TokenKind::Mention),
    };
    if let Some(kind) = connector {
        return Class::Connector(kind);
    }
    if let Some(class) = classify_near(raw) {
        return class;
    }
    classify_count(raw, group_follows).unwrap_or(Class::Plain)
}

/// `W/5`, `W/S`, `W/P`, `PRE/5` in either case; `NEAR5`, `NEAR/5`, `ADJ5`, `ADJ/5`.
fn classify_near(raw: &str) -> Option<Class> {
    let (name, distance) = if let Some(split) = raw.split_once('/') {
        split
    } else {
        let digits = raw.find(|c: char| c.is_ascii_digit())?;
        let (name, distance) = raw.split_at_checked(digits)?;
        if !matches!(name, "NEAR" | "ADJ") || !distance.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        (name, distance)
    };
    let proximity: fn(u32) -> Proximity = match name {
        "W" | "w" | "NEAR" => Proximity::Within,
        "ADJ" => Proximity::Before,
        _ if name.eq_ignore_ascii_case("PRE") => Proximity::Before,
        _ => return None,
    };
    match (name, distance) {
        ("W" | "w", "S" | "s") => return Some(near(Proximity::Sentence)),
        ("W" | "w", "P" | "p") => return Some(near(Proximity::Paragraph)),
        _ => {}
    }
    let number = !distance.is_empty() && distance.bytes().all(|b| b.is_ascii_digit());
    match distance.parse() {
        Ok(n) if number && (1..=MAX_NUMBER).contains(&n) => Some(near(proximity(n))),
        // `w/o` and `pre/post` are words; in capitals, or with a number, it was meant.
        _ if number || name.chars().all(|c| c.is_ascii_uppercase()) => {
            let connector = shorten(raw);
            Some(Class::Malformed(ParseErrorKind::BadDistance { connector }))
        }
        _ => None,
    }
}

fn near(proximity: Proximity) -> Class {
    Class::Connector(TokenKind::Near(proximity))
}

/// `ATLEAST3`; in small letters only right before a parenthesis.
fn classify_count(raw: &str, group_follows: bool) -> Option<Class> {
    const NAME: &str = "ATLEAST";
    let (name, count) = raw.split_at_checked(NAME.len())?;
    if !(name == NAME || group_follows && name.eq_ignore_ascii_case(NAME)) {
        return None;
    }
    let count = count.strip_prefix('/').unwrap_or(count);
    if !count.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match count.parse() {
        Ok(n) if (1..=MAX_NUMBER).contains(&n) => Class::Connector(TokenKind::AtLeast(n)),
        _ => Class::Malformed(ParseErrorKind::BadCount { connector: shorten(raw) }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_word_are_read() {
        let check = |raw: &str, text: &str, form: Form| {
            let word = Word { text: text.to_owned(), form };
            assert_eq!(read_word(raw), Reading::Word(word), "{raw}");
        };
        check("Kerry,", "Kerry", Form::Stemmed);
        check("=tests", "tests", Form::Exact);
        check("kery~", "kery", Form::Fuzzy(1));
        check("kery~2", "kery", Form::Fuzzy(2));
        check("kery~9", "kery", Form::Fuzzy(2));
        check("kery~0", "kery", Form::Stemmed);
        check("kery~0.7", "kery", Form::Fuzzy(1));
        check("miss*~2", "miss*", Form::Pattern);
        check("wom?n", "wom?n", Form::Pattern);
        check(r"M\*A\*S\*H", "M*A*S*H", Form::Stemmed);
        check(r"\AND", "AND", Form::Stemmed);
        check(r"a\b", r"a\b", Form::Stemmed);
        check(r"kery\~2", "kery~2", Form::Stemmed);
        assert_eq!(read_word("*"), Reading::All);
        assert_eq!(read_word("—"), Reading::Nothing);
        assert_eq!(read_word("?"), Reading::Nothing);
        assert_eq!(read_word("="), Reading::Nothing);
    }
}
