//! An article: its text with matches and names marked, and what is known of it.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;

use super::hit::{CopyView, HitView, NameTag, headline, name_tags};
use super::{Day, Fact, Frame, Link, is_front, kind_title, language, refuse};
use crate::entity::EntityKind;
use crate::front::cite;
use crate::front::web::api::segment;
use crate::front::web::clauses::{self, Clause};
use crate::front::web::export::{self, Format};
use crate::front::web::markup::{Marker, Run, printable, safe_url};
use crate::front::web::original;
use crate::front::web::parameters::{self, Arguments, link};
use crate::front::web::site::{Head, Page, Site, today};
use crate::search::{ArticleView, Hit, SearchRequest};
use crate::text::counted;

/// Articles like the one that is read.
const SIMILAR: usize = 6;

pub(super) async fn article(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let id = segment(id)?;
        let request = Arguments::read(&query, parameters::ARTICLE)?.search(today());
        let view = archive.article(&id, Some(&request))?;
        let similar = archive.similar(&id, SIMILAR)?;
        let original = archive.original(&id).ok();
        Page::html(&article_page(view, similar, original.is_some(), &request))
    })
    .await
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    frame: Frame,
    back: Option<String>,
    id: String,
    title: Vec<Run>,
    title_text: String,
    language: String,
    day: Option<Day>,
    facts: Vec<Fact>,
    byline: Vec<Link>,
    url: Option<String>,
    url_text: Option<String>,
    status: Option<String>,
    captions: Vec<String>,
    paragraphs: Vec<Vec<Run>>,
    matches: usize,
    names: Vec<NameTagList>,
    copies: Vec<CopyView>,
    similar: Vec<HitView>,
    citations: Vec<Citation>,
    path: String,
    has_original: bool,
    json: String,
}

#[derive(Debug)]
struct NameTagList {
    title: &'static str,
    tags: Vec<NameTag>,
}

/// A citation in one form.
#[derive(Debug)]
struct Citation {
    name: &'static str,
    text: String,
    href: Option<String>,
}

fn article_page(
    view: ArticleView,
    similar: Vec<Hit>,
    has_original: bool,
    request: &SearchRequest,
) -> ArticlePage {
    let ArticleView { hit, dateline, edition, captions, body, title_marks, body_marks, .. } =
        view;
    let mut marker = Marker::new(&title_marks);
    let title: Vec<Run> = marker.paragraphs(&hit.title).into_iter().flatten().collect();
    marker.take(&body_marks);
    let paragraphs = marker.paragraphs(&body);
    let facts = [
        ("Source", hit.source.clone()),
        ("Section", hit.section.clone()),
        ("Page", hit.page.clone()),
        ("Edition", edition),
        ("Dateline", dateline),
        ("Language", hit.language.as_deref().map(language)),
        ("Length", Some(counted(u64::from(hit.words), "word", "words"))),
    ];
    let names = [
        (EntityKind::Person, &hit.people),
        (EntityKind::Organisation, &hit.organisations),
        (EntityKind::Place, &hit.places),
    ];
    let citations = [
        ("Text", cite::text(&hit), None),
        ("RIS", cite::ris(&hit), Some("ris")),
        ("BibTeX", cite::bibtex(&hit), Some("bibtex")),
        ("CSL-JSON", cite::csl_json(&hit), Some("csl-json")),
    ];
    let by = |name: &String| Link {
        text: printable(name),
        href: link(
            "/",
            &SearchRequest {
                text: clauses::with("", &Clause::new("by", name, false)),
                ..SearchRequest::default()
            },
        ),
    };
    let plain = SearchRequest::default();
    ArticlePage {
        frame: Frame::new(headline(&hit.title), &request.text, "search"),
        back: (!is_front(request)).then(|| link("/", request)),
        title,
        title_text: headline(&hit.title),
        language: hit.language.clone().unwrap_or_default(),
        day: hit.date.map(Day::from),
        facts: facts
            .into_iter()
            .filter_map(|(name, value)| Some(Fact { name, value: printable(&value?) }))
            .collect(),
        byline: hit.byline.iter().map(by).collect(),
        url: hit.url.as_deref().and_then(safe_url).map(str::to_owned),
        url_text: hit.url.as_deref().map(printable),
        status: hit.status.as_deref().map(printable),
        captions: captions.iter().map(|caption| printable(caption)).collect(),
        paragraphs,
        matches: marker.count(),
        names: names
            .into_iter()
            .map(|(kind, names)| NameTagList {
                title: kind_title(kind),
                tags: name_tags(kind, names, usize::MAX),
            })
            .filter(|list| !list.tags.is_empty())
            .collect(),
        similar: similar.into_iter().map(|hit| HitView::new(hit, &plain)).collect(),
        citations: citations
            .into_iter()
            .map(|(name, text, format)| Citation {
                name,
                text: printable(&text),
                href: format.map(|format| format!("/a/{}/cite?format={format}", hit.id)),
            })
            .collect(),
        path: match &hit.member {
            Some(member) => format!("{} › {}", printable(&hit.path), printable(member)),
            None => printable(&hit.path),
        },
        has_original,
        json: format!("/api/v1/articles/{}", hit.id),
        copies: hit.copies.into_iter().map(|copy| CopyView::new(copy, request)).collect(),
        id: hit.id,
    }
}

pub(super) async fn cite_article(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    let query = head.query.clone();
    site.answer(&head, move |archive| {
        let arguments = Arguments::read(&query, parameters::CITE)?;
        let hit = archive.article(&segment(id)?, None)?.hit;
        Ok(match arguments.text("format").and_then(Format::named) {
            Some(format) => Page::new(format.media_type(), format.entry(&hit, true)),
            None => Page::new("text/plain; charset=utf-8", export::plain_citation(&hit)),
        })
    })
    .await
}

pub(super) async fn download(
    State(site): State<Site>,
    id: Result<Path<String>, PathRejection>,
    head: Head,
) -> Response {
    match segment(id) {
        Ok(id) => original::download(&site, &head, id).await,
        Err(problem) => refuse(&problem, &head),
    }
}
