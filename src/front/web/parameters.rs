//! The parameters of an address: one table, from which they are read, checked, written into links
//! and described in the `OpenAPI` document.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::problem::{Kind, Problem};
use crate::article::Date;
use crate::entity::EntityKind;
use crate::search::{
    DEFAULT_LIMIT, EntityListRequest, EntitySort, SearchRequest, Sort, Step, TimelineRequest,
};

/// Bytes of a query at most: a page of text, as a long query with `any` may be.
pub(super) const MAX_QUERY: usize = 8 * 1024;
/// Bytes of any other text at most.
const MAX_NAME: usize = 400;
/// Parameters of one address at most.
const MAX_PARAMETERS: usize = 100;
/// Hits of one answer at most, where it is not streamed.
pub(super) const MAX_HITS: usize = 1000;
/// Half a million years: far beyond any archive, well within a float.
const MAX_HALF_LIFE: f32 = 2e8;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// Any text of at most so many bytes.
    Text(usize),
    /// `true` or `false`; the name alone is `true`.
    Flag,
    /// A year, a month or a day.
    Date,
    /// A whole number from 0 to this.
    Whole(usize),
    /// A number of days above 0.
    Days,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// It may be given several times.
    pub(super) repeats: bool,
    pub(super) about: &'static str,
}

impl Parameter {
    const fn one(name: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { name, shape, repeats: false, about }
    }

    const fn many(name: &'static str, about: &'static str) -> Self {
        Self { name, shape: Shape::Text(MAX_NAME), repeats: true, about }
    }

    /// What is wrong with a value.
    fn fault(&self, value: &str) -> Option<String> {
        match self.shape {
            Shape::Text(most) => {
                (value.len() > most).then(|| format!("at most {most} bytes are read"))
            }
            Shape::Flag => flag(value).is_none().then(|| "write true or false".to_owned()),
            Shape::Date => (!value.is_empty() && value.parse::<Date>().is_err())
                .then(|| "write 2013, 2013-02 or 2013-02-05".to_owned()),
            Shape::Whole(most) => whole(value)
                .is_none_or(|number| number > most)
                .then(|| format!("write a whole number from 0 to {most}")),
            Shape::Days => value
                .parse::<f32>()
                .map_or(true, |days| !(days > 0.0 && days <= MAX_HALF_LIFE))
                .then(|| "write a number of days above 0".to_owned()),
            Shape::OneOf(words) => {
                (!words.contains(&value)).then(|| format!("write {}", words.join(", ")))
            }
        }
    }
}

