//! The last search, kept so that `show 3` knows what the third hit was.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::args::ArchiveArgs;
use super::failure::Failure;
use super::{archive, environment, user_file};
use crate::index::Location;
use crate::search::{Archive, Hit, SearchRequest};

/// What was searched, where, and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LastSearch {
    version: u32,
    root: Option<PathBuf>,
    folder: PathBuf,
    request: SearchRequest,
    /// Ranks and identifiers of the hits that were shown.
    hits: Vec<(u64, String)>,
}

const VERSION: u32 = 1;

/// Hits kept of one search at the most.
pub(super) const MOST_HITS: usize = 10_000;

fn file() -> Option<PathBuf> {
    Some(environment::state_folder()?.join("last-search.json"))
}

/// Keeps a search. It is a convenience: where it cannot be kept, nothing is said.
pub(super) fn keep(location: &Location, request: &SearchRequest, hits: &[(u64, String)]) {
    let search = LastSearch {
        version: VERSION,
        root: location.root.clone(),
        folder: location.folder.clone(),
        request: request.clone(),
        hits: hits.iter().take(MOST_HITS).cloned().collect(),
    };
    if let (Some(file), Ok(json)) = (file(), serde_json::to_string(&search)) {
        let _ = user_file::write(&file, &json);
    }
}

/// What [`keep`] wants of a hit.
pub(super) fn kept(hit: &Hit) -> (u64, String) {
    (hit.rank, hit.id.clone())
}

fn load() -> Option<LastSearch> {
    let text = user_file::read_if_there(&file()?).ok()??;
    let search: LastSearch = serde_json::from_str(&text).ok()?;
    (search.version == VERSION).then_some(search)
}

impl LastSearch {
    fn location(&self) -> Location {
        Location { root: self.root.clone(), folder: self.folder.clone() }
    }
}

/// Articles that a person named.
pub(super) struct Named {
    /// The archive that holds them.
    pub(super) archive: Archive,
    /// Their identifiers.
    pub(super) ids: Vec<String>,
    /// The search that found them, where it is known.
    pub(super) search: Option<SearchRequest>,
}

/// Finds out which articles are meant by identifiers, or numbers of hits of the last search.
///
/// The archive is the one that the arguments name, else that of the last search where a number was
/// given, else the one around the current folder, else that of the last search.
pub(super) fn resolve(names: &[String], args: &ArchiveArgs) -> Result<Named, Failure> {
    let last = load();
    let has_number = names.iter().any(|name| number(name).is_some());
    let is_named = args.root.is_some() || args.index.is_some();
    let location = match (&last, archive::locate(args)) {
        (Some(last), _) if has_number && !is_named => last.location(),
        (_, Ok(location)) => location,
        (Some(last), Err(_)) if !is_named => last.location(),
        (_, Err(failure)) => return Err(failure),
    };
    let last = last.filter(|last| last.folder == location.folder);
    let mut ids = Vec::new();
    for name in names {
        ids.push(match number(name) {
            Some(rank) => hit_of(last.as_ref(), rank)?,
            None => name.clone(),
        });
    }
    let found =
        |last: &LastSearch| ids.iter().all(|id| last.hits.iter().any(|(_, hit)| hit == id));
    let search = last.filter(found).map(|last| last.request);
    Ok(Named { archive: Archive::open(&location)?, ids, search })
}

/// A name of digits alone: identifiers begin with a letter.
fn number(name: &str) -> Option<u64> {
    name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok())?
}

fn hit_of(last: Option<&LastSearch>, rank: u64) -> Result<String, Failure> {
    let Some(last) = last else {
        return Err(Failure::new(format!("there is no hit {rank}: no search is remembered"))
            .hint("search first, or give the article's identifier"));
    };
    if let Some((_, id)) = last.hits.iter().find(|(known, _)| *known == rank) {
        return Ok(id.clone());
    }
    let shown = match (last.hits.first(), last.hits.last()) {
        (Some((first, _)), Some((end, _))) if first == end => format!("hit {first} only"),
        (Some((first, _)), Some((end, _))) => format!("hits {first} to {end}"),
        _ => "no hit".to_owned(),
    };
    Err(Failure::new(format!("there is no hit {rank}: the last search showed {shown}")))
}
