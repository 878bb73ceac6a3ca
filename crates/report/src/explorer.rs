//! Traces as the explorer: a page to pan, zoom and step through, in a single file.
//!
//! The page holds the traces as JSON, one script and one style sheet. Its content security policy
//! names the two by their hashes and forbids everything else, so it fetches nothing, and nothing
//! that a trace says can run in it. The script only draws: what belongs together (the ends of
//! messages, stretches of time, what came before what) is found out here.

mod course;
mod links;
mod page;
mod spans;
mod words;

use std::fmt;

use crate::{Excerpt, TraceHead, What};

use course::Course;

/// How many messages a page shows at most. Above that a browser takes seconds for a step of the
/// zoom; measurements are in the design.
pub const EXPLORED_MESSAGES: usize = 50_000;

/// How many observations a page shows at most, so that runs without messages have an end too.
pub const EXPLORED_OBSERVATIONS: u64 = 500_000;

/// Why there is no page: the traces have more than it can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an explorer page shows at most {EXPLORED_MESSAGES} messages and \
             {EXPLORED_OBSERVATIONS} observations, and this is more; choose a part with --tx, \
             --from and --until, or look at the whole in Perfetto (--to perfetto)"
        )
    }
}

/// The page, as the text of an HTML file. The runs stand one below the other on one time axis.
///
/// Of what is left out of an excerpt the page knows nothing, so an observation's causal past is
/// that within the excerpt.
///
/// # Errors
///
/// The traces have more messages or observations than a page can show.
pub fn explorer(runs: &[(TraceHead, Excerpt)]) -> Result<String, TooLong> {
    let observations = || runs.iter().flat_map(|(_, excerpt)| &excerpt.observations);
    let messages = observations()
        .filter(|seen| matches!(seen.what, What::Send { .. } | What::Duplicate { .. }));
    if messages.count() > EXPLORED_MESSAGES || observations().count() as u64 > EXPLORED_OBSERVATIONS
    {
        return Err(TooLong);
    }
    let mut words = words::Words::default();
    let course = |(head, excerpt): &(TraceHead, Excerpt)| Course::of(head, excerpt, &mut words);
    let runs: Vec<Course> = runs.iter().map(course).collect();
    Ok(page::page(&runs, &words))
}
