//! The word lists behind the comparison of names.
//!
//! Spellings, short forms, and how common a given name or surname is. Sources and licences:
//! `entity/data/ATTRIBUTION.md`.

use std::borrow::Cow;
use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::text::fold;

const VARIANTS: &str = include_str!("../data/name_variants.tsv");
const NICKNAMES: &str = include_str!("../data/nicknames.tsv");
const GIVEN_NAMES: &str = include_str!("../data/given_names.tsv");
const SURNAMES: &str = include_str!("../data/surnames.tsv");
const PERSON_ALIASES: &str = include_str!("../data/person_aliases.tsv");
const PEOPLE: &str = include_str!("../data/people.tsv");

/// The lists, read once.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// The shared lists.
pub(crate) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// The sex that a given name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
    Either,
}

/// How two different words are bound together as names, closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// One name in two romanisations (`Muhammad`, `Mohamed`).
    Transliteration,
    /// One name in two usual spellings (`Stephen`, `Steven`).
    Spelling,
    /// A full form and its usual short form (`William`, `Bill`).
    Nickname,
    /// A full form and some short or pet form (`Aaron`, `Ronnie`), from a long list.
    PetForm,
    /// One surname romanised by different systems (`Lee`, `Yi`).
    Romanisation,
    /// One name in two languages (`Michael`, `Mikhail`).
    Language,
    /// Two short forms of one name (`Bill`, `Will`).
    SharedFullForm,
}

/// What the lists know of one folded word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Word {
    /// Identifies the word within the lists; 0 is no word.
    pub(crate) id: u32,
    /// The sex, if it is a given name.
    pub(crate) given: Option<Sex>,
    /// Bearers per 100,000 as a given name (0: unlisted).
    pub(crate) given_per_100k: u32,
    /// Whether it is listed as a surname.
    pub(crate) surname: bool,
    /// Bearers per 100,000 as a surname (0: unlisted).
    pub(crate) surname_per_100k: u32,
    /// The word that stands for its group of transliterations; its own id if there is none.
    pub(crate) spelling: u32,
    /// Whether it is listed with other romanisations of the same name.
    pub(crate) transliterated: bool,
    /// Whether it is a surname written in Chinese or Korean romanisation.
    pub(crate) east_asian: bool,
}

/// The word lists, by folded word.
pub(crate) struct Lexicon {
    words: HashMap<&'static str, Word>,
    relations: HashMap<(u32, u32), Relation>,
    /// Related words of each word, for look-ups that start from one form.
    neighbours: HashMap<u32, Vec<(u32, Relation)>>,
    texts: Vec<&'static str>,
    /// Folded alias → folded name.
    aliases: HashMap<String, String>,
    /// Alias and name as listed.
    alias_pairs: Vec<(&'static str, &'static str)>,
    people: HashSet<String>,
}

