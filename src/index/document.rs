//! An article as the engine's document, and the form in which it is stored.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::analysis;
use super::schema::{
    BODY_BASE, Fields, PARAGRAPH_MARK, SENTENCE_MARK, SPAN_BITS, entity_prefix,
};
use crate::article::Article;
use crate::entity::{ArticleEntities, EntityKind, Part};
use crate::text::{Forms, Terms, Token, Tokens};

/// An entity as it is stored with its article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEntity {
    /// Kind.
    pub kind: EntityKind,
    /// Within-article name.
    pub name: String,
    /// Titles and roles written with it.
    pub roles: Vec<String>,
    /// Mentions in title and body.
    pub mentions: u32,
}

/// A mention as it is stored with its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMention {
    /// In the headline (or else in the body).
    pub in_title: bool,
    /// First byte of that text.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// Index of its entity.
    pub entity: u32,
}

/// Everything about one article that is shown or looked up after it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Identifier.
    pub id: String,
    /// File, relative to the archive's root, with `/`.
    pub path: String,
    /// Place in the file, where it holds several articles or members.
    pub member: Option<String>,
    /// Format it was read from.
    pub format: String,
    /// Encoding of the file.
    pub encoding: String,
    /// The article.
    pub article: Article,
    /// Its entities, in order of first mention.
    pub entities: Vec<StoredEntity>,
    /// Their mentions, headline first.
    pub mentions: Vec<StoredMention>,
    /// Words of the body.
    pub words: u32,
}

/// Where an article comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Key of the file, see [`super::file_key`].
    pub file: u64,
    /// File, relative to the archive's root.
    pub path: &'a str,
    /// Place in the file.
    pub member: Option<&'a str>,
    /// Format.
    pub format: &'a str,
    /// Encoding.
    pub encoding: &'a str,
    /// Identifier, see [`article_id`].
    pub id: &'a str,
}

/// An article's text as tokens.
#[derive(Clone, Copy, Debug)]
pub struct Lexed<'a> {
    /// The word forms that the tokens refer to.
    pub forms: &'a Forms,
    /// Tokens of the headline.
    pub title: &'a Tokens,
    /// Tokens of the body.
    pub body: &'a Tokens,
}

/// The identifier of an article: a letter and twelve characters, made of its path and of its own
/// identifier in the file (or its ordinal there, where it has none).
#[must_use]
pub fn article_id(path: &str, member: Option<&str>, item: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for part in [path, member.unwrap_or_default(), item] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    let mut rest = hasher.digest128();
    let mut id = String::with_capacity(13);
    id.push('n');
    for _ in 0..12 {
        id.push(char::from(ALPHABET[(rest & 31) as usize]));
        rest >>= 5;
    }
    id
}

/// Makes documents; one per thread, kept for a whole run.
#[derive(Default)]
pub struct DocumentBuilder {
    terms: Terms,
    lines: String,
    title_positions: Vec<u32>,
    body_positions: Vec<u32>,
    placed: String,
    fingerprint: Vec<u64>,
}

impl DocumentBuilder {
    /// The document of an article. `fingerprint` is given the terms of the body, one per line, and
    /// writes the fingerprint of the text.
    ///
    /// # Errors
    ///
    /// Only where the article cannot be serialised, which no text can bring about.
    pub fn build(
        &mut self,
        fields: &Fields,
        origin: &Origin<'_>,
        article: Article,
        lexed: &Lexed<'_>,
        entities: &ArticleEntities,
        fingerprint: &mut dyn FnMut(&str, &mut Vec<u64>),
    ) -> Result<TantivyDocument, postcard::Error> {
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, origin.id);
        document.add_u64(fields.file, origin.file);

        self.write_terms(lexed.forms, &article.title, &lexed.title.tokens, true);
        document.add_text(fields.title, &self.lines);
        let words = self.write_terms(lexed.forms, &article.body, &lexed.body.tokens, false);
        document.add_text(fields.body, &self.lines);
        self.fingerprint.clear();
        fingerprint(&self.lines, &mut self.fingerprint);
        for part in &self.fingerprint {
            document.add_u64(fields.fingerprint, *part);
        }
        self.write_placed(lexed.body, entities);
        document.add_text(fields.entities, &self.placed);

