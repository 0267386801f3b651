//! Tokens → tree, by recursive descent: one function per level of precedence.
//!
//! ```text
//! conjunction := disjunction ( AND? disjunction )*
//! disjunction := negation ( OR negation )*
//! negation    := ( NOT | "-" )* nearness
//! nearness    := operand ( ( NOT? W/n | PRE/n | W/S | W/P ) operand )*
//! operand     := word | "phrase" | PERSON | ORG | PLACE | "(" conjunction ")"
//!              | ATLEASTn "(" conjunction ")" | field ":" operand
//! ```

use super::ast::{Form, Kind, Phrase, Proximity, Query, Span, Word, WordRange, Zone};
use super::ast::{has_letter, is_quote, is_space, trim_punctuation, value};
use super::error::{ParseError, ParseErrorKind, Side, Warning, Warnings};
use super::field::{Field, FieldKind};
use super::lex::{Reading, Token, TokenKind, fuzzy_suffix, lex, read_word, shorten, unescape};
use super::{MAX_CHARS, MAX_HEIGHT};

/// A query that was read, and what is worth telling about the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The query; its `Display` shows how the text was read.
    pub query: Query,
    /// What is worth telling, in the order of the text.
    pub warnings: Vec<Warning>,
}

/// Reads a query.
///
/// # Errors
/// When the text cannot be read in any useful way: see [`ParseErrorKind`]. Stray quotes,
/// parentheses and signs are no errors; they are read sensibly, with a warning.
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let chars = read_chars(text)?;
    match parse_nested(&chars, MAX_HEIGHT) {
        Err(ParseError { kind: ParseErrorKind::TooDeep, .. }) => {
            parse_nested(&chars, MAX_HEIGHT / LEVELS)
        }
        result => result,
    }
}

/// The most levels of the tree that one pair of parentheses can hold: AND, OR, NOT, a
/// connector, and a field or `ATLEAST`.
const LEVELS: usize = 5;

fn parse_nested(chars: &[char], max_depth: usize) -> Result<Parsed, ParseError> {
    let mut warnings = Warnings::default();
    let tokens = lex(chars, max_depth, &mut warnings)?;
    let everything = Span::new(0, chars.len());
    if tokens.is_empty() {
        return Err(ParseError::new(ParseErrorKind::Empty, everything));
    }
    let mut parser = Parser {
        chars,
        tokens,
        at: 0,
        zone: None,
        value_of: None,
        mixed: false,
        warnings: &mut warnings,
    };
    let Part { query, height, .. } = parser.conjunction()?;
    if height > MAX_HEIGHT {
        return Err(ParseError::new(ParseErrorKind::TooDeep, everything));
    }
    warn_of_question_mark(chars, &query, &mut warnings);
    Ok(Parsed { query, warnings: warnings.into_sorted() })
}

/// Reads a text as plain words, any of them, with no operator, sign or field. Repeated
/// words stay repeated: a bag of words counts.
///
/// # Errors
/// When there is no word in it, or when it is longer than [`MAX_CHARS`].
pub fn parse_plain(text: &str) -> Result<Parsed, ParseError> {
    let chars = read_chars(text)?;
    let everything = Span::new(0, chars.len());
    let mut words = Vec::new();
    let mut start = 0;
    let separates = |c: &char| is_space(*c) || matches!(c, '(' | ')') || is_quote(*c);
    for part in chars.split(separates) {
        let end = start + part.len();
        let raw: String = part.iter().collect();
        if let Some(word) = Word::stemmed(&raw) {
            words.push(Query { kind: Kind::Word(word), span: Span::new(start, end) });
        }
        start = end + 1;
    }
    match Query::any_of(words) {
        Some(query) => Ok(Parsed { query, warnings: Vec::new() }),
        None => Err(ParseError::new(ParseErrorKind::Empty, everything)),
    }
}

fn read_chars(text: &str) -> Result<Vec<char>, ParseError> {
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        let kind = ParseErrorKind::TooLong { chars };
        return Err(ParseError::new(kind, Span::new(MAX_CHARS, chars)));
    }
    Ok(text.chars().collect())
}

