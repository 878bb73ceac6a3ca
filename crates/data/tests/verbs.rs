//! The resource manager by itself, verb by verb.

use commitsim_core::{Decision, TxId, Vote};
use commitsim_data::{Answer, Conflict, Manager, Mode, Note, Readiness, Refusal, Rules};
use commitsim_host::Data;

const OLD: TxId = TxId(1);
const YOUNG: TxId = TxId(2);
const LATE: TxId = TxId(3);

const WAIT_DIE: Rules = Rules { conflict: Conflict::WaitDie, buffer: 0, ..Rules::NONE };
const LENDING: Rules = Rules { lend: true, conflict: Conflict::Wait, ..WAIT_DIE };

/// Ten items of a hundred each.
fn manager(rules: Rules) -> Manager {
    Manager::new(10, 100, rules)
}

fn change(manager: &mut Manager, tx: TxId, item: u32, by: i64) {
    assert_eq!(manager.lock(tx, item, Mode::Exclusive), Answer::Granted, "{tx:?} on {item}");
    let value = manager.read(tx, item);
    manager.write(tx, item, value + by);
}

/// Begins, changes and prepares; the images are what the log would get.
fn prepared(manager: &mut Manager, tx: TxId, item: u32, by: i64) -> commitsim_data::Images {
    manager.begin(tx);
    change(manager, tx, item, by);
    assert_eq!(manager.prepare(tx), Readiness::Vote(Vote::Yes));
    manager.images(tx)
}

fn value(manager: &mut Manager, item: u32) -> i64 {
    let reader = TxId(99);
    manager.begin(reader);
    assert_eq!(manager.lock(reader, item, Mode::Shared), Answer::Granted);
    let value = manager.read(reader, item);
    manager.rollback(reader);
    value
}

#[test]
fn commits_stay_and_aborts_are_undone() {
    let mut data = manager(WAIT_DIE);
    prepared(&mut data, OLD, 0, -30);
    prepared(&mut data, YOUNG, 1, 30);
    assert_eq!(data.list_prepared().collect::<Vec<_>>(), [OLD, YOUNG]);
    data.commit_prepared(OLD);
    data.rollback_prepared(YOUNG);
    assert_eq!((value(&mut data, 0), value(&mut data, 1)), (70, 100));
    assert!(data.is_idle());
}

#[test]
fn readers_share_and_writers_do_not() {
    let mut data = manager(Rules { conflict: Conflict::Refuse, ..WAIT_DIE });
    [OLD, YOUNG, LATE].into_iter().for_each(|tx| data.begin(tx));
    assert_eq!(data.lock(OLD, 0, Mode::Shared), Answer::Granted);
    assert_eq!(data.lock(YOUNG, 0, Mode::Shared), Answer::Granted);
    assert_eq!(data.lock(LATE, 0, Mode::Exclusive), Answer::Refused(Refusal::Conflict));
    assert!(!data.knows(LATE), "who is refused has been rolled back");
    // Alone again, a reader may go on to write.
    data.rollback(YOUNG);
    assert_eq!(data.lock(OLD, 0, Mode::Exclusive), Answer::Granted);
}

#[test]
fn the_older_waits_and_the_younger_dies() {
    let mut data = manager(WAIT_DIE);
    prepared(&mut data, YOUNG, 0, 1);
    data.begin(OLD);
    data.begin(LATE);
    assert_eq!(data.lock(LATE, 0, Mode::Exclusive), Answer::Refused(Refusal::Died));
    assert_eq!(data.lock(OLD, 0, Mode::Exclusive), Answer::Waits);
    data.take_notes();
    data.commit_prepared(YOUNG);
    let granted = Note::Locked { tx: OLD, item: 0, mode: Mode::Exclusive, waited: true };
    assert!(data.take_notes().contains(&granted));
    assert_eq!(data.read(OLD, 0), 101);
}

/// First come, first served: a reader does not overtake a writer that waits.
#[test]
fn nobody_jumps_the_queue() {
    let mut data = manager(Rules { conflict: Conflict::Wait, ..WAIT_DIE });
    [OLD, YOUNG, LATE].into_iter().for_each(|tx| data.begin(tx));
    assert_eq!(data.lock(OLD, 0, Mode::Shared), Answer::Granted);
    assert_eq!(data.lock(YOUNG, 0, Mode::Exclusive), Answer::Waits);
    assert_eq!(data.lock(LATE, 0, Mode::Shared), Answer::Waits);
    // One that gives up lets those behind it through.
    data.rollback(YOUNG);
    assert_eq!(data.read(LATE, 0), 100);
}

#[test]
fn readers_leave_only_where_they_may() {
    for leave in [false, true] {
        let mut data = manager(Rules { readers_leave: leave, ..WAIT_DIE });
        data.begin(OLD);
        assert_eq!(data.lock(OLD, 0, Mode::Shared), Answer::Granted);
        let vote = if leave { Vote::ReadOnly } else { Vote::Yes };
        assert_eq!(data.prepare(OLD), Readiness::Vote(vote));
        assert_eq!(data.is_idle(), leave);
    }
}

