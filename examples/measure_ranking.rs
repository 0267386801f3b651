//! Measures ranking on a judged collection, beside plain BM25 over the same texts.
//!
//!     cargo run --release --example measure_ranking -- FOLDER [CONSTANT=VALUE ...]
//!
//! `FOLDER` holds
//!
//! - `articles/`, in any formats that newshound reads; it is indexed into `FOLDER/index`, and only
//!   what changed since the last time is read again;
//! - sets of queries, one a line, `id TAB query`: `NAME.queries` in the query language,
//!   `NAME.words` in plain words that are alternatives of each other (`search --any`);
//! - for each set `NAME.qrels`, its judgements as TREC has them: `query-id 0 article relevance`.
//!   The article goes by the name of its item (`<DOCNO>`), or by its path in `articles/` without
//!   the extension. A relevance below 0 leaves the article out of that query's ranking: the query
//!   was made from it.
//!
//! For each set it prints, over all its queries with a relevant article and the best 1,000 hits,
//! mean average precision, nDCG@10, the mean reciprocal rank of the first relevant hit, and
//! recall; below it the same of BM25 (k1 1.2, b 0.75) over headline and text as one field, English
//! stems, any of the words. `CONSTANT=VALUE` ranks with another value of a constant of
//! [`Tuning`]; the last argument may be `-v`, for the figures of each query.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a command-line tool: it reads files and prints"
)]

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use newshound::index::Location;
use newshound::ingest::{self, Options, Progress};
use newshound::search::{Archive, Hit, SearchRequest, Tuning};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    Value as _,
};
use tantivy::tokenizer::TokenStream as _;
use tantivy::{Index, Searcher, TantivyDocument, Term, doc};

/// Hits of each query that are looked at.
const DEPTH: usize = 1000;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, settings @ ..] = arguments.as_slice() else { bail!("FOLDER is needed") };
    let folder = Path::new(folder);
    let mut tuning = Tuning::default();
    let mut verbose = false;
    for setting in settings {
        match setting.split_once('=') {
            Some((name, value)) => set(&mut tuning, name, value)?,
            None => verbose = setting == "-v",
        }
    }

    let location = Location::of(&folder.join("articles"), Some(&folder.join("index")));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let options = Options {
        location: location.clone(),
        full: false,
        threads: None,
        limits: newshound::corpus::Limits::default(),
        now: now.as_nanos().try_into()?,
    };
    ingest::run(&options, &Progress::default())?;
    Archive::store_tables(&location)?;
    let archive = Archive::open(&location)?.with_tuning(tuning);
    let plain = PlainBm25::of(&archive)?;

    println!(
        "{:<24} {:>7} {:>7} {:>7} {:>7} {:>7}",
        "set", "queries", "MAP", "nDCG@10", "MRR", "recall"
    );
    for (name, text, any) in sets(folder)? {
        let judged = judgements(&folder.join(format!("{name}.qrels")))?;
        let (mut ours, mut plains) = (Figures::default(), Figures::default());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (id, query) = line.split_once('\t').context("a query line holds no tab")?;
            let Some(judged) = judged.get(id) else { continue };
            let request = SearchRequest {
                text: query.to_owned(),
                any,
                limit: DEPTH,
                all_copies: true,
                snippets: false,
                ..SearchRequest::default()
            };
            let mut hits = Vec::new();
            archive.stream(&request, &mut |hit| {
                hits.push(name_of(&hit));
                std::ops::ControlFlow::Continue(())
            })?;
            let figures = Figures::of(&hits, judged);
            let of_plain = Figures::of(&plain.search(query)?, judged);
            if verbose {
                let of = |figures: &Figures| figures.map;
                println!("{id:<24} {:>7.4} plain {:>7.4}", of(&figures), of(&of_plain));
            }
            ours.add(&figures);
            plains.add(&of_plain);
        }
        ours.print(&name);
        plains.print("  plain BM25");
    }
    Ok(())
}

fn set(tuning: &mut Tuning, name: &str, value: &str) -> anyhow::Result<()> {
    match name {
        "k1" => tuning.k1 = value.parse()?,
        "long_k1" => tuning.long_k1 = value.parse()?,
        "title_weight" => tuning.title_weight = value.parse()?,
        "title_b" => tuning.title_b = value.parse()?,
        "body_b" => tuning.body_b = value.parse()?,
        "proximity" => tuning.proximity = value.parse()?,
        "lead" => tuning.lead = value.parse()?,
        "feedback_share" => tuning.feedback_share = value.parse()?,
        "feedback_hits" => tuning.feedback_hits = value.parse()?,
        "feedback_words" => tuning.feedback_words = value.parse()?,
        "name_words" => tuning.name_words = value.parse()?,
        "name_title" => tuning.name_title = value.parse()?,
        "name_lead" => tuning.name_lead = value.parse()?,
        "name_body" => tuning.name_body = value.parse()?,
        "name_k" => tuning.name_k = value.parse()?,
        "name_b" => tuning.name_b = value.parse()?,
        _ => bail!("no constant `{name}`"),
    }
    Ok(())
}

