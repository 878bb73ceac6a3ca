//! Round numbers along an axis.

use crate::figure::Scale;

/// A number on an axis and how it is written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// Where a number lies on a scale: 0 at its beginning, 1 at its end.
pub(crate) fn place(scale: &Scale, number: f64) -> f64 {
    let share = match scale {
        Scale::Linear(low, high) => (number - low) / (high - low),
        Scale::Log(low, high) => {
            let log = libm::log10;
            (log(number.max(1e-300)) - log(*low)) / (log(*high) - log(*low))
        }
        Scale::Names(names) => (number + 0.5) / names.len().max(1) as f64,
    };
    share.clamp(0.0, 1.0)
}

/// About so many round numbers on a scale.
pub(crate) fn ticks(scale: &Scale, about: usize) -> Vec<Tick> {
    match scale {
        Scale::Linear(low, high) => linear(*low, *high, about),
        Scale::Log(low, high) => logarithmic(*low, *high, about),
        Scale::Names(names) => {
            let tick = |(n, name): (usize, &String)| Tick { at: n as f64, label: name.clone() };
            names.iter().enumerate().map(tick).collect()
        }
    }
}

fn linear(low: f64, high: f64, about: usize) -> Vec<Tick> {
    let raw = (high - low) / about.max(1) as f64;
    let power = libm::floor(libm::log10(raw));
    let size = libm::pow(10.0, power);
    let rounds = [1.0, 2.0, 5.0, 10.0];
    let step = size * rounds.into_iter().find(|round| size * round >= raw * 0.999).unwrap_or(10.0);
    let first = libm::ceil(low / step - 1e-9);
    let tick = |k: usize| {
        let at = (first + k as f64) * step;
        Tick { at, label: written(at, step) }
    };
    (0..3 * about + 3).map(tick).take_while(|tick| tick.at <= high + step * 1e-9).collect()
}

fn logarithmic(low: f64, high: f64, about: usize) -> Vec<Tick> {
    let (first, last) = (libm::floor(libm::log10(low)), libm::ceil(libm::log10(high)));
    let decades = last - first;
    let every = libm::ceil(decades / about.max(1) as f64).max(1.0);
    let within = libm::log10(high) - libm::log10(low);
    let factors: &[f64] = if within <= 2.1 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let mut all = Vec::new();
    let mut power = first;
    while power <= last && all.len() < 60 {
        for factor in factors {
            let at = factor * libm::pow(10.0, power);
            if (low..=high).contains(&at) {
                all.push(Tick { at, label: written(at, at) });
            }
        }
        power += every;
    }
    if all.len() < 2 { linear(low, high, about) } else { all }
}

/// A number with as many decimals as its step takes.
fn written(number: f64, step: f64) -> String {
    if number.abs() < step * 1e-6 {
        return "0".to_string();
    }
    let size = number.abs();
    if !(1e-4..1e6).contains(&size) {
        return format!("{number:.1e}").replace(".0e", "e");
    }
    let places = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize;
    format!("{number:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        ticks(scale, 5).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            labels(&Scale::Linear(0.0, 1.02)),
            ["0.0", "0.5", "1.0"]
                .map(|text| { if text == "0.0" { "0".to_string() } else { text.to_string() } })
        );
        assert_eq!(labels(&Scale::Linear(0.0, 104.0)), ["0", "50", "100"]);
        assert_eq!(labels(&Scale::Log(0.9, 1_100.0)), ["1", "10", "100", "1000"]);
        assert_eq!(labels(&Scale::Log(1.8, 11.0)), ["2", "5", "10"]);
        assert_eq!(labels(&Scale::Log(0.9, 70.0)), ["1", "2", "5", "10", "20", "50"]);
        assert_eq!(labels(&Scale::Linear(0.0, 2.5e9))[1], "5e8");
    }

    #[test]
    fn there_are_always_a_few() {
        for low in [-1e21, -5.0, 0.0, 1e-9, 1.0, 999.0, 1e20] {
            for width in [1e-3, 1.0, 1e6, 1e21] {
                let high: f64 = low + width;
                if high - low < width * 0.5 {
                    continue;
                }
                for scale in [Scale::Linear(low, high), Scale::Log(low.max(1e-12), high.max(1.0))] {
                    let count = ticks(&scale, 5).len();
                    assert!(count <= 60, "{scale:?}: {count}");
                    let at = place(&scale, f64::from(7));
                    assert!((0.0..=1.0).contains(&at));
                }
            }
        }
    }
}
