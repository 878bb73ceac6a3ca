//! The figures, each with the numbers in it.

use maud::{Markup, PreEscaped, html};

use super::clean;
use crate::draw::{inner_svg, tips};
use crate::figure::Figure;
use crate::plan::figure;
use crate::results::Results;

/// Figures with more numbers than this have them in their file only.
const ROWS: usize = 240;

pub(super) fn pictures(results: &Results) -> Result<Markup, String> {
    let plots = &results.manifest().plots;
    let figures: Vec<Figure> = plots.iter().map(|plot| figure(results, plot)).collect();
    let pictures: Vec<Markup> = figures.iter().map(picture).collect::<Result<_, String>>()?;
    Ok(html! {
        section id="figures" {
            h2 { "Figures" }
            @if pictures.is_empty() { p { "There are none." } }
            @for picture in pictures { (picture) }
        }
    })
}

/// A figure as part of the page: as wide as there is room, with what a pointer is told. Nothing in
/// it has a name, so the names of two figures cannot be the same.
fn picture(figure: &Figure) -> Result<Markup, String> {
    let (inner, (width, height)) = inner_svg(figure)?;
    let tips = tips(figure)?;
    let title = clean(&figure.title);
    let file = clean(&figure.id);
    Ok(html! {
        figure {
            div class="wide picture" tabindex="0" role="group" aria-label=(title) {
                svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (width) " " (height) }
                    role="img" aria-label=(title)
                {
                    (PreEscaped(inner))
                    g class="tips" {
                        @for tip in tips {
                            rect x=(tip.left) y=(tip.top) width=(tip.width) height=(tip.height) {
                                title { (super::clean_lines(&tip.says)) }
                            }
                        }
                    }
                }
            }
            figcaption class="soft" {
                (numbers(figure))
                "As files: " code { "figures/" (file) ".svg" } ", " code { ".png" } " and "
                code { ".csv" } "."
            }
        }
    })
}

/// What is drawn, as a table behind a fold.
fn numbers(figure: &Figure) -> Markup {
    let rows = figure.rows();
    let columns = Figure::HEADINGS;
    html! {
        @if rows.len() <= ROWS {
            details {
                summary { "The numbers in this figure" }
                div class="wide" tabindex="0" role="group" aria-label="The numbers in this figure" {
                    table {
                        thead { tr { @for name in columns { th scope="col" { (name) } } } }
                        tbody {
                            @for row in rows {
                                tr { @for field in row { td { (clean(&field.shown())) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
