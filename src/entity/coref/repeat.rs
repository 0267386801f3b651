//! Mentions of established names that the tagger missed.

use super::word::{CAPITALISED, NEVER_PERSON, TITLE_HEAD};
use super::{Address, Found, Input, MAX_CANDIDATES, NONE, Resolver, length};
use crate::entity::{EntityKind, Part};

/// A name's words, and the cluster to which its repetitions belong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched {
    part: Part,
    first: u32,
    end: u32,
    cluster: u32,
    next: u32,
}

impl Resolver {
    /// Adds the mentions of established names that the tagger missed.
    pub(super) fn add_repeats(&mut self, input: &Input<'_>) {
        self.watch_names(input);
        let mut next_found = 0;
        for part in [Part::Title, Part::Body] {
            let tokens = &input.tokens(part).tokens;
            let mut at = 0;
            while let Some(token) = tokens.get(at) {
                let form = token.form.index();
                let bit = self.watched_forms.get(form / 64).copied().unwrap_or(0);
                if bit >> (form % 64) & 1 == 0 {
                    at += 1;
                    continue;
                }
                let here = u32::try_from(at).unwrap_or(NONE);
                while self.found.get(next_found).is_some_and(|found| {
                    found.part < part || (found.part == part && found.end <= here)
                }) {
                    next_found += 1;
                }
                let bound = match self.found.get(next_found) {
                    Some(found) if found.part == part => found.first,
                    _ => NONE,
                };
                match self.repeat_at(input, part, here, bound) {
                    Some(end) => at = end as usize,
                    None => at += 1,
                }
            }
        }
        for watched in &self.watched {
            let token = input.token(watched.part, watched.first);
            let form = token.map_or(0, |token| token.form.index());
            if let Some(bits) = self.watched_forms.get_mut(form / 64) {
                *bits = 0;
            }
        }
        self.found.append(&mut self.repeats);
        self.found.sort_by_key(|found| (found.part, found.first));
    }

    /// Notes the names to look for: full names, and the surnames of people with full names.
    pub(super) fn watch_names(&mut self, input: &Input<'_>) {
        for at in 0..self.found.len() {
            let Some(found) = self.found.get(at) else { continue };
            let (part, first, end, cluster) =
                (found.part, found.first, found.end, found.cluster);
            let surname = (found.kind == EntityKind::Person && found.full > 1)
                .then(|| self.pieces_of(&found.pieces).last().map_or(0, |piece| piece.key));
            self.watch(input, part, first, end, cluster);
            if let Some(key) = surname {
                let last = end - 1;
                if self.word_at(input, part, last).key == key {
                    self.watch(input, part, last, end, cluster);
                }
            }
        }
    }

    pub(super) fn watch(
        &mut self,
        input: &Input<'_>,
        part: Part,
        first: u32,
        end: u32,
        cluster: u32,
    ) {
        let Some(token) = input.token(part, first) else { return };
        let word = self.word(input.forms, token.form);
        if !word.is(CAPITALISED) || (word.is(NEVER_PERSON) && end - first == 1) {
            return;
        }
        let head = self.watch_heads.get(&token.form).copied().unwrap_or(NONE);
        let mut link = head;
        for _ in 0..MAX_CANDIDATES {
            let Some(watched) = self.watched.get_mut(link as usize) else { break };
            let same_length = watched.end - watched.first == end - first;
            if same_length
                && (0..end - first).all(|n| {
                    let one = input.token(watched.part, watched.first + n).map(|t| t.form);
                    one == input.token(part, first + n).map(|t| t.form)
                })
            {
                // A name that two entities share says nothing by itself.
                if watched.cluster != cluster {
                    watched.cluster = NONE;
                }
                return;
            }
            link = watched.next;
        }
        let index = length(&self.watched);
        self.watched.push(Watched { part, first, end, cluster, next: head });
        self.watch_heads.insert(token.form, index);
        let form = token.form.index();
        if let Some(bits) = self.watched_forms.get_mut(form / 64) {
            *bits |= 1 << (form % 64);
        }
    }

    /// Whether the article writes a word in small letters, too.
    pub(super) fn is_written_small(&mut self, input: &Input<'_>, part: Part, at: u32) -> bool {
        self.buffer.clear();
        self.buffer.push_str(&input.written(part, at).to_lowercase());
        // The forms are those of all articles that this thread has read.
        let Some(small) = input.forms.find(&self.buffer) else { return false };
        if self.forms_here.is_empty() {
            let tokens = input.title_tokens.tokens.iter().chain(&input.body_tokens.tokens);
            self.forms_here.extend(tokens.map(|token| token.form));
        }
        self.forms_here.contains(&small)
    }

    /// Adds the mention that begins there, if one does that ends before `bound`; its end.
    pub(super) fn repeat_at(
        &mut self,
        input: &Input<'_>,
        part: Part,
        at: u32,
        bound: u32,
    ) -> Option<u32> {
        let form = input.token(part, at)?.form;
        let mut link = self.watch_heads.get(&form).copied().unwrap_or(NONE);
        let mut best: Option<Watched> = None;
        for _ in 0..MAX_CANDIDATES {
            let Some(watched) = self.watched.get(link as usize) else { break };
            link = watched.next;
            let width = watched.end - watched.first;
            let fits = at.checked_add(width).is_some_and(|end| end <= bound)
                && (1..width).all(|n| {
                    let known = input.token(watched.part, watched.first + n).map(|t| t.form);
                    known.is_some() && known == input.token(part, at + n).map(|t| t.form)
                });
            if fits && best.is_none_or(|best| width > best.end - best.first) {
                best = Some(*watched);
            }
        }
        let watched = best.filter(|watched| watched.cluster != NONE)?;
        let end = at + watched.end - watched.first;
        let sentence = input.sentence(part, at);
        // Part of a longer name.
        let next = self.word_at(input, part, end);
        if end < sentence.end && next.is(CAPITALISED) && next.generation() == 0 {
            return None;
        }
        if at > sentence.start {
            let before = self.word_at(input, part, at - 1);
            let titled = before.is(TITLE_HEAD);
            let opens_sentence = at - 1 == sentence.start;
            if before.is(CAPITALISED) && !titled && !opens_sentence {
                return None;
            }
        }
        let kind = self.clusters.get(watched.cluster as usize)?.kind;
        if at == sentence.start && end - at == 1 && kind == EntityKind::Person {
            // `Brown said`, but `White smoke rose`: the word in small letters tells.
            if self.is_written_small(input, part, at) {
                return None;
            }
        }
        let pieces = length(&self.pieces);
        let roles = length(&self.roles);
        self.repeats.push(Found {
            kind,
            part,
            first: at,
            end,
            pieces: pieces..pieces,
            full: 0,
            generation: 0,
            sex: None,
            address: Address::None,
            roles: roles..roles,
            cluster: watched.cluster,
        });
        Some(end)
    }
}
