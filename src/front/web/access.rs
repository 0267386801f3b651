//! Who may ask: the names the server goes by, the token, and other sites' scripts.

use std::net::{IpAddr, SocketAddr};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use super::problem::{Kind, Problem};
use super::{ServeError, ServeOptions};

/// Name of the cookie that stands for the token.
const COOKIE: &str = "newshound";
/// Name of the parameter that brings a token.
const TOKEN: &str = "token";

/// The address of this end of a request's connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalAddress(pub(super) SocketAddr);

/// The rules, and the secrets that they compare with.
#[derive(Debug)]
pub(super) struct Access {
    bound: IpAddr,
    hosts: Vec<String>,
    origins: Vec<String>,
    secret: Option<Secret>,
}

/// Hashes only: comparing them takes the same time wherever they differ.
#[derive(Debug)]
struct Secret {
    token: blake3::Hash,
    cookie: blake3::Hash,
}

impl Secret {
    fn new(token: &str) -> Self {
        Self {
            token: blake3::hash(token.as_bytes()),
            cookie: blake3::Hash::from_bytes(blake3::derive_key(
                "newshound 2026 cookie of the web pages",
                token.as_bytes(),
            )),
        }
    }

    fn is_token(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == self.token
    }

    fn is_cookie(&self, given: &str) -> bool {
        blake3::Hash::from_hex(given).is_ok_and(|hash| hash == self.cookie)
    }
}

/// How a request that may go on came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// As it is.
    Plain,
    /// With the token in the address, which is taken out of it: the rest of the query.
    ByAddress { rest: String },
}

impl Access {
    pub(super) fn new(options: &ServeOptions) -> Result<Self, ServeError> {
        let is_loopback = options.addr.ip().is_loopback();
        if !is_loopback && !options.allow_remote {
            return Err(ServeError::Remote(options.addr));
        }
        let token = options.token.as_deref().map(str::trim).filter(|token| !token.is_empty());
        if !is_loopback && token.is_none() {
            return Err(ServeError::NoToken(options.addr));
        }
        let lowercase = |names: &[String]| {
            names.iter().map(|name| name.to_ascii_lowercase()).collect::<Vec<_>>()
        };
        Ok(Self {
            bound: options.addr.ip(),
            hosts: lowercase(&options.hosts),
            origins: lowercase(&options.allow_origins),
            secret: token.map(Secret::new),
        })
    }

    /// Lets a request in, or says why not.
    pub(super) fn admit(&self, parts: &Parts) -> Result<Admission, Problem> {
        self.check_host(parts)?;
        self.check_token(parts)
    }

    /// A page of another site, whose name was made to resolve to this machine (DNS rebinding),
    /// gives itself away by the name it asks for.
    fn check_host(&self, parts: &Parts) -> Result<(), Problem> {
        let local = parts.extensions.get::<LocalAddress>().map(|address| address.0.ip());
        let mut hosts = parts.headers.get_all(header::HOST).into_iter();
        let host = hosts.next().and_then(|value| value.to_str().ok());
        let Some(host) = host.filter(|_| hosts.next().is_none()) else {
            let detail = "the request has no Host header, or several";
            return Err(Problem::new(Kind::BadRequest, detail));
        };
        let in_address = parts.uri.authority().map(axum::http::uri::Authority::as_str);
        for name in [Some(host), in_address].into_iter().flatten() {
            if !self.goes_by(name, local) {
                let shown: String = name.chars().take(80).collect();
                let problem = Problem::new(Kind::WrongHost, format!("not known as `{shown}`"));
                return Err(
                    problem.hint("use the address that the server printed at its start")
                );
            }
        }
        Ok(())
    }

