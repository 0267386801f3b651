//! Reads the gazetteer lists and cluster files into the tables of the model.

use super::super::hash;
use super::super::lexicon::{
    CLUSTER_BITS, COUNTRY, DEMONYM, FIRST_NAME, FIRST_OF_PERSONS, Field, Flags, HEAD_FIRST,
    HEAD_KINDS, HEAD_LAST, KNOWN_ORGANISATION, LAST_NAME, LAST_OF_NEWS_FIGURE, LAST_OF_PERSONS,
    LEGAL_FORM, LISTED_ORGANISATION, ORGANISATION_WORD, PHRASE_BEGINS, PHRASE_LENGTH,
    PHRASE_ORGANISATION, PHRASE_PERSON, PHRASE_PLACE, PLACE_KINDS, SET_BITS, TITLE, TOWN,
    Table, WORLD_FIRST_NAME, WORLD_LAST_NAME, cased_key, pack_clusters,
};
use super::super::model::PackedLexicon;
use super::{Material, TrainError};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Surnames of the census are used down to this rank: below, they are other words too often.
const LAST_NAMES: usize = 40_000;
/// Inhabitants of the smallest town used.
const TOWN_POPULATION: u64 = 15_000;
/// Words of the longest listed phrase used.
const LONGEST_PHRASE: usize = 8;

/// Head words of organisations' names that the list of organisations, rich in companies and
/// universities, does not bring out: last words.
const MORE_LAST: &str = "brothers bros laboratories labs motors railway railways school hospital \
    clinic ministry ministries department bureau secretariat directorate committee subcommittee \
    parliament senate congress assembly legislature tribunal court cabinet administration \
    federation confederation association guild league society club foundation trust fund \
    institution army guards corps navy police brigade brigades militia coalition bloc democrats \
    conservatives newspaper newspapers press news times post journal tribune herald gazette \
    telegraph mail chronicle globe star mirror observer guardian review magazine television tv \
    radio network broadcasting studios pictures entertainment records publishing software systems \
    technologies networks semiconductor electronics electric petroleum mining minerals chemicals \
    pharmaceuticals foods brewery hotels insurance assurance securities partners capital holdings \
    industries enterprises consulting exchange bank reserve treasury";

/// First words ("Ministry of", "Bank of").
const MORE_FIRST: &str = "ministry department bank university institute association federation \
    office bureau council commission committee center centre college school house board court \
    party union royal federal supreme academy museum church society league front movement agency \
    authority fund foundation organization organisation confederation alliance coalition congress \
    senate assembly parliament army chamber directorate";

/// Words that head organisations in the lists and more often something else in text.
const NO_HEADS: &str = "new north south northern southern west western east eastern first state \
    common left right hope people change shares stock express body if music design art law free \
    indian islamic christian communist democratic liberal social socialist popular patriotic \
    independent progressive republican technical air";

/// The kinds of the lists, as numbers of an organisation's fields.
fn organisation_kind(kind: &str) -> u32 {
    match kind {
        "company" | "airline" | "bank_finance" => 0,
        "university" => 1,
        "football_club" | "sports_team" => 2,
        "party" | "armed_group" => 3,
        "intergovernmental" | "government" => 4,
        "media" => 5,
        _ => 6,
    }
}

fn head_kind(kind: &str) -> u32 {
    match kind {
        "company" => 0,
        "university" => 1,
        "sport" => 2,
        "party" => 3,
        "government" => 4,
        "media" => 5,
        "legal" => 6,
        _ => 7,
    }
}

fn bit(field: Field, number: u32) -> Flags {
    1 << (field.shift + number.min(field.bits - 1))
}

fn value(field: Field, number: u64) -> Flags {
    number << field.shift & field.mask()
}

/// Splits a name as text is split into tokens.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        if matches!(c, ',' | '(' | ')' | '&') {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(if c == '’' { '\'' } else { c });
        }
    }
    let spaced = spaced.replace("'s ", " 's ");
    spaced.split_whitespace().map(str::to_lowercase).collect()
}

fn without_marks(name: &str) -> String {
    name.nfkd().filter(|&c| !is_combining_mark(c)).collect()
}

/// Flags by key.
#[derive(Default)]
struct Lists {
    flags: HashMap<u64, Flags>,
    /// Words of the longest phrase that each word begins.
    longest: HashMap<u64, usize>,
}

impl Lists {
    fn word(&mut self, word: &str, flags: Flags) {
        let lower = word.trim().to_lowercase();
        if !lower.is_empty() {
            *self.flags.entry(hash::text(&lower)).or_default() |= flags;
        }
    }

    fn phrase(&mut self, words: &[String], flags: Flags) {
        if !(2..=LONGEST_PHRASE).contains(&words.len()) {
            return;
        }
        let mut chain = None;
        for word in words {
            chain = Some(hash::chain(chain, hash::text(word)));
        }
        let Some(chain) = chain else { return };
        *self.flags.entry(chain).or_default() |= flags;
        let longest = self.longest.entry(hash::text(&words[0])).or_default();
        *longest = (*longest).max(words.len());
    }

