//! What was run.

use maud::{Markup, html};

use super::{clean, clean_lines, counted};
use crate::manifest::Manifest;
use crate::results::Results;

pub(super) fn about(results: &Results) -> Markup {
    let manifest = results.manifest();
    let Manifest { tool, dependencies, scenario, changes, seed, seeds, .. } = manifest;
    html! {
        section id="about" {
            h2 { "What was run" }
            dl {
                dt { "Command" }
                dd { code { (clean(&manifest.command())) } }
                dt { "Scenario" }
                dd { code { (clean(scenario)) } ", below; its copy is " code { "scenario.json" }
                    " in this directory" }
                @if !changes.is_empty() {
                    dt { "Changed by" }
                    dd { @for change in changes { code { (clean(change)) } " " } }
                }
                dt { "Protocols" }
                dd { @for n in 0..manifest.protocols.len() {
                    @if n > 0 { ", " }
                    code { (clean(&manifest.protocol_name(n))) }
                } }
                @for axis in &manifest.axes {
                    dt { (clean(&axis.label)) }
                    dd { (clean(&axis.names.join(", "))) " " span class="soft" {
                        "(" code { (clean(&axis.path)) } ")" } }
                }
                dt { "Seeds" }
                dd { (counted(u64::from(*seeds), "replicate")) " from " (clean(seed))
                    " on; the same at every point and for every protocol" }
                dt { "Program" }
                dd { (clean(tool)) ", dependencies " code { (clean(dependencies)) } }
            }
            details {
                summary { "The scenario" }
                pre { (clean_lines(&manifest.text)) }
            }
        }
    }
}
