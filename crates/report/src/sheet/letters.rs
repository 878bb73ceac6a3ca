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

/// The same of bold letters.
const BOLD: [i64; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683,
    683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771,
    724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665,
    343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
];

/// About how wide a text is in letters of a size, in the unit of that size. Letters
/// that are not in the table count as the broadest.
pub(crate) fn wide(text: &str, size: i64, bold: bool) -> i64 {
    let widths = if bold { &BOLD } else { &WIDTHS };
    let letter = |char: char| {
        let place = u32::from(char).checked_sub(32).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| widths.get(place)).copied().unwrap_or(1_000)
    };
    let thousandths: i64 = text.chars().map(letter).sum();
    thousandths.saturating_mul(size) / 1_000
}
