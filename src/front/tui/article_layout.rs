//! An article as lines of a given width, with every match and every name in its place.

use unicode_segmentation::UnicodeSegmentation;

use super::filters::entities;
use super::visible;
use crate::entity::EntityKind;
use crate::search::{ArticleView, Mark, MarkKind};

/// What a stretch of text is, for the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Body,
    Title,
    /// What is known about the article: date, source, length.
    Note,
    /// A heading of a list of such.
    Label,
}

/// How a stretch of text is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) role: Role,
    /// Which match it belongs to: an index into [`ArticleLayout::matches`].
    pub(super) matched: Option<usize>,
    /// Which name it belongs to: an index into [`ArticleLayout::names`].
    pub(super) name: Option<usize>,
}

/// A stretch of a line in one ink. Its text is clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) ink: Ink,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LaidLine {
    pub(super) runs: Vec<Run>,
    /// The first cell of its text: more than 0 where the text is written from right to left.
    pub(super) indent: usize,
}

/// A name that can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) kind: EntityKind,
    pub(super) name: String,
    pub(super) line: usize,
}

/// The lines of an article.
#[derive(Clone, Debug, Default)]
pub(super) struct ArticleLayout {
    pub(super) lines: Vec<LaidLine>,
    /// The line that each match begins in, in the order of the text.
    pub(super) matches: Vec<usize>,
    /// Each name, in the order of the text.
    pub(super) names: Vec<Named>,
}

impl ArticleLayout {
    /// Lays an article out in lines of `width` cells.
    pub(super) fn new(article: &ArticleView, width: usize) -> Self {
        let mut layout = Layouter { width: width.max(1), result: Self::default() };
        let hit = &article.hit;
        let title = if hit.title.trim().is_empty() { "(no headline)" } else { &hit.title };
        layout.text(title, &article.title_marks, Role::Title);
        for note in notes(article) {
            layout.text(&note, &[], Role::Note);
        }
        if let Some(dateline) = &article.dateline {
            layout.text(dateline, &[], Role::Note);
        }
        layout.blank();
        layout.text(&article.body, &article.body_marks, Role::Body);
        for caption in &article.captions {
            layout.blank();
            layout.text(&format!("[Caption] {caption}"), &[], Role::Note);
        }
        layout.blank();
        for kind in EntityKind::ALL {
            layout.entities(article, kind);
        }
        for (label, value) in [("File", place_of(article)), ("Address", hit.url.clone())] {
            if let Some(value) = value {
                layout.text(&format!("{label}: {value}"), &[], Role::Note);
            }
        }
        layout.result
    }

    /// What stands at a cell of a line.
    pub(super) fn ink_at(&self, line: usize, column: usize) -> Option<Ink> {
        let line = self.lines.get(line)?;
        let mut reached = line.indent;
        if column < reached {
            return None;
        }
        line.runs.iter().find_map(|run| {
            reached += visible::width(&run.text);
            (column < reached).then_some(run.ink)
        })
    }

    /// The text of one line.
    pub(super) fn line_text(&self, line: usize) -> String {
        self.lines
            .get(line)
            .map(|line| line.runs.iter().map(|run| run.text.as_str()).collect())
            .unwrap_or_default()
    }
}

/// The lines under the headline.
fn notes(article: &ArticleView) -> Vec<String> {
    let hit = &article.hit;
    let mut facts = Vec::new();
    facts.extend(hit.source.clone());
    facts.push(hit.date.map_or_else(|| "no date".to_owned(), |date| date.to_string()));
    facts.push(format!("{} words", crate::text::grouped(u64::from(hit.words))));
    facts.extend(hit.section.clone());
    facts.extend(hit.page.as_ref().map(|page| format!("page {page}")));
    facts.extend(article.edition.clone());
    facts.extend(hit.language.clone());
    let mut notes = vec![facts.join(" · ")];
    if !hit.byline.is_empty() {
        notes.push(format!("By {}", hit.byline.join(", ")));
    }
    if let Some(status) = &hit.status {
        notes.push(format!("Status: {status}"));
    }
    notes
}

fn place_of(article: &ArticleView) -> Option<String> {
    let hit = &article.hit;
    if hit.path.is_empty() {
        return None;
    }
    Some(match &hit.member {
        Some(member) => format!("{} ({member})", hit.path),
        None => hit.path.clone(),
    })
}

