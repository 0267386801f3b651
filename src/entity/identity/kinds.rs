//! What a name stands for, settled by all articles of an archive.
//!
//! Articles tell each for itself whether a name is a person's, and now and then wrongly: an
//! archive that says `Washington` of a place in 600 articles and of a person in 20 means the place
//! (one sense per collection: Yarowsky 1995). What a name is part of counts as well (`Merrill Lynch
//! Capital Markets`, `Gordon Brown`), and so do the lists of known names.

use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::gazetteer::gazetteer;
use super::joining::{Entry, key_hash};
use super::keys::{is_legal_form, organisation_key, place_key};
use crate::entity::EntityKind;
use crate::entity::names::{Name, Role, lexicon};
use crate::text::fold;

/// How much more a country's name is a place's than its mentions say.
const COUNTRY: f32 = 12.0;
/// The same for a listed town or region: many are surnames, too.
const TOWN: f32 = 2.0;
/// The same for a listed organisation.
const LISTED: f32 = 8.0;
/// The same for a listed given name before another name.
const GIVEN: f32 = 3.0;
/// The same where the first word is no given name: `Kidder Peabody`.
const SURNAME_FIRST: f32 = 0.4;
/// The same for a well-known person.
const WELL_KNOWN: f32 = 12.0;
/// What a mention within a longer name is worth.
const WITHIN: f32 = 0.7;
/// Of the articles, so many times more must take a name for something else than for an organisation
/// or a place before all of them are taken to mean that: a town and its team share a name.
const CLEAR: f32 = 5.0;

/// Last words of names that are no person's: institutions.
const INSTITUTIONS: [&str; 66] = [
    "academy",
    "administration",
    "agency",
    "airlines",
    "airways",
    "association",
    "bancorp",
    "bank",
    "board",
    "bureau",
    "college",
    "commission",
    "committee",
    "conservatory",
    "council",
    "cruises",
    "department",
    "entertainment",
    "federation",
    "fellowship",
    "fellowships",
    "foundation",
    "gallery",
    "gazette",
    "herald",
    "holdings",
    "hospital",
    "industries",
    "institute",
    "institution",
    "insurance",
    "journal",
    "laboratories",
    "laboratory",
    "landesbank",
    "library",
    "ministry",
    "museum",
    "newspapers",
    "observatory",
    "orchestra",
    "organisation",
    "organization",
    "partners",
    "party",
    "pharmaceuticals",
    "philharmonic",
    "pictures",
    "productions",
    "railroad",
    "railway",
    "records",
    "restaurant",
    "scholarship",
    "scholarships",
    "school",
    "securities",
    "society",
    "stores",
    "symphony",
    "systems",
    "technologies",
    "theater",
    "theatre",
    "tribune",
    "university",
];
/// Last words of names that are no person's: what stands on a map.
const SITES: [&str; 38] = [
    "airport",
    "arena",
    "avenue",
    "basin",
    "boulevard",
    "canyon",
    "cemetery",
    "center",
    "centre",
    "county",
    "crater",
    "creek",
    "drive",
    "falls",
    "freeway",
    "garden",
    "gardens",
    "glacier",
    "harbor",
    "harbour",
    "heights",
    "highway",
    "hotel",
    "island",
    "islands",
    "mountain",
    "mountains",
    "ocean",
    "parkway",
    "peninsula",
    "reservoir",
    "river",
    "road",
    "springs",
    "square",
    "stadium",
    "telescope",
    "valley",
];

/// Words of institutions anywhere in their names, also in other languages.
const WITHIN_INSTITUTIONS: [&str; 8] = [
    "banca",
    "banco",
    "banque",
    "landesbank",
    "ministry",
    "universidad",
    "university",
    "universitat",
];

/// What the articles say of a name, by kind, and what longer names say.
#[derive(Clone, Copy, Default)]
struct Votes {
    recorded: [f32; 3],
    within: [f32; 3],
}

/// Sets the kinds of the names, which are sorted by recorded kind and text, and takes out those
/// that stand for nobody and nothing. They are sorted by kind and text in the end.
pub(super) fn settle(entries: &mut Vec<Entry<'_>>) {
    let votes = count(entries);
    let listed: HashSet<u64> = gazetteer().organisation_names().map(key_hash).collect();
    entries.retain_mut(|entry| {
        let key = hash(entry.text);
        let votes = votes.get(&key).copied().unwrap_or_default();
        match decide(entry, &votes, listed.contains(&key)) {
            Some(kind) => entry.kind = kind,
            None => return false,
        }
        true
    });
    entries.sort_by_key(|entry| entry.kind);
    for kind in EntityKind::ALL {
        let start = entries.partition_point(|entry| entry.kind < kind);
        let end = entries.partition_point(|entry| entry.kind <= kind);
        if let Some(of_kind) = entries.get_mut(start..end) {
            of_kind.sort_by(|a, b| (a.text, a.recorded).cmp(&(b.text, b.recorded)));
        }
    }
}

