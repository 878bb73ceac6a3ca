//! How wide a text is, by the widths of DejaVu Sans, in which drawings are set as PNG. Most other
//! fonts that a viewer of SVG may take are narrower.

/// Thousandths of the size of letters, from the space to the tilde.
const WIDTHS: [i64; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// About how wide a text is in letters of a size, in the unit of that size. Bold letters are
/// broader by a tenth. Letters that are not in the table count as the broadest.
pub(crate) fn wide(text: &str, size: i64, bold: bool) -> i64 {
    let letter = |char: char| {
        let place = u32::from(char).checked_sub(32).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| WIDTHS.get(place)).copied().unwrap_or(1_000)
    };
    let thousandths: i64 = text.chars().map(letter).sum();
    let thousandths = if bold { thousandths * 11 / 10 } else { thousandths };
    thousandths.saturating_mul(size) / 1_000
}
