//! Clean text to tokens, sentences and paragraphs, in one pass.
//!
//! Tokens are cut as in the corpora on which name taggers are trained (CoNLL-2003, Penn Treebank),
//! but contractions stay whole. Plain words of ASCII letters, four tokens of five in English
//! news, are measured sixteen bytes at a time and never looked at byte by byte; all else takes the
//! careful way.

mod abbreviation;
mod class;
mod letters;
mod lines;
mod marks;
mod sentences;
mod words;

use abbreviation::Stop;
use class::{Class, byte_class, class_of};
use letters::{ENDS_PLAIN_WORD, leading_letters, low_bytes};

pub(in crate::text) use abbreviation::is_domain_ending;

use super::{Forms, Token, Tokens};

/// Sentences are cut after this many tokens: tables and lists without full stops would otherwise
/// be one sentence, and taggers take time and memory by the sentence.
const MAX_SENTENCE: usize = 250;

/// Tokens are cut after about this many bytes.
const MAX_TOKEN: usize = 512;

/// A dateline ends within this many tokens.
const MAX_DATELINE: usize = 14;

/// A dateline begins one of the first so many paragraphs: a headline and a byline may precede it.
const DATELINE_PARAGRAPHS: usize = 4;

/// Splits texts into tokens, sentences and paragraphs, and numbers the word forms.
///
/// One per thread, kept for a whole run, so that the table of forms is warm.
#[derive(Debug, Default)]
pub struct Lexer {
    forms: Forms,
}

impl Lexer {
    /// A lexer that has met no form yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// To be called before the texts of an article are read: within an article, forms keep their
    /// numbers; between two, a table that has grown too large is emptied, and
    /// [`Forms::generation`] changes.
    pub fn begin_article(&mut self) {
        self.forms.trim();
    }

    /// The word forms met so far.
    #[must_use]
    pub fn forms(&self) -> &Forms {
        &self.forms
    }

    /// Splits `text` into `out`, whose former content is dropped.
    ///
    /// A text beyond 4 GiB is read up to there. Takes time linear in the text's length.
    pub fn read(&mut self, text: &str, out: &mut Tokens) {
        out.tokens.clear();
        out.sentences.clear();
        out.paragraphs.clear();
        let readable = text.floor_char_boundary(u32::MAX as usize);
        let text = text.get(..readable).unwrap_or_default();
        Scan {
            text,
            bytes: text.as_bytes(),
            forms: &mut self.forms,
            out,
            at: 0,
            boundary: Boundary::Paragraph,
            pending: Pending::None,
            sentence_start: 0,
            line: Line::default(),
            seen_flush: false,
            widest: 0,
        }
        .run();
    }
}

/// What begins with the next token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Boundary {
    None,
    Sentence,
    Paragraph,
}

/// Whether the sentence may be at its end; what follows decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pending {
    None,
    /// A final mark stood there.
    Final,
    /// A final mark of a script without spaces stood there.
    FinalSolo,
    /// An abbreviation stood there.
    Abbreviation(Stop),
}

/// The line that the scan is in.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// Its first byte.
    start: usize,
    /// Spaces before its first character.
    indent: usize,
    /// Whether it was taken as the first of a paragraph for its indent.
    opens_by_indent: bool,
    /// Whether it begins as an item of a list does.
    item: bool,
}

/// A word that the careful way has measured.
#[derive(Clone, Copy, Debug)]
struct Word {
    end: usize,
    /// The abbreviation's kind, if the word took a full stop with it.
    stop: Option<Stop>,
}

