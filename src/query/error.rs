//! What is said about a query that cannot be read, or was read in a way worth telling.

use std::fmt;

use super::ast::{Proximity, Span};
use super::date::DateError;
use super::field::Field;
use super::{MAX_CHARS, MAX_HEIGHT, MAX_NUMBER};

/// Why a text could not be read as a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Where.
    pub span: Span,
}

/// The side of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Left,
    /// After it.
    Right,
}

/// What makes a text unreadable as a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// There is nothing but white space and punctuation.
    #[error("the query holds no word to search for")]
    Empty,
    /// It is longer than [`MAX_CHARS`].
    #[error("the query has {chars} characters; at most {MAX_CHARS} are read")]
    TooLong {
        /// Its length in scalar values.
        chars: usize,
    },
    /// A chain of connectors is longer than a tree of [`MAX_HEIGHT`] can hold.
    #[error("too many connectors in a row: at most {MAX_HEIGHT} can be nested")]
    TooDeep,
    /// A name before a colon that is nearly that of a field.
    #[error("unknown field {name}:")]
    UnknownField {
        /// The name as typed.
        name: String,
        /// The field that was probably meant.
        suggestion: &'static str,
    },
    /// A field with nothing to look for.
    #[error("{field}: has no value")]
    MissingValue {
        /// The field.
        field: &'static str,
        /// A clause of that field.
        example: &'static str,
    },
    /// A field within the value of a field.
    #[error("{inner}: stands inside {outer}:")]
    NestedField {
        /// The field inside.
        inner: &'static str,
        /// The field around it.
        outer: &'static str,
    },
    /// A connector within a field's value that has no meaning there.
    #[error("{connector} has no meaning in a value of {field}:")]
    ConnectorInValue {
        /// The connector.
        connector: String,
        /// The field.
        field: &'static str,
    },
    /// The value of a date field is no date.
    #[error("{value} is no date: {reason}")]
    BadDate {
        /// The value as typed.
        value: String,
        /// What is wrong with it.
        reason: DateError,
    },
    /// The value of a field of numbers is no number or range.
    #[error("{value} is no number of words")]
    BadWordCount {
        /// The value as typed.
        value: String,
    },
    /// The value of a yes-or-no field is neither.
    #[error("{value} is neither true nor false")]
    BadFlag {
        /// The value as typed.
        value: String,
    },
    /// A proximity connector without a usable distance.
    #[error("{connector} has no distance from 1 to {MAX_NUMBER}")]
    BadDistance {
        /// The connector as typed.
        connector: String,
    },
    /// `ATLEAST` without a usable number.
    #[error("{connector} has no count from 1 to {MAX_NUMBER}")]
    BadCount {
        /// The connector as typed.
        connector: String,
    },
    /// `ATLEASTn` without parentheses.
    #[error("{connector} is not followed by parentheses")]
    CountWithoutGroup {
        /// The connector as typed.
        connector: String,
    },
    /// A connector with nothing on one side.
    #[error("{connector} has nothing {} to connect", match side {
        Side::Left => "before it",
        Side::Right => "after it",
    })]
    MissingOperand {
        /// The connector as typed.
        connector: String,
        /// The empty side.
        side: Side,
    },
    /// `NOT` before a proximity connector other than `W/n`.
    #[error("NOT cannot stand before {proximity}, only before W/n")]
    NegatedProximity {
        /// The connector.
        proximity: Proximity,
    },
    /// Something that has no position in the text, inside proximity or `ATLEAST`.
    #[error("{operand} cannot stand inside {connector}")]
    NotInProximity {
        /// What it is.
        operand: String,
        /// The connector.
        connector: String,
        /// What to write instead.
        advice: &'static str,
    },
}

