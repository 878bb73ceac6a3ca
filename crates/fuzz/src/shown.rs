//! What is shown to people must not give their terminals orders.

use commitsim_report::visible;

/// Panics where a terminal might obey something in the text other than its line breaks.
pub(crate) fn harmless(text: &str) {
    for line in text.split('\n') {
        assert_eq!(visible(line), line, "a line with something hidden");
    }
}

/// Panics where the text is not one harmless line.
pub(crate) fn one_line(text: &str) {
    assert!(!text.contains('\n'), "a line break in {text:?}");
    harmless(text);
}
