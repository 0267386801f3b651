//! Tagged spans to mentions: titles, roles and what else is no part of the name taken off.

use super::word::{
    ANY_TITLE, CAPITALISED, CAPITALS, ENDS_OFFICE, FEMALE_TITLE, GIVEN_TITLE, LEGAL_FORM,
    MALE_TITLE, NEVER_PERSON, NUMBER, PARTICLE, PLAIN_ADDRESS, POST_NOMINAL, Piece, SMALL_WORD,
    TITLE_ALSO_NAME, TITLE_BEFORE, TITLE_HEAD, WORD, Word,
};
use super::{Address, Found, Input, NONE, Resolver, length};
use crate::entity::identity::gazetteer::gazetteer;
use crate::entity::names::Sex;
use crate::entity::tagger::Span;
use crate::entity::{EntityKind, Part};
use crate::text::fold;

/// A title has at most this many words.
const MAX_TITLE: u32 = 7;

/// An apposition is followed for at most this many words.
const MAX_APPOSITION: u32 = 9;

/// How much a vote for a person counts where the word is no listed name.
const UNLISTED_PERSON: f32 = 0.6;

/// How much it counts if a title stands before it.
const TITLED_PERSON: f32 = 3.0;

impl Resolver {
    /// Gives all mentions by the same words the kind for which the tagger's votes are most: a name
    /// has one sense in an article (Gale, Church and Yarowsky 1992). A word that is part of a
    /// person's fuller name may well be a place or an organisation besides.
    pub(super) fn settle_kinds(&mut self, input: &Input<'_>) {
        self.tally.clear();
        self.names_of_people.clear();
        self.kinds.clear();
        for span in input.spans {
            self.kinds.push(span.kind);
            let Some(name) = self.words_of(input, span) else { continue };
            let (first, last, width) = name;
            let before = span.first_token.checked_sub(1);
            let titled = span.kind == EntityKind::Person
                && before.is_some_and(|at| self.word_at(input, span.part, at).is(TITLE_HEAD));
            let vote = span.confidence * if titled { TITLED_PERSON } else { 1.0 };
            if let Some(votes) = self.tally.entry(name).or_default().get_mut(span.kind as usize)
            {
                *votes += vote;
            }
            if width > 1 && span.kind == EntityKind::Person {
                self.names_of_people.extend([first, last]);
            }
        }
        for (at, span) in input.spans.iter().enumerate() {
            let Some(name) = self.words_of(input, span) else { continue };
            let Some(&votes) = self.tally.get(&name) else { continue };
            let person = EntityKind::Person as usize;
            let surname = name.2 == 1 && self.names_of_people.contains(&name.0);
            if surname && (span.kind == EntityKind::Person || votes.get(person) > Some(&0.0)) {
                continue;
            }
            let unlisted = name.2 == 1 && !self.is_listed_name(input, span);
            let weight = |kind: EntityKind| {
                let votes = votes.get(kind as usize).copied().unwrap_or(0.0);
                // Taggers take strange words for people.
                if unlisted && kind == EntityKind::Person {
                    votes * UNLISTED_PERSON
                } else {
                    votes
                }
            };
            let mut best = span.kind;
            for kind in EntityKind::ALL {
                if weight(kind) > weight(best) {
                    best = kind;
                }
            }
            if let Some(kind) = self.kinds.get_mut(at) {
                *kind = best;
            }
        }
    }

    /// First and last word of a span, and how many there are.
    fn words_of(&mut self, input: &Input<'_>, span: &Span) -> Option<(u32, u32, u32)> {
        let first = self.word_at(input, span.part, span.first_token);
        let last = self.word_at(input, span.part, span.end_token.checked_sub(1)?);
        let number = first.is(NUMBER) || last.is(NUMBER);
        (!number && first.key != 0).then_some((
            first.key,
            last.key,
            span.end_token - span.first_token,
        ))
    }

    /// Whether the span's first word is known as a given name or surname.
    pub(super) fn is_listed_name(&mut self, input: &Input<'_>, span: &Span) -> bool {
        let word = self.word_at(input, span.part, span.first_token);
        let from = word.first_piece as usize;
        let pieces = self.word_pieces.get(from..from + word.pieces as usize);
        pieces
            .unwrap_or_default()
            .iter()
            .any(|piece| piece.listed.given.is_some() || piece.listed.surname)
    }

