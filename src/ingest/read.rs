//! Reading one file: bytes, articles, entities, documents.

use std::sync::Arc;

use serde_json::Value;
use tantivy::TantivyDocument;

use super::problem;
use crate::article::{Article, Date};
use crate::corpus::{Corpus, CorpusError, Limits, Member, Reader as BytesReader};
use crate::enrich::fingerprint::Fingerprinter;
use crate::enrich::{Context, divide, enrich};
use crate::entity::{ModelError, Reader as EntityReader, Tagger};
use crate::format::{self, Hints, NotRead, Reading};
use crate::index::{
    DocumentBuilder, FileFacts, FileProblem, Index, Lexed, Origin, ProblemKind, Stat,
    article_id, file_key,
};
use crate::text::{Lexer, Tokens};

/// A file that is to be read.
pub(super) struct Job {
    pub(super) path: String,
    pub(super) stat: Stat,
    pub(super) racy: bool,
    /// What was recorded of it, where it was known.
    pub(super) known: Option<FileFacts>,
    /// The recorded facts come from the present version of the reader.
    pub(super) same_reader: bool,
}

/// A file that was read, or the next of its documents.
pub(super) struct FileOutcome {
    pub(super) path: String,
    pub(super) facts: FileFacts,
    pub(super) documents: Vec<TantivyDocument>,
    /// Its articles of an earlier run must go first.
    pub(super) replaces: bool,
    /// It was known before.
    pub(super) known: bool,
    /// Its bytes were the recorded ones.
    pub(super) same: bool,
    /// Nothing more comes of it.
    pub(super) complete: bool,
}

impl FileOutcome {
    pub(super) fn model_failed(job: Job, error: ModelError) -> Self {
        let problems = vec![problem(error.to_string(), ProblemKind::Failed)];
        Self::without_articles(job, problems)
    }

    /// A file that gave nothing. It counts as racy, so that the next run tries again.
    fn without_articles(job: Job, problems: Vec<FileProblem>) -> Self {
        let facts = FileFacts { stat: job.stat, racy: true, problems, ..FileFacts::default() };
        Self { replaces: true, ..Self::of(job, facts) }
    }

    /// A file that is as it was recorded.
    fn unchanged(job: Job, known: FileFacts) -> Self {
        let facts = FileFacts { stat: job.stat, racy: job.racy, ..known };
        Self { replaces: false, same: true, ..Self::of(job, facts) }
    }

    fn of(job: Job, facts: FileFacts) -> Self {
        let known = job.known.is_some();
        Self {
            path: job.path,
            facts,
            documents: Vec::new(),
            replaces: known,
            known,
            same: false,
            complete: true,
        }
    }
}

/// Documents of one file are handed over together, so that it is in the index whole or not at
/// all; beyond so many bytes of text in pieces, so that a large file's are never all in memory.
const PIECE: usize = if cfg!(test) { 64 } else { 8 << 20 };

/// The documents of the file that is being read.
struct Gathering<'a, 'b> {
    job: &'a Job,
    facts: FileFacts,
    documents: Vec<TantivyDocument>,
    /// Bytes of text in `documents`.
    bytes: usize,
    /// Articles so far, handed over or not.
    articles: u32,
    handed_over: bool,
    hand_over: &'b mut dyn FnMut(FileOutcome),
}

impl Gathering<'_, '_> {
    fn note(&mut self, member: Option<&str>, reason: String, kind: ProblemKind) {
        let member = member.map(str::to_owned);
        self.facts.problems.push(FileProblem { member, reason, kind });
    }

    fn add(&mut self, document: TantivyDocument, bytes: usize) {
        self.documents.push(document);
        self.articles += 1;
        self.bytes += bytes;
        if self.bytes < PIECE {
            return;
        }
        self.bytes = 0;
        // Until the rest has come the file counts as racy and of unknown content: a run that is
        // cut off here leaves it to the next one to read it again and replace what is there.
        let facts = FileFacts {
            stat: self.job.stat,
            racy: true,
            articles: self.articles,
            ..FileFacts::default()
        };
        (self.hand_over)(FileOutcome {
            path: self.job.path.clone(),
            facts,
            documents: std::mem::take(&mut self.documents),
            replaces: self.job.known.is_some() && !self.handed_over,
            known: self.job.known.is_some(),
            same: false,
            complete: false,
        });
        self.handed_over = true;
    }
}

