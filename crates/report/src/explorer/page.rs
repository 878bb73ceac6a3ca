//! The file: its frame, its style, its script and the runs in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::course::Course;
use super::words::Words;

const FRAME: &str = include_str!("page/frame.html");
const STYLE: &str = include_str!("page/style.css");

/// The script, in the order in which it is read. The first line and the last are for readers of
/// XML, to whom a script is text like any other; a browser sees comments.
const SCRIPT: &str = concat!(
    "//<![CDATA[\n",
    include_str!("page/runs.js"),
    include_str!("page/time.js"),
    include_str!("page/surface.js"),
    include_str!("page/filter.js"),
    include_str!("page/lanes.js"),
    include_str!("page/drawing.js"),
    include_str!("page/labels.js"),
    include_str!("page/table.js"),
    include_str!("page/place.js"),
    include_str!("page/steering.js"),
    include_str!("page/main.js"),
    "//]]>",
);

/// What the page's script reads.
#[derive(Serialize)]
struct Book<'a> {
    version: &'static str,
    words: Vec<&'a str>,
    runs: &'a [Course],
}

/// The page of these runs.
pub(super) fn page(runs: &[Course], words: &Words) -> String {
    let book = Book { version: env!("CARGO_PKG_VERSION"), words: words.all(), runs };
    let book = serde_json::to_string(&book).expect("lists, numbers and texts can be written");
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        pin(SCRIPT),
        pin(STYLE)
    );
    fill(FRAME, |part| match part {
        "policy" => policy.clone(),
        "style" => STYLE.to_string(),
        "book" => harmless(&book),
        "script" => SCRIPT.to_string(),
        _ => unreachable!("the frame has no part {part}"),
    })
}

/// The source expression by which a policy allows one inline text.
fn pin(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The frame with its parts, which stand there as `{{name}}`, each replaced once: what is put in
/// is not looked at again.
fn fill(frame: &str, part: impl Fn(&str) -> String) -> String {
    let mut pieces = frame.split("{{");
    let mut page = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").expect("every part of the frame is closed");
        page.push_str(&part(name));
        page.push_str(rest);
    }
    page
}

/// JSON in which nothing can end the element that it stands in, and nothing is markup for any
/// reader. Outside of strings JSON has none of these characters.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            '<'
            | '>'
            | '&'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{fffe}'
            | '\u{ffff}' => text.push_str(&format!("\\u{:04x}", u32::from(char))),
            _ => text.push(char),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_pinned_by_its_hash() {
        // The hash of the empty text, as `openssl dgst -sha256 -binary | base64` has it.
        let empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        assert_eq!(pin(""), empty);
    }

    #[test]
    fn what_is_put_into_the_frame_is_not_looked_at_again() {
        assert_eq!(fill("a{{x}}b{{x}}c", |_| "{{x}}".to_string()), "a{{x}}b{{x}}c");
    }

    #[test]
    fn json_says_the_same_without_markup() {
        let json = serde_json::to_string("</script><!-- & \u{2028}\u{fffe}\u{9b} é").unwrap();
        let text = harmless(&json);
        assert!(text.is_ascii() || !text.contains(['<', '>', '&', '\u{2028}', '\u{fffe}']));
        let back = |json: &str| serde_json::from_str::<String>(json).unwrap();
        assert_eq!(back(&text), back(&json));
    }
}
