//! Tree → text: the canonical form, with parentheses wherever something composite stands
//! inside something else, so that a reader needs no table of precedence.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{Form, Kind, Phrase, Proximity, Query, Word, WordRange};
use super::ast::{is_quote, is_space, trim_punctuation};
use super::field::{Field, FieldKind};
use super::lex::{Class, classify};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::All => f.write_char('*'),
            Kind::Word(word) => f.write_str(&bare_word(word)),
            Kind::Phrase(phrase) => write_phrase(phrase, f),
            Kind::And(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        f.write_char(' ')?;
                    }
                    match &part.kind {
                        Kind::Not(_) => part.fmt(f)?,
                        _ => write_operand(part, f)?,
                    }
                }
                Ok(())
            }
            Kind::Or(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" OR ")?;
                    }
                    write_operand(part, f)?;
                }
                Ok(())
            }
            Kind::Not(operand) => {
                f.write_str("NOT ")?;
                write_operand(operand, f)
            }
            Kind::Near { proximity, left, right } => write_near(*proximity, left, right, f),
            Kind::AtLeast { count, operand } => write!(f, "ATLEAST{count}({operand})"),
            Kind::Scope { zone, operand } => {
                write_field(FieldKind::Scope(*zone), f)?;
                match operand.kind {
                    Kind::All
                    | Kind::Word(_)
                    | Kind::Phrase(_)
                    | Kind::Mention(_)
                    | Kind::Entity { .. } => operand.fmt(f),
                    _ => write!(f, "({operand})"),
                }
            }
            Kind::Mention(kind) => f.write_str(kind.keyword()),
            Kind::Entity { kind, name } => {
                write_field(FieldKind::Entity(*kind), f)?;
                write_value(name, f)
            }
            Kind::Attribute { attribute, value } => {
                write_field(FieldKind::Attribute(*attribute), f)?;
                write_value(value, f)
            }
            Kind::Date(range) => {
                write_field(FieldKind::Date, f)?;
                range.fmt(f)
            }
            Kind::Words(range) => {
                write_field(FieldKind::Words, f)?;
                range.fmt(f)
            }
            Kind::Undated(undated) => {
                write_field(FieldKind::Undated, f)?;
                undated.fmt(f)
            }
        }
    }
}

impl Display for WordRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => min.fmt(f),
            (Some(min), Some(max)) => write!(f, "{min}..{max}"),
            (Some(min), None) => write!(f, ">={min}"),
            (None, Some(max)) => write!(f, "<={max}"),
            (None, None) => f.write_str(">=0"),
        }
    }
}

/// A part of something else: composite ones in parentheses.
fn write_operand(query: &Query, f: &mut Formatter<'_>) -> fmt::Result {
    match query.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Near { .. } => write!(f, "({query})"),
        _ => query.fmt(f),
    }
}

fn write_near(
    proximity: Proximity,
    left: &Query,
    right: &Query,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    // Right before a connector, `not` would be read as a part of it.
    match &left.kind {
        Kind::Word(Word { text, form: Form::Stemmed }) if text == "not" => {
            f.write_str(r"\not")?;
        }
        _ => write_operand(left, f)?,
    }
    write!(f, " {proximity} ")?;
    write_operand(right, f)
}

fn write_field(kind: FieldKind, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{}:", Field::name_of(kind))
}

/// The value of a field: in quotes unless it is surely read whole without.
fn write_value(value: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let plain = |c: char| !is_space(c) && !is_quote(c) && !matches!(c, '(' | ')' | '\\');
    if value.chars().all(plain) && trim_punctuation(value) == value {
        return f.write_str(value);
    }
    f.write_char('"')?;
    write_in_quotes(value, f)?;
    f.write_char('"')
}

fn write_phrase(phrase: &Phrase, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for (index, word) in phrase.words.iter().enumerate() {
        if index > 0 {
            f.write_char(' ')?;
        }
        write_in_quotes(word, f)?;
    }
    f.write_char('"')?;
    if phrase.slop > 0 { write!(f, "~{}", phrase.slop) } else { Ok(()) }
}

fn write_in_quotes(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for c in text.chars() {
        if is_quote(c) || c == '\\' {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// A word with the signs of its form, and escapes for what would be read as another sign.
fn bare_word(word: &Word) -> String {
    let pattern = word.form == Form::Pattern;
    let mut out = String::new();
    if word.form == Form::Exact {
        out.push('=');
    }
    // A colon after nothing but letters would make a field of them.
    let mut name = true;
    for (index, c) in word.text.chars().enumerate() {
        let sign = match c {
            '*' | '?' => !pattern,
            '-' | '+' | '=' => index == 0,
            ':' => name && index > 0,
            '~' | '\\' | '(' | ')' => true,
            _ => is_quote(c),
        };
        name &= c.is_alphabetic() || c == '_';
        if sign {
            out.push('\\');
        }
        out.push(c);
    }
    if let Form::Fuzzy(edits) = word.form {
        out.push('~');
        if edits > 1 {
            out.push_str(&edits.to_string());
        }
    }
    match classify(&out, false) {
        Class::Plain => out,
        Class::Connector(_) | Class::Malformed(_) => format!("\\{out}"),
    }
}
