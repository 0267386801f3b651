//! What is searched for: the query as typed, and what the facet pane and the keys add to it.

use crate::article::{Date, DateError};
use crate::entity::EntityKind;
use crate::search::{FacetCount, Facets, Hit, SearchRequest, Sort};

/// Hits asked for at a time.
pub(super) const PAGE: usize = 50;

/// What the facet pane can filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet {
    Entity(EntityKind),
    Source,
    Year,
    Language,
}

impl Facet {
    /// Every facet, in the order in which they are shown.
    pub(super) const ALL: [Self; 6] = [
        Self::Entity(EntityKind::Person),
        Self::Entity(EntityKind::Organisation),
        Self::Entity(EntityKind::Place),
        Self::Source,
        Self::Year,
        Self::Language,
    ];

    /// The heading of its values.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Entity(EntityKind::Person) => "People",
            Self::Entity(EntityKind::Organisation) => "Organisations",
            Self::Entity(EntityKind::Place) => "Places",
            Self::Source => "Sources",
            Self::Year => "Years",
            Self::Language => "Languages",
        }
    }

    /// The field of the query language that holds its values.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Entity(EntityKind::Person) => "person",
            Self::Entity(EntityKind::Organisation) => "org",
            Self::Entity(EntityKind::Place) => "place",
            Self::Source => "source",
            Self::Year => "date",
            Self::Language => "lang",
        }
    }

    /// Its counts among those of an answer.
    pub(super) fn counts(self, facets: &Facets) -> &[FacetCount] {
        match self {
            Self::Entity(EntityKind::Person) => &facets.person,
            Self::Entity(EntityKind::Organisation) => &facets.organisation,
            Self::Entity(EntityKind::Place) => &facets.place,
            Self::Source => &facets.source,
            Self::Year => &facets.year,
            Self::Language => &facets.language,
        }
    }
}

/// How a value of a facet filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Included,
    Excluded,
}

/// A search as the browser knows it: it becomes a [`SearchRequest`] in [`Search::request`] and
/// nowhere else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Search {
    /// The text, the named people and so on, dates and order.
    base: SearchRequest,
    /// Years chosen, any of them.
    years: Vec<String>,
    /// Values that no hit may have.
    excluded: Vec<(Facet, String)>,
    /// The text as it is searched for while its last word may still be half typed.
    unfinished: Option<Unfinished>,
}

/// A text whose last word stands for all that begin with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// The word as far as it is typed.
    pub(super) word: String,
    /// The whole text, in the query language.
    text: String,
}

impl Unfinished {
    /// Reads a text with the cursor at its end; `None` where the last word cannot be the
    /// beginning of another: it is a number, a connector, a value of a field that names no words,
    /// or ends in a sign.
    pub(super) fn read(text: &str) -> Option<Self> {
        // Shorter ones begin too many words to be of use.
        const FEWEST_LETTERS: usize = 2;
        let start = text
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphabetic() || is_mark(*c))
            .last()
            .map(|(at, _)| at)?;
        let (before, word) = text.split_at_checked(start)?;
        let is_in_quotes = before.matches(['"', '“', '”']).count() % 2 == 1;
        let begins_anew = match before.chars().next_back() {
            None => true,
            Some(sign) if sign.is_whitespace() => true,
            Some('(' | '"' | '“' | '-') => true,
            Some(':') => ["title:", "body:", "lead:"].iter().any(|field| {
                before.strip_suffix(field).is_some_and(|rest| {
                    !rest.chars().next_back().is_some_and(char::is_alphanumeric)
                })
            }),
            Some(_) => false,
        };
        let is_operator = !is_in_quotes && is_operator(word);
        if !begins_anew || is_operator || word.chars().count() < FEWEST_LETTERS {
            return None;
        }
        let text = if is_in_quotes {
            format!("{before}{word}*")
        } else {
            // Inflections of the word itself are found as well, as they will be in the end.
            format!("{before}({word} OR {word}*)")
        };
        Some(Self { word: word.to_owned(), text })
    }
}

/// Accents that stand on the letter before them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A word in capitals that joins others, or the beginning of one.
fn is_operator(word: &str) -> bool {
    let operators = ["AND", "OR", "NOT", "PRE", "PERSON", "ORG", "PLACE", "ATLEAST", "LEAD"];
    operators.iter().any(|operator| operator.starts_with(word))
}

impl Search {
    /// A search that was given with the command.
    pub(super) fn new(base: SearchRequest) -> Self {
        Self { base, ..Self::default() }
    }

