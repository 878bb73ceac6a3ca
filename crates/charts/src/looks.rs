//! Which colour, dash and marker stand for what: the same in every figure.

use crate::figure::Look;

const fn look(colour: usize, dash: usize, marker: usize) -> Look {
    Look { colour, dash, marker }
}

/// Protocols by id. Those that are often compared have colours that differ most; dashes and markers
/// tell them apart in print without colour.
const PROTOCOLS: [(&str, Look); 13] = [
    ("2pc", look(0, 0, 0)),
    ("2pc-pra", look(1, 1, 1)),
    ("2pc-prc", look(2, 2, 2)),
    ("2pc-linear", look(4, 3, 3)),
    ("2pc-decentralized", look(3, 0, 1)),
    ("2pc-watchdog-naive", look(5, 2, 4)),
    ("2pc-watchdog", look(5, 1, 2)),
    ("2pc-backup", look(2, 1, 3)),
    ("t2pc", look(3, 1, 4)),
    ("d2pc", look(1, 0, 2)),
    ("p2pc", look(2, 3, 0)),
    ("3pc-naive", look(4, 2, 4)),
    ("3pc", look(6, 0, 3)),
];

/// How many colours, dashes and markers there are.
pub(crate) const COLOURS: usize = 7;
pub(crate) const DASHES: usize = 4;
pub(crate) const MARKERS: usize = 5;

/// The looks of protocols, by their ids; no two alike while there are enough.
pub(crate) fn of_protocols<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<Look> {
    let mut looks: Vec<Look> = Vec::new();
    for id in ids {
        let known = PROTOCOLS.iter().find(|(name, _)| *name == id).map(|(_, look)| *look);
        let others = (0..COLOURS * DASHES).map(of_value);
        let mut wishes = known.into_iter().chain(others);
        let first = known.unwrap_or(of_value(0));
        looks.push(wishes.find(|look| !looks.contains(look)).unwrap_or(first));
    }
    looks
}

/// The look of the n-th value of something that is varied.
pub(crate) fn of_value(n: usize) -> Look {
    look(n % COLOURS, (n + n / COLOURS) % DASHES, n % MARKERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_protocols_look_alike() {
        let all: Vec<&str> = PROTOCOLS.iter().map(|(id, _)| *id).collect();
        let looks = of_protocols(all.iter().copied().chain(["2pc", "2pc", "unheard-of"]));
        for (n, look) in looks.iter().enumerate() {
            assert!(!looks[..n].contains(look), "{n}: {look:?}");
        }
        assert_eq!(looks[..13], PROTOCOLS.map(|(_, look)| look));
        // Points that no line joins show no dash.
        let points: Vec<_> = looks[..13].iter().map(|look| (look.colour, look.marker)).collect();
        for (n, point) in points.iter().enumerate() {
            assert!(!points[..n].contains(point), "{}: {point:?}", all[n]);
        }
    }
}