        for entity in &entities.entities {
            document.add_text(fields.names(entity.kind), &entity.name);
        }
        if let Some(date) = article.date {
            document.add_i64(fields.date, date.first_day().into());
            document.add_i64(fields.date_last, date.last_day().into());
        }
        let values = [
            (fields.source, &article.source),
            (fields.section, &article.section),
            (fields.language, &article.language),
        ];
        for (field, value) in values {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        }
        for name in &article.byline {
            document.add_text(fields.byline, name);
        }
        document.add_text(fields.format, origin.format);
        document.add_u64(fields.words, words.into());
        let stored = Stored {
            id: origin.id.to_owned(),
            path: origin.path.to_owned(),
            member: origin.member.map(str::to_owned),
            format: origin.format.to_owned(),
            encoding: origin.encoding.to_owned(),
            article,
            entities: stored_entities(entities),
            mentions: stored_mentions(entities),
            words,
        };
        document.add_bytes(fields.stored, &postcard::to_stdvec(&stored)?);
        Ok(document)
    }

    /// Writes a text's terms into `lines` and the position of each token's first term into the
    /// positions; returns how many terms there are.
    fn write_terms(&mut self, forms: &Forms, text: &str, tokens: &[Token], title: bool) -> u32 {
        let positions =
            if title { &mut self.title_positions } else { &mut self.body_positions };
        positions.clear();
        self.lines.clear();
        let mut position = 0;
        for token in tokens {
            positions.push(position);
            for term in self.terms.of(forms, text, *token) {
                self.lines.push_str(term);
                self.lines.push('\n');
                position += 1;
            }
        }
        positions.push(position);
        position
    }

    fn write_placed(&mut self, body: &Tokens, entities: &ArticleEntities) {
        self.placed.clear();
        let mut marks = |starts: &[u32], mark: &str| {
            for start in starts {
                let position = self.body_positions.get(*start as usize).copied().unwrap_or(0);
                let placed = (BODY_BASE + position) << SPAN_BITS;
                let mut letters = mark.chars();
                analysis::push_placed(
                    &mut self.placed,
                    placed,
                    letters.next().unwrap_or_default(),
                    letters.as_str(),
                );
            }
        };
        marks(&body.sentences, SENTENCE_MARK);
        marks(&body.paragraphs, PARAGRAPH_MARK);
        for mention in &entities.mentions {
            let Some(entity) = entities.entities.get(mention.entity as usize) else { continue };
            let (positions, base, limit) = match mention.part {
                Part::Title => (&self.title_positions, 0, BODY_BASE),
                Part::Body => (&self.body_positions, BODY_BASE, u32::MAX >> SPAN_BITS),
            };
            let at = |token: u32| positions.get(token as usize).copied();
            let (Some(first), Some(end)) = (at(mention.first_token), at(mention.end_token))
            else {
                continue;
            };
            let position = base + first;
            if position >= limit {
                continue;
            }
            let length = end.saturating_sub(first).clamp(1, (1 << SPAN_BITS) - 1);
            let placed = (position << SPAN_BITS) | length;
            let prefix = entity_prefix(entity.kind);
            analysis::push_placed(&mut self.placed, placed, prefix, "");
            analysis::push_placed(&mut self.placed, placed, prefix, &entity.name);
        }
    }
}

fn stored_entities(entities: &ArticleEntities) -> Vec<StoredEntity> {
    let stored = |entity: &crate::entity::Entity| StoredEntity {
        kind: entity.kind,
        name: entity.name.clone(),
        roles: entity.roles.clone(),
        mentions: entity.mentions,
    };
    entities.entities.iter().map(stored).collect()
}

fn stored_mentions(entities: &ArticleEntities) -> Vec<StoredMention> {
    let stored = |mention: &crate::entity::Mention| StoredMention {
        in_title: mention.part == Part::Title,
        start: mention.start,
        end: mention.end,
        entity: mention.entity,
    };
    entities.mentions.iter().map(stored).collect()
}
