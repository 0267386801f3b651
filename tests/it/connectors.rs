//! Connectors against brute force: random articles in several segments, some of them deleted,
//! random queries with repeated words and overlapping groups; the sets of matches agree exactly.

use std::collections::BTreeSet;

use newshound::article::Article;
use newshound::entity::{ArticleEntities, Entity, EntityKind, Mention, Part};
use newshound::index::{DocumentBuilder, Index, Lexed, Location, Origin, file_key};
use newshound::search::{Archive, SearchRequest};
use newshound::text::{Lexer, Terms, Tokens};

const WORDS: [&str; 9] =
    ["alpha", "bravo", "test", "tests", "delta", "echo", "foxtrot", "golf", "hotel"];
const LEAD: usize = 60;

/// A generator of numbers, the same on every run (Steele, Lea and Flood's `SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len() as u64) as usize]
    }
}

/// One text of an article as brute force sees it.
#[derive(Clone, Default)]
struct Text {
    words: Vec<String>,
    /// Number of the sentence and of the paragraph of each word.
    sentence: Vec<usize>,
    paragraph: Vec<usize>,
    /// Mentions of people: first word, and the word after the last.
    people: Vec<(usize, usize)>,
}

struct Sample {
    id: String,
    areas: [Text; 2],
}

/// A span of words: the first, and the one after the last.
type Span = (usize, usize);

