//! An article as word numbers, and what the rest of it says about a form: whether it is also
//! written small, who stands next to its other occurrences, whether it is an acronym that the
//! article itself explains.

use super::feature::{Constant, Template, constant, feature};
use super::word::{
    ACRONYM, ALPHABETIC, BEFORE, Brief, CAPITAL, CLOSE_BRACKET, CONNECTOR, FAMILY_NAME,
    GIVEN_NAME, LONG, LOWER, OPEN_BRACKET, OPENER, ORGANISATION_PART, TITLE_WORD, UPPER, Word,
};

/// Number of a word form in the tagger's table; 0 is what stands beyond the edges of a sentence.
pub(super) type WordId = u32;

pub(super) const EDGE_WORD: WordId = 0;

/// Edge words between sentences: a window of five never needs a look at where it is.
const EDGE_WIDTH: usize = 2;

/// What the capitals of a sentence are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Capitals mark names.
    Sentence,
    /// All in capitals.
    Capitals,
    /// All longer words have one: headlines.
    Title,
}

/// A sentence of an [`Article`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    /// First position.
    pub(super) start: usize,
    /// The position after the last.
    pub(super) end: usize,
    /// What its capitals are worth.
    pub(super) case: Case,
}

/// An article as word numbers: `0 0 w w w 0 0 w w 0 0`.
#[derive(Clone, Debug, Default)]
pub(super) struct Article {
    pub(super) words: Vec<WordId>,
    /// By position.
    pub(super) briefs: Vec<Brief>,
    pub(super) sentences: Vec<Sentence>,
}

impl Article {
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.words.resize(EDGE_WIDTH, EDGE_WORD);
        self.briefs.clear();
        self.briefs.resize(EDGE_WIDTH, Brief::default());
        self.sentences.clear();
    }

    /// Ends the sentence whose words were pushed since the last edge; one without words is none.
    pub(super) fn end_sentence(&mut self, table: &[Brief]) {
        let start = self.sentences.last().map_or(EDGE_WIDTH, |s| s.end + EDGE_WIDTH);
        let end = self.words.len();
        if end <= start {
            return;
        }
        self.briefs.extend(self.words[start..].iter().map(|&id| table[id as usize]));
        let case = case(&self.briefs[start..]);
        self.sentences.push(Sentence { start, end, case });
        self.words.resize(end + EDGE_WIDTH, EDGE_WORD);
        self.briefs.resize(end + EDGE_WIDTH, Brief::default());
    }
}

/// Four fifths of the words in capitals, or nine tenths of at least four longer ones with one.
fn case(words: &[Brief]) -> Case {
    let (mut alphabetic, mut upper, mut long, mut long_capital) = (0, 0, 0, 0);
    for &Brief { bits, .. } in words {
        alphabetic += u32::from(bits & ALPHABETIC != 0);
        upper += u32::from(bits & UPPER != 0);
        long += u32::from(bits & LONG != 0);
        long_capital += u32::from(bits & LONG != 0 && bits & CAPITAL != 0);
    }
    if alphabetic > 0 && upper * 5 >= alphabetic * 4 {
        Case::Capitals
    } else if long >= 4 && long_capital * 10 >= long * 9 {
        Case::Title
    } else {
        Case::Sentence
    }
}

/// Number of a form among those with a capital in the article.
pub(super) type NameFormId = u32;

pub(super) const NO_FORM: NameFormId = NameFormId::MAX;

/// Capitalised neighbours remembered per form: bounds the work on long articles.
const MOST_LINKS: u8 = 32;

// Bits of NameForm::near above those of the words of BEFORE and AFTER.
const NEAR_TITLE: u32 = 21;
const NEAR_FIRST_NAME: u32 = 22;
const NEAR_ORGANISATION_WORD: u32 = 23;
const NEAR_LAST_NAME: u32 = 24;

#[derive(Clone, Debug)]
struct NameForm {
    lower_id: u32,
    small: u32,
    /// With a capital that nothing but its being a name explains.
    capital: u32,
    near: u32,
    first_link: u32,
    links: u8,
    /// 1 stands in brackets after some capitalised words, 2 after the words that it is made of.
    acronym: u8,
}

