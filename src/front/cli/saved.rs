//! `saved`: searches kept under a name, beside the index.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::args::{Format, IdField, SavedArgs, SavedCommand};
use super::context::Context;
use super::exit::Exit;
use super::export::{HitWriter, Style};
use super::failure::Failure;
use super::look::{BOLD, visible};
use super::{archive, environment, json, last_search, search, user_file};
use crate::index::Location;
use crate::search::{
    Archive, DEFAULT_LIMIT, Hit, JSON_VERSION, SearchError, SearchRequest, SearchResponse,
};
use crate::text::grouped;

/// The file of saved searches: a table `[[search]]` each, fit to be edited by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    search: Vec<Saved>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Saved {
    name: String,
    #[serde(flatten)]
    request: SearchRequest,
}

/// `saved …`.
pub(super) fn saved(args: &SavedArgs, context: &mut Context) -> Result<Exit, Failure> {
    match &args.command {
        SavedCommand::Add { name, query, ranking, replace, archive } => {
            if query.is_empty() {
                return Err(Failure::new("there is nothing to search for")
                    .hint("give a query, or a filter such as `--person NAME`"));
            }
            let request = ranking.apply(query.request()?);
            add(&archive::locate(archive)?, name, request, *replace)
        }
        SavedCommand::List { json, archive } => {
            list(&archive::locate(archive)?, *json, context)
        }
        SavedCommand::Run { name, new, limit, format, json, archive } => {
            let format = if *json { Format::Json } else { *format };
            run(&archive::locate(archive)?, name, *new, *limit, format, context)
        }
        SavedCommand::Remove { name, archive } => remove(&archive::locate(archive)?, name),
    }
}

fn load(location: &Location) -> Result<Kept, Failure> {
    let file = location.saved_file();
    let Some(text) = user_file::read_if_there(&file)? else { return Ok(Kept::default()) };
    toml::from_str(&text).map_err(|error| {
        let problem = error.message();
        Failure::new(format!("`{}` cannot be read: {problem}", file.display()))
            .hint("it is a TOML file with a table [[search]] for each search")
    })
}

fn store(location: &Location, kept: &Kept) -> Result<(), Failure> {
    // Only what was asked for is written: the rest are defaults.
    let plain = toml::Table::try_from(SearchRequest::default()).unwrap_or_default();
    let mut tables = Vec::new();
    for saved in &kept.search {
        let table = toml::Table::try_from(saved)
            .map_err(|error| Failure::new(format!("the search cannot be kept: {error}")))?;
        let told = table.into_iter().filter(|(key, value)| plain.get(key) != Some(value));
        tables.push(toml::Value::Table(told.collect()));
    }
    let mut whole = toml::Table::new();
    whole.insert("search".to_owned(), toml::Value::Array(tables));
    let text = toml::to_string_pretty(&whole)
        .map_err(|error| Failure::new(format!("the searches cannot be kept: {error}")))?;
    user_file::write(&location.saved_file(), &text)
}

fn add(
    location: &Location,
    name: &str,
    request: SearchRequest,
    replace: bool,
) -> Result<Exit, Failure> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Failure::new("a saved search needs a name of visible characters"));
    }
    if !request.text.trim().is_empty() && !request.any {
        let parsed = crate::query::parse(&request.text);
        parsed.map_err(|error| Failure::of_search(SearchError::Query(error), &request.text))?;
    }
    let mut kept = load(location)?;
    let saved = Saved { name: name.to_owned(), request };
    match kept.search.iter_mut().find(|known| known.name == name) {
        Some(known) if replace => {
            *known = saved;
            forget_seen(location, name);
        }
        Some(_) => {
            return Err(Failure::new(format!("there is a saved search `{name}` already"))
                .hint("--replace replaces it"));
        }
        None => kept.search.push(saved),
    }
    store(location, &kept)?;
    Ok(Exit::Found)
}

