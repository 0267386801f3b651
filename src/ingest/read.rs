//! Reading one file: bytes, articles, entities, documents.

use std::sync::Arc;

use serde_json::Value;
use tantivy::TantivyDocument;

use super::problem;
use crate::article::{Article, Date};
use crate::corpus::{Corpus, CorpusError, Limits, Member, Reader as BytesReader};
use crate::enrich::fingerprint::Fingerprinter;
use crate::enrich::{Context, enrich};
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

/// A file that was read.
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
}

impl FileOutcome {
    pub(super) fn model_failed(job: Job, error: ModelError) -> Self {
        let problems = vec![problem(error.to_string(), ProblemKind::Failed)];
        Self::without_articles(job, problems)
    }

    /// A file that gave nothing. It counts as racy, so that the next run tries again.
    fn without_articles(job: Job, problems: Vec<FileProblem>) -> Self {
        let facts = FileFacts { stat: job.stat, racy: true, problems, ..FileFacts::default() };
        Self {
            path: job.path,
            facts,
            documents: Vec::new(),
            replaces: job.known.is_some(),
            known: job.known.is_some(),
            same: false,
        }
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

    pub(super) fn index_file(
        &mut self,
        corpus: &Corpus,
        index: &Index,
        job: Job,
    ) -> FileOutcome {
        let file = corpus.file(&job.path);
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut facts = FileFacts { stat: job.stat, racy: job.racy, ..FileFacts::default() };
        let mut documents = Vec::new();
        let known = job.known.as_ref().filter(|_| job.same_reader);
        let read = bytes.read(&file, &job.path, &mut |member| {
            self.member(index, &job.path, &member, &mut facts, &mut documents);
        });
        self.bytes = bytes;
        match read {
            Ok(raw) => {
                facts.hash = raw.hash as u64;
                if let Some(known) = known.filter(|known| known.hash == facts.hash) {
                    let (stat, racy) = (job.stat, job.racy);
                    let facts = FileFacts { stat, racy, ..known.clone() };
                    return FileOutcome {
                        path: job.path,
                        facts,
                        documents: Vec::new(),
                        replaces: false,
                        known: true,
                        same: true,
                    };
                }
                facts.articles = documents.len() as u32;
                FileOutcome {
                    path: job.path,
                    facts,
                    documents,
                    replaces: job.known.is_some(),
                    known: job.known.is_some(),
                    same: false,
                }
            }
            Err(error) => {
                let problems = vec![problem(with_cause(&error), ProblemKind::Failed)];
                FileOutcome::without_articles(job, problems)
            }
        }
    }

    fn member(
        &mut self,
        index: &Index,
        path: &str,
        member: &Member<'_>,
        facts: &mut FileFacts,
        documents: &mut Vec<TantivyDocument>,
    ) {
        let mut note = |member_name: Option<&str>, reason: String, kind| {
            let member = member_name.map(str::to_owned);
            facts.problems.push(FileProblem { member, reason, kind });
        };
        for reason in &member.problems {
            note(member.member, reason.clone(), ProblemKind::Noted);
        }
        let reading = match format::read(member.bytes, &hints(member)) {
            Ok(reading) => reading,
            Err(reason) => {
                let kind = if reason.is_other_kind() || reason == NotRead::Empty {
                    ProblemKind::Skipped
                } else {
                    ProblemKind::Failed
                };
                note(member.member, reason.to_string(), kind);
                return;
            }
        };
        for reason in &reading.problems {
            note(member.member, reason.clone(), ProblemKind::Noted);
        }
        let file = file_key(path);
        let several = reading.articles.len() > 1;
        let mut taken = std::collections::HashSet::new();
        for (ordinal, mut article) in reading.articles.into_iter().enumerate() {
            enrich(&mut article, &Context { path, latest: self.latest });
            for reason in &article.problems {
                let place = if several {
                    article.item.clone().or_else(|| Some(format!("#{}", ordinal + 1)))
                } else {
                    member.member.map(str::to_owned)
                };
                note(place.as_deref(), reason.clone(), ProblemKind::Noted);
            }
            let mut item = article.item.clone().unwrap_or_else(|| ordinal.to_string());
            while !taken.insert(item.clone()) {
                item.push('+');
            }
            let place = match (member.member, several) {
                (Some(member), true) => Some(format!("{member}#{}", ordinal + 1)),
                (None, true) => Some(item.clone()),
                (member, false) => member.map(str::to_owned),
            };
            let origin = Origin {
                file,
                path,
                member: place.as_deref(),
                format: reading.format,
                encoding: reading.encoding,
                id: &article_id(path, member.member, &item),
            };
            match self.document(index, &origin, article) {
                Ok(document) => documents.push(document),
                Err(error) => note(place.as_deref(), error.to_string(), ProblemKind::Failed),
            }
        }
        reading.format.clone_into(&mut facts.format);
        facts.format_version = reading.version;
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
                for article in &mut reading.articles {
                    enrich(article, &Context { path: name, latest });
                }
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
