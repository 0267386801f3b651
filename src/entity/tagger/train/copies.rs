//! Copies of annotated sentences as archives would print them: in capitals, in a headline's title
//! case, and as character recognition reads old newspapers.

use super::super::label::{Label, OUTSIDE, begins};
use super::corpus::{Annotated, Document, Random, Sentence};

/// How many of the sentences get a copy of which kind.
#[derive(Clone, Copy, Debug)]
pub struct Copies {
    /// In capitals.
    pub capitals: f32,
    /// In title case.
    pub title_case: f32,
    /// With errors of character recognition.
    pub misread: f32,
}

/// The copies of the documents' sentences, each with its document behind it.
pub(super) fn copies(documents: &[Document], rates: Copies) -> Vec<Document> {
    let mut random = Random::new(1);
    let mut out = vec![];
    for document in documents {
        let mut altered = vec![];
        let mut noise = vec![];
        for sentence in &document.sentences {
            if (4..=40).contains(&sentence.len()) {
                if random.chance(rates.capitals) {
                    altered.push(in_capitals(sentence));
                }
                if random.chance(rates.title_case) {
                    altered.push(in_title_case(sentence));
                }
            }
            if sentence.len() >= 4 && random.chance(rates.misread) {
                // From clean to hardly legible.
                let rate = 0.02 + 0.12 * random.unit() * random.unit();
                noise.push(misread(sentence, rate, &mut random));
            }
        }
        let clean: &[Sentence] =
            if document.sentences.len() > 1 { &document.sentences } else { &[] };
        // A misread page is misread as a whole: no clean text behind it.
        for (learned, behind) in [(altered, clean), (noise, &[])] {
            if !learned.is_empty() {
                let count = learned.len();
                out.push(Document {
                    sentences: learned.into_iter().chain(behind.iter().cloned()).collect(),
                    learned: count,
                    fold: document.fold,
                    copy: true,
                    listless: document.listless,
                    source: document.source.clone(),
                });
            }
        }
    }
    out
}

fn in_capitals(sentence: &Sentence) -> Sentence {
    sentence.iter().map(|(token, label)| (token.to_uppercase(), *label)).collect()
}

/// Written small within a headline.
const SMALL: [&str; 17] = [
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "by", "with", "from",
    "as", "but", "'s",
];

fn in_title_case(sentence: &Sentence) -> Sentence {
    let title = |(k, (token, label)): (usize, &Annotated)| {
        let mut letters = token.chars();
        let small = k > 0 && SMALL.contains(&token.to_lowercase().as_str());
        let token = match letters.next() {
            Some(first) if !small => first.to_uppercase().chain(letters).collect(),
            _ => token.clone(),
        };
        (token, *label)
    };
    sentence.iter().enumerate().map(title).collect()
}

/// What is taken for what in old print, either way round.
const CONFUSED: [(&str, &str); 44] = [
    ("rn", "m"),
    ("m", "rn"),
    ("m", "in"),
    ("in", "m"),
    ("n", "u"),
    ("u", "n"),
    ("n", "ii"),
    ("ii", "n"),
    ("h", "b"),
    ("b", "h"),
    ("e", "c"),
    ("c", "e"),
    ("o", "e"),
    ("e", "o"),
    ("a", "u"),
    ("l", "1"),
    ("l", "i"),
    ("i", "l"),
    ("i", "1"),
    ("l", "t"),
    ("t", "l"),
    ("f", "t"),
    ("t", "f"),
    ("s", "f"),
    ("f", "s"),
    ("r", "i"),
    ("d", "cl"),
    ("cl", "d"),
    ("w", "vv"),
    ("v", "y"),
    ("y", "v"),
    ("g", "q"),
    ("B", "R"),
    ("R", "B"),
    ("E", "F"),
    ("F", "P"),
    ("G", "C"),
    ("C", "G"),
    ("O", "0"),
    ("S", "8"),
    ("I", "1"),
    ("I", "l"),
    ("M", "N"),
    ("H", "II"),
];

/// Specks of dirt.
const SPECKS: [&str; 10] = [".", ",", "'", "-", "\"", ":", ";", "*", "|", "_"];

