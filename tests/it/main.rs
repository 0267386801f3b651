//! The program as its users meet it. What can be tested through the library is tested there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed"
)]

// What an answer says of itself, against other answers: facets, relaxed words, accounts of scores.
mod answers;
// The command line, run as a process: the main job, exit statuses, what goes where.
mod cli;
// What people hand in by mistake: each with a message that names the thing and what to do.
mod cli_bad_input;
// Results that leave the tool: formats, runs, records, saved searches.
mod cli_export;
// Connectors of the query language against brute force.
mod connectors;
// The module table of ARCHITECTURE.md against the source.
mod layers;
// Ranking on the sample archive against a golden file.
mod ranking;
// The terminal browser in a pseudo-terminal.
#[cfg(unix)]
mod tui;
// Web pages and API over a socket.
mod web;
