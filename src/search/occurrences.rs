//! Occurrences of a pattern in the documents of a segment: proximity on the engine's positions.
//!
//! The engine has no span queries. A [`Pattern`] says what is looked for (words, names, phrases,
//! connectors); [`Occurrences`] walks the documents that may hold it by skipping through postings,
//! and reads positions only there.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::spans::{self, Span};
use crate::index::{BODY_BASE, Fields, LEAD_WORDS, PARAGRAPH_MARK, SENTENCE_MARK, SPAN_BITS};

/// The two texts of an article; an occurrence lies in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    /// The headline.
    Title,
    /// The text under it.
    Body,
}

impl Area {
    /// Both, in reading order.
    pub(super) const ALL: [Self; 2] = [Self::Title, Self::Body];
}

/// Where in an article a pattern is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Zone {
    /// Anywhere.
    #[default]
    Anywhere,
    /// In the headline.
    Title,
    /// In the text under it.
    Body,
    /// In its first words, see [`LEAD_WORDS`].
    Lead,
}

impl Zone {
    fn covers(self, area: Area) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Title => area == Area::Title,
            Self::Body | Self::Lead => area == Area::Body,
        }
    }
}

/// How close two patterns must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closeness {
    /// At most so many words apart.
    Within(u32),
    /// The right one at most so many words after the left one.
    Before(u32),
    /// The left one without a right one within so many words.
    NotWithin(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

/// Terms that count as the same word or the same name, with a weight each.
pub(super) type Terms = Arc<Vec<(String, f32)>>;

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// A word, by the terms that it stands for.
    Word {
        /// The terms.
        terms: Terms,
        /// Where.
        zone: Zone,
    },
    /// Mentions of an entity (or of a kind), by terms of the `entities` field.
    Name {
        /// The terms.
        terms: Terms,
        /// Where.
        zone: Zone,
    },
    /// Any of several.
    Any(Vec<Pattern>),
    /// One right after the other, but for gaps.
    Phrase {
        /// The words.
        parts: Vec<Pattern>,
        /// For each word, how many words of any kind come before it since the first one.
        gaps: Vec<u32>,
    },
    /// All, in any order, with at most so many other words among them.
    Loose {
        /// The words.
        parts: Vec<Pattern>,
        /// The other words.
        slop: u32,
    },
    /// Two, close to each other.
    Near {
        /// How close.
        closeness: Closeness,
        /// The left one.
        left: Box<Pattern>,
        /// The right one.
        right: Box<Pattern>,
    },
}

impl Pattern {
    /// How many terms it stands for.
    #[must_use]
    pub(super) fn terms(&self) -> usize {
        match self {
            Self::Word { terms, .. } | Self::Name { terms, .. } => terms.len(),
            Self::Any(parts) | Self::Phrase { parts, .. } | Self::Loose { parts, .. } => {
                parts.iter().map(Self::terms).sum()
            }
            Self::Near { left, right, .. } => left.terms() + right.terms(),
        }
    }
}

/// How often a pattern occurs in one document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Frequency {
    /// In the headline.
    pub title: f32,
    /// In the text.
    pub body: f32,
}

/// Mentions of names in one document, weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mentions {
    /// In the headline.
    pub(crate) title: f32,
    /// In the lead.
    pub(crate) lead: f32,
    /// Elsewhere.
    pub(crate) rest: f32,
    /// All, unweighted.
    pub(crate) count: u32,
}

struct List {
    postings: SegmentPostings,
    origin: Origin,
    weight: f32,
}

/// What the positions of a list mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Title,
    Body,
    Mentions,
}

/// Several postings lists walked as one.
pub(super) struct Union {
    lists: Vec<List>,
    /// Lists that stand at a later document than the current one; only where there are many.
    waiting: Option<BinaryHeap<Reverse<(DocId, u32)>>>,
    /// Lists that stand at the current document.
    here: Vec<u32>,
    doc: DocId,
    zone: Zone,
    buffer: Vec<u32>,
    /// Documents met closely one after the other; only where nothing but frequencies is asked for.
    run: Option<u32>,
    /// How far apart documents may be visited for a window still to be worth it.
    reach: u32,
    window: Window,
}