/// A name without regard to case and what is no letter.
fn hash(text: &str) -> u64 {
    // Most names are short and plain, and need no memory of their own.
    let mut plain = [0_u8; 48];
    if text.is_ascii() && text.len() <= plain.len() {
        let mut length = 0;
        for (slot, byte) in plain.iter_mut().zip(text.bytes().filter(u8::is_ascii_alphanumeric))
        {
            *slot = byte.to_ascii_lowercase();
            length += 1;
        }
        return xxh3_64(plain.get(..length).unwrap_or_default());
    }
    let letters: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    xxh3_64(letters.as_bytes())
}

fn count(entries: &[Entry<'_>]) -> HashMap<u64, Votes> {
    let mut votes: HashMap<u64, Votes> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let of_name = votes.entry(hash(entry.text)).or_default();
        if let Some(of_kind) = of_name.recorded.get_mut(entry.recorded as usize) {
            *of_kind += entry.articles as f32;
        }
    }
    // A longer name speaks for its beginning, a person's for the surname.
    for entry in entries {
        let articles = entry.articles as f32;
        let mut tell = |part: &str| {
            if let Some(votes) = votes.get_mut(&hash(part))
                && let Some(of_kind) = votes.within.get_mut(entry.recorded as usize)
            {
                *of_kind += articles;
            }
        };
        match entry.recorded {
            EntityKind::Person => {
                if let Some((_, surname)) = entry.text.rsplit_once(' ') {
                    tell(surname);
                }
            }
            EntityKind::Organisation => {
                for (at, _) in entry.text.match_indices(' ').take(3) {
                    let part = entry.text.get(..at).unwrap_or_default();
                    tell(part);
                    if let Some(bearer) = part.strip_suffix("'s") {
                        tell(bearer);
                    }
                }
                // `Donaldson, Lufkin and Jenrette`: each word may stand for the firm.
                if entry.text.contains(" and ") || entry.text.contains([',', '&']) {
                    for word in entry.text.split([' ', ',']).skip(1).take(8) {
                        if word.starts_with(char::is_uppercase) {
                            tell(word);
                        }
                    }
                }
                for ending in ["'s", "’s"] {
                    if let Some(bearer) = entry.text.strip_suffix(ending) {
                        tell(bearer);
                    }
                }
            }
            // `New York City` says nothing that `New York` does not say.
            EntityKind::Place => {}
        }
    }
    votes
}

/// What a name stands for; `None` if for nobody and nothing.
fn decide(entry: &Entry<'_>, votes: &Votes, listed: bool) -> Option<EntityKind> {
    let own = entry.recorded;
    let text = entry.text;
    let words = text.split(' ').count();
    if own == EntityKind::Organisation
        && text.split([' ', '.', '&']).all(|word| word.is_empty() || is_legal_form(word))
    {
        // `Co Inc`: what a line break or the tagger cut off.
        return None;
    }
    let [person, organisation, place] = votes.recorded;
    let open = match own {
        // Everybody is looked at who may be none.
        EntityKind::Person => true,
        _ => {
            votes.recorded.iter().filter(|votes| **votes > 0.0).count() > 1
                || votes.within[EntityKind::Person as usize] > 0.0
        }
    };
    if !open {
        return Some(own);
    }
    if own == EntityKind::Person
        && words > 1
        && let Some(kind) = institution(text)
    {
        return Some(kind);
    }
    let contested = organisation + place + votes.within[1] > 0.0;
    if own == EntityKind::Person && !contested && !listed && words > 1 && !is_short(text) {
        return Some(own);
    }
    let mut weights = [person, organisation, place];
    for (weight, within) in weights.iter_mut().zip(votes.within) {
        *weight += WITHIN * within;
    }
    let mut raise = |kind: EntityKind, at_least: f32, times: f32| {
        if let Some(weight) = weights.get_mut(kind as usize) {
            *weight = (*weight + at_least) * times;
        }
    };
    let gazetteer = gazetteer();
    let key = place_key(text);
    if gazetteer.is_country(&key) {
        raise(EntityKind::Place, 1.0, COUNTRY);
    } else if gazetteer.country(&key).is_some() {
        raise(EntityKind::Place, 0.0, TOWN);
    }
    if gazetteer.is_organisation(&organisation_key(text)) {
        raise(EntityKind::Organisation, if words > 1 { 2.0 } else { 0.5 }, LISTED);
    }
    if words > 1 {
        let name = Name::read(text);
        let first = name.tokens.first().map(|token| lexicon().word(&token.folded));
        // Companies are called after people: `Philip Morris`.
        if !listed && first.is_some_and(|word| word.given.is_some()) {
            raise(EntityKind::Person, 0.0, GIVEN);
        } else if name.tokens.first().is_some_and(|token| token.role == Role::Word) {
            raise(EntityKind::Person, 0.0, SURNAME_FIRST);
        }
        let key: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        if lexicon().is_well_known(&key) {
            raise(EntityKind::Person, 1.0, WELL_KNOWN);
        }
    }
    let mut best = own;
    let weight = |kind: EntityKind| weights.get(kind as usize).copied().unwrap_or(0.0);
    for kind in EntityKind::ALL {
        if weight(kind) > weight(best) {
            best = kind;
        }
    }
    let needed = if own == EntityKind::Person { 1.0 } else { CLEAR };
    Some(if weight(best) > needed * weight(own) { best } else { own })
}

