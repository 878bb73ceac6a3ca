//! The host's contract: one log, what a crash leaves, who is answered how.

mod toy;

use commitsim_core::{Decision, Lsn, Status, TxId, Vote};
use commitsim_host::Input;

use toy::{Bell, Do, HELPER, ME, Node, ROOT, WITNESS, to};

fn node() -> Node {
    Node::new(ME)
}

/// A node with the records 1 (transaction 0), 2, 3 (transaction 1, the second one lazy) and 4 (0).
fn with_records() -> Node {
    let mut node = node();
    node.tell(0, vec![Do::Force(1)]);
    node.tell(1, vec![Do::Force(2), Do::Write(3)]);
    node.tell(0, vec![Do::Force(4)]);
    node
}

// The log.

#[test]
fn records_of_all_transactions_share_the_log_in_append_order() {
    let node = with_records();
    assert_eq!(node.log(), (0, vec![1, 2, 3, 4], 0));
    assert_eq!(node.host.log().appended(), Lsn(4));
    let whose: Vec<_> = node.host.log().entries().map(|e| (e.tx.0, e.forced)).collect();
    assert_eq!(whose, [(0, true), (1, true), (1, false), (0, true)]);
}

#[test]
fn completions_come_in_order_and_lazy_records_are_answered_too() {
    let mut node = with_records();
    assert_eq!(node.durable(1), ["0 has 1 at 1", "0 durable 1"]);
    assert_eq!(node.durable(1), [""; 0], "what is durable becomes so once");
    let group = [
        "1 has 2 at 2",
        "1 durable 2",
        "1 has 3 at 3",
        "1 durable 3",
        "0 has 4 at 4",
        "0 durable 4",
    ];
    assert_eq!(node.durable(4), group);
    assert_eq!(node.log().2, 4);
}

#[test]
fn a_crash_keeps_a_prefix_of_the_log() {
    for survives in 2..=4 {
        let mut node = with_records();
        node.durable(2);
        node.crash(survives);
        let kept = [1, 2, 3, 4][..survives as usize].to_vec();
        assert_eq!(node.log(), (0, kept, survives), "all that is left is durable");
    }
}

#[test]
#[should_panic(expected = "durable records survive")]
fn a_crash_takes_nothing_that_is_durable() {
    let mut node = with_records();
    node.durable(2);
    node.crash(1);
}

#[test]
#[should_panic(expected = "never was")]
fn a_crash_leaves_nothing_that_was_never_written() {
    with_records().crash(5);
}

#[test]
#[should_panic(expected = "before it is appended")]
fn nothing_is_durable_before_it_is_appended() {
    with_records().durable(5);
}

#[test]
fn positions_of_lost_records_are_given_out_again() {
    let mut node = with_records();
    node.crash(1);
    node.restart(9);
    assert_eq!(node.tell(0, vec![Do::Force(7)]), ["0 force 7 at 2"]);
    assert_eq!(node.log(), (0, vec![1, 7], 1));
    assert_eq!(node.durable(2), ["0 has 7 at 2", "0 durable 7"]);
}

// Crash and restart.

#[test]
fn a_restart_recovers_each_transaction_from_its_own_records_in_order() {
    let mut node = with_records();
    node.crash(3);
    assert_eq!(
        node.restart(9),
        [
            "0 opened",
            "0 stands InDoubt",
            "0 recovered 1",
            "1 opened",
            "1 stands InDoubt",
            "1 recovered 2",
            "1 recovered 3",
        ]
    );
    assert_eq!(node.log(), (0, vec![1, 2, 3], 3));
}

#[test]
fn nothing_is_heard_of_what_was_under_way_in_an_earlier_life() {
    let mut node = node();
    node.tell(0, vec![]);
    node.tell(1, vec![Do::Force(1)]);
    node.crash(0);
    node.restart(9);
    let quiet: [&str; 0] = [];
    for tx in [TxId(0), TxId(1)] {
        assert_eq!(node.handle(Input::Vote { tx, vote: Vote::Yes }), quiet);
        assert_eq!(node.handle(Input::Fire { tx, timer: Bell }), quiet);
    }
    assert_eq!(node.durable(0), quiet);
}

