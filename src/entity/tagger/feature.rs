//! The one definition of the features, used by the trainer, which collects them, and by the
//! tagger, which sums their weights. They are sorted by what a tagger may keep:
//!
//! - [`unary`] features depend on one word form: summed once per form and place in the window;
//! - [`neighbours`] depend on two or three forms next to each other: looked up at each position;
//! - those of `article` depend on a form's other occurrences: summed once per form and article;
//! - those of `phrase` stand where the gazetteers or the article itself know a phrase;
//! - [`constant`] ones are there or not.
//!
//! A feature is a 64-bit hash; it never has a name.

use super::hash::{self, mix};
use super::lexicon::{self, Lexicon};
use super::word::{CAPITAL, Neighbour, Spelling, Word};

/// What a feature is about: the salt of its hash.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Template {
    Constant,
    Form,
    Lower,
    Shape,
    ShortShape,
    Prefix,
    Suffix,
    HyphenPart,
    HyphenFlags,
    Cluster,
    ClusterAndShape,
    Flag,
    FlagSet,
    FlagsAndCluster,
    Padding,
    ShapePair,
    LowerPair,
    ClusterPair,
    FlagTriple,
    Near,
    NearBefore,
    NearAfter,
    List,
    Phrase,
    BesidePhrase,
    Run,
    RunWord,
    Acronym,
}

#[inline]
pub(super) fn feature(template: Template, sub: u64, value: u64) -> u64 {
    mix(value, (((template as u64) << 8) | sub).wrapping_mul(0xA24B_AED4_963E_E407))
}

/// Where the forms of the window stand, seen from the position that is scored.
pub(super) const WINDOW: [isize; 5] = [-2, -1, 0, 1, 2];
/// The position itself, in [`WINDOW`].
pub(super) const OWN: usize = 2;

fn head(s: &str, chars: usize) -> Option<&str> {
    let (at, _) = s.char_indices().nth(chars)?;
    s.get(..at)
}

fn tail(s: &str, chars: usize) -> Option<&str> {
    let (at, _) = s.char_indices().rev().nth(chars - 1)?;
    if at == 0 { None } else { s.get(at..) }
}

