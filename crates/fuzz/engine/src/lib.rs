//! Changes of JSON texts that leave them JSON mostly. libFuzzer's own changes break a text's form
//! far more often than they touch what it says, so every other change is one of these.

use std::ops::Range;

/// What a value becomes: ends of ranges, and what looks like a number and is none.
const VALUES: [&str; 26] = [
    "0",
    "1",
    "-1",
    "2",
    "1000",
    "65536",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "0.000001",
    "1e400",
    "1e-400",
    "0.10",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"0ns\"",
    "\"1ns\"",
    "\"3650d\"",
    "\"1/0\"",
    "\"999999999/1000000000\"",
    "\"18446744073709551615\"",
    "\"-1\"",
];

/// What a text may hold: characters of every length, and some that nobody sees.
const CHARACTERS: [&str; 10] =
    ["é", "€", "😀", "\u{202e}", "\u{feff}", "\u{ffff}", "\\u0000", "\\u001b", "\\ud800", "\\\""];

/// A text with one change; `seed` says which.
#[must_use]
pub fn changed(text: &str, seed: u32) -> String {
    let mut luck = Luck(u64::from(seed) << 1 | 1);
    let tokens = tokens(text);
    if tokens.is_empty() {
        return VALUES[luck.below(VALUES.len())].to_string();
    }
    let one = unit(text, &tokens, luck.below(tokens.len()));
    let other = unit(text, &tokens, luck.below(tokens.len()));
    let put = |at: Range<usize>, new: &str| [&text[..at.start], new, &text[at.end..]].concat();
    match luck.below(8) {
        0 => put(one, &text[other]),
        1 => put(one, ""),
        2 => put(one.end..one.end, &format!(", {}", &text[other])),
        3 => put(one, VALUES[luck.below(VALUES.len())]),
        4 if one.end <= other.start => {
            let between = &text[one.end..other.start];
            let (first, second) = (&text[one.clone()], &text[other.clone()]);
            put(one.start..other.end, &[second, between, first].concat())
        }
        5 => {
            // Longer, from the inside of a text or the end of a number.
            let end = one.end - usize::from(text[one.clone()].ends_with('"'));
            let start = (one.start..end).rev().nth(luck.below(4)).unwrap_or(end);
            let start = (start..=end).find(|at| text.is_char_boundary(*at)).unwrap_or(end);
            put(end..end, &text[start..end].repeat(1 + luck.below(40)))
        }
        _ => {
            let mut at = one.start + luck.below(one.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            put(at..at, CHARACTERS[luck.below(CHARACTERS.len())])
        }
    }
}

/// Strings, words, numbers and single marks; white space is nothing.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            b'"' => {
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => {}
            _ => {
                while at < bytes.len() && !b" \n\r\t\"{}[],:".contains(&bytes[at]) {
                    at += 1;
                }
            }
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
        tokens.push(start..at);
    }
    tokens
}

/// What a token begins: itself, or everything up to the bracket that closes it.
fn unit(text: &str, tokens: &[Range<usize>], first: usize) -> Range<usize> {
    let mut open = 0_usize;
    for token in &tokens[first..] {
        match &text[token.clone()] {
            "{" | "[" => open += 1,
            "}" | "]" => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return tokens[first].start..token.end;
        }
    }
    tokens[first].clone()
}

/// A little luck, of which nothing is asked but that it differs.
struct Luck(u64);

impl Luck {
    fn below(&mut self, many: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % many
    }
}

/// What libFuzzer calls for a change: `bytes` has room for `most`, and holds `size`.
pub fn mutate(bytes: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    if seed % 2 == 1
        && let Ok(text) = std::str::from_utf8(&bytes[..size])
    {
        let text = changed(text, seed >> 1);
        if text.len() <= most {
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            return text.len();
        }
    }
    libfuzzer_sys::fuzzer_mutate(bytes, size, most)
}
