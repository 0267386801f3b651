//! What is counted of each article, packed: a pass over many articles waits for memory above all,
//! so that the fewer bytes there are of each the sooner it ends. Numbers are of two bytes where all
//! of an article fit: to read them takes no decision for each, as with numbers of any length.
//!
//! A record is the head (the date, and how wide the rest is), the imprint, and the identities that
//! the article names, rising, each as the step from the one before; all little-endian.

use crate::search::timeline::{Dated, Resolution};

/// The head, from the lowest bit: two bits of resolution, 0 without date; whether the imprint is of
/// four bytes; whether the identities are; the day, zigzag.
const HEAD: usize = 4;
const WIDE_IMPRINT: u32 = 1 << 2;
const WIDE_IDENTITIES: u32 = 1 << 3;
const DAY_SHIFT: u32 = 4;

/// Appends a record. `identities` must rise.
pub(super) fn push_record(date: Dated, imprint: u32, identities: &[u32], out: &mut Vec<u8>) {
    let mut head = date.map_or(0, |(day, resolution)| {
        let zigzag = ((day << 1) ^ (day >> 31)) as u32;
        (zigzag << DAY_SHIFT) | (resolution as u32 + 1)
    });
    let narrow_imprint = u16::try_from(imprint);
    if narrow_imprint.is_err() {
        head |= WIDE_IMPRINT;
    }
    let begin = out.len();
    out.extend([0; HEAD]);
    match narrow_imprint {
        Ok(imprint) => out.extend(imprint.to_le_bytes()),
        Err(_) => out.extend(imprint.to_le_bytes()),
    }
    if push_identities(identities, out) {
        head |= WIDE_IDENTITIES;
    }
    if let Some(place) = out.get_mut(begin..begin + HEAD) {
        place.copy_from_slice(&head.to_le_bytes());
    }
}

/// Appends identities, which must rise; whether they are of four bytes each.
pub(super) fn push_identities(identities: &[u32], out: &mut Vec<u8>) -> bool {
    let steps = identities.iter().scan(0u32, |next, number| {
        let step = number.wrapping_sub(*next);
        *next = number.wrapping_add(1);
        Some(step)
    });
    let wide = steps.clone().any(|step| u16::try_from(step).is_err());
    if wide {
        out.extend(steps.flat_map(u32::to_le_bytes));
    } else {
        out.extend(steps.flat_map(|step| (step as u16).to_le_bytes()));
    }
    wide
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
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let head = u32::from_le_bytes(*head);
        let resolution = Resolution::ALL.get((head as usize & 3).wrapping_sub(1));
        let zigzag = head >> DAY_SHIFT;
        let day = (zigzag >> 1) as i32 ^ -((zigzag & 1) as i32);
        let (imprint, rest) = if head & WIDE_IMPRINT == 0 {
            let (imprint, rest) = rest.split_first_chunk()?;
            (u32::from(u16::from_le_bytes(*imprint)), rest)
        } else {
            let (imprint, rest) = rest.split_first_chunk()?;
            (u32::from_le_bytes(*imprint), rest)
        };
        let identities = Packed::of(rest, head & WIDE_IDENTITIES != 0);
        Some(Self {
            date: resolution.map(|resolution| (day, *resolution)),
            imprint,
            identities,
        })
    }
}

/// Numbers of identities, each once, rising.
#[derive(Clone, Debug, Default)]
pub(in crate::search) struct Packed<'a> {
    bytes: &'a [u8],
    wide: bool,
    next: u32,
}

impl<'a> Packed<'a> {
    /// From the bytes of [`push_identities`], and whether they are of four bytes each.
    #[inline]
    pub(super) fn of(bytes: &'a [u8], wide: bool) -> Self {
        Self { bytes, wide, next: 0 }
    }
}

impl Iterator for Packed<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let step = if self.wide {
            let (step, rest) = self.bytes.split_first_chunk()?;
            self.bytes = rest;
            u32::from_le_bytes(*step)
        } else {
            let (step, rest) = self.bytes.split_first_chunk()?;
            self.bytes = rest;
            u32::from(u16::from_le_bytes(*step))
        };
        let number = self.next.wrapping_add(step);
        self.next = number.wrapping_add(1);
        Some(number)
    }

    /// Goes through all of them without asking for each how wide it is.
    #[inline]
    fn fold<B, F: FnMut(B, u32) -> B>(self, init: B, mut each: F) -> B {
        let (mut next, mut folded) = (self.next, init);
        let mut take = |folded: B, step: u32| {
            let number = next.wrapping_add(step);
            next = number.wrapping_add(1);
            each(folded, number)
        };
        if self.wide {
            for step in self.bytes.as_chunks().0 {
                folded = take(folded, u32::from_le_bytes(*step));
            }
        } else {
            for step in self.bytes.as_chunks().0 {
                folded = take(folded, u32::from(u16::from_le_bytes(*step)));
            }
        }
        folded
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
            imprint in prop_oneof![any::<u32>(), 0..200u32],
            identities in prop_oneof![
                prop::collection::btree_set(any::<u32>(), 0..40),
                prop::collection::btree_set(0..60_000u32, 0..40),
            ],
        ) {
            let identities: Vec<u32> = identities.into_iter().collect();
            let mut bytes = Vec::new();
            push_record(date, imprint, &identities, &mut bytes);
            let record = Record::of(&bytes).unwrap();
            prop_assert_eq!((record.date, record.imprint), (date, imprint));
            prop_assert_eq!(record.identities.clone().collect::<Vec<u32>>(), &identities[..]);
            let mut folded = Vec::new();
            record.identities.for_each(|number| folded.push(number));
            prop_assert_eq!(folded, identities);
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