    pub(super) fn read_spans(&mut self, input: &Input<'_>) {
        for (index, span) in input.spans.iter().enumerate() {
            let span_kind = self.kinds.get(index).copied().unwrap_or(span.kind);
            let (mut first, mut end) = (span.first_token, span.end_token);
            while end > first && !self.word_at(input, span.part, end - 1).is(WORD) {
                end -= 1;
            }
            while first < end && !self.word_at(input, span.part, first).is(WORD) {
                first += 1;
            }
            if first < end {
                let found = match span_kind {
                    EntityKind::Person => self.read_person(input, span.part, first, end),
                    kind => self.read_other(input, kind, span.part, first, end),
                };
                self.found.extend(found);
            }
        }
        self.found.sort_by_key(|found| (found.part, found.first));
        self.found
            .dedup_by(|later, earlier| later.part == earlier.part && later.first < earlier.end);
    }

    pub(super) fn read_person(
        &mut self,
        input: &Input<'_>,
        part: Part,
        mut first: u32,
        mut end: u32,
    ) -> Option<Found> {
        (first, end) = latin_part(input, part, first, end);
        let first_role = length(&self.roles);
        let mut sex = None;
        let mut address = Address::None;
        end = self.end_of_name(input, part, first, end);
        let start = self.title_before(input, part, first);
        let inside = self.office_within(input, part, first, end);
        if inside == end {
            return None;
        }
        for (from, to) in [(start, first), (first, inside)] {
            if from < to {
                self.roles.push((part, from, to));
            }
            for at in from..to {
                let word = self.word_at(input, part, at);
                if word.is(MALE_TITLE) {
                    sex = Some(Sex::Male);
                } else if word.is(FEMALE_TITLE) {
                    sex = Some(Sex::Female);
                }
                address = match address {
                    _ if word.is(GIVEN_TITLE) => Address::Given,
                    Address::None => Address::Surname,
                    known => known,
                };
            }
        }
        first = inside;
        while end - first > 1 && self.word_at(input, part, end - 1).is(POST_NOMINAL) {
            end -= 1;
        }
        // `, Jr.` and its like may have been left out.
        let mut generation = 0;
        let behind = self.word_at(input, part, end);
        if behind.generation() > 0 && input.written(part, end).len() > 1 {
            end += 1;
        } else if input.written(part, end) == ","
            && self.word_at(input, part, end + 1).generation() > 0
        {
            end += 2;
        }
        let first_piece = length(&self.pieces);
        for at in first..end {
            let word = self.word_at(input, part, at);
            if word.generation() > 0 && at > first {
                generation = word.generation();
                continue;
            }
            let lower = !word.is(CAPITALISED);
            if word.is(PARTICLE) && at + 1 < end && (lower || end - first > 2 || at > first) {
                continue;
            }
            self.push_pieces(input, part, at, word);
        }
        let pieces = first_piece..length(&self.pieces);
        let own = self.pieces.get(pieces.start as usize..).unwrap_or_default();
        let full = u32::try_from(own.iter().filter(|piece| !piece.is_initial()).count());
        let full = full.unwrap_or(u32::MAX);
        let alone = end - first == 1;
        let word = self.word_at(input, part, first);
        if full == 0
            || (first..end).any(|at| is_no_name(input.written(part, at), alone))
            || (alone
                && (word.is(NEVER_PERSON | NUMBER)
                    || !word.is(CAPITALISED) && is_cased(input.written(part, first))))
        {
            self.pieces.truncate(first_piece as usize);
            self.roles.truncate(first_role as usize);
            return None;
        }
        if sex.is_none() && full > 1 {
            sex = self.pieces.get(first_piece as usize).and_then(Piece::sex);
        }
        if let Some(role) = self.apposition(input, part, end) {
            self.roles.push(role);
        }
        let roles = first_role..length(&self.roles);
        Some(Found {
            kind: EntityKind::Person,
            part,
            first,
            end,
            pieces,
            full,
            generation,
            sex,
            address,
            roles,
            cluster: NONE,
        })
    }

    pub(super) fn push_pieces(&mut self, input: &Input<'_>, part: Part, at: u32, word: Word) {
        if word.is(NUMBER) {
            let key = self.key(&fold(input.written(part, at)));
            self.pieces.push(Piece { key, letter: '0', ..Piece::default() });
            return;
        }
        let from = word.first_piece as usize;
        let known = self.word_pieces.get(from..from + word.pieces as usize);
        self.pieces.extend_from_slice(known.unwrap_or_default());
    }

    pub(super) fn read_other(
        &mut self,
        input: &Input<'_>,
        kind: EntityKind,
        part: Part,
        mut first: u32,
        end: u32,
    ) -> Option<Found> {
        if first + 1 < end && input.written(part, first).eq_ignore_ascii_case("the") {
            first += 1;
        }
        let first_piece = length(&self.pieces);
        for at in first..end {
            let word = self.word_at(input, part, at);
            if !word.is(WORD) || (word.is(LEGAL_FORM) && at > first) {
                continue;
            }
            let key = if word.is(NUMBER) {
                self.key(&fold(input.written(part, at)))
            } else {
                word.key
            };
            self.pieces.push(Piece { key, ..Piece::default() });
        }
        let pieces = first_piece..length(&self.pieces);
        let full = pieces.end - pieces.start;
        let roles = length(&self.roles);
        (full > 0).then_some(Found {
            kind,
            part,
            first,
            end,
            pieces,
            full,
            generation: 0,
            sex: None,
            address: Address::None,
            roles: roles..roles,
            cluster: NONE,
        })
    }

