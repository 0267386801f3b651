//! Any text as a query: it is read or refused, and what was read says the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newshound::query::parse;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(parsed) => {
            let written = parsed.query.to_string();
            let again = parse(&written).expect("what was written can be read");
            assert_eq!(parsed.query, again.query, "{text:?} as {written:?}");
        }
        Err(error) => {
            let span = error.span;
            let length = text.chars().count();
            assert!(span.start <= span.end && span.end <= length, "{text:?}: {error:?}");
        }
    }
});
