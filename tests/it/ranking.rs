//! Ranking on the sample archive, kept as a golden file: whoever changes ranking sees in the
//! difference which wanted article went up or down.
//!
//! `ranking/golden.txt` holds queries and the articles wanted for each, chosen by reading them,
//! with the rank at which each was found. `[words]` and `[people]` are in the query language,
//! `[questions]` in plain words that are alternatives of each other. With
//! `NEWSHOUND_ACCEPT_RANKING=1` the test writes the file anew instead of comparing it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use newshound::corpus::Limits;
use newshound::index::Location;
use newshound::ingest::{self, Options, Progress};
use newshound::search::{Archive, SearchRequest};

/// Recall is told at this rank, and ranks are looked for down to it.
const DEPTH: usize = 10;

struct Query {
    section: String,
    text: String,
    wanted: Vec<String>,
}

fn queries(golden: &str) -> Vec<Query> {
    let mut queries: Vec<Query> = Vec::new();
    let mut section = String::new();
    let mut is_new = true;
    for line in golden.lines().take_while(|line| !line.starts_with("recall@")) {
        if line.starts_with('[') {
            line.clone_into(&mut section);
            is_new = true;
        } else if line.trim().is_empty() {
            is_new = true;
        } else if is_new {
            queries.push(Query {
                section: section.clone(),
                text: line.to_owned(),
                wanted: Vec::new(),
            });
            is_new = false;
        } else if let (Some(query), Some(path)) =
            (queries.last_mut(), line.split_whitespace().last())
        {
            query.wanted.push(path.to_owned());
        }
    }
    queries
}

fn golden_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ranking/golden.txt")
}

/// The texts of all queries of the golden file.
pub(crate) fn golden_queries() -> Vec<String> {
    let golden = std::fs::read_to_string(golden_file()).unwrap();
    queries(&golden).into_iter().map(|query| query.text).collect()
}

/// The rank of each wanted article; a copy that is folded into a hit has the hit's.
fn ranks(archive: &Archive, query: &Query) -> Vec<Option<u64>> {
    let request = SearchRequest {
        text: query.text.clone(),
        any: query.section == "[questions]",
        limit: DEPTH,
        ..SearchRequest::default()
    };
    let hits = archive.search(&request).unwrap().hits;
    let holds = |hit: &newshound::search::Hit, path: &str| {
        hit.path == path || hit.copies.iter().any(|copy| copy.path == path)
    };
    let rank = |path: &String| hits.iter().find(|hit| holds(hit, path)).map(|hit| hit.rank);
    query.wanted.iter().map(rank).collect()
}

/// The sample archive, indexed into a folder of its own.
pub(crate) struct Sample {
    pub(crate) archive: Archive,
    _folder: tempfile::TempDir,
}

/// Indexes the sample archive.
pub(crate) fn sample_archive() -> Sample {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus");
    let folder = tempfile::tempdir().unwrap();
    let location = Location::of(&root, Some(folder.path()));
    let options = Options {
        location: location.clone(),
        full: false,
        threads: None,
        limits: Limits::default(),
        // Later than every article: dates in the future are not believed.
        now: 1_780_000_000_000_000_000,
    };
    ingest::run(&options, &Progress::default()).unwrap();
    Sample { archive: Archive::open(&location).unwrap(), _folder: folder }
}

#[test]
fn wanted_articles_keep_their_ranks() {
    let golden = std::fs::read_to_string(golden_file()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus");
    let Sample { archive, .. } = &sample_archive();

    let mut text = String::new();
    let mut sums: Vec<(String, f64, f64, f64)> = Vec::new();
    for query in queries(&golden) {
        if sums.last().is_none_or(|(section, ..)| *section != query.section) {
            writeln!(text, "{}", query.section).unwrap();
            sums.push((query.section.clone(), 0.0, 0.0, 0.0));
        }
        writeln!(text, "{}", query.text).unwrap();
        let ranks = ranks(archive, &query);
        for (path, rank) in query.wanted.iter().zip(&ranks) {
            assert!(root.join(path).is_file(), "{path} is not in the archive");
            let rank = rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            writeln!(text, "{rank:>4}  {path}").unwrap();
        }
        writeln!(text).unwrap();
        let sum = sums.last_mut().unwrap();
        sum.1 += 1.0;
        sum.2 += ranks.iter().flatten().count() as f64 / ranks.len() as f64;
        sum.3 += ranks.iter().flatten().min().map_or(0.0, |rank| 1.0 / *rank as f64);
    }
    for (section, queries, recall, reciprocal) in sums {
        let (recall, mrr) = (recall / queries, reciprocal / queries);
        writeln!(text, "recall@{DEPTH} {recall:.3}, MRR {mrr:.3}: {queries} queries {section}")
            .unwrap();
    }
    if std::env::var_os("NEWSHOUND_ACCEPT_RANKING").is_some() {
        std::fs::write(golden_file(), &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(golden_file()).unwrap());
}
