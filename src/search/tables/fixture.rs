//! An archive of a few articles, for tests.

use std::path::Path;

use tantivy::{DocAddress, Searcher};
use tempfile::TempDir;

use super::Tables;
use crate::article::Article;
use crate::enrich::fingerprint::Fingerprinter;
use crate::entity::EntityKind;
use crate::entity::{ArticleEntities, Entity, Mention, Part};
use crate::index::{DocumentBuilder, Fields, Index, Lexed, Location, Origin, Stored, file_key};
use crate::text::{Lexer, Tokens};

/// An article to be indexed.
#[derive(Clone, Debug, Default)]
pub(in crate::search) struct Draft {
    pub(in crate::search) title: &'static str,
    pub(in crate::search) body: String,
    pub(in crate::search) date: &'static str,
    pub(in crate::search) source: &'static str,
    /// Names with the role written with each.
    pub(in crate::search) people: Vec<(&'static str, &'static str)>,
    pub(in crate::search) organisations: Vec<&'static str>,
}

/// An index of a few articles, in two segments.
pub(in crate::search) struct Archive {
    folder: TempDir,
    index: Index,
    pub(in crate::search) fields: Fields,
    pub(in crate::search) searcher: Searcher,
}

impl Archive {
    pub(in crate::search) fn of(drafts: &[Draft]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path(), None);
        let index = Index::open_or_create(&location).unwrap();
        let fields = index.fields();
        let mut record = index.record().unwrap();
        let mut writer = index.writer(1).unwrap();
        let half = drafts.len().div_ceil(2);
        for (block, drafts) in drafts.chunks(half).enumerate() {
            for (at, draft) in drafts.iter().enumerate() {
                writer.add(document(&fields, &(half * block + at).to_string(), draft)).unwrap();
            }
            writer.commit(&mut record).unwrap();
        }
        writer.close().unwrap();
        let searcher = index.reader().unwrap().searcher();
        Self { folder, index, fields, searcher }
    }

    /// Takes away the article of this number.
    pub(in crate::search) fn remove(&mut self, number: usize) {
        let mut record = self.index.record().unwrap();
        let mut writer = self.index.writer(1).unwrap();
        writer.remove_file(&number.to_string());
        writer.commit(&mut record).unwrap();
        writer.close().unwrap();
        self.searcher = self.index.reader().unwrap().searcher();
    }

    pub(in crate::search) fn tables(&self) -> Tables {
        Tables::build(&self.searcher, &self.fields).unwrap()
    }

    pub(in crate::search) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(in crate::search) fn stored(&self, at: DocAddress) -> Stored {
        crate::search::stored::stored(&self.searcher, &self.fields, at).unwrap().unwrap()
    }

    /// The number and address of each article.
    pub(in crate::search) fn all(&self) -> Vec<(usize, DocAddress)> {
        let mut all = Vec::new();
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            for doc in reader.doc_ids_alive() {
                let at = DocAddress::new(segment, doc);
                all.push((self.stored(at).path.parse().unwrap(), at));
            }
        }
        all.sort_unstable();
        all
    }
}

fn document(fields: &Fields, path: &str, draft: &Draft) -> tantivy::TantivyDocument {
    let article = Article {
        title: draft.title.to_owned(),
        body: draft.body.clone(),
        date: draft.date.parse().ok(),
        source: Some(draft.source.to_owned()),
        language: Some("en".to_owned()),
        ..Article::default()
    };
    let mut lexer = Lexer::new();
    let (mut title, mut body) = (Tokens::default(), Tokens::default());
    lexer.read(&article.title, &mut title);
    lexer.read(&article.body, &mut body);
    let people = draft.people.iter().map(|(name, role)| (EntityKind::Person, *name, *role));
    let organisations =
        draft.organisations.iter().map(|name| (EntityKind::Organisation, *name, ""));
    let mut entities = ArticleEntities::default();
    for (kind, name, role) in people.chain(organisations) {
        let roles = Some(role).filter(|role| !role.is_empty()).map(str::to_owned);
        entities.mentions.push(Mention {
            part: Part::Body,
            start: 0,
            end: 1,
            first_token: 0,
            end_token: 1,
            entity: entities.entities.len() as u32,
        });
        entities.entities.push(Entity {
            kind,
            name: name.to_owned(),
            roles: roles.into_iter().collect(),
            mentions: 1,
        });
    }
    let origin = Origin {
        file: file_key(path),
        path,
        member: None,
        format: "plain",
        encoding: "UTF-8",
        id: path,
    };
    let lexed = Lexed { forms: lexer.forms(), title: &title, body: &body };
    let mut prints = Fingerprinter::new();
    DocumentBuilder::default()
        .build(fields, &origin, article, &lexed, &entities, &mut |lines, out| {
            prints.of_lines(lines, out);
        })
        .unwrap()
}

/// A text of its own for each number.
pub(in crate::search) fn text(number: usize, words: usize) -> String {
    let words = (0..words).map(|n| format!("word{} ", number * 1000 + n));
    words.collect()
}
