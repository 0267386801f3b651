//! The command line: the main job, exit statuses, what goes to which stream.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for a test: an archive, and a home for what the program keeps.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// One with an empty archive.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("archive")).unwrap();
        Self { folder }
    }

    /// One with articles of these names and texts.
    pub(crate) fn with(articles: &[(&str, &str)]) -> Self {
        let sandbox = Self::new();
        for (name, text) in articles {
            sandbox.put(name, text.as_bytes());
        }
        sandbox
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.path().join("archive")
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let file = self.archive().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    /// The program, run in the sandbox with nothing of the machine's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_newshound"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_STATE_HOME", self.path().join("state"));
        command
    }

    /// What the program did.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What the program wrote as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let done = self.run(arguments);
        serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {done:?}"))
    }
}

/// Exit status and streams of a process.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The sample archive, indexed once for all tests that only read it.
pub(crate) fn sample() -> &'static Sandbox {
    static SAMPLE: OnceLock<Sandbox> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let sandbox = Sandbox::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus");
        copy(&from, &sandbox.archive());
        let done = sandbox.run(&["index", "archive"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        sandbox
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != ".newshound" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) const TALKS: &str = "Talks on nuclear test end in Geneva\n\n\
    By Jane Smith\n\n\
    GENEVA, Feb. 5, 2013 - Talks on a ban of nuclear tests ended in Geneva on Tuesday without \
    an agreement, diplomats said.\n\n\
    Secretary of State John Kerry said that the talks would go on in March. \"We are not far \
    apart,\" Kerry told reporters.\n";

pub(crate) const FERRY: &str = "Council keeps the island ferry\n\n\
    The council voted on Monday to keep the ferry to the island for another year, after \
    residents had asked for it.\n\n\
    The ferry carries 200 people a day.\n";

#[test]
fn one_command_indexes_a_folder_and_shows_ranked_hits() {
    let sandbox = Sandbox::with(&[("2013/talks.txt", TALKS), ("ferry.txt", FERRY)]);
    let done = sandbox.run(&["search", "--in", "archive", "nuclear", "test"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with(" 1. Talks on nuclear test end in Geneva\n"), "{}", done.out);
    assert!(done.out.contains("2013-02-05"), "{}", done.out);
    assert!(!done.out.contains("ferry"), "{}", done.out);
    assert!(done.err.starts_with("indexed 2 articles"), "{}", done.err);

    // The second time nothing is left to index, and nothing is said.
    let again = sandbox.run(&["search", "--in", "archive", "ferry"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));

    // A hit's number stands for it, wherever the search was made from.
    let shown = sandbox.run(&["show", "1"]);
    assert!(shown.out.starts_with("Council keeps the island ferry\n"), "{shown:?}");
    assert!(shown.out.contains("The ferry carries 200 people a day."), "{shown:?}");
}

#[test]
fn a_refresh_follows_the_folder() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS), ("ferry.txt", FERRY)]);
    let counts = |report: &Value| {
        ["new", "changed", "removed", "unchanged"].map(|key| report["files"][key].as_u64())
    };
    let first = sandbox.json(&["index", "archive", "--json"]);
    assert_eq!(counts(&first), [2, 0, 0, 0].map(Some));
    assert_eq!(first["articles"], 2);
    let second = sandbox.json(&["index", "archive", "--json"]);
    assert_eq!(counts(&second), [0, 0, 0, 2].map(Some));
    fs::remove_file(sandbox.archive().join("talks.txt")).unwrap();
    sandbox.put("ferry.txt", FERRY.replace("200", "300").as_bytes());
    let other = TALKS.replace("Geneva", "Vienna").replace("GENEVA", "VIENNA");
    sandbox.put("new.txt", other.as_bytes());
    let third = sandbox.json(&["index", "archive", "--json"]);
    assert_eq!(counts(&third), [1, 1, 1, 0].map(Some));
    assert_eq!(sandbox.run(&["search", "--in", "archive", "geneva"]).code, Some(1));
    assert_eq!(sandbox.run(&["search", "--in", "archive", "ferry 300"]).code, Some(0));
}

