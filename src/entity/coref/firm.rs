//! Firms that bear the names of people, and towns that could be somebody's.
//!
//! `Harper and Row`, `Donaldson, Lufkin and Jenrette`: taggers see surnames. Newspapers name people
//! in full or by title first, so that surnames in a row whose bearers the article never names are
//! a firm, where what stands around them says so: a legal form, an analyst who works there, `said
//! it`. The same words are that firm wherever the article says them.

use hashbrown::{HashMap, HashSet};

use super::word::{
    CAPITALISED, CAPITALS, FIRM, LEGAL_FORM, LISTED_PLACE, NEVER_PERSON, NUMBER, TITLE_HEAD,
    TRADES,
};
use super::{Input, Resolver};
use crate::entity::identity::gazetteer::gazetteer;
use crate::entity::tagger::Span;
use crate::entity::{EntityKind, Part};

/// Names in one firm's name.
const MOST_PARTNERS: usize = 5;

/// Surnames in a row that may be a firm.
struct Row {
    /// Of the spans.
    first: usize,
    end: usize,
    first_token: u32,
    /// The token after its last.
    end_token: u32,
    /// Key of the first word.
    key: u32,
    /// Whether what stands around it says that it is a firm.
    certain: bool,
    /// Whether it would be a firm if it stood there once more: three surnames, not `Kim and Lee`.
    likely: bool,
}

impl Resolver {
    /// Makes firms of people's names in a row, and settles single ones by what stands before
    /// them (`Carol Bell of Kidder`) and by lists (`Berne`).
    pub(in crate::entity) fn find_firms(&mut self, input: &Input<'_>, spans: &mut Vec<Span>) {
        if !spans.iter().any(|span| span.kind == EntityKind::Person) {
            return;
        }
        self.begin(input.forms);
        let owners = self.companies_in_full(input, spans);
        let people = self.people_named(input, spans);
        let mut firms = self.firms_named(input, spans, &people);
        firms.extend(owners.into_iter().filter(|owner| !people.contains(owner)));
        let rows = self.rows(input, spans, &people);
        firms.extend(rows.iter().filter(|row| row.certain).map(|row| row.key));
        merge_rows(spans, rows.iter().filter(|row| firms.contains(&row.key)));
        for at in 0..spans.len() {
            let Some(kind) = self.settled_alone(input, spans, at, &people, &mut firms) else {
                continue;
            };
            if let Some(span) = spans.get_mut(at) {
                span.kind = kind;
            }
        }
        self.extend_owners(input, spans);
        // `Sterling rose`, where the article says `sterling` as well.
        spans.retain(|span| {
            span.kind != EntityKind::Person
                || span.end_token - span.first_token > 1
                || input.sentence(span.part, span.first_token).start != span.first_token
                || people.contains(&self.word_at(input, span.part, span.first_token).key)
                || !self.is_written_small(input, span.part, span.first_token)
        });
        for span in spans.iter_mut().filter(|span| span.kind == EntityKind::Person) {
            let first = self.word_at(input, span.part, span.first_token);
            let width = span.end_token - span.first_token;
            let named = firms.contains(&first.key) && !people.contains(&first.key);
            if named && (width == 1 || width <= 3 && !self.is_given_name(first)) {
                span.kind = EntityKind::Organisation;
            }
        }
    }

    /// Two words with which a company in its legal form begins (`John Labatt Ltd`) are no person,
    /// unless a title stands before them somewhere. Leaves the surnames of such companies.
    fn companies_in_full(&mut self, input: &Input<'_>, spans: &mut [Span]) -> HashSet<u32> {
        let mut companies = HashSet::new();
        for span in spans.iter().filter(|span| span.kind == EntityKind::Organisation) {
            let last = self.word_at(input, span.part, span.end_token - 1);
            let first = self.word_at(input, span.part, span.first_token);
            let width = span.end_token - span.first_token;
            if width > 2 && last.is(LEGAL_FORM) && self.is_given_name(first) {
                companies.insert(self.two_words(input, span));
            }
        }
        if !companies.is_empty() {
            for span in spans.iter().filter(|span| span.kind == EntityKind::Person) {
                if self.is_titled(input, span) {
                    let last = self.word_at(input, span.part, span.end_token - 1);
                    companies.retain(|company| company.1 != last.key);
                }
            }
            for span in spans.iter_mut() {
                if span.kind == EntityKind::Person
                    && span.end_token - span.first_token == 2
                    && companies.contains(&self.two_words(input, span))
                {
                    span.kind = EntityKind::Organisation;
                }
            }
        }
        companies.into_iter().map(|company| company.1).collect()
    }