/// A text as clean lines of at most `width` cells.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut paragraph = Paragraph::new(width.max(1));
    paragraph.push_text(text, Ink::default());
    let joined = |pieces: Vec<Piece>| pieces.into_iter().map(|piece| piece.text).collect();
    paragraph.finish().into_iter().map(joined).collect()
}

/// A text in clean lines, from character `start` on, with what is `marked` apart from the rest.
/// Of several stretches the marks may overlap and come in any order.
pub(super) fn wrap_marked(
    text: &str,
    start: usize,
    marked: &[[usize; 2]],
    width: usize,
) -> Vec<Vec<(String, bool)>> {
    let mut paragraph = Paragraph::new(width.max(1));
    let mut place = 0;
    for grapheme in text.graphemes(true) {
        let end = place + grapheme.chars().count();
        if place >= start {
            let matched = marked.iter().any(|[from, until]| *from < end && place < *until);
            let ink = Ink { matched: matched.then_some(0), ..Ink::default() };
            paragraph.push(visible::shown(grapheme), ink);
        }
        place = end;
    }
    let mut lines = Vec::new();
    for pieces in paragraph.finish() {
        let mut line: Vec<(String, bool)> = Vec::new();
        for piece in pieces {
            let matched = piece.ink.matched.is_some();
            match line.last_mut() {
                Some((run, same)) if *same == matched => run.push_str(&piece.text),
                _ => line.push((piece.text, matched)),
            }
        }
        lines.push(line);
    }
    lines
}

/// One grapheme on its way into a line.
struct Piece {
    text: String,
    width: usize,
    ink: Ink,
}

impl Piece {
    fn is_space(&self) -> bool {
        self.text == " "
    }
}

struct Layouter {
    width: usize,
    result: ArticleLayout,
}

impl Layouter {
    fn blank(&mut self) {
        if self.result.lines.last().is_some_and(|line| !line.runs.is_empty()) {
            self.result.lines.push(LaidLine::default());
        }
    }

    /// Lays out a text with its marks, paragraph by paragraph.
    fn text(&mut self, text: &str, marks: &[Mark], role: Role) {
        let mut matches = Cursor::new(marks, |what| matches!(what, MarkKind::Match));
        let mut names = Cursor::new(marks, |what| matches!(what, MarkKind::Entity { .. }));
        let mut place = 0;
        for line in text.split_inclusive('\n') {
            if line.trim().is_empty() {
                place += line.chars().count();
                self.blank();
                continue;
            }
            let mut paragraph = Paragraph::new(self.width);
            for grapheme in line.graphemes(true) {
                let end = place + grapheme.chars().count();
                let matched = matches.index_at(place, end, |_| {
                    // Its line is set when the line is laid.
                    self.result.matches.push(usize::MAX);
                    self.result.matches.len() - 1
                });
                let name = names.index_at(place, end, |mark| {
                    if let MarkKind::Entity { kind, name } = &mark.what {
                        let (kind, name) = (*kind, name.clone());
                        self.result.names.push(Named { kind, name, line: usize::MAX });
                    }
                    self.result.names.len().saturating_sub(1)
                });
                place = end;
                paragraph.push(visible::shown(grapheme), Ink { role, matched, name });
            }
            self.lay(paragraph.finish(), visible::is_right_to_left(line));
        }
    }

    /// The entities of the article in one list: each can be pointed at.
    fn entities(&mut self, article: &ArticleView, kind: EntityKind) {
        let listed = entities(&article.hit, kind);
        if listed.is_empty() {
            return;
        }
        let label = match kind {
            EntityKind::Person => "People: ",
            EntityKind::Organisation => "Organisations: ",
            EntityKind::Place => "Places: ",
        };
        let mut paragraph = Paragraph::new(self.width);
        paragraph.push_text(label, Ink { role: Role::Label, ..Ink::default() });
        for (number, entity) in listed.iter().enumerate() {
            if number > 0 {
                paragraph.push_text(", ", Ink { role: Role::Note, ..Ink::default() });
            }
            let name = Some(self.result.names.len());
            self.result.names.push(Named { kind, name: entity.name.clone(), line: usize::MAX });
            paragraph.push_text(&entity.name, Ink { role: Role::Note, matched: None, name });
            let count = format!(" {}", entity.mentions);
            paragraph.push_text(&count, Ink { role: Role::Note, ..Ink::default() });
        }
        self.lay(paragraph.finish(), false);
    }

