//! Text for terminals that are narrower than it was written for.

/// Words that continue a line stand so many columns further in than its beginning.
const FURTHER: usize = 2;

/// The text with lines broken, between words, that are longer than so many columns. What was
/// aligned with a column that is now too far to the right moves to the left.
pub(crate) fn folded(text: &str, columns: usize) -> String {
    if text.lines().all(|line| width(line) <= columns) {
        return text.to_string();
    }
    let mut folded = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        let (words, end) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
        if width(words) <= columns {
            folded.push_str(words);
        } else {
            broken(words, columns, &mut folded);
        }
        folded.push_str(end);
    }
    folded
}

fn broken(line: &str, columns: usize, text: &mut String) {
    let words = line.trim_start();
    let indent = (line.len() - words.len()).min(columns / 4);
    let next = indent + FURTHER;
    text.push_str(&" ".repeat(indent));
    let mut column = indent;
    for (n, word) in words.split(' ').enumerate() {
        // Several blanks in a row make empty words; at the beginning of a line they are dropped.
        let wide = width(word);
        if n > 0 && column + 1 + wide > columns && column > next {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
            text.push_str(&" ".repeat(next));
            column = next;
        } else if n > 0 && (column > next || !word.is_empty()) && column < columns {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += wide;
    }
    text.truncate(text.trim_end_matches(' ').len());
}

/// How many columns it takes on a terminal; colours take none.
fn width(text: &str) -> usize {
    let mut wide = 0;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                let _ = chars.find(char::is_ascii_alphabetic);
            }
            _ => wide += 1,
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        let text = "  a  table\n  1      2\n\n";
        assert_eq!(folded(text, 11), text);
        assert_eq!(folded("\u{1b}[31mred\u{1b}[0m", 3), "\u{1b}[31mred\u{1b}[0m");
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(folded("one two three four\n", 9), "one two\n  three\n  four\n");
        assert_eq!(folded("          far away", 12), "   far away");
        assert_eq!(folded("label      some words\nx", 12), "label\n  some words\nx");
        assert_eq!(folded("a_word_that_is_too_long_by_far", 8), "a_word_that_is_too_long_by_far");
        let coloured = folded("\u{1b}[31mone two\u{1b}[0m three", 8);
        assert_eq!(coloured, "\u{1b}[31mone two\u{1b}[0m\n  three");
    }
}
