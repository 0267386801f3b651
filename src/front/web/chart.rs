//! Drawings: articles over time as bars, and who appears with whom as a small graph.
//!
//! Only geometry and addresses are made here; the templates write the SVG.

use super::markup::printable;
use super::parameters::{entity_path, link};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::front::cite::written_date;
use crate::search::{Companion, FacetCount, SearchRequest, TimelineStep};
use crate::text::counted;

/// Width of the bar chart in its own units; the page stretches it.
const WIDTH: f32 = 1000.0;
/// Height of the bar chart in its own units.
const HEIGHT: f32 = 100.0;
/// Few bars are no wider than this, lest they look like a wall.
const WIDEST_BAR: f32 = 60.0;
/// More bars than this cannot be told apart, and would make the page heavy.
const MOST_BARS: usize = 240;
/// More rows than this make the table below a chart longer than useful.
const MOST_ROWS: usize = 60;

/// A bar chart whose bars are links.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chart {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) bars: Vec<Bar>,
    /// The same as text, without empty steps.
    pub(super) rows: Vec<Row>,
    /// Rows that were left out of `rows`.
    pub(super) left_out: usize,
    /// What the chart shows, in a sentence.
    pub(super) summary: String,
    /// First, middle and last date.
    pub(super) ticks: Vec<String>,
    /// Somewhere the archive itself holds little.
    pub(super) has_thin: bool,
    /// The search that a drag narrows: path and parameters without dates.
    pub(super) base: String,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    /// The whole column, for the pointer: where it begins, and its width.
    pub(super) column_x: f32,
    pub(super) column: f32,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) title: String,
    pub(super) href: Option<String>,
    pub(super) thin: bool,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) date: String,
    pub(super) count: String,
    pub(super) href: String,
}

/// Articles of some steps in a row.
struct Span {
    first: Date,
    last: Date,
    count: u64,
    thin: bool,
}

impl Span {
    fn spoken(&self) -> String {
        if self.first == self.last {
            written_date(self.first)
        } else {
            format!("{} to {}", written_date(self.first), written_date(self.last))
        }
    }
}

/// Draws the steps of a timeline; a bar leads to the search narrowed to its dates.
pub(super) fn timeline(steps: &[TimelineStep], request: &SearchRequest) -> Option<Chart> {
    let per_bar = steps.len().div_ceil(MOST_BARS).max(1);
    let spans = steps.chunks(per_bar).filter_map(|chunk| {
        Some(Span {
            first: chunk.first()?.date,
            last: chunk.last()?.date,
            count: chunk.iter().map(|step| step.count).sum(),
            thin: chunk.iter().all(|step| step.thin),
        })
    });
    draw(&spans.collect::<Vec<_>>(), request)
}

/// Draws counts by year (or month), gaps filled; a bar leads to the search narrowed to its dates.
pub(super) fn by_date(counts: &[FacetCount], request: &SearchRequest) -> Option<Chart> {
    let mut steps: Vec<TimelineStep> = Vec::new();
    for facet in counts {
        let Ok(date) = facet.value.parse::<Date>() else { continue };
        while let Some(missing) = steps.last().and_then(|step| following(step.date)) {
            if missing >= date || steps.len() > MOST_BARS * 12 {
                break;
            }
            steps.push(TimelineStep { date: missing, count: 0, archive: 0, thin: false });
        }
        steps.push(TimelineStep {
            date,
            count: facet.count,
            archive: facet.count,
            thin: false,
        });
    }
    timeline(&steps, request)
}

fn following(date: Date) -> Option<Date> {
    match date.month() {
        Some(12) => Date::from_month(date.year() + 1, 1),
        Some(month) => Date::from_month(date.year(), month + 1),
        None => Date::from_year(date.year() + 1),
    }
}

fn summary(first: &Span, last: &Span, highest: &Span) -> String {
    let most = counted(highest.count, "article", "articles");
    let (begin, end) = (written_date(first.first), written_date(last.last));
    if begin == end {
        return format!("{begin}: {most}.");
    }
    format!("{begin} to {end}; most in {}: {most}.", highest.spoken())
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs no more than a float holds")]
fn draw(spans: &[Span], request: &SearchRequest) -> Option<Chart> {
    let highest = spans.iter().max_by_key(|span| span.count).filter(|span| span.count > 0)?;
    let (first, last) = (spans.first()?, spans.last()?);
    let column = WIDTH / spans.len() as f32;
    let bar_width = (column * 0.85).max(column - 6.0).min(WIDEST_BAR);
    let narrowed = |span: &Span| {
        let dates = SearchRequest {
            since: Some(span.first),
            until: Some(span.last),
            offset: 0,
            ..request.clone()
        };
        link("/", &dates)
    };
    let bars = spans.iter().enumerate().map(|(index, span)| {
        let height = if span.count == 0 {
            0.0
        } else {
            (span.count as f32 / highest.count as f32 * HEIGHT).max(2.0)
        };
        let thin = if span.thin { "; the archive holds little here" } else { "" };
        Bar {
            x: index as f32 * column + (column - bar_width) / 2.0,
            y: HEIGHT - height,
            width: bar_width,
            height,
            column_x: index as f32 * column,
            column,
            since: span.first.to_string(),
            until: span.last.to_string(),
            title: format!(
                "{}: {}{thin}",
                span.spoken(),
                counted(span.count, "article", "articles")
            ),
            href: (span.count > 0).then(|| narrowed(span)),
            thin: span.thin,
        }
    });
    let filled: Vec<&Span> = spans.iter().filter(|span| span.count > 0).collect();
    let rows = filled.iter().take(MOST_ROWS).map(|span| Row {
        date: span.spoken(),
        count: crate::text::grouped(span.count),
        href: narrowed(span),
    });
    let middle = spans.get(spans.len() / 2)?;
    let ticks = if spans.len() < 3 {
        vec![written_date(first.first), written_date(last.last)]
    } else {
        vec![written_date(first.first), written_date(middle.first), written_date(last.last)]
    };
    let dateless = SearchRequest { since: None, until: None, offset: 0, ..request.clone() };
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        bars: bars.collect(),
        rows: rows.collect(),
        left_out: filled.len().saturating_sub(MOST_ROWS),
        summary: summary(first, last, highest),
        ticks,
        has_thin: spans.iter().any(|span| span.thin),
        base: link("/", &dateless),
    })
}

