//! Text of news, below the level of articles: bytes to clean Unicode, and clean Unicode to tokens,
//! sentences and index terms. There is one splitter for all: the tagger, the index, queries and
//! highlights see the same tokens.

mod decode;
mod forms;
mod lexer;
mod normalise;
mod number;
mod term;

pub use decode::{Decoded, decode};
pub use forms::{FormId, Forms};
pub use lexer::Lexer;
pub use normalise::{fold, normalise, one_line};
pub use number::{counted, grouped};
pub use term::{Terms, fold_term};

/// One token: a word (`Sung-hwan`, `U.S.`, `O'Brien`, `don't`, `C++`, `1,000.5`), a possessive
/// ending (`'s`), or a mark of punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// Number of its word form in the [`Forms`] of the lexer that made it.
    pub form: FormId,
}

/// A text as tokens, in order, with the beginnings of its sentences and paragraphs.
///
/// Filled again and again by [`Lexer::read`], so that nothing is allocated per article.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// Index of the first token of each sentence, rising; a sentence never spans paragraphs.
    pub sentences: Vec<u32>,
    /// Index of the first token of each paragraph (a blank line apart), rising.
    pub paragraphs: Vec<u32>,
}
