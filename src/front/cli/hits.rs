//! Hits as text for a person.

use super::look::{BOLD, DIM, Look, MATCH, capitalised, fit, visible};
use crate::search::{Copy, EntityCount, Explanation, FacetCount, Facets, Hit};
use crate::text::counted;
use std::fmt::Write as _;

/// People named under a hit at the most.
const MOST_PEOPLE: usize = 6;
/// Copies named under a hit at the most.
const MOST_COPIES: usize = 4;
/// Values shown of each facet.
const MOST_VALUES: usize = 8;
/// Columns of the context on either side of a keyword, where lines are not as wide as a terminal.
const CONTEXT: usize = 40;

/// A hit: headline, what is known of the article, the best passages, who is in it, its copies.
pub(super) fn hit(hit: &Hit, look: Look) -> String {
    let number = format!("{:>2}. ", hit.rank);
    let indent = " ".repeat(number.len());
    let marks = title_marks(hit);
    let title = if hit.title.trim().is_empty() {
        look.paint(DIM, "(no headline)")
    } else {
        look.paint(BOLD, &visible(&hit.title))
    };
    let title = match marks {
        Some(marks) if look.color => {
            let styled: Vec<_> = spread(&marks, hit.title.chars().count());
            look.marked(&hit.title, &styled)
        }
        _ => title,
    };
    let mut out = look.lines(&number, &indent, &title);
    out.push_str(&look.lines(&indent, &indent, &about(hit, look)));
    if hit.context.is_empty() {
        for snippet in hit.snippets.iter().filter(|snippet| snippet.field != "title") {
            let marks: Vec<_> =
                snippet.highlights.iter().map(|[start, end]| (*start, *end, MATCH)).collect();
            out.push_str(&look.lines(&indent, &indent, &look.marked(&snippet.text, &marks)));
        }
    } else {
        for line in concordance(hit, look, indent.len()) {
            let _ = writeln!(out, "{indent}{line}");
        }
    }
    if !hit.people.is_empty() {
        let names = look.paint(DIM, &names(&hit.people));
        out.push_str(&look.lines(&indent, &indent, &names));
    }
    if !hit.copies.is_empty() {
        let copies = look.paint(DIM, &copies(&hit.copies));
        out.push_str(&look.lines(&indent, &indent, &copies));
    }
    if let Some(explanation) = &hit.explain {
        explain(explanation, &indent, 0, look, &mut out);
    }
    out
}

/// Where the headline matches.
fn title_marks(hit: &Hit) -> Option<Vec<[usize; 2]>> {
    let snippet = hit.snippets.iter().find(|snippet| snippet.field == "title")?;
    (snippet.text == hit.title).then(|| snippet.highlights.clone())
}

/// The marks, and what lies between them in bold.
fn spread(marks: &[[usize; 2]], length: usize) -> Vec<(usize, usize, anstyle::Style)> {
    let mut spread = Vec::new();
    let mut at = 0;
    for [start, end] in marks {
        if at < *start {
            spread.push((at, *start, BOLD));
        }
        spread.push((*start, *end, MATCH));
        at = *end;
    }
    if at < length {
        spread.push((at, length, BOLD));
    }
    spread
}

/// Source, date, authors, length and identifier, on one line.
pub(super) fn about(hit: &Hit, look: Look) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(hit.source.as_deref().map(|source| visible(source).into_owned()));
    parts.push(hit.date.map_or_else(|| "undated".to_owned(), |date| date.to_string()));
    if !hit.byline.is_empty() {
        let authors: Vec<_> = hit.byline.iter().map(|author| visible(author)).collect();
        parts.push(format!("by {}", authors.join(", ")));
    }
    parts.push(counted(u64::from(hit.words), "word", "words"));
    if let Some(language) = hit.language.as_deref().filter(|language| *language != "en") {
        parts.push(visible(language).into_owned());
    }
    parts.extend(hit.status.as_deref().map(|status| visible(status).into_owned()));
    let id = look.paint(DIM, &hit.id);
    format!("{} · {id}", parts.join(" · "))
}

