//! Which mentions of one article are one person, organisation or place.
//!
//! A sieve of rules, the surest first (after Lee et al., "Deterministic coreference resolution
//! based on entity-centric, precision-ranked rules", 2013, for names alone): full names are joined
//! where nothing speaks against it, longest first; then bare surnames and given names go to the
//! right bearer, in the order of the text; organisations are joined by acronym and leading part,
//! places by their usual short forms. What the tagger missed of names so established is added.
//!
//! The rules in the order in which they run: `firm` or, in other languages, `foreign` (what is
//! tagged, put right), `read` (spans to mentions), `person`, `organisation`, `place`, `repeat`,
//! `name` (mentions to entities).
//!
//! Words are compared as numbers: what is to be known of a word is worked out once per form.

mod firm;
mod foreign;
mod name;
mod organisation;
mod person;
mod place;
mod read;
mod repeat;
mod title;
mod word;

use std::ops::Range;

use hashbrown::{HashMap, HashSet};

use super::names::Sex;
use super::tagger::Span;
use super::{ArticleEntities, EntityKind, Part};
use crate::text::{FormId, Forms, Token, Tokens};
use repeat::Watched;
use word::{Piece, Word};

/// So many bearers of one name are looked at: bounds the work on lists of thousands of names.
const MAX_CANDIDATES: usize = 48;

/// Marks what is not set.
const NONE: u32 = u32::MAX;

/// One article, tagged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'a> {
    /// The word forms of the lexer that made the tokens.
    pub forms: &'a Forms,
    /// The headline.
    pub title: &'a str,
    /// Its tokens.
    pub title_tokens: &'a Tokens,
    /// The body.
    pub body: &'a str,
    /// Its tokens.
    pub body_tokens: &'a Tokens,
    /// The names found in both, in the order of the text, title first.
    pub spans: &'a [Span],
}

impl<'a> Input<'a> {
    fn text(&self, part: Part) -> &'a str {
        match part {
            Part::Title => self.title,
            Part::Body => self.body,
        }
    }

    fn tokens(&self, part: Part) -> &'a Tokens {
        match part {
            Part::Title => self.title_tokens,
            Part::Body => self.body_tokens,
        }
    }

    fn token(&self, part: Part, at: u32) -> Option<Token> {
        self.tokens(part).tokens.get(at as usize).copied()
    }

    fn written(&self, part: Part, at: u32) -> &'a str {
        self.token(part, at)
            .and_then(|token| self.text(part).get(token.start as usize..token.end as usize))
            .unwrap_or_default()
    }

    /// A span as it is written.
    fn name(&self, span: &Span) -> &'a str {
        let tokens = &self.tokens(span.part).tokens;
        let range = span.first_token as usize..span.end_token as usize;
        match tokens.get(range).unwrap_or_default() {
            [first, .., last] => {
                self.text(span.part).get(first.start as usize..last.end as usize)
            }
            [only] => self.text(span.part).get(only.start as usize..only.end as usize),
            [] => None,
        }
        .unwrap_or_default()
    }

    /// First and end token of the sentence that the token stands in.
    fn sentence(&self, part: Part, at: u32) -> Range<u32> {
        let tokens = self.tokens(part);
        let after = tokens.sentences.partition_point(|&start| start <= at);
        let start = after.checked_sub(1).and_then(|i| tokens.sentences.get(i)).copied();
        let end = tokens.sentences.get(after).copied();
        let count = u32::try_from(tokens.tokens.len()).unwrap_or(u32::MAX);
        start.unwrap_or(0)..end.unwrap_or(count)
    }

    /// The tokens from `first` to before `end` as written, white space collapsed.
    fn phrase(&self, part: Part, first: u32, end: u32) -> String {
        let from = self.token(part, first).map_or(0, |token| token.start as usize);
        let to = end.checked_sub(1).and_then(|last| self.token(part, last));
        let written = self.text(part).get(from..to.map_or(from, |token| token.end as usize));
        let mut phrase = String::new();
        for word in written.unwrap_or_default().split_whitespace() {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(word);
        }
        phrase
    }
}

/// A mention, trimmed to the name.
#[derive(Clone, Debug)]
struct Found {
    kind: EntityKind,
    part: Part,
    first: u32,
    end: u32,
    /// The parts of a person's name, or the words of another.
    pieces: Range<u32>,
    /// Of the pieces, those that are no initials.
    full: u32,
    generation: u32,
    sex: Option<Sex>,
    /// A title stands before the name that goes with surnames (`Mr.`) or given names (`Sir`).
    address: Address,
    roles: Range<u32>,
    cluster: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    None,
    Surname,
    Given,
}