#[test]
fn the_sample_archive_answers() {
    let sample = sample();
    let search = |arguments: &[&str]| {
        let mut all = vec!["search", "--json", "--index", "archive/.newshound"];
        all.extend(arguments);
        sample.json(&all)
    };
    let found = search(&["nuclear test"]);
    assert_eq!(found["version"], 1);
    assert!(found["total"].as_u64() >= Some(2), "{found}");
    let person = search(&["--person", "kerry"]);
    let names = |hit: &Value| hit["people"].to_string();
    let hits = person["hits"].as_array().unwrap();
    assert!(
        !hits.is_empty() && hits.iter().all(|hit| names(hit).contains("Kerry")),
        "{person}"
    );
    let status = sample.json(&["status", "--json", "--in", "archive"]);
    assert!(status["articles"].as_u64() >= Some(80), "{status}");
    let people = sample.run(&["people", "--in", "archive", "kerry"]);
    assert!(people.out.contains("John Kerry"), "{people:?}");
    let person = sample.run(&["person", "--in", "archive", "John Kerry"]);
    assert!(person.out.starts_with("John Kerry  "), "{person:?}");
    let timeline = sample.json(&["timeline", "--in", "archive", "--by", "year", "--json"]);
    let steps = timeline["steps"].as_array().unwrap();
    let in_steps: u64 = steps.iter().filter_map(|step| step["count"].as_u64()).sum();
    assert_eq!(Some(in_steps), timeline["total"].as_u64());
    let svg = sample.run(&["timeline", "--in", "archive", "--svg", "korea"]);
    assert!(svg.out.starts_with("<svg ") && svg.out.ends_with("</svg>\n"), "{svg:?}");
    let check = sample.run(&["check", "--in", "archive"]);
    assert_eq!(check.code, Some(0), "{check:?}");
}

#[test]
fn exit_statuses_tell_found_from_not_found_from_failed() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    for (arguments, code) in [
        (&["search", "--in", "archive", "talks"][..], 0),
        (&["search", "--in", "archive", "zeppelin"], 1),
        (&["search", "--in", "archive", "--offset", "5", "talks"], 1),
        (&["search", "--in", "archive", "persn:kerry"], 2),
        (&["search", "--in", "nowhere", "talks"], 2),
        (&["search", "--unknown"], 2),
        (&["people", "--in", "archive", "zeppelin"], 1),
        (&["show", "--in", "archive", "a0"], 2),
        (&["--version"], 0),
        (&["search", "--help"], 0),
    ] {
        let done = sandbox.run(arguments);
        assert_eq!(done.code, Some(code), "{arguments:?}: {done:?}");
    }
}

