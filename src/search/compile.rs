//! From the tree of a query to the engine's query.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, PhraseQuery,
    Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::counted::CountedQuery;
use super::occurrences::{Closeness, Pattern, Terms, Zone};
use super::score::{PatternQuery, Statistics, Tuning, Worth};
use super::tables::Tables;
use super::terms::{Dictionary, Expansion, MOST_EXPANSIONS, Stemming};
use crate::article::Date;
use crate::enrich::language_code;
use crate::entity::EntityKind;
use crate::entity::identity::{self, Identities};
use crate::index::{Fields, entity_prefix};
use crate::query::{self, Attribute, Form, Kind, Phrase, Proximity, Word};
use crate::text::{fold, fold_term};

/// A part of a query that a hit can show: a word, a phrase, a name, a connector.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// As the query says it.
    pub label: String,
    /// What is looked for.
    pub pattern: Arc<Pattern>,
    /// It, as a query of its own.
    pub query: PatternQuery,
}

/// A compiled query.
pub(super) struct Compiled {
    /// For the engine.
    pub query: Box<dyn Query>,
    /// What a hit can show, in the order of the text.
    pub leaves: Vec<Leaf>,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// Compiles queries against what a searcher sees.
pub(super) struct Compiler<'a> {
    /// The articles.
    pub searcher: &'a Searcher,
    /// The fields.
    pub fields: Fields,
    /// The languages.
    pub stemming: &'a Stemming,
    /// Counts.
    pub statistics: Statistics,
    /// Constants of ranking.
    pub tuning: Tuning,
    /// Who is who.
    pub identities: &'a Identities,
    /// Who is counted where.
    pub tables: &'a Tables,
}

#[derive(Default)]
struct Pass {
    leaves: Vec<Leaf>,
    warnings: Vec<String>,
    /// Terms that wildcards and fuzzy words stand for, so far.
    expanded: usize,
    /// A person called by the very name that lists and facets show is found where the recogniser
    /// saw that person, and nowhere else.
    as_counted: bool,
}

/// How many terms the wildcards and fuzzy words of one query may stand for together: each costs
/// some kilobytes while the search runs.
const MOST_EXPANDED: usize = 3 * MOST_EXPANSIONS;

/// The engine's own error, or none.
pub(super) type EngineResult<T> = tantivy::Result<T>;

/// Words that may stand among those of a name (initials, middle names, `of`).
const NAME_SLOP: u32 = 2;

/// A pattern with what its words are worth.
struct Priced {
    pattern: Pattern,
    idf: f32,
    name: bool,
}

