//! What an archive knows of one person, organisation or place.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::{DocAddress, DocId, Searcher};

use super::entities::taken_for;
use super::facets::{Counter, Wanted, each_match};
use super::response::{Companion, FacetCount, JSON_VERSION, Profile, Role};
use super::stored::stored;
use super::tables::Tables;
use super::timeline::{Dated, DayCounts};
use crate::entity::EntityKind;
use crate::index::Fields;
use crate::text::fold;

/// Articles whose text is read for the roles, at most; they are spread evenly over the time.
const MOST_READ: usize = 200;
/// Roles shown.
const MOST_ROLES: usize = 20;
/// Companions shown, of each kind.
const MOST_COMPANIONS: usize = 15;
/// Articles that must name both before somebody is a companion.
const FEWEST_TOGETHER: u32 = 2;

/// The profile of who a name typed is taken for; its hits are left empty. Where nobody is found,
/// what a person should know about that.
///
/// # Errors
///
/// What the disk says.
pub(super) fn profile(
    searcher: &Searcher,
    fields: &Fields,
    tables: &Tables,
    kind: EntityKind,
    name: &str,
) -> tantivy::Result<Result<Profile, Vec<String>>> {
    let (taken, mut warnings) = taken_for(tables, kind, name);
    let Some(number) = taken else { return Ok(Err(warnings)) };
    warnings.extend(left_open(tables, kind, number));
    let articles = naming(searcher, tables, number)?;
    let mut counter = Counter::new(tables, Wanted { names: true, values: false, days: true });
    for (segment, docs) in &articles {
        counter.add(*segment, docs);
    }
    let forms = tables.id(number).map(|id| {
        let forms = tables.identities().forms(id);
        forms
            .map(|(form, articles)| FacetCount {
                value: form.to_owned(),
                count: articles.into(),
            })
            .collect()
    });
    Ok(Ok(Profile {
        version: JSON_VERSION,
        kind,
        name: tables.name(number).to_owned(),
        articles: counter.articles(),
        warnings,
        forms: forms.unwrap_or_default(),
        years: counter.days().years(),
        roles: roles(searcher, fields, tables, number, &articles)?,
        companions: companions(searcher, tables, number, &counter),
        hits: Vec::new(),
    }))
}

/// What a person should know about the articles that say a surname only, where the archive does not
/// tell whose it is.
fn left_open(tables: &Tables, kind: EntityKind, number: u32) -> Option<String> {
    let name = tables.name(number);
    let bare = tables.identities().find(kind, name).bare;
    let numbers =
        bare.iter().filter_map(|id| tables.number(*id)).filter(|bare| *bare != number);
    let (mut articles, mut surname) = (0, None);
    for bare in numbers {
        articles += tables.articles(bare);
        surname = surname.or(Some(tables.name(bare)));
    }
    let surname = surname.filter(|_| articles > 0)?;
    let say = if articles == 1 { "article says" } else { "articles say" };
    Some(format!("{articles} more {say} only `{surname}`: whether {name} is meant is open"))
}

/// The live articles that name an identity, by segment.
///
/// # Errors
///
/// What the disk says.
pub(super) fn naming(
    searcher: &Searcher,
    tables: &Tables,
    number: u32,
) -> tantivy::Result<Vec<(u32, Vec<DocId>)>> {
    let mut found: Vec<(u32, Vec<DocId>)> = Vec::new();
    each_match(searcher, None, |segment, docs| {
        let of_segment = tables.segment(segment);
        let naming = docs.iter().copied().filter(|doc| of_segment.names(*doc, number));
        match found.last_mut() {
            Some((last, docs)) if *last == segment => docs.extend(naming),
            _ => found.push((segment, naming.collect())),
        }
    })?;
    Ok(found)
}

/// Dunning's log-likelihood ratio of a table of two by two counts ("Accurate methods for the
/// statistics of surprise and coincidence", 1993): how much the two are associated, near 0 where
/// not at all.
#[must_use]
pub(super) fn log_likelihood(both: f64, first: f64, second: f64, neither: f64) -> f64 {
    let entropy = |counts: &[f64]| {
        let total: f64 = counts.iter().sum();
        counts
            .iter()
            .filter(|count| **count > 0.0)
            .map(|count| count * (count / total).ln())
            .sum::<f64>()
    };
    let cells = entropy(&[both, first, second, neither]);
    let rows = entropy(&[both + first, second + neither]);
    let columns = entropy(&[both + second, first + neither]);
    (2.0 * (cells - rows - columns)).max(0.0)
}

fn companions(
    searcher: &Searcher,
    tables: &Tables,
    number: u32,
    counter: &Counter<'_>,
) -> Vec<Companion> {
    let all = searcher.num_docs() as f64;
    let own = counter.articles() as f64;
    let mut companions = Vec::new();
    for kind in EntityKind::ALL {
        let mut of_kind: Vec<(f64, u32, u32)> = counter
            .of_kind(kind)
            .filter(|(other, together)| *other != number && *together >= FEWEST_TOGETHER)
            .filter_map(|(other, together)| {
                let (both, others) = (f64::from(together), f64::from(tables.articles(other)));
                let neither = (all - own - others + both).max(0.0);
                let strength =
                    log_likelihood(both, own - both, (others - both).max(0.0), neither);
                (both * all > own * others).then_some((strength, other, together))
            })
            .collect();
        of_kind.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        companions.extend(of_kind.into_iter().take(MOST_COMPANIONS).map(
            |(strength, other, together)| Companion {
                kind,
                name: tables.name(other).to_owned(),
                articles: together.into(),
                strength: strength as f32,
            },
        ));
    }
    companions
        .sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.name.cmp(&b.name)));
    companions
}

