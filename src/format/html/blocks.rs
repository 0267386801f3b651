//! The text of markup as blocks: what a browser would set apart as paragraphs.

use dom_query::{NodeData, NodeRef};

use super::marks::Marks;
use crate::text::{normalise, one_line};

/// What a block is to the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Heading,
    ListItem,
    Caption,
    /// Inside something that is not the article: share links, related articles, sign-ups.
    Beside,
    /// The summary under a headline.
    Standfirst,
    /// Preformatted lines.
    Pre,
}

/// A block of text.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Characters of it that are links.
    pub(super) linked: usize,
}

impl Block {
    pub(super) fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether it is nothing but links.
    pub(super) fn is_links(&self) -> bool {
        let visible = self.text.chars().filter(|c| !c.is_whitespace()).count();
        visible > 0 && self.linked * 10 >= visible * 9
    }
}

const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "button", "input", "select",
    "textarea", "object", "embed", "canvas", "head", "title", "audio", "video", "map",
];

const BLOCKS: &[&str] = &[
    "p",
    "div",
    "article",
    "section",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "figure",
    "figcaption",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "form",
    "fieldset",
    "address",
    "hr",
    "center",
    "body",
    "caption",
    "details",
    "summary",
    "html",
    "label",
];

/// The blocks under `root`, in order.
pub(super) fn blocks(root: &NodeRef<'_>) -> Vec<Block> {
    let mut collector = Collector::default();
    collector.walk(root);
    collector.blocks
}

#[derive(Default)]
struct Collector {
    blocks: Vec<Block>,
    text: String,
    linked: usize,
    /// Kinds of the open elements that give one.
    kinds: Vec<Kind>,
    links: usize,
}

impl Collector {
    /// Goes through the tree without recursion: a page may be nested deeply.
    fn walk(&mut self, root: &NodeRef<'_>) {
        enum Step<'a> {
            Enter(NodeRef<'a>),
            Leave { pops_kind: bool, ends_block: bool, ends_link: bool },
        }
        let mut steps = vec![Step::Enter(*root)];
        while let Some(step) = steps.pop() {
            let node = match step {
                Step::Leave { pops_kind, ends_block, ends_link } => {
                    if ends_block {
                        self.flush();
                    }
                    if pops_kind {
                        self.kinds.pop();
                    }
                    self.links -= usize::from(ends_link);
                    continue;
                }
                Step::Enter(node) => node,
            };
            if node.is_text() {
                node.query(|inner| {
                    if let NodeData::Text { contents } = &inner.data {
                        self.push(contents);
                    }
                });
                continue;
            }
            let Some(name) = node.node_name() else {
                for child in node.children_it(true) {
                    steps.push(Step::Enter(child));
                }
                continue;
            };
            let name = name.as_ref();
            if SKIPPED.contains(&name) || is_hidden(&node) {
                continue;
            }
            if name == "br" {
                self.line_break();
                continue;
            }
            let ends_block = BLOCKS.contains(&name);
            if ends_block {
                self.flush();
            }
            let kind = kind_of(&node, name);
            if let Some(kind) = kind {
                if !ends_block {
                    // An inline caption or credit ends the text before it.
                    self.flush();
                }
                self.kinds.push(kind);
            }
            let ends_link = name == "a";
            self.links += usize::from(ends_link);
            steps.push(Step::Leave {
                pops_kind: kind.is_some(),
                ends_block: ends_block || kind.is_some(),
                ends_link,
            });
            for child in node.children_it(true) {
                steps.push(Step::Enter(child));
            }
        }
        self.flush();
    }

    fn push(&mut self, text: &str) {
        if self.links > 0 {
            self.linked += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        self.text.push_str(text);
    }

    /// Two line breaks in a row make a paragraph, as pages without `p` have it.
    fn line_break(&mut self) {
        if self.text.trim_end_matches([' ', '\t']).ends_with('\u{1}') {
            self.flush();
        } else {
            self.text.push('\u{1}');
        }
    }

    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let kind = self.kinds.iter().copied().max_by_key(|kind| rank(*kind));
        let kind = kind.unwrap_or(Kind::Paragraph);
        let raw = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        let raw = raw.replace('\u{1}', "\n");
        let cleaned = normalise(&raw);
        let text =
            if kind == Kind::Pre { cleaned.trim_end().to_owned() } else { one_line(&cleaned) };
        if !text.trim().is_empty() {
            self.blocks.push(Block { kind, text, linked });
        }
    }
}

/// Of nested kinds, the one that counts.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Beside => 5,
        Kind::Caption => 4,
        Kind::Pre => 3,
        Kind::Standfirst | Kind::Heading => 2,
        Kind::ListItem => 1,
        Kind::Paragraph => 0,
    }
}

fn kind_of(node: &NodeRef<'_>, name: &str) -> Option<Kind> {
    let own = match name {
        "figcaption" => Some(Kind::Caption),
        "nav" | "footer" | "aside" | "form" => Some(Kind::Beside),
        "pre" => Some(Kind::Pre),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(Kind::Heading),
        "li" => Some(Kind::ListItem),
        _ => None,
    };
    if matches!(own, Some(Kind::Caption | Kind::Beside))
        || matches!(name, "body" | "html" | "article" | "main")
    {
        return own;
    }
    let marks = Marks::of(node);
    if marks.has(Marks::CAPTION) && node.normalized_char_count() < LONGEST_CAPTION {
        return Some(Kind::Caption);
    }
    if marks.has(Marks::STANDFIRST) && node.normalized_char_count() < LONGEST_CAPTION {
        return Some(Kind::Standfirst);
    }
    if marks.has(Marks::BESIDE) && node.normalized_char_count() < LONGEST_BESIDE {
        return Some(Kind::Beside);
    }
    own
}

/// What is longer than these (characters) is more than its class says.
const LONGEST_CAPTION: usize = 600;
const LONGEST_BESIDE: usize = 1500;

pub(super) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        // `hidden md:block` is hidden on small screens only.
        || node.class().is_some_and(|class| {
            class.split_ascii_whitespace().any(|name| name == "hidden") && !class.contains(':')
        })
        || node.attr("aria-hidden").is_some_and(|value| value.as_ref() == "true")
        || node.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.to_ascii_lowercase().contains("display:none")
        })
}
