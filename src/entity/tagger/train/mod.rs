//! Trains the tagger: annotated text, word clusters and gazetteers in, a model file out. The same
//! material and settings give the same bytes.

mod copies;
mod corpus;
mod crf;
mod evaluate;
mod gazetteer;
mod synthetic;

pub use copies::Copies;
pub use evaluate::{Counts, evaluate, misread_text};

use super::article::{Article, Case, Context, NO_FORM};
use super::decode::case_number;
use super::feature::{
    Constant, OWN, WINDOW, constant, neighbours, padding, unary, unexplained,
};
use super::hash;
use super::label::{LANES, Label, OUTSIDE};
use super::lattice::{Lattice, Scores, close, quantise};
use super::lexicon::{CLUSTER_BITS, Lexicon, SET_BITS, Table};
use super::model::{self, PackedLexicon};
use super::phrase;
use super::second;
use super::table::WordTable;
use super::word::{Spelling, Word};
use corpus::Document;
use crf::{Corpus, Extent, LISTED, Learned, Method, Weights, learn};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A list of the gazetteer is not there.
    #[error("the list {0} is missing")]
    Missing(String),
    /// A line cannot be read.
    #[error("not understood: {0}")]
    Line(String),
    /// The lists say too many different things to be packed.
    #[error("the lists cannot be packed")]
    Lists,
    /// A worker died.
    #[error("training was broken off")]
    Broken,
}

/// What is learned from, as texts.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Annotated corpora by name: lines of token, tab, BIO tag; a blank line ends a sentence,
    /// `-DOCSTART-` begins a document.
    pub corpora: BTreeMap<String, String>,
    /// Word clusters: lines of word and its ids in clusterings of 100, 500 and 2,000.
    pub clusters: Vec<String>,
    /// Lists of the gazetteer by file name.
    pub lists: BTreeMap<String, String>,
}

impl Material {
    fn list(&self, name: &str) -> Result<&str, TrainError> {
        let text = self.lists.get(name).map(String::as_str);
        text.ok_or_else(|| TrainError::Missing(name.to_owned()))
    }
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Passes over the material.
    pub epochs: usize,
    /// How often a feature is left out.
    pub dropout: f32,
    /// How often all features of the longer lists are left out of a sentence.
    pub lists_dropout: f32,
    /// Features seen less often are not learned.
    pub fewest: u32,
    /// Binary logarithm of the number of cache lines of the feature table.
    pub bucket_bits: u32,
    /// Runs with different seeds whose weights are averaged.
    pub runs: u64,
    /// Parts of the material that are held out in turn to train the second pass; 0 for none.
    pub folds: usize,
    /// Altered copies of sentences.
    pub copies: Copies,
    /// Sentences of set forms that are made for training.
    pub set_forms: usize,
    /// What is taken off the score of "outside": the corpora leave more names out than they
    /// should, and recall is worth as much as precision.
    pub recall: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            epochs: 7,
            dropout: 0.25,
            lists_dropout: 0.3,
            fewest: 2,
            bucket_bits: 16,
            runs: 3,
            folds: 3,
            copies: Copies { capitals: 0.12, title_case: 0.1, misread: 0.15 },
            set_forms: 9000,
            recall: 0.4,
        }
    }
}

/// Sources that label by other conventions (loose groups as organisations, parties to a contract,
/// @names) or whose texts are nothing like news. Their tokens get a second, private copy of the
/// features of their form, which takes up what is peculiar to the source; only the shared copy
/// goes into the model.
fn private_group(source: &str) -> Option<&str> {
    match source {
        "broad_twitter" | "wnut17" => Some("tweets"),
        "re3d_gov" | "sec_filings" | "gum_voyage" | "gum_academic" => Some(source),
        _ => None,
    }
}

/// Numbers of features, with how often they were met.
#[derive(Default)]
struct Features {
    ids: HashMap<u64, u32>,
    counts: Vec<u32>,
    private: Vec<bool>,
}

