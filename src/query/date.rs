//! Dates of a query, as precise as they were given.

use std::fmt;
use std::str::FromStr;

/// A calendar day: year, month (1-12), day of the month (1-31).
pub type Day = (i16, u8, u8);

/// A year, a month of a year, or a day: a valid one of the Gregorian calendar, from year
/// 1000 to 2999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateBound {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DateError {
    /// It does not have the form of one.
    #[error("dates are written 2012, 2012-02 or 2012-02-05")]
    Form,
    /// The year is not from 1000 to 2999.
    #[error("years go from {FIRST_YEAR} to {LAST_YEAR}")]
    Year,
    /// There is no such month.
    #[error("months go from 01 to 12")]
    Month,
    /// The month has no such day.
    #[error("that month has {days} days")]
    Day {
        /// How many days it has.
        days: u8,
    },
    /// A range ends before it begins.
    #[error("the range ends before it begins")]
    Backwards,
    /// A range without either end.
    #[error("a range needs at least one end")]
    Unbounded,
}

const FIRST_YEAR: i16 = 1000;
const LAST_YEAR: i16 = 2999;

impl DateBound {
    /// A date as precise as given.
    ///
    /// # Errors
    /// When the calendar has no such date, when its year is out of range, or when there is
    /// a day without a month.
    pub fn new(year: i16, month: Option<u8>, day: Option<u8>) -> Result<Self, DateError> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(DateError::Year);
        }
        match (month, day) {
            (None, None) => {}
            (None, Some(_)) => return Err(DateError::Form),
            (Some(month), _) if !(1..=12).contains(&month) => return Err(DateError::Month),
            (Some(_), None) => {}
            (Some(month), Some(day)) => {
                let days = days_in(year, month);
                if !(1..=days).contains(&day) {
                    return Err(DateError::Day { days });
                }
            }
        }
        Ok(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, if the date is that precise.
    #[must_use]
    pub fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, if the date is that precise.
    #[must_use]
    pub fn day(self) -> Option<u8> {
        self.day
    }

    /// The first day that it covers.
    #[must_use]
    pub fn first_day(self) -> Day {
        (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day that it covers.
    #[must_use]
    pub fn last_day(self) -> Day {
        let month = self.month.unwrap_or(12);
        (self.year, month, self.day.unwrap_or_else(|| days_in(self.year, month)))
    }

    /// The year, month or day after this one.
    fn next(self) -> Result<Self, DateError> {
        let Self { year, month, day } = self;
        match (month, day) {
            (Some(of), Some(day)) if day < days_in(year, of) => {
                Self::new(year, month, Some(day + 1))
            }
            (Some(of), _) if of < 12 => Self::new(year, Some(of + 1), day.map(|_| 1)),
            _ => Self::new(year + 1, month.map(|_| 1), day.map(|_| 1)),
        }
    }

    /// The year, month or day before this one.
    fn previous(self) -> Result<Self, DateError> {
        let Self { year, month, day } = self;
        match (month, day) {
            (Some(_), Some(day)) if day > 1 => Self::new(year, month, Some(day - 1)),
            (Some(of), _) if of > 1 => {
                Self::new(year, Some(of - 1), day.map(|_| days_in(year, of - 1)))
            }
            _ => Self::new(year - 1, month.map(|_| 12), day.map(|_| 31)),
        }
    }
}

/// The days of a month of the Gregorian calendar.
fn days_in(year: i16, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for DateBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

impl FromStr for DateBound {
    type Err = DateError;

    /// Reads `2012`, `2012-02`, `2012-02-05`; a month or day may have one digit.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let year = parts.next().unwrap_or_default();
        if year.len() != 4 {
            return Err(DateError::Form);
        }
        let year = digits(year)?;
        let mut short = || match parts.next() {
            Some(part) if part.len() > 2 => Err(DateError::Form),
            Some(part) => digits(part).map(Some),
            None => Ok(None),
        };
        let (month, day) = (short()?, short()?);
        if parts.next().is_some() {
            return Err(DateError::Form);
        }
        Self::new(year, month, day)
    }
}

fn digits<N: FromStr>(text: &str) -> Result<N, DateError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Form);
    }
    text.parse().map_err(|_| DateError::Form)
}