#[test]
fn a_full_log_refuses_until_it_is_cut() {
    let mut data = manager(Rules { log_space: Some(1), ..WAIT_DIE });
    prepared(&mut data, OLD, 0, 1);
    data.begin(YOUNG);
    change(&mut data, YOUNG, 1, 1);
    assert_eq!(data.prepare(YOUNG), Readiness::Refused(Refusal::LogFull));
    assert_eq!(value(&mut data, 1), 100);
    data.commit_prepared(OLD);
    data.cut(OLD);
    prepared(&mut data, LATE, 1, 1);
}

/// What a crash leaves: everything that was logged is done again and locked again; nothing else is
/// there, although every change would have gone to disk at once.
#[test]
fn recovery_repeats_history_and_takes_the_locks_again() {
    let mut data = manager(WAIT_DIE);
    let images = prepared(&mut data, OLD, 0, -30);
    data.logged(OLD, &images);
    prepared(&mut data, YOUNG, 1, 30);
    data.crash();
    data.reload(OLD, &images);
    assert_eq!(data.settled_values()[0], None, "in doubt");
    assert_eq!(data.settled_values()[1], Some(100), "its images were lost, and so was its change");
    data.begin(LATE);
    assert_eq!(data.lock(LATE, 0, Mode::Exclusive), Answer::Refused(Refusal::Died));
    let mut other = data.clone();
    data.finish(OLD, Decision::Commit);
    other.finish(OLD, Decision::Abort);
    assert_eq!((value(&mut data, 0), value(&mut other, 0)), (70, 100));
}

/// The log may hold what has been undone and overwritten since; recovery must not bring it back.
#[test]
fn an_abort_of_long_ago_does_not_undo_a_later_commit() {
    let mut data = manager(WAIT_DIE);
    let first = prepared(&mut data, OLD, 0, 5);
    data.logged(OLD, &first);
    data.rollback_prepared(OLD);
    let second = prepared(&mut data, YOUNG, 0, 7);
    data.logged(YOUNG, &second);
    data.commit_prepared(YOUNG);
    data.crash();
    data.reload(OLD, &first);
    data.reload(YOUNG, &second);
    data.finish(OLD, Decision::Abort);
    data.finish(YOUNG, Decision::Commit);
    assert_eq!(value(&mut data, 0), 107);
}

/// The checkpoint: what the log forgets is on disk.
#[test]
fn what_is_cut_from_the_log_is_on_disk() {
    let mut data = manager(Rules { buffer: 100, ..WAIT_DIE });
    let images = prepared(&mut data, OLD, 0, 5);
    data.logged(OLD, &images);
    data.commit_prepared(OLD);
    let mut uncut = data.clone();
    data.cut(OLD);
    data.crash();
    uncut.crash();
    assert_eq!((value(&mut data, 0), value(&mut uncut, 0)), (105, 100));
}

#[test]
fn a_borrower_waits_for_its_lender() {
    let mut data = manager(LENDING);
    prepared(&mut data, OLD, 0, -30);
    data.offer(OLD);
    data.begin(YOUNG);
    change(&mut data, YOUNG, 0, -20);
    assert_eq!(data.prepare(YOUNG), Readiness::Later);
    data.take_notes();
    data.commit_prepared(OLD);
    assert!(data.take_notes().contains(&Note::Freed { tx: YOUNG }));
    assert_eq!(data.prepare(YOUNG), Readiness::Vote(Vote::Yes));
    data.commit_prepared(YOUNG);
    assert_eq!(value(&mut data, 0), 50);
}

/// A lender that aborts takes its borrower with it, newest change first, and nobody else: who
/// would borrow from the borrower has to wait.
#[test]
fn a_lender_that_aborts_dooms_its_borrower() {
    let mut data = manager(LENDING);
    let images = prepared(&mut data, OLD, 0, -30);
    data.logged(OLD, &images);
    data.offer(OLD);
    data.begin(YOUNG);
    change(&mut data, YOUNG, 0, -20);
    data.begin(LATE);
    assert_eq!(data.lock(LATE, 0, Mode::Exclusive), Answer::Waits);
    data.take_notes();
    data.rollback_prepared(OLD);
    assert!(data.take_notes().contains(&Note::Doomed { tx: YOUNG }));
    assert!(!data.knows(YOUNG));
    assert_eq!(data.read(LATE, 0), 100);
    assert!(!data.is_borrowing(LATE));
}

/// Until a transaction has all its locks everywhere it does not lend, prepared or not.
#[test]
fn who_may_still_wait_does_not_lend() {
    let mut data = manager(LENDING);
    prepared(&mut data, OLD, 0, 1);
    data.begin(YOUNG);
    assert_eq!(data.lock(YOUNG, 0, Mode::Exclusive), Answer::Waits);
    data.take_notes();
    data.offer(OLD);
    assert!(data.take_notes().contains(&Note::Borrowed { tx: YOUNG, item: 0, lender: OLD }));
}
