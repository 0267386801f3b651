//! Names of files inside an archive: relative to its root, with `/` between the parts, always
//! Unicode.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The user's own files at the root of an archive, and notes about it: never articles.
const USER_FILES: [&str; 5] =
    ["people.toml", "saved-searches.toml", "README", "README.md", "README.txt"];

/// Whether a file at the root of an archive is one that the user keeps for newshound, or a note
/// about the archive.
#[must_use]
pub fn is_user_file(name: &str) -> bool {
    USER_FILES.contains(&name)
}

/// The name of `path` under `root`, and whether a part of it was no Unicode. Such bytes are written
/// as `%` and two hexadecimal digits, so that nothing is lost.
pub(super) fn archive_name(root: &Path, path: &Path) -> (String, bool) {
    let relative = path.strip_prefix(root).unwrap_or(path);
    if let Some(name) = relative.to_str() {
        let name = if std::path::MAIN_SEPARATOR == '/' {
            name.to_owned()
        } else {
            name.replace(std::path::MAIN_SEPARATOR, "/")
        };
        return (name, false);
    }
    let parts: Vec<String> = relative.iter().map(escape).collect();
    (parts.join("/"), true)
}

fn escape(part: &OsStr) -> String {
    let mut escaped = String::with_capacity(part.len());
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        escaped.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The file that an archive name stands for.
///
/// A name is taken as it is where such a file exists; else its escaped bytes are put back.
#[must_use]
pub fn file_path(root: &Path, name: &str) -> PathBuf {
    let literal = root.join(name);
    if !name.contains('%') || literal.exists() {
        return literal;
    }
    root.join(unescape(name))
}

#[cfg(unix)]
fn unescape(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok().filter(|byte| *byte >= 0x80)
        });
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn unescape(name: &str) -> PathBuf {
    PathBuf::from(name)
}
