//! Finds names of people, organisations and places in text: a linear-chain conditional random
//! field (Lafferty, `McCallum` and Pereira 2001) in two passes over an article, the second seeing
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
mod memo;
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
use model::Model;
pub use model::ModelError;
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
        if scratch.generation != Some(forms.generation())
            || scratch.table.len() > forms.len() + 1
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
                    scratch.decoder.article.end_sentence(&scratch.table.briefs);
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
            decoder.article.end_sentence(&given.briefs);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lexer;
    use proptest::prelude::*;

    /// What the tagger finds, as `PER John Kerry`.
    fn tag(tagger: &Tagger, title: &str, body: &str) -> Vec<String> {
        let mut lexer = Lexer::new();
        let mut texts = [Tokens::default(), Tokens::default()];
        lexer.begin_article();
        for (text, tokens) in [title, body].into_iter().zip(&mut texts) {
            lexer.read(text, tokens);
        }
        let mut out = vec![];
        let mut scratch = Scratch::default();
        tagger.tag(&mut scratch, lexer.forms(), &texts[0], &texts[1], &mut out);
        out.iter()
            .map(|span| {
                let text = if span.part == Part::Title { title } else { body };
                let tokens = &texts[span.part as usize].tokens;
                let start = tokens[span.first_token as usize].start as usize;
                let end = tokens[span.end_token as usize - 1].end as usize;
                format!("{} {}", span.kind.tag(), text.get(start..end).unwrap())
            })
            .collect()
    }

    const BODY: &str = "WASHINGTON (Reuters) - U.S. Secretary of State John Kerry met Russian \
        Foreign Minister Sergei Lavrov in Geneva on Tuesday. Kerry said NATO would not send \
        troops.\n\nMr. Lavrov flew back to Moscow.";

    macro_rules! samples {
        ($($file:literal),*) => {
            [$(include_str!(concat!("../../../sample_corpus/", $file))),*]
        };
    }

    const SAMPLES: [&str; 14] = samples![
        "tribune/2013/02/17/kim-sung-hwan.txt",
        "tribune/2013/02/21/kerry-virginia-speech.txt",
        "tribune/2013/02/13/state-of-the-union.txt",
        "tribune/2013/02/13/north-korea-test.txt",
        "tribune/2011/08/23/gadhafi-compound.txt",
        "tribune/specials/iran-interim-deal.txt",
        "tribune/1998/10/18/pinochet-arrest.txt",
        "tribune/2016/11/30/chernobyl-arch.txt",
        "gazette/2014/0922-kerry-final.txt",
        "gazette/1996/0802-johnson.txt",
        "gazette/2018/1206-bush-funeral.txt",
        "gazette/2000/clintons-two-careers.txt",
        "gazette/1992/0809-dream-team.txt",
        "gazette/2013/0415-kishida-kerry.txt"
    ];

    #[test]
    fn people_organisations_and_places_of_an_article_are_found() {
        let found = tag(&Tagger::new().unwrap(), "Kerry Meets Lavrov", BODY);
        for name in [
            "PER John Kerry",
            "PER Sergei Lavrov",
            "PER Kerry",
            "PER Lavrov",
            "ORG Reuters",
            "ORG NATO",
            "LOC WASHINGTON",
            "LOC Geneva",
            "LOC Moscow",
        ] {
            assert!(found.iter().any(|f| f == name), "{name} is not in {found:?}");
        }
    }

    #[test]
    fn pronouns_days_and_titles_are_no_people() {
        let body = "He said so. President told Minister. On Monday, March. I think He will. \
            THE PRESIDENT SAID HE WILL GO ON FRIDAY. Pope. Sheriff.";
        let found = tag(&Tagger::new().unwrap(), "He, She and They", body);
        assert!(found.iter().all(|f| !f.starts_with("PER")), "{found:?}");
    }

    #[test]
    fn scripts_without_capitals_are_left_alone() {
        let body = "John Kerry 在首爾會見韓國外長。東京股市上升，聯合國。\n\n\
            قال كيري إن المحادثات انتهت. 서울에서 회담이 열렸다.";
        assert_eq!(tag(&Tagger::new().unwrap(), "核試驗", body), ["PER John Kerry"]);
    }

    #[test]
    fn nationalities_and_common_acronyms_are_no_names() {
        let body = "Shares in Canadian fell. CANADIAN GDP RISES AGAIN. The GDP told the BBC so. \
            The HIV said it would buy the GDP.";
        let found = tag(&Tagger::new().unwrap(), "", body);
        let name = |f: &String| f.to_lowercase().ends_with(" canadian") || f.ends_with("GDP");
        assert!(!found.iter().any(name) && found.contains(&"ORG BBC".to_owned()), "{found:?}");
    }

    #[test]
    fn the_short_cut_changes_no_name() {
        let quick = Tagger::new().unwrap();
        let full = quick.clone().with_passes(Passes { second: true, short_cut: false });
        let body = "The Bank of England and the Ministry of Foreign Affairs of the Republic of \
            Korea said that the University of the Witwatersrand in South Africa, the House of \
            Lords and Procter and Gamble had agreed with Ursula von der Leyen and Osama bin Laden.";
        for text in [BODY, body] {
            assert_eq!(tag(&quick, "", text), tag(&full, "", text));
        }
    }

    #[test]
    fn the_short_cut_keeps_99_names_of_100() {
        let quick = Tagger::new().unwrap();
        let full = quick.clone().with_passes(Passes { second: true, short_cut: false });
        let (mut all, mut same) = (0, 0);
        for text in SAMPLES {
            let (title, body) = text.split_once('\n').unwrap();
            let mut found = tag(&quick, title, body);
            for name in tag(&full, title, body) {
                all += 1;
                if let Some(at) = found.iter().position(|f| *f == name) {
                    found.swap_remove(at);
                    same += 1;
                }
            }
            // Neither has it names of its own.
            all += found.len();
        }
        assert!(all > 300, "{all}");
        assert!(same * 100 >= all * 99, "{same} of {all}");
    }

    #[test]
    fn the_article_says_what_a_headline_and_a_short_name_mean() {
        let body = "Tolworth Mining Ltd said it would sell a copper mine. Analysts said that \
            Tolworth needed the cash, and Tolworth's chairman, Ivan Brusk, agreed.";
        for title in
            ["TOLWORTH TO SELL MINE , BRUSK SAYS", "Tolworth to Sell Mine , Brusk Says"]
        {
            let found = tag(&Tagger::new().unwrap(), title, body);
            let count =
                |name: &str| found.iter().filter(|f| f.eq_ignore_ascii_case(name)).count();
            assert_eq!(count("ORG Tolworth"), 3, "{found:?}");
        }
    }

    #[test]
    fn given_tokens_are_tagged_like_text() {
        let tagger = Tagger::new().unwrap();
        let mut scratch = Scratch::default();
        let mut out = vec![];
        let sentence = "Angela Merkel visited Siemens AG in Munich .".split(' ').collect();
        tagger.tag_tokens(&mut scratch, &[vec![], sentence], &mut out);
        let found: Vec<_> = out.iter().map(|s| (s.kind, s.first_token, s.end_token)).collect();
        let wanted = [
            (EntityKind::Person, 0, 2),
            (EntityKind::Organisation, 3, 5),
            (EntityKind::Place, 6, 7),
        ];
        assert_eq!(found, wanted);
        assert!(out.iter().all(|s| s.confidence >= 0.5 && s.confidence <= 1.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_survived_and_spans_are_in_order(title: String, body in "\\PC{0,300}") {
            let tagger = Tagger::new().unwrap();
            let mut lexer = Lexer::new();
            let (mut a, mut b) = (Tokens::default(), Tokens::default());
            lexer.begin_article();
            lexer.read(&title, &mut a);
            lexer.read(&body, &mut b);
            let mut out = vec![];
            tagger.tag(&mut Scratch::default(), lexer.forms(), &a, &b, &mut out);
            for pair in out.windows(2) {
                prop_assert!((pair[0].part, pair[0].end_token) <= (pair[1].part, pair[1].first_token));
            }
            for span in &out {
                let tokens = if span.part == Part::Title { &a } else { &b };
                prop_assert!(span.first_token < span.end_token);
                prop_assert!(span.end_token as usize <= tokens.tokens.len());
            }
        }
    }
}