/// `K Mart`, `3M`: too short or too odd for a person's name to be believed without asking.
fn is_short(text: &str) -> bool {
    text.len() <= 6 || text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'&')
}

/// The kind of a name of several words that ends as only institutions or sites do.
fn institution(text: &str) -> Option<EntityKind> {
    let (_, last) = text.rsplit_once(' ')?;
    let last = fold(last);
    let word = last.trim_end_matches('.');
    if INSTITUTIONS.contains(&word) || (is_legal_form(word) && word.len() > 2) {
        return Some(EntityKind::Organisation);
    }
    if SITES.contains(&word) {
        return Some(EntityKind::Place);
    }
    let within = |word: &str| {
        WITHIN_INSTITUTIONS.iter().any(|institution| word.eq_ignore_ascii_case(institution))
    };
    text.split(' ').any(within).then_some(EntityKind::Organisation)
}

#[cfg(test)]
mod tests {
    use super::EntityKind::{self, Organisation, Person, Place};
    use crate::entity::identity::Identities;
    use crate::entity::people_file::PeopleFile;

    #[test]
    fn the_archive_settles_what_a_name_stands_for() {
        let names = [
            (Person, "Washington", 20),
            (Place, "Washington", 600),
            (Person, "Merrill Lynch", 18),
            (Organisation, "Merrill Lynch Capital Markets", 18),
            (Organisation, "North Korea", 9),
            (Place, "North Korea", 17),
            (Organisation, "Co Inc", 50),
            (Person, "Gordon Brown", 30),
            (Person, "Brown", 3),
            (Organisation, "Brown", 2),
            (Person, "W. M. Keck Observatory", 5),
            (Organisation, "Liverpool", 8),
            (Place, "Liverpool", 6),
            (Person, "Kidder Peabody", 9),
            (Organisation, "Kidder, Peabody and Co", 8),
            (Person, "Lufkin", 3),
            (Organisation, "Donaldson, Lufkin and Jenrette", 5),
            (Person, "Banca Nazionale del Lavoro", 2),
        ];
        let identities =
            Identities::build(&mut names.into_iter(), &PeopleFile::default()).unwrap();
        let check = |recorded: EntityKind, name: &str, wanted: Option<EntityKind>| {
            let id = identities.identity_of(recorded, name);
            assert_eq!(id.and_then(|id| identities.kind(id)), wanted, "{name}");
        };
        check(Person, "Washington", Some(Place));
        check(Person, "Merrill Lynch", Some(Organisation));
        check(Organisation, "Co Inc", None);
        check(Organisation, "Brown", Some(Person));
        check(Person, "W. M. Keck Observatory", Some(Organisation));
        check(Person, "Kidder Peabody", Some(Organisation));
        check(Person, "Lufkin", Some(Organisation));
        check(Person, "Banca Nazionale del Lavoro", Some(Organisation));
        check(Organisation, "Liverpool", Some(Organisation));
        check(Place, "Liverpool", Some(Place));
        let korea = |recorded| identities.identity_of(recorded, "North Korea").unwrap();
        assert_eq!(korea(Organisation), korea(Place));
        let forms: Vec<_> = identities.forms(korea(Place)).collect();
        assert_eq!(forms, [("North Korea", 26)]);
    }
}
