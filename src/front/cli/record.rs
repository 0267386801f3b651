//! `search --record` and `replay`: a search that can be cited, and checked again.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::args::ReplayArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{ADDED, BOLD as EDITED, REMOVED, visible};
use super::{archive, environment, json, user_file};
use crate::index::Location;
use crate::search::{Archive, SearchError, SearchRequest};
use crate::text::{counted, grouped};

const VERSION: u32 = 1;

/// A search as it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    version: u32,
    /// Version of the program.
    newshound: String,
    /// When, in UTC.
    recorded: String,
    /// The archive's root.
    archive: Option<PathBuf>,
    /// The index's folder.
    index: PathBuf,
    /// State of the index: its last commit, and how many articles it held.
    generation: String,
    articles: u64,
    request: SearchRequest,
    interpreted: String,
    total: u64,
    /// Every hit, best first.
    hits: Vec<RecordedHit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RecordedHit {
    id: String,
    path: String,
    title: String,
    /// Hash of headline and text, so that an edit is noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// What tells a record's version, whatever else the version holds.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

fn carry_out(archive: &Archive, request: &SearchRequest) -> Result<Record, Failure> {
    let mistake = |error: SearchError| Failure::of_search(error, &request.text);
    let all = SearchRequest {
        limit: 0,
        offset: 0,
        facets: false,
        context: false,
        explain: false,
        ..request.clone()
    };
    let head = archive.search(&SearchRequest { limit: 1, ..all.clone() }).map_err(mistake)?;
    let mut hits = Vec::new();
    let mut note = |hit: crate::search::Hit| {
        hits.push(RecordedHit { id: hit.id, path: hit.path, title: hit.title, text: None });
        ControlFlow::Continue(())
    };
    let query = archive.stream(&all, &mut note).map_err(mistake)?;
    for hit in &mut hits {
        let article = archive.article(&hit.id, None)?;
        hit.text = Some(fingerprint(&[&article.hit.title, &article.body]));
    }
    let location = archive.location();
    Ok(Record {
        version: VERSION,
        newshound: env!("CARGO_PKG_VERSION").to_owned(),
        recorded: environment::timestamp(),
        archive: location.root.clone(),
        index: location.folder.clone(),
        generation: archive.generation(),
        articles: archive.status()?.articles,
        request: request.clone(),
        interpreted: query.interpreted,
        total: head.total,
        hits,
    })
}

/// The beginning of a hash: long enough that no edit is missed by accident.
fn fingerprint(texts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// Writes the record of a search: all its hits, whatever page was shown.
pub(super) fn record(
    archive: &Archive,
    request: &SearchRequest,
    file: &Path,
) -> Result<(), Failure> {
    let record = carry_out(archive, request)?;
    let text = serde_json::to_string_pretty(&record)
        .map_err(|error| Failure::new(format!("the record could not be made: {error}")))?;
    user_file::write(file, &format!("{text}\n"))
}

/// What a search finds now that it did not find when it was recorded, and the other way round.
#[derive(Debug, PartialEq, Serialize)]
struct Comparison {
    version: u32,
    changed: bool,
    recorded: String,
    request: SearchRequest,
    interpreted: [String; 2],
    generation: [String; 2],
    articles: [u64; 2],
    total: [u64; 2],
    /// Hits that are new.
    came: Vec<RecordedHit>,
    /// Hits that are gone, and whether the archive still has the article.
    went: Vec<Gone>,
    /// Hits of both whose text has changed.
    edited: Vec<RecordedHit>,
    /// Hits of both whose order among each other has changed.
    reordered: u64,
}

#[derive(Debug, PartialEq, Serialize)]
struct Gone {
    #[serde(flatten)]
    hit: RecordedHit,
    in_archive: bool,
}

/// `replay FILE`.
pub(super) fn replay(args: &ReplayArgs, context: &mut Context) -> Result<Exit, Failure> {
    let text = user_file::read(&args.file)?;
    let broken = |error: serde_json::Error| {
        Failure::new(format!("`{}` is no record of a search: {error}", args.file.display()))
            .hint("`newshound search --record FILE` writes one")
    };
    let Versioned { version } = serde_json::from_str(&text).map_err(broken)?;
    if version != VERSION {
        return Err(Failure::new(format!("the record is of version {version}, not {VERSION}"))
            .hint("replay it with the version of newshound that wrote it"));
    }
    let then: Record = serde_json::from_str(&text).map_err(broken)?;
    let is_named = args.archive.root.is_some() || args.archive.index.is_some();
    let recorded = Location { root: then.archive.clone(), folder: then.index.clone() };
    let location = if is_named {
        archive::locate(&args.archive)?
    } else if recorded.engine().is_dir() {
        recorded
    } else {
        let gone = format!("the archive of the record is not at `{}` now", place(&recorded));
        let nearest = archive::locate(&args.archive)
            .map_err(|_| Failure::new(gone.clone()).hint("name it with `--in FOLDER`"))?;
        context.notes.warning(&format!("{gone}: `{}` is searched", place(&nearest)));
        nearest
    };
    let archive = Archive::open(&location)?;
    // The day that `--recency` counts from is not part of a request.
    let today = then.request.recency.map(|_| environment::today());
    let request = SearchRequest { today, ..then.request.clone() };
    let now = carry_out(&archive, &request)?;
    let comparison = compare(then, now, |id| archive.article(id, None).is_ok());
    let exit = Exit::found(!(args.exit_code && comparison.changed));
    if args.json {
        json::write(&comparison, context)?;
    } else {
        let text = describe(&comparison, context);
        context.out.text(&text)?;
    }
    Ok(exit)
}

/// The folder that an archive is known by.
fn place(location: &Location) -> std::path::Display<'_> {
    location.root.as_ref().unwrap_or(&location.folder).display()
}

fn compare(then: Record, now: Record, is_known: impl Fn(&str) -> bool) -> Comparison {
    let ids = |record: &Record| -> HashSet<String> {
        record.hits.iter().map(|hit| hit.id.clone()).collect()
    };
    let (ids_then, ids_now) = (ids(&then), ids(&now));
    let kept = |record: &Record| -> Vec<String> {
        let both = |hit: &&RecordedHit| ids_then.contains(&hit.id) && ids_now.contains(&hit.id);
        record.hits.iter().filter(both).map(|hit| hit.id.clone()).collect()
    };
    let moved = kept(&then).iter().zip(kept(&now)).filter(|(a, b)| *a != b).count();
    let texts: HashMap<&str, &str> = then
        .hits
        .iter()
        .filter_map(|hit| Some((hit.id.as_str(), hit.text.as_deref()?)))
        .collect();
    let is_edited = |hit: &&RecordedHit| {
        texts.get(hit.id.as_str()).is_some_and(|then| hit.text.as_deref() != Some(then))
    };
    let edited: Vec<RecordedHit> = now.hits.iter().filter(is_edited).cloned().collect();
    let came: Vec<RecordedHit> =
        now.hits.into_iter().filter(|hit| !ids_then.contains(&hit.id)).collect();
    let went: Vec<Gone> = then
        .hits
        .into_iter()
        .filter(|hit| !ids_now.contains(&hit.id))
        .map(|hit| Gone { in_archive: is_known(&hit.id), hit })
        .collect();
    let changed = !came.is_empty()
        || !went.is_empty()
        || !edited.is_empty()
        || moved > 0
        || then.interpreted != now.interpreted
        || then.total != now.total;
    Comparison {
        version: VERSION,
        changed,
        recorded: then.recorded,
        request: then.request,
        interpreted: [then.interpreted, now.interpreted],
        generation: [then.generation, now.generation],
        articles: [then.articles, now.articles],
        total: [then.total, now.total],
        came,
        went,
        edited,
        reordered: moved as u64,
    }
}

fn describe(comparison: &Comparison, context: &Context) -> String {
    let look = context.look;
    let [interpreted_then, interpreted_now] = &comparison.interpreted;
    let [articles_then, articles_now] = comparison.articles;
    let [total_then, total_now] = comparison.total;
    let mut text = format!(
        "{}\nrecorded {}: {} of {}\n",
        visible(interpreted_then),
        visible(&comparison.recorded),
        counted(total_then, "hit", "hits"),
        counted(articles_then, "article", "articles"),
    );
    if !comparison.changed {
        let articles = if articles_now == articles_then {
            "the archive holds as many articles".to_owned()
        } else {
            format!("the archive holds {} now", counted(articles_now, "article", "articles"))
        };
        let _ = writeln!(text, "unchanged: the same hits in the same order; {articles}");
        return text;
    }
    let _ = writeln!(
        text,
        "now: {} of {}",
        counted(total_now, "hit", "hits"),
        counted(articles_now, "article", "articles"),
    );
    if interpreted_now != interpreted_then {
        let _ = writeln!(text, "now read as: {}", visible(interpreted_now));
    }
    let line = |sign: &str, style, hit: &RecordedHit, end: &str| {
        let entry =
            format!("{sign} {}  {} ({}){end}", hit.id, visible(&hit.title), visible(&hit.path));
        format!("{}\n", look.paint(style, &entry))
    };
    for hit in &comparison.came {
        text.push_str(&line("+", ADDED, hit, ""));
    }
    for gone in &comparison.went {
        let end =
            if gone.in_archive { ", no hit any more" } else { ", not in the archive any more" };
        text.push_str(&line("-", REMOVED, &gone.hit, end));
    }
    for hit in &comparison.edited {
        text.push_str(&line("~", EDITED, hit, ", its text has changed"));
    }
    if comparison.reordered > 0 {
        let hits = grouped(comparison.reordered);
        let _ = writeln!(text, "another order: {hits} of the hits of both have another place");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(ids: &[&str]) -> Record {
        let hit = |id: &&str| RecordedHit {
            id: (*id).to_owned(),
            path: format!("{id}.txt"),
            title: id.to_uppercase(),
            text: None,
        };
        Record {
            version: VERSION,
            newshound: String::new(),
            recorded: "2024-05-01T10:00:00Z".to_owned(),
            archive: None,
            index: PathBuf::new(),
            generation: "1".to_owned(),
            articles: 9,
            request: SearchRequest::default(),
            interpreted: "talks".to_owned(),
            total: ids.len() as u64,
            hits: ids.iter().map(hit).collect(),
        }
    }

    #[test]
    fn a_replay_tells_what_came_and_went() {
        let check = |then: &[&str], now: &[&str], came: &[&str], went: &[&str], moved: u64| {
            let comparison = compare(recorded(then), recorded(now), |id| id == "kept");
            let ids: Vec<&str> = comparison.came.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(ids, came);
            let ids: Vec<&str> =
                comparison.went.iter().map(|gone| gone.hit.id.as_str()).collect();
            assert_eq!(ids, went);
            assert_eq!(comparison.reordered, moved);
            assert_eq!(comparison.changed, then != now);
            assert!(comparison.went.iter().all(|g| g.in_archive == (g.hit.id == "kept")));
        };
        check(&["a", "b"], &["a", "b"], &[], &[], 0);
        check(&["a", "b"], &["new", "a", "b"], &["new"], &[], 0);
        check(&["a", "kept", "gone"], &["a"], &[], &["kept", "gone"], 0);
        check(&["a", "b", "c"], &["b", "a", "c"], &[], &[], 2);
    }
}
