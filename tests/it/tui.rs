//! `browse` in a real pseudo-terminal, which `script` of util-linux provides: what a person types,
//! what then stands on the screen, and in which state the terminal is left.
#![cfg(target_os = "linux")]
#![allow(clippy::string_slice, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long something may take to appear, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
const ENTER_SCREEN: &str = "\x1b[?1049h";
const LEAVE_SCREEN: &str = "\x1b[?1049l";

const STORY: &str = "Kerry meets Yun in Seoul\n\nSEOUL, Feb. 5, 2013 (Yonhap) -- John Kerry met \
    his counterpart Yun Byung-se in Seoul on Friday.\n\nThe two spoke about peace talks.\n";

/// A folder with a few articles, indexed.
fn archive() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("seoul.txt"), STORY).unwrap();
    fs::write(
        folder.path().join("storm.txt"),
        "Storm leaves thousands without power\n\nA storm hit the coast of Maine on Monday. \
         Kerry was not there.\n\nIt \x1b]0;owned\x07 went \x1b[2J on \u{9b}31m for days.\n",
    )
    .unwrap();
    index(folder.path());
    folder
}

fn index(folder: &Path) {
    let done = Command::new(env!("CARGO_BIN_EXE_newshound")).arg("index").arg(folder).output();
    assert!(done.unwrap().status.success());
}

/// The browser in a terminal of 80 × 24 cells.
struct Terminal {
    script: Child,
    keys: ChildStdin,
    output: Receiver<Vec<u8>>,
    /// All that the terminal was sent.
    sent: Vec<u8>,
}

impl Terminal {
    /// Runs `newshound browse`; the settings of the terminal are printed before and after.
    fn browse(folder: &Path, arguments: &str) -> Self {
        Self::browse_on("xterm-256color", folder, arguments)
    }

    /// The same on a terminal of another kind.
    fn browse_on(kind: &str, folder: &Path, arguments: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_newshound");
        let command = format!(
            "stty rows 24 cols 80; stty -a; '{program}' browse --in '{}' {arguments}; \
             echo \"status $?\"; stty -a; echo done",
            folder.display()
        );
        let mut script = Command::new("script")
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .env("TERM", kind)
            .env("EDITOR", "echo now editing")
            .env_remove("VISUAL")
            .env("XDG_STATE_HOME", folder.join(".state"))
            .env_remove("TMUX")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let keys = script.stdin.take().unwrap();
        let mut from = script.stdout.take().unwrap();
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { script, keys, output, sent: Vec::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until a text stands on the screen.
    fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |sent| screen(sent).iter().any(|row| row.contains(text)));
    }

    fn wait_until(&mut self, what: &str, happened: impl Fn(&[u8]) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !happened(&self.sent) {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(part) = self.output.recv_timeout(left) else {
                panic!("no `{what}` on:\n{}", screen(&self.sent).join("\n"));
            };
            self.sent.extend(part);
        }
    }

    /// All that was sent, once the browser has ended and the terminal is as it was.
    fn end(&mut self) -> String {
        self.wait_until("end", |sent| String::from_utf8_lossy(sent).contains("\ndone"));
        let sent = String::from_utf8_lossy(&self.sent).into_owned();
        let settings: Vec<&str> =
            sent.match_indices("speed ").map(|(at, _)| settings_at(&sent[at..])).collect();
        assert_eq!(settings.len(), 2, "{sent:?}");
        assert_eq!(settings[0], settings[1]);
        for off in [LEAVE_SCREEN, "\x1b[?1000l", "\x1b[?2004l", "\x1b[?25h"] {
            assert!(sent.rfind(off) > sent.rfind(ENTER_SCREEN), "{off:?}");
        }
        assert!(sent.rfind("\x1b[?1000l") > sent.rfind("\x1b[?1000h"));
        sent
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // With its terminal gone, the browser ends as well.
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

/// What `stty -a` printed, from its first word on.
fn settings_at(text: &str) -> &str {
    let end = text.find("echoke").or_else(|| text.find("echoctl")).unwrap_or(text.len());
    &text[..end]
}

/// The rows of the screen after what was sent: places and texts, of all else only the clearing.
fn screen(sent: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(sent);
    let mut cells = vec![vec![' '; 80]; 24];
    let (mut row, mut column) = (0_usize, 0_usize);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => {
                if rest.next() != Some('[') {
                    continue;
                }
                let mut parameters = String::new();
                let end = rest.find(|c| {
                    let ends = ('@'..='~').contains(c);
                    if !ends {
                        parameters.push(*c);
                    }
                    ends
                });
                let mut numbers = parameters.split(';').map(str::parse::<usize>);
                match end {
                    Some('H') => {
                        let mut next = || numbers.next().and_then(Result::ok).unwrap_or(1) - 1;
                        (row, column) = (next(), next());
                    }
                    Some('J') => cells = vec![vec![' '; 80]; 24],
                    _ => {}
                }
            }
            '\n' => row += 1,
            '\r' => column = 0,
            _ => {
                if let Some(cell) = cells.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                    *cell = c;
                }
                column += 1;
            }
        }
    }
    cells.into_iter().map(|cells| cells.into_iter().collect()).collect()
}

