//! Bytes of unknown encoding to text. Nothing is refused: whatever the bytes are, there is a text,
//! and what could not be read is told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// How far into the bytes a declaration (HTML `meta`, XML declaration) is looked for. The HTML
/// standard asks for 1024; pages with long scripts before it are common.
const DECLARATION_WINDOW: usize = 4096;

/// How many bytes the detector is fed: enough to be sure, and little enough for a 200 MB file.
const DETECTION_WINDOW: usize = 256 * 1024;

/// The text that some bytes stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without its byte order mark.
    pub text: String,
    /// Name of the encoding, as the WHATWG Encoding Standard spells it.
    pub encoding: &'static str,
    /// What was wrong with it, in words for a person.
    pub problems: Vec<String>,
}

/// Decodes `bytes`; `declared` is the encoding that something outside the bytes names (an HTTP
/// header, a mail header), by any of its labels.
///
/// In this order: byte order mark; zero bytes in the pattern of UTF-16; valid UTF-8; the
/// declaration, from outside or inside the bytes; the detector's guess. A declaration that does not
/// fit the bytes loses against a guess that does.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let after_mark = bytes.get(mark..).unwrap_or_default();
        return decode_as(encoding, after_mark);
    }
    if let Some(encoding) = utf_16_by_zeros(bytes) {
        return decode_as(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if text.is_ascii() && has_iso_2022_escape(bytes) {
            return decode_as(ISO_2022_JP, bytes);
        }
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), problems: Vec::new() };
    }
    if let Some(text) = mostly_utf_8(bytes) {
        return text;
    }
    let named = declared
        .and_then(|label| Encoding::for_label(label.trim().as_bytes()))
        .or_else(|| declared_inside(bytes))
        // ASCII-compatible bytes that reached this line are not UTF-16, whatever they say.
        .filter(|encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding));
    let Some(named) = named else { return decode_as(detect(bytes), bytes) };
    let as_named = decode_as(named, bytes);
    if as_named.problems.is_empty() {
        return as_named;
    }
    let as_detected = decode_as(detect(bytes), bytes);
    if as_detected.problems.is_empty() {
        let problems =
            vec![format!("declared as {}, but it is {}", named.name(), as_detected.encoding)];
        return Decoded { problems, ..as_detected };
    }
    as_named
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let problems = if had_errors { replaced(&text, encoding) } else { Vec::new() };
    Decoded { text: text.into_owned(), encoding: encoding.name(), problems }
}

fn replaced(text: &str, encoding: &'static Encoding) -> Vec<String> {
    let count = memmem::find_iter(text.as_bytes(), "\u{FFFD}").count();
    let (noun, verb) = if count == 1 { ("character", "is") } else { ("characters", "are") };
    vec![format!(
        "{count} {noun} could not be read as {} and {verb} shown as \u{FFFD}",
        encoding.name()
    )]
}

/// UTF-16 without a mark: text of any language has spaces, digits and line ends, whose upper byte
/// is zero, and hardly ever a zero in the other half of its units.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..2048).unwrap_or(bytes);
    memchr::memchr(0, sample)?;
    let zeros = |half: usize| sample.iter().skip(half).step_by(2).filter(|&&b| b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let units = sample.len() / 2;
    let enough = |many: usize, few: usize| many * 20 >= units && few * 50 <= many;
    let candidate = if enough(second, first) {
        UTF_16LE
    } else if enough(first, second) {
        UTF_16BE
    } else {
        return None;
    };
    // A binary file may show the pattern; it does not decode to text.
    let even_sample = sample.get(..sample.len() & !1)?;
    let (text, had_errors) = candidate.decode_without_bom_handling(even_sample);
    let strange = text
        .chars()
        .filter(|&c| c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
        .count();
    (strange * 50 <= units && (!had_errors || strange <= 2)).then_some(candidate)
}

/// ISO-2022-JP is ASCII bytes with escapes.
fn has_iso_2022_escape(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, bytes)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")))
}

