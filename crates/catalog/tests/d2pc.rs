mod play;
use play::storms::{Tally, brave, played};
#[test]
fn storms() {
    for played in played() {
        if !played.choice.contains("p2pc") {
            continue;
        }
        let mut tally = Tally::default();
        let complaints: Vec<String> =
            (0..3000).flat_map(|seed| brave(&played, seed, &mut tally)).collect();
        println!("{tally:?}");
        assert!(
            complaints.is_empty(),
            "{} complaints, first {:#?}",
            complaints.len(),
            &complaints[..5.min(complaints.len())]
        );
    }
}