/// From the first day of one date to the last day of another; one end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    from: Option<DateBound>,
    to: Option<DateBound>,
}

impl DateRange {
    /// The range between two dates, both included.
    ///
    /// # Errors
    /// When both ends are open, or when it would end before it begins.
    pub fn new(from: Option<DateBound>, to: Option<DateBound>) -> Result<Self, DateError> {
        match (from, to) {
            (None, None) => Err(DateError::Unbounded),
            (Some(from), Some(to)) if from.first_day() > to.last_day() => {
                Err(DateError::Backwards)
            }
            _ => Ok(Self { from, to }),
        }
    }

    /// Where it begins, if not open.
    #[must_use]
    pub fn from(self) -> Option<DateBound> {
        self.from
    }

    /// Where it ends, if not open.
    #[must_use]
    pub fn to(self) -> Option<DateBound> {
        self.to
    }

    /// The first day of the range, if not open.
    #[must_use]
    pub fn first_day(self) -> Option<Day> {
        self.from.map(DateBound::first_day)
    }

    /// The last day of the range, if not open.
    #[must_use]
    pub fn last_day(self) -> Option<Day> {
        self.to.map(DateBound::last_day)
    }
}

impl FromStr for DateRange {
    type Err = DateError;

    /// Reads a date, `2012..2013-02` with either end open, `>2012`, `>=2012`, `<2012`,
    /// `<=2012`. `>2012` begins with the year after.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let from = |date: DateBound| Self::new(Some(date), None);
        let to = |date: DateBound| Self::new(None, Some(date));
        if let Some(date) = text.strip_prefix(">=") {
            return from(date.parse()?);
        }
        if let Some(date) = text.strip_prefix("<=") {
            return to(date.parse()?);
        }
        if let Some(date) = text.strip_prefix('>') {
            return from(date.parse::<DateBound>()?.next()?);
        }
        if let Some(date) = text.strip_prefix('<') {
            return to(date.parse::<DateBound>()?.previous()?);
        }
        let end = |date: &str| match date {
            "" => Ok(None),
            _ => date.parse().map(Some),
        };
        match text.split_once("..") {
            Some((first, last)) => Self::new(end(first)?, end(last)?),
            None => end(text).and_then(|date| Self::new(date, date)),
        }
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(from), true) = (self.from, self.from == self.to) {
            return from.fmt(f);
        }
        if let Some(from) = self.from {
            from.fmt(f)?;
        }
        f.write_str("..")?;
        match self.to {
            Some(to) => to.fmt(f),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_whole_years_and_months() {
        let days = |text: &str| {
            text.parse::<DateRange>().map(|range| (range.first_day(), range.last_day()))
        };
        for (text, first, last) in [
            ("2012", Some((2012, 1, 1)), Some((2012, 12, 31))),
            ("2012-02..2013", Some((2012, 2, 1)), Some((2013, 12, 31))),
            ("2012..", Some((2012, 1, 1)), None),
            ("..1900-02", None, Some((1900, 2, 28))),
            (">2012", Some((2013, 1, 1)), None),
            (">2012-12", Some((2013, 1, 1)), None),
            (">2012-02-29", Some((2012, 3, 1)), None),
            (">=2012-5-1", Some((2012, 5, 1)), None),
            ("<2012-03", None, Some((2012, 2, 29))),
            ("<2012-03-01", None, Some((2012, 2, 29))),
            ("<2000-01-01", None, Some((1999, 12, 31))),
            ("<=2012-05-01", None, Some((2012, 5, 1))),
        ] {
            assert_eq!(days(text), Ok((first, last)), "{text}");
        }
        for (text, error) in [
            ("", DateError::Unbounded),
            ("..", DateError::Unbounded),
            ("12", DateError::Form),
            ("2012-02-05-01", DateError::Form),
            ("2012-+2", DateError::Form),
            ("٢٠١٢", DateError::Form),
            ("2012-13", DateError::Month),
            ("2011-02-29", DateError::Day { days: 28 }),
            ("0999", DateError::Year),
            (">2999", DateError::Year),
            ("2013..2012", DateError::Backwards),
        ] {
            assert_eq!(days(text), Err(error), "{text}");
        }
    }
}
