//! Storms over the variants of two-phase commit: a few hundred here, as many as you like with
//! `scripts/storms`.

mod play;

use play::storms::{PLAYED, Tally, brave};

#[test]
fn storms_break_nothing_and_everything_resolves_after_healing() {
    let mut tallies = [Tally::default(); PLAYED.len()];
    let complaints: Vec<String> = (0..400).flat_map(|seed| brave(seed, &mut tallies)).collect();
    assert!(
        complaints.is_empty(),
        "{} complaints, first {:#?}",
        complaints.len(),
        &complaints[..5.min(complaints.len())]
    );
    for (tally, played) in tallies.iter().zip(PLAYED) {
        assert!(tally.commits > 100, "{played}: {tally:?}");
        assert!(tally.aborts > 100, "{played}: {tally:?}");
        assert!(tally.blocked > 10, "{played}: {tally:?}");
        assert!(tally.crashes > 100, "{played}: {tally:?}");
        assert!(tally.lost > 100 && tally.duplicated > 100, "{played}: {tally:?}");
    }
}