/// Frequencies of many documents, added up list by list: where most documents of a word are
/// visited, that is faster than looking for the least document of all lists again and again.
#[derive(Default)]
struct Window {
    /// The window is in use: all lists stand beyond it.
    is_open: bool,
    /// Its first document.
    start: DocId,
    /// By document, counted from `start`; valid where `held` says so.
    frequencies: Vec<Frequency>,
    /// A bit for each document that one of the lists holds.
    held: Vec<u64>,
}

/// Documents of a window: its frequencies stay in the innermost cache.
const WINDOW: u32 = 4096;
/// So many documents visited in turn, none farther than [`Union::reach`] from the last, open a
/// window.
const RUN: u32 = 16;
/// To skip to a document in one list takes as long as to add up so many postings of it.
const SKIP: u64 = 4;

impl Window {
    /// The first document held at or after one that is not before the window.
    fn next(&self, from: DocId) -> Option<DocId> {
        let at = from.wrapping_sub(self.start) as usize;
        let mut word = at / 64;
        let mut bits = *self.held.get(word)? & (u64::MAX << (at % 64));
        while bits == 0 {
            word += 1;
            bits = *self.held.get(word)?;
        }
        Some(self.start + word as u32 * 64 + bits.trailing_zeros())
    }

    /// Adds up the lists from a document on; none of them stands before it.
    fn fill(&mut self, start: DocId, lists: &mut [List]) {
        self.is_open = true;
        self.start = start;
        self.frequencies.resize(WINDOW as usize, Frequency::default());
        self.held.clear();
        self.held.resize(WINDOW as usize / 64, 0);
        let end = start.saturating_add(WINDOW).min(TERMINATED);
        for list in lists {
            let in_title = list.origin == Origin::Title;
            let mut doc = list.postings.doc();
            while doc < end {
                let at = (doc - start) as usize;
                let count = list.postings.term_freq() as f32 * list.weight;
                let (title, body) = if in_title { (count, 0.0) } else { (0.0, count) };
                let (word, bit) = (&mut self.held[at / 64], 1 << (at % 64));
                let frequency = &mut self.frequencies[at];
                *frequency = if *word & bit == 0 {
                    Frequency { title, body }
                } else {
                    Frequency { title: frequency.title + title, body: frequency.body + body }
                };
                *word |= bit;
                doc = list.postings.advance();
            }
        }
    }
}

/// From this many lists on, a heap finds the next document faster than a look at each list
/// (measured on expansions of 2 to 5,000 terms).
const MANY_LISTS: usize = 12;

impl Union {
    /// `documents`: how many the segment has.
    fn new(lists: Vec<List>, zone: Zone, frequencies_only: bool, documents: u32) -> Self {
        let many = lists.len() >= MANY_LISTS;
        let run = (frequencies_only && lists.len() > 1).then_some(0);
        let postings: u64 = lists.iter().map(|list| u64::from(list.postings.size_hint())).sum();
        let reach = SKIP * lists.len() as u64 * u64::from(documents) / postings.max(1);
        let reach = reach.clamp(1, u64::from(WINDOW)) as u32;
        let mut union = Self {
            lists,
            waiting: None,
            here: Vec::new(),
            doc: 0,
            zone,
            buffer: Vec::new(),
            run,
            reach,
            window: Window::default(),
        };
        if many {
            let docs = union.lists.iter().enumerate();
            union.waiting =
                Some(docs.map(|(i, list)| Reverse((list.postings.doc(), i as u32))).collect());
        }
        union.settle();
        union
    }

