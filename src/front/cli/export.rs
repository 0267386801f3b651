//! Hits in every format: written one by one, so that their number has no limit.

use std::io::Write;

use serde_json::json;

use super::args::{Format, IdField};
use super::failure::Failure;
use super::look::Look;
use super::{hits, json as json_text};
use crate::front::cite;
use crate::search::Hit;

/// What hits are written with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'a> {
    /// The format.
    pub(super) format: Format,
    /// What a run calls an article.
    pub(super) id_field: IdField,
    /// The search's identifier in a batch.
    pub(super) query_id: Option<&'a str>,
    /// How text looks.
    pub(super) look: Look,
}

/// Writes hits in one format, none of them kept.
pub(super) struct HitWriter<'a, W> {
    style: Style<'a>,
    out: W,
    written: u64,
    /// The score on the last line of a run.
    last_score: f32,
}

impl<'a, W: Write> HitWriter<'a, W> {
    /// Writes what comes before the first hit.
    pub(super) fn begin(style: Style<'a>, mut out: W) -> Result<Self, Failure> {
        match style.format {
            Format::Csv => csv_line(&cite::COLUMNS, None, &mut out)?,
            Format::CslJson => out.write_all(b"[")?,
            _ => {}
        }
        Ok(Self::resume(style, out))
    }

    /// Begins the hits of another search of a batch, after the headings of the first.
    pub(super) fn resume(style: Style<'a>, out: W) -> Self {
        Self { style, out, written: 0, last_score: f32::INFINITY }
    }

    /// Writes one hit.
    pub(super) fn hit(&mut self, hit: &Hit) -> Result<(), Failure> {
        let Self { style, out, written, last_score } = self;
        match style.format {
            Format::Text => {
                let gap = if *written > 0 { "\n" } else { "" };
                write!(out, "{gap}{}", hits::hit(hit, style.look))?;
            }
            // Items of a list; the document around it is written by whoever has the answer.
            Format::Json => {
                out.write_all(if *written > 0 { b",\n" } else { b"\n" })?;
                json_text::value(hit, out)?;
            }
            Format::Jsonl => match style.query_id {
                None => json_text::line(hit, out)?,
                Some(id) => json_text::line(&json!({ "query_id": id, "hit": hit }), out)?,
            },
            Format::Csv => csv_line(&cite::cells(hit), style.query_id, out)?,
            Format::Ris => out.write_all(cite::ris(hit).as_bytes())?,
            Format::Bibtex => out.write_all(cite::bibtex(hit).as_bytes())?,
            Format::CslJson => {
                let comma = if *written > 0 { "," } else { "" };
                write!(out, "{comma}\n{}", cite::csl_json(hit))?;
            }
            Format::Markdown => out.write_all(cite::markdown(hit).as_bytes())?,
            Format::Trec => {
                let query = style.query_id.unwrap_or("1");
                let id = run_id(hit, style.id_field);
                // Evaluation orders by score alone: it must say what the rank says.
                *last_score = hit.score.min(last_score.next_down());
                writeln!(out, "{query} Q0 {id} {} {last_score} newshound", hit.rank)?;
            }
        }
        *written += 1;
        Ok(())
    }

    /// Writes what comes after the last hit; how many there were.
    pub(super) fn end(mut self) -> Result<u64, Failure> {
        if self.style.format == Format::CslJson {
            self.out.write_all(if self.written > 0 { b"\n]\n" } else { b"]\n" })?;
        }
        Ok(self.written)
    }
}

fn csv_line<S: AsRef<str>>(
    cells: &[S],
    query_id: Option<&str>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let all = query_id.into_iter().chain(cells.iter().map(AsRef::as_ref));
    let written = writer.write_record(all.map(str::as_bytes));
    match (written, writer.into_inner()) {
        (Ok(()), Ok(line)) => Ok(out.write_all(&line)?),
        _ => Err(Failure::new("a line of the table could not be made")),
    }
}

/// The name of an article in a run, without white space, which separates the columns there.
fn run_id(hit: &Hit, field: IdField) -> String {
    let name = match field {
        IdField::Id => hit.id.clone(),
        IdField::Path => {
            let path = without_extension(&hit.path);
            match &hit.member {
                Some(member) => format!("{path}#{member}"),
                None => path.to_owned(),
            }
        }
    };
    name.chars().map(|c| if c.is_whitespace() || c.is_control() { '_' } else { c }).collect()
}

/// `asia/talks` for `asia/talks.txt`: without what follows the last dot of the file's name.
fn without_extension(path: &str) -> &str {
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.rfind('.') {
        Some(dot) if dot > name_start => path.get(..dot).unwrap_or(path),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_extension_and_nothing_else() {
        for (path, name) in [
            ("asia/talks.txt", "asia/talks"),
            ("v1.2/talks", "v1.2/talks"),
            ("page.html.gz", "page.html"),
            (".hidden", ".hidden"),
            ("Ü.txt", "Ü"),
        ] {
            assert_eq!(without_extension(path), name);
        }
    }
}
