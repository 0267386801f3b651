//! The article's text out of a page: found by a readability library, then cleaned block by block.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::blocks::{Block, Kind, blocks, is_hidden};
use super::metadata::Metadata;
use crate::text::{fold, normalise, one_line};

/// The parts of an article as a page shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) paragraphs: Vec<String>,
    pub(super) captions: Vec<String>,
    pub(super) boilerplate: Vec<String>,
    /// Short lines between the headline and the text.
    pub(super) above: Vec<String>,
}

/// Most elements that the readability library is given: it is not linear beyond reason, but slow.
const MOST_ELEMENTS: usize = 200_000;

impl Content {
    pub(super) fn of(document: Document, metadata: &Metadata) -> Self {
        remove_other_articles(&document, &metadata.title);
        let whole = document.body().map(|body| blocks(&body)).unwrap_or_default();
        remove_hidden(&document);
        let found = readable(document);
        let mut content = Self::from_blocks(found, metadata);
        let found_length = content.length();
        // Nothing found: a page of the first years, or a short one. All blocks that are no links.
        if found_length < 200 {
            let all = Self::from_blocks(whole.clone(), metadata);
            if all.length() > found_length {
                content = all;
            }
        }
        content.check_against(metadata.described_body.as_deref());
        content.look_above(&whole, metadata);
        content
    }

    fn length(&self) -> usize {
        self.paragraphs.iter().map(String::len).sum()
    }

    fn from_blocks(blocks: Vec<Block>, metadata: &Metadata) -> Self {
        let mut content = Self::default();
        let title = fold(&metadata.title).into_owned();
        for (index, block) in blocks.iter().enumerate() {
            let Block { kind, text, .. } = block;
            match kind {
                Kind::Caption => push_new(&mut content.captions, text.clone()),
                Kind::Beside => push_new(&mut content.boilerplate, text.clone()),
                Kind::Pre => content.paragraphs.extend(crate::format::plain::paragraphs(text)),
                Kind::Heading => {
                    // A heading over nothing, or over links, is no part of the text.
                    let next = blocks.get(index + 1..).and_then(|rest| {
                        rest.iter().find(|block| !matches!(block.kind, Kind::Caption))
                    });
                    let leads_text = next.is_some_and(|next| {
                        !next.is_links() && !matches!(next.kind, Kind::Beside)
                    });
                    if fold(text) == title || !leads_text || block.is_links() {
                        push_new(&mut content.boilerplate, text.clone());
                    } else {
                        content.paragraphs.push(text.clone());
                    }
                }
                Kind::Paragraph | Kind::ListItem | Kind::Standfirst => {
                    if block.is_links() && block.length() < 250 {
                        push_new(&mut content.boilerplate, text.clone());
                    } else {
                        content.paragraphs.push(text.clone());
                    }
                }
            }
        }
        content
    }

    /// Looks at what the page shows between the headline and the text: a summary that the library
    /// left out, the byline, the date.
    fn look_above(&mut self, whole: &[Block], metadata: &Metadata) {
        const FARTHEST: usize = 25;
        let Some(first) = self.paragraphs.first() else { return };
        let first_folded = fold(first).into_owned();
        let title = letters(&metadata.title);
        let Some(first_at) = whole.iter().position(|block| fold(&block.text) == first_folded)
        else {
            return;
        };
        let above = whole.get(first_at.saturating_sub(FARTHEST)..first_at).unwrap_or_default();
        let headline_at =
            above.iter().rposition(|block| !title.is_empty() && letters(&block.text) == title);
        let from = headline_at.map_or(above.len().saturating_sub(FARTHEST / 3), |at| at + 1);
        let between = above.get(from..).unwrap_or_default();
        self.above = between
            .iter()
            .filter(|block| block.kind != Kind::Caption && block.length() <= 160)
            .map(|block| block.text.clone())
            .collect();
        if headline_at.is_none() {
            return;
        }
        let described: Vec<String> =
            metadata.descriptions.iter().map(|text| letters(text)).collect();
        let standfirst = between.iter().find(|block| {
            let usable = matches!(
                block.kind,
                Kind::Paragraph | Kind::Heading | Kind::ListItem | Kind::Standfirst
            );
            usable
                && (20..=600).contains(&block.length())
                && !block.is_links()
                && (block.kind == Kind::Standfirst || described.contains(&letters(&block.text)))
        });
        if let Some(standfirst) = standfirst
            && !self.paragraphs.contains(&standfirst.text)
        {
            self.paragraphs.insert(0, standfirst.text.clone());
        }
    }

