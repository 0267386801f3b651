//! Which names are one: the rules by which the names of an archive are joined without asking.
//!
//! Every rule needs agreement of more than a surname, and a rule that leaves something open (a
//! missing middle name, an initial, a short form) applies only where one candidate is clear and
//! the name is so rare that two bearers in one archive are unlikely.

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::gazetteer::gazetteer;
use super::keys::{key, push_generation};
use super::words::{NameWords, Words};
use crate::entity::EntityKind;
use crate::entity::names::{Generation, Name, Relation, Role, Token, lexicon};
use crate::text::fold;

/// A name of the archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// What the archive as a whole takes it for.
    pub(super) kind: EntityKind,
    /// What the articles took it for.
    pub(super) recorded: EntityKind,
    pub(super) text: &'a str,
    pub(super) articles: u32,
}

/// How many of 10^10 people may bear a name for two forms of it to be taken for one bearer's,
/// where both forms are equally common in the archive: 4,000 are 100 people in the USA of 1990
/// (`John Kerry` had fewer, `John Smith` 400 times as many). A form with a fraction of the articles
/// of the other is the likelier a mere variant, and the limit rises accordingly.
const RARE: u64 = 4_000;
/// The same for short forms of given names, which are often other people's.
const RARE_SHORT: u64 = 500;
/// The same for a middle name written out on one side only, which often tells two people apart.
const RARE_MIDDLE: u64 = 500;
/// The same where that middle name is a given name: `Julio César` is often another than `Julio`,
/// while a maiden name is seldom another's.
const RARE_SECOND_GIVEN: u64 = 50;
/// The same for two spellings of a given name before a surname spelled alike, which two people may
/// well have by law: `Moussa Dembélé`, `Mousa Dembélé`.
const RARE_SPELLING: u64 = 800;
/// So many times as many articles of one form count at most where a middle name is written out.
const MOST_RATIO: u32 = 10;
/// No name more common than this is joined, whatever the articles.
const COMMON: u64 = 100_000;
/// What an initial stands for: bearers per 100,000 of the given names that begin with it.
const INITIAL_FREQUENCY: u64 = 3_000;

/// Disjoint sets of names.
pub(super) struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    pub(super) fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect() }
    }

    pub(super) fn root(&mut self, of: u32) -> u32 {
        let mut at = of;
        while let Some(&parent) = self.parent.get(at as usize)
            && parent != at
        {
            let above = self.parent.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(at as usize) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    /// Joins two sets; the smaller root stays, whatever the order.
    pub(super) fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.parent.get_mut(one.max(other) as usize) {
            *slot = one.min(other);
        }
    }
}