impl Features {
    fn id(&mut self, feature: u64, private: bool) -> u32 {
        let next = self.counts.len() as u32;
        let id = *self.ids.entry(feature).or_insert(next);
        if id == next {
            self.counts.push(0);
            self.private.push(private);
        }
        id
    }
}

/// Trains a model and returns its file; `progress` is told what is being done.
///
/// # Errors
/// If the material lacks a list or has lines that cannot be read.
pub fn train(
    material: &Material,
    settings: &Settings,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<u8>, TrainError> {
    let packed = gazetteer::pack(material)?;
    let lexicon = lexicon(&packed);
    let mut documents = vec![];
    for (name, text) in &material.corpora {
        for mut sentences in corpus::read(text) {
            sentences.iter_mut().for_each(corpus::agree);
            documents.push(Document {
                learned: sentences.len(),
                sentences,
                fold: documents.len(),
                copy: false,
                listless: false,
                source: name.clone(),
            });
        }
    }
    let made = synthetic::make(material, settings.set_forms)?;
    documents.extend(made);
    let copied = copies::copies(&documents, settings.copies);
    documents.extend(copied);

    let mut collected = Collected::new(&lexicon);
    for (number, document) in documents.iter().enumerate() {
        collected.add(document, number);
    }
    let Collected { mut corpus, features, articles, table, .. } = collected;
    let kept = drop_rare(&mut corpus, &features, settings.fewest);
    progress(&format!(
        "{} documents, {} tokens, {} forms, {} features of {}",
        documents.len(),
        corpus.labels.len(),
        table.len(),
        kept.count,
        features.counts.len(),
    ));

    let method = Method {
        epochs: settings.epochs,
        rate: 0.1,
        dropout: settings.dropout,
        lists_dropout: settings.lists_dropout,
        decay: 1e-5,
        averaged: 3,
        seed: 1,
    };
    // Whole runs and held-out folds are independent of each other: two at a time.
    let mut jobs: Vec<(Vec<Extent>, Method)> = (0..settings.runs)
        .map(|run| (corpus.sentences.clone(), Method { seed: run + 1, ..method }))
        .collect();
    let fold = |s: &Extent| documents[s.document].fold % settings.folds.max(1);
    for held_out in 0..settings.folds {
        let rest = corpus.sentences.iter().filter(|s| fold(s) != held_out).copied().collect();
        jobs.push((rest, method));
    }
    let mut learned = learn_all(&corpus, kept.count, &jobs, progress)?;
    for row in learned.iter_mut().flat_map(|l| &mut l.transitions) {
        row[usize::from(OUTSIDE)] -= settings.recall;
    }
    let folds = learned.split_off(settings.runs as usize);
    let first = mean(&learned);

    let mut second = vec![];
    if settings.folds > 1 {
        second = SecondPass {
            corpus: &corpus,
            documents: &documents,
            articles: &articles,
            table: &table,
            shared: &kept.shared,
            first: &first,
            folds: &folds,
        }
        .learn();
    }

    let mut shared: Vec<(u64, u32)> = features
        .ids
        .iter()
        .filter_map(|(&feature, &id)| Some((feature, kept.renumbered[id as usize]?)))
        .filter(|&(_, id)| kept.shared[id as usize])
        .collect();
    shared.sort_unstable();
    let weights = shared.into_iter().map(|(f, id)| (f, first.weights[id as usize]));
    let (file, packing) =
        model::write(weights, settings.bucket_bits, &first.transitions, &second, &packed);
    progress(&format!("{packing:?}, {} bytes", file.len()));
    Ok(file)
}

/// The packed lexicon as the tagger sees it. It lives as long as the program, which is one run of
/// the trainer.
fn lexicon(packed: &PackedLexicon) -> Lexicon {
    let leak = |words: &[u64]| -> &'static [[u8; 8]] {
        words.iter().map(|w| w.to_le_bytes()).collect::<Vec<_>>().leak()
    };
    Lexicon {
        clusters: Table::new(leak(&packed.clusters), CLUSTER_BITS),
        gazetteer: Table::new(leak(&packed.gazetteer), SET_BITS),
        sets: leak(&packed.sets),
    }
}