/// A question typed as a query ends in `?`, which asks for one more letter.
fn warn_of_question_mark(chars: &[char], query: &Query, warnings: &mut Warnings) {
    let Some(last) = chars.iter().rposition(|c| !is_space(*c) && !is_quote(*c)) else {
        return;
    };
    let words = match &query.kind {
        Kind::And(parts) => parts.len(),
        Kind::Phrase(phrase) => phrase.words.len(),
        _ => 0,
    };
    if words >= 3 && chars.get(last) == Some(&'?') {
        let hint = "leave it out to search for the word itself";
        let span = Span::new(last, last + 1);
        warnings.add_hinted(span, "the ? at the end stands for one letter", hint);
    }
}

/// A part of the tree under construction.
struct Part {
    query: Query,
    height: usize,
    /// Whether it is an OR that no parentheses hold together.
    bare_or: bool,
}

impl Part {
    fn leaf(kind: Kind, span: Span) -> Self {
        Self { query: Query { kind, span }, height: 1, bare_or: false }
    }
}

struct Parser<'a> {
    chars: &'a [char],
    tokens: Vec<Token>,
    at: usize,
    /// The scope that is being read.
    zone: Option<&'static Field>,
    /// The field whose values stand in the parentheses that are being read.
    value_of: Option<&'static Field>,
    /// Whether the mixture of OR and AND has been remarked upon.
    mixed: bool,
    warnings: &'a mut Warnings,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn peek_second(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at + 1).map(|token| &token.kind)
    }

    /// The span of the next token; at the end, an empty one.
    fn span(&self) -> Span {
        let end = Span::new(self.chars.len(), self.chars.len());
        self.tokens.get(self.at).map_or(end, |token| token.span)
    }

    fn as_typed(&self, span: Span) -> String {
        let typed: String =
            self.chars.get(span.start..span.end).unwrap_or_default().iter().collect();
        shorten(&typed)
    }

    fn conjunction(&mut self) -> Result<Part, ParseError> {
        let mut parts = Vec::new();
        let mut height = 0;
        let mut bare_or = false;
        loop {
            let part = self.disjunction()?;
            height = height.max(part.height);
            bare_or |= part.bare_or;
            parts.push(part.query);
            match self.peek() {
                None | Some(TokenKind::Close) => break,
                Some(TokenKind::And) => self.at += 1,
                Some(_) => {}
            }
        }
        let several = parts.len() > 1;
        let query = Query::all_of(parts);
        if several && bare_or && !self.mixed {
            self.mixed = true;
            let read_as = query.to_string();
            let hint = match read_as.chars().count() {
                0..=80 => format!("read as {read_as}; parentheses make it otherwise"),
                _ => "parentheses make it otherwise".to_owned(),
            };
            self.warnings.add_hinted(query.span, "OR is joined before AND", hint);
        }
        let height = height + usize::from(several);
        Ok(Part { query, height, bare_or: bare_or && !several })
    }

    fn disjunction(&mut self) -> Result<Part, ParseError> {
        let first = self.negation()?;
        if !matches!(self.peek(), Some(TokenKind::Or)) {
            return Ok(first);
        }
        let mut height = first.height;
        let fallback = first.query.span;
        let mut parts = vec![first.query];
        while let Some(TokenKind::Or) = self.peek() {
            self.at += 1;
            let part = self.negation()?;
            height = height.max(part.height);
            parts.push(part.query);
        }
        let query = Query::any_of(parts).unwrap_or(Query { kind: Kind::All, span: fallback });
        Ok(Part { query, height: height + 1, bare_or: true })
    }

    fn negation(&mut self) -> Result<Part, ParseError> {
        let start = self.span();
        let mut negative = false;
        while let Some(TokenKind::Not | TokenKind::Minus) = self.peek() {
            self.at += 1;
            negative = !negative;
        }
        let mut part = self.nearness()?;
        if negative {
            part.query = part.query.negated();
            part.height += 1;
        }
        part.query.span = part.query.span.to(start);
        Ok(part)
    }

    fn nearness(&mut self) -> Result<Part, ParseError> {
        let mut left = self.operand()?;
        let mut checked = false;
        loop {
            let span = self.span();
            let proximity = match (self.peek(), self.peek_second()) {
                (Some(TokenKind::Near(proximity)), _) => *proximity,
                (Some(TokenKind::Not), Some(TokenKind::Near(proximity))) => {
                    let proximity = *proximity;
                    self.at += 1;
                    let Proximity::Within(n) = proximity else {
                        let kind = ParseErrorKind::NegatedProximity { proximity };
                        return Err(ParseError::new(kind, span.to(self.span())));
                    };
                    Proximity::NotWithin(n)
                }
                _ => return Ok(left),
            };
            let connector = self.as_typed(span.to(self.span()));
            self.check_value_connector(&connector)?;
            self.at += 1;
            if !checked {
                check_positioned(&left.query, &connector)?;
                checked = true;
            }
            if let Some(TokenKind::Not | TokenKind::Minus) = self.peek() {
                return Err(not_positioned("NOT", NOT_ADVICE, &connector, self.span()));
            }
            let right = self.operand()?;
            check_positioned(&right.query, &connector)?;
            let span = left.query.span.to(right.query.span);
            let height = left.height.max(right.height) + 1;
            if height > MAX_HEIGHT {
                return Err(ParseError::new(ParseErrorKind::TooDeep, span));
            }
            let (left_query, right_query) = (Box::new(left.query), Box::new(right.query));
            let kind = Kind::Near { proximity, left: left_query, right: right_query };
            left = Part { query: Query { kind, span }, height, bare_or: false };
        }
    }

    fn operand(&mut self) -> Result<Part, ParseError> {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Err(self.missing_operand());
        };
        let span = token.span;
        match token.kind {
            TokenKind::Open => {
                self.at += 1;
                self.group()
            }
            TokenKind::Word(_) | TokenKind::Quoted { .. } | TokenKind::Mention(_)
                if self.value_of.is_some() =>
            {
                self.value_in_group()
            }
            TokenKind::Word(raw) => {
                self.at += 1;
                Ok(Part::leaf(self.word(&raw, span), span))
            }
            TokenKind::Quoted { text, slop } => {
                self.at += 1;
                Ok(Part::leaf(phrase(&text, slop), span))
            }
            TokenKind::Mention(kind) => {
                self.at += 1;
                Ok(Part::leaf(Kind::Mention(kind), span))
            }
            TokenKind::Field(field) => {
                self.at += 1;
                self.field(field, span)
            }
            TokenKind::AtLeast(count) => {
                self.at += 1;
                self.at_least(count, span)
            }
            TokenKind::Close
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Near(_) => Err(self.missing_operand()),
        }
    }

    /// What stands after an opening parenthesis, and the closing one: the lexer has seen
    /// to it that there is one.
    fn group(&mut self) -> Result<Part, ParseError> {
        let part = self.conjunction()?;
        self.at += 1;
        Ok(Part { bare_or: false, ..part })
    }

    /// The error for something that should stand here and does not: the connector before
    /// lacks what should follow it, or the one here what should come before it.
    fn missing_operand(&self) -> ParseError {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let is_connector = |token: &&Token| {
            matches!(
                token.kind,
                TokenKind::And
                    | TokenKind::Or
                    | TokenKind::Not
                    | TokenKind::Minus
                    | TokenKind::Near(_)
            )
        };
        let (span, side) = match before.filter(is_connector) {
            Some(token) => (token.span, Side::Right),
            None => (self.span(), Side::Left),
        };
        let connector = self.as_typed(span);
        ParseError::new(ParseErrorKind::MissingOperand { connector, side }, span)
    }

    fn word(&mut self, raw: &str, span: Span) -> Kind {
        let between = self.at > 1 && self.at < self.tokens.len();
        if raw == "or" && between {
            let hint = "write OR in capitals for either of two";
            self.warnings.add_hinted(span, "or is read as a word", hint);
        }
        let Reading::Word(word) = read_word(raw) else { return Kind::All };
        if fuzzy_suffix(raw).is_some() {
            match word.form {
                Form::Pattern => {
                    let message = "a ~ beside wildcards is left out";
                    self.warnings.add(span, message);
                }
                Form::Fuzzy(edits) if !["~", "~1", "~2"].iter().any(|s| raw.ends_with(s)) => {
                    let message = format!("~ allows one edit or two, and is read as ~{edits}");
                    self.warnings.add(span, message);
                }
                _ => {}
            }
        }
        Kind::Word(word)
    }

    fn at_least(&mut self, count: u32, span: Span) -> Result<Part, ParseError> {
        let connector = self.as_typed(span);
        self.check_value_connector(&connector)?;
        if !matches!(self.peek(), Some(TokenKind::Open)) {
            let kind = ParseErrorKind::CountWithoutGroup { connector };
            return Err(ParseError::new(kind, span));
        }
        self.at += 1;
        let operand = self.group()?;
        check_positioned(&operand.query, &connector)?;
        let span = span.to(operand.query.span);
        let kind = Kind::AtLeast { count, operand: Box::new(operand.query) };
        Ok(Part { query: Query { kind, span }, height: operand.height + 1, bare_or: false })
    }

    /// Between the parentheses of `source:(…)` only AND, OR and NOT mean anything.
    fn check_value_connector(&self, connector: &str) -> Result<(), ParseError> {
        match self.value_of {
            None => Ok(()),
            Some(field) => {
                let connector = connector.to_owned();
                let kind = ParseErrorKind::ConnectorInValue { connector, field: field.name };
                let token = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
                let span = match self.peek() {
                    Some(TokenKind::Near(_)) => self.span(),
                    _ => token.map_or_else(|| self.span(), |token| token.span),
                };
                Err(ParseError::new(kind, span))
            }
        }
    }

    /// What follows a field's name and colon.
    fn field(&mut self, field: &'static Field, name: Span) -> Result<Part, ParseError> {
        if let Some(outer) = self.value_of {
            let kind = ParseErrorKind::NestedField { inner: field.name, outer: outer.name };
            return Err(ParseError::new(kind, name));
        }
        let glued = self.tokens.get(self.at).is_some_and(|token| token.glued);
        if field.kind == FieldKind::Undated && !glued {
            return Ok(Part::leaf(Kind::Undated(true), name));
        }
        let part = match field.kind {
            FieldKind::Scope(zone) => self.scope(field, zone, name)?,
            _ => self.value(field, name)?,
        };
        if !glued {
            let message = format!("{}: is read with what follows the space", field.name);
            self.warnings.add(part.query.span, message);
        }
        Ok(part)
    }

    fn scope(
        &mut self,
        field: &'static Field,
        zone: Zone,
        name: Span,
    ) -> Result<Part, ParseError> {
        if let Some(outer) = self.zone {
            let kind = ParseErrorKind::NestedField { inner: field.name, outer: outer.name };
            return Err(ParseError::new(kind, name));
        }
        match self.peek() {
            Some(
                TokenKind::Open
                | TokenKind::Word(_)
                | TokenKind::Quoted { .. }
                | TokenKind::Mention(_)
                | TokenKind::Field(_)
                | TokenKind::AtLeast(_),
            ) => {}
            _ => return Err(ParseError::missing_value(field, name)),
        }
        self.zone = Some(field);
        let operand = self.operand()?;
        self.zone = None;
        let span = name.to(operand.query.span);
        let kind = Kind::Scope { zone, operand: Box::new(operand.query) };
        Ok(Part { query: Query { kind, span }, height: operand.height + 1, bare_or: false })
    }

    fn value(&mut self, field: &'static Field, name: Span) -> Result<Part, ParseError> {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Err(ParseError::missing_value(field, name));
        };
        let span = name.to(token.span);
        let text = match token.kind {
            TokenKind::Open => {
                self.at += 1;
                self.value_of = Some(field);
                let part = self.group()?;
                self.value_of = None;
                return Ok(part);
            }
            TokenKind::Word(raw) => {
                self.warn_of_cut_name(field, &token.span);
                bare_value(field, &unescape(&raw).0).to_owned()
            }
            TokenKind::Quoted { text, .. } => text,
            TokenKind::Mention(_) => self.as_typed(token.span),
            _ => return Err(ParseError::missing_value(field, name)),
        };
        self.at += 1;
        Ok(Part::leaf(read_value(field, &text, span)?, span))
    }

    /// Words side by side in `source:(New York Times OR Reuters)` are one value.
    fn value_in_group(&mut self) -> Result<Part, ParseError> {
        let Some(field) = self.value_of else { return Err(self.missing_operand()) };
        let mut span = self.span();
        if let Some(TokenKind::Quoted { text, .. }) = self.peek() {
            let kind = read_value(field, text, span)?;
            self.at += 1;
            return Ok(Part::leaf(kind, span));
        }
        let mut words: Vec<String> = Vec::new();
        loop {
            match self.peek() {
                Some(TokenKind::Word(raw)) => words.push(unescape(raw).0),
                Some(TokenKind::Mention(kind)) => words.push(kind.keyword().to_owned()),
                _ => break,
            }
            span = span.to(self.span());
            self.at += 1;
        }
        let text = words.join(" ");
        Ok(Part::leaf(read_value(field, bare_value(field, &text), span)?, span))
    }

    /// `person:John Kerry` is a person and a word beside it.
    fn warn_of_cut_name(&mut self, field: &Field, span: &Span) {
        let capital = |start: usize| self.chars.get(start).is_some_and(|c| c.is_uppercase());
        let named = matches!(field.kind, FieldKind::Entity(_) | FieldKind::Attribute(_));
        let Some(Token { kind: TokenKind::Word(_), span: next, glued: false }) =
            self.tokens.get(self.at + 1)
        else {
            return;
        };
        if named && capital(span.start) && capital(next.start) {
            let next = *next;
            let (first, second) = (self.as_typed(*span), self.as_typed(next));
            let name = field.name;
            let message = format!("{name}: takes one word, {first}");
            let hint = format!("{name}:\"{first} {second}\" takes both");
            self.warnings.add_hinted(span.to(next), message, hint);
        }
    }
}