#[test]
fn a_query_is_typed_an_article_read_and_the_terminal_left_as_it_was() {
    let folder = archive();
    let mut terminal = Terminal::browse(folder.path(), "");
    terminal.wait_for("Search:");
    // Results come as one types.
    terminal.press("yun");
    terminal.wait_for("The two spoke about peace talks.");
    terminal.press("\r\r");
    terminal.wait_for("━ Article");
    terminal.press("n");
    terminal.wait_for("match 1 of");
    terminal.press("?");
    terminal.wait_for("Moving about");
    terminal.press("?q");
    let sent = terminal.end();
    assert!(sent.contains("status 0"), "{sent:?}");
    let history = fs::read_to_string(folder.path().join(".state/newshound/history"));
    assert_eq!(history.unwrap(), "yun\n");
}

#[test]
fn ctrl_c_leaves_the_terminal_as_it_was_and_escapes_in_articles_never_reach_it() {
    let folder = archive();
    let mut terminal = Terminal::browse(folder.path(), "storm");
    terminal.wait_for("without power");
    terminal.press("\r");
    terminal.wait_for("for days");
    terminal.press("\x03");
    let sent = terminal.end();
    assert!(!sent.contains("\x1b]0;owned") && !sent.contains('\u{9b}'));
    // The browser itself clears the screen when it begins, never after.
    let (_, shown) = sent.split_once("Storm").unwrap();
    assert!(!shown.contains("\x1b[2J"));
}

#[test]
fn a_citation_is_printed_at_the_end() {
    let folder = archive();
    let mut terminal = Terminal::browse(folder.path(), "yun");
    terminal.wait_for("Kerry meets Yun in Seoul");
    terminal.press("Y");
    terminal.wait_for("1 citation");
    terminal.press("q");
    let sent = terminal.end();
    let (_, printed) = sent.rsplit_once(LEAVE_SCREEN).unwrap();
    assert!(printed.contains("Kerry meets Yun in Seoul"), "{printed:?}");
}

#[test]
fn an_editor_has_the_terminal_as_it_was_before() {
    let folder = archive();
    let mut terminal = Terminal::browse(folder.path(), "yun");
    terminal.wait_for("Kerry meets Yun in Seoul");
    terminal.press("o");
    terminal.wait_until("an editor", |sent| {
        String::from_utf8_lossy(sent).matches(ENTER_SCREEN).count() > 1
    });
    terminal.press("q");
    let sent = terminal.end();
    let (before, after) = sent.split_once("now editing").unwrap();
    assert!(before.rfind(LEAVE_SCREEN) > before.rfind(ENTER_SCREEN), "{sent:?}");
    assert!(before.ends_with("\x1b[?25h"), "{before:?}");
    assert!(after.contains(ENTER_SCREEN) && after.contains("seoul.txt"));
}

#[test]
fn articles_indexed_meanwhile_appear() {
    let folder = archive();
    let mut terminal = Terminal::browse(folder.path(), "yun");
    terminal.wait_for("Kerry meets Yun in Seoul");
    let later = STORY.replace("Kerry meets Yun in Seoul", "Yun flies to Washington");
    fs::write(folder.path().join("later.txt"), later.replace("met his", "will see his"))
        .unwrap();
    index(folder.path());
    terminal.wait_for("Yun flies to Washington");
    terminal.press("q");
    terminal.end();
}

#[test]
fn a_terminal_that_cannot_place_a_cursor_is_refused() {
    let folder = archive();
    let mut terminal = Terminal::browse_on("dumb", folder.path(), "yun");
    terminal.wait_for("status 2");
    let sent = String::from_utf8_lossy(&terminal.sent).into_owned();
    assert!(sent.contains("set TERM") && !sent.contains(ENTER_SCREEN), "{sent:?}");
}
