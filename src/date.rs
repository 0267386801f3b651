//! Dates as people and machines write them: in metadata, in running text, in addresses and in the
//! names of files.
//!
//! A time zone is never applied: the date on the page is the date of publication.

use std::ops::Range;

use crate::article::{Date, Precision};
use crate::text::fold;

/// Years that a newspaper may be of; the first appeared in 1605.
const YEARS: std::ops::RangeInclusive<u32> = 1600..=2100;

/// Which number comes first in `02/05/2013`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DayOrder {
    /// Not known: only dates that can be read in one way are read.
    #[default]
    Unknown,
    /// 2 May.
    DayFirst,
    /// February 5.
    MonthFirst,
}

/// Reads the date of a metadata field, in any of the usual spellings; `None` where there is none.
#[must_use]
pub fn parse(text: &str, order: DayOrder) -> Option<Date> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return from_digits(text);
    }
    let start: String = text.chars().take(200).collect();
    let pieces = pieces(&start);
    (0..pieces.len())
        .find_map(|at| full_date(&pieces, at, order))
        .or_else(|| (0..pieces.len()).find_map(|at| short_year_date(&pieces, at)))
        .or_else(|| year_and_month(&pieces))
        .map(|(date, _)| date)
}

/// The first date with its year in `text`, and where it stands (bytes).
#[must_use]
pub fn find(text: &str, order: DayOrder) -> Option<(Date, Range<usize>)> {
    // Without a digit there is no date: most lines end here.
    let first_digit = text.bytes().position(|b| b.is_ascii_digit())?;
    // `Wednesday, 5` needs the words before the first digit, not the whole page before it.
    let from = floor_boundary(text, first_digit.saturating_sub(40));
    let pieces = pieces(text.get(from..)?);
    (0..pieces.len())
        .find_map(|at| full_date(&pieces, at, order))
        .map(|(date, span)| (date, span.start + from..span.end + from))
}

/// A month, perhaps with its day and its year, as a dateline has it: `Feb. 12`, `12 February`,
/// `March 11, 1987`. The whole text must be that, but for the name of a weekday.
#[must_use]
pub fn parse_month_and_day(text: &str) -> Option<(Option<i16>, u8, Option<u8>)> {
    let pieces = pieces(text);
    let mut words = pieces.iter().filter(|piece| !is_weekday(piece));
    let (first, second, third) = (words.next()?, words.next(), words.next());
    if words.next().is_some() {
        return None;
    }
    let year_of = |piece: Option<&Piece<'_>>| match piece {
        None => Some(None),
        Some(piece) => Some(Some(piece.year()?)),
    };
    if let Some(month) = first.month() {
        let Some(second) = second else { return Some((None, month, None)) };
        if let Some(day) = second.day() {
            return Some((year_of(third)?, month, Some(day)));
        }
        return third.is_none().then_some((Some(second.year()?), month, None));
    }
    let (day, month) = (first.day()?, second?.month()?);
    Some((year_of(third)?, month, Some(day)))
}

/// The most precise date in a path or in an address, the last of several such: `2013/02/05`,
/// `2013-02-05`, `20130205`, `2013/feb/05`, `1987-03`, `1987`.
#[must_use]
pub fn find_in_path(path: &str) -> Option<Date> {
    let pieces = pieces(path);
    let mut best: Option<Date> = None;
    for at in 0..pieces.len() {
        let Some(found) = path_date(path, &pieces, at) else { continue };
        if best.is_none_or(|date| found.precision() >= date.precision()) {
            best = Some(found);
        }
    }
    best
}

/// A run of digits or of letters.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    text: &'a str,
    start: usize,
    /// The character before it, where that is neither white space nor the beginning.
    mark: Option<char>,
    number: Option<u32>,
}

