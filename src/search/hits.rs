//! From stored articles to what is shown of them.

use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::DocAddress;

use super::highlight::Marked;
use super::response::{ArticleView, Copy, EntityCount, Hit, JSON_VERSION, Mark, MarkKind};
use super::tables::Tables;
use crate::entity::EntityKind;
use crate::index::Stored;

/// What a hit shows of an article, but for rank, score and snippets.
pub(super) fn hit(stored: &Stored, tables: &Tables, address: DocAddress) -> Hit {
    let article = &stored.article;
    let of_kind = |kind| {
        let mut counts: Vec<EntityCount> = Vec::new();
        for entity in &stored.entities {
            let Some(id) = tables.meant_by(entity.kind, &entity.name, address) else {
                continue;
            };
            if tables.identities().kind(id) != Some(kind) {
                continue;
            }
            let name = tables.identities().canonical(id);
            match counts.iter_mut().find(|known| known.name == name) {
                Some(known) => known.mentions += entity.mentions,
                None => counts
                    .push(EntityCount { name: name.to_owned(), mentions: entity.mentions }),
            }
        }
        counts.sort_by_key(|count| std::cmp::Reverse(count.mentions));
        counts
    };
    Hit {
        rank: 0,
        score: 0.0,
        id: stored.id.clone(),
        path: stored.path.clone(),
        member: stored.member.clone(),
        title: article.title.clone(),
        date: article.date,
        date_precision: article.date.map(crate::article::Date::precision),
        source: article.source.clone(),
        byline: article.byline.clone(),
        section: article.section.clone(),
        page: article.page.clone(),
        url: article.url.clone(),
        language: article.language.clone(),
        words: stored.words,
        status: article.status.clone(),
        people: of_kind(EntityKind::Person),
        organisations: of_kind(EntityKind::Organisation),
        places: of_kind(EntityKind::Place),
        snippets: Vec::new(),
        copies: Vec::new(),
        context: Vec::new(),
        explain: None,
    }
}

/// What a copy shows.
pub(super) fn copy(stored: &Stored) -> Copy {
    Copy {
        id: stored.id.clone(),
        path: stored.path.clone(),
        title: stored.article.title.clone(),
        source: stored.article.source.clone(),
        date: stored.article.date,
    }
}

/// A whole article with its marks.
pub(super) fn article_view(
    stored: &Stored,
    marked: &Marked<'_>,
    tables: &Tables,
    address: DocAddress,
) -> ArticleView {
    let identities = tables.identities();
    let entity_marks = |in_title: bool| -> Vec<(Range<usize>, MarkKind)> {
        let mentions = stored.mentions.iter().filter(|m| m.in_title == in_title);
        mentions
            .filter_map(|mention| {
                let entity = stored.entities.get(mention.entity as usize)?;
                let id = tables.meant_by(entity.kind, &entity.name, address)?;
                let (kind, name) = (identities.kind(id)?, identities.canonical(id).to_owned());
                let what = MarkKind::Entity { kind, name };
                Some((mention.start as usize..mention.end as usize, what))
            })
            .collect()
    };
    let matches = |ranges: Vec<Range<usize>>| {
        ranges.into_iter().map(|range| (range, MarkKind::Match)).collect::<Vec<_>>()
    };
    let article = &stored.article;
    let mut title = matches(marked.title_matches());
    title.extend(entity_marks(true));
    let mut body = matches(marked.body_matches());
    body.extend(entity_marks(false));
    ArticleView {
        version: JSON_VERSION,
        hit: hit(stored, tables, address),
        dateline: article.dateline.clone(),
        edition: article.edition.clone(),
        captions: article.captions.clone(),
        title_marks: in_characters(&article.title, title),
        body_marks: in_characters(&article.body, body),
        body: article.body.clone(),
    }
}

/// Marks in bytes to marks in characters, in the order of their beginnings.
fn in_characters(text: &str, mut marks: Vec<(Range<usize>, MarkKind)>) -> Vec<Mark> {
    marks.sort_by_key(|(range, _)| (range.start, range.end));
    let mut ends: Vec<usize> =
        marks.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut characters = BTreeMap::new();
    let mut wanted = ends.into_iter().peekable();
    let all = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    for (count, at) in all.enumerate() {
        while wanted.next_if(|end| *end <= at).is_some() {
            characters.insert(at, count);
        }
    }
    let character = |at: usize| characters.get(&at).copied();
    let marks = marks.into_iter().filter_map(|(range, what)| {
        Some(Mark { start: character(range.start)?, end: character(range.end)?, what })
    });
    marks.collect()
}