    /// The first token of the title that ends right before `at`; `at` where there is none.
    pub(super) fn title_before(&mut self, input: &Input<'_>, part: Part, at: u32) -> u32 {
        let sentence = input.sentence(part, at);
        let lowest = sentence.start.max(at.saturating_sub(MAX_TITLE));
        let mut start = at;
        let Some(last) = at.checked_sub(1).filter(|&last| last >= lowest) else { return at };
        let word = self.word_at(input, part, last);
        if word.is(ENDS_OFFICE) {
            // `Secretary of State`, `Chancellor of the Exchequer`
            for width in [2, 3] {
                let Some(head) = last.checked_sub(width).filter(|&head| head >= lowest) else {
                    continue;
                };
                if input.written(part, head + 1).eq_ignore_ascii_case("of")
                    && self.word_at(input, part, head).is(TITLE_HEAD | TITLE_BEFORE)
                {
                    start = head;
                }
            }
            if start == at {
                return at;
            }
        } else if word.is(TITLE_HEAD | TITLE_ALSO_NAME) {
            start = last;
        } else {
            return at;
        }
        while start > lowest {
            let before = self.word_at(input, part, start - 1);
            if !before.is(TITLE_HEAD | TITLE_BEFORE) || before.is(TITLE_ALSO_NAME) {
                break;
            }
            start -= 1;
        }
        start
    }

    /// Where a name ends: before a word in small letters (`Cruz backer`), and before it begins
    /// once more (a byline twice over).
    fn end_of_name(&mut self, input: &Input<'_>, part: Part, first: u32, end: u32) -> u32 {
        let small = |written: &str| {
            written.len() > 2 && written.chars().all(|c| c.is_lowercase() && c.is_alphabetic())
        };
        if small(input.written(part, first)) {
            return end;
        }
        for at in first + 1..end {
            let particle = self.word_at(input, part, at).is(PARTICLE);
            // `Douglas Arthur of Kidder` ends, `Secretary of State John Kerry` goes on.
            let of = input.written(part, at) == "of"
                && at + 1 < end
                && !self.word_at(input, part, at - 1).is(ANY_TITLE)
                && at - first > 1;
            let small = small(input.written(part, at)) && !particle;
            if of || small && !self.is_office(input, part, at) {
                return at;
            }
        }
        let half = (end - first) / 2;
        let twice = half > 0
            && (end - first).is_multiple_of(2)
            && (first..first + half)
                .all(|at| input.written(part, at) == input.written(part, at + half));
        if twice { end - half } else { end }
    }

    /// Whether the word belongs to an office: `Minister of State for`, `secretary`.
    fn is_office(&mut self, input: &Input<'_>, part: Part, at: u32) -> bool {
        let word = self.word_at(input, part, at);
        word.is(ANY_TITLE | ENDS_OFFICE | SMALL_WORD)
    }

    /// The end of the office with which a mention from `first` to `end` begins, though words that
    /// are in no title may go before: `U.S. Secretary of State`, `UCSC Chancellor`. A mention that
    /// is all office ends where it does.
    fn office_within(&mut self, input: &Input<'_>, part: Part, first: u32, end: u32) -> u32 {
        let title = self.title_within(input, part, first, end);
        if title > first {
            return title;
        }
        let opening = self.word_at(input, part, first);
        if opening.is(TITLE_BEFORE) && end - first > 2 && first > 1 {
            // `Minister of Education Stefania Giannini`, cut at the wrong place.
            let of = matches!(input.written(part, first - 1), "of" | "for");
            if of && self.word_at(input, part, first - 2).is(TITLE_HEAD) {
                return first + 1;
            }
        }
        // `German` is a given name, too, but no chancellor's.
        let nation = gazetteer().is_demonym(&fold(input.written(part, first)))
            && self.word_at(input, part, first + 1).is(TITLE_HEAD);
        if self.is_given_name(opening) && !nation {
            return first;
        }
        for at in first + 1..end {
            let word = self.word_at(input, part, at);
            let head = word.is(TITLE_HEAD) && !word.is(PLAIN_ADDRESS) && !self.is_surname(word);
            if !head {
                continue;
            }
            let office = self.title_within(input, part, at, end);
            // `Kim Chief` may be a person; `Kim Chief Executive Lee` is none.
            if office > at && (office < end || at + 1 == end) {
                return office;
            }
        }
        first
    }

