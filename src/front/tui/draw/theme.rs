//! How things look. Every difference is made without colour first; colours come on top.

use ratatui::style::{Color, Modifier, Style};

use crate::entity::EntityKind;
use crate::front::tui::article_layout::Role;
use crate::front::tui::list::Tone;

/// Whether colours are used.
#[derive(Clone, Copy, Debug)]
pub(in crate::front::tui) struct Theme {
    pub(in crate::front::tui) color: bool,
}

impl Theme {
    fn colored(self, style: Style, color: Color) -> Style {
        if self.color { style.fg(color) } else { style }
    }

    pub(super) fn role(self, role: Role) -> Style {
        match role {
            Role::Body => Style::new(),
            Role::Title | Role::Label => Style::new().add_modifier(Modifier::BOLD),
            Role::Note => Self::note(),
        }
    }

    pub(super) fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Title | Tone::Label => Style::new().add_modifier(Modifier::BOLD),
            Tone::Note => Self::note(),
            Tone::Match => self.matched(),
        }
    }

    /// What is known about an article, and the frame. Not in grey: palettes exist whose grey is
    /// the colour of the ground.
    pub(super) fn note() -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub(super) fn matched(self) -> Style {
        self.colored(Style::new(), Color::Yellow)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    pub(super) fn name(self, kind: EntityKind) -> Style {
        let color = match kind {
            EntityKind::Person => Color::Cyan,
            EntityKind::Organisation => Color::Magenta,
            EntityKind::Place => Color::Green,
        };
        self.colored(Style::new(), color).add_modifier(Modifier::ITALIC)
    }

    /// The match or name under the cursor, and what is selected.
    pub(super) fn selected() -> Style {
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    pub(super) fn notice() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }
}
