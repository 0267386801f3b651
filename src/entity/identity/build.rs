//! Makes the table from the names of an archive.

use hashbrown::HashSet;

use super::gazetteer::gazetteer;
use super::joining::key_hash;
use super::joining::{Entry, join};
use super::keys::{key, organisation_key, place_key, words as plain_words};
use super::kinds::settle;
use super::table::{Section, TableWriter};
use super::words::Words;
use crate::entity::EntityKind;
use crate::entity::names::{Name, Role, skeleton};
use crate::text::fold;
use xxhash_rust::xxh3::xxh3_64;

/// The bytes of the table. The outcome does not depend on the order of the names.
pub(super) fn build(names: &mut dyn Iterator<Item = (EntityKind, &str, u32)>) -> Vec<u8> {
    let mut text = String::new();
    let mut rows: Vec<(EntityKind, usize, usize, u32)> = Vec::new();
    for (kind, name, articles) in names {
        let start = text.len();
        text.push_str(name);
        rows.push((kind, start, text.len(), articles));
    }
    let mut entries: Vec<Entry<'_>> = rows
        .iter()
        .filter_map(|&(kind, start, end, articles)| {
            let name = text.get(start..end)?;
            (!name.is_empty()).then_some(Entry { kind, recorded: kind, text: name, articles })
        })
        .collect();
    // The first eight bytes decide nearly always, and comparing them touches no other memory.
    entries.sort_by_cached_key(|entry| {
        let mut first = [0; 8];
        for (slot, byte) in first.iter_mut().zip(entry.text.bytes()) {
            *slot = byte;
        }
        (entry.kind, u64::from_be_bytes(first), entry.text)
    });
    entries.dedup_by(|later, kept| {
        let equal = later.kind == kept.kind && later.text == kept.text;
        if equal {
            kept.articles = kept.articles.saturating_add(later.articles);
        }
        equal
    });
    settle(&mut entries);
    let (words, keys) = read_words(&entries);
    let mut sets = join(&entries, &keys, &words);
    let roots: Vec<u32> = (0..entries.len() as u32).map(|at| sets.root(at)).collect();
    write(&entries, &roots, &keys, &words)
}

fn read_words(entries: &[Entry<'_>]) -> (Words, Vec<u64>) {
    let mut words = Words::default();
    let keys = entries
        .iter()
        .map(|entry| match entry.kind {
            EntityKind::Person => words.add_person(&Name::read(entry.text)),
            EntityKind::Organisation => {
                words.add(&plain_words(entry.text));
                key_hash(&organisation_key(entry.text))
            }
            EntityKind::Place => {
                words.add(&plain_words(entry.text));
                key_hash(&place_key(entry.text))
            }
        })
        .collect();
    (words, keys)
}

/// One identity while the table is written.
struct Identity {
    kind: EntityKind,
    articles: u32,
    canonical: u32,
    /// Its names, most articles first.
    names: Vec<u32>,
    bare: Bare,
}

/// Whether an identity is known by single words only, as the table holds it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    No = 0,
    /// Nobody else bears the word as a surname.
    Alone = 1,
    /// Somebody is known in full who has that surname.
    Surname = 2,
}

