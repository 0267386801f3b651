//! Completions of what is being typed: names, sources, and words and phrases of headlines.

use std::cmp::Reverse;

use hashbrown::{HashMap, HashSet};
use tantivy::postings::Postings as _;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, Searcher, SegmentReader, TERMINATED, Term};

use super::response::Suggestion;
use super::tables::Tables;
use crate::entity::EntityKind;
use crate::index::Fields;
use crate::text::fold;

/// A word or phrase of headlines, folded, with the number of articles that have it.
pub(super) type Phrase = super::tables::Value;

/// The most phrases that are kept.
const MOST_PHRASES: usize = 50_000;
/// A phrase must stand in so many headlines, and in one more for every so many articles.
const FEWEST: u32 = 3;
const ARTICLES_PER_MORE: u32 = 50_000;
/// Words that stand in more than this share of all texts begin and end no phrase.
const COMMON: f64 = 0.3;
/// Two words are a phrase where they stand together so many times as often as by chance, or in half
/// of the headlines that have the rarer of them.
const LIFT: f64 = 5.0;

/// Counts the frequent words and phrases (two words, or three with a common one between) of all
/// headlines, by turning the index of headlines back into texts.
pub(super) fn headline_phrases(
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Vec<Phrase>> {
    let readers = searcher.segment_readers();
    let articles: u32 = readers.iter().map(SegmentReader::num_docs).sum();
    let fewest = FEWEST + articles / ARTICLES_PER_MORE;
    let in_segment = (fewest / readers.len().max(1) as u32).max(1);
    let mut all: HashMap<String, u32> = HashMap::new();
    for reader in readers {
        for (phrase, count) in segment_phrases(reader, searcher, fields, in_segment, articles)?
        {
            *all.entry(phrase).or_default() += count;
        }
    }
    let of_word =
        |word: Option<&str>| word.and_then(|word| all.get(word)).copied().unwrap_or(0);
    let belongs = |phrase: &str, count: u32| {
        if !phrase.contains(' ') {
            return phrase.chars().any(char::is_alphabetic);
        }
        let (first, last) =
            (of_word(phrase.split(' ').next()), of_word(phrase.rsplit(' ').next()));
        let by_chance = f64::from(first) * f64::from(last) / f64::from(articles.max(1));
        f64::from(count) >= LIFT * by_chance || count * 2 >= first.min(last)
    };
    let frequent =
        all.iter().filter(|(phrase, count)| **count >= fewest && belongs(phrase, **count));
    let mut phrases: Vec<Phrase> =
        frequent.map(|(phrase, count)| (phrase.clone(), *count)).collect();
    phrases.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    phrases.truncate(MOST_PHRASES);
    phrases.sort_unstable();
    Ok(phrases)
}

/// A term of headlines that may be part of a phrase.
struct Word {
    text: String,
    articles: u32,
    /// So common in all texts that it begins and ends no phrase.
    common: bool,
}

/// No word, or one that is too rare.
const NO_WORD: u32 = 0;

fn segment_phrases(
    reader: &SegmentReader,
    searcher: &Searcher,
    fields: &Fields,
    fewest: u32,
    articles: u32,
) -> tantivy::Result<Vec<Phrase>> {
    let (words, titles, ends) = read_titles(reader, searcher, fields, fewest, articles)?;
    let mut counts: HashMap<[u32; 3], (u32, u32)> = HashMap::new();
    let mut start = 0;
    for (doc, end) in ends.iter().enumerate() {
        let title = titles.get(start..*end).unwrap_or_default();
        start = *end;
        let mut count = |key: [u32; 3]| {
            let (count, last) = counts.entry(key).or_insert((0, u32::MAX));
            if std::mem::replace(last, doc as u32) != doc as u32 {
                *count += 1;
            }
        };
        let solid = |word: u32| words.get(word as usize).is_some_and(|word| !word.common);
        for (at, first) in title.iter().enumerate() {
            if *first == NO_WORD || !solid(*first) {
                continue;
            }
            let next = |by: usize| title.get(at + by).copied().unwrap_or(NO_WORD);
            let (second, third) = (next(1), next(2));
            if second == NO_WORD {
                continue;
            }
            if solid(second) {
                count([*first, second, NO_WORD]);
            } else if third != NO_WORD && solid(third) {
                count([*first, second, third]);
            }
        }
    }
    let mut phrases: Vec<Phrase> = words
        .iter()
        .filter(|word| !word.common)
        .map(|word| (word.text.clone(), word.articles))
        .collect();
    for (key, (count, _)) in counts.iter().filter(|(_, (count, _))| *count >= fewest) {
        let parts = key.iter().filter(|number| **number != NO_WORD);
        let texts: Vec<&str> = parts
            .filter_map(|number| words.get(*number as usize))
            .map(|word| word.text.as_str())
            .collect();
        phrases.push((texts.join(" "), *count));
    }
    Ok(phrases)
}

/// The words, and the headlines as numbers of words end to end, with the end of each.
fn read_titles(
    reader: &SegmentReader,
    searcher: &Searcher,
    fields: &Fields,
    fewest: u32,
    articles: u32,
) -> tantivy::Result<(Vec<Word>, Vec<u32>, Vec<usize>)> {
    let inverted = reader.inverted_index(fields.title)?;
    let mut lengths = vec![0usize; reader.max_doc() as usize];
    let mut terms = inverted.terms().stream()?;
    while let Some((_, info)) = terms.next() {
        let mut postings =
            inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        while postings.doc() != TERMINATED {
            if let Some(length) = lengths.get_mut(postings.doc() as usize) {
                *length += postings.term_freq() as usize;
            }
            postings.advance();
        }
    }
    let mut total = 0;
    let ends: Vec<usize> = lengths
        .iter()
        .map(|length| {
            total += length;
            total
        })
        .collect();
    let mut titles = vec![NO_WORD; total];
    let mut words = vec![Word { text: String::new(), articles: 0, common: true }];
    let mut positions = Vec::new();
    let mut terms = inverted.terms().stream()?;
    while let Some((key, info)) = terms.next() {
        let Ok(text) = std::str::from_utf8(key) else { continue };
        if info.doc_freq < fewest {
            continue;
        }
        let number = words.len() as u32;
        let in_texts = searcher.doc_freq(&Term::from_field_text(fields.body, text))?;
        let common =
            text.chars().count() < 3 || in_texts as f64 > COMMON * f64::from(articles.max(1));
        let mut alive = 0;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = inverted.read_postings_from_terminfo(info, option)?;
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if !reader.is_deleted(doc) {
                alive += 1;
                postings.positions(&mut positions);
                let before = (doc as usize).checked_sub(1).and_then(|doc| ends.get(doc));
                let start = before.copied().unwrap_or(0);
                let own = ends.get(doc as usize).and_then(|end| titles.get_mut(start..*end));
                if let Some(own) = own {
                    for position in &positions {
                        if let Some(slot) = own.get_mut(*position as usize) {
                            *slot = number;
                        }
                    }
                }
            }
            postings.advance();
        }
        words.push(Word { text: text.to_owned(), articles: alive, common });
    }
    words.iter_mut().filter(|word| word.articles < fewest).for_each(|word| word.common = true);
    Ok((words, titles, ends))
}

