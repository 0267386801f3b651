//! A hit as the lists of several pages show it.

use super::Day;
use crate::entity::EntityKind;
use crate::front::web::markup::{Piece, highlighted, printable};
use crate::front::web::parameters::{entity_path, link};
use crate::search::{ContextLine, Copy, EntityCount, Explanation, Hit, SearchRequest, Snippet};
use crate::text::counted;

/// Names of each kind that a hit shows.
const HIT_NAMES: usize = 4;

/// Copies of a story that a hit lists.
const HIT_COPIES: usize = 20;

/// A hit as a list shows it.
#[derive(Debug)]
pub(super) struct HitView {
    pub(super) href: String,
    pub(super) title: Vec<Piece>,
    pub(super) source: Option<String>,
    pub(super) day: Option<Day>,
    pub(super) byline: String,
    pub(super) section: Option<String>,
    pub(super) words: String,
    pub(super) status: Option<String>,
    pub(super) language: String,
    pub(super) snippets: Vec<Vec<Piece>>,
    pub(super) names: Vec<NameTag>,
    pub(super) copies: Vec<CopyView>,
    pub(super) copies_text: String,
    pub(super) more_copies: usize,
    pub(super) context: Vec<ContextLine>,
    pub(super) explanation: Vec<ExplainedLine>,
}

/// A name with the page that it leads to.
#[derive(Debug)]
pub(super) struct NameTag {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) mentions: String,
}

pub(super) fn name_tags(kind: EntityKind, names: &[EntityCount], most: usize) -> Vec<NameTag> {
    let tags = names.iter().take(most).map(|entity| NameTag {
        name: printable(&entity.name),
        href: entity_path(kind, &entity.name),
        kind: kind.name(),
        mentions: counted(u64::from(entity.mentions), "mention", "mentions"),
    });
    tags.collect()
}

#[derive(Debug)]
pub(super) struct CopyView {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) source: Option<String>,
    pub(super) day: Option<Day>,
    pub(super) path: String,
}

impl CopyView {
    pub(super) fn new(copy: Copy, request: &SearchRequest) -> Self {
        Self {
            href: article_link(&copy.id, request),
            title: headline(&copy.title),
            source: copy.source.as_deref().map(printable),
            day: copy.date.map(Day::from),
            path: printable(&copy.path),
        }
    }
}

/// A headline that is never empty: a link needs a text.
pub(super) fn headline(title: &str) -> String {
    if title.trim().is_empty() { "Without a headline".to_owned() } else { printable(title) }
}

/// A line of an explanation, with its depth.
#[derive(Debug)]
pub(super) struct ExplainedLine {
    pub(super) depth: usize,
    pub(super) value: String,
    pub(super) reason: String,
}

fn explain(explanation: &Explanation, depth: usize, lines: &mut Vec<ExplainedLine>) {
    const DEEPEST: usize = 6;
    const MOST_LINES: usize = 80;
    if lines.len() >= MOST_LINES {
        return;
    }
    let value = format!("{:.4}", explanation.value);
    lines.push(ExplainedLine { depth, value, reason: printable(&explanation.reason) });
    if depth < DEEPEST {
        for part in &explanation.parts {
            explain(part, depth + 1, lines);
        }
    }
}

/// The address of an article, with the search that led to it.
fn article_link(id: &str, request: &SearchRequest) -> String {
    let search = SearchRequest { explain: false, context: false, ..request.clone() };
    // An identifier is URL-safe.
    link(&format!("/a/{id}"), &search)
}

impl HitView {
    pub(super) fn new(hit: Hit, request: &SearchRequest) -> Self {
        let is_title = |snippet: &&Snippet| snippet.field == "title";
        let title = match hit.snippets.iter().find(is_title) {
            Some(snippet) => highlighted(&snippet.text, &snippet.highlights),
            None => highlighted(&headline(&hit.title), &[]),
        };
        let mut names = name_tags(EntityKind::Person, &hit.people, HIT_NAMES);
        names.extend(name_tags(EntityKind::Organisation, &hit.organisations, HIT_NAMES / 2));
        names.extend(name_tags(EntityKind::Place, &hit.places, HIT_NAMES / 2));
        let mut explanation = Vec::new();
        if let Some(whole) = &hit.explain {
            explain(whole, 0, &mut explanation);
        }
        let copies = hit.copies.len();
        Self {
            href: article_link(&hit.id, request),
            title,
            source: hit.source.as_deref().map(printable),
            day: hit.date.map(Day::from),
            byline: printable(&hit.byline.join(", ")),
            section: hit.section.as_deref().map(printable),
            words: counted(u64::from(hit.words), "word", "words"),
            status: hit.status.as_deref().map(printable),
            language: hit.language.unwrap_or_default(),
            snippets: hit
                .snippets
                .iter()
                .filter(|snippet| snippet.field != "title" && !snippet.text.is_empty())
                .map(|snippet| highlighted(&snippet.text, &snippet.highlights))
                .collect(),
            names,
            copies_text: counted(copies as u64, "copy", "copies"),
            more_copies: copies.saturating_sub(HIT_COPIES),
            copies: hit
                .copies
                .into_iter()
                .take(HIT_COPIES)
                .map(|copy| CopyView::new(copy, request))
                .collect(),
            context: hit
                .context
                .into_iter()
                .map(|line| ContextLine {
                    left: printable(&line.left),
                    keyword: printable(&line.keyword),
                    right: printable(&line.right),
                })
                .collect(),
            explanation,
        }
    }
}
