//! Everything that the browser knows at a moment. [`super::update`] changes it, [`super::draw`]
//! shows it; neither touches the terminal or the archive.

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::layout::Size;

use super::article_layout::ArticleLayout;
use super::edit_line::EditLine;
use super::filters::{Choice, Facet, Search};
use super::history::History;
use super::question::{Failure, Topic};
use super::screen;
use crate::entity::EntityKind;
use crate::search::{
    ArticleView, Companion, Facets, Hit, Profile, QueryInfo, Status, Suggestion,
};

/// Views that can be gone back to.
const MAX_BACK: usize = 100;
/// Values shown of each facet.
const FACET_VALUES: usize = 12;

/// What the keys act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Focus {
    Query,
    List,
    Article,
    Facets,
}

/// What a view is about: with it, the view can be asked for anew.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one to a view, and few views")]
pub(super) enum Subject {
    Search(Search),
    Similar { id: String, title: String },
    Copies { title: String },
    Entity { kind: EntityKind, name: String },
}

/// What the archive answered about a view's subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) hits: Vec<Hit>,
    /// How many there are in all.
    pub(super) total: u64,
    pub(super) took_ms: Option<f64>,
    pub(super) query: QueryInfo,
    pub(super) facets: Facets,
    pub(super) profile: Option<Profile>,
}

/// One page of the browser, as it was left.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) subject: Subject,
    /// `None` until the first answer, and for a search for nothing.
    pub(super) contents: Option<Contents>,
    pub(super) failure: Option<Failure>,
    /// The item of the list that is selected.
    pub(super) selected: usize,
    /// First line of the list that is shown.
    pub(super) top: usize,
    /// The row of the facet pane that is selected, and the first that is shown.
    pub(super) facet: usize,
    pub(super) facet_top: usize,
    pub(super) reading: Reading,
    /// Which state of the archive it shows: see [`State::archive_age`].
    pub(super) archive_age: u64,
}

/// The article beside the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// The article asked for.
    pub(super) id: Option<String>,
    /// The article shown: the last that came.
    pub(super) article: Option<Arc<ArticleView>>,
    pub(super) layout: Arc<ArticleLayout>,
    /// Width that it is laid out for.
    pub(super) width: u16,
    /// First line shown.
    pub(super) top: usize,
    /// The match or name that was jumped to.
    pub(super) spot: Option<Spot>,
    pub(super) failure: Option<Failure>,
}

/// A place in an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// An index into [`ArticleLayout::matches`].
    Match(usize),
    /// An index into [`ArticleLayout::names`].
    Name(usize),
}

/// Something in the list that can be selected.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    Hit(&'a Hit),
    Companion(&'a Companion),
}

/// A row of the facet pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FacetRow {
    pub(super) facet: Facet,
    pub(super) value: String,
    /// How many of the hits have it; `None` where the answer does not say.
    pub(super) count: Option<u64>,
    pub(super) choice: Option<Choice>,
}

/// A line of the facet pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FacetLine {
    Blank,
    Heading(Facet),
    /// An index into the rows.
    Row(usize),
}

/// The rows of the facet pane as lines, each facet under its heading.
pub(super) fn facet_lines(rows: &[FacetRow]) -> Vec<FacetLine> {
    let mut lines = Vec::new();
    let mut heading = None;
    for (number, row) in rows.iter().enumerate() {
        if heading != Some(row.facet) {
            if heading.is_some() {
                lines.push(FacetLine::Blank);
            }
            lines.push(FacetLine::Heading(row.facet));
            heading = Some(row.facet);
        }
        lines.push(FacetLine::Row(number));
    }
    lines
}

/// What lies over the panes.
#[derive(Clone, Debug)]
pub(super) enum Overlay {
    /// The keys, from a line on.
    Help { top: usize },
    /// Whose profile to open.
    Names { names: Vec<(EntityKind, String, u32)>, chosen: usize },
    /// The dates between which articles count, and what is wrong with them.
    Dates { line: EditLine, wrong: Option<String> },
}

/// Completions of what is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Completions {
    pub(super) offered: Vec<Suggestion>,
    pub(super) chosen: Option<usize>,
}

/// The whole state.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) size: Size,
    pub(super) focus: Focus,
    pub(super) line: EditLine,
    pub(super) completions: Completions,
    pub(super) history: History,
    pub(super) view: View,
    pub(super) back: Vec<View>,
    pub(super) forward: Vec<View>,
    pub(super) overlay: Option<Overlay>,
    /// A line for the reader, until the next key.
    pub(super) notice: Option<String>,
    pub(super) facets_shown: bool,
    /// The focused pane has the whole screen.
    pub(super) zoomed: bool,
    pub(super) status: Option<Arc<Status>>,
    /// Whether citations can be sent to the clipboard.
    pub(super) clipboard: bool,
    /// What is printed when the browser ends.
    pub(super) printed: Vec<String>,
    /// The number of the question that each topic awaits an answer to.
    pub(super) awaited: BTreeMap<Topic, u64>,
    /// A search takes so long that the reader should be told.
    pub(super) slow: bool,
    /// Number of the last question, and of the last edit of the query line.
    pub(super) questions: u64,
    pub(super) edits: u64,
    /// The view shown came from the line as it is being typed: further typing replaces it.
    pub(super) typing: bool,
    /// Grows each time the archive did.
    pub(super) archive_age: u64,
}

