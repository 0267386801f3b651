//! Reading one written name.

use super::lexicon::{Sex, Word, lexicon};
use super::script::to_latin;
use super::sound::sound_form;
use crate::text::fold;

/// Names longer than this are cut: no person has more.
const MOST_TOKENS: usize = 12;
/// A token is cut to this many bytes.
const LONGEST_TOKEN: usize = 40;

/// What a token does in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A given name or surname.
    Word,
    /// One letter that stands for a name.
    Initial,
    /// `van`, `de`, `al-`, `bin`: may be left out.
    Particle,
}

/// Which of several bearers of one name in a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// `Sr.`, `the elder`.
    Senior,
    /// `Jr.`, `II`, `the younger`.
    Junior,
    /// `III` and so on, with its number.
    Number(u8),
}

/// One part of a name.
#[derive(Clone, Debug)]
pub struct Token {
    /// Lower case, without diacritics and apostrophes.
    pub folded: String,
    /// What it does.
    pub role: Role,
    /// Its sound, by `sound_form`.
    pub(super) sound: Vec<u8>,
    /// What the word lists know of it.
    pub(super) word: Word,
}

impl Token {
    fn new(folded: String, role: Role) -> Self {
        Self { folded, role, sound: Vec::new(), word: Word::default() }
    }

    /// A word by itself, ready to be compared.
    pub(crate) fn word(folded: &str) -> Self {
        let mut token = Self::new(folded.to_owned(), Role::Word);
        token.look_up();
        token
    }

    /// Fills in what comparing needs and reading does not.
    fn look_up(&mut self) {
        if self.role != Role::Initial {
            self.sound = sound_form(&self.folded);
            self.word = lexicon().word(&self.folded);
        }
    }

    /// Its first byte: with folded Latin letters its first letter.
    pub(super) fn first(&self) -> u8 {
        self.folded.as_bytes().first().copied().unwrap_or(0)
    }
}

/// A name as read: titles and degrees dropped, given names first.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// Its parts, in the order given names, surname.
    pub tokens: Vec<Token>,
    /// `Jr.` and its like, if written.
    pub generation: Option<Generation>,
    /// Names in quotes or parentheses.
    pub nicknames: Vec<Token>,
    /// Whether it was written `Surname, Given`.
    pub inverted: bool,
    pub(super) title_sex: Option<Sex>,
    /// Whether it begins with a hyphenated article (`al-Assad`).
    leading_article: bool,
    pub(super) legal_form: bool,
}

