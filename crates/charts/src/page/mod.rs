//! A sweep as one page that is complete in itself: words, tables and figures, nothing that runs
//! and nothing that is fetched.

mod about;
mod failures;
mod meanings;
mod pictures;
mod tables;

use maud::{Markup, PreEscaped, html};

use crate::record::Record;
use crate::results::Results;
use crate::summary::percent;
use about::about;
use failures::failures;
use meanings::meanings;
use pictures::pictures;
use tables::tables;

/// What stands before everything else. A page is XML too, so that any reader of XML can check it;
/// the template library would leave its empty elements open.
const HEAD: &str = "\
<meta charset=\"utf-8\"/>
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>
<meta name=\"referrer\" content=\"no-referrer\"/>
";

const STYLE: &str = include_str!("page.css");

/// The page of a sweep. What makes a run again, as a line for a shell, only the caller knows.
///
/// # Errors
///
/// What the drawing library says; nothing is known that makes it say something.
pub fn page(results: &Results, replay: &dyn Fn(&Record) -> String) -> Result<String, String> {
    let manifest = results.manifest();
    let title = if manifest.title.is_empty() { &manifest.scenario } else { &manifest.title };
    let title = clean(title);
    let body = html! {
        header {
            h1 { (title) }
            @if let Some(notes) = notes(&manifest.text) { p { (clean(&notes)) } }
            (in_short(results))
            nav aria-label="On this page" { ul {
                li { a href="#failures" { "Violations" } }
                li { a href="#figures" { "Figures" } }
                li { a href="#tables" { "Tables" } }
                li { a href="#about" { "What was run" } }
                li { a href="#meanings" { "What the words mean" } }
            } }
        }
        main {
            (failures(results, replay))
            (pictures(results)?)
            (tables(results))
            (about(results))
            (meanings(results))
        }
        footer { p class="soft" {
            "Made by " (clean(&manifest.tool)) ". The same records give the same page, byte for "
            "byte. Nothing in it runs, and nothing is fetched."
        } }
    };
    let page = html! {
        (PreEscaped("<!DOCTYPE html>\n"))
        html lang="en" xmlns="http://www.w3.org/1999/xhtml" {
            head { (PreEscaped(HEAD)) title { (title) } style { (PreEscaped(STYLE)) } }
            body { (body) }
        }
    };
    Ok(page.into_string() + "\n")
}

/// How much was run, and how it went.
fn in_short(results: &Results) -> Markup {
    let manifest = results.manifest();
    let records = results.records();
    let unexpected = records.iter().filter(|record| record.unexpected).count();
    let inconclusive = records.iter().filter(|record| record.inconclusive).count();
    html! {
        p {
            (records.len()) " runs: " (counted(manifest.protocols.len() as u64, "protocol"))
            " at " (counted(manifest.points(), "point")) ", "
            (counted(u64::from(manifest.seeds), "seed")) " each. "
            @if unexpected == 0 {
                span class="good" { "Nothing was violated that is not expected to be." }
            } @else {
                span class="bad" { (counted(unexpected as u64, "run")) " violated a property." }
            }
            @if inconclusive > 0 {
                " In " (inconclusive) " runs something was still going on at the end."
            }
        }
    }
}

/// A number of things, as people say it.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What the author of the scenario has to say about it.
fn notes(text: &str) -> Option<String> {
    let scenario: serde_json::Value = serde_json::from_str(text).ok()?;
    scenario.get("notes")?.as_str().map(str::to_string).filter(|notes| !notes.is_empty())
}

/// A stranger's words without what XML does not allow and what nobody sees. The template library
/// escapes the rest.
fn clean(text: &str) -> String {
    let allowed = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    commitsim_report::visible(text).chars().filter(allowed).collect()
}

/// The same for a text of several lines.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<String>>().join("\n")
}

/// A share of something, or a dash where there is nothing.
fn share(hits: usize, of: usize) -> String {
    match u32::try_from(hits as u64 * 1_000_000 / (of as u64).max(1)) {
        Ok(ppm) if of > 0 => percent(ppm),
        _ => "-".to_string(),
    }
}
