//! Index terms: what of a token is searched. Queries and texts go through the same functions.

use std::ops::Range;

use super::lexer::is_domain_ending;
use super::{Forms, Lexer, Token, Tokens, fold};

/// Terms are cut after this many bytes.
const MAX_TERM: usize = 255;

/// Acronyms whose letters also spell an ordinary English word, so that without their dots they
/// would be found with it: these keep the dots as a term. Where `capitals` is set, the word
/// written in capitals means the acronym more often than not, and gives the dotted term, too
/// (`US` finds `U.S.`, while `us` finds the pronoun).
const WORD_ACRONYMS: [(&str, bool); 26] = [
    ("us", true),
    ("who", true),
    ("it", false),
    ("am", false),
    ("as", false),
    ("is", false),
    ("in", false),
    ("at", false),
    ("on", false),
    ("or", false),
    ("so", false),
    ("do", false),
    ("go", false),
    ("he", false),
    ("me", false),
    ("no", false),
    ("an", false),
    ("be", false),
    ("by", false),
    ("if", false),
    ("my", false),
    ("of", false),
    ("to", false),
    ("up", false),
    ("we", false),
    ("aids", false),
];

/// Articles and prepositions of French and Italian that lose their vowel and lean on the next word
/// (`l'Union`, `dell'Arte`): the parts are terms of their own, as otherwise `Union` would not be
/// found. Names in `O'` and `D'` of the Irish are not among them, but `D'Souza` is cut, too: a
/// query is cut alike.
const ELISIONS: [&str; 20] = [
    "l", "d", "qu", "j", "n", "s", "c", "m", "t", "un", "all", "dall", "dell", "nell", "sull",
    "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu",
];

/// The index terms of tokens, worked out once per word form.
#[derive(Debug, Default)]
pub struct Terms {
    generation: u32,
    /// By form; `None` where not yet worked out.
    known: Vec<Option<Range<u32>>>,
    cached: Parts,
    /// The terms of the token last asked for, where they depend on its very digits.
    scratch: Parts,
}

/// Terms one behind the other.
#[derive(Clone, Debug, Default)]
struct Parts {
    text: String,
    /// Where each ends in `text`.
    ends: Vec<usize>,
}

impl Parts {
    fn add(&mut self, term: &str) {
        let term = term.get(..term.floor_char_boundary(MAX_TERM)).unwrap_or_default();
        if !term.is_empty() {
            self.text.push_str(term);
            self.ends.push(self.text.len());
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    fn range(&self, range: Range<u32>) -> TermIter<'_> {
        TermIter { parts: self, next: range.start as usize, end: range.end as usize }
    }
}

/// The terms of one token, in order.
#[derive(Clone, Debug)]
pub struct TermIter<'a> {
    parts: &'a Parts,
    next: usize,
    end: usize,
}

impl<'a> Iterator for TermIter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.next >= self.end {
            return None;
        }
        let start = match self.next.checked_sub(1) {
            Some(previous) => *self.parts.ends.get(previous)?,
            None => 0,
        };
        let end = *self.parts.ends.get(self.next)?;
        self.next += 1;
        self.parts.text.get(start..end)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for TermIter<'_> {}

impl Terms {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The terms of a token of `text`, whose form stands in `forms`; none for punctuation and
    /// possessive endings, several for a compound, each at a position of its own.
    pub fn of(&mut self, forms: &Forms, text: &str, token: Token) -> TermIter<'_> {
        let first = text.as_bytes().get(token.start as usize);
        if first.is_some_and(u8::is_ascii_digit) {
            // Numbers of one shape share a form.
            self.scratch.clear();
            let written = text.get(token.start as usize..token.end as usize);
            add_terms(written.unwrap_or_default(), &mut self.scratch);
            return self.scratch.range(0..self.scratch.len());
        }
        if self.generation != forms.generation() {
            self.generation = forms.generation();
            self.known.clear();
            self.cached.clear();
        }
        let index = token.form.index();
        if self.known.len() <= index {
            self.known.resize(forms.len().max(index + 1), None);
        }
        let range = match self.known.get(index) {
            Some(Some(range)) => range.clone(),
            _ => self.work_out(forms, token),
        };
        self.cached.range(range)
    }

    #[cold]
    fn work_out(&mut self, forms: &Forms, token: Token) -> Range<u32> {
        let start = self.cached.len();
        add_terms(forms.text(token.form), &mut self.cached);
        let range = start..self.cached.len();
        if let Some(known) = self.known.get_mut(token.form.index()) {
            *known = Some(range.clone());
        }
        range
    }
}