fn remove(location: &Location, name: &str) -> Result<Exit, Failure> {
    let mut kept = load(location)?;
    let before = kept.search.len();
    kept.search.retain(|saved| saved.name != name);
    if kept.search.len() == before {
        return Err(unknown(name, &kept));
    }
    store(location, &kept)?;
    forget_seen(location, name);
    Ok(Exit::Found)
}

fn list(location: &Location, as_json: bool, context: &mut Context) -> Result<Exit, Failure> {
    let kept = load(location)?;
    if as_json {
        json::write(&serde_json::json!({ "version": 1, "searches": kept.search }), context)?;
        return Ok(Exit::found(!kept.search.is_empty()));
    }
    for saved in &kept.search {
        let name = context.look.paint(BOLD, &visible(&saved.name));
        context.out.text(&format!("{name}  {}\n", visible(&in_words(&saved.request))))?;
    }
    if kept.search.is_empty() {
        context.notes.note("no searches are saved; `newshound saved add NAME QUERY` saves one");
    }
    Ok(Exit::found(!kept.search.is_empty()))
}

/// A request as it would be typed.
fn in_words(request: &SearchRequest) -> String {
    let mut words = Vec::new();
    if !request.text.is_empty() {
        words.push(request.text.clone());
    }
    let flags = [
        (request.any, "--any"),
        (request.all_copies, "--all-copies"),
        (request.expand, "--expand"),
    ];
    words
        .extend(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| (*flag).to_owned()));
    words.extend(request.since.map(|date| format!("--since {date}")));
    words.extend(request.until.map(|date| format!("--until {date}")));
    for (option, names) in [
        ("--person", &request.person),
        ("--org", &request.org),
        ("--place", &request.place),
        ("--source", &request.source),
        ("--lang", &request.lang),
    ] {
        words.extend(names.iter().map(|name| format!("{option} \"{name}\"")));
    }
    words.join(" ")
}

fn unknown(name: &str, kept: &Kept) -> Failure {
    let failure = Failure::new(format!("there is no saved search `{name}`"));
    if kept.search.is_empty() {
        return failure.hint("`newshound saved add NAME QUERY` saves one");
    }
    let names: Vec<&str> = kept.search.iter().map(|saved| saved.name.as_str()).collect();
    failure.hint(format!("saved are: {}", names.join(", ")))
}

fn run(
    location: &Location,
    name: &str,
    only_new: bool,
    limit: Option<usize>,
    format: Format,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let kept = load(location)?;
    let Some(saved) = kept.search.iter().find(|saved| saved.name == name) else {
        return Err(unknown(name, &kept));
    };
    let archive = Archive::open(location)?;
    let request = SearchRequest {
        limit: limit.unwrap_or(if only_new { 0 } else { DEFAULT_LIMIT }),
        today: saved.request.recency.map(|_| environment::today()),
        ..saved.request.clone()
    };
    let style = Style { format, id_field: IdField::Id, query_id: None, look: context.look };
    if !only_new {
        return search::answer(&archive, &request, style, context);
    }
    run_new(&archive, name, &request, style, context)
}