#[test]
fn what_had_begun_without_a_record_is_lost_in_the_crash() {
    let mut node = node();
    node.tell(0, vec![Do::Force(1)]);
    node.tell(1, vec![]);
    node.tell(2, vec![Do::Stand(Status::InDoubt)]);
    node.tell(3, vec![Do::Decide(Decision::Abort), Do::Stand(Status::Decided(Decision::Abort))]);
    node.tell(4, vec![Do::Forget]);
    node.tell(5, vec![Do::Close]);
    node.tell(6, vec![Do::Stand(Status::Helping)]);
    node.tell(7, vec![Do::Force(2)]);
    node.crash(1);
    let says = node.restart(9);
    assert_eq!(
        says,
        [
            "1 decides Abort LostInCrash",
            "2 decides Abort LostInCrash",
            "7 decides Abort LostInCrash",
            "0 opened",
            "0 stands InDoubt",
            "0 recovered 1",
        ]
    );
}

#[test]
fn what_was_lost_is_not_forgotten_by_a_crash_in_the_restart() {
    let mut node = node();
    node.tell(1, vec![]);
    node.tell(2, vec![]);
    let lost = ["1 decides Abort LostInCrash", "2 decides Abort LostInCrash"];
    node.crash(0);
    assert_eq!(node.restart(9), lost);
    // Nothing has happened since: the driver may have been stopped before the second act.
    node.crash(0);
    assert_eq!(node.restart(9), lost);
    node.tell(9, vec![Do::Close]);
    node.crash(0);
    assert_eq!(node.restart(9), [""; 0]);
}

/// Amnesia: nothing after a restart depends on anything but the records that survived.
#[test]
fn two_nodes_with_the_same_records_are_the_same_after_a_restart() {
    let mut node = with_records();
    node.tell(0, vec![Do::Stand(Status::Working), Do::Rest]);
    node.durable(3);
    let mut other = with_records();
    other.durable(2);
    other.tell(1, vec![Do::Force(9), Do::Decide(Decision::Commit), Do::Forget]);
    node.crash(3);
    other.crash(3);
    assert_eq!(node.host.log(), other.host.log());
    assert_eq!(node.restart(9), other.restart(9));
    assert!(node.host == other.host && node.hash() == other.hash());
    // And `recover` again on the same log gives the same machines and the same effects.
    let (mut again, once) = (node.clone(), node.host.clone());
    again.crash(3);
    let mut twice = again.clone();
    assert_eq!(again.restart(9), twice.restart(9));
    assert!(again.host == twice.host && again.host == once);
    assert_eq!(again.host.machine(TxId(1)), once.machine(TxId(1)));
}

// The four reasons for having no machine.

#[test]
fn a_transaction_never_met_is_a_first_contact() {
    let mut node = node();
    assert_eq!(node.tell(0, vec![]), ["0 opened", "0 met 0"]);
    assert_eq!(node.tell(0, vec![Do::Note("again", 7)]), ["0 again 7"]);
    // Closed at the first contact, it is over for good.
    assert_eq!(node.tell(1, vec![Do::Close]), ["1 met 0"]);
    assert_eq!(node.tell(1, vec![]), ["1 forgotten 0"]);
}

#[test]
fn a_transaction_forgotten_in_this_life_is_answered_as_forgotten() {
    let mut node = node();
    assert_eq!(node.tell(0, vec![Do::Forget]), ["0 opened", "0 met 0", "0 forgot"]);
    assert_eq!(node.tell(0, vec![]), ["0 forgotten 0"]);
    // That knowledge does not survive a crash: without a record it was as if never there.
    node.crash(0);
    node.restart(1);
    assert_eq!(node.tell(0, vec![]), ["0 lost 0"]);
}