    fn lay(&mut self, lines: Vec<Vec<Piece>>, right_to_left: bool) {
        for pieces in lines {
            let number = self.result.lines.len();
            let used: usize = pieces.iter().map(|piece| piece.width).sum();
            let indent = if right_to_left { self.width.saturating_sub(used) } else { 0 };
            let mut runs: Vec<Run> = Vec::new();
            for piece in pieces {
                if let Some(line) =
                    piece.ink.matched.and_then(|i| self.result.matches.get_mut(i))
                {
                    *line = number.min(*line);
                }
                if let Some(named) = piece.ink.name.and_then(|i| self.result.names.get_mut(i)) {
                    named.line = number.min(named.line);
                }
                match runs.last_mut() {
                    Some(run) if run.ink == piece.ink => run.text.push_str(&piece.text),
                    _ => runs.push(Run { text: piece.text, ink: piece.ink }),
                }
            }
            self.result.lines.push(LaidLine { runs, indent });
        }
    }
}

/// Walks the marks of one kind along with the text.
struct Cursor<'a> {
    marks: Vec<&'a Mark>,
    next: usize,
    /// The mark that covers the present character, with its index in the layout.
    open: Option<(usize, usize)>,
}

impl<'a> Cursor<'a> {
    fn new(marks: &'a [Mark], of_kind: impl Fn(&MarkKind) -> bool) -> Self {
        let mut marks: Vec<&Mark> =
            marks.iter().filter(|mark| of_kind(&mark.what) && mark.start < mark.end).collect();
        marks.sort_by_key(|mark| mark.start);
        Self { marks, next: 0, open: None }
    }

    /// The index in the layout of the mark that covers characters `start..end`, if one does; a
    /// mark met for the first time is given its index by `begin`.
    fn index_at(
        &mut self,
        start: usize,
        end: usize,
        mut begin: impl FnMut(&Mark) -> usize,
    ) -> Option<usize> {
        if self.open.is_some_and(|(until, _)| until <= start) {
            self.open = None;
        }
        while self.open.is_none() {
            let mark = self.marks.get(self.next).filter(|mark| mark.start < end)?;
            self.next += 1;
            if mark.end > start {
                self.open = Some((mark.end, begin(mark)));
            }
        }
        self.open.map(|(_, index)| index)
    }
}

/// Breaks one paragraph into lines: at spaces, after hyphens, and between the characters of
/// scripts that write no spaces; a word longer than the line is cut.
struct Paragraph {
    width: usize,
    lines: Vec<Vec<Piece>>,
    line: Vec<Piece>,
    used: usize,
    /// The last place in the line where it may be broken.
    break_at: Option<usize>,
}

impl Paragraph {
    fn new(width: usize) -> Self {
        Self { width, lines: Vec::new(), line: Vec::new(), used: 0, break_at: None }
    }

    fn push_text(&mut self, text: &str, ink: Ink) {
        for grapheme in text.graphemes(true) {
            self.push(visible::shown(grapheme), ink);
        }
    }

    fn push(&mut self, text: String, ink: Ink) {
        if text.is_empty() {
            return;
        }
        let piece = Piece { width: visible::width(&text), text, ink };
        if piece.is_space()
            && (self.line.is_empty() || self.line.last().is_some_and(Piece::is_space))
        {
            return;
        }
        if self.line.last().is_some_and(|before| may_break(before, &piece)) {
            self.break_at = Some(self.line.len());
        }
        if self.used + piece.width > self.width && !self.line.is_empty() {
            if piece.is_space() {
                self.end_line();
                return;
            }
            let at = self.break_at.take().unwrap_or(self.line.len());
            let rest = self.line.split_off(at);
            self.end_line();
            self.used = rest.iter().map(|piece| piece.width).sum();
            self.line = rest;
        }
        self.used += piece.width;
        self.line.push(piece);
    }

    fn end_line(&mut self) {
        while self.line.last().is_some_and(Piece::is_space) {
            self.line.pop();
        }
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
        self.break_at = None;
    }

    fn finish(mut self) -> Vec<Vec<Piece>> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.lines
    }
}

