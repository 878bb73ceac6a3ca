//! The oracle tested by hand: for each property a run that breaks it and one that does not.

use commitsim_core::{
    Cost, Decision, Formation, Lsn, Meaning, Necessary, NodeId, NodeSet, Promise, Shape, Status,
    Time, TxId, Vote, Why, Word, WriteAhead,
};
use commitsim_spec::{Circumstances, Objection, Observation, Progress, Property, Spec, What};

const TX: TxId = TxId(0);
const COMMIT: Decision = Decision::Commit;
const ABORT: Decision = Decision::Abort;

/// Three voters and a helper, node 3; node 0 is the root. A commit costs 4n − 2r messages and
/// 2(n − r) + 1 forced records.
fn promise(necessary: Necessary) -> Promise {
    Promise {
        formation: Formation { shape: Shape::Star, helpers: 1 },
        glare: Cost::NONE,
        necessary,
        ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: true },
        commit_cost: |n, r| Cost { messages: 4 * n - 2 * r, forced: 2 * (n - r) + 1 },
    }
}

/// An oracle that looks on, one nanosecond a step.
struct Court {
    spec: Spec,
    now: u64,
}

impl Court {
    fn new() -> Court {
        Court::that_needs(Necessary::Root)
    }

    fn that_needs(necessary: Necessary) -> Court {
        let mut court = Court { spec: Spec::new(promise(necessary), 4), now: 0 };
        court.open(TX);
        court
    }

    fn open(&mut self, tx: TxId) {
        self.spec.open(tx, NodeId(0), &NodeSet::first(3));
    }

    fn see(&mut self, node: u16, what: What) -> &mut Court {
        self.now += 1;
        self.spec.observe(&Observation { at: Time(self.now), node: NodeId(node), what });
        self
    }

    fn begin(&mut self, node: u16) -> &mut Court {
        self.see(node, What::Begin { tx: TX })
    }

    fn vote(&mut self, node: u16, vote: Vote) -> &mut Court {
        self.see(node, What::Vote { tx: TX, vote })
    }

    fn enter(&mut self, node: u16, status: Status) -> &mut Court {
        self.see(node, What::Enter { tx: TX, status })
    }

    fn decide(&mut self, node: u16, decision: Decision) -> &mut Court {
        self.see(node, What::Decide { tx: TX, decision, why: Why::Protocol })
    }

    fn send(&mut self, node: u16, to: u16, meaning: Meaning) -> &mut Court {
        self.see(node, What::Send { tx: TX, to: NodeId(to), id: 0, word: word(meaning) })
    }

    fn append(&mut self, node: u16, lsn: u64, meaning: Meaning, forced: bool) -> &mut Court {
        self.see(node, What::Append { tx: TX, lsn: Lsn(lsn), word: word(meaning), forced })
    }

    fn durable(&mut self, node: u16, lsn: u64, meaning: Meaning) -> &mut Court {
        self.see(node, What::Durable { tx: TX, lsn: Lsn(lsn), word: word(meaning) })
    }

    fn crash(&mut self, node: u16, kept: u64, appended: u64) -> &mut Court {
        self.see(node, What::Crash { kept: Lsn(kept), appended: Lsn(appended) })
    }

    /// All three take part and vote like this.
    fn votes(&mut self, votes: [Vote; 3]) -> &mut Court {
        for (node, vote) in (0..).zip(votes) {
            self.begin(node).vote(node, vote);
        }
        self
    }

    fn judge(&mut self, cut: &[(u16, u16)], settled: bool) -> Progress {
        let reaches = |from: NodeId, to: NodeId| !cut.contains(&(from.0, to.0));
        let settled = |_| settled;
        let at = Time(self.now);
        self.spec.judge(&Circumstances { at, reaches: &reaches, settled: &settled })
    }

    fn found(&self) -> Vec<Property> {
        self.spec.violations().iter().map(|violation| violation.property).collect()
    }

    fn says(&self) -> Vec<String> {
        let name = |node: NodeId| ["bank", "airline", "hotel", "watchdog"][usize::from(node.0)];
        let name = |node| name(node).to_owned();
        self.spec.violations().iter().map(|violation| violation.says(&name)).collect()
    }
}

fn word(meaning: Meaning) -> Word {
    Word { tag: 0, detail: 0, meaning }
}

