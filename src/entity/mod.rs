//! Who and what an article is about.
//!
//! Two steps, kept apart: [`Reader`] finds the mentions of one article and makes them one entity
//! each (nothing but the article itself decides), and `identity` says which names of the archive
//! are one person, organisation or place (computed from names, never frozen into the index).
//!
//! This module knows neither the engine nor the formats.

mod coref;
pub mod identity;
pub mod names;
pub mod people_file;
pub mod tagger;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use coref::Resolver;
pub use tagger::{ModelError, Tagger};

use crate::text::{Forms, Tokens};

/// The kinds of entities. A new kind is a variant here and a row in [`EntityKind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A human being, by name.
    Person,
    /// A company, agency, party, team, institution.
    Organisation,
    /// A country, region, town, landmark.
    Place,
}

impl EntityKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Person, Self::Organisation, Self::Place];

    /// `person`, `organisation` or `place`: as in JSON and as a facet's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Place => "place",
        }
    }

    /// The BIO tag's type, as CoNLL-2003 writes it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Person => "PER",
            Self::Organisation => "ORG",
            Self::Place => "LOC",
        }
    }
}

/// Which text of the article a mention stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The headline.
    Title,
    /// The body.
    Body,
}

/// One mention of an entity in an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The text it stands in.
    pub part: Part,
    /// First byte in that text.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// First token (of that text's [`crate::text::Tokens`]).
    pub first_token: u32,
    /// The token after its last.
    pub end_token: u32,
    /// Which of the article's entities it is: an index into [`ArticleEntities::entities`].
    pub entity: u32,
}

/// One entity of one article: what the article itself establishes, before anything else is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its kind.
    pub kind: EntityKind,
    /// The fullest name that the article gives it, titles and possessives stripped
    /// (`John Kerry` in an article that also says `Kerry` and `Mr. Kerry`).
    pub name: String,
    /// Titles and roles written right before or after the name, as written
    /// (`Foreign Minister`, `Sen.`), without repetition, at most four.
    pub roles: Vec<String>,
    /// How many mentions it has in title and body.
    pub mentions: u32,
}

/// The entities of one article, ordered by first mention, with all their mentions in text order
/// (title first).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleEntities {
    /// The entities.
    pub entities: Vec<Entity>,
    /// Their mentions.
    pub mentions: Vec<Mention>,
}

/// Reads the entities of articles; one per thread, together with its lexer.
pub struct Reader {
    tagger: Arc<Tagger>,
    scratch: tagger::Scratch,
    spans: Vec<tagger::Span>,
    resolver: Resolver,
}

impl Reader {
    /// A reader with a tagger, which threads share.
    #[must_use]
    pub fn new(tagger: Arc<Tagger>) -> Self {
        Self {
            tagger,
            scratch: tagger::Scratch::default(),
            spans: Vec::new(),
            resolver: Resolver::default(),
        }
    }

    /// The entities of one article, given as headline and text with their tokens. `language` is
    /// its ISO 639-1 code, where known: of a text that is not English, only what lists and form
    /// bear out is taken for a name.
    pub fn read(
        &mut self,
        forms: &Forms,
        (title, title_tokens): (&str, &Tokens),
        (body, body_tokens): (&str, &Tokens),
        language: Option<&str>,
    ) -> ArticleEntities {
        self.tagger.tag(&mut self.scratch, forms, title_tokens, body_tokens, &mut self.spans);
        let input = coref::Input { forms, title, title_tokens, body, body_tokens, spans: &[] };
        match language.filter(|language| *language != "en") {
            Some(language) => {
                self.resolver.keep_borne_out(&input, language, &mut self.spans);
            }
            None => self.resolver.find_firms(&input, &mut self.spans),
        }
        self.resolver.resolve(&coref::Input { spans: &self.spans, ..input })
    }
}
