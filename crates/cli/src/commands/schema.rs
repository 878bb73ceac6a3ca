//! `commitsim schema`: the JSON Schema of scenario files.

use std::io;

use crate::exit::Exit;
use crate::output::Output;

/// Print the JSON Schema of scenario files
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An editor that knows the schema completes and underlines: put its place under \"$schema\" in a \
scenario. It says what each value may be by itself; commitsim validate checks all of a scenario.

Examples:
  commitsim schema
  commitsim schema > scenario.schema.json")]
pub(crate) struct SchemaArgs {}

/// Prints the schema for the protocols of this version.
pub(crate) fn execute(out: &mut Output) -> io::Result<Exit> {
    let schema = commitsim_scenario::schema(&commitsim_catalog::abouts());
    out.results().write_all(schema.as_bytes())?;
    Ok(Exit::Fine)
}