/// How one file is read, for `extract`.
#[derive(Clone, Debug, PartialEq)]
pub struct Extracted {
    /// One line per article (or one that says why there is none).
    pub lines: Vec<Value>,
}

/// Reads files; one per thread, kept for a whole run.
pub struct FileReader {
    bytes: BytesReader,
    lexer: Lexer,
    title: Tokens,
    body: Tokens,
    entities: EntityReader,
    builder: DocumentBuilder,
    fingerprinter: Fingerprinter,
    latest: Option<Date>,
}

impl FileReader {
    /// A reader with these limits. No article is dated later than `latest`.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the recogniser's model is damaged.
    pub fn new(limits: Limits, latest: Option<Date>) -> Result<Self, ModelError> {
        Ok(Self {
            bytes: BytesReader::new(limits),
            lexer: Lexer::new(),
            title: Tokens::default(),
            body: Tokens::default(),
            entities: EntityReader::new(Arc::new(Tagger::new()?)),
            builder: DocumentBuilder::default(),
            fingerprinter: Fingerprinter::new(),
            latest,
        })
    }

    /// Reads a file and hands over what became of it, in one or several pieces.
    pub(super) fn index_file(
        &mut self,
        corpus: &Corpus,
        index: &Index,
        job: Job,
        hand_over: &mut dyn FnMut(FileOutcome),
    ) {
        let file = corpus.file(&job.path);
        let raw = match self.bytes.load(&file) {
            Ok(raw) => raw,
            Err(error) => return hand_over(unread(job, &error)),
        };
        let hash = raw.hash as u64;
        let recorded = job.known.as_ref().filter(|known| job.same_reader && known.hash == hash);
        if let Some(known) = recorded.cloned() {
            return hand_over(FileOutcome::unchanged(job, known));
        }
        let facts = FileFacts { stat: job.stat, racy: job.racy, hash, ..FileFacts::default() };
        let mut gathering = Gathering {
            job: &job,
            facts,
            documents: Vec::new(),
            bytes: 0,
            articles: 0,
            handed_over: false,
            hand_over,
        };
        let mut bytes = std::mem::take(&mut self.bytes);
        let opened = bytes.members(&file, &job.path, &mut |member| {
            self.member(index, &member, &mut gathering);
        });
        self.bytes = bytes;
        let Gathering { mut facts, documents, articles, handed_over, hand_over, .. } =
            gathering;
        if let Err(error) = opened {
            return hand_over(unread(job, &error));
        }
        facts.articles = articles;
        let replaces = job.known.is_some() && !handed_over;
        hand_over(FileOutcome { documents, replaces, ..FileOutcome::of(job, facts) });
    }

    fn member(
        &mut self,
        index: &Index,
        member: &Member<'_>,
        gathering: &mut Gathering<'_, '_>,
    ) {
        let path = gathering.job.path.as_str();
        for reason in &member.problems {
            gathering.note(member.member, reason.clone(), ProblemKind::Noted);
        }
        let reading = match format::read(member.bytes, &hints(member)) {
            Ok(reading) => reading,
            Err(reason) => {
                let kind = if reason.is_other_kind() || reason == NotRead::Empty {
                    ProblemKind::Skipped
                } else {
                    ProblemKind::Failed
                };
                return gathering.note(member.member, reason.to_string(), kind);
            }
        };
        reading.format.clone_into(&mut gathering.facts.format);
        gathering.facts.format_version = reading.version;
        for reason in &reading.problems {
            gathering.note(member.member, reason.clone(), ProblemKind::Noted);
        }
        let file = file_key(path);
        let alone = reading.articles.len() == 1;
        let context = Context { path, latest: self.latest };
        let mut taken = std::collections::HashSet::new();
        let mut ordinal = 0_usize;
        for article in reading.articles {
            let parts = enriched(article, &context);
            let alone = alone && parts.len() == 1;
            for article in parts {
                let mut item = article.item.clone().unwrap_or_else(|| ordinal.to_string());
                ordinal += 1;
                while !taken.insert(item.clone()) {
                    item.push('+');
                }
                let place = match (member.member, alone) {
                    (member, true) => member.map(str::to_owned),
                    (Some(member), false) => Some(format!("{member}#{ordinal}")),
                    (None, false) => Some(item.clone()),
                };
                for reason in &article.problems {
                    gathering.note(place.as_deref(), reason.clone(), ProblemKind::Noted);
                }
                let origin = Origin {
                    file,
                    path,
                    member: place.as_deref(),
                    format: reading.format,
                    encoding: reading.encoding,
                    id: &article_id(path, member.member, &item),
                };
                let size = article.body.len();
                match self.document(index, &origin, article) {
                    Ok(document) => gathering.add(document, size),
                    Err(error) => {
                        let kind = ProblemKind::Failed;
                        gathering.note(place.as_deref(), error.to_string(), kind);
                    }
                }
            }
        }
    }