    fn pieces_of_word(&self, word: Word) -> &[Piece] {
        let from = word.first_piece as usize;
        self.word_pieces.get(from..from + word.pieces as usize).unwrap_or_default()
    }

    pub(super) fn is_given_name(&self, word: Word) -> bool {
        let pieces = self.pieces_of_word(word);
        word.pieces > 0
            && pieces.iter().any(|p| p.is_initial() || p.listed.given.is_some())
            && !word.is(CAPITALS)
    }

    /// Whether so many people bear the word as a surname that it need not be a title.
    fn is_surname(&self, word: Word) -> bool {
        self.pieces_of_word(word).iter().any(|piece| piece.listed.surname_per_100k >= 10)
    }

    /// The end of the titles with which a mention from `first` to `end` begins.
    pub(super) fn title_within(
        &mut self,
        input: &Input<'_>,
        part: Part,
        first: u32,
        end: u32,
    ) -> u32 {
        let mut title_end = first;
        for at in first..end {
            let word = self.word_at(input, part, at);
            if !word.is(ANY_TITLE) {
                let of = at > first && input.written(part, at).eq_ignore_ascii_case("of");
                let office = of && self.word_at(input, part, at + 1).is(ENDS_OFFICE);
                if office && title_end == at {
                    title_end = (at + 2).min(end);
                    continue;
                }
                if word.is(ENDS_OFFICE) && title_end > at {
                    continue;
                }
                break;
            }
            let left = end - at - 1;
            if word.is(TITLE_ALSO_NAME) {
                // `King Abdullah`, but `Dean Acheson`, `Earl Warren`.
                let royal = word.is(GIVEN_TITLE) && left >= 1;
                if !(royal || left >= 2 || (left == 0 && title_end > first)) {
                    break;
                }
            }
            if word.is(TITLE_HEAD | TITLE_ALSO_NAME) {
                title_end = at + 1;
            }
        }
        title_end
    }

    /// The role in apposition behind a name: `, chairman of the Federal Reserve,`.
    pub(super) fn apposition(
        &mut self,
        input: &Input<'_>,
        part: Part,
        end: u32,
    ) -> Option<(Part, u32, u32)> {
        if input.written(part, end) != "," {
            return None;
        }
        let sentence = input.sentence(part, end);
        let mut first = end + 1;
        while first < sentence.end
            && matches!(
                input.written(part, first),
                "the" | "a" | "an" | "The" | "its" | "his" | "her"
            )
        {
            first += 1;
        }
        let limit = sentence.end.min(first + MAX_APPOSITION);
        let mut head = first;
        while head < limit.min(first + 5) {
            let word = self.word_at(input, part, head);
            if !word.is(WORD) {
                return None;
            }
            if word.is(TITLE_HEAD) && !self.word_at(input, part, head + 1).is(TITLE_HEAD) {
                break;
            }
            head += 1;
        }
        if !self.word_at(input, part, head).is(TITLE_HEAD) || head >= limit {
            return None;
        }
        let mut last = head + 1;
        // `of`, `at`, `for` and the capitalised name behind.
        if matches!(input.written(part, last), "of" | "at" | "for") {
            let mut to = last + 1;
            let mut named = last;
            while to < limit {
                let word = self.word_at(input, part, to);
                if word.is(CAPITALISED) {
                    named = to + 1;
                } else if !word.is(SMALL_WORD) {
                    break;
                }
                to += 1;
            }
            if named > last {
                last = named;
            }
        }
        // A name behind the title: `, President Bush said` begins something else.
        let next = self.word_at(input, part, last);
        if next.is(CAPITALISED) && last < sentence.end {
            return None;
        }
        Some((part, first, last))
    }
}

/// Of a name in Latin letters that has taken in Chinese or Japanese words around it, the name.
fn latin_part(input: &Input<'_>, part: Part, first: u32, end: u32) -> (u32, u32) {
    let wide = |at: u32| input.written(part, at).contains(|c: char| c >= '\u{3000}');
    let Some(latin) = (first..end).find(|at| !wide(*at)) else { return (first, end) };
    (latin, (latin..end).find(|at| wide(*at)).unwrap_or(end))
}

/// Whether a word is in nobody's name: with a slash (`AFP/John`), in letters of two scripts, or, as
/// the only one, with a number at its end (a code, a user).
fn is_no_name(written: &str, alone: bool) -> bool {
    let ends = |c: char| alone && c.is_ascii_digit();
    let mixed = || {
        let latin = |c: char| c.is_alphabetic() && c < '\u{250}';
        written.contains(latin) && written.contains(|c: char| c >= '\u{3000}')
    };
    written.contains('/') || written.ends_with(ends) || !written.is_ascii() && mixed()
}

/// Whether the script of the word tells capitals from small letters.
fn is_cased(written: &str) -> bool {
    written.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}
