//! The read flow: a request to a response.
//!
//! A query is parsed, joined with the request's filters and compiled; one pass over all matches
//! keeps the best (and counts, and folds copies); the best are ranked again by what only positions
//! tell; the page that was asked for is read from the store and marked. No front end knows the
//! engine, and nothing here knows a front end.

mod bearers;
mod collect;
mod compile;
mod copies;
mod counted;
mod entities;
mod error;
mod facets;
mod feedback;
mod highlight;
mod hits;
mod occurrences;
mod parallel;
mod profile;
mod request;
mod rerank;
mod response;
mod score;
mod similar;
mod spans;
mod status;
mod stored;
mod suggest;
mod tables;
mod terms;
mod timeline;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, IndexReader, Searcher, TERMINATED, TantivyError, Term};

pub use error::SearchError;
pub use request::{
    DEFAULT_LIMIT, EntityListRequest, EntitySort, SearchRequest, Sort, Step, TimelineRequest,
};
pub use response::{
    ArticleView, Companion, ContextLine, Copy, EntityCount, EntityList, EntityRow, Explanation,
    FacetCount, Facets, Hit, JSON_VERSION, Mark, MarkKind, Problem, Profile, QueryInfo, Role,
    SearchResponse, Snippet, Status, Suggestion, Timeline, TimelineStep,
};
pub use score::Tuning;

use crate::article::Date;
use crate::entity::EntityKind;
use crate::entity::people_file::PeopleFile;
use crate::index::{Fields, Index, Location, Stored};
use crate::query::{self, Attribute, DateBound, DateRange, Kind};
use crate::text::counted;
use collect::{Collected, Match, Recency, Wanted, collect};
use compile::{Compiled, Compiler};
use facets::{Counter, MOST_VALUES, Wanted as Counts};
use highlight::Marker;
use parallel::{processors, shared_out};
use score::Statistics;
use tables::Tables;
use terms::Stemming;
use timeline::DayCounts;

/// So many of the best by words alone are ranked again by proximity; beyond them the order by
/// words stays, so that paging is consistent wherever it goes.
const RANKED_AGAIN: usize = 200;

/// Languages with at least this share of the articles have their inflections found.
const STEMMED_SHARE: f64 = 0.02;

/// An open archive, to be shared between threads.
pub struct Archive {
    index: Index,
    reader: IndexReader,
    current: RwLock<Arc<View>>,
    opening: Mutex<()>,
    tuning: Tuning,
}

/// What one commit holds, and what is derived from it.
struct View {
    searcher: Searcher,
    generation: u64,
    fields: Fields,
    statistics: Statistics,
    stemming: Stemming,
    tables: Tables,
    people: Option<std::time::SystemTime>,
    /// What the archive holds: worked out when first asked for, for the record has to be read.
    status: OnceLock<Arc<Status>>,
}

/// Where an article's file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalFile {
    /// The file.
    pub path: PathBuf,
    /// The file, relative to the archive's root.
    pub relative: String,
    /// The place in it.
    pub member: Option<String>,
}

impl Archive {
    /// Opens an archive's index.
    ///
    /// # Errors
    ///
    /// [`SearchError`] where there is none, or none that can be read.
    pub fn open(location: &Location) -> Result<Self, SearchError> {
        let index = Index::open(location)?;
        let reader = index.reader()?;
        let view = Arc::new(View::of(&index, &reader)?);
        Ok(Self {
            index,
            reader,
            current: RwLock::new(view),
            opening: Mutex::new(()),
            tuning: Tuning::default(),
        })
    }

