//! Markdown with front matter, as static site generators and archivists keep articles.

use super::{Fit, Format, Sample, Source};
use crate::article::Article;
use crate::date::{self, DayOrder};
use crate::text::{normalise, one_line};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    version: 1,
    extensions: &["md", "markdown", "mdown"],
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    if front_matter(sample.start).is_some_and(|(fields, _)| !fields.is_empty()) {
        return Fit::Certain;
    }
    sample.by_name(FORMAT.extensions, &["text/markdown"], Fit::No)
}

fn read(source: &Source<'_>) -> Vec<Article> {
    let text = normalise(source.text);
    let text = text.trim_start();
    let (fields, rest) = front_matter(text).unwrap_or((Vec::new(), text));
    let mut article = Article::default();
    for (key, values) in fields {
        take_field(&mut article, &key, values);
    }
    let mut paragraphs = Vec::new();
    for block in blocks(rest) {
        match block {
            Block::Text(text) => paragraphs.push(text),
            Block::Caption(text) => article.captions.push(text),
            Block::Heading(text) if article.title.is_empty() && paragraphs.is_empty() => {
                article.title = text;
            }
            Block::Heading(text) if text == article.title => {}
            Block::Heading(text) => paragraphs.push(text),
        }
    }
    if article.title.is_empty() && paragraphs.is_empty() {
        return Vec::new();
    }
    article.body = paragraphs.join("\n\n");
    vec![article]
}

fn take_field(article: &mut Article, key: &str, mut values: Vec<String>) {
    let Some(first) = values.first().cloned() else { return };
    match key {
        "title" | "headline" => article.title = first,
        "author" | "authors" | "byline" => article.byline.append(&mut values),
        "date" | "published" | "publish_date" | "pubdate" | "created" => {
            article.date = article.date.or_else(|| date::parse(&first, DayOrder::Unknown));
        }
        "original_url" | "canonical_url" | "link" => article.url = Some(first),
        "url" | "permalink" if article.url.is_none() && first.contains("://") => {
            article.url = Some(first);
        }
        "category" | "categories" | "section" => article.section = Some(first),
        "source" | "publication" | "newspaper" => article.source = Some(first),
        "lang" | "language" => article.language = first.get(..2).map(str::to_ascii_lowercase),
        "people" | "persons" => article.declared.people.append(&mut values),
        "organisations" | "organizations" => article.declared.organisations.append(&mut values),
        "places" | "locations" => article.declared.places.append(&mut values),
        "page" => article.page = Some(first),
        "edition" => article.edition = Some(first),
        _ => {}
    }
}

type Fields = Vec<(String, Vec<String>)>;

/// The fields between two lines of `---`, as the simple part of YAML, and the text behind them.
fn front_matter(text: &str) -> Option<(Fields, &str)> {
    let after = text.strip_prefix("---")?;
    let (first, mut rest) = after.split_once('\n')?;
    if !first.trim().is_empty() {
        return None;
    }
    let mut fields: Fields = Vec::new();
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let trimmed = line.trim();
        if trimmed == "---" || trimmed == "..." {
            return Some((fields, after));
        }
        if after.is_empty() {
            // Without an end it may be a cut sample; fields that were read are good evidence.
            return (fields.len() > 1).then_some((fields, ""));
        }
        rest = after;
        if let Some(item) = trimmed.strip_prefix("- ") {
            if let Some((_, values)) = fields.last_mut() {
                values.push(unquoted(item));
            }
            continue;
        }
        let Some((key, value)) = trimmed.split_once(':') else { continue };
        if line.starts_with(' ') || key.contains(' ') {
            continue;
        }
        fields.push((key.to_ascii_lowercase(), values_of(value.trim())));
    }
}

fn values_of(value: &str) -> Vec<String> {
    if let Some(list) = value.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        return list.split(',').map(unquoted).filter(|item| !item.is_empty()).collect();
    }
    let single = unquoted(value);
    if single.is_empty() { Vec::new() } else { vec![single] }
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        let inner = value.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote));
        if let Some(inner) = inner {
            let doubled = format!("{quote}{quote}");
            let inner = inner.replace(&doubled, &quote.to_string());
            return one_line(&inner.replace("\\\"", "\""));
        }
    }
    one_line(value)
}

enum Block {
    Heading(String),
    Text(String),
    Caption(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut in_figure = false;
    for line in text.split('\n').chain([""]) {
        let line = line.trim();
        if line.starts_with("<figure") {
            in_figure = true;
        }
        if in_figure {
            if let Some((_, after)) = line.split_once("<figcaption") {
                let caption = after.split_once('>').map_or("", |(_, caption)| caption);
                push_text(&mut blocks, caption, Block::Caption);
            }
            in_figure = !line.contains("</figure>");
            continue;
        }
        if is_link_definition(line) {
            continue;
        }
        let heading = line.trim_start_matches('#');
        let is_heading = heading.len() < line.len() && heading.starts_with(' ');
        let is_rule =
            line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '='));
        if (line.is_empty() || is_heading || is_rule) && !paragraph.is_empty() {
            // What stands with a picture is its caption.
            let with_picture = paragraph.first().is_some_and(|line| line.starts_with("!["));
            let block = if with_picture { Block::Caption } else { Block::Text };
            push_text(&mut blocks, &paragraph.join(" "), block);
            paragraph.clear();
        }
        if is_heading {
            push_text(&mut blocks, heading, Block::Heading);
        } else if !line.is_empty() && !is_rule {
            paragraph.push(line);
        }
    }
    blocks
}

