//! Text of articles, made safe and measurable for a terminal.
//!
//! Nothing of an article may act on the terminal: control characters, and with them every escape
//! sequence, end here. So do the invisible characters that terminals disagree on (embeddings of
//! writing direction, variation selectors, joined emoji), because a column that is one cell off
//! spoils the whole screen.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// Scalar values of one grapheme that are shown; the rest of a longer pile of combining marks is
/// dropped.
const MAX_CLUSTER: usize = 8;

/// Whether a character may reach the terminal.
pub(super) fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            // separators, embeddings, isolates, invisible operators
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // variation selectors, interlinear annotations, skin tones, tags
            | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The next grapheme of a text as it is shown: empty where nothing of it is; white space and
/// white-space controls as one space.
pub(super) fn shown(grapheme: &str) -> String {
    if grapheme.chars().all(|c| c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return " ".to_owned();
    }
    let mut cluster: String = grapheme
        .chars()
        .filter(|c| is_shown(*c))
        .take(MAX_CLUSTER)
        .map(without_flags)
        .collect();
    // Joined emoji are one picture here and several there: shown side by side they are as wide
    // everywhere. Joiners between letters (Persian, the scripts of India) stay.
    if cluster.contains('\u{200d}') && cluster.chars().any(|c| c >= '\u{1f000}') {
        cluster.retain(|c| c != '\u{200d}');
    }
    // A combining mark that lost its base would fall on whatever stands to the left of it.
    if !cluster.is_empty() && cluster.cell_width() == 0 {
        cluster.insert(0, '\u{25cc}');
    }
    cluster
}

/// Flags are pairs of letters that some terminals join and others do not, each with another
/// width: they are shown as the plain letters, which is the country's code.
fn without_flags(c: char) -> char {
    const FIRST: u32 = 0x1f1e6;
    let letter = u32::from(c).checked_sub(FIRST).and_then(|place| u8::try_from(place).ok());
    letter.filter(|place| *place < 26).map_or(c, |place| char::from(b'A' + place))
}

/// A text on one line, without anything that acts on the terminal.
pub(super) fn clean(text: &str) -> String {
    text.graphemes(true).map(shown).collect()
}

/// Cells that a text which was made [`clean`] takes.
pub(super) fn width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| usize::from(grapheme.cell_width())).sum()
}

/// A text on one line, cleaned and cut to `cells`, with an ellipsis where something was cut.
pub(super) fn fit(text: &str, cells: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    // Where to cut if the text turns out too long: the last place with room for the ellipsis.
    let mut cut = 0;
    for grapheme in text.graphemes(true) {
        let piece = shown(grapheme);
        used += width(&piece);
        if used > cells {
            fitted.truncate(cut);
            if cells > 0 {
                fitted.push('…');
            }
            return fitted;
        }
        fitted.push_str(&piece);
        if used < cells {
            cut = fitted.len();
        }
    }
    fitted
}

/// Whether a text is written from right to left: by its first letter with a direction.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars()
        .find_map(|c| {
            if is_right_to_left_letter(c) {
                Some(true)
            } else {
                c.is_alphabetic().then_some(false)
            }
        })
        .unwrap_or(false)
}

/// Whether a letter belongs to a script written from right to left (Unicode blocks of bidirectional
/// class R or AL).
pub(super) fn is_right_to_left_letter(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_the_terminal_is_shown() {
        let hostile = "a\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}b\r\n\tc\u{0}\u{7f}";
        assert_eq!(clean(hostile), "a[2J]0;x31mb  c");
        for code in (0..=0x1f).chain(0x7f..=0x9f).chain(0x202a..=0x202e).chain(0x2066..=0x2069)
        {
            let c = char::from_u32(code).unwrap();
            assert!(clean(&c.to_string()).trim().is_empty(), "{code:x}");
        }
    }

    #[test]
    fn flags_are_letters_of_a_width_that_all_agree_on() {
        assert_eq!(clean("a 🇩🇪🇫🇷 b 🇺"), "a DEFR b U");
    }

    #[test]
    fn texts_are_cut_by_cells_and_not_inside_a_grapheme() {
        let check = |text: &str, cells: usize, wanted: &str| {
            let fitted = fit(text, cells);
            assert_eq!(fitted, wanted);
            assert!(width(&fitted) <= cells, "{fitted}");
        };
        check("Seoul", 5, "Seoul");
        check("Seoul", 4, "Seo…");
        check("東京新聞", 8, "東京新聞");
        check("東京新聞", 7, "東京新…");
        check("東京新聞", 6, "東京…");
        check("ha\u{308}\u{308}tte", 3, "ha\u{308}\u{308}…");
        check("x", 0, "");
        check("👨‍👩‍👧 at home", 12, "👨👩👧 at h…");
    }

    #[test]
    fn piles_of_combining_marks_end() {
        let pile = format!("e{}", "\u{301}".repeat(10_000));
        assert_eq!(clean(&pile).chars().count(), MAX_CLUSTER);
        assert_eq!(clean("\u{301}"), "\u{25cc}\u{301}");
    }

    #[test]
    fn direction_is_that_of_the_first_letter() {
        assert!(is_right_to_left("12 שלום hello"));
        assert!(is_right_to_left("«مرحبا»"));
        assert!(!is_right_to_left("hello שלום"));
        assert!(!is_right_to_left("123"));
    }
}