    /// The same archive, ranked with other constants.
    #[must_use]
    pub fn with_tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = tuning;
        self
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        self.index.location()
    }

    /// Takes notice of a newer commit; whether there was one.
    ///
    /// # Errors
    ///
    /// [`SearchError`] where it cannot be read: the older one stays in use.
    pub fn refresh(&self) -> Result<bool, SearchError> {
        let view = self.view();
        let people = std::fs::metadata(self.location().people_file());
        let people = people.and_then(|facts| facts.modified()).ok();
        if self.index.generation()? == view.generation && people == view.people {
            return Ok(false);
        }
        let _one_at_a_time = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        self.reader.reload()?;
        let view = Arc::new(View::of(&self.index, &self.reader)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = view;
        Ok(true)
    }

    /// What names the commit that is searched now.
    #[must_use]
    pub fn generation(&self) -> String {
        self.view().generation.to_string()
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn compiler<'a>(&self, view: &'a View) -> Compiler<'a> {
        Compiler {
            searcher: &view.searcher,
            fields: view.fields,
            stemming: &view.stemming,
            statistics: view.statistics,
            tuning: self.tuning,
            identities: view.tables.identities(),
            tables: &view.tables,
        }
    }

    /// Answers a search.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] where the query has a mistake, or what the disk says.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let begin = Instant::now();
        let view = self.view();
        let counts = request.facets.then_some(Counts::ALL);
        let found = self.find(&view, request, counts)?;
        self.response(&view, request, found, begin)
    }

    /// Answers a search with its facets, and counts its articles over time, in one pass.
    ///
    /// # Errors
    ///
    /// As [`Archive::search`].
    pub fn search_over_time(
        &self,
        request: &SearchRequest,
    ) -> Result<(SearchResponse, Timeline), SearchError> {
        let begin = Instant::now();
        let view = self.view();
        let found = self.find(&view, request, Some(Counts::ALL))?;
        let timeline = timeline_of(&view, &found, None);
        Ok((self.response(&view, request, found, begin)?, timeline))
    }

    /// The page of what was found that was asked for.
    fn response(
        &self,
        view: &View,
        request: &SearchRequest,
        found: Found<'_>,
        begin: Instant,
    ) -> Result<SearchResponse, SearchError> {
        let last = match request.limit {
            0 => found.best.len(),
            limit => request.offset.saturating_add(limit).min(found.best.len()),
        };
        let page = found.best.get(request.offset.min(last)..last).unwrap_or_default();
        let hits = self.hits(view, request, &found, page)?;
        Ok(SearchResponse {
            version: JSON_VERSION,
            query: found.info,
            total: found.total,
            took_ms: begin.elapsed().as_micros() as f64 / 1000.0,
            hits,
            facets: found.counter.map(|counter| counter.facets(MOST_VALUES)),
        })
    }

    /// The hits of a page; some of them are made on each processor.
    fn hits(
        &self,
        view: &View,
        request: &SearchRequest,
        found: &Found<'_>,
        page: &[Match],
    ) -> Result<Vec<Hit>, SearchError> {
        // A hit takes as long as it does to start a thread.
        const MANY_HITS: usize = 4;
        let threads = if page.len() < MANY_HITS { 1 } else { processors() };
        let ranked: Vec<(u64, &Match)> = (request.offset as u64 + 1..).zip(page).collect();
        let hits = shared_out(threads, &ranked, Marker::default, |marker, (rank, of)| {
            self.hit(view, request, found, of, *rank, marker)
        });
        hits.into_iter().collect()
    }

    /// Gives every hit of a search to `each`, best first, until it breaks off. Limit and offset of
    /// the request hold; 0 is all.
    ///
    /// # Errors
    ///
    /// As [`Archive::search`].
    pub fn stream(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<QueryInfo, SearchError> {
        let view = self.view();
        let found = self.find(&view, request, None)?;
        let limit = if request.limit == 0 { usize::MAX } else { request.limit };
        let mut marker = Marker::default();
        let page = found.best.iter().enumerate().skip(request.offset).take(limit);
        for (at, found_match) in page {
            let rank = at as u64 + 1;
            let hit = self.hit(&view, request, &found, found_match, rank, &mut marker)?;
            if each(hit).is_break() {
                break;
            }
        }
        Ok(found.info)
    }

    /// Finds the best matches, as many as the request's page needs.
    fn find<'v>(
        &self,
        view: &'v View,
        request: &SearchRequest,
        counts: Option<Counts>,
    ) -> Result<Found<'v>, SearchError> {
        let mut parsed = if request.any {
            query::parse_plain(&request.text)
        } else if request.text.trim().is_empty() && request.has_filter() {
            Ok(query::Parsed { query: Kind::All.into(), warnings: Vec::new() })
        } else {
            query::parse(&request.text)
        }
        .map_err(SearchError::Query)?;
        let mut info = QueryInfo { text: request.text.clone(), ..QueryInfo::default() };
        info.warnings.extend(parsed.warnings.iter().map(ToString::to_string));
        let filters = request.filters()?;
        let mut compiler = self.compiler(view);
        let is_long = request.any && request.is_long();
        if is_long {
            compiler.tuning.k1 = compiler.tuning.long_k1;
        }

        let mut compiled = if request.any {
            let words = feedback::plain_words(&parsed.query);
            compiler.compile_words(&words)?
        } else {
            compiler.compile(&parsed.query)?
        };
        let whole = query::Query::all_of(filters.clone());
        let filter = match filters.len() {
            0 => None,
            // One name alone is the question itself.
            1 if parsed.query.kind == Kind::All => Some(compiler.compile(&whole)?),
            _ => Some(compiler.compile_filter(&whole)?),
        };
        let mut collected = self.pass(view, request, counts, &compiled, filter.as_ref())?;
        if collected.total == 0
            && !request.any
            && let Some(relaxed) = self.relax(&compiler, &parsed.query, filter.as_ref())?
        {
            compiled = relaxed;
            info.relaxed = true;
            let warning = "no article has all the words: those with the most of them are shown";
            info.warnings.push(warning.to_owned());
            self.suggest_for_unknown(&compiler, &parsed.query, &mut info)?;
            collected = self.pass(view, request, counts, &compiled, filter.as_ref())?;
        }
        if is_long || request.expand {
            let widened =
                feedback::widen(&compiler, &parsed.query, &compiled, &collected.best)?;
            if let Some(widened) = widened {
                compiled = widened;
                collected = self.pass(view, request, counts, &compiled, filter.as_ref())?;
            }
        }
        if collected.total == 0 {
            self.explain_nothing(&compiler, &parsed.query, &filters, &mut info)?;
        }
        let mut all = filters;
        if parsed.query.kind != Kind::All || all.is_empty() {
            let whole = std::mem::replace(&mut parsed.query, Kind::All.into());
            all.insert(0, whole);
        }
        info.interpreted = query::Query::all_of(all).to_string();
        info.warnings.extend(compiled.warnings.iter().cloned());
        let mut leaves = compiled.leaves;
        if let Some(filter) = filter {
            info.warnings.extend(filter.warnings.iter().cloned());
            leaves.extend(filter.leaves);
        }
        info.warnings.dedup();
        if request.sort == Sort::Relevance {
            rerank::by_proximity(
                view,
                &self.tuning,
                &leaves,
                RANKED_AGAIN,
                &mut collected.best,
            )?;
        }
        let Collected { total, best, counter } = collected;
        Ok(Found { info, total, best, counter, leaves })
    }

    fn pass<'v>(
        &self,
        view: &'v View,
        request: &SearchRequest,
        counts: Option<Counts>,
        compiled: &Compiled,
        filter: Option<&Compiled>,
    ) -> Result<Collected<'v>, SearchError> {
        let query: Box<dyn Query> = match filter {
            None => compiled.query.box_clone(),
            Some(filter) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, compiled.query.box_clone()),
                (Occur::Must, filter.query.box_clone()),
            ])),
        };
        let scored = !compiled.leaves.is_empty()
            || filter.is_some_and(|filter| !filter.leaves.is_empty());
        // Where nothing tells articles apart, the latest come first.
        let sort = match request.sort {
            Sort::Relevance if !scored => Sort::Newest,
            sort => sort,
        };
        let recency = match (request.recency, request.today) {
            (Some(halflife), Some(today)) => Some(Recency { halflife, today }),
            _ => None,
        };
        let page_end = request.offset.saturating_add(request.limit);
        let keep = if request.limit == 0 { usize::MAX } else { page_end.max(RANKED_AGAIN) };
        let (tables, fold) = (&view.tables, !request.all_copies);
        let leaves = compiled.leaves.iter().chain(filter.iter().flat_map(|one| &one.leaves));
        let terms = leaves.map(|leaf| leaf.pattern.terms()).sum();
        let wanted = Wanted { keep, terms, sort, tables, fold, counts, recency };
        Ok(collect(&view.searcher, &*query, &wanted)?)
    }

    /// Bare words of which no article has all: as many of them as some article has.
    fn relax(
        &self,
        compiler: &Compiler<'_>,
        parsed: &query::Query,
        filter: Option<&Compiled>,
    ) -> Result<Option<Compiled>, SearchError> {
        let Some((words, beside)) = parsed.bare_words().filter(|(words, _)| words.len() > 1)
        else {
            return Ok(None);
        };
        let beside = query::Query::all_of(beside.into_iter().cloned().collect());
        let beside = compiler.compile(&beside)?;
        for least in (1..words.len()).rev() {
            let mut compiled = compiler.compile_most_of(&words, least)?;
            compiled.query = Box::new(BooleanQuery::new(vec![
                (Occur::Must, compiled.query),
                (Occur::Must, beside.query.box_clone()),
            ]));
            let mut clauses = vec![(Occur::Must, compiled.query.box_clone())];
            clauses.extend(filter.map(|filter| (Occur::Must, filter.query.box_clone())));
            let query = BooleanQuery::new(clauses);
            if query.count(compiler.searcher)? > 0 {
                compiled.leaves.extend(beside.leaves);
                compiled.warnings.extend(beside.warnings);
                return Ok(Some(compiled));
            }
        }
        Ok(None)
    }

    /// Says how many articles each clause alone matches, and which one left nothing.
    fn explain_nothing(
        &self,
        compiler: &Compiler<'_>,
        parsed: &query::Query,
        filters: &[query::Query],
        info: &mut QueryInfo,
    ) -> Result<(), SearchError> {
        // Of a longer query nobody reads an account clause by clause, and none is worth a wait.
        const MOST_CLAUSES: usize = 24;
        const LONGEST: Duration = Duration::from_millis(500);
        if compiler.searcher.num_docs() == 0 {
            info.warnings.push("the archive holds no article".to_owned());
            return Ok(());
        }
        let begin = Instant::now();
        let clauses: Vec<&query::Query> =
            parsed.clauses().iter().chain(filters).take(MOST_CLAUSES).collect();
        let count = |query: query::Query| -> Result<usize, SearchError> {
            Ok(compiler.compile(&query)?.query.count(compiler.searcher)?)
        };
        let mut so_far: Vec<query::Query> = Vec::new();
        let mut culprit = None;
        for clause in &clauses {
            if clause.kind == Kind::All {
                continue;
            }
            if begin.elapsed() > LONGEST {
                break;
            }
            let alone = count((*clause).clone())?;
            let articles = counted(alone as u64, "article", "articles");
            info.warnings.push(format!("`{clause}` alone matches {articles}"));
            so_far.push((*clause).clone());
            if culprit.is_none() && count(query::Query::all_of(so_far.clone()))? == 0 {
                culprit = Some(clause.to_string());
            }
            self.suggest_spelling(compiler, clause, alone, info)?;
        }
        if let Some(culprit) = culprit.filter(|_| so_far.len() > 1) {
            info.warnings.push(format!("it was `{culprit}` that left nothing"));
        }
        Ok(())
    }

    /// Tells what the words of a query that no article has may have been meant for.
    fn suggest_for_unknown(
        &self,
        compiler: &Compiler<'_>,
        parsed: &query::Query,
        info: &mut QueryInfo,
    ) -> Result<(), SearchError> {
        let is_word = |clause: &&query::Query| matches!(clause.kind, Kind::Word(_));
        for word in parsed.clauses().iter().filter(is_word) {
            let matches = compiler.compile(word)?.query.count(compiler.searcher)?;
            self.suggest_spelling(compiler, word, matches, info)?;
        }
        Ok(())
    }

    fn suggest_spelling(
        &self,
        compiler: &Compiler<'_>,
        clause: &query::Query,
        matches: usize,
        info: &mut QueryInfo,
    ) -> Result<(), SearchError> {
        if matches > 0 {
            return Ok(());
        }
        for leaf in clause.positive_leaves() {
            let Kind::Word(word) = &leaf.query.kind else { continue };
            for term in crate::text::fold_term(&word.text) {
                if let Some(better) = compiler.dictionary().better_known(&term)? {
                    info.warnings.push(format!("did you mean `{better}` for `{}`?", word.text));
                }
            }
        }
        Ok(())
    }

    fn stored(&self, view: &View, address: DocAddress) -> Result<Stored, SearchError> {
        stored::stored(&view.searcher, &view.fields, address)?
            .ok_or(SearchError::DamagedArticle)
    }

    fn address(&self, view: &View, id: &str) -> Result<DocAddress, SearchError> {
        let term = Term::from_field_text(view.fields.id, id);
        for (ordinal, segment) in view.searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(view.fields.id)?;
            let postings = inverted
                .read_postings(&term, IndexRecordOption::Basic)
                .map_err(TantivyError::from)?;
            let Some(mut postings) = postings else { continue };
            let alive = segment.alive_bitset();
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    return Ok(DocAddress::new(ordinal as u32, doc));
                }
                doc = postings.advance();
            }
        }
        Err(SearchError::NoSuchArticle(id.to_owned()))
    }

    /// A whole article, with the matches of a search marked in it.
    ///
    /// # Errors
    ///
    /// [`SearchError::NoSuchArticle`], or as [`Archive::search`].
    pub fn article(
        &self,
        id: &str,
        request: Option<&SearchRequest>,
    ) -> Result<ArticleView, SearchError> {
        let view = self.view();
        let address = self.address(&view, id)?;
        let stored = self.stored(&view, address)?;
        let mut leaves = Vec::new();
        if let Some(request) = request {
            let compiler = self.compiler(&view);
            if !request.text.trim().is_empty() {
                let parsed = if request.any {
                    query::parse_plain(&request.text)
                } else {
                    query::parse(&request.text)
                };
                leaves.extend(
                    compiler.compile(&parsed.map_err(SearchError::Query)?.query)?.leaves,
                );
            }
            for filter in request.filters()? {
                leaves.extend(compiler.compile(&filter)?.leaves);
            }
        }
        let marked = Marker::default().mark(&stored, &leaves);
        Ok(hits::article_view(&stored, &marked, &view.tables, address))
    }

    /// Where an article's file is.
    ///
    /// # Errors
    ///
    /// [`SearchError::NoSuchArticle`], or what the disk says.
    pub fn original(&self, id: &str) -> Result<OriginalFile, SearchError> {
        let view = self.view();
        let stored = self.stored(&view, self.address(&view, id)?)?;
        let root = self.location().root.clone().unwrap_or_default();
        let path = crate::corpus::file_path(&root, &stored.path);
        Ok(OriginalFile { path, relative: stored.path, member: stored.member })
    }

    /// The articles most like one; copies of it are left out.
    ///
    /// # Errors
    ///
    /// [`SearchError::NoSuchArticle`], or what the disk says.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Vec<Hit>, SearchError> {
        let view = self.view();
        let address = self.address(&view, id)?;
        let stored = self.stored(&view, address)?;
        let View { searcher, fields, tables, statistics, .. } = &*view;
        let found =
            similar::similar(searcher, fields, tables, statistics, address, &stored, limit)?;
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            let stored = self.stored(&view, address)?;
            let marked = Marker::default().mark(&stored, &[]);
            let mut hit = hits::hit(&stored, &view.tables, address);
            hit.rank = hits.len() as u64 + 1;
            hit.score = score;
            hit.snippets = marked.snippets(&[]);
            hits.push(hit);
        }
        Ok(hits)
    }

    /// The other copies of an article, the earliest first.
    ///
    /// # Errors
    ///
    /// [`SearchError::NoSuchArticle`], or what the disk says.
    pub fn copies(&self, id: &str) -> Result<Vec<Copy>, SearchError> {
        let view = self.view();
        let address = self.address(&view, id)?;
        let others = copies::others(view.tables.groups(), address);
        others.map(|other| Ok(hits::copy(&self.stored(&view, other)?))).collect()
    }

    /// Lists people, organisations or places.
    ///
    /// # Errors
    ///
    /// As [`Archive::search`].
    pub fn entities(&self, request: &EntityListRequest) -> Result<EntityList, SearchError> {
        let view = self.view();
        let scope = SearchRequest {
            text: request.text.clone(),
            since: request.since,
            until: request.until,
            ..SearchRequest::default()
        };
        let mut clauses = scope.filters()?;
        if !scope.text.trim().is_empty() {
            clauses.insert(0, query::parse(&scope.text).map_err(SearchError::Query)?.query);
        }
        let compiled = if clauses.is_empty() {
            None
        } else {
            Some(self.compiler(&view).compile(&query::Query::all_of(clauses))?)
        };
        let query = compiled.as_ref().map(|compiled| &*compiled.query);
        Ok(entities::list(&view.searcher, &view.tables, request, query)?)
    }

    /// What the archive knows of a person, an organisation or a place.
    ///
    /// # Errors
    ///
    /// [`SearchError::NoSuchEntity`], or what the disk says.
    pub fn profile(&self, kind: EntityKind, name: &str) -> Result<Profile, SearchError> {
        let view = self.view();
        let View { searcher, fields, tables, .. } = &*view;
        let found = profile::profile(searcher, fields, tables, kind, name)?;
        let mut profile = found.map_err(|_| SearchError::NoSuchEntity {
            kind: kind.name(),
            name: name.to_owned(),
        })?;
        let names = vec![profile.name.clone()];
        let mut about = SearchRequest::default();
        match kind {
            EntityKind::Person => about.person = names,
            EntityKind::Organisation => about.org = names,
            EntityKind::Place => about.place = names,
        }
        profile.hits = self.search(&about)?.hits;
        Ok(profile)
    }

    /// Counts the articles of a search over time.
    ///
    /// # Errors
    ///
    /// As [`Archive::search`].
    pub fn timeline(&self, request: &TimelineRequest) -> Result<Timeline, SearchError> {
        let view = self.view();
        let mut search = request.search.clone();
        if search.text.trim().is_empty() && !search.has_filter() {
            "*".clone_into(&mut search.text);
        }
        search.limit = 1;
        let found = self.find(&view, &search, Some(Counts::DAYS))?;
        Ok(timeline_of(&view, &found, request.by))
    }

    /// Completes what is being typed.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        Ok(suggest::suggest(&self.view().tables, typed, limit))
    }

    /// What the archive holds.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub fn status(&self) -> Result<Arc<Status>, SearchError> {
        let view = self.view();
        if let Some(known) = view.status.get() {
            return Ok(Arc::clone(known));
        }
        let record = self.index.record()?;
        let View { searcher, fields, tables, .. } = &*view;
        let bytes = self.index.bytes_on_disk();
        let status = Arc::new(status::status(searcher, fields, tables, &record, bytes)?);
        Ok(Arc::clone(view.status.get_or_init(|| status)))
    }

    /// Makes the tables of names and copies of the last commit and stores them beside the index,
    /// so that whoever opens it next need not. To be called after an ingest, also one that found
    /// nothing new: another version of the program may have made the ones that are there. Where
    /// they are the present ones already, that is seen at a glance.
    ///
    /// # Errors
    ///
    /// What the disk says: without stored tables everything works, but opens more slowly.
    pub fn store_tables(location: &Location) -> Result<(), SearchError> {
        let index = Index::open(location)?;
        let searcher = index.reader()?.searcher();
        if !Tables::are_stored(&location.folder, &searcher) {
            Tables::build(&searcher, &index.fields())?.store(&location.folder)?;
        }
        Ok(())
    }

    /// Whether the stored tables of the last commit are damaged.
    ///
    /// # Errors
    ///
    /// [`SearchError`] where the index cannot be read.
    pub fn tables_are_damaged(location: &Location) -> Result<bool, SearchError> {
        let index = Index::open(location)?;
        Ok(Tables::are_damaged(&location.folder, &index.reader()?.searcher()))
    }

    fn hit(
        &self,
        view: &View,
        request: &SearchRequest,
        found: &Found<'_>,
        found_match: &Match,
        rank: u64,
        marker: &mut Marker,
    ) -> Result<Hit, SearchError> {
        let stored = self.stored(view, found_match.address)?;
        let mut hit = hits::hit(&stored, &view.tables, found_match.address);
        hit.rank = rank;
        hit.score = found_match.score;
        if request.snippets || request.context {
            let marked = marker.mark(&stored, &found.leaves);
            if request.snippets {
                hit.snippets = marked.snippets(&found.leaves);
            }
            if request.context {
                hit.context = marked.context(usize::MAX);
            }
        }
        for copy in &found_match.copies {
            hit.copies.push(hits::copy(&self.stored(view, *copy)?));
        }
        if request.explain {
            let leaves = &found.leaves;
            let again = request.sort == Sort::Relevance && rank <= RANKED_AGAIN as u64;
            let tuning = &self.tuning;
            let explained = rerank::explain(view, tuning, leaves, found_match, request, again)?;
            hit.explain = Some(explained);
        }
        Ok(hit)
    }
}

