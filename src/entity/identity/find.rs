//! Who is meant by a name that somebody typed.

use hashbrown::HashMap;

use super::build::stored_hash;
use super::gazetteer::gazetteer;
use super::joining::key_hash;
use super::keys::{key, words as plain_words};
use super::lookup::like_words;
use super::table::{Section, Table};
use crate::entity::EntityKind;
use crate::entity::names::{Name, Role, SAME, Token, compare_names, token_likeness};

/// The most identities that are compared with the name typed.
const MOST_COMPARED: usize = 150;
/// The most likely identities that are given back.
const MOST_LIKELY: usize = 200;
/// The forms of an identity that are compared.
const FORMS_COMPARED: usize = 4;

/// What the table alone says of a name typed; identities as the table numbers them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) exact: Vec<u32>,
    pub(super) likely: Vec<(u32, f32)>,
    pub(super) bare: Vec<u32>,
}

/// Finds the bearers of a name.
pub(super) fn find(table: &Table, kind: EntityKind, query: &str) -> Found {
    match kind {
        EntityKind::Person => find_person(table, query),
        EntityKind::Organisation | EntityKind::Place => find_other(table, kind, query),
    }
}

fn is_bare(table: &Table, identity: u32) -> bool {
    table.get(Section::IdentityBare, identity).is_some_and(|bare| bare != 0)
}

fn names_of(table: &Table, identity: u32) -> impl Iterator<Item = &str> {
    let (start, end) = table.run(Section::IdentityNamesEnds, identity);
    table.slice(Section::IdentityNames, start, end).map(|name| table.name(name))
}

/// The identities with a name of exactly this key.
pub(super) fn by_key(table: &Table, kind: EntityKind, wanted: &str) -> Vec<u32> {
    let (start, end) = table.identities_of(kind);
    let mut found: Vec<u32> = table
        .pairs(Section::Keys, key_hash(wanted) as u32)
        .filter(|identity| (start..end).contains(identity))
        // Hashes of 32 bits may be equal by chance.
        .filter(|identity| names_of(table, *identity).any(|name| key(kind, name) == wanted))
        .collect();
    found.sort_unstable();
    found
}

/// The people known by a fuller name that ends with this one word, most articles first.
pub(super) fn by_surname(table: &Table, surname: &str) -> impl Iterator<Item = u32> {
    let name = Name::read(surname);
    let word = match name.tokens.as_slice() {
        [word] => table.find_word(EntityKind::Person, word.folded.as_bytes()),
        _ => None,
    };
    let postings = word.into_iter().flat_map(|word| table.postings(word));
    postings
        .filter(|posting| posting.last && !is_bare(table, posting.identity))
        .map(|posting| posting.identity)
}

fn find_person(table: &Table, query: &str) -> Found {
    let name = Name::parse(query);
    let words: Vec<&Token> = name.names().collect();
    let mut found = Found::default();
    let named = by_key(table, EntityKind::Person, &key(EntityKind::Person, query));
    if let [word] = words.as_slice() {
        find_surname(table, word, named, &mut found);
        return found;
    }
    found.exact = named;
    let mut likely = likely_people(table, &name, &words);
    likely.retain(|(identity, _)| !found.exact.contains(identity));
    found.likely = likely;
    if let Some(surname) = name.surname() {
        found.bare =
            by_key(table, EntityKind::Person, &key(EntityKind::Person, &surname.folded))
                .into_iter()
                .filter(|identity| is_bare(table, *identity))
                .collect();
    }
    found
}