    fn settle(&mut self) {
        self.here.clear();
        if let Some(waiting) = &mut self.waiting {
            let Some(Reverse((doc, _))) = waiting.peek().copied() else {
                self.doc = TERMINATED;
                return;
            };
            self.doc = doc;
            while let Some(Reverse((next, list))) = waiting.peek().copied() {
                if next != doc || doc == TERMINATED {
                    break;
                }
                waiting.pop();
                self.here.push(list);
            }
        } else {
            let doc = self.lists.iter().map(|list| list.postings.doc()).min();
            self.doc = doc.unwrap_or(TERMINATED);
            for (i, list) in self.lists.iter().enumerate() {
                if list.postings.doc() == self.doc {
                    self.here.push(i as u32);
                }
            }
        }
    }

    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        if self.window.is_open {
            match self.window.next(self.doc + 1) {
                Some(doc) => self.doc = doc,
                None => self.open_window(),
            }
            return self.doc;
        }
        if self.has_run(1) {
            for i in self.here.drain(..) {
                self.lists[i as usize].postings.advance();
            }
            self.open_window();
            return self.doc;
        }
        for i in self.here.drain(..) {
            let list = &mut self.lists[i as usize];
            let doc = list.postings.advance();
            if let Some(waiting) = &mut self.waiting
                && doc != TERMINATED
            {
                waiting.push(Reverse((doc, i)));
            }
        }
        self.settle();
        self.doc
    }

    /// Whether it is time for a window, when the next document is so far from the current one.
    fn has_run(&mut self, distance: u32) -> bool {
        let Some(run) = &mut self.run else { return false };
        *run = if distance <= self.reach { *run + 1 } else { 0 };
        *run >= RUN
    }

    /// Goes to the first document that the lists stand at, with a window from there on.
    fn open_window(&mut self) {
        self.here.clear();
        let docs = self.lists.iter().map(|list| list.postings.doc());
        self.doc = docs.min().unwrap_or(TERMINATED);
        self.window.is_open = false;
        if self.doc != TERMINATED {
            self.window.fill(self.doc, &mut self.lists);
        }
    }

    /// Goes on without a window, from where the lists stand.
    fn close_window(&mut self) {
        self.window.is_open = false;
        self.run = Some(0);
        if let Some(waiting) = &mut self.waiting {
            let docs = self.lists.iter().map(|list| list.postings.doc()).zip(0..);
            let docs = docs.filter(|(doc, _)| *doc != TERMINATED);
            *waiting = docs.map(Reverse).collect();
        }
        self.settle();
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if self.window.is_open {
            if let Some(doc) = self.window.next(target) {
                self.doc = doc;
                return doc;
            }
            // Near the window's end the next one follows; far beyond it postings are skipped.
            if target - self.window.start < 2 * WINDOW {
                self.seek_lists(target);
                self.open_window();
                return self.doc;
            }
            self.close_window();
            if target <= self.doc {
                return self.doc;
            }
        } else if self.has_run(target - self.doc) {
            self.seek_lists(target);
            self.open_window();
            return self.doc;
        }
        if let Some(waiting) = &mut self.waiting {
            for i in self.here.drain(..) {
                waiting.push(Reverse((self.doc, i)));
            }
            while let Some(Reverse((doc, i))) = waiting.peek().copied() {
                if doc >= target {
                    break;
                }
                waiting.pop();
                let doc = self.lists[i as usize].postings.seek(target);
                if doc != TERMINATED {
                    waiting.push(Reverse((doc, i)));
                }
            }
        } else {
            self.seek_lists(target);
        }
        self.settle();
        self.doc
    }

    fn seek_lists(&mut self, target: DocId) {
        for list in &mut self.lists {
            if list.postings.doc() < target {
                list.postings.seek(target);
            }
        }
    }

    fn cost(&self) -> u32 {
        self.lists.iter().map(|list| list.postings.size_hint()).fold(0, u32::saturating_add)
    }

    /// Frequencies without positions: for words that may stand anywhere.
    fn frequency(&self) -> Frequency {
        if self.window.is_open {
            let at = self.doc.wrapping_sub(self.window.start) as usize;
            return self.window.frequencies.get(at).copied().unwrap_or_default();
        }
        let mut frequency = Frequency::default();
        for i in &self.here {
            let list = &self.lists[*i as usize];
            let count = list.postings.term_freq() as f32 * list.weight;
            match list.origin {
                Origin::Title => frequency.title += count,
                Origin::Body | Origin::Mentions => frequency.body += count,
            }
        }
        frequency
    }

    /// Mentions of names, each with the weight of its name.
    fn mentions(&mut self) -> Mentions {
        let mut found = Mentions::default();
        for i in &self.here {
            let list = &mut self.lists[*i as usize];
            list.postings.positions(&mut self.buffer);
            for placed in &self.buffer {
                let in_title = mention(*placed, Area::Title).is_some();
                let Some(span) = mention(*placed, Area::Title).or(mention(*placed, Area::Body))
                else {
                    continue;
                };
                found.count += 1;
                if in_title {
                    found.title += list.weight;
                } else if span.start < LEAD_WORDS {
                    found.lead += list.weight;
                } else {
                    found.rest += list.weight;
                }
            }
        }
        found
    }

    fn spans(&mut self, area: Area, out: &mut Vec<Span>) {
        out.clear();
        if !self.zone.covers(area) {
            return;
        }
        for i in &self.here {
            let list = &mut self.lists[*i as usize];
            let own_area = match list.origin {
                Origin::Title => Some(Area::Title),
                Origin::Body => Some(Area::Body),
                Origin::Mentions => None,
            };
            if own_area.is_some_and(|own| own != area) {
                continue;
            }
            list.postings.positions(&mut self.buffer);
            if own_area.is_some() {
                out.extend(
                    self.buffer.iter().map(|word| Span { start: *word, end: *word + 1 }),
                );
            } else {
                out.extend(self.buffer.iter().filter_map(|placed| mention(*placed, area)));
            }
        }
        if self.zone == Zone::Lead {
            out.retain(|span| span.start < LEAD_WORDS);
        }
        spans::normalise(out);
    }
}

