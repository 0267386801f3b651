//! What is to be known of a word form, worked out once.

use super::title::{
    TitleWord, ends_office, generation, is_address, is_female_title, is_firm_noun,
    is_given_name_title, is_group, is_legal_form, is_male_title, is_never_person, is_particle,
    is_plain_address, is_post_nominal, is_small_word, is_trade, title_word,
};
use super::{Input, NONE, Resolver, length};
use crate::entity::Part;
use crate::entity::identity::gazetteer::gazetteer;
use crate::entity::names::{Sex, Word as Listed, lexicon};
use crate::text::{FormId, Forms, fold};

/// A word as a part of names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Piece {
    /// Number of the folded word; 0 for an initial.
    pub(super) key: u32,
    /// Its first letter.
    pub(super) letter: char,
    /// What the word lists know of it.
    pub(super) listed: Listed,
}

impl Piece {
    pub(super) fn is_initial(&self) -> bool {
        self.key == 0
    }

    /// The sex of those who bear it as a given name.
    pub(super) fn sex(&self) -> Option<Sex> {
        self.listed.given.filter(|&sex| sex != Sex::Either)
    }
}

/// What is known of a word form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    pub(super) flags: u32,
    /// Number of the whole word, folded and without dots; 0 for marks.
    pub(super) key: u32,
    pub(super) first_piece: u32,
    pub(super) pieces: u32,
}

pub(super) const KNOWN: u32 = 1;
/// The first letter is a capital.
pub(super) const CAPITALISED: u32 = 1 << 1;
/// Two and more letters, all capitals.
pub(super) const CAPITALS: u32 = 1 << 2;
pub(super) const TITLE_HEAD: u32 = 1 << 3;
pub(super) const TITLE_BEFORE: u32 = 1 << 4;
pub(super) const TITLE_ALSO_NAME: u32 = 1 << 5;
pub(super) const MALE_TITLE: u32 = 1 << 6;
pub(super) const FEMALE_TITLE: u32 = 1 << 7;
pub(super) const GIVEN_TITLE: u32 = 1 << 8;
pub(super) const PARTICLE: u32 = 1 << 9;
pub(super) const NEVER_PERSON: u32 = 1 << 10;
pub(super) const LEGAL_FORM: u32 = 1 << 11;
pub(super) const SMALL_WORD: u32 = 1 << 12;
/// Begins with a digit: its form stands for many numbers.
pub(super) const NUMBER: u32 = 1 << 13;
/// Has a letter or digit, and is no possessive ending.
pub(super) const WORD: u32 = 1 << 14;
pub(super) const ENDS_OFFICE: u32 = 1 << 15;
/// Forms of address: `Sir`, `Dr.`; of these, the ones that everybody bears: `Mr.`
pub(super) const ADDRESS: u32 = 1 << 16;
pub(super) const PLAIN_ADDRESS: u32 = 1 << 17;
/// Behind a name: `QC`, `MP`.
pub(super) const POST_NOMINAL: u32 = 1 << 18;
/// Listed as a place's name.
pub(super) const LISTED_PLACE: u32 = 1 << 19;
/// Ends the names of firms: `Sons`, `Securities`.
pub(super) const FIRM: u32 = 1 << 20;
/// Who works for a firm that deals: `analyst`.
pub(super) const TRADES: u32 = 1 << 21;
pub(super) const GENERATION_SHIFT: u32 = 24;

pub(super) const ANY_TITLE: u32 = TITLE_HEAD | TITLE_BEFORE | TITLE_ALSO_NAME;

impl Word {
    pub(super) fn is(self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    pub(super) fn generation(self) -> u32 {
        self.flags >> GENERATION_SHIFT
    }
}

impl Resolver {
    pub(super) fn word(&mut self, forms: &Forms, form: FormId) -> Word {
        match self.words.get(form.index()) {
            Some(word) if word.is(KNOWN) => *word,
            Some(_) => self.work_out(forms, form),
            None => Word::default(),
        }
    }

    pub(super) fn word_at(&mut self, input: &Input<'_>, part: Part, at: u32) -> Word {
        match input.token(part, at) {
            Some(token) => self.word(input.forms, token.form),
            None => Word::default(),
        }
    }