/// What is completed: the end of what was typed.
struct Typed<'a> {
    /// Only names of this kind, or sources.
    only: Option<Only>,
    /// The last words, the last of which may go on; the more words, the earlier.
    tails: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Names(EntityKind),
    Sources,
}

/// Words that are looked at as one name or phrase.
const MOST_WORDS: usize = 4;

impl<'a> Typed<'a> {
    fn read(typed: &'a str) -> Self {
        let quote = typed.rfind('"').filter(|_| typed.matches('"').count() % 2 == 1);
        let (before, inside) = match quote {
            Some(at) => (typed.get(..at).unwrap_or_default(), typed.get(at + 1..)),
            None => (typed, None),
        };
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let (field, own) = match word.rsplit_once(':') {
            Some((field, own)) => (Some(field), own),
            None => (None, word),
        };
        let only = field.and_then(|field| {
            let field = field.trim_start_matches(['-', '(']);
            Some(match field {
                "person" => Only::Names(EntityKind::Person),
                "org" => Only::Names(EntityKind::Organisation),
                "place" => Only::Names(EntityKind::Place),
                "source" => Only::Sources,
                _ => return None,
            })
        });
        let tails = match (inside, field) {
            (Some(inside), _) => vec![inside],
            (None, Some(_)) => vec![own],
            (None, None) => last_words(before),
        };
        Self { only, tails }
    }
}

