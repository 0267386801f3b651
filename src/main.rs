//! The command `newshound`; what it does is in [`newshound::front::cli`].

use std::process::ExitCode;

// Documents are made in one thread and freed in another, where the system's allocator is slow:
// measured at a twelfth of the processor time of indexing.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    newshound::front::cli::run(std::env::args_os())
}
