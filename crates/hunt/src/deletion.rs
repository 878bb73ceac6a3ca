//! Delta debugging: which pieces of a list can go.

/// Takes away as much of `items` as `attempt` allows: halves, quarters and so on, single ones at
/// last, over and over until not one of them can go (Zeller and Hildebrandt, 2002, without the
/// step to complements of subsets, which single removals make superfluous for short lists).
/// `attempt` is shown what would be left and says whether that will do.
pub(crate) fn minimised<T: Clone>(items: Vec<T>, mut attempt: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut items = items;
    let mut size = items.len();
    while size > 0 {
        let before = items.len();
        let mut at = 0;
        while at < items.len() {
            let end = items.len().min(at + size);
            let left: Vec<T> = items[..at].iter().chain(&items[end..]).cloned().collect();
            if attempt(&left) {
                items = left;
            } else {
                at = end;
            }
        }
        // Single ones until not one can go; larger pieces once.
        if size > 1 {
            size = size.div_ceil(2).min(items.len().max(1));
        } else if items.len() == before {
            size = 0;
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::minimised;

    #[test]
    fn what_is_needed_stays_and_nothing_else() {
        for needed in [vec![], vec![0], vec![99], vec![3, 50], vec![7, 8, 9], (0..10).collect()] {
            let mut tries = 0;
            let left = minimised((0..100).collect::<Vec<u32>>(), |left| {
                tries += 1;
                needed.iter().all(|item| left.contains(item))
            });
            assert_eq!(left, needed);
            assert!(tries < 400, "{tries} tries for {needed:?}");
        }
    }

    /// Two items of which either will do, and pairs that only go together.
    #[test]
    fn the_result_can_lose_no_single_item() {
        let left = minimised((0..20).collect::<Vec<u32>>(), |left| {
            left.contains(&3) || left.contains(&17)
        });
        assert_eq!(left, [17]);
        let pairs = minimised((0..20).collect::<Vec<u32>>(), |left| {
            left.contains(&4) == left.contains(&5) && left.contains(&11)
        });
        assert_eq!(pairs, [11]);
    }

    #[test]
    fn nothing_is_asked_of_nothing() {
        assert!(minimised(Vec::<u32>::new(), |_| panic!("there is nothing to try")).is_empty());
    }
}
