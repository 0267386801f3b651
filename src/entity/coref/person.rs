//! Which mentions of people are one person's.

use super::word::Piece;
use super::{Address, Cluster, Found, NONE, Resolver, length};
use crate::entity::EntityKind;
use crate::entity::names::{Relation, lexicon};

impl Resolver {
    /// Joins the mentions by full name, longest first, then those by initials and surname.
    pub(super) fn join_full_names(&mut self) {
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        order.extend((0..length(&self.found)).filter(|&at| {
            self.found_at(at).is_some_and(|f| {
                f.kind == EntityKind::Person && f.pieces.end - f.pieces.start > 1
            })
        }));
        order.sort_by_key(|&at| {
            let Some(found) = self.found_at(at) else { return (0, 0, at) };
            let pieces = found.pieces.end - found.pieces.start;
            (u32::MAX - found.full, u32::MAX - pieces, at)
        });
        for &at in &order {
            let cluster = match self.best_for_full_name(at) {
                Some(cluster) => cluster,
                None => self.new_cluster(at),
            };
            self.assign(at, cluster);
        }
        self.order = order;
    }

    /// The cluster that a name of several parts fits best.
    pub(super) fn best_for_full_name(&self, at: u32) -> Option<u32> {
        let found = self.found_at(at)?;
        let own = self.pieces_of(&found.pieces);
        let mut best: Option<(u32, u32)> = None;
        for piece in own.iter().filter(|piece| !piece.is_initial()) {
            for cluster in self.chain(piece.key) {
                let Some(candidate) = self.clusters.get(cluster as usize) else { continue };
                if candidate.kind != EntityKind::Person || !agrees(candidate, found) {
                    continue;
                }
                let name = self.pieces_of(&candidate.pieces);
                let Some(rank) = fit(name, own) else { continue };
                // Of equals, the one named last before this mention.
                let near = u32::MAX - candidate.first.abs_diff(at);
                if best.is_none_or(|(known_rank, known)| {
                    let known_near = self
                        .clusters
                        .get(known as usize)
                        .map_or(0, |known| u32::MAX - known.first.abs_diff(at));
                    (rank, near) > (known_rank, known_near)
                }) {
                    best = Some((rank, cluster));
                }
            }
        }
        best.map(|(_, cluster)| cluster)
    }

    /// Assigns the mentions by one word, in the order of the text.
    pub(super) fn join_bare_names(&mut self) {
        for at in 0..length(&self.found) {
            let Some(found) = self.found_at(at) else { continue };
            if found.kind != EntityKind::Person {
                continue;
            }
            if found.cluster != NONE {
                let cluster = found.cluster;
                if let Some(cluster) = self.clusters.get_mut(cluster as usize) {
                    cluster.last = at;
                }
                continue;
            }
            let cluster = match self.best_for_bare_name(at) {
                Some(cluster) => cluster,
                None => self.new_cluster(at),
            };
            self.assign(at, cluster);
            let key = self
                .found_at(at)
                .and_then(|found| self.pieces_of(&found.pieces).first())
                .map_or(0, |piece| piece.key);
            if let Some(cluster) = self.clusters.get_mut(cluster as usize) {
                cluster.last = at;
                cluster.bare += 1;
                if cluster.bare_key == 0 {
                    cluster.bare_key = key;
                }
            }
        }
    }

    pub(super) fn best_for_bare_name(&self, at: u32) -> Option<u32> {
        let found = self.found_at(at)?;
        let piece = *self.pieces_of(&found.pieces).first()?;
        let mut best: Option<(u64, u32)> = None;
        for cluster in self.chain(piece.key) {
            let Some(candidate) = self.clusters.get(cluster as usize) else { continue };
            if candidate.kind != EntityKind::Person || !agrees(candidate, found) {
                continue;
            }
            let name = self.pieces_of(&candidate.pieces);
            let place = match place_in(name, piece.key) {
                Some(Place::Only | Place::Surname) => 2,
                Some(Place::Given) if found.address != Address::Surname => 1,
                Some(Place::Middle) if found.address == Address::None => 0,
                _ => continue,
            };
            let spoken_of = u64::from(candidate.bare > 0);
            // The one named last before; if there is none, the one named first behind.
            let near = if candidate.last == NONE {
                u64::from(u32::MAX / 2).saturating_sub(u64::from(candidate.first))
            } else {
                u64::from(u32::MAX / 2) + u64::from(candidate.last)
            };
            let rank = place << 40 | spoken_of << 36 | near;
            if best.is_none_or(|(known, _)| rank > known) {
                best = Some((rank, cluster));
            }
        }
        best.map(|(_, cluster)| cluster)
    }
}

