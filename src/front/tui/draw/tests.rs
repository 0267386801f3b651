//! Whole screens, as text.

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use super::*;
use crate::front::tui::fake_hits;
use crate::front::tui::filters::Search;
use crate::front::tui::question::{Answer, Question};
use crate::front::tui::update::{Command, Event, begin, update};
use crate::search::{ArticleView, SearchRequest};

/// A browser that shows an answer with these headlines, and an article.
fn state(width: u16, height: u16, titles: &[&str], article: ArticleView) -> State {
    let request = SearchRequest { text: "kerry".to_owned(), ..SearchRequest::default() };
    let size = Size { width, height };
    let mut state = State::new(Search::new(request), Vec::new(), true, size);
    let article = Arc::new(article);
    let mut asked = begin(&mut state);
    while let Some(command) = asked.pop() {
        let Command::Ask(number, question) = command else { continue };
        let answer = match &question {
            Question::Search(_) => {
                Answer::Search(Box::new(fake_hits::response("kerry", titles)))
            }
            Question::Article { .. } => Answer::Article(Arc::clone(&article)),
            _ => continue,
        };
        asked.extend(update(&mut state, Event::Answered(number, question.topic(), Ok(answer))));
    }
    state
}

fn drawn(state: &State, color: bool) -> Buffer {
    let backend = TestBackend::new(state.size.width, state.size.height);
    let mut terminal = Terminal::new(backend).unwrap();
    terminal.draw(|frame| draw(frame, state, Theme { color })).unwrap();
    terminal.backend().buffer().clone()
}

/// The screen as rows of text, as a terminal shows it: a wide character takes two cells.
fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut row = String::new();
            let mut x = 0;
            while x < area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += u16::try_from(width(symbol)).unwrap().max(1);
            }
            row.trim_end().to_owned()
        })
        .collect()
}

fn screen(state: &State) -> String {
    rows(&drawn(state, true)).join("\n")
}

fn seoul() -> ArticleView {
    fake_hits::marked_article(
        "Kerry in Seoul",
        "SEOUL (Yonhap) -- John Kerry met his South Korean counterpart in Seoul on Friday.\n\n\
         Kerry said that the talks would go on.",
    )
}

