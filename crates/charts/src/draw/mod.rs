//! From a figure to SVG and PNG. Every call of plotters is in this folder, and no coordinate
//! system of its is used: axes here come from checked scales, so that none can be without end.

mod canvas;
mod frame;
mod layout;
mod marks;
mod sheet;
mod style;
mod ticks;
mod tips;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::drawing::IntoDrawingArea;
use plotters::style::{RGBColor, WHITE};

use crate::figure::Figure;
use canvas::{Canvas, Drawing};
use layout::Layout;
pub use sheet::sheet_png;

pub(crate) use tips::tips;

/// The width of every figure, that of two columns of a paper.
const WIDTH: f64 = 180.0;

/// SVG coordinates are whole numbers; so many of them in a millimetre.
const SVG_UNIT: f64 = 100.0;

/// Dots in a millimetre at 300 dots an inch.
const DOTS: f64 = 300.0 / 25.4;

/// Pictures are drawn so much larger and averaged, which smooths their edges.
const OVERSIZE: usize = 2;

/// Draws a figure as SVG.
///
/// # Errors
///
/// What the drawing library says; nothing is known that makes it say something.
pub fn svg(figure: &Figure) -> Result<String, String> {
    let (text, size) = canvas_svg(figure)?;
    // The canvas is in hundredths of a millimetre; the picture is as large as it is printed.
    let (width, height) = (format!("width=\"{}\"", size.0), format!("height=\"{}\"", size.1));
    let text = text.replacen(&width, &format!("width=\"{WIDTH}mm\""), 1);
    Ok(text.replacen(&height, &format!("height=\"{}mm\"", f64::from(size.1) / SVG_UNIT), 1))
}

/// Draws a figure as SVG without its outermost element, whose size is the second.
///
/// # Errors
///
/// As for [`svg`].
pub(crate) fn inner_svg(figure: &Figure) -> Result<(String, (u32, u32)), String> {
    let (text, size) = canvas_svg(figure)?;
    let inner = text.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>"));
    let inner = inner.ok_or("the drawing library made something else than SVG")?.0;
    Ok((inner.to_string(), size))
}

/// A figure as SVG in hundredths of a millimetre, and its size in them.
fn canvas_svg(figure: &Figure) -> Result<(String, (u32, u32)), String> {
    style::register_fonts()?;
    let layout = Layout::of(figure)?;
    let size = (whole(WIDTH * SVG_UNIT), whole(layout.height * SVG_UNIT));
    let mut text = String::new();
    paint(SVGBackend::with_string(&mut text, size), figure, &layout, SVG_UNIT)?;
    Ok((text, size))
}

/// Draws a figure as PNG: 300 dots an inch at the size in which it is printed.
///
/// # Errors
///
/// As for [`svg`].
pub fn png(figure: &Figure) -> Result<Vec<u8>, String> {
    style::register_fonts()?;
    let layout = Layout::of(figure)?;
    let (width, height) = (whole(WIDTH * DOTS), whole(layout.height * DOTS));
    let large = (width * OVERSIZE as u32, height * OVERSIZE as u32);
    let mut dots = vec![255_u8; large.0 as usize * large.1 as usize * 3];
    let backend: BitMapBackend<'_> = BitMapBackend::with_buffer(&mut dots, large);
    paint(backend, figure, &layout, DOTS * OVERSIZE as f64)?;
    let dots = averaged(&dots, width as usize, height as usize);
    encoded(&dots, width, height).map_err(|error| error.to_string())
}

fn paint<DB: DrawingBackend>(backend: DB, figure: &Figure, layout: &Layout, unit: f64) -> Drawing {
    let area = backend.into_drawing_area();
    area.fill(&WHITE).map_err(|error| error.to_string())?;
    let canvas = Canvas::new(&area, unit);
    frame::figure(&canvas, figure, layout)?;
    area.present().map_err(|error| error.to_string())
}

/// Each block of dots as one, in whole numbers.
fn averaged(large: &[u8], width: usize, height: usize) -> Vec<u8> {
    let row = width * OVERSIZE * 3;
    let mut small = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for colour in 0..3 {
                let at = |dy: usize, dx: usize| {
                    let place = (y * OVERSIZE + dy) * row + (x * OVERSIZE + dx) * 3 + colour;
                    u32::from(large[place])
                };
                let block = (0..OVERSIZE).flat_map(|dy| (0..OVERSIZE).map(move |dx| (dy, dx)));
                let sum: u32 = block.map(|(dy, dx)| at(dy, dx)).sum();
                small.push((sum / (OVERSIZE * OVERSIZE) as u32) as u8);
            }
        }
    }
    small
}

fn encoded(dots: &[u8], width: u32, height: u32) -> Result<Vec<u8>, ::png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_compression(::png::Compression::Balanced);
    let dots_a_metre = whole(DOTS * 1_000.0);
    let (xppu, yppu, unit) = (dots_a_metre, dots_a_metre, ::png::Unit::Meter);
    encoder.set_pixel_dims(Some(::png::PixelDimensions { xppu, yppu, unit }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(dots)?;
    writer.finish()?;
    Ok(bytes)
}

fn whole(number: f64) -> u32 {
    (number + 0.5) as u32
}

/// A colour of plotters.
fn rgb((red, green, blue): (u8, u8, u8)) -> RGBColor {
    RGBColor(red, green, blue)
}