/// One spelling of a role, and the dates of the articles that use it.
#[derive(Default)]
struct Uses {
    spellings: BTreeMap<String, u64>,
    articles: u64,
    days: Vec<Dated>,
}

/// The roles written with a name, read from the stored articles.
fn roles(
    searcher: &Searcher,
    fields: &Fields,
    tables: &Tables,
    number: u32,
    articles: &[(u32, Vec<DocId>)],
) -> tantivy::Result<Vec<Role>> {
    let mut dated: Vec<(Option<i32>, DocAddress)> = Vec::new();
    for (segment, docs) in articles {
        let of_segment = tables.segment(*segment);
        dated.extend(docs.iter().map(|doc| {
            let day = of_segment.date(*doc).map(|(day, _)| day);
            (day, DocAddress::new(*segment, *doc))
        }));
    }
    dated.sort_unstable();
    let every = dated.len().div_ceil(MOST_READ).max(1);
    let mut read: Vec<DocAddress> = dated.iter().step_by(every).map(|(_, at)| *at).collect();
    // Blocks of the store are unpacked once where articles are read in its order.
    read.sort_unstable();
    let mut uses: BTreeMap<String, Uses> = BTreeMap::new();
    for at in read {
        let Some(article) = stored(searcher, fields, at)? else { continue };
        let date = tables.segment(at.segment_ord).date(at.doc_id);
        let mut told: Vec<String> = Vec::new();
        for entity in &article.entities {
            let id = tables.identities().identity_of(entity.kind, &entity.name);
            if id.and_then(|id| tables.number(id)) != Some(number) {
                continue;
            }
            for role in &entity.roles {
                let key = fold(role.trim_end_matches('.')).into_owned();
                if !key.is_empty() && !told.contains(&key) {
                    let uses = uses.entry(key.clone()).or_default();
                    *uses.spellings.entry(role.clone()).or_default() += 1;
                    uses.articles += 1;
                    uses.days.push(date);
                    told.push(key);
                }
            }
        }
    }
    let mut roles: Vec<Role> = uses
        .into_values()
        .filter_map(|uses| {
            let spelling =
                uses.spellings.iter().max_by_key(|(role, count)| (**count, Reverse(*role)));
            Some(Role {
                role: spelling?.0.clone(),
                articles: uses.articles,
                span: DayCounts::of(&uses.days).span(),
            })
        })
        .collect();
    roles.sort_by(|a, b| (Reverse(a.articles), &a.role).cmp(&(Reverse(b.articles), &b.role)));
    roles.truncate(MOST_ROLES);
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn association_grows_with_surprise() {
        // Dunning's own example of a bigram: 110, 2442, 111, 29114 gives 270.72.
        assert!((log_likelihood(110.0, 2442.0, 111.0, 29114.0) - 270.72).abs() < 0.01);
        assert!(log_likelihood(10.0, 90.0, 90.0, 810.0).abs() < 1e-6);
    }

    #[test]
    fn a_profile_tells_forms_roles_and_companions() {
        use super::super::tables::fixture::{Archive, Draft, text};
        let draft = |number, date, people: &[(&'static str, &'static str)]| Draft {
            title: "Talks",
            body: text(number, 30),
            date,
            source: "Herald",
            people: people.to_vec(),
            ..Draft::default()
        };
        let (senator, secretary) = ("Sen.", "Secretary of State");
        let archive = Archive::of(&[
            draft(0, "2004-01-01", &[("John Kerry", senator), ("Kofi Annan", "")]),
            draft(1, "2005-01-01", &[("John F. Kerry", "Sen"), ("Kofi Annan", "")]),
            draft(2, "2013-02-05", &[("John Kerry", secretary), ("Barack Obama", "")]),
            draft(3, "2013-02-06", &[("Barack Obama", "")]),
            draft(4, "2013-02-07", &[("Barack Obama", "")]),
            draft(5, "2013-02-07", &[]),
        ]);
        let (searcher, tables) = (&archive.searcher, archive.tables());
        let find = |name: &str| {
            profile(searcher, &archive.fields, &tables, EntityKind::Person, name).unwrap()
        };
        let profile = find("kerry").unwrap();
        assert_eq!((profile.name.as_str(), profile.articles), ("John Kerry", 3));
        assert_eq!(profile.forms.len(), 2);
        assert_eq!(profile.warnings.len(), 1);
        assert_eq!(profile.years.iter().map(|year| year.count).collect::<Vec<_>>(), [1, 1, 1]);
        let roles: Vec<(&str, u64)> =
            profile.roles.iter().map(|role| (role.role.as_str(), role.articles)).collect();
        assert_eq!(roles, [("Sen", 2), (secretary, 1)]);
        let span = profile.roles[0].span.unwrap().map(|date| date.to_string());
        assert_eq!(span, ["2004-01-01", "2005-01-01"]);
        let companions: Vec<&str> =
            profile.companions.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(companions, ["Kofi Annan"]);
        assert!(find("Nelson Mandela").is_err());
    }
}
