//! What is known of a word form by itself: worked out once per form.

use super::hash;
use super::lexicon::{self, Flags, Lexicon, NO_CLUSTER};
use std::borrow::Cow;

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

// What the gazetteers say, as far as it is asked at every position.

/// Begins a listed phrase.
pub(super) const PHRASE_FIRST: u32 = 1 << 16;
/// Begins or ends organisations' names.
pub(super) const HEAD: u32 = 1 << 17;
/// A company's legal form.
pub(super) const COMPANY_FORM: u32 = 1 << 18;
pub(super) const TITLE_WORD: u32 = 1 << 19;
pub(super) const GIVEN_NAME: u32 = 1 << 20;
pub(super) const FAMILY_NAME: u32 = 1 << 21;
pub(super) const ORGANISATION_PART: u32 = 1 << 22;

/// No name by itself: a nationality, a common acronym, a word in a script without capitals.
pub(super) const NO_NAME: u32 = 1 << 23;

/// From here on: 1.. if the form is one of [`BEFORE`] or [`AFTER`].
const NEAR_SHIFT: u32 = 24;

/// Written in capitals, but nobody's name: in the order of their bytes.
const COMMON_ACRONYMS: [&str; 44] = [
    "aids", "asap", "atm", "cd", "ceo", "cfo", "coo", "covid", "covid-19", "cpi", "cst", "diy",
    "dna", "dvd", "edt", "est", "faq", "gdp", "gmt", "gnp", "gps", "hiv", "ipo", "lcd",
    "libor", "mba", "mp3", "mri", "ok", "pc", "pdf", "pdt", "phd", "ppi", "pst", "rna", "sars",
    "sms", "suv", "tv", "ufo", "usb", "vat", "vip",
];

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
    /// First letter, as a small ASCII letter; 0 if it is none.
    pub(super) initial: u8,
    /// Letters of an acronym, small; 0 after the last.
    pub(super) letters: [u8; ACRONYM_LETTERS],
}

/// Words before a name that tell its kind.
pub(super) const BEFORE: [&str; 10] =
    ["in", "at", "from", "near", "to", "of", "by", "with", "for", "and"];
/// How many of them stand before places rather than companies.
pub(super) const PLACE_PREPOSITIONS: u32 = 5;
/// Words after a name that tell its kind.
pub(super) const AFTER: [&str; 10] =
    ["said", "says", "told", "added", "'s", "who", "was", "has", "is", ","];

const CONNECTORS: [&str; 16] = [
    "of", "and", "for", "the", "&", "de", "in", "on", "al", "du", "des", "la", "to", "del",
    "'s", "von",
];

/// What of a [`Word`] is asked at every position of every text: short, so that it stays in the
/// cache.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Brief {
    /// As in [`Word`].
    pub(super) bits: u32,
    /// As in [`Word`].
    pub(super) lower_id: u32,
}

/// What of a [`Word`] goes into features of words next to each other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Neighbour {
    /// As in [`Word`].
    pub(super) lower: u64,
    /// As in [`Word`].
    pub(super) short: u32,
    /// What the basic lists say, and whether it is the edge; the upper bit: has a capital.
    flags: u16,
    /// The coarsest cluster.
    pub(super) cluster: u16,
}

impl Neighbour {
    /// What the basic lists say, and whether it is the edge: [`Neighbour::FLAGS`] bits.
    #[inline]
    pub(super) fn flags(self) -> u64 {
        u64::from(self.flags & 0x7FFF)
    }

    /// How many.
    pub(super) const FLAGS: u32 = lexicon::BASIC.bits + 1;

    #[inline]
    pub(super) fn capital(self) -> bool {
        self.flags >> 15 != 0
    }
}

impl Brief {
    #[inline]
    pub(super) fn is(self, bits: u32) -> bool {
        self.bits & bits != 0
    }

    /// 1.. if the form is one of [`BEFORE`] or [`AFTER`], in this order.
    #[inline]
    pub(super) fn near(self) -> u32 {
        self.bits >> NEAR_SHIFT
    }
}

