//! What is known of a word form by itself: worked out once per form.

use super::hash;
use super::lexicon::{self, Flags, Lexicon, NO_CLUSTER};

/// First character is upper case.
pub(super) const CAPITAL: u32 = 1 << 0;
/// No lower-case letter, and an upper-case one.
pub(super) const UPPER: u32 = 1 << 1;
/// Has a letter.
pub(super) const ALPHABETIC: u32 = 1 << 2;
/// First character is lower case.
pub(super) const LOWER: u32 = 1 << 3;
/// After it a capital says nothing: quotes, colon, dash.
pub(super) const OPENER: u32 = 1 << 4;
/// Four letters and more: capitalised in a headline in title case, and hardly ever else.
pub(super) const LONG: u32 = 1 << 5;
/// May join parts of a name: "of", "and", "&", "de".
pub(super) const CONNECTOR: u32 = 1 << 6;
/// Looks like an acronym; its letters are in [`Word::letters`].
pub(super) const ACRONYM: u32 = 1 << 7;
pub(super) const OPEN_BRACKET: u32 = 1 << 8;
pub(super) const CLOSE_BRACKET: u32 = 1 << 9;
pub(super) const THE: u32 = 1 << 10;
pub(super) const OF: u32 = 1 << 11;
/// Set by the tagger (see `decode`): may be a name by itself.
pub(super) const SEED: u32 = 1 << 12;
/// Set by the tagger: may be part of a name next to it.
pub(super) const SOFT: u32 = 1 << 13;
/// Set by the tagger: may join two parts of a name.
pub(super) const BRIDGE: u32 = 1 << 14;

/// Never a person's name by itself: a pronoun, a day, a month, a title.
pub(super) const NO_PERSON: u32 = 1 << 15;

/// In the order of their bytes.
const NO_PERSONS: [&str; 181] = [
    "actor",
    "actress",
    "adm",
    "admiral",
    "ambassador",
    "analyst",
    "and",
    "anyone",
    "archbishop",
    "attorney",
    "aug",
    "august",
    "author",
    "ayatollah",
    "capt",
    "captain",
    "cardinal",
    "ceo",
    "cfo",
    "chairman",
    "chairwoman",
    "chancellor",
    "chief",
    "cmdr",
    "coach",
    "col",
    "colonel",
    "commander",
    "commissioner",
    "congressman",
    "congresswoman",
    "constable",
    "consul",
    "corporal",
    "correspondent",
    "councillor",
    "councilman",
    "counsel",
    "cpl",
    "dec",
    "december",
    "defence",
    "defense",
    "deputy",
    "detective",
    "director",
    "dr",
    "economist",
    "editor",
    "envoy",
    "esq",
    "everyone",
    "feb",
    "february",
    "finance",
    "foreign",
    "friday",
    "gen",
    "general",
    "gov",
    "governor",
    "he",
    "her",
    "hers",
    "herself",
    "him",
    "himself",
    "his",
    "hon",
    "i",
    "imam",
    "inspector",
    "interior",
    "it",
    "its",
    "itself",
    "jan",
    "january",
    "judge",
    "jul",
    "july",
    "jun",
    "june",
    "justice",
    "lawyer",
    "leader",
    "lieutenant",
    "lt",
    "madam",
    "magistrate",
    "manager",
    "mar",
    "march",
    "may",
    "mayor",
    "me",
    "messrs",
    "mine",
    "minister",
    "miss",
    "monday",
    "mp",
    "mr",
    "mrs",
    "ms",
    "mx",
    "my",
    "myself",
    "nobody",
    "nov",
    "november",
    "oct",
    "october",
    "of",
    "officer",
    "one",
    "our",
    "ours",
    "pastor",
    "pope",
    "premier",
    "president",
    "prime",
    "private",
    "prof",
    "professor",
    "prosecutor",
    "rabbi",
    "rep",
    "reporter",
    "representative",
    "reuter",
    "reuters",
    "rev",
    "reverend",
    "saturday",
    "secretary",
    "sen",
    "senator",
    "sep",
    "sept",
    "september",
    "sergeant",
    "sgt",
    "she",
    "sheriff",
    "singer",
    "sir",
    "someone",
    "speaker",
    "spokesman",
    "spokeswoman",
    "state",
    "sunday",
    "superintendent",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "these",
    "they",
    "this",
    "those",
    "thursday",
    "trade",
    "treasury",
    "trooper",
    "tuesday",
    "undersecretary",
    "us",
    "vice",
    "we",
    "wednesday",
    "who",
    "whom",
    "whose",
    "you",
    "your",
    "yours",
    "yourself",
];

