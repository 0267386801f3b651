//! `people.toml`: the user's last word on who is who.
//!
//! The file lies beside the index, is applied when names are looked up and never needs
//! re-indexing. Each entry is a table with the name it is about, so that entries can be appended,
//! moved and removed by hand, and two people's changes merge in version control:
//!
//! ```toml
//! # These are one, shown as the first.
//! [[merge]]
//! name = "Muammar Gaddafi"
//! forms = ["Moamer Kadhafi", "Colonel Gadhafi"]
//!
//! # This form is somebody else, not who it was taken for (`to` says who, if known).
//! [[split]]
//! name = "George Bush"
//! to = "George H. W. Bush"
//!
//! # Shown under another name.
//! [[rename]]
//! name = "Abu Mazen"
//! to = "Mahmoud Abbas"
//!
//! # No person at all.
//! [[ban]]
//! name = "Dear Reader"
//!
//! # Exactly these forms and no more, whatever else looks alike.
//! [[pin]]
//! name = "John Smith"
//! forms = ["J. Smith"]
//!
//! # Every entry may say `kind = "organisation"` or `kind = "place"`; without it, a person.
//! [[merge]]
//! kind = "organisation"
//! name = "Deutsche Bahn"
//! forms = ["German Railways"]
//! ```

use std::fmt::Write as _;

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::EntityKind;

/// Why a text is no `people.toml`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PeopleFileError {
    /// Not TOML, or an unknown key.
    #[error("line {line}: {problem}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        problem: String,
    },
    /// An entry that says nothing.
    #[error("line {line}: {problem} in [[{entry}]]")]
    Entry {
        /// Counted from 1.
        line: usize,
        /// The kind of entry: `merge`, `split`, …
        entry: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// One thing that the user says of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The forms are other names of the bearer of the first.
    Merge {
        /// Whose names they are; what is shown.
        name: String,
        /// The other names.
        forms: Vec<String>,
    },
    /// The form is not who it was taken for.
    Split {
        /// The form.
        name: String,
        /// Who it is, if somebody known; otherwise somebody of that name.
        to: Option<String>,
    },
    /// The bearer is shown under another name.
    Rename {
        /// A name of the bearer.
        name: String,
        /// The name to show.
        to: String,
    },
    /// Nobody, nothing of this kind.
    Ban {
        /// The name.
        name: String,
    },
    /// The bearer has these names and no more.
    Pin {
        /// What is shown.
        name: String,
        /// The other names.
        forms: Vec<String>,
    },
}

