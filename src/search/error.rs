//! Why a search could not be answered.

use std::path::PathBuf;

use tantivy::TantivyError;

use super::tables::TablesError;
use crate::entity::people_file::PeopleFileError;
use crate::index::IndexError;
use crate::query::{DateError, ParseError};

/// Why a search could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query has a mistake.
    #[error("{0}")]
    Query(ParseError),
    /// A filter holds no letter or digit.
    #[error("the filter `{0}` names nothing")]
    EmptyFilter(String),
    /// `since` comes after `until`.
    #[error("dates of the filter: {0}")]
    DateRange(DateError),
    /// There is no article of that identifier.
    #[error("there is no article `{0}`")]
    NoSuchArticle(String),
    /// Nobody and nothing of that name is known.
    #[error("no {kind} named `{name}` is known")]
    NoSuchEntity {
        /// Kind.
        kind: &'static str,
        /// Name.
        name: String,
    },
    /// The stored form of an article cannot be read.
    #[error("an article of the index cannot be read")]
    DamagedArticle,
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The tables of names and copies cannot be made.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// The user's rulings on names have a mistake.
    #[error("`{}`: {source}", path.display())]
    PeopleFile {
        /// The file.
        path: PathBuf,
        /// The mistake.
        source: PeopleFileError,
    },
    /// The user's rulings on names cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    PeopleFileUnread {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The engine says no.
    #[error("the index cannot be searched")]
    Engine(#[from] TantivyError),
}

impl SearchError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Query(error) => error.hint(),
            Self::EmptyFilter(_) => Some("give at least one letter or digit".to_owned()),
            Self::DateRange(_) => Some("let `since` be the earlier date".to_owned()),
            Self::NoSuchArticle(_) => Some(
                "identifiers are shown with every hit; it may have gone with its file"
                    .to_owned(),
            ),
            Self::NoSuchEntity { kind, .. } => {
                Some(format!("list those that are known: `newshound {}`", list_command(kind)))
            }
            Self::DamagedArticle | Self::Engine(_) => {
                Some("prove the index sound: `newshound check`".to_owned())
            }
            Self::PeopleFile { .. } => Some("mend that line, or take it out".to_owned()),
            Self::PeopleFileUnread { .. } => {
                Some("save it as text in UTF-8 that you may read, or move it away".to_owned())
            }
            Self::Index(_) | Self::Tables(_) => None,
        }
    }

    /// Whether another request would do, and the archive is in order.
    #[must_use]
    pub fn is_users_fault(&self) -> bool {
        match self {
            Self::Query(_)
            | Self::EmptyFilter(_)
            | Self::DateRange(_)
            | Self::NoSuchArticle(_)
            | Self::NoSuchEntity { .. } => true,
            Self::DamagedArticle
            | Self::PeopleFile { .. }
            | Self::PeopleFileUnread { .. }
            | Self::Index(_)
            | Self::Tables(_)
            | Self::Engine(_) => false,
        }
    }
}

fn list_command(kind: &str) -> &'static str {
    match kind {
        "organisation" => "orgs",
        "place" => "places",
        _ => "people",
    }
}
