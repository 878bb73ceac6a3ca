//! What a commit costs, as a formula that people can read.

use commitsim_core::{Cost, Promise};

/// The cost of a commit in which nothing fails, by `n`, the voting nodes but the root, and `r`,
/// those of them that leave read-only.
///
/// It is found by evaluating [`Promise::commit_cost`], so that no second text of it has to be
/// kept in step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formula {
    /// Messages between different nodes, until everything is forgotten.
    pub messages: String,
    /// Forced records.
    pub forced: String,
}

/// The terms that formulas are made of, in the order in which they are written.
const TERMS: [&str; 6] = ["n^2", "n", "nr", "r^2", "r", ""];

/// Up to this many remote nodes a formula is held against the function that it stands for.
const CHECKED: u64 = 9;

impl Formula {
    /// The formula of this promise; none where its costs are no whole polynomial of the second
    /// degree.
    #[must_use]
    pub fn of(promise: &Promise) -> Option<Formula> {
        let cost = |n, r| (promise.commit_cost)(n, r);
        Some(Formula {
            messages: polynomial(&|n, r| value(cost(n, r), |cost| cost.messages))?,
            forced: polynomial(&|n, r| value(cost(n, r), |cost| cost.forced))?,
        })
    }
}

fn value(cost: Cost, part: fn(&Cost) -> u64) -> i128 {
    i128::from(part(&cost))
}

/// Finds the coefficients from six values, and checks them on many more.
fn polynomial(f: &dyn Fn(u64, u64) -> i128) -> Option<String> {
    let half = |twice: i128| (twice % 2 == 0).then_some(twice / 2);
    let squares = half(f(3, 0) - 2 * f(2, 0) + f(1, 0))?;
    let remote = f(2, 0) - f(1, 0) - 3 * squares;
    let constant = f(1, 0) - remote - squares;
    // What readers change, which is nothing where there are none.
    let readers = |n, r| f(n, r) - f(n, 0);
    let mixed = readers(2, 1) - readers(1, 1);
    let both = readers(1, 1) - mixed;
    let reader_squares = half(readers(2, 2) - 2 * both - 4 * mixed)?;
    let reader = both - reader_squares;
    let coefficients = [squares, remote, mixed, reader_squares, reader, constant];
    let agrees = |n: u64, r: u64| {
        let (wanted, n, r) = (f(n, r), i128::from(n), i128::from(r));
        let powers = [n * n, n, n * r, r * r, r, 1];
        wanted == coefficients.iter().zip(powers).map(|(factor, power)| factor * power).sum()
    };
    let holds = (1..=CHECKED).all(|n| (0..=n).all(|r| agrees(n, r)));
    holds.then(|| written(&coefficients))
}

fn written(coefficients: &[i128; 6]) -> String {
    let mut text = String::new();
    for (factor, term) in coefficients.iter().zip(TERMS).filter(|(factor, _)| **factor != 0) {
        let sign = match (*factor < 0, text.is_empty()) {
            (true, true) => "-",
            (true, false) => " - ",
            (false, true) => "",
            (false, false) => " + ",
        };
        let size = factor.unsigned_abs();
        let digits = if size == 1 && !term.is_empty() { String::new() } else { size.to_string() };
        text.extend([sign, digits.as_str(), term]);
    }
    if text.is_empty() { "0".to_string() } else { text }
}