/// Words before a name that are no part of it. Those that are also names (`King`, `Major`) or make
/// one with a single name (`Prince Charles`) are dropped only where two more tokens follow.
const TITLES: [&str; 82] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sen",
    "senator",
    "rep",
    "representative",
    "congressman",
    "congresswoman",
    "gov",
    "governor",
    "gen",
    "general",
    "col",
    "colonel",
    "lt",
    "lieutenant",
    "capt",
    "captain",
    "maj",
    "sgt",
    "sergeant",
    "cpl",
    "pvt",
    "adm",
    "admiral",
    "cmdr",
    "commander",
    "brig",
    "brigadier",
    "marshal",
    "field",
    "pres",
    "president",
    "premier",
    "prime",
    "minister",
    "vice",
    "deputy",
    "chancellor",
    "secretary",
    "ambassador",
    "chairman",
    "chairwoman",
    "speaker",
    "mayor",
    "imam",
    "ayatollah",
    "hojatoleslam",
    "mullah",
    "mulla",
    "maulana",
    "mawlana",
    "mawlawi",
    "hajji",
    "haji",
    "hadji",
    "alhaj",
    "rev",
    "reverend",
    "fr",
    "father",
    "cardinal",
    "archbishop",
    "rabbi",
    "hon",
    "honourable",
    "honorable",
    "attorney",
    "herr",
    "frau",
    "monsieur",
    "mme",
    "mlle",
    "senor",
    "senora",
];
const TITLES_ALSO_NAMES: [&str; 28] = [
    "sir", "dame", "lord", "lady", "queen", "prince", "princess", "emperor", "empress",
    "sultan", "emir", "sheikh", "sheik", "shaykh", "sheikha", "crown", "king", "pope",
    "justice", "judge", "major", "bishop", "count", "baron", "duke", "saint", "don", "sister",
];
const FEMALE_TITLES: [&str; 13] = [
    "mrs",
    "ms",
    "miss",
    "dame",
    "lady",
    "congresswoman",
    "chairwoman",
    "queen",
    "princess",
    "frau",
    "mme",
    "mlle",
    "senora",
];
const MALE_TITLES: [&str; 12] = [
    "mr",
    "mister",
    "sir",
    "lord",
    "congressman",
    "chairman",
    "prince",
    "herr",
    "monsieur",
    "senor",
    "king",
    "fr",
];
/// Degrees and honours after a name.
const DEGREES: [&str; 17] = [
    "phd", "md", "mp", "mep", "qc", "kc", "esq", "obe", "cbe", "mbe", "kbe", "dds", "jd",
    "mba", "ret", "msc", "bsc",
];
const PARTICLES: [&str; 50] = [
    "de", "da", "di", "do", "du", "del", "della", "dello", "dei", "dos", "das", "des", "van",
    "von", "vom", "zu", "zur", "zum", "der", "den", "ter", "ten", "het", "af", "av", "la",
    "le", "las", "los", "el", "al", "bin", "ibn", "bint", "ben", "binti", "y", "e", "und",
    "and", "of", "the", "op", "in", "ul", "oglu", "ogly", "bte", "degli", "dal",
];
/// The Arabic article before sun letters; a particle only where a hyphen follows.
const HYPHENATED_PARTICLES: [&str; 22] = [
    "al", "el", "as", "es", "ad", "ed", "ar", "er", "an", "en", "at", "et", "az", "ez", "ash",
    "esh", "ul", "ur", "ud", "us", "il", "ol",
];
/// Endings of companies' names, for lists that hold both.
const LEGAL_FORMS: [&str; 28] = [
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
    "plc",
    "ag",
    "gmbh",
    "sa",
    "spa",
    "srl",
    "nv",
    "bv",
    "ab",
    "asa",
    "oyj",
    "oao",
    "ooo",
    "pjsc",
    "jsc",
    "pte",
    "pty",
    "kg",
];

/// A piece of the text between separators.
struct Piece<'a> {
    text: &'a str,
    /// Whether a full stop follows.
    dotted: bool,
    /// Whether a hyphen follows.
    hyphen: bool,
}

