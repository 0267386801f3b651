//! What an archive answers: the JSON shapes that every front end shows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::request::Step;
use crate::article::{Date, Precision};
use crate::entity::EntityKind;

/// Version of the JSON shapes; raised when a key changes its meaning or goes.
pub const JSON_VERSION: u32 = 1;

/// Answer to a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchResponse {
    /// Version of this shape.
    pub version: u32,
    /// The query as it was read.
    pub query: QueryInfo,
    /// How many there are in all: groups of copies, or articles with `all_copies`.
    pub total: u64,
    /// Time it took, in milliseconds.
    pub took_ms: f64,
    /// The page of hits.
    pub hits: Vec<Hit>,
    /// Counts over all matches, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

/// How a query was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryInfo {
    /// As typed.
    pub text: String,
    /// As understood, in the query language.
    pub interpreted: String,
    /// No article has all the words: those with the most of them are shown.
    pub relaxed: bool,
    /// What a person should know about the answer.
    pub warnings: Vec<String>,
}

/// An entity of an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EntityCount {
    /// Its name (the identity's, where the archive knows it by a fuller one).
    pub name: String,
    /// Its mentions in the article.
    pub mentions: u32,
}

/// A passage of an article with its matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Snippet {
    /// `title`, `body` or `caption`.
    pub field: String,
    /// The passage, on one line.
    pub text: String,
    /// Matches in it: first character and the one after the last, in Unicode scalar values.
    pub highlights: Vec<[usize; 2]>,
}

/// A keyword in context: one occurrence of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContextLine {
    /// What stands before it.
    pub left: String,
    /// The match.
    pub keyword: String,
    /// What stands after it.
    pub right: String,
}

/// Another copy of the same story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Copy {
    /// Its identifier.
    pub id: String,
    /// Its file.
    pub path: String,
    /// Its headline.
    pub title: String,
    /// Who published it.
    pub source: Option<String>,
    /// When.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
}

/// A part of a score: a value, in words, and the parts it is made of (their sum, unless the words
/// say product).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(no_recursion)]
pub struct Explanation {
    /// Its value.
    pub value: f32,
    /// What it is.
    pub reason: String,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Explanation>,
}

/// One hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// Its place in the whole list, from 1.
    pub rank: u64,
    /// Its score.
    pub score: f32,
    /// The article's identifier.
    pub id: String,
    /// Its file, relative to the archive's root.
    pub path: String,
    /// Its place inside that file, where the file holds several.
    pub member: Option<String>,
    /// Headline.
    pub title: String,
    /// Date of publication.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// How precise that date is.
    #[schema(value_type = Option<String>)]
    pub date_precision: Option<Precision>,
    /// Newspaper, agency or site.
    pub source: Option<String>,
    /// Authors.
    pub byline: Vec<String>,
    /// Section.
    pub section: Option<String>,
    /// Page.
    pub page: Option<String>,
    /// Address on the web.
    pub url: Option<String>,
    /// Language, ISO 639-1.
    pub language: Option<String>,
    /// Words of the body.
    pub words: u32,
    /// State of the text, where the file says.
    pub status: Option<String>,
    /// People named in it.
    pub people: Vec<EntityCount>,
    /// Organisations named in it.
    pub organisations: Vec<EntityCount>,
    /// Places named in it.
    pub places: Vec<EntityCount>,
    /// The best passages.
    pub snippets: Vec<Snippet>,
    /// Other copies of the same story.
    pub copies: Vec<Copy>,
    /// Concordance lines, where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<ContextLine>,
    /// How the score came about, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explanation>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// How many of the matches have it.
    pub count: u64,
}

/// Counts over all matches, most frequent first (years and months: earliest first).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// People.
    pub person: Vec<FacetCount>,
    /// Organisations.
    pub organisation: Vec<FacetCount>,
    /// Places.
    pub place: Vec<FacetCount>,
    /// Sources.
    pub source: Vec<FacetCount>,
    /// Sections.
    pub section: Vec<FacetCount>,
    /// Languages.
    pub language: Vec<FacetCount>,
    /// Years.
    pub year: Vec<FacetCount>,
    /// Months.
    pub month: Vec<FacetCount>,
}

/// A stretch of an article's text that is marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// First character, in Unicode scalar values of the text.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// What is marked.
    #[serde(flatten)]
    pub what: MarkKind,
}

/// Why a stretch is marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "lowercase")]
pub enum MarkKind {
    /// It matches the search.
    Match,
    /// It names somebody or something.
    Entity {
        /// What kind.
        #[schema(value_type = String)]
        kind: EntityKind,
        /// The name by which the archive knows it.
        name: String,
    },
}

