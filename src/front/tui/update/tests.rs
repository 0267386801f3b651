//! What happens on a key, a click, an answer: without a terminal and without an archive.

use std::sync::Arc;

use crossterm::event::{MouseButton, MouseEventKind};

use super::*;
use crate::front::tui::fake_hits;
use crate::front::tui::screen::areas;
use crate::search::{SearchRequest, Suggestion};

const TITLES: [&str; 3] = ["Kerry in Seoul", "Storm", "Talks go on"];

/// A browser whose questions are answered when a test says so.
struct Browser {
    state: State,
    asked: Vec<(u64, Question)>,
    woken: Vec<Timer>,
    others: Vec<Command>,
}

impl Browser {
    fn new(query: &str) -> Self {
        Self::sized(query, 120, 40)
    }

    fn sized(query: &str, width: u16, height: u16) -> Self {
        let request = SearchRequest { text: query.to_owned(), ..SearchRequest::default() };
        let size = Size { width, height };
        let mut state = State::new(Search::new(request), Vec::new(), true, size);
        let commands = begin(&mut state);
        let mut browser =
            Self { state, asked: Vec::new(), woken: Vec::new(), others: Vec::new() };
        browser.note(commands);
        browser
    }

    /// A browser that shows the hits of a query and the first of its articles.
    fn searched(query: &str) -> Self {
        let mut browser = Self::new(query);
        browser.answer_all();
        browser
    }

    fn note(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Ask(number, question) => self.asked.push((number, question)),
                Command::Wake(_, timer) => self.woken.push(timer),
                other => self.others.push(other),
            }
        }
    }

    fn event(&mut self, event: Event) {
        let commands = update(&mut self.state, event);
        self.note(commands);
    }

    fn code(&mut self, code: KeyCode) {
        self.event(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    fn press(&mut self, keys: &str) {
        for c in keys.chars() {
            self.code(KeyCode::Char(c));
        }
    }

    fn click(&mut self, column: u16, row: u16, button: MouseButton) {
        let kind = MouseEventKind::Down(button);
        self.event(Event::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        }));
    }

    fn rest(&mut self) {
        for timer in std::mem::take(&mut self.woken) {
            if matches!(timer, Timer::Rested(_)) {
                self.event(Event::Due(timer));
            }
        }
    }

    fn answer(&mut self, number: u64, question: &Question) {
        let answer = match question {
            Question::Search(request) | Question::More(request) if request.offset > 0 => {
                Answer::More(fake_hits::response(&request.text, &TITLES).hits)
            }
            Question::Search(request) | Question::More(request) => {
                Answer::Search(Box::new(fake_hits::response(&request.text, &TITLES)))
            }
            Question::Similar { .. } => {
                Answer::Similar(fake_hits::response("", &["Like it"]).hits)
            }
            Question::Profile { name, .. } => {
                Answer::Profile(Box::new(fake_hits::profile(name)))
            }
            Question::Article { id, .. } => {
                let body = "Kerry came.\n\nHe left. Kerry and Seoul.\n\n".to_owned()
                    + &"A line.\n\n".repeat(60)
                    + "At last Kerry.";
                let mut article = fake_hits::marked_article("Kerry in Seoul", &body);
                article.hit.id.clone_from(id);
                Answer::Article(Arc::new(article))
            }
            Question::Suggest { .. } => Answer::Suggest(vec![Suggestion {
                kind: "person".to_owned(),
                text: "John Kerry".to_owned(),
                articles: 12,
                query: "person:\"John Kerry\"".to_owned(),
            }]),
            Question::Original { .. } => {
                Answer::Original(Opening { path: "/archive/a.txt".into(), line: 3, copy: None })
            }
            Question::Refresh => Answer::Refreshed(true),
            Question::Status => Answer::Status(Arc::default()),
        };
        self.event(Event::Answered(number, question.topic(), Ok(answer)));
    }

    /// Answers what was asked, and what is asked because of that.
    fn answer_all(&mut self) {
        while !self.asked.is_empty() {
            for (number, question) in std::mem::take(&mut self.asked) {
                self.answer(number, &question);
            }
        }
    }

    /// The text of the last search asked for.
    fn last_search(&self) -> Option<String> {
        self.asked.iter().rev().find_map(|(_, question)| match question {
            Question::Search(request) => Some(request.text.clone()),
            _ => None,
        })
    }

    fn subject(&self) -> String {
        match &self.state.view.subject {
            Subject::Search(search) => format!("search {}", search.request(0).text),
            Subject::Similar { title, .. } => format!("similar {title}"),
            Subject::Copies { title } => format!("copies {title}"),
            Subject::Entity { name, .. } => format!("entity {name}"),
        }
    }
}