/// Reads a position of the `entities` field.
fn mention(placed: u32, area: Area) -> Option<Span> {
    let (position, length) = (placed >> SPAN_BITS, placed & ((1 << SPAN_BITS) - 1));
    let start = match area {
        Area::Title if position < BODY_BASE => position,
        Area::Body => position.checked_sub(BODY_BASE)?,
        Area::Title => return None,
    };
    Some(Span { start, end: start + length.max(1) })
}

/// First words of the sentences or paragraphs of the current document.
struct Units {
    postings: Option<SegmentPostings>,
    starts: Vec<u32>,
    doc: DocId,
}

impl Units {
    fn of(&mut self, doc: DocId) -> &[u32] {
        if self.doc != doc {
            self.doc = doc;
            self.starts.clear();
            if let Some(postings) = &mut self.postings {
                let found =
                    if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                if found == doc {
                    postings.positions(&mut self.starts);
                    for start in &mut self.starts {
                        *start = (*start >> SPAN_BITS).saturating_sub(BODY_BASE);
                    }
                }
            }
        }
        &self.starts
    }
}

/// The documents of a segment that may hold a pattern, and where they hold it.
pub(super) enum Occurrences {
    /// Words or names.
    Union(Union),
    /// Any of several.
    Any {
        /// The parts.
        parts: Vec<Occurrences>,
        /// Scratch.
        part_spans: Vec<Span>,
    },
    /// All of several: a phrase, exact or loose.
    All {
        /// The words.
        parts: Vec<Occurrences>,
        /// Exact or loose.
        fit: Fit,
        /// Scratch.
        part_spans: Vec<Vec<Span>>,
    },
    /// Two, close to each other.
    Near(Box<Near>),
}

/// How the words of a phrase must stand.
pub(super) enum Fit {
    /// In order, with these gaps, see [`Pattern::Phrase`].
    Exact(Vec<u32>),
    /// In any order, with at most so many other words among them.
    Loose(u32),
}

/// Two patterns, close to each other.
pub(super) struct Near {
    closeness: Closeness,
    left: Occurrences,
    right: Occurrences,
    units: Option<Units>,
    left_spans: Vec<Span>,
    right_spans: Vec<Span>,
}

/// Opens patterns on one segment.
pub(super) struct Opener<'a> {
    segment: &'a SegmentReader,
    fields: Fields,
}

impl<'a> Opener<'a> {
    /// For one segment.
    #[must_use]
    pub(super) fn new(segment: &'a SegmentReader, fields: Fields) -> Self {
        Self { segment, fields }
    }

    fn lists(
        &self,
        field: Field,
        origin: Origin,
        terms: &Terms,
        record: IndexRecordOption,
        lists: &mut Vec<List>,
    ) -> tantivy::Result<()> {
        let inverted = self.segment.inverted_index(field)?;
        for (text, weight) in terms.iter() {
            let term = Term::from_field_text(field, text);
            if let Some(postings) = inverted.read_postings(&term, record)? {
                lists.push(List { postings, origin, weight: *weight });
            }
        }
        Ok(())
    }