#[test]
fn data_goes_to_standard_output_and_all_else_to_standard_error() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS), ("odd.txt", "")]);
    let done = sandbox.run(&["search", "--in", "archive", "--json", "talks (geneva"]);
    let answer: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["query"]["text"], "talks (geneva");
    assert!(done.err.contains("indexed 1 article;"), "{}", done.err);
    assert!(done.err.contains("warning: "), "{}", done.err);
    let failed = sandbox.run(&["search", "--in", "archive", "persn:kerry"]);
    assert_eq!(failed.out, "");
    insta::assert_snapshot!(failed.err, @r"
    error: unknown field persn:
      persn:kerry
      ^^^^^^

    hint: did you mean person:?
    ");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let search = |arguments: &[&str], no_color: bool| {
        let mut command = sandbox.command(&["search", "--in", "archive", "nuclear"]);
        command.args(arguments);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    assert!(!search(&[], false));
    assert!(search(&["--color", "always"], false));
    assert!(search(&["--color", "always"], true));
    assert!(!search(&["--color", "never"], false));
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let hostile = "Quiet \u{1b}[2Jheadline\u{7} here\n\nA \u{9b}31m text\u{202e} about ferries, \
                   long enough to be read as an article by anybody.\n";
    let sandbox = Sandbox::with(&[("a\u{1b}[31m.txt", hostile)]);
    for arguments in [
        &["search", "--in", "archive", "ferries"][..],
        &["search", "--in", "archive", "--format", "ris", "ferries"],
        &["search", "--in", "archive", "--json", "ferries"],
        &["search", "--in", "archive", "zeppelin\u{1b}[2J"],
        &["show", "1"],
        &["status", "--in", "archive"],
        &["index", "archive\u{1b}[2J"],
    ] {
        let done = sandbox.run(arguments);
        let is_harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!done.out.chars().any(is_harmful), "{arguments:?}: {done:?}");
        assert!(!done.err.chars().any(is_harmful), "{arguments:?}: {done:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_enough_ends_the_command_in_silence() {
    use std::process::{Command as Process, Stdio};
    let sandbox = Sandbox::new();
    for number in 0..300 {
        sandbox
            .put(&format!("{number}.txt"), TALKS.replace('5', &number.to_string()).as_bytes());
    }
    sandbox.run(&["index", "archive"]);
    let mut child = Process::new(env!("CARGO_BIN_EXE_newshound"))
        .args([
            "search",
            "--in",
            "archive",
            "--all-copies",
            "-n",
            "0",
            "--format",
            "jsonl",
            "talks",
        ])
        .current_dir(sandbox.path())
        .env("XDG_STATE_HOME", sandbox.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn an_index_may_lie_outside_a_read_only_archive() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    let index = sandbox.path().join("elsewhere");
    let done =
        sandbox.command(&["index", "archive"]).env("NEWSHOUND_INDEX", &index).output().unwrap();
    assert!(done.status.success());
    assert!(!sandbox.archive().join(".newshound").exists());
    let found = sandbox.run(&["search", "--index", "elsewhere", "talks"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    // The index knows its archive.
    assert_eq!(sandbox.run(&["show", "--index", "elsewhere", "1"]).code, Some(0));
}

#[test]
fn commands_find_the_archive_from_within() {
    let sandbox = Sandbox::with(&[("asia/talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let mut command = sandbox.command(&["search", "talks"]);
    command.current_dir(sandbox.archive().join("asia")).assert().code(0);
}

#[test]
fn names_are_compared_line_by_line() {
    let sandbox = Sandbox::new();
    let lines = "John Kerry\tJohn Forbes Kerry\nJohn Kerry\tAngela Merkel\n\nno tab\n";
    let output = sandbox.command(&["names", "compare"]).write_stdin(lines).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let verdicts: Vec<&str> = text.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(verdicts, ["same", "different", "different", "different"]);
    let likeness = |line: &str| line.split('\t').next().and_then(|n| n.parse::<f32>().ok());
    assert!(text.lines().all(|line| likeness(line).is_some_and(|n| (0.0..=1.0).contains(&n))));
}

#[test]
fn entities_are_told_with_offsets_in_characters() {
    let sandbox = Sandbox::new();
    let text = "“Nous négocions”, said Secretary of State John Kerry in Geneva.\n";
    let output = sandbox.command(&["entities"]).write_stdin(text).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut names = Vec::new();
    for line in lines.lines() {
        let mention: Value = serde_json::from_str(line).unwrap();
        let offset = |key: &str| mention[key].as_u64().unwrap() as usize;
        let (start, end) = (offset("start"), offset("end"));
        let there: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(mention["text"], there);
        names.push(there);
    }
    assert!(names.contains(&"John Kerry".to_owned()), "{lines}");
}

#[test]
fn tokens_keep_their_lines_and_get_a_tag() {
    let sandbox = Sandbox::new();
    let input = "-DOCSTART-\n\nJohn\nKerry\nspoke\nin\nGeneva\n.\n\nHe\nleft\n.\n";
    let output =
        sandbox.command(&["entities", "--tokens"]).write_stdin(input).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let tokens: Vec<&str> = text.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(tokens, input.lines().collect::<Vec<_>>());
    assert!(text.contains("John\tB-PER\nKerry\tI-PER\n"), "{text}");
    assert!(text.contains("Geneva\tB-LOC\n"), "{text}");
}

#[test]
fn a_correction_is_noted_and_holds_at_once() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let done =
        sandbox.run(&["person", "--in", "archive", "John Kerry", "--rename", "J. F. Kerry"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let file = sandbox.archive().join(".newshound/people.toml");
    assert!(fs::read_to_string(&file).unwrap().contains("to = \"J. F. Kerry\""));
    let people = sandbox.run(&["people", "--in", "archive"]);
    assert!(people.out.contains("J. F. Kerry"), "{people:?}");
    fs::write(&file, "[[merge]]\nnom = 1\n").unwrap();
    let broken = sandbox.run(&["person", "--in", "archive", "John Kerry", "--ban"]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.err.contains("line 2"), "{broken:?}");
    fs::write(&file, b"# Kerry\xFF").unwrap();
    let unread = sandbox.run(&["people", "--in", "archive"]);
    assert_eq!(unread.code, Some(2));
    assert!(unread.err.contains("people.toml` cannot be read"), "{unread:?}");
    fs::remove_file(&file).unwrap();
    let merged = ["person", "--in", "archive", "John Kerry", "--merge", "Nobody Atall"];
    let merged = sandbox.run(&merged);
    assert_eq!(merged.code, Some(0), "{merged:?}");
    assert!(merged.err.contains("no article names `Nobody Atall`"), "{merged:?}");
}

#[test]
fn tables_that_are_missing_are_made_by_the_next_run() {
    let sandbox = Sandbox::with(&[("talks.txt", TALKS)]);
    sandbox.run(&["index", "archive"]);
    let tables = sandbox.archive().join(".newshound/tables.bin");
    let made = fs::read(&tables).unwrap();
    fs::remove_file(&tables).unwrap();
    let again = sandbox.run(&["index", "archive"]);
    assert!(
        again.err.contains("1 unchanged") || again.out.contains("1 unchanged"),
        "{again:?}"
    );
    assert_eq!(fs::read(&tables).unwrap(), made);
}

#[test]
fn help_shows_the_query_language_and_the_exit_statuses() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["search", "--help"]).out;
    for part in ["person:\"John Kerry\"", "W/5", "Exit status: 0", "--since"] {
        assert!(help.contains(part), "{part}");
    }
    assert!(sandbox.run(&["completions", "bash"]).out.contains("newshound"));
    assert!(sandbox.run(&["man"]).out.starts_with(".ie"));
}