/// The terms of a word of a query, in order: those that the word gives in a text.
#[must_use]
pub fn fold_term(word: &str) -> Vec<String> {
    let mut lexer = Lexer::new();
    let mut tokens = Tokens::default();
    lexer.read(word, &mut tokens);
    let mut parts = Parts::default();
    for token in &tokens.tokens {
        let written = word.get(token.start as usize..token.end as usize);
        add_terms(written.unwrap_or_default(), &mut parts);
    }
    parts.range(0..parts.len()).map(str::to_owned).collect()
}

/// Adds the terms of the token written `token`.
fn add_terms(token: &str, terms: &mut Parts) {
    if !token.contains(char::is_alphanumeric) || is_clitic(token) {
        return;
    }
    if let Some(handle) = token.strip_prefix(['@', '#']) {
        add_folded(handle, terms);
    } else if let Some(host) = host_of(token) {
        add_folded(host, terms);
    } else if token.contains('@') {
        add_folded(token, terms);
    } else {
        for part in token.split(['-', '‐', '‑', '/']) {
            add_part(part, terms);
        }
    }
}

/// Whether the token is an ending that means nothing by itself: `'s`, `'ll`.
fn is_clitic(token: &str) -> bool {
    token.strip_prefix(['\'', '’']).is_some_and(|ending| {
        matches!(ending, "s" | "S" | "t" | "d" | "m" | "ll" | "re" | "ve")
    })
}

/// The host of a web address, without `www`.
fn host_of(token: &str) -> Option<&str> {
    let begins_www =
        token.get(..4).is_some_and(|beginning| beginning.eq_ignore_ascii_case("www."));
    let address = match token.split_once("://") {
        Some((_, address)) => address,
        None if begins_www => token,
        None => return None,
    };
    let host = address.split(['/', '?', '#', ':']).next().unwrap_or(address);
    match host.get(..4) {
        Some(www) if www.eq_ignore_ascii_case("www.") => host.get(4..),
        _ => Some(host),
    }
}

/// Adds the terms of one part of a compound.
fn add_part(part: &str, terms: &mut Parts) {
    if part.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let number: String = part.chars().filter(|&c| c != ',').collect();
        add_folded(&number, terms);
        return;
    }
    if matches!(part, "C++" | "c++" | "C#" | "c#" | "F#" | "f#") {
        add_folded(part, terms);
        return;
    }
    let word = part.trim_end_matches(['.', '+', '#', '$']);
    if word.contains('.') {
        add_dotted(word, terms);
        return;
    }
    if word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let lower = word.to_ascii_lowercase();
        if WORD_ACRONYMS.iter().any(|&(word, capitals)| capitals && word == lower) {
            add_with_dots(&lower, terms);
            return;
        }
    }
    add_word(word, terms);
}

/// Adds the terms of letters or words with dots between them: an acronym loses its dots, the
/// parts of an Internet name are terms.
fn add_dotted(word: &str, terms: &mut Parts) {
    if word.rsplit('.').next().is_some_and(is_domain_ending) {
        for part in word.split('.') {
            add_word(part, terms);
        }
        return;
    }
    let joined: String = word.chars().filter(|&c| c != '.').collect();
    let lower = joined.to_ascii_lowercase();
    if WORD_ACRONYMS.iter().any(|&(word, _)| word == lower) {
        add_with_dots(&lower, terms);
    } else {
        add_folded(&joined, terms);
    }
}

/// Adds an acronym with a dot behind each letter.
fn add_with_dots(letters: &str, terms: &mut Parts) {
    let dotted: String = letters.chars().flat_map(|letter| [letter, '.']).collect();
    terms.add(&dotted);
}