fn court(run: impl FnOnce(&mut Court)) -> Court {
    let mut court = Court::new();
    run(&mut court);
    court
}

const ALL_YES: [Vote; 3] = [Vote::Yes; 3];
const NONE: [Property; 0] = [];

// AC1.

#[test]
fn nodes_that_decide_decide_the_same() {
    let bad = court(|run| {
        run.votes(ALL_YES).crash(0, 0, 0).decide(1, COMMIT).decide(2, ABORT);
    });
    assert_eq!(bad.found(), [Property::Ac1]);
    assert_eq!(bad.says(), ["hotel decided abort, unlike airline"]);
    let violation = &bad.spec.violations()[0];
    assert_eq!((violation.at, violation.tx), (Time(bad.now), TX));
    assert_eq!(violation.nodes, [NodeId(1), NodeId(2)]);
    let good = court(|run| {
        run.votes(ALL_YES).crash(0, 0, 0).decide(1, COMMIT).decide(2, COMMIT);
    });
    assert_eq!(good.found(), NONE);
}

#[test]
fn the_decision_of_a_helper_counts_for_agreement() {
    let bad = court(|run| {
        run.votes(ALL_YES).crash(0, 0, 0).decide(3, COMMIT).decide(1, ABORT);
    });
    assert_eq!(bad.found(), [Property::Ac1]);
    assert_eq!(bad.says(), ["airline decided abort, unlike watchdog"]);
    let other = court(|run| {
        run.votes(ALL_YES).decide(1, COMMIT).crash(0, 0, 0).decide(3, ABORT);
    });
    assert_eq!(other.found(), [Property::Ac1]);
}

#[test]
fn a_decision_outlives_the_crash_of_who_made_it() {
    let bad = court(|run| {
        run.votes(ALL_YES).decide(1, COMMIT).crash(1, 0, 1);
        run.see(1, What::Restart).decide(2, ABORT);
    });
    assert_eq!(bad.found(), [Property::Ac1]);
}

// AC2.

#[test]
fn no_node_reverses_its_decision() {
    let bad = court(|run| {
        run.votes(ALL_YES).decide(1, COMMIT).crash(1, 0, 1);
        let why = Why::LostInCrash;
        run.see(1, What::Restart).see(1, What::Decide { tx: TX, decision: ABORT, why });
    });
    assert_eq!(bad.found(), [Property::Ac2]);
    assert_eq!(bad.says(), ["airline decided commit and later abort"]);
    let good = court(|run| {
        run.votes(ALL_YES).decide(1, COMMIT).crash(1, 1, 1);
        run.see(1, What::Restart).decide(1, COMMIT);
    });
    assert_eq!(good.found(), NONE);
}

// AC3.

#[test]
fn commit_needs_the_consent_of_every_voter() {
    let bad = court(|run| {
        run.votes([Vote::Yes, Vote::Yes, Vote::No]).decide(0, COMMIT);
    });
    assert_eq!(bad.found(), [Property::Ac3]);
    assert_eq!(bad.says(), ["bank decided commit without a YES of hotel"]);
    let silent = court(|run| {
        run.begin(0).vote(0, Vote::Yes).begin(1).decide(0, COMMIT);
    });
    assert_eq!(silent.found(), [Property::Ac3]);
    assert_eq!(silent.says(), ["bank decided commit without a YES of airline and hotel"]);
    let nobody = court(|run| {
        run.decide(0, COMMIT);
    });
    assert_eq!(nobody.says(), ["bank decided commit without a YES of bank, airline and hotel"]);
    let good = court(|run| {
        run.votes([Vote::Yes, Vote::ReadOnly, Vote::Yes]).decide(0, COMMIT);
    });
    assert_eq!(good.found(), NONE, "read-only counts as consent");
}

#[test]
fn a_helper_has_no_vote_that_a_commit_could_miss() {
    let good = court(|run| {
        run.begin(3).votes(ALL_YES).decide(3, COMMIT).decide(0, COMMIT);
    });
    assert_eq!(good.found(), NONE);
}

// AC4.

