//! The list at the left as lines: hits, or what the archive knows of somebody.

use super::article_layout::{wrap, wrap_marked};
use super::state::{Item, View};
use super::visible::{clean, fit, width};
use crate::entity::EntityKind;
use crate::search::{Companion, FacetCount, Hit, Profile, Role, Snippet};
use crate::text::grouped;

/// Years that the chart of an entity shows: the latest.
const YEARS: usize = 30;
/// Lines that a headline takes at the most.
const HEADLINE_LINES: usize = 2;

/// What a stretch of a line is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Title,
    Note,
    Label,
    Match,
}

/// One line: clean stretches of text, and the item that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListLine {
    pub(super) runs: Vec<(String, Tone)>,
    pub(super) item: Option<usize>,
}

impl ListLine {
    fn of(text: String, tone: Tone) -> Self {
        Self { runs: vec![(text, tone)], item: None }
    }
}

/// The list of a view, in lines of a given width.
pub(super) struct List<'a> {
    view: &'a View,
    width: usize,
    hit_lines: usize,
    /// Lines before the first item, and those between companions and hits.
    head: Vec<ListLine>,
    between: Vec<ListLine>,
}

impl<'a> List<'a> {
    pub(super) fn new(view: &'a View, width: usize, hit_lines: usize) -> Self {
        let profile = view.contents.as_ref().and_then(|contents| contents.profile.as_ref());
        let (head, between) = match profile {
            Some(profile) => {
                let about = match profile.kind {
                    EntityKind::Person => "Articles most about them",
                    EntityKind::Organisation | EntityKind::Place => "Articles most about it",
                };
                (profile_head(profile, width), heading(about, width))
            }
            None => (Vec::new(), Vec::new()),
        };
        Self { view, width, hit_lines: hit_lines.max(1), head, between }
    }

    pub(super) fn lines(&self) -> usize {
        self.hits_start() + self.view.hits().len() * self.hit_lines
    }

    /// The first line of an item, and how many it has.
    pub(super) fn place_of(&self, item: usize) -> (usize, usize) {
        let companions = self.view.companions().len();
        if item < companions {
            return (self.head.len() + item, 1);
        }
        (self.hits_start() + (item - companions) * self.hit_lines, self.hit_lines)
    }

    /// The item that a line belongs to.
    pub(super) fn item_at(&self, line: usize) -> Option<usize> {
        let companions = self.view.companions().len();
        if let Some(place) = line.checked_sub(self.hits_start()) {
            let item = companions + place / self.hit_lines;
            return (item < self.view.items()).then_some(item);
        }
        line.checked_sub(self.head.len()).filter(|item| *item < companions)
    }

    /// One line.
    pub(super) fn line(&self, number: usize) -> ListLine {
        let Some(item) = self.item_at(number) else {
            let after_head = self.head.len() + self.view.companions().len();
            return match number.checked_sub(after_head) {
                Some(place) => self.between.get(place),
                None => self.head.get(number),
            }
            .cloned()
            .unwrap_or_default();
        };
        let (start, _) = self.place_of(item);
        let runs = match self.view.item(item) {
            Some(Item::Companion(companion)) => companion_line(companion, self.width),
            Some(Item::Hit(hit)) => hit_line(hit, number - start, self.width, self.hit_lines),
            None => Vec::new(),
        };
        ListLine { runs, item: Some(item) }
    }

    fn hits_start(&self) -> usize {
        self.head.len() + self.view.companions().len() + self.between.len()
    }
}

/// Line `row` of a hit: its headline in one line or two, what is known of it, and as much of its
/// best passage as there is room for.
fn hit_line(hit: &Hit, row: usize, cells: usize, rows: usize) -> Vec<(String, Tone)> {
    let headline = headline(hit, cells);
    if let Some(text) = headline.get(row) {
        return vec![(text.clone(), Tone::Title)];
    }
    if row == headline.len() {
        return vec![(fit(&facts(hit, cells), cells), Tone::Note)];
    }
    // The last line of a tall hit stays free.
    let shown = rows.saturating_sub(headline.len() + 1 + usize::from(rows > 4));
    let Some(snippet) = best_snippet(hit) else { return Vec::new() };
    snippet_lines(snippet, cells, shown)
        .into_iter()
        .nth(row - headline.len() - 1)
        .unwrap_or_default()
}

fn headline(hit: &Hit, cells: usize) -> Vec<String> {
    if hit.title.trim().is_empty() {
        return vec!["(no headline)".to_owned()];
    }
    let mut lines = wrap(&hit.title, cells);
    if lines.len() > HEADLINE_LINES {
        let rest = lines.split_off(HEADLINE_LINES - 1).join(" ");
        lines.push(fit(&rest, cells));
    }
    lines
}

