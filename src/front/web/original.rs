//! The file that an article was read from, as it is.
#![expect(
    clippy::disallowed_methods,
    reason = "the original is handed on byte by byte, never read as an article"
)]

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_core::Stream;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::mpsc;

use super::pages;
use super::problem::{Kind, Problem};
use super::site::{Head, Site};
use crate::search::{Archive, OriginalFile};

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// Chunks read ahead of the client.
const AHEAD: usize = 2;

/// Sends the file of an article, to be saved, never to be shown.
pub(super) async fn download(site: &Site, head: &Head, id: String) -> Response {
    let permit = match site.export_permit() {
        Ok(permit) => permit,
        Err(problem) => return pages::refuse(&problem, head),
    };
    let (original, file) = match site.work(move |archive| open(archive, &id)).await {
        Ok(found) => found,
        Err(problem) => return pages::refuse(&problem, head),
    };
    let length = file.metadata().map(|metadata| metadata.len()).ok();
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        send(file, length, &sender);
    });
    let mut response = Response::new(Body::from_stream(Chunks(receiver)));
    let headers = response.headers_mut();
    let bytes = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, bytes);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(name) = HeaderValue::from_str(&disposition(&original.relative)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// Opens the file, if it is an ordinary one and lies in the archive's folder, also when every
/// symbolic link on its path is followed.
fn open(archive: &Archive, id: &str) -> Result<(OriginalFile, File), Problem> {
    let original = archive.original(id)?;
    let gone = || {
        let detail = format!("`{}` cannot be read any more", original.relative);
        Problem::new(Kind::NoSuchArticle, detail).hint("refresh the index")
    };
    let depth = Path::new(&original.relative).components().count();
    let root = original.path.ancestors().nth(depth).ok_or_else(gone)?;
    let real = original.path.canonicalize().map_err(|_| gone())?;
    let real_root = root.canonicalize().map_err(|_| gone())?;
    if !real.starts_with(&real_root) || !real.is_file() {
        return Err(gone());
    }
    let file = File::open(&real).map_err(|_| gone())?;
    Ok((original, file))
}

fn send(file: File, length: Option<u64>, sender: &mpsc::Sender<io::Result<Bytes>>) {
    // The header has promised so many bytes, even where the file grows meanwhile.
    let mut source = file.take(length.unwrap_or(u64::MAX));
    let mut buffer = vec![0; CHUNK];
    loop {
        let part = match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => Ok(Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default())),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_end = part.is_err();
        if sender.blocking_send(part).is_err() || is_end {
            return;
        }
    }
}

/// The `Content-Disposition` of a download (RFC 6266), safe for any name.
fn disposition(relative: &str) -> String {
    let name = relative.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

struct Chunks(mpsc::Receiver<io::Result<Bytes>>);

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("a/b\"; x=\"\r\né.html"),
            "attachment; filename=\"b__ x_____.html\"; \
             filename*=UTF-8''b%22%3B%20x%3D%22%0D%0A%C3%A9%2Ehtml"
        );
    }
}
