//! Tests of the program as a user sees it.
