//! `cargo xtask study`: does every number in the text of the study stand in its data?
//!
//! Behind each number in `results/study.md` stands a comment that a reader does not see, which
//! says where it comes from; `study/source.rs` has the kinds. A number without one is refused,
//! and so is one that its source does not have, rounded to the digits that are shown.

mod number;
mod source;

use std::path::Path;

use self::number::Number;
use self::source::Source;
use crate::problem::{Problem, Report};

/// The text whose numbers are checked.
const TEXT: &str = "results/study.md";

/// Checks the study of this workspace.
pub(crate) fn run() -> Result<Report, String> {
    let text = std::fs::read_to_string(TEXT).map_err(|error| format!("{TEXT}: {error}"))?;
    let (problems, counts) = check(&text, Path::new("."));
    let [measured, quoted, set, defined] = counts;
    let scope = format!(
        "{measured} numbers from measurements, {quoted} from other results, {set} from scenarios, \
         {defined} by definition"
    );
    Ok(Report { command: "study", problems, scope })
}

/// Checks a text against the files below a directory; how many numbers of each kind it has.
fn check(text: &str, root: &Path) -> (Vec<Problem>, [usize; 4]) {
    let (mut problems, mut counts) = (Vec::new(), [0; 4]);
    for number in Number::all(text) {
        match Source::of(&number).and_then(|source| source.holds(&number, root)) {
            Ok(kind) => counts[kind] += 1,
            Err(what) => {
                let what = format!("`{}`: {what}", number.shown);
                let why = "a figure in the study stands in its data, or is wrong";
                problems.push(Problem::new(TEXT, number.line, "study", what, why));
            }
        }
    }
    (problems, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "\
loss,protocol,metric,unit,n,value,p99
1%,2pc,latency.decided,ns,200,3714000,9000000
1%,3pc,latency.decided,ns,200,7428000,9500000
1%,2pc,rate.committed,parts per million,200,974650,
";

    fn found(text: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let study = root.path().join("results/study/loss");
        std::fs::create_dir_all(&study).unwrap();
        std::fs::write(study.join("summary.csv"), SUMMARY).unwrap();
        std::fs::write(root.path().join("results/shapes.md"), "a factor of 1.397\n").unwrap();
        std::fs::create_dir(root.path().join("scenarios")).unwrap();
        let scenario = r#"{"nodes": 5, "patience": {"votes": "20ms"}}"#;
        std::fs::write(root.path().join("scenarios/compare-loss.json"), scenario).unwrap();
        check(text, root.path()).0.into_iter().map(|problem| problem.what).collect()
    }

    #[test]
    fn what_the_data_says_passes() {
        let text = "\
2PC takes 3.71 ms<!-- loss | loss=1% | 2pc | latency.decided -->, at worst
9.0 ms<!-- loss | loss=1% | 2pc | latency.decided | :p99 -->, commits 97.5 %<!-- loss | loss=1% | \
2pc | rate.committed -->, and 3PC takes 2.00<!-- loss | loss=1% | 3pc | latency.decided / 2pc -->
times as long, 3.7 ms<!-- loss | loss=1% | 3pc | latency.decided - 2pc --> more.
A factor of 1.40<!-- shapes.md: a factor of 1.397 --> on 5<!-- set compare-loss /nodes --> nodes
that wait 20 ms<!-- set compare-loss /patience/votes -->; see `n0 12` and n1, at 95 %<!-- by
definition -->.
";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn what_it_does_not_say_is_refused() {
        let cases = [
            ("3.72 ms<!-- loss | loss=1% | 2pc | latency.decided -->", "the data has 3.714"),
            ("3.7 s<!-- loss | loss=1% | 2pc | latency.decided -->", "the data has 0.003714"),
            ("3.71<!-- loss | loss=1% | 2pc | latency.decided -->", "has no unit"),
            ("7 ms", "has no source"),
            ("7 ms<!-- loss | loss=2% | 2pc | latency.decided -->", "no row"),
            ("7 ms<!-- loss | 2pc | rate.committed | latency.decided -->", "two metrics"),
            ("9 ms<!-- loss | loss=1% | 2pc | latency.decided | :max -->", "no column"),
            ("1.5<!-- shapes.md: a factor of 1.397 -->", "1.397"),
            ("1.4<!-- shapes.md: a factor of 1.398 -->", "does not say"),
            ("6<!-- set compare-loss /nodes -->", "the scenario has 5"),
            ("6<!-- set compare-loss /edges -->", "nothing at /edges"),
            ("3<!-- nothing/summary.csv -->", "cannot be read"),
        ];
        for (text, expected) in cases {
            let found = found(text);
            assert!(found.len() == 1 && found[0].contains(expected), "{text}: {found:?}");
        }
    }
}
