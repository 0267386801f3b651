//! `search`.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::args::{Format, SearchArgs};
use super::context::Context;
use super::exit::Exit;
use super::export::{HitWriter, Style};
use super::failure::Failure;
use super::look::DIM;
use super::output::Output;
use super::{archive, batch, hits, indexing, json as json_text, last_search, record};
use crate::search::{
    Archive, DEFAULT_LIMIT, Hit, JSON_VERSION, QueryInfo, SearchError, SearchRequest,
    SearchResponse,
};
use crate::text::{counted, grouped};

/// `search [QUERY…]`.
pub(super) fn search(args: &SearchArgs, context: &mut Context) -> Result<Exit, Failure> {
    let format = if args.json { Format::Json } else { args.format };
    if args.batch.is_none() && args.query.is_empty() {
        return Err(Failure::new("there is nothing to search for").hint(
            "give a query, or a filter such as `--person NAME`; `*` finds every article",
        ));
    }
    if args.query.any && args.query.text().trim().is_empty() && args.batch.is_none() {
        return Err(Failure::new("--any has no words to search for").hint("give some"));
    }
    let request = args.ranking.apply(SearchRequest {
        limit: args.limit.unwrap_or(DEFAULT_LIMIT),
        offset: args.offset,
        facets: args.facets,
        context: args.context,
        explain: args.explain,
        ..args.query.request()?
    });
    let shows_snippets =
        matches!(format, Format::Text | Format::Json | Format::Jsonl | Format::Csv);
    // A run is compared with judgements of single articles.
    let request = SearchRequest {
        all_copies: request.all_copies || format == Format::Trec,
        snippets: shows_snippets,
        ..request
    };
    let location = archive::locate(&args.archive)?;
    if args.archive.root.is_some() {
        indexing::refresh_before_search(&location, args.reading, context)?;
    }
    let archive = Archive::open(&location)?;
    if let Some(file) = &args.batch {
        return batch::batch(args, format, file, &archive, &request, context);
    }
    let style = Style { format, id_field: args.id_field, query_id: None, look: context.look };
    let exit = answer(&archive, &request, style, context)?;
    if let Some(file) = &args.record {
        record::record(&archive, &request, file)?;
    }
    Ok(exit)
}

/// Asks the archive and writes the answer.
pub(super) fn answer(
    archive: &Archive,
    request: &SearchRequest,
    style: Style<'_>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let mistake = |error: SearchError| Failure::of_search(error, &request.text);
    if request.limit == 0 {
        return stream(archive, request, style, context);
    }
    let response = archive.search(request).map_err(mistake)?;
    tell(&response.query, request, context);
    let shown: Vec<_> = response.hits.iter().map(last_search::kept).collect();
    last_search::keep(archive.location(), request, &shown);
    if style.format == Format::Json {
        json_text::write(&response, context)?;
    } else {
        let mut writer = HitWriter::begin(style, &mut context.out)?;
        for hit in &response.hits {
            writer.hit(hit)?;
        }
        writer.end()?;
    }
    if style.format == Format::Text {
        close(&response, request, context)?;
    }
    Ok(Exit::found(!response.hits.is_empty()))
}

/// What follows the hits: how many there are in all, and how to see more.
fn close(
    response: &SearchResponse,
    request: &SearchRequest,
    context: &mut Context,
) -> Result<(), Failure> {
    let look = context.look;
    let found = found(response.total, request.all_copies);
    let first = request.offset as u64 + 1;
    let last = request.offset as u64 + response.hits.len() as u64;
    let mut text = if response.hits.is_empty() { String::new() } else { "\n".to_owned() };
    if let Some(facets) = &response.facets {
        let facets = hits::facets(facets, look);
        if !facets.is_empty() {
            let _ = writeln!(text, "{facets}");
        }
    }
    let time = look.paint(DIM, &format!("({:.1} ms)", response.took_ms));
    if response.hits.is_empty() && response.total == 0 {
        let _ = writeln!(text, "nothing found {time}");
    } else if response.hits.is_empty() {
        let _ = writeln!(text, "{found}; none after the first {} {time}", request.offset);
    } else if last < response.total {
        let more = format!("hits {first} to {last} of {found}");
        let hint = look.paint(DIM, &format!("more: --offset {last}"));
        let _ = writeln!(text, "{more}; {hint} {time}");
    } else if first > 1 {
        let _ = writeln!(text, "hits {first} to {last} of {found} {time}");
    } else {
        let _ = writeln!(text, "{found} {time}");
    }
    context.out.text(&text)
}