impl Piece<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn year(&self) -> Option<i16> {
        let number = self.number.filter(|year| self.text.len() == 4 && YEARS.contains(year))?;
        i16::try_from(number).ok()
    }

    fn small(&self, most: u32) -> Option<u8> {
        let number = self.number.filter(|n| self.text.len() <= 2 && (1..=most).contains(n))?;
        u8::try_from(number).ok()
    }

    fn day(&self) -> Option<u8> {
        self.small(31)
    }

    fn month_number(&self) -> Option<u8> {
        self.small(12)
    }

    fn month(&self) -> Option<u8> {
        if self.number.is_some() || self.text.len() < 3 || self.text.len() > 24 {
            return None;
        }
        month_by_name(&fold(self.text))
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut mark = None;
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let is_digit = first.is_ascii_digit();
        if !is_digit && !first.is_alphabetic() {
            if !first.is_whitespace() {
                mark = Some(first);
            }
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            // The signs of year, month and day are pieces of their own in `2013年2月5日`.
            let same = if is_digit { c.is_ascii_digit() } else { c.is_alphabetic() };
            if !same || is_date_sign(c) || is_date_sign(first) {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let piece = text.get(start..end).unwrap_or_default();
        let number = if is_digit { piece.parse().ok() } else { None };
        pieces.push(Piece { text: piece, start, mark, number });
        mark = None;
    }
    pieces
}

fn is_date_sign(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
}

type Found = (Date, Range<usize>);

/// A date with year, month and day that begins at piece `at`.
fn full_date(pieces: &[Piece<'_>], at: usize, order: DayOrder) -> Option<Found> {
    let first = pieces.get(at)?;
    let end_of = |index: usize| pieces.get(index).map_or(first.end(), Piece::end);
    let found = |year: i16, month: u8, day: u8, last: usize| {
        Some((Date::from_day(year, month, day)?, first.start..end_of(last)))
    };
    if let Some(year) = first.year() {
        // 2013-02-05, 2013/2/5, 2013. 2. 5, 2013年2月5日
        let second = pieces.get(at + 1)?;
        if is_sign(second, "年년") {
            let (month, day) =
                (pieces.get(at + 2)?.month_number()?, pieces.get(at + 4)?.day()?);
            let signed = is_sign(pieces.get(at + 3)?, "月월");
            return if signed { found(year, month, day, at + 5) } else { None };
        }
        let third = pieces.get(at + 2)?;
        let joined = matches!(second.mark, Some('-' | '/' | '.')) && second.mark == third.mark;
        if let (true, Some(month), Some(day)) = (joined, second.month_number(), third.day()) {
            return found(year, month, day, at + 2);
        }
        // 2013 February 5
        let (month, day) = (second.month()?, third.day()?);
        return found(year, month, day, at + 2);
    }
    if first.text.len() == 8 && first.number.is_some() {
        let date = from_digits(first.text)?;
        return Some((date, first.start..first.end()));
    }
    if let Some(day) = first.day() {
        let mut next = at + 1;
        // 5th of February 2013, 5 de febrero de 2013
        while next < at + 3 && pieces.get(next).is_some_and(is_filler) {
            next += 1;
        }
        if let Some(month) = pieces.get(next).and_then(Piece::month) {
            let mut last = next + 1;
            while last < next + 2 && pieces.get(last).is_some_and(is_filler) {
                last += 1;
            }
            let year = pieces.get(last)?.year()?;
            return found(year, month, day, last);
        }
        // 05/02/2013, 5.2.2013
        let (second, third) = (pieces.get(at + 1)?, pieces.get(at + 2)?);
        let mark = second.mark.filter(|mark| "/.-".contains(*mark))?;
        if third.mark != Some(mark) {
            return None;
        }
        let (year, other) = (third.year()?, second.day()?);
        let order = if mark == '.' { DayOrder::DayFirst } else { order };
        let (month, day) = match order {
            _ if day == other => (other, day),
            _ if day > 12 => (other, day),
            _ if other > 12 => (day, other),
            DayOrder::DayFirst => (other, day),
            DayOrder::MonthFirst => (day, other),
            DayOrder::Unknown => return None,
        };
        return found(year, month, day, at + 2);
    }
    // February 5th, 2013
    let month = first.month()?;
    let day = pieces.get(at + 1)?.day()?;
    let mut last = at + 2;
    while last < at + 3 && pieces.get(last).is_some_and(is_filler) {
        last += 1;
    }
    found(pieces.get(last)?.year()?, month, day, last)
}

/// `06 Nov 94`: two digits of a year are read only where the whole field is a date.
fn short_year_date(pieces: &[Piece<'_>], at: usize) -> Option<Found> {
    let [first, second, third] = pieces.get(at..at + 3)? else { return None };
    let (day, month) = (first.day()?, second.month()?);
    let short = third.number.filter(|_| third.text.len() == 2)?;
    let year = i16::try_from(if short < 50 { 2000 + short } else { 1900 + short }).ok()?;
    Some((Date::from_day(year, month, day)?, first.start..third.end()))
}

/// `February 2013`, `2013-02`, or a year alone.
fn year_and_month(pieces: &[Piece<'_>]) -> Option<Found> {
    for (at, first) in pieces.iter().enumerate() {
        let Some(second) = pieces.get(at + 1) else { break };
        let found = match (first.month(), second.year(), first.year(), second.month_number()) {
            (Some(month), Some(year), ..) => Date::from_month(year, month),
            (_, _, Some(year), Some(month)) if second.mark.is_some() => {
                Date::from_month(year, month)
            }
            _ => None,
        };
        if let Some(date) = found {
            return Some((date, first.start..second.end()));
        }
    }
    match pieces {
        [only] => Some((Date::from_year(only.year()?)?, only.start..only.end())),
        _ => None,
    }
}

fn path_date(path: &str, pieces: &[Piece<'_>], at: usize) -> Option<Date> {
    let first = pieces.get(at)?;
    if first.text.len() == 8 && first.number.is_some() {
        return from_digits(first.text);
    }
    let year = first.year()?;
    let second = pieces.get(at + 1).filter(|piece| piece.mark.is_some());
    if let Some(month) = second.and_then(|piece| piece.month_number().or_else(|| piece.month()))
    {
        let third = pieces.get(at + 2).filter(|piece| piece.mark.is_some());
        let day = third.and_then(Piece::day);
        let exact = day.and_then(|day| Date::from_day(year, month, day));
        // `2013/5/…` is hardly a month; `2013/05/…` is.
        let is_padded = second.is_some_and(|piece| piece.text.len() >= 2);
        return exact.or_else(|| is_padded.then(|| Date::from_month(year, month)).flatten());
    }
    let is_whole = |c: Option<char>| c.is_none_or(|c| matches!(c, '/' | '\\'));
    let before = path.get(..first.start)?.chars().next_back();
    let after = path.get(first.end()..)?.chars().next();
    (is_whole(before) && is_whole(after) && after.is_some()).then(|| Date::from_year(year))?
}

/// `2013`, `201302`, `20130205`, the same with a time, or seconds or milliseconds since 1970.
fn from_digits(digits: &str) -> Option<Date> {
    let part = |range: Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let year = i16::try_from(part(0..4)?)
        .ok()
        .filter(|&y| YEARS.contains(&u32::from(y.unsigned_abs())));
    let small = |range| part(range).and_then(|n| u8::try_from(n).ok());
    match digits.len() {
        4 => Date::from_year(year?),
        6 => Date::from_month(year?, small(4..6)?),
        8 | 12 | 14 => Date::from_day(year?, small(4..6)?, small(6..8)?),
        10 | 13 => {
            let seconds: i64 = digits.get(..10)?.parse().ok()?;
            Date::from_epoch_days(i32::try_from(seconds / 86_400).ok()?)
        }
        _ => None,
    }
}

/// The date, where it is one that a newspaper may bear and is not after `latest`.
#[must_use]
pub fn plausible(date: Date, latest: Option<Date>) -> bool {
    let in_range = YEARS.contains(&u32::from(date.year().unsigned_abs()));
    in_range && latest.is_none_or(|latest| date.first_day() <= latest.last_day())
}

/// Whether one date may be the other, known less precisely.
#[must_use]
pub fn agree(one: Date, other: Date) -> bool {
    let common: Precision = one.precision().min(other.precision());
    one.truncated(common) == other.truncated(common)
}

fn is_sign(piece: &Piece<'_>, signs: &str) -> bool {
    !piece.text.is_empty() && signs.contains(piece.text)
}

fn is_filler(piece: &Piece<'_>) -> bool {
    let short = piece.text.len() <= 3 && piece.number.is_none();
    short
        && matches!(
            fold(piece.text).as_ref(),
            "st" | "nd" | "rd" | "th" | "of" | "de" | "del" | "er" | "º"
        )
}

fn is_weekday(piece: &Piece<'_>) -> bool {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = fold(piece.text);
    name.len() >= 3 && NAMES.iter().any(|full| full.starts_with(name.as_ref()))
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The names of the months, folded, in the languages that newspapers on the web are most often in.
fn month_by_name(name: &str) -> Option<u8> {
    let month = match name {
        "january" | "jan" | "januar" | "janner" | "janvier" | "janv" | "enero" | "ene"
        | "gennaio" | "janeiro" | "januari" | "stycznia" | "ledna" | "января" | "январь"
        | "ocak" | "januarie" | "січня" => 1,
        "february" | "feb" | "februar" | "fevrier" | "fevr" | "febrero" | "febbraio"
        | "fevereiro" | "fev" | "februari" | "lutego" | "unora" | "февраля" | "февраль"
        | "subat" | "лютого" => 2,
        "march" | "mar" | "marz" | "maerz" | "mars" | "marzo" | "marco" | "maart" | "mrt"
        | "marts" | "marca" | "brezna" | "марта" | "март" | "mart" | "maret" | "березня" => {
            3
        }
        "april" | "apr" | "avril" | "avr" | "abril" | "abr" | "aprile" | "kwietnia"
        | "dubna" | "апреля" | "апрель" | "nisan" | "квітня" => 4,
        "may" | "mai" | "mayo" | "maggio" | "maio" | "mei" | "maj" | "maja" | "kvetna"
        | "мая" | "май" | "mayis" | "травня" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" | "giugno" | "giu" | "junho" | "czerwca"
        | "cervna" | "июня" | "июнь" | "haziran" | "червня" => 6,
        "july" | "jul" | "juli" | "juillet" | "juil" | "julio" | "luglio" | "lug" | "julho"
        | "lipca" | "cervence" | "июля" | "июль" | "temmuz" | "липня" => 7,
        "august" | "aug" | "aout" | "agosto" | "augustus" | "augusti" | "sierpnia"
        | "srpna" | "августа" | "август" | "agustos" | "agustus" | "серпня" => {
            8
        }
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "setiembre"
        | "settembre" | "setembro" | "wrzesnia" | "zari" | "сентября" | "сентябрь"
        | "eylul" | "вересня" => 9,
        "october" | "oct" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre"
        | "outubro" | "pazdziernika" | "rijna" | "октября" | "октябрь" | "ekim" | "жовтня" => {
            10
        }
        "november" | "nov" | "novembre" | "noviembre" | "novembro" | "listopada"
        | "listopadu" | "ноября" | "ноябрь" | "kasim" => 11,
        "december" | "dec" | "dezember" | "dez" | "decembre" | "diciembre" | "dic"
        | "dicembre" | "dezembro" | "grudnia" | "prosince" | "декабря" | "декабрь"
        | "aralik" | "desember" | "грудня" => 12,
        _ => return None,
    };
    Some(month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Option<Date>) -> String {
        date.map(|date| date.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_spellings_of_metadata_are_read() {
        for (text, wanted) in [
            ("2016-12-29T01:32:00.000Z", "2016-12-29"),
            ("20150218T160141", "2015-02-18"),
            ("Wed, 06 Nov 1994 08:49:37 GMT", "1994-11-06"),
            ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06"),
            ("11-MAR-1987 18:04:17.59", "1987-03-11"),
            ("March 11th, 1987", "1987-03-11"),
            ("Feb. 5, 2013, 3:40 p.m. ET", "2013-02-05"),
            ("Publicado el 5 de febrero de 2013", "2013-02-05"),
            ("1er août 2010", "2010-08-01"),
            ("5. März 2010", "2010-03-05"),
            ("2013年2月5日 10:00", "2013-02-05"),
            ("2013. 2. 5", "2013-02-05"),
            ("1549590000", "2019-02-08"),
            ("1987-03", "1987-03"),
            ("March 1987", "1987-03"),
            ("1987", "1987"),
            ("25/12/2001", "2001-12-25"),
            ("02/05/2013", ""),
            ("2013-02-30", "2013-02"),
            ("tomorrow", ""),
        ] {
            assert_eq!(shown(parse(text, DayOrder::Unknown)), wanted, "{text}");
        }
        assert_eq!(shown(parse("02/05/2013", DayOrder::MonthFirst)), "2013-02-05");
        assert_eq!(shown(parse("02/05/2013", DayOrder::DayFirst)), "2013-05-02");
    }

    #[test]
    fn paths_and_addresses_give_what_they_know() {
        for (path, wanted) in [
            ("asia/2013/02/05/talks.txt", "2013-02-05"),
            ("times/2013-02-05-talks.txt", "2013-02-05"),
            ("20130205_talks.txt", "2013-02-05"),
            ("http://a.example/world/2013/feb/05/talks", "2013-02-05"),
            ("1987-03/story.txt", "1987-03"),
            ("https://a.example/2019/04/talks", "2019-04"),
            ("1994/story.txt", "1994"),
            ("1990-2000/1994-03-07-laser.md", "1994-03-07"),
            ("198-04-06-farm-tours.md", ""),
            ("article-1987.txt", ""),
            ("article/35135610/", ""),
        ] {
            assert_eq!(shown(find_in_path(path)), wanted, "{path}");
        }
    }

    #[test]
    fn dates_in_running_text_are_found_with_their_place() {
        let line = "Posted: Tuesday, February 12, 2013 | By Staff Writer";
        let (date, span) = find(line, DayOrder::Unknown).unwrap();
        assert_eq!(
            (date.to_string().as_str(), line.get(span).unwrap()),
            ("2013-02-12", "February 12, 2013")
        );
        assert!(find("It may 5 times as much as in 2013", DayOrder::Unknown).is_none());
        assert_eq!(parse_month_and_day("Tuesday, Feb. 12"), Some((None, 2, Some(12))));
        assert_eq!(parse_month_and_day("11 March 1987"), Some((Some(1987), 3, Some(11))));
        assert_eq!(parse_month_and_day("Seoul"), None);
    }
}
