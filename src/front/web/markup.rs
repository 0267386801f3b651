//! Text and its marks, cut into the pieces that a template writes one after the other.
//!
//! The templates escape every piece; nothing here makes markup.

use super::parameters::entity_path;
use crate::search::{Mark, MarkKind};

/// A stretch of text that is marked the same throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_match: bool,
    /// For the first piece of a match, the match's number in the article, from 1.
    pub(super) number: Option<usize>,
}

/// Pieces that name one entity, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) entity: Option<Named>,
    pub(super) pieces: Vec<Piece>,
}

/// The entity that a run names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// It was named before in this article: no further stop for the tabulator key.
    pub(super) again: bool,
}

/// A text without what a page cannot show: control characters become the replacement character,
/// so that an escape sequence is seen, and is nothing else.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(printable_char).collect()
}

fn printable_char(c: char) -> char {
    if c.is_control() && c != '\n' && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }
}

/// A passage with its highlights (in Unicode scalar values).
pub(super) fn highlighted(text: &str, highlights: &[[usize; 2]]) -> Vec<Piece> {
    let marks: Vec<Mark> = highlights
        .iter()
        .map(|&[start, end]| Mark { start, end, what: MarkKind::Match })
        .collect();
    let mut pieces = Vec::new();
    for run in Marker::new(&marks).paragraphs(text).into_iter().flatten() {
        pieces.extend(run.pieces);
    }
    for piece in &mut pieces {
        piece.number = None;
    }
    pieces
}

/// Cuts the texts of one article; matches are numbered through all of them.
pub(super) struct Marker<'a> {
    matches: Vec<&'a Mark>,
    entities: Vec<(&'a Mark, Named)>,
    numbered: usize,
    seen: Vec<String>,
}

impl<'a> Marker<'a> {
    pub(super) fn new(marks: &'a [Mark]) -> Self {
        let mut marker =
            Self { matches: Vec::new(), entities: Vec::new(), numbered: 0, seen: Vec::new() };
        marker.take(marks);
        marker
    }

    /// Goes on to another text, with these marks.
    pub(super) fn take(&mut self, marks: &'a [Mark]) {
        self.matches.clear();
        self.entities.clear();
        for mark in marks.iter().filter(|mark| mark.start < mark.end) {
            match &mark.what {
                MarkKind::Match => self.matches.push(mark),
                MarkKind::Entity { kind, name } => {
                    let href = entity_path(*kind, name);
                    let again = self.seen.contains(&href);
                    if !again {
                        self.seen.push(href.clone());
                    }
                    let name = name.clone();
                    self.entities.push((mark, Named { href, kind: kind.name(), name, again }));
                }
            }
        }
        self.matches.sort_by_key(|mark| mark.start);
        self.entities.sort_by_key(|(mark, _)| mark.start);
    }

    /// How many matches there were so far.
    pub(super) fn count(&self) -> usize {
        self.numbered
    }

    /// The text, cut at blank lines, and each paragraph at its marks.
    pub(super) fn paragraphs(&mut self, text: &str) -> Vec<Vec<Run>> {
        let mut paragraphs: Vec<Vec<Run>> = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        let mut piece = Piece::default();
        let mut entity: Option<usize> = None;
        let mut matched: Option<usize> = None;
        let (mut next_match, mut next_entity) = (0, 0);
        let mut characters = text.chars().enumerate().peekable();
        while let Some((at, c)) = characters.next() {
            let match_here = covering(&self.matches, &mut next_match, at, |mark| mark);
            let entity_here = covering(&self.entities, &mut next_entity, at, |(mark, _)| mark);
            let is_break =
                c == '\n' && characters.peek().is_some_and(|(_, next)| *next == '\n');
            if is_break || match_here != matched || entity_here != entity {
                self.close(&mut piece, entity, &mut runs);
            }
            if is_break {
                while characters.next_if(|(_, next)| *next == '\n').is_some() {}
                if !runs.is_empty() {
                    paragraphs.push(std::mem::take(&mut runs));
                }
                (entity, matched) = (None, None);
                continue;
            }
            if match_here != matched && match_here.is_some() {
                self.numbered += 1;
                piece.number = Some(self.numbered);
            }
            (entity, matched) = (entity_here, match_here);
            piece.is_match = matched.is_some();
            piece.text.push(printable_char(c));
        }
        self.close(&mut piece, entity, &mut runs);
        if !runs.is_empty() {
            paragraphs.push(runs);
        }
        paragraphs
    }

