//! Two versions of a story, by word.

use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _;

use super::hits;
use super::look::{ADDED, BOLD, DIM, Look, REMOVED, visible};
use crate::search::ArticleView;

/// Paragraphs without a change that are shown before and after one.
const AROUND: usize = 1;

/// What differs between two articles: words taken away and words added, in their paragraphs.
/// Without colours they stand in `[-…-]` and `{+…+}`.
pub(super) fn diff(old: &ArticleView, new: &ArticleView, look: Look) -> String {
    let mut out = String::new();
    for (sign, style, view) in [("-", REMOVED, old), ("+", ADDED, new)] {
        let sign = look.paint(style, sign);
        let title = look.paint(BOLD, &visible(&view.hit.title));
        out.push_str(&look.lines(&format!("{sign} "), "  ", &title));
        out.push_str(&look.lines("  ", "  ", &hits::about(&view.hit, look)));
    }
    out.push('\n');
    let paragraphs = changes(&whole(old), &whole(new), look);
    if paragraphs.iter().all(|paragraph| !paragraph.is_changed) {
        out.push_str("the same text\n");
        return out;
    }
    let is_near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        paragraphs.iter().skip(from).take(at - from + AROUND + 1).any(|near| near.is_changed)
    };
    let mut skipped = 0;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if !is_near(at) {
            skipped += 1;
            continue;
        }
        push_skipped(&mut out, &mut skipped, look);
        out.push_str(&look.lines("", "", &paragraph.text));
        out.push('\n');
    }
    push_skipped(&mut out, &mut skipped, look);
    out
}

fn push_skipped(out: &mut String, skipped: &mut usize, look: Look) {
    if *skipped > 0 {
        let paragraphs = if *skipped == 1 { "paragraph" } else { "paragraphs" };
        let note = look.paint(DIM, &format!("({skipped} {paragraphs} unchanged)"));
        let _ = writeln!(out, "{note}\n");
        *skipped = 0;
    }
}

fn whole(view: &ArticleView) -> String {
    format!("{}\n\n{}", view.hit.title, view.body)
}

struct Paragraph {
    text: String,
    is_changed: bool,
}

/// All paragraphs of both, with the changes marked in them.
fn changes(old: &str, new: &str, look: Look) -> Vec<Paragraph> {
    let (old, new) = (words(old), words(new));
    let diff = TextDiff::configure()
        .timeout(std::time::Duration::from_secs(5))
        .diff_slices(&old, &new);
    let mut paragraphs = Vec::new();
    let mut current = Paragraph { text: String::new(), is_changed: false };
    let mut run: Option<(ChangeTag, String)> = None;
    for change in diff.iter_all_changes() {
        let (tag, word) = (change.tag(), change.value());
        let is_break = word == BREAK;
        if run.as_ref().is_some_and(|(running, _)| *running != tag) || is_break {
            push_run(&mut current, run.take(), look);
        }
        if is_break {
            // A paragraph that only one version has ends all the same.
            current.is_changed |= tag != ChangeTag::Equal && !current.text.is_empty();
            if !current.text.is_empty() {
                let next = Paragraph { text: String::new(), is_changed: false };
                paragraphs.push(std::mem::replace(&mut current, next));
            }
            continue;
        }
        let (_, text) = run.get_or_insert_with(|| (tag, String::new()));
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&visible(word));
    }
    push_run(&mut current, run, look);
    if !current.text.is_empty() {
        paragraphs.push(current);
    }
    paragraphs
}

/// Stands for the end of a paragraph among the words.
const BREAK: &str = "\n\n";

fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for paragraph in text.split(BREAK) {
        if !words.is_empty() {
            words.push(BREAK);
        }
        words.extend(paragraph.split_whitespace());
    }
    words
}

fn push_run(paragraph: &mut Paragraph, run: Option<(ChangeTag, String)>, look: Look) {
    let Some((tag, text)) = run else { return };
    if !paragraph.text.is_empty() {
        paragraph.text.push(' ');
    }
    let words = |style| {
        let words: Vec<String> = text.split(' ').map(|word| look.paint(style, word)).collect();
        words.join(" ")
    };
    let shown = match tag {
        ChangeTag::Equal => text.clone(),
        ChangeTag::Delete if look.color => words(REMOVED),
        ChangeTag::Insert if look.color => words(ADDED),
        ChangeTag::Delete => format!("[-{text}-]"),
        ChangeTag::Insert => format!("{{+{text}+}}"),
    };
    paragraph.is_changed |= tag != ChangeTag::Equal;
    paragraph.text.push_str(&shown);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_by_word() {
        let check = |old: &str, new: &str, shown: &[&str]| {
            let paragraphs = changes(old, new, Look::default());
            let texts: Vec<&str> = paragraphs.iter().map(|p| p.text.as_str()).collect();
            assert_eq!(texts, shown);
            let any = paragraphs.iter().any(|p| p.is_changed);
            assert_eq!(any, old != new);
        };
        check(
            "Talks end\n\nOn Monday.",
            "Talks end\n\nOn Monday.",
            &["Talks end", "On Monday."],
        );
        check(
            "At least 12 people died.",
            "At least 14 people have died.",
            &["At least [-12-] {+14+} people {+have+} died."],
        );
        check("One.\n\nTwo.", "One.", &["One.", "[-Two.-]"]);
    }
}
