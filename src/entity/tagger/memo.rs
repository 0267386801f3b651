//! What was last looked up, for look-ups that wait for the cache.

/// Values by hash: `1 << BITS` places, of which each key has one; there the later key stays.
#[derive(Clone, Debug)]
pub(super) struct Memo<T, const BITS: u32>(Vec<(u64, T)>);

impl<T, const BITS: u32> Default for Memo<T, BITS> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<T: Copy + Default, const BITS: u32> Memo<T, BITS> {
    /// The value of a key, which is the hash of all that the value depends on.
    #[inline]
    pub(super) fn get(&mut self, key: u64, find: impl FnOnce() -> T) -> T {
        let place = (key >> (64 - BITS)) as usize;
        if let Some(&(known, value)) = self.0.get(place)
            && known == key
        {
            return value;
        }
        self.keep(place, key, find())
    }

    #[cold]
    fn keep(&mut self, place: usize, key: u64, value: T) -> T {
        if self.0.is_empty() {
            // What stands in empty places is no key of theirs: 0 only of the first.
            self.0.resize(1 << BITS, (0, T::default()));
            if let Some(first) = self.0.first_mut() {
                first.0 = u64::MAX;
            }
        }
        if let Some(kept) = self.0.get_mut(place) {
            *kept = (key, value);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_gets_the_value_of_another() {
        let mut memo = Memo::<u64, 4>::default();
        let keys = [0, 1, u64::MAX, u64::MAX - 1, 1 << 60, 1 << 61, 0, u64::MAX];
        for key in keys.into_iter().chain(keys) {
            assert_eq!(memo.get(key, || key ^ 5), key ^ 5);
        }
    }
}
