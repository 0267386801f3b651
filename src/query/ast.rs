//! The tree of a query.

use std::fmt;

use super::date::DateRange;

/// A stretch of the query's text: offsets in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// The first scalar value.
    pub start: usize,
    /// One past the last scalar value.
    pub end: usize,
}

impl Span {
    /// The span from `start` to before `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A query, or a part of one.
///
/// Equality looks at what is asked, not at where it stood in the text.
///
/// The constructors ([`Query::all_of`], [`Query::any_of`], [`Query::negated`]) keep the
/// normal form that [`parse`](fn@super::parse) gives and that `Display` can write: no `And`
/// directly in an `And`, no `Or` in an `Or`, no `Not` in a `Not`, no list of one.
#[derive(Debug, Clone)]
pub struct Query {
    /// What is asked.
    pub kind: Kind,
    /// Where it stands in the text that was parsed; empty for a part that was built.
    pub span: Span,
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Query {}

/// What a query asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `*`: every article; inside a [`Kind::Scope`], every article that has that part.
    All,
    /// A word, in the form that was asked for.
    Word(Word),
    /// Words in quotes, in their order, or near each other when there is slop.
    Phrase(Phrase),
    /// All of these, two or more. Where each of them is a [`Kind::Not`], all articles but
    /// those.
    And(Vec<Query>),
    /// Any of these, two or more.
    Or(Vec<Query>),
    /// The articles without this. It stands alone, too: `-kerry` is every article without
    /// the word.
    Not(Box<Query>),
    /// Two operands close to each other. Operands are words, phrases, entities, `Or`s of
    /// them and further `Near`s; nothing else.
    Near {
        /// How close, and in which order.
        proximity: Proximity,
        /// The left operand; of [`Proximity::NotWithin`], the one that is found.
        left: Box<Query>,
        /// The right operand.
        right: Box<Query>,
    },
    /// At least so many occurrences of an operand of the kinds that `Near` takes.
    AtLeast {
        /// How many, 1 or more.
        count: u32,
        /// What is counted.
        operand: Box<Query>,
    },
    /// A query put to one part of the article: `title:…`, `lead:…` (or `LEAD(…)`). Scopes
    /// are not nested. Clauses about the whole article (dates and the like) keep their
    /// meaning inside one.
    Scope {
        /// The part of the article.
        zone: Zone,
        /// What is looked for there.
        operand: Box<Query>,
    },
    /// `PERSON`, `ORG`, `PLACE`: any mention of an entity of that kind.
    Mention(EntityKind),
    /// `person:"John Kerry"`: a mention of this entity, in any form of its name.
    Entity {
        /// Its kind.
        kind: EntityKind,
        /// A name, with single spaces; may hold wildcards.
        name: String,
    },
    /// `source:Reuters`: a fact about the article, by its text.
    Attribute {
        /// Which fact.
        attribute: Attribute,
        /// What is wanted, with single spaces; may hold wildcards.
        value: String,
    },
    /// `date:2012..2013-02`: published then; a partial date matches by overlap.
    Date(DateRange),
    /// `words:>500`: the article's length.
    Words(WordRange),
    /// `undated:true`: articles without a date, or (`false`) with one.
    Undated(bool),
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// The word as typed, without the signs of its form: not empty, no white space, at
    /// least one letter or digit, no punctuation at its ends but what belongs to it
    /// (`U.S.`, `C++`). What makes a token of it is the analyzer's business. A pattern
    /// holds its `*` and `?` here.
    pub text: String,
    /// How it is to be matched.
    pub form: Form,
}

/// How a word is to be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `word`: in any inflection.
    Stemmed,
    /// `=word`: just so.
    Exact,
    /// `word~`, `word~2`: within so many edits, 1 or 2.
    Fuzzy(u8),
    /// `wor*`, `w?rd`: `*` is any number of characters, `?` exactly one.
    Pattern,
}

/// Words in quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// The words, at least one, cleaned as a [`Word`]'s text is; a word may be a pattern
    /// ([`Phrase::is_pattern`]), and a `*` alone stands for any one word.
    pub words: Vec<String>,
    /// How far the words may stand from the exact phrase, in word positions; 0 for exact.
    pub slop: u32,
}

impl Phrase {
    /// Whether a word of a phrase holds wildcards.
    #[must_use]
    pub fn is_pattern(word: &str) -> bool {
        word.contains(['*', '?'])
    }
}

/// How close two operands must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proximity {
    /// `W/n`: at most n words apart, in either order.
    Within(u32),
    /// `PRE/n`: the left one first, the right one at most n words later.
    Before(u32),
    /// `NOT W/n`: an occurrence of the left one with no right one within n words.
    NotWithin(u32),
    /// `W/S`: in one sentence.
    Sentence,
    /// `W/P`: in one paragraph.
    Paragraph,
}