/// Whether a mention's sex and generation do not speak against the entity's.
fn agrees(cluster: &Cluster, found: &Found) -> bool {
    let generations = cluster.generation == 0
        || found.generation == 0
        || cluster.generation == found.generation;
    let sexes = cluster.sex.is_none() || found.sex.is_none() || cluster.sex == found.sex;
    generations && sexes
}

/// What a word is in a person's name.
enum Place {
    Only,
    Surname,
    Given,
    Middle,
}

fn place_in(name: &[Piece], key: u32) -> Option<Place> {
    let (first, last) = (name.first()?, name.last()?);
    if name.len() == 1 {
        return (first.key == key).then_some(Place::Only);
    }
    if last.key == key {
        return Some(Place::Surname);
    }
    if first.key == key {
        return Some(if first.listed.east_asian { Place::Surname } else { Place::Given });
    }
    name.iter().any(|piece| piece.key == key).then_some(Place::Middle)
}

/// How well two names of several parts can be one person's; `None` if they cannot.
fn fit(name: &[Piece], own: &[Piece]) -> Option<u32> {
    let same = |a: &Piece, b: &Piece| a.key == b.key && a.letter == b.letter;
    if name.len() == own.len() && name.iter().zip(own).all(|(a, b)| same(a, b)) {
        return Some(100);
    }
    let (last, own_last) = (name.last()?, own.last()?);
    if last.key == own_last.key && last.key != 0 {
        let given = name.get(..name.len() - 1).unwrap_or_default();
        let own_given = own.get(..own.len() - 1).unwrap_or_default();
        if let Some(rank) = given_fit(given, own_given) {
            return Some(60 + rank);
        }
    }
    let full = |pieces: &[Piece]| pieces.iter().filter(|piece| !piece.is_initial()).count();
    if full(own) >= 2 && own.len() < name.len() {
        let part = name
            .windows(own.len())
            .any(|window| window.iter().zip(own).all(|(a, b)| same(a, b)));
        if part {
            return Some(50);
        }
    }
    // Surname first in one, last in the other.
    let asian = name.iter().chain(own).any(|piece| piece.listed.east_asian);
    if asian && name.len() == own.len() && name.len() > 1 {
        let mut turned = own.to_vec();
        for _ in 1..own.len() {
            turned.rotate_left(1);
            if name.iter().zip(&turned).all(|(a, b)| same(a, b)) {
                return Some(40);
            }
        }
    }
    None
}

/// How well the given names before one surname agree.
fn given_fit(one: &[Piece], other: &[Piece]) -> Option<u32> {
    let (Some(first), Some(other_first)) = (one.first(), other.first()) else {
        return Some(0);
    };
    let rank = alike(first, other_first);
    let Some(rank) = rank else {
        // `J. Edgar Hoover`, `Edgar Hoover`
        let later = |names: &[Piece], name: &Piece| {
            !name.is_initial() && names.iter().skip(1).any(|later| later.key == name.key)
        };
        return (later(one, other_first) || later(other, first)).then_some(1);
    };
    let (middle, other_middle) = (one.get(1), other.get(1));
    if let (Some(middle), Some(other_middle)) = (middle, other_middle) {
        let among = |names: &[Piece], name: &Piece| {
            names.iter().skip(1).any(|later| alike(later, name).is_some())
        };
        // `George W. Bush` is not `George H. W. Bush`.
        if alike(middle, other_middle).is_none()
            && (middle.is_initial() == other_middle.is_initial()
                || one.len() == other.len()
                || !(among(one, other_middle) || among(other, middle)))
        {
            return None;
        }
    }
    Some(rank)
}

/// Whether two given names, or an initial and one, can be one: the greater the surer.
fn alike(one: &Piece, other: &Piece) -> Option<u32> {
    if one.is_initial() || other.is_initial() {
        return (one.letter == other.letter).then_some(10);
    }
    if one.key == other.key {
        return Some(20);
    }
    let relation = lexicon().relation(one.listed, other.listed)?;
    matches!(
        relation,
        Relation::Transliteration | Relation::Spelling | Relation::Nickname | Relation::PetForm
    )
    .then_some(5)
}