    fn two_words(&mut self, input: &Input<'_>, span: &Span) -> (u32, u32) {
        let first = self.word_at(input, span.part, span.first_token).key;
        (first, self.word_at(input, span.part, span.first_token + 1).key)
    }

    /// The words of those who are named in full or with a title.
    fn people_named(&mut self, input: &Input<'_>, spans: &[Span]) -> HashSet<u32> {
        let mut people = HashSet::new();
        for span in spans.iter().filter(|span| span.kind == EntityKind::Person) {
            let first = self.word_at(input, span.part, span.first_token);
            let full = span.end_token - span.first_token > 1 && self.is_given_name(first);
            if full || self.is_titled(input, span) {
                let last = self.word_at(input, span.part, span.end_token - 1);
                people.extend([first.key, last.key]);
            }
        }
        people
    }

    fn is_titled(&mut self, input: &Input<'_>, span: &Span) -> bool {
        let before = span.first_token.checked_sub(1);
        before.is_some_and(|at| self.word_at(input, span.part, at).is(TITLE_HEAD))
    }

    /// The first words of companies with their legal form.
    fn firms_named(
        &mut self,
        input: &Input<'_>,
        spans: &[Span],
        people: &HashSet<u32>,
    ) -> HashSet<u32> {
        let mut firms = HashSet::new();
        for span in spans.iter().filter(|span| span.kind == EntityKind::Organisation) {
            if span.end_token - span.first_token > 1
                && self.word_at(input, span.part, span.end_token - 1).is(LEGAL_FORM)
            {
                let first = self.word_at(input, span.part, span.first_token);
                if !first.is(LISTED_PLACE | NEVER_PERSON) && !people.contains(&first.key) {
                    firms.insert(first.key);
                }
            }
        }
        firms
    }

    /// People's names in a row, the last behind `and`.
    fn rows(&mut self, input: &Input<'_>, spans: &[Span], people: &HashSet<u32>) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut at = 0;
        while at < spans.len() {
            let row = self.row_at(input, spans, at, people);
            at = row.as_ref().map_or(at + 1, |row| row.end);
            rows.extend(row);
        }
        // The same long row once more is a name.
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for at in 0..rows.len() {
            let Some(row) = rows.get(at) else { continue };
            let Some(span) = spans.get(row.first) else { continue };
            let (first_token, end_token) = (row.first_token, row.end_token);
            let name = input.name(&Span { first_token, end_token, ..*span });
            if let Some(before) = seen.insert(name, at) {
                for same in [before, at] {
                    if let Some(row) = rows.get_mut(same) {
                        row.certain |= row.likely;
                    }
                }
            }
        }
        rows
    }

    fn row_at(
        &mut self,
        input: &Input<'_>,
        spans: &[Span],
        at: usize,
        people: &HashSet<u32>,
    ) -> Option<Row> {
        let first = spans.get(at)?;
        let part = first.part;
        // `Phillips and Drew`: the first may be taken for an organisation already. A place that
        // everybody knows opens nothing: `Tim Kaine of Virginia and Rep. Robert Hurt`.
        let opens = match first.kind {
            EntityKind::Person => !self.is_titled(input, first),
            EntityKind::Organisation | EntityKind::Place => {
                first.end_token - first.first_token == 1
                    && !self.word_at(input, part, first.first_token).is(CAPITALS | LISTED_PLACE)
                    && spans.get(at + 1).is_some_and(|next| next.kind == EntityKind::Person)
            }
        };
        if !opens {
            return None;
        }
        let sentence = input.sentence(part, first.first_token);
        let mut end = at + 1;
        let mut end_token = first.end_token;
        let (first_token, mut joined) = self.untagged_before(input, spans, at);
        let mut ampersand = false;
        while end - at < MOST_PARTNERS && !joined {
            let comma = input.written(part, end_token) == ",";
            let link = end_token + u32::from(comma);
            let written = input.written(part, link);
            let and = written.eq_ignore_ascii_case("and") || written == "&";
            let next = link + u32::from(and);
            if !comma && !and || next >= sentence.end {
                break;
            }
            match spans.get(end).filter(|span| span.part == part && span.first_token == next) {
                Some(span) if span.end_token - span.first_token <= 3 => {
                    let legal = self.word_at(input, part, span.end_token - 1);
                    let firm =
                        span.kind == EntityKind::Organisation && legal.is(LEGAL_FORM | FIRM);
                    if span.kind != EntityKind::Person && !firm {
                        break;
                    }
                    joined = and || firm && end - at > 1;
                    if firm && !joined {
                        break;
                    }
                    end_token = span.end_token;
                    end += 1;
                }
                // `Harper and Row`, `Brown and Sons`: words that are no names by themselves.
                None if and && self.may_be_partner(input, part, next) => {
                    end_token = next + 1;
                    joined = true;
                }
                _ => break,
            }
            ampersand |= written == "&";
        }
        if !joined {
            return None;
        }
        let mut by_form = self.word_at(input, part, end_token - 1).is(LEGAL_FORM | FIRM);
        while end_token < sentence.end
            && self.word_at(input, part, end_token).is(LEGAL_FORM | FIRM)
            && self.word_at(input, part, end_token).is(CAPITALISED)
            && spans
                .get(end)
                .is_none_or(|span| span.part != part || span.first_token > end_token)
        {
            end_token += 1;
            by_form = true;
        }
        let known = (first_token..end_token)
            .any(|token| people.contains(&self.word_at(input, part, token).key));
        let key = self.word_at(input, part, first_token).key;
        if known && !by_form {
            return None;
        }
        // `Charles and Diana`
        let given = (first_token..end_token).all(|token| {
            let word = self.word_at(input, part, token);
            !word.is(CAPITALISED) || self.is_given_name(word)
        });
        let works_there = self.works_at(input, spans, at, first_token);
        let verb = end_token + u32::from(input.written(part, end_token) == ",");
        let says_it = matches!(input.written(part, verb), "said" | "says")
            && matches!(input.written(part, verb + 1), "it" | "its");
        let certain = by_form || ampersand || works_there || says_it && !given;
        let likely = end - at > 2 && !given;
        if part == Part::Title && !by_form {
            return None;
        }
        Some(Row { first: at, end, first_token, end_token, key, certain, likely })
    }

