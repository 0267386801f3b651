//! newshound: full-text search over news archives.
//!
//! Two flows, each in one place: [`ingest`] takes a folder's files to an index, [`search`] takes a
//! query to hits. `ARCHITECTURE.md` has the map.

pub mod article;
pub mod corpus;
pub mod date;
pub mod enrich;
pub mod entity;
pub mod format;
pub mod front;
pub mod index;
pub mod ingest;
pub mod query;
pub mod search;
pub mod text;
