//! A fault that waits for a moment, and waits in vain, changes nothing.
//!
//! Where one waits, a node's acts are kept until its step is over; else they are carried out as
//! they come. These are two ways through host and simulator, and every protocol has to take both.

mod play;

use commitsim_rng::Seed;

use play::storms::{played, text};
use play::{play_seeded, scenario};

const WAITS: &str = r#""faults": [{"when": {"decided": {"by": "n0"}}, "nth": 1000, "heal": {}}]"#;

#[test]
fn acts_kept_for_a_fault_are_those_carried_out_at_once() {
    let mut runs = 0;
    for played in played() {
        for seed in 0..60 {
            let stormy = text(&played, seed);
            let (before, storm) = stormy.split_once(r#""storm""#).unwrap();
            let (_, after) = storm.split_once("}, ").unwrap();
            // Crowded, so that one force covers the records of many transactions.
            let before = before.replace(r#"ms"}, "coordinator""#, r#"us"}, "coordinator""#);
            let free = play_seeded(&scenario(&format!("{before}{after}")), Seed(seed));
            let kept = play_seeded(&scenario(&format!("{before}{WAITS}, {after}")), Seed(seed));
            let both = free.iter().zip(&kept);
            for (one, other) in both {
                assert_eq!(one.trace_hash, other.trace_hash, "{} {seed}", played.choice);
                runs += 1;
            }
        }
    }
    assert!(runs > 1_000, "{runs} runs");
}
