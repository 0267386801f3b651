//! Which mentions of places are one place's.

use super::title::PLACE_GROUPS;
use super::{Input, NONE, Resolver};
use crate::entity::EntityKind;
use crate::text::fold;

impl Resolver {
    pub(super) fn join_places(&mut self, input: &Input<'_>) {
        let order = self.by_length(EntityKind::Place);
        let mut groups = [NONE; PLACE_GROUPS.len()];
        for &at in &order {
            if let Some(cluster) = self.same_words(at) {
                self.assign(at, cluster);
                continue;
            }
            let group = self.place_group(input, at);
            let known = group.and_then(|group| groups.get(group).copied());
            let cluster = match known.filter(|&cluster| cluster != NONE) {
                Some(cluster) => cluster,
                None => self.new_cluster(at),
            };
            if let Some(slot) = group.and_then(|group| groups.get_mut(group)) {
                *slot = cluster;
            }
            self.assign(at, cluster);
        }
        self.order = order;
    }

    /// Index in [`PLACE_GROUPS`] of the group that the mention's name is in.
    pub(super) fn place_group(&mut self, input: &Input<'_>, at: u32) -> Option<usize> {
        let found = self.found.get(at as usize)?;
        self.buffer.clear();
        for at in found.first..found.end {
            let folded = fold(input.written(found.part, at));
            if !self.buffer.is_empty() {
                self.buffer.push(' ');
            }
            self.buffer.extend(folded.chars().filter(|&c| c != '.'));
        }
        PLACE_GROUPS.iter().position(|group| group.contains(&self.buffer.as_str()))
    }
}