const NOT_ADVICE: &str = "a NOT W/5 b finds a where no b is within five words";

/// What has a position in the text can stand in proximity; what is true of an article as a
/// whole cannot.
fn check_positioned(query: &Query, connector: &str) -> Result<(), ParseError> {
    let refuse = |operand: &str, advice: &'static str| {
        Err(not_positioned(operand, advice, connector, query.span))
    };
    match &query.kind {
        Kind::Word(_)
        | Kind::Phrase(_)
        | Kind::Mention(_)
        | Kind::Entity { .. }
        // Its operands were checked when it was made.
        | Kind::Near { .. } => Ok(()),
        Kind::Or(parts) => parts.iter().try_for_each(|part| check_positioned(part, connector)),
        Kind::And(_) => refuse(
            "AND",
            "put a phrase in quotes, join alternatives by OR, \
             or write one clause for each: a W/5 c AND b W/5 c",
        ),
        Kind::Not(_) => refuse("NOT", NOT_ADVICE),
        Kind::AtLeast { .. } => refuse("ATLEAST", "join it by AND instead"),
        Kind::All => refuse("a lone *", "leave it out"),
        Kind::Scope { zone, .. } => refuse(
            &format!("{}:", Field::name_of(FieldKind::Scope(*zone))),
            "put the field around it: title:(a W/5 b)",
        ),
        Kind::Attribute { .. } | Kind::Date(_) | Kind::Words(_) | Kind::Undated(_) => {
            refuse("a clause about the whole article", "join it by AND instead")
        }
    }
}

