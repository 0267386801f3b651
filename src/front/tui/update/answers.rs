//! Answers of the archive on their way into the view.

use std::sync::Arc;

use super::{Answer, Command, Failure, Question, Reading, Subject, Topic, Update};
use crate::front::tui::state::{Completions, Contents};
use crate::search::QueryInfo;

impl Update<'_> {
    pub(super) fn answered(
        &mut self,
        number: u64,
        topic: Topic,
        answer: Result<Answer, Failure>,
    ) {
        // An answer to a question that was overtaken is dropped.
        if self.state.awaited.get(&topic) != Some(&number) {
            return;
        }
        self.state.awaited.remove(&topic);
        match answer {
            Ok(answer) => self.take(answer),
            Err(failure) => self.failed(topic, failure),
        }
    }

    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Search(response) => self.fill(Contents {
                hits: response.hits,
                total: response.total,
                took_ms: Some(response.took_ms),
                query: response.query,
                facets: response.facets.unwrap_or_default(),
                profile: None,
            }),
            Answer::Similar(hits) => {
                let total = hits.len() as u64;
                self.fill(Contents { hits, total, ..Contents::default() });
            }
            Answer::Profile(profile) => {
                let mut profile = *profile;
                let hits = std::mem::take(&mut profile.hits);
                // The archive may know them by another name than was asked for.
                self.state.view.subject =
                    Subject::Entity { kind: profile.kind, name: profile.name.clone() };
                self.fill(Contents {
                    total: hits.len() as u64,
                    hits,
                    query: QueryInfo::default(),
                    profile: Some(profile),
                    ..Contents::default()
                });
            }
            Answer::More(hits) => {
                if let Some(contents) = &mut self.state.view.contents {
                    if hits.is_empty() {
                        // The archive has fewer than it had.
                        contents.total = contents.hits.len() as u64;
                    }
                    contents.hits.extend(hits);
                }
                self.want_more();
            }
            Answer::Article(article) => {
                let reading = &mut self.state.view.reading;
                let same =
                    reading.article.as_ref().is_some_and(|old| old.hit.id == article.hit.id);
                *reading = Reading {
                    id: reading.id.take(),
                    top: if same { reading.top } else { 0 },
                    spot: if same { reading.spot } else { None },
                    article: Some(article),
                    ..Reading::default()
                };
            }
            Answer::Suggest(offered) => {
                self.state.completions = Completions { offered, chosen: None };
            }
            Answer::Original(opening) => self.commands.push(Command::Open(opening)),
            Answer::Refreshed(true) => {
                self.state.archive_age += 1;
                self.ask(Question::Status);
                // A search that is under way sees the new articles itself.
                if !self.state.awaited.contains_key(&Topic::Page) && !self.state.view.is_blank()
                {
                    self.ask_page();
                }
            }
            Answer::Refreshed(false) => {}
            Answer::Status(status) => self.state.status = Some(status),
        }
    }

    /// Shows what was asked for; where it is the same as before, anew, the selection stays.
    fn fill(&mut self, contents: Contents) {
        let age = self.state.archive_age;
        let view = &mut self.state.view;
        let renewed = view.archive_age != age;
        let kept = view.selected_hit().map(|hit| hit.id.clone()).filter(|_| renewed);
        let grown = contents.total > view.contents.as_ref().map_or(u64::MAX, |old| old.total);
        view.contents = Some(contents);
        view.failure = None;
        view.archive_age = age;
        self.state.slow = false;
        let companions = self.state.view.companions().len();
        let place =
            kept.and_then(|id| self.state.view.hits().iter().position(|hit| hit.id == id));
        match place {
            Some(place) => self.state.view.selected = companions + place,
            None if !renewed => (self.state.view.selected, self.state.view.top) = (0, 0),
            None => {}
        }
        if renewed && grown {
            self.notice("the archive has grown: new articles are in the list");
        }
        // The same article may be marked otherwise by another search.
        let subject = Arc::new(self.state.view.subject.clone());
        if matches!(*subject, Subject::Search(_)) {
            self.state.view.reading.id = None;
        }
        if self.state.view.hits().is_empty() {
            self.state.view.reading = Reading::default();
        }
        self.select(self.state.view.selected);
        // With a profile, the first thing selected is somebody; the article beside it is the
        // first of the list.
        self.want_first_article();
    }

    fn want_first_article(&mut self) {
        if self.state.view.reading.id.is_none()
            && self.state.view.selected_hit().is_none()
            && let Some(id) = self.state.view.hits().first().map(|hit| hit.id.clone())
        {
            self.state.view.reading.id = Some(id.clone());
            self.ask(Question::Article { id, search: None });
        }
    }

    fn failed(&mut self, topic: Topic, failure: Failure) {
        match topic {
            Topic::Page => {
                self.state.slow = false;
                self.state.view.failure = Some(failure);
            }
            Topic::Article => self.state.view.reading.failure = Some(failure),
            Topic::Original => self.notice(match failure.hint {
                Some(hint) => format!("{} ({hint})", failure.message),
                None => failure.message,
            }),
            Topic::More => self.notice(format!("no further hits: {}", failure.message)),
            // Completions are a convenience, and the index is looked at again soon.
            Topic::Suggest | Topic::Refresh | Topic::Status => {}
        }
    }
}
