//! Files that hold other files: one row of the table per kind.

use std::path::Path;

use super::read::{Limits, Member};
use super::{CorpusError, gzip};

/// What opening a container needs to know.
pub(super) struct Opening<'a> {
    /// The file, for messages.
    pub(super) file: &'a Path,
    /// The name that the file goes by.
    pub(super) name: &'a str,
    /// Its content.
    pub(super) bytes: &'a [u8],
    pub(super) limits: Limits,
    /// Room for what is unpacked, kept from file to file.
    pub(super) unpacked: &'a mut Vec<u8>,
}

/// What receives the members of a container, one after the other.
pub(super) type Each<'a> = &'a mut dyn FnMut(Member<'_>);

/// A kind of container.
pub(super) struct Container {
    /// The bytes that it begins with.
    magic: &'static [u8],
    pub(super) open: fn(Opening<'_>, Each<'_>) -> Result<(), CorpusError>,
}

const CONTAINERS: &[Container] = &[Container { magic: &[0x1F, 0x8B, 8], open: gzip::open }];

/// The container that these bytes are, if any.
pub(super) fn recognise(bytes: &[u8]) -> Option<&'static Container> {
    CONTAINERS.iter().find(|container| bytes.starts_with(container.magic))
}