fn not_positioned(
    operand: &str,
    advice: &'static str,
    connector: &str,
    span: Span,
) -> ParseError {
    let (operand, connector) = (operand.to_owned(), connector.to_owned());
    ParseError::new(ParseErrorKind::NotInProximity { operand, connector, advice }, span)
}

/// The words between quotes; `*` alone is any word.
fn phrase(text: &str, slop: u32) -> Kind {
    let words: Vec<String> = text
        .split(is_space)
        .filter_map(|word| match read_word_in_quotes(word) {
            Some("*") => Some("*".to_owned()),
            Some(word) => Some(word.to_owned()),
            None => None,
        })
        .collect();
    if words.iter().all(|word| word == "*") {
        return Kind::All;
    }
    let slop = if words.len() == 1 { 0 } else { slop };
    Kind::Phrase(Phrase { words, slop })
}

fn read_word_in_quotes(word: &str) -> Option<&str> {
    if has_letter(word) {
        Some(trim_punctuation(word))
    } else {
        word.contains('*').then_some("*")
    }
}

/// A name or text that was typed without quotes, without the punctuation around it.
fn bare_value<'t>(field: &Field, text: &'t str) -> &'t str {
    match field.kind {
        FieldKind::Entity(_) | FieldKind::Attribute(_) => trim_punctuation(text),
        _ => text,
    }
}

