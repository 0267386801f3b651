//! Articles over time: counts by day, and the steps of a timeline made of them.

use super::request::Step;
use super::response::{FacetCount, JSON_VERSION, QueryInfo, Timeline, TimelineStep};
use crate::article::Date;

/// How precisely a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resolution {
    /// To the day.
    Day,
    /// To the month.
    Month,
    /// To the year.
    Year,
}

impl Resolution {
    /// All, the finest first.
    pub(super) const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];
}

/// When an article was published: the first day that its date may stand for, in days since
/// 1970-01-01, and how precise it is; `None` without date.
pub(super) type Dated = Option<(i32, Resolution)>;

/// Counts of articles by day, month or year of publication, as precise as each date is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DayCounts {
    /// The day that the counts begin with, in days since 1970-01-01.
    first: i32,
    /// By resolution, by first day.
    counts: [Vec<u32>; 3],
    undated: u32,
}

impl DayCounts {
    /// Of dates.
    #[must_use]
    pub(super) fn of(dates: &[Dated]) -> Self {
        let days = dates.iter().filter_map(|date| date.map(|(day, _)| day));
        let (first, last) = days.fold((i32::MAX, i32::MIN), |(a, b), d| (a.min(d), b.max(d)));
        let mut counts = Self::between(first, last);
        for date in dates {
            counts.add(*date);
        }
        counts
    }

    fn between(first: i32, last: i32) -> Self {
        let length = (i64::from(last) - i64::from(first) + 1).max(0) as usize;
        let zeros = || vec![0; length];
        Self { first, counts: [zeros(), zeros(), zeros()], undated: 0 }
    }

    /// Nothing counted yet, for dates that `self` has.
    #[must_use]
    pub(super) fn emptied(&self) -> Self {
        let zeros = |counts: &Vec<u32>| vec![0; counts.len()];
        let [day, month, year] = &self.counts;
        Self { first: self.first, counts: [zeros(day), zeros(month), zeros(year)], undated: 0 }
    }

    /// Counts an article.
    #[inline]
    pub(super) fn add(&mut self, date: Dated) {
        let Some((day, resolution)) = date else {
            self.undated += 1;
            return;
        };
        let counts = &mut self.counts[resolution as usize];
        if let Some(count) = counts.get_mut(day.wrapping_sub(self.first) as usize) {
            *count += 1;
        }
    }

    /// Takes in counts of the same span of time.
    pub(super) fn join(&mut self, other: &Self) {
        self.undated += other.undated;
        for (counts, others) in self.counts.iter_mut().zip(&other.counts) {
            for (count, other) in counts.iter_mut().zip(others) {
                *count += other;
            }
        }
    }

    /// Articles without a date.
    #[must_use]
    pub(super) fn undated(&self) -> u64 {
        self.undated.into()
    }

    /// The first and the last day with an article whose date is so precise.
    fn ends(&self, resolution: Resolution) -> Option<[i32; 2]> {
        let counts = &self.counts[resolution as usize];
        let first = counts.iter().position(|count| *count > 0)?;
        let last = counts.iter().rposition(|count| *count > 0)?;
        Some([first, last].map(|at| self.first + at as i32))
    }

    /// First and last day of all that is counted.
    #[must_use]
    pub(super) fn span(&self) -> Option<[Date; 2]> {
        let dates: Vec<Date> = Resolution::ALL
            .into_iter()
            .flat_map(|resolution| {
                let days = self.ends(resolution).into_iter().flatten();
                days.filter_map(move |day| {
                    Some(coarse(Date::from_epoch_days(day)?, resolution))
                })
            })
            .collect();
        let first = dates.iter().min_by_key(|date| date.first_day())?;
        let last = dates.iter().max_by_key(|date| date.last_day())?;
        Some([*first, *last])
    }

    /// The day up to which so large a share of the dated articles lies.
    #[must_use]
    pub(super) fn quantile(&self, share: f64) -> Option<i32> {
        let mut counted: Vec<(i32, u32)> =
            self.each().map(|(_, day, count)| (day, count)).collect();
        counted.sort_unstable();
        let total: f64 = counted.iter().map(|(_, count)| f64::from(*count)).sum();
        let mut below = 0.0;
        for (day, count) in &counted {
            below += f64::from(*count);
            if below >= share * total {
                return Some(*day);
            }
        }
        None
    }

