//! Whether samples follow the distributions they are named after.

use commitsim_rng::{Bits, Keyed, Purpose, Seed, Shape, ShapeError};

const MS: u64 = 1_000_000;
const S: u64 = 1_000_000_000;
const COUNT: usize = 400_000;

/// Many samples in rising order.
fn sorted(shape: &Shape) -> Vec<u64> {
    let keyed = Keyed::new(Seed(11), Purpose::Latency);
    let mut samples: Vec<u64> =
        (0..COUNT as u64).map(|n| shape.sample(&mut keyed.draw(n % 7, n % 11, n))).collect();
    samples.sort_unstable();
    let (least, greatest) = shape.bounds();
    assert!(least <= samples[0] && samples[COUNT - 1] <= greatest, "{shape:?}");
    samples
}

fn average(samples: &[u64]) -> f64 {
    samples.iter().map(|&sample| sample as f64).sum::<f64>() / samples.len() as f64
}

fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (found / expected - 1.0).abs();
    assert!(error <= tolerance, "{what}: {found} is not {expected}");
}

/// Compares some quantiles with theory, and the claimed mean with theory and samples.
fn assert_follows(shape: &Shape, mean: f64, quantile: impl Fn(f64) -> f64) {
    let samples = sorted(shape);
    for share in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
        let found = samples[(share * COUNT as f64) as usize] as f64;
        // A quantile of samples errs like a share of this many coins.
        let error = 5.0 * (share * (1.0 - share) / COUNT as f64).sqrt();
        let (low, high) = (quantile(share - error), quantile(share + error));
        assert!(low <= found + 1.0 && found <= high + 1.0, "{shape:?} at {share}: {found}");
    }
    assert_near(average(&samples), mean, 0.01, &format!("{shape:?} sampled"));
    assert_near(shape.mean() as f64, mean, 1e-4, &format!("{shape:?} claimed"));
}

#[test]
fn fixed_is_fixed_and_draws_nothing() {
    struct Dry;
    impl Bits for Dry {
        fn bits(&mut self) -> u64 {
            panic!("a fixed duration needs no word")
        }
    }
    assert_eq!(Shape::fixed(7).sample(&mut Dry), 7);
    assert_eq!(Shape::uniform(7, 7).unwrap().sample(&mut Dry), 7);
    assert_eq!((Shape::fixed(7).mean(), Shape::fixed(7).bounds()), (7, (7, 7)));
}

#[test]
fn uniform_follows_theory() {
    let shape = Shape::uniform(MS, 5 * MS).unwrap();
    assert_follows(&shape, 3e6, |share| 1e6 + share * 4e6);
    assert_eq!(shape.bounds(), (MS, 5 * MS));
    assert_eq!(Shape::uniform(0, u64::MAX).unwrap().mean(), 1 << 63);
}

#[test]
fn exponential_follows_theory() {
    let shape = Shape::exponential(2 * MS, 0, S).unwrap();
    assert_follows(&shape, 2e6, |share| -2e6 * (-share).ln_1p());
    assert_eq!(shape.mean(), 2 * MS);
    assert_eq!(shape.bounds(), (0, 88_722_839));

    let shape = Shape::exponential(2 * MS, MS, 5 * MS).unwrap();
    let mean = 1e6 + 2e6 * ((-0.5f64).exp() - (-2.5f64).exp());
    assert_follows(&shape, mean, |share| (-2e6 * (-share).ln_1p()).clamp(1e6, 5e6));
    assert_eq!(shape.bounds(), (MS, 5 * MS));

    let hours = Shape::exponential(u64::MAX / 2, 0, u64::MAX).unwrap();
    assert_eq!(hours.bounds(), (0, u64::MAX));
}

#[test]
fn log_normal_follows_theory() {
    // Quantiles of the standard normal distribution, to compare with.
    let z = [(0.1, -1.281_551_566), (0.5, 0.0), (0.9, 1.281_551_566), (0.99, 2.326_347_874)];
    for sigma_micros in [0, 500_000, 1_000_000] {
        let sigma = sigma_micros as f64 / 1e6;
        let shape = Shape::log_normal(2 * MS, sigma_micros, 1000 * S).unwrap();
        let samples = sorted(&shape);
        for (share, z) in z {
            let found = samples[(share * COUNT as f64) as usize] as f64;
            assert_near(found, 2e6 * (sigma * z).exp(), 0.02, "quantile");
        }
        let mean = 2e6 * (sigma * sigma / 2.0).exp();
        assert_near(average(&samples), mean, 0.01, "sampled");
        assert_near(shape.mean() as f64, mean, 1e-4, "claimed");
    }
    let cut = Shape::log_normal(2 * MS, 500_000, 2 * MS).unwrap();
    assert_eq!(cut.bounds().1, 2 * MS);
    // Half the mass sits at the median, the lower half is a known integral.
    assert_near(cut.mean() as f64, 1e6 + 2e6 * 0.125f64.exp() * 0.308_537_539, 1e-4, "cut");
}