/// One word: everybody with that surname, then those with a like one or that given name.
fn find_surname(table: &Table, word: &Token, named: Vec<u32>, found: &mut Found) {
    let mut given = Vec::new();
    let mut seen: HashMap<u32, f32> = HashMap::new();
    for (at, alike) in like_words(table, EntityKind::Person, word) {
        for posting in table.postings(at) {
            let bare = is_bare(table, posting.identity);
            if alike >= 1.0 {
                if bare {
                    // The name alone: below.
                } else if posting.last {
                    found.exact.push(posting.identity);
                } else {
                    given.push((posting.identity, 0.5));
                }
            } else if posting.last && found.likely.len() < MOST_LIKELY {
                let best = seen.entry(posting.identity).or_insert(0.0);
                if *best == 0.0 {
                    found.likely.push((posting.identity, alike * 0.9));
                }
                *best = alike;
            }
        }
    }
    found.exact.sort_unstable();
    found.exact.dedup();
    given.truncate(MOST_LIKELY);
    found.likely.extend(given);
    found.likely.retain(|(identity, _)| found.exact.binary_search(identity).is_err());
    found.likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut one = Vec::new();
    found.likely.retain(|(identity, _)| {
        let new = !one.contains(identity);
        one.push(*identity);
        new
    });
    if found.exact.is_empty() {
        found.exact = named;
    } else {
        let (bare, full): (Vec<u32>, Vec<u32>) =
            named.into_iter().partition(|identity| is_bare(table, *identity));
        found.bare = bare;
        // Somebody joined by alias who is known by this one word (`Pelé`) comes first.
        for identity in full {
            if found.exact.binary_search(&identity).is_err() {
                found.exact.insert(0, identity);
            }
        }
    }
}

/// People whose names are like a name of several words.
fn likely_people(table: &Table, name: &Name, words: &[&Token]) -> Vec<(u32, f32)> {
    let groups: Vec<Vec<(u32, f32)>> = words
        .iter()
        .take(8)
        .map(|word| {
            if word.role == Role::Initial {
                return Vec::new();
            }
            let mut group = like_words(table, EntityKind::Person, word);
            let initial = word.folded.get(..1).unwrap_or_default();
            let initial = table.find_word(EntityKind::Person, initial.as_bytes());
            group.extend(initial.map(|at| (at, 0.5)));
            group
        })
        .collect();
    let candidates = candidates(table, EntityKind::Person, &groups, words);
    let mut likely: Vec<(u32, f32)> = candidates
        .into_iter()
        .filter_map(|identity| {
            let alike = names_of(table, identity)
                .take(FORMS_COMPARED)
                .map(|form| compare_names(name, &Name::parse(form)).likeness)
                .fold(0.0, f32::max);
            (alike >= SAME).then_some((identity, alike))
        })
        .collect();
    likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    likely.truncate(MOST_LIKELY);
    likely
}

/// Identities worth comparing: with like words of at least two of the groups, or of the rarest
/// group where that is small.
fn candidates(
    table: &Table,
    kind: EntityKind,
    groups: &[Vec<(u32, f32)>],
    words: &[&Token],
) -> Vec<u32> {
    let (base, end) = table.identities_of(kind);
    // Per identity how many groups it has a word of, and how alike these are in all.
    let mut hits = vec![(0_u8, 0_u8, 0.0_f32); (end - base) as usize];
    let mut touched: Vec<u32> = Vec::new();
    let with_words = groups.iter().filter(|group| !group.is_empty()).count();
    for (at, group) in groups.iter().enumerate() {
        // The likest words of a group come first, so that the first hit is the best.
        for &(word, alike) in group {
            for posting in table.postings(word) {
                let Some(hit) = hits.get_mut(posting.identity.wrapping_sub(base) as usize)
                else {
                    continue;
                };
                if hit.0 == 0 {
                    touched.push(posting.identity);
                }
                if hit.0 & 1 << at == 0 {
                    hit.0 |= 1 << at;
                    hit.1 |= u8::from(alike >= 1.0);
                    hit.2 += alike;
                }
            }
        }
    }
    let enough = with_words.min(2) as u32;
    let initials = words.iter().any(|word| word.role == Role::Initial);
    let mut chosen: Vec<(u32, u32)> = Vec::new();
    for &identity in &touched {
        let Some(&(groups_hit, exact, alike)) = hits.get((identity - base) as usize) else {
            continue;
        };
        if groups_hit.count_ones() >= enough || (initials && exact > 0) {
            // In hundredths, so that the much written about come first among about equals.
            chosen.push((1_000 - (alike * 50.0) as u32, identity));
        }
    }
    let rarest = groups
        .iter()
        .filter(|group| !group.is_empty())
        .map(|group| {
            let exact: Vec<u32> = group
                .iter()
                .filter(|(_, alike)| *alike >= 1.0)
                .flat_map(|(word, _)| table.postings(*word).map(|posting| posting.identity))
                .collect();
            exact
        })
        .filter(|exact| !exact.is_empty())
        .min_by_key(Vec::len);
    if let Some(rarest) = rarest
        && chosen.len() < MOST_COMPARED
        && rarest.len() < 2 * MOST_COMPARED
    {
        chosen.extend(rarest.into_iter().map(|identity| (2_000, identity)));
    }
    if chosen.len() > 2 * MOST_COMPARED {
        chosen.select_nth_unstable(2 * MOST_COMPARED);
        chosen.truncate(2 * MOST_COMPARED);
    }
    chosen.sort_unstable();
    let mut chosen: Vec<u32> = chosen.into_iter().map(|(_, identity)| identity).collect();
    let mut seen = hashbrown::HashSet::new();
    chosen.retain(|identity| seen.insert(*identity));
    chosen.truncate(MOST_COMPARED);
    chosen
}

