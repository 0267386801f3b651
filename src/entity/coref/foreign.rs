//! Articles in other languages than the tagger's.
//!
//! The tagger was trained on English, where a capital within a sentence means a name. German writes
//! all nouns so, and elsewhere it takes the word that opens a sentence into a name: of what is
//! tagged there, only what word lists, the name's form or the article itself bear out is believed.

use std::collections::HashSet;

use super::word::{CAPITALISED, CAPITALS, NEVER_PERSON, NUMBER, PARTICLE, Word};
use super::{Input, Resolver};
use crate::entity::identity::gazetteer::gazetteer;
use crate::entity::tagger::Span;
use crate::entity::{EntityKind, Part};

/// Acronyms of organisations have so many letters.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=6;

/// Languages that write nouns with a capital: German, Luxembourgish.
const CAPITAL_NOUNS: [&str; 2] = ["de", "lb"];

impl Resolver {
    /// Leaves of the spans those that are names in the article's language, too: people by two
    /// words and more, and their surnames; acronyms; listed organisations and places.
    pub(in crate::entity) fn keep_borne_out(
        &mut self,
        input: &Input<'_>,
        language: &str,
        spans: &mut Vec<Span>,
    ) {
        self.begin(input.forms);
        let only_listed = CAPITAL_NOUNS.contains(&language);
        let small = self.written_small(input);
        let mut surnames: HashSet<u32> = HashSet::new();
        let last_words = self.last_words(input, spans);
        spans.retain_mut(|span| {
            if span.kind == EntityKind::Person && self.is_followed_by_particle(input, span) {
                let first = self.word_at(input, span.part, span.first_token);
                // `Immagine di Freepik`: a word that opens the sentence and is no given name.
                let opens = input.sentence(span.part, span.first_token).start;
                if opens == span.first_token && !self.is_listed_given_name(first) {
                    return false;
                }
                // `Davis von den Rafflesiaceae`, where `Charles Davis` is named.
                if last_words.contains(&first.key) {
                    span.end_token = span.first_token + 1;
                }
            }
            let alone = span.end_token - span.first_token == 1;
            match span.kind {
                // Surnames are looked at when all full names are known.
                EntityKind::Person if alone => true,
                EntityKind::Person => {
                    let person = self.person_within(input, span, only_listed, &small);
                    if let Some(person) = person {
                        *span = person;
                        surnames.insert(self.word_at(input, span.part, span.end_token - 1).key);
                    }
                    person.is_some()
                }
                EntityKind::Organisation => self.is_organisation(input, span),
                EntityKind::Place => gazetteer().is_place(input.name(span)),
            }
        });
        spans.retain(|span| {
            span.kind != EntityKind::Person
                || span.end_token - span.first_token > 1
                || surnames.contains(&self.word_at(input, span.part, span.first_token).key)
        });
    }

    /// The second words of people's names of two.
    fn last_words(&mut self, input: &Input<'_>, spans: &[Span]) -> HashSet<u32> {
        let people = spans.iter().filter(|span| span.kind == EntityKind::Person);
        people
            .filter(|span| span.end_token - span.first_token == 2)
            .map(|span| self.word_at(input, span.part, span.first_token + 1).key)
            .collect()
    }

    fn is_followed_by_particle(&mut self, input: &Input<'_>, span: &Span) -> bool {
        let second = self.word_at(input, span.part, span.first_token + 1);
        span.end_token - span.first_token > 2 && second.is(PARTICLE) && !second.is(CAPITALISED)
    }

    /// The words that the article writes in small letters somewhere.
    fn written_small(&mut self, input: &Input<'_>) -> HashSet<u32> {
        let mut small = HashSet::new();
        for at in 0..super::length(&input.body_tokens.tokens) {
            let word = self.word_at(input, Part::Body, at);
            if word.key != 0 && !word.is(CAPITALISED) {
                small.insert(word.key);
            }
        }
        small
    }

