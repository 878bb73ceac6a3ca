//! Spans of time, as people read them.

/// The units, by size in nanoseconds.
const UNITS: [(u64, &str); 4] = [(1, "ns"), (1_000, "us"), (1_000_000, "ms"), (1_000_000_000, "s")];

/// A span in the largest unit of which it has at least one: exact where three decimals suffice,
/// otherwise rounded to four significant digits.
///
/// Units are written as in scenario files, so that a span can be copied into one.
#[must_use]
pub fn duration(ns: u64) -> String {
    let n = UNITS.iter().rposition(|(size, _)| ns >= *size).unwrap_or(0);
    let (size, name) = UNITS[n];
    let thousandths = if exact(ns, size) { per_mille(ns, size) } else { rounded(ns, size) };
    match UNITS.get(n + 1) {
        // Rounding up can lead to the next unit.
        Some((_, next)) if thousandths == 1_000_000 => format!("1 {next}"),
        _ => format!("{} {name}", millis(thousandths)),
    }
}

/// A time in milliseconds, exact, with as many decimals as it takes for any.
#[must_use]
pub(crate) fn milliseconds(ns: u64) -> String {
    format!("{}.{:06}", ns / 1_000_000, ns % 1_000_000)
}

fn exact(ns: u64, size: u64) -> bool {
    (u128::from(ns) * 1_000).is_multiple_of(u128::from(size))
}

fn per_mille(ns: u64, size: u64) -> u128 {
    u128::from(ns) * 1_000 / u128::from(size)
}

/// Thousandths of the unit, rounded half up to four significant digits.
fn rounded(ns: u64, size: u64) -> u128 {
    let whole = ns / size;
    let step: u128 = match whole {
        0..10 => 1,
        10..100 => 10,
        100..1_000 => 100,
        _ => 1_000,
    };
    let unit = u128::from(size) * step;
    (u128::from(ns) * 1_000 + unit / 2) / unit * step
}

/// A number of thousandths as a decimal number without needless zeros.
#[must_use]
pub(crate) fn millis(thousandths: u128) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    if rest == 0 {
        return whole.to_string();
    }
    let decimals = format!("{rest:03}");
    format!("{whole}.{}", decimals.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn short_spans_are_exact() {
        let cases = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1 us"),
            (1_500, "1.5 us"),
            (12_900_000, "12.9 ms"),
            (818_437_000, "818.437 ms"),
            (60_000_000_000, "60 s"),
            (3_600_000_000_000, "3600 s"),
        ];
        for (ns, text) in cases {
            assert_eq!(duration(ns), text);
        }
    }

    #[test]
    fn long_ones_are_rounded() {
        let cases = [
            (1_234_567, "1.235 ms"),
            (12_345_678, "12.35 ms"),
            (123_456_789, "123.5 ms"),
            (999_999_999, "1 s"),
            (999_949_999, "999.9 ms"),
            (1_234_567_890_123, "1235 s"),
            (u64::MAX, "18446744074 s"),
        ];
        for (ns, text) in cases {
            assert_eq!(duration(ns), text);
        }
    }
}
