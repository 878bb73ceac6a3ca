//! The few shapes that a diagram is made of, as SVG. All text that enters it is escaped here.

use std::fmt::{Arguments, Write as _};

use crate::xml;

/// Which part of a text stands at its position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    End,
}

/// The text of an SVG file.
pub(super) struct Svg(String);

/// The longest text that is drawn; a title may be longer than any screen is wide.
const LONGEST: usize = 160;

impl Svg {
    pub(super) fn new(width: i64, height: i64) -> Svg {
        let mut svg = Svg(String::new());
        svg.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n"
        ));
        svg
    }

    /// What screen readers and tool tips say; the background and the arrow's tip come with it.
    pub(super) fn title(&mut self, title: &str) {
        let title = limited(title);
        self.put(format_args!("<title>{title}</title>\n"));
        self.put(format_args!(
            "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" \
             markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
             <path d=\"M0 0L8 4L0 8z\" fill=\"#222222\"/></marker></defs>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        ));
    }

    pub(super) fn heading(&mut self, x: i64, y: i64, text: &str) {
        let text = limited(text);
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"15\" font-weight=\"bold\">{text}</text>\n"
        ));
    }

    /// The name of a lane.
    pub(super) fn name(&mut self, x: i64, y: i64, text: &str) {
        let text = limited(&text.chars().take(24).collect::<String>());
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"13\" font-weight=\"bold\" \
             text-anchor=\"middle\">{text}</text>\n"
        ));
    }

    /// A text with a white edge, so that it can be read across lines. The edge is a text of its
    /// own below it, because not every program knows how to paint the edge first.
    pub(super) fn text(&mut self, x: i64, y: i64, anchor: Anchor, color: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::End => "end",
        };
        let text = limited(text);
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"#ffffff\" \
             stroke=\"#ffffff\" stroke-width=\"3\" aria-hidden=\"true\">{text}</text>\n\
             <text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{color}\">{text}</text>\n"
        ));
    }

    /// A line; `dash` is empty for one without gaps.
    pub(super) fn line(
        &mut self,
        (x1, y1): (i64, i64),
        (x2, y2): (i64, i64),
        color: &str,
        width: &str,
        dash: &str,
    ) {
        self.put(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{color}\" \
             stroke-width=\"{width}\"{}/>\n",
            dashed(dash)
        ));
    }

    /// A line with a tip at its end.
    pub(super) fn arrow(
        &mut self,
        (x1, y1): (i64, i64),
        (x2, y2): (i64, i64),
        color: &str,
        dash: &str,
    ) {
        self.put(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{color}\" \
             stroke-width=\"1.2\"{} marker-end=\"url(#tip)\"/>\n",
            dashed(dash)
        ));
    }

    pub(super) fn rect(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), color: &str) {
        let height = height.max(0);
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>\n"
        ));
    }

    pub(super) fn circle(&mut self, x: i64, y: i64, radius: i64, color: &str) {
        self.put(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{color}\"/>\n"));
    }

    pub(super) fn cross(&mut self, x: i64, y: i64, color: &str) {
        let (left, right, top, bottom) = (x - 5, x + 5, y - 5, y + 5);
        self.put(format_args!(
            "<path class=\"cross\" d=\"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} \
             {top}\" stroke=\"{color}\" stroke-width=\"2.5\"/>\n"
        ));
    }

    pub(super) fn end(mut self) -> String {
        self.put(format_args!("</svg>\n"));
        self.0
    }

    fn put(&mut self, what: Arguments<'_>) {
        self.0.write_fmt(what).expect("a String takes everything");
    }
}

fn dashed(dash: &str) -> String {
    if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") }
}

fn limited(text: &str) -> String {
    xml(&text.chars().take(LONGEST).collect::<String>())
}
