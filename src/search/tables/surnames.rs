//! Gives the articles that say a surname only to its bearer, where one is clear.

use hashbrown::HashMap;
use tantivy::DocId;

use super::all_ids;
use super::build::SegmentParts;
use crate::entity::EntityKind;
use crate::entity::identity::{Identities, IdentityId};
use crate::search::bearers::{Bearers, MOST_BEARERS, Seen};
use crate::search::parallel::{processors, shared_out};

/// A surname without a bearer, and those who bear it.
struct Family {
    bare: u32,
    bearers: Vec<u32>,
}

/// An article that was given to a bearer of its surname.
struct Given {
    segment: u32,
    doc: DocId,
    bare: u32,
    bearer: u32,
}

/// Articles by the number of whom they name.
type Named = HashMap<u32, Vec<(u32, DocId)>>;

/// Replaces surnames by their bearers in the articles' numbers, and counts the articles anew.
pub(super) fn resolve_surnames(
    identities: &Identities,
    segments: &mut [SegmentParts],
    articles: &mut [u32],
) {
    let families = families(identities);
    let named = named(&families, segments);
    let mut given = decide(&families, &named, segments, articles);
    given.sort_unstable_by_key(|given| (given.segment, given.doc, given.bare));
    for Given { segment, doc, bare, bearer } in given {
        let Some(parts) = segments.get_mut(segment as usize) else { continue };
        let own = parts.numbers_mut(doc);
        // An article that names the bearer in full would not have the surname alone.
        if own.contains(&bearer) {
            continue;
        }
        if let Some(slot) = own.iter_mut().find(|number| **number == bare) {
            *slot = bearer;
        }
        own.sort_unstable();
        for (number, more) in [(bare, false), (bearer, true)] {
            if let Some(articles) = articles.get_mut(number as usize) {
                *articles = if more { *articles + 1 } else { articles.saturating_sub(1) };
            }
        }
    }
}

fn families(identities: &Identities) -> Vec<Family> {
    let ids = all_ids(identities);
    let number = |id: IdentityId| ids.binary_search(&id).ok().map(|at| at as u32);
    let mut families = Vec::new();
    for id in identities.all(EntityKind::Person) {
        if !identities.is_bare(id) {
            continue;
        }
        let bearers = identities.bearers_of_surname(identities.canonical(id));
        let bearers: Vec<u32> =
            bearers.into_iter().filter_map(number).take(MOST_BEARERS).collect();
        if let Some(bare) = number(id)
            && !bearers.is_empty()
        {
            families.push(Family { bare, bearers });
        }
    }
    families
}

/// The articles of everybody in the families.
fn named(families: &[Family], segments: &[SegmentParts]) -> Named {
    let everybody =
        families.iter().flat_map(|family| family.bearers.iter().chain([&family.bare]));
    let mut named: Named = everybody.map(|number| (*number, Vec::new())).collect();
    for (segment, parts) in (0..).zip(segments) {
        for doc in 0..parts.cards.len() as DocId {
            for number in parts.numbers(doc) {
                if let Some(articles) = named.get_mut(number) {
                    articles.push((segment, doc));
                }
            }
        }
    }
    named
}

/// Decides family by family, on as many threads as there are processors: no family's outcome
/// depends on another's.
fn decide(
    families: &[Family],
    named: &Named,
    segments: &[SegmentParts],
    articles: &[u32],
) -> Vec<Given> {
    let all: u32 = segments.iter().map(|parts| parts.cards.len() as u32).sum();
    let share = |number: u32| {
        let of = articles.get(number as usize).copied().unwrap_or(0);
        of as f32 / all.max(1) as f32
    };
    let seen = |(segment, doc): &(u32, DocId)| seen(segments, *segment, *doc);
    let of = |number: u32| named.get(&number).map_or(&[][..], Vec::as_slice);
    let given = shared_out(
        processors(),
        families,
        || (),
        |(), family| {
            let bearers = Bearers::new(family.bearers.iter().map(|number| {
                let articles: Box<dyn Iterator<Item = Seen<'_>>> =
                    Box::new(of(*number).iter().filter_map(seen));
                (*number, articles)
            }));
            let mut given = Vec::new();
            for at in of(family.bare) {
                let clear = seen(at).and_then(|seen| bearers.clear(seen, family.bare, share));
                given.extend(clear.map(|bearer| Given {
                    segment: at.0,
                    doc: at.1,
                    bare: family.bare,
                    bearer,
                }));
            }
            given
        },
    );
    given.into_iter().flatten().collect()
}

/// An article as far as it tells whom a surname means.
fn seen(segments: &[SegmentParts], segment: u32, doc: DocId) -> Option<Seen<'_>> {
    let parts = segments.get(segment as usize)?;
    let (date, imprint) = parts.cards.get(doc as usize)?;
    let day = date.map(|(day, _)| day);
    Some(Seen { day, source: imprint.source, names: parts.numbers(doc) })
}