fn identities(entries: &[Entry<'_>], roots: &[u32], words: &Words) -> Vec<Identity> {
    let mut members: Vec<(u32, u32)> =
        roots.iter().enumerate().map(|(at, root)| (*root, at as u32)).collect();
    members.sort_unstable();
    let surnames = surnames(entries, words);
    let mut identities: Vec<Identity> = members
        .chunk_by(|one, other| one.0 == other.0)
        .map(|group| {
            let articles =
                |at: &u32| entries.get(*at as usize).map_or(0, |entry| entry.articles);
            let mut names: Vec<u32> = group.iter().map(|(_, at)| *at).collect();
            names.sort_by_key(|at| (std::cmp::Reverse(articles(at)), *at));
            let kind = names
                .first()
                .and_then(|at| entries.get(*at as usize))
                .map_or(EntityKind::Person, |entry| entry.kind);
            Identity {
                kind,
                articles: names.iter().map(articles).fold(0, u32::saturating_add),
                canonical: canonical(kind, &names, entries, words),
                bare: bare(kind, &names, words, &surnames),
                names,
            }
        })
        .collect();
    let text = |at: u32| entries.get(at as usize).map_or("", |entry| entry.text);
    identities.sort_by(|a, b| {
        (a.kind, b.articles)
            .cmp(&(b.kind, a.articles))
            .then_with(|| text(a.canonical).cmp(text(b.canonical)))
    });
    identities
}

fn bare(kind: EntityKind, names: &[u32], words: &Words, surnames: &HashSet<u32>) -> Bare {
    let borne = |at: &u32| words.of(*at).words.iter().any(|(id, _)| surnames.contains(id));
    if names.iter().any(|at| words.of(*at).words.len() > 1) {
        Bare::No
    } else if kind == EntityKind::Person && names.iter().any(borne) {
        Bare::Surname
    } else {
        Bare::Alone
    }
}

/// The words that are the surname of somebody who is known in full.
fn surnames(entries: &[Entry<'_>], words: &Words) -> HashSet<u32> {
    let people = entries.iter().take_while(|entry| entry.kind == EntityKind::Person).count();
    let mut surnames = HashSet::new();
    for at in 0..people as u32 {
        let name = words.of(at);
        if name.words.len() > 1 {
            let turned = words.is_east_asian(name).then(|| name.words.first()).flatten();
            surnames.extend(name.words.last().into_iter().chain(turned).map(|(id, _)| *id));
        }
    }
    surnames
}

/// The name that an identity is shown by: a person's commonest full form, a place's commonest
/// form that is no abbreviation; with diacritics where a fair share of the articles writes them.
fn canonical(kind: EntityKind, names: &[u32], entries: &[Entry<'_>], words: &Words) -> u32 {
    let entry = |at: u32| entries.get(at as usize);
    let full = |at: u32| {
        let name = words.of(at).words;
        let Some(entry) = entry(at) else { return false };
        let capitals = entry.text.chars().all(|c| !c.is_lowercase());
        match kind {
            EntityKind::Person => {
                name.len() >= 2
                    && name.first().is_some_and(|(_, role)| *role != Role::Initial)
                    && !capitals
            }
            // `OPEC` is a name, `TREASURY` is one that a headline shouts.
            EntityKind::Organisation => !capitals || entry.text.len() <= 5,
            EntityKind::Place => {
                !capitals && !entry.text.contains('.') && !is_abbreviation(entry.text)
            }
        }
    };
    let fallback = names.first().copied().unwrap_or(0);
    let best = names.iter().copied().find(|at| full(*at)).unwrap_or(fallback);
    let Some(shown) = entry(best) else { return best };
    let plain = fold(shown.text);
    if !shown.text.is_ascii() {
        return best;
    }
    names
        .iter()
        .copied()
        .filter(|at| {
            entry(*at).is_some_and(|other| {
                !other.text.is_ascii()
                    && other.articles.saturating_mul(10) >= shown.articles
                    && fold(other.text) == plain
            })
        })
        .find(|at| full(*at))
        .unwrap_or(best)
}

/// `Mass`: a short form of a listed place that begins as the name does. (`Burma` is none.)
fn is_abbreviation(place: &str) -> bool {
    place.len() <= 5
        && gazetteer()
            .alias_of(EntityKind::Place, &place_key(place))
            .is_some_and(|name| name.bytes().next() == fold(place).bytes().next())
}

fn write(entries: &[Entry<'_>], roots: &[u32], keys: &[u64], words: &Words) -> Vec<u8> {
    let mut out = TableWriter::new();
    let identities = identities(entries, roots, words);
    let mut identity_of = vec![0_u32; entries.len()];
    for (id, identity) in identities.iter().enumerate() {
        for name in &identity.names {
            if let Some(slot) = identity_of.get_mut(*name as usize) {
                *slot = id as u32;
            }
        }
    }
    // The names are looked up by what the articles took them for.
    let recorded =
        |at: &u32| entries.get(*at as usize).map(|entry| (entry.recorded, entry.text));
    let mut order: Vec<u32> = (0..entries.len() as u32).collect();
    order.sort_by_key(recorded);
    let mut place = vec![0_u32; order.len()];
    for (to, at) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(*at as usize) {
            *slot = to as u32;
        }
    }
    let place = |at: u32| place.get(at as usize).copied().unwrap_or(0);
    let in_order = || order.iter().filter_map(|at| entries.get(*at as usize));
    for kind in EntityKind::ALL {
        let end = in_order().take_while(|entry| entry.recorded <= kind).count();
        out.push(Section::Kinds, end as u32);
    }
    for kind in EntityKind::ALL {
        let end = identities.partition_point(|identity| identity.kind <= kind);
        out.push(Section::Kinds, end as u32);
    }
    for at in &order {
        let Some(entry) = entries.get(*at as usize) else { continue };
        out.push_text(Section::NameText, Section::NameEnds, entry.text);
        out.push(Section::NameArticles, entry.articles);
        let identity = identity_of.get(*at as usize).copied().unwrap_or(0);
        out.push(Section::NameIdentity, identity);
    }
    let mut names_end = 0;
    for identity in &identities {
        out.push(Section::Canonical, place(identity.canonical));
        out.push(Section::IdentityArticles, identity.articles);
        out.push(Section::IdentityBare, identity.bare as u32);
        for name in &identity.names {
            out.push(Section::IdentityNames, place(*name));
        }
        names_end += identity.names.len() as u32;
        out.push(Section::IdentityNamesEnds, names_end);
    }
    write_words(entries, &identity_of, words, &mut out);
    let mut pairs: Vec<(u32, u32)> =
        keys.iter().zip(&identity_of).map(|(key, identity)| (*key as u32, *identity)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (hash, identity) in pairs {
        out.push(Section::Keys, hash);
        out.push(Section::Keys, identity);
    }
    out.finish()
}

/// Writes the words of each kind, where they occur, and their skeletons.
fn write_words(
    entries: &[Entry<'_>],
    identity_of: &[u32],
    words: &Words,
    out: &mut TableWriter,
) {
    let mut postings_end = 0;
    let mut written = 0_u32;
    let mut skeletons: Vec<(u32, u32)> = Vec::new();
    // Ranks of words by text, so that postings sort by number.
    let mut order: Vec<u32> = (0..words.len() as u32).collect();
    order.sort_unstable_by(|a, b| words.text(*a).cmp(words.text(*b)));
    let mut rank = vec![0_u32; order.len()];
    for (at, id) in order.iter().enumerate() {
        if let Some(slot) = rank.get_mut(*id as usize) {
            *slot = at as u32;
        }
    }
    for kind in EntityKind::ALL {
        let mut postings: Vec<u64> = Vec::new();
        for (at, (entry, identity)) in entries.iter().zip(identity_of).enumerate() {
            if entry.kind != kind {
                continue;
            }
            let name = words.of(at as u32);
            let turned = kind == EntityKind::Person && words.is_east_asian(name);
            let name = name.words;
            for (place, (id, role)) in name.iter().enumerate() {
                if *role == Role::Particle {
                    continue;
                }
                let last = place + 1 == name.len() || (place == 0 && turned);
                let rank = rank.get(*id as usize).copied().unwrap_or(0);
                // Not-last sorts behind last, so that the first of equals is the one to keep.
                postings
                    .push(u64::from(rank) << 32 | u64::from(*identity) << 1 | u64::from(!last));
            }
        }
        postings.sort_unstable();
        postings.dedup_by_key(|posting| *posting >> 1);
        for group in postings.chunk_by(|one, other| one >> 32 == other >> 32) {
            let Some(id) =
                group.first().and_then(|posting| order.get((posting >> 32) as usize))
            else {
                continue;
            };
            let text = words.text(*id);
            out.push_text(Section::WordText, Section::WordEnds, text);
            if text.len() > 2 {
                skeletons.push((skeleton_hash(text), written));
            }
            for posting in group {
                out.push(Section::Postings, (*posting as u32) ^ 1);
            }
            postings_end += group.len() as u32;
            out.push(Section::PostingEnds, postings_end);
            written += 1;
        }
        out.push(Section::Kinds, written);
    }
    skeletons.sort_unstable();
    for (hash, word) in skeletons {
        out.push(Section::Skeletons, hash);
        out.push(Section::Skeletons, word);
    }
}

/// The hash by which words of one skeleton are found.
pub(super) fn skeleton_hash(word: &str) -> u32 {
    xxh3_64(&skeleton(word)) as u32
}

/// The hash of a name's key as the table holds it.
pub(super) fn stored_hash(kind: EntityKind, text: &str) -> u32 {
    key_hash(&key(kind, text)) as u32
}