/// Longest acronym whose letters are kept.
pub(super) const ACRONYM_LETTERS: usize = 8;

/// A word form as the features see it.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    /// Hash of the lower-cased form.
    pub(super) lower: u64,
    /// What the gazetteers say.
    pub(super) flags: Flags,
    /// Hash of the short shape: "Xx", "d,d", ...
    pub(super) short: u32,
    /// The bits above.
    pub(super) bits: u32,
    /// One number for all forms that differ in case only.
    pub(super) lower_id: u32,
    /// Clusters, of 100, 500 and 2,000.
    pub(super) clusters: [u16; 3],
    /// 1.. if the form is one of [`BEFORE`] or [`AFTER`].
    pub(super) near: u8,
    /// First letter, as a small ASCII letter; 0 if it is none.
    pub(super) initial: u8,
    /// Letters of an acronym, small; 0 after the last.
    pub(super) letters: [u8; ACRONYM_LETTERS],
}

/// Words before a name that tell its kind.
pub(super) const BEFORE: [&str; 10] =
    ["in", "at", "from", "near", "to", "of", "by", "with", "for", "and"];
/// Words after a name that tell its kind.
pub(super) const AFTER: [&str; 10] =
    ["said", "says", "told", "added", "'s", "who", "was", "has", "is", ","];

const CONNECTORS: [&str; 16] = [
    "of", "and", "for", "the", "&", "de", "in", "on", "al", "du", "des", "la", "to", "del",
    "'s", "von",
];

/// What of a [`Word`] is asked at every position of every text: kept apart, since it stays in the
/// cache.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Brief {
    /// As in [`Word`].
    pub(super) bits: u32,
    /// As in [`Word`].
    pub(super) lower_id: u32,
}

