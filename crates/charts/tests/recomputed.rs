//! The numbers of figures against those that a second hand computes from the records: by sorting,
//! counting and summing binomial probabilities, without the crate's own statistics.

mod made_up;

use commitsim_charts::{Manifest, Record, Results, figure};
use made_up::{manifest, record};

const SEEDS: u32 = 400;
const PROTOCOLS: [&str; 3] = ["2pc", "3pc", "p2pc"];
const LOSSES: [&str; 2] = ["0", "5%"];

/// Latencies up to some tens of milliseconds; a tenth of the runs at the second point never end.
fn results() -> Results {
    let mut manifest: Manifest = manifest(SEEDS);
    manifest.protocols[2].id = PROTOCOLS[2].to_string();
    let latency = |job: u64| {
        let lost = job >= 3 * u64::from(SEEDS) && job % 10 == 3;
        (!lost).then_some(2_000_000 + (job * 48_271 % 65_537) * (job % 7 + 1) * 97)
    };
    let records = (0..manifest.jobs()).map(|job| record(job, latency(job))).collect();
    Results::new(manifest, records).unwrap()
}

/// A row of a figure's CSV: panel, series, part, x, y, low, high.
struct Row {
    panel: String,
    series: String,
    part: String,
    x: String,
    y_axis: String,
    numbers: [Option<f64>; 3],
}

fn rows(results: &Results, id: &str) -> Vec<Row> {
    let plot = results.manifest().plots.iter().find(|plot| plot.id == id).unwrap();
    let csv = figure(results, plot).csv();
    let row = |line: &str| {
        let mut fields: Vec<String> = Vec::new();
        let mut quoted = false;
        let mut field = String::new();
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                c => field.push(c),
            }
        }
        fields.push(field);
        assert_eq!(fields.len(), 9, "{line}");
        let number = |n: usize| fields[n].parse().ok();
        let numbers = [number(6), number(7), number(8)];
        let text = |n: usize| fields[n].clone();
        Row { panel: text(0), series: text(1), part: text(2), x: text(4), y_axis: text(5), numbers }
    };
    let all: Vec<Row> = csv.lines().skip(1).map(row).collect();
    assert!(!all.is_empty());
    all
}

/// The runs of a protocol at a loss.
fn runs<'a>(results: &'a Results, protocol: &str, loss: usize) -> Vec<&'a Record> {
    let place = PROTOCOLS.iter().position(|one| *one == protocol).unwrap();
    let cell = (loss * PROTOCOLS.len() + place) as u64;
    let mine = |run: &&Record| run.job / u64::from(SEEDS) == cell;
    results.records().iter().filter(mine).collect()
}

/// Which loss: a name, or a number on an axis in per cent.
fn loss_of(x: &str) -> usize {
    if x == LOSSES[1] || x == "5" { 1 } else { 0 }
}

