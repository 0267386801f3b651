//! Articles like one article: the words that set it apart, and the names in it, weighing more.

use std::cmp::Reverse;

use hashbrown::{HashMap, HashSet};
use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query, TermQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, Term};

use super::score::Statistics;
use super::tables::Tables;
use crate::index::{Fields, Stored, entity_prefix};
use crate::text::{Lexer, Terms, Tokens};

/// Words that are looked for.
const MOST_WORDS: usize = 25;
/// Names that are looked for.
const MOST_NAMES: usize = 15;
/// Words of the article, the most frequent ones, whose rarity is looked up to choose among them:
/// each costs a look into every dictionary of the index, which is most of the time.
const MOST_WEIGHED: usize = 120;
/// Forms of a name that are looked for.
const MOST_FORMS: usize = 12;
/// A word in the headline counts as so many in the text.
const TITLE_WEIGHT: f32 = 3.0;
/// Words in more than this share of the articles set nothing apart.
const COMMON: f32 = 0.1;
/// What the best name is worth against the best word.
const NAME_WEIGHT: f32 = 2.0;

/// The articles most like one, best first, with scores; copies of it and itself are left out.
///
/// # Errors
///
/// What the disk says.
pub(super) fn similar(
    searcher: &Searcher,
    fields: &Fields,
    tables: &Tables,
    statistics: &Statistics,
    at: DocAddress,
    article: &Stored,
    limit: usize,
) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let mut clauses = words(searcher, fields, statistics, article)?;
    clauses.extend(names(fields, tables, statistics, article));
    if clauses.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let groups = tables.groups();
    let own = groups.of(at);
    let copies = own.map_or(1, |group| groups.members(group).len());
    let query = BooleanQuery::new(clauses);
    // Copies of other articles fold into one, so more are asked for than are given; many copies
    // of one story may take even these places.
    let all = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX).max(1);
    let mut wanted = limit.saturating_mul(2).saturating_add(copies);
    loop {
        wanted = wanted.min(all);
        let found = searcher.search(&query, &TopDocs::with_limit(wanted).order_by_score())?;
        let is_all = found.len() < wanted || wanted == all;
        let mut shown = HashSet::new();
        let mut different = found;
        different.retain(|(_, other)| {
            let group = groups.of(*other);
            *other != at && (group.is_none() || group != own && shown.insert(group))
        });
        different.truncate(limit);
        if is_all || different.len() == limit {
            return Ok(different);
        }
        wanted = wanted.saturating_mul(4);
    }
}

type Clause = (Occur, Box<dyn Query>);

/// The words that are frequent in the article and rare elsewhere.
fn words(
    searcher: &Searcher,
    fields: &Fields,
    statistics: &Statistics,
    article: &Stored,
) -> tantivy::Result<Vec<Clause>> {
    let mut frequency: HashMap<String, f32> = HashMap::new();
    let (mut lexer, mut terms, mut tokens) = (Lexer::new(), Terms::new(), Tokens::default());
    for (text, weight) in [(&article.article.title, TITLE_WEIGHT), (&article.article.body, 1.0)]
    {
        lexer.begin_article();
        lexer.read(text, &mut tokens);
        for token in &tokens.tokens {
            for term in terms.of(lexer.forms(), text, *token) {
                if term.chars().any(char::is_alphabetic) {
                    *frequency.entry_ref(term).or_default() += weight;
                }
            }
        }
    }
    let mut frequent: Vec<(f32, String)> =
        frequency.into_iter().map(|(term, frequency)| (frequency, term)).collect();
    // Of words as frequent as each other longer ones are rarer, as a rule.
    frequent.sort_by(|a, b| {
        let order = b.0.total_cmp(&a.0).then_with(|| b.1.len().cmp(&a.1.len()));
        order.then_with(|| a.1.cmp(&b.1))
    });
    frequent.truncate(MOST_WEIGHED);
    let mut weighed: Vec<(f32, String)> = Vec::new();
    for (frequency, term) in frequent {
        let documents = match searcher.doc_freq(&Term::from_field_text(fields.body, &term))? {
            0 => searcher.doc_freq(&Term::from_field_text(fields.title, &term))?,
            documents => documents,
        };
        let common = documents as f32 > (COMMON * statistics.documents as f32).max(5.0);
        // A word that only this article has finds nothing.
        if documents > 1 && !common {
            let weight = (1.0 + frequency.ln()) * statistics.idf(documents);
            weighed.push((weight, term));
        }
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    weighed.truncate(MOST_WORDS);
    let best = weighed.first().map_or(1.0, |(weight, _)| *weight);
    let clause = |(weight, term): (f32, String)| {
        let of = |field| -> Box<dyn Query> {
            let term = Term::from_field_text(field, &term);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        let either = DisjunctionMaxQuery::new(vec![of(fields.body), of(fields.title)]);
        let query: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(either), weight / best));
        (Occur::Should, query)
    };
    Ok(weighed.into_iter().map(clause).collect())
}