#[test]
fn abort_needs_a_reason() {
    let bad = court(|run| {
        run.votes(ALL_YES).decide(0, ABORT);
    });
    assert_eq!(bad.found(), [Property::Ac4]);
    assert_eq!(bad.says(), ["bank decided abort: nothing failed and nobody voted NO"]);
    let unasked = court(|run| {
        run.begin(0).decide(0, ABORT);
    });
    assert_eq!(unasked.found(), [Property::Ac4]);
    let refused = court(|run| {
        run.votes([Vote::Yes, Vote::No, Vote::Yes]).decide(0, ABORT);
    });
    assert_eq!(refused.found(), NONE);
    let word = word(Meaning::Other);
    let (from, id) = (NodeId(1), 7);
    let reasons = [
        What::Fire { tx: TX, timer: 0 },
        What::Lose { tx: TX, from, id, word },
        What::Duplicate { tx: TX, from, id, copy: 8, word },
        What::Crash { kept: Lsn(0), appended: Lsn(0) },
    ];
    for reason in reasons {
        let good = court(|run| {
            run.votes(ALL_YES).see(2, reason).decide(0, ABORT);
        });
        assert_eq!(good.found(), NONE, "{reason:?}");
    }
}

#[test]
fn a_transaction_that_begins_while_a_node_is_down_may_abort() {
    let later = |restarted: bool| {
        court(|run| {
            run.crash(2, 0, 0);
            if restarted {
                run.see(2, What::Restart);
            }
            run.open(TxId(1));
            run.see(0, What::Decide { tx: TxId(1), decision: ABORT, why: Why::Protocol });
        })
    };
    assert_eq!(later(false).found(), NONE);
    assert_eq!(later(true).found(), [Property::Ac4], "that failure was before its time");
}

// AC5.

#[test]
fn who_can_get_on_has_to_decide() {
    let stuck = |court: &mut Court| {
        court.votes([Vote::Yes, Vote::Yes, Vote::ReadOnly]).decide(0, COMMIT);
    };
    let mut bad = court(stuck);
    assert_eq!(bad.judge(&[], true), Progress::Complete);
    assert_eq!(bad.found(), [Property::Ac5]);
    assert_eq!(bad.says(), ["airline could have learnt the outcome and did not decide"]);
    let mut early = court(stuck);
    assert_eq!(early.judge(&[], false), Progress::Unfinished);
    assert_eq!(early.found(), NONE);
    let mut good = court(stuck);
    good.decide(1, COMMIT);
    assert_eq!(good.judge(&[], true), Progress::Complete);
    assert_eq!(good.found(), NONE, "the reader need not decide");
}

#[test]
fn blocking_is_allowed_while_a_necessary_node_is_out_of_reach() {
    for cut in [(1, 0), (0, 1)] {
        let mut court = court(|run| {
            run.votes(ALL_YES).decide(0, COMMIT).decide(2, COMMIT);
        });
        assert_eq!(court.judge(&[cut], true), Progress::Complete);
        assert_eq!(court.found(), NONE);
    }
    let mut down = court(|run| {
        run.votes(ALL_YES).decide(2, COMMIT).crash(0, 0, 0);
    });
    down.judge(&[], true);
    assert_eq!(down.found(), NONE, "the root is down, and only it is asked");
    let mut dead = court(|run| {
        run.votes(ALL_YES).decide(0, COMMIT).decide(2, COMMIT).crash(1, 0, 0);
    });
    dead.judge(&[], true);
    assert_eq!(dead.found(), NONE, "who is down owes nothing");
}

#[test]
fn whoever_knows_can_be_asked_where_the_protocol_says_so() {
    let mut asked = Court::that_needs(Necessary::RootOrInformed);
    asked.votes(ALL_YES);
    asked.judge(&[], true);
    assert_eq!(asked.found(), [Property::Ac5], "nobody knows, but the root is there");
    let informed = |knows: bool, cut: &[(u16, u16)]| {
        let mut court = Court::that_needs(Necessary::RootOrInformed);
        court.votes(ALL_YES).crash(0, 0, 0);
        if knows {
            court.enter(2, Status::Decided(COMMIT)).decide(2, COMMIT);
        }
        court.judge(cut, true);
        court.found()
    };
    assert_eq!(informed(true, &[]), [Property::Ac5]);
    assert_eq!(informed(true, &[(1, 2)]), NONE);
    assert_eq!(informed(false, &[]), NONE);
}