/// Documents as numbers of features.
struct Collected<'a> {
    lexicon: &'a Lexicon,
    features: Features,
    corpus: Corpus,
    articles: Vec<Article>,
    context: Context,
    table: WordTable,
    ids: HashMap<String, u32>,
    /// Of each form: features by place in the window, hashes of those of its own place.
    unary: Vec<([Vec<u32>; WINDOW.len()], Vec<u64>)>,
}

impl<'a> Collected<'a> {
    fn new(lexicon: &'a Lexicon) -> Self {
        let mut features = Features::default();
        let edge = std::array::from_fn(|slot| vec![features.id(padding(slot), false)]);
        let mut table = WordTable::default();
        table.push(Word::edge());
        Self {
            lexicon,
            features,
            corpus: Corpus { ends: vec![0], ..Corpus::default() },
            articles: vec![],
            context: Context::default(),
            table,
            ids: HashMap::new(),
            unary: vec![(edge, vec![])],
        }
    }

    fn word(&mut self, token: &str) -> u32 {
        if let Some(&id) = self.ids.get(token) {
            return id;
        }
        let id = self.table.words.len() as u32;
        let spelling = Spelling::of(token);
        let word = self.table.describe(&spelling, self.lexicon);
        let mut lists: [Vec<u32>; WINDOW.len()] = Default::default();
        let mut own = vec![];
        let features = &mut self.features;
        unary(&spelling, &word, self.lexicon, |slot, listed, f| {
            let mark = if listed { LISTED } else { 0 };
            lists[slot].push(features.id(f, false) | mark);
            if slot == OWN && !listed {
                own.push(f);
            }
        });
        self.table.push(word);
        self.unary.push((lists, own));
        self.ids.insert(token.to_owned(), id);
        id
    }

    fn add(&mut self, document: &Document, number: usize) {
        let mut article = Article::default();
        article.clear();
        for sentence in &document.sentences {
            for (token, _) in sentence {
                let id = self.word(token);
                article.words.push(id);
            }
            article.end_sentence(&self.table.briefs);
        }
        self.context.read(&article, &self.table.words, self.table.lower_ids());
        let group = private_group(&document.source).map(hash::text);
        let mut phrases: Vec<Vec<u64>> = vec![vec![]; article.words.len()];
        phrase::long_forms(&self.context, |at, f| phrases[at].push(f));
        let sentences = article.sentences.iter().zip(&document.sentences);
        for (extent, annotated) in sentences.take(document.learned) {
            phrase::features(
                &article,
                (extent.start, extent.end),
                extent.case == Case::Sentence,
                &self.table.words,
                |chain| self.lexicon.phrase(chain),
                |at, f| phrases[at].push(f),
            );
            let start = self.corpus.labels.len();
            for at in extent.start..extent.end {
                let word =
                    |position: usize| &self.table.words[article.words[position] as usize];
                let out = &mut self.corpus.features;
                for slot in 0..WINDOW.len() {
                    let all = &self.unary[article.words[at + slot - 2] as usize].0[slot];
                    out.extend(all.iter().filter(|&f| !document.listless || f & LISTED == 0));
                }
                if let Some(group) = group {
                    for &f in &self.unary[article.words[at] as usize].1 {
                        out.push(self.features.id(hash::mix(f, group), true));
                    }
                }
                let mut around = vec![];
                let [before, own, after] = [at - 1, at, at + 1].map(|k| word(k).neighbour());
                neighbours(before, own, after, |f| around.push(f));
                let case = case_number(extent.case);
                let mut plain = |f: u64| out.push(self.features.id(f, false));
                around.into_iter().for_each(&mut plain);
                for (on, c) in [
                    (case == 1, Constant::Capitals),
                    (case == 2, Constant::TitleCase),
                    (at == extent.start, Constant::SentenceBegins),
                    (at + 1 == extent.end, Constant::SentenceEnds),
                ] {
                    if on {
                        plain(constant(c));
                    }
                }
                let form = self.context.form_at[at];
                if form != NO_FORM {
                    if case != 0 {
                        plain(unexplained(case, self.context.elsewhere(form)));
                    }
                    self.context.features(form, |listed, f| {
                        let mark = if listed { LISTED } else { 0 };
                        if !listed || !document.listless {
                            out.push(self.features.id(f, false) | mark);
                        }
                    });
                }
                if !document.listless {
                    out.extend(
                        phrases[at].iter().map(|&f| self.features.id(f, false) | LISTED),
                    );
                }
                self.corpus.ends.push(self.corpus.features.len());
                self.corpus.labels.push(annotated[at - extent.start].1);
            }
            let end = self.corpus.labels.len();
            self.corpus.sentences.push(Extent { start, end, document: number });
        }
        for &marked in &self.corpus.features[self.corpus_seen()..] {
            self.features.counts[(marked & !LISTED) as usize] += 1;
        }
        self.articles.push(article);
    }

