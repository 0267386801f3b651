//! What an answer says of itself holds when asked again: what facets count, which words were left
//! out, how a score came about.

use newshound::search::{FacetCount, SearchRequest, SearchResponse, Sort};

use crate::ranking::{golden_queries, sample_archive};

#[test]
fn a_facet_leaves_what_it_counted() {
    let sample = sample_archive();
    let ask =
        |request: &SearchRequest| -> SearchResponse { sample.archive.search(request).unwrap() };
    for all_copies in [false, true] {
        for text in ["korea", "nuclear test", "president OR minister", "kerry"] {
            let asked = SearchRequest {
                text: text.to_owned(),
                facets: true,
                all_copies,
                ..SearchRequest::default()
            };
            let response = ask(&asked);
            let facets = response.facets.unwrap();
            assert!(!facets.person.is_empty());
            let narrowed = |request: SearchRequest, value: &FacetCount| {
                let found = ask(&SearchRequest { facets: false, ..request });
                assert_eq!(found.total, value.count, "`{text}` with {}", value.value);
            };
            for value in &facets.person {
                narrowed(
                    SearchRequest { person: vec![value.value.clone()], ..asked.clone() },
                    value,
                );
                if all_copies {
                    let without = format!("({text}) -person:\"{}\"", value.value);
                    let found = ask(&SearchRequest { text: without, ..asked.clone() });
                    assert_eq!(
                        found.total,
                        response.total - value.count,
                        "without {}",
                        value.value
                    );
                }
            }
            for value in &facets.source {
                narrowed(
                    SearchRequest { source: vec![value.value.clone()], ..asked.clone() },
                    value,
                );
            }
        }
    }
}

#[test]
fn filters_and_exclusions_beside_bare_words_leave_them_relaxed() {
    let sample = sample_archive();
    let find = |text: &str| {
        let request = SearchRequest { text: text.to_owned(), ..SearchRequest::default() };
        sample.archive.search(&request).unwrap()
    };
    let all = find("nuclear test zeppelin");
    assert!(all.query.relaxed && all.total > 1);
    let misspelt = find("nuclaer test zeppelin").query.warnings;
    assert!(misspelt.iter().any(|it| it == "did you mean `nuclear` for `nuclaer`?"));
    let fewer = find("nuclear test zeppelin -person:\"John Kerry\"");
    assert!(fewer.query.relaxed && fewer.total > 0 && fewer.total < all.total);
    let dated = find("nuclear test zeppelin date:2017");
    assert!(
        dated.query.relaxed && dated.hits.iter().all(|hit| hit.date.unwrap().year() == 2017)
    );
}

#[test]
fn accounts_add_up_to_scores() {
    let sample = sample_archive();
    let plain = SearchRequest { limit: 10, explain: true, ..SearchRequest::default() };
    let ways = [
        plain.clone(),
        SearchRequest { any: true, ..plain.clone() },
        SearchRequest { expand: true, all_copies: true, ..plain.clone() },
        SearchRequest { recency: Some(700.0), today: Some(17_000), ..plain.clone() },
        SearchRequest { person: vec!["kerry".to_owned()], ..plain.clone() },
        SearchRequest { sort: Sort::Newest, ..plain },
    ];
    let connectors = [
        "sanctions W/10 PERSON",
        "ATLEAST3(korea)",
        "LEAD(nuclear OR test)",
        "title:kerry -person:obama",
        "missile* W/S test",
        "kery~",
        "words:>300",
        "nuclear test zeppelin",
        "\"third test\"~4 OR org:IAEA",
    ];
    let golden = golden_queries();
    let mut accounts = 0;
    for text in golden.iter().map(String::as_str).chain(connectors) {
        for way in &ways {
            let request = SearchRequest { text: text.to_owned(), ..way.clone() };
            for hit in sample.archive.search(&request).unwrap().hits {
                let account = hit.explain.unwrap();
                let sum: f32 = account.parts.iter().map(|part| part.value).sum();
                let differs = |value: f32| (value - hit.score).abs() > 1e-4;
                assert!(
                    !differs(account.value) && !differs(sum),
                    "`{text}`, {:?}, hit {}: {} against {sum}",
                    way.sort,
                    hit.rank,
                    hit.score
                );
                accounts += 1;
            }
        }
    }
    assert!(accounts > 1_000, "only {accounts} accounts");
}