    /// What is asked of the archive for the hits from `offset` on.
    pub(super) fn request(&self, offset: usize) -> SearchRequest {
        let mut clauses: Vec<String> = self
            .excluded
            .iter()
            .map(|(facet, value)| format!("-{}", clause(*facet, value)))
            .collect();
        match self.years.as_slice() {
            [] => {}
            [year] => clauses.push(clause(Facet::Year, year)),
            years => {
                let any: Vec<String> =
                    years.iter().map(|year| clause(Facet::Year, year)).collect();
                clauses.push(format!("({})", any.join(" OR ")));
            }
        }
        // In front of the text, whose last quote or parenthesis may still be open; and AND binds
        // most loosely, so the text needs no parentheses.
        let text = self.unfinished.as_ref().map_or(&self.base.text, |typed| &typed.text);
        clauses.push(text.trim().to_owned());
        SearchRequest {
            text: clauses.join(" ").trim().to_owned(),
            limit: PAGE,
            offset,
            facets: offset == 0,
            ..self.base.clone()
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.base.text
    }

    /// Searches for this text, its last word being finished.
    pub(super) fn set_text(&mut self, text: &str) {
        text.clone_into(&mut self.base.text);
        self.unfinished = None;
    }

    /// Searches for this text while the cursor stands behind it: its last word may go on.
    pub(super) fn set_typed(&mut self, text: &str) {
        self.set_text(text);
        self.unfinished = if self.base.any { None } else { Unfinished::read(text) };
    }

    /// The last word, where it stands for all that begin with it.
    pub(super) fn unfinished(&self) -> Option<&str> {
        self.unfinished.as_ref().map(|typed| typed.word.as_str())
    }

    /// Whether nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.base.text.trim().is_empty() && !self.is_filtered()
    }

    /// Whether anything but the text narrows the search.
    pub(super) fn is_filtered(&self) -> bool {
        !self.chosen().is_empty() || self.base.since.is_some() || self.base.until.is_some()
    }

    pub(super) fn sort(&self) -> Sort {
        self.base.sort
    }

    /// Goes on to the next order.
    pub(super) fn next_sort(&mut self) {
        self.base.sort = match self.base.sort {
            Sort::Relevance => Sort::Newest,
            Sort::Newest => Sort::Oldest,
            Sort::Oldest => Sort::Relevance,
        };
    }

    pub(super) fn all_copies(&self) -> bool {
        self.base.all_copies
    }

    pub(super) fn toggle_copies(&mut self) {
        self.base.all_copies = !self.base.all_copies;
    }

    /// The dates as they are typed: `2012..2013-02`, or nothing.
    pub(super) fn dates(&self) -> String {
        match (self.base.since, self.base.until) {
            (None, None) => String::new(),
            (Some(since), Some(until)) if since == until => since.to_string(),
            (since, until) => format!(
                "{}..{}",
                since.map(|date| date.to_string()).unwrap_or_default(),
                until.map(|date| date.to_string()).unwrap_or_default()
            ),
        }
    }

    /// Reads dates as they are typed.
    pub(super) fn set_dates(&mut self, typed: &str) -> Result<(), DateError> {
        let date = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some),
        };
        (self.base.since, self.base.until) =
            if let Some((since, until)) = typed.split_once("..") {
                (date(since)?, date(until)?)
            } else {
                let whole = date(typed)?;
                (whole, whole)
            };
        Ok(())
    }

    /// How a value filters, if it does.
    pub(super) fn choice(&self, facet: Facet, value: &str) -> Option<Choice> {
        if self.excluded.iter().any(|(kind, name)| *kind == facet && name == value) {
            return Some(Choice::Excluded);
        }
        self.included(facet).iter().any(|name| name == value).then_some(Choice::Included)
    }

    /// Includes or excludes a value, or takes that back where it holds already.
    pub(super) fn toggle(&mut self, facet: Facet, value: &str, choice: Choice) {
        let before = self.choice(facet, value);
        self.excluded.retain(|(kind, name)| *kind != facet || name != value);
        self.included_mut(facet).retain(|name| name != value);
        if before == Some(choice) {
            return;
        }
        match choice {
            Choice::Included => self.included_mut(facet).push(value.to_owned()),
            Choice::Excluded => self.excluded.push((facet, value.to_owned())),
        }
    }

    /// Drops every filter; text and order stay.
    pub(super) fn clear_filters(&mut self) {
        for facet in Facet::ALL {
            self.included_mut(facet).clear();
        }
        self.excluded.clear();
        (self.base.since, self.base.until) = (None, None);
    }

    /// Every value that filters.
    pub(super) fn chosen(&self) -> Vec<(Facet, String, Choice)> {
        let included = Facet::ALL.into_iter().flat_map(|facet| {
            self.included(facet).iter().map(move |name| (facet, name.clone(), Choice::Included))
        });
        let excluded =
            self.excluded.iter().map(|(facet, name)| (*facet, name.clone(), Choice::Excluded));
        included.chain(excluded).collect()
    }

    fn included(&self, facet: Facet) -> &[String] {
        match facet {
            Facet::Entity(EntityKind::Person) => &self.base.person,
            Facet::Entity(EntityKind::Organisation) => &self.base.org,
            Facet::Entity(EntityKind::Place) => &self.base.place,
            Facet::Source => &self.base.source,
            Facet::Language => &self.base.lang,
            Facet::Year => &self.years,
        }
    }

    fn included_mut(&mut self, facet: Facet) -> &mut Vec<String> {
        match facet {
            Facet::Entity(EntityKind::Person) => &mut self.base.person,
            Facet::Entity(EntityKind::Organisation) => &mut self.base.org,
            Facet::Entity(EntityKind::Place) => &mut self.base.place,
            Facet::Source => &mut self.base.source,
            Facet::Language => &mut self.base.lang,
            Facet::Year => &mut self.years,
        }
    }
}

