//! The clock and the environment. Nothing else of the command line reads them.
#![expect(
    clippy::disallowed_methods,
    reason = "a front end reads the clock and the environment"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::failure::{Failure, reason};

/// The time, in nanoseconds since 1970.
pub(super) fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX)
}

/// The day, in days since 1970.
pub(super) fn today() -> i32 {
    const DAY: i64 = 86_400_000_000_000;
    i32::try_from(now() / DAY).unwrap_or(i32::MAX)
}

/// The time as ISO 8601 in UTC, to the second.
pub(super) fn timestamp() -> String {
    jiff::Timestamp::from_second(now() / 1_000_000_000).unwrap_or_default().to_string()
}

/// The time of day where the machine is.
pub(super) fn time_of_day() -> String {
    jiff::ZonedDateTime::now().strftime("%H:%M:%S").to_string()
}

/// The folder in which the command runs.
pub(super) fn here() -> Result<PathBuf, Failure> {
    env::current_dir().map_err(|error| {
        Failure::new(format!("the current folder cannot be used: {}", reason(&error)))
    })
}

/// The path from the root of the file system, links kept.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The command that shows long texts, where the user has chosen one; `Some("")` for none.
pub(super) fn pager() -> Option<String> {
    env::var("PAGER").ok()
}

/// Options for `less`, where the user has set some.
pub(super) fn has_less_options() -> bool {
    env::var_os("LESS").is_some()
}

/// The command that opens a file for editing.
pub(super) fn editor() -> Option<String> {
    ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|text| !text.is_empty()))
}

/// Whether the terminal is likely to take texts for the clipboard (OSC 52).
pub(super) fn has_clipboard() -> bool {
    !env::var("TERM").is_ok_and(|terminal| terminal == "linux")
}

/// What the terminal calls itself, where by that name it cannot place a cursor.
pub(super) fn terminal_without_screen() -> Option<String> {
    env::var("TERM").ok().filter(|terminal| terminal == "dumb" || terminal == "unknown")
}

/// The folder for what a program keeps between two runs: `$XDG_STATE_HOME/newshound`, by default
/// `~/.local/state/newshound` (XDG Base Directory Specification 0.8).
pub(super) fn state_folder() -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        // The specification has relative paths ignored.
        path.is_absolute().then_some(path)
    };
    let base = folder("XDG_STATE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("state")))?;
    Some(base.join("newshound"))
}