    /// Whether a word that is tagged as nothing may be the last name of a firm: a title or a
    /// month begins something else.
    fn may_be_partner(&mut self, input: &Input<'_>, part: Part, at: u32) -> bool {
        let word = self.word_at(input, part, at);
        word.is(CAPITALISED) && !word.is(TITLE_HEAD | NEVER_PERSON | LISTED_PLACE | NUMBER)
    }

    /// Where a row begins, as the tagger may have missed its first word, and whether `and` stands
    /// behind that.
    fn untagged_before(&mut self, input: &Input<'_>, spans: &[Span], at: usize) -> (u32, bool) {
        let Some(span) = spans.get(at) else { return (0, false) };
        let none = (span.first_token, false);
        let Some(word) = span.first_token.checked_sub(2) else { return none };
        let link = input.written(span.part, word + 1);
        let and = link.eq_ignore_ascii_case("and") || link == "&";
        let tagged = at.checked_sub(1).and_then(|before| spans.get(before));
        let tagged =
            tagged.is_some_and(|before| before.part == span.part && before.end_token > word);
        let own = self.word_at(input, span.part, word);
        let name = own.is(CAPITALISED)
            && !own.is(NEVER_PERSON | TITLE_HEAD | LISTED_PLACE)
            && word > input.sentence(span.part, span.first_token).start;
        if (and || link == ",") && name && !tagged { (word, and) } else { none }
    }

    /// Whether somebody works there: `Carol Bell of`, `an analyst with`.
    fn works_at(
        &mut self,
        input: &Input<'_>,
        spans: &[Span],
        at: usize,
        first_token: u32,
    ) -> bool {
        let Some(span) = spans.get(at) else { return false };
        let Some(link) = first_token.checked_sub(1) else { return false };
        let written = input.written(span.part, link);
        if !matches!(written, "of" | "at" | "with" | "for" | "by") {
            return false;
        }
        let somebody = at.checked_sub(1).and_then(|before| spans.get(before));
        let somebody = somebody.is_some_and(|before| {
            before.kind == EntityKind::Person
                && before.part == span.part
                && before.end_token == link
                && before.end_token - before.first_token > 1
        });
        let trades = link.checked_sub(1);
        somebody && matches!(written, "of" | "at")
            || trades.is_some_and(|at| self.word_at(input, span.part, at).is(TRADES))
    }

    /// `Shoney's Inc` is no person's Inc.
    fn extend_owners(&mut self, input: &Input<'_>, spans: &mut [Span]) {
        for span in spans.iter_mut().filter(|span| span.kind == EntityKind::Person) {
            let written = input.written(span.part, span.end_token);
            if matches!(written, "'s" | "’s" | "'S" | "’S") {
                let form = self.word_at(input, span.part, span.end_token + 1);
                if form.is(LEGAL_FORM) && form.is(CAPITALISED) {
                    span.kind = EntityKind::Organisation;
                    span.end_token += 2;
                }
            }
        }
    }