/// The last four words, the last three, …
fn last_words(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let word = !c.is_whitespace() && !matches!(c, '(' | ')');
        if word && !in_word {
            starts.push(at);
        }
        in_word = word;
    }
    let from = starts.len().saturating_sub(MOST_WORDS);
    let last = starts.get(from..).unwrap_or_default();
    last.iter().filter_map(|start| text.get(*start..)).collect()
}

/// Completes the last word, or the name or phrase that the last words begin; the most frequent
/// completions first.
#[must_use]
pub(super) fn suggest(tables: &Tables, typed: &str, limit: usize) -> Vec<Suggestion> {
    let reading = Typed::read(typed);
    let whole = reading.tails.len();
    for (at, tail) in reading.tails.iter().enumerate() {
        let folded = fold(tail.trim_start());
        if folded.trim().is_empty() {
            continue;
        }
        let mut found = names(tables, &folded, reading.only, at == 0 && whole > 0, limit);
        if matches!(reading.only, None | Some(Only::Sources)) {
            found.extend(sources(tables, &folded, limit));
        }
        if reading.only.is_none() {
            let known: HashSet<String> =
                found.iter().map(|suggestion| fold(&suggestion.text).into_owned()).collect();
            let most = (limit / 2).max(limit.saturating_sub(found.len()));
            found.extend(
                phrases(tables, &folded, limit)
                    .into_iter()
                    .filter(|phrase| !known.contains(&phrase.text))
                    .take(most),
            );
        }
        if !found.is_empty() {
            found.sort_by(|a, b| {
                (Reverse(a.articles), &a.text).cmp(&(Reverse(b.articles), &b.text))
            });
            found.truncate(limit);
            return found;
        }
    }
    Vec::new()
}

/// Names that have the words typed; where all that was typed may be one name, also with a typing
/// error.
fn names(
    tables: &Tables,
    typed: &str,
    only: Option<Only>,
    forgiving: bool,
    limit: usize,
) -> Vec<Suggestion> {
    let wanted = match only {
        None => None,
        Some(Only::Names(kind)) => Some(kind),
        Some(Only::Sources) => return Vec::new(),
    };
    // Of all kinds the best are given together, so more are asked for where one kind is wanted.
    let most = if wanted.is_some() { limit * 4 } else { limit * 2 };
    let found = tables.identities().suggest(typed, most);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let several = words.len() > 1;
    let has_all = |name: &str| {
        let name = fold(name);
        words.iter().all(|typed| {
            name.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(typed))
        })
    };
    found
        .into_iter()
        .filter(|(kind, name, _)| {
            wanted.is_none_or(|wanted| wanted == *kind)
                && (forgiving || !several || has_all(name))
        })
        .take(limit)
        .map(|(kind, name, articles)| {
            let field = match kind {
                EntityKind::Person => "person",
                EntityKind::Organisation => "org",
                EntityKind::Place => "place",
            };
            Suggestion {
                kind: kind.name().to_owned(),
                text: name.to_owned(),
                articles: articles.into(),
                query: clause(field, name),
            }
        })
        .collect()
}

fn clause(field: &str, value: &str) -> String {
    format!("{field}:\"{}\"", value.replace('"', " ").trim())
}

