//! The query language: what a person types, as a tree that any engine can compile.
//!
//! ```text
//! "text" ─ lex ─▶ tokens ─ parse ─▶ Query (with spans) ─ display ─▶ "text as it was read"
//! ```
//!
//! [`parse()`] reads a text and [`Query`]'s `Display` writes the tree back in its canonical
//! form, so that `parse(&query.to_string())` gives the same tree again. The connectors are
//! those of the news databases: precedence, tightest first, is parentheses, proximity, NOT,
//! OR, AND, and words side by side are joined by AND, so `a OR b c` is `(a OR b) c`.
//!
//! What is merely untidy (a quote without its partner, a stray parenthesis, a sign standing
//! alone) is read sensibly and reported as a [`Warning`]; a [`ParseError`] is for what
//! cannot be read in any useful way. Both carry a span of the text and, where there is one,
//! a hint. Any text is survived, in linear time and bounded depth.
//!
//! The tree is pure data. Nothing here knows an index, an article or an engine.

mod ast;
mod date;
mod display;
mod error;
mod field;
mod help;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

pub use ast::{
    Attribute, EntityKind, Form, Kind, Leaf, Phrase, Proximity, Query, Span, Word, WordRange,
    Zone,
};
pub use date::{DateBound, DateError, DateRange, Day};
pub use error::{ParseError, ParseErrorKind, Side, Warning};
pub use field::{FIELDS, Field, FieldKind};
pub use help::{SYNTAX, Syntax, help};
pub use parse::{Parsed, parse, parse_plain};

/// The longest text that is read as a query, in Unicode scalar values.
pub const MAX_CHARS: usize = 10_000;

/// The tallest tree that [`parse()`] makes, and so the deepest nesting of parentheses that it
/// keeps: further in they are left out, with a warning. Whoever walks a tree by recursion
/// may rely on it.
pub const MAX_HEIGHT: usize = 64;

/// The largest distance in `W/n`, `PRE/n` and `"…"~n`, and the largest count in `ATLEASTn`.
pub const MAX_NUMBER: u32 = 1000;
