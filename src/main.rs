//! The command `newshound`; what it does is in [`newshound::front::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    newshound::front::cli::run(std::env::args_os())
}
