//! A `people.toml` as edited by hand: it is read or refused with a message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newshound::entity::people_file::PeopleFile;

fuzz_target!(|text: &str| {
    if let Err(error) = PeopleFile::parse(text) {
        assert!(!error.to_string().is_empty());
    }
});