impl Brief {
    #[inline]
    pub(super) fn is(self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

impl Word {
    /// The form, whose text went through [`plain`].
    pub(super) fn new(text: &str, lexicon: &Lexicon) -> Self {
        let lower_text = text.to_lowercase();
        let form = hash::text(text);
        let lower = hash::text(&lower_text);
        let bare_text: String = lower_text.chars().filter(|&c| c != '.').collect();
        let bare = if bare_text.is_empty() || bare_text.len() == lower_text.len() {
            lower
        } else {
            hash::text(&bare_text)
        };
        let first = text.chars().next().unwrap_or(' ');
        let has_upper = text.chars().any(char::is_uppercase);
        let has_lower = text.chars().any(char::is_lowercase);
        let letters_only: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        let count = letters_only.chars().count();
        let uppers = letters_only.chars().filter(|c| c.is_uppercase()).count();
        let acronym = (2..=ACRONYM_LETTERS).contains(&count)
            && letters_only.is_ascii()
            && text.chars().all(|c| c.is_alphabetic() || c == '.')
            && first.is_uppercase()
            && uppers >= 2
            && uppers + 2 >= count;
        let is = |list: &[&str]| list.contains(&lower_text.as_str());
        let mut bits = 0;
        for (on, bit) in [
            (first.is_uppercase(), CAPITAL),
            (has_upper && !has_lower, UPPER),
            (count > 0, ALPHABETIC),
            (first.is_lowercase(), LOWER),
            (["\"", ":", "-", "--", "'"].contains(&text), OPENER),
            (count >= 4, LONG),
            (is(&CONNECTORS), CONNECTOR),
            (acronym, ACRONYM),
            (["(", "["].contains(&text), OPEN_BRACKET),
            ([")", "]"].contains(&text), CLOSE_BRACKET),
            (lower_text == "the", THE),
            (is(&["of", "for"]), OF),
            (NO_PERSONS.binary_search(&bare_text.as_str()).is_ok(), NO_PERSON),
        ] {
            if on {
                bits |= bit;
            }
        }
        let mut letters = [0; ACRONYM_LETTERS];
        if acronym {
            for (to, from) in letters.iter_mut().zip(letters_only.bytes()) {
                *to = from.to_ascii_lowercase();
            }
        }
        let place = |list: &[&str]| list.iter().position(|w| *w == lower_text);
        let near = match (place(&BEFORE), place(&AFTER)) {
            (Some(k), _) => k + 1,
            (None, Some(k)) => k + 1 + BEFORE.len(),
            (None, None) => 0,
        };
        Self {
            lower,
            flags: lexicon.word(form, lower, bare, first.is_uppercase()),
            short: shapes(text).1 as u32,
            bits,
            lower_id: 0,
            clusters: lexicon.clusters(form, lower),
            near: near as u8,
            initial: if first.is_ascii_alphabetic() {
                first.to_ascii_lowercase() as u8
            } else {
                0
            },
            letters,
        }
    }

    /// What stands beyond the edges of a sentence.
    pub(super) fn edge() -> Self {
        Self {
            lower: 1,
            short: 1,
            clusters: [NO_CLUSTER; 3],
            flags: lexicon::EDGE,
            ..Self::default()
        }
    }

    pub(super) fn brief(&self) -> Brief {
        Brief { bits: self.bits, lower_id: self.lower_id }
    }

    #[inline]
    pub(super) fn is(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }

    #[inline]
    pub(super) fn has(&self, flags: Flags) -> bool {
        self.flags & flags != 0
    }

    pub(super) fn basic(&self) -> u64 {
        lexicon::BASIC.of(self.flags)
    }

    pub(super) fn clustered(&self) -> bool {
        self.clusters[0] != NO_CLUSTER
    }
}

/// Numbers are many and say little: longer ones are left as they are.
const LONGEST_NUMBER: usize = 32;

/// The form as features see it: digits of a number are 0 (`1,234` and `5,678` are one form; `G7`
/// and `B-52` stay), the many ways of writing a mark are one.
pub(super) fn plain(form: &str) -> String {
    let digits =
        form.as_bytes().first().is_some_and(u8::is_ascii_digit) && form.len() <= LONGEST_NUMBER;
    match form {
        "``" | "''" | "“" | "”" | "„" | "«" | "»" => return "\"".to_owned(),
        "‘" | "`" | "’" => return "'".to_owned(),
        "--" | "—" | "–" | "‒" | "―" | "---" => return "--".to_owned(),
        "-LRB-" => return "(".to_owned(),
        "-RRB-" => return ")".to_owned(),
        _ => {}
    }
    form.chars()
        .map(|c| match c {
            '’' | 'ʼ' => '\'',
            '‐' | '‑' => '-',
            c if digits && c.is_ascii_digit() => '0',
            c => c,
        })
        .collect()
}

/// Hashes of the shape (runs cut to four, twelve characters) and of the short shape (runs cut to
/// one).
pub(super) fn shapes(text: &str) -> (u64, u64) {
    let mut long = String::new();
    let mut short = String::new();
    let mut last = '\0';
    let mut run = 0;
    let mut kept = 0;
    for c in text.chars().take(64) {
        let class = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_lowercase() => 'x',
            c if c.is_numeric() => 'd',
            c => c,
        };
        run = if class == last { run + 1 } else { 1 };
        last = class;
        if run <= 4 && kept < 12 {
            long.push(class);
            kept += 1;
        }
        if run == 1 {
            short.push(class);
        }
    }
    (hash::text(&long), hash::text(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_no_person_can_be_searched() {
        assert!(NO_PERSONS.is_sorted());
    }
}
