//! Authors' names out of bylines: `By JOHN SMITH and ANA RUIZ, Staff Writers` → two names.

use super::longer_than;
use crate::date::{self, DayOrder};
use crate::text::fold;

/// Words before the names, in the languages of many archives.
const LEADS: &[&str] = &[
    "by ",
    "by: ",
    "written by ",
    "posted by ",
    "published by ",
    "story by ",
    "report by ",
    "words by ",
    "reported by ",
    "from cnn's ",
    "from cnn’s ",
    "author: ",
    "authors: ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "text: ",
    "autor: ",
    "af ",
    "av ",
    "czytaj: ",
];

/// What is no person: agencies, desks and roles. Folded, as a whole part of a byline.
const NOT_NAMES: &[&str] = &[
    "by",
    "photograph",
    "photo",
    "view all posts",
    "see all posts",
    "all posts",
    "view profile",
    "more by this author",
    "ms",
    "rdn",
    "ld",
    "rd",
    "rn",
    "dds",
    "mba",
    "ma",
    "cpt",
    "ap",
    "the associated press",
    "associated press",
    "reuters",
    "afp",
    "agence france-presse",
    "dpa",
    "upi",
    "xinhua",
    "yonhap",
    "kyodo",
    "kyodo news",
    "tass",
    "ians",
    "pti",
    "ani",
    "efe",
    "ansa",
    "cnn",
    "bbc",
    "bbc news",
    "bloomberg",
    "bloomberg news",
    "press association",
    "staff",
    "staff writer",
    "staff writers",
    "staff reporter",
    "staff reporters",
    "staff report",
    "staff reports",
    "news staff",
    "editor",
    "editors",
    "the editors",
    "editorial",
    "editorial board",
    "the editorial board",
    "editorial team",
    "editorial staff",
    "admin",
    "administrator",
    "webmaster",
    "web desk",
    "news desk",
    "newsdesk",
    "online desk",
    "newsroom",
    "digital team",
    "contributor",
    "contributors",
    "guest",
    "guest author",
    "guest contributor",
    "reporter",
    "correspondent",
    "senior reporter",
    "senior editor",
    "political reporter",
    "columnist",
    "writer",
    "senior writer",
    "redaktion",
    "redaccion",
    "redazione",
    "redacao",
    "la redaction",
    "agencies",
    "agency",
    "wire reports",
    "wire services",
    "wire service reports",
    "news agencies",
    "press release",
    "unknown",
    "anonymous",
    "null",
    "none",
    "n/a",
    "undefined",
    "jr",
    "sr",
    "md",
    "phd",
    "ph.d",
    "ph.d.",
    "m.d.",
    "esq",
    "author",
    "authors",
    "view author archive",
    "email the author",
    "email",
    "follow",
    "get author rss feed",
    "bio",
    "twitter",
    "facebook",
    "more",
    "about",
    "updated",
    "published",
    "posted",
];

/// Words with which a role begins, behind a name.
const ROLE_WORDS: &[&str] = &[
    "staff",
    "special",
    "senior",
    "reporter",
    "correspondent",
    "editor",
    "writer",
    "contributor",
    "contributing",
    "columnist",
    "associated",
    "reuters",
    "cnn",
    "bbc",
    "afp",
    "ap",
    "political",
    "business",
    "sports",
    "science",
    "health",
    "technology",
    "national",
    "foreign",
    "chief",
    "for",
    "in",
    "at",
    "of",
    "on",
    "is",
    "posted",
    "published",
    "updated",
    "last",
    "photo",
    "photos",
    "photography",
    "the",
    "guest",
    "deputy",
    "managing",
    "producer",
    "journalist",
    "follow",
    "email",
    "bureau",
    "digital",
    "opinion",
    "analyst",
];

/// Words that papers, agencies and stations are called by.
const PUBLISHERS: &[&str] = &[
    "agency",
    "associated",
    "broadcasting",
    "chronicle",
    "courier",
    "daily",
    "gazette",
    "globe",
    "guardian",
    "herald",
    "journal",
    "mail",
    "magazine",
    "media",
    "network",
    "news",
    "newspaper",
    "newspapers",
    "online",
    "post",
    "press",
    "radio",
    "service",
    "services",
    "telegraph",
    "television",
    "times",
    "today",
    "tribune",
    "tv",
    "weekly",
    "wire",
];

/// What writers are, in the line below their names.
const CREDITS: &[&str] = &[
    "writer",
    "writers",
    "reporter",
    "reporters",
    "staff",
    "correspondent",
    "correspondents",
    "editor",
    "columnist",
    "contributor",
    "bureau",
];

