//! What people hand in by mistake: each gets a message that names the thing and what to do, all
//! other articles are indexed, and the index stays usable.

use std::path::Path;
use std::{fs, io};

use crate::cli::{FERRY, Sandbox, TALKS};

/// Fails with a message and a hint that hold these words.
fn refused(sandbox: &Sandbox, arguments: &[&str], message: &str, hint: &str) {
    let done = sandbox.run(arguments);
    assert_eq!(done.code, Some(2), "{arguments:?}: {done:?}");
    assert!(done.err.contains("error: "), "{done:?}");
    let (error, advice) = done.err.split_once("\n\nhint: ").unwrap_or((&done.err, ""));
    assert!(error.contains(message), "{arguments:?}: {done:?}");
    assert!(advice.contains(hint), "{arguments:?}: {done:?}");
    assert_eq!(done.out, "");
}

#[test]
fn folders_that_are_none() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    refused(&sandbox, &["index", "nowhere"], "nowhere does not exist", "spelling");
    refused(
        &sandbox,
        &["search", "--in", "nowhere", "a"],
        "nowhere does not exist",
        "spelling",
    );
    refused(&sandbox, &["index", "archive/talks.txt"], "is not a folder", "extract");
    refused(&sandbox, &["index"], "no index", "newshound index FOLDER");
    refused(&sandbox, &["search", "talks"], "no index", "--in FOLDER");
    refused(&sandbox, &["status", "--in", "archive"], "no index", "newshound index FOLDER");
    refused(&sandbox, &["status", "--index", "nowhere"], "no index", "newshound index FOLDER");
}

#[test]
fn an_empty_folder_is_indexed_and_said_to_be_empty() {
    let sandbox = Sandbox::new();
    let done = sandbox.run(&["index", "archive"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("the folder holds no files"), "{done:?}");
    let search = sandbox.run(&["search", "--in", "archive", "talks"]);
    assert_eq!(search.code, Some(1), "{search:?}");
    assert!(search.err.contains("the archive holds no article"), "{search:?}");
    refused(&sandbox, &["show", "1"], "the last search showed no hit", "");
}

#[test]
fn files_that_are_no_articles_are_reported_and_the_others_indexed() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS), ("empty.txt", "")]);
    sandbox.put("binary.txt", &[0, 159, 146, 150, 0, 7, 1, 2].repeat(64));
    sandbox.put("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let mut invalid = FERRY.as_bytes().to_vec();
    invalid.extend(b"\nThe ferryman\x92s caf\xe9 \xff\xfe stays.\n");
    sandbox.put("invalid.txt", &invalid);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
        fs::write(sandbox.archive().join(name), TALKS.replace("Geneva", "Bern")).unwrap();
        std::os::unix::fs::symlink(".", sandbox.archive().join("loop")).unwrap();
    }
    let report = sandbox.json(&["index", "archive", "--json"]);
    let problems = report["problems"].to_string();
    for file in ["empty.txt", "binary.txt", "picture.txt"] {
        assert!(problems.contains(file), "{file}: {report}");
    }
    assert_eq!(report["articles"], if cfg!(unix) { 3 } else { 2 }, "{report}");
    for query in ["ferryman", "talks"] {
        let done = sandbox.run(&["search", "--in", "archive", query]);
        assert_eq!(done.code, Some(0), "{query}: {done:?}");
    }
    #[cfg(unix)]
    {
        assert!(problems.contains("loop"), "{report}");
        let found = sandbox.json(&["search", "--in", "archive", "--json", "bern"]);
        assert_eq!(found["hits"][0]["path"], "caf%E9.txt");
    }
    // Findings, not a failure; a failure for those who ask.
    assert_eq!(sandbox.run(&["index", "archive"]).code, Some(0));
    let strict = sandbox.run(&["index", "archive", "--strict", "--full"]);
    let failed = report["files"]["failed"].as_u64() > Some(0);
    assert_eq!(strict.code, Some(if failed { 2 } else { 0 }), "{strict:?}");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with(&[("talks.txt", TALKS), ("secret/a.txt", FERRY)]);
    let file = sandbox.archive().join("secret.txt");
    fs::write(&file, FERRY).unwrap();
    let lock = |mode| {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let folder = sandbox.archive().join("secret");
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    };
    lock(0o000);
    // Whoever may read everything cannot be refused.
    let is_refused = fs::read(&file).is_err();
    let report = sandbox.json(&["index", "archive", "--json"]);
    lock(0o755);
    if is_refused {
        let problems = report["problems"].to_string().to_lowercase();
        assert!(problems.contains("secret") && problems.contains("permission"), "{report}");
        assert_eq!(report["articles"], 1, "{report}");
    }
}

#[test]
fn an_index_of_another_version_asks_to_be_rebuilt() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let meta = sandbox.archive().join(".newshound/engine/meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let older = text.replace("\\\"version\\\":", "\\\"version\\\":9");
    assert_ne!(text, older);
    fs::write(&meta, older).unwrap();
    let hint = "newshound index --full";
    refused(&sandbox, &["search", "--in", "archive", "talks"], "another version", hint);
    refused(&sandbox, &["status", "--in", "archive"], "another version", hint);
    let rebuilt = sandbox.run(&["index", "archive", "--full"]);
    assert_eq!(rebuilt.code, Some(0), "{rebuilt:?}");
    assert_eq!(sandbox.run(&["search", "--in", "archive", "talks"]).code, Some(0));
}

