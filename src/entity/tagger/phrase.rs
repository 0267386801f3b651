//! Names of several words: those that the gazetteers list, runs of capitalised words with a word
//! that heads organisations ("Ministry of …", "… Corp"), and the long forms of acronyms.

use super::article::{Article, Context, WordId};
use super::feature::{Template, feature};
use super::hash;
use super::lexicon::{
    Field, Flags, HEAD_FIRST, HEAD_KINDS, HEAD_LAST, PHRASE_LENGTH, PHRASE_ORGANISATION,
    PHRASE_PERSON, PHRASE_PLACE,
};
use super::word::{Brief, CAPITAL, CONNECTOR, HEAD, OF, PHRASE_FIRST, THE, Word};

const CLASSES: [Field; 3] = [PHRASE_ORGANISATION, PHRASE_PERSON, PHRASE_PLACE];

/// Where a word stands in a phrase: 0 first, 1 inside, 2 last.
fn place(k: usize, length: usize) -> u64 {
    if k == 0 { 0 } else { 1 + u64::from(k + 1 == length) }
}

/// Features of the phrases in the stretch from `start` to `end` of a sentence, whose capitals say
/// something or not: `emit(position, feature)`. All are of the longer lists; `of_phrase` says what
/// they know of a phrase by its [`hash::chain`].
pub(super) fn features(
    article: &Article,
    (start, end): (usize, usize),
    capitals_count: bool,
    table: &[Word],
    of_phrase: impl FnMut(u64) -> Flags,
    mut emit: impl FnMut(usize, u64),
) {
    let words = &article.words[start..end];
    let briefs = &article.briefs[start..end];
    listed(words, briefs, table, of_phrase, |k, f| emit(start + k, f));
    if capitals_count && briefs.iter().any(|w| w.is(HEAD)) {
        runs(words, table, |k, f| emit(start + k, f));
    }
}

/// Listed phrases, the longest at each place first, each class by itself.
fn listed(
    words: &[WordId],
    briefs: &[Brief],
    table: &[Word],
    mut of_phrase: impl FnMut(u64) -> Flags,
    mut emit: impl FnMut(usize, u64),
) {
    let mut free = [0; CLASSES.len()];
    for (at, &id) in words.iter().enumerate() {
        let capital = |k: usize| briefs.get(k).is_some_and(|w| w.is(CAPITAL));
        if !(capital(at) && briefs[at].is(PHRASE_FIRST)) {
            continue;
        }
        let first = &table[id as usize];
        let longest = PHRASE_LENGTH.of(first.flags) as usize + 1;
        let mut found = [(0, 0); CLASSES.len()];
        let mut chain = hash::chain(None, first.lower);
        for (k, &next) in words[at + 1..].iter().take(longest - 1).enumerate() {
            chain = hash::chain(Some(chain), table[next as usize].lower);
            if !capital(at + 1 + k) {
                // Names end in a capitalised word; ", Inc" and "of the" only lead there.
                continue;
            }
            let flags = of_phrase(chain);
            for (class, field) in CLASSES.into_iter().enumerate() {
                let kinds = field.of(flags);
                if kinds != 0 {
                    found[class] = (k + 2, kinds);
                }
            }
        }
        for (class, (length, kinds)) in found.into_iter().enumerate() {
            if length == 0 || free[class] > at {
                continue;
            }
            free[class] = at + length;
            let class_number = class as u64;
            for k in 0..length {
                let place = place(k, length);
                emit(at + k, feature(Template::Phrase, class_number, place << 8 | 0xFF));
                for kind in 0..CLASSES[class].bits {
                    if kinds >> kind & 1 != 0 {
                        let value = place << 8 | u64::from(kind);
                        emit(at + k, feature(Template::Phrase, class_number, value));
                    }
                }
            }
            if at > 0 {
                emit(at - 1, feature(Template::BesidePhrase, class_number, 0));
            }
            if at + length < words.len() {
                emit(at + length, feature(Template::BesidePhrase, class_number, 1));
            }
        }
    }
}

// Values of Template::Run.
const ENDS_IN_HEAD: u64 = 0;
const HEAD_INSIDE: u64 = 1;
const BEGINS_WITH_HEAD: u64 = 2;
const HEAD_OF: u64 = 3;

fn runs(words: &[WordId], table: &[Word], mut emit: impl FnMut(usize, u64)) {
    let word = |k: usize| &table[words[k] as usize];
    let capital = |k: usize| k < words.len() && word(k).is(CAPITAL);
    let mut at = 0;
    while at < words.len() {
        if !capital(at) {
            at += 1;
            continue;
        }
        // The run without connectors, then with them.
        let mut close = at + 1;
        while capital(close) {
            close += 1;
        }
        segment(at, close, words, table, &mut emit);
        let mut end = close;
        while end < words.len() {
            if capital(end) {
                end += 1;
            } else if word(end).is(CONNECTOR) && capital(end + 1) {
                end += 2;
            } else if word(end).is(CONNECTOR)
                && end + 1 < words.len()
                && word(end + 1).is(THE)
                && capital(end + 2)
            {
                end += 3;
            } else {
                break;
            }
        }
        let first = word(at);
        if first.has(HEAD_FIRST) && end > at + 1 {
            let of = u64::from(word(at + 1).is(OF));
            for k in at..end {
                let place = u64::from(k > at);
                let what = BEGINS_WITH_HEAD << 4 | of << 1 | place;
                emit(k, feature(Template::Run, 0, what));
                emit(
                    k,
                    feature(
                        Template::RunWord,
                        BEGINS_WITH_HEAD << 2 | of << 1 | place,
                        first.lower,
                    ),
                );
            }
        }
        // "U.S. Department of State": a head with "of" inside.
        if let Some(head) = (at + 1..close)
            .find(|&k| word(k).has(HEAD_FIRST) && k + 1 < end && word(k + 1).is(OF))
        {
            for k in at..end {
                let place =
                    if k == at { 0 } else { 1 + u64::from(k >= head) + u64::from(k > head) };
                emit(k, feature(Template::Run, 0, HEAD_OF << 4 | place));
            }
        }
        at = close;
    }
}

/// A run of capitalised words in a row.
fn segment(
    start: usize,
    end: usize,
    words: &[WordId],
    table: &[Word],
    emit: &mut impl FnMut(usize, u64),
) {
    if end - start < 2 {
        return;
    }
    let last = &table[words[end - 1] as usize];
    if last.has(HEAD_LAST) {
        let kinds = HEAD_KINDS.of(last.flags);
        for k in start..end {
            let place = place(k - start, end - start);
            emit(k, feature(Template::Run, 0, ENDS_IN_HEAD << 4 | place));
            emit(k, feature(Template::RunWord, place, last.lower));
            for kind in 0..HEAD_KINDS.bits {
                if kinds >> kind & 1 != 0 {
                    emit(k, feature(Template::Run, 1 + place, u64::from(kind)));
                }
            }
        }
    }
    for k in start + 1..end - 1 {
        if table[words[k] as usize].has(HEAD_LAST) {
            emit(start, feature(Template::Run, 0, HEAD_INSIDE << 4));
            emit(k, feature(Template::Run, 0, HEAD_INSIDE << 4 | 1));
        }
    }
}

/// Features of the words of long forms of acronyms.
pub(super) fn long_forms(context: &Context, mut emit: impl FnMut(usize, u64)) {
    for &(start, end) in &context.long_forms {
        for k in start..end {
            emit(k, feature(Template::Acronym, 1, place(k - start, end - start)));
        }
    }
}