/// `[1]: http://…`
fn is_link_definition(line: &str) -> bool {
    line.starts_with('[')
        && line.split_once("]: ").is_some_and(|(_, address)| !address.trim().contains(' '))
}

fn push_text(blocks: &mut Vec<Block>, markup: &str, block: fn(String) -> Block) {
    let text = without_markup(markup);
    if !text.is_empty() {
        blocks.push(block(text));
    }
}

/// Text without links, emphasis, quotation marks of blocks, pictures and inline tags.
fn without_markup(markup: &str) -> String {
    let markup = markup.trim_start_matches(['>', ' ']);
    let markup = ["* ", "- ", "+ "]
        .iter()
        .find_map(|bullet| markup.strip_prefix(bullet))
        .unwrap_or(markup);
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find(['[', '!', '*', '_', '<', '\\', '`']) {
        let (before, marked) = rest.split_at(at);
        text.push_str(before);
        let mut chars = marked.chars();
        let first = chars.next().unwrap_or_default();
        let after = chars.as_str();
        rest = match first {
            '[' | '!' => {
                let is_picture = first == '!';
                let inner = if is_picture { after.strip_prefix('[') } else { Some(after) };
                if let Some((label, behind)) = inner.and_then(link) {
                    if !is_picture {
                        text.extend(label.chars().filter(|c| !"[]*`!".contains(*c)));
                    }
                    behind
                } else {
                    text.push(first);
                    after
                }
            }
            '<' => match after.split_once('>') {
                Some((tag, behind))
                    if tag.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) =>
                {
                    if tag.starts_with("http") {
                        text.push_str(tag);
                    }
                    behind
                }
                _ => {
                    text.push(first);
                    after
                }
            },
            '\\' => {
                let mut escaped = after.chars();
                text.extend(escaped.next());
                escaped.as_str()
            }
            // Emphasis; a lone star or an underscore inside a word is text.
            _ => {
                let in_word = text.ends_with(char::is_alphanumeric)
                    && after.starts_with(char::is_alphanumeric);
                let alone = after.starts_with(' ') && (text.is_empty() || text.ends_with(' '));
                if (first == '_' && in_word) || alone {
                    text.push(first);
                }
                after
            }
        };
    }
    text.push_str(rest);
    one_line(&text)
}

/// The label of a link whose `[` was read, and what stands behind the link: `label](address)`,
/// `label][reference]`.
///
/// Both parts are bounded, so that a text of brackets costs no more than its length.
fn link(after_bracket: &str) -> Option<(&str, &str)> {
    const LONGEST_LABEL: usize = 300;
    const LONGEST_ADDRESS: usize = 1500;
    let mut depth = 1_usize;
    let end = after_bracket.char_indices().take(LONGEST_LABEL).find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let (label, rest) = after_bracket.split_at(end);
    let behind = rest.strip_prefix(']')?;
    let close = match behind.bytes().next()? {
        b'(' => b')',
        b'[' => b']',
        _ => return None,
    };
    let window = behind.as_bytes().get(..LONGEST_ADDRESS).unwrap_or(behind.as_bytes());
    let address_end = memchr::memchr(close, window)?;
    Some((label, behind.get(address_end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::super::Hints;
    use super::*;

    #[test]
    fn front_matter_and_markup_become_an_article() {
        let text = "---\nlayout: post\ntitle: \"Talks \\\"end\\\"\"\nauthor: [Ana Ruiz, Jo Lee]\ndate: 2013-02-05\ntags:\n  - steel\n---\n\n# Talks \"end\"\n\n<figure>\n<img src=\"a.jpg\">\n<figcaption>Ministers in Geneva</figcaption>\n</figure>\n\nThe **talks** about\n[steel](http://a.example/steel) ended_up nowhere * today.\n\n## Next\n\n![a](b.jpg)\n\nMore.";
        let article = read(&Source { text, hints: Hints::default() }).remove(0);
        assert_eq!(article.title, "Talks \"end\"");
        assert_eq!(article.byline, ["Ana Ruiz", "Jo Lee"]);
        assert_eq!(article.date.unwrap().to_string(), "2013-02-05");
        assert_eq!(article.captions, ["Ministers in Geneva"]);
        assert_eq!(
            article.body,
            "The talks about steel ended_up nowhere * today.\n\nNext\n\nMore."
        );
    }
}
