//! Every hit of a search, streamed in a form that other programs read.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_core::Stream;
use tokio::sync::mpsc;

use super::pages;
use super::problem::Problem;
use super::site::{Head, Site, validators};
use crate::front::cite;
use crate::search::{Hit, SearchRequest};

/// The forms of an answer to a search, the usual one first.
pub(super) const FORMATS: &[&str] =
    &["json", "jsonl", "csv", "ris", "bibtex", "csl-json", "markdown"];
/// The forms of one article's citation, the usual one first.
pub(super) const CITATIONS: &[&str] = &["text", "ris", "bibtex", "csl-json"];

/// Bytes sent at once.
const CHUNK: usize = 32 * 1024;
/// Chunks made ahead of the client.
const AHEAD: usize = 4;

/// A form that hits are streamed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    JsonLines,
    Csv,
    Ris,
    Bibtex,
    CslJson,
    Markdown,
}

impl Format {
    /// The form of this name; `None` for `json`, which is not streamed.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "jsonl" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            "ris" => Some(Self::Ris),
            "bibtex" => Some(Self::Bibtex),
            "csl-json" => Some(Self::CslJson),
            "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ris => "application/x-research-info-systems",
            Self::Bibtex => "application/x-bibtex",
            Self::CslJson => "application/vnd.citationstyles.csl+json",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Ris => "ris",
            Self::Bibtex => "bib",
            Self::CslJson => "json",
            Self::Markdown => "md",
        }
    }

    /// What stands before the first hit.
    fn opening(self) -> Vec<u8> {
        match self {
            Self::Csv => csv_line(cite::COLUMNS),
            Self::CslJson => b"[".to_vec(),
            _ => Vec::new(),
        }
    }

    /// What stands behind the last hit.
    fn closing(self) -> &'static [u8] {
        if self == Self::CslJson { b"]\n" } else { b"" }
    }

    /// One hit.
    pub(super) fn entry(self, hit: &Hit, is_first: bool) -> Vec<u8> {
        match self {
            Self::JsonLines => {
                let mut line = serde_json::to_vec(hit).unwrap_or_default();
                line.push(b'\n');
                line
            }
            Self::Csv => csv_line(cite::cells(hit)),
            Self::Ris => cite::ris(hit).into_bytes(),
            Self::Bibtex => cite::bibtex(hit).into_bytes(),
            Self::CslJson => {
                let comma = if is_first { "\n" } else { ",\n" };
                format!("{comma}{}", cite::csl_json(hit).trim_end()).into_bytes()
            }
            Self::Markdown => line(&cite::markdown(hit)),
        }
    }
}

/// The citation as text, on a line of its own.
pub(super) fn plain_citation(hit: &Hit) -> Vec<u8> {
    line(&cite::text(hit))
}

fn line(text: &str) -> Vec<u8> {
    format!("{}\n", text.trim_end_matches('\n')).into_bytes()
}

fn csv_line<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

/// Packs what is sent, where the client takes it packed.
struct Packer(Option<GzEncoder<Vec<u8>>>);

impl Packer {
    fn new(gzip: bool) -> Self {
        // The lowest level: an export is as long as its client likes, and is made while others
        // search.
        Self(gzip.then(|| GzEncoder::new(Vec::new(), Compression::fast())))
    }

    /// What is to be sent of this and of what was held back.
    fn pack(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let Some(encoder) = &mut self.0 else { return bytes };
        // Writing to memory does not fail.
        let _ = encoder.write_all(&bytes);
        std::mem::take(encoder.get_mut())
    }

    /// What is to be sent of the last bytes, with all that was held back.
    fn finish(mut self, bytes: Vec<u8>) -> Vec<u8> {
        let mut packed = self.pack(bytes);
        packed.extend(self.0.and_then(|encoder| encoder.finish().ok()).unwrap_or_default());
        packed
    }
}

/// What the thread that searches hands over.
enum Part {
    Bytes(Vec<u8>),
    /// The search could not be made.
    Refused(Problem),
    /// It broke off in the middle: the client must see that the end is missing.
    Broken,
}

/// Answers with all hits of a search.
pub(super) async fn stream(
    site: &Site,
    head: &Head,
    request: SearchRequest,
    format: Format,
) -> Response {
    let tag = match site.revalidate(head).await {
        Ok(tag) => tag,
        Err(not_modified) => return not_modified,
    };
    let permit = match site.export_permit() {
        Ok(permit) => permit,
        Err(problem) => return pages::refuse(&problem, head),
    };
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let worker = site.clone();
    let gzip = head.accepts_gzip();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        write(&worker, &request, format, Packer::new(gzip), &sender);
    });
    // The first part tells whether there will be an answer.
    let first = match receiver.recv().await {
        Some(Part::Bytes(bytes)) => bytes,
        Some(Part::Refused(problem)) => return pages::refuse(&problem, head),
        Some(Part::Broken) | None => {
            let kind = super::problem::Kind::Fault;
            return pages::refuse(&Problem::new(kind, "the export broke off"), head);
        }
    };
    let body = Parts { first: Some(first), rest: receiver };
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let name = format!("attachment; filename=\"newshound.{}\"", format.extension());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    validators(headers, &tag);
    response
}

fn write(
    site: &Site,
    request: &SearchRequest,
    format: Format,
    mut packer: Packer,
    sender: &mpsc::Sender<Part>,
) {
    let deadline = Instant::now() + site.limits().export;
    let mut chunk = format.opening();
    let mut is_first = true;
    let mut is_cut = false;
    let outcome = site.archive().stream(request, &mut |hit| {
        chunk.extend(format.entry(&hit, is_first));
        is_first = false;
        if chunk.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        is_cut = Instant::now() > deadline;
        if is_cut {
            return ControlFlow::Break(());
        }
        let packed = packer.pack(std::mem::take(&mut chunk));
        // A client that has gone ends the search.
        if !packed.is_empty() && sender.blocking_send(Part::Bytes(packed)).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let last = match outcome {
        Ok(_) if is_cut => Part::Broken,
        Ok(_) => {
            chunk.extend_from_slice(format.closing());
            Part::Bytes(packer.finish(chunk))
        }
        Err(error) if is_first => Part::Refused(error.into()),
        Err(_) => Part::Broken,
    };
    // Nobody may be left to hear it.
    let _ = sender.blocking_send(last);
}

/// The parts as a body.
struct Parts {
    first: Option<Vec<u8>>,
    rest: mpsc::Receiver<Part>,
}

impl Stream for Parts {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first.into())));
        }
        self.rest.poll_recv(context).map(|part| {
            Some(match part? {
                Part::Bytes(bytes) => Ok(bytes.into()),
                Part::Refused(_) | Part::Broken => {
                    Err(io::Error::other("the export broke off"))
                }
            })
        })
    }
}