/// Organisations and places: by key or alias exactly, then by their words.
fn find_other(table: &Table, kind: EntityKind, query: &str) -> Found {
    let mut found = Found::default();
    let own = key(kind, query);
    found.exact = by_key(table, kind, &own);
    // Typed in lower case, an acronym or abbreviation is one all the same.
    let capitals = query.to_uppercase();
    let mut letters = query.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let capital: String = first.chain(letters).collect();
    for wanted in [own.clone(), key(kind, &capitals), key(kind, &capital)] {
        let name = gazetteer().alias_of(kind, &wanted).unwrap_or(&wanted);
        for identity in by_key(table, kind, name) {
            if !found.exact.contains(&identity) {
                found.exact.push(identity);
            }
        }
    }
    found.exact.sort_unstable();
    let tokens: Vec<Token> = plain_words(query).iter().map(|word| Token::word(word)).collect();
    let words: Vec<&Token> = tokens.iter().take(8).collect();
    let groups: Vec<Vec<(u32, f32)>> =
        words.iter().map(|word| like_words(table, kind, word)).collect();
    let mut likely: Vec<(u32, f32)> = candidates(table, kind, &groups, &words)
        .into_iter()
        .filter(|identity| !found.exact.contains(identity))
        .filter_map(|identity| {
            let alike = names_of(table, identity)
                .take(FORMS_COMPARED)
                .map(|form| share_of_words(&words, form))
                .fold(0.0, f32::max);
            (alike >= 0.6).then_some((identity, alike))
        })
        .collect();
    likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    likely.truncate(MOST_LIKELY);
    found.likely = likely;
    found
}

/// How much of two names' letters stands in words that both have (Dice's coefficient, by length).
fn share_of_words(words: &[&Token], form: &str) -> f32 {
    let other: Vec<Token> = plain_words(form).iter().map(|word| Token::word(word)).collect();
    let length = |token: &Token| (token.folded.len() as f32).min(8.0);
    let total: f32 = words.iter().map(|word| length(word)).sum::<f32>()
        + other.iter().map(length).sum::<f32>();
    let mut shared = 0.0;
    for word in words {
        let best = other
            .iter()
            .map(|token| (token_likeness(word, token, false), length(token)))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((alike, other_length)) = best
            && alike >= 0.8
        {
            shared += alike * (length(word) + other_length);
        }
    }
    if total > 0.0 { shared / total } else { 0.0 }
}

/// The bearers of a name given in `people.toml`.
pub(super) fn bearers_of(table: &Table, kind: EntityKind, name: &str) -> Vec<u32> {
    if let Some(at) = table.find_name(kind, name)
        && let Some(bearer) = table.get(Section::NameIdentity, at)
        && table.kind_of(bearer) == Some(kind)
    {
        return vec![bearer];
    }
    // The same name written a little differently.
    let (start, end) = table.identities_of(kind);
    let any = table
        .pairs(Section::Keys, stored_hash(kind, name))
        .any(|id| (start..end).contains(&id));
    if any { by_key(table, kind, &key(kind, name)) } else { Vec::new() }
}
