//! Exact-match scores, as the CoNLL-2003 shared task counts them.

use super::super::label::{kind_number, names};
use super::super::{Scratch, Tagger};
use super::corpus;
use crate::entity::EntityKind;

/// Names found and to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found with the right extent and kind.
    pub right: u32,
    /// Found.
    pub found: u32,
    /// In the annotation.
    pub wanted: u32,
}

impl Counts {
    /// Harmonic mean of precision and recall, 0 to 100; 0 if there is nothing.
    #[must_use]
    pub fn f1(&self) -> f64 {
        match self.found + self.wanted {
            0 => 0.0,
            all => 200.0 * f64::from(self.right) / f64::from(all),
        }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.right += other.right;
        self.found += other.found;
        self.wanted += other.wanted;
    }
}

/// Scores of a tagger on an annotated file (as in [`super::Material::corpora`]): of the kinds, in
/// the order of [`EntityKind::ALL`].
#[must_use]
pub fn evaluate(tagger: &Tagger, annotated: &str) -> [Counts; EntityKind::ALL.len()] {
    let mut counts = [Counts::default(); EntityKind::ALL.len()];
    let mut scratch = Scratch::default();
    let mut found = vec![];
    for document in corpus::read(annotated) {
        let tokens: Vec<Vec<&str>> = document
            .iter()
            .map(|s| s.iter().map(|(word, _)| word.as_str()).collect())
            .collect();
        tagger.tag_tokens(&mut scratch, &tokens, &mut found);
        let mut wanted = vec![];
        let mut first = 0;
        for sentence in &document {
            let labels: Vec<_> = sentence.iter().map(|(_, label)| *label).collect();
            for (start, end, label) in names(&labels) {
                wanted.push((first + start, first + end, kind_number(label) - 1));
            }
            first += sentence.len();
        }
        for &(_, _, kind) in &wanted {
            counts[kind].wanted += 1;
        }
        for span in &found {
            let kind = span.kind as usize;
            let name = (span.first_token as usize, span.end_token as usize, kind);
            counts[kind].found += 1;
            counts[kind].right += u32::from(wanted.contains(&name));
        }
    }
    counts
}

/// An annotated file as character recognition would read it, `rate` of its letters wrong: to
/// measure what the tagger makes of old newspapers.
#[must_use]
pub fn misread_text(annotated: &str, rate: f32) -> String {
    let mut random = corpus::Random::new(2);
    let mut out = String::new();
    for document in corpus::read(annotated) {
        out.push_str("-DOCSTART-\tO\n\n");
        for sentence in document {
            for (word, label) in super::copies::misread(&sentence, rate, &mut random) {
                out.push_str(&word);
                out.push('\t');
                out.push_str(super::super::label::tag(label).as_str());
                out.push('\n');
            }
            out.push('\n');
        }
    }
    out
}