    /// Opens a pattern, with positions.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn open(&self, pattern: &Pattern) -> tantivy::Result<Occurrences> {
        self.open_recording(pattern, IndexRecordOption::WithFreqsAndPositions)
    }

    /// Opens a word or name without positions, where nothing but its frequency is asked for.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn open_for_frequency(&self, pattern: &Pattern) -> tantivy::Result<Occurrences> {
        self.open_recording(pattern, IndexRecordOption::WithFreqs)
    }

    fn open_recording(
        &self,
        pattern: &Pattern,
        record: IndexRecordOption,
    ) -> tantivy::Result<Occurrences> {
        let frequencies_only = record == IndexRecordOption::WithFreqs;
        let documents = self.segment.max_doc();
        let all = |parts: &[Pattern]| -> tantivy::Result<Vec<Occurrences>> {
            parts.iter().map(|part| self.open_recording(part, record)).collect()
        };
        Ok(match pattern {
            Pattern::Word { terms, zone } => {
                // A list takes kilobytes, and would be moved when the vector grew.
                let mut lists = Vec::with_capacity(2 * terms.len());
                if *zone != Zone::Title {
                    self.lists(self.fields.body, Origin::Body, terms, record, &mut lists)?;
                }
                if zone.covers(Area::Title) {
                    self.lists(self.fields.title, Origin::Title, terms, record, &mut lists)?;
                }
                Occurrences::Union(Union::new(lists, *zone, frequencies_only, documents))
            }
            Pattern::Name { terms, zone } => {
                let mut lists = Vec::with_capacity(terms.len());
                self.lists(self.fields.entities, Origin::Mentions, terms, record, &mut lists)?;
                Occurrences::Union(Union::new(lists, *zone, frequencies_only, documents))
            }
            Pattern::Any(parts) => {
                Occurrences::Any { parts: all(parts)?, part_spans: Vec::new() }
            }
            Pattern::Phrase { parts, gaps } => {
                let part_spans = vec![Vec::new(); parts.len()];
                let fit = Fit::Exact(gaps.clone());
                let mut found = Occurrences::All { parts: all(parts)?, fit, part_spans };
                found.align();
                found
            }
            Pattern::Loose { parts, slop } => {
                let part_spans = vec![Vec::new(); parts.len()];
                let fit = Fit::Loose(*slop);
                let mut found = Occurrences::All { parts: all(parts)?, fit, part_spans };
                found.align();
                found
            }
            Pattern::Near { closeness, left, right } => {
                let units = match closeness {
                    Closeness::Sentence => Some(self.units(SENTENCE_MARK)?),
                    Closeness::Paragraph => Some(self.units(PARAGRAPH_MARK)?),
                    _ => None,
                };
                let near = Near {
                    closeness: *closeness,
                    left: self.open_recording(left, record)?,
                    right: self.open_recording(right, record)?,
                    units,
                    left_spans: Vec::new(),
                    right_spans: Vec::new(),
                };
                let mut found = Occurrences::Near(Box::new(near));
                found.align();
                found
            }
        })
    }

    fn units(&self, mark: &str) -> tantivy::Result<Units> {
        let term = Term::from_field_text(self.fields.entities, mark);
        let postings = self
            .segment
            .inverted_index(self.fields.entities)?
            .read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
        Ok(Units { postings, starts: Vec::new(), doc: TERMINATED })
    }
}

impl Occurrences {
    /// The current document: it may hold the pattern.
    #[must_use]
    pub(super) fn doc(&self) -> DocId {
        match self {
            Self::Union(union) => union.doc,
            Self::Any { parts, .. } => parts.iter().map(Self::doc).min().unwrap_or(TERMINATED),
            Self::All { parts, .. } => parts.first().map_or(TERMINATED, Self::doc),
            Self::Near(near) => near.left.doc(),
        }
    }

