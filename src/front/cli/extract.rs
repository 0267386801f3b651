//! `extract`: how files are read.

use super::args::ExtractArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::{Failure, with_causes};
use super::{environment, json};
use crate::corpus::{CorpusError, Limits, Reader};
use crate::format::{self, NotRead};
use crate::ingest::{self, FileReader};

/// `extract FILE…`.
pub(super) fn extract(args: &ExtractArgs, context: &mut Context) -> Result<Exit, Failure> {
    let limits = match args.max_file_size {
        Some(bytes) => Limits { bytes },
        None => Limits::default(),
    };
    let latest = ingest::latest_date(environment::now());
    let mut reader = Reader::new(limits);
    let mut failure = None;
    for file in &args.files {
        let name = file.to_string_lossy();
        match FileReader::extract(&mut reader, file, &name, latest) {
            Ok(extracted) => {
                for line in &extracted.lines {
                    json::line(line, &mut context.out)?;
                }
            }
            Err(error) => {
                // Every file gives a line, whatever is wrong with it.
                json::line(&unread(&name, &error), &mut context.out)?;
                if matches!(error, CorpusError::Missing(_) | CorpusError::Unreadable { .. }) {
                    failure = Some(error);
                }
            }
        }
    }
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(Exit::Found),
    }
}

/// The line of a file whose bytes could not be had.
fn unread(name: &str, error: &CorpusError) -> serde_json::Value {
    let mut lines = format::extract_line(name, None, &Err(NotRead::Empty), &[]);
    let mut line = lines.pop().unwrap_or_default();
    if let Some(problems) = line.get_mut("problems") {
        *problems = serde_json::json!([with_causes(error)]);
    }
    line
}
