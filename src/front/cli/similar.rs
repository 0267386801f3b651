//! `similar`: articles like an article.

use super::args::{Format, IdField, SimilarArgs};
use super::context::Context;
use super::exit::Exit;
use super::export::{HitWriter, Style};
use super::failure::Failure;
use super::{json, last_search};
use crate::search::{JSON_VERSION, SearchRequest};

/// `similar ID`.
pub(super) fn similar(args: &SimilarArgs, context: &mut Context) -> Result<Exit, Failure> {
    let named = last_search::resolve(std::slice::from_ref(&args.article), &args.archive)?;
    let id = named.ids.first().map(String::as_str).unwrap_or_default();
    let hits = named.archive.similar(id, args.limit)?;
    let shown: Vec<_> = hits.iter().map(last_search::kept).collect();
    last_search::keep(named.archive.location(), &SearchRequest::default(), &shown);
    let format = if args.json { Format::Json } else { args.format };
    if format == Format::Json {
        let answer = serde_json::json!({ "version": JSON_VERSION, "id": id, "hits": hits });
        json::write(&answer, context)?;
    } else {
        let style = Style { format, id_field: IdField::Id, query_id: None, look: context.look };
        let mut writer = HitWriter::begin(style, &mut context.out)?;
        for hit in &hits {
            writer.hit(hit)?;
        }
        writer.end()?;
    }
    if hits.is_empty() {
        context.notes.note("no article is like it");
    }
    Ok(Exit::found(!hits.is_empty()))
}
