//! Words of news that keep the full stop behind them.

/// What a full stop behind a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It marks an abbreviation that something always follows: a title before a name.
    Never,
    /// It marks an abbreviation; the sentence ends there if a usual first word follows.
    Maybe,
    /// As `Maybe`, and any capitalised word will do.
    Likely,
    /// It marks an abbreviation if a number follows (`No. 5`).
    BeforeNumber,
}

/// The longest word in [`stop_after`], in bytes.
const LONGEST: usize = 7;

/// What a full stop behind `word` means where `word` is a known abbreviation; words in capitals
/// are read as in title case (`SEN.`).
pub(super) fn stop_after(word: &str) -> Option<Stop> {
    if word.len() > LONGEST || !word.is_ascii() {
        return None;
    }
    if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let mut title_case = [0; LONGEST];
        for ((to, from), first) in title_case
            .iter_mut()
            .zip(word.bytes())
            .zip([true].into_iter().chain([false; LONGEST]))
        {
            *to = if first { from } else { from.to_ascii_lowercase() };
        }
        let word = title_case.get(..word.len()).and_then(|word| str::from_utf8(word).ok());
        return word.and_then(lookup);
    }
    lookup(word)
}

fn lookup(word: &str) -> Option<Stop> {
    // Most sentences end with a word in small letters: only a few of these are abbreviations.
    if word.starts_with(|c: char| c.is_ascii_lowercase()) {
        uncapitalised(word)
    } else {
        capitalised(word)
    }
}

/// Abbreviations in small letters.
fn uncapitalised(word: &str) -> Option<Stop> {
    let stop = match word {
        "vs" | "v" | "approx" | "cf" | "viz" | "ca" => Stop::Never,
        "al" | "est" | "lb" | "lbs" | "oz" | "ft" | "sq" | "hr" | "hrs" | "mins" | "bn"
        | "dept" => Stop::Maybe,
        "etc" => Stop::Likely,
        "no" | "nos" | "vol" | "p" | "pp" | "op" => Stop::BeforeNumber,
        _ => return None,
    };
    Some(stop)
}

/// Abbreviations with a capital.
fn capitalised(word: &str) -> Option<Stop> {
    let stop = match word {
        // Titles and what else stands before a name.
        "Mr" | "Mrs" | "Ms" | "Mx" | "Dr" | "Drs" | "Prof" | "Rev" | "Revd" | "Msgr" | "Fr"
        | "Br" | "Gen" | "Col" | "Maj" | "Capt" | "Cpt" | "Lt" | "Sgt" | "Cpl" | "Adm"
        | "Cmdr" | "Comdr" | "Cdr" | "Pvt" | "Pfc" | "Spc" | "Brig" | "Gov" | "Govs"
        | "Sen" | "Sens" | "Rep" | "Reps" | "Pres" | "Hon" | "Amb" | "Atty" | "Asst"
        | "Assoc" | "Supt" | "Det" | "Insp" | "Messrs" | "Mme" | "Mlle" | "Sra" | "Srta"
        | "Ste" | "Pte" => Stop::Never,
        // What stands behind a name, months, states, streets.
        "St" | "Mt" | "Ft" | "Dept" | "Inc" | "Corp" | "Co" | "Cos" | "Ltd" | "Llc" | "Plc"
        | "Pty" | "Bros" | "Assn" | "Univ" | "Jr" | "Sr" | "Esq" | "Jan" | "Feb" | "Apr"
        | "Aug" | "Sep" | "Sept" | "Oct" | "Nov" | "Dec" | "Mon" | "Tue" | "Tues" | "Wed"
        | "Thu" | "Thur" | "Thurs" | "Fri" | "Ala" | "Ariz" | "Ark" | "Calif" | "Colo"
        | "Conn" | "Del" | "Fla" | "Ga" | "Ill" | "Ind" | "Kan" | "Kans" | "Ky" | "La"
        | "Mass" | "Md" | "Mich" | "Minn" | "Miss" | "Mo" | "Mont" | "Neb" | "Nebr" | "Nev"
        | "Okla" | "Ore" | "Pa" | "Penn" | "Tenn" | "Tex" | "Va" | "Vt" | "Wash" | "Wis"
        | "Wisc" | "Wyo" | "Ont" | "Que" | "Alta" | "Sask" | "Ave" | "Blvd" | "Rd" | "Rte"
        | "Hwy" => Stop::Maybe,
        "No" | "Nos" | "Vol" | "Art" | "Fig" | "Ch" | "Sec" | "Mar" | "Jun" | "Jul" | "Op"
        | "Rm" | "Apt" | "Pt" | "Bk" => Stop::BeforeNumber,
        _ => return None,
    };
    Some(stop)
}

