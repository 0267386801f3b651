//! Clauses that the pages themselves put behind a query: `-person:"John Kerry"`,
//! `section:"World"`. They are recognised again, to be shown as filters that can be taken away.

/// One clause at the end of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) field: String,
    pub(super) value: String,
    pub(super) is_excluded: bool,
}

/// The fields that the pages write.
const FIELDS: [&str; 8] = ["person", "org", "place", "source", "lang", "section", "date", "by"];

impl Clause {
    pub(super) fn new(field: &str, value: &str, is_excluded: bool) -> Self {
        Self { field: field.to_owned(), value: value.to_owned(), is_excluded }
    }

    fn written(&self) -> String {
        let mut text = String::new();
        if self.is_excluded {
            text.push('-');
        }
        text.push_str(&self.field);
        text.push_str(":\"");
        for c in self.value.chars() {
            if is_escaped(c) {
                text.push('\\');
            }
            text.push(c);
        }
        text.push('"');
        text
    }
}

/// The query language takes these for quotes too.
fn is_escaped(c: char) -> bool {
    matches!(c, '"' | '\\' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

/// The query with one more clause.
pub(super) fn with(text: &str, clause: &Clause) -> String {
    let written = clause.written();
    if text.trim().is_empty() { written } else { format!("{} {written}", text.trim_end()) }
}

/// The query cut into what a person typed and the clauses behind it.
pub(super) fn split(text: &str) -> (String, Vec<Clause>) {
    let mut rest = text.trim_end();
    let mut clauses = Vec::new();
    while let Some((before, clause)) = last(rest) {
        clauses.push(clause);
        rest = before.trim_end();
    }
    clauses.reverse();
    (rest.to_owned(), clauses)
}

/// The query without one of its clauses.
pub(super) fn without(text: &str, index: usize) -> String {
    let (mut out, clauses) = split(text);
    for (at, clause) in clauses.iter().enumerate() {
        if at != index {
            out = with(&out, clause);
        }
    }
    out
}

fn last(text: &str) -> Option<(&str, Clause)> {
    let body = text.strip_suffix('"')?;
    // The quote that opens the value is the last one that is not escaped.
    let (mut open, mut escapes) = (None, 0_usize);
    for (at, c) in body.char_indices() {
        if c == '"' && escapes % 2 == 0 {
            open = Some(at);
        }
        escapes = if c == '\\' { escapes + 1 } else { 0 };
    }
    if escapes % 2 == 1 {
        return None;
    }
    let (before, value) = body.split_at_checked(open?)?;
    let before = before.strip_suffix(':')?;
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (rest, name) = before.split_at_checked(start)?;
    // Inside an OR, a clause means something else than a filter.
    let is_operand =
        ["OR", "AND", "NOT", "("].iter().any(|word| rest.trim_end().ends_with(word));
    let (is_excluded, field) = match name.strip_prefix('-') {
        Some(field) => (true, field),
        None => (false, name),
    };
    if is_operand || !FIELDS.contains(&field) {
        return None;
    }
    let mut plain = String::new();
    let mut characters = value.strip_prefix('"')?.chars();
    while let Some(c) = characters.next() {
        plain.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    Some((rest, Clause { field: field.to_owned(), value: plain, is_excluded }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_come_off_as_they_were_put_on() {
        let first = Clause::new("person", "Jean \"Django\" O\\Neill", true);
        let second = Clause::new("section", "World: news", false);
        for typed in ["", "peace talks", "\"exact phrase\"", "a OR b"] {
            let text = with(&with(typed, &first), &second);
            assert_eq!(split(&text), (typed.to_owned(), vec![first.clone(), second.clone()]));
            assert_eq!(without(&text, 0), with(typed, &second));
        }
    }

    #[test]
    fn what_a_person_typed_is_left_alone() {
        for typed in
            ["a OR person:\"b\"", "x -\"phrase\"", "persn:\"x\"", "\"", "person:\"a\\\"", "é\""]
        {
            assert_eq!(split(typed), (typed.to_owned(), vec![]), "{typed}");
        }
    }
}