/// A clause of the query language. Years need no quotes; in all else the value's own quotes are
/// dropped, for the language has no way to write them inside a phrase.
fn clause(facet: Facet, value: &str) -> String {
    if facet == Facet::Year {
        return format!("{}:{value}", facet.field());
    }
    format!("{}:\"{}\"", facet.field(), value.replace('"', " "))
}

/// The entities of one kind that a hit names.
pub(super) fn entities(hit: &Hit, kind: EntityKind) -> &[crate::search::EntityCount] {
    match kind {
        EntityKind::Person => &hit.people,
        EntityKind::Organisation => &hit.organisations,
        EntityKind::Place => &hit.places,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Facet = Facet::Entity(EntityKind::Person);

    #[test]
    fn filters_stand_in_front_of_a_text_that_may_be_unfinished() {
        let mut search =
            Search::new(SearchRequest { text: "\"peace tal".into(), ..Default::default() });
        search.toggle(PERSON, "John Kerry", Choice::Included);
        search.toggle(Facet::Source, "The \"Sun\"", Choice::Excluded);
        search.toggle(Facet::Year, "2012", Choice::Included);
        search.toggle(Facet::Year, "2014", Choice::Included);
        let request = search.request(0);
        assert_eq!(request.text, "-source:\"The  Sun \" (date:2012 OR date:2014) \"peace tal");
        assert_eq!(request.person, ["John Kerry"]);
        assert!(request.facets && !search.request(50).facets);
    }

    #[test]
    fn a_last_word_stands_for_all_that_begin_with_it() {
        let check = |typed: &str, wanted: Option<&str>| {
            let mut search = Search::default();
            search.set_typed(typed);
            assert_eq!(search.text(), typed);
            assert_eq!(search.request(0).text, wanted.unwrap_or(typed.trim()), "{typed}");
            search.set_text(typed);
            assert_eq!(search.request(0).text, typed.trim());
        };
        check("peace tal", Some("peace (tal OR tal*)"));
        check("\"peace tal", Some("\"peace tal*"));
        check("a W/5 nucl", Some("a W/5 (nucl OR nucl*)"));
        check("-(title:nucl", Some("-(title:(nucl OR nucl*)"));
        check("élec", Some("(élec OR élec*)"));
        for finished in [
            "",
            "k",
            "peace ",
            "peace talks\"",
            "talks W/5",
            "talks AND",
            "talks NO",
            "date:2012",
            "person:ker",
            "subtitle:nucl",
            "nucl*",
            "=nucl",
            "O'Neil",
            "wom?n",
        ] {
            check(finished, None);
        }
    }

    #[test]
    fn a_choice_made_twice_is_taken_back_and_the_other_choice_replaces_it() {
        let mut search = Search::default();
        search.toggle(PERSON, "John Kerry", Choice::Included);
        search.toggle(PERSON, "John Kerry", Choice::Excluded);
        assert_eq!(search.choice(PERSON, "John Kerry"), Some(Choice::Excluded));
        assert!(search.request(0).person.is_empty());
        search.toggle(PERSON, "John Kerry", Choice::Excluded);
        assert!(search.is_empty());
    }

    #[test]
    fn dates_are_read_as_they_are_written() {
        for dates in ["", "2013", "2012..2013-02", "2012-01-31..", "..1999"] {
            let mut search = Search::default();
            search.set_dates(dates).unwrap();
            assert_eq!(search.dates(), dates);
        }
        assert!(Search::default().set_dates("last week").is_err());
    }
}
