//! Names in other scripts, brought into Latin letters so that they compare with the usual
//! English spellings.
//!
//! Tables after the romanisations that news agencies use (BGN/PCGN for Cyrillic and Greek,
//! Revised Romanization for Hangul, Hepburn for kana); Arabic and Hebrew give their consonants
//! and long vowels only, as they are written.

use std::borrow::Cow;

/// The text in Latin letters, where it holds letters of a script known here.
pub(crate) fn to_latin(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| u32::from(c) < 0x370) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match lower {
            'Ͱ'..='Ͽ' | 'ἀ'..='῿' => out.push_str(greek(lower)),
            'Ѐ'..='ԯ' => out.push_str(cyrillic(lower)),
            'א'..='ת' => out.push_str(hebrew(lower)),
            'ء'..='ۿ' => out.push_str(arabic(lower)),
            'ぁ'..='ヿ' => out.push_str(kana(lower)),
            '가'..='힣' => hangul(lower, &mut out),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn cyrillic(c: char) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ё' => "yo",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'ї' => "yi",
        'й' | 'ы' | 'ј' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'ђ' => "dj",
        'љ' => "lj",
        'њ' => "nj",
        'ћ' => "c",
        'џ' => "dz",
        'ғ' => "gh",
        'ң' => "ng",
        'һ' => "h",
        'ә' => "a",
        _ => "",
    }
}

fn greek(c: char) -> &'static str {
    match c {
        'α' | 'ά' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' | 'έ' => "e",
        'ζ' => "z",
        'η' | 'ή' | 'ι' | 'ί' | 'ϊ' | 'ΐ' | 'υ' | 'ύ' | 'ϋ' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ό' | 'ω' | 'ώ' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => "",
    }
}

fn arabic(c: char) -> &'static str {
    match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ى' | 'ة' => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' | 'ز' | 'ظ' => "z",
        'ر' => "r",
        'ژ' => "zh",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' | 'ؤ' => "u",
        'ي' | 'ی' | 'ئ' => "i",
        _ => "",
    }
}

fn hebrew(c: char) -> &'static str {
    match c {
        'א' | 'ע' => "a",
        'ב' => "b",
        'ג' => "g",
        'ד' => "d",
        'ה' | 'ח' => "h",
        'ו' => "v",
        'ז' => "z",
        'ט' | 'ת' => "t",
        'י' => "i",
        'כ' | 'ך' | 'ק' => "k",
        'ל' => "l",
        'מ' | 'ם' => "m",
        'נ' | 'ן' => "n",
        'ס' => "s",
        'פ' | 'ף' => "p",
        'צ' | 'ץ' => "tz",
        'ר' => "r",
        'ש' => "sh",
        _ => "",
    }
}

/// Kana, the small ones as their full-sized sisters; the length mark is dropped.
fn kana(c: char) -> &'static str {
    const SYLLABLES: [&str; 86] = [
        "a", "a", "i", "i", "u", "u", "e", "e", "o", "o", "ka", "ga", "ki", "gi", "ku", "gu",
        "ke", "ge", "ko", "go", "sa", "za", "shi", "ji", "su", "zu", "se", "ze", "so", "zo",
        "ta", "da", "chi", "ji", "", "tsu", "zu", "te", "de", "to", "do", "na", "ni", "nu",
        "ne", "no", "ha", "ba", "pa", "hi", "bi", "pi", "fu", "bu", "pu", "he", "be", "pe",
        "ho", "bo", "po", "ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo", "yo",
        "ra", "ri", "ru", "re", "ro", "wa", "wa", "i", "e", "o", "n", "vu", "ka", "ke",
    ];
    let code = u32::from(c);
    let base = if code >= 0x30A1 { 0x30A1 } else { 0x3041 };
    SYLLABLES.get((code - base) as usize).copied().unwrap_or("")
}

/// A Hangul syllable by its parts, followed by a space: each is a token of its own.
fn hangul(c: char, out: &mut String) {
    const INITIAL: [&str; 19] = [
        "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k",
        "t", "p", "h",
    ];
    const VOWEL: [&str; 21] = [
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u",
        "wo", "we", "wi", "yu", "eu", "ui", "i",
    ];
    const FINAL: [&str; 28] = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m",
        "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
    ];
    let index = (u32::from(c) - 0xAC00) as usize;
    let parts = [
        INITIAL.get(index / 588).copied(),
        VOWEL.get(index % 588 / 28).copied(),
        FINAL.get(index % 28).copied(),
    ];
    parts.into_iter().flatten().for_each(|part| out.push_str(part));
    out.push(' ');
}

#[cfg(test)]
mod tests {
    use super::to_latin;

    #[test]
    fn other_scripts_become_the_usual_spelling() {
        let check = |text: &str, latin: &str| assert_eq!(to_latin(text), latin);
        check("Владимир Путин", "vladimir putin");
        check("Τσίπρας", "tsipras");
        check("김정은", "gim jeong eun ");
        check("すずき", "suzuki");
        check("Erdoğan", "Erdoğan");
    }
}