fn flag(value: &str) -> Option<bool> {
    match value {
        "" | "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn whole(value: &str) -> Option<usize> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| value.parse().ok()).flatten()
}

const SORTS: &[&str] = &["relevance", "newest", "oldest"];
const ENTITY_SORTS: &[&str] = &["articles", "name", "rising"];
const STEPS: &[&str] = &["day", "month", "year"];

const Q: Parameter = Parameter::one(
    "q",
    Shape::Text(MAX_QUERY),
    "The query, in the query language; may be left out where a filter is given.",
);
const ANY: Parameter = Parameter::one(
    "any",
    Shape::Flag,
    "Read the query as plain words, alternatives of each other; ranking decides.",
);
const SINCE: Parameter =
    Parameter::one("since", Shape::Date, "No article published wholly before this date.");
const UNTIL: Parameter =
    Parameter::one("until", Shape::Date, "No article published wholly after this date.");
const PERSON: Parameter = Parameter::many("person", "A person; of several, all must appear.");
const ORG: Parameter = Parameter::many("org", "An organisation; of several, all must appear.");
const PLACE: Parameter = Parameter::many("place", "A place; of several, all must appear.");
const SOURCE: Parameter = Parameter::many("source", "A source; of several, any will do.");
const LANG: Parameter = Parameter::many(
    "lang",
    "A language, by ISO 639-1 code or by name; of several, any will do.",
);
const SORT: Parameter = Parameter::one("sort", Shape::OneOf(SORTS), "Order of the hits.");
const LIMIT: Parameter = Parameter::one(
    "limit",
    Shape::Whole(usize::MAX >> 11),
    "How many at most; 0 is all. For `format=json`, at most 1000 and not 0.",
);
const OFFSET: Parameter =
    Parameter::one("offset", Shape::Whole(1 << 31), "How many to pass over first.");
const ALL_COPIES: Parameter = Parameter::one(
    "all-copies",
    Shape::Flag,
    "Show every copy of a story as a hit of its own.",
);
const FACETS: Parameter = Parameter::one(
    "facets",
    Shape::Flag,
    "Count people, places, sources, years, … over all matches.",
);
const CONTEXT: Parameter =
    Parameter::one("context", Shape::Flag, "Give concordance lines (keyword in context).");
const EXPAND: Parameter =
    Parameter::one("expand", Shape::Flag, "Widen the query by words of its best hits.");
const RECENCY: Parameter = Parameter::one(
    "recency",
    Shape::Days,
    "Let an article's weight halve with every so many days of age.",
);
const EXPLAIN: Parameter =
    Parameter::one("explain", Shape::Flag, "Say for each hit how its score came about.");
const FORMAT: Parameter = Parameter::one(
    "format",
    Shape::OneOf(super::export::FORMATS),
    "Form of the answer; all but `json` are streamed, and `limit=0` gives every hit.",
);
const BY: Parameter = Parameter::one(
    "by",
    Shape::OneOf(STEPS),
    "Length of the steps; left out, one that suits the time span.",
);
const PATTERN: Parameter = Parameter::one(
    "pattern",
    Shape::Text(MAX_NAME),
    "Only names with these words, or that match this pattern (`*`, `?`).",
);
const WITH: Parameter = Parameter::one(
    "with",
    Shape::Text(MAX_NAME),
    "Only those that appear in articles with this person.",
);
const ENTITY_SORT: Parameter =
    Parameter::one("sort", Shape::OneOf(ENTITY_SORTS), "Order of the list.");
const LIST_LIMIT: Parameter =
    Parameter::one("limit", Shape::Whole(MAX_HITS), "How many at most.");
const SUGGESTIONS: Parameter =
    Parameter::one("limit", Shape::Whole(50), "How many suggestions at most.");
const TYPED: Parameter =
    Parameter::one("q", Shape::Text(MAX_QUERY), "What has been typed so far.");

/// Parameters of a search.
pub(super) const SEARCH: &[Parameter] = &[
    Q, ANY, SINCE, UNTIL, PERSON, ORG, PLACE, SOURCE, LANG, SORT, LIMIT, OFFSET, ALL_COPIES,
    FACETS, CONTEXT, EXPAND, RECENCY, EXPLAIN, FORMAT,
];
/// Parameters of an article: the search that led to it, whose matches are marked.
pub(super) const ARTICLE: &[Parameter] = &[
    Q, ANY, SINCE, UNTIL, PERSON, ORG, PLACE, SOURCE, LANG, SORT, LIMIT, OFFSET, ALL_COPIES,
    FACETS, CONTEXT, EXPAND, RECENCY, EXPLAIN,
];
/// Parameters of a list of entities.
pub(super) const ENTITIES: &[Parameter] =
    &[PATTERN, WITH, Q, SINCE, UNTIL, ENTITY_SORT, LIST_LIMIT, OFFSET];
/// Parameters of a timeline.
pub(super) const TIMELINE: &[Parameter] =
    &[Q, ANY, SINCE, UNTIL, PERSON, ORG, PLACE, SOURCE, LANG, ALL_COPIES, EXPAND, BY];
/// Parameters of suggestions.
pub(super) const SUGGEST: &[Parameter] = &[TYPED, SUGGESTIONS];
/// Parameters of articles like another.
pub(super) const SIMILAR: &[Parameter] = &[LIST_LIMIT];
/// Parameters of a citation.
pub(super) const CITE: &[Parameter] = &[Parameter::one(
    "format",
    Shape::OneOf(super::export::CITATIONS),
    "Form of the citation.",
)];

/// The parameters of one request, each of the right shape.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments(Vec<(&'static str, String)>);

impl Arguments {
    /// Reads the part of an address behind its `?`.
    pub(super) fn read(query: &str, known: &[Parameter]) -> Result<Self, Problem> {
        let mut arguments = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
                return Err(unknown(&name, known));
            };
            if let Some(hint) = parameter.fault(&value) {
                let shown: String = value.chars().take(60).collect();
                let detail = format!("`{name}` cannot be `{shown}`");
                return Err(Problem::new(Kind::BadParameter, detail).hint(hint));
            }
            // An empty field of a form says nothing.
            if value.is_empty() && parameter.shape != Shape::Flag {
                continue;
            }
            if !parameter.repeats && arguments.text(parameter.name).is_some() {
                let detail = format!("`{name}` is given twice");
                return Err(Problem::new(Kind::BadParameter, detail).hint("give it once"));
            }
            if arguments.0.len() == MAX_PARAMETERS {
                let detail = format!("more than {MAX_PARAMETERS} parameters");
                return Err(Problem::new(Kind::BadParameter, detail).hint("ask for less"));
            }
            arguments.0.push((parameter.name, value.into_owned()));
        }
        Ok(arguments)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    fn all(&self, name: &str) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for (given, value) in &self.0 {
            if *given == name && !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    }

    fn flag(&self, name: &str) -> bool {
        self.text(name).and_then(flag).unwrap_or(false)
    }

    pub(super) fn whole(&self, name: &str) -> Option<usize> {
        self.text(name).and_then(whole)
    }

    fn date(&self, name: &str) -> Option<Date> {
        self.text(name).and_then(|value| value.parse().ok())
    }

    /// The search; `today` is in days since 1970-01-01.
    pub(super) fn search(&self, today: i32) -> SearchRequest {
        SearchRequest {
            snippets: true,
            text: self.owned(Q.name).unwrap_or_default(),
            any: self.flag(ANY.name),
            since: self.date(SINCE.name),
            until: self.date(UNTIL.name),
            person: self.all(PERSON.name),
            org: self.all(ORG.name),
            place: self.all(PLACE.name),
            source: self.all(SOURCE.name),
            lang: self.all(LANG.name),
            sort: match self.text(SORT.name) {
                Some("newest") => Sort::Newest,
                Some("oldest") => Sort::Oldest,
                _ => Sort::Relevance,
            },
            limit: self.whole(LIMIT.name).unwrap_or(DEFAULT_LIMIT),
            offset: self.whole(OFFSET.name).unwrap_or(0),
            all_copies: self.flag(ALL_COPIES.name),
            facets: self.flag(FACETS.name),
            context: self.flag(CONTEXT.name),
            expand: self.flag(EXPAND.name),
            recency: self.text(RECENCY.name).and_then(|days| days.parse().ok()),
            today: Some(today),
            explain: self.flag(EXPLAIN.name),
        }
    }

    pub(super) fn entities(&self, kind: EntityKind) -> EntityListRequest {
        let default = EntityListRequest::default();
        EntityListRequest {
            kind,
            pattern: self.owned(PATTERN.name),
            with: self.owned(WITH.name),
            text: self.owned(Q.name).unwrap_or_default(),
            since: self.date(SINCE.name),
            until: self.date(UNTIL.name),
            sort: match self.text(ENTITY_SORT.name) {
                Some("name") => EntitySort::Name,
                Some("rising") => EntitySort::Rising,
                _ => EntitySort::Articles,
            },
            limit: match self.whole(LIST_LIMIT.name) {
                Some(0) => MAX_HITS,
                Some(limit) => limit,
                None => default.limit,
            },
            offset: self.whole(OFFSET.name).unwrap_or(0),
        }
    }

    pub(super) fn timeline(&self, today: i32) -> TimelineRequest {
        let by = match self.text(BY.name) {
            Some("day") => Some(Step::Day),
            Some("month") => Some(Step::Month),
            Some("year") => Some(Step::Year),
            _ => None,
        };
        TimelineRequest { search: self.search(today), by }
    }
}