/// What a search found.
struct Found<'v> {
    info: QueryInfo,
    total: u64,
    best: Vec<Match>,
    counter: Option<Counter<'v>>,
    leaves: Vec<compile::Leaf>,
}

/// What was found, over time.
fn timeline_of(view: &View, found: &Found<'_>, by: Option<Step>) -> Timeline {
    let none = DayCounts::default();
    let days = found.counter.as_ref().map_or(&none, Counter::days);
    timeline::timeline(days, view.tables.days(), by, found.info.clone())
}

impl View {
    fn of(index: &Index, reader: &IndexReader) -> Result<Self, SearchError> {
        let searcher = reader.searcher();
        let fields = index.fields();
        let statistics = Statistics::of(&searcher, &fields)?;
        let stemming = Stemming::new(languages(&searcher, &fields)?.iter().map(String::as_str));
        let location = index.location();
        let (people, read_at) = people_file(location)?;
        let tables = Tables::load(&location.folder, &searcher, &fields)?
            .with_people(&searcher, &fields, &people)?;
        let generation = index.generation()?;
        Ok(Self {
            searcher,
            generation,
            fields,
            statistics,
            stemming,
            tables,
            people: read_at,
            status: OnceLock::new(),
        })
    }
}

/// The user's rulings on names, and when the file was last changed; nothing where there is none.
fn people_file(
    location: &Location,
) -> Result<(PeopleFile, Option<std::time::SystemTime>), SearchError> {
    let path = location.people_file();
    let text = match crate::index::read_own_file(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((PeopleFile::default(), None));
        }
        Err(source) => return Err(SearchError::PeopleFileUnread { path, source }),
    };
    let changed = std::fs::metadata(&path).and_then(|facts| facts.modified()).ok();
    let people = PeopleFile::parse(&text)
        .map_err(|source| SearchError::PeopleFile { path: path.clone(), source })?;
    Ok((people, changed))
}