    /// Where the features of the document that was just added begin.
    fn corpus_seen(&self) -> usize {
        let document = self.articles.len();
        let first =
            self.corpus.sentences.iter().rev().take_while(|s| s.document == document).last();
        first.map_or(self.corpus.features.len(), |s| self.corpus.ends[s.start])
    }
}

/// Features that are not rare, under new numbers.
struct Kept {
    count: usize,
    renumbered: Vec<Option<u32>>,
    /// Those that are not private.
    shared: Vec<bool>,
}

fn drop_rare(corpus: &mut Corpus, features: &Features, fewest: u32) -> Kept {
    let mut shared = vec![];
    let renumbered: Vec<Option<u32>> = features
        .counts
        .iter()
        .zip(&features.private)
        .map(|(&count, &private)| {
            (count >= fewest).then(|| {
                shared.push(!private);
                shared.len() as u32 - 1
            })
        })
        .collect();
    let (mut read, mut write) = (0, 0);
    for token in 0..corpus.labels.len() {
        while read < corpus.ends[token + 1] {
            let marked = corpus.features[read];
            read += 1;
            if let Some(id) = renumbered[(marked & !LISTED) as usize] {
                corpus.features[write] = id | marked & LISTED;
                write += 1;
            }
        }
        corpus.ends[token + 1] = write;
    }
    corpus.features.truncate(write);
    corpus.features.shrink_to_fit();
    Kept { count: shared.len(), renumbered, shared }
}