/// Joins the names, which are sorted by kind and text; `words` holds their words.
pub(super) fn join(entries: &[Entry<'_>], keys: &[u64], words: &Words) -> Sets {
    let mut sets = Sets::new(entries.len());
    let mut by_key: HashMap<(EntityKind, u64), u32> = HashMap::with_capacity(entries.len());
    for (at, (entry, key)) in entries.iter().zip(keys).enumerate() {
        let at = at as u32;
        let first = *by_key.entry((entry.kind, *key)).or_insert(at);
        sets.join(first, at);
    }
    join_aliases(&by_key, &mut sets);
    join_spellings(entries, words, &mut sets);
    join_turned(entries, words, &by_key, &mut sets);
    join_fuller(entries, words, &mut sets);
    sets
}

/// The hash of a name's key.
pub(super) fn key_hash(key: &str) -> u64 {
    xxh3_64(key.as_bytes())
}

/// Joins by the lists of aliases. Two aliases of a name that itself never occurs are one, too.
fn join_aliases(by_key: &HashMap<(EntityKind, u64), u32>, sets: &mut Sets) {
    let mut stand_in: HashMap<(EntityKind, u64), u32> = HashMap::new();
    let mut join = |kind: EntityKind, alias: u64, name: u64| {
        let Some(&at) = by_key.get(&(kind, alias)) else { return };
        let target = by_key.get(&(kind, name)).copied();
        let first = *stand_in.entry((kind, name)).or_insert(target.unwrap_or(at));
        sets.join(first, at);
    };
    for (alias, name) in lexicon().alias_pairs() {
        let (alias_name, full_name) = (Name::read(alias), Name::read(name));
        // A bare surname or nickname may be somebody else's, and so may `Jack Reed`.
        let one_word = (alias_name.tokens.len() == 1, full_name.tokens.len() == 1);
        if one_word.0 == one_word.1 && (one_word.0 || is_rare_alias(&alias_name, &full_name)) {
            let of = |text| key_hash(&key(EntityKind::Person, text));
            join(EntityKind::Person, of(alias), of(name));
        }
    }
    for kind in [EntityKind::Organisation, EntityKind::Place] {
        for (alias, name) in gazetteer().aliases(kind) {
            join(kind, key_hash(alias), key_hash(name));
        }
    }
}

fn is_rare_alias(alias: &Name, name: &Name) -> bool {
    let frequency = |name: &Name| {
        let of = |token: &Token| lexicon().word(&token.folded);
        let given = name.tokens.first().map_or(0, |token| of(token).given_per_100k);
        let surname = name.surname().map_or(0, |token| of(token).surname_per_100k);
        u64::from(given) * u64::from(surname)
    };
    frequency(alias).max(frequency(name)) <= 10 * RARE
}

/// People whose names are the same but for the romanisation.
fn join_spellings(entries: &[Entry<'_>], words: &Words, sets: &mut Sets) {
    let mut first: HashMap<u64, u32> = HashMap::new();
    for (at, name) in people(entries, words) {
        let full = name.words.iter().filter(|(_, role)| *role != Role::Initial).count() >= 2;
        if full {
            let key = words.spelling_hash(name);
            let first = *first.entry(key).or_insert(at);
            let articles = |at: u32| entries.get(at as usize).map_or(0, |entry| entry.articles);
            let articles = (articles(first), articles(at));
            if first == at
                || one_spelling(words.of(first), name, articles, words)
                || is_well_known(entries, first)
                || is_well_known(entries, at)
            {
                sets.join(first, at);
            }
        }
    }
}

fn is_well_known(entries: &[Entry<'_>], at: u32) -> bool {
    let Some(entry) = entries.get(at as usize) else { return false };
    let letters: String = fold(entry.text).chars().filter(|c| c.is_alphanumeric()).collect();
    lexicon().is_well_known(&letters)
}

/// Whether two romanisations of a name need not be two people's.
fn one_spelling(
    one: NameWords<'_>,
    other: NameWords<'_>,
    articles: (u32, u32),
    words: &Words,
) -> bool {
    let (Some(&(surname, _)), Some(&(other_surname, _))) =
        (one.words.last(), other.words.last())
    else {
        return true;
    };
    let (Some(&(given, _)), Some(&(other_given, _))) = (one.words.first(), other.words.first())
    else {
        return true;
    };
    // Who writes the surname otherwise romanises by another rule, as whoever writes Russian does.
    if words.level(surname) != words.level(other_surname)
        || words.level(given) == words.level(other_given)
        || is_slavic(words.text(surname))
        || words.is_east_asian(one)
    {
        return true;
    }
    let frequency = words.given_frequency(given) * words.surname_frequency(surname);
    is_rare(frequency, articles, RARE_SPELLING)
}

fn is_slavic(surname: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "ov", "ova", "ev", "eva", "kin", "kina", "hin", "vich", "vych", "sky", "skiy", "ski",
        "skaya", "enko", "chuk", "shvili",
    ];
    ENDINGS.iter().any(|ending| surname.ends_with(ending))
}

fn people<'a>(
    entries: &[Entry<'_>],
    words: &'a Words,
) -> impl Iterator<Item = (u32, NameWords<'a>)> {
    let count = entries.iter().take_while(|entry| entry.kind == EntityKind::Person).count();
    (0..count as u32).map(|at| (at, words.of(at)))
}

/// Surname first: both orders of the same words, where they are not two given names.
fn join_turned(
    entries: &[Entry<'_>],
    words: &Words,
    by_key: &HashMap<(EntityKind, u64), u32>,
    sets: &mut Sets,
) {
    let mut turned = String::new();
    for (at, name) in people(entries, words) {
        let parts = name.words;
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|(_, role)| *role != Role::Word)
        {
            continue;
        }
        let east_asian = words.is_east_asian(name);
        let given = |at: usize| {
            parts.get(at).is_none_or(|(id, _)| {
                let word = words.lexicon_word(*id);
                word.given.is_some() && word.given_per_100k >= 4
            })
        };
        let clear = if parts.len() == 2 {
            east_asian || given(0) != given(1) || (!given(0) && !given(1))
        } else {
            east_asian
        };
        if !clear {
            continue;
        }
        // The first word goes last; the other direction is found from the other name.
        turned.clear();
        for (id, _) in parts.iter().skip(1).chain(parts.iter().take(1)) {
            turned.push_str(words.level(*id));
        }
        push_generation(name.generation, &mut turned);
        if let Some(&other) = by_key.get(&(EntityKind::Person, key_hash(&turned))) {
            sets.join(at, other);
        }
    }
}

/// One set of names during the joining of fuller and shorter forms.
#[derive(Clone, Copy)]
struct Bearer<'a> {
    root: u32,
    /// Its given names: the tokens before the surname.
    given: &'a [(u32, Role)],
    surname_word: u32,
    articles: u32,
}

impl<'a> Bearer<'a> {
    /// What stands between the first given name and the surname.
    fn middle(&self) -> &'a [(u32, Role)] {
        self.given.get(1..).unwrap_or_default()
    }
}