    /// The person's name that a span holds, two words and more: from a listed given name, or else
    /// (unless `only_listed`) from a word that is never written small, to the last capital.
    fn person_within(
        &mut self,
        input: &Input<'_>,
        span: &Span,
        only_listed: bool,
        small: &HashSet<u32>,
    ) -> Option<Span> {
        let words: Vec<Word> = (span.first_token..span.end_token)
            .map(|at| self.word_at(input, span.part, at))
            .collect();
        let begins = |word: &Word| {
            word.is(CAPITALISED)
                && !word.is(NEVER_PERSON)
                && (self.is_listed_given_name(*word)
                    || !only_listed && !word.is(PARTICLE) && !small.contains(&word.key))
        };
        let first = words.iter().position(begins)?;
        let mut end = first;
        for (at, word) in words.iter().enumerate().skip(first) {
            // `Angela Merkel zur Bundeskanzlerin`: what somebody becomes.
            let written = input.written(span.part, span.first_token + at as u32);
            if matches!(written, "zur" | "zum") {
                break;
            }
            if word.is(CAPITALISED) && !small.contains(&word.key) {
                end = at + 1;
            } else if !word.is(PARTICLE) {
                break;
            }
        }
        (end > first + 1).then_some(Span {
            first_token: span.first_token + first as u32,
            end_token: span.first_token + end as u32,
            ..*span
        })
    }

    fn is_listed_given_name(&self, word: Word) -> bool {
        let from = word.first_piece as usize;
        let pieces = self.word_pieces.get(from..from + word.pieces as usize);
        !word.is(CAPITALS)
            && pieces.unwrap_or_default().iter().any(|piece| piece.listed.given.is_some())
    }

    /// Whether a span is a listed organisation, an acronym, or capitalised words with one.
    fn is_organisation(&mut self, input: &Input<'_>, span: &Span) -> bool {
        let mut acronym = false;
        for at in span.first_token..span.end_token {
            let word = self.word_at(input, span.part, at);
            let letters = input.written(span.part, at).chars().count();
            acronym |= word.is(CAPITALS) && ACRONYM.contains(&letters);
            if !word.is(CAPITALISED | NUMBER | PARTICLE) {
                acronym = false;
                break;
            }
        }
        acronym || gazetteer().is_named_organisation(input.name(span))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::entity::{Reader, Tagger};
    use crate::text::{Lexer, Tokens};

    fn check(language: &str, body: &str, wanted: &[&str]) {
        let mut lexer = Lexer::new();
        let (title, mut tokens) = (Tokens::default(), Tokens::default());
        lexer.begin_article();
        lexer.read(body, &mut tokens);
        let mut reader = Reader::new(Arc::new(Tagger::new().unwrap()));
        let found = reader.read(lexer.forms(), ("", &title), (body, &tokens), Some(language));
        let mut names: Vec<String> = found
            .entities
            .iter()
            .map(|entity| format!("{} {}", entity.kind.tag(), entity.name))
            .collect();
        names.sort();
        assert_eq!(names, wanted);
    }

    #[test]
    fn nouns_in_capitals_are_nobody() {
        check(
            "de",
            "Schwangere sollten zu mehr Bewegung ermuntert werden. Sophia Junk sagte der Zeitung: \
             Radfahren und Ballspiele seien gut für die Gesundheit von Mutter und Kind. Junk \
             arbeitet in Berlin. Der Hund hilft dabei, sagte Angela Merkel von der CDU.",
            &["LOC Berlin", "ORG CDU", "PER Angela Merkel", "PER Sophia Junk"],
        );
    }

    #[test]
    fn a_particle_joins_no_surname_to_what_follows() {
        check(
            "de",
            "Der Biologe Charles Davis sucht seit Jahren. Heute ist auch Davis von den \
             Rafflesiaceae fasziniert, sagt er.",
            &["PER Charles Davis"],
        );
    }

    #[test]
    fn a_word_that_opens_a_sentence_belongs_to_no_name() {
        check(
            "fr",
            "Nicolas Sarkozy a parlé jeudi à Tripoli. Pour Alain Juppé, les pourparlers sont pour \
             le moment finis. Depuis Washington, Hillary Clinton a dit que le Conseil de sécurité \
             se réunirait depuis hier.",
            &["LOC Tripoli", "PER Alain Juppé", "PER Hillary Clinton", "PER Nicolas Sarkozy"],
        );
    }
}
