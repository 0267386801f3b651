//! The timeline as a drawing.

use std::fmt::Write as _;

use super::search;
use crate::search::Timeline;
use crate::text::{counted, grouped};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 48.0;
/// Labels of dates under the axis at the most.
const MOST_LABELS: usize = 12;

/// A bar chart in SVG 1.1, readable on light and dark grounds; thin periods are shaded.
pub(super) fn timeline(timeline: &Timeline, all_copies: bool) -> String {
    let steps = &timeline.steps;
    let most = steps.iter().map(|step| step.count).max().unwrap_or(0).max(1);
    let (plot_width, plot_height) = (WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN);
    let bar_width = plot_width / steps.len().max(1) as f64;
    let bottom = HEIGHT - MARGIN;
    let title = match timeline.query.interpreted.as_str() {
        "*" => "All articles".to_owned(),
        query => escaped(query),
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>Articles over time: {title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{MARGIN}\" y=\"24\" font-size=\"14\" fill=\"#222\">{title} · {}</text>\n",
        search::found(timeline.total, all_copies),
    );
    // Writing to a String cannot fail. Thin steps in a row are one shape: a century has 36,500
    // days.
    let mut at = 0;
    for steps in steps.chunk_by(|a, b| a.thin == b.thin) {
        let left = MARGIN + at as f64 * bar_width;
        at += steps.len();
        if let (Some(first), Some(last)) =
            (steps.first(), steps.last().filter(|last| last.thin))
        {
            let width = steps.len() as f64 * bar_width;
            let span = if first.date == last.date {
                first.date.to_string()
            } else {
                format!("{} to {}", first.date, last.date)
            };
            let held = steps.iter().map(|step| step.archive).sum();
            let held = counted(held, "article", "articles");
            let _ = writeln!(
                out,
                "<rect x=\"{left:.2}\" y=\"{MARGIN}\" width=\"{width:.2}\" \
                 height=\"{plot_height}\" fill=\"#ddd\"><title>{span}: the archive itself holds \
                 {held}</title></rect>",
            );
        }
    }
    for (at, step) in steps.iter().enumerate() {
        let left = MARGIN + at as f64 * bar_width;
        if step.count > 0 {
            let height = step.count as f64 / most as f64 * plot_height;
            let _ = writeln!(
                out,
                "<rect x=\"{left:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{height:.2}\" \
                 fill=\"#1f5fa8\"><title>{}: {}</title></rect>",
                bottom - height,
                (bar_width * 0.9).max(0.5),
                step.date,
                step.count,
            );
        }
    }
    let _ = writeln!(
        out,
        "<line x1=\"{MARGIN}\" y1=\"{bottom}\" x2=\"{}\" y2=\"{bottom}\" stroke=\"#222\"/>\n\
         <text x=\"{}\" y=\"{MARGIN}\" text-anchor=\"end\" fill=\"#222\">{}</text>\n\
         <text x=\"{}\" y=\"{bottom}\" text-anchor=\"end\" fill=\"#222\">0</text>",
        WIDTH - MARGIN,
        MARGIN - 6.0,
        grouped(most),
        MARGIN - 6.0,
    );
    let every = steps.len().div_ceil(MOST_LABELS).max(1);
    for (at, step) in steps.iter().enumerate().step_by(every) {
        let middle = MARGIN + (at as f64 + 0.5) * bar_width;
        let y = bottom + 18.0;
        let _ = writeln!(
            out,
            "<text x=\"{middle:.2}\" y=\"{y}\" text-anchor=\"middle\" fill=\"#222\">{}</text>",
            step.date,
        );
    }
    if steps.iter().any(|step| step.thin) {
        let y = HEIGHT - 8.0;
        let _ = writeln!(
            out,
            "<text x=\"{MARGIN}\" y=\"{y}\" fill=\"#555\">Grey: the archive itself holds few \
             articles of that time.</text>",
        );
    }
    out.push_str("</svg>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write these.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Date;
    use crate::search::{QueryInfo, Step, TimelineStep};

    #[test]
    fn a_thin_century_is_one_shape_and_any_query_can_be_its_title() {
        let step = |day: i32| TimelineStep {
            date: Date::from_epoch_days(day).unwrap(),
            count: u64::from(day == 0),
            archive: 1,
            thin: day != 0,
        };
        let timeline = Timeline {
            version: 1,
            query: QueryInfo { interpreted: "a<b\u{ffff}".to_owned(), ..QueryInfo::default() },
            by: Step::Day,
            total: 1,
            undated: 0,
            steps: (0..36_500).map(step).collect(),
        };
        let drawn = super::timeline(&timeline, false);
        assert_eq!(drawn.matches("#ddd").count(), 1);
        assert!(
            drawn.contains("1970-01-02 to 2069-12-06: the archive itself holds 36,499 art")
        );
        assert!(drawn.contains("<title>Articles over time: a&lt;b </title>"), "{drawn}");
        assert!(drawn.contains(" · 1 story</text>"));
    }
}
