//! A number in a text, with the unit and the hidden source behind it.

/// A number in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    /// Its line, from one.
    pub(crate) line: usize,
    /// As it is shown.
    pub(crate) shown: String,
    /// What it is.
    pub(crate) value: f64,
    /// How many digits stand behind its point.
    pub(crate) places: u32,
    /// Its unit; empty where there is none.
    pub(crate) unit: &'static str,
    /// What the comment behind it says; none where there is no comment.
    pub(crate) source: Option<String>,
}

/// Units that may stand behind a number, longer ones first.
const UNITS: [&str; 5] = ["ns", "µs", "ms", "s", "%"];

impl Number {
    /// All numbers of a text in Markdown. Digits that are part of a word, as in P2PC, and what
    /// stands in code, comments and the targets of links, are none.
    pub(crate) fn all(text: &str) -> Vec<Number> {
        let prose = blanked(text);
        let bytes = prose.as_bytes();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        let mut numbers = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let begins = bytes[at].is_ascii_digit() && (at == 0 || !is_word(bytes[at - 1]));
            if !begins {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
            while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)) {
                end += 1;
            }
            if bytes.get(end).is_none_or(|byte| !is_word(*byte)) {
                numbers.extend(Number::at(text, at, end));
            }
            while bytes.get(end).is_some_and(|byte| is_word(*byte)) {
                end += 1;
            }
            at = end;
        }
        numbers
    }

    fn at(text: &str, start: usize, end: usize) -> Option<Number> {
        let shown = text.get(start..end)?;
        let plain = shown.replace(',', "");
        let places = plain.split_once('.').map_or(0, |(_, digits)| digits.len());
        let rest = text.get(end..)?;
        let spaced = rest.strip_prefix(' ').unwrap_or(rest);
        let ends = |unit: &&&str| {
            let behind = spaced.strip_prefix(**unit);
            behind.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        };
        let unit = UNITS.iter().find(ends).copied().unwrap_or_default();
        let behind = if unit.is_empty() { rest } else { spaced.strip_prefix(unit)? };
        let comment = behind.strip_prefix("<!--").and_then(|text| text.split_once("-->"));
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Number {
            line: text[..start].matches('\n').count() + 1,
            shown: format!("{shown} {unit}").trim_end().to_owned(),
            value: plain.parse().ok()?,
            places: u32::try_from(places).ok()?,
            unit,
            source: comment.map(|(source, _)| one_line(source)),
        })
    }
}

/// The text with blanks for everything that is not prose, so that places stay what they are.
fn blanked(text: &str) -> String {
    let mut text = text.to_owned();
    for (open, close) in [("```", "```"), ("<!--", "-->"), ("`", "`"), ("](", ")")] {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let inside = start + open.len();
            let Some(end) = text[inside..].find(close).map(|at| inside + at + close.len()) else {
                break;
            };
            text.replace_range(start..end, &" ".repeat(end - start));
            from = end;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_and_words_are_not() {
        let all = |text| -> Vec<(String, &str)> {
            Number::all(text).into_iter().map(|one| (one.shown, one.unit)).collect()
        };
        let text =
            "P2PC, n0 and `12` take 3.50 ms<!-- a 7 --> of 1,000 [runs](x9/8.csv), 5 smiles.";
        let expected = [("3.50 ms", "ms"), ("1,000", ""), ("5", "")];
        assert_eq!(all(text), expected.map(|(shown, unit)| (shown.to_owned(), unit)));
        let first = &Number::all(text)[0];
        assert_eq!((first.value, first.places), (3.5, 2));
        assert_eq!(first.source.as_deref(), Some("a 7"));
    }
}
