//! Well-known aliases of organisations and places, and which country a place lies in. Sources
//! and licences: `entity/data/ATTRIBUTION.md`.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::entity::EntityKind;

use super::keys::{organisation_key, place_key};

const ORGANISATIONS: &str = include_str!("../data/organisation_aliases.tsv");
const MORE_ORGANISATIONS: &str = include_str!("../data/organisations.tsv");
const PLACES: &str = include_str!("../data/place_aliases.tsv");
const COUNTRIES: &str = include_str!("../data/countries.tsv");
const WITHIN: &str = include_str!("../data/within.tsv");

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// The shared lists, read once.
pub(in crate::entity) fn gazetteer() -> &'static Gazetteer {
    &GAZETTEER
}

/// A country of the list.
#[derive(Clone, Copy)]
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    pub(super) code: &'static str,
    /// Its usual English name.
    pub(super) name: &'static str,
}

/// The lists, by key.
pub(in crate::entity) struct Gazetteer {
    organisations: HashMap<String, String>,
    /// Organisations by their usual names.
    organisation_names: HashSet<String>,
    places: HashMap<String, String>,
    countries: HashMap<String, Country>,
    /// Towns and regions: key → country.
    within: HashMap<String, Country>,
    /// Code → the names of its towns and regions.
    parts: HashMap<&'static str, Vec<&'static str>>,
    demonyms: HashMap<String, Country>,
}

/// The key of a town or region that is listed folded: a short word in small letters would have the
/// key of a common word.
pub(super) fn part_key(folded: &str) -> String {
    let mut letters = folded.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    place_key(&first.into_iter().chain(letters).collect::<String>())
}

fn rows(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

impl Gazetteer {
    fn read() -> Self {
        let mut gazetteer = Self {
            organisations: HashMap::new(),
            organisation_names: HashSet::new(),
            places: HashMap::new(),
            countries: HashMap::new(),
            within: HashMap::new(),
            parts: HashMap::new(),
            demonyms: HashMap::new(),
        };
        for row in rows(ORGANISATIONS) {
            if let [alias, name] = row.as_slice() {
                let (key, name) = (organisation_key(alias), organisation_key(name));
                gazetteer.organisation_names.insert(name.clone());
                if key != name {
                    gazetteer.organisations.entry(key).or_insert(name);
                }
            }
        }
        let more = rows(MORE_ORGANISATIONS).filter_map(|row| row.first().copied());
        gazetteer.organisation_names.extend(more.map(organisation_key));
        gazetteer.read_countries();
        for row in rows(PLACES) {
            if let [alias, name] = row.as_slice() {
                gazetteer.alias_place(alias, name);
            }
        }
        for row in rows(WITHIN) {
            if let [code, names] = row.as_slice() {
                let country =
                    gazetteer.countries.values().find(|country| country.code == *code).copied();
                let Some(country) = country else { continue };
                let names: Vec<&'static str> = names.split(';').collect();
                for name in &names {
                    gazetteer.within.insert(part_key(name), country);
                }
                gazetteer.parts.insert(country.code, names);
            }
        }
        gazetteer
    }

    fn read_countries(&mut self) {
        for row in rows(COUNTRIES) {
            if let [code, name, demonym, official, others] = row.as_slice() {
                let country = Country { code, name };
                self.countries.insert(place_key(name), country);
                self.demonyms.insert(place_key(demonym), country);
                let long = others.split(';').filter(|other| other.len() >= 5);
                for alias in long.chain([*official]) {
                    self.alias_place(alias, name);
                }
            }
        }
    }

    fn alias_place(&mut self, alias: &str, name: &str) {
        let (key, name) = (place_key(alias), place_key(name));
        if key != name && !self.countries.contains_key(&key) {
            self.places.entry(key).or_insert(name);
        }
    }

    /// The key of the name that a key is a listed alias of.
    pub(super) fn alias_of(&self, kind: EntityKind, key: &str) -> Option<&str> {
        match kind {
            EntityKind::Organisation => self.organisations.get(key),
            EntityKind::Place => self.places.get(key),
            EntityKind::Person => None,
        }
        .map(String::as_str)
    }

    /// Whether an organisation's key is listed, by name or alias.
    pub(super) fn is_organisation(&self, key: &str) -> bool {
        self.organisation_names.contains(key) || self.organisations.contains_key(key)
    }

    /// The keys of listed organisations' usual names, in no order.
    pub(super) fn organisation_names(&self) -> impl Iterator<Item = &str> {
        self.organisation_names.iter().map(String::as_str)
    }

    /// Whether a place's key is a country's, by name or alias.
    pub(super) fn is_country(&self, key: &str) -> bool {
        self.country(key).is_some_and(|country| {
            let key = self.places.get(key).map_or(key, String::as_str);
            self.countries.get(key).is_some_and(|named| named.code == country.code)
        })
    }

    /// Whether a name is listed as a place's.
    pub(in crate::entity) fn is_place(&self, name: &str) -> bool {
        let key = place_key(name);
        self.places.contains_key(&key) || self.country(&key).is_some()
    }

    /// Whether a name is listed as an organisation's.
    pub(in crate::entity) fn is_named_organisation(&self, name: &str) -> bool {
        self.is_organisation(&organisation_key(name))
    }

    /// Whether a folded word means people of a nation (`americans`).
    pub(in crate::entity) fn is_nationals(&self, folded: &str) -> bool {
        let demonym = |word: &str| self.demonyms.contains_key(word);
        folded.strip_suffix('s').is_some_and(demonym)
    }

    /// Whether a folded word says of which nation something is (`german`).
    pub(in crate::entity) fn is_demonym(&self, folded: &str) -> bool {
        self.demonyms.contains_key(folded)
    }

    /// Every listed alias with the name it stands for, both as keys, in no order.
    pub(super) fn aliases(&self, kind: EntityKind) -> impl Iterator<Item = (&str, &str)> {
        let list = match kind {
            EntityKind::Organisation => Some(&self.organisations),
            EntityKind::Place => Some(&self.places),
            EntityKind::Person => None,
        };
        list.into_iter().flatten().map(|(alias, name)| (alias.as_str(), name.as_str()))
    }

    /// The country that a place key names or lies in.
    pub(super) fn country(&self, key: &str) -> Option<Country> {
        let key = self.places.get(key).map_or(key, String::as_str);
        self.countries.get(key).or_else(|| self.within.get(key)).copied()
    }

    /// The country with this name, other name or demonym.
    pub(super) fn country_named(&self, key: &str) -> Option<Country> {
        let name = self.places.get(key).map_or(key, String::as_str);
        self.countries.get(name).or_else(|| self.demonyms.get(key)).copied()
    }

    /// The towns and regions of a country, folded.
    pub(super) fn parts(&self, country: Country) -> &[&'static str] {
        self.parts.get(country.code).map_or(&[], Vec::as_slice)
    }
}
