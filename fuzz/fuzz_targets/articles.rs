//! A file's bytes, as any of the formats, up to its entities: nothing panics, texts are clean,
//! every token and mention lies in its text.
//!
//! The first byte chooses the name that the file goes by.

#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use newshound::enrich::{Context, divide, enrich};
use newshound::entity::{Part, Reader, Tagger};
use newshound::format::{self, Hints};
use newshound::text::{Lexer, Tokens};

const NAMES: [&str; 5] = ["2013/02/a.txt", "a.html", "a.md", "a.trec", "a"];

thread_local! {
    static READER: RefCell<(Lexer, Reader)> = RefCell::new((
        Lexer::new(),
        Reader::new(Arc::new(Tagger::new().expect("the model is sound"))),
    ));
}

fn is_clean(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\n')
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(choice) % NAMES.len()];
    let Ok(reading) = format::read(bytes, &Hints { name, ..Hints::default() }) else { return };
    assert!(!reading.articles.is_empty());
    for mut article in reading.articles {
        enrich(&mut article, &Context { path: name, latest: None });
        for article in divide(article) {
            assert!(is_clean(&article.title) && is_clean(&article.body), "{article:?}");
            assert!(!article.title.contains('\n'), "{article:?}");
            READER.with_borrow_mut(|(lexer, reader)| {
                let (mut title, mut body) = (Tokens::default(), Tokens::default());
                lexer.begin_article();
                lexer.read(&article.title, &mut title);
                lexer.read(&article.body, &mut body);
                let found = reader.read(
                    lexer.forms(),
                    (&article.title, &title),
                    (&article.body, &body),
                    article.language.as_deref(),
                );
                for mention in &found.mentions {
                    let text = match mention.part {
                        Part::Title => &article.title,
                        Part::Body => &article.body,
                    };
                    let span = mention.start as usize..mention.end as usize;
                    assert!(text.get(span).is_some_and(|name| !name.is_empty()), "{article:?}");
                    assert!((mention.entity as usize) < found.entities.len());
                }
            });
        }
    }
});
