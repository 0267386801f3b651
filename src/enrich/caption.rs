//! Captions of pictures that stand among the paragraphs of a text.

use crate::text::fold;

/// Words of credits: agencies, and what one calls a picture.
const CREDITS: &[&str] = &[
    "photo",
    "photograph",
    "picture",
    "image",
    "images",
    "getty",
    "ap",
    "afp",
    "reuters",
    "epa",
    "associated press",
    "press association",
    "xinhua",
    "yonhap",
    "kyodo",
    "bloomberg",
    "courtesy",
    "file",
    "handout",
    "shutterstock",
    "istock",
    "alamy",
    "flickr",
    "wikimedia",
    "wikipedia",
    "upi",
    "dpa",
    "tass",
    "pa",
    "rex",
    "screenshot",
    "screengrab",
    "illustration",
    "wire",
    "newscom",
];

/// A paragraph that can be nothing but a caption or a credit, wherever it stands.
pub(super) fn is_credited(paragraph: &str) -> bool {
    let length = paragraph.len();
    if length > 400 || !has_credit_mark(paragraph) {
        return false;
    }
    if begins_as_credit(paragraph) && length <= 200 {
        return true;
    }
    // `… in Seoul. (AP Photo/A. Young)`, `(Bertrand Combaldieu/Associated Press)`
    if let Some(inside) = last_parenthesis(paragraph) {
        let strong = inside.contains('/')
            || has_word(
                inside,
                &["photo", "getty", "image", "images", "courtesy", "photograph", "handout"],
            );
        return strong && has_word(inside, CREDITS) && inside.len() <= 90;
    }
    // `David T. Foster III/The Charlotte Observer via AP Photo`
    let ending = [
        "via AP Photo",
        "Getty Images",
        "AP Photo",
        "via AP",
        "via Getty",
        "file photo",
        "/AFP",
        "/Reuters",
        "/AP",
        "/EPA",
        "/REUTERS",
    ]
    .iter()
    .any(|ending| paragraph.trim_end_matches(['.', ')']).ends_with(ending));
    ending && (length <= 100 || paragraph.contains(['|', '/']))
}

/// A cheap look before the dear ones: most paragraphs end with a full stop or a quotation mark.
fn has_credit_mark(paragraph: &str) -> bool {
    !paragraph.ends_with(['.', '”', '"', '?', '!'])
        || memchr::memchr2(b'|', b'/', paragraph.as_bytes()).is_some()
        || paragraph.starts_with("Photo")
        || paragraph.starts_with("PHOTO")
        || paragraph.starts_with("Image")
}

/// What captions say and articles do not.
const WORDINGS: [&str; 22] = [
    ", pictured",
    " pictured ",
    "(pictured",
    " is seen ",
    " are seen ",
    ", seen ",
    " seen here",
    " in this file ",
    "file photo",
    " shown in ",
    " shown here",
    " looks on ",
    " poses ",
    " pose for ",
    "(left)",
    "(right)",
    ", left, ",
    ", right, ",
    "(l)",
    "(r)",
    " walks past ",
    " walk past ",
];

/// A paragraph above the text that is a caption: by its credit, by its wording, or because it says
/// in part what the headline or the first sentence says.
pub(super) fn is_caption_above_text(paragraph: &str, title: &str, next: Option<&str>) -> bool {
    let length = paragraph.len();
    if !(12..=400).contains(&length) {
        return false;
    }
    if is_credited(paragraph) {
        return true;
    }
    let inside = last_parenthesis(paragraph).filter(|inside| inside.len() <= 60);
    let barred = paragraph
        .rsplit_once(" | ")
        .map(|(_, credit)| credit)
        .filter(|credit| credit.len() <= 60);
    if [inside, barred].into_iter().flatten().any(|credit| has_word(credit, CREDITS)) {
        return true;
    }
    let Some(next) = next else { return false };
    let padded = format!(" {} ", paragraph.to_ascii_lowercase());
    if WORDINGS.iter().any(|wording| padded.contains(wording)) && length <= 300 {
        return true;
    }
    shows_somebody(paragraph) || repeats_in_part(paragraph, title, next)
}

/// What people do in pictures, in the present tense: the first sentence of a report is in the past.
const SHOWN_DOING: &[&str] = &[
    " speaks ",
    " speak ",
    " meets ",
    " attends ",
    " attend ",
    " listens ",
    " walks ",
    " arrives ",
    " waves ",
    " shakes hands ",
    " shake hands ",
    " delivers ",
    " gestures ",
    " answers ",
    " stands ",
    " sits ",
    " addresses ",
    " greets ",
    " inspects ",
    " presides ",
    " smiles ",
    " smile ",
    " watches ",
    " gather ",
    " carries ",
    " carry ",
    " holds up ",
    " hold up ",
    " hold hands ",
    " light candles ",
    " stands guard ",
    " stand guard ",
];