    fn each(&self) -> impl Iterator<Item = (Resolution, i32, u32)> + '_ {
        Resolution::ALL.into_iter().zip(&self.counts).flat_map(move |(resolution, counts)| {
            counts
                .iter()
                .zip(self.first..)
                .filter(|(count, _)| **count > 0)
                .map(move |(count, day)| (resolution, day, *count))
        })
    }

    /// As numbers, for [`DayCounts::from_numbers`].
    pub(super) fn to_numbers(&self) -> Vec<u32> {
        let length = self.counts[0].len() as u32;
        let mut numbers = vec![self.undated, self.first as u32, length];
        for (resolution, day, count) in self.each() {
            numbers.extend([resolution as u32, day as u32, count]);
        }
        numbers
    }

    /// From what [`DayCounts::to_numbers`] gave.
    pub(super) fn from_numbers(numbers: &[u32]) -> Option<Self> {
        let ([undated, first, length], rest) = numbers.split_first_chunk::<3>()?;
        let first = *first as i32;
        // No archive spans more than the years that a date can have.
        let last = i64::from(first) + i64::from((*length).min(1 << 20)) - 1;
        let mut counts = Self::between(first, i32::try_from(last).ok()?);
        counts.undated = *undated;
        for [resolution, day, count] in rest.as_chunks::<3>().0 {
            let of_resolution = counts.counts.get_mut(*resolution as usize)?;
            *of_resolution.get_mut((*day as i32).wrapping_sub(first) as usize)? = *count;
        }
        Some(counts)
    }

    /// Counts by year, the earliest first.
    #[must_use]
    pub(super) fn years(&self) -> Vec<FacetCount> {
        self.series(Step::Year).facet()
    }

    /// Counts by month, the earliest first; dates known to the year only are not among them.
    #[must_use]
    pub(super) fn months(&self) -> Vec<FacetCount> {
        self.series(Step::Month).facet()
    }

    /// The step that suits the days counted: days within a season, months within two decades.
    #[must_use]
    pub(super) fn suitable_step(&self) -> Step {
        let span = self.span().map_or(0, |[first, last]| last.last_day() - first.first_day());
        let finest = |step| if self.series(step).total() > 0 { step } else { Step::Year };
        match span {
            ..=92 => finest(Step::Day),
            93..=7_400 => finest(Step::Month),
            _ => Step::Year,
        }
    }

    fn series(&self, by: Step) -> Series {
        let fine = match by {
            Step::Day => &Resolution::ALL[..1],
            Step::Month => &Resolution::ALL[..2],
            Step::Year => &Resolution::ALL,
        };
        let coarse = self.counts.iter().skip(fine.len()).flatten();
        let left_out = self.undated() + coarse.map(|count| u64::from(*count)).sum::<u64>();
        let mut series = Series { by, first: 0, counts: Vec::new(), left_out };
        let steps = fine.iter().filter_map(|resolution| self.ends(*resolution)).flatten();
        let steps: Vec<i32> =
            steps.filter_map(|day| Some(number(Date::from_epoch_days(day)?, by))).collect();
        let (Some(first), Some(last)) = (steps.iter().min(), steps.iter().max()) else {
            return series;
        };
        series.first = *first;
        series.counts.extend((*first..=*last).map(|number| {
            let Some(step) = date_of(number, by) else { return 0 };
            let days = [step.first_day(), step.last_day() + 1];
            let [start, end] = days.map(|day| (day - self.first).max(0) as usize);
            let of = |resolution: &Resolution| {
                let counts = &self.counts[*resolution as usize];
                let counts = counts.get(start..end.min(counts.len())).unwrap_or_default();
                counts.iter().map(|count| u64::from(*count)).sum::<u64>()
            };
            fine.iter().map(of).sum()
        }));
        series
    }
}

fn coarse(date: Date, resolution: Resolution) -> Date {
    use crate::article::Precision;
    date.truncated(match resolution {
        Resolution::Day => Precision::Day,
        Resolution::Month => Precision::Month,
        Resolution::Year => Precision::Year,
    })
}

/// The number of the step that a date lies in: steps that follow each other have numbers that do.
fn number(date: Date, by: Step) -> i32 {
    let month = i32::from(date.month().unwrap_or(1)) - 1;
    match by {
        Step::Day => date.first_day(),
        Step::Month => i32::from(date.year()) * 12 + month,
        Step::Year => date.year().into(),
    }
}

fn date_of(number: i32, by: Step) -> Option<Date> {
    let year = |number: i32| i16::try_from(number).ok();
    match by {
        Step::Day => Date::from_epoch_days(number),
        Step::Month => {
            Date::from_month(year(number.div_euclid(12))?, number.rem_euclid(12) as u8 + 1)
        }
        Step::Year => Date::from_year(year(number)?),
    }
}

/// Counts by steps without gaps.
struct Series {
    by: Step,
    first: i32,
    counts: Vec<u64>,
    /// Articles without date, or with one less precise than a step.
    left_out: u64,
}

