//! Datelines: the place, agency and day with which a dispatch opens.

use crate::date;
use crate::text::fold;

/// The opening of a dispatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Place and agency as written, without the date: `SEOUL (AP)`.
    pub(super) place: String,
    /// The agency alone.
    pub(super) agency: Option<String>,
    /// Year, month and day, as far as given.
    pub(super) date: Option<(Option<i16>, u8, Option<u8>)>,
}

/// The longest dateline, in bytes.
const LONGEST: usize = 110;

/// Words in capitals before a dash or colon that are no places.
const NOT_PLACES: &[&str] = &[
    "update",
    "exclusive",
    "breaking",
    "breaking news",
    "video",
    "watch",
    "photos",
    "photo",
    "opinion",
    "review",
    "analysis",
    "note",
    "editor's note",
    "editor’s note",
    "q",
    "a",
    "correction",
    "live",
    "listen",
    "related",
    "poll",
    "quiz",
    "column",
    "commentary",
    "factbox",
    "timeline",
    "interview",
    "feature",
    "news",
    "pictures",
    "read",
    "read more",
    "more",
    "summary",
    "developing",
    "urgent",
    "warning",
    "spoiler alert",
    "full text",
    "transcript",
    "what",
    "who",
    "when",
    "where",
    "why",
    "how",
    "tl;dr",
    "obituary",
    "profile",
    "editorial",
    "letters",
    "sports",
    "weather",
    "brief",
    "briefs",
    "cnn",
    "nbc",
    "abc",
    "cbs",
    "bbc",
    "fox",
    "question",
    "answer",
    "reuters",
    "ap",
];

/// The dateline with which a paragraph opens.
pub(super) fn read(paragraph: &str) -> Option<Dateline> {
    // Nearly every paragraph without one ends here: its first letters are no opening.
    let first = paragraph.chars().next()?;
    if !first.is_uppercase() && first != '(' {
        return None;
    }
    let window = paragraph.get(..floor_boundary(paragraph, LONGEST)).unwrap_or(paragraph);
    if !window.contains(['-', '–', '—', ')', ':', '_']) {
        return None;
    }
    for (head, rest, separator) in openings(window) {
        if rest.trim().is_empty() && paragraph.len() == window.len() {
            continue;
        }
        if let Some(dateline) = parse(head, separator) {
            return Some(dateline);
        }
    }
    None
}

/// A dateline that is a whole line.
pub(super) fn read_line(line: &str) -> Option<Dateline> {
    if line.len() > LONGEST {
        return None;
    }
    let head = line.trim_end_matches([' ', '-', '–', '—', ':']);
    let dateline = parse(head, Separator::Line)?;
    (dateline.agency.is_some() || dateline.date.is_some()).then_some(dateline)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Dash,
    Colon,
    /// Only the parenthesis of the agency ends it: `Washington (CNN) The president …`.
    Parenthesis,
    Line,
}

/// The places where a dateline may end, first to last.
fn openings(window: &str) -> Vec<(&str, &str, Separator)> {
    let mut found = Vec::new();
    for (at, c) in window.char_indices() {
        let (head, tail) = window.split_at(at);
        let behind = tail.get(c.len_utf8()..).unwrap_or_default();
        let spaced = head.ends_with(' ') || behind.starts_with(' ');
        match c {
            '_' if head.ends_with(' ') && behind.starts_with(' ') => {
                found.push((head, behind, Separator::Dash));
            }
            '–' | '—' => found.push((head, behind, Separator::Dash)),
            '-' if behind.starts_with('-') => {
                found.push((head, behind.trim_start_matches('-'), Separator::Dash));
            }
            '-' if spaced && !head.ends_with('-') => {
                found.push((head, behind, Separator::Dash));
            }
            ':' if behind.starts_with(' ') => found.push((head, behind, Separator::Colon)),
            ')' if behind.starts_with(' ') => {
                let next = behind.trim_start();
                if !next.starts_with(['-', '–', '—', ':', ',']) {
                    found.push((
                        window.get(..=at).unwrap_or(head),
                        behind,
                        Separator::Parenthesis,
                    ));
                }
            }
            _ => {}
        }
    }
    found
}

