//! Words that promise work for later.

use crate::problem::Problem;

/// Written in halves, so that this file does not hold what it looks for.
const MARKERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Checks for the words wherever they stand: in comments, strings and pages alike.
pub(super) fn check(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for marker in MARKERS.iter().filter(|marker| has_word(line, marker)) {
            problems.push(Problem::new(
                path,
                index + 1,
                "marker",
                format!("`{marker}` is not merged"),
                "a note without an owner is never read again; do it, or open an issue",
            ));
        }
    }
    problems
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_as_a_word() {
        for marker in MARKERS {
            let problems = check("README.md", &format!("first\n- {marker}: later\n"));
            assert_eq!((problems.len(), problems[0].line), (1, 2), "{marker}");
        }
    }

    #[test]
    fn a_longer_word_is_none() {
        assert_eq!(check("a.md", concat!("TO", "DOS and a to-do list and TO", "DO_LATER")), []);
    }
}
