//! Where a number of the study comes from, and whether it is there.

use std::collections::BTreeMap;
use std::path::Path;

use super::number::Number;

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// `NAME | AXIS=VALUE | PROTOCOL | METRIC | :COLUMN`: a field of `study/NAME/summary.csv`, the
    /// column `value` where none is named. Behind ` / ` or ` - ` stands what differs in a second
    /// field, by which it is divided or which is taken from it.
    Measured(String, Query, Option<(char, Query)>),
    /// `FILE: WORDS`: the number stands in these words, and the words in that file in `results`.
    Quoted(String, String),
    /// `set SCENARIO POINTER`: what a scenario says there.
    Set(String, String),
    /// `by definition`: it is not measured.
    Defined,
}

/// Which field of a summary is meant: its row by what is varied, protocol and metric.
pub(crate) type Query = BTreeMap<String, String>;

impl Source {
    /// What the comment behind a number says.
    pub(crate) fn of(number: &Number) -> Result<Source, String> {
        let text = number.source.as_deref().ok_or("has no source")?;
        if text == "by definition" {
            return Ok(Source::Defined);
        }
        if let Some((scenario, pointer)) =
            text.strip_prefix("set ").and_then(|rest| rest.split_once(' '))
        {
            return Ok(Source::Set(scenario.to_owned(), pointer.to_owned()));
        }
        if let Some((file, words)) = text.split_once(": ") {
            return Ok(Source::Quoted(file.to_owned(), words.to_owned()));
        }
        let split = [" / ", " - "].into_iter().find_map(|mark| {
            text.split_once(mark).map(|(one, other)| (one, Some((mark.as_bytes()[1], other))))
        });
        let (one, other) = split.unwrap_or((text, None));
        let mut parts = one.split(" | ");
        let name = parts.next().unwrap_or_default().trim().to_owned();
        let query = query(parts)?;
        let other = match other {
            None => None,
            Some((mark, other)) => {
                let mut second = query.clone();
                second.extend(self::query(other.split(" | "))?);
                Some((char::from(mark), second))
            }
        };
        Ok(Source::Measured(name, query, other))
    }

    /// Whether the number is there; which kind of source this is.
    pub(crate) fn holds(&self, number: &Number, root: &Path) -> Result<usize, String> {
        match self {
            Source::Measured(name, query, other) => {
                let path = root.join("results/study").join(name).join("summary.csv");
                let text = read(&path)?;
                let (value, unit) = field(&text, query)?;
                let (value, unit) = match other {
                    None => (value, unit),
                    Some((mark, query)) => {
                        let (second, _) = field(&text, query)?;
                        if *mark == '/' {
                            (value / second, String::new())
                        } else {
                            (value - second, unit)
                        }
                    }
                };
                let value = value / size(&unit, number)?;
                agrees(value, number).map_err(|()| format!("the data has {value}"))?;
                Ok(0)
            }
            Source::Quoted(file, words) => {
                let text = read(&root.join("results").join(file))?;
                if !one_line(&text).contains(&one_line(words)) {
                    return Err(format!("{file} does not say `{words}`"));
                }
                let numbers = words.split(|c: char| !(c.is_ascii_digit() || c == '.'));
                let mut numbers = numbers.filter_map(|text| text.parse::<f64>().ok());
                match numbers.any(|value| agrees(value, number).is_ok()) {
                    true => Ok(1),
                    false => Err(format!("the words are `{words}`")),
                }
            }
            Source::Set(scenario, pointer) => {
                let path = root.join("scenarios").join(format!("{scenario}.json"));
                let json: serde_json::Value =
                    serde_json::from_str(&read(&path)?).map_err(|error| error.to_string())?;
                let found = json.pointer(pointer).ok_or(format!("nothing at {pointer}"))?;
                let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                let plain = |text: &str| text.replace([' ', ','], "").replace("us", "µs");
                match plain(&found) == plain(&number.shown) {
                    true => Ok(2),
                    false => Err(format!("the scenario has {found}")),
                }
            }
            Source::Defined => Ok(3),
        }
    }
}

fn query<'a>(parts: impl Iterator<Item = &'a str>) -> Result<Query, String> {
    let mut query = Query::new();
    for part in parts.map(str::trim) {
        let is_metric = part.contains('.') || METRICS.contains(&part);
        let (key, value) = match part.split_once('=') {
            // An option of a protocol has no blank before its bracket and stands inside of it.
            Some((key, value)) if !part.contains('(') => (key, value),
            _ if part.starts_with(':') => (":", &part[1..]),
            _ if is_metric => ("metric", part),
            _ => ("protocol", part),
        };
        if query.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("names two {key}s"));
        }
    }
    Ok(query)
}

/// The metrics whose names have no point in them.
const METRICS: [&str; 7] =
    ["messages", "forced", "records", "in_doubt", "blocked", "throughput", "lock_hold"];

/// The value of the one row that a query means, and its unit.
fn field(text: &str, query: &Query) -> Result<(f64, String), String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |name: &str| {
        headings.iter().position(|heading| heading == name).ok_or(format!("no column {name}"))
    };
    let column = place(query.get(":").map_or("value", String::as_str))?;
    let unit = place("unit")?;
    let mut keys = Vec::new();
    for (name, value) in query.iter().filter(|(name, _)| *name != ":") {
        keys.push((place(name)?, value));
    }
    let mut found = None;
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        if keys.iter().all(|(place, value)| row.get(*place) == Some(value)) {
            if found.is_some() {
                return Err("more than one row is meant".to_owned());
            }
            let value = row.get(column).unwrap_or_default();
            let unit = row.get(unit).unwrap_or_default().to_owned();
            found = Some((value.parse().map_err(|_| format!("the field has `{value}`"))?, unit));
        }
    }
    found.ok_or("no row is meant".to_owned())
}

/// How much of the data's unit one of the text's is.
fn size(unit: &str, number: &Number) -> Result<f64, String> {
    let size = match (unit, number.unit) {
        ("ns", "ns") => 1.0,
        ("ns", "µs") => 1e3,
        ("ns", "ms") => 1e6,
        ("ns", "s") => 1e9,
        ("ns", _) => return Err("has no unit of time".to_owned()),
        ("parts per million", "%") => 1e4,
        ("thousandths of a round trip" | "per 1000 s", "") => 1e3,
        ("count" | "", "") => 1.0,
        (unit, shown) => return Err(format!("the data is in `{unit}`, not in `{shown}`")),
    };
    Ok(size)
}

/// Whether a value, rounded to the digits that are shown, is the number.
fn agrees(value: f64, number: &Number) -> Result<(), ()> {
    let step = 10_f64.powi(-i32::try_from(number.places).map_err(|_| ())?);
    if (value - number.value).abs() <= step * 0.500_001 { Ok(()) } else { Err(()) }
}

fn read(path: &Path) -> Result<String, String> {
    let failed = |error| format!("{} cannot be read: {error}", path.display());
    std::fs::read_to_string(path).map_err(failed)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
