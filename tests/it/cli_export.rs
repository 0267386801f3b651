//! Results that leave the tool: formats, runs, records, saved searches.

use std::fs;

use serde_json::Value;

use crate::cli::{FERRY, Sandbox, TALKS};

fn two_articles() -> Sandbox {
    let sandbox = Sandbox::with(&[
        ("2013/talks.txt", TALKS),
        (
            "2013/more talks.txt",
            "Kerry leaves the talks\n\nMr. Kerry left the talks on Friday.\n",
        ),
        ("ferry.txt", FERRY),
    ]);
    sandbox.run(&["index", "archive"]);
    sandbox
}

#[test]
fn every_format_holds_every_hit() {
    let sandbox = two_articles();
    for limit in ["0", "10"] {
        let export = |format: &str| {
            let arguments =
                ["search", "--in", "archive", "-n", limit, "--format", format, "talks"];
            let done = sandbox.run(&arguments);
            assert_eq!(done.code, Some(0), "{done:?}");
            done.out
        };
        let json: Value = serde_json::from_str(&export("json")).unwrap();
        assert_eq!(json["total"], 2);
        let ids: Vec<&str> = json["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), 2);
        for format in ["text", "jsonl", "csv", "ris", "bibtex", "csl-json", "markdown", "trec"]
        {
            let text = export(format);
            assert!(ids.iter().all(|id| text.contains(id)), "{format}: {text}");
        }
        let lines = export("jsonl");
        assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        let items: Value = serde_json::from_str(&export("csl-json")).unwrap();
        assert_eq!(items.as_array().map(Vec::len), Some(2));
        assert_eq!(export("ris").matches("TY  - NEWS\n").count(), 2);
        let table = export("csv");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let titles: Vec<String> =
            reader.records().map(|row| row.unwrap().get(5).unwrap().to_owned()).collect();
        assert!(titles.contains(&"Kerry leaves the talks".to_owned()), "{titles:?}");
    }
}

#[test]
fn a_batch_makes_a_run() {
    let sandbox = two_articles();
    fs::write(
        sandbox.path().join("queries.tsv"),
        "q1\ttalks\nq2\tferry island\n\nq 3\tzeppelin\n",
    )
    .unwrap();
    let arguments = [
        "search",
        "--in",
        "archive",
        "--any",
        "--batch",
        "queries.tsv",
        "--format",
        "trec",
        "--id-field",
        "path",
    ];
    let done = sandbox.run(&arguments);
    assert_eq!(done.code, Some(0), "{done:?}");
    let rows: Vec<Vec<&str>> = done.out.lines().map(|line| line.split(' ').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == 6), "{}", done.out);
    let named: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row[0], row[2], row[3])).collect();
    assert_eq!(named.last(), Some(&("q2", "ferry", "1")));
    assert!(
        named.contains(&("q1", "2013/talks", "1"))
            || named.contains(&("q1", "2013/talks", "2"))
    );
    assert!(named.iter().any(|row| row.1 == "2013/more_talks"), "{named:?}");
    let scores: Vec<f32> = rows.iter().map(|row| row[4].parse().unwrap()).collect();
    assert!(scores[0] >= scores[1]);

    let mut lines = sandbox.command(&["search", "--in", "archive", "--batch", "-", "--json"]);
    let output = lines.write_stdin("a\ttalks\nb\tpersn:x\nc\tferry\n").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let totals: Vec<_> = answers
        .iter()
        .map(|a| (a["query_id"].as_str(), a["response"]["total"].as_u64()))
        .collect();
    assert_eq!(totals, [(Some("a"), Some(2)), (Some("c"), Some(1))]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("query b: unknown field"));
}