fn names(entities: &[EntityCount]) -> String {
    let mut names: Vec<String> = entities
        .iter()
        .take(MOST_PEOPLE)
        .map(|entity| visible(&entity.name).into_owned())
        .collect();
    let more = entities.len().saturating_sub(MOST_PEOPLE);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// `+3 copies: Herald 2013-02-13, …`.
pub(super) fn copies(copies: &[Copy]) -> String {
    let mut named: Vec<String> = copies
        .iter()
        .take(MOST_COPIES)
        .map(|copy| {
            let source = copy.source.as_deref().unwrap_or(&copy.path);
            match copy.date {
                Some(date) => format!("{} {date} ({})", visible(source), copy.id),
                None => format!("{} ({})", visible(source), copy.id),
            }
        })
        .collect();
    let more = copies.len().saturating_sub(MOST_COPIES);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    format!("+{}: {}", counted(copies.len() as u64, "copy", "copies"), named.join(", "))
}

/// Keywords in context, one under the other.
fn concordance(hit: &Hit, look: Look, indent: usize) -> Vec<String> {
    let widest = hit.context.iter().map(|line| line.keyword.chars().count()).max().unwrap_or(0);
    let side = match look.columns() {
        Some(columns) => (columns.saturating_sub(indent + widest + 2) / 2).max(10),
        None => CONTEXT,
    };
    let lines = hit.context.iter().map(|line| {
        let left = ends_with(&visible(line.left.trim_end()), side);
        let padding = side.saturating_sub(unicode_width::UnicodeWidthStr::width(left.as_str()));
        let right = fit(&visible(line.right.trim_start()), side);
        let keyword = look.paint(MATCH, &visible(&line.keyword));
        let gap = if line.right.starts_with(char::is_alphanumeric)
            || line.right.starts_with(char::is_whitespace)
        {
            " "
        } else {
            ""
        };
        format!("{}{left} {keyword}{gap}{right}", " ".repeat(padding)).trim_end().to_owned()
    });
    lines.collect()
}

/// The end of a text, as much as fits into so many columns.
fn ends_with(text: &str, columns: usize) -> String {
    let reversed: String = text.chars().rev().collect();
    fit(&reversed, columns).chars().rev().collect()
}

fn explain(
    explanation: &Explanation,
    indent: &str,
    depth: usize,
    look: Look,
    out: &mut String,
) {
    let value = look.paint(BOLD, &format!("{:>9.4}", explanation.value));
    let first = format!("{indent}{}", "  ".repeat(depth));
    let rest = format!("{first}{}", " ".repeat(11));
    let line = look.lines(&first, &rest, &format!("{value}  {}", visible(&explanation.reason)));
    out.push_str(&line);
    for part in &explanation.parts {
        explain(part, indent, depth + 1, look, out);
    }
}

/// Counts over all matches, a paragraph for each facet that has values.
pub(super) fn facets(facets: &Facets, look: Look) -> String {
    let mut out = String::new();
    for (name, values) in [
        ("people", &facets.person),
        ("organisations", &facets.organisation),
        ("places", &facets.place),
        ("sources", &facets.source),
        ("sections", &facets.section),
        ("languages", &facets.language),
        ("years", &facets.year),
        ("months", &facets.month),
    ] {
        if !values.is_empty() {
            let heading = format!("{:<15}", capitalised(name));
            // By time: all of it, in its order.
            let most =
                if matches!(name, "years" | "months") { usize::MAX } else { MOST_VALUES };
            let text = listed(values, most, look);
            out.push_str(&look.lines(&heading, &" ".repeat(15), &text));
        }
    }
    out
}

fn listed(values: &[FacetCount], most: usize, look: Look) -> String {
    let shown = values.iter().take(most);
    let mut texts: Vec<String> = shown
        .map(|value| {
            let count = look.paint(DIM, &value.count.to_string());
            format!("{} {count}", visible(&value.value))
        })
        .collect();
    let more = values.len().saturating_sub(most);
    if more > 0 {
        texts.push(format!("{more} more"));
    }
    texts.join(" · ")
}
