//! Clean text: one form of every character, no control characters, no mojibake; and folded text,
//! in which names and terms are compared.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text in NFC whose only control character is `\n`.
///
/// Line ends of all systems become `\n`, tabs and odd spaces a space, the non-breaking hyphen a
/// hyphen, Latin ligatures their letters; soft hyphens, zero-width and direction marks are dropped.
/// UTF-8 that was once read as Windows-1252 (`â€™`) is repaired where nothing else can be meant.
/// ASCII text that is clean already is returned as it is.
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    let Some(first) = first_unclean(text.as_bytes(), 0) else { return Cow::Borrowed(text) };
    if text.is_ascii() {
        return Cow::Owned(clean(text, first).0);
    }
    let repaired = repair_mojibake(text);
    let source = repaired.as_deref().unwrap_or(text);
    let (cleaned, stable) = clean(source, first.min(source.len()));
    if stable || is_nfc_quick(cleaned.chars()) == IsNormalized::Yes {
        return Cow::Owned(cleaned);
    }
    Cow::Owned(cleaned.nfc().collect())
}

/// Lower case without diacritics: how names and terms are compared (`Çelik` = `celik`, `Straße` =
/// `strasse`, `Łódź` = `lodz`). Curly apostrophes and the dashes become `'` and `-`, full-width
/// letters plain ones; Cyrillic `й` stays a letter of its own.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(|lower| fold_lower(lower, &mut folded));
        }
    }
    Cow::Owned(folded)
}

/// The text on one line: white space collapsed to single spaces, trimmed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Position of the first byte at or after `from` that is neither printable ASCII nor `\n`.
#[expect(clippy::needless_bitwise_bool, reason = "lazy operators keep it from vectorising")]
fn first_unclean(bytes: &[u8], from: usize) -> Option<usize> {
    const STEP: usize = 32;
    // Without branches inside a step, so that it is compiled to vector instructions.
    let unclean = |b: u8| (b < b' ') & (b != b'\n') | (b >= 0x7F);
    let rest = bytes.get(from..)?;
    let mut at = from;
    for step in rest.chunks(STEP) {
        if step.iter().fold(false, |any, &b| any | unclean(b)) {
            return step.iter().position(|&b| unclean(b)).map(|offset| at + offset);
        }
        at += step.len();
    }
    None
}

/// What becomes of one character.
enum Clean {
    Keep,
    Drop,
    Replace(&'static str),
}

fn clean_char(c: char) -> Clean {
    match c {
        '\n' | ' '..='~' => Clean::Keep,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => Clean::Replace("\n"),
        '\t'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => Clean::Replace(" "),
        '\u{2011}' => Clean::Replace("-"),
        '\u{FB00}' => Clean::Replace("ff"),
        '\u{FB01}' => Clean::Replace("fi"),
        '\u{FB02}' => Clean::Replace("fl"),
        '\u{FB03}' => Clean::Replace("ffi"),
        '\u{FB04}' => Clean::Replace("ffl"),
        '\u{FB05}' | '\u{FB06}' => Clean::Replace("st"),
        // Controls, the soft hyphen, zero-width space, direction marks, word joiner and kin, byte
        // order mark, private use and language tags. The (non-)joiners are part of Persian and
        // Indic spelling.
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{FFFE}'..='\u{FFFF}'
        | '\u{E0000}'..='\u{E007F}' => Clean::Drop,
        _ => Clean::Keep,
    }
}

/// Whether a character can neither be changed by NFC nor take part in a change: the common ranges,
/// so that the tables of the normaliser are not asked for each curly quote.
fn nfc_stable(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2FF}'
        | '\u{400}'..='\u{482}'
        | '\u{48A}'..='\u{52F}'
        | '\u{2010}'..='\u{205E}'
        | '\u{20A0}'..='\u{20BF}'
        | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309D}'..='\u{30FF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{1F300}'..='\u{1FAFF}')
}

/// The text with each character kept, dropped or replaced, and whether all of it is stable under
/// NFC. The first `from` bytes are known to be clean.
fn clean(text: &str, from: usize) -> (String, bool) {
    let bytes = text.as_bytes();
    let mut cleaned = String::with_capacity(text.len());
    let mut stable = true;
    let mut kept_from = 0;
    let mut at = from;
    while let Some(unclean) = first_unclean(bytes, at) {
        let Some(c) = text.get(unclean..).and_then(|rest| rest.chars().next()) else { break };
        at = unclean + c.len_utf8();
        let replacement = match c {
            '\r' if bytes.get(at) == Some(&b'\n') => "",
            '\r' => "\n",
            _ => match clean_char(c) {
                Clean::Keep => {
                    stable &= nfc_stable(c);
                    continue;
                }
                Clean::Drop => "",
                Clean::Replace(with) => with,
            },
        };
        cleaned.push_str(text.get(kept_from..unclean).unwrap_or_default());
        cleaned.push_str(replacement);
        kept_from = at;
    }
    cleaned.push_str(text.get(kept_from..).unwrap_or_default());
    (cleaned, stable)
}

/// The byte that Windows-1252 writes as this character, where it is not ASCII. Its five holes are
/// read as the control characters that sloppy decoders make of them.
fn windows_1252_byte(c: char) -> Option<u8> {
    let high = match c {
        '\u{80}'..='\u{FF}' => return u8::try_from(u32::from(c)).ok(),
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        _ => return None,
    };
    Some(high)
}