/// Adds a word that may have apostrophes.
fn add_word(word: &str, terms: &mut Parts) {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´');
    if !word.contains(is_apostrophe) {
        add_folded(word, terms);
        return;
    }
    let straight: String =
        word.chars().map(|c| if is_apostrophe(c) { '\'' } else { c }).collect();
    if let Some((prefix, rest)) = straight.split_once('\'') {
        let lower = prefix.to_lowercase();
        // `t` is also what English contracts to: `don't` begins with `don`, not with `t`.
        if ELISIONS.contains(&lower.as_str()) && rest.chars().count() >= 2 {
            add_folded(prefix, terms);
            add_word(rest, terms);
            return;
        }
    }
    add_folded(straight.trim_matches('\''), terms);
}

fn add_folded(word: &str, terms: &mut Parts) {
    if word.contains(char::is_alphanumeric) {
        terms.add(&fold(word));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The terms of a text as the index sees them.
    fn terms_of(text: &str) -> Vec<String> {
        let mut lexer = Lexer::new();
        let mut tokens = Tokens::default();
        lexer.read(text, &mut tokens);
        let mut terms = Terms::new();
        let mut all = Vec::new();
        for &token in &tokens.tokens {
            all.extend(terms.of(lexer.forms(), text, token).map(str::to_owned));
        }
        all
    }

    #[test]
    fn terms_are_what_a_reader_would_type() {
        for (text, wanted) in [
            ("Kim Sung-hwan's", "kim sung hwan"),
            ("O’Brien O'BRIEN", "o'brien o'brien"),
            ("Müller Łódź Øst naïve", "muller lodz ost naive"),
            ("U.N. UN N.A.T.O. Ph.D.", "un un nato phd"),
            ("U.S. US us Us U.S.-led", "u.s. u.s. us us u.s. led"),
            ("W.H.O. WHO who", "w.h.o. w.h.o. who"),
            ("at 10:30 a.m., I am", "at 10:30 a.m. i am"),
            ("1,000 1,234 3.5 50% $5", "1000 1234 3.5 50 5"),
            ("C++ c++ C# A+ Disney+", "c++ c++ c# a disney"),
            ("AT&T @handle #Tag", "at&t handle tag"),
            ("AC/DC Amazon.com J. Smith Inc.", "ac dc amazon com j smith inc"),
            ("https://www.BBC.co.uk/news me@a.org", "bbc.co.uk me@a.org"),
            ("l’Union D'Souza don't he'll", "l union d souza don't he'll"),
            ("習近平 👍 -- … 's", "習 近 平"),
        ] {
            assert_eq!(terms_of(text).join(" "), wanted, "{text:?}");
            let from_query: Vec<String> = text.split_whitespace().flat_map(fold_term).collect();
            assert_eq!(from_query.join(" "), wanted, "query {text:?}");
        }
    }

    #[test]
    fn capitals_and_accents_change_no_term() {
        for (one, other) in [
            ("Sung-hwan met O’Brien of the U.N.", "SUNG-HWAN MET O'BRIEN OF THE UN"),
            ("Gerhard Schröder à l’Élysée", "GERHARD SCHRODER A L'ELYSEE"),
            ("São Tomé", "Sa\u{303}o Tome\u{301}"),
        ] {
            assert_eq!(terms_of(one), terms_of(other));
        }
    }

    #[test]
    fn a_term_is_cut_at_a_character() {
        let long = "é".repeat(200);
        let terms = terms_of(&"ж".repeat(200));
        assert_eq!(terms.first().map(String::len), Some(254));
        assert_eq!(terms_of(&long).first().map(String::len), Some(200));
    }

    proptest! {
        #[test]
        fn any_text_gives_clean_terms(text in "\\PC{0,60}") {
            for term in terms_of(&text) {
                prop_assert!(!term.is_empty() && term.len() <= MAX_TERM);
                prop_assert!(!term.contains(char::is_whitespace));
            }
        }
    }
}
