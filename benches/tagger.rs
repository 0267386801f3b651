//! How fast names are found, from raw text: what each part of the work costs.
//!
//! The text is made of the project's sample corpus-like sentences below, so that the bench needs
//! no file; its vocabulary is poorer than an archive's.

#![allow(missing_docs, reason = "criterion's macros")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use newshound::entity::tagger::{Passes, Scratch, Tagger};
use newshound::text::{Lexer, Tokens};
use std::hint::black_box;

const PLACES: [&str; 12] = [
    "Geneva", "Nairobi", "Lisbon", "Ottawa", "Jakarta", "Lima", "Warsaw", "Canberra", "Hanoi",
    "Accra", "Oslo", "Quito",
];
const NAMES: [&str; 12] = [
    "Anna Lindqvist",
    "Peter Mbeki",
    "Rosa Alvarez",
    "Tom Whitfield",
    "Jean Lacroix",
    "Olga Petrova",
    "Kim Dae-sung",
    "Farid Hassan",
    "Maria Rossi",
    "Erik Nilsen",
    "Ruth Okafor",
    "Liam Byrne",
];

/// Articles of about 400 tokens.
fn articles() -> Vec<(String, String)> {
    (0..500)
        .map(|number| {
            let place = PLACES[number % 12];
            let name = NAMES[number / 12 % 12];
            let surname = name.split(' ').next_back().unwrap_or(name);
            let other = PLACES[(number + 5) % 12];
            let mut body = String::new();
            for paragraph in 0..8 {
                body.push_str(&format!(
                    "Officials in {place} said on Tuesday that {name}, who heads the National \
                     Bank of {other}, would not attend the talks in round {paragraph} of the \
                     negotiations. The minister told reporters that prices had risen by {number} \
                     percent since the beginning of the year.\n\n{surname} said: \"We have not \
                     yet been told what the committee wants.\" It was the first time that the \
                     company had spoken about the losses of item{number}x{paragraph}.\n\n"
                ));
            }
            (format!("{surname} Stays Away From Talks in {place}"), body)
        })
        .collect()
}

fn tagging(criterion: &mut Criterion) {
    let articles = articles();
    let (mut title, mut body) = (Tokens::default(), Tokens::default());
    let mut lexer = Lexer::new();
    let mut tokens = 0;
    for (headline, text) in &articles {
        lexer.begin_article();
        lexer.read(headline, &mut title);
        lexer.read(text, &mut body);
        tokens += title.tokens.len() + body.tokens.len();
    }
    let mut group = criterion.benchmark_group("tagger");
    group.sample_size(10).throughput(Throughput::Elements(tokens as u64));
    group.bench_function("lexing alone", |bencher| {
        bencher.iter(|| {
            for (headline, text) in &articles {
                lexer.begin_article();
                lexer.read(headline, &mut title);
                lexer.read(text, &mut body);
            }
            black_box(&body);
        });
    });
    let Ok(tagger) = Tagger::new() else { return };
    let mut found = vec![];
    for (name, cold, passes) in [
        ("lexing and tagging", false, Passes::default()),
        ("the same, nothing cached", true, Passes::default()),
        ("without the second pass", false, Passes { second: false, short_cut: true }),
        ("without the short cut", false, Passes { second: true, short_cut: false }),
    ] {
        let tagger = tagger.clone().with_passes(passes);
        let mut scratch = Scratch::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                if cold {
                    lexer = Lexer::new();
                    scratch = Scratch::default();
                }
                for (headline, text) in &articles {
                    lexer.begin_article();
                    lexer.read(headline, &mut title);
                    lexer.read(text, &mut body);
                    tagger.tag(&mut scratch, lexer.forms(), &title, &body, &mut found);
                    black_box(&found);
                }
            });
        });
    }
    group.bench_function("start", |bencher| bencher.iter(|| black_box(Tagger::new().is_ok())));
    group.finish();
}

criterion_group!(benches, tagging);
criterion_main!(benches);