/// UTF-8 with a few faults: a sequence cut off, or stray bytes of Windows-1252 (a curly quote from
/// another program), which are read as what they are.
fn mostly_utf_8(bytes: &[u8]) -> Option<Decoded> {
    let mut text = String::with_capacity(bytes.len());
    let (mut sequences, mut faults, mut replacements) = (0_usize, 0_usize, 0_usize);
    let mut checked = 0_usize;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        sequences += valid.bytes().filter(|&b| b >= 0xC0).count();
        checked += valid.len() + chunk.invalid().len();
        text.push_str(valid);
        match chunk.invalid() {
            [] => {}
            [stray] => {
                faults += 1;
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[*stray]).0);
            }
            _ => {
                faults += 1;
                replacements += 1;
                text.push('\u{FFFD}');
            }
        }
        // Faults that outnumber the sequences early on: another encoding, not worth reading on.
        if checked > DECLARATION_WINDOW && faults > sequences {
            return None;
        }
    }
    if sequences < faults.saturating_mul(4) {
        return None;
    }
    let mut problems = Vec::new();
    if faults > replacements {
        let strays = faults - replacements;
        problems.push(format!("{strays} bytes are not UTF-8 and were read as windows-1252"));
    }
    if replacements > 0 {
        problems.extend(replaced(&text, UTF_8));
    }
    Some(Decoded { text, encoding: UTF_8.name(), problems })
}

/// A declaration inside the bytes: `<?xml … encoding="…"?>`, `<meta charset=…>` or
/// `<meta http-equiv … content="…; charset=…">`.
fn declared_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let window = bytes.get(..DECLARATION_WINDOW).unwrap_or(bytes).to_ascii_lowercase();
    let label_after = |at: usize| {
        let rest = window.get(at..)?;
        let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let end = rest
            .iter()
            .position(|b| !b.is_ascii_alphanumeric() && !b"-_:.".contains(b))
            .unwrap_or(rest.len());
        Encoding::for_label(rest.get(..end)?)
    };
    if window.trim_ascii_start().starts_with(b"<?xml") {
        let end = memmem::find(&window, b"?>").unwrap_or(window.len());
        let declaration = window.get(..end)?;
        if let Some(at) = memmem::find(declaration, b"encoding") {
            return label_after(at + b"encoding".len());
        }
    }
    memmem::find_iter(&window, b"charset")
        .filter(|&at| {
            // Only inside a meta element: scripts have a charset of their own.
            let before = window.get(..at).unwrap_or_default();
            memchr::memrchr(b'<', before)
                .and_then(|open| before.get(open..))
                .is_some_and(|tag| tag.starts_with(b"<meta"))
        })
        .find_map(|at| label_after(at + b"charset".len()))
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let window = bytes.get(..DETECTION_WINDOW).unwrap_or(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(window, window.len() == bytes.len());
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], declared: Option<&str>, encoding: &str, text: &str) {
        let decoded = decode(bytes, declared);
        assert_eq!((decoded.encoding, decoded.text.as_str()), (encoding, text));
    }

    #[test]
    fn marks_patterns_and_declarations_are_followed() {
        let le: Vec<u8> = "Él vino, ¿no?\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "Él vino, ¿no?\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&le, None, "UTF-16LE", "Él vino, ¿no?\n");
        check(&be, Some("utf-8"), "UTF-16BE", "Él vino, ¿no?\n");
        check(b"\xEF\xBB\xBFtext", Some("latin1"), "UTF-8", "text");
        check(b"na\xefve", Some("iso-8859-1"), "windows-1252", "naïve");
        check(
            b"<?xml version='1.0' encoding='koi8-r'?><t>\xcd\xc9\xd2</t>",
            None,
            "KOI8-R",
            "<?xml version='1.0' encoding='koi8-r'?><t>мир</t>",
        );
        let page = b"<html><head><meta content='text/html; charset=windows-1251'>\xec\xe8\xf0";
        assert!(decode(page, None).text.ends_with("мир"));
    }

    #[test]
    fn a_declaration_that_does_not_fit_loses() {
        check("déjà vu".as_bytes(), Some("windows-1252"), "UTF-8", "déjà vu");
        let western = b"The minister said \x93we won\x92t go\x94 and left the caf\xe9.";
        let text = "The minister said “we won’t go” and left the café.";
        check(western, Some("utf-8"), "windows-1252", text);
        check(western, Some("no-such-label"), "windows-1252", text);
    }

    #[test]
    fn faults_in_utf_8_do_not_spoil_the_rest() {
        let mut bytes = "Ça va être déjà très bien à Orléans, l’été".as_bytes().to_vec();
        bytes.push(0x93);
        check(&bytes, None, "UTF-8", "Ça va être déjà très bien à Orléans, l’été“");
        bytes.pop();
        bytes.extend(b"\xe2\x80");
        let decoded = decode(&bytes, None);
        assert!(decoded.text.ends_with("été\u{FFFD}"));
        assert_eq!(decoded.problems.len(), 1);
    }

    #[test]
    fn anything_is_read() {
        for bytes in [&b""[..], b"\x00", b"\xff\xfe\x00", &[0x81; 99], &[0xFF; 5000]] {
            let _ = decode(bytes, Some("shift_jis"));
            let _ = decode(bytes, None);
        }
    }
}