#[test]
fn a_recorded_search_is_checked_again() {
    let sandbox = two_articles();
    sandbox.run(&["search", "--in", "archive", "--record", "talks.json", "-n", "1", "talks"]);
    let record: Value =
        serde_json::from_str(&fs::read_to_string(sandbox.path().join("talks.json")).unwrap())
            .unwrap();
    assert_eq!(
        (record["total"].as_u64(), record["hits"].as_array().map(Vec::len)),
        (Some(2), Some(2))
    );
    let same = sandbox.run(&["replay", "talks.json", "--exit-code"]);
    assert_eq!(same.code, Some(0), "{same:?}");
    assert!(same.out.contains("unchanged"), "{same:?}");

    sandbox.put("2013/talks.txt", TALKS.replace("reporters", "the press").as_bytes());
    sandbox.run(&["index", "archive", "--full"]);
    let edited = sandbox.run(&["replay", "talks.json", "--exit-code"]);
    assert_eq!(edited.code, Some(1), "{edited:?}");
    assert!(edited.out.contains("(2013/talks.txt), its text has changed"), "{edited:?}");

    fs::remove_file(sandbox.archive().join("2013/talks.txt")).unwrap();
    sandbox.put("new.txt", b"New talks begin\n\nThe talks begin again in Oslo on Sunday.\n");
    sandbox.run(&["index", "archive"]);
    let changed = sandbox.run(&["replay", "talks.json", "--exit-code"]);
    assert_eq!(changed.code, Some(1), "{changed:?}");
    assert!(changed.out.contains("New talks begin (new.txt)"), "{changed:?}");
    assert!(changed.out.contains("not in the archive any more"), "{changed:?}");
    let json = sandbox.json(&["replay", "talks.json", "--json"]);
    assert_eq!(
        (json["changed"].as_bool(), json["came"].as_array().map(Vec::len)),
        (Some(true), Some(1))
    );

    fs::rename(sandbox.archive(), sandbox.path().join("moved")).unwrap();
    let gone = sandbox.run(&["replay", "talks.json"]);
    assert_eq!(gone.code, Some(2), "{gone:?}");
    assert!(gone.err.contains("the archive of the record is not at"), "{gone:?}");
    assert_eq!(sandbox.run(&["replay", "talks.json", "--in", "moved"]).code, Some(0));
}

#[test]
fn a_saved_search_tells_what_is_new() {
    let sandbox = two_articles();
    let saved = |arguments: &[&str]| {
        sandbox.run(&[&["saved"][..], arguments, &["--in", "archive"]].concat())
    };
    assert_eq!(saved(&["add", "talks", "talks"]).code, Some(0));
    assert_eq!(saved(&["add", "talks", "other"]).code, Some(2));
    assert_eq!(saved(&["add", "bad", "persn:x"]).code, Some(2));
    assert!(saved(&["list"]).out.contains("talks  talks"));
    assert_eq!(saved(&["run", "talks"]).code, Some(0));
    // The first time everything is new, then nothing, then what came.
    assert!(saved(&["run", "talks", "--new"]).out.contains("Kerry leaves"));
    let nothing = saved(&["run", "talks", "--new"]);
    assert_eq!((nothing.code, nothing.out.as_str(), nothing.err.as_str()), (Some(1), "", ""));
    sandbox.put("new.txt", b"New talks begin\n\nThe talks begin again in Oslo on Sunday.\n");
    sandbox.run(&["index", "archive", "--full"]);
    let new = saved(&["run", "talks", "--new"]);
    assert!(new.out.contains("New talks begin") && !new.out.contains("Geneva"), "{new:?}");
    assert_eq!(saved(&["remove", "talks"]).code, Some(0));
    assert_eq!(saved(&["run", "talks"]).code, Some(2));
}

#[test]
fn new_hits_beyond_the_limit_stay_new_and_half_found_ones_are_no_news() {
    let sandbox = two_articles();
    let run = |arguments: &[&str]| {
        sandbox.run(&[&["saved"][..], arguments, &["--in", "archive"]].concat())
    };
    run(&["add", "talks", "talks"]);
    let first = run(&["run", "talks", "--new", "-n", "1"]);
    assert!(first.err.contains("1 more is new"), "{first:?}");
    let second = run(&["run", "talks", "--new", "-n", "1"]);
    assert_eq!((second.code, second.err.as_str()), (Some(0), ""), "{second:?}");
    assert_ne!(first.out, second.out);
    assert_eq!(run(&["run", "talks", "--new"]).code, Some(1));

    // Each word is in the archive, but no article has both.
    run(&["add", "both", "talks ferry"]);
    sandbox.put("ferry.txt", FERRY.as_bytes());
    sandbox.run(&["index", "archive"]);
    assert_eq!(run(&["run", "both"]).code, Some(0));
    let nothing = run(&["run", "both", "--new"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(1), ""), "{nothing:?}");
}

#[test]
fn two_versions_are_compared_by_word() {
    let sandbox = Sandbox::with(&[
        ("herald.txt", TALKS),
        ("post.txt", &TALKS.replace("on Tuesday", "late on Tuesday").replace("March", "April")),
    ]);
    let search = ["search", "--in", "archive", "--all-copies", "--sort", "oldest", "talks"];
    sandbox.run(&search);
    let done = sandbox.run(&["show", "--diff", "1", "2"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("late") && done.out.contains("April"), "{done:?}");
    assert!(done.out.contains("[-") || done.out.contains("{+"), "{done:?}");
}