/// Words behind a name, after a comma, that belong to it.
const GENERATIONS: [&str; 7] = ["Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"];
/// Degrees behind a name, without their full stops.
const DEGREES: [&str; 8] = ["MD", "PhD", "DPhil", "Esq", "JD", "MBA", "RN", "DDS"];

/// The names in a byline or an author field, in the order of writing.
pub(super) fn names(written: &str) -> Vec<String> {
    let text = strip_lead(written.trim()).unwrap_or(written.trim());
    // `Ana Ruiz December 28, 2016`: a line of the page, with its date.
    let text = match date::find(text, DayOrder::Unknown) {
        Some((_, span)) if span.start > 0 => text.get(..span.start).unwrap_or(text),
        _ => text,
    };
    if let Some(name) = turned(text) {
        return vec![name];
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts(text) {
        // `King, Jr.` is one name, and `Ruiz, PhD` names no second person.
        let behind = part.trim();
        if let Some(last) = names.last_mut() {
            if GENERATIONS.contains(&behind) {
                last.push(' ');
                last.push_str(behind);
                continue;
            }
            if DEGREES.contains(&behind.replace('.', "").as_str()) {
                continue;
            }
        }
        let Some(name) = name_of(part) else { continue };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// `Smith, John` as catalogues have it.
fn turned(text: &str) -> Option<String> {
    let (last, first) = text.split_once(", ")?;
    let is_word = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().skip(1).all(|c| c.is_lowercase() || "-'’.".contains(c))
    };
    let (last_folded, first_folded) = (fold(last).into_owned(), fold(first).into_owned());
    if GENERATIONS.contains(&first) {
        return None;
    }
    let is_role = |word: &str| NOT_NAMES.contains(&word) || ROLE_WORDS.contains(&word);
    let both =
        is_word(last) && is_word(first) && !is_role(&last_folded) && !is_role(&first_folded);
    both.then(|| format!("{first} {last}"))
}

/// The names of a line that is a byline, as it stands above an article; `None` where the line is
/// something else. The list is empty where it names only an agency or a desk.
pub(super) fn read_line(line: &str) -> Option<Vec<String>> {
    if line.len() > 200 || line.split(' ').count() > 24 {
        return None;
    }
    // `February 12, 2013 | By Staff Writer, Agency`
    let segments = line.split(" | ").map(str::trim);
    let mut found: Option<Vec<String>> = None;
    for segment in segments {
        let Some(rest) = strip_lead(segment) else { continue };
        // `By the CNN Wire Staff`
        let of_desk = rest.strip_prefix("the ").is_some_and(is_credit);
        if !of_desk && !is_list_of_names(rest) {
            continue;
        }
        found.get_or_insert_default().extend(names(rest));
    }
    found
}

fn is_publisher(word: &str) -> bool {
    let word = fold(word.trim_matches(['.', ',', '\'', '’']));
    PUBLISHERS.contains(&word.as_ref())
}

/// Whether a line right below a byline says for whom its writers write, or as what: `Staff
/// Writer`, `Of the Globe staff`, `Continental Wire`.
pub(super) fn is_credit(line: &str) -> bool {
    const LONGEST: usize = 60;
    const MOST_WORDS: usize = 7;
    if line.len() > LONGEST || line.ends_with(['.', '!', '?', ':']) {
        return false;
    }
    let words: Vec<&str> = line.split(' ').collect();
    let small = ["of", "the", "for", "and", "in", "to", "&", "staff", "special"];
    let mut says = false;
    for word in &words {
        let bare = word.trim_matches(['.', ',', '(', ')']);
        let folded = fold(bare);
        says |= is_publisher(bare)
            || NOT_NAMES.contains(&folded.as_ref())
            || CREDITS.contains(&folded.as_ref());
        if !bare.starts_with(char::is_uppercase) && !small.contains(&folded.as_ref()) {
            return false;
        }
    }
    says && words.len() <= MOST_WORDS
}

/// The names of a line that is a byline without `By`: a name and what says so, behind a comma
/// (`Ana Ruiz, Globe staff 5:12 p.m. EST March 4, 2013`) or as the line below (`Ana Ruiz` above
/// `Staff Writer`).
pub(super) fn read_unmarked(line: &str, below: Option<&str>) -> Option<Vec<String>> {
    const LONGEST: usize = 120;
    if line.len() > LONGEST || line.ends_with(['.', '!', '?', ':', '"', '”']) {
        return None;
    }
    let (name, rest) = match line.split_once(", ") {
        Some((name, rest)) => (name, Some(rest)),
        None => (line, None),
    };
    let words = name.split(' ').count();
    let is_name_word = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        word.starts_with(char::is_uppercase)
            && letters == word.trim_matches('.').chars().filter(|c| !"-'’".contains(*c)).count()
    };
    if !(2..=4).contains(&words) || !name.split(' ').all(is_name_word) {
        return None;
    }
    let credited = match rest {
        Some(rest) => {
            let day = date::find(rest, DayOrder::MonthFirst).map(|(_, span)| span.start);
            let start = rest.find(|c: char| c.is_ascii_digit()).or(day);
            let credit = rest.get(..start.unwrap_or(rest.len())).unwrap_or_default().trim();
            is_credit(credit) && (start.is_none() || day.is_some())
        }
        None => below.is_some_and(is_credit),
    };
    let names = credited.then(|| names(name))?;
    (!names.is_empty()).then_some(names)
}

/// Whether what follows `By` reads as names: capitals, no sentence.
fn is_list_of_names(rest: &str) -> bool {
    let first = rest.split([',', '|', ';']).next().unwrap_or_default();
    let words: Vec<&str> = first.split(' ').filter(|word| !word.is_empty()).collect();
    let capital = |word: &&str| {
        let start = word.trim_start_matches(['(', '"', '“']).chars().next();
        start.is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
    };
    let begins = words.first().is_some_and(capital);
    let small = words.iter().filter(|word| !capital(word)).count();
    let is_sentence = rest.ends_with('.') && !rest.ends_with("r.") && longer_than(rest, 6);
    begins && words.len() <= 14 && small * 2 <= words.len() && !is_sentence && !is_time(first)
}

/// `By Monday`, `By 2013`: a time, not a writer.
fn is_time(text: &str) -> bool {
    const TIMES: [&str; 12] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "christmas",
        "easter",
        "january",
        "december",
        "march",
    ];
    let word = fold(text.split(' ').next().unwrap_or_default()).into_owned();
    TIMES.contains(&word.as_str()) || word.starts_with(|c: char| c.is_ascii_digit())
}

