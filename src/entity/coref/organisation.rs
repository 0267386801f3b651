//! Which mentions of organisations are one's: by acronym, by leading part.

use super::word::{CAPITALS, LEGAL_FORM, NUMBER, SMALL_WORD, WORD};
use super::{Input, Resolver, same_keys};
use crate::entity::EntityKind;
use crate::text::fold;

impl Resolver {
    pub(super) fn join_organisations(&mut self, input: &Input<'_>) {
        let order = self.by_length(EntityKind::Organisation);
        for &at in &order {
            let cluster = self
                .same_words(at)
                .or_else(|| self.by_acronym(input, at))
                .or_else(|| self.by_leading_part(at));
            let cluster = cluster.unwrap_or_else(|| {
                let cluster = self.new_cluster(at);
                self.learn_acronyms(input, at, cluster);
                cluster
            });
            self.assign(at, cluster);
        }
        self.order = order;
    }

    pub(super) fn by_acronym(&self, input: &Input<'_>, at: u32) -> Option<u32> {
        let found = self.found_at(at)?;
        if found.end - found.first != 1 || found.full != 1 {
            return None;
        }
        let written = input.written(found.part, found.first);
        let letters = written.chars().filter(|c| c.is_alphabetic());
        if letters.clone().count() < 2
            || !letters.clone().next().is_some_and(char::is_uppercase)
        {
            return None;
        }
        let key = self.pieces_of(&found.pieces).first()?.key;
        self.acronyms.get(&key).copied()
    }

    /// Notes the acronyms of a name of several words: the one in parentheses behind it, and those
    /// of its initials, with and without the small words.
    pub(super) fn learn_acronyms(&mut self, input: &Input<'_>, at: u32, cluster: u32) {
        let Some(found) = self.found.get(at as usize).cloned() else { return };
        if found.end - found.first < 2 {
            return;
        }
        if input.written(found.part, found.end) == "("
            && input.written(found.part, found.end + 2) == ")"
        {
            let inner = self.word_at(input, found.part, found.end + 1);
            if inner.is(CAPITALS) && !inner.is(NUMBER) {
                self.acronyms.insert(inner.key, cluster);
            }
        }
        for (with_small, with_legal) in [(false, false), (true, false), (false, true)] {
            self.buffer.clear();
            for at in found.first..found.end {
                let word = self.word_at(input, found.part, at);
                let skipped = (word.is(SMALL_WORD) && !with_small)
                    || (word.is(LEGAL_FORM) && !with_legal)
                    || !word.is(WORD);
                if !skipped {
                    let written = fold(input.written(found.part, at));
                    for part in written.split(['-', '‐', '‑', '/']) {
                        self.buffer.extend(part.chars().next());
                    }
                }
            }
            if self.buffer.len() >= 2
                && let Some(&key) = self.keys.get(&self.buffer)
            {
                self.acronyms.entry(key).or_insert(cluster);
            }
        }
    }

    /// The one organisation whose longer name begins with this one.
    pub(super) fn by_leading_part(&self, at: u32) -> Option<u32> {
        let found = self.found_at(at)?;
        let own = self.pieces_of(&found.pieces);
        let mut matches = self.chain(own.first()?.key).filter(|&cluster| {
            self.clusters.get(cluster as usize).is_some_and(|candidate| {
                let name = self.pieces_of(&candidate.pieces);
                candidate.kind == found.kind
                    && name.len() > own.len()
                    && name.get(..own.len()).is_some_and(|leading| same_keys(leading, own))
            })
        });
        let only = matches.next()?;
        matches.next().is_none().then_some(only)
    }
}