    fn document(
        &mut self,
        index: &Index,
        origin: &Origin<'_>,
        article: Article,
    ) -> Result<TantivyDocument, postcard::Error> {
        self.lexer.begin_article();
        self.lexer.read(&article.title, &mut self.title);
        self.lexer.read(&article.body, &mut self.body);
        let forms = self.lexer.forms();
        let entities = self.entities.read(
            forms,
            (&article.title, &self.title),
            (&article.body, &self.body),
            article.language.as_deref(),
        );
        let lexed = Lexed { forms, title: &self.title, body: &self.body };
        let prints = &mut self.fingerprinter;
        self.builder.build(
            &index.fields(),
            origin,
            article,
            &lexed,
            &entities,
            &mut |lines, out| prints.of_lines(lines, out),
        )
    }

    /// How a file is read, without an index: what `extract` shows.
    ///
    /// # Errors
    ///
    /// [`CorpusError`] where the file cannot be read at all.
    pub fn extract(
        bytes: &mut BytesReader,
        file: &std::path::Path,
        name: &str,
        latest: Option<Date>,
    ) -> Result<Extracted, CorpusError> {
        let mut lines = Vec::new();
        bytes.read(file, name, &mut |member| {
            let mut reading: Result<Reading, NotRead> =
                format::read(member.bytes, &hints(&member));
            if let Ok(reading) = &mut reading {
                let context = Context { path: name, latest };
                let articles = std::mem::take(&mut reading.articles).into_iter();
                reading.articles =
                    articles.flat_map(|article| enriched(article, &context)).collect();
            }
            let problems = &member.problems;
            lines.extend(format::extract_line(name, member.member, &reading, problems));
        })?;
        Ok(Extracted { lines })
    }
}

fn hints<'a>(member: &Member<'a>) -> Hints<'a> {
    Hints {
        name: member.name,
        media_type: member.media_type,
        charset: member.charset,
        url: member.url,
    }
}

/// An article made ready, in parts where it is very long.
fn enriched(mut article: Article, context: &Context<'_>) -> Vec<Article> {
    enrich(&mut article, context);
    divide(article)
}

/// A file that could not be read. Where it is the disk that refuses, what is known of it stays: a
/// share that does not answer today takes no article away.
fn unread(job: Job, error: &CorpusError) -> FileOutcome {
    let reason = with_cause(error);
    match &job.known {
        Some(known)
            if known.articles > 0 && matches!(error, CorpusError::Unreadable { .. }) =>
        {
            let mut facts = FileFacts { stat: job.stat, racy: true, ..known.clone() };
            facts.problems.retain(|problem| problem.kind != ProblemKind::Failed);
            let kept = format!("{reason}; its articles stay as they were read before");
            facts.problems.push(problem(kept, ProblemKind::Failed));
            FileOutcome { replaces: false, ..FileOutcome::of(job, facts) }
        }
        _ => FileOutcome::without_articles(job, vec![problem(reason, ProblemKind::Failed)]),
    }
}

/// An error and what caused it, on one line.
fn with_cause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
