//! The values of what is varied as numbers, where they are.

/// The values of an axis as numbers of one unit.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Measures {
    /// The numbers.
    pub(crate) numbers: Vec<f64>,
    /// Their unit; empty where there is none.
    pub(crate) unit: &'static str,
}

/// What a value says.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Said {
    Plain(f64),
    Percent(f64),
    Nanoseconds(f64),
}

const UNITS: [(&str, f64); 6] =
    [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("min", 6e10), ("s", 1e9), ("h", 3.6e12)];

/// Values as compact JSON read as numbers; none where one of them is something else, or where they
/// do not belong together.
pub(crate) fn measures(values: &[String]) -> Option<Measures> {
    let said: Option<Vec<Said>> = values.iter().map(|value| said(value)).collect();
    let said = said?;
    // A plain number beside percentages is a share, and a plain 0 beside times is none.
    let shares = said.iter().any(|one| matches!(one, Said::Percent(_)));
    let times = said.iter().any(|one| matches!(one, Said::Nanoseconds(_)));
    let number = |one: &Said| match *one {
        Said::Plain(number) if shares => Some(number * 100.0),
        Said::Plain(number) if times => (number == 0.0).then_some(0.0),
        Said::Plain(number) => Some(number),
        Said::Percent(percent) => (!times).then_some(percent),
        Said::Nanoseconds(ns) => Some(ns),
    };
    let numbers: Option<Vec<f64>> = said.iter().map(number).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()))?;
    if !times {
        return Some(Measures { numbers, unit: if shares { "%" } else { "" } });
    }
    let (unit, size) = time_unit(numbers.iter().copied().fold(0.0, f64::max));
    Some(Measures { numbers: numbers.into_iter().map(|ns| ns / size).collect(), unit })
}

/// The unit in which a time of at most so many nanoseconds is written, and its size.
pub(crate) fn time_unit(most: f64) -> (&'static str, f64) {
    let units = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    let fits = |(_, size): &&(&'static str, f64)| most >= *size * 2.0;
    *units.iter().rev().find(fits).unwrap_or(&units[0])
}

fn said(value: &str) -> Option<Said> {
    if let Ok(number) = value.parse::<f64>() {
        return Some(Said::Plain(number));
    }
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    let number = |text: &str| text.parse::<f64>().ok();
    if text == "0" {
        return Some(Said::Plain(0.0));
    }
    if let Some(percent) = text.strip_suffix('%') {
        return number(percent).map(Said::Percent);
    }
    if let Some(parts) = text.strip_suffix("ppm") {
        return number(parts).map(|parts| Said::Percent(parts / 1e4));
    }
    if let Some((part, whole)) = text.split_once('/') {
        let (part, whole) = (number(part)?, number(whole)?);
        return Some(Said::Percent(100.0 * part / whole));
    }
    let (suffix, size) = UNITS.into_iter().find(|(suffix, _)| text.ends_with(suffix))?;
    number(&text[..text.len() - suffix.len()]).map(|number| Said::Nanoseconds(number * size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<(Vec<f64>, &'static str)> {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        measures(&values).map(|measures| (measures.numbers, measures.unit))
    }

    #[test]
    fn values_of_one_kind_are_numbers() {
        assert_eq!(read(&["3", "10"]), Some((vec![3.0, 10.0], "")));
        assert_eq!(
            read(&["0", "0.1", "\"5%\"", "\"1/4\""]),
            Some((vec![0.0, 10.0, 5.0, 25.0], "%"))
        );
        assert_eq!(read(&["\"0\"", "\"1.5ms\"", "\"3s\""]), Some((vec![0.0, 0.0015, 3.0], "s")));
        assert_eq!(read(&["\"1min\""]), Some((vec![60.0], "s")));
        assert_eq!(read(&["\"star\"", "1"]), None);
        assert_eq!(read(&["\"1ms\"", "2"]), None);
        assert_eq!(read(&["\"1/0\""]), None, "no number");
        assert_eq!(read(&["{}"]), None);
    }
}
