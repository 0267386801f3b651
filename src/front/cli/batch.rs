//! `search --batch`: many searches in one process.

use std::io::{BufRead as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use super::args::{Format, SearchArgs};
use super::context::Context;
use super::exit::Exit;
use super::export::{HitWriter, Style};
use super::failure::Failure;
use super::look::{BOLD, visible};
use super::{json as json_text, search, user_file};
use crate::front::cite;
use crate::search::{Archive, SearchError, SearchRequest, SearchResponse};

/// Hits of each search of a run where the user does not say: what TREC's tracks ask for.
const RUN_LENGTH: usize = 1000;

struct Line {
    id: String,
    query: String,
}

/// Answers the searches of a file, in its order.
pub(super) fn batch(
    args: &SearchArgs,
    format: Format,
    file: &Path,
    archive: &Archive,
    shared: &SearchRequest,
    context: &mut Context,
) -> Result<Exit, Failure> {
    if matches!(format, Format::Ris | Format::Bibtex | Format::CslJson | Format::Markdown) {
        return Err(Failure::new("--batch cannot be written in this format")
            .hint("choose text, json, jsonl, csv or trec"));
    }
    let lines = read(file)?;
    let limit = match (args.limit, format) {
        (Some(limit), _) => limit,
        (None, Format::Trec) => RUN_LENGTH,
        (None, _) => shared.limit,
    };
    if format == Format::Csv {
        let columns: Vec<&str> = ["query_id"].into_iter().chain(cite::COLUMNS).collect();
        context.out.text(&format!("{}\n", columns.join(",")))?;
    }
    let answers = Answers::new(lines.len());
    let next = AtomicUsize::new(0);
    let threads = args
        .reading
        .threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZero::get)
        .min(lines.len().max(1));
    let mut any = false;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !answers.is_abandoned() {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(line) = lines.get(at) else { break };
                    answers.wait_for_room(at);
                    let text = line.query.clone();
                    let request = SearchRequest { text, limit, ..shared.clone() };
                    answers.put(at, archive.search(&request));
                }
            });
        }
        for (at, line) in lines.iter().enumerate() {
            let outcome = answers
                .take(at)
                .map_err(|error| Failure::of_search(error, &line.query))
                .and_then(|response| {
                    any |= !response.hits.is_empty();
                    write(line, &response, args, format, context)
                });
            match outcome {
                Ok(()) => {}
                // One bad query of many is told, and the others are answered.
                Err(Failure::Told(trouble)) if !trouble.message.contains("standard output") => {
                    let message = format!("query {}: {}", line.id, trouble.message);
                    context.notes.warning(&message);
                }
                Err(failure) => {
                    answers.abandon();
                    return Err(failure);
                }
            }
        }
        Ok(())
    })?;
    Ok(Exit::found(any))
}

fn read(file: &Path) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for (number, line) in user_file::lines(Some(file))?.lines().enumerate() {
        let line = line.map_err(|error| user_file::failed(Some(file), &error))?;
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        if line.trim().is_empty() {
            continue;
        }
        let Some((id, query)) = line.split_once('\t') else {
            return Err(Failure::new(format!("line {} holds no tab", number + 1))
                .hint("each line is the search's identifier, a tab, and the query"));
        };
        let id = id.trim().chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
        lines.push(Line { id, query: query.trim().to_owned() });
    }
    Ok(lines)
}

fn write(
    line: &Line,
    response: &SearchResponse,
    args: &SearchArgs,
    format: Format,
    context: &mut Context,
) -> Result<(), Failure> {
    if format == Format::Json {
        let answer = json!({ "query_id": line.id, "response": response });
        return json_text::line(&answer, &mut context.out);
    }
    let request =
        SearchRequest { text: line.query.clone(), any: args.query.any, ..Default::default() };
    if format == Format::Text {
        search::tell(&response.query, &request, context);
        let heading = format!("{}  {}", line.id, line.query);
        let heading = context.look.paint(BOLD, &visible(&heading));
        writeln!(context.out, "{heading}\n")?;
    }
    let style =
        Style { format, id_field: args.id_field, query_id: Some(&line.id), look: context.look };
    let mut writer = HitWriter::resume(style, &mut context.out);
    for hit in &response.hits {
        writer.hit(hit)?;
    }
    writer.end()?;
    if format == Format::Text {
        let count = search::count_line(response.total);
        writeln!(context.out, "\n{count}\n")?;
    }
    Ok(())
}

type Answer = Result<SearchResponse, SearchError>;

/// Answers that wait to be written in the order of the questions.
struct Answers {
    waiting: Mutex<Waiting>,
    changed: std::sync::Condvar,
}

struct Waiting {
    answers: Vec<Option<Answer>>,
    written: usize,
    is_abandoned: bool,
}

/// Answers that wait for their turn at the most, so that memory does not grow with the file.
const AHEAD: usize = 64;

impl Answers {
    fn new(count: usize) -> Self {
        let answers = (0..count).map(|_| None).collect();
        let waiting = Waiting { answers, written: 0, is_abandoned: false };
        Self { waiting: Mutex::new(waiting), changed: std::sync::Condvar::new() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn wait_for_room(&self, at: usize) {
        let is_far = |waiting: &mut Waiting| {
            at >= waiting.written.saturating_add(AHEAD) && !waiting.is_abandoned
        };
        drop(self.changed.wait_while(self.lock(), is_far));
    }

    fn put(&self, at: usize, answer: Answer) {
        if let Some(place) = self.lock().answers.get_mut(at) {
            *place = Some(answer);
        }
        self.changed.notify_all();
    }

    fn take(&self, at: usize) -> Answer {
        let mut waiting = self.lock();
        loop {
            if let Some(answer) = waiting.answers.get_mut(at).and_then(Option::take) {
                waiting.written = at + 1;
                self.changed.notify_all();
                return answer;
            }
            waiting = match self.changed.wait(waiting) {
                Ok(waiting) => waiting,
                Err(poisoned) => poisoned.into_inner(),
            };
        }
    }

    fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.changed.notify_all();
    }

    fn is_abandoned(&self) -> bool {
        self.lock().is_abandoned
    }
}