fn unknown(name: &str, known: &[Parameter]) -> Problem {
    // Below this likeness the guess would be noise.
    const LIKE_ENOUGH: f64 = 0.75;
    let shown: String = name.chars().take(60).collect();
    let nearest = known
        .iter()
        .map(|parameter| (strsim::jaro_winkler(&shown, parameter.name), parameter.name))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    let hint = match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "none is read here".to_owned(),
        None => {
            let names: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
            format!("known are {}", names.join(", "))
        }
    };
    Problem::new(Kind::UnknownParameter, format!("no parameter `{shown}`")).hint(hint)
}

/// The parameters of a search as they stand behind the `?`, what is usual left out.
pub(super) fn written(request: &SearchRequest) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    if !request.text.is_empty() {
        pairs.append_pair(Q.name, &request.text);
    }
    for (name, values) in [
        (PERSON.name, &request.person),
        (ORG.name, &request.org),
        (PLACE.name, &request.place),
        (SOURCE.name, &request.source),
        (LANG.name, &request.lang),
    ] {
        for value in values {
            pairs.append_pair(name, value);
        }
    }
    for (name, date) in [(SINCE.name, request.since), (UNTIL.name, request.until)] {
        if let Some(date) = date {
            pairs.append_pair(name, &date.to_string());
        }
    }
    match request.sort {
        Sort::Relevance => {}
        Sort::Newest => {
            pairs.append_pair(SORT.name, "newest");
        }
        Sort::Oldest => {
            pairs.append_pair(SORT.name, "oldest");
        }
    }
    for (name, given) in [
        (ANY.name, request.any),
        (ALL_COPIES.name, request.all_copies),
        (CONTEXT.name, request.context),
        (EXPAND.name, request.expand),
        (EXPLAIN.name, request.explain),
    ] {
        if given {
            pairs.append_pair(name, "true");
        }
    }
    if let Some(days) = request.recency {
        pairs.append_pair(RECENCY.name, &days.to_string());
    }
    if request.limit != DEFAULT_LIMIT {
        pairs.append_pair(LIMIT.name, &request.limit.to_string());
    }
    if request.offset > 0 {
        pairs.append_pair(OFFSET.name, &request.offset.to_string());
    }
    pairs.finish()
}

