//! The result: entities with their fullest names and their roles.

use super::title::{is_particle, is_small_word};
use super::word::{ADDRESS, CAPITALS, PLAIN_ADDRESS, WORD};
use super::{Found, Input, NONE, Resolver, length};
use crate::entity::identity::gazetteer::gazetteer;
use crate::entity::{ArticleEntities, Entity, EntityKind, Mention};
use crate::text::fold;

/// An entity keeps this many roles.
const MAX_ROLES: usize = 4;

impl Resolver {
    pub(super) fn finish(&mut self, input: &Input<'_>) -> ArticleEntities {
        let mut result = ArticleEntities::default();
        // By cluster: its entity's index, and its fullest mention.
        let mut entity_of = vec![NONE; self.clusters.len()];
        let mut fullest: Vec<u32> = Vec::new();
        let found = std::mem::take(&mut self.found);
        for (at, mention) in found.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(NONE);
            let Some(entity) = entity_of.get_mut(mention.cluster as usize) else { continue };
            if *entity == NONE {
                *entity = length(&fullest);
                fullest.push(at);
                result.entities.push(Entity {
                    kind: mention.kind,
                    name: String::new(),
                    roles: Vec::new(),
                    mentions: 0,
                });
            }
            let entity = *entity;
            if let Some(best) = fullest.get_mut(entity as usize)
                && let Some(known) = found.get(*best as usize)
                && self.fullness(input, mention) > self.fullness(input, known)
            {
                *best = at;
            }
            let start = input.token(mention.part, mention.first).map_or(0, |token| token.start);
            let end =
                input.token(mention.part, mention.end - 1).map_or(start, |token| token.end);
            result.mentions.push(Mention {
                part: mention.part,
                start,
                end,
                first_token: mention.first,
                end_token: mention.end,
                entity,
            });
            if let Some(entity) = result.entities.get_mut(entity as usize) {
                entity.mentions += 1;
                self.add_roles(input, mention, &mut entity.roles);
            }
        }
        for (entity, &best) in result.entities.iter_mut().zip(&fullest) {
            if let Some(mention) = found.get(best as usize) {
                entity.name = self.name_of(input, mention);
            }
        }
        self.found = found;
        result
    }

    /// Orders the mentions of an entity by how full a name they give.
    pub(super) fn fullness(
        &mut self,
        input: &Input<'_>,
        mention: &Found,
    ) -> (bool, u32, u32, bool) {
        if mention.full == 0 {
            return (false, 0, 0, false);
        }
        let mixed_case = !self.is_in_capitals(input, mention);
        let tokens = mention.end - mention.first;
        match mention.kind {
            EntityKind::Person => {
                let pieces = self.pieces_of(&mention.pieces);
                let bare =
                    self.clusters.get(mention.cluster as usize).map_or(0, |c| c.bare_key);
                // A name that ends otherwise than with the surname by which the article goes on
                // has taken in the word behind it.
                let ends_well = bare == 0
                    || pieces.last().is_some_and(|last| last.key == bare)
                    || pieces.first().is_some_and(|first| first.key == bare);
                (ends_well, mention.full, length(pieces), mixed_case)
            }
            EntityKind::Organisation => (true, mention.full, tokens, mixed_case),
            // `US` is no less a name than `Iran`.
            EntityKind::Place => {
                let long = input.written(mention.part, mention.first).len() > 4;
                (true, mention.full, 0, long && mixed_case)
            }
        }
    }

    pub(super) fn is_in_capitals(&mut self, input: &Input<'_>, mention: &Found) -> bool {
        let mut any = false;
        for at in mention.first..mention.end {
            let word = self.word_at(input, mention.part, at);
            if word.is(CAPITALS) {
                any = true;
            } else if word.is(WORD)
                && input.written(mention.part, at).chars().any(char::is_lowercase)
            {
                return false;
            }
        }
        any
    }

    pub(super) fn name_of(&mut self, input: &Input<'_>, mention: &Found) -> String {
        let written = input.phrase(mention.part, mention.first, mention.end);
        if self.is_in_capitals(input, mention) {
            in_title_case(&written, mention.kind)
        } else {
            written
        }
    }

    pub(super) fn add_roles(
        &mut self,
        input: &Input<'_>,
        mention: &Found,
        roles: &mut Vec<String>,
    ) {
        for index in mention.roles.clone() {
            let Some(&(part, first, end)) = self.roles.get(index as usize) else { continue };
            if roles.len() >= MAX_ROLES {
                return;
            }
            // `Police Commissioner Sir` is two.
            let last = end.saturating_sub(1);
            let cut = if self.word_at(input, part, last).is(ADDRESS) { last } else { end };
            for (from, to) in [(first, cut), (cut, end)] {
                if from >= to
                    || (to - from == 1 && self.word_at(input, part, from).is(PLAIN_ADDRESS))
                {
                    continue;
                }
                let mut role = input.phrase(part, from, to);
                if role.len() > 3 && !role.contains(char::is_lowercase) {
                    role = in_title_case(&role, EntityKind::Person);
                }
                if !roles.iter().any(|known| fold(known) == fold(&role)) {
                    roles.push(role);
                }
            }
        }
    }
}

/// A name in capitals as it would stand in running text.
fn in_title_case(name: &str, kind: EntityKind) -> String {
    let words = name.split(' ').count();
    let mut result = String::with_capacity(name.len());
    for (at, word) in name.split(' ').enumerate() {
        if at > 0 {
            result.push(' ');
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let vowel = word.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
        let folded = fold(word);
        let keeps = word.contains(char::is_lowercase)
            || word.contains('.') && letters > 1 && word.matches('.').count() > 1
            || match kind {
                EntityKind::Person => letters <= 3 && !vowel,
                EntityKind::Organisation => {
                    words == 1 || letters <= 3 && !is_small_word(&folded)
                }
                // `IRAN` is written `Iran`; a short word that is no listed place is an acronym.
                EntityKind::Place => {
                    let acronym = matches!(
                        word,
                        "US" | "USA" | "UK" | "UAE" | "USSR" | "EU" | "DC" | "DRC" | "NY"
                    );
                    acronym
                        || words == 1 && letters <= 4 && {
                            let mut capitalised = String::new();
                            push_capitalised(word, &mut capitalised);
                            !gazetteer().is_place(&capitalised)
                        }
                }
            };
        let small = at > 0
            && match kind {
                EntityKind::Person => is_particle(&folded),
                _ => is_small_word(&folded),
            };
        if keeps {
            result.push_str(word);
        } else if small {
            result.push_str(&word.to_lowercase());
        } else {
            push_capitalised(word, &mut result);
        }
    }
    result
}

/// Adds a word with capitals where names have them: `O'Brien`, `McDonald`, `Sung-Hwan`.
fn push_capitalised(word: &str, result: &mut String) {
    let mut capital = true;
    for (at, c) in word.char_indices() {
        if capital {
            result.push(c);
        } else {
            result.extend(c.to_lowercase());
        }
        let scottish = at == 1 && word.starts_with("MC") && word.len() > 4;
        let apostrophe = matches!(c, '\'' | '’') && at <= 2;
        capital =
            scottish || apostrophe || (!c.is_alphanumeric() && !matches!(c, '\'' | '’' | '.'));
    }
}