#[test]
fn typing_searches_when_the_line_rests_and_not_before() {
    let mut browser = Browser::new("");
    browser.press("kerry");
    assert_eq!(browser.last_search(), None);
    let early = browser.woken.iter().copied().find(|timer| matches!(timer, Timer::Rested(_)));
    browser.event(Event::Due(early.unwrap()));
    assert_eq!(browser.last_search(), None);
    browser.rest();
    assert_eq!(browser.last_search(), Some("(kerry OR kerry*)".to_owned()));
}

#[test]
fn a_word_is_finished_when_the_line_is_left_or_the_word_is() {
    let mut browser = Browser::new("");
    browser.press("peace tal");
    browser.rest();
    assert_eq!(browser.last_search(), Some("peace (tal OR tal*)".to_owned()));
    browser.press(" ");
    browser.rest();
    assert_eq!(browser.last_search(), Some("peace tal".to_owned()));
    for leave in [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab] {
        browser.press("k");
        browser.press("e");
        browser.rest();
        assert!(browser.subject().ends_with("*)"));
        browser.asked.clear();
        browser.code(leave);
        let finished = format!("search {}", browser.state.line.text());
        assert_eq!(browser.subject(), finished);
        assert_eq!(browser.last_search(), Some(browser.state.line.text()));
        browser.press("/ ");
    }
}

#[test]
fn an_answer_that_was_overtaken_is_dropped() {
    let mut browser = Browser::new("");
    browser.press("ke");
    browser.rest();
    browser.press("rry");
    browser.rest();
    let searches: Vec<_> = browser
        .asked
        .iter()
        .filter(|(_, question)| matches!(question, Question::Search(_)))
        .cloned()
        .collect();
    assert_eq!(searches.len(), 2);
    browser.answer(searches[1].0, &searches[1].1);
    browser.answer(searches[0].0, &searches[0].1);
    let contents = browser.state.view.contents.as_ref().unwrap();
    assert_eq!(contents.query.text, "(kerry OR kerry*)");
}

#[test]
fn a_typed_query_is_one_step_back_however_often_it_was_searched_for() {
    let mut browser = Browser::searched("storm");
    browser.press("/");
    for part in [" a", "b", "c"] {
        browser.press(part);
        browser.rest();
        browser.answer_all();
    }
    browser.code(KeyCode::Enter);
    assert_eq!(browser.subject(), "search storm abc");
    assert!(matches!(&browser.others[..], [Command::Remember(text)] if text == "storm abc"));
    browser.press("[");
    assert_eq!(browser.subject(), "search storm");
    assert_eq!(browser.state.line.text(), "storm");
    browser.press("]");
    assert_eq!(browser.subject(), "search storm abc");
    assert_eq!(browser.state.view.hits().len(), 3);
}

#[test]
fn arrows_bring_back_earlier_searches() {
    let mut browser = Browser::new("");
    for query in ["seoul", "kerry"] {
        browser.press("/");
        for _ in 0..9 {
            browser.code(KeyCode::Backspace);
        }
        browser.press(query);
        browser.code(KeyCode::Enter);
    }
    browser.press("/");
    browser.code(KeyCode::Up);
    browser.code(KeyCode::Up);
    assert_eq!(browser.state.line.text(), "seoul");
    browser.rest();
    assert_eq!(browser.last_search(), Some("seoul".to_owned()));
}

#[test]
fn tab_completes_the_name_and_searches_for_it() {
    let mut browser = Browser::new("");
    browser.press("talks ker");
    browser.rest();
    browser.answer_all();
    browser.code(KeyCode::Tab);
    assert_eq!(browser.state.line.text(), "talks person:\"John Kerry\" ");
    assert_eq!(browser.last_search(), Some("talks person:\"John Kerry\"".to_owned()));
    assert_eq!(browser.state.focus, Focus::Query);
}

#[test]
fn matches_and_names_are_stepped_through_and_round() {
    let mut browser = Browser::searched("kerry");
    browser.code(KeyCode::Enter);
    let lines = browser.state.view.reading.layout.matches.clone();
    assert_eq!(lines.len(), 3);
    for wanted in [0, 1, 2, 0] {
        browser.press("n");
        let reading = &browser.state.view.reading;
        assert_eq!(reading.spot, Some(Spot::Match(wanted)));
        let height = usize::from(areas(&browser.state).article_text().height);
        assert!((reading.top..reading.top + height).contains(&lines[wanted]));
    }
    assert!(browser.state.notice.as_ref().unwrap().contains("beginning"));
    browser.press("N");
    assert_eq!(browser.state.view.reading.spot, Some(Spot::Match(2)));
}