    /// `BERNE, March 13`
    fn is_dateline(&mut self, input: &Input<'_>, span: &Span) -> bool {
        input.written(span.part, span.end_token) == ","
            && self.word_at(input, span.part, span.end_token + 2).is(NUMBER)
            && self.word_at(input, span.part, span.end_token + 1).is(NEVER_PERSON)
            && self.word_at(input, span.part, span.first_token).is(CAPITALS)
    }

    /// What a person's name that stands alone is instead, by what stands before it or by lists.
    fn settled_alone(
        &mut self,
        input: &Input<'_>,
        spans: &[Span],
        at: usize,
        people: &HashSet<u32>,
        firms: &mut HashSet<u32>,
    ) -> Option<EntityKind> {
        let span = spans.get(at).filter(|span| span.kind == EntityKind::Person)?;
        let word = self.word_at(input, span.part, span.first_token);
        let width = span.end_token - span.first_token;
        if self.is_dateline(input, span) {
            return Some(EntityKind::Place);
        }
        // `W. Va.`
        let short = width == 2 && input.written(span.part, span.end_token - 1).ends_with('.');
        let known = people.contains(&word.key) || self.is_given_name(word) || width > 3;
        if known && !short || self.is_titled(input, span) {
            return None;
        }
        let listed = match width {
            1 => word.is(LISTED_PLACE) && !self.is_listed_name(input, span),
            _ => gazetteer().is_place(input.name(span)),
        };
        if listed {
            return Some(EntityKind::Place);
        }
        if known {
            return None;
        }
        if self.works_at(input, spans, at, span.first_token) {
            firms.insert(word.key);
            return Some(EntityKind::Organisation);
        }
        None
    }
}

/// Makes one organisation of each row.
fn merge_rows<'a>(spans: &mut Vec<Span>, rows: impl Iterator<Item = &'a Row>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let mut end = 0;
    let mut at = 0;
    spans.retain_mut(|span| {
        let here = at;
        at += 1;
        if here < end {
            return false;
        }
        if let Some(row) = rows.next_if(|row| row.first == here) {
            end = row.end;
            span.kind = EntityKind::Organisation;
            (span.first_token, span.end_token) = (row.first_token, row.end_token);
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::entity::{Reader, Tagger};
    use crate::text::{Lexer, Tokens};

    fn check(body: &str, wanted: &[&str]) {
        let mut lexer = Lexer::new();
        let (title, mut tokens) = (Tokens::default(), Tokens::default());
        lexer.begin_article();
        lexer.read(body, &mut tokens);
        let mut reader = Reader::new(Arc::new(Tagger::new().unwrap()));
        let found = reader.read(lexer.forms(), ("", &title), (body, &tokens), None);
        let names = found.entities.iter();
        let mut names: Vec<String> =
            names.map(|entity| format!("{} {}", entity.kind.tag(), entity.name)).collect();
        names.sort();
        assert_eq!(names, wanted);
    }

    #[test]
    fn surnames_in_a_row_are_a_firm_where_one_works_there() {
        check(
            "Mark Manson, an analyst at Donaldson, Lufkin and Jenrette, said rates would fall. \
             Carol Bell of Phillips and Drew told reporters that they would not. Traders at \
             Woodhouse, Drake and Carey agreed. Woodhouse, Drake and Carey said it was early.",
            &[
                "ORG Donaldson, Lufkin and Jenrette",
                "ORG Phillips and Drew",
                "ORG Woodhouse, Drake and Carey",
                "PER Carol Bell",
                "PER Mark Manson",
            ],
        );
        check(
            "Sen. Tim Kaine of Virginia and Rep. Robert Hurt met Gov. Mary Smith of Texas and Sen. \
             John Brown. Prices rose in Virginia and Rep. Hurt said it was bad.",
            &[
                "LOC Texas",
                "LOC Virginia",
                "PER John Brown",
                "PER Mary Smith",
                "PER Robert Hurt",
                "PER Tim Kaine",
            ],
        );
        check(
            "Charles and Diana arrived on Monday. Charles and Diana said it had been a long day.",
            &["PER Charles", "PER Diana"],
        );
        check(
            "James Baker and Paul Volcker met in Bonn. Baker and Volcker said it was a success.",
            &["LOC Bonn", "PER James Baker", "PER Paul Volcker"],
        );
    }
}