/// In a chain the last node decides: in node order, but for a root that is not the first.
#[test]
fn who_stands_last_has_to_be_there() {
    let stuck = |down: u16, cut: &[(u16, u16)]| {
        let mut court = Court::that_needs(Necessary::LastOrInformed);
        court.votes(ALL_YES).crash(down, 0, 0);
        court.judge(cut, true);
        court.found()
    };
    assert_eq!(stuck(2, &[]), NONE, "n0 and n1 need n2");
    assert_eq!(stuck(0, &[]), [Property::Ac5]);
    assert_eq!(stuck(0, &[(2, 1)]), [Property::Ac5], "n2 itself has nobody to wait for");
    assert_eq!(stuck(1, &[]), [Property::Ac5]);
}

#[test]
fn who_never_took_part_owes_nothing() {
    let mut court = court(|run| {
        run.begin(0).vote(0, Vote::Yes).see(0, What::Fire { tx: TX, timer: 0 }).decide(0, ABORT);
    });
    court.judge(&[], true);
    assert_eq!(court.found(), NONE);
}

// TCommit.

#[test]
fn a_step_that_the_specification_does_not_have_is_objected_to() {
    use Status::{Decided, InDoubt, Working};
    let walk = |vote: Option<Vote>, steps: &[Status]| {
        court(|run| {
            run.begin(1);
            if let Some(vote) = vote {
                run.vote(1, vote);
            }
            for step in steps {
                run.enter(1, *step);
            }
        })
    };
    let yes = Some(Vote::Yes);
    let bad = [
        (None, vec![InDoubt], "airline went from working to in doubt"),
        (Some(Vote::No), vec![InDoubt], "airline went from working to in doubt"),
        (yes, vec![InDoubt, Working], "airline went from in doubt to working"),
        (yes, vec![Decided(COMMIT), Decided(ABORT)], "airline went from committed to aborted"),
        (yes, vec![Decided(ABORT), InDoubt], "airline went from aborted to in doubt"),
        (yes, vec![Decided(COMMIT), Working], "airline went from committed to working"),
    ];
    for (vote, steps, says) in bad {
        let run = walk(vote, &steps);
        assert_eq!(run.found(), [Property::TCommit]);
        assert_eq!(run.says(), [says]);
    }
    let good = [
        (yes, vec![InDoubt, Decided(COMMIT)]),
        (yes, vec![InDoubt, Decided(ABORT), Decided(ABORT)]),
        (None, vec![Decided(ABORT)]),
        (Some(Vote::No), vec![Decided(ABORT)]),
        (None, vec![Status::Helping]),
    ];
    for (vote, steps) in good {
        assert_eq!(walk(vote, &steps).found(), NONE, "{steps:?}");
    }
}

#[test]
fn a_machine_that_recovers_may_stand_anywhere_its_vote_allows() {
    let good = court(|run| {
        run.begin(1).vote(1, Vote::Yes).enter(1, Status::InDoubt).crash(1, 1, 1);
        run.see(1, What::Restart).begin(1).enter(1, Status::InDoubt);
    });
    assert_eq!(good.found(), NONE);
    let bad = court(|run| {
        run.begin(1).crash(1, 1, 1).see(1, What::Restart).begin(1).enter(1, Status::InDoubt);
    });
    assert_eq!(bad.found(), [Property::TCommit]);
}

#[test]
fn nobody_votes_twice_and_differently() {
    let bad = court(|run| {
        run.begin(1).vote(1, Vote::Yes).vote(1, Vote::No);
    });
    assert_eq!(bad.found(), [Property::TCommit]);
    assert_eq!(bad.says(), ["airline voted a second time, and differently"]);
    let good = court(|run| {
        run.begin(1).vote(1, Vote::Yes).vote(1, Vote::Yes);
    });
    assert_eq!(good.found(), NONE);
}

// Write-ahead.

