//! The language of an article, as its ISO 639-1 code.

use whatlang::Lang;

use crate::text::fold;

/// How much of a text is looked at, in bytes.
const SAMPLE: usize = 1500;

/// Texts shorter than this are not judged against what their file declares.
const SHORT: usize = 200;

/// Common words of the languages that tables and lists of names are most often taken for; a
/// running text of the language has them.
const COMMON_WORDS: &[(&str, &[&str])] = &[
    ("ca", &["el", "la", "els", "les", "de", "del", "que", "i", "per", "amb", "una"]),
    ("da", &["og", "i", "at", "det", "er", "en", "til", "af", "på", "for", "med", "der"]),
    (
        "de",
        &["der", "die", "das", "und", "in", "den", "von", "zu", "mit", "ist", "auf", "nicht"],
    ),
    ("es", &["el", "la", "los", "de", "que", "y", "en", "un", "una", "por", "con", "del"]),
    ("fr", &["le", "la", "les", "de", "des", "et", "du", "un", "une", "en", "que", "dans"]),
    ("it", &["il", "la", "di", "che", "e", "un", "una", "per", "in", "del", "della", "non"]),
    ("la", &["et", "in", "est", "non", "ad", "cum", "qui", "quod", "ut", "sed"]),
    ("nl", &["de", "het", "een", "van", "en", "in", "is", "dat", "op", "te", "voor"]),
    ("no", &["og", "i", "at", "det", "er", "en", "til", "av", "på", "for", "med", "som"]),
    ("pt", &["o", "a", "os", "de", "que", "e", "do", "da", "em", "um", "uma", "para", "com"]),
    ("sv", &["och", "i", "att", "det", "är", "en", "som", "på", "för", "av", "med", "den"]),
    ("tr", &["ve", "bir", "bu", "da", "de", "için", "ile", "olarak", "çok", "daha"]),
];

/// The language of a text; `declared` counts where the text is too short to tell, or where a close
/// relative would be taken for it.
#[must_use]
pub fn of(body: &str, title: &str, declared: Option<String>) -> Option<String> {
    let text = if body.len() >= 40 { body } else { title };
    let sample = text.get(..floor_boundary(text, SAMPLE)).unwrap_or(text);
    if is_english(sample) {
        return Some("en".to_owned());
    }
    if sample.len() < SHORT && declared.is_some() {
        return declared;
    }
    let Some(info) = whatlang::detect(sample) else { return declared };
    if sample.len() < SHORT && !info.is_reliable() {
        return declared;
    }
    let detected = Some(code(info.lang())).filter(|code| is_borne_out(sample, code));
    match declared {
        Some(declared) if !info.is_reliable() || are_close(&declared, detected) => {
            Some(declared)
        }
        declared => detected.map(str::to_owned).or(declared),
    }
}

/// Whether a text has common words of the language, one in twenty at least. A statistic of letters
/// takes a table of figures for French and a list of names for Latin.
fn is_borne_out(sample: &str, code: &str) -> bool {
    let Some((_, common)) = COMMON_WORDS.iter().find(|(language, _)| *language == code) else {
        return true;
    };
    let words = sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (mut all, mut known) = (0_usize, 0_usize);
    for word in words {
        all += 1;
        known += usize::from(common.contains(&word.to_lowercase().as_str()));
    }
    known * 20 >= all
}

/// Whether the commonest English words make up a share of the text that they have in no other
/// language: the dear detector is not asked about most articles of most archives.
fn is_english(sample: &str) -> bool {
    let (mut words, mut common, mut the) = (0_usize, 0_usize, 0_usize);
    for word in sample.split_ascii_whitespace().take(120) {
        words += 1;
        match word {
            "the" | "The" => {
                common += 1;
                the += 1;
            }
            "of" | "and" | "to" | "that" | "is" | "was" | "for" | "with" | "said" | "has"
            | "have" | "by" | "from" | "it" | "at" | "as" | "be" | "are" | "he" | "his"
            | "their" | "this" | "which" | "been" | "will" | "would" | "not" => common += 1,
            _ => {}
        }
    }
    words >= 20 && common * 100 >= words * 12 && the >= 1
}

/// Languages that a statistic of letters takes for each other.
fn are_close(declared: &str, detected: Option<&str>) -> bool {
    const FAMILIES: [&[&str]; 8] = [
        &["no", "nb", "nn", "da", "sv"],
        &["es", "pt", "gl", "ca", "it"],
        &["hr", "sr", "bs", "sl", "mk", "bg"],
        &["cs", "sk"],
        &["ru", "uk", "be", "bg"],
        &["id", "ms", "jv"],
        &["nl", "af"],
        &["hi", "mr", "ne"],
    ];
    detected.is_some_and(|detected| {
        declared == detected
            || FAMILIES
                .iter()
                .any(|family| family.contains(&declared) && family.contains(&detected))
    })
}

/// The code of a language that goes by its English or its own name, or by a longer code (`eng`,
/// `en-GB`); none for what names no language.
#[must_use]
pub fn code_of_name(name: &str) -> Option<&'static str> {
    let name = fold(name);
    let language = name.split(['-', '_']).next().unwrap_or_default();
    let goes_by_it = |known: &&Lang| {
        code(**known) == language
            || known.code() == language
            || [known.eng_name(), known.name()].into_iter().any(|own| fold(own) == name)
    };
    Lang::all().iter().find(goes_by_it).map(|known| code(*known))
}

fn code(language: Lang) -> &'static str {
    match language {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code_of_name, of};

    #[test]
    fn a_language_goes_by_its_names_and_codes() {
        for (name, code) in [
            ("English", Some("en")),
            ("deutsch", Some("de")),
            ("FRANCAIS", Some("fr")),
            ("en-GB", Some("en")),
            ("por", Some("pt")),
            ("es", Some("es")),
            ("legalese", None),
            ("", None),
        ] {
            assert_eq!(code_of_name(name), code, "{name}");
        }
    }

    #[test]
    fn a_language_is_told_by_its_words_and_figures_are_none() {
        let table = "Shr loss 12 cts vs profit 7 cts Net loss 1,212,000 vs profit 670,000 Revs \
            22.1 mln vs 20.7 mln Nine mths Shr profit 5 cts vs 40 cts Net profit 567,000 vs \
            3,900,000 Revs 61.3 mln vs 61.0 mln";
        let talks = "THE MINISTERS OF BOTH COUNTRIES SAID ON MONDAY THAT THE TALKS HAD ENDED \
            WITHOUT A RESULT AND THAT THEY WOULD MEET AGAIN IN THE AUTUMN.";
        let german = "Die Minister beider Länder sagten am Montag, dass die Gespräche ohne \
            Ergebnis zu Ende gegangen sind und man sich im Herbst wieder treffen will.";
        let french = "Les ministres des deux pays ont dit lundi que les pourparlers étaient \
            terminés sans résultat et qu'ils se reverraient à l'automne dans la capitale.";
        for (text, allowed) in [
            (table, &[None, Some("en")][..]),
            (talks, &[Some("en")]),
            (german, &[Some("de")]),
            (french, &[Some("fr")]),
        ] {
            let language = of(text, "", None);
            assert!(allowed.contains(&language.as_deref()), "{text}: {language:?}");
        }
    }
}
