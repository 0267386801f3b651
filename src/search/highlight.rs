//! Where an article holds what was looked for, and the passages that show it best.
//!
//! The stored text is split again into the tokens and terms that the index was made of, so that a
//! mark covers exactly the words that matched.

use std::collections::BTreeMap;
use std::ops::Range;

use super::compile::Leaf;
use super::occurrences::{Area, Closeness, Fit, Pattern, Terms, Zone};
use super::response::{ContextLine, Snippet};
use super::spans::{self, Span};
use crate::index::{LEAD_WORDS, Stored, StoredMention, entity_prefix};
use crate::text::{self, Lexer, Tokens};

/// A snippet is at most this many characters; a sentence that is longer is cut at word bounds.
const SNIPPET_LENGTH: usize = 240;

/// Snippets of the body that one hit shows.
const SNIPPETS: usize = 2;

/// Characters to each side of the keyword in a concordance line.
const CONTEXT_WIDTH: usize = 60;

/// Splits stored articles; reused from hit to hit.
#[derive(Default)]
pub(super) struct Marker {
    lexer: Lexer,
    terms: text::Terms,
    tokens: Tokens,
}

/// One text of an article, by its terms.
#[derive(Default)]
struct AreaText {
    positions: BTreeMap<String, Vec<u32>>,
    /// For each position, the bytes of its token.
    bytes: Vec<Range<usize>>,
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
    /// For each sentence, the bytes from its first token to its last.
    sentence_bytes: Vec<Range<usize>>,
}

/// An article with what was found in it.
pub(super) struct Marked<'a> {
    stored: &'a Stored,
    title: AreaText,
    body: AreaText,
    title_marks: Vec<MarkedLeaf>,
    body_marks: Vec<MarkedLeaf>,
}

/// An occurrence of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MarkedLeaf {
    bytes: Range<usize>,
    leaf: usize,
}

impl Marker {
    fn area(&mut self, text: &str) -> AreaText {
        let mut area = AreaText::default();
        self.lexer.read(text, &mut self.tokens);
        let mut firsts = Vec::with_capacity(self.tokens.tokens.len());
        for token in &self.tokens.tokens {
            firsts.push(area.bytes.len() as u32);
            for term in self.terms.of(self.lexer.forms(), text, *token) {
                let position = area.bytes.len() as u32;
                area.positions.entry(term.to_owned()).or_default().push(position);
                area.bytes.push(token.start as usize..token.end as usize);
            }
        }
        let position = |token: &u32| firsts.get(*token as usize).copied().unwrap_or(0);
        area.sentences = self.tokens.sentences.iter().map(position).collect();
        area.paragraphs = self.tokens.paragraphs.iter().map(position).collect();
        let tokens = &self.tokens.tokens;
        let ends = self.tokens.sentences.iter().skip(1).map(|end| *end as usize);
        for (start, end) in self.tokens.sentences.iter().zip(ends.chain([tokens.len()])) {
            let first = tokens.get(*start as usize).map_or(0, |token| token.start as usize);
            let last = tokens.get(end.wrapping_sub(1)).map_or(first, |t| t.end as usize);
            area.sentence_bytes.push(first..last.max(first));
        }
        area
    }

    /// Finds what the leaves of a query look for.
    pub(super) fn mark<'a>(&mut self, stored: &'a Stored, leaves: &[Leaf]) -> Marked<'a> {
        self.lexer.begin_article();
        let title = self.area(&stored.article.title);
        let body = self.area(&stored.article.body);
        let mut marked =
            Marked { stored, title, body, title_marks: Vec::new(), body_marks: Vec::new() };
        for (number, leaf) in leaves.iter().enumerate() {
            for area in Area::ALL {
                let mut found = Vec::new();
                marked.occurrences(&leaf.pattern, area, &mut found, true);
                let text = marked.text(area);
                let marks: Vec<MarkedLeaf> = found
                    .iter()
                    .filter_map(|span| {
                        let first = text.bytes.get(span.start as usize)?;
                        let last = text.bytes.get((span.end as usize).checked_sub(1)?)?;
                        Some(MarkedLeaf { bytes: first.start..last.end, leaf: number })
                    })
                    .collect();
                match area {
                    Area::Title => marked.title_marks.extend(marks),
                    Area::Body => marked.body_marks.extend(marks),
                }
            }
        }
        for marks in [&mut marked.title_marks, &mut marked.body_marks] {
            marks.sort_by_key(|mark| (mark.bytes.start, mark.bytes.end));
        }
        marked
    }
}