    /// Goes to the next document.
    pub(super) fn advance(&mut self) -> DocId {
        match self {
            Self::Union(union) => union.advance(),
            Self::Any { parts, .. } => {
                let doc = parts.iter().map(Self::doc).min().unwrap_or(TERMINATED);
                if doc != TERMINATED {
                    for part in parts.iter_mut().filter(|part| part.doc() == doc) {
                        part.advance();
                    }
                }
                self.doc()
            }
            Self::All { parts, .. } => {
                if let Some(first) = parts.first_mut() {
                    first.advance();
                }
                self.align()
            }
            Self::Near(near) => {
                near.left.advance();
                self.align()
            }
        }
    }

    /// Goes to the first document at or after `target`.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc() {
            return self.doc();
        }
        match self {
            Self::Union(union) => union.seek(target),
            Self::Any { parts, .. } => {
                for part in parts.iter_mut() {
                    part.seek(target);
                }
                self.doc()
            }
            Self::All { parts, .. } => {
                if let Some(first) = parts.first_mut() {
                    first.seek(target);
                }
                self.align()
            }
            Self::Near(near) => {
                near.left.seek(target);
                self.align()
            }
        }
    }

    /// Brings all parts that must be there to one document.
    fn align(&mut self) -> DocId {
        match self {
            Self::All { parts, .. } => {
                let mut target = parts.first().map_or(TERMINATED, Self::doc);
                let mut agreed = 1;
                let mut next = 1;
                while agreed < parts.len() && target != TERMINATED {
                    let count = parts.len();
                    let doc = parts[next % count].seek(target);
                    if doc == target {
                        agreed += 1;
                    } else {
                        (target, agreed) = (doc, 1);
                    }
                    next += 1;
                }
                for part in parts.iter_mut() {
                    part.seek(target);
                }
                target
            }
            Self::Near(near) if !matches!(near.closeness, Closeness::NotWithin(_)) => loop {
                let doc = near.left.doc();
                let other = near.right.seek(doc);
                if other == doc {
                    return doc;
                }
                if near.left.seek(other) == other {
                    return other;
                }
            },
            Self::Near(near) => {
                let doc = near.left.doc();
                near.right.seek(doc);
                doc
            }
            _ => self.doc(),
        }
    }

    /// About how many documents there are.
    #[must_use]
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Union(union) => union.cost(),
            Self::Any { parts, .. } => {
                parts.iter().map(Self::cost).fold(0, u32::saturating_add)
            }
            Self::All { parts, .. } => parts.iter().map(Self::cost).min().unwrap_or(0),
            Self::Near(near) => match near.closeness {
                Closeness::NotWithin(_) => near.left.cost(),
                _ => near.left.cost().min(near.right.cost()),
            },
        }
    }

    /// How often the pattern occurs in the current document, weighted, without reading positions.
    /// Only words and names know that.
    #[must_use]
    pub(super) fn quick_frequency(&self) -> Option<Frequency> {
        match self {
            Self::Union(union) if union.zone == Zone::Anywhere => Some(union.frequency()),
            _ => None,
        }
    }

    /// Mentions in the current document, where the pattern is nothing but names.
    pub(crate) fn mentions(&mut self) -> Option<Mentions> {
        match self {
            Self::Union(union) if union.zone == Zone::Anywhere => Some(union.mentions()),
            _ => None,
        }
    }

    /// Where the pattern occurs in one text of the current document.
    pub(super) fn spans(&mut self, area: Area, out: &mut Vec<Span>) {
        match self {
            Self::Union(union) => union.spans(area, out),
            Self::Any { parts, part_spans } => {
                out.clear();
                let doc = parts.iter().map(Self::doc).min().unwrap_or(TERMINATED);
                for part in parts.iter_mut().filter(|part| part.doc() == doc) {
                    part.spans(area, part_spans);
                    out.extend_from_slice(part_spans);
                }
                spans::normalise(out);
            }
            Self::All { parts, fit, part_spans } => {
                for (part, found) in parts.iter_mut().zip(part_spans.iter_mut()) {
                    part.spans(area, found);
                    if found.is_empty() {
                        out.clear();
                        return;
                    }
                }
                fit.join(part_spans, out);
            }
            Self::Near(near) => near.spans(area, out),
        }
    }
}