fn parse(head: &str, separator: Separator) -> Option<Dateline> {
    let mut agency = None;
    let mut outside = String::with_capacity(head.len());
    let mut rest = head.trim();
    while let Some((before, after)) = rest.split_once('(') {
        let (inside, behind) = after.split_once(')')?;
        outside.push_str(before);
        if is_agency(inside) {
            agency = Some(inside.trim().to_owned());
        } else if date::parse_month_and_day(inside).is_some() {
            outside.push(',');
            outside.push_str(inside);
        } else {
            return None;
        }
        outside.push(',');
        rest = behind;
    }
    outside.push_str(rest);
    let mut places: Vec<&str> = Vec::new();
    let mut date_words = String::new();
    for part in outside.split([',', ';', '|']).map(str::trim).filter(|part| !part.is_empty()) {
        let with_date = format!("{date_words} {part}");
        if date::parse_month_and_day(with_date.trim()).is_some()
            || (date_words.is_empty() && is_weekday(part))
        {
            with_date.trim().clone_into(&mut date_words);
        } else if !date_words.is_empty() {
            // `Feb. 12, Reuters`: an agency without its parenthesis.
            if agency.is_some() || !is_agency(part) {
                return None;
            }
            agency = Some(part.to_owned());
        } else if let Some((place, day)) = place_and_day(part) {
            places.push(place);
            day.clone_into(&mut date_words);
        } else if is_place(part) || (!places.is_empty() && is_state(part)) {
            places.push(part);
        } else if agency.is_none() && !places.is_empty() && is_known_agency(part) {
            agency = Some(part.to_owned());
        } else {
            return None;
        }
    }
    let date = date::parse_month_and_day(&date_words);
    let in_capitals = places.first().is_some_and(|place| is_in_capitals(place));
    let sure = match separator {
        Separator::Dash => in_capitals || agency.is_some() || date.is_some(),
        Separator::Colon => in_capitals && places.len() <= 2,
        Separator::Parenthesis => agency.as_deref().is_some_and(is_known_agency),
        Separator::Line => in_capitals || agency.is_some() || date.is_some(),
    };
    let first_folded = places.first().map(|place| fold(place).into_owned()).unwrap_or_default();
    if !sure || places.len() > 3 || NOT_PLACES.contains(&first_folded.as_str()) {
        return None;
    }
    if places.is_empty() && agency.is_none() {
        return None;
    }
    let mut place = places.join(", ");
    if let Some(agency) = &agency {
        if !place.is_empty() {
            place.push(' ');
        }
        place.push('(');
        place.push_str(agency);
        place.push(')');
    }
    Some(Dateline { place, agency, date })
}

/// `Islamabad Feb 10`: a place and a day without a comma between them.
fn place_and_day(part: &str) -> Option<(&str, &str)> {
    if !part.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    part.char_indices().filter(|(_, c)| *c == ' ').find_map(|(at, _)| {
        let (place, day) = part.split_at(at);
        let day = day.trim();
        (date::parse_month_and_day(day).is_some() && is_place(place)).then_some((place, day))
    })
}

fn is_place(part: &str) -> bool {
    let words: Vec<&str> = part.split([' ', '/']).filter(|word| !word.is_empty()).collect();
    let named = |word: &&str| {
        let small = [
            "de", "la", "del", "of", "the", "and", "am", "an", "der", "le", "les", "el", "al",
            "upon", "sur", "near", "do", "da", "dos",
        ];
        word.chars().next().is_some_and(char::is_uppercase) || small.contains(word)
    };
    let letters = |c: char| c.is_alphabetic() || " .'’-/\u{301}".contains(c);
    (1..=5).contains(&words.len())
        && words.iter().all(named)
        && part.chars().all(letters)
        && part.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !is_weekday(part)
}

/// `CA`: the abbreviated state behind a town.
fn is_state(part: &str) -> bool {
    part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase())
}