/// Learns what the jobs say, two at a time; the results are in the jobs' order.
fn learn_all(
    corpus: &Corpus,
    feature_count: usize,
    jobs: &[(Vec<Extent>, Method)],
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Learned>, TrainError> {
    let mut out = vec![];
    for pair in jobs.chunks(2) {
        let results = std::thread::scope(|scope| {
            let workers: Vec<_> = pair
                .iter()
                .map(|(sentences, method)| {
                    scope.spawn(|| learn(corpus, sentences, feature_count, None, method))
                })
                .collect();
            workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        for result in results {
            out.push(result.map_err(|_| TrainError::Broken)?);
        }
        progress(&format!("{} of {} runs", out.len(), jobs.len()));
    }
    Ok(out)
}

fn mean(runs: &[Learned]) -> Learned {
    let part = 1.0 / runs.len() as f32;
    let mut out = Learned {
        weights: vec![[0.0; LANES]; runs.first().map_or(0, |r| r.weights.len())],
        transitions: [[0.0; LANES]; LANES],
    };
    for run in runs {
        let rows = run.weights.iter().chain(&run.transitions);
        for (sum, row) in out.weights.iter_mut().chain(&mut out.transitions).zip(rows) {
            for (s, w) in sum.iter_mut().zip(row) {
                *s += w * part;
            }
        }
    }
    out
}

/// What the second pass is trained from: what the first says about documents that it has not seen.
struct SecondPass<'a> {
    corpus: &'a Corpus,
    documents: &'a [Document],
    articles: &'a [Article],
    table: &'a WordTable,
    shared: &'a [bool],
    first: &'a Learned,
    folds: &'a [Learned],
}

/// Documents of fewer sentences say nothing about repetition.
const FEWEST_SENTENCES: usize = 3;

impl SecondPass<'_> {
    fn learn(&self) -> Vec<Scores> {
        let (scores, labels) = self.first_pass();
        let mut context = Context::default();
        let mut evidence = vec![];
        let mut corpus =
            Corpus { ends: vec![0], labels: self.corpus.labels.clone(), ..Corpus::default() };
        let mut at = 0;
        for (number, (document, article)) in
            self.documents.iter().zip(self.articles).enumerate()
        {
            let rest = &self.corpus.sentences[at..];
            let count = rest.iter().take_while(|s| s.document == number).count();
            let extents = &rest[..count];
            at += count;
            // Repetition means something else in loan agreements; copies would be evidence for
            // their originals.
            let useful = !document.copy
                && document.sentences.len() >= FEWEST_SENTENCES
                && document.source != "sec_filings";
            context.read(article, &self.table.words, self.table.lower_ids());
            let mut by_position: Vec<Label> = vec![0; article.words.len()];
            for (extent, sentence) in extents.iter().zip(&article.sentences) {
                by_position[sentence.start..sentence.end]
                    .copy_from_slice(&labels[extent.start..extent.end]);
            }
            second::collect(&by_position, &context.form_at, context.len(), &mut evidence);
            for (extent, sentence) in extents.iter().zip(&article.sentences) {
                let before = corpus.features.len();
                for position in sentence.start..sentence.end {
                    if useful {
                        let word = &self.table.words[article.words[position] as usize];
                        second::features(
                            &evidence,
                            &by_position,
                            &context.form_at,
                            position,
                            word,
                            |f| corpus.features.push(f as u32),
                        );
                    }
                    corpus.ends.push(corpus.features.len());
                }
                if corpus.features.len() > before {
                    corpus.sentences.push(*extent);
                }
            }
        }
        let method = Method {
            epochs: 6,
            rate: 0.02,
            dropout: 0.1,
            lists_dropout: 0.0,
            decay: 1e-5,
            averaged: 3,
            seed: 1,
        };
        let given = Some((scores.as_slice(), &self.first.transitions));
        let learned = learn(&corpus, &corpus.sentences, second::FEATURES, given, &method);
        learned.weights.iter().map(quantise).collect()
    }

    /// Scores and labels that the first pass gives to what it has not seen.
    fn first_pass(&self) -> (Vec<Weights>, Vec<Label>) {
        let tokens = self.corpus.labels.len();
        let mut scores = vec![[0.0; LANES]; tokens];
        let mut labels: Vec<Label> = vec![0; tokens];
        let mut lattice = Lattice::default();
        let transitions: Vec<_> =
            self.folds.iter().map(|f| close(f.transitions.map(|row| quantise(&row)))).collect();
        for extent in &self.corpus.sentences {
            let fold = self.documents[extent.document].fold % self.folds.len();
            for token in extent.start..extent.end {
                for &marked in self.corpus.token(token) {
                    let id = (marked & !LISTED) as usize;
                    if self.shared[id] {
                        for (s, w) in scores[token].iter_mut().zip(self.folds[fold].weights[id])
                        {
                            *s += w;
                        }
                    }
                }
            }
            let range = extent.start..extent.end;
            let rows: Vec<Scores> = scores[range.clone()].iter().map(quantise).collect();
            lattice.decode(&rows, &transitions[fold], false, &mut labels[range]);
        }
        (scores, labels)
    }
}
