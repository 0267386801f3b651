//! Pseudo-relevance feedback: a query widened by the words that set its best hits apart.
//!
//! Rocchio's formula in the space of BM25 weights (Rocchio 1971; Robertson and Spärck Jones'
//! selection by weight over the top documents): words are weighed by their saturated frequency in
//! the best hits times their rarity; the strongest join the query with a share of its weight.

use std::collections::{BTreeMap, HashMap};

use super::collect::Match;
use super::compile::{Compiled, Compiler};
use super::error::SearchError;
use super::stored::stored;
use crate::query::{Kind, Query};
use crate::text::{Lexer, Terms, Tokens, fold_term};

/// The words of a query of plain words, with how often each stands in it.
pub(super) fn plain_words(query: &Query) -> Vec<(String, f32)> {
    let mut counts: Vec<(String, f32)> = Vec::new();
    for leaf in query.positive_leaves() {
        let Kind::Word(word) = &leaf.query.kind else { continue };
        // The parts of a compound are alternatives, too: `anti-trust` finds `trust`. That they
        // stand together is what the second stage rewards.
        for term in fold_term(&word.text) {
            match counts.iter_mut().find(|(known, _)| *known == term) {
                Some((_, count)) => *count += 1.0,
                None => counts.push((term, 1.0)),
            }
        }
    }
    counts
}

/// The query widened by its best hits; `None` where there is nothing to learn from.
///
/// # Errors
///
/// What the disk says.
pub(super) fn widen(
    compiler: &Compiler<'_>,
    query: &Query,
    compiled: &Compiled,
    best: &[Match],
) -> Result<Option<Compiled>, SearchError> {
    let words = plain_words(query);
    if words.is_empty() || best.is_empty() || compiled.leaves.is_empty() {
        return Ok(None);
    }
    let mut stemming = compiler.stemming.clone();
    let mut lexer = Lexer::new();
    let (mut terms, mut tokens) = (Terms::new(), Tokens::default());
    // Stem to (weight over the hits, its forms there with their counts).
    let mut weights: BTreeMap<String, (f32, BTreeMap<String, u32>)> = BTreeMap::new();
    let mut stems: HashMap<String, String> = HashMap::new();
    let best = &best[..best.len().min(compiler.tuning.feedback_hits)];
    let top = best.first().map_or(1.0, |found| found.score).max(f32::MIN_POSITIVE);
    for found in best {
        let stored = stored(compiler.searcher, &compiler.fields, found.address)?;
        let Some(stored) = stored else { continue };
        let mut counts: BTreeMap<String, (u32, BTreeMap<String, u32>)> = BTreeMap::new();
        lexer.begin_article();
        for text in [&stored.article.title, &stored.article.body] {
            lexer.read(text, &mut tokens);
            for token in &tokens.tokens {
                for term in terms.of(lexer.forms(), text, *token) {
                    let stem = stems
                        .entry(term.to_owned())
                        .or_insert_with(|| stemming.first_stem(term))
                        .clone();
                    let count = counts.entry(stem).or_default();
                    count.0 += 1;
                    *count.1.entry(term.to_owned()).or_default() += 1;
                }
            }
        }
        let length = stored.words as f32 / compiler.statistics.body_length;
        let norm = compiler.tuning.k1
            * (1.0 - compiler.tuning.body_b + compiler.tuning.body_b * length);
        let relevance = found.score / top;
        for (stem, (count, forms)) in counts {
            let count = count as f32;
            let entry = weights.entry(stem).or_default();
            entry.0 += relevance * count / (count + norm);
            for (form, count) in forms {
                *entry.1.entry(form).or_default() += count;
            }
        }
    }
    let mut rated: Vec<(f32, String)> = Vec::new();
    for (weight, forms) in weights.into_values() {
        let common =
            forms.iter().max_by_key(|(form, count)| (**count, std::cmp::Reverse(*form)));
        let Some((form, _)) = common else { continue };
        if form.chars().count() < 3 || form.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let mut documents = 0;
        for form in forms.keys() {
            documents = documents.max(compiler.dictionary().documents(form)?);
        }
        let rarity = compiler.statistics.idf(documents);
        rated.push((weight * rarity, form.clone()));
    }
    rated.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    rated.truncate(compiler.tuning.feedback_words);
    let strongest = rated.first().map_or(1.0, |(weight, _)| *weight).max(f32::MIN_POSITIVE);
    let mut widened = words;
    let known: Vec<String> =
        widened.iter().map(|(word, _)| stemming.first_stem(word)).collect();
    for (weight, form) in rated {
        let share = compiler.tuning.feedback_share * weight / strongest;
        match known.iter().position(|stem| *stem == stemming.first_stem(&form)) {
            Some(at) => widened[at].1 += share,
            None => widened.push((form, share)),
        }
    }
    Ok(Some(compiler.compile_words(&widened)?))
}
