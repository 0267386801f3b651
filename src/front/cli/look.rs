//! How text looks: styles where there are colours, lines as wide as the terminal, and nothing of an
//! article that a terminal would act on.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// Whether text is coloured, and where its lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Styles are written.
    pub(super) color: bool,
    /// Columns of the terminal; `None` where the text goes elsewhere: then lines are not broken.
    pub(super) width: Option<usize>,
}

/// No line of text is broken later than here: longer ones are hard to read.
const WIDEST: usize = 100;
/// No earlier than here, however narrow the terminal.
const NARROWEST: usize = 30;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
/// A match of the search.
pub(super) const MATCH: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();
pub(super) const REMOVED: Style = AnsiColor::Red.on_default().strikethrough();
pub(super) const ADDED: Style = AnsiColor::Green.on_default().bold();
pub(super) const BAR: Style = AnsiColor::Cyan.on_default();

impl Look {
    /// The text in a style, if there are styles. It must be fit for a terminal ([`visible`]).
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// The text with stretches in styles: `marks` are ranges of Unicode scalar values, rising.
    /// Styles end with each word, so that lines can be broken anywhere.
    pub(super) fn marked(self, text: &str, marks: &[(usize, usize, Style)]) -> String {
        if !self.color {
            return visible(text).into_owned();
        }
        let mut out = String::with_capacity(text.len() + marks.len() * 12);
        let mut marks = marks.iter().peekable();
        let mut current: Option<Style> = None;
        for (at, c) in text.chars().enumerate() {
            while marks.next_if(|(_, end, _)| *end <= at).is_some() {}
            let wanted = marks
                .peek()
                .filter(|(start, _, _)| *start <= at && !c.is_whitespace())
                .map(|(_, _, style)| *style);
            if wanted != current {
                if let Some(style) = current {
                    let _ = write!(out, "{style:#}");
                }
                if let Some(style) = wanted {
                    let _ = write!(out, "{style}");
                }
                current = wanted;
            }
            push_visible(&mut out, c);
        }
        if let Some(style) = current {
            let _ = write!(out, "{style:#}");
        }
        out
    }

    /// The text as lines, each after `indent` (the first after `first`), broken to the terminal's
    /// width, with a line end after each.
    pub(super) fn lines(self, first: &str, indent: &str, text: &str) -> String {
        let Some(columns) = self.columns() else { return format!("{first}{text}\n") };
        let options = textwrap::Options::new(columns)
            .initial_indent(first)
            .subsequent_indent(indent)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut out = textwrap::wrap(text, options).join("\n");
        out.push('\n');
        out
    }

    /// Columns that text may take.
    pub(super) fn columns(self) -> Option<usize> {
        self.width.map(|width| width.clamp(NARROWEST, WIDEST))
    }
}

/// The text without control characters and marks of direction: what replaces them is one column
/// wide. Line ends become spaces.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
        _ if acts(c) => out.push('\u{fffd}'),
        _ => out.push(c),
    }
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text, cut to so many columns with an ellipsis.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if unicode_width::UnicodeWidthStr::width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + 1 > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// The text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLORED: Look = Look { color: true, width: None };

    #[test]
    fn nothing_of_an_article_reaches_the_terminal_as_a_command() {
        let hostile = "a\u{1b}[2Jb\u{9b}31m\u{7f}\u{202e}c\r\n\td";
        let shown = "a\u{fffd}[2Jb\u{fffd}31m\u{fffd}\u{fffd}c   d";
        assert_eq!(visible(hostile), shown);
        assert_eq!(Look::default().marked(hostile, &[]), shown);
        assert_eq!(COLORED.marked(hostile, &[]), shown);
    }

    #[test]
    fn marks_count_characters_and_end_with_each_word() {
        let bold = |text: &str| format!("{BOLD}{text}{BOLD:#}");
        let check = |text: &str, marks: &[(usize, usize)], shown: &str| {
            let marks: Vec<_> = marks.iter().map(|(start, end)| (*start, *end, BOLD)).collect();
            assert_eq!(COLORED.marked(text, &marks), shown);
            assert_eq!(Look::default().marked(text, &marks), text);
        };
        check("“é” talks", &[(1, 2)], &format!("“{}” talks", bold("é")));
        check("two words", &[(0, 9)], &format!("{} {}", bold("two"), bold("words")));
        check("end", &[(2, 3)], &format!("en{}", bold("d")));
        check("end", &[(3, 9)], "end");
        check("", &[], "");
    }

    #[test]
    fn lines_keep_within_the_terminal() {
        let look = Look { color: false, width: Some(34) };
        let text = look.lines("1. ", "   ", "ten nuclear tests in the space of a year");
        assert_eq!(text, "1. ten nuclear tests in the space\n   of a year\n");
        assert_eq!(Look::default().lines("1. ", "   ", "as it is"), "1. as it is\n");
    }

    #[test]
    fn what_does_not_fit_ends_in_dots() {
        assert_eq!(fit("日本語", 5), "日本…");
    }
}