impl Name {
    /// Reads a name and looks its tokens up, ready to be compared. Any text is read; one without
    /// letters has no tokens.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut name = Self::read(text);
        for token in name.tokens.iter_mut().chain(&mut name.nicknames) {
            token.look_up();
        }
        name
    }

    /// Reads a name without preparing its tokens for comparison: several times faster.
    pub(crate) fn read(text: &str) -> Self {
        let latin = to_latin(text);
        let mut name = Self::default();
        let plain = name.take_nicknames(&latin);
        let mut parts = plain.split([',', ';', '،', '，']);
        let head = parts.next().unwrap_or_default();
        let mut surname_first = Vec::new();
        name.read_part(head, &mut surname_first);
        let mut given = Vec::new();
        for part in parts {
            name.read_part(part, &mut given);
        }
        if given.is_empty() {
            name.tokens = surname_first;
        } else {
            name.inverted = !surname_first.is_empty();
            // `Luther King, Martin`, but also `Hun Sen, Samdech`: whichever part is last.
            given.append(&mut surname_first);
            name.tokens = given;
        }
        name.tokens.truncate(MOST_TOKENS);
        name.settle_roles();
        name
    }

    /// The text without what stands in quotes or parentheses, which become nicknames.
    fn take_nicknames(&mut self, text: &str) -> String {
        let mut plain = String::with_capacity(text.len());
        let mut quoted = String::new();
        let mut closing: Option<char> = None;
        let mut before = ' ';
        for c in text.chars() {
            match closing {
                Some(end) if c == end || (end == '\'' && c == '’') => {
                    self.keep_nickname(&quoted);
                    quoted.clear();
                    closing = None;
                    plain.push(' ');
                }
                Some(_) => quoted.push(c),
                None => {
                    closing = match c {
                        '"' => Some('"'),
                        '“' | '„' => Some('”'),
                        '«' => Some('»'),
                        '(' => Some(')'),
                        '[' => Some(']'),
                        '\'' | '‘' if before == ' ' && !plain.trim().is_empty() => Some('\''),
                        _ => None,
                    };
                    if closing.is_none() {
                        plain.push(c);
                    }
                }
            }
            before = c;
        }
        // Never closed: a part of the name after all.
        plain.push_str(&quoted);
        if plain.trim().is_empty() {
            // All of it stood in quotes.
            self.nicknames.clear();
            return text
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.'))
                .collect();
        }
        plain
    }

    fn keep_nickname(&mut self, text: &str) {
        let words = text.split_whitespace().take(4);
        self.nicknames.extend(words.filter_map(|word| {
            let folded = letters(word);
            (folded.len() > 1).then(|| Token::new(folded, Role::Word))
        }));
    }

    fn read_part(&mut self, part: &str, tokens: &mut Vec<Token>) {
        let pieces = pieces(part);
        // Initials are told from short surnames by their case, unless all of it is capitals.
        let has_lower = part.chars().any(char::is_lowercase);
        let mut rest = pieces.as_slice();
        while let Some((piece, after)) = rest.split_first() {
            rest = after;
            let folded = letters(piece.text);
            if folded.is_empty() {
                continue;
            }
            if tokens.is_empty() && self.is_title(&folded, after.len()) {
                continue;
            }
            // A degree or suffix may stand alone after a comma (`King, Martin Luther, Jr.`).
            let follows_name = !tokens.is_empty() || !has_word(rest);
            if follows_name && self.is_suffix(&folded, piece, rest) {
                continue;
            }
            let length = folded.chars().count();
            let capitals = piece.text.chars().all(char::is_uppercase);
            if length == 1 && folded.is_ascii() && !matches!(piece.text, "y" | "e") {
                tokens.push(Token::new(folded, Role::Initial));
            } else if capitals
                && has_lower
                && length <= 3
                && folded.is_ascii()
                && !folded.bytes().any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u'))
            {
                // `JK Rowling`, `GW Bush`.
                tokens.extend(folded.chars().map(|c| Token::new(c.to_string(), Role::Initial)));
            } else {
                let article = piece.hyphen && HYPHENATED_PARTICLES.contains(&folded.as_str());
                self.leading_article |= article && tokens.is_empty();
                let particle = article || PARTICLES.contains(&folded.as_str());
                let role = if particle { Role::Particle } else { Role::Word };
                tokens.push(Token::new(folded, role));
            }
        }
    }

    fn is_title(&mut self, folded: &str, tokens_after: usize) -> bool {
        let title = (tokens_after >= 1 && TITLES.contains(&folded))
            || (tokens_after >= 2 && TITLES_ALSO_NAMES.contains(&folded));
        if title {
            if FEMALE_TITLES.contains(&folded) {
                self.title_sex = Some(Sex::Female);
            } else if MALE_TITLES.contains(&folded) {
                self.title_sex = Some(Sex::Male);
            }
        }
        title
    }

    /// Reads generations, degrees and legal forms.
    fn is_suffix(&mut self, folded: &str, piece: &Piece<'_>, rest: &[Piece<'_>]) -> bool {
        let last = rest.iter().all(|piece| piece.text.chars().count() <= 4);
        let generation = match folded {
            "jr" | "junior" | "jnr" | "ii" | "2nd" | "younger" => Some(Generation::Junior),
            "sr" | "snr" => Some(Generation::Senior),
            "senior" | "elder" if last => Some(Generation::Senior),
            "i" if last && rest.is_empty() && piece.text == "I" && !piece.dotted => {
                Some(Generation::Number(1))
            }
            "iii" | "3rd" => Some(Generation::Number(3)),
            "iv" | "4th" => Some(Generation::Number(4)),
            "v" if last && piece.text == "V" && !piece.dotted => Some(Generation::Number(5)),
            "vi" if piece.text == "VI" => Some(Generation::Number(6)),
            "vii" => Some(Generation::Number(7)),
            "viii" => Some(Generation::Number(8)),
            "xii" => Some(Generation::Number(12)),
            "xiv" => Some(Generation::Number(14)),
            "xvi" => Some(Generation::Number(16)),
            _ => None,
        };
        if generation.is_some() {
            self.generation = generation;
            return true;
        }
        if DEGREES.contains(&folded) && last {
            return true;
        }
        // `Sá` and `Co` are surnames, `SA` and `Co.` are none.
        let capitals = piece.text.chars().all(char::is_uppercase);
        let legal = rest.is_empty()
            && LEGAL_FORMS.contains(&folded)
            && (folded.len() > 3
                || capitals
                || piece.dotted
                || matches!(folded, "inc" | "ltd" | "llc"));
        self.legal_form |= legal;
        legal
    }

    /// Particles are so only within a name: the first token of `Ben Bradlee` or `Al Gore` and the
    /// last of `Nguyen Van` are names.
    fn settle_roles(&mut self) {
        let last = self.tokens.len().saturating_sub(1);
        let leading_article = self.leading_article && self.tokens.len() > 1;
        for (at, token) in self.tokens.iter_mut().enumerate() {
            let outer = at == last || (at == 0 && !leading_article);
            if outer && token.role == Role::Particle {
                token.role = Role::Word;
            }
        }
        if !self.tokens.iter().any(|token| token.role == Role::Word)
            && let Some(longest) = self.tokens.iter_mut().max_by_key(|token| token.folded.len())
            && longest.folded.len() > 1
        {
            longest.role = Role::Word;
        }
    }

    /// The tokens that are not particles.
    pub fn names(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|token| token.role != Role::Particle)
    }

    /// The last word: the surname, in the order that English news writes names.
    #[must_use]
    pub fn surname(&self) -> Option<&Token> {
        self.tokens.iter().rev().find(|token| token.role == Role::Word)
    }

    /// The folded tokens without anything between them.
    #[must_use]
    pub fn glued(&self) -> String {
        self.tokens.iter().map(|token| token.folded.as_str()).collect()
    }
}