/// Whether a line may end between two graphemes: the part of Unicode's line breaking (UAX #14)
/// that news needs.
fn may_break(before: &Piece, after: &Piece) -> bool {
    if before.is_space() {
        return !after.is_space();
    }
    let last = before.text.chars().next_back();
    let first = after.text.chars().next();
    if matches!(last, Some('-' | '\u{2010}' | '–' | '—' | '/')) {
        return first.is_some_and(char::is_alphabetic);
    }
    let opens = |c: char| "([{「『（［【〈《“‘".contains(c);
    let closes = |c: char| {
        ")]}」』）］】〉》”’、。，．・：；？！ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…,.:;?!%"
            .contains(c)
    };
    (is_unspaced(before) || is_unspaced(after))
        && !last.is_some_and(opens)
        && !first.is_some_and(closes)
        && !after.is_space()
}

/// Ideographs, kana and their like; Hangul is written with spaces.
fn is_unspaced(piece: &Piece) -> bool {
    let hangul = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7ff}');
    piece.width == 2 && !piece.text.chars().any(hangul)
}

#[cfg(test)]
mod tests {
    use super::super::fake_hits::article;
    use super::*;

    fn lines(layout: &ArticleLayout) -> Vec<String> {
        (0..layout.lines.len()).map(|line| layout.line_text(line)).collect()
    }

    fn marked(layout: &ArticleLayout) -> Vec<String> {
        let mut marked = vec![String::new(); layout.matches.len()];
        for run in layout.lines.iter().flat_map(|line| &line.runs) {
            if let Some(index) = run.ink.matched {
                marked[index].push_str(&run.text);
            }
        }
        marked
    }

    fn check_body(body: &str, width: usize, wanted: &[&str]) {
        let layout = ArticleLayout::new(&article("T", body, &[]), width);
        let lines = lines(&layout);
        let start = lines.iter().position(String::is_empty).unwrap() + 1;
        let end = start + wanted.len();
        assert_eq!(&lines[start..end.min(lines.len())], wanted);
        let widest = lines.iter().map(|line| visible::width(line)).max().unwrap();
        assert!(widest <= width.max(2), "{widest}");
    }

    #[test]
    fn paragraphs_break_where_their_script_allows() {
        check_body("One two three four", 8, &["One two", "three", "four"]);
        check_body("Incomprehensibilities", 10, &["Incomprehe", "nsibilitie", "s"]);
        check_body("Park Geun-hye spoke", 11, &["Park Geun-", "hye spoke"]);
        check_body("a\n\n\n\nb", 10, &["a", "", "b"]);
        check_body("首相は、会談した。明日", 8, &["首相は、", "会談し", "た。明日"]);
        check_body("박근혜 대통령 취임", 8, &["박근혜", "대통령", "취임"]);
        check_body("x", 0, &["x"]);
    }

    #[test]
    fn right_to_left_paragraphs_stand_at_the_right() {
        let layout = ArticleLayout::new(&article("T", "שלום עולם", &[]), 20);
        let line = layout.lines.iter().find(|line| line.indent > 0).unwrap();
        assert_eq!(line.indent, 11);
    }

    #[test]
    fn marks_count_characters_of_the_text_as_it_was_before_cleaning() {
        let body = "\u{1b}[1mKerry\u{202e} met\r\nhim: ke\u{301}rry, Kerry";
        let mark = |text: &str, nth: usize| {
            let at = body.match_indices(text).nth(nth).unwrap().0;
            let start = body.get(..at).unwrap().chars().count();
            (start, start + text.chars().count())
        };
        let marks = [mark("Kerry", 0), mark("ke\u{301}rry", 0), mark("Kerry", 1)];
        let layout = ArticleLayout::new(&article("T", body, &marks), 40);
        assert_eq!(marked(&layout), ["Kerry", "ke\u{301}rry", "Kerry"]);
        assert!(layout.matches[1] > layout.matches[0]);
    }

    #[test]
    fn a_match_broken_over_lines_is_one_and_begins_in_the_first() {
        let layout = ArticleLayout::new(&article("T", "aa peace talks", &[(3, 14)]), 9);
        assert_eq!(layout.matches.len(), 1);
        assert_eq!(layout.line_text(layout.matches[0]), "aa peace");
        assert_eq!(marked(&layout), ["peacetalks"]);
    }

    #[test]
    fn marks_that_point_nowhere_do_no_harm() {
        let marks = [(5, 3), (0, usize::MAX), (900, 901), (1, 2)];
        let layout = ArticleLayout::new(&article("T", "abc", &marks), 10);
        assert_eq!(marked(&layout)[0], "abc");
    }
}