/// A read `people.toml`: rulings as they stand in the file, so that the later has the last word;
/// but what somebody is called comes after who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFile {
    /// What is said, with the kind that it is said of.
    pub rulings: Vec<(EntityKind, Ruling)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    merge: Vec<WithForms>,
    #[serde(default)]
    split: Vec<Split>,
    #[serde(default)]
    rename: Vec<Rename>,
    #[serde(default)]
    ban: Vec<Ban>,
    #[serde(default)]
    pin: Vec<WithForms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithForms {
    #[serde(default = "person")]
    kind: EntityKind,
    name: Spanned<String>,
    #[serde(default)]
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Split {
    #[serde(default = "person")]
    kind: EntityKind,
    name: Spanned<String>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    #[serde(default = "person")]
    kind: EntityKind,
    name: Spanned<String>,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    #[serde(default = "person")]
    kind: EntityKind,
    name: Spanned<String>,
}

fn person() -> EntityKind {
    EntityKind::Person
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

impl PeopleFile {
    /// Reads the file's text.
    ///
    /// # Errors
    ///
    /// With the line, if the text is not TOML, has an unknown key, or an entry says nothing.
    pub fn parse(text: &str) -> Result<Self, PeopleFileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let written: Written =
            toml::from_str(text).map_err(|error| PeopleFileError::Syntax {
                line: line_of(text, error.span().map_or(0, |span| span.start)),
                problem: error.message().to_owned(),
            })?;
        // With where each stands, renames last.
        let mut rulings: Vec<((bool, usize), (EntityKind, Ruling))> = Vec::new();
        let named = |name: Spanned<String>, entry| {
            let at = name.span().start;
            let line = line_of(text, at);
            let name = name.into_inner().trim().to_owned();
            if name.is_empty() {
                return Err(PeopleFileError::Entry { line, entry, problem: "empty name" });
            }
            Ok((name, line, (entry == "rename", at)))
        };
        for entry in written.merge {
            let (name, line, at) = named(entry.name, "merge")?;
            if entry.forms.is_empty() {
                let problem = "no `forms` to merge";
                return Err(PeopleFileError::Entry { line, entry: "merge", problem });
            }
            rulings.push((at, (entry.kind, Ruling::Merge { name, forms: entry.forms })));
        }
        for entry in written.split {
            let (name, _, at) = named(entry.name, "split")?;
            rulings.push((at, (entry.kind, Ruling::Split { name, to: entry.to })));
        }
        for entry in written.rename {
            let (name, line, at) = named(entry.name, "rename")?;
            if entry.to.trim().is_empty() {
                let problem = "empty `to`";
                return Err(PeopleFileError::Entry { line, entry: "rename", problem });
            }
            rulings.push((at, (entry.kind, Ruling::Rename { name, to: entry.to })));
        }
        for entry in written.ban {
            let (name, _, at) = named(entry.name, "ban")?;
            rulings.push((at, (entry.kind, Ruling::Ban { name })));
        }
        for entry in written.pin {
            let (name, _, at) = named(entry.name, "pin")?;
            rulings.push((at, (entry.kind, Ruling::Pin { name, forms: entry.forms })));
        }
        rulings.sort_by_key(|(at, _)| *at);
        Ok(Self { rulings: rulings.into_iter().map(|(_, ruling)| ruling).collect() })
    }

    /// The text of a file with one more ruling at its end; all that stood there stays as it was.
    #[must_use]
    pub fn append(text: &str, kind: EntityKind, ruling: &Ruling) -> String {
        let mut out = text.to_owned();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let (entry, name) = match ruling {
            Ruling::Merge { name, .. } => ("merge", name),
            Ruling::Split { name, .. } => ("split", name),
            Ruling::Rename { name, .. } => ("rename", name),
            Ruling::Ban { name } => ("ban", name),
            Ruling::Pin { name, .. } => ("pin", name),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "[[{entry}]]");
        if kind != EntityKind::Person {
            let _ = writeln!(out, "kind = {}", quoted(kind.name()));
        }
        let _ = writeln!(out, "name = {}", quoted(name));
        match ruling {
            Ruling::Merge { forms, .. } | Ruling::Pin { forms, .. } if !forms.is_empty() => {
                let forms: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
                let _ = writeln!(out, "forms = [{}]", forms.join(", "));
            }
            Ruling::Split { to: Some(to), .. } | Ruling::Rename { to, .. } => {
                let _ = writeln!(out, "to = {}", quoted(to));
            }
            _ => {}
        }
        out
    }
}

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::{EntityKind, PeopleFile, PeopleFileError, Ruling};

    #[test]
    fn a_written_ruling_is_read_back_and_the_rest_stays() {
        let before = "# ours\n[[ban]]\nname = \"Dear Reader\" # a salutation";
        let ruling = Ruling::Merge {
            name: "William \"Bill\" Clinton".to_owned(),
            forms: vec!["Clinton, B\\ill".to_owned()],
        };
        let text = PeopleFile::append(before, EntityKind::Person, &ruling);
        assert!(text.starts_with(before));
        let file = PeopleFile::parse(&text).unwrap();
        assert!(file.rulings.contains(&(EntityKind::Person, ruling)));
        assert_eq!(file.rulings.len(), 2);
    }

    #[test]
    fn errors_name_the_line() {
        let check = |text: &str, wanted: usize| match PeopleFile::parse(text) {
            Err(PeopleFileError::Syntax { line, .. } | PeopleFileError::Entry { line, .. }) => {
                assert_eq!(line, wanted, "{text}");
            }
            Ok(_) => panic!("read: {text}"),
        };
        check("[[merge]]\nname = \"A B\"\nform = [\"C\"]\n", 3);
        check("\n[[merge]]\nname = \"A B\"\n", 3);
        check("[[rename]]\nname = \"A\"\nto = 3\n", 3);
        check("[[ban]\n", 1);
    }
}