/// The names that the article is most about.
fn names(
    fields: &Fields,
    tables: &Tables,
    statistics: &Statistics,
    article: &Stored,
) -> Vec<Clause> {
    let mut by_number: HashMap<u32, f32> = HashMap::new();
    for (at, entity) in article.entities.iter().enumerate() {
        let id = tables.identities().identity_of(entity.kind, &entity.name);
        let Some(number) = id.and_then(|id| tables.number(id)) else { continue };
        let in_title = article.mentions.iter().any(|m| m.in_title && m.entity as usize == at);
        let weight = entity.mentions as f32 + if in_title { TITLE_WEIGHT } else { 0.0 };
        *by_number.entry(number).or_default() += weight;
    }
    let mut weighed: Vec<(f32, u32)> = by_number
        .into_iter()
        .filter(|(number, _)| tables.articles(*number) > 1)
        .map(|(number, mentions)| {
            let rarity = statistics.idf(tables.articles(number).into());
            (rarity * (1.0 + mentions.ln().max(0.0)), number)
        })
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(Reverse(b.1).cmp(&Reverse(a.1))));
    weighed.truncate(MOST_NAMES);
    let best = weighed.first().map_or(1.0, |(weight, _)| *weight);
    let clause = |(weight, number): (f32, u32)| -> Option<Clause> {
        let id = tables.id(number)?;
        let forms = tables.identities().recorded(id).take(MOST_FORMS).map(|(kind, form, _)| {
            let form = format!("{}{form}", entity_prefix(kind));
            let term = Term::from_field_text(fields.entities, &form);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            (Occur::Should, query)
        });
        let any: Box<dyn Query> = Box::new(BooleanQuery::new(forms.collect()));
        let worth =
            NAME_WEIGHT * statistics.idf(tables.articles(number).into()) * weight / best;
        Some((Occur::Should, Box::new(ConstScoreQuery::new(any, worth))))
    };
    weighed.into_iter().filter_map(clause).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tables::fixture::{Archive, Draft, text};
    use super::*;

    fn draft(body: String, people: &[&'static str]) -> Draft {
        Draft {
            title: "Talks",
            body,
            date: "2013-02-05",
            source: "Herald",
            people: people.iter().map(|name| (*name, "")).collect(),
            ..Draft::default()
        }
    }

    /// The numbers of the articles like one, of an archive of drafts.
    fn found(archive: &Archive, number: usize, limit: usize) -> Vec<usize> {
        let all = archive.all();
        let at = all.iter().find(|(known, _)| *known == number).unwrap().1;
        let Archive { searcher, fields, .. } = archive;
        let statistics = Statistics::of(searcher, fields).unwrap();
        let tables = archive.tables();
        let article = archive.stored(at);
        let found = similar(searcher, fields, &tables, &statistics, at, &article, limit);
        let number = |at| all.iter().find(|(_, known)| *known == at).unwrap().0;
        found.unwrap().into_iter().map(|(_, at)| number(at)).collect()
    }

    #[test]
    fn names_weigh_more_than_words_and_copies_are_left_out() {
        let kerry = &["John Kerry"];
        let mut drafts = vec![
            draft(text(0, 22), kerry),
            // A copy.
            draft(text(0, 22), kerry),
            // A word.
            draft(text(0, 1) + &text(1, 60), &["Kofi Annan"]),
            // The name.
            draft(text(2, 60), &["John F. Kerry"]),
            // Deleted below.
            draft(text(3, 60), kerry),
        ];
        drafts.extend((4..20).map(|number| draft(text(number, 60), &["Barack Obama"])));
        let mut archive = Archive::of(&drafts);
        archive.remove(4);
        assert_eq!(found(&archive, 0, 10), [3, 2]);
    }

    #[test]
    fn many_copies_of_one_story_leave_room_for_another() {
        let kerry = &["John Kerry"];
        let mut drafts = vec![draft(text(0, 60), kerry)];
        drafts.extend((0..12).map(|_| draft(text(0, 1) + &text(1, 60), kerry)));
        drafts.push(draft(text(2, 60), kerry));
        drafts.extend((4..20).map(|number| draft(text(number, 60), &["Barack Obama"])));
        let archive = Archive::of(&drafts);
        assert_eq!(found(&archive, 0, 2), [1, 13]);
    }
}