    /// Compares with the text that the page's own metadata has of the article, where it has it
    /// whole: what is missing there at both ends is not the article's.
    fn check_against(&mut self, described: Option<&str>) {
        let Some(described) = described else { return };
        let described_text = one_line(&normalise(&Document::fragment(described).text()));
        let described_words = described_text.split(' ').count();
        if described_words < 80 {
            return;
        }
        let known = fold(&described_text).into_owned();
        let is_known = |paragraph: &String| {
            let folded = fold(paragraph).into_owned();
            let start: String = folded.chars().take(60).collect();
            // A drop cap may have been cut from the first word, a link from the last.
            let middle: String = folded.chars().skip(20).take(50).collect();
            known.contains(&start) || (middle.chars().count() == 50 && known.contains(&middle))
        };
        let known_length: usize =
            self.paragraphs.iter().filter(|p| is_known(p)).map(String::len).sum();
        if known_length * 10 < described_text.len() * 5 {
            // Another part of the page was taken for the article.
            let lost = std::mem::take(&mut self.paragraphs);
            self.boilerplate.extend(lost);
            self.paragraphs = described_paragraphs(described);
            return;
        }
        if known_length * 10 < described_text.len() * 8 {
            return;
        }
        // Long paragraphs above are the article's, though the metadata's copy has lost them.
        let first = self
            .paragraphs
            .iter()
            .position(|paragraph| paragraph.len() > 150 || is_known(paragraph))
            .unwrap_or(0);
        let end = self.paragraphs.iter().rposition(is_known).map_or(0, |last| last + 1);
        let behind = self.paragraphs.split_off(end.max(first));
        let before: Vec<String> = self.paragraphs.drain(..first).collect();
        self.boilerplate.extend(before);
        self.boilerplate.extend(behind);
    }
}

fn described_paragraphs(described: &str) -> Vec<String> {
    let marked = described.replace("\r\n", "\n");
    let parts: Vec<String> = if marked.contains("</p>") {
        let fragment = Document::fragment(marked);
        blocks(&fragment.root()).into_iter().map(|block| block.text).collect()
    } else {
        let text = normalise(&marked).into_owned();
        let separator = if text.contains("\n\n") { "\n\n" } else { "\n" };
        text.split(separator).map(one_line).collect()
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Pages that go on with other articles below have each in an element of its own, with its headline.
fn remove_other_articles(document: &Document, title: &str) {
    let title = letters(title);
    let articles: Vec<NodeRef<'_>> = document
        .root()
        .descendants_it()
        .filter(|node| node.has_name("article"))
        .take(200)
        .collect();
    if articles.len() < 2 {
        return;
    }
    let headline_of = |article: &NodeRef<'_>| -> Vec<String> {
        article
            .descendants_it()
            .filter(|node| node.has_name("h1"))
            .take(5)
            .map(|heading| letters(&heading.text()))
            .collect()
    };
    let headlines: Vec<Vec<String>> = articles.iter().map(headline_of).collect();
    if !headlines.iter().any(|of_article| of_article.contains(&title)) {
        return;
    }
    for (article, of_article) in articles.iter().zip(&headlines) {
        if !of_article.is_empty() && !of_article.contains(&title) {
            article.remove_from_parent();
        }
    }
}

/// What the page does not show to begin with is no text of the article: appeals, menus, captions of
/// other pictures.
fn remove_hidden(document: &Document) {
    let hidden: Vec<NodeRef<'_>> = document
        .root()
        .descendants_it()
        .filter(|node| {
            node.is_element() && is_hidden(node) && node.normalized_char_count() < 3000
        })
        .collect();
    for node in hidden {
        node.remove_from_parent();
    }
}

fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn readable(document: Document) -> Vec<Block> {
    let config = Config {
        keep_classes: true,
        max_elements_to_parse: MOST_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return Vec::new();
    };
    let Ok(article) = readability.parse() else { return Vec::new() };
    let content = Document::fragment(article.content);
    blocks(&content.root())
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