fn is_in_capitals(place: &str) -> bool {
    let letters = place.chars().filter(|c| c.is_alphabetic()).count();
    let small = place.chars().filter(|c| c.is_lowercase()).count();
    // `McALLEN`, `WASHINGTON and PARIS`
    letters >= 3 && small * 3 <= letters && place.chars().next().is_some_and(char::is_uppercase)
}

fn is_weekday(part: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let folded = fold(part.trim_end_matches('.'));
    folded.len() >= 3
        && DAYS.iter().any(|day| {
            *day == folded || (folded.len() <= 4 && day.starts_with(folded.as_ref()))
        })
}

/// What may stand in the parenthesis of a dateline: a short name in capitals or of few words.
fn is_agency(inside: &str) -> bool {
    let inside = inside.trim();
    let words = inside.split(' ').count();
    (2..=40).contains(&inside.len())
        && words <= 4
        && inside.chars().next().is_some_and(char::is_uppercase)
        && !inside.contains(['.', ',', ';', '"', '“'])
        && !inside.contains(|c: char| c.is_ascii_digit())
}

fn is_known_agency(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "ap",
        "associated press",
        "the associated press",
        "reuters",
        "afp",
        "agence france-presse",
        "cnn",
        "cnn money",
        "cnnmoney",
        "cnn business",
        "upi",
        "dpa",
        "xinhua",
        "yonhap",
        "kyodo",
        "efe",
        "ansa",
        "tass",
        "itar-tass",
        "interfax",
        "ria novosti",
        "pti",
        "ians",
        "ani",
        "aap",
        "pa",
        "bloomberg",
        "bloomberg news",
        "jta",
        "rfe/rl",
        "voa",
        "bbc",
        "marketwatch",
        "the conversation",
        "ndtv",
        "kuna",
        "wam",
        "spa",
        "mena",
        "irna",
        "antara",
        "bernama",
        "vna",
        "pna",
        "cp",
        "the canadian press",
        "business wire",
        "pr newswire",
        "globe newswire",
        "globenewswire",
        "pr web",
        "prweb",
        "fox",
        "fox news",
        "nbc news",
        "abc news",
        "cbs news",
        "wtop",
        "kcna",
        "apa",
        "sda",
        "ats",
        "belga",
        "anp",
        "lusa",
        "ips",
        "thomson reuters foundation",
        "rns",
        "cns",
    ];
    KNOWN.contains(&fold(name.trim()).as_ref())
}

fn floor_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_openings_of_dispatches_are_read() {
        for (text, place, date) in [
            ("WASHINGTON (Reuters) - The president said", "WASHINGTON (Reuters)", None),
            ("SEOUL, Feb. 12 (AP) – North Korea said", "SEOUL (AP)", Some((None, 2, Some(12)))),
            ("TORONTO, March 11 - Inco Ltd said", "TORONTO", Some((None, 3, Some(11)))),
            ("TOKYO: Japan said", "TOKYO", None),
            ("SANTA CRUZ, CA--The contents", "SANTA CRUZ, CA", None),
            ("Orlando (CNN) Hillary Clinton said", "Orlando (CNN)", None),
            ("(CNN) -- The mistaken", "(CNN)", None),
            ("PARIS — France has", "PARIS", None),
            (
                "Islamabad, March 3, 2013 (APP) - The",
                "Islamabad (APP)",
                Some((Some(2013), 3, Some(3))),
            ),
            ("NEW YORK/LONDON, Tuesday (Reuters) - Oil", "NEW YORK/LONDON (Reuters)", None),
        ] {
            let dateline = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((dateline.place.as_str(), dateline.date), (place, date));
        }
    }

    #[test]
    fn running_text_has_none() {
        for text in [
            "The minister - a friend of the president - said",
            "North Korea (DPRK) said that it had",
            "UPDATE: The minister has left",
            "US net users leading - TV downloads",
            "Mr. Kerry – who had come to Seoul – left",
            "Vice President Biden (D) has said that he will go",
            "“Seoul” - a song",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