impl State {
    pub(super) fn new(
        search: Search,
        history: Vec<String>,
        clipboard: bool,
        size: Size,
    ) -> Self {
        Self {
            size,
            focus: Focus::Query,
            line: EditLine::new(search.text()),
            completions: Completions::default(),
            history: History::new(history),
            view: View::new(Subject::Search(search), 0),
            back: Vec::new(),
            forward: Vec::new(),
            overlay: None,
            notice: None,
            facets_shown: true,
            zoomed: false,
            status: None,
            clipboard,
            printed: Vec::new(),
            awaited: BTreeMap::new(),
            slow: false,
            questions: 0,
            edits: 0,
            typing: false,
            archive_age: 0,
        }
    }

    /// The latest search, in this view or before it.
    pub(super) fn latest_search(&self) -> Search {
        std::iter::once(&self.view)
            .chain(self.back.iter().rev())
            .find_map(|view| match &view.subject {
                Subject::Search(search) => Some(search.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Goes on to a new view; what was ahead is forgotten, as in a web browser.
    pub(super) fn visit(&mut self, view: View) {
        let left = std::mem::replace(&mut self.view, view);
        if !left.is_blank() {
            self.back.push(left);
        }
        if self.back.len() > MAX_BACK {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// The line under the counts: what went wrong, what the reader should know, how the query was
    /// read.
    pub(super) fn note(&self) -> Option<String> {
        if let Some(failure) = &self.view.failure {
            let hint = failure.hint.as_ref().map(|hint| format!(" ({hint})"));
            return Some(format!("error: {}{}", failure.message, hint.unwrap_or_default()));
        }
        let contents = self.view.contents.as_ref()?;
        let mut notes = Vec::new();
        if !contents.query.warnings.is_empty() {
            notes.push(format!("note: {}", contents.query.warnings.join("; ")));
        }
        let (typed, interpreted) = (&contents.query.text, &contents.query.interpreted);
        if !interpreted.is_empty() && interpreted.trim() != typed.trim() {
            notes.push(format!("read as: {interpreted}"));
        }
        (!notes.is_empty()).then(|| notes.join(" · "))
    }

    /// Lays the article out for the present size of its pane, where that has changed.
    pub(super) fn lay_out_article(&mut self) {
        let width = screen::areas(self).article_text().width;
        let reading = &mut self.view.reading;
        let Some(article) = &reading.article else { return };
        if reading.width == width || width == 0 {
            return;
        }
        // The same part of the text stays on top.
        let before = reading.layout.lines.len().max(1);
        reading.layout = Arc::new(ArticleLayout::new(article, usize::from(width)));
        reading.top = reading.top * reading.layout.lines.len() / before;
        reading.width = width;
    }

    /// The rows of the facet pane: what is chosen first, then the counts of the answer.
    pub(super) fn facet_rows(&self) -> Vec<FacetRow> {
        let Subject::Search(search) = &self.view.subject else { return Vec::new() };
        let facets = self.view.contents.as_ref().map(|contents| &contents.facets);
        let mut rows = Vec::new();
        for facet in Facet::ALL {
            let counts = facets.map_or(&[][..], |facets| facet.counts(facets));
            let chosen: Vec<_> =
                search.chosen().into_iter().filter(|(kind, ..)| *kind == facet).collect();
            // A choice of one language is none.
            if facet == Facet::Language && counts.len() < 2 && chosen.is_empty() {
                continue;
            }
            for (_, value, choice) in &chosen {
                let count = counts.iter().find(|count| count.value == *value);
                rows.push(FacetRow {
                    facet,
                    value: value.clone(),
                    count: count.map(|count| count.count),
                    choice: Some(*choice),
                });
            }
            let others = counts
                .iter()
                .filter(|count| chosen.iter().all(|(_, value, _)| *value != count.value));
            // The latest years are of more use than the first ones.
            let skipped = match facet {
                Facet::Year => counts.len().saturating_sub(2 * FACET_VALUES),
                _ => 0,
            };
            let shown = if facet == Facet::Year { 2 * FACET_VALUES } else { FACET_VALUES };
            rows.extend(others.skip(skipped).take(shown).map(|count| FacetRow {
                facet,
                value: count.value.clone(),
                count: Some(count.count),
                choice: None,
            }));
        }
        rows
    }
}

impl View {
    pub(super) fn new(subject: Subject, archive_age: u64) -> Self {
        Self {
            subject,
            contents: None,
            failure: None,
            selected: 0,
            top: 0,
            facet: 0,
            facet_top: 0,
            reading: Reading::default(),
            archive_age,
        }
    }

    /// Whether there is nothing in it to go back to.
    pub(super) fn is_blank(&self) -> bool {
        matches!(&self.subject, Subject::Search(search) if search.is_empty())
    }

    pub(super) fn hits(&self) -> &[Hit] {
        self.contents.as_ref().map_or(&[], |contents| &contents.hits)
    }

    pub(super) fn companions(&self) -> &[Companion] {
        self.contents
            .as_ref()
            .and_then(|contents| contents.profile.as_ref())
            .map_or(&[], |profile| &profile.companions)
    }

    /// How many things can be selected.
    pub(super) fn items(&self) -> usize {
        self.companions().len() + self.hits().len()
    }

    /// One of them: those who appear with an entity come first, then the articles.
    pub(super) fn item(&self, index: usize) -> Option<Item<'_>> {
        let companions = self.companions();
        match companions.get(index) {
            Some(companion) => Some(Item::Companion(companion)),
            None => self.hits().get(index - companions.len()).map(Item::Hit),
        }
    }

    /// The hit that is selected.
    pub(super) fn selected_hit(&self) -> Option<&Hit> {
        match self.item(self.selected)? {
            Item::Hit(hit) => Some(hit),
            Item::Companion(_) => None,
        }
    }

    /// What the keys for articles act on: the selected hit, or the article that is open.
    pub(super) fn current_hit(&self) -> Option<&Hit> {
        self.selected_hit()
            .or_else(|| self.reading.article.as_ref().map(|article| &article.hit))
    }
}
