//! The paragraphs of a body, sorted: what stands above the text, the text, what stands in and below
//! it.

use std::borrow::Cow;

use super::boilerplate;
use super::byline;
use super::caption;
use super::dateline::{self, Dateline};
use super::longer_than;
use crate::article::Date;
use crate::date::{self, DayOrder};
use crate::text::fold;

/// How many paragraphs may stand above the text.
const TOP: usize = 8;

/// In how many paragraphs of text a dateline is looked for.
const DATELINE_WITHIN: usize = 5;

/// A body taken apart.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    text: Vec<Cow<'a, str>>,
    pub(super) captions: Vec<String>,
    pub(super) boilerplate: Vec<String>,
    pub(super) byline: Vec<String>,
    pub(super) date: Option<Date>,
    pub(super) dateline: Option<Dateline>,
    /// The paragraph before was the byline.
    below_byline: bool,
}

impl<'a> Parts<'a> {
    /// `knows_captions`: whether the format tells captions itself, so that wording proves none.
    pub(super) fn of(title: &str, paragraphs: &[&'a str], knows_captions: bool) -> Self {
        let mut parts = Self::default();
        let title_letters = letters(title);
        let mut in_top = true;
        let mut in_list = false;
        for (index, &paragraph) in paragraphs.iter().enumerate() {
            if in_top {
                let next = paragraphs.get(index + 1).copied();
                if index < TOP
                    && parts.take_top(
                        paragraph,
                        title,
                        &title_letters,
                        next.filter(|_| !knows_captions),
                    )
                {
                    continue;
                }
            }
            // The items of a list of other articles are short and no sentences.
            in_list &=
                paragraph.len() <= 120 && !paragraph.ends_with(['.', '”', '"', '?', '!']);
            if in_list || boilerplate::is_boilerplate(paragraph) {
                in_list |= !in_top && boilerplate::heads_list(paragraph);
                parts.boilerplate.push(paragraph.to_owned());
                continue;
            }
            if caption::is_credited(paragraph) {
                parts.push_caption(paragraph);
                continue;
            }
            if parts.dateline.is_none()
                && parts.text.len() < DATELINE_WITHIN
                && (in_top || opens_with_agency_or_day(paragraph))
            {
                // It opens a paragraph, or stands on a line of its own. Below summaries, only one
                // that names its agency or day is believed.
                let found =
                    dateline::read(paragraph).or_else(|| dateline::read_line(paragraph));
                parts.dateline = found
                    .filter(|found| in_top || found.agency.is_some() || found.date.is_some());
            }
            // Short lines and summaries without a full stop may have more of the top below them.
            let is_text = paragraph.len() > 60
                && (paragraph.len() > 200
                    || paragraph.ends_with(['.', '!', '?', '"', '”', '。', '」']));
            in_top &= !is_text;
            parts.text.push(Cow::Borrowed(paragraph));
        }
        parts.leave_something();
        parts
    }

    /// Takes a paragraph that stands above the text; `false` where it is none of these.
    fn take_top(
        &mut self,
        paragraph: &'a str,
        title: &str,
        title_letters: &str,
        next: Option<&str>,
    ) -> bool {
        if paragraph.len() <= title.len() + 40
            && !title_letters.is_empty()
            && letters(paragraph) == title_letters
        {
            self.boilerplate.push(paragraph.to_owned());
            return true;
        }
        if let Some((before, after)) = around_title(paragraph, title) {
            self.take_around_title(paragraph, before, after);
            return true;
        }
        if let Some(rest) = boilerplate::without_label(paragraph) {
            self.boilerplate
                .push(paragraph.strip_suffix(rest).unwrap_or_default().trim().to_owned());
            self.text.push(Cow::Borrowed(rest));
            return true;
        }
        if paragraph.len() <= 200
            && let Some(names) =
                byline::read_line(paragraph).or_else(|| byline::read_unmarked(paragraph, next))
        {
            if self.byline.is_empty() {
                self.byline = names;
            }
            if self.date.is_none() {
                self.date = date::find(paragraph, day_order(paragraph)).map(|(date, _)| date);
            }
            self.boilerplate.push(paragraph.to_owned());
            self.below_byline = true;
            return true;
        }
        if std::mem::take(&mut self.below_byline) && byline::is_credit(paragraph) {
            self.boilerplate.push(paragraph.to_owned());
            return true;
        }
        if paragraph.len() <= 100
            && let Some(date) = date_line(paragraph)
        {
            self.date.get_or_insert(date);
            self.boilerplate.push(paragraph.to_owned());
            return true;
        }
        let repeats_caption = next.is_some()
            && paragraph.len() <= 400
            && self.captions.last().is_some_and(|caption| {
                paragraph.starts_with(caption.trim_end_matches('.'))
                    || caption.starts_with(paragraph)
            });
        // What opens with a dateline is text, however it is worded.
        let next = next.filter(|_| dateline::read(paragraph).is_none());
        if repeats_caption || caption::is_caption_above_text(paragraph, title, next) {
            self.push_caption(paragraph);
            return true;
        }
        false
    }

    /// A paragraph that holds the headline again: caption or label before it, a summary behind it.
    fn take_around_title(&mut self, paragraph: &'a str, before: &'a str, after: &'a str) {
        if before.is_empty() {
            self.boilerplate
                .push(paragraph.strip_suffix(after).unwrap_or(paragraph).trim().to_owned());
        } else if longer_than(before, 6) {
            self.push_caption(before);
        } else {
            self.boilerplate.push(before.to_owned());
        }
        if !after.is_empty() {
            self.text.push(Cow::Borrowed(after));
        }
    }

    fn push_caption(&mut self, caption: &str) {
        if !self.captions.iter().any(|known| known == caption) {
            self.captions.push(caption.to_owned());
        }
    }

    /// An article that was nothing but what looks like boilerplate keeps it as its text.
    fn leave_something(&mut self) {
        if self.text.is_empty() {
            let taken = std::mem::take(&mut self.boilerplate);
            let (long, short): (Vec<String>, Vec<String>) =
                taken.into_iter().partition(|paragraph| paragraph.len() > 200);
            self.boilerplate = short;
            self.text = long.into_iter().map(Cow::Owned).collect();
        }
    }

    pub(super) fn take_body(&mut self, capacity: usize) -> String {
        let mut body = String::with_capacity(capacity);
        for paragraph in self.text.drain(..) {
            if !body.is_empty() {
                body.push_str("\n\n");
            }
            body.push_str(&paragraph);
        }
        body
    }
}

/// A cheap look at whether a paragraph may open with a dateline that names agency or day.
fn opens_with_agency_or_day(paragraph: &str) -> bool {
    paragraph.bytes().take(60).any(|b| b == b'(' || b.is_ascii_digit())
}

/// What stands before and behind the headline in a paragraph that repeats it.
fn around_title<'a>(paragraph: &'a str, title: &str) -> Option<(&'a str, &'a str)> {
    let title = title.trim();
    if title.len() < 20 || paragraph.len() <= title.len() || paragraph.len() > title.len() + 600
    {
        return None;
    }
    let at = memchr::memmem::find(paragraph.as_bytes(), title.as_bytes())?;
    let before = paragraph.get(..at)?;
    let after = paragraph.get(at + title.len()..)?;
    // The headline as part of a sentence is no repetition of it.
    let starts = before.is_empty() || before.ends_with(' ');
    let ends = after.is_empty()
        || (after.starts_with(' ') && after.trim_start().starts_with(char::is_uppercase));
    (starts && ends).then(|| (before.trim(), after.trim()))
}

/// `02/05/2013` is read as its time zone does: `PST` and its like are American.
fn day_order(line: &str) -> DayOrder {
    const AMERICAN: [&str; 11] =
        ["EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "HST", "ET"];
    let is_american =
        line.split([' ', '(', ')', ',', '.', ';']).any(|word| AMERICAN.contains(&word));
    if is_american { DayOrder::MonthFirst } else { DayOrder::Unknown }
}

/// A line that is a date and little else.
fn date_line(paragraph: &str) -> Option<Date> {
    if longer_than(paragraph, 12) {
        return None;
    }
    let (date, span) = date::find(paragraph, day_order(paragraph))?;
    let rest = paragraph.len() - span.len();
    let is_sentence = paragraph.ends_with('.') && rest > 30;
    (rest <= 60 && !is_sentence).then_some(date)
}

fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
