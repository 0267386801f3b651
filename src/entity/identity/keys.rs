//! The keys by which names are one: names of equal keys are always joined.

use crate::entity::EntityKind;
use crate::entity::names::{Generation, Name, lexicon};
use crate::text::fold;

/// Legal forms at the end of a company's name, folded.
const LEGAL_FORMS: [&str; 34] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "ag",
    "gmbh",
    "kgaa",
    "kg",
    "se",
    "sa",
    "spa",
    "srl",
    "sarl",
    "nv",
    "bv",
    "ab",
    "asa",
    "oyj",
    "oy",
    "pjsc",
    "jsc",
    "oao",
    "ooo",
    "pte",
    "pty",
    "bhd",
];

/// Whether a word is a legal form of companies.
pub(super) fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.contains(&fold(word).as_ref())
}

/// A name's key for its kind.
pub(super) fn key(kind: EntityKind, text: &str) -> String {
    match kind {
        EntityKind::Person => person_key(&Name::read(text)),
        EntityKind::Organisation => organisation_key(text),
        EntityKind::Place => place_key(text),
    }
}

/// A person's key: folded tokens without anything between them, and the generation. Umlauts
/// written out (`Schroeder`) are taken back.
pub(super) fn person_key(name: &Name) -> String {
    let mut key = String::with_capacity(24);
    // A word alone is never one with words run together (`Johnson`, `John Son`).
    if name.tokens.len() == 1 {
        key.push('=');
    }
    for token in &name.tokens {
        push_without_umlauts(&token.folded, &mut key);
    }
    push_generation(name.generation, &mut key);
    key
}

pub(super) fn push_generation(generation: Option<Generation>, key: &mut String) {
    match generation {
        None => {}
        Some(Generation::Senior) => key.push_str("|s"),
        Some(Generation::Junior) => key.push_str("|j"),
        Some(Generation::Number(number)) => {
            key.push('|');
            key.push(char::from(b'0' + number.min(40)));
        }
    }
}

/// Appends a word, `ae`, `oe`, `ue` taken back to `a`, `o`, `u` where they may stand for an
/// umlaut: before a consonant, but not in `Michael`, `Manuel`, `Joe`.
pub(super) fn push_without_umlauts(folded: &str, key: &mut String) {
    let bytes = folded.as_bytes();
    let mut copied = 0;
    for at in 1..bytes.len().saturating_sub(1) {
        let after = bytes.get(at + 1).copied().unwrap_or(0);
        let written_out = bytes.get(at) == Some(&b'e')
            && matches!(bytes.get(at - 1), Some(b'a' | b'o' | b'u'))
            && after.is_ascii_lowercase()
            && !matches!(after, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
            && !(after == b'l' && at + 2 == bytes.len());
        if written_out {
            key.push_str(folded.get(copied..at).unwrap_or_default());
            copied = at + 1;
        }
    }
    key.push_str(folded.get(copied..).unwrap_or_default());
}

/// One word in the spelling that stands for its romanisations: listed spellings of one name are
/// one, Slavic endings are levelled.
pub(super) fn spelling_of(folded: &str) -> String {
    let spelling = lexicon().spelling(folded);
    let stem = ["skyy", "skiy", "skii", "skyi", "skij", "skyj", "sky", "ski"]
        .iter()
        .find_map(|ending| spelling.strip_suffix(ending));
    let mut key = String::with_capacity(spelling.len());
    match stem {
        Some(stem) if stem.len() >= 3 => {
            push_without_umlauts(stem, &mut key);
            key.push_str("ski");
        }
        _ => push_without_umlauts(&spelling, &mut key),
    }
    key
}

/// The folded words of a name that is no person's.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::with_capacity(6);
    let folded = fold(text);
    for word in folded.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/' | ','))
    {
        let letters: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if !letters.is_empty() {
            words.push(letters);
        } else if word == "&" {
            words.push("and".to_owned());
        }
    }
    words
}

/// An organisation's key: without the article and the legal form.
pub(super) fn organisation_key(text: &str) -> String {
    let words = words(text);
    let mut rest = words.as_slice();
    if let [first, after @ ..] = rest
        && first == "the"
        && !after.is_empty()
    {
        rest = after;
    }
    while let [before @ .., last] = rest
        && !before.is_empty()
        && (LEGAL_FORMS.contains(&last.as_str()) || (last == "and" && rest.len() < words.len()))
    {
        rest = before;
    }
    acronym_key(text, rest.concat())
}

/// Short acronyms are kept apart from words: `WHO` is not The Who, `La.` is not `la`.
fn acronym_key(text: &str, key: String) -> String {
    if key.len() > 4 {
        return key;
    }
    let text = text.strip_prefix("The ").or(text.strip_prefix("the ")).unwrap_or(text);
    let letters = || text.chars().filter(|c| c.is_alphanumeric()).take(key.len());
    if key.len() <= 3 && letters().all(|c| !c.is_lowercase()) {
        format!("^{key}")
    } else if letters().all(|c| !c.is_uppercase()) {
        format!("~{key}")
    } else {
        key
    }
}

/// A place's key: without the article, `St.` and `Mt.` written out.
pub(super) fn place_key(text: &str) -> String {
    let words = words(text);
    let mut key = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        let more = words.len() > 1;
        match word.as_str() {
            "the" if at == 0 && more => {}
            "st" | "ste" if at == 0 && more => key.push_str("saint"),
            "mt" if at == 0 && more => key.push_str("mount"),
            "ft" if at == 0 && more => key.push_str("fort"),
            _ => key.push_str(word),
        }
    }
    acronym_key(text, key)
}

#[cfg(test)]
mod tests {
    use super::key;
    use crate::entity::EntityKind::{self, Organisation, Person, Place};

    #[test]
    fn names_written_differently_have_one_key() {
        let check = |kind: EntityKind, one: &str, other: &str| {
            assert_eq!(key(kind, one), key(kind, other), "{one} / {other}");
        };
        check(Person, "Kim Sung-hwan", "Kim Sunghwan");
        check(Person, "Recep Tayyip Erdoğan", "RECEP TAYYIP ERDOGAN");
        check(Person, "Gerhard Schröder", "Gerhard Schroeder");
        check(Organisation, "The Microsoft Corp.", "Microsoft");
        check(Organisation, "AT&T Inc", "AT&T");
        check(Organisation, "U.N.", "UN");
        check(Place, "St. Louis", "Saint Louis");
        assert_ne!(key(Person, "John Bush Jr."), key(Person, "John Bush"));
    }
}
