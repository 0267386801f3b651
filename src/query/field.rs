//! The fields of the query language: the one table that parsing, help and documentation
//! read.

use super::ast::{Attribute, EntityKind, Zone};

/// A field: what stands before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, as `interpreted` writes it.
    pub name: &'static str,
    /// Other names that are read as this one.
    pub aliases: &'static [&'static str],
    /// What its clause asks.
    pub kind: FieldKind,
    /// What it finds, in one line.
    pub help: &'static str,
    /// A clause that shows it.
    pub example: &'static str,
}

/// What the clause of a field asks, and so what its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A query put to a part of the article.
    Scope(Zone),
    /// The name of an entity.
    Entity(EntityKind),
    /// A text that an attribute of the article is compared with.
    Attribute(Attribute),
    /// A date or a range of dates.
    Date,
    /// A number of words or a range.
    Words,
    /// `true` or `false`; `true` when left out.
    Undated,
}

/// Every field, in the order in which help lists them.
pub const FIELDS: &[Field] = &[
    Field {
        name: "title",
        aliases: &["headline", "head"],
        kind: FieldKind::Scope(Zone::Title),
        help: "in the headline",
        example: "title:(nuclear OR missile*)",
    },
    Field {
        name: "body",
        aliases: &["text"],
        kind: FieldKind::Scope(Zone::Body),
        help: "in the text under the headline",
        example: "body:\"press conference\"",
    },
    Field {
        name: "lead",
        aliases: &["intro"],
        kind: FieldKind::Scope(Zone::Lead),
        help: "in the first paragraphs; also LEAD(…)",
        example: "lead:(talks W/10 collapse*)",
    },
    Field {
        name: "person",
        aliases: &["people", "persons"],
        kind: FieldKind::Entity(EntityKind::Person),
        help: "a person, in any form of the name",
        example: "person:\"John Kerry\"",
    },
    Field {
        name: "org",
        aliases: &["orgs", "organisation", "organization", "company"],
        kind: FieldKind::Entity(EntityKind::Organisation),
        help: "an organisation, in any form of the name",
        example: "org:\"World Bank\"",
    },
    Field {
        name: "place",
        aliases: &["places", "location"],
        kind: FieldKind::Entity(EntityKind::Place),
        help: "a place, in any form of the name",
        example: "place:\"North Korea\"",
    },
    Field {
        name: "source",
        aliases: &["paper", "newspaper", "publication"],
        kind: FieldKind::Attribute(Attribute::Source),
        help: "the newspaper or agency",
        example: "source:(Reuters OR \"Le Monde\")",
    },
    Field {
        name: "by",
        aliases: &["byline", "author"],
        kind: FieldKind::Attribute(Attribute::Byline),
        help: "who wrote it",
        example: "by:\"Jane Smith\"",
    },
    Field {
        name: "section",
        aliases: &["desk"],
        kind: FieldKind::Attribute(Attribute::Section),
        help: "the section of the paper",
        example: "section:business",
    },
    Field {
        name: "lang",
        aliases: &["language"],
        kind: FieldKind::Attribute(Attribute::Language),
        help: "the language, by its code or name",
        example: "lang:fr",
    },
    Field {
        name: "date",
        aliases: &["published"],
        kind: FieldKind::Date,
        help: "when it was published: a year, month, day or range",
        example: "date:2012-02..2013",
    },
    Field {
        name: "words",
        aliases: &["length", "wordcount"],
        kind: FieldKind::Words,
        help: "how long it is",
        example: "words:>500",
    },
    Field {
        name: "undated",
        aliases: &[],
        kind: FieldKind::Undated,
        help: "articles without a date; undated:false, those with one",
        example: "undated:true",
    },
];

impl Field {
    /// The field of this name or alias, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Field> {
        FIELDS.iter().find(|field| field.names().any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The field whose name this may be a misspelling of: one edit away, or two for names
    /// of five letters and more.
    #[must_use]
    pub fn nearest(name: &str) -> Option<&'static Field> {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        let allowed = match letters.len() {
            3..=4 => 1,
            5..=16 => 2,
            _ => return None,
        };
        let distance = |field: &Field| field.names().map(|known| edits(&letters, known)).min();
        FIELDS
            .iter()
            .filter_map(|field| distance(field).map(|edits| (edits, field)))
            .filter(|(edits, _)| *edits <= allowed)
            .min_by_key(|(edits, _)| *edits)
            .map(|(_, field)| field)
    }

    /// The field of a zone, an entity kind, an attribute, ….
    pub(super) fn name_of(kind: FieldKind) -> &'static str {
        FIELDS.iter().find(|field| field.kind == kind).map_or("", |field| field.name)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The optimal string alignment distance: insertions, deletions, substitutions, and swaps
/// of neighbours, each counting one.
fn edits(letters: &[char], known: &str) -> usize {
    let known: Vec<char> = known.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=known.len()).collect();
    let mut previous_letter = None;
    for (row, &letter) in letters.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_known = None;
        let mut left = row + 1;
        for (column, &wanted) in known.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let diagonal = at(&last, column);
            let substituted = diagonal.saturating_add(usize::from(letter != wanted));
            let above = at(&last, column + 1);
            let mut cost = substituted.min(above.saturating_add(1)).min(left + 1);
            let swapped = previous_letter == Some(wanted) && previous_known == Some(letter);
            if swapped && column > 0 {
                cost = cost.min(at(&before_last, column - 1).saturating_add(1));
            }
            current.push(cost);
            left = cost;
            previous_known = Some(wanted);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(letters.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_fields_are_recognised_and_other_words_are_not() {
        let nearest = |name: &str| Field::nearest(name).map(|field| field.name);
        for (name, field) in [
            ("persn", Some("person")),
            ("preson", Some("person")),
            ("titel", Some("title")),
            ("oragnisation", Some("org")),
            ("soruce", Some("source")),
            ("data", Some("date")),
            ("http", None),
            ("re", None),
            ("note", None),
            ("warning", None),
        ] {
            assert_eq!(nearest(name), field, "{name}");
        }
    }

    #[test]
    fn no_two_fields_share_a_name() {
        let mut names: Vec<&str> = FIELDS.iter().flat_map(Field::names).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