impl Marked<'_> {
    fn text(&self, area: Area) -> &AreaText {
        match area {
            Area::Title => &self.title,
            Area::Body => &self.body,
        }
    }

    /// Occurrences of a pattern, or (`parts`) of the words that take part in one.
    fn occurrences(&self, pattern: &Pattern, area: Area, out: &mut Vec<Span>, parts: bool) {
        out.clear();
        match pattern {
            Pattern::Word { terms, zone } => {
                let text = self.text(area);
                let mut add = |positions: &Vec<u32>| {
                    out.extend(positions.iter().map(|p| Span { start: *p, end: *p + 1 }));
                };
                if terms.len() < text.positions.len() {
                    terms.iter().filter_map(|(term, _)| text.positions.get(term)).for_each(add);
                } else {
                    for (term, positions) in &text.positions {
                        if holds(terms, term) {
                            add(positions);
                        }
                    }
                }
                keep_zone(*zone, area, out);
            }
            Pattern::Name { terms, zone } => {
                for mention in &self.stored.mentions {
                    let Some(entity) = self.stored.entities.get(mention.entity as usize) else {
                        continue;
                    };
                    let prefix = entity_prefix(entity.kind);
                    let any = holds(terms, &prefix.to_string());
                    if any || holds(terms, &format!("{prefix}{}", entity.name)) {
                        out.extend(self.mention_span(mention, area));
                    }
                }
                keep_zone(*zone, area, out);
            }
            Pattern::Any(patterns) => {
                let mut found = Vec::new();
                for pattern in patterns {
                    self.occurrences(pattern, area, &mut found, parts);
                    out.extend_from_slice(&found);
                }
            }
            Pattern::Phrase { parts: words, gaps } => {
                self.phrase(words, &Fit::Exact(gaps.clone()), area, out);
            }
            Pattern::Loose { parts: words, slop } => {
                self.phrase(words, &Fit::Loose(*slop), area, out);
                if parts {
                    let whole = std::mem::take(out);
                    self.parts_inside(words.iter(), area, &whole, out);
                }
            }
            Pattern::Near { closeness, left, right } => {
                self.near(*closeness, left, right, area, out);
                if parts && !matches!(closeness, Closeness::NotWithin(_)) {
                    let whole = std::mem::take(out);
                    self.parts_inside([&**left, &**right].into_iter(), area, &whole, out);
                }
            }
        }
        spans::normalise(out);
    }

    fn phrase(&self, words: &[Pattern], fit: &Fit, area: Area, out: &mut Vec<Span>) {
        let mut found: Vec<Vec<Span>> = Vec::with_capacity(words.len());
        for word in words {
            let mut spans = Vec::new();
            self.occurrences(word, area, &mut spans, false);
            if spans.is_empty() {
                return;
            }
            found.push(spans);
        }
        fit.join(&mut found, out);
    }

    fn near(
        &self,
        closeness: Closeness,
        left: &Pattern,
        right: &Pattern,
        area: Area,
        out: &mut Vec<Span>,
    ) {
        let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
        self.occurrences(left, area, &mut of_left, false);
        self.occurrences(right, area, &mut of_right, false);
        let text = self.text(area);
        // A headline is one sentence, as in the index.
        let unit = |starts: &[u32], out: &mut Vec<Span>| {
            let starts = if area == Area::Title { &[] } else { starts };
            spans::same_unit(&of_left, &of_right, starts, out);
        };
        match closeness {
            Closeness::Within(n) => spans::within(&of_left, &of_right, n, out),
            Closeness::Before(n) => spans::before(&of_left, &of_right, n, out),
            Closeness::NotWithin(n) => spans::not_within(&of_left, &of_right, n, out),
            Closeness::Sentence => unit(&text.sentences, out),
            Closeness::Paragraph => unit(&text.paragraphs, out),
        }
    }

    fn parts_inside<'p>(
        &self,
        patterns: impl Iterator<Item = &'p Pattern>,
        area: Area,
        whole: &[Span],
        out: &mut Vec<Span>,
    ) {
        let mut found = Vec::new();
        for pattern in patterns {
            self.occurrences(pattern, area, &mut found, true);
            out.extend(found.iter().copied().filter(|span| {
                whole.iter().any(|all| all.start <= span.start && span.end <= all.end)
            }));
        }
    }

    fn mention_span(&self, mention: &StoredMention, area: Area) -> Option<Span> {
        if mention.in_title != (area == Area::Title) {
            return None;
        }
        let bytes = &self.text(area).bytes;
        let start = bytes.partition_point(|token| token.end <= mention.start as usize);
        let end = bytes.partition_point(|token| token.start < mention.end as usize);
        (start < end).then_some(Span { start: start as u32, end: end as u32 })
    }

    /// Stretches of the headline that match, in bytes, without overlap.
    #[must_use]
    pub(super) fn title_matches(&self) -> Vec<Range<usize>> {
        merged(self.title_marks.iter().map(|mark| mark.bytes.clone()))
    }

    /// Stretches of the text that match, in bytes, without overlap.
    #[must_use]
    pub(super) fn body_matches(&self) -> Vec<Range<usize>> {
        merged(self.body_marks.iter().map(|mark| mark.bytes.clone()))
    }

    /// The passages that show best what was found: the headline if it matches, then the sentences
    /// with the most of what was looked for, or else the beginning of the text.
    #[must_use]
    pub(super) fn snippets(&self, leaves: &[Leaf]) -> Vec<Snippet> {
        let mut snippets = Vec::new();
        let title = &self.stored.article.title;
        if !self.title_marks.is_empty() {
            let matches = self.title_matches();
            snippets.push(snippet("title", title, 0..title.len(), &matches));
        }
        let body = &self.stored.article.body;
        let matches = self.body_matches();
        for bytes in self.best_sentences(leaves) {
            snippets.push(snippet("body", body, bytes, &matches));
        }
        if snippets.is_empty() || (self.body_marks.is_empty() && !body.is_empty()) {
            let start = self.body.sentence_bytes.first().map_or(0, |first| first.start);
            let second = self.body.sentence_bytes.get(1).or(self.body.sentence_bytes.first());
            let end = second.map_or(body.len(), |second| second.end);
            snippets.push(snippet("body", body, start..end, &matches));
        }
        snippets
    }

    fn best_sentences(&self, leaves: &[Leaf]) -> Vec<Range<usize>> {
        let sentence_of = |mark: &MarkedLeaf| {
            let later = self
                .body
                .sentence_bytes
                .partition_point(|bytes| bytes.start <= mark.bytes.start);
            later.checked_sub(1)
        };
        let mut by_sentence: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for mark in &self.body_marks {
            if let Some(sentence) = sentence_of(mark) {
                by_sentence.entry(sentence).or_default().push(mark.leaf);
            }
        }
        let mut rated: Vec<(f32, usize, Vec<usize>)> = by_sentence
            .into_iter()
            .map(|(sentence, mut found)| {
                let repeats = found.len();
                found.sort_unstable();
                found.dedup();
                let worth: f32 = found
                    .iter()
                    .map(|leaf| leaves.get(*leaf).map_or(1.0, |leaf| leaf.worth().max(0.1)))
                    .sum();
                let early = 0.3 / (1.0 + sentence as f32);
                (worth + 0.05 * repeats.min(5) as f32 + early, sentence, found)
            })
            .collect();
        let mut chosen: Vec<usize> = Vec::new();
        let mut shown: Vec<usize> = Vec::new();
        // What one passage shows already counts for little in the next.
        while chosen.len() < SNIPPETS && !rated.is_empty() {
            let gain = |(worth, _, found): &(f32, usize, Vec<usize>)| {
                let fresh = found.iter().filter(|leaf| !shown.contains(leaf)).count();
                worth * (0.2 + fresh as f32 / found.len().max(1) as f32)
            };
            let best = (0..rated.len())
                .max_by(|a, b| {
                    let (a, b) = (&rated[*a], &rated[*b]);
                    gain(a).total_cmp(&gain(b)).then(b.1.cmp(&a.1))
                })
                .unwrap_or(0);
            let (_, sentence, found) = rated.swap_remove(best);
            chosen.push(sentence);
            shown.extend(found);
        }
        chosen.sort_unstable();
        let bytes = chosen.into_iter().filter_map(|s| self.body.sentence_bytes.get(s));
        bytes.map(|bytes| self.cut_around_marks(bytes.clone())).collect()
    }

    /// A sentence, or the part of a long one that holds its first marks.
    fn cut_around_marks(&self, sentence: Range<usize>) -> Range<usize> {
        if sentence.len() <= SNIPPET_LENGTH {
            return sentence;
        }
        let inside = |mark: &&MarkedLeaf| sentence.contains(&mark.bytes.start);
        let first = self.body_marks.iter().find(inside);
        let mark = first.map_or(sentence.start, |mark| mark.bytes.start);
        let lead = (SNIPPET_LENGTH / 4).min(mark - sentence.start);
        let wanted = mark - lead;
        let words = &self.body.bytes;
        let from = words.partition_point(|word| word.start < wanted);
        let start = if lead < SNIPPET_LENGTH / 4 {
            sentence.start
        } else {
            words.get(from).map_or(sentence.start, |word| word.start)
        };
        let limit = start + SNIPPET_LENGTH;
        let fitting = words
            .iter()
            .skip(from)
            .take_while(|word| word.end <= limit.min(sentence.end))
            .last();
        let end = if limit >= sentence.end {
            sentence.end
        } else {
            fitting.map_or(sentence.end, |word| word.end)
        };
        start..end.max(start)
    }

    /// Concordance lines: each match with what stands around it.
    #[must_use]
    pub(super) fn context(&self, most: usize) -> Vec<ContextLine> {
        let body = &self.stored.article.body;
        let mut keywords: Vec<Range<usize>> = Vec::new();
        for bytes in self.body_matches() {
            let follows = |last: &Range<usize>| {
                body.get(last.end..bytes.start).is_some_and(|gap| gap.chars().all(|c| c == ' '))
            };
            match keywords.last_mut() {
                // Words of a phrase or a connector that follow each other are one match.
                Some(last) if follows(last) => last.end = bytes.end,
                _ => keywords.push(bytes),
            }
        }
        let lines = keywords.into_iter().take(most).map(|bytes| {
            let left = body.get(..bytes.start).unwrap_or_default();
            let right = body.get(bytes.end..).unwrap_or_default();
            let mut before: Vec<char> = left.chars().rev().take(CONTEXT_WIDTH * 2).collect();
            before.reverse();
            let before = text::one_line(&before.into_iter().collect::<String>());
            let after: String = right.chars().take(CONTEXT_WIDTH * 2).collect();
            let after = text::one_line(&after);
            ContextLine {
                left: last_words(&before, CONTEXT_WIDTH),
                keyword: text::one_line(body.get(bytes).unwrap_or_default()),
                right: first_words(&after, CONTEXT_WIDTH),
            }
        });
        lines.collect()
    }
}

