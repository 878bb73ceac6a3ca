//! The shapes that Gupta, Haritsa & Ramamritham (SIGMOD 1997) found, from one scenario each
//! (protocols.md 14.1), as ratios of throughputs that are kept in `results/shapes.md`.

mod play;

use std::fs;
use std::path::{Path, PathBuf};

use commitsim_catalog::abouts;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_sim::RunRecord;
use play::play;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A shipped scenario with settings, as `run --set` would have it.
fn set(name: &str, settings: &[(&str, &str)]) -> Scenario {
    let file = root().join(format!("scenarios/{name}.json"));
    let text = fs::read(&file).unwrap();
    let owned = |(pointer, json): &(&str, &str)| ((*pointer).to_string(), (*json).to_string());
    let mut settings: Vec<(String, String)> = settings.iter().map(owned).collect();
    settings.push(("/expect".to_string(), "{}".to_string()));
    let overrides = Overrides { set: settings, ..Overrides::default() };
    read(name, &text, &abouts(), &overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Commits a second, in thousandths, of each protocol of the scenario.
fn throughput(name: &str, settings: &[(&str, &str)]) -> Vec<u64> {
    let rate = |run: &RunRecord| {
        assert_eq!(run.violations, [], "{name}, {settings:?}");
        let data = run.data.as_ref().unwrap();
        data.committed * 1_000_000_000_000 / data.last_answer.0
    };
    play(&set(name, settings)).iter().map(rate).collect()
}

fn decimals(thousandths: u64) -> String {
    format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

/// One throughput as a multiple of another, in thousandths.
fn ratio(one: u64, other: u64) -> u64 {
    one * 1_000 / other
}

const LONGER: (&str, &str) = ("/workload/transactions", "1500");

fn commit_weighs_more(text: &mut String) {
    let name = "data-commit-weight";
    let full = throughput(name, &[LONGER])[0];
    let free = throughput(name, &[LONGER, ("/disk/force", r#""0""#)])[0];
    let near = [LONGER, ("/disk/force", r#""0""#), ("/network/latency", r#""0""#)];
    let central = throughput(name, &near)[0];
    let (distribution, commit) = (ratio(central, free), ratio(free, full));
    assert!(commit > distribution, "commit {commit}, distribution {distribution}");
    text.push_str(&format!(
        "## Commit processing weighs more than distribution

`{name}`, under two-phase commit: with all it takes; with forces that take no time, so that of
commit processing only messages are left; and with messages that take none either, as at one site.

| | commits a second |
|---|---:|
| one site: no delays, no forces | {} |
| distributed data, commits without forces | {} |
| distributed data, two-phase commit | {} |

Distribution costs a factor of {}, commit processing one of {}.

",
        decimals(central),
        decimals(free),
        decimals(full),
        decimals(distribution),
        decimals(commit)
    ));
}

fn presumptions(text: &mut String) {
    let name = "data-presumptions";
    text.push_str(&format!(
        "## Presumed commit and the share of aborts

`{name}`: each of three nodes refuses with the same probability. Presumed commit as a multiple of
presumed abort: messages and forced records of a transaction, and throughput.

| each refuses | aborted | messages | forced | throughput |
|---:|---:|---:|---:|---:|
"
    ));
    let mut forced = Vec::new();
    for rate in ["0", "0.05", "0.1", "0.2", "0.3", "0.5"] {
        let settings = [LONGER, ("/votes/no_rate", rate)];
        let runs = play(&set(name, &settings));
        let sum = |run: &RunRecord, of: fn(&commitsim_sim::TransactionRecord) -> u64| {
            run.transactions.iter().map(of).sum::<u64>()
        };
        let both = |of| ratio(sum(&runs[1], of), sum(&runs[0], of));
        let rates = throughput(name, &settings);
        let aborted = runs[0].data.as_ref().unwrap().aborted * 1_000 / 1_500;
        forced.push(both(|tx| tx.forced));
        text.push_str(&format!(
            "| {rate} | {} | {} | {} | {} |\n",
            decimals(aborted),
            decimals(both(|tx| tx.messages)),
            decimals(both(|tx| tx.forced)),
            decimals(ratio(rates[1], rates[0]))
        ));
    }
    text.push('\n');
    assert!(forced[0] < 1_000, "without aborts presumed commit is cheaper: {forced:?}");
    assert!(forced.last().unwrap() > &1_000, "with many it is dearer: {forced:?}");
    assert!(forced.is_sorted(), "the more aborts the dearer: {forced:?}");
}

fn three_phases_below_two(text: &mut String) {
    let name = "data-three-phases";
    let rates = throughput(name, &[LONGER]);
    let [two, abort, commit, three] = rates[..] else { panic!("four protocols") };
    assert!(three < two, "3pc {three}, 2pc {two}");
    text.push_str(&format!(
        "## Three-phase commit stays below two-phase commit

`{name}`, as multiples of `2pc`, which does {} commits a second.

| protocol | throughput |
|---|---:|
| `2pc-pra` | {} |
| `2pc-prc` | {} |
| `3pc` | {} |

",
        decimals(two),
        decimals(ratio(abort, two)),
        decimals(ratio(commit, two)),
        decimals(ratio(three, two))
    ));
}

fn lending(text: &mut String) {
    let name = "data-lending";
    let plain = throughput(name, &[LONGER]);
    let lent = throughput(name, &[LONGER, ("/workload/keys/lend", "true")]);
    for (plain, lent) in plain.iter().zip(&lent) {
        assert!(lent > plain, "lending {lent}, otherwise {plain}");
    }
    text.push_str(&format!(
        "## Lending prepared data (OPT) pays

`{name}`: the throughput with `lend`, as a multiple of that without.

| protocol | OPT |
|---|---:|
| `2pc` | {} |
| `3pc` | {} |

OPT-3PC does {} of what 2PC does without lending.
",
        decimals(ratio(lent[0], plain[0])),
        decimals(ratio(lent[1], plain[1])),
        decimals(ratio(lent[1], plain[0]))
    ));
}

/// `COMMITSIM_UPDATE=1` writes the file anew; read the difference before it is committed.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that writes the file anew")]
fn the_shapes_in_the_results_come_out() {
    let mut text = "# The shapes of commit processing under load

Made, and held to what is claimed, by `cargo test -p commitsim-catalog --test shapes`; the scenarios
are in `scenarios/`, here with 1500 transactions. All numbers are of one seed, and throughput is
commits in simulated time up to the last answer. The shapes are those of Gupta, Haritsa &
Ramamritham 1997; the numbers are this simulator's own, since its sites have no processors to queue
at.

"
    .to_string();
    commit_weighs_more(&mut text);
    presumptions(&mut text);
    three_phases_below_two(&mut text);
    lending(&mut text);
    let file = root().join("results/shapes.md");
    if std::env::var("COMMITSIM_UPDATE").is_ok() {
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "results/shapes.md is out of date; COMMITSIM_UPDATE=1 renews it");
}
