//! From a word of a query to the terms of the index that it stands for.
//!
//! The index holds words as written (folded), so that exact words, wildcards and phrases are
//! served by the dictionary itself. Inflected forms of a query word are found here, when asking:
//! the forms of the dictionary that share its beginning and its stem.

use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::termdict::TermStreamer;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream as _};
use tantivy::{Searcher, Term};

use crate::text::fold;

/// How many terms a wildcard or a fuzzy word may stand for.
pub(super) const MOST_EXPANSIONS: usize = 20_000;

/// Terms that one word of a query stands for, with how alike each is to what was asked
/// (1 for all but fuzzy words).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expansion {
    /// The terms, sorted.
    pub terms: Vec<(String, f32)>,
    /// There were more than [`MOST_EXPANSIONS`]; the commonest were kept.
    pub cut: bool,
}

/// Stemmers of the languages of an archive.
#[derive(Clone, Default)]
pub(super) struct Stemming {
    stemmers: Vec<TextAnalyzer>,
}

impl Stemming {
    /// Stemming for languages given by their ISO 639-1 codes; those without a stemmer are passed
    /// over.
    #[must_use]
    pub(super) fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let stemmer = |language| {
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(Stemmer::new(language))
                .build()
        };
        let stemmers = codes.into_iter().filter_map(language).map(stemmer).collect();
        Self { stemmers }
    }

    /// The stem in the archive's first language, by which terms are counted as one word.
    #[must_use]
    pub(super) fn first_stem(&mut self, term: &str) -> String {
        self.stemmers.first_mut().map_or_else(|| term.to_owned(), |stemmer| stem(stemmer, term))
    }
}

fn stem(stemmer: &mut TextAnalyzer, term: &str) -> String {
    let mut stream = stemmer.token_stream(term);
    if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { String::new() }
}

fn language(code: &str) -> Option<Language> {
    Some(match code {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "de" => Language::German,
        "el" => Language::Greek,
        "en" => Language::English,
        "es" => Language::Spanish,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nl" => Language::Dutch,
        "no" | "nb" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

/// The dictionaries of the fields that hold words.
pub(super) struct Dictionary<'a> {
    searcher: &'a Searcher,
    fields: [Field; 2],
}

impl<'a> Dictionary<'a> {
    /// The dictionaries of two fields of all segments.
    #[must_use]
    pub(super) fn new(searcher: &'a Searcher, fields: [Field; 2]) -> Self {
        Self { searcher, fields }
    }

    /// Gives every term between two bounds to `each`, with the number of documents of a segment
    /// that hold it; a term comes once per segment and field.
    fn scan(
        &self,
        from: &str,
        to: Option<&str>,
        mut each: impl FnMut(&str, u32),
    ) -> tantivy::Result<()> {
        for segment in self.searcher.segment_readers() {
            for field in self.fields {
                let inverted = segment.inverted_index(field)?;
                let mut range = inverted.terms().range().ge(from);
                if let Some(to) = to {
                    range = range.lt(to);
                }
                let mut stream: TermStreamer<'_> = range.into_stream()?;
                while let Some((key, info)) = stream.next() {
                    if let Ok(term) = std::str::from_utf8(key) {
                        each(term, info.doc_freq);
                    }
                }
            }
        }
        Ok(())
    }

    /// The dictionary's terms that begin with `prefix` and pass `keep`.
    fn gather(
        &self,
        prefix: &str,
        mut keep: impl FnMut(&str) -> bool,
    ) -> tantivy::Result<Expansion> {
        let mut decided: BTreeMap<String, Option<u64>> = BTreeMap::new();
        let end = after_prefix(prefix);
        self.scan(prefix, end.as_deref(), |term, documents| match decided.get_mut(term) {
            Some(None) => {}
            Some(Some(count)) => *count += u64::from(documents),
            None => {
                let kept = keep(term).then_some(u64::from(documents));
                decided.insert(term.to_owned(), kept);
            }
        })?;
        let kept = decided.into_iter().filter_map(|(term, count)| Some((term, count?)));
        Ok(commonest(kept.map(|(term, count)| (term, count, 1.0)).collect()))
    }

    /// The inflected forms of a term: those of the dictionary with one of its stems. The term
    /// itself is always among them.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn inflections(
        &self,
        term: &str,
        stemming: &Stemming,
    ) -> tantivy::Result<Expansion> {
        let mut stemming = stemming.clone();
        let mut terms = vec![(term.to_owned(), 1.0)];
        for stemmer in &mut stemming.stemmers {
            let wanted = stem(stemmer, term);
            let prefix = stem_prefix(term, &wanted);
            let found = self.gather(prefix, |form| stem(stemmer, form) == wanted)?;
            terms.extend(found.terms);
        }
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        terms.dedup_by(|a, b| a.0 == b.0);
        Ok(Expansion { terms, cut: false })
    }

    /// The terms that a pattern with `*` and `?` matches.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn matching(&self, pattern: &str) -> tantivy::Result<Expansion> {
        let pattern: Vec<char> = fold(pattern).chars().collect();
        let literal: String = pattern.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
        self.gather(&literal, |term| matches_pattern(&pattern, term))
    }

    /// The terms within so many edits (1 or 2) of a term, the nearer ones weighing more.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn alike(&self, term: &str, edits: u8) -> tantivy::Result<Expansion> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        let query = |field| {
            FuzzyTermQuery::new(Term::from_field_text(field, term), edits.clamp(1, 2), true)
        };
        for segment in self.searcher.segment_readers() {
            for field in self.fields {
                let inverted = segment.inverted_index(field)?;
                let fuzzy = query(field);
                let automaton = fuzzy.automaton()?;
                let mut stream = inverted.terms().search(&automaton).into_stream()?;
                while let Some((key, info)) = stream.next() {
                    if let Ok(key) = std::str::from_utf8(key) {
                        *found.entry(key.to_owned()).or_default() += u64::from(info.doc_freq);
                    }
                }
            }
        }
        let likeness = |form: &str| {
            let edits = strsim::osa_distance(term, form) as f32;
            1.0 / (1.0 + edits)
        };
        let weighted = found.into_iter().map(|(form, count)| {
            let weight = likeness(&form);
            (form, count, weight)
        });
        Ok(commonest(weighted.collect()))
    }

    /// Terms that the archive has far more often than `term` and that are within two edits of it,
    /// best first.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn better_known(&self, term: &str) -> tantivy::Result<Option<String>> {
        if term.chars().count() < 4 {
            return Ok(None);
        }
        let edits = if term.chars().count() < 7 { 1 } else { 2 };
        let own = self.documents(term)?;
        let mut best: Option<(f64, String)> = None;
        for (form, likeness) in self.alike(term, edits)?.terms {
            let documents = self.documents(&form)?;
            if form == term || documents < 3 || documents < own.saturating_mul(50) {
                continue;
            }
            let value = f64::from(likeness) * (documents as f64).ln_1p();
            if best.as_ref().is_none_or(|(known, _)| value > *known) {
                best = Some((value, form));
            }
        }
        Ok(best.map(|(_, form)| form))
    }

    /// How many documents hold a term in one of the fields, at least.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn documents(&self, term: &str) -> tantivy::Result<u64> {
        let mut most = 0;
        for field in self.fields {
            most = most.max(self.searcher.doc_freq(&Term::from_field_text(field, term))?);
        }
        Ok(most)
    }
}