    /// A name of one word or more: as a word or as a phrase.
    fn name(&mut self, name: &str, as_word: Flags, as_phrase: Flags) {
        let words = words(name);
        if let [word] = words.as_slice() {
            self.word(word, as_word);
        } else {
            self.phrase(&words, as_phrase);
        }
    }
}

/// Packs clusters and gazetteers.
pub(super) fn pack(material: &Material) -> Result<PackedLexicon, TrainError> {
    let mut lists = Lists::default();
    names_of_people(material, &mut lists)?;
    places(material, &mut lists)?;
    organisations(material, &mut lists)?;
    persons(material, &mut lists)?;
    heads(material, &mut lists)?;
    #[expect(
        clippy::iter_over_hash_type,
        reason = "every key is set once; the order is no matter"
    )]
    for (&key, &longest) in &lists.longest {
        *lists.flags.entry(key).or_default() |=
            PHRASE_BEGINS | value(PHRASE_LENGTH, longest as u64 - 1);
    }

    let distinct: BTreeSet<Flags> = lists.flags.values().copied().collect();
    let numbers: BTreeMap<Flags, u64> = distinct.iter().copied().zip(0..).collect();
    if numbers.len() >= 1 << SET_BITS {
        return Err(TrainError::Lists);
    }
    let entries = lists.flags.iter().map(|(&key, flags)| (key, numbers[flags])).collect();
    Ok(PackedLexicon {
        sets: distinct.into_iter().collect(),
        gazetteer: Table::pack(entries, SET_BITS),
        clusters: clusters(material)?,
    })
}

fn clusters(material: &Material) -> Result<Vec<u64>, TrainError> {
    let mut ids: BTreeMap<u64, u64> = BTreeMap::new();
    for text in &material.clusters {
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [word, small, middle, large] = columns[..] else {
                return Err(TrainError::Line(line.to_owned()));
            };
            let id = |s: &str| s.parse().map_err(|_| TrainError::Line(line.to_owned()));
            let packed = pack_clusters([id(small)?, id(middle)?, id(large)?]);
            ids.insert(hash::text(word), packed);
        }
    }
    Ok(Table::pack(ids.into_iter().collect(), CLUSTER_BITS))
}

/// Rows of a tab-separated list.
fn rows<'a>(
    material: &'a Material,
    name: &str,
    header: bool,
) -> Result<impl Iterator<Item = Vec<&'a str>> + use<'a>, TrainError> {
    let text = material.list(name)?;
    Ok(text.lines().skip(usize::from(header)).map(|l| l.split('\t').collect()))
}

fn column<'a>(row: &[&'a str], number: usize) -> &'a str {
    row.get(number).copied().unwrap_or("")
}

fn names_of_people(material: &Material, lists: &mut Lists) -> Result<(), TrainError> {
    for row in rows(material, "us_census_first_names.tsv", false)? {
        lists.word(column(&row, 0), FIRST_NAME);
    }
    for row in rows(material, "us_census_last_names.tsv", false)?.take(LAST_NAMES) {
        lists.word(column(&row, 0), LAST_NAME);
    }
    for (file, flag) in [
        ("world_forenames_by_country.csv", WORLD_FIRST_NAME),
        ("world_surnames_by_country.csv", WORLD_LAST_NAME),
    ] {
        // Plain commas: no field is quoted.
        let mut lines = material.list(file)?.trim_start_matches('\u{feff}').lines();
        let header: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
        for name in ["Localized Name", "Romanized Name"] {
            let at = header.iter().position(|h| *h == name).ok_or(TrainError::Lists)?;
            for line in lines.clone() {
                lists.word(line.split(',').nth(at).unwrap_or(""), flag);
            }
        }
    }
    for row in rows(material, "titles.tsv", true)? {
        for word in column(&row, 0).split(' ') {
            lists.word(&word.replace('.', ""), TITLE);
        }
    }
    Ok(())
}

fn places(material: &Material, lists: &mut Lists) -> Result<(), TrainError> {
    // Kinds of place phrases: alias, county, region, division, town or country.
    let listed = bit(PHRASE_PLACE, 4);
    for row in rows(material, "geonames_cities.tsv", true)? {
        if column(&row, 3).parse::<u64>().unwrap_or(0) >= TOWN_POPULATION {
            let name = column(&row, 0);
            lists.name(name, TOWN, listed);
            lists.name(&without_marks(name), TOWN, listed);
        }
    }
    for row in rows(material, "countries_demonyms.tsv", true)? {
        let names = [column(&row, 1), column(&row, 2)];
        for name in names.into_iter().chain(column(&row, 5).split(';')) {
            lists.name(name, COUNTRY, listed);
        }
        lists.word(column(&row, 4), DEMONYM);
    }
    for row in rows(material, "newspaper_state_abbrevs.tsv", true)? {
        lists.name(column(&row, 0), COUNTRY, listed);
        lists.name(column(&row, 1), COUNTRY, listed);
    }
    for row in rows(material, "headline_abbrevs.tsv", true)? {
        if column(&row, 2) == "LOC" {
            lists.name(column(&row, 0), COUNTRY, listed);
        }
    }
    for (file, kind_column) in [("place_aliases.tsv", None), ("regions.tsv", Some(2))] {
        for row in rows(material, file, true)? {
            let kind = match kind_column.map(|k| column(&row, k)) {
                None => 0,
                Some("county") => 1,
                Some("region") => 2,
                Some(_) => 3,
            };
            let as_phrase = bit(PHRASE_PLACE, kind);
            lists.name(column(&row, 0), bit(PLACE_KINDS, kind), as_phrase);
        }
    }
    Ok(())
}