/// In milliseconds, those that never came last.
fn sorted(runs: &[&Record]) -> Vec<f64> {
    let ms = |run: &&Record| run.decided_ns.map_or(f64::INFINITY, |ns| ns as f64 / 1e6);
    let mut values: Vec<f64> = runs.iter().map(ms).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The probability of at most k of n.
fn at_most(k: i64, n: usize, p: f64) -> f64 {
    if p > 0.5 {
        // From the other side, where the first term is not too small for a float.
        return 1.0 - at_most(n as i64 - k - 1, n, 1.0 - p);
    }
    let mut term = (1.0 - p).powi(n as i32);
    let mut sum = 0.0;
    for i in 0..=k {
        sum += term;
        term *= (n as f64 - i as f64) / (i as f64 + 1.0) * p / (1.0 - p);
    }
    sum
}

/// The closest ranks, from 1, outside of which the quantile lies with at most 2.5 % on each side.
fn ranks(n: usize, p: f64) -> (usize, usize) {
    let low = (1..=n).rev().find(|rank| at_most(*rank as i64 - 1, n, p) <= 0.025).unwrap();
    let high = (1..=n).find(|rank| at_most(*rank as i64 - 1, n, p) >= 0.975).unwrap();
    (low, high)
}

fn close(found: Option<f64>, wanted: f64, what: &str) {
    let found = found.unwrap_or(f64::INFINITY);
    let fits = found == wanted || (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
    assert!(fits, "{what}: {found} for {wanted}");
}

#[test]
fn quantiles_and_their_intervals() {
    let results = results();
    for (id, p) in [("line-loss", 0.5), ("line-p99", 0.99)] {
        for row in rows(&results, id).iter().filter(|row| row.part == "point") {
            assert!(row.y_axis.contains("(ms)"), "{}", row.y_axis);
            // In doubt as long as it takes to decide, in these records.
            let values = sorted(&runs(&results, &row.series, loss_of(&row.x)));
            let n = values.len();
            let rank = (p * n as f64).ceil() as usize;
            let (low, high) = ranks(n, p);
            let wanted = [values[rank - 1], values[low - 1], values[high - 1]];
            for (found, wanted) in row.numbers.into_iter().zip(wanted) {
                close(found, wanted, &format!("{id} {} {}", row.series, row.x));
            }
        }
    }
}

#[test]
fn shares_and_their_intervals() {
    let results = results();
    let hits = |id: &str, run: &&Record| match id {
        "line-rate" => !run.violates.is_empty(),
        _ => run.committed > 0,
    };
    for (id, part) in [("line-rate", "point"), ("heatmap-loss", "tile")] {
        let all = rows(&results, id);
        assert_eq!(all.iter().filter(|row| row.part == part).count(), 6);
        for row in all.iter().filter(|row| row.part == part) {
            let runs = runs(&results, &row.series, loss_of(&row.x));
            let n = runs.len() as f64;
            let share = runs.iter().filter(|run| hits(id, run)).count() as f64 / n;
            let z = 1.959_963_985;
            let middle = share + z * z / (2.0 * n);
            let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
            let scale = 1.0 + z * z / n;
            let wanted = [share, (middle - half) / scale, (middle + half) / scale];
            for (found, wanted) in row.numbers.into_iter().zip(wanted) {
                let off = (found.unwrap() - wanted * 100.0).abs();
                // The crate counts in millionths.
                assert!(off < 2e-4, "{id} {} {}: {found:?} for {wanted}", row.series, row.x);
            }
        }
    }
}

#[test]
fn distributions_step_by_step() {
    let results = results();
    for (id, rest) in [("ecdf-latency-decided", false), ("ccdf-latency-decided", true)] {
        let all = rows(&results, id);
        for (loss, name) in LOSSES.iter().enumerate() {
            for protocol in PROTOCOLS {
                let values = sorted(&runs(&results, protocol, loss));
                let mine =
                    |row: &&Row| row.series == protocol && row.panel == format!("loss = {name}");
                let steps: Vec<&Row> = all.iter().filter(mine).collect();
                let mut distinct = values.clone();
                distinct.retain(|value| value.is_finite());
                distinct.dedup();
                // One more at the left edge, and one at the right where a line goes on.
                let ends = if rest && distinct.last() == values.last() { 1 } else { 2 };
                assert_eq!(steps.len(), distinct.len() + ends, "{id} {protocol} {name}");
                for (value, row) in distinct.iter().zip(&steps[1..]) {
                    close(row.x.parse().ok(), *value, "where it steps");
                    let upto = values.iter().filter(|one| *one <= value).count() as f64;
                    let share = upto / values.len() as f64;
                    let wanted = if rest { 1.0 - share } else { share };
                    close(row.numbers[0], wanted, "how high");
                }
            }
        }
    }
}

#[test]
fn boxes_and_bars() {
    let results = results();
    let names = ["min", "p5", "p25", "median", "p75", "p95", "max"];
    let shares = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];
    for row in rows(&results, "box-loss") {
        let values = sorted(&runs(&results, &row.series, loss_of(&row.x)));
        let share = shares[names.iter().position(|name| *name == row.part).unwrap()];
        let rank = ((share * values.len() as f64).ceil() as usize).max(1);
        close(row.numbers[0], values[rank - 1], &row.part);
    }
    for row in rows(&results, "bar-loss") {
        // Every run sends twelve messages, and the closed form says so.
        close(row.numbers[0], 12.0, &row.part);
    }
}