impl Series {
    fn at(&self, number: i32) -> u64 {
        let at = usize::try_from(i64::from(number) - i64::from(self.first));
        at.ok().and_then(|at| self.counts.get(at).copied()).unwrap_or(0)
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    fn facet(&self) -> Vec<FacetCount> {
        let counted = self.counts.iter().zip(self.first..).filter(|(count, _)| **count > 0);
        counted
            .filter_map(|(count, number)| {
                Some(FacetCount { value: date_of(number, self.by)?.to_string(), count: *count })
            })
            .collect()
    }

    /// Whether a step holds so little that a gap there says nothing: nothing at all, or less than
    /// a quarter of the median of the steps around it that hold something.
    fn is_thin(&self, number: i32) -> bool {
        let around = match self.by {
            Step::Day => 14,
            Step::Month => 12,
            Step::Year => 5,
        };
        let own = self.at(number);
        let mut others: Vec<u64> = (number - around..=number + around)
            .map(|number| self.at(number))
            .filter(|count| *count > 0)
            .collect();
        let middle = others.len() / 2;
        if own == 0 || middle >= others.len() {
            return own == 0;
        }
        let (_, median, _) = others.select_nth_unstable(middle);
        own * 4 < *median
    }
}

/// The timeline of matches that were counted by day, against the days of the whole archive. It
/// reaches from the first step with a match to the last.
#[must_use]
pub(super) fn timeline(
    matches: &DayCounts,
    archive: &DayCounts,
    by: Option<Step>,
    query: QueryInfo,
) -> Timeline {
    let by = by.unwrap_or_else(|| matches.suitable_step());
    let (own, all) = (matches.series(by), archive.series(by));
    let steps = own.counts.iter().zip(own.first..).filter_map(|(count, number)| {
        Some(TimelineStep {
            date: date_of(number, by)?,
            count: *count,
            archive: all.at(number),
            thin: all.is_thin(number),
        })
    });
    Timeline {
        version: JSON_VERSION,
        query,
        by,
        total: own.total(),
        undated: own.left_out,
        steps: steps.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(date: &str) -> (i32, Resolution) {
        let date: Date = date.parse().unwrap();
        let resolution = match date.precision() {
            crate::article::Precision::Day => Resolution::Day,
            crate::article::Precision::Month => Resolution::Month,
            crate::article::Precision::Year => Resolution::Year,
        };
        (date.first_day(), resolution)
    }

    fn counts(dates: &[&str]) -> DayCounts {
        DayCounts::of(&dates.iter().map(|date| Some(day(date))).collect::<Vec<_>>())
    }

    #[test]
    fn steps_have_no_gaps_and_leave_out_what_is_less_precise() {
        let archive =
            counts(&["1899", "1900-01-05", "1900-01-31", "1900-02", "1900-04-01", "1901"]);
        let timeline = timeline(&archive, &archive, Some(Step::Month), QueryInfo::default());
        let steps: Vec<(String, u64)> =
            timeline.steps.iter().map(|step| (step.date.to_string(), step.count)).collect();
        let wanted = [("1900-01", 2), ("1900-02", 1), ("1900-03", 0), ("1900-04", 1)];
        assert_eq!(steps, wanted.map(|(date, count)| (date.to_owned(), count)));
        assert_eq!((timeline.total, timeline.undated), (4, 2));
        assert_eq!(archive.years().len(), 3);
        assert_eq!(archive.span().unwrap().map(|date| date.to_string()), ["1899", "1901"]);
    }

    #[test]
    fn where_the_archive_holds_little_a_step_is_thin() {
        let mut dates = Vec::new();
        for month in ["01", "02", "03", "05", "06", "07"] {
            for day in 1..=if month == "05" { 2 } else { 20 } {
                dates.push(format!("2001-{month}-{day:02}"));
            }
        }
        let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
        let archive = counts(&dates);
        let timeline = timeline(&archive, &archive, Some(Step::Month), QueryInfo::default());
        let thin: Vec<String> = timeline
            .steps
            .iter()
            .filter(|step| step.thin)
            .map(|step| step.date.to_string())
            .collect();
        assert_eq!(thin, ["2001-04", "2001-05"]);
    }

    #[test]
    fn the_step_suits_the_span() {
        for (dates, step) in [
            (&["2001-01-01", "2001-02-01"][..], Step::Day),
            (&["2001-01-01", "2004-02-01"], Step::Month),
            (&["1901-01-01", "2004-02-01"], Step::Year),
            (&["1999", "2000"], Step::Year),
            (&[], Step::Year),
        ] {
            assert_eq!(counts(dates).suitable_step(), step, "{dates:?}");
        }
    }

    #[test]
    fn counts_survive_as_numbers() {
        let mut counts = counts(&["1899", "1900-01-05", "1900-01-05", "1900-02"]);
        counts.add(None);
        assert_eq!(DayCounts::from_numbers(&counts.to_numbers()), Some(counts.clone()));
        assert_eq!(counts.emptied().undated(), 0);
    }
}