    /// Puts a piece that has ended behind those before it.
    fn close(&self, piece: &mut Piece, entity: Option<usize>, runs: &mut Vec<Run>) {
        let piece = std::mem::take(piece);
        if piece.text.is_empty() {
            return;
        }
        let named = entity.and_then(|index| self.entities.get(index)).map(|(_, named)| named);
        match runs.last_mut() {
            Some(run) if run.entity.as_ref() == named => run.pieces.push(piece),
            _ => runs.push(Run { entity: named.cloned(), pieces: vec![piece] }),
        }
    }
}

/// Which of the marks covers a character; `next` moves on with the text.
fn covering<T>(
    marks: &[T],
    next: &mut usize,
    at: usize,
    mark_of: impl Fn(&T) -> &Mark,
) -> Option<usize> {
    while marks.get(*next).is_some_and(|item| mark_of(item).end <= at) {
        *next += 1;
    }
    marks.get(*next).is_some_and(|item| mark_of(item).start <= at).then_some(*next)
}

/// An address on the web that a link may lead to; any other scheme is shown as text.
pub(super) fn safe_url(url: &str) -> Option<&str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())?;
    let is_plain = url.chars().all(|c| !c.is_control() && !c.is_whitespace());
    (matches!(scheme.as_str(), "http" | "https") && is_plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::EntityKind;

    fn check(text: &str, marks: &[Mark], expected: &str) {
        let mut shown = String::new();
        for paragraph in Marker::new(marks).paragraphs(text) {
            shown.push('¶');
            for run in paragraph {
                if run.entity.is_some() {
                    shown.push('<');
                }
                for piece in run.pieces {
                    if piece.is_match {
                        let number = piece.number.map(|n| n.to_string()).unwrap_or_default();
                        shown.push_str(&format!("[{number}:{}]", piece.text));
                    } else {
                        shown.push_str(&piece.text);
                    }
                }
                if run.entity.is_some() {
                    shown.push('>');
                }
            }
        }
        assert_eq!(shown, expected);
    }

    fn hit(start: usize, end: usize) -> Mark {
        Mark { start, end, what: MarkKind::Match }
    }

    fn named(start: usize, end: usize) -> Mark {
        let what = MarkKind::Entity { kind: EntityKind::Person, name: "Él".to_owned() };
        Mark { start, end, what }
    }

    #[test]
    fn texts_are_cut_at_marks_and_blank_lines() {
        check("", &[], "");
        check("\n\n\none\ntwo\n\n\nthree\n", &[], "¶one\ntwo¶three\n");
        check("Él spoke", &[named(0, 2), hit(3, 8)], "¶<Él> [1:spoke]");
        check("Él spoke", &[named(0, 2), hit(1, 4)], "¶<É[1:l]>[: s]poke");
        check("ab\n\ncd", &[hit(1, 5)], "¶a[1:b]¶[2:c]d");
        check("ab", &[hit(0, 1), hit(1, 2), hit(5, 9), hit(1, 1)], "¶[1:a][2:b]");
        check("\u{1b}[31m", &[], "¶\u{fffd}[31m");
    }

    #[test]
    fn only_plain_web_addresses_become_links() {
        assert!(safe_url("https://news.example/1").is_some());
        assert!(safe_url("HTTP://news.example/1").is_some());
        for url in ["javascript:alert(1)", "javascript://x/%0aalert(1)", "data://", "//x", "/x"]
        {
            assert_eq!(safe_url(url), None, "{url}");
        }
    }
}