/// Whether a short paragraph tells who does what where, as captions do.
fn shows_somebody(paragraph: &str) -> bool {
    const WHERE: [&str; 7] =
        [" in ", " at ", " during ", " outside ", " after ", " before ", " with "];
    paragraph.len() <= 250
        && paragraph.starts_with(char::is_uppercase)
        && !paragraph.contains(['"', '“'])
        && ![" said", " will ", " would "].iter().any(|word| paragraph.contains(word))
        && SHOWN_DOING.iter().any(|doing| paragraph.contains(doing))
        && WHERE.iter().any(|place| paragraph.contains(place))
}

/// Whether a short paragraph says nothing that headline and next paragraph do not say, in the same
/// words: captions are made from them.
fn repeats_in_part(paragraph: &str, title: &str, next: &str) -> bool {
    if paragraph.len() > 250 || next.len() < 80 || paragraph.len() * 10 > next.len() * 12 {
        return false;
    }
    // A summary ends as a sentence as a caption does, but does not repeat long stretches.
    let own = word_pairs(paragraph);
    if own.len() < 3 {
        return false;
    }
    let shared = |other: &str| {
        let mut pairs = word_pairs(other);
        pairs.sort_unstable();
        own.iter().filter(|pair| pairs.binary_search(pair).is_ok()).count()
    };
    shared(title) * 10 >= own.len() * 6 || shared(next) * 10 >= own.len() * 6
}

/// Each two neighbouring words of a text as one number (FNV-1a of their letters in lower case).
fn word_pairs(text: &str) -> Vec<u64> {
    const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
    const PRIME: u64 = 0x100_0000_01B3;
    let mut pairs = Vec::with_capacity(text.len() / 5);
    let (mut previous, mut word) = (None, OFFSET);
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() {
            let lower = if c.is_ascii() {
                c.to_ascii_lowercase()
            } else {
                c.to_lowercase().next().unwrap_or(c)
            };
            word = (word ^ u64::from(lower)).wrapping_mul(PRIME);
        } else if word != OFFSET {
            if let Some(before) = previous {
                pairs.push(word ^ u64::rotate_left(before, 21));
            }
            previous = Some(word);
            word = OFFSET;
        }
    }
    pairs
}

fn begins_as_credit(paragraph: &str) -> bool {
    const BEGINNINGS: [&str; 18] = [
        "Photo by ",
        "Photo: ",
        "PHOTO: ",
        "Photo credit",
        "Photograph: ",
        "Photograph by ",
        "Photos by ",
        "Picture: ",
        "Image: ",
        "Image credit",
        "Image copyright",
        "Image caption",
        "Image source",
        "Media caption",
        "Credit: ",
        "FILE PHOTO",
        "File photo",
        "FILE - ",
    ];
    BEGINNINGS.iter().any(|beginning| paragraph.starts_with(beginning))
}

/// What stands in parentheses at the end of a text.
fn last_parenthesis(paragraph: &str) -> Option<&str> {
    let inner = paragraph.trim_end_matches(['.', ' ']).strip_suffix(')')?;
    let (_, inside) = inner.rsplit_once('(')?;
    Some(inside)
}

fn has_word(text: &str, wanted: &[&str]) -> bool {
    let folded = fold(text);
    let padded: String = std::iter::once(' ')
        .chain(folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }))
        .chain([' '])
        .collect();
    wanted.iter().any(|word| padded.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_told_from_text() {
        let next = "South Korea's foreign minister, Kim Sung-hwan, said on Tuesday that his country would ask for a meeting of the Security Council.";
        let title = "Seoul to ask for meeting of Security Council";
        for caption in [
            "Foreign Minister Kim Sung-hwan in Seoul (AP)",
            "Hillary Clinton on Tuesday. | AP Photo",
            "South Korea's foreign minister, Kim Sung-hwan",
            "Plates are banned in France. (Bertrand Combaldieu/Associated Press)",
            "The minister, pictured last year, wants a meeting",
        ] {
            assert!(is_caption_above_text(caption, title, Some(next)), "{caption}");
        }
        for text in [
            next,
            "Nobody expected that the council would meet before the end of the week.",
            "He spoke with Mr. Lee (his deputy).",
        ] {
            assert!(
                !is_caption_above_text(
                    text,
                    title,
                    Some(
                        "More was expected, and the talks went on until the morning of the next day."
                    )
                ),
                "{text}"
            );
        }
    }
}