impl Compiler<'_> {
    /// Compiles a query.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn compile(&self, query: &query::Query) -> EngineResult<Compiled> {
        let mut pass = Pass::default();
        let query = self.part(query, Zone::Anywhere, true, &mut pass)?;
        Ok(Compiled { query, leaves: pass.leaves, warnings: pass.warnings })
    }

    /// Compiles filters beside a query. A person chosen from a facet is a filter that leaves as many
    /// articles as the facet counted.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn compile_filter(&self, query: &query::Query) -> EngineResult<Compiled> {
        let mut pass = Pass { as_counted: true, ..Pass::default() };
        let query = self.part(query, Zone::Anywhere, true, &mut pass)?;
        Ok(Compiled { query, leaves: pass.leaves, warnings: pass.warnings })
    }

    /// Several plain words, alternatives of each other, each worth its weight.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn compile_words(&self, words: &[(String, f32)]) -> EngineResult<Compiled> {
        let mut pass = Pass::default();
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (word, weight) in words {
            let form = Word { text: word.clone(), form: Form::Stemmed };
            let Some(mut priced) = self.word(&form, Zone::Anywhere, &mut pass)? else {
                continue;
            };
            priced.idf *= weight;
            parts.push((Occur::Should, self.leaf(word.clone(), priced, 1, true, &mut pass)));
        }
        let query: Box<dyn Query> = Box::new(BooleanQuery::new(parts));
        Ok(Compiled { query, leaves: pass.leaves, warnings: pass.warnings })
    }

    /// At least so many of some words.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn compile_most_of(
        &self,
        words: &[&Word],
        least: usize,
    ) -> EngineResult<Compiled> {
        let mut pass = Pass::default();
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        for word in words {
            if let Some(priced) = self.word(word, Zone::Anywhere, &mut pass)? {
                parts.push(self.leaf(word.text.clone(), priced, 1, true, &mut pass));
            }
        }
        let least = least.min(parts.len());
        let query = BooleanQuery::union_with_minimum_required_clauses(parts, least);
        Ok(Compiled { query: Box::new(query), leaves: pass.leaves, warnings: pass.warnings })
    }

    fn part(
        &self,
        node: &query::Query,
        zone: Zone,
        scored: bool,
        pass: &mut Pass,
    ) -> EngineResult<Box<dyn Query>> {
        Ok(match &node.kind {
            Kind::All => everything(),
            Kind::And(parts) => {
                let mut clauses = Vec::with_capacity(parts.len() + 1);
                for part in parts {
                    match &part.kind {
                        Kind::Not(inner) => {
                            clauses.push((Occur::MustNot, self.excluded(inner, zone, pass)?));
                        }
                        _ => clauses.push((Occur::Must, self.part(part, zone, scored, pass)?)),
                    }
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Kind::Or(parts) => {
                let mut clauses = Vec::with_capacity(parts.len());
                for part in parts {
                    clauses.push((Occur::Should, self.part(part, zone, scored, pass)?));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Kind::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, everything()),
                (Occur::MustNot, self.excluded(inner, zone, pass)?),
            ])),
            Kind::Scope { zone, operand } => {
                let zone = match zone {
                    query::Zone::Title => Zone::Title,
                    query::Zone::Body => Zone::Body,
                    query::Zone::Lead => Zone::Lead,
                };
                self.part(operand, zone, scored, pass)?
            }
            Kind::AtLeast { count, operand } => match self.pattern(operand, zone, pass)? {
                None => everything(),
                Some(priced) => self.leaf(node.to_string(), priced, *count, scored, pass),
            },
            Kind::Entity { kind, name } if *kind == query::EntityKind::Person => {
                self.person(node, name, zone, scored, pass)?
            }
            Kind::Word(_)
            | Kind::Phrase(_)
            | Kind::Near { .. }
            | Kind::Mention(_)
            | Kind::Entity { .. } => match self.pattern(node, zone, pass)? {
                None => {
                    pass.warnings.push(format!("`{node}` holds nothing that is indexed"));
                    everything()
                }
                Some(priced) => self.leaf(node.to_string(), priced, 1, scored, pass),
            },
            Kind::Attribute { attribute, value } => self.attribute(*attribute, value)?,
            Kind::Date(range) => {
                let day = |(year, month, day)| Date::from_day(year, month, day);
                let first = range.first_day().and_then(day).map(Date::first_day);
                let last = range.last_day().and_then(day).map(Date::last_day);
                self.dates(first, last)
            }
            Kind::Words(range) => {
                let bound = |end: Option<u32>| {
                    end.map_or(Bound::Unbounded, |n| {
                        Bound::Included(Term::from_field_u64(self.fields.words, n.into()))
                    })
                };
                filter(RangeQuery::new(bound(range.min), bound(range.max)))
            }
            Kind::Undated(undated) => {
                let name = self.searcher.schema().get_field_name(self.fields.date).to_owned();
                let dated = filter(ExistsQuery::new(name, false));
                if *undated {
                    Box::new(BooleanQuery::new(vec![
                        (Occur::Must, everything()),
                        (Occur::MustNot, dated),
                    ]))
                } else {
                    dated
                }
            }
        })
    }

    fn excluded(
        &self,
        node: &query::Query,
        zone: Zone,
        pass: &mut Pass,
    ) -> EngineResult<Box<dyn Query>> {
        let as_counted = std::mem::replace(&mut pass.as_counted, true);
        let query = self.part(node, zone, false, pass);
        pass.as_counted = as_counted;
        query
    }

    /// Whether a person is called by the very name that lists and facets show.
    fn is_shown_name(&self, name: &str) -> bool {
        let id = self.identities.identity_of(EntityKind::Person, name);
        id.is_some_and(|id| self.identities.canonical(id) == name)
    }

    /// The articles that facets count for a person, among those that a pattern of its names finds.
    fn counted(&self, name: &str, names: &Pattern) -> EngineResult<Box<dyn Query>> {
        let id = self.identities.identity_of(EntityKind::Person, name);
        let number = id.and_then(|id| self.tables.number(id));
        let (Some(number), Pattern::Name { terms, .. }) = (number, names) else {
            return Ok(Box::new(AllQuery));
        };
        let terms = terms.iter().map(|(term, _)| term.as_str());
        let field = self.fields.entities;
        Ok(Box::new(CountedQuery::new(self.searcher, self.tables, field, terms, number)?))
    }

    /// Articles that name a person; and after them those that hold the name's words where the
    /// recogniser saw no person: in headlines in capitals, in damaged text.
    fn person(
        &self,
        node: &query::Query,
        name: &str,
        zone: Zone,
        scored: bool,
        pass: &mut Pass,
    ) -> EngineResult<Box<dyn Query>> {
        let mut clauses = Vec::new();
        let as_counted = pass.as_counted && self.is_shown_name(name);
        if let Some(priced) = self.pattern(node, zone, pass)? {
            let mut occur = Occur::Should;
            if as_counted {
                occur = if zone == Zone::Anywhere { occur } else { Occur::Must };
                clauses.push((Occur::Must, self.counted(name, &priced.pattern)?));
            }
            clauses.push((occur, self.leaf(node.to_string(), priced, 1, scored, pass)));
        }
        if name.contains(['*', '?']) {
            return Ok(Box::new(BooleanQuery::new(clauses)));
        }
        let words = self.identities.words_that_mean(EntityKind::Person, name);
        let mut parts = Vec::new();
        for word in words.iter().flat_map(|word| fold_term(word)) {
            let expansion = Expansion { terms: vec![(word, 1.0)], cut: false };
            parts.push(self.price(expansion, zone)?);
        }
        let idf = parts.iter().map(|part| part.idf).sum::<f32>() * self.tuning.name_words;
        let patterns: Vec<Pattern> = parts.into_iter().map(|part| part.pattern).collect();
        let pattern = match patterns.len() {
            0 | 1 => sequence(patterns),
            _ => Some(Pattern::Loose { parts: patterns, slop: NAME_SLOP }),
        };
        if let Some(pattern) = pattern {
            let priced = Priced { pattern, idf, name: false };
            let label = format!("words of {node}");
            clauses.push((Occur::Should, self.leaf(label, priced, 1, scored, pass)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn leaf(
        &self,
        label: String,
        priced: Priced,
        at_least: u32,
        scored: bool,
        pass: &mut Pass,
    ) -> Box<dyn Query> {
        let worth = match (scored, priced.name) {
            (false, _) => Worth::Nothing,
            (true, true) => Worth::Names(priced.idf),
            (true, false) => Worth::Words(priced.idf),
        };
        let pattern = Arc::new(priced.pattern);
        let query = PatternQuery {
            pattern: Arc::clone(&pattern),
            at_least,
            worth,
            statistics: self.statistics,
            tuning: self.tuning,
            fields: self.fields,
        };
        if scored {
            pass.leaves.push(Leaf { label, pattern, query: query.clone() });
        }
        Box::new(query)
    }

    /// The pattern of a word, phrase, name or connector; `None` where it holds no term at all.
    fn pattern(
        &self,
        node: &query::Query,
        zone: Zone,
        pass: &mut Pass,
    ) -> EngineResult<Option<Priced>> {
        Ok(match &node.kind {
            Kind::Word(word) => self.word(word, zone, pass)?,
            Kind::Phrase(phrase) => self.phrase(phrase, zone, pass)?,
            Kind::Mention(kind) => {
                let mark = entity_prefix(entity_kind(*kind)).to_string();
                let terms = Arc::new(vec![(mark, 1.0)]);
                Some(Priced { pattern: Pattern::Name { terms, zone }, idf: 0.0, name: true })
            }
            Kind::Entity { kind, name } => {
                let kind = entity_kind(*kind);
                let found = self.identities.expand(kind, name);
                pass.warnings.extend(taken_for(kind, name, &found));
                let term = |kind, name: &str| format!("{}{name}", entity_prefix(kind));
                let mut terms: Vec<(String, f32)> = found
                    .names
                    .iter()
                    .map(|(recorded, name, weight, _)| (term(*recorded, name), *weight))
                    .collect();
                terms.sort_by(|a, b| a.0.cmp(&b.0));
                let mut documents = 0;
                for (term, _) in &terms {
                    let term = Term::from_field_text(self.fields.entities, term);
                    documents += self.searcher.doc_freq(&term)?;
                }
                let idf = self.statistics.idf(documents);
                let pattern = Pattern::Name { terms: Arc::new(terms), zone };
                Some(Priced { pattern, idf, name: true })
            }
            Kind::Or(parts) => {
                let mut patterns = Vec::new();
                let (mut idf, mut name) = (0.0f32, true);
                for part in parts {
                    if let Some(priced) = self.pattern(part, zone, pass)? {
                        patterns.push(priced.pattern);
                        idf = idf.max(priced.idf);
                        name &= priced.name;
                    }
                }
                Some(Priced { pattern: Pattern::Any(patterns), idf, name })
            }
            Kind::Near { proximity, left, right } => {
                let closeness = match proximity {
                    Proximity::Within(n) => Closeness::Within(*n),
                    Proximity::Before(n) => Closeness::Before(*n),
                    Proximity::NotWithin(n) => Closeness::NotWithin(*n),
                    Proximity::Sentence => Closeness::Sentence,
                    Proximity::Paragraph => Closeness::Paragraph,
                };
                let not = matches!(closeness, Closeness::NotWithin(_));
                match (self.pattern(left, zone, pass)?, self.pattern(right, zone, pass)?) {
                    (Some(left), Some(right)) => Some(Priced {
                        pattern: Pattern::Near {
                            closeness,
                            left: Box::new(left.pattern),
                            right: Box::new(right.pattern),
                        },
                        idf: if not { left.idf } else { left.idf + right.idf },
                        name: false,
                    }),
                    (Some(one), None) | (None, Some(one)) => Some(one),
                    (None, None) => None,
                }
            }
            Kind::Scope { .. }
            | Kind::AtLeast { .. }
            | Kind::All
            | Kind::And(_)
            | Kind::Not(_)
            | Kind::Attribute { .. }
            | Kind::Date(_)
            | Kind::Words(_)
            | Kind::Undated(_) => None,
        })
    }

    fn word(&self, word: &Word, zone: Zone, pass: &mut Pass) -> EngineResult<Option<Priced>> {
        let parts: Vec<String> = match word.form {
            Form::Pattern => pattern_parts(&word.text),
            Form::Stemmed | Form::Exact | Form::Fuzzy(_) => fold_term(&word.text),
        };
        let mut patterns = Vec::with_capacity(parts.len());
        let mut idf = 0.0;
        for part in &parts {
            let expansion = self.expand(part, word.form, &word.text, pass)?;
            let priced = self.price(expansion, zone)?;
            idf += priced.idf;
            patterns.push(priced.pattern);
        }
        Ok(sequence(patterns).map(|pattern| Priced { pattern, idf, name: false }))
    }

    fn expand(
        &self,
        term: &str,
        form: Form,
        label: &str,
        pass: &mut Pass,
    ) -> EngineResult<Expansion> {
        let dictionary = self.dictionary();
        let is_open = form != Form::Stemmed && form != Form::Exact;
        if is_open && pass.expanded >= MOST_EXPANDED {
            let warning = "wildcards of this query stand for too many words: \
                           the last ones were left out";
            pass.warnings.push(warning.to_owned());
            return Ok(Expansion::default());
        }
        let expansion = match form {
            Form::Stemmed => dictionary.inflections(term, self.stemming)?,
            Form::Exact => Expansion { terms: vec![(term.to_owned(), 1.0)], cut: false },
            Form::Fuzzy(edits) => dictionary.alike(term, edits)?,
            Form::Pattern if term.contains(['*', '?']) => dictionary.matching(term)?,
            Form::Pattern => Expansion { terms: vec![(term.to_owned(), 1.0)], cut: false },
        };
        if is_open {
            pass.expanded += expansion.terms.len();
        }
        if expansion.cut {
            pass.warnings.push(format!(
                "`{label}` stands for too many words: the {MOST_EXPANSIONS} commonest were taken"
            ));
        }
        Ok(expansion)
    }

    /// The dictionary of words.
    #[must_use]
    pub(super) fn dictionary(&self) -> Dictionary<'_> {
        Dictionary::new(self.searcher, [self.fields.body, self.fields.title])
    }

    fn price(&self, expansion: Expansion, zone: Zone) -> EngineResult<Priced> {
        let terms: Terms = Arc::new(expansion.terms);
        let documents = self.documents_with(&terms)?;
        let idf = self.statistics.idf(documents);
        Ok(Priced { pattern: Pattern::Word { terms, zone }, idf, name: false })
    }

    /// About how many documents hold one of some terms: the postings are counted as if the terms
    /// were strewn independently, which overstates rare words by little and never exceeds the
    /// archive.
    fn documents_with(&self, terms: &Terms) -> EngineResult<u64> {
        let all = self.statistics.documents.max(1) as f64;
        let mut without = 1.0f64;
        for (term, _) in terms.iter() {
            let mut documents = 0;
            for field in [self.fields.body, self.fields.title] {
                let term = Term::from_field_text(field, term);
                documents = documents.max(self.searcher.doc_freq(&term)?);
            }
            without *= 1.0 - (documents as f64 / all).min(1.0);
        }
        Ok(((1.0 - without) * all).round() as u64)
    }

    fn phrase(
        &self,
        phrase: &Phrase,
        zone: Zone,
        pass: &mut Pass,
    ) -> EngineResult<Option<Priced>> {
        let (mut parts, mut gaps) = (Vec::new(), Vec::new());
        let mut gap = 0;
        let mut idf = 0.0;
        for word in &phrase.words {
            if word == "*" {
                gap += u32::from(!parts.is_empty());
                continue;
            }
            let (form, terms) = if Phrase::is_pattern(word) {
                (Form::Pattern, pattern_parts(word))
            } else {
                (Form::Exact, fold_term(word))
            };
            for term in terms {
                let expansion = self.expand(&term, form, word, pass)?;
                let priced = self.price(expansion, zone)?;
                idf += priced.idf;
                parts.push(priced.pattern);
                gaps.push(gap);
            }
        }
        if phrase.slop > 0 && parts.len() > 1 {
            let pattern = Pattern::Loose { parts, slop: phrase.slop + gap };
            return Ok(Some(Priced { pattern, idf, name: false }));
        }
        if gaps.iter().all(|gap| *gap == 0) {
            let pattern = sequence(parts);
            return Ok(pattern.map(|pattern| Priced { pattern, idf, name: false }));
        }
        Ok(Some(Priced { pattern: Pattern::Phrase { parts, gaps }, idf, name: false }))
    }

    fn attribute(&self, attribute: Attribute, value: &str) -> EngineResult<Box<dyn Query>> {
        let field = match attribute {
            Attribute::Language => {
                let code = language_code(value).map_or_else(|| fold(value), Cow::Borrowed);
                let term = Term::from_field_text(self.fields.language, &code);
                return Ok(filter(TermQuery::new(term, IndexRecordOption::Basic)));
            }
            Attribute::Source => self.fields.source,
            Attribute::Byline => self.fields.byline,
            Attribute::Section => self.fields.section,
        };
        let whole = Term::from_field_text(field, &crate::index::whole_value(value));
        if self.searcher.doc_freq(&whole)? > 0 {
            return Ok(filter(TermQuery::new(whole, IndexRecordOption::Basic)));
        }
        if value.contains(['*', '?']) {
            return self.attribute_pattern(field, value);
        }
        let terms: Vec<Term> = value
            .split_whitespace()
            .flat_map(fold_term)
            .map(|term| Term::from_field_text(field, &term))
            .collect();
        Ok(match terms.len() {
            0 => Box::new(EmptyQuery),
            1 => filter(TermQuery::new(terms[0].clone(), IndexRecordOption::Basic)),
            _ => filter(PhraseQuery::new(terms)),
        })
    }

    /// A value with wildcards is matched against whole values.
    fn attribute_pattern(&self, field: Field, value: &str) -> EngineResult<Box<dyn Query>> {
        let pattern = crate::index::whole_value(value);
        let dictionary = Dictionary::new(self.searcher, [field, field]);
        let found = dictionary.matching(&pattern)?;
        let clauses = found.terms.into_iter().map(|(term, _)| {
            let term = Term::from_field_text(field, &term);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            (Occur::Should, query)
        });
        Ok(filter(BooleanQuery::new(clauses.collect())))
    }

    /// Articles whose date may lie between two days (days since 1970-01-01, both included).
    #[must_use]
    pub(super) fn dates(&self, first: Option<i32>, last: Option<i32>) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if let Some(first) = first {
            let term = Term::from_field_i64(self.fields.date_last, first.into());
            let range = RangeQuery::new(Bound::Included(term), Bound::Unbounded);
            clauses.push((Occur::Must, filter(range)));
        }
        if let Some(last) = last {
            let term = Term::from_field_i64(self.fields.date, last.into());
            let range = RangeQuery::new(Bound::Unbounded, Bound::Included(term));
            clauses.push((Occur::Must, filter(range)));
        }
        if clauses.len() == 1 {
            return clauses.remove(0).1;
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

/// What a name was taken for, where that is not plainly what was typed.
fn taken_for(kind: EntityKind, typed: &str, found: &identity::Expansion) -> Option<String> {
    let kind = kind.name();
    if found.names.is_empty() {
        return Some(format!("no {kind} named `{typed}` is known"));
    }
    let same = fold(typed) == fold(&found.interpreted);
    let others = match found.others {
        0 if same => return None,
        0 => String::new(),
        1 => "; 1 other bears that name".to_owned(),
        n => format!("; {n} others bear that name"),
    };
    Some(format!("{kind} `{typed}` was taken for {}{others}", found.interpreted))
}

/// One pattern, or several that follow each other.
fn sequence(mut patterns: Vec<Pattern>) -> Option<Pattern> {
    match patterns.len() {
        0 | 1 => patterns.pop(),
        length => Some(Pattern::Phrase { parts: patterns, gaps: vec![0; length] }),
    }
}

/// The terms of a word with wildcards: compounds are split as at indexing.
fn pattern_parts(pattern: &str) -> Vec<String> {
    let folded = fold(pattern);
    folded.split(['-', '/']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn entity_kind(kind: query::EntityKind) -> EntityKind {
    match kind {
        query::EntityKind::Person => EntityKind::Person,
        query::EntityKind::Organisation => EntityKind::Organisation,
        query::EntityKind::Place => EntityKind::Place,
    }
}

/// Every article, worth nothing.
#[must_use]
pub(super) fn everything() -> Box<dyn Query> {
    filter(AllQuery)
}

/// A query that adds nothing to a score.
#[must_use]
pub(super) fn filter(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
