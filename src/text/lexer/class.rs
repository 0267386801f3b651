//! What a character is to the lexer.

use unicode_normalization::char::is_combining_mark;

/// Kinds of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    /// White space, and what is never seen: controls, zero-width space, byte-order mark.
    Space,
    /// Part of a word.
    Letter,
    /// A decimal digit of ASCII.
    Digit,
    /// A mark of punctuation or symbol.
    Mark,
    /// Not ASCII: ask [`class_of`].
    High,
    /// A word of its own: a character of a script written without spaces.
    Solo,
    /// Goes with the character before it: a combining mark, a joiner, a variation selector.
    Extend,
}

/// The class of each byte at the beginning of a character.
pub(super) const BYTE_CLASS: [Class; 256] = {
    let mut table = [Class::High; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            0..=b' ' | 0x7F => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
};

/// The class of a byte that begins a character.
#[inline]
pub(super) fn byte_class(byte: u8) -> Class {
    BYTE_CLASS[usize::from(byte)]
}

/// The class of any character.
pub(super) fn class_of(c: char) -> Class {
    match c {
        '\0'..='\x7F' => BYTE_CLASS[c as usize],
        '\u{80}'..='\u{A0}'
        | '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202F}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' => Class::Space,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' => Class::Letter,
        '\u{200C}'
        | '\u{200D}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0020}'..='\u{E007F}'
        | '\u{E0100}'..='\u{E01EF}' => Class::Extend,
        _ if is_solo(c) => Class::Solo,
        _ if c.is_alphanumeric() => {
            // Some combining vowels are alphabetic too: as letters they would begin words.
            if is_combining_mark(c) { Class::Extend } else { Class::Letter }
        }
        _ if is_combining_mark(c) => Class::Extend,
        _ if c.is_whitespace() || c.is_control() => Class::Space,
        _ => Class::Mark,
    }
}

/// Han, Kana, and the scripts of South-East Asia that put no spaces between words: so, too, does
/// the Unicode standard segment them (UAX #29) in the absence of a dictionary.
fn is_solo(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '々'..='〇' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303B}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}' | '\u{1AFF0}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{E01}'..='\u{E30}' | '\u{E32}' | '\u{E33}' | '\u{E40}'..='\u{E46}'
        | '\u{E81}'..='\u{EB0}' | '\u{EB2}' | '\u{EB3}' | '\u{EC0}'..='\u{EC6}' | '\u{EDC}'..='\u{EDF}'
        | '\u{1000}'..='\u{102A}' | '\u{103F}' | '\u{1050}'..='\u{1055}' | '\u{1780}'..='\u{17B3}')
}

/// Whether the character closes a quotation or bracket when it stands right behind a word or mark.
pub(super) fn closes(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '’'
            | '”'
            | '“'
            | '‘'
            | '»'
            | '›'
            | '«'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '］'
    )
}

/// Whether the character may open a quotation or bracket.
pub(super) fn opens(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '('
            | '['
            | '{'
            | '‘'
            | '“'
            | '„'
            | '‚'
            | '«'
            | '‹'
            | '»'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '［'
            | '¿'
            | '¡'
            | '`'
    )
}