#[test]
fn a_transaction_finished_with_its_records_cut_off_stays_finished() {
    let mut node = node();
    node.tell(0, vec![Do::Force(1), Do::Forget]);
    node.durable(1);
    node.tell(1, vec![Do::Close]);
    assert_eq!(node.log(), (1, vec![], 1), "cut off when something else happens");
    node.crash(1);
    assert_eq!(node.restart(2), [""; 0], "and nothing of it is recovered");
    assert_eq!(node.tell(0, vec![]), ["0 forgotten 0"]);
}

#[test]
fn what_is_left_of_the_records_of_a_finished_transaction_is_not_read() {
    let mut node = with_records();
    node.durable(4);
    node.tell(0, vec![Do::Forget]);
    node.tell(2, vec![Do::Close]);
    // The first record of transaction 0 is cut off, its second lies behind those of 1.
    assert_eq!(node.log(), (1, vec![2, 3, 4], 4));
    node.crash(4);
    let says = node.restart(9);
    assert_eq!(says, ["1 opened", "1 stands InDoubt", "1 recovered 2", "1 recovered 3"]);
    assert_eq!(node.tell(0, vec![]), ["0 forgotten 0"]);
}

#[test]
fn a_transaction_older_than_the_restart_is_lost_at_voters_only() {
    for (me, answer) in [(ME, "0 lost 0"), (ROOT, "0 lost 0"), (HELPER, "0 opened")] {
        let mut node = Node::new(me);
        node.crash(0);
        node.restart(1);
        assert_eq!(node.tell(0, vec![])[0], answer);
        assert_eq!(node.tell(1, vec![])[0], "1 opened", "born after the restart");
    }
}

#[test]
fn what_is_over_can_answer_and_decide() {
    let mut node = node();
    node.tell(0, vec![Do::Forget]);
    let answer = node.tell(0, vec![to(ROOT, vec![]), Do::Decide(Decision::Abort)]);
    assert_eq!(answer, ["0 forgotten 0", "0 to n0 []", "0 decides Abort Protocol"]);
    assert_eq!(node.host.data().asked, ["finish 0 Abort"]);
}

#[test]
#[should_panic(expected = "not reopened")]
fn what_is_over_cannot_write() {
    let mut node = node();
    node.tell(0, vec![Do::Forget]);
    node.tell(0, vec![Do::Force(1)]);
}

// Resting machines.

#[test]
fn a_resting_machine_is_forgotten_when_its_root_says_so_and_not_before() {
    let mut node = node();
    node.tell(0, vec![Do::Rest]);
    node.tell(4, vec![Do::Rest]);
    node.tell(5, vec![]);
    // From a node that is not the root, or with a mark that has not passed it.
    assert_eq!(node.tell_from(WITNESS, 9, 5, vec![]), [""; 0]);
    assert_eq!(node.tell_from(ROOT, 0, 5, vec![]), [""; 0]);
    assert_eq!(node.tell(0, vec![Do::Note("still", 1)]), ["0 still 1"]);
    // What has settled is forgotten before the message is looked at.
    assert_eq!(node.tell_from(ROOT, 1, 0, vec![]), ["0 forgot", "0 forgotten 0"]);
    assert_eq!(node.tell_from(ROOT, 4, 5, vec![]), [""; 0]);
    assert_eq!(node.tell_from(ROOT, 9, 5, vec![]), ["4 forgot"], "5 does not rest");
    assert_eq!(node.tell_from(ROOT, 9, 5, vec![]), [""; 0]);
}

#[test]
fn the_low_water_mark_stops_at_the_oldest_transaction_that_is_not_over() {
    let mut node = Node::new(ROOT);
    let mut marks = vec![];
    for tx in [3, 4, 7] {
        node.handle(Input::Begin { tx: TxId(tx) });
        marks.push(node.host.settled().0);
    }
    for tx in [4, 3, 7] {
        node.tell(tx, vec![Do::Forget]);
        marks.push(node.host.settled().0);
    }
    node.handle(Input::Begin { tx: TxId(11) });
    marks.push(node.host.settled().0);
    assert_eq!(marks, [3, 3, 3, 3, 7, 8, 11]);
}

