//! `check`: whether the index is sound.

use std::ops::ControlFlow;

use serde_json::json;

use super::args::{CheckArgs, ReadingArgs};
use super::context::Context;
use super::exit::Exit;
use super::failure::{Failure, with_causes};
use super::{archive, indexing, json as json_text};
use crate::index::{Index, IndexError, Location};
use crate::ingest::IngestError;
use crate::search::{Archive, SearchRequest};
use crate::text::counted;

/// `check`.
pub(super) fn check(args: &CheckArgs, context: &mut Context) -> Result<Exit, Failure> {
    let location = archive::locate(&args.archive)?;
    let problems = problems(&location)?;
    let is_repaired = args.repair && !problems.is_empty();
    if args.json {
        let repaired = is_repaired;
        let sound = problems.is_empty();
        let answer =
            json!({ "version": 1, "sound": sound, "problems": problems, "repaired": repaired });
        json_text::write(&answer, context)?;
    } else {
        for problem in &problems {
            context.notes.warning(problem);
        }
    }
    if problems.is_empty() {
        if !args.json {
            let index = Index::open(&location)?;
            let articles = counted(index.articles()?, "article", "articles");
            context.out.text(&format!("the index is sound: {articles}\n"))?;
        }
        return Ok(Exit::Found);
    }
    if !args.repair {
        return Err(Failure::new("the index is not sound")
            .hint("`newshound check --repair` rebuilds it from the archive"));
    }
    // Its root is known by the index, if by nobody else; then nothing of the old index is used.
    let location = match Index::open(&location) {
        Ok(index) => index.location().clone(),
        Err(_) => location,
    };
    if location.root.is_none() {
        return Err(IngestError::NoRoot.into());
    }
    Index::recreate(&location)?;
    let options = indexing::options(location, ReadingArgs::default(), true);
    let report = indexing::refresh(&options)?;
    if report.stopped {
        return Err(Failure::new("stopped before the end").hint("repair it again"));
    }
    if !args.json {
        context.out.text(&format!("rebuilt: {}\n", indexing::summary(&report)))?;
    }
    Ok(Exit::Found)
}

/// What is wrong with the index: it cannot be opened, a file is not as it was written, an article
/// cannot be read, or the record of what was read disagrees with the articles.
fn problems(location: &Location) -> Result<Vec<String>, Failure> {
    let index = match Index::open(location) {
        Ok(index) => index,
        Err(error @ (IndexError::Missing(_) | IndexError::Io { .. })) => {
            return Err(error.into());
        }
        Err(error) => return Ok(vec![with_causes(&error)]),
    };
    let mut problems = Vec::new();
    let articles = index.articles()?;
    match index.record() {
        Ok(record) => {
            let recorded: u64 =
                record.files().map(|(_, facts)| u64::from(facts.articles)).sum();
            if recorded != articles {
                problems.push(format!(
                    "the record counts {recorded} articles, the index holds {articles}"
                ));
            }
        }
        Err(error) => problems.push(with_causes(&error)),
    }
    match index.damaged_files() {
        Ok(files) => problems.extend(files.iter().map(|file| format!("{file} is damaged"))),
        Err(error) => problems.push(with_causes(&error)),
    }
    if Archive::tables_are_damaged(location).is_ok_and(|damaged| damaged) {
        problems.push("the tables of names and copies are damaged".to_owned());
    }
    let everything = SearchRequest {
        text: "*".to_owned(),
        limit: 0,
        all_copies: true,
        ..Default::default()
    };
    let mut readable = 0_u64;
    let read = Archive::open(location).and_then(|archive| {
        archive.stream(&everything, &mut |_| {
            readable += 1;
            ControlFlow::Continue(())
        })
    });
    match read {
        Ok(_) if readable == articles => {}
        Ok(_) => problems.push(format!("{readable} of {articles} articles can be found")),
        Err(error) => problems.push(with_causes(&error)),
    }
    Ok(problems)
}
