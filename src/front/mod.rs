//! What a person sees: the command line, the terminal browser, web pages and API.
//!
//! A front end reads what was asked into the requests of [`crate::search`] or the options of
//! [`crate::ingest`], and shows the answer. The clock, the environment and the terminal are read
//! here and nowhere else. The front ends do not know each other; what they share is [`cite`].

pub mod cite;
pub mod cli;
pub mod tui;
pub mod web;
