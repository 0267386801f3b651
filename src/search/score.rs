//! How much an article is worth: BM25 over the headline and the text as one field (BM25F,
//! Robertson, Zaragoza and Taylor 2004), for words, phrases and proximity alike; and for names, how
//! much the article is about them.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::occurrences::{Area, Frequency, Occurrences, Opener, Pattern};
use super::spans::Span;
use crate::index::Fields;

/// The constants of ranking, all of them. They were chosen by experiment; the figures stand in
/// `CHANGELOG.md`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// BM25's saturation of repeated words.
    pub k1: f32,
    /// The same for long questions in plain words: what an article is about, it says again and
    /// again.
    pub long_k1: f32,
    /// Weight of a word in the headline against one in the text.
    pub title_weight: f32,
    /// Normalisation by the headline's length, 0 to 1.
    pub title_b: f32,
    /// Normalisation by the text's length, 0 to 1.
    pub body_b: f32,
    /// Worth of two words of a query that touch, as a share of the rarer one's; falls with the
    /// distance.
    pub proximity: f32,
    /// Worth of a word's standing in the lead, as a share of its rarity.
    pub lead: f32,
    /// Weight of the strongest word that feedback adds to a query, against a word of the query.
    pub feedback_share: f32,
    /// Best hits that feedback takes for relevant.
    pub feedback_hits: usize,
    /// Words that feedback adds.
    pub feedback_words: usize,
    /// Worth of a name's words in the text, beside its mentions, as a share of theirs: finds what
    /// the recogniser missed, and tells apart what it did not.
    pub name_words: f32,
    /// Weight of a mention of a name in the headline.
    pub name_title: f32,
    /// Weight of a mention in the lead.
    pub name_lead: f32,
    /// Weight of a mention elsewhere.
    pub name_body: f32,
    /// Saturation of mentions.
    pub name_k: f32,
    /// Normalisation of mentions by the text's length, 0 to 1.
    pub name_b: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            k1: 1.2,
            long_k1: 1.8,
            title_weight: 2.0,
            title_b: 0.5,
            body_b: 0.75,
            proximity: 0.4,
            lead: 0.05,
            feedback_share: 1.0,
            feedback_hits: 7,
            feedback_words: 20,
            name_words: 1.5,
            name_title: 8.0,
            name_lead: 1.5,
            name_body: 1.0,
            name_k: 4.0,
            name_b: 0.5,
        }
    }
}

/// Counts of a whole archive that scores depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Statistics {
    /// Articles.
    pub documents: u64,
    /// Mean length of a headline, in words.
    pub title_length: f32,
    /// Mean length of a text, in words.
    pub body_length: f32,
}

impl Statistics {
    /// Of the articles that a searcher sees.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let (mut documents, mut title, mut body) = (0u64, 0u64, 0u64);
        for segment in searcher.segment_readers() {
            documents += u64::from(segment.max_doc());
            title += segment.inverted_index(fields.title)?.total_num_tokens();
            body += segment.inverted_index(fields.body)?.total_num_tokens();
        }
        let mean = |total: u64| (total as f32 / documents.max(1) as f32).max(1.0);
        Ok(Self { documents, title_length: mean(title), body_length: mean(body) })
    }

    /// Inverse document frequency as Lucene and tantivy have it: never negative.
    #[must_use]
    pub(super) fn idf(&self, documents_with: u64) -> f32 {
        let all = self.documents as f32;
        let with = (documents_with as f32).min(all);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

/// What a pattern's occurrences are worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Worth {
    /// Nothing: the pattern is a filter.
    Nothing,
    /// So much as BM25F says, times this (idf and boost).
    Words(f32),
    /// So much as the article is about the name, times this.
    Names(f32),
}

/// A query for a pattern.
#[derive(Clone, Debug)]
pub(super) struct PatternQuery {
    /// What is looked for.
    pub pattern: Arc<Pattern>,
    /// How often it must occur, at least; 1 or more.
    pub at_least: u32,
    /// What it is worth.
    pub worth: Worth,
    /// The archive's counts.
    pub statistics: Statistics,
    /// The constants.
    pub tuning: Tuning,
    /// The index's fields.
    pub fields: Fields,
}

impl Query for PatternQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let table = |b: f32, average: f32| {
            let mut norms = [0.0; 256];
            for (id, norm) in norms.iter_mut().enumerate() {
                let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
                *norm = 1.0 / (1.0 - b + b * length / average);
            }
            Arc::new(norms)
        };
        let (tuning, statistics) = (&self.tuning, &self.statistics);
        let body_b = match self.worth {
            Worth::Names(_) => tuning.name_b,
            Worth::Words(_) | Worth::Nothing => tuning.body_b,
        };
        Ok(Box::new(PatternWeight {
            query: self.clone(),
            title_norms: table(tuning.title_b, statistics.title_length),
            body_norms: table(body_b, statistics.body_length),
        }))
    }
}