fn read_value(field: &Field, text: &str, span: Span) -> Result<Kind, ParseError> {
    let text = text.trim_matches(is_space);
    let typed = || shorten(text);
    let named = || value(text).ok_or_else(|| ParseError::missing_value(field, span));
    let any = !has_letter(text) && text.contains('*');
    match field.kind {
        FieldKind::Entity(kind) if any => Ok(Kind::Mention(kind)),
        FieldKind::Entity(kind) => Ok(Kind::Entity { kind, name: named()? }),
        FieldKind::Attribute(attribute) if any => {
            Ok(Kind::Attribute { attribute, value: "*".to_owned() })
        }
        FieldKind::Attribute(attribute) => Ok(Kind::Attribute { attribute, value: named()? }),
        FieldKind::Date if any => Ok(Kind::Undated(false)),
        FieldKind::Date => text.parse().map(Kind::Date).map_err(|reason| {
            ParseError::new(ParseErrorKind::BadDate { value: typed(), reason }, span)
        }),
        FieldKind::Words => word_range(text).map(Kind::Words).ok_or_else(|| {
            ParseError::new(ParseErrorKind::BadWordCount { value: typed() }, span)
        }),
        FieldKind::Undated => match text.to_lowercase().as_str() {
            "true" | "yes" => Ok(Kind::Undated(true)),
            "false" | "no" => Ok(Kind::Undated(false)),
            _ => Err(ParseError::new(ParseErrorKind::BadFlag { value: typed() }, span)),
        },
        // A scope takes a query and never comes here.
        FieldKind::Scope(_) => Err(ParseError::missing_value(field, span)),
    }
}

/// Reads `500`, `100..200`, `100..`, `..200`, `>500`, `>=500`, `<500`, `<=500`.
fn word_range(text: &str) -> Option<WordRange> {
    let number = |digits: &str| -> Option<u32> {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let from = |min: Option<u32>| min.map(|min| WordRange { min: Some(min), max: None });
    let to = |max: Option<u32>| max.map(|max| WordRange { min: None, max: Some(max) });
    if let Some(digits) = text.strip_prefix(">=") {
        return from(number(digits));
    }
    if let Some(digits) = text.strip_prefix("<=") {
        return to(number(digits));
    }
    if let Some(digits) = text.strip_prefix('>') {
        return from(number(digits)?.checked_add(1));
    }
    if let Some(digits) = text.strip_prefix('<') {
        return to(number(digits)?.checked_sub(1));
    }
    match text.split_once("..") {
        None => number(text).map(|n| WordRange { min: Some(n), max: Some(n) }),
        Some((min, "")) => from(number(min)),
        Some(("", max)) => to(number(max)),
        Some((min, max)) => {
            let (min, max) = (number(min)?, number(max)?);
            (min <= max).then_some(WordRange { min: Some(min), max: Some(max) })
        }
    }
}