fn best_snippet(hit: &Hit) -> Option<&Snippet> {
    let with_match =
        |snippet: &&Snippet| snippet.field != "title" && !snippet.highlights.is_empty();
    hit.snippets
        .iter()
        .find(with_match)
        .or_else(|| hit.snippets.iter().find(|snippet| snippet.field != "title"))
}

/// Date, source, copies, length: where there is little room, the source is cut, and the length is
/// left out.
fn facts(hit: &Hit, cells: usize) -> String {
    const BETWEEN: &str = " · ";
    const SHORTEST_SOURCE: usize = 8;
    let date = hit.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let copies = match hit.copies.len() {
        0 => None,
        1 => Some("+1 copy".to_owned()),
        copies => Some(format!("+{} copies", grouped(copies as u64))),
    };
    let beside = |fact: &str| width(fact) + width(BETWEEN);
    let taken = beside(&date) + copies.as_deref().map_or(0, beside);
    let room = cells.saturating_sub(taken).max(SHORTEST_SOURCE);
    let mut facts = vec![date];
    facts.extend(hit.source.as_deref().map(|source| fit(source, room)));
    facts.extend(copies);
    let mut text = facts.join(BETWEEN);
    let length = format!("{BETWEEN}{} words", grouped(u64::from(hit.words)));
    if hit.words > 0 && width(&text) + width(&length) <= cells {
        text.push_str(&length);
    }
    text
}

/// A snippet in at most `rows` lines, from where its first match can be seen.
fn snippet_lines(snippet: &Snippet, cells: usize, rows: usize) -> Vec<Vec<(String, Tone)>> {
    if rows == 0 {
        return Vec::new();
    }
    let start = snippet_start(snippet, cells * rows);
    let lead = usize::from(start > 0);
    let mut wrapped =
        wrap_marked(&snippet.text, start, &snippet.highlights, cells.saturating_sub(lead));
    let cut = wrapped.len() > rows;
    wrapped.truncate(rows);
    let tone = |(text, matched)| (text, if matched { Tone::Match } else { Tone::Plain });
    let mut lines: Vec<Vec<_>> =
        wrapped.into_iter().map(|line| line.into_iter().map(tone).collect()).collect();
    if let Some(first) = lines.first_mut().filter(|_| lead > 0) {
        first.insert(0, ("…".to_owned(), Tone::Plain));
    }
    if let Some(last) = lines.last_mut().filter(|_| cut) {
        end_with_ellipsis(last, cells);
    }
    lines
}

/// The character that a snippet is shown from: its first, or where that leaves no room for the
/// first match, the beginning of a word shortly before that.
fn snippet_start(snippet: &Snippet, room: usize) -> usize {
    let Some(first_match) = snippet.highlights.iter().map(|[start, _]| *start).min() else {
        return 0;
    };
    let before: Vec<char> = snippet.text.chars().take(first_match).collect();
    let cells = |c: &char| width(c.encode_utf8(&mut [0; 4]));
    let lead = room / 3;
    let mut used: usize = before.iter().filter(|c| !c.is_control()).map(cells).sum();
    if used <= room / 2 {
        return 0;
    }
    let mut start = 0;
    for (place, c) in before.iter().enumerate() {
        if used <= lead {
            start = place;
            break;
        }
        used -= if c.is_control() { 0 } else { cells(c) };
        start = place + 1;
    }
    let after_space = |place: &usize| {
        let left = place.checked_sub(1).and_then(|place| before.get(place));
        left.is_some_and(|c| c.is_whitespace())
    };
    (start..=first_match).find(after_space).unwrap_or(start)
}

fn end_with_ellipsis(line: &mut Vec<(String, Tone)>, cells: usize) {
    let used: usize = line.iter().map(|(text, _)| width(text)).sum();
    if used < cells {
        line.push(("…".to_owned(), Tone::Plain));
    } else if let Some((text, _)) = line.last_mut() {
        *text = fit(&format!("{text}…"), width(text));
    }
}

fn companion_line(companion: &Companion, cells: usize) -> Vec<(String, Tone)> {
    let count = format!("  {}  {}", grouped(companion.articles), companion.kind.name());
    let name = fit(&companion.name, cells.saturating_sub(width(&count)));
    vec![(name, Tone::Plain), (count, Tone::Note)]
}

