//! Text from strangers, made fit for a terminal and for JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything escaped that a terminal might obey: control characters, and the
/// marks that turn the direction of writing or break lines without being seen.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if commands(char) {
            shown.extend(char.escape_default());
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

fn commands(char: char) -> bool {
    let turns = matches!(
        char,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
    );
    char.is_control() || turns || char == '\u{feff}'
}

/// JSON in which what [`visible`] escapes is escaped as JSON has it, so that a terminal that shows
/// it takes no orders either. Whoever reads it as JSON reads the same.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    if !json.contains(commands) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len() + 16);
    for char in json.chars() {
        // All of these have one unit in UTF-16.
        if commands(char) && !matches!(char, '\n' | '\r' | '\t') {
            shown.push_str(&format!("\\u{:04x}", u32::from(char)));
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// The text as XML, in elements and attributes: the five characters that mean something there
/// are escaped, and what XML does not allow or a reader would not see is left out.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if commands(char) => {}
            _ => escaped.push(char),
        }
    }
    escaped
}

/// Appends the text as a JSON string, with its quotation marks.
pub fn quoted(text: &str, line: &mut String) {
    line.push('"');
    // Names are nearly always free of everything that needs care.
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        line.push_str(text);
    } else {
        for char in text.chars() {
            match char {
                '"' => line.push_str("\\\""),
                '\\' => line.push_str("\\\\"),
                '\n' => line.push_str("\\n"),
                '\u{0}'..='\u{1f}' => {
                    write!(line, "\\u{:04x}", u32::from(char)).expect("a String takes everything");
                }
                _ => line.push(char),
            }
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_get_no_orders() {
        assert_eq!(visible("plain – 2PC ≤ 3"), "plain – 2PC ≤ 3");
        assert_eq!(visible("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\\nc");
        assert_eq!(visible("abc\u{202e}def\u{9b}"), "abc\\u{202e}def\\u{9b}");
    }

    #[test]
    fn json_gives_terminals_no_orders_and_stays_what_it_is() {
        let json = "{\"a\":\"\u{202e}b\u{9b}é😀\u{feff}\",\n\"c\":1}";
        let shown = visible_json(json);
        assert_eq!(shown, "{\"a\":\"\\u202eb\\u009bé😀\\ufeff\",\n\"c\":1}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&shown), read(json));
    }

    #[test]
    fn xml_gets_nothing_that_it_would_obey() {
        let hostile = "</text><script>\u{1}'\"&\u{202e}\u{ffff}é😀\n";
        assert_eq!(xml(hostile), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;é😀 ");
    }

    #[test]
    fn json_strings_read_back() {
        for text in ["n0", "", "a\"b\\c", "tab\tbell\u{7}\n", "é€😀\u{7f}\u{2028}"] {
            let mut line = String::new();
            quoted(text, &mut line);
            assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
            assert!(!line.contains('\n'));
        }
    }
}