/// The languages of an archive, the commonest first; English where none is known.
fn languages(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<String>> {
    let mut counts = std::collections::BTreeMap::<String, u64>::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.language)?;
        let mut stream = inverted.terms().stream()?;
        while let Some((code, info)) = stream.next() {
            let code = String::from_utf8_lossy(code).into_owned();
            *counts.entry(code).or_default() += u64::from(info.doc_freq);
        }
    }
    let all: u64 = counts.values().sum();
    let mut common: Vec<(String, u64)> = counts
        .into_iter()
        .filter(|(_, count)| *count as f64 >= STEMMED_SHARE * all as f64)
        .collect();
    common.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut codes: Vec<String> = common.into_iter().map(|(code, _)| code).collect();
    if codes.is_empty() {
        codes.push("en".to_owned());
    }
    Ok(codes)
}

impl SearchRequest {
    /// Whether anything beside the text narrows the search.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        self.since.is_some()
            || self.until.is_some()
            || [&self.person, &self.org, &self.place, &self.source, &self.lang]
                .iter()
                .any(|values| !values.is_empty())
    }

    /// Long questions in plain words are widened without being told, and repeated words count for
    /// more: there both were measured to gain, while headlines (some seven words) lose by it.
    fn is_long(&self) -> bool {
        self.text.split_whitespace().count() >= 12
    }

    /// The filters, as clauses of the query language.
    fn filters(&self) -> Result<Vec<query::Query>, SearchError> {
        use query::EntityKind::{Organisation, Person, Place};
        let mut clauses = Vec::new();
        for (kind, names) in
            [(Person, &self.person), (Organisation, &self.org), (Place, &self.place)]
        {
            for name in names {
                let clause = query::Query::entity(kind, name);
                clauses.push(clause.ok_or_else(|| SearchError::EmptyFilter(name.clone()))?);
            }
        }
        for (attribute, values) in
            [(Attribute::Source, &self.source), (Attribute::Language, &self.lang)]
        {
            let any = values.iter().filter_map(|v| query::Query::attribute(attribute, v));
            clauses.extend(query::Query::any_of(any.collect()));
        }
        let bound = |date: Option<Date>| {
            date.and_then(|d| DateBound::new(d.year(), d.month(), d.day()).ok())
        };
        if self.since.is_some() || self.until.is_some() {
            let range = DateRange::new(bound(self.since), bound(self.until))
                .map_err(SearchError::DateRange)?;
            clauses.push(Kind::Date(range).into());
        }
        Ok(clauses)
    }
}