#[test]
fn a_search_on_80_by_24() {
    let state =
        state(80, 24, &["Kerry in Seoul", "A storm leaves thousands without power"], seoul());
    insta::assert_snapshot!(screen(&state), @r#"
    Search: kerry
    2 stories · by relevance · 1.2 ms
    ━ Hits 1 of 2 ━━━━━━━━━━━━━━━━━━━━━━┬─ Article · 2 matches ─────────────────────
    ▶Kerry in Seoul                     │ Kerry in Seoul
    ▏2013-02-05 · Yonhap · 1,380 words  │ Yonhap · 2013-02-05 · 1,380 words · en
    ▏John Kerry met his counterpart in  │ By Ann Lee
    ▏Seoul on Friday.                   │
     A storm leaves thousands without   │ SEOUL (Yonhap) -- John Kerry met his
     power                              │ South Korean counterpart in Seoul on
     2013-02-05 · Yonhap · 1,380 words  │ Friday.
     John Kerry met his counterpart in… │
                                        │ Kerry said that the talks would go on.
                                        │
                                        │ People: John Kerry 3
                                        │ Places: Seoul 2
                                        │ File: asia/0.txt
                                        │
                                        │
                                        │
                                        │
                                        │
                                        │
                                        │
    ? help · q quit · / query · Enter read · n match · f facets · r order · d dates
    "#);
}

#[test]
fn a_search_on_120_by_40() {
    let state =
        state(120, 40, &["Kerry in Seoul", "A storm leaves thousands without power"], seoul());
    insta::assert_snapshot!(screen(&state), @r#"
    Search: kerry
    2 stories · by relevance · 1.2 ms
    ━ Hits 1 of 2 ━━━━━━━━━━━━━━━━━━━━━━━━━━┬─ Article · 2 matches ────────────────────────────┬─ Facets ───────────────────
    ▶Kerry in Seoul                         │ Kerry in Seoul                                   │ People
    ▏2013-02-05 · Yonhap · 1,380 words      │ Yonhap · 2013-02-05 · 1,380 words · en           │   John Kerry            12
    ▏John Kerry met his counterpart in      │ By Ann Lee                                       │   Yun Byung-se           4
    ▏Seoul on Friday.                       │                                                  │
                                            │ SEOUL (Yonhap) -- John Kerry met his South       │ Places
                                            │ Korean counterpart in Seoul on Friday.           │   Seoul                  9
     A storm leaves thousands without power │                                                  │
     2013-02-05 · Yonhap · 1,380 words      │ Kerry said that the talks would go on.           │ Sources
     John Kerry met his counterpart in      │                                                  │   Yonhap                 8
     Seoul on Friday.                       │ People: John Kerry 3                             │   AP                     3
                                            │ Places: Seoul 2                                  │
                                            │ File: asia/0.txt                                 │ Years
                                            │                                                  │   2012                   2
                                            │                                                  │   2013                  10
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
                                            │                                                  │
    ? help · q quit · / query · Enter read · n match · f facets · r order · d dates · s similar · p who · c copies · o open
    "#);
}

#[test]
fn wide_combining_and_right_to_left_text_keep_their_columns() {
    let article = fake_hits::marked_article(
        "東京で首脳会談、平和協定について協議",
        "東京（共同）安倍首相は五日、東京でKerry国務長官と会談し、朝鮮半島情勢について協議した。\n\n\
         שר החוץ ג'ון Kerry נפגש היום עם ראש הממשלה בירושלים.\n\nCafe\u{301} Gene\u{300}ve नमस्ते.",
    );
    let titles = [
        "東京で首脳会談、平和協定について協議が続く",
        "שיחות השלום בירושלים",
        "한미 외교장관 회담",
    ];
    let state = state(80, 24, &titles, article);
    // Marks of direction have no width; letters with their marks are written as one here.
    let shown = screen(&state).replace('\u{200e}', "");
    let shown = shown.replace("e\u{301}", "é").replace("e\u{300}", "è");
    insta::assert_snapshot!(shown, @r#"
    Search: kerry
    3 stories · by relevance · 1.2 ms
    ━ Hits 1 of 3 ━━━━━━━━━━━━━━━━━━━━━━┬─ Article · 2 matches ─────────────────────
    ▶東京で首脳会談、平和協定について協 │ 東京で首脳会談、平和協定について協議
    ▏議が続く                           │ Yonhap · 2013-02-05 · 1,380 words · en
    ▏2013-02-05 · Yonhap · 1,380 words  │ By Ann Lee
    ▏John Kerry met his counterpart in… │
     שיחות השלום בירושלים               │ 東京（共同）安倍首相は五日、東京でKerry国
     2013-02-05 · Yonhap · 1,380 words  │ 務長官と会談し、朝鮮半島情勢について協議
     John Kerry met his counterpart in  │ した。
     Seoul on Friday.                   │
     한미 외교장관 회담                 │       שר החוץ ג'ון Kerry נפגש היום עם ראש
     2013-02-05 · Yonhap · 1,380 words  │                          הממשלה בירושלים.
     John Kerry met his counterpart in  │
     Seoul on Friday.                   │ Café Genève नमस्ते.
                                        │
                                        │ People: John Kerry 3
                                        │ Places: Seoul 2
                                        │ File: asia/0.txt
                                        │
                                        │
                                        │
                                        │
    ? help · q quit · / query · Enter read · n match · f facets · r order · d dates
    "#);
    // Each divider is in the same column, whatever stands before it.
    let buffer = drawn(&state, true);
    let x = areas(&state).article.x - 1;
    for y in 3..22 {
        assert!(buffer[(x, y)].symbol().starts_with('│'), "row {y}");
    }
}

#[test]
fn a_narrow_terminal_shows_one_pane_at_a_time() {
    let mut state = state(50, 16, &["Kerry in Seoul"], seoul());
    insta::assert_snapshot!(screen(&state), @r#"
    Search: kerry
    1 story · by relevance · 1.2 ms
    ━ Hits 1 of 1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
    ▶Kerry in Seoul
    ▏2013-02-05 · Yonhap · 1,380 words
    ▏John Kerry met his counterpart in Seoul on
    ▏Friday.








    ? help · q quit · / query · Enter read · n match
    "#);
    state.focus = Focus::Article;
    state.lay_out_article();
    assert!(screen(&state).contains("Article · 2 matches"));
}

#[test]
fn the_selected_facet_is_seen_in_a_pane_of_one_row() {
    let mut state = state(20, 5, &["Kerry in Seoul"], seoul());
    update(&mut state, Event::Key(KeyCode::Char('f').into()));
    let shown = screen(&state);
    assert!(shown.contains("▶  John Kerry"), "{shown}");
}

#[test]
fn a_wide_screen_has_no_wider_lines_and_nothing_is_grey() {
    let body = "word ".repeat(100);
    let state = state(240, 30, &["Kerry in Seoul"], fake_hits::article("Seoul", &body, &[]));
    let widest = state
        .view
        .reading
        .layout
        .lines
        .iter()
        .map(|line| line.runs.iter().map(|run| width(&run.text)).sum::<usize>());
    assert!((80..=90).contains(&widest.max().unwrap()));
    let buffer = drawn(&state, true);
    assert!(buffer.content().iter().all(|cell| cell.fg != Color::DarkGray));
}

#[test]
fn the_profile_of_a_person_on_80_by_24() {
    let mut state = state(80, 24, &["Kerry in Seoul"], seoul());
    let key = |c| Event::Key(crossterm::event::KeyEvent::from(KeyCode::Char(c)));
    update(&mut state, key('p'));
    let enter = crossterm::event::KeyEvent::from(KeyCode::Enter);
    let commands = update(&mut state, Event::Key(enter));
    for command in commands {
        if let Command::Ask(number, question) = command {
            let answer = Answer::Profile(Box::new(fake_hits::profile("John Kerry")));
            update(&mut state, Event::Answered(number, question.topic(), Ok(answer)));
        }
    }
    insta::assert_snapshot!(screen(&state), @r#"
    Search: kerry
    person: John Kerry                                                        back 1
    ━ Profile 1 of 2 ━━━━━━━━━━━━━━━━━━━┬─ Article ─────────────────────────────────
     John Kerry                         │
     person · 142 articles              │
     Written: Kerry 300 · John F. Kerry │
     9                                  │
                                        │
     Articles per year                  │
     2011 ▊ 3                           │
     2012 ██████████▌ 40                │
     2013 ██████████████████████████ 99 │
                                        │
     Appears with                       │
    ▶Yun Byung-se  4  person            │
                                        │
     Articles most about them           │
     Kerry meets Yun                    │
     2013-02-05 · Yonhap · 1,380 words  │
     John Kerry met his counterpart in  │
     Seoul on Friday.                   │
                                        │
                                        │
    ? help · q quit · / query · Enter read · n match · f facets · r order · d dates
    "#);
}

#[test]
fn nothing_of_an_article_acts_on_the_terminal() {
    let hostile = "x\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}y\u{8}\u{8}\r\u{0}\u{85}z";
    let mut state =
        state(80, 24, &[hostile, hostile], fake_hits::article(hostile, hostile, &[(0, 9)]));
    state.notice = Some(hostile.to_owned());
    for drawn in [drawn(&state, true), drawn(&state, false)] {
        for cell in drawn.content() {
            assert!(!cell.symbol().chars().any(char::is_control), "{:?}", cell.symbol());
            assert!(!cell.symbol().contains('\u{202e}'));
        }
    }
}

#[test]
fn without_colour_everything_is_still_told_apart() {
    let mut state = state(80, 24, &["Kerry in Seoul", "Storm"], seoul());
    let key = crossterm::event::KeyEvent::from(KeyCode::Char('n'));
    update(&mut state, Event::Key(key));
    let buffer = drawn(&state, false);
    assert!(
        buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    let with = |modifier: Modifier| {
        buffer.content().iter().filter(|cell| cell.modifier.contains(modifier)).count()
    };
    assert!(with(Modifier::BOLD | Modifier::UNDERLINED) >= "Kerry".len());
    assert!(with(Modifier::REVERSED) >= "Kerry".len());
    assert!(with(Modifier::ITALIC) >= "Seoul".len());
    assert!(rows(&buffer).iter().any(|row| row.starts_with("▶Kerry in Seoul")));
}

#[test]
fn help_names_every_key() {
    let mut state = state(100, 60, &["Kerry in Seoul"], seoul());
    update(&mut state, Event::Key(crossterm::event::KeyEvent::from(KeyCode::Char('?'))));
    let screen = screen(&state);
    for (keys, does) in help_lines() {
        assert!(screen.contains(keys) && screen.contains(does), "{keys} {does}");
    }
}

#[test]
fn every_size_is_drawn() {
    for width in [1, 2, 5, 20, 40, 69, 70, 109, 110, 200] {
        for height in [1, 2, 3, 5, 7, 24, 60] {
            let mut state = state(width, height, &["東京で首脳会談", "Storm"], seoul());
            for focus in [Focus::Query, Focus::List, Focus::Article, Focus::Facets] {
                state.focus = focus;
                state.lay_out_article();
                drawn(&state, true);
            }
            for c in ['?', 'p', 'd'] {
                state.overlay = None;
                let key = crossterm::event::KeyEvent::from(KeyCode::Char(c));
                update(&mut state, Event::Key(key));
                drawn(&state, true);
            }
        }
    }
}