/// Features that depend on one form: `emit(slot, of a longer list, feature)`, the form standing at
/// `WINDOW[slot]`. Whatever is added here costs nothing per token, only per new form.
///
/// Features of the longer lists are told apart because training leaves them out now and then.
pub(super) fn unary(
    spelling: &Spelling<'_>,
    word: &Word,
    lexicon: &Lexicon,
    mut emit: impl FnMut(usize, bool, u64),
) {
    let text = &*spelling.text;
    let lower = &*spelling.lower;
    let short = u64::from(word.short);
    let basic = word.basic();

    let mut own = |f: u64| emit(OWN, false, f);
    own(constant(Constant::Always));
    own(feature(Template::Form, 0, spelling.hash));
    own(feature(Template::Lower, OWN as u64, word.lower));
    own(feature(Template::Shape, 0, spelling.shape));
    own(feature(Template::ShortShape, OWN as u64, short));
    for n in 1..=4 {
        if let Some(prefix) = head(text, n) {
            own(feature(Template::Prefix, n as u64, hash::text(prefix)));
        }
        if let Some(suffix) = tail(lower, n) {
            own(feature(Template::Suffix, n as u64, hash::text(suffix)));
        }
    }
    if lower.len() > 1 && lower.contains('-') {
        own(feature(Template::HyphenPart, 0, 0));
        for part in lower.split('-').take(3) {
            let part = hash::text(part);
            own(feature(Template::HyphenPart, 1, part));
            let flags = lexicon.word(part, part, part, false);
            own(feature(Template::HyphenFlags, 0, lexicon::BASIC.of(flags)));
        }
    }
    if word.clustered() {
        for (k, &cluster) in word.clusters.iter().enumerate() {
            let cluster = u64::from(cluster);
            own(feature(Template::Cluster, (OWN * 4 + k) as u64, cluster));
            own(feature(Template::ClusterAndShape, k as u64, mix(cluster, short)));
        }
    }
    if basic != 0 {
        own(feature(Template::FlagSet, OWN as u64, mix(basic, short)));
        if word.clustered() {
            let cluster = u64::from(word.clusters[0]);
            own(feature(Template::FlagsAndCluster, 0, mix(basic, cluster)));
        }
    }
    for (slot, offset) in WINDOW.into_iter().enumerate() {
        let sub = slot as u64;
        for flag in 0..lexicon::BASIC.bits {
            if basic >> flag & 1 != 0 {
                emit(slot, false, feature(Template::Flag, sub, u64::from(flag)));
            }
        }
        if offset == 0 {
            continue;
        }
        emit(slot, false, feature(Template::Lower, sub, word.lower));
        emit(slot, false, feature(Template::ShortShape, sub, short));
        let beside = offset.abs() == 1;
        if beside {
            let suffix = hash::text(tail(lower, 3).unwrap_or(lower));
            let prefix = hash::text(head(lower, 2).unwrap_or(lower));
            emit(slot, false, feature(Template::Suffix, 8 + sub, suffix));
            emit(slot, false, feature(Template::Prefix, 8 + sub, prefix));
            emit(slot, false, feature(Template::FlagSet, sub, mix(basic, short)));
        }
        if word.clustered() {
            let which = if beside { 0..3 } else { 1..2 };
            for k in which {
                let cluster = u64::from(word.clusters[k]);
                emit(slot, false, feature(Template::Cluster, (slot * 4 + k) as u64, cluster));
            }
        }
    }
    listed(word, |slot, f| emit(slot, true, f));
}

/// What the longer lists say of a form.
fn listed(word: &Word, mut emit: impl FnMut(usize, u64)) {
    let acronym = u64::from(word.is(super::word::ACRONYM));
    let mut say = |slot: usize, what: u64, value: u64| {
        emit(slot, feature(Template::List, what << 3 | slot as u64, value));
    };
    let known = lexicon::KNOWN_ORGANISATION.of(word.flags);
    let other = lexicon::LISTED_ORGANISATION.of(word.flags);
    if known | other != 0 {
        say(OWN, 1, acronym);
        for kind in 0..lexicon::ORGANISATION_KINDS {
            if known >> kind & 1 != 0 {
                say(OWN, 2, u64::from(kind) << 1 | acronym);
            }
            if other >> kind & 1 != 0 {
                say(OWN, 3, u64::from(kind) << 1 | acronym);
            }
        }
    }
    if acronym != 0 {
        say(OWN, 4, u64::from(known | other != 0));
    }
    if word.is(CAPITAL) {
        let last = lexicon::LAST_OF_PERSONS.of(word.flags);
        let first = lexicon::FIRST_OF_PERSONS.of(word.flags);
        for (what, value) in [(5, last), (6, first)] {
            if value != 0 {
                say(OWN, what, value);
                say(OWN - 1, what, value);
                say(OWN + 1, what, value);
            }
        }
        if word.has(lexicon::LAST_OF_NEWS_FIGURE) {
            say(OWN, 7, 0);
        }
        if word.has(lexicon::HEAD_LAST) {
            say(OWN, 8, 0);
        }
    }
    let places = lexicon::PLACE_KINDS.of(word.flags);
    for kind in 0..lexicon::PLACE_KINDS.bits {
        if places >> kind & 1 != 0 {
            say(OWN, 9, u64::from(kind));
        }
    }
}

/// Features of forms next to each other; beyond the edge of the sentence stands [`Word::edge`].
///
/// In three parts, by how many different values there are: the tagger keeps sums of the first two.
pub(super) fn neighbours(
    before: Neighbour,
    word: Neighbour,
    after: Neighbour,
    mut emit: impl FnMut(u64),
) {
    shape_triple(before, word, after).into_iter().for_each(&mut emit);
    cluster_pairs(before, word, after).into_iter().for_each(&mut emit);
    form_pairs(before, word, after, emit);
}