/// The columns of the lines that are not comments.
fn rows(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// A name as the alias lists are keyed: folded, only letters and digits.
pub(crate) fn alias_key(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Lexicon {
    fn read() -> Self {
        let mut lexicon = Self {
            words: HashMap::with_capacity(12_000),
            relations: HashMap::with_capacity(60_000),
            neighbours: HashMap::with_capacity(8_000),
            texts: vec![""],
            aliases: HashMap::new(),
            alias_pairs: Vec::new(),
            people: HashSet::new(),
        };
        lexicon.read_frequencies();
        lexicon.read_variants();
        for row in rows(NICKNAMES) {
            if let [full, short] = row.as_slice() {
                let mut group: Vec<&'static str> = vec![full];
                group.extend(short.split(' '));
                lexicon.bind_short_forms(&group, Relation::PetForm);
            }
        }
        for row in rows(PERSON_ALIASES) {
            if let [alias, name] = row.as_slice() {
                lexicon.alias_pairs.push((alias, name));
                let (alias, name) = (alias_key(alias), alias_key(name));
                if alias != name {
                    lexicon.aliases.entry(alias).or_insert(name);
                }
            }
        }
        lexicon.people = rows(PEOPLE)
            .filter_map(|row| row.first().map(|name| alias_key(name)))
            .filter(|key| !lexicon.aliases.contains_key(key))
            .collect();
        lexicon
    }

    fn read_frequencies(&mut self) {
        for row in rows(GIVEN_NAMES) {
            if let [name, sex, bearers] = row.as_slice() {
                let word = self.word_mut(name);
                word.given = Some(match *sex {
                    "F" => Sex::Female,
                    "M" => Sex::Male,
                    _ => Sex::Either,
                });
                word.given_per_100k = bearers.parse().unwrap_or(0);
            }
        }
        for row in rows(SURNAMES) {
            if let [name, bearers] = row.as_slice() {
                let word = self.word_mut(name);
                word.surname = true;
                word.surname_per_100k = bearers.parse().unwrap_or(0);
            }
        }
    }

    fn read_variants(&mut self) {
        for row in rows(VARIANTS) {
            let [class, group] = row.as_slice() else { continue };
            let group: Vec<&'static str> = group.split(' ').collect();
            let relation = match *class {
                "t" => Relation::Transliteration,
                "v" => Relation::Spelling,
                "c" => Relation::Romanisation,
                "l" => Relation::Language,
                "s" => {
                    for word in group {
                        self.word_mut(word).east_asian = true;
                    }
                    continue;
                }
                _ => {
                    self.bind_short_forms(&group, Relation::Nickname);
                    continue;
                }
            };
            let ids: Vec<u32> = group.iter().map(|word| self.word_mut(word).id).collect();
            for (at, &one) in ids.iter().enumerate() {
                for &other in ids.iter().skip(at + 1) {
                    self.bind(one, other, relation);
                }
            }
            for word in &group {
                let first = ids.first().copied().unwrap_or(0);
                let entry = self.word_mut(word);
                if relation == Relation::Transliteration && entry.spelling == entry.id {
                    entry.spelling = first;
                }
                entry.transliterated |= relation == Relation::Transliteration;
                entry.east_asian |= relation == Relation::Romanisation;
            }
        }
    }

    /// Binds a full form (the first) with its short forms, and these with each other.
    fn bind_short_forms(&mut self, group: &[&'static str], relation: Relation) {
        let ids: Vec<u32> = group.iter().map(|word| self.word_mut(word).id).collect();
        let Some((&full, short)) = ids.split_first() else { return };
        for (at, &one) in short.iter().enumerate() {
            self.bind(full, one, relation);
            for &other in short.iter().skip(at + 1) {
                self.bind(one, other, Relation::SharedFullForm);
            }
        }
    }

    fn bind(&mut self, one: u32, other: u32, relation: Relation) {
        if one == other {
            return;
        }
        let key = (one.min(other), one.max(other));
        let closest = self.relations.get(&key).is_none_or(|known| relation < *known);
        if closest {
            self.relations.insert(key, relation);
            for (from, to) in [(one, other), (other, one)] {
                let list = self.neighbours.entry(from).or_default();
                list.retain(|(known, _)| *known != to);
                list.push((to, relation));
            }
        }
    }

    fn word_mut(&mut self, text: &'static str) -> &mut Word {
        let next = self.texts.len() as u32;
        let texts = &mut self.texts;
        self.words.entry(text).or_insert_with(|| {
            texts.push(text);
            Word { id: next, spelling: next, ..Word::default() }
        })
    }

    /// What is known of a folded word; the empty entry if nothing is.
    pub(crate) fn word(&self, folded: &str) -> Word {
        self.words.get(folded).copied().unwrap_or_default()
    }

    /// How two listed words are bound, if they are.
    pub(crate) fn relation(&self, one: Word, other: Word) -> Option<Relation> {
        if one.id == 0 || other.id == 0 {
            return None;
        }
        self.relations.get(&(one.id.min(other.id), one.id.max(other.id))).copied()
    }

    /// The words bound to a listed word.
    pub(crate) fn related(&self, word: Word) -> impl Iterator<Item = (&'static str, Relation)> {
        self.neighbours
            .get(&word.id)
            .into_iter()
            .flatten()
            .filter_map(|(id, relation)| Some((*self.texts.get(*id as usize)?, *relation)))
    }

    /// The first spelling of a word's group of transliterations, or the word itself.
    pub(crate) fn spelling<'a>(&self, folded: &'a str) -> Cow<'a, str> {
        let word = self.word(folded);
        if word.id == 0 || word.spelling == word.id {
            return Cow::Borrowed(folded);
        }
        self.texts
            .get(word.spelling as usize)
            .map_or(Cow::Borrowed(folded), |text| Cow::Borrowed(*text))
    }

    /// The name that a whole name is a listed alias of; both as [`alias_key`] makes them.
    pub(crate) fn alias_of(&self, key: &str) -> Option<&str> {
        self.aliases.get(key).map(String::as_str)
    }

    /// The listed aliases of whole names with the names, as listed.
    pub(crate) fn alias_pairs(&self) -> &[(&'static str, &'static str)] {
        &self.alias_pairs
    }

    /// Whether a name, as [`alias_key`] makes it, is that of a listed well-known person.
    pub(crate) fn is_well_known(&self, key: &str) -> bool {
        self.people.contains(key)
    }
}