/// Mentions that are one entity, or will be.
#[derive(Clone, Debug)]
struct Cluster {
    kind: EntityKind,
    /// The fullest name's.
    pieces: Range<u32>,
    generation: u32,
    sex: Option<Sex>,
    /// Index of the latest mention assigned so far in the order of the text.
    last: u32,
    /// Index of its first mention by full name.
    first: u32,
    mentions: u32,
    /// How many mentions by one word alone were assigned to it.
    bare: u32,
    /// The word of the first of these.
    bare_key: u32,
}

/// Finds the entities of articles, one after the other.
///
/// One per thread, kept for a whole run together with the lexer whose [`Forms`] it sees.
#[derive(Debug, Default)]
pub(super) struct Resolver {
    generation: u32,
    /// By form.
    words: Vec<Word>,
    word_pieces: Vec<Piece>,
    keys: HashMap<String, u32>,
    /// By key: the latest link of the chain of clusters with that word.
    chains: Vec<u32>,
    /// Keys whose chains are not empty.
    chained: Vec<u32>,
    links: Vec<(u32, u32)>,
    pieces: Vec<Piece>,
    found: Vec<Found>,
    clusters: Vec<Cluster>,
    /// Titles, as tokens.
    roles: Vec<(Part, u32, u32)>,
    order: Vec<u32>,
    /// By form, one bit: a watched name begins with it.
    watched_forms: Vec<u64>,
    watched: Vec<Watched>,
    watch_heads: HashMap<FormId, u32>,
    buffer: String,
    /// The word forms of the article, once they were asked for.
    forms_here: HashSet<FormId>,
    repeats: Vec<Found>,
    /// By key of the acronym: the organisation.
    acronyms: HashMap<u32, u32>,
    /// By first word, last word and length: how much speaks for each kind.
    tally: HashMap<(u32, u32, u32), [f32; 3]>,
    /// The last and first words of people's names of several words.
    names_of_people: HashSet<u32>,
    /// The kinds of the spans, made consistent.
    kinds: Vec<EntityKind>,
}

impl Resolver {
    /// The entities of one article and their mentions.
    pub(super) fn resolve(&mut self, input: &Input<'_>) -> ArticleEntities {
        self.begin(input.forms);
        self.settle_kinds(input);
        self.read_spans(input);
        self.join_full_names();
        self.join_bare_names();
        self.join_organisations(input);
        self.join_places(input);
        self.add_repeats(input);
        self.finish(input)
    }

    fn begin(&mut self, forms: &Forms) {
        if self.generation != forms.generation() || self.words.len() > forms.len() {
            *self = Self { generation: forms.generation(), ..Self::default() };
        }
        if self.words.len() < forms.len() {
            self.words.resize(forms.len(), Word::default());
            self.watched_forms.resize(forms.len() / 64 + 1, 0);
        }
        for key in self.chained.drain(..) {
            if let Some(head) = self.chains.get_mut(key as usize) {
                *head = NONE;
            }
        }
        self.links.clear();
        self.pieces.clear();
        self.found.clear();
        self.clusters.clear();
        self.roles.clear();
        self.watched.clear();
        self.watch_heads.clear();
        self.repeats.clear();
        self.forms_here.clear();
        self.acronyms.clear();
    }

    fn found_at(&self, at: u32) -> Option<&Found> {
        self.found.get(at as usize)
    }

    fn pieces_of(&self, range: &Range<u32>) -> &[Piece] {
        self.pieces.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The clusters with that word, the latest first.
    fn chain(&self, key: u32) -> impl Iterator<Item = u32> {
        let mut link = self.chains.get(key as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let &(cluster, next) = self.links.get(link as usize)?;
            link = next;
            Some(cluster)
        })
        .take(MAX_CANDIDATES)
    }

    fn new_cluster(&mut self, at: u32) -> u32 {
        let cluster = length(&self.clusters);
        let Some(found) = self.found.get(at as usize) else { return NONE };
        self.clusters.push(Cluster {
            kind: found.kind,
            pieces: found.pieces.clone(),
            generation: found.generation,
            sex: None,
            last: NONE,
            first: at,
            mentions: 0,
            bare: 0,
            bare_key: 0,
        });
        for index in found.pieces.clone() {
            let key = self.pieces.get(index as usize).map_or(0, |piece| piece.key);
            if key != 0 {
                self.link(key, cluster);
            }
        }
        cluster
    }

    fn link(&mut self, key: u32, cluster: u32) {
        let link = length(&self.links);
        if let Some(head) = self.chains.get_mut(key as usize) {
            if *head == NONE {
                self.chained.push(key);
            }
            self.links.push((cluster, *head));
            *head = link;
        }
    }