/// Features of the shapes of three forms; the last is of all three, and so names them.
#[inline]
pub(super) fn shape_triple(before: Neighbour, word: Neighbour, after: Neighbour) -> [u64; 3] {
    let (b, w, a) = (u64::from(before.short), u64::from(word.short), u64::from(after.short));
    let left = mix(b, w);
    [
        feature(Template::ShapePair, 0, left),
        feature(Template::ShapePair, 1, mix(w, a)),
        feature(Template::ShapePair, 2, mix(left, a)),
    ]
}

/// Features of the coarsest clusters of three forms: of the first pair, of the second.
///
/// A missing cluster is a cluster of its own here: no branch, and training finds it worthless.
pub(super) fn cluster_pairs(before: Neighbour, word: Neighbour, after: Neighbour) -> [u64; 2] {
    [0, 1].map(|pair| {
        let (left, right) = if pair == 0 { (before, word) } else { (word, after) };
        cluster_pair(pair, left.cluster, right.cluster)
    })
}

/// One of the [`cluster_pairs`].
pub(super) fn cluster_pair(pair: u64, left: u16, right: u16) -> u64 {
    feature(Template::ClusterPair, pair, u64::from(left) << 16 | u64::from(right))
}

/// Most features that [`form_pairs`] emits.
pub(super) const MOST_FORM_PAIRS: usize = 4;

/// Features of pairs of forms, and of what the gazetteers say of three in a row.
#[inline]
pub(super) fn form_pairs(
    before: Neighbour,
    word: Neighbour,
    after: Neighbour,
    mut emit: impl FnMut(u64),
) {
    emit(feature(Template::LowerPair, 0, mix(before.lower, word.lower)));
    emit(feature(Template::LowerPair, 1, mix(word.lower, after.lower)));
    emit(feature(Template::LowerPair, 2, mix(before.lower, after.lower)));
    if word.capital() {
        let [before, word, after] = [before, word, after].map(Neighbour::flags);
        let triple = (before << Neighbour::FLAGS | word) << Neighbour::FLAGS | after;
        emit(feature(Template::FlagTriple, 0, triple));
    }
}

/// Features that are only there or not.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Constant {
    Always,
    SentenceBegins,
    SentenceEnds,
    Capitals,
    TitleCase,
    /// A form of the article is also written small, more or less often than with a capital that
    /// nothing else explains.
    SmallSeen,
    SmallMore,
    SmallLess,
    CapitalSeen,
    /// Another occurrence has a title before it, ...
    NearTitle,
    NearFirstName,
    NearOrganisationWord,
    NearLastName,
    /// In a sentence in capitals (1..4) or title case (4..7): how the form is written elsewhere.
    Unexplained = 32,
}

pub(super) fn constant(c: Constant) -> u64 {
    feature(Template::Constant, 0, c as u64)
}

/// How a form of a sentence whose capitals say nothing is written elsewhere in the article:
/// `case` 1 capitals, 2 title case; `elsewhere` 0 nowhere, 1 rather small, 2 rather with a capital.
pub(super) fn unexplained(case: usize, elsewhere: usize) -> u64 {
    feature(Template::Constant, 0, Constant::Unexplained as u64 + (case * 3 + elsewhere) as u64)
}

/// The edge of the sentence stands at this place of the window.
pub(super) fn padding(slot: usize) -> u64 {
    feature(Template::Padding, slot as u64, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_are_shorter_than_the_word_and_count_characters() {
        assert_eq!(head("Müller", 2), Some("Mü"));
        assert_eq!(tail("çağ", 2), Some("ağ"));
        assert_eq!(tail("ağ", 2), None);
        assert_eq!(head("a", 1), None);
    }
}