/// Whether a capitalised word hardly ever stands in a name right behind an abbreviation
/// (`U.S. House`, `John F. Kennedy`), so that it must begin a sentence.
pub(super) fn starts_sentence(word: &str) -> bool {
    STARTERS.binary_search(&word).is_ok()
}

/// Words that begin sentences, sorted by bytes.
#[rustfmt::skip]
const STARTERS: [&str; 107] = [
    "A", "About", "According", "After", "Also", "Although", "Among", "An", "And", "Another",
    "As", "Asked", "At", "Because", "Before", "Between", "Both", "But", "By", "Currently",
    "Despite", "During", "Each", "Earlier", "Even", "Every", "For", "From", "He", "Her",
    "Here", "His", "How", "However", "I", "If", "In", "Instead", "It", "Its", "Later", "Many",
    "Meanwhile", "More", "Moreover", "Most", "My", "Nearly", "Neither", "Nevertheless", "No",
    "Nor", "Not", "Now", "Of", "On", "Once", "Only", "Or", "Other", "Others", "Our",
    "Perhaps", "Previously", "Recently", "Several", "She", "Since", "So", "Some", "Still",
    "Such", "That", "The", "Their", "Then", "There", "Therefore", "These", "They", "This",
    "Those", "Though", "Three", "Through", "Thus", "To", "Today", "Two", "Unlike", "Until",
    "We", "What", "When", "Where", "Whether", "Which", "While", "Who", "Whose", "Why", "With",
    "Without", "Yes", "Yesterday", "Yet", "You",
];

/// Whether the word goes on a time of day (`5 p.m. Monday`, `10 a.m. EST`).
pub(super) fn continues_time(word: &str) -> bool {
    let weekday = matches!(
        word,
        "Monday"
            | "Tuesday"
            | "Wednesday"
            | "Thursday"
            | "Friday"
            | "Saturday"
            | "Sunday"
            | "January"
            | "February"
            | "March"
            | "April"
            | "May"
            | "June"
            | "July"
            | "August"
            | "September"
            | "October"
            | "November"
            | "December"
            | "Eastern"
            | "Pacific"
            | "Central"
            | "Mountain"
            | "Greenwich"
    );
    weekday || (word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Endings of Internet names that are no English words, so that a dot without a space before them
/// joins (`Amazon.com`, `bbc.co.uk`).
pub(in crate::text) fn is_domain_ending(word: &str) -> bool {
    let known = |word: &str| {
        matches!(
            word,
            "com"
                | "org"
                | "net"
                | "gov"
                | "edu"
                | "mil"
                | "int"
                | "info"
                | "biz"
                | "co"
                | "uk"
                | "eu"
                | "de"
                | "fr"
                | "es"
                | "nl"
                | "ch"
                | "se"
                | "dk"
                | "fi"
                | "pl"
                | "cz"
                | "ru"
                | "cn"
                | "jp"
                | "kr"
                | "hk"
                | "tw"
                | "au"
                | "nz"
                | "ca"
                | "ie"
                | "br"
                | "mx"
                | "za"
                | "tv"
                | "fm"
                | "ly"
                | "io"
                | "gl"
                | "html"
                | "htm"
                | "php"
                | "asp"
                | "aspx"
                | "pdf"
                | "jpg"
                | "png"
                | "js"
        )
    };
    if word.bytes().all(|byte| byte.is_ascii_uppercase()) && word.len() <= 5 {
        return known(&word.to_ascii_lowercase());
    }
    known(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_read_in_any_case() {
        assert!(STARTERS.is_sorted());
        assert_eq!(stop_after("Sen"), Some(Stop::Never));
        assert_eq!(stop_after("SEN"), Some(Stop::Never));
        assert_eq!(stop_after("INC"), Some(Stop::Maybe));
        assert_eq!(stop_after("sen"), None);
        assert_eq!(stop_after("Senator"), None);
    }
}