/// `rate` of the letters are misread; words are cut, joined and soiled about as often.
pub(super) fn misread(sentence: &Sentence, rate: f32, random: &mut Random) -> Sentence {
    let mut out: Sentence = vec![];
    for (token, label) in sentence {
        let label = *label;
        if random.chance(rate * 0.3) {
            out.push(((*random.pick(&SPECKS)).to_owned(), inside(label)));
        }
        let word = misread_word(token, rate, random);
        let letters: Vec<char> = word.chars().collect();
        let joins = out.last().is_some_and(|(before, before_label)| {
            letters.len() > 1
                && before.len() > 1
                && (label == *before_label && label == OUTSIDE
                    || label != OUTSIDE && !begins(label))
        });
        if joins && random.chance(rate * 0.25) {
            if let Some((before, _)) = out.last_mut() {
                before.push_str(&word);
            }
        } else if letters.len() > 3 && random.chance(rate * 0.6) {
            let cut = 1 + random.below(letters.len() - 2);
            let head: String = letters[..cut].iter().collect();
            let hyphen = if random.chance(0.4) { "-" } else { "" };
            out.push((head + hyphen, label));
            out.push((letters[cut..].iter().collect(), inside(label)));
        } else {
            out.push((word, label));
        }
    }
    // A speck between two names would continue one: it does so only within a name.
    for k in 0..out.len() {
        let continued =
            out.get(k + 1).is_some_and(|(_, next)| !begins(*next) && *next != OUTSIDE);
        let own = out[k].1;
        if SPECKS.contains(&out[k].0.as_str()) && own != OUTSIDE && !continued {
            out[k].1 = OUTSIDE;
        }
    }
    mend(&mut out);
    out
}

/// The label of what continues a word with this one.
fn inside(label: Label) -> Label {
    if begins(label) { label + 1 } else { label }
}

/// Makes the first of each name begin it.
fn mend(sentence: &mut Sentence) {
    let mut before = OUTSIDE;
    for (_, label) in sentence {
        if *label != OUTSIDE && !begins(*label) && before != *label && before + 1 != *label {
            *label -= 1;
        }
        before = *label;
    }
}

fn misread_word(token: &str, rate: f32, random: &mut Random) -> String {
    let mut out = String::with_capacity(token.len() + 4);
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        if random.chance(rate) {
            let fitting: Vec<&(&str, &str)> =
                CONFUSED.iter().filter(|(from, _)| rest.starts_with(from)).collect();
            if !fitting.is_empty() {
                let (from, to) = **random.pick(&fitting);
                out.push_str(to);
                rest = rest.strip_prefix(from).unwrap_or_default();
                continue;
            }
            if first.is_alphabetic() && token.len() > 3 {
                match random.below(4) {
                    0 => {}
                    1 => out.push_str(random.pick::<&str>(&SPECKS)),
                    2 if first.is_uppercase() => out.extend(first.to_lowercase()),
                    2 => out.extend(first.to_uppercase()),
                    _ => out.push(first),
                }
                rest = rest.strip_prefix(first).unwrap_or_default();
                continue;
            }
        }
        out.push(first);
        rest = rest.strip_prefix(first).unwrap_or_default();
    }
    if out.is_empty() { token.to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misread_sentences_are_well_labelled() {
        let sentence: Sentence = [
            ("Mr.", 0),
            ("John", 1),
            ("Harrington", 2),
            ("of", 0),
            ("London", 5),
            ("England", 5),
        ]
        .map(|(w, l)| (w.to_owned(), l))
        .into();
        let mut random = Random::new(5);
        let mut changed = 0;
        for _ in 0..500 {
            let noisy = misread(&sentence, 0.1, &mut random);
            changed += usize::from(noisy != sentence);
            assert!(noisy.iter().all(|(word, _)| !word.is_empty()));
            let mut before = OUTSIDE;
            for (_, label) in &noisy {
                assert!(super::super::super::label::allowed(before.into(), (*label).into()));
                before = *label;
            }
        }
        assert!(changed > 400);
    }
}
