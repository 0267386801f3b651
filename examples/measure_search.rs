//! Measures what searches cost, beside the engine's own for the same queries.
//!
//!     cargo run --release --example measure_search -- ARCHIVE SCRATCH QUERIES
//!
//! `ARCHIVE` has an index; `QUERIES` has a query a line. `SCRATCH` is a folder for a bare index of
//! the same articles (headline and text as one field of English stems; source, and people as the
//! archive has them, as string columns), which is made where it is not there yet.
//!
//! For each query it prints the articles found, and in milliseconds, the least of several runs:
//! ten hits; hits and facets; hits, facets and timeline; then of the engine alone, all words
//! required: its ten best and their number; the same and one terms aggregation over sources; over
//! people. The last two columns are hits, facets and timeline as a multiple of those two.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a command-line tool: it reads files and prints"
)]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use anyhow::bail;
use newshound::index::Location;
use newshound::search::{Archive, SearchRequest};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser};
use tantivy::schema::{IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

/// Runs of each measurement; the least time is taken.
const RUNS: usize = 9;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, scratch, queries] = arguments.as_slice() else {
        bail!("ARCHIVE, SCRATCH and QUERIES are needed")
    };
    let (folder, scratch) = (Path::new(folder), Path::new(scratch));
    let archive = Archive::open(&Location::of(folder, None))?;
    if !scratch.join("meta.json").exists() {
        std::fs::create_dir_all(scratch)?;
        index(&archive, scratch)?;
    }
    let bare = Index::open_in_dir(scratch)?;
    let searcher = bare.reader()?.searcher();
    let mut parser = QueryParser::for_index(&bare, vec![bare.schema().get_field("text")?]);
    parser.set_conjunction_by_default();
    let terms = |field: &str| -> anyhow::Result<Aggregations> {
        let terms = serde_json::json!({"values": {"terms": {"field": field, "size": 20}}});
        Ok(serde_json::from_value(terms)?)
    };
    let (sources, people) = (terms("source")?, terms("person")?);

    println!(
        "{:<32} {:>9} {:>8} {:>8} {:>8} | {:>8} {:>8} {:>8} | {:>6} {:>6}",
        "query",
        "articles",
        "hits",
        "facets",
        "and time",
        "engine",
        "sources",
        "people",
        "",
        ""
    );
    for line in std::fs::read_to_string(queries)?.lines() {
        let request = SearchRequest { text: line.to_owned(), ..SearchRequest::default() };
        let facets = SearchRequest { facets: true, ..request.clone() };
        let mut total = 0;
        let hits = least(|| {
            total = archive.search(&request)?.total;
            Ok(())
        })?;
        let counted = least(|| Ok(archive.search(&facets).map(drop)?))?;
        let timed = least(|| Ok(archive.search_over_time(&facets).map(drop)?))?;
        print!("{line:<32} {total:>9} {hits:>8.2} {counted:>8.2} {timed:>8.2} |");
        let Ok(query) = parser.parse_query(line) else {
            println!(" the engine's parser does not read this");
            continue;
        };
        let alone = least(|| best(&searcher, &*query, None))?;
        let by_source = least(|| best(&searcher, &*query, Some(&sources)))?;
        let by_person = least(|| best(&searcher, &*query, Some(&people)))?;
        println!(
            " {alone:>8.2} {by_source:>8.2} {by_person:>8.2} | {:>6.1} {:>6.1}",
            timed / by_source,
            timed / by_person
        );
    }
    Ok(())
}

fn best(
    searcher: &Searcher,
    query: &dyn Query,
    terms: Option<&Aggregations>,
) -> anyhow::Result<()> {
    let ten = TopDocs::with_limit(10).order_by_score();
    match terms {
        None => drop(searcher.search(query, &(ten, Count))?),
        Some(terms) => {
            let terms = AggregationCollector::from_aggs(
                terms.clone(),
                tantivy::aggregation::AggContextParams::default(),
            );
            drop(searcher.search(query, &(ten, Count, terms))?);
        }
    }
    Ok(())
}

/// The least of the runs, in milliseconds.
fn least(mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let begin = Instant::now();
        run()?;
        least = least.min(begin.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(least)
}

/// Indexes an archive's articles barely.
fn index(archive: &Archive, folder: &Path) -> anyhow::Result<()> {
    let mut schema = Schema::builder();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let stems = TextFieldIndexing::default().set_tokenizer("en_stem");
    let stems = stems.set_index_option(positions);
    let text =
        schema.add_text_field("text", TextOptions::default().set_indexing_options(stems));
    let source = schema.add_text_field("source", STRING | tantivy::schema::FAST);
    let person = schema.add_text_field("person", STRING | tantivy::schema::FAST);
    let index = Index::create_in_dir(folder, schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 400_000_000)?;
    let all = SearchRequest {
        text: "*".to_owned(),
        limit: 0,
        all_copies: true,
        snippets: false,
        ..SearchRequest::default()
    };
    let mut failure = None;
    archive.stream(&all, &mut |hit| {
        let add = || -> anyhow::Result<()> {
            let article = archive.article(&hit.id, None)?;
            let mut document = TantivyDocument::default();
            document.add_text(text, format!("{}\n{}", article.hit.title, article.body));
            if let Some(name) = &article.hit.source {
                document.add_text(source, name);
            }
            for name in &article.hit.people {
                document.add_text(person, &name.name);
            }
            writer.add_document(document)?;
            Ok(())
        };
        match add() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
