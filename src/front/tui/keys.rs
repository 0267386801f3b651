//! Which key does what: one table, from which the help is made as well.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Something that the reader can do outside the query line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    EditQuery,
    NextPane,
    PreviousPane,
    PaneRight,
    PaneLeft,
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    Leave,
    NextMatch,
    PreviousMatch,
    NextName,
    PreviousName,
    Person,
    Similar,
    Copies,
    Original,
    Cite,
    CiteOnExit,
    Back,
    Forward,
    Facets,
    Include,
    Exclude,
    ClearFilters,
    Sort,
    Dates,
    AllCopies,
    Zoom,
    Help,
    Redraw,
    Suspend,
    Quit,
}

/// A row of the table: the keys as the help writes them, the keys, what they do, in words.
pub(super) struct Binding {
    pub(super) shown: &'static str,
    pub(super) keys: &'static [(KeyCode, KeyModifiers, Action)],
    pub(super) does: &'static str,
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;

const fn key(c: char, action: Action) -> (KeyCode, KeyModifiers, Action) {
    (KeyCode::Char(c), NONE, action)
}

/// Every key outside the query line, in the order of the help. An empty row begins a group.
pub(super) const BINDINGS: &[Binding] = &[
    Binding { shown: "", keys: &[], does: "Moving about" },
    Binding {
        shown: "/ i",
        keys: &[key('/', Action::EditQuery), key('i', Action::EditQuery)],
        does: "edit the query",
    },
    Binding {
        shown: "Tab ← →",
        keys: &[
            (KeyCode::Tab, NONE, Action::NextPane),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Action::PreviousPane),
            (KeyCode::BackTab, NONE, Action::PreviousPane),
            (KeyCode::Right, NONE, Action::PaneRight),
            (KeyCode::Left, NONE, Action::PaneLeft),
            key('l', Action::PaneRight),
            key('h', Action::PaneLeft),
        ],
        does: "another pane",
    },
    Binding {
        shown: "↑ ↓ j k",
        keys: &[
            (KeyCode::Up, NONE, Action::Up),
            (KeyCode::Down, NONE, Action::Down),
            key('k', Action::Up),
            key('j', Action::Down),
        ],
        does: "one hit or line up or down",
    },
    Binding {
        shown: "PgUp PgDn Space",
        keys: &[
            (KeyCode::PageUp, NONE, Action::PageUp),
            (KeyCode::PageDown, NONE, Action::PageDown),
            (KeyCode::Char('b'), CONTROL, Action::PageUp),
            (KeyCode::Char('f'), CONTROL, Action::PageDown),
            key(' ', Action::PageDown),
        ],
        does: "one page up or down",
    },
    Binding {
        shown: "g G Home End",
        keys: &[
            (KeyCode::Home, NONE, Action::Top),
            (KeyCode::End, NONE, Action::Bottom),
            key('g', Action::Top),
            key('G', Action::Bottom),
        ],
        does: "first or last",
    },
    Binding {
        shown: "Enter",
        keys: &[(KeyCode::Enter, NONE, Action::Open)],
        does: "read the hit, open the name, add the facet",
    },
    Binding {
        shown: "Esc",
        keys: &[(KeyCode::Esc, NONE, Action::Leave)],
        does: "back to the list",
    },
    Binding {
        shown: "Backspace [",
        keys: &[
            (KeyCode::Backspace, NONE, Action::Back),
            (KeyCode::Left, ALT, Action::Back),
            key('[', Action::Back),
        ],
        does: "back, as in a web browser (Alt-← too)",
    },
    Binding {
        shown: "]",
        keys: &[(KeyCode::Right, ALT, Action::Forward), key(']', Action::Forward)],
        does: "forward (Alt-→ too)",
    },
    Binding {
        shown: "z",
        keys: &[key('z', Action::Zoom)],
        does: "the pane on the whole screen",
    },
    Binding { shown: "", keys: &[], does: "In an article" },
    Binding {
        shown: "n N",
        keys: &[key('n', Action::NextMatch), key('N', Action::PreviousMatch)],
        does: "next or previous match",
    },
    Binding {
        shown: "e E",
        keys: &[key('e', Action::NextName), key('E', Action::PreviousName)],
        does: "next or previous name",
    },
    Binding {
        shown: "p",
        keys: &[key('p', Action::Person)],
        does: "who that is: the name under the cursor, or choose one",
    },
    Binding { shown: "s", keys: &[key('s', Action::Similar)], does: "similar articles" },
    Binding { shown: "c", keys: &[key('c', Action::Copies)], does: "copies of the story" },
    Binding {
        shown: "o",
        keys: &[key('o', Action::Original)],
        does: "open the file at this place in $EDITOR or $PAGER",
    },
    Binding {
        shown: "y Y",
        keys: &[key('y', Action::Cite), key('Y', Action::CiteOnExit)],
        does: "cite: to the clipboard, or printed at the end",
    },
    Binding { shown: "", keys: &[], does: "Narrowing the search" },
    Binding {
        shown: "f",
        keys: &[key('f', Action::Facets)],
        does: "facets: to them, hide them",
    },
    Binding {
        shown: "+ Enter",
        keys: &[key('+', Action::Include)],
        does: "only with the facet's value, or take that back",
    },
    Binding {
        shown: "- x",
        keys: &[key('-', Action::Exclude), key('x', Action::Exclude)],
        does: "never with it, or take that back",
    },
    Binding { shown: "d", keys: &[key('d', Action::Dates)], does: "dates: from..until" },
    Binding { shown: "X", keys: &[key('X', Action::ClearFilters)], does: "drop all filters" },
    Binding {
        shown: "r",
        keys: &[key('r', Action::Sort)],
        does: "order: relevance, newest, oldest",
    },
    Binding {
        shown: "a",
        keys: &[key('a', Action::AllCopies)],
        does: "fold or unfold all copies",
    },
    Binding { shown: "", keys: &[], does: "Besides" },
    Binding {
        shown: "?",
        keys: &[key('?', Action::Help), (KeyCode::F(1), NONE, Action::Help)],
        does: "this help",
    },
    Binding {
        shown: "Ctrl-L Ctrl-Z",
        keys: &[
            (KeyCode::Char('l'), CONTROL, Action::Redraw),
            (KeyCode::Char('z'), CONTROL, Action::Suspend),
        ],
        does: "draw anew; suspend",
    },
    Binding { shown: "q Ctrl-C", keys: &[key('q', Action::Quit)], does: "quit" },
];