/// Sources a word of which begins with what was typed.
fn sources(tables: &Tables, typed: &str, limit: usize) -> Vec<Suggestion> {
    let mut found: Vec<&(String, u32)> = tables
        .sources()
        .iter()
        .filter(|(source, articles)| {
            let folded = fold(source);
            let begins = |(at, _): (usize, &str)| {
                let before = folded.get(..at).and_then(|before| before.chars().next_back());
                before.is_none_or(|before| !before.is_alphanumeric())
            };
            *articles > 0 && folded.match_indices(typed).any(begins)
        })
        .collect();
    found.sort_by_key(|(_, articles)| Reverse(*articles));
    found
        .into_iter()
        .take(limit)
        .map(|(source, articles)| Suggestion {
            kind: "source".to_owned(),
            text: source.clone(),
            articles: u64::from(*articles),
            query: clause("source", source),
        })
        .collect()
}

/// Phrases that begin with what was typed, the most frequent ones.
fn phrases(tables: &Tables, typed: &str, limit: usize) -> Vec<Suggestion> {
    let all = tables.phrases();
    let start = all.partition_point(|(phrase, _)| phrase.as_str() < typed);
    let rest = all.get(start..).unwrap_or_default();
    let length = rest.partition_point(|(phrase, _)| phrase.starts_with(typed));
    let mut found: Vec<&Phrase> = rest.iter().take(length).collect();
    if found.len() > limit {
        found.select_nth_unstable_by_key(limit, |(_, articles)| Reverse(*articles));
        found.truncate(limit);
    }
    found.sort_by_key(|(_, articles)| Reverse(*articles));
    found
        .into_iter()
        .map(|(phrase, articles)| Suggestion {
            kind: "phrase".to_owned(),
            text: phrase.clone(),
            articles: u64::from(*articles),
            query: if phrase.contains(' ') { format!("\"{phrase}\"") } else { phrase.clone() },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_what_was_typed_is_completed() {
        let check = |typed: &str, tails: &[&str]| {
            assert_eq!(Typed::read(typed).tails, tails, "{typed}");
        };
        check("nucl", &["nucl"]);
        check("sanctions john ke", &["sanctions john ke", "john ke", "ke"]);
        check("a b c d e", &["b c d e", "c d e", "d e", "e"]);
        check("person:ke", &["ke"]);
        check("talks person:\"john ke", &["john ke"]);
        check("\"a b\" c", &["\"a b\" c", "b\" c", "c"]);
        check("", &[]);
        assert!(Typed::read("-org:fo").only == Some(Only::Names(EntityKind::Organisation)));
    }

    #[test]
    fn names_sources_and_phrases_of_headlines_are_completed() {
        use super::super::tables::fixture::{Archive, Draft, text};
        let titles = [
            "Climate change talks begin",
            "Minister on climate change",
            "Court of appeal on climate change",
            "Court of appeal rules",
            "Court of appeal rejects talks",
            "Rain",
            "Sun",
            "Wind",
            "Snow",
        ];
        let draft = |(number, title): (usize, &&'static str)| Draft {
            title,
            body: format!("of on the {}", text(number, 30)),
            date: "2013-02-05",
            source: "The Climbing Gazette",
            people: vec![("John Kerry", "")],
            ..Draft::default()
        };
        let drafts: Vec<Draft> = titles.iter().enumerate().map(draft).collect();
        let archive = Archive::of(&drafts);
        let tables = archive.tables();
        let check = |typed: &str, wanted: &[(&str, u64, &str)]| {
            let found = suggest(&tables, typed, 5);
            let found: Vec<(&str, u64, &str)> =
                found.iter().map(|s| (s.text.as_str(), s.articles, s.query.as_str())).collect();
            assert_eq!(found, wanted, "{typed}");
        };
        check("talks with john ke", &[("John Kerry", 9, "person:\"John Kerry\"")]);
        check("person:ker", &[("John Kerry", 9, "person:\"John Kerry\"")]);
        check(
            "source:\"gaz",
            &[("The Climbing Gazette", 9, "source:\"The Climbing Gazette\"")],
        );
        check("rain climate c", &[("climate change", 3, "\"climate change\"")]);
        check("court o", &[("court of appeal", 3, "\"court of appeal\"")]);
        check("person:zzz", &[]);
    }
}
