//! `person`: what the archive knows of somebody, and the user's corrections of who is who.

use super::args::PersonArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::look::{BAR, BOLD, DIM, Look, capitalised, fit, visible};
use super::names::span;
use super::timeline::bar;
use super::{archive, hits, json, last_search, user_file};
use crate::entity::EntityKind;
use crate::entity::people_file::{PeopleFile, PeopleFileError, Ruling};
use crate::index::Location;
use crate::search::{FacetCount, Profile, SearchError, SearchRequest};
use crate::text::counted;
use std::fmt::Write as _;

/// Roles shown at the most.
const MOST_ROLES: usize = 8;
/// Companions of each kind shown at the most.
const MOST_COMPANIONS: usize = 8;
/// Forms of the name shown at the most.
const MOST_FORMS: usize = 12;
/// Columns of the longest bar.
const BAR_COLUMNS: usize = 40;

/// `person NAME`, or a correction.
pub(super) fn person(args: &PersonArgs, context: &mut Context) -> Result<Exit, Failure> {
    let name = args.name.join(" ");
    let kind = EntityKind::from(args.kind);
    if let Some(ruling) = ruling(args, &bearer(args, kind, &name, context)) {
        let location = archive::locate(&args.archive)?;
        for other in args.merge.iter().filter(|other| !is_named(args, kind, other)) {
            context.notes.warning(&format!("no article names `{other}` so far"));
        }
        correct(&location, kind, &ruling)?;
        let file = location.people_file();
        context.notes.note(&format!("noted in {}", file.display()));
        return Ok(Exit::Found);
    }
    let archive = archive::open(&args.archive)?;
    let profile = archive.profile(kind, &name)?;
    for warning in &profile.warnings {
        context.notes.warning(warning);
    }
    let shown: Vec<_> = profile.hits.iter().take(args.limit).map(last_search::kept).collect();
    let names = vec![profile.name.clone()];
    let request = match kind {
        EntityKind::Person => SearchRequest { person: names, ..SearchRequest::default() },
        EntityKind::Organisation => SearchRequest { org: names, ..SearchRequest::default() },
        EntityKind::Place => SearchRequest { place: names, ..SearchRequest::default() },
    };
    last_search::keep(archive.location(), &request, &shown);
    if args.json {
        json::write(&profile, context)?;
    } else {
        let text = describe(&profile, args.limit, context.look);
        context.out.text(&text)?;
    }
    Ok(Exit::found(profile.articles > 0))
}

/// The name under which a correction is noted: a surname typed alone means its best-known bearer,
/// as everywhere, and not what articles say without a given name.
fn bearer(args: &PersonArgs, kind: EntityKind, name: &str, context: &Context) -> String {
    let corrected = !args.merge.is_empty() || args.rename.is_some() || args.ban;
    let alone = corrected && kind == EntityKind::Person && !name.trim().contains(' ');
    let known = alone
        .then(|| archive::open(&args.archive).ok()?.profile(kind, name).ok())
        .flatten()
        .filter(|profile| profile.articles > 0 && profile.name != name);
    let Some(profile) = known else { return name.to_owned() };
    context.notes.note(&format!("`{name}` is taken for {}", profile.name));
    profile.name
}

/// Whether some article has a name, or a form of it.
fn is_named(args: &PersonArgs, kind: EntityKind, name: &str) -> bool {
    let Ok(archive) = archive::open(&args.archive) else { return true };
    match archive.profile(kind, name) {
        Ok(profile) => profile.articles > 0,
        Err(error) => !matches!(error, SearchError::NoSuchEntity { .. }),
    }
}

/// The correction that the options ask for.
fn ruling(args: &PersonArgs, name: &str) -> Option<Ruling> {
    let name = name.to_owned();
    if !args.merge.is_empty() {
        return Some(Ruling::Merge { name, forms: args.merge.clone() });
    }
    if let Some(to) = &args.rename {
        return Some(Ruling::Rename { name, to: to.clone() });
    }
    if let Some(to) = &args.split {
        return Some(Ruling::Split { name, to: Some(to.clone()).filter(|to| !to.is_empty()) });
    }
    args.ban.then_some(Ruling::Ban { name })
}

/// Adds a correction to the end of `people.toml`; what stands there stays as it is.
fn correct(location: &Location, kind: EntityKind, ruling: &Ruling) -> Result<(), Failure> {
    let file = location.people_file();
    let wrong = |error: PeopleFileError| {
        Failure::new(format!("`{}`: {error}", file.display()))
            .hint("correct the file by hand; nothing was changed")
    };
    let text = user_file::read_if_there(&file)?.unwrap_or_default();
    PeopleFile::parse(&text).map_err(wrong)?;
    let longer = PeopleFile::append(&text, kind, ruling);
    PeopleFile::parse(&longer).map_err(wrong)?;
    user_file::write(&file, &longer)
}

fn describe(profile: &Profile, limit: usize, look: Look) -> String {
    let name = look.paint(BOLD, &visible(&profile.name));
    let mut out = format!("{name}  {}\n", counted(profile.articles, "article", "articles"));
    let forms: Vec<String> = profile
        .forms
        .iter()
        .filter(|form| form.value != profile.name)
        .take(MOST_FORMS)
        .map(|form| {
            format!("{} {}", visible(&form.value), look.paint(DIM, &form.count.to_string()))
        })
        .collect();
    if !forms.is_empty() {
        out.push_str(&look.lines("also  ", "      ", &forms.join(" · ")));
    }
    if !profile.roles.is_empty() {
        let _ = writeln!(out, "\n{}", look.paint(BOLD, "Roles"));
        for role in profile.roles.iter().take(MOST_ROLES) {
            let span = role.span.map(span).unwrap_or_default();
            let count = counted(role.articles, "article", "articles");
            let details = look.paint(DIM, format!("{count}  {span}").trim_end());
            let _ = writeln!(out, "  {}  {details}", visible(&role.role));
        }
    }
    if !profile.years.is_empty() {
        let _ = writeln!(out, "\n{}", look.paint(BOLD, "Articles per year"));
        out.push_str(&years(&profile.years, look));
    }
    for kind in EntityKind::ALL {
        let names: Vec<String> = profile
            .companions
            .iter()
            .filter(|companion| companion.kind == kind)
            .take(MOST_COMPANIONS)
            .map(|companion| {
                let count = look.paint(DIM, &companion.articles.to_string());
                format!("{} {count}", visible(&companion.name))
            })
            .collect();
        if !names.is_empty() {
            let heading = match kind {
                EntityKind::Person => "with people".to_owned(),
                kind => format!("with {}s", kind.name()),
            };
            let _ = writeln!(out, "\n{}", look.paint(BOLD, &capitalised(&heading)));
            out.push_str(&look.lines("  ", "  ", &names.join(" · ")));
        }
    }
    if limit > 0 && !profile.hits.is_empty() {
        let _ = writeln!(out, "\n{}", look.paint(BOLD, "Most about it"));
        let shown = profile.hits.iter().take(limit).map(|hit| hits::hit(hit, look));
        out.push_str(&shown.collect::<Vec<_>>().join("\n"));
    }
    out
}

fn years(years: &[FacetCount], look: Look) -> String {
    let most = years.iter().map(|year| year.count).max().unwrap_or(1);
    let lines = years.iter().map(|year| {
        let drawn = look.paint(BAR, &bar(year.count, most, BAR_COLUMNS));
        format!("  {}  {drawn} {}\n", fit(&visible(&year.value), 7), year.count)
    });
    lines.collect()
}
