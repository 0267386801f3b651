//! The query language in plain words, made from the tables that the parser reads.

use super::field::FIELDS;

/// A form of the language and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// An example, itself a valid query.
    pub example: &'static str,
    /// What it finds, in one line.
    pub help: &'static str,
}

const fn syntax(example: &'static str, help: &'static str) -> Syntax {
    Syntax { example, help }
}

/// The forms of the language other than fields, the most needed first.
pub const SYNTAX: &[Syntax] = &[
    syntax("nuclear test", "both words, in any inflection"),
    syntax("missile OR rocket", "either word"),
    syntax("kerry -ketchup", "without the second word; also NOT, AND NOT"),
    syntax("(missile OR rocket) launch", "parentheses group"),
    syntax("\"nuclear test\"", "the exact phrase"),
    syntax("\"nuclear test\"~5", "the words near each other"),
    syntax("\"talks on * arms\"", "any one word in the place of *"),
    syntax("missil* wom?n", "* is any letters, ? is one letter"),
    syntax("=tests", "just this form of the word"),
    syntax("gadafi~ gaddafi~2", "one letter different, or two"),
    syntax("oil W/5 price", "at most five words apart, in either order; also NEAR5"),
    syntax("oil PRE/5 price", "in this order; also ADJ5"),
    syntax("bush NOT W/3 fire", "bush with no fire within three words"),
    syntax("fraud W/S charge*", "in one sentence; W/P: in one paragraph"),
    syntax("(oil OR gas) W/5 \"price cap\"", "groups and phrases near each other"),
    syntax("sanctions W/10 PERSON", "near any person; also ORG and PLACE"),
    syntax("fraud W/5 person:\"John Kerry\"", "near this person, in any form of the name"),
    syntax("ATLEAST3(sanctions)", "three times or more"),
    syntax("LEAD(talks)", "in the first paragraphs"),
    syntax("*", "every article"),
];

/// The whole language on one screen, for a terminal.
#[must_use]
pub fn help() -> String {
    let width = SYNTAX
        .iter()
        .map(|syntax| syntax.example)
        .chain(FIELDS.iter().map(|field| field.example))
        .map(|example| example.chars().count())
        .max()
        .unwrap_or(0);
    let line = |example: &str, help: &str| format!("  {example:width$}  {help}\n");
    let mut out = String::from("Queries\n");
    out.extend(SYNTAX.iter().map(|syntax| line(syntax.example, syntax.help)));
    out.push_str("\nFields\n");
    out.extend(FIELDS.iter().map(|field| line(field.example, field.help)));
    out.push_str(
        "\nJoined first to last: parentheses, W/n and its kind, NOT, OR, AND (or a space):\n\
         a OR b c is (a OR b) c. Connectors are in capitals. Dates are written 2012, 2012-02\n\
         or 2012-02-05; ranges 2012..2013, 2012.., >2012, <=2012-05. A backslash takes the\n\
         meaning from a sign, and so do quotes.\n",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn every_example_is_a_query_without_warnings() {
        let examples = SYNTAX.iter().map(|syntax| syntax.example);
        for example in examples.chain(FIELDS.iter().map(|field| field.example)) {
            let parsed = parse(example).unwrap();
            assert_eq!(parsed.warnings, [], "{example}");
        }
    }

    #[test]
    fn help_fits_a_terminal() {
        let widest = help().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{widest:?}");
        assert!(help().lines().all(|line| line == line.trim_end()));
    }
}
