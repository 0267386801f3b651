//! Answers of an archive, made up for tests.

use crate::entity::EntityKind;
use crate::search::{
    ArticleView, Companion, Copy, EntityCount, FacetCount, Facets, Hit, Mark, MarkKind,
    Profile, QueryInfo, SearchResponse, Snippet,
};

/// A hit with little in it.
pub(super) fn hit(number: usize, title: &str) -> Hit {
    Hit {
        rank: number as u64 + 1,
        score: 1.0,
        id: format!("a{number}"),
        path: format!("asia/{number}.txt"),
        member: None,
        title: title.to_owned(),
        date: "2013-02-05".parse().ok(),
        date_precision: None,
        source: Some("Yonhap".to_owned()),
        byline: vec!["Ann Lee".to_owned()],
        section: None,
        page: None,
        url: None,
        language: Some("en".to_owned()),
        words: 1_380,
        status: None,
        people: vec![EntityCount { name: "John Kerry".to_owned(), mentions: 3 }],
        organisations: Vec::new(),
        places: vec![EntityCount { name: "Seoul".to_owned(), mentions: 2 }],
        snippets: vec![Snippet {
            field: "body".to_owned(),
            text: "John Kerry met his counterpart in Seoul on Friday.".to_owned(),
            highlights: vec![[5, 10]],
        }],
        copies: Vec::new(),
        context: Vec::new(),
        explain: None,
    }
}

/// Another copy of a hit's story.
pub(super) fn copy(number: usize) -> Copy {
    Copy {
        id: format!("c{number}"),
        path: format!("wire/{number}.txt"),
        title: "Kerry in Seoul".to_owned(),
        source: Some("AP".to_owned()),
        date: None,
    }
}

/// An article with matches at these places of its body.
pub(super) fn article(title: &str, body: &str, matches: &[(usize, usize)]) -> ArticleView {
    let marks = matches.iter().map(|(start, end)| Mark {
        start: *start,
        end: *end,
        what: MarkKind::Match,
    });
    ArticleView {
        version: 1,
        hit: hit(0, title),
        dateline: None,
        edition: None,
        captions: Vec::new(),
        body: body.to_owned(),
        title_marks: Vec::new(),
        body_marks: marks.collect(),
    }
}

/// An article in which every `Kerry` matches and is a name, and every `Seoul` is a name.
pub(super) fn marked_article(title: &str, body: &str) -> ArticleView {
    let mut article = article(title, body, &[]);
    for (word, kind, name) in
        [("Kerry", EntityKind::Person, "John Kerry"), ("Seoul", EntityKind::Place, "Seoul")]
    {
        for (at, _) in body.match_indices(word) {
            let start = body.get(..at).map_or(0, |before| before.chars().count());
            let end = start + word.chars().count();
            let what = MarkKind::Entity { kind, name: name.to_owned() };
            article.body_marks.push(Mark { start, end, what });
            if word == "Kerry" {
                article.body_marks.push(Mark { start, end, what: MarkKind::Match });
            }
        }
    }
    article.body_marks.sort_by_key(|mark| mark.start);
    article
}

fn counts(values: &[(&str, u64)]) -> Vec<FacetCount> {
    values
        .iter()
        .map(|(value, count)| FacetCount { value: (*value).to_owned(), count: *count })
        .collect()
}

/// An answer with these headlines.
pub(super) fn response(text: &str, titles: &[&str]) -> SearchResponse {
    SearchResponse {
        version: 1,
        query: QueryInfo {
            text: text.to_owned(),
            interpreted: text.to_owned(),
            ..QueryInfo::default()
        },
        total: titles.len() as u64,
        took_ms: 1.25,
        hits: titles.iter().enumerate().map(|(number, title)| hit(number, title)).collect(),
        facets: Some(Facets {
            person: counts(&[("John Kerry", 12), ("Yun Byung-se", 4)]),
            place: counts(&[("Seoul", 9)]),
            source: counts(&[("Yonhap", 8), ("AP", 3)]),
            year: counts(&[("2012", 2), ("2013", 10)]),
            ..Facets::default()
        }),
    }
}

/// What the archive knows of somebody.
pub(super) fn profile(name: &str) -> Profile {
    Profile {
        version: 1,
        kind: EntityKind::Person,
        name: name.to_owned(),
        articles: 142,
        warnings: Vec::new(),
        forms: counts(&[("Kerry", 300), ("John F. Kerry", 9)]),
        years: counts(&[("2011", 3), ("2012", 40), ("2013", 99)]),
        roles: Vec::new(),
        companions: vec![Companion {
            kind: EntityKind::Person,
            name: "Yun Byung-se".to_owned(),
            articles: 4,
            strength: 9.5,
        }],
        hits: vec![hit(7, "Kerry meets Yun")],
    }
}