#[test]
fn a_yes_needs_the_senders_own_durable_vote() {
    const YES: Meaning = Meaning::Vote(Vote::Yes);
    let bad = court(|run| {
        run.append(1, 1, YES, true).send(1, 0, YES);
    });
    assert_eq!(bad.found(), [Property::WriteAhead]);
    assert_eq!(bad.says(), ["airline sent a message before its vote was durable"]);
    let others = court(|run| {
        run.append(2, 1, YES, true).durable(2, 1, YES).send(1, 0, YES);
    });
    assert_eq!(others.found(), [Property::WriteAhead], "another node's vote does not help");
    let good = court(|run| {
        run.append(1, 1, YES, true).durable(1, 1, YES).send(1, 0, YES);
        run.send(2, 0, Meaning::Vote(Vote::No)).send(2, 0, Meaning::Vote(Vote::ReadOnly));
    });
    assert_eq!(good.found(), NONE);
}

#[test]
fn a_commit_needs_a_durable_record_of_it_somewhere() {
    const TOLD: Meaning = Meaning::Decision(Decision::Commit);
    let bad = court(|run| {
        run.append(0, 1, TOLD, true).send(0, 1, TOLD);
    });
    assert_eq!(bad.found(), [Property::WriteAhead]);
    assert_eq!(bad.says(), ["bank sent a message before any record of the commit was durable"]);
    let good = court(|run| {
        run.append(0, 1, TOLD, true).durable(0, 1, TOLD).send(0, 1, TOLD).send(1, 2, TOLD);
        run.send(0, 1, Meaning::Decision(Decision::Abort));
    });
    assert_eq!(good.found(), NONE);
}

#[test]
fn a_presumed_commit_may_be_told_to_those_who_have_decided() {
    const TOLD: Meaning = Meaning::Decision(Decision::Commit);
    let told = |to: u16, presumes_commit: bool| {
        let mut promise = promise(Necessary::Root);
        promise.ahead.presumes_commit = presumes_commit;
        let mut court = Court { spec: Spec::new(promise, 4), now: 0 };
        court.open(TX);
        court.see(0, What::Fire { tx: TX, timer: 0 }).decide(1, ABORT).send(0, to, TOLD);
        court.found()
    };
    assert_eq!(told(1, true), NONE);
    assert_eq!(told(2, true), [Property::WriteAhead], "to who has not decided it is news");
    assert_eq!(told(1, false), [Property::WriteAhead], "nobody presumes commit here");
}

#[test]
fn the_first_request_needs_the_durable_list_of_participants() {
    let bad = court(|run| {
        run.append(0, 1, Meaning::Members, true).send(0, 1, Meaning::Request);
    });
    assert_eq!(bad.found(), [Property::WriteAhead]);
    let says = "bank sent a message before the record of the participants was durable";
    assert_eq!(bad.says(), [says]);
    let good = court(|run| {
        run.append(0, 1, Meaning::Members, true).durable(0, 1, Meaning::Members);
        run.send(0, 1, Meaning::Request);
    });
    assert_eq!(good.found(), NONE);
}

#[test]
fn what_a_crash_leaves_of_the_log_is_durable_because_the_driver_says_so() {
    const TOLD: Meaning = Meaning::Decision(Decision::Commit);
    const YES: Meaning = Meaning::Vote(Vote::Yes);
    let recovered = |kept: u64| {
        let run = |run: &mut Court| {
            run.append(0, 4, TOLD, true).append(1, 4, YES, true);
            run.append(0, 4, Meaning::Members, true);
            if kept >= 4 {
                run.durable(0, 4, TOLD).durable(1, 4, YES).durable(0, 4, Meaning::Members);
            }
            run.crash(0, kept, 9).see(0, What::Restart).crash(1, kept, 9).see(1, What::Restart);
            run.send(0, 2, TOLD).send(1, 0, YES);
        };
        court(run).found()
    };
    assert_eq!(recovered(4), NONE);
    assert_eq!(recovered(3), [Property::WriteAhead]);
    // A record that is lost cannot be what a later life relies on.
    let lost = court(|run| {
        run.append(1, 4, YES, true).crash(1, 3, 4).see(1, What::Restart);
        run.append(1, 4, Meaning::Other, false).durable(1, 4, Meaning::Other).send(1, 0, YES);
    });
    assert_eq!(lost.found(), [Property::WriteAhead]);
}

