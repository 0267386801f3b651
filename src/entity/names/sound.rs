//! How a name sounds, whatever system it was romanised by, and how far two of them lie apart.
//!
//! The sound form rewrites the spellings of English, French, German, Polish and the scholarly
//! romanisations of Slavic and Semitic names into one alphabet; the distance is an edit
//! distance (optimal string alignment) in which letters that romanisations confuse are cheap.

/// Sounds that need two letters in English.
const SH: u8 = b'S';
const CH: u8 = b'C';
const ZH: u8 = b'Z';
const KH: u8 = b'X';
const DJ: u8 = b'J';

/// The spellings of a sound that begin with a letter, longest first where one begins another.
fn spellings(first: u8) -> &'static [(&'static [u8], &'static [u8])] {
    match first {
        b's' => &[
            (b"schtsch", &[SH]),
            (b"shch", &[SH]),
            (b"szcz", &[SH]),
            (b"sch", &[SH]),
            (b"sh", &[SH]),
            (b"sz", &[SH]),
        ],
        b'c' => {
            &[(b"chtch", &[SH]), (b"ch", &[CH]), (b"cz", &[CH]), (b"ck", b"k"), (b"cq", b"k")]
        }
        b't' => &[(b"tsch", &[CH]), (b"tch", &[CH]), (b"th", b"t"), (b"tz", b"ts")],
        b'd' => {
            &[(b"dsch", &[DJ]), (b"dzh", &[DJ]), (b"dj", &[DJ]), (b"dg", &[DJ]), (b"dh", b"d")]
        }
        b'e' => &[(b"eau", b"o"), (b"ee", b"i"), (b"ea", b"i"), (b"ey", b"i")],
        b'a' => &[(b"aux", b"o")],
        b'z' => &[(b"zh", &[ZH])],
        b'k' => &[(b"kh", &[KH])],
        b'g' => &[(b"gh", b"g")],
        b'p' => &[(b"ph", b"f")],
        b'q' => &[(b"qu", b"k")],
        b'o' => &[(b"ou", b"u"), (b"oo", b"u")],
        b'i' => &[(b"iev", b"iev"), (b"ie", b"i")],
        b'y' => &[(b"ya", b"ia"), (b"yu", b"iu"), (b"yo", b"io"), (b"ye", b"e")],
        b'j' => &[(b"ja", b"ia"), (b"ju", b"iu")],
        _ => &[],
    }
}

/// The sound form of a folded word. Bytes that are no ASCII letters stay as they are.
pub(crate) fn sound_form(folded: &str) -> Vec<u8> {
    let bytes = folded.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    // `MacDonald`, `McDonald`.
    if bytes.starts_with(b"mac") && bytes.len() > 6 && bytes.get(3) != Some(&b'h') {
        out.extend(b"mk");
        at = 3;
    }
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let rewritten = spellings(byte).iter().find(|(spelling, _)| rest.starts_with(spelling));
        if let Some((spelling, sound)) = rewritten {
            for &one in *sound {
                push(&mut out, one);
            }
            at += spelling.len();
            continue;
        }
        let next = rest.get(1).copied().unwrap_or(0);
        let last = rest.len() == 1;
        match byte {
            b'c' if matches!(next, b'e' | b'i' | b'y') => push(&mut out, b's'),
            b'c' | b'q' => push(&mut out, b'k'),
            b'x' => {
                push(&mut out, b'k');
                push(&mut out, b's');
            }
            b'w' => push(&mut out, b'v'),
            b'y' => push(&mut out, b'i'),
            // `Selenskyj`, `Milošević` written `Milosevitj`: a glide at the end or after a vowel.
            b'j' if last || out.last().is_some_and(|&before| is_vowel(before)) => {
                push(&mut out, b'i');
            }
            // `Smirnoff`.
            b'f' if rest == b"ff" && out.last().is_some_and(|&b| is_vowel(b)) => {
                push(&mut out, b'v');
                at = bytes.len();
                continue;
            }
            b'\'' | b'-' | b'.' => {}
            _ => push(&mut out, byte),
        }
        at += 1;
    }
    out
}

/// Doubled letters sound as one.
fn push(out: &mut Vec<u8>, byte: u8) {
    if out.last() != Some(&byte) {
        out.push(byte);
    }
}