impl ParseError {
    /// What to write instead, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match &self.kind {
            ParseErrorKind::UnknownField { suggestion, .. } => {
                format!("did you mean {suggestion}:?")
            }
            ParseErrorKind::MissingValue { example, .. } => format!("for example {example}"),
            ParseErrorKind::NestedField { inner, .. } => {
                format!("put {inner}: beside it, outside the parentheses")
            }
            ParseErrorKind::ConnectorInValue { .. } => {
                "values are joined by OR, AND and NOT only".to_owned()
            }
            ParseErrorKind::BadDate { reason, .. } => match reason {
                DateError::Backwards => "put the earlier date first".to_owned(),
                _ => "for example date:2012, date:2012-02..2013, date:>=2012-05-01".to_owned(),
            },
            ParseErrorKind::BadWordCount { .. } => {
                "for example words:>500 or words:100..200".to_owned()
            }
            ParseErrorKind::BadFlag { .. } => "write undated:true or undated:false".to_owned(),
            ParseErrorKind::BadDistance { .. } => {
                "for example a W/5 b (within five words), a PRE/5 b, a W/S b (one sentence), \
                 a W/P b (one paragraph)"
                    .to_owned()
            }
            ParseErrorKind::BadCount { .. } | ParseErrorKind::CountWithoutGroup { .. } => {
                "for example ATLEAST3(sanctions)".to_owned()
            }
            ParseErrorKind::MissingOperand { connector, .. } => {
                format!("to search for the word itself, write \"{connector}\" in quotes")
            }
            ParseErrorKind::NegatedProximity { .. } => {
                "a NOT W/5 b finds a where no b is within five words".to_owned()
            }
            ParseErrorKind::NotInProximity { advice, .. } => (*advice).to_owned(),
            ParseErrorKind::TooLong { .. } => {
                "leave out what matters least: a few telling words find more than a whole text"
                    .to_owned()
            }
            ParseErrorKind::Empty | ParseErrorKind::TooDeep => return None,
        };
        Some(hint)
    }

    /// The text, and under it a line of carets below the span; see [`Warning::render`].
    #[must_use]
    pub fn render(&self, query_text: &str) -> String {
        underline(query_text, self.span)
    }

    pub(super) fn new(kind: ParseErrorKind, span: Span) -> Self {
        Self { kind, span }
    }

    pub(super) fn missing_value(field: &Field, span: Span) -> Self {
        let Field { name, example, .. } = *field;
        Self::new(ParseErrorKind::MissingValue { field: name, example }, span)
    }
}

/// Something that was read in a way worth telling.
///
/// `Display` gives message and hint in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What was found, and how it was read.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to write to have it otherwise, where that is known.
    pub hint: Option<String>,
}

impl Warning {
    /// The text, and under it a line of carets below the span. A long text is cut to a
    /// window around the span; what a terminal would act on is shown as a space.
    #[must_use]
    pub fn render(&self, query_text: &str) -> String {
        underline(query_text, self.span)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// The warnings of one query, the first few of them: a text full of stray signs needs no
/// thousand remarks.
#[derive(Debug, Default)]
pub(super) struct Warnings(Vec<Warning>);

impl Warnings {
    const MOST: usize = 12;

    pub(super) fn add(&mut self, span: Span, message: impl Into<String>) {
        self.push(span, message.into(), None);
    }

    pub(super) fn add_hinted(
        &mut self,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(span, message.into(), Some(hint.into()));
    }

    fn push(&mut self, span: Span, message: String, hint: Option<String>) {
        if self.0.len() < Self::MOST {
            self.0.push(Warning { message, span, hint });
        }
    }

    pub(super) fn into_sorted(mut self) -> Vec<Warning> {
        self.0.sort_by_key(|warning| warning.span.start);
        self.0
    }
}

/// Two lines: the text around the span, and carets under it.
fn underline(text: &str, span: Span) -> String {
    /// How many characters are shown before and from the start of the span.
    const BEFORE: usize = 30;
    const AFTER: usize = 48;
    let chars: Vec<char> = text.chars().collect();
    let from = if chars.len() > BEFORE + AFTER { span.start.saturating_sub(BEFORE) } else { 0 };
    let to = chars.len().min(from + BEFORE + AFTER);
    let mut line = String::new();
    let mut carets = String::new();
    if from > 0 {
        line.push('…');
        carets.push(' ');
    }
    for (offset, &c) in chars.iter().enumerate().take(to).skip(from) {
        line.push(if acts_on_terminal(c) { ' ' } else { c });
        let mark = if (span.start..span.end).contains(&offset) { '^' } else { ' ' };
        carets.extend(std::iter::repeat_n(mark, columns(c)));
    }
    if to < chars.len() {
        line.push('…');
    }
    // A span at the very end, or an empty one, still gets its caret.
    if !carets.contains('^') {
        carets.push('^');
    }
    format!("{line}\n{}", carets.trim_end())
}

/// Control characters, and the marks that change the direction of what follows.
fn acts_on_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The columns that a character takes on a terminal: two for the wide and full-width
/// blocks (Unicode Standard Annex 11) and emoji, none for the common combining marks.
fn columns(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_span() {
        let check = |text: &str, start: usize, end: usize, shown: &str| {
            assert_eq!(underline(text, Span::new(start, end)), shown);
        };
        check("persn:kerry", 0, 6, "persn:kerry\n^^^^^^");
        check("é日 ab", 3, 5, "é日 ab\n    ^^");
        check("a\u{1b}[2J b", 6, 7, "a [2J b\n      ^");
        check("a AND", 5, 5, "a AND\n     ^");
        check("", 0, 0, "\n^");
        let long = format!("{}OR{}", "x ".repeat(100), " y".repeat(100));
        let shown = underline(&long, Span::new(200, 202));
        let caret = shown.lines().nth(1).and_then(|carets| carets.find('^'));
        assert_eq!(caret, Some(31));
        assert!(shown.lines().all(|line| line.chars().count() <= 80));
    }
}