#[derive(Clone, Debug)]
enum Query {
    Word(&'static str),
    Prefix(&'static str),
    Person,
    Phrase(Vec<&'static str>),
    Any(Vec<Query>),
    Within(u32, Box<Query>, Box<Query>),
    Before(u32, Box<Query>, Box<Query>),
    NotWithin(u32, Box<Query>, Box<Query>),
    Sentence(Box<Query>, Box<Query>),
    Paragraph(Box<Query>, Box<Query>),
    AtLeast(u32, Box<Query>),
    Lead(Box<Query>),
    All(Vec<Query>),
    Without(Box<Query>, Box<Query>),
}

impl Query {
    /// An operand of a connector.
    fn operand(random: &mut Random, depth: u64) -> Self {
        let two = |random: &mut Random| {
            let left = Box::new(Self::operand(random, depth - 1));
            (left, Box::new(Self::operand(random, depth - 1)))
        };
        let choices = if depth == 0 { 6 } else { 12 };
        let n = random.below(6) as u32 + 1;
        match random.below(choices) {
            0..=2 => Self::Word(random.word()),
            3 => Self::Prefix(["al", "te", "d", "fox"][random.below(4) as usize]),
            4 => Self::Phrase((0..2 + random.below(2)).map(|_| random.word()).collect()),
            5 => Self::Person,
            6 | 7 => Self::Any((0..2).map(|_| Self::operand(random, depth - 1)).collect()),
            8 | 9 => {
                let (left, right) = two(random);
                Self::Within(n, left, right)
            }
            10 => {
                let (left, right) = two(random);
                Self::Before(n, left, right)
            }
            _ => {
                let (left, right) = two(random);
                if random.below(2) == 0 {
                    Self::Sentence(left, right)
                } else {
                    Self::Paragraph(left, right)
                }
            }
        }
    }

    fn clause(random: &mut Random) -> Self {
        match random.below(8) {
            0..=3 => Self::operand(random, 2),
            4 => {
                let n = random.below(6) as u32 + 1;
                let left = Box::new(Self::operand(random, 1));
                Self::NotWithin(n, left, Box::new(Self::operand(random, 1)))
            }
            5 => Self::AtLeast(random.below(4) as u32 + 1, Box::new(Self::operand(random, 1))),
            6 => Self::Lead(Box::new(Self::operand(random, 1))),
            _ => Self::operand(random, 1),
        }
    }

    fn whole(random: &mut Random) -> Self {
        match random.below(5) {
            0 => Self::All((0..2).map(|_| Self::clause(random)).collect()),
            1 => Self::Without(Box::new(Self::clause(random)), Box::new(Self::clause(random))),
            _ => Self::clause(random),
        }
    }

    fn text(&self) -> String {
        let two = |a: &Self, connector: &str, b: &Self| {
            format!("({} {connector} {})", a.text(), b.text())
        };
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Prefix(prefix) => format!("{prefix}*"),
            Self::Person => "PERSON".to_owned(),
            Self::Phrase(words) => format!("\"{}\"", words.join(" ")),
            Self::Any(parts) => {
                format!("({})", parts.iter().map(Self::text).collect::<Vec<_>>().join(" OR "))
            }
            Self::Within(n, a, b) => two(a, &format!("W/{n}"), b),
            Self::Before(n, a, b) => two(a, &format!("PRE/{n}"), b),
            Self::NotWithin(n, a, b) => two(a, &format!("NOT W/{n}"), b),
            Self::Sentence(a, b) => two(a, "W/S", b),
            Self::Paragraph(a, b) => two(a, "W/P", b),
            Self::AtLeast(n, a) => format!("ATLEAST{n}({})", a.text()),
            Self::Lead(a) => format!("LEAD({})", a.text()),
            Self::All(parts) => {
                format!("({})", parts.iter().map(Self::text).collect::<Vec<_>>().join(" AND "))
            }
            Self::Without(a, b) => format!("({} AND NOT {})", a.text(), b.text()),
        }
    }

    /// Every occurrence in a text, by trying everything.
    fn spans(&self, text: &Text, lead: bool) -> BTreeSet<Span> {
        let apart = |a: Span, b: Span| {
            if a.1 <= b.0 {
                Some(b.0 - a.1 + 1)
            } else if b.1 <= a.0 {
                Some(a.0 - b.1 + 1)
            } else {
                None
            }
        };
        let pairs = |a: &Self, b: &Self, holds: &dyn Fn(Span, Span) -> bool| {
            let (of_a, of_b) = (a.spans(text, lead), b.spans(text, lead));
            let mut found = BTreeSet::new();
            for x in &of_a {
                for y in of_b.iter().filter(|y| holds(*x, **y)) {
                    found.insert((x.0.min(y.0), x.1.max(y.1)));
                }
            }
            found
        };
        let words = |fits: &dyn Fn(&str) -> bool| {
            let fitting = text.words.iter().enumerate().filter(|(_, word)| fits(word));
            fitting.map(|(at, _)| (at, at + 1)).filter(|span| !lead || span.0 < LEAD).collect()
        };
        match self {
            Self::Word(word) if word.starts_with("test") => {
                words(&|other| other == "test" || other == "tests")
            }
            Self::Word(word) => words(&|other| other == *word),
            Self::Prefix(prefix) => words(&|other| other.starts_with(prefix)),
            Self::Person => {
                text.people.iter().copied().filter(|span| !lead || span.0 < LEAD).collect()
            }
            Self::Phrase(phrase) => (0..text.words.len())
                .filter(|at| {
                    phrase.iter().enumerate().all(|(n, word)| {
                        let fits = text.words.get(at + n).is_some_and(|other| other == word);
                        fits && (!lead || at + n < LEAD)
                    })
                })
                .map(|at| (at, at + phrase.len()))
                .collect(),
            Self::Any(parts) => parts.iter().flat_map(|part| part.spans(text, lead)).collect(),
            Self::Within(n, a, b) => {
                pairs(a, b, &|x, y| apart(x, y).is_some_and(|d| d <= *n as usize))
            }
            Self::Before(n, a, b) => {
                pairs(a, b, &|x, y| x.1 <= y.0 && apart(x, y).is_some_and(|d| d <= *n as usize))
            }
            Self::NotWithin(n, a, b) => {
                let of_b = b.spans(text, lead);
                let near = |x: &Span| {
                    of_b.iter().any(|y| apart(*x, *y).is_some_and(|d| d <= *n as usize))
                };
                a.spans(text, lead).into_iter().filter(|x| !near(x)).collect()
            }
            Self::Sentence(a, b) => pairs(a, b, &|x, y| {
                apart(x, y).is_some() && text.sentence[x.0] == text.sentence[y.0]
            }),
            Self::Paragraph(a, b) => pairs(a, b, &|x, y| {
                apart(x, y).is_some() && text.paragraph[x.0] == text.paragraph[y.0]
            }),
            Self::AtLeast(..) | Self::Lead(_) | Self::All(_) | Self::Without(..) => {
                unreachable!("no operand")
            }
        }
    }

    fn matches(&self, sample: &Sample) -> bool {
        let count = |query: &Self| -> usize {
            sample.areas.iter().map(|text| query.spans(text, false).len()).sum()
        };
        match self {
            Self::AtLeast(n, a) => count(a) >= *n as usize,
            Self::Lead(a) => !a.spans(&sample.areas[1], true).is_empty(),
            Self::All(parts) => parts.iter().all(|part| part.matches(sample)),
            Self::Without(a, b) => a.matches(sample) && !b.matches(sample),
            _ => count(self) > 0,
        }
    }
}

/// Random text; some words are two-word names of people.
fn random_text(random: &mut Random, paragraphs: u64) -> String {
    let mut text = String::new();
    for paragraph in 0..paragraphs {
        if paragraph > 0 {
            text.push_str("\n\n");
        }
        for sentence in 0..=random.below(4) {
            if sentence > 0 {
                text.push(' ');
            }
            for word in 0..3 + random.below(9) {
                let chosen = if random.below(12) == 0 { "Ann Lee" } else { random.word() };
                if word > 0 {
                    text.push(' ');
                    text.push_str(chosen);
                } else {
                    // A sentence begins with a capital.
                    let (first, rest) = chosen.split_at(1);
                    text.push_str(&first.to_uppercase());
                    text.push_str(rest);
                }
            }
            text.push('.');
        }
    }
    text
}

/// The entities of a text whose people are all called Ann Lee.
fn people(text: &str, tokens: &Tokens, part: Part, entities: &mut ArticleEntities) {
    let written = |at: usize| {
        tokens.tokens.get(at).and_then(|t| text.get(t.start as usize..t.end as usize))
    };
    for at in 0..tokens.tokens.len() {
        if written(at) == Some("Ann") && written(at + 1) == Some("Lee") {
            if entities.entities.is_empty() {
                entities.entities.push(Entity {
                    kind: EntityKind::Person,
                    name: "Ann Lee".to_owned(),
                    roles: Vec::new(),
                    mentions: 0,
                });
            }
            entities.entities[0].mentions += 1;
            entities.mentions.push(Mention {
                part,
                start: tokens.tokens[at].start,
                end: tokens.tokens[at + 1].end,
                first_token: at as u32,
                end_token: at as u32 + 2,
                entity: 0,
            });
        }
    }
}

/// What brute force sees of a text: its words by the index's terms, its units by full stops and
/// blank lines, which these texts have nowhere else.
fn seen(text: &str, lexer: &mut Lexer, terms: &mut Terms, is_title: bool) -> Text {
    let mut seen = Text::default();
    let mut tokens = Tokens::default();
    lexer.read(text, &mut tokens);
    let (mut sentence, mut paragraph, mut last) = (0, 0, 0);
    for token in &tokens.tokens {
        let (start, end) = (token.start as usize, token.end as usize);
        if text.get(last..start).is_some_and(|gap| gap.contains("\n\n")) && !is_title {
            paragraph += 1;
        }
        last = end;
        for term in terms.of(lexer.forms(), text, *token) {
            seen.words.push(term.to_owned());
            seen.sentence.push(sentence);
            seen.paragraph.push(paragraph);
        }
        if text.get(start..end) == Some(".") && !is_title {
            sentence += 1;
        }
    }
    seen.people = (0..seen.words.len())
        .filter(|at| {
            seen.words[*at] == "ann" && seen.words.get(at + 1).is_some_and(|w| w == "lee")
        })
        .map(|at| (at, at + 2))
        .collect();
    seen
}

#[test]
fn random_connector_queries_match_what_brute_force_matches() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::of(folder.path(), None);
    let index = Index::open_or_create(&location).unwrap();
    let mut record = index.record().unwrap();
    let mut writer = index.writer(1).unwrap();
    let mut random = Random(7);
    let mut samples = Vec::new();
    let (mut lexer, mut terms) = (Lexer::new(), Terms::new());
    let mut builder = DocumentBuilder::default();
    for number in 0..90 {
        let path = format!("{number}.txt");
        let paragraphs = 1 + random.below(4);
        let article = Article {
            title: random_text(&mut random, 1).replace('.', ""),
            body: random_text(&mut random, paragraphs),
            language: Some("en".to_owned()),
            ..Article::default()
        };
        lexer.begin_article();
        let areas = [
            seen(&article.title, &mut lexer, &mut terms, true),
            seen(&article.body, &mut lexer, &mut terms, false),
        ];
        let (mut title, mut body) = (Tokens::default(), Tokens::default());
        lexer.read(&article.title, &mut title);
        lexer.read(&article.body, &mut body);
        let mut entities = ArticleEntities::default();
        people(&article.title, &title, Part::Title, &mut entities);
        people(&article.body, &body, Part::Body, &mut entities);
        let origin = Origin {
            file: file_key(&path),
            path: &path,
            member: None,
            format: "plain",
            encoding: "UTF-8",
            id: &path,
        };
        let lexed = Lexed { forms: lexer.forms(), title: &title, body: &body };
        let document = builder
            .build(&index.fields(), &origin, article, &lexed, &entities, &mut |_, _| ())
            .unwrap();
        writer.add(document).unwrap();
        if number % 30 == 29 {
            writer.commit(&mut record).unwrap();
        }
        samples.push(Sample { id: path, areas });
    }
    for number in [3, 31, 32, 88] {
        writer.remove_file(&samples[number].id);
    }
    writer.commit(&mut record).unwrap();
    writer.close().unwrap();
    let kept: Vec<&Sample> = samples
        .iter()
        .enumerate()
        .filter(|(number, _)| ![3, 31, 32, 88].contains(number))
        .map(|(_, sample)| sample)
        .collect();

    let archive = Archive::open(&location).unwrap();
    let mut found_something = 0;
    for _ in 0..500 {
        let query = Query::whole(&mut random);
        let request = SearchRequest {
            text: query.text(),
            limit: 0,
            all_copies: true,
            ..SearchRequest::default()
        };
        let response =
            archive.search(&request).unwrap_or_else(|e| panic!("{}: {e}", request.text));
        let found: BTreeSet<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
        let wanted: BTreeSet<&str> = kept
            .iter()
            .filter(|sample| query.matches(sample))
            .map(|sample| sample.id.as_str())
            .collect();
        if !response.query.relaxed {
            assert_eq!(found, wanted, "{}\n{}", request.text, response.query.interpreted);
            assert_eq!(response.total as usize, wanted.len(), "{}", request.text);
        }
        found_something += usize::from(!wanted.is_empty());
    }
    assert!(found_something > 300, "{found_something}");
}