fn commonest(mut found: Vec<(String, u64, f32)>) -> Expansion {
    let cut = found.len() > MOST_EXPANSIONS;
    if cut {
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(MOST_EXPANSIONS);
        found.sort_by(|a, b| a.0.cmp(&b.0));
    }
    Expansion {
        terms: found.into_iter().map(|(term, _, weight)| (term, weight)).collect(),
        cut,
    }
}

/// The shared beginning of all forms of a stem. Snowball stemmers change the end of a word; the
/// last letter of the stem may itself be changed (`happy`, `happi`), and `die`, `lie` and `tie`
/// are the stems of `dying`, `lying` and `tying`.
fn stem_prefix<'t>(term: &'t str, stem: &str) -> &'t str {
    let shared: Vec<(usize, char)> = term
        .char_indices()
        .zip(stem.chars())
        .take_while(|((_, a), b)| a == b)
        .map(|(a, _)| a)
        .collect();
    let irregular = matches!(stem, "die" | "lie" | "tie");
    let keep = match shared.len() {
        0 | 1 => 1,
        _ if irregular => 1,
        length => length - 1,
    };
    let end = term.char_indices().nth(keep).map_or(term.len(), |(at, _)| at);
    term.get(..end).unwrap_or(term)
}

/// The least text that comes after everything beginning with `prefix`.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        let next = (u32::from(last) + 1..=0x0010_FFFF).find_map(char::from_u32);
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// Whether a pattern of `*` (any characters) and `?` (one) matches a whole term, in time linear in
/// the product of their lengths at worst.
#[must_use]
pub(super) fn matches_pattern(pattern: &[char], term: &str) -> bool {
    let term: Vec<char> = term.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < term.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some('?') => (p, t) = (p + 1, t + 1),
            Some(c) if term.get(t) == Some(c) => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                (p, t) = (star + 1, from + 1);
            }
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_terms() {
        let check =
            |pattern: &str, term| matches_pattern(&pattern.chars().collect::<Vec<_>>(), term);
        for (pattern, term) in [
            ("con*", "con"),
            ("*ation", "nation"),
            ("a*b*c", "aXbXbXc"),
            ("m?n", "män"),
            ("*", ""),
        ] {
            assert!(check(pattern, term), "{pattern} {term}");
        }
        for (pattern, term) in [("con*", "economy"), ("m?n", "mn"), ("a*b", "abc"), ("", "a")] {
            assert!(!check(pattern, term), "{pattern} {term}");
        }
    }

    #[test]
    fn every_form_of_a_stem_is_within_its_prefix() {
        let mut stemming = Stemming::new(["en"]);
        let families = [
            ["test", "tests", "testing", "tested"],
            ["happy", "happier", "happily", "happiness"],
            ["die", "dies", "died", "dying"],
            ["cry", "cries", "cried", "crying"],
            ["nation", "nations", "nation's", "nation"],
        ];
        for family in families {
            for word in family {
                let stem = stemming.first_stem(word);
                let prefix = stem_prefix(word, &stem);
                let related = family.iter().filter(|form| stemming.first_stem(form) == stem);
                for form in related.collect::<Vec<_>>() {
                    assert!(form.starts_with(prefix), "{word}: {form} is not in {prefix}*");
                }
            }
        }
    }
}
