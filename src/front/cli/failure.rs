//! Why a command failed: the one place where the errors of all stages are put into words, with what
//! to do about them.

use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::corpus::CorpusError;
use crate::entity::ModelError;
use crate::front::{tui, web};
use crate::index::{IndexError, NoIndex};
use crate::ingest::IngestError;
use crate::query::ParseError;
use crate::search::SearchError;

/// Why a command stopped.
#[derive(Debug)]
pub(super) enum Failure {
    /// Whoever read standard output has enough: no reason to complain.
    ReaderGone,
    /// Something to tell.
    Told(Box<Trouble>),
}

/// What went wrong, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trouble {
    /// One line, in lower case.
    pub(super) message: String,
    /// The text that is wrong, with a mark under the place.
    pub(super) excerpt: Option<String>,
    /// What to do.
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self::Told(Box::new(Trouble { message: message.into(), ..Trouble::default() }))
    }

    /// The same with advice.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Told(trouble) => {
                Self::Told(Box::new(Trouble { hint: Some(hint.into()), ..*trouble }))
            }
            Self::ReaderGone => Self::ReaderGone,
        }
    }

    /// A search that failed; a mistake in `text`, the query, is shown in its place.
    pub(super) fn of_search(error: SearchError, text: &str) -> Self {
        match error {
            SearchError::Query(error) => Self::of_query(&error, text),
            error => error.into(),
        }
    }

    fn of_query(error: &ParseError, text: &str) -> Self {
        let excerpt = (!text.trim().is_empty()).then(|| error.render(text));
        let hint = error
            .hint()
            .or_else(|| Some("`newshound search --help` shows the query language".to_owned()));
        Self::Told(Box::new(Trouble { message: error.to_string(), excerpt, hint }))
    }

    /// A file of the user's (not of the archive) that cannot be used.
    pub(super) fn of_file(path: &Path, action: &str, error: &io::Error) -> Self {
        Self::new(format!("cannot {action} `{}`: {}", path.display(), reason(error)))
    }
}

/// Writing to standard output has failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::new(format!("cannot write to standard output: {}", reason(&error)))
        }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Query(error) => Self::of_query(&error, ""),
            SearchError::Index(error) => error.into(),
            error => {
                let hint = error.hint();
                let failure = Self::new(with_causes(&error));
                match hint {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        }
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        let hint = match &error {
            IndexError::Missing(_) => HOW_TO_INDEX.to_owned(),
            IndexError::Incompatible(_) => {
                "rebuild it with `newshound index --full FOLDER`; people.toml and saved searches \
                 stay"
                .to_owned()
            }
            IndexError::Locked(_) => {
                "wait for it to end; what it has committed can be searched meanwhile".to_owned()
            }
            IndexError::Io { source, .. } => disk_hint(source.kind()).to_owned(),
            IndexError::Writing(_) => "is the disk full? the last commit is kept: free some space \
                and run the same command again"
                .to_owned(),
            IndexError::Record(_) | IndexError::Engine { .. } => {
                "`newshound check` says what is wrong, `newshound check --repair` rebuilds"
                    .to_owned()
            }
        };
        Self::new(with_causes(&error)).hint(hint)
    }
}

const HOW_TO_INDEX: &str = "make one with `newshound index FOLDER`, or name the archive with \
                            `--in FOLDER`";

fn disk_hint(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "keep the index where you may write: `--index DIR`"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room, or keep the index elsewhere with `--index DIR`; what was committed is safe"
        }
        _ => {
            "what was committed is safe; try again, or keep the index elsewhere with `--index DIR`"
        }
    }
}

impl From<NoIndex> for Failure {
    fn from(error: NoIndex) -> Self {
        Self::new(error.to_string()).hint(HOW_TO_INDEX)
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Index(error) => error.into(),
            IngestError::Corpus(error) => error.into(),
            error @ IngestError::NoRoot => {
                Self::new(error.to_string()).hint("name the archive's folder as well")
            }
            error @ IngestError::Model(_) => Self::new(with_causes(&error)),
        }
    }
}

impl From<CorpusError> for Failure {
    fn from(error: CorpusError) -> Self {
        let hint = match &error {
            CorpusError::Missing(_) => Some("check the spelling"),
            CorpusError::NotAFolder(_) => {
                Some("name the folder that holds it; `newshound extract` reads single files")
            }
            CorpusError::Unreadable { source, .. }
                if source.kind() == io::ErrorKind::PermissionDenied =>
            {
                Some("ask its owner for the permission to read it")
            }
            _ => None,
        };
        let failure = Self::new(with_causes(&error));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::new(with_causes(&error))
    }
}

impl From<tui::BrowseError> for Failure {
    fn from(error: tui::BrowseError) -> Self {
        Self::new(with_causes(&error)).hint("`newshound search` works without one")
    }
}

impl From<web::ServeError> for Failure {
    fn from(error: web::ServeError) -> Self {
        let failure = Self::new(with_causes(&error));
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// An error and what caused it, on one line.
pub(super) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = match cause.downcast_ref::<io::Error>() {
            Some(error) => reason(error),
            None => cause.to_string(),
        };
        // Writing to a String cannot fail.
        if !text.contains(&words) {
            let _ = write!(text, ": {words}");
        }
        source = cause.source();
    }
    text
}

/// What the operating system said, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => error.kind().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(failure: Failure) -> Trouble {
        match failure {
            Failure::Told(trouble) => *trouble,
            Failure::ReaderGone => panic!("nothing is told"),
        }
    }

    #[test]
    fn a_reader_that_has_enough_is_no_error() {
        let gone = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(matches!(gone, Failure::ReaderGone));
        let full = told(io::Error::from(io::ErrorKind::StorageFull).into());
        assert_eq!(full.message, "cannot write to standard output: no storage space");
    }

    #[test]
    fn every_trouble_with_the_index_says_what_to_do() {
        let folder = std::path::PathBuf::from("a/.newshound");
        let denied = io::Error::from_raw_os_error(13);
        for (error, message, hint) in [
            (IndexError::Missing(folder.clone()), "no index in", "newshound index FOLDER"),
            (IndexError::Incompatible(folder.clone()), "another version", "--full"),
            (IndexError::Locked(folder.clone()), "another process", "wait"),
            (
                IndexError::Io { path: folder, source: denied },
                "permission denied",
                "--index DIR",
            ),
        ] {
            let trouble = told(error.into());
            assert!(trouble.message.contains(message), "{trouble:?}");
            assert!(trouble.hint.is_some_and(|text| text.contains(hint)), "{message}");
        }
    }

    #[test]
    fn a_mistake_in_a_query_is_shown_in_its_place() {
        let text = "persn:kerry";
        let error = crate::query::parse(text).unwrap_err();
        let trouble = told(Failure::of_search(SearchError::Query(error), text));
        assert_eq!(trouble.message, "unknown field persn:");
        assert_eq!(trouble.excerpt.as_deref(), Some("persn:kerry\n^^^^^^"));
        assert_eq!(trouble.hint.as_deref(), Some("did you mean person:?"));
    }
}