#[test]
fn pareto_follows_theory() {
    for (shape_micros, max) in [(1_500_000, S / 10), (2_500_000, 10 * MS), (500_000, S)] {
        let alpha = shape_micros as f64 / 1e6;
        let (min, most) = (1e6, max as f64);
        let shape = Shape::pareto(MS, shape_micros, max).unwrap();
        let mean = min + min / (alpha - 1.0) * (1.0 - (min / most).powf(alpha - 1.0));
        assert_follows(&shape, mean, |share| (min * (1.0 - share).powf(-1.0 / alpha)).min(most));
        assert_eq!(shape.bounds(), (MS, max));
    }
    // Without a cut in sight the mean is shape / (shape - 1) times the least value.
    let endless = Shape::pareto(MS, 1_500_000, u64::MAX).unwrap();
    assert_near(endless.mean() as f64, 3e6, 1e-4, "endless");
    // A shape this small puts nearly everything at the greatest value.
    let steep = Shape::pareto(1, 1, u64::MAX).unwrap();
    assert_eq!(steep.bounds(), (1, u64::MAX));
    assert_eq!(Shape::pareto(7, u64::MAX, 9).unwrap().bounds(), (7, 7));
}

#[test]
fn histogram_follows_its_weights() {
    let shape = Shape::histogram([(50 * MS, 1), (MS, 7), (9, 0), (MS, 3)]).unwrap();
    assert_eq!(shape, Shape::histogram([(MS, 10), (50 * MS, 1)]).unwrap());
    assert_eq!(shape.bounds(), (MS, 50 * MS));
    assert_eq!(shape.mean(), 60 * MS / 11);
    let samples = sorted(&shape);
    let slow = samples.iter().filter(|&&sample| sample == 50 * MS).count();
    assert_eq!(samples.iter().filter(|&&sample| sample == MS).count(), COUNT - slow);
    assert_near(slow as f64, COUNT as f64 / 11.0, 0.02, "slow");
    let full = Shape::histogram([(u64::MAX, u64::MAX)]).unwrap();
    assert_eq!(full.mean(), u64::MAX);
    assert_eq!(full.sample(&mut Keyed::new(Seed(1), Purpose::Work).draw(0, 0, 0)), u64::MAX);
}

#[test]
fn wrong_parameters_are_refused() {
    let max = 10;
    assert_eq!(Shape::uniform(11, max), Err(ShapeError::MinAboveMax { min: 11, max }));
    assert_eq!(Shape::exponential(5, 11, max), Err(ShapeError::MinAboveMax { min: 11, max }));
    assert_eq!(Shape::exponential(0, 0, max), Err(ShapeError::ZeroMean));
    for mean in [4, 11] {
        let error = ShapeError::MeanOutOfBounds { mean, min: 5, max };
        assert_eq!(Shape::exponential(mean, 5, max), Err(error));
    }
    assert_eq!(Shape::log_normal(0, 1, max), Err(ShapeError::ZeroMedian));
    let error = ShapeError::MedianAboveMax { median: 11, max };
    assert_eq!(Shape::log_normal(11, 1, max), Err(error));
    let sigma_micros = Shape::MOST_SIGMA_MICROS + 1;
    let error = ShapeError::SigmaTooLarge { sigma_micros };
    assert_eq!(Shape::log_normal(1, sigma_micros, max), Err(error));
    assert_eq!(Shape::pareto(0, 1, max), Err(ShapeError::ZeroMin));
    assert_eq!(Shape::pareto(11, 1, max), Err(ShapeError::MinAboveMax { min: 11, max }));
    assert_eq!(Shape::pareto(1, 0, max), Err(ShapeError::ZeroShape));
    assert_eq!(Shape::histogram([]), Err(ShapeError::NoEntries));
    assert_eq!(Shape::histogram([(1, 0)]), Err(ShapeError::NoWeight));
    assert_eq!(Shape::histogram([(1, u64::MAX), (2, 1)]), Err(ShapeError::TooMuchWeight));
    assert!(error.to_string().contains("10000001 millionths"));
}