/// `path?parameters` of a search, without the `?` where there are none.
pub(super) fn link(path: &str, request: &SearchRequest) -> String {
    let parameters = written(request);
    if parameters.is_empty() { path.to_owned() } else { format!("{path}?{parameters}") }
}

/// What RFC 3986 lets stand in a segment of a path, and no more.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// The path of an entity's page.
pub(super) fn entity_path(kind: EntityKind, name: &str) -> String {
    let mut path = format!("/{}/", word(kind));
    // A segment of dots alone would be taken for a step in the path.
    if name.bytes().all(|byte| byte == b'.') {
        for _ in name.bytes() {
            path.push_str("%2E");
        }
    } else {
        let _ = write!(path, "{}", utf8_percent_encode(name, SEGMENT));
    }
    path
}

/// How a kind is called in parameters and addresses.
pub(super) fn word(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => PERSON.name,
        EntityKind::Organisation => ORG.name,
        EntityKind::Place => PLACE.name,
    }
}

/// How the list of a kind is called in addresses.
pub(super) fn plural(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "people",
        EntityKind::Organisation => "orgs",
        EntityKind::Place => "places",
    }
}

/// A search for the articles that name this entity.
pub(super) fn about(kind: EntityKind, name: &str) -> SearchRequest {
    let mut request = SearchRequest::default();
    names_mut(&mut request, kind).push(name.to_owned());
    request
}

/// The names of a kind that a search asks for.
pub(super) fn names_mut(request: &mut SearchRequest, kind: EntityKind) -> &mut Vec<String> {
    match kind {
        EntityKind::Person => &mut request.person,
        EntityKind::Organisation => &mut request.org,
        EntityKind::Place => &mut request.place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<SearchRequest, Problem> {
        Arguments::read(query, SEARCH).map(|arguments| arguments.search(0))
    }

    #[test]
    fn a_written_search_is_read_back_as_it_was() {
        for query in [
            "",
            "q=%22peace+talks%22+OR+%C3%BC&person=John+Kerry&person=A+%26+B&since=2013-02",
            "q=x&sort=oldest&any=true&all-copies=true&context=true&recency=30.5&limit=25&offset=50",
            "org=%2F..%2F&place=a%3Db&source=c%23d&lang=en&lang=fr&until=1987&explain=true",
        ] {
            let request = read(query).unwrap();
            assert_eq!(read(&written(&request)).unwrap(), request, "{query}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_hint() {
        for (query, kind, hint) in [
            ("persn=x", Kind::UnknownParameter, "did you mean `person`?"),
            ("since=yesterday", Kind::BadParameter, "write 2013, 2013-02 or 2013-02-05"),
            ("limit=-1", Kind::BadParameter, "write a whole number from 0 to"),
            ("sort=best", Kind::BadParameter, "write relevance, newest, oldest"),
            ("recency=inf", Kind::BadParameter, "write a number of days above 0"),
            ("q=a&q=b", Kind::BadParameter, "give it once"),
        ] {
            let problem = read(query).unwrap_err();
            assert_eq!(problem.kind, kind, "{query}");
            assert!(problem.hint.unwrap_or_default().starts_with(hint), "{query}");
        }
        assert!(read(&format!("q={}", "a".repeat(MAX_QUERY + 1))).is_err());
        assert!(read(&"person=a&".repeat(MAX_PARAMETERS + 1)).is_err());
    }

    #[test]
    fn the_path_of_an_entity_has_no_steps_and_no_second_segment() {
        assert_eq!(entity_path(EntityKind::Person, "John Kerry"), "/person/John%20Kerry");
        assert_eq!(entity_path(EntityKind::Place, ".."), "/place/%2E%2E");
        assert_eq!(entity_path(EntityKind::Organisation, "A/B?c#d"), "/org/A%2FB%3Fc%23d");
    }
}
