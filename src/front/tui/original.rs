//! The file that an article was read from, opened at the place being read in the reader's own
//! editor or pager.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tempfile::TempPath;

use super::question::Failure;
use crate::corpus::{Limits, Reader};
use crate::search::OriginalFile;

/// Largest file that is searched for the place; a larger one is opened at its beginning.
const MAX_SEARCHED: u64 = 256 << 20;
/// Letters and digits that a stretch of text needs to tell a place.
const TELLING: usize = 12;

/// A file to be shown.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) path: PathBuf,
    /// The line to show, from 1.
    pub(super) line: usize,
    /// The file is an unpacked copy, which lives as long as this.
    pub(super) copy: Option<Arc<TempPath>>,
}

/// The programs that files are shown in, as the environment names them.
#[derive(Clone, Debug, Default)]
pub(super) struct Programs {
    pub(super) editor: Option<String>,
    pub(super) pager: Option<String>,
}

/// Finds the file of an article and the line of the place in it: `near` holds the article's
/// headline and then what is written at the place, best first.
pub(super) fn locate(original: &OriginalFile, near: &[String]) -> Result<Opening, Failure> {
    let mut plain = None;
    let mut unpacked: Option<(String, Vec<u8>, usize)> = None;
    let limits = Limits { bytes: MAX_SEARCHED };
    let read = Reader::new(limits).read(&original.path, &original.relative, &mut |member| {
        let line = line_of(&String::from_utf8_lossy(member.bytes), near);
        if member.member.is_none() && member.name == original.relative {
            plain = Some(line.unwrap_or(1));
            return;
        }
        // Of several members, the one that the article names, else the one with the place in it.
        let named = original.member.is_some() && member.member == original.member.as_deref();
        if unpacked.is_none() || named || (line.is_some() && original.member.is_none()) {
            unpacked = Some((member.name.to_owned(), member.bytes.to_vec(), line.unwrap_or(1)));
        }
    });
    match (plain, unpacked) {
        (Some(line), _) => Ok(Opening { path: original.path.clone(), line, copy: None }),
        (None, Some((name, bytes, line))) => {
            let copy = write_copy(&name, &bytes).map_err(|error| {
                Failure::new(format!("the file cannot be unpacked: {error}"))
            })?;
            Ok(Opening { path: copy.to_path_buf(), line, copy: Some(Arc::new(copy)) })
        }
        (None, None) => match read {
            // What cannot be searched can still be shown.
            Err(_) if original.path.is_file() => {
                Ok(Opening { path: original.path.clone(), line: 1, copy: None })
            }
            Err(error) => Err(Failure::new(error.to_string())),
            Ok(_) => Err(Failure::new(format!("{} is empty", original.relative))),
        },
    }
}

/// A copy with the ending of its name, so that the editor knows the kind of file.
fn write_copy(name: &str, bytes: &[u8]) -> io::Result<TempPath> {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let suffix = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let mut file = tempfile::Builder::new().prefix("newshound-").suffix(&suffix).tempfile()?;
    file.write_all(bytes)?;
    Ok(file.into_temp_path())
}

/// The line of a file, from 1, where an article's place is written; `None` where it is not found.
///
/// Line breaks, spaces and markup differ between file and article, so only letters and digits
/// outside tags are compared.
fn line_of(file: &str, near: &[String]) -> Option<usize> {
    let squeeze = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (squeezed, starts) = squeezed_lines(file);
    let find = |needle: &str, from: usize| {
        let rest = squeezed.get(from..)?;
        rest.find(needle).map(|at| from + at)
    };
    let (headline, places) = near.split_first()?;
    let headline = squeeze(headline);
    let headline = if headline.is_empty() { None } else { find(&headline, 0) };
    // The place stands behind its headline; a file may hold a copy of it elsewhere.
    let from = headline.unwrap_or(0);
    let found = places.iter().map(|place| squeeze(place)).find_map(|place| {
        let letters = place.chars().count();
        if letters < TELLING {
            return None;
        }
        // An escape or an edit inside it spoils the whole, but seldom both halves.
        let (first, second): (String, String) = (
            place.chars().take(letters / 2).collect(),
            place.chars().skip(letters / 2).collect(),
        );
        [place, first, second]
            .iter()
            .filter(|part| part.chars().count() >= TELLING)
            .find_map(|part| find(part, from))
    });
    let place = found.or(headline)?;
    Some(starts.partition_point(|start| *start <= place))
}

/// The lower-case letters and digits of a file outside its tags, and where in them each line of
/// the file begins.
fn squeezed_lines(file: &str) -> (String, Vec<usize>) {
    /// A `<` with no `>` so many characters on begins no tag.
    const LONGEST_TAG: usize = 2_000;
    let mut squeezed = String::new();
    let mut starts = vec![0];
    let mut tag_left = 0;
    let mut chars = file.chars().peekable();
    while let Some(c) = chars.next() {
        tag_left = match (c, chars.peek()) {
            ('>', _) => 0,
            ('<', Some(next)) if next.is_ascii_alphabetic() || matches!(next, '/' | '!') => {
                LONGEST_TAG
            }
            _ => tag_left.saturating_sub(1),
        };
        if c == '\n' {
            starts.push(squeezed.len());
        } else if tag_left == 0 && c.is_alphanumeric() {
            squeezed.extend(c.to_lowercase());
        }
    }
    (squeezed, starts)
}