pub(super) fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The cost of taking one sound for another, from 0 to 1.
fn substitution(one: u8, other: u8) -> f32 {
    if one == other {
        return 0.0;
    }
    let pair = (one.min(other), one.max(other));
    match pair {
        (b'e', b'i') | (b'o', b'u') | (b'a', b'e') => 0.35,
        _ if is_vowel(one) && is_vowel(other) => 0.5,
        // Capitals are the two-letter sounds and sort before the plain ones.
        (KH | CH | b'h' | b'g', b'k') | (KH, b'h' | b'g') | (CH, KH) => 0.35,
        (SH | CH | ZH, b's') | (ZH, b'z') | (CH | ZH, SH) | (SH, ZH) => 0.35,
        (DJ, b'j' | b'g' | b'z' | ZH | b'd') | (CH, DJ) => 0.35,
        (ZH | SH | b'i' | b'g' | b'h', b'j') => 0.45,
        (b's' | b'd', b'z') | (b'd', b't') => 0.35,
        (b'b' | b'f', b'p' | b'v') => 0.45,
        (b'u', b'v') => 0.4,
        (b'l', b'r') | (b'm', b'n') => 0.8,
        _ => 1.0,
    }
}

/// The cost of a sound that only one side has.
fn insertion(byte: u8, before: Option<u8>) -> f32 {
    match byte {
        b'h' => 0.35,
        b'i' if before.is_some_and(is_vowel) => 0.35,
        _ if is_vowel(byte) => 0.55,
        _ => 1.0,
    }
}

/// The consonants of a folded word, those that romanisations confuse made one: equal for most
/// spellings of a name, so that they can be found together.
pub(crate) fn skeleton(folded: &str) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(folded.len());
    for byte in sound_form(folded) {
        let class = match byte {
            b'h' | b'a' | b'e' | b'i' | b'o' | b'u' => continue,
            b'k' | b'g' | KH => b'k',
            b't' | b'd' => b't',
            b's' | b'z' | SH | ZH | CH | DJ | b'j' => b's',
            b'b' | b'p' => b'p',
            b'f' | b'v' => b'f',
            other => other,
        };
        push(&mut out, class);
    }
    // `Ali`, `Eli`, `Ola` have one consonant: the first vowel tells a little more.
    if out.len() < 2 {
        out.extend(folded.bytes().next());
    }
    out
}

/// The longest word that is compared letter by letter; longer ones are cut.
const LONGEST: usize = 40;

/// The weighted edit distance of two sound forms.
pub(super) fn distance(one: &[u8], other: &[u8]) -> f32 {
    let one = one.get(..one.len().min(LONGEST)).unwrap_or_default();
    let other = other.get(..other.len().min(LONGEST)).unwrap_or_default();
    let width = other.len() + 1;
    let mut rows = [[0.0_f32; LONGEST + 1]; 3];
    let previous_byte =
        |word: &[u8], at: usize| at.checked_sub(1).and_then(|i| word.get(i)).copied();
    for at in 1..width {
        let cost = insertion(other[at - 1], previous_byte(other, at - 1));
        rows[0][at] = rows[0][at - 1] + cost;
    }
    for (i, &a) in one.iter().enumerate() {
        let [oldest, above, current] = {
            let shift = i % 3;
            [(shift + 2) % 3, shift, (shift + 1) % 3]
        };
        let deletion = insertion(a, previous_byte(one, i));
        rows[current][0] = rows[above][0] + deletion;
        for (j, &b) in other.iter().enumerate() {
            let mut best = (rows[above][j] + substitution(a, b))
                .min(rows[above][j + 1] + deletion)
                .min(rows[current][j] + insertion(b, previous_byte(other, j)));
            let swapped = i > 0 && j > 0 && one[i - 1] == b && other[j - 1] == a;
            if swapped {
                best = best.min(rows[oldest][j - 1] + 0.8);
            }
            rows[current][j + 1] = best;
        }
    }
    rows[one.len() % 3][width - 1]
}

#[cfg(test)]
mod tests {
    use super::{distance, sound_form};

    #[test]
    fn romanisations_of_one_name_sound_alike() {
        let check = |one: &str, other: &str, most: f32| {
            let apart = distance(&sound_form(one), &sound_form(other));
            assert!(apart <= most, "{one} and {other} lie {apart} apart");
        };
        check("zelensky", "zelenskyy", 0.0);
        check("zelensky", "selenskyj", 0.35);
        check("smirnoff", "smirnov", 0.0);
        check("chruschtschow", "khrushchev", 1.5);
        check("yousef", "yusuf", 1.1);
    }
}