    #[cold]
    pub(super) fn work_out(&mut self, forms: &Forms, form: FormId) -> Word {
        let written = forms.text(form);
        let mut word = Word { flags: KNOWN, ..Word::default() };
        word.first_piece = length(&self.word_pieces);
        let possessive = matches!(written, "'s" | "’s" | "'S" | "’S" | "'" | "’");
        if !possessive && written.contains(char::is_alphanumeric) {
            self.fill(written, &mut word);
        }
        word.pieces = length(&self.word_pieces) - word.first_piece;
        if let Some(known) = self.words.get_mut(form.index()) {
            *known = word;
        }
        word
    }

    pub(super) fn fill(&mut self, written: &str, word: &mut Word) {
        let letters = || written.chars().filter(|c| c.is_alphabetic());
        let capitals = letters().take(2).count() > 1 && letters().all(char::is_uppercase);
        let folded = fold(written);
        let bare: String =
            folded.chars().filter(|c| !matches!(c, '.' | '\'' | '’' | 'ʼ' | '`')).collect();
        word.key = self.key(&bare);
        let mut set = |flag: u32, if_so: bool| {
            if if_so {
                word.flags |= flag;
            }
        };
        set(WORD, true);
        set(CAPITALISED, letters().next().is_some_and(char::is_uppercase));
        set(CAPITALS, capitals);
        set(NUMBER, written.starts_with(|c: char| c.is_ascii_digit()));
        match title_word(&bare) {
            Some(TitleWord::Head) => set(TITLE_HEAD, true),
            Some(TitleWord::Before) => set(TITLE_BEFORE, true),
            Some(TitleWord::AlsoName) => set(TITLE_ALSO_NAME, true),
            None => {}
        }
        set(MALE_TITLE, is_male_title(&bare));
        set(FEMALE_TITLE, is_female_title(&bare));
        set(GIVEN_TITLE, is_given_name_title(&bare));
        set(PARTICLE, is_particle(&bare));
        set(
            NEVER_PERSON,
            is_never_person(&bare) || is_group(&bare) || gazetteer().is_nationals(&bare),
        );
        set(LEGAL_FORM, is_legal_form(&bare));
        set(LISTED_PLACE, gazetteer().is_place(written));
        set(FIRM, is_firm_noun(&bare));
        set(TRADES, is_trade(&bare));
        set(SMALL_WORD, is_small_word(&bare));
        set(ENDS_OFFICE, ends_office(&bare));
        set(POST_NOMINAL, is_post_nominal(written));
        set(PLAIN_ADDRESS, is_plain_address(&bare));
        set(ADDRESS, is_plain_address(&bare) || is_address(&bare));
        let generation = generation(written).map_or(0, u32::from);
        word.flags |= generation << GENERATION_SHIFT;

        let letter_count = bare.chars().count();
        let dotted =
            written.ends_with('.') && (letter_count == 1 || written.matches('.').count() > 1);
        if letter_count == 1 || (dotted && letter_count <= 4) {
            for letter in bare.chars().filter(|c| c.is_alphabetic()) {
                self.word_pieces.push(Piece { letter, ..Piece::default() });
            }
            return;
        }
        let parts = bare.split(['-', '‐', '‑']).filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.into_iter().enumerate() {
            // The article of `al-Assad`.
            if at < last && is_particle(part) {
                continue;
            }
            let piece = self.piece(part);
            self.word_pieces.push(piece);
        }
    }

    pub(super) fn piece(&mut self, part: &str) -> Piece {
        Piece {
            key: self.key(part),
            letter: part.chars().next().unwrap_or_default(),
            listed: lexicon().word(part),
        }
    }

    /// The number of a folded word, from 1.
    pub(super) fn key(&mut self, folded: &str) -> u32 {
        if let Some(&key) = self.keys.get(folded) {
            return key;
        }
        let key = u32::try_from(self.keys.len()).unwrap_or(NONE - 1) + 1;
        self.keys.insert(folded.to_owned(), key);
        self.chains.resize(key as usize + 1, NONE);
        key
    }
}
