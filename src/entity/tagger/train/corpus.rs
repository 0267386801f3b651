//! Annotated text: two columns, token and BIO tag, a tab between; a blank line ends a sentence, a
//! line `-DOCSTART-` begins a document.

use super::super::label::{self, Label};

/// A token and its label.
pub(super) type Annotated = (String, Label);
/// Tokens of a sentence.
pub(super) type Sentence = Vec<Annotated>;

/// An annotated document, or a copy of some of its sentences.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) sentences: Vec<Sentence>,
    /// How many of the sentences are learned from; the others are there for what they say of the
    /// first ones' words.
    pub(super) learned: usize,
    /// A document and its copies have one fold.
    pub(super) fold: usize,
    /// Altered sentences of another document.
    pub(super) copy: bool,
    /// Without the features of the longer lists.
    pub(super) listless: bool,
    /// Name of the corpus.
    pub(super) source: String,
}

/// The documents of a file, as sentences.
pub(super) fn read(text: &str) -> Vec<Vec<Sentence>> {
    let mut documents: Vec<Vec<Sentence>> = vec![];
    let mut document = vec![];
    let mut sentence = vec![];
    for line in text.lines().chain([""]) {
        let (token, tag) = line.split_once('\t').unwrap_or((line, "O"));
        let start = token == "-DOCSTART-";
        if !token.is_empty() && !start {
            sentence.push((token.to_owned(), label::parse(tag)));
            continue;
        }
        if !sentence.is_empty() {
            document.push(std::mem::take(&mut sentence));
        }
        if start && !document.is_empty() {
            documents.push(std::mem::take(&mut document));
        }
    }
    if !document.is_empty() {
        documents.push(document);
    }
    documents
}

/// Titles before a person's name, which some corpora count in and most, as we do, leave out.
/// Those that rather belong to it ("King", "Prince", "Pope", "Lord", "St.") are not here.
const TITLES: &str = "mr mrs ms miss dr prof professor sir president senator sen rep gov governor \
    gen general col colonel capt captain lt lieutenant sgt maj major minister secretary prime \
    deputy foreign defense defence finance interior justice judge rev reverend special chief \
    ambassador coach commander congressman mayor chairman spokesman director spc ceo envoy";

/// Brings names under one convention: no titles in persons' names, no articles in others', no name
/// without a capital.
pub(super) fn agree(sentence: &mut Sentence) {
    let labels: Vec<Label> = sentence.iter().map(|(_, l)| *l).collect();
    for (start, end, first) in label::names(&labels) {
        let small = |word: &str| !word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
        if first != label::BEGIN_PERSON
            && sentence[start..end].iter().all(|(word, _)| small(word))
        {
            // Tweets are written small; groups of people ("the committee") are no names.
            continue;
        }
        let mut begin = start;
        while begin + 1 < end {
            let word = &sentence[begin].0;
            let lower = word.to_lowercase();
            let bare = lower.trim_end_matches('.');
            let title = first == label::BEGIN_PERSON
                && (TITLES.split_whitespace().any(|t| t == bare)
                    || bare == "-"
                    || bare == "of");
            let article = ["the", "a", "an"].contains(&word.as_str());
            if !title && !article {
                break;
            }
            sentence[begin].1 = label::OUTSIDE;
            begin += 1;
        }
        sentence[begin].1 = first;
    }
}

/// A small generator of pseudo-random numbers (xorshift, Marsaglia 2003): the same model must come
/// of the same material.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below `n`, which is not 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (((self.next() >> 32) * n as u64) >> 32) as usize
    }

    /// From 0 to 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
