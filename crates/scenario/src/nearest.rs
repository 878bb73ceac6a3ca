//! Near misses: the name that was probably meant.

/// "did you mean …?" for the candidate nearest to `wrong`, if one is near enough.
#[must_use]
pub fn suggestion<'a>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(wrong, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// The candidate that takes the fewest edits; none where more than a third of it would have to
/// change, or where two are equally near, because then it is a guess.
fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    let mut best: Option<(usize, Option<&str>)> = None;
    for candidate in candidates {
        let letters = candidate.chars().count();
        let allowance = (letters / 3).max(1);
        if letters.abs_diff(length) > allowance {
            continue;
        }
        let Some(edits) = distance(wrong, candidate, allowance) else { continue };
        match best {
            Some((least, _)) if edits > least => {}
            Some((least, _)) if edits == least => best = Some((least, None)),
            _ => best = Some((edits, Some(candidate))),
        }
    }
    best.and_then(|(_, candidate)| candidate)
}

/// How many letters have to be inserted, deleted, replaced or swapped with their neighbour, case
/// aside; none where that takes more than `most`. The three rows are those of the usual table for
/// this distance.
fn distance(left: &str, right: &str, most: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = above[j] + usize::from(a != b);
            let mut least = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *b && right[j - 1] == *a {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        // A swap reaches back two rows, so that both have to be beyond what is allowed.
        if above.iter().chain(&row).all(|edits| *edits > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        let cases = [("", "", 0), ("crsh", "crash", 1), ("carsh", "crash", 1), ("ab", "xyz", 3)];
        for (left, right, edits) in cases {
            assert_eq!(distance(left, right, edits), Some(edits), "{left} {right}");
            assert!(edits == 0 || distance(left, right, edits - 1).is_none(), "{left} {right}");
        }
    }

    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(nearest("crsh", ["restart", "crash"]), Some("crash"));
        assert_eq!(nearest("LATENCY", ["latency"]), Some("latency"));
        assert_eq!(nearest("banana", ["crash", "heal"]), None);
        assert_eq!(nearest("n9", ["n0", "n1"]), None);
        assert_eq!(nearest(&"x".repeat(100_000), ["crash"]), None);
    }
}