fn has_word(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| piece.text.chars().count() > 3)
}

/// A folded word, only letters and digits, cut to the longest that is compared.
fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in fold(text).chars().filter(|c| c.is_alphanumeric()) {
        if out.len() + c.len_utf8() > LONGEST_TOKEN {
            break;
        }
        out.push(c);
    }
    out
}

/// Cuts a text at spaces, hyphens and full stops; apostrophes stay inside (`O'Brien`).
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::with_capacity(6);
    let inner = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '\'' | '’' | '‘' | '`' | 'ʻ' | 'ʼ' | '´' | 'ʿ' | 'ʾ')
            || is_mark(c)
    };
    let mut rest = text;
    while let Some(start) = rest.find(inner) {
        let from = rest.get(start..).unwrap_or_default();
        let end = from.find(|c| !inner(c)).unwrap_or(from.len());
        let after = from.get(end..).unwrap_or_default();
        let follows = after.chars().next();
        out.push(Piece {
            text: from.get(..end).unwrap_or_default(),
            dotted: follows == Some('.'),
            hyphen: matches!(follows, Some('-' | '‐' | '‑' | '–')),
        });
        rest = after;
        if out.len() > 2 * MOST_TOKENS {
            break;
        }
    }
    out
}

/// Combining marks belong to the letter before.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::{Generation, Name, Role};

    fn check(text: &str, tokens: &str, generation: Option<Generation>) {
        let name = Name::parse(text);
        let shown: Vec<String> = name
            .tokens
            .iter()
            .map(|token| match token.role {
                Role::Word => token.folded.clone(),
                Role::Initial => format!("{}.", token.folded),
                Role::Particle => format!("({})", token.folded),
            })
            .collect();
        assert_eq!(shown.join(" "), tokens, "{text}");
        assert_eq!(name.generation, generation, "{text}");
    }

    #[test]
    fn names_are_read_into_their_parts() {
        check("J.R.R. Tolkien", "j. r. r. tolkien", None);
        check("Martin Luther King Jr.", "martin luther king", Some(Generation::Junior));
        check("King, Martin Luther, Sr.", "martin luther king", Some(Generation::Senior));
        check("Dr. Ursula von der Leyen", "ursula (von) (der) leyen", None);
        check("Bashar al-Assad", "bashar (al) assad", None);
        check("Al Gore", "al gore", None);
        check("Sinéad O’Connor", "sinead oconnor", None);
        check("William \"Bill\" Clinton", "william clinton", None);
        check("JK Rowling", "j. k. rowling", None);
        check("King Salman", "king salman", None);
    }
}
