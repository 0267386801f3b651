//! The words of all names of an archive, each held once.

use hashbrown::HashMap;

use super::joining::key_hash;
use super::keys::{push_generation, push_without_umlauts, spelling_of};
use crate::entity::names::{Generation, Name, Role, Word, is_syllables, lexicon};

/// What is known of one distinct word.
struct Entry {
    text: String,
    /// With umlauts written out taken back, where that changes it.
    level: Option<Box<str>>,
    /// The spelling that stands for its romanisations, where that is another.
    spelling: Option<Box<str>>,
    spelling_id: u32,
    word: Word,
    syllables: bool,
}

/// The words of one name.
#[derive(Clone, Copy)]
pub(super) struct NameWords<'a> {
    pub(super) words: &'a [(u32, Role)],
    pub(super) generation: Option<Generation>,
}

/// The words of all names, in the order in which these were added.
#[derive(Default)]
pub(super) struct Words {
    ids: HashMap<String, u32>,
    entries: Vec<Entry>,
    spellings: HashMap<String, u32>,
    flat: Vec<(u32, Role)>,
    /// Where each name's words end in `flat`, and its generation.
    ends: Vec<(u32, Option<Generation>)>,
}

impl Words {
    /// Adds a person's name and returns the hash of its key.
    pub(super) fn add_person(&mut self, name: &Name) -> u64 {
        // As `person_key` does it.
        let mut key = String::with_capacity(32);
        if name.tokens.len() == 1 {
            key.push('=');
        }
        for token in &name.tokens {
            let id = self.id(&token.folded);
            self.flat.push((id, token.role));
            push_without_umlauts(&token.folded, &mut key);
        }
        push_generation(name.generation, &mut key);
        self.ends.push((self.flat.len() as u32, name.generation));
        key_hash(&key)
    }

    /// Adds any other name.
    pub(super) fn add(&mut self, words: &[String]) {
        for word in words {
            let id = self.id(word);
            self.flat.push((id, Role::Word));
        }
        self.ends.push((self.flat.len() as u32, None));
    }

    fn id(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = self.entries.len() as u32;
        let other = |changed: String| (changed != text).then(|| changed.into_boxed_str());
        let spelling = other(spelling_of(text));
        let mut level = String::with_capacity(text.len());
        push_without_umlauts(text, &mut level);
        // A word that stands for others may come after them.
        let next = self.spellings.len() as u32;
        let spelled = spelling.as_deref().unwrap_or(text);
        let known = self.spellings.get(spelled).copied();
        let spelling_id = known.unwrap_or(next);
        if known.is_none() {
            self.spellings.insert(spelled.to_owned(), next);
        }
        self.entries.push(Entry {
            text: text.to_owned(),
            level: other(level),
            spelling,
            spelling_id,
            word: lexicon().word(text),
            syllables: is_syllables(text),
        });
        self.ids.insert(text.to_owned(), id);
        id
    }

    /// The words of the name that was added as number `at`.
    pub(super) fn of(&self, at: u32) -> NameWords<'_> {
        let at = at as usize;
        let start =
            at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end.0);
        let (end, generation) = self.ends.get(at).copied().unwrap_or((start, None));
        let words = self.flat.get(start as usize..end as usize).unwrap_or_default();
        NameWords { words, generation }
    }

    fn entry(&self, id: u32) -> Option<&Entry> {
        self.entries.get(id as usize)
    }

    /// How many distinct words there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn text(&self, id: u32) -> &str {
        self.entry(id).map_or("", |entry| &entry.text)
    }

    pub(super) fn level(&self, id: u32) -> &str {
        self.entry(id).map_or("", |entry| entry.level.as_deref().unwrap_or(&entry.text))
    }

    pub(super) fn spelling(&self, id: u32) -> &str {
        self.entry(id).map_or("", |entry| entry.spelling.as_deref().unwrap_or(&entry.text))
    }

    pub(super) fn spelling_id(&self, id: u32) -> u32 {
        self.entry(id).map_or(u32::MAX, |entry| entry.spelling_id)
    }

    pub(super) fn lexicon_word(&self, id: u32) -> Word {
        self.entry(id).map_or_else(Word::default, |entry| entry.word)
    }

    pub(super) fn first(&self, id: u32) -> u8 {
        self.text(id).bytes().next().unwrap_or(0)
    }

    /// Bearers of a given name per 100,000; unlisted ones count as rare, those with listed
    /// romanisations as common somewhere.
    pub(super) fn given_frequency(&self, id: u32) -> u64 {
        let word = self.lexicon_word(id);
        let listed = u64::from(word.given_per_100k);
        listed.max(if self.has_spellings(id) { 600 } else { 5 })
    }

    /// Bearers of a surname per 100,000, likewise.
    pub(super) fn surname_frequency(&self, id: u32) -> u64 {
        let word = self.lexicon_word(id);
        let listed = u64::from(word.surname_per_100k);
        listed.max(if self.has_spellings(id) { 60 } else { 2 })
    }

    fn has_spellings(&self, id: u32) -> bool {
        self.lexicon_word(id).transliterated
    }

    /// The hash of a person's key across romanisations; Arabic articles do not count.
    pub(super) fn spelling_hash(&self, name: NameWords<'_>) -> u64 {
        let mut key = String::with_capacity(32);
        for (id, role) in name.words {
            let text = self.spelling(*id);
            if *role == Role::Particle && matches!(text, "al" | "el") {
                continue;
            }
            key.push_str(text);
            key.push(' ');
        }
        push_generation(name.generation, &mut key);
        key_hash(&key)
    }

    /// Whether a name is made of Chinese or Korean syllables and such a surname, where every
    /// syllable counts and the order is open.
    pub(super) fn is_east_asian(&self, name: NameWords<'_>) -> bool {
        let surname = |at: Option<&(u32, Role)>| {
            at.is_some_and(|(id, _)| self.lexicon_word(*id).east_asian)
        };
        (2..=4).contains(&name.words.len())
            && (surname(name.words.first()) || surname(name.words.last()))
            && name.words.iter().all(|(id, role)| {
                *role != Role::Initial && self.entry(*id).is_some_and(|entry| entry.syllables)
            })
    }
}