impl Fit {
    /// Joins the occurrences of the words of a phrase to occurrences of the phrase.
    pub(super) fn join(&self, part_spans: &mut [Vec<Span>], out: &mut Vec<Span>) {
        let gaps = match self {
            Self::Loose(slop) => return spans::unordered(part_spans, *slop, out),
            Self::Exact(gaps) => gaps,
        };
        for (found, gap) in part_spans.iter_mut().zip(gaps).filter(|(_, gap)| **gap > 0) {
            found.retain(|span| span.start >= *gap);
            for span in found {
                (span.start, span.end) = (span.start - gap, span.end - gap);
            }
        }
        spans::consecutive(part_spans, out);
        let total = gaps.last().copied().unwrap_or(0);
        for span in out {
            span.end += total;
        }
    }
}

impl Near {
    fn spans(&mut self, area: Area, out: &mut Vec<Span>) {
        out.clear();
        self.left.spans(area, &mut self.left_spans);
        if self.left_spans.is_empty() {
            return;
        }
        let doc = self.left.doc();
        if self.right.doc() == doc {
            self.right.spans(area, &mut self.right_spans);
        } else {
            self.right_spans.clear();
        }
        if self.right_spans.is_empty() && !matches!(self.closeness, Closeness::NotWithin(_)) {
            return;
        }
        let (left, right) = (&self.left_spans, &self.right_spans);
        match self.closeness {
            Closeness::Within(n) => spans::within(left, right, n, out),
            Closeness::Before(n) => spans::before(left, right, n, out),
            Closeness::NotWithin(n) => spans::not_within(left, right, n, out),
            Closeness::Sentence | Closeness::Paragraph => {
                let starts = match (&mut self.units, area) {
                    (Some(units), Area::Body) => units.of(doc),
                    _ => &[],
                };
                spans::same_unit(left, right, starts, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, IndexWriter, doc};

    use super::*;

    /// Postings of up to so many words over this many documents, some dense, some rare.
    fn lists() -> impl Strategy<Value = Vec<BTreeMap<DocId, u32>>> {
        let list = (1u32..400, 0u32..400, 1u32..4).prop_map(|(step, first, times)| {
            (first..DOCUMENTS).step_by(step as usize).map(|doc| (doc, times)).collect()
        });
        proptest::collection::vec(list, 2..(MANY_LISTS + 4))
    }

    const DOCUMENTS: u32 = 12_000;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn however_a_union_is_walked_its_frequencies_are_those_of_its_lists(
            lists in lists(),
            steps in proptest::collection::vec(
                prop_oneof![8 => Just(0u32), 4 => 1u32..40, 1 => 40u32..9_000], 1..2_000),
        ) {
            let mut schema = Schema::builder();
            let text = schema.add_text_field("text", TEXT);
            let index = Index::create_in_ram(schema.build());
            let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000).unwrap();
            let mut wanted: BTreeMap<DocId, f32> = BTreeMap::new();
            for doc in 0..DOCUMENTS {
                let mut words = String::new();
                for (number, list) in lists.iter().enumerate() {
                    for _ in 0..list.get(&doc).copied().unwrap_or(0) {
                        words.push_str(&format!("w{number} "));
                        *wanted.entry(doc).or_default() += (number % 3 + 1) as f32;
                    }
                }
                writer.add_document(doc!(text => words)).unwrap();
            }
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let inverted = searcher.segment_reader(0).inverted_index(text).unwrap();
            let opened = (0..lists.len()).filter_map(|number| {
                let term = Term::from_field_text(text, &format!("w{number}"));
                let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqs);
                let weight = (number % 3 + 1) as f32;
                Some(List { postings: postings.unwrap()?, origin: Origin::Body, weight })
            });
            let mut union = Union::new(opened.collect(), Zone::Anywhere, true, DOCUMENTS);
            let at_or_after = |doc| wanted.range(doc..).next().map(|(doc, count)| (*doc, *count));
            let mut at = union.doc;
            prop_assert_eq!(at, at_or_after(0).map_or(TERMINATED, |(doc, _)| doc));
            for step in steps.iter().cycle().take(8_000) {
                let expected = at_or_after(at + 1 + step);
                at = if *step == 0 { union.advance() } else { union.seek(at + 1 + step) };
                prop_assert_eq!(at, expected.map_or(TERMINATED, |(doc, _)| doc));
                let Some((_, count)) = expected else { break };
                prop_assert_eq!(union.frequency().body, count);
            }
        }
    }
}