/// What the help says of the query line, whose keys are those of a shell.
pub(super) const QUERY_KEYS: &[(&str, &str)] = &[
    ("Enter", "to the hits (they come as you type)"),
    ("Tab", "complete the name; ↑ ↓ choose another"),
    ("↑ ↓", "earlier and later searches"),
    ("Esc", "to the hits"),
    ("Ctrl-W Ctrl-U", "erase the word, the line"),
];

/// What the mouse does.
pub(super) const MOUSE: &[(&str, &str)] = &[
    ("click", "select; once more: open"),
    ("right click", "exclude a facet's value"),
    ("wheel", "scroll what is under it"),
    ("Shift + drag", "select text, in most terminals"),
];

/// The action of a key outside the query line.
pub(super) fn action(key: KeyEvent) -> Option<Action> {
    // Shift is in the character already; terminals differ in whether they report it as well.
    let modifiers = match key.code {
        KeyCode::Char(_) => key.modifiers - KeyModifiers::SHIFT,
        _ => key.modifiers,
    };
    BINDINGS
        .iter()
        .flat_map(|binding| binding.keys)
        .find(|(code, wanted, _)| *code == key.code && *wanted == modifiers)
        .map(|(_, _, action)| *action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let keys: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.keys).collect();
        for (number, (code, modifiers, _)) in keys.iter().enumerate() {
            let same = |(other, with, _): &&&(KeyCode, KeyModifiers, Action)| {
                other == code && with == modifiers
            };
            assert!(keys.iter().skip(number + 1).find(same).is_none(), "{code:?}");
        }
    }

    #[test]
    fn shifted_letters_are_known_with_and_without_the_modifier() {
        for modifiers in [NONE, KeyModifiers::SHIFT] {
            let pressed = KeyEvent::new(KeyCode::Char('N'), modifiers);
            assert_eq!(action(pressed), Some(Action::PreviousMatch));
        }
    }
}