    fn goes_by(&self, host: &str, local: Option<IpAddr>) -> bool {
        let name = without_port(host).trim_end_matches('.').to_ascii_lowercase();
        let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        match literal.unwrap_or(&name).parse::<IpAddr>() {
            Ok(ip) => {
                let is_bound = !self.bound.is_unspecified() && ip == self.bound;
                let is_local =
                    local.is_some_and(|local| local.to_canonical() == ip.to_canonical());
                ip.to_canonical().is_loopback() || is_bound || is_local
            }
            Err(_) => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || self.hosts.contains(&name)
            }
        }
    }

    fn check_token(&self, parts: &Parts) -> Result<Admission, Problem> {
        let Some(secret) = &self.secret else { return Ok(Admission::Plain) };
        // Says only that the server runs, to those who look after it.
        if parts.uri.path() == super::api::HEALTH {
            return Ok(Admission::Plain);
        }
        let query = parts.uri.query().unwrap_or_default();
        let is_bearer = parts.headers.get_all(header::AUTHORIZATION).into_iter().any(|value| {
            let text = value.to_str().unwrap_or_default();
            let (scheme, token) = text.split_once(' ').unwrap_or_default();
            scheme.eq_ignore_ascii_case("bearer") && secret.is_token(token.trim())
        });
        let is_known =
            is_bearer || cookies(&parts.headers).any(|value| secret.is_cookie(value));
        let in_address = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == TOKEN)
            .map(|(_, token)| secret.is_token(&token));
        match in_address {
            Some(true) => Ok(Admission::ByAddress { rest: without_token(query) }),
            None if is_known => Ok(Admission::Plain),
            given => {
                let detail =
                    if given.is_some() { "the token is not the right one" } else { "no token" };
                Err(Problem::new(Kind::NeedsToken, detail).hint(
                    "open the address with the token that the server printed at its start",
                ))
            }
        }
    }

    /// The cookie by which a browser is known from then on.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let secret = self.secret.as_ref()?;
        let hash = secret.cookie.to_hex();
        let cookie =
            format!("{COOKIE}={hash}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
        HeaderValue::from_str(&cookie).ok()
    }

    /// The site whose scripts may read this answer, where it is one of those allowed to.
    pub(super) fn allowed_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let name = origin.to_str().ok()?.to_ascii_lowercase();
        self.origins.contains(&name).then(|| origin.clone())
    }

    /// Some other site's scripts may read answers.
    pub(super) fn shares(&self) -> bool {
        !self.origins.is_empty()
    }
}

fn without_port(host: &str) -> &str {
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) && (!name.contains(':') || name.ends_with(']')) => {
            name
        }
        _ => host,
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::COOKIE).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

fn without_token(query: &str) -> String {
    let is_kept =
        |pair: &&str| !form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| name == TOKEN);
    query.split('&').filter(is_kept).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(addr: &str, token: Option<&str>) -> Result<Access, ServeError> {
        Access::new(&ServeOptions {
            addr: addr.parse().unwrap(),
            allow_remote: token.is_some(),
            token: token.map(str::to_owned),
            hosts: vec!["Archive.Example".to_owned()],
            ..ServeOptions::default()
        })
    }

    #[test]
    fn only_the_servers_own_names_are_taken() {
        let here = access("127.0.0.1:7700", None).unwrap();
        let there = access("192.0.2.7:80", Some("t")).unwrap();
        let anywhere = access("0.0.0.0:80", Some("t")).unwrap();
        let local = Some("192.0.2.9".parse().unwrap());
        for (access, host, expected) in [
            (&here, "localhost:7700", true),
            (&here, "LOCALHOST.", true),
            (&here, "127.0.0.1", true),
            (&here, "[::1]:7700", true),
            (&here, "archive.example:8080", true),
            (&here, "evil.example", false),
            (&here, "localhost.evil.example", false),
            (&here, "evil@localhost", false),
            (&here, "192.0.2.7", false),
            (&here, "", false),
            (&there, "192.0.2.7:80", true),
            (&there, "192.0.2.8", false),
            (&anywhere, "192.0.2.9", true),
            (&anywhere, "192.0.2.10", false),
            (&anywhere, "0.0.0.0", false),
        ] {
            assert_eq!(
                access.goes_by(host, local.filter(|_| !std::ptr::eq(access, &raw const here))),
                expected,
                "{host}"
            );
        }
    }

    #[test]
    fn another_address_needs_leave_and_a_token() {
        assert!(matches!(access("0.0.0.0:80", None), Err(ServeError::Remote(_))));
        assert!(matches!(access("0.0.0.0:80", Some(" ")), Err(ServeError::NoToken(_))));
        assert!(access("0.0.0.0:80", Some("secret")).is_ok());
    }

    #[test]
    fn the_token_leaves_the_address_and_nothing_else_does() {
        for (query, rest) in [
            ("token=a", ""),
            ("q=a%20b&token=x&person=c", "q=a%20b&person=c"),
            ("%74oken=x&q=token=1", "q=token=1"),
        ] {
            assert_eq!(without_token(query), rest);
        }
    }
}