#[test]
fn the_low_water_mark_is_found_again_after_a_crash() {
    let mut node = Node::new(ROOT);
    for tx in [3, 4] {
        node.handle(Input::Begin { tx: TxId(tx) });
    }
    node.tell(4, vec![Do::Force(1)]);
    node.crash(1);
    node.restart(6);
    assert_eq!(node.host.settled().0, 4, "3 is lost and 4 is not over");
    node.tell(4, vec![Do::Force(90)]);
    node.crash(2);
    node.restart(6);
    assert_eq!(node.host.settled().0, 6);
}

// Messages to oneself.

#[test]
fn a_message_to_oneself_is_handled_in_the_same_step_behind_its_effects() {
    let mut node = node();
    let inner = vec![Do::Note("second", 2), to(ME, vec![Do::Note("third", 3)])];
    let says = node.tell(0, vec![to(ME, inner), Do::Force(1), Do::Note("first", 1)]);
    assert_eq!(
        says,
        ["0 opened", "0 met 0", "0 force 1 at 1", "0 first 1", "0 second 2", "0 third 3"]
    );
}

#[test]
fn messages_to_oneself_keep_their_order() {
    let mut node = node();
    let says = node.tell(
        0,
        vec![
            to(ME, vec![Do::Note("a", 1), to(ME, vec![Do::Note("c", 3)])]),
            to(ME, vec![Do::Note("b", 2)]),
        ],
    );
    assert_eq!(says, ["0 opened", "0 met 0", "0 a 1", "0 b 2", "0 c 3"]);
}

#[test]
fn a_message_to_oneself_can_meet_a_transaction_that_is_over() {
    let mut node = node();
    let says = node.tell(0, vec![to(ME, vec![Do::Note("late", 1)]), Do::Forget]);
    assert_eq!(says, ["0 opened", "0 met 0", "0 forgot", "0 forgotten 0", "0 late 1"]);
    // An answer from afterwards is looped back like any other.
    let says = node.tell(0, vec![to(ME, vec![Do::Note("self", 1)]), Do::Note("first", 2)]);
    assert_eq!(says, ["0 forgotten 0", "0 first 2", "0 forgotten 0", "0 self 1"]);
}

#[test]
fn a_machine_that_does_not_begin_as_working_says_so() {
    let mut node = node();
    assert_eq!(
        node.tell(0, vec![Do::Stand(Status::Helping)])[..2],
        ["0 opened", "0 stands Helping"]
    );
    assert_eq!(node.tell(1, vec![])[1], "1 met 0");
    assert_eq!(node.tell(1, vec![Do::Stand(Status::InDoubt)]), ["1 stands InDoubt"]);
    assert_eq!(node.tell(1, vec![Do::Stand(Status::InDoubt)]), [""; 0]);
}

// Truncation and memory.

#[test]
fn the_log_is_cut_up_to_the_oldest_record_that_a_machine_may_need() {
    let mut node = with_records();
    node.durable(3);
    node.tell(1, vec![Do::Forget]);
    node.tell(2, vec![Do::Close]);
    assert_eq!(node.log(), (0, vec![1, 2, 3, 4], 3), "transaction 0 needs the first");
    node.tell(0, vec![Do::Forget]);
    node.tell(3, vec![Do::Close]);
    let log = (0, vec![1, 2, 3, 4], 3);
    assert_eq!(node.log(), log, "its last record is not durable, so it may yet be needed");
    node.durable(4);
    node.tell(4, vec![Do::Close]);
    assert_eq!(node.log(), (4, vec![], 4));
}

#[test]
fn a_step_that_a_crash_cuts_short_has_cut_nothing_off() {
    let mut node = node();
    node.tell(0, vec![Do::Force(1)]);
    node.durable(1);
    node.tell(0, vec![Do::Forget]);
    assert_eq!(node.log(), (0, vec![1], 1));
    node.crash(1);
    assert_eq!(node.restart(9), ["0 opened", "0 stands InDoubt", "0 recovered 1"]);
}

