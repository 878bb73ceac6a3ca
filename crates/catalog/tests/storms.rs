//! Storms over every protocol that bears them, each within what it promises: a few hundred here,
//! as many as you like with `scripts/storms`.

mod play;

use play::storms::{Tally, brave, played};

#[test]
fn storms_break_nothing_and_everything_resolves_after_healing() {
    for played in played() {
        let mut tally = Tally::default();
        let complaints: Vec<String> =
            (0..200).flat_map(|seed| brave(&played, seed, &mut tally)).collect();
        assert!(
            complaints.is_empty(),
            "{} complaints, first {:#?}",
            complaints.len(),
            &complaints[..5.min(complaints.len())]
        );
        let (choice, tolerates) = (&played.choice, played.about.tolerates);
        assert!(tally.commits > 100 && tally.aborts > 100, "{choice}: {tally:?}");
        assert!(tally.blocked > 10, "{choice}: {tally:?}");
        assert!(tally.crashes > 100, "{choice}: {tally:?}");
        let troubled = tally.lost > 100 && tally.duplicated > 100;
        assert!(troubled || !tolerates.loss, "{choice}: {tally:?}");
    }
}
