//! What is said to a client whose request cannot be answered: problem details after RFC 9457.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::search::SearchError;

/// Media type of the JSON form.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The kinds of problems. A new one is a variant here and a row in [`Kind::row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    BadQuery,
    BadParameter,
    UnknownParameter,
    BadRequest,
    NeedsToken,
    NoSuchArticle,
    NoSuchEntity,
    NoSuchPage,
    WrongMethod,
    TooLarge,
    LongAddress,
    WrongHost,
    Fault,
    Busy,
    TookTooLong,
}

impl Kind {
    pub(super) const ALL: [Self; 15] = [
        Self::BadQuery,
        Self::BadParameter,
        Self::UnknownParameter,
        Self::BadRequest,
        Self::NeedsToken,
        Self::NoSuchArticle,
        Self::NoSuchEntity,
        Self::NoSuchPage,
        Self::WrongMethod,
        Self::TooLarge,
        Self::LongAddress,
        Self::WrongHost,
        Self::Fault,
        Self::Busy,
        Self::TookTooLong,
    ];

    /// Status, the name in the problem's `type`, and the title.
    fn row(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadQuery => {
                (StatusCode::BAD_REQUEST, "bad-query", "The query could not be read")
            }
            Self::BadParameter => {
                (StatusCode::BAD_REQUEST, "bad-parameter", "A parameter has a wrong value")
            }
            Self::UnknownParameter => {
                (StatusCode::BAD_REQUEST, "unknown-parameter", "There is no such parameter")
            }
            Self::BadRequest => {
                (StatusCode::BAD_REQUEST, "bad-request", "The request could not be read")
            }
            Self::NeedsToken => {
                (StatusCode::UNAUTHORIZED, "needs-token", "This archive asks for a token")
            }
            Self::NoSuchArticle => {
                (StatusCode::NOT_FOUND, "no-such-article", "There is no such article")
            }
            Self::NoSuchEntity => {
                (StatusCode::NOT_FOUND, "no-such-entity", "Nobody and nothing has this name")
            }
            Self::NoSuchPage => {
                (StatusCode::NOT_FOUND, "no-such-page", "There is no such page")
            }
            Self::WrongMethod => {
                (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "Everything here is only read")
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large")
            }
            Self::LongAddress => {
                (StatusCode::URI_TOO_LONG, "long-address", "The address is too long")
            }
            Self::WrongHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "wrong-host",
                "This server does not go by that name",
            ),
            Self::Fault => {
                (StatusCode::INTERNAL_SERVER_ERROR, "fault", "The server could not answer")
            }
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy"),
            Self::TookTooLong => {
                (StatusCode::SERVICE_UNAVAILABLE, "took-too-long", "The answer took too long")
            }
        }
    }

    pub(super) fn status(self) -> StatusCode {
        self.row().0
    }

    pub(super) fn slug(self) -> &'static str {
        self.row().1
    }

    pub(super) fn title(self) -> &'static str {
        self.row().2
    }
}

/// A problem, before it is known whether a program or a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) kind: Kind,
    /// This occurrence, in a sentence or less.
    pub(super) detail: String,
    /// What to do.
    pub(super) hint: Option<String>,
    /// The query with a mark below the place that could not be read.
    pub(super) drawn: Option<String>,
}

impl Problem {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), hint: None, drawn: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The problem as a program reads it.
    pub(super) fn details(&self) -> ProblemDetails {
        ProblemDetails {
            kind: format!("/api#{}", self.kind.slug()),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            hint: self.hint.clone(),
        }
    }

    pub(super) fn to_json(&self) -> Response {
        let body = serde_json::to_vec(&self.details()).unwrap_or_default();
        self.respond(MEDIA_TYPE, body)
    }

    /// A response with this problem's status, and the headers that go with it.
    pub(super) fn respond(&self, media_type: &'static str, body: Vec<u8>) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.kind {
            Kind::Busy | Kind::TookTooLong => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Kind::NeedsToken => {
                let scheme = HeaderValue::from_static("Bearer realm=\"newshound\"");
                headers.insert(header::WWW_AUTHENTICATE, scheme);
            }
            _ => {}
        }
        response
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let kind = match &error {
            SearchError::NoSuchArticle(_) => Kind::NoSuchArticle,
            SearchError::NoSuchEntity { .. } => Kind::NoSuchEntity,
            _ if error.is_users_fault() => Kind::BadQuery,
            _ => Kind::Fault,
        };
        let hint = match &error {
            SearchError::NoSuchEntity { .. } => Some(
                "the names that are known are listed at /people, /orgs and /places".to_owned(),
            ),
            _ => error.hint(),
        };
        Self { kind, detail: error.to_string(), hint, drawn: None }
    }
}

/// Problem details after RFC 9457, with a hint.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProblemDetails {
    /// What kind of problem it is: an address on the page that explains it.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    kind: String,
    /// The kind, in words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// This occurrence of it.
    detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}
