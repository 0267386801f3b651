//! Files that are no text, or text for machines: recognised, so that they are told and not indexed.

/// The first bytes of kinds of files that hold no article, or none that is read yet.
const KINDS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xFF\xD8\xFF", "JPEG picture"),
    (b"GIF87a", "GIF picture"),
    (b"GIF89a", "GIF picture"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"BM\0\0", "BMP picture"),
    (b"%PDF-", "PDF document"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\x1F\x8B", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xFD7zXZ\0", "xz archive"),
    (b"\x28\xB5\x2F\xFD", "zstd archive"),
    (b"7z\xBC\xAF\x27\x1C", "7z archive"),
    (b"Rar!\x1A\x07", "RAR archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old office document"),
    (b"{\\rtf", "RTF document"),
    (b"\x7FELF", "program"),
    (b"MZ\x90\0", "program"),
    (b"\xCA\xFE\xBA\xBE", "program"),
    (b"\xCF\xFA\xED\xFE", "program"),
    (b"\0asm", "program"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"OggS", "sound or video"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
    (b"\x1A\x45\xDF\xA3", "video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\0\x01\0\0\0", "font"),
];

/// The kind of file these bytes begin, where it is one that is not read.
pub(super) fn recognise(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(kind);
    }
    match (bytes.get(..4)?, bytes.get(4..12)?, bytes.get(257..262)) {
        (b"RIFF", [.., b'W', b'E', b'B', b'P'], _) => Some("WebP picture"),
        (b"RIFF", ..) => Some("sound or video"),
        (_, [b'f', b't', b'y', b'p', ..], _) => Some("video or picture"),
        (.., Some(b"ustar")) => Some("tar archive"),
        _ => None,
    }
}

/// The kind of data that a text is, where it is written for machines and no format reads it: as a
/// plain text it would be an article full of tags, keys and names that nobody bears.
pub(super) fn data_kind(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    if start.starts_with("<?xml") || start.starts_with("<!DOCTYPE") {
        return Some("XML data");
    }
    if start.starts_with("WARC/") {
        return Some("WARC web archive");
    }
    let (first, rest) = start.split_at_checked(1)?;
    let next = rest.trim_start().chars().next();
    let is_json =
        matches!((first, next), ("{", Some('"' | '}')) | ("[", Some('{' | '"' | '[' | ']')));
    is_json.then_some("JSON data")
}

/// Whether decoded bytes are no text after all: many control characters or characters that could
/// not be read.
#[expect(clippy::needless_bitwise_bool, reason = "lazy operators keep it from vectorising")]
pub(super) fn is_no_text(text: &str) -> bool {
    const SAMPLE: usize = 4096;
    // Most texts have not one such character: told by their bytes, without decoding them.
    let bytes = text.as_bytes().get(..SAMPLE).unwrap_or(text.as_bytes());
    let suspicious = |b: u8| {
        (b < b' ') & (b != b'\n') & (b != b'\r') & (b != b'\t') | (b == 0x7F) | (b == 0xEF)
    };
    if !bytes.iter().fold(false, |any, &b| any | suspicious(b)) {
        return false;
    }
    let (mut strange, mut seen) = (0_usize, 0_usize);
    for c in text.chars().take(SAMPLE) {
        seen += 1;
        let is_strange = match c {
            '\n' | '\r' | '\t' | '\u{C}' | '\u{1A}' | '\u{1B}' => false,
            // The control bytes of the wire formats are few; those of a program are many.
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFD}' => true,
            _ => false,
        };
        strange += usize::from(is_strange);
    }
    strange * 10 > seen
}
