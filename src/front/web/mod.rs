//! Web pages and a JSON API over an archive, rendered on the server.
//!
//! A request passes [`guard`] (who may ask, how much, and the headers that every answer bears),
//! is read by `parameters` into the same requests that every front end makes, is answered on a
//! thread that may block, and shown by `pages` (HTML, through templates that escape) or `api`
//! (JSON). `site` is what all of them share, `server` the socket.
//!
//! No path of a request ever reaches the file system: styles and scripts are part of the program,
//! and an article's file is found by the article's identifier.

mod access;
mod api;
mod assets;
mod chart;
mod clauses;
mod document;
mod export;
mod guard;
mod markup;
mod metrics;
mod original;
mod pages;
mod parameters;
mod problem;
mod server;
mod site;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread::available_parallelism;
use std::time::Duration;

use axum::Router;

pub use server::serve;
pub use site::Site;

/// Port that is listened on where none is given.
pub const DEFAULT_PORT: u16 = 7700;

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Address to listen on; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Whether an address that other machines reach is meant.
    pub allow_remote: bool,
    /// What a client must know; needed where other machines reach the address.
    pub token: Option<String>,
    /// Further names that the server goes by, as behind a proxy.
    pub hosts: Vec<String>,
    /// Sites whose scripts may read the API (`https://lab.example`); none by default.
    pub allow_origins: Vec<String>,
    /// How much is done at once, and for how long.
    pub limits: Limits,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)),
            allow_remote: false,
            token: None,
            hosts: Vec::new(),
            allow_origins: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// How much is done at once, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Searches at once; more would only slow each other down.
    pub searches: usize,
    /// Threads that may search, those included whose client no longer waits; beyond, status 503.
    pub threads: usize,
    /// Requests that may wait for their turn; further ones are sent away with status 503.
    pub waiting: usize,
    /// Exports at once.
    pub exports: usize,
    /// How long an export may take.
    pub export: Duration,
    /// How long an answer may take, its wait included.
    pub answer: Duration,
    /// How long a client may take to send a request's head.
    pub head: Duration,
    /// How long a client may take nothing of what is sent to it.
    pub stall: Duration,
    /// Open connections; beyond, the one longest idle is closed for the new one.
    pub connections: usize,
    /// Bytes of a request's address.
    pub address_bytes: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Bytes of answers kept for those who ask the same.
    pub kept_bytes: usize,
    /// How long no newer commit is looked for.
    pub refresh: Duration,
    /// How long an answer waits for a newer commit to be opened, before it is made of the one that
    /// is open.
    pub opening: Duration,
    /// How long requests under way may go on when the server stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = available_parallelism().map_or(2, usize::from);
        Self {
            searches: cores,
            threads: cores * 8,
            waiting: 512,
            exports: 8,
            export: Duration::from_mins(15),
            answer: Duration::from_secs(15),
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            connections: 800,
            address_bytes: 32 * 1024,
            head_bytes: 64 * 1024,
            kept_bytes: 64 << 20,
            refresh: Duration::from_millis(500),
            opening: Duration::from_secs(1),
            stop: Duration::from_secs(5),
        }
    }
}

/// Why there is nothing to serve, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is one that other machines reach, and that was not said to be meant.
    #[error("{0} can be reached from other machines")]
    Remote(SocketAddr),
    /// Other machines would reach the archive without a token.
    #[error("{0} can be reached from other machines, and no token was given")]
    NoToken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The threads or the signals that a server needs are not to be had.
    #[error("cannot start the server")]
    Start(#[source] io::Error),
}

impl ServeError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Remote(_) => Some("add --allow-remote and a token, or listen on 127.0.0.1"),
            Self::NoToken(_) => Some("give one with --token"),
            Self::Listen { .. } => Some("is another server running? choose a port with --addr"),
            Self::Start(_) => None,
        }
    }
}

/// A token that nobody guesses: 128 bits from the operating system, as 32 hexadecimal digits.
///
/// # Errors
/// Where the operating system gives no random bytes.
pub fn new_token() -> Result<String, ServeError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ServeError::Start(io::Error::other(error)))?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

/// All pages and the API, as one service that needs no socket.
pub fn router(site: Site) -> Router {
    let (api, description) = api::routes().split_for_parts();
    let described = document::complete(description);
    let _ = site.description().set(described);
    api.merge(pages::routes())
        .merge(assets::routes())
        .fallback(guard::no_such_page)
        .method_not_allowed_fallback(guard::wrong_method)
        .layer(axum::middleware::from_fn_with_state(site.clone(), guard::guard))
        .with_state(site)
}
