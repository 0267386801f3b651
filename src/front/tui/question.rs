//! What the browser asks of the archive, and the threads that do the asking, so that the screen
//! never waits.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use super::original::{self, Opening};
use crate::entity::EntityKind;
use crate::search::{
    Archive, ArticleView, Hit, Profile, SearchError, SearchRequest, SearchResponse, Status,
    Suggestion,
};

/// Articles asked for as similar ones.
const SIMILAR: usize = 30;
/// Completions asked for.
const SUGGESTIONS: usize = 6;

/// Something to ask the archive.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Question {
    Search(Box<SearchRequest>),
    /// Further hits of a search.
    More(Box<SearchRequest>),
    Similar {
        id: String,
    },
    Profile {
        kind: EntityKind,
        name: String,
    },
    /// An article, with the search whose matches to mark.
    Article {
        id: String,
        search: Option<Box<SearchRequest>>,
    },
    Suggest {
        typed: String,
    },
    /// The file of an article, and lines of its text that tell the place in it, best first.
    Original {
        id: String,
        near: Vec<String>,
    },
    /// Whether the index has grown.
    Refresh,
    Status,
}

/// What a question is for: only the latest question of each topic awaits an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Page,
    More,
    Article,
    Suggest,
    Original,
    Refresh,
    Status,
}

impl Question {
    pub(super) fn topic(&self) -> Topic {
        match self {
            Self::Search(_) | Self::Similar { .. } | Self::Profile { .. } => Topic::Page,
            Self::More(_) => Topic::More,
            Self::Article { .. } => Topic::Article,
            Self::Suggest { .. } => Topic::Suggest,
            Self::Original { .. } => Topic::Original,
            Self::Refresh => Topic::Refresh,
            Self::Status => Topic::Status,
        }
    }
}

/// What the archive answered.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Search(Box<SearchResponse>),
    More(Vec<Hit>),
    Similar(Vec<Hit>),
    Profile(Box<Profile>),
    Article(Arc<ArticleView>),
    Suggest(Vec<Suggestion>),
    Original(Opening),
    /// True where there are new articles.
    Refreshed(bool),
    Status(Arc<Status>),
}

/// Why there is no answer, for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

/// A question's number, its topic and its answer.
pub(super) type Reply = (u64, Topic, Result<Answer, Failure>);

/// Threads that ask the archive: one for pages of hits, which may take long, and one for all that
/// must not wait behind them.
pub(super) struct Askers {
    pages: Arc<Queue>,
    rest: Arc<Queue>,
}

impl Askers {
    /// Starts the threads. They end with this value, after the question they are at.
    pub(super) fn start(archive: &Arc<Archive>, replies: &mpsc::Sender<Reply>) -> Self {
        let start = || {
            let queue = Arc::new(Queue::default());
            let (mine, archive, replies) =
                (Arc::clone(&queue), Arc::clone(archive), replies.clone());
            thread::spawn(move || {
                while let Some((number, question)) = mine.next() {
                    let topic = question.topic();
                    // Asking only reads, so a panic leaves nothing half done.
                    let answer = catch_unwind(AssertUnwindSafe(|| ask(&archive, question)))
                        .unwrap_or_else(|_| Err(Failure::new("internal error")));
                    if replies.send((number, topic, answer)).is_err() {
                        break;
                    }
                }
            });
            queue
        };
        Self { pages: start(), rest: start() }
    }

    /// Puts a question; an older one of the same topic that has not been begun is dropped.
    pub(super) fn put(&self, number: u64, question: Question) {
        let queue = match question.topic() {
            Topic::Page | Topic::More => &self.pages,
            _ => &self.rest,
        };
        queue.put(number, question);
    }
}

impl Drop for Askers {
    fn drop(&mut self) {
        self.pages.close();
        self.rest.close();
    }
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    questions: VecDeque<(u64, Question)>,
    closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, number: u64, question: Question) {
        let mut waiting = self.lock();
        waiting.questions.retain(|(_, other)| other.topic() != question.topic());
        waiting.questions.push_back((number, question));
        self.changed.notify_one();
    }

    fn next(&self) -> Option<(u64, Question)> {
        let mut waiting = self.lock();
        loop {
            if waiting.closed {
                return None;
            }
            if let Some(question) = waiting.questions.pop_front() {
                return Some(question);
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }
}

fn ask(archive: &Archive, question: Question) -> Result<Answer, Failure> {
    Ok(match question {
        Question::Search(request) => Answer::Search(Box::new(archive.search(&request)?)),
        Question::More(request) => Answer::More(archive.search(&request)?.hits),
        Question::Similar { id } => Answer::Similar(archive.similar(&id, SIMILAR)?),
        Question::Profile { kind, name } => {
            Answer::Profile(Box::new(archive.profile(kind, &name)?))
        }
        Question::Article { id, search } => {
            Answer::Article(Arc::new(archive.article(&id, search.as_deref())?))
        }
        Question::Suggest { typed } => Answer::Suggest(archive.suggest(&typed, SUGGESTIONS)?),
        Question::Original { id, near } => {
            Answer::Original(original::locate(&archive.original(&id)?, &near)?)
        }
        Question::Refresh => Answer::Refreshed(archive.refresh()?),
        Question::Status => Answer::Status(archive.status()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_was_overtaken_is_never_asked() {
        let queue = Queue::default();
        let suggest = |typed: &str| Question::Suggest { typed: typed.to_owned() };
        queue.put(1, suggest("k"));
        queue.put(2, Question::Refresh);
        queue.put(3, suggest("ke"));
        assert_eq!(queue.next(), Some((2, Question::Refresh)));
        assert_eq!(queue.next(), Some((3, suggest("ke"))));
        queue.close();
        assert_eq!(queue.next(), None);
    }
}