#[test]
fn p_opens_the_profile_of_the_name_under_the_cursor() {
    let mut browser = Browser::searched("kerry");
    browser.code(KeyCode::Enter);
    browser.press("np");
    assert_eq!(browser.subject(), "entity John Kerry");
    browser.answer_all();
    // The first companion is selected, the first article is open beside the list.
    assert!(matches!(browser.state.view.item(0), Some(Item::Companion(_))));
    assert_eq!(browser.state.view.reading.id.as_deref(), Some("a7"));
    browser.code(KeyCode::Enter);
    assert_eq!(browser.subject(), "entity Yun Byung-se");
    browser.code(KeyCode::Backspace);
    browser.code(KeyCode::Backspace);
    assert_eq!(browser.subject(), "search kerry");
}

#[test]
fn p_lets_choose_where_no_name_is_under_the_cursor() {
    let mut browser = Browser::searched("kerry");
    browser.press("pj");
    browser.code(KeyCode::Enter);
    assert_eq!(browser.subject(), "entity Seoul");
}

#[test]
fn facets_include_exclude_and_take_back() {
    let mut browser = Browser::searched("kerry");
    browser.press("fj");
    let row = browser.state.facet_rows()[1].clone();
    assert_eq!(row.value, "Yun Byung-se");
    browser.code(KeyCode::Enter);
    let Some((_, Question::Search(request))) = browser.asked.pop() else { panic!("no search") };
    assert_eq!(request.person, ["Yun Byung-se"]);
    browser.answer_all();
    assert_eq!(browser.state.focus, Focus::Facets);
    browser.press("-");
    assert_eq!(browser.last_search(), Some("-person:\"Yun Byung-se\" kerry".to_owned()));
    browser.answer_all();
    browser.press("-");
    assert_eq!(browser.last_search(), Some("kerry".to_owned()));
    assert_eq!(browser.state.back.len(), 3);
}

#[test]
fn order_and_dates_are_steps_that_can_be_gone_back() {
    let mut browser = Browser::searched("kerry");
    browser.press("r");
    browser.answer_all();
    browser.press("d");
    browser.press("2012..2013-2");
    browser.code(KeyCode::Enter);
    assert!(matches!(browser.state.overlay, Some(Overlay::Dates { wrong: Some(_), .. })));
    browser.code(KeyCode::Backspace);
    browser.press("02");
    browser.code(KeyCode::Enter);
    let Some((_, Question::Search(request))) = browser.asked.pop() else { panic!("no search") };
    assert_eq!((request.sort, request.since), (Sort::Newest, "2012".parse().ok()));
    assert_eq!(request.until, "2013-02".parse().ok());
    browser.press("[[");
    assert_eq!(
        browser.state.latest_search(),
        Search::new(SearchRequest { text: "kerry".to_owned(), ..SearchRequest::default() })
    );
}

#[test]
fn similar_articles_copies_and_the_original_belong_to_the_selected_hit() {
    let mut browser = Browser::searched("kerry");
    browser.press("js");
    assert_eq!(browser.subject(), "similar Storm");
    browser.answer_all();
    browser.press("[c");
    assert_eq!(browser.subject(), "search kerry");
    assert!(browser.state.notice.is_some());
    let contents = browser.state.view.contents.as_mut().unwrap();
    contents.hits[1].copies.push(fake_hits::copy(1));
    browser.press("c");
    assert_eq!(browser.subject(), "copies Storm");
    assert_eq!(browser.state.view.hits()[1].id, "c1");
    browser.press("[o");
    browser.answer_all();
    assert!(matches!(browser.others.last(), Some(Command::Open(opening)) if opening.line == 3));
}

#[test]
fn citations_go_to_the_clipboard_or_wait_for_the_end() {
    let mut browser = Browser::searched("kerry");
    browser.press("y");
    assert!(matches!(browser.others.last(), Some(Command::Copy(_))));
    assert!(browser.state.printed.is_empty());
    browser.press("YY");
    assert_eq!(browser.state.printed.len(), 1);
    browser.state.clipboard = false;
    browser.press("jy");
    assert_eq!(browser.state.printed.len(), 2);
}

