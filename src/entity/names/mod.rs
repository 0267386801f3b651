//! Names of people: how they are read and how alike two of them are.
//!
//! [`Name::parse`] reads a written name into tokens, initials, particles, generation and the
//! sex that a title tells; [`compare`] pairs the tokens of two names off and says how likely they
//! are forms of one name. Nothing here knows an archive:
//! the same two strings always compare alike.

mod lexicon;
mod likeness;
mod parse;
mod script;
mod sound;

pub use likeness::{Comparison, SAME, compare, compare_names};
pub use parse::{Generation, Name, Role, Token};

pub(crate) use lexicon::{Relation, Sex, Word, lexicon};
pub(crate) use likeness::{is_syllables, token_likeness};
pub(crate) use sound::skeleton;
