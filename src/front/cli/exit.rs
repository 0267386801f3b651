//! How a command ends.

use std::process::ExitCode;

/// The exit status of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something was found, or what was asked for is done.
    Found,
    /// The command worked, and there is nothing to show.
    NothingFound,
    /// The command could not do its work.
    Failed,
}

impl Exit {
    /// Every status, in the order of the codes.
    pub const ALL: [Self; 3] = [Self::Found, Self::NothingFound, Self::Failed];

    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Found => 0,
            Self::NothingFound => 1,
            Self::Failed => 2,
        }
    }

    /// What it means, in the words of the help.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Found => "found, or done",
            Self::NothingFound => "nothing found",
            Self::Failed => "the command failed",
        }
    }

    /// [`Exit::Found`] if there is something.
    #[must_use]
    pub fn found(anything: bool) -> Self {
        if anything { Self::Found } else { Self::NothingFound }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// The paragraph on exit statuses in the help.
pub(super) fn help() -> String {
    let meanings: Vec<String> =
        Exit::ALL.iter().map(|exit| format!("{} {}", exit.code(), exit.meaning())).collect();
    format!("Exit status: {}.", meanings.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_can_rely_on_the_codes() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2]);
        assert_eq!(Exit::found(true), Exit::Found);
        assert_eq!(Exit::found(false), Exit::NothingFound);
        assert_eq!(
            help(),
            "Exit status: 0 found, or done, 1 nothing found, 2 the command failed."
        );
    }
}
