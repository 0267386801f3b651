//! Speed of the lexer: tokens per second, warm, with and without index terms.
//!
//! Reads the text files of the folder named by `NEWSHOUND_BENCH_TEXTS`, else those of
//! `sample_corpus`: `cargo bench --bench lexer`.

#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::disallowed_methods, reason = "a bench is told its texts by the environment")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use newshound::text::{Lexer, Terms, Tokens, normalise};

/// The texts of all files below a folder, as clean Unicode.
fn texts(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            texts(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push(normalise(&String::from_utf8_lossy(&bytes)).into_owned());
        }
    }
}

fn lexer(criterion: &mut Criterion) {
    let folder = std::env::var_os("NEWSHOUND_BENCH_TEXTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus"),
        PathBuf::from,
    );
    let mut articles = Vec::new();
    texts(&folder, &mut articles);
    let mut lexer = Lexer::new();
    let mut tokens = Tokens::default();
    let mut count = 0;
    for article in &articles {
        lexer.begin_article();
        lexer.read(article, &mut tokens);
        count += tokens.tokens.len() as u64;
    }
    let mut group = criterion.benchmark_group("lexer");
    group.throughput(Throughput::Elements(count));
    group.bench_function("tokens", |bencher| {
        bencher.iter(|| {
            for article in &articles {
                lexer.begin_article();
                lexer.read(black_box(article), &mut tokens);
            }
        });
    });
    let mut terms = Terms::new();
    group.bench_function("tokens and terms", |bencher| {
        bencher.iter(|| {
            for article in &articles {
                lexer.begin_article();
                lexer.read(black_box(article), &mut tokens);
                for &token in &tokens.tokens {
                    for term in terms.of(lexer.forms(), article, token) {
                        black_box(term);
                    }
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, lexer);
criterion_main!(benches);
