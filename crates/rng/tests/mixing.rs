//! Whether keyed draws look independent even where the names of events are all small and near.

use commitsim_rng::{Bits, Keyed, Purpose, Ratio, Seed, Stream};

/// Several keys, because a mixer may be good under one key and poor under another.
fn keys() -> impl Iterator<Item = Keyed> {
    (0..8).map(|seed| Keyed::new(Seed(seed), Purpose::Loss))
}

/// How far a chi-square value lies above its mean, in standard deviations.
fn excess(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    let chi: f64 = counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum();
    let freedom = counts.len() as f64 - 1.0;
    (chi - freedom) / (2.0 * freedom).sqrt()
}

/// Seven deviations: a fair source fails once in 10^11 times, a biased one nearly always.
fn assert_fair(counts: &[u64], what: &str) {
    let excess = excess(counts);
    assert!(excess.abs() < 7.0, "{what}: {excess} deviations from fair");
}

/// All small names, as a simulation of twenty nodes would draw them.
fn small_names() -> impl Iterator<Item = (u64, u64, u64)> {
    (0..20).flat_map(|a| (0..20).flat_map(move |b| (0..500).map(move |n| (a, b, n))))
}

#[test]
fn every_input_bit_reaches_every_output_bit() {
    const ROUNDS: u64 = 4096;
    for keyed in keys().take(3) {
        for bit in 0..192 {
            let mut flips = [0u64; 64];
            for round in 0..ROUNDS {
                let name = [round % 16, round / 16 % 16, round / 256];
                let mut near = name;
                near[bit / 64] ^= 1 << (bit % 64);
                let draw = |[a, b, n]: [u64; 3]| keyed.draw(a, b, n).bits();
                let difference = draw(name) ^ draw(near);
                for (place, flip) in flips.iter_mut().enumerate() {
                    *flip += difference >> place & 1;
                }
            }
            for (place, flip) in flips.into_iter().enumerate() {
                let share = flip as f64 / ROUNDS as f64;
                assert!((share - 0.5).abs() < 0.05, "bit {bit} flips bit {place}: {share}");
            }
        }
    }
}

#[test]
fn every_byte_of_small_names_is_fair() {
    for keyed in keys() {
        for shift in (0..64).step_by(8) {
            let mut counts = [0; 256];
            for (a, b, n) in small_names() {
                counts[(keyed.draw(a, b, n).bits() >> shift & 0xff) as usize] += 1;
            }
            assert_fair(&counts, &format!("byte at {shift}"));
        }
    }
}

/// Counts the pairs of upper and of lower digits that two related draws make.
fn assert_unrelated(what: &str, pair: impl Fn(&Keyed, u64, u64, u64) -> (u64, u64)) {
    for keyed in keys() {
        let (mut upper, mut lower, mut differences) = ([0; 1024], [0; 1024], [0; 1024]);
        for (a, b, n) in small_names() {
            let (x, y) = pair(&keyed, a, b, n);
            upper[(x >> 59 << 5 | y >> 59) as usize] += 1;
            lower[((x & 31) << 5 | y & 31) as usize] += 1;
            differences[(x.wrapping_sub(y) >> 54) as usize] += 1;
        }
        assert_fair(&upper, &format!("{what}, upper bits"));
        assert_fair(&lower, &format!("{what}, lower bits"));
        assert_fair(&differences, &format!("{what}, differences"));
    }
}

#[test]
fn neighbours_are_unrelated() {
    let bits = |keyed: &Keyed, a, b, n| keyed.draw(a, b, n).bits();
    assert_unrelated("next n", |k, a, b, n| (bits(k, a, b, 2 * n), bits(k, a, b, 2 * n + 1)));
    assert_unrelated("next b", |k, a, b, n| (bits(k, a, 2 * b, n), bits(k, a, 2 * b + 1, n)));
    assert_unrelated("next a", |k, a, b, n| (bits(k, 2 * a, b, n), bits(k, 2 * a + 1, b, n)));
    assert_unrelated("way back", |k, a, b, n| (bits(k, a, b + 20, n), bits(k, b + 20, a, n)));
    assert_unrelated("next word", |k, a, b, n| {
        let mut draw = k.draw(a, b, n);
        (draw.bits(), draw.bits())
    });
}

#[test]
fn purposes_and_seeds_are_unrelated() {
    let other = Keyed::new(Seed(1), Purpose::Latency);
    assert_unrelated("purpose and seed", |k, a, b, n| {
        (k.draw(a, b, n).bits(), other.draw(a, b, n).bits())
    });
}

#[test]
fn small_names_never_collide() {
    for keyed in keys() {
        let mut words: Vec<u64> = small_names()
            .flat_map(|(a, b, n)| {
                let mut draw = keyed.draw(a, b, n);
                [draw.bits(), draw.bits(), draw.bits()]
            })
            .collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}

#[test]
fn runs_of_losses_are_as_long_as_chance_makes_them() {
    let half = Ratio::new(1, 2).unwrap();
    for keyed in keys() {
        // The number of losses among 16 successive messages is binomial.
        let mut counts = [0u64; 17];
        let links = 100_000;
        for link in 0..links {
            let lost = (0..16).filter(|&n| keyed.draw(link % 300, link / 300, n).happens(half));
            counts[lost.count()] += 1;
        }
        let mut ways = 1.0;
        let mut chi = 0.0;
        for (lost, &count) in counts.iter().enumerate() {
            let expected = ways / 65_536.0 * links as f64;
            chi += (count as f64 - expected).powi(2) / expected;
            ways *= (16 - lost) as f64 / (lost + 1) as f64;
        }
        assert!(chi < 60.0, "chi-square {chi} for 16 degrees of freedom");
    }
}

#[test]
fn choices_are_fair() {
    let mut stream = Stream::new(Seed(3), Purpose::Cast);
    let (mut range, mut orders, mut places) = ([0; 7], [0; 24], [0; 5]);
    for _ in 0..100_000 {
        range[(stream.within(10..=16) - 10) as usize] += 1;
        places[*stream.choose(&[0usize, 1, 2, 3, 4]).unwrap()] += 1;
        let mut order = [0usize, 1, 2, 3];
        stream.shuffle(&mut order);
        let behind = |place: usize| order[place..].iter().filter(|&&x| x < order[place]).count();
        orders[behind(0) * 6 + behind(1) * 2 + behind(2)] += 1;
    }
    assert_fair(&range, "range");
    assert_fair(&places, "choice");
    assert_fair(&orders, "shuffle");
}

#[test]
fn great_ranges_are_fair_although_words_are_rejected() {
    // Three quarters of all words: without rejection the first half would be overdrawn.
    let mut stream = Stream::new(Seed(4), Purpose::Cast);
    let mut counts = [0; 3];
    for _ in 0..100_000 {
        counts[(stream.within(0..=(3 << 62) - 1) % 3) as usize] += 1;
    }
    assert_fair(&counts, "three quarters");
    assert!(stream.position() > 100_000);
}

#[test]
fn ratios_are_met_and_ordered() {
    let keyed = Keyed::new(Seed(5), Purpose::Loss);
    let (low, high) = (Ratio::new(1, 400).unwrap(), Ratio::new(2, 100).unwrap());
    let happened = |ratio| -> Vec<u64> {
        (0..1_000_000).filter(|&n| keyed.draw(1, 2, n).happens(ratio)).collect()
    };
    let (few, many) = (happened(low), happened(high));
    assert!((2300..2700).contains(&few.len()), "{}", few.len());
    assert!((19_300..20_700).contains(&many.len()), "{}", many.len());
    assert!(few.iter().all(|n| many.binary_search(n).is_ok()));
}