impl fmt::Display for Proximity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(n) => write!(f, "W/{n}"),
            Self::Before(n) => write!(f, "PRE/{n}"),
            Self::NotWithin(n) => write!(f, "NOT W/{n}"),
            Self::Sentence => f.write_str("W/S"),
            Self::Paragraph => f.write_str("W/P"),
        }
    }
}

/// A part of an article that a query can be put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// The headline.
    Title,
    /// The text under the headline.
    Body,
    /// The first paragraphs.
    Lead,
}

/// A kind of entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, party, agency, team.
    Organisation,
    /// A country, city, region.
    Place,
}

impl EntityKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Person, Self::Organisation, Self::Place];

    /// The word, in capitals, that stands for any mention of this kind.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Organisation => "ORG",
            Self::Place => "PLACE",
        }
    }
}

/// A fact about an article that is compared as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The newspaper or agency.
    Source,
    /// Who wrote it.
    Byline,
    /// The section or desk.
    Section,
    /// The language, by its code or name.
    Language,
}

/// A range of article lengths in words, both ends inclusive; at least one end is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordRange {
    /// The fewest words.
    pub min: Option<u32>,
    /// The most words.
    pub max: Option<u32>,
}

/// A leaf that a matching article can show: see [`Query::positive_leaves`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'q> {
    /// The leaf; never an `And`, `Or`, `Not`, `Near`, `AtLeast` or `Scope`.
    pub query: &'q Query,
    /// The part of the article that it is looked for in, if only one.
    pub zone: Option<Zone>,
}

impl From<Kind> for Query {
    /// A part with an empty span.
    fn from(kind: Kind) -> Self {
        Self { kind, span: Span::default() }
    }
}

impl Query {
    /// All of these; [`Kind::All`] when there are none.
    #[must_use]
    pub fn all_of(parts: Vec<Query>) -> Query {
        let span = covering(&parts);
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part.kind {
                Kind::And(inner) => flat.extend(inner),
                _ => flat.push(part),
            }
        }
        match flat.len() {
            0 => Kind::All.into(),
            1 => flat.swap_remove(0),
            _ => Query { kind: Kind::And(flat), span },
        }
    }

    /// Any of these; nothing when there are none.
    #[must_use]
    pub fn any_of(parts: Vec<Query>) -> Option<Query> {
        let span = covering(&parts);
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part.kind {
                Kind::Or(inner) => flat.extend(inner),
                _ => flat.push(part),
            }
        }
        match flat.len() {
            0 => None,
            1 => flat.pop(),
            _ => Some(Query { kind: Kind::Or(flat), span }),
        }
    }

    /// The articles without this; of a negation, what it negates.
    #[must_use]
    pub fn negated(self) -> Query {
        match self.kind {
            Kind::Not(inner) => *inner,
            _ => Query { span: self.span, kind: Kind::Not(Box::new(self)) },
        }
    }

    /// A word in any inflection; nothing if the text holds no word, or more than one.
    /// Wildcards and other signs have no meaning here.
    #[must_use]
    pub fn word(text: &str) -> Option<Query> {
        Word::stemmed(text).map(|word| Kind::Word(word).into())
    }

    /// A mention of the entity of this name; nothing if the name holds no letter or digit.
    #[must_use]
    pub fn entity(kind: EntityKind, name: &str) -> Option<Query> {
        value(name).map(|name| Kind::Entity { kind, name }.into())
    }

    /// An article whose attribute is this; nothing if the value holds no letter or digit.
    #[must_use]
    pub fn attribute(attribute: Attribute, text: &str) -> Option<Query> {
        value(text).map(|value| Kind::Attribute { attribute, value }.into())
    }

    /// The clauses that must all hold: the parts of an `And`, or the query itself.
    #[must_use]
    pub fn clauses(&self) -> &[Query] {
        match &self.kind {
            Kind::And(parts) => parts,
            _ => std::slice::from_ref(self),
        }
    }

    /// The words of a query of bare words joined by AND, and what narrows them beside: filters and
    /// exclusions. Nothing for any other query.
    #[must_use]
    pub fn bare_words(&self) -> Option<(Vec<&Word>, Vec<&Query>)> {
        let (mut words, mut filters) = (Vec::new(), Vec::new());
        for clause in self.clauses() {
            match &clause.kind {
                Kind::Word(word) if word.form == Form::Stemmed => words.push(word),
                Kind::Not(_)
                | Kind::Entity { .. }
                | Kind::Attribute { .. }
                | Kind::Date(_)
                | Kind::Words(_)
                | Kind::Undated(_) => filters.push(clause),
                _ => return None,
            }
        }
        Some((words, filters))
    }

    /// The leaves that a matching article can show, in the order of the text: everything
    /// but what stands under a `Not` or to the right of `NOT W/n`.
    #[must_use]
    pub fn positive_leaves(&self) -> Vec<Leaf<'_>> {
        let mut leaves = Vec::new();
        let mut waiting = vec![Leaf { query: self, zone: None }];
        while let Some(Leaf { query, zone }) = waiting.pop() {
            match &query.kind {
                Kind::And(parts) | Kind::Or(parts) => {
                    waiting.extend(parts.iter().rev().map(|query| Leaf { query, zone }));
                }
                Kind::Not(_) => {}
                Kind::Near { proximity, left, right } => {
                    if !matches!(proximity, Proximity::NotWithin(_)) {
                        waiting.push(Leaf { query: right, zone });
                    }
                    waiting.push(Leaf { query: left, zone });
                }
                Kind::AtLeast { operand, .. } => waiting.push(Leaf { query: operand, zone }),
                Kind::Scope { zone, operand } => {
                    waiting.push(Leaf { query: operand, zone: Some(*zone) });
                }
                Kind::All
                | Kind::Word(_)
                | Kind::Phrase(_)
                | Kind::Mention(_)
                | Kind::Entity { .. }
                | Kind::Attribute { .. }
                | Kind::Date(_)
                | Kind::Words(_)
                | Kind::Undated(_) => leaves.push(Leaf { query, zone }),
            }
        }
        leaves
    }
}