/// How much was found: with copies folded, a story counts once.
pub(super) fn found(total: u64, all_copies: bool) -> String {
    if all_copies {
        counted(total, "article", "articles")
    } else {
        counted(total, "story", "stories")
    }
}

/// Writes all hits, one by one.
fn stream(
    archive: &Archive,
    request: &SearchRequest,
    style: Style<'_>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let mistake = |error: SearchError| Failure::of_search(error, &request.text);
    // Counts and warnings come before the hits: they are asked for with the first one alone.
    let head =
        archive.search(&SearchRequest { limit: 1, ..request.clone() }).map_err(mistake)?;
    tell(&head.query, request, context);
    if style.format == Format::Json {
        open_document(&head, &mut context.out)?;
    }
    let mut shown = Vec::new();
    let mut trouble = None;
    let mut writer = HitWriter::begin(style, &mut context.out)?;
    let mut each = |hit: Hit| {
        if shown.len() < last_search::MOST_HITS {
            shown.push(last_search::kept(&hit));
        }
        match writer.hit(&hit) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                trouble = Some(failure);
                ControlFlow::Break(())
            }
        }
    };
    archive.stream(request, &mut each).map_err(mistake)?;
    if let Some(failure) = trouble {
        return Err(failure);
    }
    let count = writer.end()?;
    last_search::keep(archive.location(), request, &shown);
    match style.format {
        Format::Json => close_document(&head, &mut context.out)?,
        Format::Text => {
            let mut text = if count > 0 { "\n".to_owned() } else { String::new() };
            if let Some(facets) = &head.facets {
                let _ = writeln!(text, "{}", hits::facets(facets, context.look));
            }
            let found = found(head.total, request.all_copies);
            text.push_str(if count > 0 { &found } else { "nothing found" });
            context.out.text(&format!("{text}\n"))?;
        }
        _ => {}
    }
    Ok(Exit::found(count > 0))
}

/// The keys of the answer that stand before its hits.
fn open_document(head: &SearchResponse, out: &mut Output) -> Result<(), Failure> {
    out.text(&format!("{{\"version\":{JSON_VERSION},\"query\":"))?;
    json_text::value(&head.query, &mut *out)?;
    out.text(&format!(",\"total\":{},\"took_ms\":{},\"hits\":[", head.total, head.took_ms))
}

/// Those that stand after them.
fn close_document(head: &SearchResponse, out: &mut Output) -> Result<(), Failure> {
    out.text("\n]")?;
    if let Some(facets) = &head.facets {
        out.text(",\"facets\":")?;
        json_text::value(facets, &mut *out)?;
    }
    out.text("}\n")
}

/// What a person should know before the answer.
pub(super) fn tell(query: &QueryInfo, request: &SearchRequest, context: &Context) {
    for warning in &query.warnings {
        context.notes.warning(warning);
    }
    if says_more(query, request) {
        context.notes.note(&format!("interpreted as: {}", query.interpreted));
    }
}

/// Whether the query as understood tells something beside what was typed.
fn says_more(query: &QueryInfo, request: &SearchRequest) -> bool {
    let typed: Vec<&str> = request.text.split_whitespace().collect();
    let read: Vec<&str> = query.interpreted.split_whitespace().collect();
    if request.any || read.is_empty() || typed == read {
        return false;
    }
    // All articles were asked for by asking for nothing.
    if typed.is_empty() && read == ["*"] {
        return false;
    }
    // What the options asked for stands after what was typed.
    let has_filters = *request
        != SearchRequest {
            since: None,
            until: None,
            person: Vec::new(),
            org: Vec::new(),
            place: Vec::new(),
            source: Vec::new(),
            lang: Vec::new(),
            ..request.clone()
        };
    !(has_filters && read.starts_with(&typed))
}

/// How many hits of how many, for other commands that list hits.
pub(super) fn count_line(count: u64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "article" } else { "articles" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpretation_is_shown_where_it_says_more() {
        let check = |text: &str, person: &str, interpreted: &str, shown: bool| {
            let person = if person.is_empty() { Vec::new() } else { vec![person.to_owned()] };
            let request =
                SearchRequest { text: text.to_owned(), person, ..SearchRequest::default() };
            let query =
                QueryInfo { interpreted: interpreted.to_owned(), ..QueryInfo::default() };
            assert_eq!(says_more(&query, &request), shown, "{text}");
        };
        check("nuclear  test", "", "nuclear test", false);
        check("a OR b c", "", "(a OR b) c", true);
        check("talks", "kerry", "talks person:kerry", false);
        check("", "kerry", "person:kerry", false);
        check("", "", "*", false);
        check("tal) ks", "kerry", "tal ks person:kerry", true);
    }
}
