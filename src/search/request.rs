//! What can be asked of an archive. Every front end fills in these types and no other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::Date;
use crate::entity::EntityKind;

/// Hits on a page where the reader did not say how many.
pub const DEFAULT_LIMIT: usize = 10;

/// Order of the hits.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Latest date first; undated articles last.
    Newest,
    /// Earliest date first; undated articles last.
    Oldest,
}

/// One search: a query in the query language and filters beside it. All of them must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SearchRequest {
    /// The query; may be empty where a filter is given.
    #[serde(rename = "q")]
    pub text: String,
    /// Read the text as plain words, alternatives of each other; ranking decides.
    pub any: bool,
    /// No article published wholly before this date.
    #[schema(value_type = Option<String>)]
    pub since: Option<Date>,
    /// No article published wholly after this date.
    #[schema(value_type = Option<String>)]
    pub until: Option<Date>,
    /// Names of people: all must appear.
    pub person: Vec<String>,
    /// Names of organisations: all must appear.
    pub org: Vec<String>,
    /// Names of places: all must appear.
    pub place: Vec<String>,
    /// Sources: any of them.
    pub source: Vec<String>,
    /// Languages, by ISO 639-1 code or by name: any of them.
    pub lang: Vec<String>,
    /// Order of the hits.
    pub sort: Sort,
    /// How many hits at most; 0 is all.
    pub limit: usize,
    /// How many hits to pass over first.
    pub offset: usize,
    /// Show every copy of a story as a hit of its own.
    pub all_copies: bool,
    /// Count people, places, sources, years, … over all matches.
    pub facets: bool,
    /// Give snippets; fronts that show none ask for none, as marking an article costs more than
    /// finding it.
    #[serde(skip)]
    pub snippets: bool,
    /// Give concordance lines (keyword in context).
    pub context: bool,
    /// Widen the query by words of its best hits (pseudo-relevance feedback).
    pub expand: bool,
    /// Let an article's weight halve with every so many days of age against `today`.
    pub recency: Option<f32>,
    /// The day that `recency` counts from, in days since 1970-01-01; fronts set it from the clock.
    #[serde(skip)]
    pub today: Option<i32>,
    /// Say for each hit how its score came about.
    pub explain: bool,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            text: String::new(),
            any: false,
            since: None,
            until: None,
            person: Vec::new(),
            org: Vec::new(),
            place: Vec::new(),
            source: Vec::new(),
            lang: Vec::new(),
            sort: Sort::default(),
            limit: DEFAULT_LIMIT,
            offset: 0,
            all_copies: false,
            facets: false,
            snippets: true,
            context: false,
            expand: false,
            recency: None,
            today: None,
            explain: false,
        }
    }
}

/// Order of a list of entities.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum EntitySort {
    /// Most articles first.
    #[default]
    Articles,
    /// By name.
    Name,
    /// Those whose share of the articles has grown most in the last quarter of the time span.
    Rising,
}

/// A list of people, organisations or places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct EntityListRequest {
    /// Which kind.
    #[schema(value_type = String)]
    pub kind: EntityKind,
    /// Only names with these words, or that match this pattern (`*`, `?`).
    pub pattern: Option<String>,
    /// Only those that appear in articles with this person.
    pub with: Option<String>,
    /// Only articles that match this query count.
    #[serde(rename = "q")]
    pub text: String,
    /// Only articles since then count.
    #[schema(value_type = Option<String>)]
    pub since: Option<Date>,
    /// Only articles until then count.
    #[schema(value_type = Option<String>)]
    pub until: Option<Date>,
    /// Order of the list.
    pub sort: EntitySort,
    /// How many at most; 0 is all.
    pub limit: usize,
    /// How many to pass over first.
    pub offset: usize,
}

impl Default for EntityListRequest {
    fn default() -> Self {
        Self {
            kind: EntityKind::Person,
            pattern: None,
            with: None,
            text: String::new(),
            since: None,
            until: None,
            sort: EntitySort::default(),
            limit: 50,
            offset: 0,
        }
    }
}

/// Length of a timeline's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Days.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// Articles over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct TimelineRequest {
    /// Which articles count; an empty search counts all.
    #[serde(flatten)]
    pub search: SearchRequest,
    /// Length of the steps; left out, one that suits the time span.
    pub by: Option<Step>,
}