#[test]
fn rules_that_a_protocol_does_not_promise_are_not_checked() {
    let free = Promise {
        ahead: WriteAhead { vote: false, commit: false, presumes_commit: false, members: false },
        ..promise(Necessary::Root)
    };
    let mut court = Court { spec: Spec::new(free, 4), now: 0 };
    court.open(TX);
    court.send(0, 1, Meaning::Request).send(1, 0, Meaning::Vote(Vote::Yes));
    court.send(0, 1, Meaning::Decision(COMMIT));
    assert_eq!(court.found(), NONE);
}

// Cost.

/// A commit with so many messages and forced records.
fn costing(messages: u64, forced: u64, votes: [Vote; 3]) -> Court {
    court(|run| {
        run.votes(votes);
        for _ in 0..messages {
            run.send(1, 0, Meaning::Other);
        }
        for n in 0..forced {
            run.append(0, n + 1, Meaning::Other, true);
        }
        run.append(0, 99, Meaning::Other, false).decide(0, COMMIT);
    })
}

#[test]
fn a_commit_without_failures_costs_what_the_formula_says() {
    let close = |mut court: Court| {
        court.spec.close(Time(99), TX);
        court
    };
    assert_eq!(close(costing(8, 5, ALL_YES)).found(), NONE);
    let bad = close(costing(8, 4, ALL_YES));
    assert_eq!(bad.found(), [Property::Cost]);
    let says = "an undisturbed commit took 8 messages and 4 forced records, not 8 and 5";
    assert_eq!(bad.says(), [says]);
    let objection = &bad.spec.violations()[0].objection;
    assert!(matches!(objection, Objection::CostDiffers { .. }));
    assert_eq!(close(costing(9, 5, ALL_YES)).found(), [Property::Cost]);
    let readers = [Vote::Yes, Vote::ReadOnly, Vote::Yes];
    assert_eq!(close(costing(6, 3, readers)).found(), NONE);
    assert_eq!(close(costing(8, 5, readers)).found(), [Property::Cost]);
    // Where something failed, or nothing was committed, there is no formula.
    let mut disturbed = costing(9, 9, ALL_YES);
    disturbed.see(2, What::Fire { tx: TX, timer: 0 });
    assert_eq!(close(disturbed).found(), NONE);
    let aborted = court(|run| {
        run.votes([Vote::Yes, Vote::No, Vote::Yes]).send(0, 1, Meaning::Other).decide(0, ABORT);
    });
    assert_eq!(close(aborted).found(), NONE);
    assert_eq!(costing(9, 9, ALL_YES).found(), NONE, "not before all is over");
}

// Reports.

#[test]
fn a_property_is_reported_once_for_a_transaction() {
    let mut court = court(|run| {
        run.votes(ALL_YES).crash(0, 0, 0).decide(1, COMMIT);
        run.decide(2, ABORT).decide(0, ABORT).decide(3, ABORT);
        run.decide(1, ABORT).decide(1, ABORT).decide(2, COMMIT);
    });
    assert_eq!(court.found(), [Property::Ac1, Property::Ac2]);
    // Another transaction is judged by itself.
    court.open(TxId(1));
    let decide = |decision| What::Decide { tx: TxId(1), decision, why: Why::Protocol };
    court.see(1, decide(ABORT)).see(2, decide(COMMIT)).see(1, decide(COMMIT));
    assert_eq!(court.found()[2..], [Property::Ac1, Property::Ac3, Property::Ac2]);
    assert_eq!(court.spec.violations()[3].tx, TxId(1));
}

#[test]
fn a_closed_case_leaves_nothing_to_the_next() {
    let mut court = costing(8, 4, ALL_YES);
    court.durable(0, 99, Meaning::Decision(COMMIT));
    court.decide(1, ABORT).crash(1, 0, 0).see(1, What::Restart);
    court.spec.close(Time(99), TX);
    assert_eq!(court.found(), [Property::Ac1, Property::Ac4]);
    court.open(TX);
    court.begin(0).decide(0, ABORT);
    assert_eq!(court.found()[2..], [Property::Ac4], "not disturbed by what was before");
    court.send(0, 2, Meaning::Decision(COMMIT)).decide(2, COMMIT);
    assert_eq!(court.found()[3..], [Property::WriteAhead, Property::Ac1, Property::Ac3]);
    // What nobody has opened is nobody's case.
    court.see(0, What::Decide { tx: TxId(7), decision: COMMIT, why: Why::Protocol });
    assert_eq!(court.found().len(), 6);
}