impl Leaf {
    /// How much the leaf weighs in a score.
    #[must_use]
    pub(super) fn worth(&self) -> f32 {
        match self.query.worth {
            super::score::Worth::Nothing => 0.0,
            super::score::Worth::Words(worth) | super::score::Worth::Names(worth) => worth,
        }
    }
}

fn holds(terms: &Terms, term: &str) -> bool {
    terms.binary_search_by(|(known, _)| known.as_str().cmp(term)).is_ok()
}

fn keep_zone(zone: Zone, area: Area, spans: &mut Vec<Span>) {
    match (zone, area) {
        (Zone::Anywhere, _) | (Zone::Title, Area::Title) | (Zone::Body, Area::Body) => {}
        (Zone::Lead, Area::Body) => spans.retain(|span| span.start < LEAD_WORDS),
        (Zone::Title, Area::Body) | (Zone::Body | Zone::Lead, Area::Title) => spans.clear(),
    }
}

/// Ranges in order, joined where they overlap.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// A passage on one line, with the matches inside it in characters of that line.
fn snippet(field: &str, text: &str, bytes: Range<usize>, matches: &[Range<usize>]) -> Snippet {
    let passage = text.get(bytes.clone()).unwrap_or_default();
    let mut line = String::with_capacity(passage.len());
    let mut characters = 0;
    let mut highlights: Vec<[usize; 2]> = Vec::new();
    let mut waiting = matches.iter().filter(|m| m.start >= bytes.start && m.end <= bytes.end);
    let mut current = waiting.next();
    let mut open: Option<usize> = None;
    let mut space = false;
    for (at, character) in passage.char_indices() {
        let at = bytes.start + at;
        if let (Some(range), Some(start)) = (current, open)
            && at >= range.end
        {
            highlights.push([start, characters]);
            open = None;
            current = waiting.next();
        }
        if character.is_whitespace() {
            space = characters > 0;
            continue;
        }
        if space {
            line.push(' ');
            characters += 1;
            space = false;
        }
        if open.is_none() && current.is_some_and(|range| at >= range.start && at < range.end) {
            open = Some(characters);
        }
        line.push(character);
        characters += 1;
    }
    if let Some(start) = open {
        highlights.push([start, characters]);
    }
    Snippet { field: field.to_owned(), text: line, highlights }
}

fn last_words(line: &str, width: usize) -> String {
    let length = line.chars().count();
    if length <= width {
        return line.to_owned();
    }
    let cut: String = line.chars().skip(length - width).collect();
    cut.split_once(' ').map_or(cut.clone(), |(_, words)| words.to_owned())
}

fn first_words(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let cut: String = line.chars().take(width).collect();
    cut.rsplit_once(' ').map_or(cut.clone(), |(words, _)| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_line_and_its_marks_count_characters() {
        let text = "Zürich\n  met  “Kerry” there.";
        let start = text.find("Kerry").unwrap();
        let zurich = 0.."Zürich".len();
        let matches = [zurich, start..start + 5];
        let made = snippet("body", text, 0..text.len(), &matches);
        assert_eq!(made.text, "Zürich met “Kerry” there.");
        let marked: Vec<String> = made
            .highlights
            .iter()
            .map(|[from, to]| made.text.chars().skip(*from).take(to - from).collect())
            .collect();
        assert_eq!(marked, ["Zürich", "Kerry"]);
    }
}