    fn assign(&mut self, at: u32, cluster: u32) {
        let (Some(found), Some(to)) =
            (self.found.get_mut(at as usize), self.clusters.get_mut(cluster as usize))
        else {
            return;
        };
        found.cluster = cluster;
        to.mentions += 1;
        to.first = to.first.min(at);
        if to.sex.is_none() {
            to.sex = found.sex;
        }
        if to.generation == 0 {
            to.generation = found.generation;
        }
    }

    fn by_length(&mut self, kind: EntityKind) -> Vec<u32> {
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        order.extend(
            (0..length(&self.found))
                .filter(|&at| self.found_at(at).is_some_and(|f| f.kind == kind)),
        );
        order.sort_by_key(|&at| (u32::MAX - self.found_at(at).map_or(0, |f| f.full), at));
        order
    }

    /// The cluster of the same kind with the very same words.
    fn same_words(&self, at: u32) -> Option<u32> {
        let found = self.found_at(at)?;
        let own = self.pieces_of(&found.pieces);
        let mut chain = self.chain(own.first()?.key);
        chain.find(|&cluster| {
            self.clusters.get(cluster as usize).is_some_and(|candidate| {
                let name = self.pieces_of(&candidate.pieces);
                candidate.kind == found.kind && same_keys(name, own)
            })
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an article has fewer than 2^32 tokens")]
fn length<T>(items: &[T]) -> u32 {
    items.len() as u32
}

/// Whether two names have the very same words.
fn same_keys(one: &[Piece], other: &[Piece]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.key == b.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lexer;

    /// Reads `[P John Kerry]`, `[O IAEA]`, `[L Iran]` as spans.
    fn unmark(
        marked: &str,
        part: Part,
        lexer: &mut Lexer,
        spans: &mut Vec<Span>,
    ) -> (String, Tokens) {
        let mut text = String::new();
        let mut ranges = Vec::new();
        for piece in marked.split('[') {
            let Some((inside, behind)) = piece.split_once(']') else {
                text += piece;
                continue;
            };
            let (kind, name) = inside.split_once(' ').unwrap();
            let kind = match kind {
                "P" => EntityKind::Person,
                "O" => EntityKind::Organisation,
                _ => EntityKind::Place,
            };
            ranges.push((kind, text.len(), text.len() + name.len()));
            text += name;
            text += behind;
        }
        let mut tokens = Tokens::default();
        lexer.read(&text, &mut tokens);
        for (kind, start, end) in ranges {
            let position = |at: usize| {
                tokens.tokens.iter().position(|token| token.end as usize >= at).unwrap() as u32
            };
            spans.push(Span {
                part,
                kind,
                first_token: position(start + 1),
                end_token: position(end) + 1,
                confidence: 1.0,
            });
        }
        (text, tokens)
    }

    /// `name (roles) mentions`, by entity, of a headline and a body.
    fn resolve(title: &str, body: &str) -> Vec<String> {
        let mut lexer = Lexer::new();
        let mut spans = Vec::new();
        let (title, title_tokens) = unmark(title, Part::Title, &mut lexer, &mut spans);
        let (body, body_tokens) = unmark(body, Part::Body, &mut lexer, &mut spans);
        let entities = Resolver::default().resolve(&Input {
            forms: lexer.forms(),
            title: &title,
            title_tokens: &title_tokens,
            body: &body,
            body_tokens: &body_tokens,
            spans: &spans,
        });
        entities
            .entities
            .iter()
            .map(|entity| match entity.roles.as_slice() {
                [] => format!("{} {}", entity.name, entity.mentions),
                roles => format!("{} ({}) {}", entity.name, roles.join("; "), entity.mentions),
            })
            .collect()
    }

    fn check(cases: &[(&str, &str, &[&str])]) {
        for (title, body, wanted) in cases {
            assert_eq!(resolve(title, body), *wanted, "{title} / {body}");
        }
    }

    #[test]
    fn bare_names_go_to_the_right_bearer() {
        check(&[
            (
                "[P KERRY] WARNS [L IRAN]",
                "Secretary of State [P John Kerry] spoke. [P Kerry] and [P John F. Kerry] left [L Iran].",
                &["John F. Kerry (Secretary of State) 4", "Iran 2"],
            ),
            (
                "",
                "[P John Kerry] and [P Teresa Kerry] came. Mrs. [P Kerry] sat. Mr. [P Kerry] stood. [P J. Kerry] left.",
                &["John Kerry 3", "Teresa Kerry 2"],
            ),
            (
                "",
                "Foreign Minister [P Kim Sung-hwan] met [P Fumio Kishida]. [P Kim] and [P Kishida] ate. [P Sung-hwan Kim] slept.",
                &["Kim Sung-hwan (Foreign Minister) 3", "Fumio Kishida 2"],
            ),
            ("", "[P Frank Sinatra 的] 老歌。", &["Frank Sinatra 1"]),
            (
                "",
                "[P George W. Bush] and his father, [P George H. W. Bush], met [P Bill Clinton]. [P William Clinton] spoke.",
                &["George W. Bush 1", "George H. W. Bush 1", "Bill Clinton 2"],
            ),
            (
                "",
                "[P Frank Messina] is a poet. [P Frank] reads. [P Britney Spears] and [P Britney] sing.",
                &["Frank Messina 2", "Britney Spears 2"],
            ),
            (
                "",
                "[P Bill de Blasio] and [P de Blasio]; [P Bashar al-Assad] and [P Assad]; [P Tom McCabe MSP] and [P McCabe].",
                &["Bill de Blasio 2", "Bashar al-Assad 2", "Tom McCabe 2"],
            ),
            (
                "",
                "[P Sammy Davis Jr.] and [P Sammy Davis Sr.] danced.",
                &["Sammy Davis Jr. 1", "Sammy Davis Sr. 1"],
            ),
        ]);
    }

    #[test]
    fn titles_become_roles_and_are_no_people() {
        check(&[
            (
                "",
                "[P President] Obama said [P Mr. Obama] left. [P President Barack Obama] and [P Monday] and [P He].",
                &["Barack Obama (President) 3"],
            ),
            (
                "",
                "[P Alan Greenspan], chairman of the Federal Reserve, met Police Commissioner Sir [P John Stevens].",
                &[
                    "Alan Greenspan (chairman of the Federal Reserve) 1",
                    "John Stevens (Police Commissioner; Sir) 1",
                ],
            ),
            (
                "",
                "[P U.S. Secretary of State John Kerry] met [P UCSC Chancellor M.R.C. Greenwood].",
                &[
                    "John Kerry (U.S. Secretary of State) 1",
                    "M.R.C. Greenwood (UCSC Chancellor) 1",
                ],
            ),
            (
                "",
                "[P Americans] and [P LA Sheriff]; [P John Hawkins John Hawkins]; [P Cruz backer]; [P Al Oak of Kidder].",
                &["John Hawkins 1", "Cruz 1", "Al Oak 1"],
            ),
            (
                "PRESIDENT [P O'BRIEN] MEETS [P MCDONALD]",
                "",
                &["O'Brien (President) 1", "McDonald 1"],
            ),
        ]);
    }

    #[test]
    fn organisations_and_places_by_their_short_forms() {
        check(&[
            (
                "",
                "The [O International Atomic Energy Agency] ([O IAEA]) said. [O IAEA] left. The [O British National Party] and the [O BNP].",
                &["International Atomic Energy Agency 3", "British National Party 2"],
            ),
            (
                "",
                "[O Microsoft] and [O Microsoft Corp.] and [O Ford Motor Co.], [O Ford Foundation].",
                &["Microsoft Corp. 2", "Ford Motor Co. 1", "Ford Foundation 1"],
            ),
            (
                "[L NORTH KOREA] AND [L U.S.]",
                "The [L United States] and [L US] and [L North Korea].",
                &["North Korea 2", "United States 3"],
            ),
            ("", "[O Channel 4] and [O Channel 5].", &["Channel 4 1", "Channel 5 1"]),
        ]);
    }

    #[test]
    fn repeats_that_the_tagger_missed_are_added() {
        check(&[
            (
                "",
                "[P John Kerry] came. So Kerry spoke. But John Kerry left.",
                &["John Kerry 3"],
            ),
            ("", "[P Jack White] sang in the White House. It was white.", &["Jack White 1"]),
        ]);
    }

    #[test]
    fn what_other_articles_write_small_does_not_matter() {
        let mut lexer = Lexer::new();
        lexer.read("The white roof burned.", &mut Tokens::default());
        lexer.begin_article();
        let mut spans = Vec::new();
        let text = "[P John White] came. White said no.";
        let (body, body_tokens) = unmark(text, Part::Body, &mut lexer, &mut spans);
        let entities = Resolver::default().resolve(&Input {
            forms: lexer.forms(),
            title: "",
            title_tokens: &Tokens::default(),
            body: &body,
            body_tokens: &body_tokens,
            spans: &spans,
        });
        assert_eq!(entities.mentions.len(), 2);
    }

    #[test]
    fn long_lists_of_one_name_take_linear_time() {
        let body: Vec<String> =
            (0..700).map(|n| format!("[P Kim N{n}], [P Lee], [O A{n} Corp], ")).collect();
        let body = body.concat();
        assert!(resolve("", &body).len() > 700);
    }
}
