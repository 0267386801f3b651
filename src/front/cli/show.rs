//! `show`: an article as a person reads it.

use anstyle::{AnsiColor, Style};

use super::args::{Citation, ShowArgs};
use super::context::Context;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{BOLD, DIM, Look, MATCH, visible};
use super::{hits, json, last_search, pager};
use crate::entity::EntityKind;
use crate::front::cite;
use crate::search::{ArticleView, EntityCount, Mark, MarkKind, SearchRequest};

/// `show ID`, `show N`, `show --diff ID ID`.
pub(super) fn show(args: &ShowArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.diff && args.articles.len() != 2 {
        return Err(Failure::new("--diff takes two articles")
            .hint("give two identifiers or numbers of hits: `newshound show --diff 1 2`"));
    }
    let named = last_search::resolve(&args.articles, &args.archive)?;
    let mut views = Vec::new();
    for id in &named.ids {
        // A query that cannot be marked is no reason not to show the article.
        let search = named.search.as_ref().filter(|_| !args.diff);
        views.push(match named.archive.article(id, search) {
            Err(error) if search.is_some() && !is_unknown(&error) => {
                named.archive.article(id, None::<&SearchRequest>)?
            }
            other => other?,
        });
    }
    if let (true, [old, new]) = (args.diff, views.as_slice()) {
        let text = diff::diff(old, new, context.look);
        pager::show(&text, !args.no_pager, context)?;
        return Ok(Exit::Found);
    }
    if args.json {
        for view in &views {
            json::write(view, context)?;
        }
        return Ok(Exit::Found);
    }
    if let Some(format) = args.cite {
        for view in &views {
            context.out.text(&citation(view, format))?;
        }
        return Ok(Exit::Found);
    }
    let texts: Vec<String> = views.iter().map(|view| article(view, context.look)).collect();
    pager::show(&texts.join("\n\n"), !args.no_pager, context)?;
    Ok(Exit::Found)
}

fn is_unknown(error: &crate::search::SearchError) -> bool {
    matches!(error, crate::search::SearchError::NoSuchArticle { .. })
}

fn citation(view: &ArticleView, format: Citation) -> String {
    let hit = &view.hit;
    match format {
        Citation::Text => format!("{}\n", cite::text(hit)),
        Citation::Ris => cite::ris(hit),
        Citation::Bibtex => cite::bibtex(hit),
        Citation::CslJson => format!("{}\n", cite::csl_json(hit)),
        Citation::Markdown => cite::markdown(hit),
    }
}

fn entity_style(kind: EntityKind) -> Style {
    match kind {
        EntityKind::Person => AnsiColor::Green.on_default(),
        EntityKind::Organisation => AnsiColor::Blue.on_default(),
        EntityKind::Place => AnsiColor::Magenta.on_default(),
    }
}

/// Headline, what is known of the article, its text, and whom it names.
fn article(view: &ArticleView, look: Look) -> String {
    let hit = &view.hit;
    let mut out = String::new();
    let title = if hit.title.trim().is_empty() {
        look.paint(DIM, "(no headline)")
    } else {
        let marks = styled(&view.title_marks, 0, hit.title.chars().count(), Some(BOLD));
        look.marked(&hit.title, &marks)
    };
    out.push_str(&look.lines("", "", &title));
    out.push_str(&look.lines("", "", &hits::about(hit, look)));
    let mut details: Vec<String> = Vec::new();
    for (name, value) in [
        ("section", &hit.section),
        ("page", &hit.page),
        ("edition", &view.edition),
        ("dateline", &view.dateline),
    ] {
        details.extend(value.as_ref().map(|value| format!("{name} {}", visible(value))));
    }
    if !details.is_empty() {
        out.push_str(&look.lines("", "", &look.paint(DIM, &details.join(" · "))));
    }
    let place = match &hit.member {
        Some(member) => format!("{}#{member}", hit.path),
        None => hit.path.clone(),
    };
    out.push_str(&look.lines("", "", &look.paint(DIM, &visible(&place))));
    if let Some(url) = &hit.url {
        out.push_str(&look.lines("", "", &look.paint(DIM, &visible(url))));
    }
    if !hit.copies.is_empty() {
        let copies = hits::copies(&hit.copies);
        out.push_str(&look.lines("", "", &look.paint(DIM, &copies)));
    }
    out.push('\n');

    let mut start = 0;
    for paragraph in view.body.split("\n\n") {
        let length = paragraph.chars().count();
        let marks = styled(&view.body_marks, start, start + length, None);
        out.push_str(&look.lines("", "", &look.marked(paragraph, &marks)));
        out.push('\n');
        start += length + 2;
    }
    for caption in &view.captions {
        let caption = format!("[Caption: {}]", visible(caption));
        out.push_str(&look.lines("", "", &look.paint(DIM, &caption)));
        out.push('\n');
    }
    for (heading, kind, entities) in [
        ("People", EntityKind::Person, &hit.people),
        ("Organisations", EntityKind::Organisation, &hit.organisations),
        ("Places", EntityKind::Place, &hit.places),
    ] {
        if !entities.is_empty() {
            let heading = format!("{heading:<15}");
            let names = named(entities, entity_style(kind), look);
            out.push_str(&look.lines(&heading, &" ".repeat(15), &names));
        }
    }
    out
}

fn named(entities: &[EntityCount], style: Style, look: Look) -> String {
    let names = entities.iter().map(|entity| {
        let length = entity.name.chars().count();
        let name = look.marked(&entity.name, &[(0, length, style)]);
        if entity.mentions > 1 {
            format!("{name} {}", look.paint(DIM, &entity.mentions.to_string()))
        } else {
            name
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The marks of a stretch of the text, counted from its beginning: a match stands out from an
/// entity, an entity from `rest`.
fn styled(
    marks: &[Mark],
    start: usize,
    end: usize,
    rest: Option<Style>,
) -> Vec<(usize, usize, Style)> {
    let inside: Vec<&Mark> =
        marks.iter().filter(|mark| mark.start < end && mark.end > start).collect();
    let mut bounds: Vec<usize> = inside
        .iter()
        .flat_map(|mark| [mark.start, mark.end])
        .chain([start, end])
        .map(|at| at.clamp(start, end))
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut out = Vec::new();
    for pair in bounds.windows(2) {
        let [from, to] = pair else { continue };
        let over = inside.iter().filter(|mark| mark.start <= *from && mark.end >= *to);
        let mut style = rest;
        for mark in over {
            match &mark.what {
                MarkKind::Match => {
                    style = Some(MATCH);
                    break;
                }
                MarkKind::Entity { kind, .. } => style = Some(entity_style(*kind)),
            }
        }
        out.extend(style.map(|style| (from - start, to - start, style)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_stands_out_from_the_entity_around_it() {
        let entity =
            MarkKind::Entity { kind: EntityKind::Person, name: "John Kerry".to_owned() };
        let marks = [
            Mark { start: 10, end: 20, what: entity },
            Mark { start: 15, end: 20, what: MarkKind::Match },
            Mark { start: 90, end: 99, what: MarkKind::Match },
        ];
        let person = entity_style(EntityKind::Person);
        assert_eq!(styled(&marks, 8, 40, None), [(2, 7, person), (7, 12, MATCH)]);
        assert_eq!(styled(&marks, 40, 60, None), []);
        assert_eq!(styled(&[], 0, 3, Some(BOLD)), [(0, 3, BOLD)]);
    }
}