fn organisations(material: &Material, lists: &mut Lists) -> Result<(), TrainError> {
    const LEGAL: [&str; 9] =
        ["inc", "corp", "ltd", "co", "plc", "corporation", "company", "limited", "llc"];
    for (file, kind_column, source_column) in
        [("organisations.tsv", 1, 3), ("organisation_aliases.tsv", 2, 3)]
    {
        for row in rows(material, file, true)? {
            let name = column(&row, 0).trim_start_matches("The ");
            let kind = organisation_kind(column(&row, kind_column));
            let known = ["hand", "sp500", "corpora"].contains(&column(&row, source_column));
            let as_word =
                bit(if known { KNOWN_ORGANISATION } else { LISTED_ORGANISATION }, kind);
            let as_phrase = bit(PHRASE_ORGANISATION, kind);
            let mut words = words(name);
            if words.len() == 1 {
                let uppers = name.chars().filter(|c| c.is_uppercase()).count();
                if uppers >= 2 && name.chars().all(|c| !c.is_lowercase()) {
                    let bare = name.replace('.', "");
                    for form in [name, &bare] {
                        *lists.flags.entry(cased_key(hash::text(form))).or_default() |= as_word;
                    }
                } else if name.chars().count() > 1 {
                    lists.word(name, as_word);
                }
                continue;
            }
            lists.phrase(&words, as_phrase);
            // "Apple Inc." is also "Apple Inc", and "Johnson Controls Inc" mostly goes without.
            if let Some(last) = words.last_mut() {
                let bare = last.trim_end_matches('.').to_owned();
                let legal = LEGAL.contains(&bare.as_str());
                if bare != *last && legal {
                    *last = bare;
                    lists.phrase(&words, as_phrase);
                }
                if legal && words.len() > 2 {
                    words.pop();
                    while words.last().is_some_and(|w| w == "," || w == "&") {
                        words.pop();
                    }
                    lists.phrase(&words, as_phrase);
                }
            }
        }
    }
    Ok(())
}

fn persons(material: &Material, lists: &mut Lists) -> Result<(), TrainError> {
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows(material, "persons.tsv", true)? {
        let (name, kind, source) = (column(&row, 0), column(&row, 1), column(&row, 3));
        let number = u32::from(source == "openfootball");
        let plain = without_marks(name);
        lists.phrase(&words(name), bit(PHRASE_PERSON, number));
        let parts = words(&plain);
        lists.phrase(&parts, bit(PHRASE_PERSON, number));
        if let [given, .., family] = parts.as_slice() {
            *first.entry(given.clone()).or_default() += 1;
            *last.entry(family.clone()).or_default() += 1;
            if ["news_figure", "us_president", "head_of_state_or_government"].contains(&kind) {
                lists.word(family, LAST_OF_NEWS_FIGURE);
            }
        }
    }
    for row in rows(material, "person_aliases.tsv", true)? {
        lists.phrase(&words(column(&row, 0)), bit(PHRASE_PERSON, 0));
    }
    for (names, field) in [(last, LAST_OF_PERSONS), (first, FIRST_OF_PERSONS)] {
        for (name, count) in names {
            let level = match count {
                0..3 => 1,
                3..10 => 2,
                _ => 3,
            };
            lists.word(&name, value(field, level));
        }
    }
    Ok(())
}

fn heads(material: &Material, lists: &mut Lists) -> Result<(), TrainError> {
    let no_heads: BTreeSet<&str> = NO_HEADS.split_whitespace().collect();
    for row in rows(material, "organisation_words.tsv", true)? {
        let word = column(&row, 0);
        if no_heads.contains(word) {
            continue;
        }
        if column(&row, 1) == "first" {
            lists.word(word, HEAD_FIRST);
            continue;
        }
        let kinds = column(&row, 2);
        let mut flags = HEAD_LAST;
        for kind in kinds.split(',') {
            flags |= bit(HEAD_KINDS, head_kind(kind));
            if kind == "legal" {
                flags |= LEGAL_FORM;
            }
        }
        lists.word(word, flags);
    }
    for row in rows(material, "org_suffixes.tsv", false)? {
        let word = column(&row, 0).replace('.', "");
        lists.word(&word, ORGANISATION_WORD | HEAD_LAST | bit(HEAD_KINDS, 7));
    }
    for word in MORE_LAST.split_whitespace() {
        lists.word(word, HEAD_LAST | bit(HEAD_KINDS, 7));
    }
    for word in MORE_FIRST.split_whitespace() {
        lists.word(word, HEAD_FIRST);
    }
    Ok(())
}