#[test]
fn a_damaged_index_is_found_out_and_repaired() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let folder = sandbox.archive().join(".newshound");
    let positions = |entry: io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.extension()? == "pos").then_some(path)
    };
    let change_a_byte = |file: &Path| {
        let mut bytes = fs::read(file).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        fs::write(file, bytes).unwrap();
    };
    let damages: [(&dyn Fn(), &str); 3] = [
        (&|| fs::write(folder.join("engine/meta.json"), "{").unwrap(), ""),
        (&|| change_a_byte(&folder.join("tables.bin")), "tables"),
        (
            &|| {
                let mut files = fs::read_dir(folder.join("engine")).unwrap();
                change_a_byte(&files.find_map(positions).unwrap());
            },
            ".pos is damaged",
        ),
    ];
    for (damage, told) in damages {
        damage();
        let check = sandbox.run(&["check", "--in", "archive"]);
        assert_eq!(check.code, Some(2), "{check:?}");
        assert!(check.err.contains(told) && check.err.contains("check --repair"), "{check:?}");
        let repaired = sandbox.run(&["check", "--in", "archive", "--repair"]);
        assert_eq!(repaired.code, Some(0), "{repaired:?}");
        assert_eq!(sandbox.run(&["check", "--in", "archive"]).code, Some(0));
        assert_eq!(sandbox.run(&["search", "--in", "archive", "talks"]).code, Some(0));
    }
}

#[cfg(unix)]
#[test]
fn two_writers_do_not_meet() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    sandbox.put("ferry.txt", FERRY.as_bytes());
    let engine = sandbox.archive().join(".newshound/engine");
    let lock = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(engine.join(".tantivy-writer.lock"))
        .unwrap();
    lock.lock().unwrap();
    refused(&sandbox, &["index", "archive"], "another process is writing", "wait");
    // A search makes do with the last commit.
    let done = sandbox.run(&["search", "--in", "archive", "talks"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("the last commit is searched"), "{done:?}");
    drop(lock);
    assert_eq!(sandbox.run(&["search", "--in", "archive", "ferry"]).code, Some(0));
}

#[test]
fn queries_that_ask_nothing_or_too_much() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let search = |query: &str| sandbox.run(&["search", "--in", "archive", "--", query]);
    refused(&sandbox, &["search", "--in", "archive"], "nothing to search for", "--person");
    refused(&sandbox, &["search", "--in", "archive", " "], "nothing to search for", "--person");
    for empty in ["?!., ;", "\"\"", "()", "AND", "-"] {
        let done = search(empty);
        assert!(done.code == Some(2) || done.code == Some(1), "{empty}: {done:?}");
        assert!(done.err.lines().count() > 0, "{empty}: {done:?}");
    }
    let long = search(&"talks ".repeat(2_000));
    assert_eq!(long.code, Some(2), "{}", long.err);
    assert!(long.err.contains("at most 10000"), "{}", long.err);
    let deep = search(&format!("{}talks{}", "(".repeat(4_000), ")".repeat(4_000)));
    assert_eq!(deep.code, Some(0), "{}", deep.err);
    assert_eq!(search("talks \"unclosed (stray").code.map(|code| code < 2), Some(true));
    let archive = ["search", "--in", "archive", "talks"];
    let with = |more: &[&'static str]| [&archive[..], more].concat();
    refused(&sandbox, &with(&["--since", "2014", "--until", "2013"]), "comes after", "earlier");
    refused(&sandbox, &with(&["--lang", "legalese"]), "`legalese` is no language", "en");
    refused(&sandbox, &with(&["--person", "?"]), "--person has no name", "leave it out");
    let done = sandbox.run(&with(&["--since", "last week"]));
    assert!(done.code == Some(2) && done.err.contains("2013-02-05"), "{done:?}");
}

#[test]
fn articles_and_hits_that_are_not_there() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    refused(
        &sandbox,
        &["show", "--in", "archive", "3"],
        "no search is remembered",
        "search first",
    );
    sandbox.run(&["search", "--in", "archive", "talks"]);
    let beyond = sandbox.run(&["show", "3"]);
    assert!(beyond.code == Some(2) && beyond.err.contains("showed hit 1 only"), "{beyond:?}");
    refused(&sandbox, &["show", "--in", "archive", "nosuch"], "no article `nosuch`", "");
    refused(&sandbox, &["show", "--diff", "1"], "two articles", "--diff 1 2");
    refused(&sandbox, &["person", "--in", "archive", "Zeppelin"], "Zeppelin", "people");
    refused(&sandbox, &["replay", "nowhere.json"], "cannot read `nowhere.json`", "");
    refused(
        &sandbox,
        &["saved", "run", "x", "--in", "archive"],
        "no saved search `x`",
        "saved add",
    );
}

#[test]
fn every_file_that_is_extracted_gives_a_line() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS), ("empty.txt", "")]);
    let done =
        sandbox.run(&["extract", "archive/talks.txt", "archive/empty.txt", "nowhere.txt"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    let lines: Vec<serde_json::Value> =
        done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<&str> = lines.iter().filter_map(|line| line["path"].as_str()).collect();
    assert_eq!(paths, ["archive/talks.txt", "archive/empty.txt", "nowhere.txt"]);
    assert_eq!(lines[0]["title"], "Talks on nuclear test end in Geneva");
    assert_eq!(lines[0]["date"], "2013-02-05");
    assert!(lines[1..].iter().all(|line| line["title"].is_null()));
    assert!(lines[1..].iter().all(|line| line["problems"][0].is_string()), "{lines:?}");
}
