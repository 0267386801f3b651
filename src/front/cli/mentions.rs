//! `entities`: the names in a text.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use serde::Serialize;

use super::args::EntitiesArgs;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::{json, user_file};
use crate::enrich::language_of;
use crate::entity::tagger::{Scratch, Span};
use crate::entity::{Reader, Tagger};
use crate::text::{Lexer, Tokens, decode};

/// A mention as a line of output; offsets count Unicode scalar values.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'static str,
    name: &'a str,
    text: &'a str,
    start: usize,
    end: usize,
}

/// `entities [FILE]`.
pub(super) fn entities(args: &EntitiesArgs, context: &mut Context) -> Result<Exit, Failure> {
    if args.tokens {
        return tokens(args, context);
    }
    let bytes = user_file::read_bytes(args.file.as_deref())?;
    let decoded = decode(&bytes, None);
    let text = decoded.text.as_str();
    let mut lexer = Lexer::new();
    let (title, mut body) = (Tokens::default(), Tokens::default());
    lexer.begin_article();
    lexer.read(text, &mut body);
    let mut reader = Reader::new(Arc::new(Tagger::new()?));
    let language = language_of(text, "", None);
    let found = reader.read(lexer.forms(), ("", &title), (text, &body), language.as_deref());
    let mut offsets = Offsets::new(text);
    for mention in &found.mentions {
        let Some(entity) = found.entities.get(mention.entity as usize) else { continue };
        let range = mention.start as usize..mention.end as usize;
        let line = Line {
            kind: entity.kind.name(),
            name: &entity.name,
            text: text.get(range.clone()).unwrap_or_default(),
            start: offsets.chars_before(range.start),
            end: offsets.chars_before(range.end),
        };
        json::line(&line, &mut context.out)?;
    }
    Ok(Exit::found(!found.mentions.is_empty()))
}

/// Byte offsets to offsets in Unicode scalar values, in one pass for rising offsets.
struct Offsets<'a> {
    text: &'a str,
    bytes: usize,
    chars: usize,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, bytes: 0, chars: 0 }
    }

    fn chars_before(&mut self, byte: usize) -> usize {
        if byte < self.bytes {
            (self.bytes, self.chars) = (0, 0);
        }
        let between = self.text.get(self.bytes..byte).unwrap_or_default();
        self.chars += between.chars().count();
        self.bytes = byte;
        self.chars
    }
}

/// `entities --tokens`: an article at a time.
fn tokens(args: &EntitiesArgs, context: &mut Context) -> Result<Exit, Failure> {
    let file = args.file.as_deref();
    let mut input = user_file::lines(file)?;
    let mut tagging = Tagging {
        tagger: Tagger::new()?,
        scratch: Scratch::default(),
        spans: Vec::new(),
        lines: Vec::new(),
    };
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = input.read_until(b'\n', &mut bytes);
        let is_end = read.map_err(|error| user_file::failed(file, &error))? == 0;
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        if is_end || token(line) == Some(ARTICLE) {
            tagging.finish(context)?;
        }
        if is_end {
            return Ok(Exit::Found);
        }
        tagging.lines.push(line.to_owned());
    }
}

/// The line that begins an article in the files of CoNLL-2003.
const ARTICLE: &str = "-DOCSTART-";

/// What stands first on a line; none on a blank one.
fn token(line: &str) -> Option<&str> {
    line.split_whitespace().next()
}

struct Tagging {
    tagger: Tagger,
    scratch: Scratch,
    spans: Vec<Span>,
    lines: Vec<String>,
}

impl Tagging {
    /// Tags the lines of one article and writes them.
    fn finish(&mut self, context: &mut Context) -> Result<(), Failure> {
        let mut sentences: Vec<Vec<&str>> = vec![Vec::new()];
        for line in &self.lines {
            match token(line) {
                None => sentences.push(Vec::new()),
                Some(ARTICLE) => {}
                Some(word) => {
                    if let Some(sentence) = sentences.last_mut() {
                        sentence.push(word);
                    }
                }
            }
        }
        self.tagger.tag_tokens(&mut self.scratch, &sentences, &mut self.spans);
        let count = sentences.iter().map(Vec::len).sum();
        let mut tags = vec![String::from("O"); count];
        for span in &self.spans {
            let range = span.first_token as usize..span.end_token as usize;
            for (at, tag) in tags.get_mut(range).unwrap_or_default().iter_mut().enumerate() {
                let place = if at == 0 { 'B' } else { 'I' };
                *tag = format!("{place}-{}", span.kind.tag());
            }
        }
        let mut tags = tags.iter();
        for line in &self.lines {
            match token(line) {
                None => writeln!(context.out, "{line}")?,
                Some(ARTICLE) => writeln!(context.out, "{line}\tO")?,
                Some(_) => {
                    let tag = tags.next().map_or("O", String::as_str);
                    writeln!(context.out, "{line}\t{tag}")?;
                }
            }
        }
        self.lines.clear();
        Ok(())
    }
}