#[test]
fn further_hits_come_as_the_end_of_the_list_nears() {
    let mut browser = Browser::searched("kerry");
    browser.state.view.contents.as_mut().unwrap().total = 9;
    browser.press("j");
    let Some((_, Question::More(request))) = browser.asked.last() else {
        panic!("no question")
    };
    assert_eq!((request.offset, request.facets), (3, false));
    browser.answer_all();
    assert_eq!(browser.state.view.hits().len(), 9);
    assert_eq!(browser.state.view.selected, 1);
}

#[test]
fn new_articles_are_shown_without_losing_the_place() {
    let mut browser = Browser::searched("kerry");
    browser.press("j");
    browser.answer_all();
    browser.event(Event::Due(Timer::Refresh));
    browser.answer_all();
    assert_eq!(browser.state.view.archive_age, 1);
    assert_eq!(browser.state.view.selected, 1);
    assert!(browser.state.back.is_empty());
}

#[test]
fn a_failed_search_says_so_and_leaves_the_browser_as_it_was() {
    let mut browser = Browser::searched("kerry");
    browser.press("/ x");
    browser.rest();
    let (number, question) = browser
        .asked
        .iter()
        .find(|(_, question)| question.topic() == Topic::Page)
        .cloned()
        .unwrap();
    let failure = Failure { message: "unknown field".to_owned(), hint: None };
    browser.event(Event::Answered(number, question.topic(), Err(failure)));
    assert!(browser.state.note().unwrap().contains("unknown field"));
    assert_eq!(browser.state.view.hits().len(), 3);
    browser.press("y");
    browser.rest();
    browser.answer_all();
    assert_eq!(browser.state.note(), None);
}

#[test]
fn clicks_select_open_and_exclude() {
    let mut browser = Browser::searched("kerry");
    let places = areas(&browser.state);
    let list = places.list_text();
    browser.click(list.x, list.y + 6, MouseButton::Left);
    assert_eq!((browser.state.view.selected, browser.state.focus), (1, Focus::List));
    browser.click(list.x, list.y + 7, MouseButton::Left);
    assert_eq!(browser.state.focus, Focus::Article);
    browser.answer_all();
    let facets = places.facets_text();
    browser.click(facets.x, facets.y + 1, MouseButton::Right);
    assert_eq!(browser.last_search(), Some("-person:\"John Kerry\" kerry".to_owned()));
    browser.answer_all();
    // A name is marked by the first click and opened by the second.
    let article = places.article_text();
    let named = browser.state.view.reading.layout.names[0].line;
    let row = article.y + u16::try_from(named).unwrap();
    browser.click(article.x + 1, row, MouseButton::Left);
    assert_eq!(browser.state.view.reading.spot, Some(Spot::Name(0)));
    browser.click(article.x + 1, row, MouseButton::Left);
    assert_eq!(browser.subject(), "entity John Kerry");
    browser.click(9, 0, MouseButton::Left);
    assert_eq!(browser.state.focus, Focus::Query);
}

#[test]
fn every_size_of_the_screen_and_every_key_are_survived() {
    for (width, height) in [(1, 1), (3, 2), (20, 5), (69, 24), (80, 24), (110, 24), (300, 90)] {
        let mut browser = Browser::sized("kerry", width, height);
        browser.answer_all();
        for binding in keys::BINDINGS {
            for (code, modifiers, _) in binding.keys {
                browser.event(Event::Key(KeyEvent::new(*code, *modifiers)));
                browser.answer_all();
            }
        }
        browser.event(Event::Resize(80, 24));
        browser.event(Event::Resize(width, height));
    }
}

#[test]
fn ctrl_c_quits_wherever_one_is() {
    for keys in ["", "/", "?", "d", "p"] {
        let mut browser = Browser::searched("kerry");
        browser.press(keys);
        browser.event(Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
        assert!(matches!(browser.others.last(), Some(Command::Quit)), "{keys}");
    }
}

#[test]
fn down_leads_to_later_searches_and_not_into_completions() {
    let mut browser = Browser::searched("");
    for query in ["storm", "kerry"] {
        browser.press("/");
        browser.event(Event::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
        browser.press(query);
        browser.code(KeyCode::Enter);
        browser.answer_all();
    }
    browser.press("/");
    browser.event(Event::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
    browser.code(KeyCode::Up);
    browser.code(KeyCode::Up);
    assert_eq!(browser.state.line.text(), "storm");
    browser.rest();
    browser.answer_all();
    browser.code(KeyCode::Down);
    assert_eq!(browser.state.line.text(), "kerry");
}
