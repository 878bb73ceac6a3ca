//! Where two sequences of observations part.

use std::collections::VecDeque;
use std::fmt;

use commitsim_report::{Observation, columns, line_of};

/// How many lines before the first difference are shown.
const BEFORE: usize = 10;

/// How many lines of each side are shown from there on.
const AFTER: usize = 4;

/// What comes of a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    /// So many observations, one like the other.
    Equal(u64),
    /// The first difference.
    Parted(Parting),
}

/// The place at which two sequences part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Parting {
    /// How many observations they share.
    pub(crate) shared: u64,
    /// What stands above the lines, the last of those that are shared, and what follows on either
    /// side.
    columns: String,
    before: Vec<String>,
    first: Vec<String>,
    second: Vec<String>,
}

/// Draws from both sides until they differ or end. The names of the nodes are for the columns.
pub(crate) fn compare<E>(
    nodes: &[String],
    first: &mut dyn FnMut() -> Result<Option<Observation>, E>,
    second: &mut dyn FnMut() -> Result<Option<Observation>, E>,
) -> Result<Comparison, E> {
    let mut shared = 0;
    let mut before: VecDeque<Observation> = VecDeque::new();
    loop {
        let (one, other) = (first()?, second()?);
        if one != other {
            let line = |seen: &Observation| line_of(seen, nodes);
            let before = before.iter().map(line).collect();
            let (first, second) = (rest(&line, one, first)?, rest(&line, other, second)?);
            let columns = columns(nodes);
            return Ok(Comparison::Parted(Parting { shared, columns, before, first, second }));
        }
        let Some(one) = one else { return Ok(Comparison::Equal(shared)) };
        shared += 1;
        before.push_back(one);
        if before.len() > BEFORE {
            before.pop_front();
        }
    }
}

fn rest<E>(
    line: &dyn Fn(&Observation) -> String,
    next: Option<Observation>,
    more: &mut dyn FnMut() -> Result<Option<Observation>, E>,
) -> Result<Vec<String>, E> {
    let mut lines = Vec::new();
    let mut next = next;
    while let Some(seen) = next {
        lines.push(line(&seen));
        next = if lines.len() < AFTER { more()? } else { return Ok(lines) };
    }
    lines.push("(nothing more)".to_string());
    Ok(lines)
}

impl fmt::Display for Parting {
    /// Lines that both have after a blank, those of the first after `-`, of the second after `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.columns)?;
        let sides = [(' ', &self.before), ('-', &self.first), ('+', &self.second)];
        for (sign, lines) in sides {
            for line in lines {
                writeln!(f, "{sign} {line}")?;
            }
        }
        Ok(())
    }
}