/// The sets of queries of a folder: name, text, and whether they are plain words.
fn sets(folder: &Path) -> anyhow::Result<Vec<(String, String, bool)>> {
    let mut sets = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let any = match path.extension().and_then(|extension| extension.to_str()) {
            Some("queries") => false,
            Some("words") => true,
            _ => continue,
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        sets.push((name, std::fs::read_to_string(&path)?, any));
    }
    sets.sort();
    ensure!(!sets.is_empty(), "no set of queries in {}", folder.display());
    Ok(sets)
}

type Judged = BTreeMap<String, i32>;

fn judgements(file: &Path) -> anyhow::Result<BTreeMap<String, Judged>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let mut judged: BTreeMap<String, Judged> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [query, _, article, relevance] = fields.as_slice() else {
            bail!("{}: not a judgement: {line}", file.display());
        };
        judged
            .entry((*query).to_owned())
            .or_default()
            .insert((*article).to_owned(), relevance.parse()?);
    }
    Ok(judged)
}

fn name_of(hit: &Hit) -> String {
    hit.member.clone().unwrap_or_else(|| {
        Path::new(&hit.path).with_extension("").to_string_lossy().into_owned()
    })
}

/// Sums over queries.
#[derive(Default)]
struct Figures {
    queries: u32,
    map: f64,
    ndcg: f64,
    mrr: f64,
    recall: f64,
}

impl Figures {
    /// Of one query; nothing where no article is relevant to it.
    fn of(hits: &[String], judged: &Judged) -> Self {
        let mut gains: Vec<i32> = judged.values().copied().filter(|gain| *gain > 0).collect();
        gains.sort_unstable_by_key(|gain| std::cmp::Reverse(*gain));
        if gains.is_empty() {
            return Self::default();
        }
        let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
        let gained = |gains: &[i32]| -> f64 {
            let best = gains.iter().take(10).enumerate();
            best.map(|(rank, gain)| f64::from((*gain).max(0)) * discount(rank)).sum()
        };
        let found: Vec<i32> = hits
            .iter()
            .map(|hit| judged.get(hit).copied().unwrap_or(0))
            .filter(|gain| *gain >= 0)
            .collect();
        let (mut relevant, mut precisions, mut first) = (0.0, 0.0, None);
        for (rank, gain) in (1..).zip(&found) {
            if *gain > 0 {
                relevant += 1.0;
                precisions += relevant / f64::from(rank);
                first = first.or(Some(1.0 / f64::from(rank)));
            }
        }
        let all = gains.len() as f64;
        Self {
            queries: 1,
            map: precisions / all,
            ndcg: gained(&found) / gained(&gains),
            mrr: first.unwrap_or(0.0),
            recall: relevant / all,
        }
    }

    fn add(&mut self, other: &Self) {
        self.queries += other.queries;
        self.map += other.map;
        self.ndcg += other.ndcg;
        self.mrr += other.mrr;
        self.recall += other.recall;
    }

    fn print(&self, name: &str) {
        let mean = |sum: f64| sum / f64::from(self.queries.max(1));
        println!(
            "{name:<24} {:>7} {:>7.4} {:>7.4} {:>7.4} {:>7.4}",
            self.queries,
            mean(self.map),
            mean(self.ndcg),
            mean(self.mrr),
            mean(self.recall)
        );
    }
}

/// The engine's own BM25 over headline and text as one field.
struct PlainBm25 {
    index: Index,
    searcher: Searcher,
    text: Field,
    name: Field,
}

impl PlainBm25 {
    fn of(archive: &Archive) -> anyhow::Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = schema
            .add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let name = schema.add_text_field("name", STRING | STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
        let everything = SearchRequest {
            text: "*".to_owned(),
            limit: 0,
            all_copies: true,
            snippets: false,
            ..SearchRequest::default()
        };
        let mut hits = Vec::new();
        archive.stream(&everything, &mut |hit| {
            hits.push(hit);
            std::ops::ControlFlow::Continue(())
        })?;
        for hit in hits {
            let article = archive.article(&hit.id, None)?;
            let whole = format!("{}\n{}", hit.title, article.body);
            writer.add_document(doc!(name => name_of(&hit), text => whole))?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        Ok(Self { index, searcher, text, name })
    }

    fn search(&self, query: &str) -> anyhow::Result<Vec<String>> {
        let mut tokens = self.index.tokenizer_for_field(self.text)?;
        let mut stream = tokens.token_stream(query);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        while let Some(token) = stream.next() {
            let term = Term::from_field_text(self.text, &token.text);
            clauses.push((
                Occur::Should,
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            ));
        }
        let best = TopDocs::with_limit(DEPTH).order_by_score();
        let found = self.searcher.search(&BooleanQuery::new(clauses), &best)?;
        let mut names = Vec::with_capacity(found.len());
        for (_, address) in found {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let name = document.get_first(self.name).and_then(|value| value.as_str());
            names.push(name.unwrap_or_default().to_owned());
        }
        Ok(names)
    }
}
