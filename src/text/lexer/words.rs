//! Words, the careful way: byte by byte.

use super::abbreviation::{Stop, is_domain_ending, stop_after};
use super::class::Class;
use super::{Joint, MAX_TOKEN, Pending, Scan, Word, is_capitals, width_of};

impl Scan<'_> {
    #[inline(never)]
    pub(super) fn careful_word(&mut self) {
        if self.pending != Pending::None {
            self.resolve();
        }
        let word = self.word();
        self.push_text(word.end);
        if let Some(stop) = word.stop {
            self.pending = Pending::Abbreviation(stop);
        }
    }

    /// Measures the word at `self.at`.
    pub(super) fn word(&self) -> Word {
        let start = self.at;
        let mut segment = start;
        let mut end = self.run_end(start);
        if let Some(end) = self.address_end(end) {
            return Word { end, stop: None };
        }
        let mut parts = 0;
        let mut stop = None;
        loop {
            if end - start >= MAX_TOKEN {
                break;
            }
            match self.joint(segment, end, parts) {
                Joint::Binds(width) => {
                    parts = if self.bytes.get(end) == Some(&b'.') { parts + 1 } else { 0 };
                    segment = end + width;
                    end = self.run_end(segment);
                    stop = None;
                }
                Joint::Stop(kind) => {
                    end += 1;
                    stop = Some(kind);
                    // `U.S.-led`
                    if self.bytes.get(end) != Some(&b'-') || !self.word_at(end + 1) {
                        break;
                    }
                    segment = end;
                    parts = 0;
                }
                Joint::Ends => {
                    end = self.with_sign(start, end);
                    break;
                }
            }
        }
        Word { end, stop }
    }

    /// Where the letters, digits and combining marks from there on end.
    pub(super) fn run_end(&self, mut at: usize) -> usize {
        let limit = at + MAX_TOKEN;
        while at < limit {
            match self.class_at(at) {
                Class::Letter | Class::Digit => {}
                Class::Extend if at > self.at => {}
                _ => break,
            }
            at += self.bytes.get(at).map_or(1, |&byte| width_of(byte));
        }
        at
    }

    /// What stands at `at` behind the part of a word that began at `segment`, where `parts` full
    /// stops have joined what is before.
    pub(super) fn joint(&self, segment: usize, at: usize, parts: usize) -> Joint {
        let Some(&mark) = self.bytes.get(at) else { return Joint::Ends };
        let binds = |width: usize, if_so: bool| {
            if if_so { Joint::Binds(width) } else { Joint::Ends }
        };
        let (after_digit, before_digit) =
            (at > segment && self.digit_at(at - 1), self.digit_at(at + 1));
        match mark {
            b'-' | b'&' | b'@' | b'/' => binds(1, self.word_at(at + 1)),
            b':' => binds(1, after_digit && before_digit),
            b',' => {
                let group = (1..=3).all(|n| self.digit_at(at + n)) && !self.digit_at(at + 4);
                binds(1, after_digit && group)
            }
            b'\'' => binds(1, self.letter_at(at + 1) && !self.is_clitic(at)),
            b'.' => self.full_stop(segment, at, parts),
            // ’ and ‘ as apostrophes, ‐ and ‑ as hyphens
            0xE2 => match self.bytes.get(at + 1..at + 3) {
                Some([0x80, 0x98 | 0x99]) => {
                    binds(3, self.letter_at(at + 3) && !self.is_clitic(at))
                }
                Some([0x80, 0x90 | 0x91]) => binds(3, self.word_at(at + 3)),
                _ => Joint::Ends,
            },
            // · between letters (Catalan), ׳ and ״ (Hebrew)
            0xC2 if self.bytes.get(at + 1) == Some(&0xB7) => binds(2, self.letter_at(at + 2)),
            0xD7 if matches!(self.bytes.get(at + 1), Some(0xB3 | 0xB4)) => {
                binds(2, self.letter_at(at + 2))
            }
            _ => Joint::Ends,
        }
    }

    /// What a full stop at `at` means.
    pub(super) fn full_stop(&self, segment: usize, at: usize, parts: usize) -> Joint {
        let part = self.text.get(segment..at).unwrap_or_default();
        let next = self.class_at(at + 1);
        if next == Class::Digit && part.bytes().next_back().is_some_and(|b| b.is_ascii_digit())
        {
            return Joint::Binds(1);
        }
        let mut chars = part.chars();
        let single = match (chars.next(), chars.next()) {
            (Some(letter), None) if letter.is_alphabetic() => Some(letter),
            _ => None,
        };
        if next == Class::Letter {
            let following = self.letters_at(at + 1);
            let behind = at + 1 + following.len();
            if is_domain_ending(following) && !self.word_at(behind) && !part.is_empty() {
                return Joint::Binds(1);
            }
            // Codes of stock exchanges: `<ROT.L>`.
            let bracketed = matches!(self.bytes.get(behind), Some(b'>' | b')'));
            if bracketed && following.len() <= 2 && is_capitals(part) {
                return Joint::Binds(1);
            }
            let next_is_single =
                self.char_at(at + 1).is_some_and(|c| !self.word_at(at + 1 + c.len_utf8()));
            if next_is_single && (single.is_some() || part == "Ph") {
                return Joint::Binds(1);
            }
        }
        // A name or anything else may follow without a space: `J.Smith`, `Mr.Smith`.
        if let Some(letter) = single {
            if parts > 0 {
                let time = matches!(part, "m" | "M") && parts == 1;
                return Joint::Stop(if time { Stop::Likely } else { Stop::Maybe });
            }
            if letter.is_uppercase() {
                return Joint::Stop(Stop::Maybe);
            }
        }
        if parts > 0 && part == "D" {
            return Joint::Stop(Stop::Maybe);
        }
        match stop_after(part) {
            Some(Stop::BeforeNumber) => {
                let mut behind = at + 1;
                if self.bytes.get(behind) == Some(&b' ') {
                    behind += 1;
                }
                if self.digit_at(behind) {
                    Joint::Stop(Stop::BeforeNumber)
                } else {
                    Joint::Ends
                }
            }
            Some(stop) => Joint::Stop(stop),
            None => Joint::Ends,
        }
    }

    /// Takes in the signs of `C++`, `C#`, `Disney+`, `US$`.
    pub(super) fn with_sign(&self, start: usize, end: usize) -> usize {
        let length = end - start;
        match self.bytes.get(end) {
            Some(b'+') => {
                let pluses = if self.bytes.get(end + 1) == Some(&b'+') { 2 } else { 1 };
                let fits = !self.word_at(end + pluses)
                    && (pluses == 1 || length == 1)
                    && !self.digit_at(end - 1);
                if fits { end + pluses } else { end }
            }
            Some(b'#') if length == 1 && self.letter_at(start) && !self.word_at(end + 1) => {
                end + 1
            }
            Some(b'$')
                if length <= 3
                    && is_capitals(self.text.get(start..end).unwrap_or_default()) =>
            {
                end + 1
            }
            _ => end,
        }
    }

    /// Where a web address ends whose first letters end at `at`.
    pub(super) fn address_end(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        let scheme = rest.starts_with(b"://");
        let host = rest.first() == Some(&b'.')
            && self.word_at(at + 1)
            && self
                .bytes
                .get(self.at..at)
                .is_some_and(|word| word.eq_ignore_ascii_case(b"www"));
        if !scheme && !host {
            return None;
        }
        let length = rest
            .iter()
            .take(MAX_TOKEN)
            .take_while(|&&byte| {
                byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'`' | b'|')
            })
            .count();
        let address = rest.get(..length)?;
        let bracketed = address.contains(&b'(');
        let trailing = address
            .iter()
            .rev()
            .take_while(|&&byte| match byte {
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b']' | b'}' | b'*' => true,
                b')' => !bracketed,
                _ => false,
            })
            .count();
        (length - trailing > 3 || host).then_some(at + length - trailing)
    }
}
