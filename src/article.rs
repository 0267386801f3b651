//! The plain data of the write flow: an [`Article`] as a format hands it over, and the small types
//! that every later stage shares.
//!
//! This module knows nothing of files, formats, entities or the index.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

impl Precision {
    /// `year`, `month` or `day`, as in the JSON shapes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// A date as precise as it is known, in the proleptic Gregorian calendar, years 1000 to 2999.
///
/// It is the date on the page, in the page's own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    /// 1 to 12, or 0 where unknown.
    month: u8,
    /// 1 to 31, or 0 where unknown.
    day: u8,
}

impl Date {
    /// A whole year; `None` outside 1000 to 2999.
    #[must_use]
    pub fn from_year(year: i16) -> Option<Self> {
        (1000..3000).contains(&year).then_some(Self { year, month: 0, day: 0 })
    }

    /// A month of a year.
    #[must_use]
    pub fn from_month(year: i16, month: u8) -> Option<Self> {
        let whole_year = Self::from_year(year)?;
        (1..=12).contains(&month).then_some(Self { month, ..whole_year })
    }

    /// A day; `None` where the calendar has no such day.
    #[must_use]
    pub fn from_day(year: i16, month: u8, day: u8) -> Option<Self> {
        let whole_month = Self::from_month(year, month)?;
        (1..=days_in_month(year, month)).contains(&day).then_some(Self { day, ..whole_month })
    }

    /// The day `days` after 1970-01-01; `None` outside the years 1000 to 2999.
    #[must_use]
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        // Days to civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = i64::from(days) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524
            - day_of_era / 146_096)
            / 365;
        let day_of_year =
            day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month =
            if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::from_day(
            i16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, where known.
    #[must_use]
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, where known.
    #[must_use]
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// How much is known.
    #[must_use]
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The first day that the date may stand for, in days since 1970-01-01.
    #[must_use]
    pub fn first_day(self) -> i32 {
        epoch_days(self.year, self.month.max(1), self.day.max(1))
    }

    /// The last day that the date may stand for, in days since 1970-01-01.
    #[must_use]
    pub fn last_day(self) -> i32 {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 { days_in_month(self.year, month) } else { self.day };
        epoch_days(self.year, month, day)
    }

    /// The same date, known no more precisely than `precision`.
    #[must_use]
    pub fn truncated(self, precision: Precision) -> Self {
        match precision {
            Precision::Year => Self { month: 0, day: 0, ..self },
            Precision::Month => Self { day: 0, ..self },
            Precision::Day => self,
        }
    }
}

fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn epoch_days(year: i16, month: u8, day: u8) -> i32 {
    // Civil date to days after Howard Hinnant, as above.
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i32::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// The text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or names no day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date (write 2013, 2013-02 or 2013-02-05)")]
pub struct DateError(String);

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let error = || DateError(text.chars().take(40).collect());
        let mut parts = text.split('-');
        let mut number = |width: usize| match parts.next() {
            None => Ok(None),
            Some(digits)
                if digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                digits.parse::<i16>().map(Some).map_err(|_| error())
            }
            Some(_) => Err(error()),
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(error());
        }
        let small = |n: i16| u8::try_from(n).unwrap_or(u8::MAX);
        match (year, month, day) {
            (Some(year), None, _) => Self::from_year(year),
            (Some(year), Some(month), None) => Self::from_month(year, small(month)),
            (Some(year), Some(month), Some(day)) => {
                Self::from_day(year, small(month), small(day))
            }
            (None, ..) => None,
        }
        .ok_or_else(error)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Names that the file itself declares as its subjects (keywords, subject codes, tags).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// People.
    pub people: Vec<String>,
    /// Organisations.
    pub organisations: Vec<String>,
    /// Places.
    pub places: Vec<String>,
}

/// One article, as read from a file and made ready by `enrich`.
///
/// Texts are NFC, without control characters but `\n`. What is unknown is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// The item's own identifier in its file (guid, DOCNO, URL), where it has one.
    #[serde(skip)]
    pub item: Option<String>,
    /// The headline, on one line; empty where there is none.
    pub title: String,
    /// Names of the authors, names only.
    pub byline: Vec<String>,
    /// The date of publication.
    pub date: Option<Date>,
    /// The place (and agency) that the text opens with, as written, without its date.
    pub dateline: Option<String>,
    /// The newspaper, agency or site.
    pub source: Option<String>,
    /// Section or desk.
    pub section: Option<String>,
    /// Page, as printed.
    pub page: Option<String>,
    /// Edition.
    pub edition: Option<String>,
    /// ISO 639-1 code of the language.
    pub language: Option<String>,
    /// Where the article was published on the web.
    pub url: Option<String>,
    /// Captions of pictures.
    pub captions: Vec<String>,
    /// The text; paragraphs are separated by a blank line.
    pub body: String,
    /// Lines that are not the article's own text (share links, menus, copyright).
    pub boilerplate: Vec<String>,
    /// Subjects that the file itself declares.
    pub declared: Declared,
    /// Mean confidence of the OCR, 0 to 1, where the file states it.
    pub ocr_confidence: Option<f32>,
    /// State of the text where the file states it (`corrected`, `withdrawn`, …).
    pub status: Option<String>,
    /// What was wrong with it, in words for a person.
    pub problems: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_survive_the_calendar_and_their_own_text() {
        for days in (-354_000..370_000).step_by(17) {
            let date = Date::from_epoch_days(days).unwrap();
            assert_eq!((date.first_day(), date.last_day()), (days, days));
            assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
        }
        let february: Date = "1900-02".parse().unwrap();
        assert_eq!(february.last_day() - february.first_day(), 27);
        for wrong in ["", "13", "2013-2", "2013-13", "2013-02-30", "2013-02-05-01", "２０１３"]
        {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }
}