const NO_LINK: u32 = u32::MAX;

/// Evidence about the capitalised forms of one article; keeps its memory from one to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    stamp: u32,
    /// By [`Word::lower_id`]: of which article (a stale stamp is an empty slot, so that nothing
    /// need be cleared), which form.
    slots: Vec<(u32, NameFormId)>,
    /// By [`Word::lower_id`], one bit each: of this article. Most small words end here, without a
    /// look at their slot.
    known: Vec<u64>,
    forms: Vec<NameForm>,
    /// Features of capitalised neighbours, as lists.
    links: Vec<(u64, u32)>,
    /// By position; [`NO_FORM`] where there is no capital.
    pub(super) form_at: Vec<NameFormId>,
    /// Long forms of acronyms that the article explains: first position, the one after the last.
    pub(super) long_forms: Vec<(usize, usize)>,
}

impl Context {
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    /// Forgets everything: the word table was emptied.
    pub(super) fn reset(&mut self) {
        self.slots.clear();
        self.known.clear();
        self.forms.clear();
        self.stamp = 0;
    }

    /// Reads an article; `lower_ids` is how many lower-cased forms the table knows.
    pub(super) fn read(&mut self, article: &Article, table: &[Word], lower_ids: usize) {
        if self.stamp == u32::MAX {
            self.reset();
        }
        self.stamp += 1;
        if self.slots.len() < lower_ids {
            self.slots.resize(lower_ids + lower_ids / 2, (0, 0));
            self.known.resize(self.slots.len().div_ceil(64), 0);
        }
        for form in self.forms.drain(..) {
            self.known[form.lower_id as usize / 64] = 0;
        }
        self.links.clear();
        self.long_forms.clear();
        self.form_at.clear();
        self.form_at.resize(article.words.len(), NO_FORM);
        let word = |position: usize| &table[article.words[position] as usize];

        for sentence in &article.sentences {
            for at in sentence.start..sentence.end {
                if !article.briefs[at].is(CAPITAL) {
                    continue;
                }
                let [before, own, after] = [at - 1, at, at + 1].map(|k| article.briefs[k]);
                let id = self.form(own.lower_id);
                self.form_at[at] = id;
                if sentence.case != Case::Sentence {
                    continue;
                }
                if own.is(ACRONYM) && before.is(OPEN_BRACKET) && after.is(CLOSE_BRACKET) {
                    self.explain(article, table, sentence.start, at, id);
                }
                self.note(id, at > sentence.start, before, after);
                if before.is(CAPITAL) {
                    self.link(id, feature(Template::NearBefore, 0, word(at - 1).lower));
                }
                if after.is(CAPITAL) {
                    self.link(id, feature(Template::NearAfter, 0, word(at + 1).lower));
                }
            }
        }
        // Small occurrences count only for forms found above.
        for sentence in &article.sentences {
            for at in sentence.start..sentence.end {
                let w = article.briefs[at];
                let known = self.known.get(w.lower_id as usize / 64).copied().unwrap_or(0);
                if w.is(LOWER)
                    && known >> (w.lower_id % 64) & 1 != 0
                    && let Some(&(stamp, id)) = self.slots.get(w.lower_id as usize)
                    && stamp == self.stamp
                {
                    self.forms[id as usize].small += 1;
                }
            }
        }
    }

    fn form(&mut self, lower_id: u32) -> NameFormId {
        let new = self.forms.len() as NameFormId;
        let slot = &mut self.slots[lower_id as usize];
        if slot.0 != self.stamp {
            *slot = (self.stamp, new);
            self.known[lower_id as usize / 64] |= 1 << (lower_id % 64);
            self.forms.push(NameForm {
                lower_id,
                small: 0,
                capital: 0,
                near: 0,
                first_link: NO_LINK,
                links: 0,
                acronym: 0,
            });
        }
        slot.1
    }

