//! The rulings of `people.toml` on top of the table.

use hashbrown::{HashMap, HashSet};

use super::find::bearers_of;
use super::table::{Section, Table};
use crate::entity::EntityKind;
use crate::entity::people_file::{PeopleFile, Ruling};

/// What the rulings change. Identities from `first_new` on exist only here.
#[derive(Default)]
pub(super) struct Overlay {
    first_new: u32,
    new: Vec<EntityKind>,
    /// Identities that are now another.
    merged: HashMap<u32, u32>,
    /// What each identity has taken up.
    taken: HashMap<u32, Vec<u32>>,
    /// Names that are now another's, and by identity those it has gained.
    moved: HashMap<u32, u32>,
    gained: HashMap<u32, Vec<u32>>,
    shown: HashMap<u32, String>,
    banned: HashSet<u32>,
    /// Names of the file that no article has, by kind and key: what a query may say.
    named: HashMap<(EntityKind, String), u32>,
}

impl Overlay {
    pub(super) fn new(table: &Table, people: &PeopleFile) -> Self {
        let mut overlay = Self { first_new: table.len(Section::Canonical), ..Self::default() };
        for (kind, ruling) in &people.rulings {
            overlay.apply(table, *kind, ruling);
        }
        overlay
    }

    fn apply(&mut self, table: &Table, kind: EntityKind, ruling: &Ruling) {
        match ruling {
            Ruling::Merge { name, forms } => {
                let target = self.bearer_or_new(table, kind, name);
                for form in forms {
                    let bearers = self.bearers(table, kind, form);
                    for from in bearers {
                        self.merge(from, target);
                    }
                    self.remember(kind, form, target);
                }
                self.shown.insert(target, name.clone());
            }
            Ruling::Split { name, to } => {
                let target = match to {
                    Some(to) => self.bearer_or_new(table, kind, to),
                    None => self.create(kind, name),
                };
                self.move_form(table, kind, name, target);
                self.remember(kind, name, target);
            }
            Ruling::Rename { name, to } => {
                for bearer in self.bearers(table, kind, name) {
                    self.shown.insert(bearer, to.clone());
                    self.remember(kind, to, bearer);
                }
            }
            Ruling::Ban { name } => {
                let bearers = self.bearers(table, kind, name);
                self.banned.extend(bearers);
            }
            Ruling::Pin { name, forms } => {
                let target = self.create(kind, name);
                for form in std::iter::once(name).chain(forms) {
                    self.move_form(table, kind, form, target);
                    self.remember(kind, form, target);
                }
            }
        }
    }

    fn create(&mut self, kind: EntityKind, name: &str) -> u32 {
        let id = self.first_new + self.new.len() as u32;
        self.new.push(kind);
        self.shown.insert(id, name.to_owned());
        id
    }

    fn remember(&mut self, kind: EntityKind, name: &str, id: u32) {
        self.named.insert((kind, super::keys::key(kind, name)), id);
    }

    fn bearers(&self, table: &Table, kind: EntityKind, name: &str) -> Vec<u32> {
        if let Some(known) = self.named(kind, &super::keys::key(kind, name)) {
            return vec![known];
        }
        let mut bearers: Vec<u32> =
            bearers_of(table, kind, name).into_iter().map(|id| self.resolve(id)).collect();
        bearers.dedup();
        bearers
    }

    fn bearer_or_new(&mut self, table: &Table, kind: EntityKind, name: &str) -> u32 {
        let known = self.bearers(table, kind, name).first().copied();
        let id = known.unwrap_or_else(|| self.create(kind, name));
        self.remember(kind, name, id);
        id
    }

    fn merge(&mut self, from: u32, into: u32) {
        let (from, into) = (self.resolve(from), self.resolve(into));
        if from != into {
            self.merged.insert(from, into);
            let mut taken = self.taken.remove(&from).unwrap_or_default();
            taken.push(from);
            self.taken.entry(into).or_default().extend(taken);
        }
    }

    /// Gives the names written like `form` to another identity.
    fn move_form(&mut self, table: &Table, kind: EntityKind, form: &str, to: u32) {
        let wanted = super::keys::key(kind, form);
        let mut bearers = bearers_of(table, kind, form);
        // The archive may take the name for something else than the articles, and than the user.
        let elsewhere = table.find_name(kind, form);
        bearers.extend(elsewhere.and_then(|at| table.get(Section::NameIdentity, at)));
        bearers.sort_unstable();
        bearers.dedup();
        for bearer in bearers {
            let (start, end) = table.run(Section::IdentityNamesEnds, bearer);
            for name in table.slice(Section::IdentityNames, start, end) {
                let same = super::keys::key(kind, table.name(name)) == wanted;
                let foreign = table.kind_of(bearer) != Some(kind)
                    && table.recorded_kind(name) != Some(kind);
                if same && !foreign {
                    if let Some(before) = self.moved.insert(name, to)
                        && let Some(gained) = self.gained.get_mut(&before)
                    {
                        gained.retain(|gained| *gained != name);
                    }
                    self.gained.entry(to).or_default().push(name);
                }
            }
        }
    }

    /// The identity that one of the table's now is.
    pub(super) fn resolve(&self, id: u32) -> u32 {
        let mut at = id;
        // No chain is longer than the number of merges.
        for _ in 0..=self.merged.len() {
            match self.merged.get(&at) {
                Some(&next) => at = next,
                None => break,
            }
        }
        at
    }

    pub(super) fn identity_of_name(&self, name: u32, in_table: u32) -> u32 {
        self.resolve(self.moved.get(&name).copied().unwrap_or(in_table))
    }

    pub(super) fn is_banned(&self, id: u32) -> bool {
        self.banned.contains(&id)
    }

    pub(super) fn shown(&self, id: u32) -> Option<&str> {
        self.shown.get(&id).map(String::as_str)
    }

    pub(super) fn named(&self, kind: EntityKind, key: &str) -> Option<u32> {
        self.named.get(&(kind, key.to_owned())).map(|id| self.resolve(*id))
    }

    pub(super) fn kind_of(&self, table: &Table, id: u32) -> Option<EntityKind> {
        match id.checked_sub(self.first_new) {
            Some(new) => self.new.get(new as usize).copied(),
            None => table.kind_of(id),
        }
    }

    /// The names of an identity, most articles first.
    pub(super) fn names(&self, table: &Table, id: u32) -> Vec<u32> {
        let mut names = Vec::new();
        let taken = self.taken.get(&id).into_iter().flatten().copied();
        for part in std::iter::once(id).chain(taken) {
            if part < self.first_new {
                let (start, end) = table.run(Section::IdentityNamesEnds, part);
                let own = table.slice(Section::IdentityNames, start, end);
                names.extend(own.filter(|name| !self.moved.contains_key(name)));
            }
            names.extend(self.gained.get(&part).into_iter().flatten().copied());
        }
        if self.taken.contains_key(&id) || self.gained.contains_key(&id) {
            let articles = |name: &u32| table.get(Section::NameArticles, *name).unwrap_or(0);
            names.sort_by_key(|name| (std::cmp::Reverse(articles(name)), *name));
        }
        names
    }

    /// Identities that only the rulings made, with those that gained or lost names.
    pub(super) fn is_changed(&self, id: u32) -> bool {
        id >= self.first_new || self.taken.contains_key(&id) || !self.moved.is_empty()
    }

    pub(super) fn new_of(&self, kind: EntityKind) -> impl Iterator<Item = u32> + '_ {
        let first = self.first_new;
        self.new
            .iter()
            .enumerate()
            .filter(move |(_, new)| **new == kind)
            .map(move |(at, _)| first + at as u32)
    }
}