struct PatternWeight {
    query: PatternQuery,
    title_norms: Arc<[f32; 256]>,
    body_norms: Arc<[f32; 256]>,
}

impl Weight for PatternWeight {
    fn scorer(
        &self,
        segment: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let query = &self.query;
        let opener = Opener::new(segment, query.fields);
        let names = matches!(query.worth, Worth::Names(_));
        let simple = query.at_least <= 1 && !names;
        let occurrences = match &*query.pattern {
            pattern @ (Pattern::Word { zone, .. } | Pattern::Name { zone, .. })
                if simple && *zone == super::occurrences::Zone::Anywhere =>
            {
                opener.open_for_frequency(pattern)?
            }
            pattern => opener.open(pattern)?,
        };
        let quick = simple && occurrences.quick_frequency().is_some();
        let mut scorer = PatternScorer {
            occurrences,
            quick,
            at_least: query.at_least.max(1),
            worth: match query.worth {
                Worth::Nothing => Worth::Nothing,
                Worth::Words(worth) => Worth::Words(worth * boost),
                Worth::Names(worth) => Worth::Names(worth * boost),
            },
            tuning: query.tuning,
            frequency: Frequency::default(),
            title_lengths: segment.get_fieldnorms_reader(query.fields.title)?,
            body_lengths: segment.get_fieldnorms_reader(query.fields.body)?,
            title_norms: Arc::clone(&self.title_norms),
            body_norms: Arc::clone(&self.body_norms),
            spans: Vec::new(),
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        if scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new("BM25F", scorer.score()))
    }
}

struct PatternScorer {
    occurrences: Occurrences,
    quick: bool,
    at_least: u32,
    worth: Worth,
    tuning: Tuning,
    /// Of the current document, where positions were read.
    frequency: Frequency,
    title_lengths: FieldNormReader,
    body_lengths: FieldNormReader,
    title_norms: Arc<[f32; 256]>,
    body_norms: Arc<[f32; 256]>,
    spans: Vec<Span>,
}

impl PatternScorer {
    /// Goes on to the first document, from the current one on, that really holds the pattern.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.occurrences.doc();
            if doc == TERMINATED || self.quick || self.verify() {
                return doc;
            }
            self.occurrences.advance();
        }
    }

    fn verify(&mut self) -> bool {
        let tuning = &self.tuning;
        if matches!(self.worth, Worth::Names(_))
            && let Some(mentions) = self.occurrences.mentions()
        {
            let body = tuning.name_lead * mentions.lead + tuning.name_body * mentions.rest;
            self.frequency = Frequency { title: mentions.title, body };
            return mentions.count >= self.at_least;
        }
        self.occurrences.spans(Area::Title, &mut self.spans);
        let title = self.spans.len();
        self.occurrences.spans(Area::Body, &mut self.spans);
        let body = self.spans.len();
        self.frequency = Frequency { title: title as f32, body: body as f32 };
        title + body >= self.at_least as usize
    }
}

impl DocSet for PatternScorer {
    fn advance(&mut self) -> DocId {
        self.occurrences.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.occurrences.doc() {
            self.occurrences.seek(target);
            self.settle()
        } else {
            self.occurrences.doc()
        }
    }

    fn doc(&self) -> DocId {
        self.occurrences.doc()
    }

    fn size_hint(&self) -> u32 {
        self.occurrences.cost()
    }
}

impl Scorer for PatternScorer {
    fn score(&mut self) -> Score {
        let doc = self.occurrences.doc();
        let frequency = if self.quick {
            self.occurrences.quick_frequency().unwrap_or_default()
        } else {
            self.frequency
        };
        let tuning = &self.tuning;
        let title_norm = self.title_norms[usize::from(self.title_lengths.fieldnorm_id(doc))];
        let body_norm = self.body_norms[usize::from(self.body_lengths.fieldnorm_id(doc))];
        match self.worth {
            Worth::Nothing => 0.0,
            Worth::Words(worth) => {
                let weighed = tuning.title_weight * frequency.title * title_norm
                    + frequency.body * body_norm;
                worth * weighed * (tuning.k1 + 1.0) / (tuning.k1 + weighed)
            }
            Worth::Names(worth) => {
                let weighed = tuning.name_title * frequency.title + frequency.body * body_norm;
                worth * weighed * (tuning.name_k + 1.0) / (tuning.name_k + weighed)
            }
        }
    }
}