    /// Notes an occurrence with a capital between two words.
    fn note(&mut self, id: NameFormId, inside: bool, before: Brief, after: Brief) {
        let form = &mut self.forms[id as usize];
        form.capital += u32::from(inside && !before.is(OPENER));
        let mut near = u32::from(before.is(TITLE_WORD)) << NEAR_TITLE;
        if (1..=BEFORE.len() as u32).contains(&before.near()) {
            near |= 1 << before.near();
        }
        if after.near() > BEFORE.len() as u32 {
            near |= 1 << after.near();
        }
        if before.is(CAPITAL) {
            near |= u32::from(before.is(GIVEN_NAME)) << NEAR_FIRST_NAME;
        }
        if after.is(CAPITAL) {
            near |= u32::from(after.is(ORGANISATION_PART)) << NEAR_ORGANISATION_WORD;
            near |= u32::from(after.is(FAMILY_NAME)) << NEAR_LAST_NAME;
        }
        form.near |= near;
    }

    fn link(&mut self, id: NameFormId, neighbour: u64) {
        let form = &mut self.forms[id as usize];
        let mut at = form.first_link;
        while let Some(&(known, next)) = self.links.get(at as usize) {
            if known == neighbour {
                return;
            }
            at = next;
        }
        if form.links < MOST_LINKS {
            form.links += 1;
            self.links.push((neighbour, form.first_link));
            form.first_link = self.links.len() as u32 - 1;
        }
    }

    /// Looks whether the words before `( ACRONYM )` begin with its letters.
    fn explain(
        &mut self,
        article: &Article,
        table: &[Word],
        start: usize,
        acronym_at: usize,
        id: NameFormId,
    ) {
        let word = |position: usize| &table[article.words[position] as usize];
        let letters = word(acronym_at).letters;
        let mut left = letters.iter().take_while(|&&l| l != 0).count();
        let all = left;
        let mut first = None;
        let bracket = acronym_at - 1;
        for at in (start..bracket).rev().take(12) {
            let w = word(at);
            if left == 0 {
                break;
            }
            if w.is(CAPITAL) && w.initial == letters[left - 1] {
                left -= 1;
                first = Some(at);
            } else if !w.is(CAPITAL) && !w.is(CONNECTOR) {
                break;
            }
        }
        let form = &mut self.forms[id as usize];
        match first {
            Some(first) if left == 0 || left == 1 && all >= 4 => {
                form.acronym = 2;
                self.long_forms.push((first, bracket));
            }
            _ => form.acronym = form.acronym.max(1),
        }
    }

    /// Features that a form takes from its other occurrences: `emit(of a longer list, feature)`.
    pub(super) fn features(&self, id: NameFormId, mut emit: impl FnMut(bool, u64)) {
        let form = &self.forms[id as usize];
        let mut plain = |f: u64| emit(false, f);
        if form.small > 0 {
            plain(constant(Constant::SmallSeen));
            let more = form.small > form.capital;
            plain(constant(if more { Constant::SmallMore } else { Constant::SmallLess }));
        }
        if form.capital > 0 {
            plain(constant(Constant::CapitalSeen));
        }
        let mut bits = form.near;
        while bits != 0 {
            let bit = bits.trailing_zeros();
            bits &= bits - 1;
            plain(match bit {
                NEAR_TITLE => constant(Constant::NearTitle),
                NEAR_FIRST_NAME => constant(Constant::NearFirstName),
                NEAR_ORGANISATION_WORD => constant(Constant::NearOrganisationWord),
                NEAR_LAST_NAME => constant(Constant::NearLastName),
                word => feature(Template::Near, 0, u64::from(word)),
            });
        }
        let mut at = form.first_link;
        while let Some(&(neighbour, next)) = self.links.get(at as usize) {
            plain(neighbour);
            at = next;
        }
        if form.acronym > 0 {
            emit(true, feature(Template::Acronym, 0, u64::from(form.acronym)));
        }
    }

    /// How the form is written where capitals say something: 0 nowhere, 1 rather small, 2 rather
    /// with a capital.
    pub(super) fn elsewhere(&self, id: NameFormId) -> usize {
        let form = &self.forms[id as usize];
        match (form.small, form.capital) {
            (0, 0) => 0,
            (small, capital) if small > capital => 1,
            _ => 2,
        }
    }
}