impl Word {
    pub(super) fn new(spelling: &Spelling<'_>, lexicon: &Lexicon) -> Self {
        let Spelling { lower: lower_text, hash: form, .. } = spelling;
        let (text, form) = (&*spelling.text, *form);
        let lower = if *lower_text == text { form } else { hash::text(lower_text) };
        let bare_text: Cow<'_, str> = if lower_text.contains('.') && lower_text.len() > 1 {
            lower_text.chars().filter(|&c| c != '.').collect::<String>().into()
        } else {
            Cow::Borrowed(lower_text)
        };
        let bare = if bare_text.is_empty() || bare_text.len() == lower_text.len() {
            lower
        } else {
            hash::text(&bare_text)
        };
        let first = text.chars().next().unwrap_or(' ');
        let (mut has_upper, mut has_lower) = (false, false);
        let (mut count, mut uppers, mut others) = (0, 0, 0);
        let mut first_letters = [0; ACRONYM_LETTERS];
        for c in text.chars() {
            has_upper |= c.is_uppercase();
            has_lower |= c.is_lowercase();
            if c.is_alphabetic() {
                uppers += usize::from(c.is_uppercase());
                if let Some(letter) = first_letters.get_mut(count) {
                    *letter = c.to_ascii_lowercase() as u8;
                }
                count += 1;
            }
            others += usize::from(!c.is_ascii_alphabetic() && c != '.');
        }
        let acronym = (2..=ACRONYM_LETTERS).contains(&count)
            && others == 0
            && first.is_uppercase()
            && uppers >= 2
            && uppers + 2 >= count;
        let is = |list: &[&str]| list.contains(&&**lower_text);
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
            (&**lower_text == "the", THE),
            (is(&["of", "for"]), OF),
            (NO_PERSONS.binary_search(&&*bare_text).is_ok(), NO_PERSON),
        ] {
            if on {
                bits |= bit;
            }
        }
        let letters = if acronym { first_letters } else { [0; ACRONYM_LETTERS] };
        let place = |list: &[&str]| list.iter().position(|w| w == lower_text);
        let near = match (place(&BEFORE), place(&AFTER)) {
            (Some(k), _) => k + 1,
            (None, Some(k)) => k + 1 + BEFORE.len(),
            (None, None) => 0,
        };
        bits |= (near as u32) << NEAR_SHIFT;
        let flags = lexicon.word(form, lower, bare, first.is_uppercase());
        let nationality = flags & lexicon::DEMONYM != 0
            && flags & (lexicon::COUNTRY | lexicon::TOWN | lexicon::PLACE_KINDS.mask()) == 0;
        let common = bits & UPPER != 0 && COMMON_ACRONYMS.binary_search(&&*bare_text).is_ok();
        // Chinese, Arabic, Hindi: nothing that the model was trained on says what is a name there.
        let caseless = count > 0 && !has_upper && !has_lower;
        if nationality || common || caseless {
            bits |= NO_NAME;
        }
        for (listed, bit) in [
            (lexicon::PHRASE_BEGINS, PHRASE_FIRST),
            (lexicon::HEAD_FIRST | lexicon::HEAD_LAST, HEAD),
            (lexicon::LEGAL_FORM, COMPANY_FORM),
            (lexicon::TITLE, TITLE_WORD),
            (lexicon::FIRST_NAME | lexicon::WORLD_FIRST_NAME, GIVEN_NAME),
            (lexicon::LAST_NAME | lexicon::WORLD_LAST_NAME, FAMILY_NAME),
            (lexicon::ORGANISATION_WORD, ORGANISATION_PART),
        ] {
            if flags & listed != 0 {
                bits |= bit;
            }
        }
        Self {
            lower,
            flags,
            short: spelling.short,
            bits,
            lower_id: 0,
            clusters: lexicon.clusters(form, lower),
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

    pub(super) fn neighbour(&self) -> Neighbour {
        Neighbour {
            lower: self.lower,
            short: self.short,
            flags: self.basic() as u16
                | u16::from(self.has(lexicon::EDGE)) << lexicon::BASIC.bits
                | u16::from(self.is(CAPITAL)) << 15,
            cluster: self.clusters[0],
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

/// How a form is written, as the features see it.
#[derive(Clone, Debug)]
pub(super) struct Spelling<'a> {
    /// The form, [plain].
    pub(super) text: Cow<'a, str>,
    /// The same, lower-cased.
    pub(super) lower: Cow<'a, str>,
    /// Hash of `text`.
    pub(super) hash: u64,
    /// Hash of its shape: runs cut to four, twelve characters.
    pub(super) shape: u64,
    /// Hash of its short shape, runs cut to one: "Xx", "d,d", ...
    pub(super) short: u32,
}

impl<'a> Spelling<'a> {
    pub(super) fn of(form: &'a str) -> Self {
        let text = plain(form);
        let lower = match &text {
            Cow::Borrowed(text) if text.bytes().all(|b| b.is_ascii_lowercase()) => {
                Cow::Borrowed(*text)
            }
            text => Cow::Owned(text.to_lowercase()),
        };
        let hash = hash::text(&text);
        let (shape, short) = shapes(&text);
        Self { text, lower, hash, shape, short: short as u32 }
    }
}

/// Numbers are many and say little: longer ones are left as they are.
const LONGEST_NUMBER: usize = 32;

/// The form as features see it: digits of a number are 0 (`1,234` and `5,678` are one form; `G7`
/// and `B-52` stay), the many ways of writing a mark are one.
fn plain(form: &str) -> Cow<'_, str> {
    if form.is_ascii() && form.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        return Cow::Borrowed(form);
    }
    let digits =
        form.as_bytes().first().is_some_and(u8::is_ascii_digit) && form.len() <= LONGEST_NUMBER;
    match form {
        "``" | "''" | "“" | "”" | "„" | "«" | "»" => return Cow::Borrowed("\""),
        "‘" | "`" | "’" => return Cow::Borrowed("'"),
        "--" | "—" | "–" | "‒" | "―" | "---" => return Cow::Borrowed("--"),
        "-LRB-" => return Cow::Borrowed("("),
        "-RRB-" => return Cow::Borrowed(")"),
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

/// Hashes of the shape and of the short shape.
fn shapes(text: &str) -> (u64, u64) {
    /// Longest token of which the shape is taken, in characters; each takes at most four bytes.
    const LONGEST: usize = 64;
    let mut long = Buffer::<{ 12 * 4 }>::default();
    let mut short = Buffer::<{ LONGEST * 4 }>::default();
    let mut last = '\0';
    let mut run = 0;
    let mut kept = 0;
    for c in text.chars().take(LONGEST) {
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
    (hash::bytes(long.bytes()), hash::bytes(short.bytes()))
}

/// A string of at most so many bytes that needs no allocation.
struct Buffer<const BYTES: usize> {
    bytes: [u8; BYTES],
    length: usize,
}

impl<const BYTES: usize> Default for Buffer<BYTES> {
    fn default() -> Self {
        Self { bytes: [0; BYTES], length: 0 }
    }
}

impl<const BYTES: usize> Buffer<BYTES> {
    fn push(&mut self, c: char) {
        if let Some(rest) = self.bytes.get_mut(self.length..self.length + c.len_utf8()) {
            c.encode_utf8(rest);
            self.length += c.len_utf8();
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_no_person_can_be_searched() {
        assert!(NO_PERSONS.is_sorted() && COMMON_ACRONYMS.is_sorted());
    }
}
