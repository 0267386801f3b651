//! What is counted of each article, packed: a pass over many articles waits for memory above all,
//! so that the fewer bytes there are of each the sooner it ends.
//!
//! A record is a row of numbers, each in groups of seven bits, the lowest first (LEB128): the
//! date, the imprint, and the identities that the article names, rising, each as the step from the
//! one before.

use crate::search::timeline::{Dated, Resolution};

/// Appends a number.
pub(super) fn push_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number from the front; none at the end.
#[inline]
fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let (first, mut rest) = bytes.split_first()?;
    let mut number = u32::from(first & 0x7F);
    let (mut byte, mut shift) = (*first, 7u32);
    while byte & 0x80 != 0 {
        let (next, after) = rest.split_first()?;
        number |= u32::from(next & 0x7F).wrapping_shl(shift);
        (byte, rest, shift) = (*next, after, shift + 7);
    }
    *bytes = rest;
    Some(number)
}

/// Appends a record.
pub(super) fn push_record(date: Dated, imprint: u32, identities: &[u32], out: &mut Vec<u8>) {
    let date = date.map_or(0, |(day, resolution)| {
        let zigzag = (day << 1) ^ (day >> 31);
        ((zigzag as u32) << 2) | (resolution as u32 + 1)
    });
    push_number(date, out);
    push_number(imprint, out);
    push_identities(identities, out);
}

/// Appends identities, which must rise.
pub(super) fn push_identities(identities: &[u32], out: &mut Vec<u8>) {
    let mut next = 0;
    for number in identities {
        push_number(number.wrapping_sub(next), out);
        next = number.wrapping_add(1);
    }
}

/// What is counted of one article.
#[derive(Clone, Debug)]
pub(in crate::search) struct Record<'a> {
    /// When it was published.
    pub date: Dated,
    /// Number of what it was published in, see [`super::Imprint`].
    pub imprint: u32,
    /// Whom and what it names.
    pub identities: Packed<'a>,
}

impl<'a> Record<'a> {
    /// From the bytes of [`push_record`].
    #[inline]
    pub(super) fn of(mut bytes: &'a [u8]) -> Option<Self> {
        let date = take_number(&mut bytes)?;
        let resolution = Resolution::ALL.get((date as usize & 3).wrapping_sub(1));
        let zigzag = date >> 2;
        let day = (zigzag >> 1) as i32 ^ -((zigzag & 1) as i32);
        let imprint = take_number(&mut bytes)?;
        let date = resolution.map(|resolution| (day, *resolution));
        Some(Self { date, imprint, identities: Packed::of(bytes) })
    }
}

/// Numbers of identities, each once, rising.
#[derive(Clone, Debug, Default)]
pub(in crate::search) struct Packed<'a> {
    bytes: &'a [u8],
    next: u32,
}

impl<'a> Packed<'a> {
    /// From the bytes of [`push_identities`].
    #[inline]
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0 }
    }
}

impl Iterator for Packed<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let number = self.next.wrapping_add(take_number(&mut self.bytes)?);
        self.next = number.wrapping_add(1);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dates() -> impl Strategy<Value = Dated> {
        let days = -4_000_000..4_000_000i32;
        let resolution = prop::sample::select(Resolution::ALL.to_vec());
        prop::option::of((days, resolution))
    }

    proptest! {
        #[test]
        fn a_record_holds_what_was_packed(
            date in dates(),
            imprint in any::<u32>(),
            identities in prop::collection::btree_set(any::<u32>(), 0..40),
        ) {
            let identities: Vec<u32> = identities.into_iter().collect();
            let mut bytes = Vec::new();
            push_record(date, imprint, &identities, &mut bytes);
            let record = Record::of(&bytes).unwrap();
            prop_assert_eq!((record.date, record.imprint), (date, imprint));
            prop_assert_eq!(record.identities.collect::<Vec<u32>>(), identities);
        }

        #[test]
        fn any_bytes_are_read_to_their_end(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            if let Some(record) = Record::of(&bytes) {
                prop_assert!(record.identities.count() <= bytes.len());
            }
        }
    }
}