impl Word {
    /// The word that a text without white space holds, in any inflection; nothing if it
    /// has no letter or digit, or holds white space.
    #[must_use]
    pub fn stemmed(text: &str) -> Option<Word> {
        let text: String = text.chars().filter(|c| !matches!(c, '*' | '?')).collect();
        let text = trim_punctuation(&text);
        (has_letter(text) && !text.contains(is_space))
            .then(|| Word { text: text.to_owned(), form: Form::Stemmed })
    }
}

fn covering(parts: &[Query]) -> Span {
    parts.iter().map(|part| part.span).reduce(Span::to).unwrap_or_default()
}

/// A name or value with single spaces; nothing without a letter or digit.
pub(super) fn value(text: &str) -> Option<String> {
    if !has_letter(text) {
        return None;
    }
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    Some(words.join(" "))
}

/// Whether there is anything in it that a token could be made of.
pub(super) fn has_letter(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// What separates words: white space, and the control characters that come with pasting.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Quotes, straight and typographic; each of them opens and closes.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// The text without the punctuation around it that is surely no part of the word. A full
/// stop stays at an abbreviation that has another (`U.S.`); a sign that names use (`C++`,
/// `C#`, `.NET`, `@name`) stays too.
pub(super) fn trim_punctuation(text: &str) -> &str {
    let around = |c: char| {
        is_quote(c)
            || matches!(
                c,
                ',' | ';'
                    | ':'
                    | '!'
                    | '…'
                    | '-'
                    | '–'
                    | '—'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '{'
                    | '}'
                    | '<'
                    | '>'
                    | '/'
                    | '|'
                    | '='
                    | '\''
                    | '‘'
                    | '’'
            )
    };
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    let abbreviation = core.contains('.');
    text.trim_start_matches(|c| around(c) || c == '+')
        .trim_end_matches(|c| around(c) || (c == '.' && !abbreviation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn punctuation_goes_and_what_belongs_to_the_word_stays() {
        for (text, word) in [
            ("Kerry,", "Kerry"),
            ("U.S.", "U.S."),
            ("talks.", "talks"),
            ("C++", "C++"),
            (".NET", ".NET"),
            ("—Paris—", "Paris"),
            ("o'brien", "o'brien"),
            ("sung-hwan", "sung-hwan"),
            ("AT&T", "AT&T"),
        ] {
            assert_eq!(trim_punctuation(text), word);
        }
    }

    #[test]
    fn positive_leaves_leave_out_what_must_be_absent() {
        let text = "a -b title:(c OR -d) e NOT W/5 f g W/3 h date:2012";
        let query = parse(text).unwrap().query;
        let leaves: Vec<String> = query
            .positive_leaves()
            .iter()
            .map(|leaf| format!("{:?} {}", leaf.zone, leaf.query))
            .collect();
        assert_eq!(
            leaves,
            ["None a", "Some(Title) c", "None e", "None g", "None h", "None date:2012"]
        );
    }

    #[test]
    fn clauses_are_the_parts_of_the_outer_and() {
        let clauses = |text: &str| -> Vec<String> {
            parse(text).unwrap().query.clauses().iter().map(ToString::to_string).collect()
        };
        assert_eq!(clauses("a (b OR c) -d"), ["a", "b OR c", "NOT d"]);
        assert_eq!(clauses("a OR b"), ["a OR b"]);
    }

    #[test]
    fn bare_words_are_told_from_everything_else() {
        let bare = |text: &str| {
            let query = parse(text).unwrap().query;
            query.bare_words().map(|(words, filters)| (words.len(), filters.len()))
        };
        assert_eq!(bare("nuclear test site"), Some((3, 0)));
        assert_eq!(bare("nuclear"), Some((1, 0)));
        assert_eq!(bare("nuclear test -person:kerry date:2013"), Some((2, 2)));
        assert_eq!(bare("nuclear =test"), None);
        assert_eq!(bare("nuclear OR test"), None);
    }
}