impl Programs {
    /// The command that shows a file: the editor for what can be edited, the pager for a copy or
    /// where there is no editor.
    pub(super) fn command(&self, opening: &Opening) -> Command {
        let program = self.program(opening);
        let arguments = arguments(&program, &opening.path, opening.line);
        let mut command;
        if cfg!(unix) {
            // The variables hold commands of the shell, as git and others read them.
            command = Command::new("sh");
            command.arg("-c").arg(format!("{program} \"$@\"")).arg(&program);
        } else {
            let mut words = program.split_whitespace();
            command = Command::new(words.next().unwrap_or_default());
            command.args(words);
        }
        command.args(arguments);
        command
    }

    /// Its name, as the environment has it.
    pub(super) fn program(&self, opening: &Opening) -> String {
        let set = |program: &Option<String>| {
            program.clone().filter(|program| !program.trim().is_empty())
        };
        let (editor, pager) = (set(&self.editor), set(&self.pager));
        let program = if opening.copy.is_some() { pager.or(editor) } else { editor.or(pager) };
        program.unwrap_or_else(|| default_pager().to_owned())
    }
}

fn default_pager() -> &'static str {
    if cfg!(windows) { "more" } else { "less" }
}

/// How a program is told the line: `+12 FILE` by most, `FILE:12` by some newer ones.
fn arguments(program: &str, path: &Path, line: usize) -> Vec<std::ffi::OsString> {
    let name = program
        .split_whitespace()
        .next()
        .and_then(|word| Path::new(word).file_stem())
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let with_line = || {
        let mut place = path.as_os_str().to_owned();
        place.push(format!(":{line}"));
        place
    };
    match name {
        "code" | "codium" | "cursor" => vec!["--goto".into(), with_line()],
        "hx" | "helix" | "zed" | "subl" | "micro" => vec![with_line()],
        "vi" | "vim" | "nvim" | "view" | "gvim" | "ex" | "nano" | "emacs" | "emacsclient"
        | "less" | "most" | "kak" | "joe" | "jed" | "mg" | "ne" | "mcedit" | "gedit"
        | "kate" | "pico" => {
            vec![format!("+{line}").into(), path.into()]
        }
        _ => vec![path.into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "<title>Talks in Seoul</title>\n\
        <p>Other news about the peace talks that were held.\n\
        <h1>Talks <b>in</b> Seoul</h1>\n\
        <p>John Kerry met\n his counterpart <i>Yun Byung-se</i> on Friday.\n\
        <p>They spoke about the peace talks that were held.\n";

    fn check(near: &[&str], wanted: Option<usize>) {
        let near: Vec<String> = near.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(line_of(FILE, &near), wanted, "{near:?}");
    }

    #[test]
    fn a_place_is_found_across_line_breaks_and_markup() {
        check(&["Talks in Seoul"], Some(1));
        check(&["Talks in Seoul", "john kerry met his"], Some(4));
        check(&["", "counterpart Yun Byung-se on Friday"], Some(5));
        check(&["", "", "short", "about the peace talks that"], Some(2));
        check(&["Nowhere", "nothing of the kind is written"], None);
        check(&[], None);
    }

    #[test]
    fn programs_are_told_the_line_in_their_own_way() {
        let check = |program: &str, wanted: &str| {
            let words: Vec<String> = arguments(program, Path::new("/a b/c.txt"), 7)
                .into_iter()
                .map(|word| word.into_string().unwrap())
                .collect();
            assert_eq!(words.join("|"), wanted);
        };
        check("vim -u NONE", "+7|/a b/c.txt");
        check("/usr/bin/less -R", "+7|/a b/c.txt");
        check("code --wait", "--goto|/a b/c.txt:7");
        check("cat", "/a b/c.txt");
    }

    #[test]
    fn what_was_packed_is_shown_as_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html.gz");
        let mut packed = flate2::write::GzEncoder::new(
            std::fs::File::create(&path).unwrap(),
            flate2::Compression::fast(),
        );
        packed.write_all(FILE.as_bytes()).unwrap();
        packed.finish().unwrap();
        let original = OriginalFile { path, member: None, relative: "a.html.gz".to_owned() };
        let near = ["Talks in Seoul".to_owned(), "John Kerry met his".to_owned()];
        let opening = locate(&original, &near).unwrap();
        assert_eq!(opening.line, 4);
        assert_eq!(opening.path.extension().unwrap(), "html");
        assert_eq!(std::fs::metadata(&opening.path).unwrap().len(), FILE.len() as u64);
        let copy = opening.path.clone();
        drop(opening);
        assert!(!copy.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_not_there_is_named() {
        let programs = Programs { editor: Some("no-such-editor -x".to_owned()), pager: None };
        let opening = Opening { path: "/a.txt".into(), line: 1, copy: None };
        let (command, program) = (programs.command(&opening), programs.program(&opening));
        let error = crate::front::tui::terminal::run(command, &program).unwrap_err();
        assert!(error.to_string().starts_with("`no-such-editor -x` cannot be run"), "{error}");
    }
}
