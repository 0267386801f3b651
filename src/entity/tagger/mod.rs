//! Finds names of people, organisations and places in text: a linear-chain conditional random
//! field (Lafferty, McCallum and Pereira 2001) in two passes over an article, the second seeing
//! what the first said of the same words elsewhere in it.
//!
//! What makes it fast: everything that depends on one word form is summed once per form; features
//! of neighbouring forms are one cache line each; only stretches around words that may be names go
//! through the lattice. What is learned, and from what, is told in `../model/MODEL_CARD.md`;
//! [`train`] writes the model.

mod article;
mod decode;
mod feature;
mod hash;
mod label;
mod lattice;
mod lexicon;
mod model;
mod phrase;
mod second;
mod table;
pub mod train;
mod word;

use super::{EntityKind, Part};
use crate::text::{Forms, Tokens};
use article::WordId;
pub use decode::Passes;
use decode::{Constants, Decoder};
use hashbrown::HashMap;
use lattice::SCALE;
pub use model::ModelError;
use model::Model;
use table::WordTable;

/// The file is used in place; at a multiple of a cache line each look-up stays within one.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../model/tagger.bin"));

/// A name that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The text it stands in.
    pub part: Part,
    /// What it names.
    pub kind: EntityKind,
    /// Its first token, in that text's [`Tokens`].
    pub first_token: u32,
    /// The token after its last.
    pub end_token: u32,
    /// How sure the tagger is of kind and extent, 0.5 to 1: the logistic function of the score by
    /// which this reading leads the best other one of the sentence.
    pub confidence: f32,
}

/// The trained tagger: read-only, to be shared between threads; each brings its own [`Scratch`].
#[derive(Clone, Debug)]
pub struct Tagger {
    model: Model,
    constants: Constants,
    passes: Passes,
}

/// Working memory of one thread: what is known of the word forms of its lexer, and buffers.
///
/// Kept for a whole run, together with the one lexer whose [`Forms`] it sees.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    table: WordTable,
    generation: Option<u32>,
    decoder: Decoder,
    /// Of each sentence: the text it stands in, its first token there.
    origins: Vec<(Part, u32)>,
    /// Forms of tokens that came as text, not from a lexer.
    given: WordTable,
    given_ids: HashMap<String, WordId>,
    /// The decoder last saw numbers of `given`, not of `table`.
    was_given: bool,
}

/// Given forms are forgotten beyond this many.
const MOST_GIVEN_FORMS: usize = 1 << 17;

impl Tagger {
    /// The tagger with the model that is part of the program.
    ///
    /// # Errors
    /// If that model is not of this version or damaged.
    pub fn new() -> Result<Self, ModelError> {
        Self::with_model(&MODEL.0)
    }

    /// A tagger with another model.
    ///
    /// # Errors
    /// If `file` is not a model of this version, or damaged.
    pub fn with_model(file: &'static [u8]) -> Result<Self, ModelError> {
        let model = Model::read(file)?;
        let constants = Constants::new(&model);
        Ok(Self { model, constants, passes: Passes::default() })
    }

    /// The same with parts of its work left out or done in full: for measurements.
    #[must_use]
    pub fn with_passes(mut self, passes: Passes) -> Self {
        self.passes = passes;
        self
    }

    /// Finds the names of one article, title first, in the order of the text.
    ///
    /// `forms` are those of the lexer that made the tokens; `out` is emptied first.
    pub fn tag(
        &self,
        scratch: &mut Scratch,
        forms: &Forms,
        title: &Tokens,
        body: &Tokens,
        out: &mut Vec<Span>,
    ) {
        if scratch.generation != Some(forms.generation()) || scratch.table.len() > forms.len() + 1
        {
            scratch.table.reset(&self.model);
            scratch.decoder.reset();
            scratch.generation = Some(forms.generation());
        }
        if std::mem::take(&mut scratch.was_given) {
            scratch.decoder.reset();
        }
        for id in scratch.table.len() - 1..forms.len() {
            scratch.table.add(forms.text(crate::text::FormId(id as u32)), &self.model);
        }
        scratch.decoder.article.clear();
        scratch.origins.clear();
        for (part, tokens) in [(Part::Title, title), (Part::Body, body)] {
            let ends = tokens.sentences.iter().skip(1).map(|&s| s as usize);
            let mut start = tokens.sentences.first().map_or(0, |&s| s as usize);
            for end in ends.chain([tokens.tokens.len()]) {
                let Some(sentence) = tokens.tokens.get(start..end) else { break };
                // Number 0 is the edge of sentences.
                let ids = sentence.iter().map(|token| token.form.0 + 1);
                scratch.decoder.article.words.extend(ids);
                if !sentence.is_empty() {
                    scratch.decoder.article.end_sentence(&scratch.table.words);
                    scratch.origins.push((part, start as u32));
                }
                start = end;
            }
        }
        let Scratch { table, decoder, origins, .. } = scratch;
        decoder.run(&self.model, &self.constants, table, self.passes);
        spans(decoder, origins, out);
    }

    /// Finds the names of a document that comes as tokens, sentence by sentence: spans of `out`
    /// count tokens from the beginning of the document, in [`Part::Body`].
    pub fn tag_tokens(
        &self,
        scratch: &mut Scratch,
        sentences: &[Vec<&str>],
        out: &mut Vec<Span>,
    ) {
        let Scratch { given, given_ids, decoder, origins, .. } = scratch;
        let full = given.len() == 0 || given.len() > MOST_GIVEN_FORMS;
        if full {
            given.reset(&self.model);
            given_ids.clear();
        }
        if full || !std::mem::replace(&mut scratch.was_given, true) {
            decoder.reset();
        }
        decoder.article.clear();
        origins.clear();
        let mut first_token = 0;
        for sentence in sentences.iter().filter(|s| !s.is_empty()) {
            for &token in sentence {
                let id = if let Some(&id) = given_ids.get(token) {
                    id
                } else {
                    let id = given.len() as WordId;
                    given.add(token, &self.model);
                    given_ids.insert(token.to_owned(), id);
                    id
                };
                decoder.article.words.push(id);
            }
            decoder.article.end_sentence(&given.words);
            origins.push((Part::Body, first_token));
            first_token += sentence.len() as u32;
        }
        decoder.run(&self.model, &self.constants, given, self.passes);
        spans(decoder, origins, out);
    }
}

/// The names in a decoder's labels.
fn spans(decoder: &Decoder, origins: &[(Part, u32)], out: &mut Vec<Span>) {
    out.clear();
    for (sentence, &(part, first_token)) in decoder.article.sentences.iter().zip(origins) {
        let range = sentence.start..sentence.end;
        let margins = decoder.margins.get(range.clone()).unwrap_or_default();
        for (start, end, first) in label::names(decoder.labels.get(range).unwrap_or_default()) {
            let Some(kind) = label::kind(first) else { continue };
            let margin = margins.get(start..end).and_then(|m| m.iter().min());
            let margin = f32::from(margin.copied().unwrap_or(0)) / SCALE;
            out.push(Span {
                part,
                kind,
                first_token: first_token + start as u32,
                end_token: first_token + end as u32,
                confidence: 1.0 / (1.0 + (-margin).exp()),
            });
        }
    }
}
