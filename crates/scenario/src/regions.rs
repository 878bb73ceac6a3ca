//! Measured latencies between regions, from data files that are part of the program.

use commitsim_core::Span;

use crate::json::{Json, Value, parse};

const FILES: [&str; 1] = [include_str!("../data/azure-2026-07-p95.json")];

/// A table of measured round trips between regions, and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// The name in scenarios.
    pub name: String,
    /// What of the measurements is in the table.
    pub statistic: String,
    /// Who measured.
    pub source: String,
    /// Under which terms the table may be passed on.
    pub licence: String,
    regions: Vec<String>,
    /// By sending and receiving region.
    round_trips: Vec<Vec<Span>>,
}

impl Table {
    /// All tables.
    #[must_use]
    pub fn all() -> Vec<Table> {
        FILES.into_iter().filter_map(Table::read).collect()
    }

    /// The names of its regions.
    #[must_use]
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// How long a message takes from one region to another, both given by their place in the
    /// list: half the round trip. Zero for a region that is not in the list.
    #[must_use]
    pub fn one_way(&self, from: usize, to: usize) -> Span {
        let round_trip = self.round_trips.get(from).and_then(|row| row.get(to));
        Span(round_trip.map_or(0, |span| span.0 / 2))
    }

    /// None where the file is not as it should be, which a test rules out.
    fn read(text: &str) -> Option<Table> {
        let json = parse(0, text, 0).ok()?;
        let member = |key: &str| match &json.value {
            Value::Object(members) => {
                members.iter().find(|member| member.key == key).map(|member| &member.value)
            }
            _ => None,
        };
        let text = |key: &str| member(key).and_then(as_text);
        let regions: Vec<String> = items(member("regions")?)?.iter().filter_map(as_text).collect();
        let milliseconds = |json: &Json<'_>| match json.value {
            Value::Number(number) => number.parse().ok().map(Span::from_millis),
            _ => None,
        };
        let row = |json: &Json<'_>| -> Option<Vec<Span>> {
            let row: Option<Vec<Span>> = items(json)?.iter().map(milliseconds).collect();
            row.filter(|row| row.len() == regions.len())
        };
        let round_trips: Option<Vec<Vec<Span>>> =
            items(member("round_trip_ms")?)?.iter().map(row).collect();
        Some(Table {
            name: text("name")?,
            statistic: text("statistic")?,
            source: text("source")?,
            licence: text("licence")?,
            round_trips: round_trips.filter(|rows| rows.len() == regions.len())?,
            regions,
        })
    }
}

fn items<'j, 'a>(json: &'j Json<'a>) -> Option<&'j [Json<'a>]> {
    match &json.value {
        Value::List(items) => Some(items),
        _ => None,
    }
}

fn as_text(json: &Json<'_>) -> Option<String> {
    match &json.value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_read() {
        let tables = Table::all();
        assert_eq!(tables.len(), FILES.len());
        let azure = &tables[0];
        let at = |name: &str| azure.regions().iter().position(|region| region == name).unwrap();
        assert_eq!(azure.regions().len(), 9);
        let (brazil, japan) = (at("brazil-south"), at("japan-east"));
        assert_eq!(azure.one_way(brazil, japan), Span::from_micros(132_500));
        assert_eq!(azure.one_way(japan, brazil), Span::from_micros(137_500));
        assert_eq!(azure.one_way(brazil, brazil), Span::from_micros(500));
    }
}