fn strip_lead(text: &str) -> Option<&str> {
    LEADS.iter().find_map(|lead| {
        let start = text.get(..lead.len())?;
        start
            .eq_ignore_ascii_case(lead)
            .then(|| text.get(lead.len()..).unwrap_or_default().trim())
    })
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for separator in [
        ",", ";", " and ", " AND ", " And ", " & ", " und ", " et ", " y ", " with ", "|", "/",
        "·", "•", "、", "，", "\n", " - ", " – ", " — ", " By ", " by ",
    ] {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts
}

/// The name in one part of a byline, properly cased; `None` where the part is none.
fn name_of(part: &str) -> Option<String> {
    let part = part.split(['(', '[', '<']).next().unwrap_or_default();
    let part =
        part.trim_matches(|c: char| c.is_whitespace() || "\"“”':*.·@".contains(c) && c != '.');
    let part = strip_lead(part).unwrap_or(part).trim();
    // Chinese and Japanese bylines: the word for reporter before a name, or behind that of a desk.
    let part = ["記者", "记者", "文：", "文:", "文／"]
        .iter()
        .find_map(|lead| part.strip_prefix(lead))
        .unwrap_or(part)
        .trim();
    if ["記者", "记者", "編輯", "编辑", "編集部", "編輯部", "编辑部"]
        .iter()
        .any(|desk| part.ends_with(desk))
    {
        return None;
    }
    let folded = fold(part);
    if part.is_empty() || NOT_NAMES.contains(&folded.as_ref()) {
        return None;
    }
    if part.contains(['@', '!', '?', '#', '='])
        || part.contains("://")
        || part.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    if date::find(part, DayOrder::Unknown).is_some() {
        return None;
    }
    let mut words: Vec<&str> = part.split_whitespace().collect();
    // A role behind the name, without a comma between them.
    let role = words.iter().enumerate().skip(1).find(|(_, word)| {
        let word = fold(word.trim_matches(['.', ',']));
        ROLE_WORDS.contains(&word.as_ref())
    });
    if let Some((at, _)) = role {
        if at < 2 {
            return None;
        }
        words.truncate(at);
    }
    // The paper behind the name, whose own name may begin anywhere from the third word on
    // (`Ana Ruiz Continental Wire`), or the paper alone.
    if words.iter().skip(1).any(|word| is_publisher(word)) {
        if words.len() < 4 || words.iter().take(2).any(|word| is_publisher(word)) {
            return None;
        }
        let has_initial =
            words.get(1).is_some_and(|word| word.trim_end_matches('.').len() == 1);
        words.truncate(if has_initial { 3 } else { 2 });
    }
    let first = words.first()?;
    if words.len() > 5 || ROLE_WORDS.contains(&fold(first).as_ref()) {
        return None;
    }
    let starts_small = first.chars().next().is_some_and(char::is_lowercase);
    let particles =
        ["de", "von", "van", "al", "el", "la", "le", "di", "da", "del", "ter", "ten", "bin"];
    if starts_small && (words.len() == 1 || !particles.contains(first)) {
        return None;
    }
    if words.iter().any(|word| word.chars().count() > 30) {
        return None;
    }
    let name = words.join(" ");
    let name = name.trim_end_matches([':', '-', ',']);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 {
        return None;
    }
    let unprefixed = name.replace("Mc", "");
    let is_shouted = letters > 3
        && !unprefixed.chars().any(char::is_lowercase)
        && unprefixed.chars().any(char::is_uppercase);
    Some(if is_shouted { properly_cased(name) } else { name.to_owned() })
}

/// `JEAN-PAUL O'BRIEN McDONALD JR.` in the usual letters.
fn properly_cased(name: &str) -> String {
    let mut cased = String::with_capacity(name.len());
    for word in name.split(' ') {
        if !cased.is_empty() {
            cased.push(' ');
        }
        // Initials (`J.R.`) and Roman numbers stay.
        let is_number = matches!(word, "II" | "III" | "IV");
        if is_number
            || (word.contains('.') && word.len() <= 6 && word != "JR." && word != "SR.")
        {
            cased.push_str(word);
            continue;
        }
        let mut upper = true;
        let mut letters_before = 0;
        for c in word.chars() {
            if upper {
                cased.push(c);
            } else {
                cased.extend(c.to_lowercase());
            }
            letters_before += usize::from(c.is_alphabetic());
            let prefix = cased.rsplit(' ').next().unwrap_or_default();
            upper = !c.is_alphabetic() || (prefix == "Mc" && letters_before == 2);
        }
    }
    cased
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_only() {
        for (written, wanted) in [
            ("By JOHN SMITH, Staff Writer", &["John Smith"][..]),
            (
                "By Ana Ruiz and Jean-Paul O'Brien, Associated Press",
                &["Ana Ruiz", "Jean-Paul O'Brien"],
            ),
            ("JEAN-PAUL McDONALD", &["Jean-Paul McDonald"]),
            ("Reuters", &[]),
            ("Ana Ruiz | The Daily", &["Ana Ruiz"]),
            ("王浩鈞", &["王浩鈞"]),
            ("Jo Lee Senior Editor", &["Jo Lee"]),
            ("jo.lee@daily.example (Jo Lee)", &[]),
            ("Staff, Ana Ruiz (Chicago)", &["Ana Ruiz"]),
            ("Ana Ruiz, Continental Wire", &["Ana Ruiz"]),
            ("By Ana B. Ruiz Continental Wire", &["Ana B. Ruiz"]),
            ("The Daily Globe", &[]),
            ("King, Jr.", &["King Jr."]),
            ("By Sam King, Jr. and Ana Ruiz, Ph.D.", &["Sam King Jr.", "Ana Ruiz"]),
        ] {
            assert_eq!(names(written), wanted, "{written}");
        }
    }

    #[test]
    fn a_line_is_a_byline_or_not() {
        assert_eq!(read_line("February 12, 2013 | By Staff Writer, Agency"), Some(vec![]));
        assert_eq!(read_line("From CNN's Jo Lee"), Some(vec!["Jo Lee".to_owned()]));
        assert_eq!(read_line("By Ana Ruiz in Washington"), Some(vec!["Ana Ruiz".to_owned()]));
        assert_eq!(read_line("By the CNN Wire Staff"), Some(vec![]));
        assert_eq!(read_line("By the end of the day the talks were over."), None);
        assert_eq!(read_line("By Monday Ana Ruiz had left"), None);
        assert_eq!(read_line("Von Trapp singers return"), None);
    }

    #[test]
    fn a_name_without_by_needs_what_says_that_it_is_one() {
        let ruiz = Some(vec!["Ana Ruiz".to_owned()]);
        assert_eq!(read_unmarked("Ana Ruiz", Some("Staff Writer")), ruiz);
        assert_eq!(read_unmarked("ANA RUIZ", Some("Of the Globe staff")), ruiz);
        let dated = "Ana Ruiz, Globe staff 5:12 p.m. EST March 4, 2013";
        assert_eq!(read_unmarked(dated, None), ruiz);
        assert_eq!(read_unmarked("Ana Ruiz", Some("The talks ended on Monday.")), None);
        assert_eq!(read_unmarked("Ana Ruiz, the foreign minister", None), None);
        assert_eq!(read_unmarked("Fire in Paris", Some("Staff Writer")), None);
    }
}