/// What stands between two parts of a word.
#[derive(Clone, Copy, Debug)]
enum Joint {
    /// The word goes on behind these many bytes.
    Binds(usize),
    /// A full stop that belongs to the word.
    Stop(Stop),
    /// The word is over.
    Ends,
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    forms: &'a mut Forms,
    out: &'a mut Tokens,
    /// The byte that the scan has come to; a character begins there.
    at: usize,
    boundary: Boundary,
    pending: Pending,
    /// Index of the first token of the sentence.
    sentence_start: usize,
    line: Line,
    /// Whether a line without indent has been seen.
    seen_flush: bool,
    /// Length of the longest line of the paragraph so far, but for the one that the scan is in.
    widest: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        let first = self.bytes.iter().take_while(|&&byte| byte == b' ').count();
        self.line.indent = first;
        self.line.opens_by_indent = first >= 2;
        self.seen_flush = first == 0;
        self.line.item = self.begins_item(first);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte_class(byte) {
                Class::Space => self.space(byte),
                Class::Letter => {
                    if !self.plain_word() {
                        self.careful_word();
                    }
                }
                Class::Digit => self.careful_word(),
                Class::Mark => self.ascii_mark(byte),
                Class::High | Class::Solo | Class::Extend => self.high(),
            }
        }
    }

    /// Takes a word of fewer than sixteen ASCII letters with something behind it that cannot
    /// belong to it; `false` where there is none.
    #[inline]
    fn plain_word(&mut self) -> bool {
        let Some(window) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<16>())
        else {
            return false;
        };
        let chunk = u128::from_le_bytes(*window);
        let length = leading_letters(chunk);
        let Some(&behind) = window.get(length) else { return false };
        if !ENDS_PLAIN_WORD[usize::from(behind)] {
            return false;
        }
        if self.pending != Pending::None {
            self.resolve();
        }
        let form = self.forms.number_short(chunk & low_bytes(length));
        self.push(self.at + length, form);
        true
    }

    /// Ends the token that began at `self.at`, and goes on behind it.
    #[inline]
    fn push(&mut self, end: usize, form: super::FormId) {
        let index = self.out.tokens.len();
        if self.boundary != Boundary::None || index - self.sentence_start >= MAX_SENTENCE {
            self.begin_sentence(index);
        }
        self.out.tokens.push(Token { start: offset(self.at), end: offset(end), form });
        self.at = end;
    }

    fn begin_sentence(&mut self, index: usize) {
        if self.boundary == Boundary::Paragraph {
            self.out.paragraphs.push(offset(index));
        }
        self.out.sentences.push(offset(index));
        self.sentence_start = index;
        self.boundary = Boundary::None;
    }

    /// Pushes the token from `self.at` to `end`.
    fn push_text(&mut self, end: usize) {
        let form = self.forms.number(self.text, self.at, end);
        self.push(end, form);
    }

    fn break_before_next(&mut self, boundary: Boundary) {
        self.pending = Pending::None;
        if self.out.tokens.len() > self.sentence_start || boundary > self.boundary {
            self.boundary = self.boundary.max(boundary);
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at).and_then(|before| before.chars().next_back())
    }

    fn class_at(&self, at: usize) -> Class {
        match self.bytes.get(at).map(|&byte| byte_class(byte)) {
            None => Class::Space,
            Some(Class::High) => self.char_at(at).map_or(Class::Space, class_of),
            Some(class) => class,
        }
    }

    /// Whether a letter, digit or combining mark stands there.
    fn word_at(&self, at: usize) -> bool {
        matches!(self.class_at(at), Class::Letter | Class::Digit | Class::Extend)
    }

    fn letter_at(&self, at: usize) -> bool {
        matches!(self.class_at(at), Class::Letter | Class::Extend)
    }

    fn digit_at(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(u8::is_ascii_digit)
    }

    /// The run of ASCII letters that begins there.
    fn letters_at(&self, at: usize) -> &str {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length =
            rest.iter().take(MAX_TOKEN).take_while(|byte| byte.is_ascii_alphabetic()).count();
        self.text.get(at..at + length).unwrap_or_default()
    }
}

/// Two or more letters, all of them capitals (dots allowed).
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|&c| c != '.').peekable();
    letters.peek().is_some() && letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

/// Length in bytes of the character that this byte begins.
#[inline]
fn width_of(first: u8) -> usize {
    match first {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "texts are cut at 4 GiB")]