#[test]
fn a_node_holds_what_it_would_still_do_something_about() {
    let holds = |node: &Node| node.host.holds(TxId(0));
    let mut node = node();
    assert!(!holds(&node));
    node.tell(0, vec![Do::Write(1)]);
    assert!(holds(&node), "a machine");
    node.tell(0, vec![Do::Forget]);
    assert!(holds(&node), "a record that is to become durable");
    node.durable(1);
    assert!(!holds(&node));
    node.crash(1);
    assert!(holds(&node), "a record that has to be read");
    node.restart(9);
    assert!(holds(&node));
    let mut node = Node::new(ME);
    node.tell(0, vec![]);
    node.crash(0);
    assert!(holds(&node), "a decision that has to be made");
    node.restart(9);
    node.tell(9, vec![Do::Close]);
    assert!(!holds(&node));
}

#[test]
fn a_record_stays_until_the_end_of_its_transaction_is_durable() {
    let mut node = node();
    node.tell(0, vec![Do::Force(1)]);
    node.durable(1);
    node.tell(0, vec![Do::Write(90), Do::Forget]);
    node.tell(1, vec![Do::Close]);
    assert_eq!(node.log(), (0, vec![1, 90], 1), "forgotten, but the end is lazy");
    node.crash(1);
    assert!(node.restart(2).contains(&"0 recovered 1".to_owned()), "the end was lost");
    node.tell(0, vec![Do::Write(90), Do::Forget]);
    node.durable(2);
    node.tell(1, vec![Do::Close]);
    assert_eq!(node.log(), (2, vec![], 2));
}

#[test]
fn a_retired_transaction_leaves_nothing_behind() {
    let mut node = node();
    let fresh = node.clone();
    node.tell(0, vec![Do::Forget]);
    assert!(node.host != fresh.host);
    node.host.retire(TxId(0));
    assert!(node.host == fresh.host && node.hash() == fresh.hash());
}

#[test]
#[should_panic(expected = "a machine is at work")]
fn a_transaction_at_work_cannot_be_retired() {
    let mut node = node();
    node.tell(0, vec![]);
    node.host.retire(TxId(0));
}

#[test]
#[should_panic(expected = "begins once")]
fn a_transaction_begins_once() {
    let mut node = Node::new(ROOT);
    node.handle(Input::Begin { tx: TxId(0) });
    node.handle(Input::Begin { tx: TxId(0) });
}

// Data.

#[test]
fn images_ride_on_the_first_forced_record() {
    let mut node = node();
    node.tell(5, vec![Do::Write(1), Do::Force(2), Do::Force(3)]);
    node.tell(6, vec![Do::Force(4)]);
    let images: Vec<_> = node.host.log().entries().map(|entry| entry.images.clone()).collect();
    assert_eq!(images, [vec![], vec![5], vec![], vec![6]]);
}

#[test]
fn the_store_is_told_of_outcomes_crashes_and_what_to_reload() {
    let mut node = node();
    node.tell(5, vec![Do::Force(1), Do::Force(2)]);
    node.tell(6, vec![Do::Decide(Decision::Commit), Do::Forget]);
    node.tell(7, vec![]);
    node.tell(8, vec![Do::Force(90)]);
    assert_eq!(node.host.data().asked, ["finish 6 Commit"]);
    node.crash(3);
    assert_eq!(node.host.data().asked, ["crash"]);
    node.restart(9);
    // Everything is back before anything is redone or undone.
    assert_eq!(
        node.host.data().asked,
        [
            "crash",
            "reload 5 [5]",
            "reload 5 []",
            "reload 8 [8]",
            "finish 7 Abort",
            "finish 8 Commit",
        ]
    );
}

#[test]
fn what_is_finished_is_not_reloaded() {
    let mut node = node();
    node.tell(5, vec![Do::Force(1), Do::Decide(Decision::Commit), Do::Forget]);
    node.durable(1);
    node.tell(6, vec![Do::Force(2)]);
    assert_eq!(node.log(), (1, vec![2], 1));
    node.crash(2);
    node.restart(9);
    assert_eq!(node.host.data().asked, ["crash", "reload 6 [6]"]);
}
