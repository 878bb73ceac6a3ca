//! Fonts, colours, dashes and sizes.

use std::sync::OnceLock;

use plotters::style::{FontStyle, register_font};

use crate::looks::{COLOURS, DASHES};

/// A colour: red, green and blue.
pub(crate) type Colour = (u8, u8, u8);

/// Okabe and Ito's colours for all kinds of eyesight, without their yellow, which white paper
/// swallows; a dark grey comes last.
pub(crate) const PALETTE: [Colour; COLOURS] = [
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (86, 180, 233),
    (230, 159, 0),
    (204, 121, 167),
    (70, 70, 70),
];

/// Dashes and gaps in millimetres; nothing is a line without gaps.
pub(crate) const DASHED: [&[f64]; DASHES] =
    [&[], &[2.2, 1.1], &[0.55, 0.75], &[2.6, 0.8, 0.55, 0.8]];

pub(crate) const BLACK: Colour = (0, 0, 0);
pub(crate) const GREY: Colour = (110, 110, 110);
pub(crate) const GRID: Colour = (222, 222, 222);
pub(crate) const WHITE: Colour = (255, 255, 255);
/// The darkest tile of a heat map.
pub(crate) const DEEP: Colour = (8, 64, 129);

/// Widths of lines in millimetres: data 1 pt, axes 0.6 pt, grid 0.4 pt.
pub(crate) const DATA: f64 = 0.36;
pub(crate) const AXIS: f64 = 0.21;
pub(crate) const HAIR: f64 = 0.14;

/// Sizes of letters in points.
pub(crate) const TITLE: f64 = 9.0;
pub(crate) const LABEL: f64 = 7.5;
pub(crate) const SMALL: f64 = 7.0;
pub(crate) const CAPTION: f64 = 6.5;

/// A point in millimetres.
pub(crate) const POINT: f64 = 25.4 / 72.0;

/// What the font is called.
pub(crate) const FAMILY: &str = "sans-serif";

/// Puts the fonts where the drawing library looks for them, once. They are part of this program,
/// so that letters are the same on every machine.
pub(crate) fn register_fonts() -> Result<(), String> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let registered = REGISTERED.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, dejavu::sans::regular()).is_ok()
            && register_font(FAMILY, FontStyle::Bold, dejavu::sans::bold()).is_ok()
    });
    if *registered { Ok(()) } else { Err("the font cannot be read".to_string()) }
}

/// A colour between white and another one.
pub(crate) fn tint((red, green, blue): Colour, share: f64) -> Colour {
    let mix = |part: u8| (255.0 - (255.0 - f64::from(part)) * share + 0.5) as u8;
    (mix(red), mix(green), mix(blue))
}
