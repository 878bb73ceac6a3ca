//! A sheet as SVG. All text that enters it is escaped here.

use std::fmt::{Arguments, Write as _};

use crate::xml;

use super::{Dash, Hangs, Hue, Mark, Pen, Place, Shape, Sheet, Text};

pub(super) fn written(sheet: &Sheet) -> String {
    let mut text = String::new();
    let (width, height) = (sheet.width, sheet.height);
    put(
        &mut text,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
             stroke-linecap=\"butt\" stroke-linejoin=\"round\">\n\
             <title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
            millimetres(width),
            millimetres(height),
            xml(&sheet.title)
        ),
    );
    for mark in &sheet.marks {
        group(mark, &mut text);
    }
    text.push_str("</svg>\n");
    text
}

fn group(mark: &Mark, text: &mut String) {
    put(text, format_args!("<g class=\"{}\">", mark.class));
    if !mark.says.is_empty() {
        put(text, format_args!("<title>{}</title>", xml(&mark.says)));
    }
    for shape in &mark.shapes {
        one(shape, text);
    }
    text.push_str("</g>\n");
}

fn one(shape: &Shape, text: &mut String) {
    match shape {
        Shape::Line(places, pen) => line(places, *pen, text),
        Shape::Area(places, hue) => {
            put(text, format_args!("<path d=\"{}z\" fill=\"{}\"/>", path(places), colour(*hue)))
        }
        Shape::Disc((x, y), radius, hue) => put(
            text,
            format_args!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>",
                colour(*hue)
            ),
        ),
        Shape::Text(words) => letters(words, text),
    }
}

fn line(places: &[Place], pen: Pen, text: &mut String) {
    let Pen { hue, width, dash } = pen;
    let dash = match dash {
        Dash::Solid => String::new(),
        _ => {
            let lengths: Vec<String> = dash.lengths().iter().map(i64::to_string).collect();
            format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
        }
    };
    put(
        text,
        format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"{dash}/>",
            path(places),
            colour(hue)
        ),
    );
}

/// Letters hang by the middle of their height, which SVG leaves to the font: a third of their size
/// above the line they stand on.
fn letters(words: &Text, text: &mut String) {
    let Text { text: says, at: (x, y), hangs, size, hue, bold } = words;
    let anchor = match hangs {
        Hangs::Left => "start",
        Hangs::Middle => "middle",
        Hangs::Right => "end",
    };
    let bold = if *bold { " font-weight=\"bold\"" } else { "" };
    put(
        text,
        format_args!(
            "<text x=\"{x}\" y=\"{}\" font-size=\"{size}\" text-anchor=\"{anchor}\" \
             fill=\"{}\"{bold}>{}</text>",
            y + size * 36 / 100,
            colour(*hue),
            xml(says)
        ),
    );
}

fn path(places: &[Place]) -> String {
    let mut path = String::new();
    for ((x, y), letter) in places.iter().zip(std::iter::once('M').chain(std::iter::repeat('L'))) {
        put(&mut path, format_args!("{letter}{x} {y}"));
    }
    path
}

fn colour((red, green, blue): Hue) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn millimetres(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn put(text: &mut String, what: Arguments<'_>) {
    text.write_fmt(what).expect("a String takes everything");
}