/// What stands above those who appear with an entity.
fn profile_head(profile: &Profile, cells: usize) -> Vec<ListLine> {
    let mut lines = vec![ListLine::of(fit(&profile.name, cells), Tone::Title)];
    let articles = match profile.articles {
        1 => "1 article".to_owned(),
        articles => format!("{} articles", grouped(articles)),
    };
    lines.push(ListLine::of(
        fit(&format!("{} · {articles}", profile.kind.name()), cells),
        Tone::Note,
    ));
    for warning in &profile.warnings {
        lines.extend(
            wrap(warning, cells).into_iter().map(|text| ListLine::of(text, Tone::Note)),
        );
    }
    let forms =
        profile.forms.iter().map(|form| format!("{} {}", form.value, grouped(form.count)));
    lines.extend(paragraph("Written", &forms.collect::<Vec<_>>(), cells));
    lines.extend(paragraph(
        "Roles",
        &profile.roles.iter().map(role).collect::<Vec<_>>(),
        cells,
    ));
    if !profile.years.is_empty() {
        lines.extend(heading("Articles per year", cells));
        lines.extend(bars(&profile.years, cells));
    }
    if !profile.companions.is_empty() {
        lines.extend(heading("Appears with", cells));
    }
    lines
}

fn role(role: &Role) -> String {
    let years = role.span.map_or_else(String::new, |[first, last]| {
        if first.year() == last.year() {
            format!(" ({})", first.year())
        } else {
            format!(" ({}–{})", first.year(), last.year())
        }
    });
    format!("{} {}{years}", role.role, grouped(role.articles))
}

fn heading(text: &str, cells: usize) -> Vec<ListLine> {
    vec![ListLine::default(), ListLine::of(fit(text, cells), Tone::Label)]
}

fn paragraph(label: &str, values: &[String], cells: usize) -> Vec<ListLine> {
    if values.is_empty() {
        return Vec::new();
    }
    wrap(&format!("{label}: {}", values.join(" · ")), cells)
        .into_iter()
        .map(|text| ListLine::of(text, Tone::Plain))
        .collect()
}

/// A bar for each year, in eighths of a cell, with its count.
fn bars(years: &[FacetCount], cells: usize) -> Vec<ListLine> {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let most = years.iter().map(|year| year.count).max().unwrap_or(1).max(1);
    let widest = grouped(most).len();
    let room = cells.saturating_sub(4 + 1 + 1 + widest).max(1);
    let shown = years.get(years.len().saturating_sub(YEARS)..).unwrap_or_default();
    shown
        .iter()
        .map(|year| {
            let share = u128::from(year.count) * (room as u128) * 8 / u128::from(most);
            let eighths = usize::try_from(share).unwrap_or(0).max(usize::from(year.count > 0));
            let bar = "█".repeat(eighths / 8) + EIGHTHS.get(eighths % 8).unwrap_or(&"");
            let text = format!("{:>4} {bar} {}", clean(&year.value), grouped(year.count));
            ListLine::of(fit(&text, cells), Tone::Plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::tui::fake_hits::{copy, hit};

    fn shown(text: &str, highlights: &[[usize; 2]], cells: usize, rows: usize) -> Vec<String> {
        let snippet = Snippet {
            field: "body".into(),
            text: text.into(),
            highlights: highlights.to_vec(),
        };
        let mark = |(text, tone): (String, Tone)| {
            if tone == Tone::Match { format!("<{text}>") } else { text }
        };
        snippet_lines(&snippet, cells, rows)
            .into_iter()
            .map(|line| line.into_iter().map(mark).collect())
            .collect()
    }

    #[test]
    fn a_snippet_shows_its_first_match() {
        let text = "Long words at the beginning of a passage come before Kerry in Seoul.";
        assert_eq!(shown(text, &[[53, 58]], 20, 1), ["…<Kerry> in Seoul."]);
        assert_eq!(shown(text, &[[5, 10]], 20, 2), ["Long <words> at the", "beginning of a…"]);
        assert_eq!(shown("Kerry", &[[0, 5], [2, 90]], 20, 1), ["<Kerry>"]);
        assert_eq!(
            shown("東京でケリー国務長官と会談", &[[3, 6]], 10, 2),
            ["東京で<ケ>", "<リー>国務…"]
        );
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        assert_eq!(shown("Incomprehensibilities", &[], 8, 1), ["Incompr…"]);
    }

    #[test]
    fn copies_are_told_however_narrow_the_list() {
        let mut hit = hit(1, "A");
        hit.words = 40_000;
        hit.source = Some("Commercial Advertiser".into());
        hit.copies = vec![copy(1), copy(2)];
        let date = hit.date.unwrap();
        let whole = format!("{date} · Commercial Advertiser · +2 copies");
        assert_eq!(facts(&hit, 80), format!("{whole} · 40,000 words"));
        assert_eq!(facts(&hit, width(&whole)), whole);
        assert_eq!(facts(&hit, 34), format!("{date} · Commerci… · +2 copies"));
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        let years = [("2011", 80), ("2012", 1), ("2013", 0)]
            .map(|(value, count)| FacetCount { value: value.into(), count });
        let lines = bars(&years, 18);
        let text = |number: usize| lines[number].runs[0].0.clone();
        assert_eq!(text(0), "2011 ██████████ 80");
        assert_eq!(text(1), "2012 ▏ 1");
        assert_eq!(text(2), "2013  0");
    }
}
