//! JSON as it is written: on one line for programs, indented for a terminal, and without characters
//! that a terminal would act on.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::context::Context;
use super::failure::Failure;

/// Writes a document with a line end.
pub(super) fn write(value: &impl Serialize, context: &mut Context) -> Result<(), Failure> {
    if context.out.is_terminal() {
        let formatter = Escaping(PrettyFormatter::new());
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut context.out, formatter);
        serialize(value, &mut serializer)?;
        context.out.text("\n")
    } else {
        line(value, &mut context.out)
    }
}

/// Writes a document on one line.
pub(super) fn line(value: &impl Serialize, out: &mut impl Write) -> Result<(), Failure> {
    let formatter = Escaping(CompactFormatter);
    serialize(value, &mut serde_json::Serializer::with_formatter(&mut *out, formatter))?;
    Ok(out.write_all(b"\n")?)
}

/// A value as JSON without a line end.
pub(super) fn value(value: &impl Serialize, out: &mut impl Write) -> Result<(), Failure> {
    let formatter = Escaping(CompactFormatter);
    serialize(value, &mut serde_json::Serializer::with_formatter(out, formatter))
}

fn serialize<W: Write, F: Formatter>(
    value: &impl Serialize,
    serializer: &mut serde_json::Serializer<W, F>,
) -> Result<(), Failure> {
    value.serialize(serializer).map_err(|error| io::Error::from(error).into())
}

/// Writes what terminals act on beyond the characters that JSON itself escapes (delete, the C1
/// controls, marks of direction) as `\u….`.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| acts(*c)) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            writer.write_all(before.as_bytes())?;
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

fn acts(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_survives_and_no_control_character_is_written() {
        let text = "a\u{9b}31m\u{1b}[m \u{7f}é “b” \u{202e}c\n";
        let mut out = Vec::new();
        line(&text, &mut out).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert!(written.trim_end().chars().all(|c| !c.is_control() && !acts(c)), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