/// A hub and what it is tied to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Graph {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) centre: (f32, f32),
    pub(super) name: String,
    pub(super) nodes: Vec<Node>,
}

/// One companion, drawn left or right of the hub.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) label_x: f32,
    pub(super) is_left: bool,
    pub(super) kind: EntityKind,
    pub(super) label: String,
    pub(super) title: String,
    pub(super) href: String,
    /// Width of the line, 1 to 6.
    pub(super) stroke: f32,
    /// Where the line's curve bends.
    pub(super) bend_x: f32,
}

const GRAPH_WIDTH: f32 = 480.0;
const ROW_HEIGHT: f32 = 34.0;
const MOST_NODES: usize = 14;
/// Characters of a label at most: what fits beside the nodes.
const LABEL: usize = 20;

/// Draws an entity's strongest companions.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs no more than a float holds")]
pub(super) fn graph(name: &str, companions: &[Companion]) -> Option<Graph> {
    let shown = companions.get(..companions.len().min(MOST_NODES))?;
    let strongest = shown.iter().map(|companion| companion.strength).fold(0.0, f32::max);
    if shown.is_empty() || strongest <= 0.0 {
        return None;
    }
    let rows = shown.len().div_ceil(2);
    let height = (rows as f32 * ROW_HEIGHT).max(3.0 * ROW_HEIGHT) + ROW_HEIGHT;
    let centre = (GRAPH_WIDTH / 2.0, height / 2.0);
    let nodes = shown.iter().enumerate().map(|(index, companion)| {
        let is_left = index % 2 == 0;
        let in_column = if is_left { rows } else { shown.len() - rows };
        let middle = (in_column as f32 - 1.0) / 2.0;
        let from_middle = (index / 2) as f32 - middle;
        // The columns bow outwards in the middle, as round a table.
        let bow = 26.0 * (1.0 - (from_middle / (middle + 1.0)).powi(2));
        let side = if is_left { -1.0 } else { 1.0 };
        let x = centre.0 + side * (50.0 + bow);
        Node {
            x,
            y: centre.1 + from_middle * ROW_HEIGHT,
            label_x: x + side * 12.0,
            is_left,
            kind: companion.kind,
            label: shortened(&companion.name),
            title: format!(
                "{}: {} together",
                printable(&companion.name),
                counted(companion.articles, "article", "articles")
            ),
            href: entity_path(companion.kind, &companion.name),
            stroke: 1.0 + 5.0 * (companion.strength.max(0.0) / strongest).sqrt(),
            bend_x: centre.0 + side * 28.0,
        }
    });
    Some(Graph {
        width: GRAPH_WIDTH,
        height,
        centre,
        name: shortened(name),
        nodes: nodes.collect(),
    })
}

fn shortened(name: &str) -> String {
    let printable = printable(name);
    if printable.chars().count() <= LABEL {
        return printable;
    }
    let mut short: String = printable.chars().take(LABEL - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[(&str, u64)]) -> Vec<FacetCount> {
        values
            .iter()
            .map(|&(value, count)| FacetCount { value: value.to_owned(), count })
            .collect()
    }

    #[test]
    fn gaps_between_years_are_drawn_as_gaps() {
        let years = counts(&[("1998", 4), ("2001", 2)]);
        let chart = by_date(&years, &SearchRequest::default()).unwrap();
        let heights: Vec<f32> = chart.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [100.0, 0.0, 0.0, 50.0]);
        assert_eq!(chart.bars[3].href.as_deref(), Some("/?since=2001&until=2001"));
        assert_eq!(chart.rows.len(), 2);
    }

    #[test]
    fn a_long_timeline_stays_small_and_loses_no_article() {
        let steps: Vec<TimelineStep> = (0..20_000)
            .filter_map(Date::from_epoch_days)
            .map(|date| TimelineStep { date, count: 1, archive: 1, thin: false })
            .collect();
        let chart = timeline(&steps, &SearchRequest::default()).unwrap();
        assert!(chart.bars.len() <= MOST_BARS);
        assert_eq!(chart.bars.last().unwrap().until, "2024-10-03");
    }

    #[test]
    fn an_empty_timeline_is_not_drawn() {
        assert_eq!(timeline(&[], &SearchRequest::default()), None);
        assert_eq!(by_date(&counts(&[("2001", 0), ("x", 3)]), &SearchRequest::default()), None);
        assert_eq!(graph("x", &[]), None);
    }
}
