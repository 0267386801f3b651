//! How the engine receives text.
//!
//! An article is split into tokens once, before it comes here, and the tagger and the index use
//! the same tokens. So the engine is not given text but terms: one per line ([`TERMS`]), or one per
//! line with its position before it ([`PLACED`]). Terms never hold control characters.

use std::fmt::Write as _;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::text::{Lexer, Terms, Tokens, fold, one_line};

/// Analyzer of lines that are terms, each at the next position.
pub(super) const TERMS: &str = "terms";
/// Analyzer of lines that are terms with a position: hexadecimal digits, a space, the term.
pub(super) const PLACED: &str = "placed";
/// Analyzer of plain text (short values such as a newspaper's name).
pub(super) const PLAIN: &str = "plain";
/// Analyzer that takes the whole value as one term.
pub(super) const WHOLE: &str = "raw";

/// Writes a line for [`PLACED`].
pub(super) fn push_placed(out: &mut String, position: u32, prefix: char, name: &str) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{position:x} {prefix}");
    out.extend(name.chars().filter(|c| !c.is_control()));
    out.push('\n');
}

/// The term that stands for a whole short value, beside those of its words: a facet's value is a
/// filter that finds just what was counted.
#[must_use]
pub fn whole_value(value: &str) -> String {
    format!("={}", fold(&one_line(value)))
}

/// The analyzers, by the names that the schema uses.
#[must_use]
pub(super) fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TERMS, TextAnalyzer::builder(Lines { placed: false }).build());
    manager.register(PLACED, TextAnalyzer::builder(Lines { placed: true }).build());
    manager.register(PLAIN, TextAnalyzer::builder(Plain::default()).build());
    manager
}

#[derive(Clone)]
struct Lines {
    placed: bool,
}

struct LineStream<'a> {
    rest: &'a str,
    placed: bool,
    token: Token,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        LineStream { rest: text, placed: self.placed, token: Token::default() }
    }
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', self.rest.as_bytes()) else { return false };
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        let term = if self.placed {
            let (position, term) = line.split_once(' ').unwrap_or(("0", line));
            self.token.position = usize::from_str_radix(position, 16).unwrap_or(0);
            term
        } else {
            self.token.position = self.token.position.wrapping_add(1);
            line
        };
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Default)]
struct Plain {
    lexer: Lexer,
    terms: Terms,
    tokens: Tokens,
    found: Vec<String>,
}

impl Clone for Plain {
    fn clone(&self) -> Self {
        Self::default()
    }
}

struct PlainStream<'a> {
    found: std::slice::Iter<'a, String>,
    token: Token,
}

impl Tokenizer for Plain {
    type TokenStream<'a> = PlainStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PlainStream<'a> {
        self.lexer.begin_article();
        self.lexer.read(text, &mut self.tokens);
        self.found.clear();
        self.found.push(whole_value(text));
        for token in &self.tokens.tokens {
            for term in self.terms.of(self.lexer.forms(), text, *token) {
                self.found.push(term.to_string());
            }
        }
        PlainStream { found: self.found.iter(), token: Token::default() }
    }
}

impl TokenStream for PlainStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.found.next() else { return false };
        // The whole value stands before the first word, and is next to none.
        let first = self.token.position == usize::MAX;
        self.token.position = if first { 0 } else { self.token.position.max(1) + 1 };
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