/// Repairs UTF-8 that was read as Windows-1252; `None` where there is nothing to repair.
///
/// Two kinds of evidence suffice: every accented run of the text is such (nobody writes `Â£` or
/// `Ã©` alone), or this one is a quotation mark or dash (`â€…`), which no language spells. Where
/// proper accents stand beside, such a pair may be the end of a quoted word in capitals: it stays.
fn repair_mojibake(text: &str) -> Option<String> {
    if !has_mojibake_lead(text) {
        return None;
    }
    let mut runs = Vec::new();
    let (mut repairable, mut proper) = (0_usize, 0_usize);
    for (start, end) in non_ascii_runs(text) {
        let run = text.get(start..end)?;
        match read_as_utf_8(run) {
            Some(repaired) => {
                repairable += 1;
                runs.push((start, end, repaired));
            }
            None => proper += 1,
        }
    }
    if repairable == 0 {
        return None;
    }
    let mut repaired_text = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end, repaired) in runs {
        let certain = text.get(start..end).is_some_and(|run| run.starts_with("â€"));
        if proper > 0 && !certain {
            continue;
        }
        repaired_text.push_str(text.get(copied..start)?);
        repaired_text.push_str(&repaired);
        copied = end;
    }
    repaired_text.push_str(text.get(copied..)?);
    Some(repaired_text)
}

/// Whether the text has a character that begins mojibake, followed by one that may continue it.
fn has_mojibake_lead(text: &str) -> bool {
    // `Â`, `Ã`, `â` and the other leads of two and three bytes are all U+00C2 to U+00EF: in UTF-8
    // 0xC3 and a byte up to 0xAF.
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xC3, bytes).any(|at| {
        bytes.get(at + 1).is_some_and(|&b| (0x82..=0xAF).contains(&b))
            && bytes.get(at + 2).is_some_and(|&b| b >= 0xC2)
    })
}

fn non_ascii_runs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|b| !b.is_ascii())?;
        let rest = bytes.get(start..)?;
        let end = start + rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        at = end;
        Some((start, end))
    })
}

fn read_as_utf_8(run: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = run.chars().map(windows_1252_byte).collect();
    let repaired = String::from_utf8(bytes?).ok()?;
    // A run that "repairs" to controls was no text.
    (!repaired.chars().any(char::is_control)).then_some(repaired)
}

fn fold_lower(c: char, folded: &mut String) {
    match c {
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{652}' | '\u{670}' => {}
        'ß' => folded.push_str("ss"),
        'æ' | 'ǽ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' | 'ǿ' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' | 'ð' => folded.push('d'),
        'ħ' => folded.push('h'),
        'ı' => folded.push('i'),
        'ŋ' => folded.push('n'),
        'ŧ' => folded.push('t'),
        'ə' => folded.push('e'),
        '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{2BB}' | '\u{2B9}' | '\u{FF07}' => {
            folded.push('\'');
        }
        '\u{2010}'..='\u{2013}' | '\u{2212}' => folded.push('-'),
        '\u{FF01}'..='\u{FF5E}' => {
            let plain = char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c);
            folded.push(plain.to_ascii_lowercase());
        }
        // Hangul and CJK do not decompose to anything useful; й is no accented и.
        'й' | '\u{2E80}'..='\u{D7FF}' => folded.push(c),
        _ => {
            let before = folded.len();
            folded.extend(std::iter::once(c).nfd().filter(|part| !is_mark(*part)));
            if folded.len() == before {
                folded.push(c);
            }
        }
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_ascii_is_not_copied() {
        assert!(matches!(normalise("Two lines\nof text."), Cow::Borrowed(_)));
        assert!(matches!(fold("two words"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_character_gets_one_form() {
        for (text, wanted) in [
            ("a\r\nb\rc\u{2028}d\tindent", "a\nb\nc\nd indent"),
            ("co\u{AD}operate\u{200B} \u{FEFF}now\u{7}", "cooperate now"),
            ("10\u{A0}000\u{2011}strong", "10 000-strong"),
            ("Jose\u{301} and Łódź", "José and Łódź"),
            ("\u{FB01}nal", "final"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ] {
            assert_eq!(normalise(text), wanted);
        }
    }

    #[test]
    fn mojibake_is_repaired_only_where_it_is_sure() {
        for (text, wanted) in [
            ("It doesnâ€™t cost Â£600m", "It doesn’t cost £600m"),
            ("cafÃ© con leche", "café con leche"),
            ("a â€\u{9d}quote", "a ”quote"),
            ("voilà, it doesnâ€™t", "voilà, it doesn’t"),
            ("SÃO PAULO", "SÃO PAULO"),
            ("os «IRMû e a mãe, não é?", "os «IRMû e a mãe, não é?"),
            ("Ângela à la carte", "Ângela à la carte"),
        ] {
            assert_eq!(normalise(text), wanted);
        }
    }

    #[test]
    fn names_fold_alike() {
        for (name, wanted) in [
            ("Recep Tayyip ERDOĞAN", "recep tayyip erdogan"),
            ("Straße, Øresund, Łódź, Þór", "strasse, oresund, lodz, thor"),
            ("O’Brien–Smith", "o'brien-smith"),
            ("İstanbul Iğdır", "istanbul igdir"),
            ("Горбачёв Андрей", "горбачев андрей"),
            ("ＮＨＫ 東京 서울", "nhk 東京 서울"),
        ] {
            assert_eq!(fold(name), wanted);
        }
    }

    proptest! {
        #[test]
        fn normalised_text_stays_as_it_is(text in "\\PC{0,40}|[\\x00-\\xff\r\n]{0,30}") {
            let once = normalise(&text).into_owned();
            prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(unicode_normalization::is_nfc(&once));
            if !has_mojibake_lead(&once) {
                prop_assert_eq!(normalise(&once), once.as_str());
            }
        }
    }
}