/// A whole article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArticleView {
    /// Version of this shape.
    pub version: u32,
    /// All that a hit shows (rank, score, snippets and copies are those of no search).
    #[serde(flatten)]
    pub hit: Hit,
    /// Place (and agency) that the text opens with.
    pub dateline: Option<String>,
    /// Edition.
    pub edition: Option<String>,
    /// Captions of pictures.
    pub captions: Vec<String>,
    /// The text; a blank line between paragraphs.
    pub body: String,
    /// Marks in the headline, rising, never overlapping within one kind.
    pub title_marks: Vec<Mark>,
    /// Marks in the text.
    pub body_marks: Vec<Mark>,
}

/// One person, organisation or place of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EntityRow {
    /// Its name.
    pub name: String,
    /// Articles that name it.
    pub articles: u64,
    /// Other forms found, most frequent first.
    pub forms: Vec<String>,
    /// First and last date of those articles.
    #[schema(value_type = Option<Vec<String>>)]
    pub span: Option<[Date; 2]>,
}

/// A list of people, organisations or places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EntityList {
    /// Version of this shape.
    pub version: u32,
    /// The kind.
    #[schema(value_type = String)]
    pub kind: EntityKind,
    /// How many there are in all.
    pub total: u64,
    /// What a person should know about the answer.
    pub warnings: Vec<String>,
    /// This page of them.
    pub entities: Vec<EntityRow>,
}

/// Somebody or something that appears with an entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Companion {
    /// Kind.
    #[schema(value_type = String)]
    pub kind: EntityKind,
    /// Name.
    pub name: String,
    /// Articles that name both.
    pub articles: u64,
    /// Strength of the association: Dunning's log-likelihood ratio.
    pub strength: f32,
}

/// A role or title written with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// As written (`Secretary of State`).
    pub role: String,
    /// Articles that use it with the name.
    pub articles: u64,
    /// First and last date of those articles.
    #[schema(value_type = Option<Vec<String>>)]
    pub span: Option<[Date; 2]>,
}

/// What the archive knows of one person, organisation or place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// Version of this shape.
    pub version: u32,
    /// Kind.
    #[schema(value_type = String)]
    pub kind: EntityKind,
    /// Name.
    pub name: String,
    /// Articles that name it.
    pub articles: u64,
    /// What a person should know about the answer (what the name was taken for, who else bears it).
    pub warnings: Vec<String>,
    /// Forms found, with the articles that use them.
    pub forms: Vec<FacetCount>,
    /// Articles per year, earliest first.
    pub years: Vec<FacetCount>,
    /// Roles and titles, most frequent first.
    pub roles: Vec<Role>,
    /// Who and what appears with it, strongest first.
    pub companions: Vec<Companion>,
    /// The articles most about it.
    pub hits: Vec<Hit>,
}

/// One step of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimelineStep {
    /// The day, month or year.
    #[schema(value_type = String)]
    pub date: Date,
    /// Articles of the search.
    pub count: u64,
    /// Articles of the whole archive.
    pub archive: u64,
    /// The archive itself holds so little here that a gap means nothing.
    pub thin: bool,
}

/// Articles over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    /// Version of this shape.
    pub version: u32,
    /// The query as it was read.
    pub query: QueryInfo,
    /// Length of the steps.
    pub by: Step,
    /// All dated matches.
    pub total: u64,
    /// Matches without a date, or with one less precise than a step (they are in no step).
    pub undated: u64,
    /// The steps, earliest first, without gaps.
    pub steps: Vec<TimelineStep>,
}

/// A completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// `person`, `organisation`, `place`, `source` or `phrase`.
    pub kind: String,
    /// The completed text.
    pub text: String,
    /// Articles with it.
    pub articles: u64,
    /// The clause of the query language that searches for it.
    pub query: String,
}

/// A file that could not be read, or an oddity of one that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The place in it.
    pub member: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
}

/// What the archive holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Version of this shape.
    pub version: u32,
    /// Articles.
    pub articles: u64,
    /// Files recorded (with or without articles).
    pub files: u64,
    /// Size of the index on disk, in bytes.
    pub index_bytes: u64,
    /// Articles by format.
    pub formats: Vec<FacetCount>,
    /// Articles by source.
    pub sources: Vec<FacetCount>,
    /// Articles by language.
    pub languages: Vec<FacetCount>,
    /// Articles by year.
    pub years: Vec<FacetCount>,
    /// Articles by month.
    pub months: Vec<FacetCount>,
    /// Articles without a date.
    pub undated: u64,
    /// People, organisations and places known.
    pub people: u64,
    /// Organisations known.
    pub organisations: u64,
    /// Places known.
    pub places: u64,
    /// Files skipped or failed, and oddities of others.
    pub problems: Vec<Problem>,
}