/// Joins forms with and without middle names, short forms and initials, surname by surname.
fn join_fuller(entries: &[Entry<'_>], words: &Words, sets: &mut Sets) {
    // The commonest name of each set speaks for it.
    let mut speaker: HashMap<u32, u32> = HashMap::new();
    let mut totals: HashMap<u32, u32> = HashMap::new();
    let count = entries.iter().take_while(|entry| entry.kind == EntityKind::Person).count();
    let articles = |at: u32| entries.get(at as usize).map_or(0, |entry| entry.articles);
    for at in 0..count as u32 {
        let root = sets.root(at);
        let total = totals.entry(root).or_insert(0);
        *total = total.saturating_add(articles(at));
        let best = speaker.entry(root).or_insert(at);
        if articles(at) > articles(*best) {
            *best = at;
        }
    }
    let mut bearers: Vec<((u64, Option<u8>), Bearer<'_>)> = Vec::new();
    for at in 0..count as u32 {
        let root = sets.root(at);
        if root != at {
            continue;
        }
        let name = words.of(speaker.get(&root).copied().unwrap_or(at));
        if let Some((surname, mut bearer)) = as_bearer(root, name, words) {
            bearer.articles = totals.get(&root).copied().unwrap_or(0);
            let generation = name.generation.map(|generation| match generation {
                Generation::Senior => 0,
                Generation::Junior => 2,
                Generation::Number(number) => number,
            });
            bearers.push(((surname, generation), bearer));
        }
    }
    bearers.sort_by_key(|(surname, bearer)| (*surname, bearer.root));
    for family in bearers.chunk_by(|one, other| one.0 == other.0) {
        if family.len() < 2 {
            continue;
        }
        let mut family: Vec<Bearer<'_>> = family.iter().map(|(_, bearer)| *bearer).collect();
        join_middles(&mut family, words, sets);
        join_short_forms(&family, words, sets);
        join_initials(&family, words, sets);
    }
}

fn as_bearer<'a>(root: u32, name: NameWords<'a>, words: &Words) -> Option<(u64, Bearer<'a>)> {
    let count = name.words.len();
    if !(2..=6).contains(&count) || words.is_east_asian(name) {
        return None;
    }
    let &(surname_word, role) = name.words.last()?;
    if role != Role::Word {
        return None;
    }
    // Particles belong to the surname (`de Klerk`), the Arabic article does not count.
    let mut start = count - 1;
    while start > 1
        && name.words.get(start - 1).is_some_and(|(_, role)| *role == Role::Particle)
    {
        start -= 1;
    }
    let mut surname = String::new();
    for (id, role) in name.words.get(start..)? {
        let text = words.spelling(*id);
        if !(*role == Role::Particle && matches!(text, "al" | "el")) {
            surname.push_str(text);
        }
    }
    let given = name.words.get(..start)?;
    Some((key_hash(&surname), Bearer { root, given, surname_word, articles: 0 }))
}

/// Whether two rows of middle names can be one person's: equal as far as both go.
fn compatible(one: &[(u32, Role)], other: &[(u32, Role)], words: &Words) -> bool {
    one.iter().zip(other).all(|(a, b)| match (a.1, b.1) {
        (Role::Initial, _) | (_, Role::Initial) => words.first(a.0) == words.first(b.0),
        _ => words.spelling(a.0) == words.spelling(b.0),
    })
}

/// Whether a name of these frequencies is rare enough to join two forms with so many articles.
fn is_rare(frequency: u64, articles: (u32, u32), most: u64) -> bool {
    let (minor, major) = (articles.0.min(articles.1).max(1), articles.0.max(articles.1).max(1));
    frequency <= COMMON && frequency * u64::from(minor) <= most * u64::from(major)
}

/// `John Kerry`, `John F. Kerry`, `John Forbes Kerry`.
fn join_middles(family: &mut [Bearer<'_>], words: &Words, sets: &mut Sets) {
    family.sort_by_key(|bearer| {
        let first = bearer.given.first().copied();
        (first.map(|(id, role)| (role != Role::Word, words.spelling_id(id))), bearer.root)
    });
    let same_first =
        |one: &Bearer<'_>, other: &Bearer<'_>| match (one.given.first(), other.given.first()) {
            (Some(a), Some(b)) => {
                a.1 == Role::Word
                    && b.1 == Role::Word
                    && words.spelling_id(a.0) == words.spelling_id(b.0)
            }
            _ => false,
        };
    for namesakes in family.chunk_by(same_first) {
        if namesakes.len() < 2 {
            continue;
        }
        let Some((first, surname)) =
            namesakes.first().and_then(|one| Some((one.given.first()?.0, one.surname_word)))
        else {
            continue;
        };
        let one_bearer = all_compatible(namesakes, words);
        let written_out = namesakes
            .iter()
            .any(|one| one.middle().iter().any(|(_, role)| *role == Role::Word));
        let second_given = namesakes.iter().any(|one| {
            let given = |id: u32| words.lexicon_word(id).given.is_some();
            one.middle().iter().any(|(id, role)| *role == Role::Word && given(*id))
        });
        let most = match (written_out, second_given) {
            (_, true) => RARE_SECOND_GIVEN,
            (true, false) => RARE_MIDDLE,
            (false, false) => RARE,
        };
        let most = if is_respelled(namesakes, words) { most.min(RARE_SPELLING) } else { most };
        let frequency = words.given_frequency(first) * words.surname_frequency(surname);
        let mut major = namesakes.iter().map(|one| one.articles).max().unwrap_or(0);
        let all = namesakes.iter().fold(0, |sum: u32, one| sum.saturating_add(one.articles));
        let minor = all - major;
        if written_out {
            // However much the archive writes of one, another of the name may have a middle name.
            major = major.min(minor.saturating_mul(MOST_RATIO));
        }
        if one_bearer && is_rare(frequency, (minor, major), most) {
            join_all(namesakes, sets);
            continue;
        }
        // Several bearers: those whose middle names are the same, abbreviated or not.
        let mut by_initials: Vec<(Vec<u8>, Bearer<'_>)> = namesakes
            .iter()
            .filter(|one| !one.middle().is_empty())
            .map(|one| (one.middle().iter().map(|(id, _)| words.first(*id)).collect(), *one))
            .collect();
        by_initials.sort_by(|a, b| (&a.0, a.1.root).cmp(&(&b.0, b.1.root)));
        for group in by_initials.chunk_by(|one, other| one.0 == other.0) {
            let group: Vec<Bearer<'_>> = group.iter().map(|(_, bearer)| *bearer).collect();
            if all_compatible(&group, words) && frequency <= COMMON {
                join_all(&group, sets);
            }
        }
    }
}

/// Whether one given name is spelled in several ways, before a surname that is no Slav's.
fn is_respelled(namesakes: &[Bearer<'_>], words: &Words) -> bool {
    let Some((first, rest)) = namesakes.split_first() else { return false };
    let given = |one: &Bearer<'_>| one.given.first().map(|(id, _)| words.level(*id));
    !is_slavic(words.text(first.surname_word))
        && rest.iter().any(|other| given(other) != given(first))
}

/// Whether the middle names of all can be one person's.
fn all_compatible(bearers: &[Bearer<'_>], words: &Words) -> bool {
    // So many forms are never one bearer's, and comparing all pairs would take long.
    bearers.len() <= 16
        && bearers.iter().enumerate().all(|(at, one)| {
            bearers
                .iter()
                .skip(at + 1)
                .all(|other| compatible(one.middle(), other.middle(), words))
        })
}

fn join_all(bearers: &[Bearer<'_>], sets: &mut Sets) {
    if let Some((first, rest)) = bearers.split_first() {
        for one in rest {
            sets.join(first.root, one.root);
        }
    }
}

/// `Bill Clinton` and `William Clinton`, where no other full form is about.
fn join_short_forms(family: &[Bearer<'_>], words: &Words, sets: &mut Sets) {
    let mut by_given: HashMap<&str, Vec<&Bearer<'_>>> = HashMap::new();
    for bearer in family {
        if let Some(&(name, Role::Word)) = bearer.given.first() {
            by_given.entry(words.text(name)).or_default().push(bearer);
        }
    }
    for short in family {
        let Some(&(name, Role::Word)) = short.given.first() else { continue };
        let surname = words.surname_frequency(short.surname_word);
        let mut full = None;
        let mut clear = true;
        let related = lexicon()
            .related(words.lexicon_word(name))
            .filter(|(_, relation)| *relation == Relation::Nickname)
            .filter_map(|(text, _)| by_given.get(text));
        for other in related.flatten() {
            let given = other.given.first().map_or(0, |(id, _)| words.given_frequency(*id));
            let frequency = given.max(words.given_frequency(name)) * surname;
            clear &= is_rare(frequency, (short.articles, other.articles), RARE_SHORT);
            clear &= compatible(short.middle(), other.middle(), words);
            // `Jack Baird` is not `John Logie Baird`.
            clear &= !other.middle().iter().any(|(_, role)| *role == Role::Word);
            let root = sets.root(other.root);
            clear &= full.is_none_or(|known| known == root);
            full = Some(root);
        }
        if let Some(full) = full
            && clear
        {
            sets.join(full, short.root);
        }
    }
}

/// `J. Kerry`, where one given name with that initial is about.
fn join_initials(family: &[Bearer<'_>], words: &Words, sets: &mut Sets) {
    for short in family {
        let Some(&(initial, Role::Initial)) = short.given.first() else { continue };
        if short.given.iter().any(|(_, role)| *role == Role::Word) {
            continue;
        }
        let frequency = INITIAL_FREQUENCY * words.surname_frequency(short.surname_word);
        let mut full = None;
        let mut clear = true;
        for other in family {
            let Some(&(name, role)) = other.given.first() else { continue };
            if words.first(name) != words.first(initial) || other.root == short.root {
                continue;
            }
            if role == Role::Initial {
                // `J. F. Kerry` beside `J. Kerry` must not lead to two different people.
                clear &= compatible(short.given, other.given, words);
                continue;
            }
            clear &= compatible(short.given, other.given, words);
            clear &= short.given.len() <= other.given.len() || short.given.len() == 1;
            clear &= is_rare(frequency, (short.articles, other.articles), RARE);
            let root = sets.root(other.root);
            clear &= full.is_none_or(|known| known == root);
            full = Some(root);
        }
        if let Some(full) = full
            && clear
        {
            sets.join(full, short.root);
        }
    }
}