fn offset(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The tokens with a space between them, ` | ` between sentences, ` ¶ ` between paragraphs.
    fn split(text: &str) -> String {
        let mut tokens = Tokens::default();
        Lexer::new().read(text, &mut tokens);
        let mut shown = String::new();
        for (index, token) in tokens.tokens.iter().enumerate() {
            let begins = |starts: &[u32]| starts.contains(&(index as u32));
            if index > 0 {
                shown += match (begins(&tokens.paragraphs), begins(&tokens.sentences)) {
                    (true, _) => " ¶ ",
                    (false, true) => " | ",
                    (false, false) => " ",
                };
            }
            shown += text.get(token.start as usize..token.end as usize).unwrap();
        }
        shown
    }

    fn check(cases: &[(&str, &str)]) {
        for (text, wanted) in cases {
            assert_eq!(split(text), *wanted, "{text:?}");
        }
    }

    #[test]
    fn words_of_news_are_one_token_each() {
        check(&[
            ("Kim Sung-hwan's aide", "Kim Sung-hwan 's aide"),
            ("O’Brien’s and the boss' car", "O’Brien ’s and the boss ' car"),
            ("They don't; he'll go, KERRY'S too", "They don't ; he'll go , KERRY 'S too"),
            ("It 's split, we 've", "It 's split , we 've"),
            ("AT&T, C++, C#, R&D and AC/DC", "AT&T , C++ , C# , R&D and AC/DC"),
            ("$5 or US$1,000.5m, 50% at 10:30", "$ 5 or US$ 1,000.5m , 50 % at 10:30"),
            ("in (1987,1988) or 1,2,3", "in ( 1987 , 1988 ) or 1 , 2 , 3"),
            ("so -- he—said… and...", "so -- he — said … and ..."),
            ("J.K. Rowling, J.Smith, Ph.D.", "J.K. Rowling , J. Smith , Ph.D."),
            ("a U.S.-led force <ROT.L>", "a U.S.-led force < ROT.L >"),
            ("No. 5 of the U.N., a.m.", "No. 5 of the U.N. , a.m."),
            (
                "see https://a.org/b?c=(d), www.a.com.",
                "see https://a.org/b?c=(d) , www.a.com .",
            ),
            ("mail me@a.co.uk. @who_is #Tag", "mail me@a.co.uk . | @who_is #Tag"),
            ("习近平2016年가나 다", "习 近 平 2016 年 가나 다"),
            ("Москва́ naïve e\u{301}te", "Москва́ naïve e\u{301}te"),
            ("👍🏽👨\u{200d}👩 ok", "👍🏽 👨\u{200d}👩 ok"),
        ]);
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        check(&[
            ("Sen. John F. Kerry said. He left.", "Sen. John F. Kerry said . | He left ."),
            ("U.S. President Bush", "U.S. President Bush"),
            ("He left the U.S. The dog stayed.", "He left the U.S. | The dog stayed ."),
            ("for Acme Inc. “We won,” he", "for Acme Inc. | “ We won , ” he"),
            ("at 5 p.m. Monday, at 6 p.m. Police", "at 5 p.m. Monday , at 6 p.m. | Police"),
            (
                "\"Why?\" he asked. \"No.\" (Yes.) So",
                "\" Why ? \" he asked . | \" No . \" | ( Yes . ) | So",
            ),
            ("in Jan. 1987 in Boston, Mass. But", "in Jan. 1987 in Boston , Mass. | But"),
            ("The end.The next. 3 more.", "The end . | The next . | 3 more ."),
            ("Yahoo! Inc. and Yahoo! The", "Yahoo ! Inc. and Yahoo ! | The"),
            ("这是。那是！", "这 是 。 | 那 是 ！"),
            ("SEOUL, Feb 12 (AP) — Kim won.", "SEOUL , Feb 12 ( AP ) — | Kim won ."),
            ("LONDON - The pound fell - again.", "LONDON - | The pound fell - again ."),
        ]);
    }

    #[test]
    fn lines_and_paragraphs() {
        let wrapped = "The foreign ministers of twelve countries met in the capital on Monday and\n\
                       Tuesday to talk about the treaty that had been signed by the President of\n\
                       France.";
        assert!(!split(wrapped).contains('|'), "{}", split(wrapped));
        let headed = format!("Ministers Meet\n{wrapped}\n\n    Next\n    Last");
        assert_eq!(split(&headed).matches('|').count(), 1, "{}", split(&headed));
        check(&[
            ("One.\n\nTwo", "One . ¶ Two"),
            ("    One two\nthree.\n    Four", "One two three . ¶ Four"),
            ("Buy:\n- Eggs\n- Ham\n1. Go\n2. Run", "Buy : | - Eggs | - Ham | 1 . Go | 2 . Run"),
            ("A\n\n\n B\r\n\r\nC", "A ¶ B ¶ C"),
        ]);
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for unit in
            [".", "a.", "a-", "a'", "A. ", "\"", "1,", "http://", "@a", "\n ", "é.", "("]
        {
            let text = unit.repeat(400_000 / unit.len());
            let mut tokens = Tokens::default();
            Lexer::new().read(&text, &mut tokens);
            assert!(tokens.tokens.iter().all(|token| token.end > token.start), "{unit:?}");
        }
    }

    /// Texts of what is special to the lexer.
    fn odd_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "a", "B", "The", ".", ".", " ", " ", "\n", "'", "s", "’", "“", "\"", "-", "—",
                ",", "3", "&", "@", "#", "+", "$", "://", "www", "com", "U.S", "Mr", "é",
                "\u{301}", "中", "カ", "\u{200d}", "👍", "\u{a0}", "…", "。", "(", ")", "Inc",
                "No", "\0",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn tokens_cover_every_visible_character_in_order(text in odd_text()) {
            let mut tokens = Tokens::default();
            let mut lexer = Lexer::new();
            lexer.read(&text, &mut tokens);
            let mut at = 0;
            for token in &tokens.tokens {
                let (start, end) = (token.start as usize, token.end as usize);
                prop_assert!(at <= start && start < end);
                let gap = text.get(at..start).unwrap();
                prop_assert!(gap.chars().all(|c| class_of(c) == Class::Space), "{:?}", gap);
                let written = text.get(start..end).unwrap();
                prop_assert!(!written.contains(char::is_whitespace));
                if !written.starts_with(|c: char| c.is_ascii_digit()) {
                    prop_assert_eq!(lexer.forms().text(token.form), written);
                }
                at = end;
            }
            prop_assert!(text.get(at..).unwrap().chars().all(|c| class_of(c) == Class::Space));
            let rising = |starts: &[u32]| {
                starts.windows(2).all(|pair| pair[0] < pair[1])
                    && starts.first().copied() == (!tokens.tokens.is_empty()).then_some(0)
                    && starts.iter().all(|&start| (start as usize) < tokens.tokens.len())
            };
            prop_assert!(rising(&tokens.sentences) && rising(&tokens.paragraphs));
            prop_assert!(tokens.paragraphs.iter().all(|start| tokens.sentences.contains(start)));
        }
    }
}