/// Shows what came since the last run, and remembers as seen what was shown then or now. Hits
/// beyond the limit are new the next time as well; so is what is found no longer and comes back.
fn run_new(
    archive: &Archive,
    name: &str,
    request: &SearchRequest,
    style: Style<'_>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let location = archive.location();
    let seen = load_seen(location, name)?;
    let mut now_seen = BTreeSet::new();
    let mut new: Vec<Hit> = Vec::new();
    let mut total = 0;
    let all = SearchRequest { limit: 0, offset: 0, ..request.clone() };
    let most = if request.limit == 0 { usize::MAX } else { request.limit };
    let query = archive
        .stream(&all, &mut |mut hit| {
            let copies = hit.copies.iter().map(|copy| copy.id.clone());
            let ids: Vec<String> = std::iter::once(hit.id.clone()).chain(copies).collect();
            // A story is new if any copy of it is: which one stands for the others may change.
            if ids.iter().all(|id| seen.contains(id)) {
                now_seen.extend(ids);
                return ControlFlow::Continue(());
            }
            total += 1;
            if new.len() < most {
                now_seen.extend(ids);
                hit.rank = total;
                new.push(hit);
            } else {
                now_seen.extend(ids.into_iter().filter(|id| seen.contains(id)));
            }
            ControlFlow::Continue(())
        })
        .map_err(|error| Failure::of_search(error, &request.text))?;
    if query.relaxed {
        // Articles with some of the words are of use to who looks for them, but no news.
        (total, new, now_seen) = (0, Vec::new(), BTreeSet::new());
    } else if total > 0 || style.format == Format::Json {
        search::tell(&query, request, context);
    }
    let more = total.saturating_sub(new.len() as u64);
    let shown: Vec<_> = new.iter().map(last_search::kept).collect();
    if total > 0 {
        last_search::keep(location, request, &shown);
    }
    if style.format == Format::Json {
        let version = JSON_VERSION;
        let response =
            SearchResponse { version, query, total, took_ms: 0.0, hits: new, facets: None };
        json::write(&response, context)?;
    } else if total > 0 {
        let mut writer = HitWriter::begin(style, &mut context.out)?;
        for hit in &new {
            writer.hit(hit)?;
        }
        writer.end()?;
    }
    if more > 0 {
        let more = match more {
            1 => "1 more is new: the next run shows it".to_owned(),
            more => format!("{} more are new: the next run shows them", grouped(more)),
        };
        context.notes.note(&more);
    }
    // Only what was really shown counts as seen.
    context.out.flush()?;
    store_seen(location, name, &now_seen)?;
    Ok(Exit::found(total > 0))
}

/// The file of what a search has found so far: one identifier per line.
fn seen_file(location: &Location, name: &str) -> PathBuf {
    let key = blake3::hash(name.as_bytes()).to_hex();
    let key: String = key.chars().take(16).collect();
    location.folder.join("saved-searches.seen").join(key)
}

fn load_seen(location: &Location, name: &str) -> Result<BTreeSet<String>, Failure> {
    let text = user_file::read_if_there(&seen_file(location, name))?.unwrap_or_default();
    Ok(text.lines().map(str::to_owned).collect())
}

fn store_seen(location: &Location, name: &str, ids: &BTreeSet<String>) -> Result<(), Failure> {
    let mut text = String::new();
    for id in ids {
        text.push_str(id);
        text.push('\n');
    }
    user_file::write(&seen_file(location, name), &text)
}

fn forget_seen(location: &Location, name: &str) {
    // There may be none.
    let _ = std::fs::remove_file(seen_file(location, name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_what_was_asked_for_and_no_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path(), None);
        let request = SearchRequest {
            text: "\"nuclear test\" -iran".to_owned(),
            person: vec!["John Kerry".to_owned()],
            since: "2013-02".parse().ok(),
            ..SearchRequest::default()
        };
        add(&location, "korea", request.clone(), false).unwrap();
        let text = user_file::read(&location.saved_file()).unwrap();
        insta::assert_snapshot!(text, @r#"
        [[search]]
        name = "korea"
        person = ["John Kerry"]
        q = '"nuclear test" -iran'
        since = "2013-02"
        "#);
        assert_eq!(load(&location).unwrap().search[0].request, request);
        assert_eq!(
            in_words(&request),
            r#""nuclear test" -iran --since 2013-02 --person "John Kerry""#
        );

        assert!(add(&location, "korea", request.clone(), false).is_err());
        add(&location, "korea", SearchRequest { any: true, ..request }, true).unwrap();
        assert!(load(&location).unwrap().search[0].request.any);
        remove(&location, "korea").unwrap();
        assert!(remove(&location, "korea").is_err());
    }
}
