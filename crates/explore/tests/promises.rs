//! What a search owes to whoever believes it, shown on protocols that are made up for it.

mod toy;

use commitsim_core::{Decision, Effects, NodeId};
use commitsim_explore::{Alone, Bounds, Choice, Crew, Ill, Quest, Verdict, explore};
use commitsim_spec::{Objection, Property};

use toy::{Bell, Event, Said, Toy, WAIT, toys};

const ROOT: NodeId = NodeId(0);
const ONE: NodeId = NodeId(1);
const TWO: NodeId = NodeId(2);

const SAFETY: Quest = Quest {
    properties: Vec::new(),
    recovery: false,
    reduced: true,
    worlds: 1_000_000,
    memory: 1 << 30,
};

const ANYTHING: Bounds = Bounds { unreliable: true, ..Bounds::NONE };

/// Many hands that hold the jobs in another order than they come.
struct Many;

impl Crew for Many {
    fn hands(&self) -> usize {
        50
    }

    fn share(&self, jobs: usize, job: &(dyn Fn(usize) + Sync)) {
        (0..jobs).rev().for_each(job);
    }
}

/// The root says eight things at once; who hears some of them in the wrong order changes its mind.
fn hears_many_things(me: NodeId, heard: u8, event: Event, fx: &mut Effects<Toy>) -> u8 {
    match event {
        Event::Begin => (0..8).for_each(|what| fx.send(ONE, Said(what))),
        Event::Arrives(what) if me == ONE => {
            let heard = heard | 1 << what;
            if heard == 0b0011_0110 {
                fx.decide(Decision::Abort);
                fx.decide(Decision::Commit);
            }
            return heard;
        }
        _ => {}
    }
    heard
}

#[test]
fn what_is_said_of_something_found_does_not_depend_on_who_looks() {
    for bounds in [Bounds::NONE, ANYTHING] {
        let quest = Quest { properties: vec![Property::Ac2], ..SAFETY };
        let start = || toys(hears_many_things, 2, bounds);
        let one = explore(start(), &quest, &Alone, &mut |_| true);
        let many = explore(start(), &quest, &Many, &mut |_| true);
        assert!(matches!(one, Verdict::Broken { .. }), "{one:?}");
        assert_eq!(one, many);
    }
}

/// The root says the same again whenever its alarm goes off, and only then.
fn repeats(me: NodeId, state: u8, event: Event, fx: &mut Effects<Toy>) -> u8 {
    match event {
        Event::Begin => fx.arm(Bell, WAIT),
        Event::Alarm if me == ROOT => {
            fx.send(ONE, Said(0));
            fx.arm(Bell, WAIT);
        }
        Event::Arrives(_) if me == ONE => fx.decide(Decision::Commit),
        _ => {}
    }
    state
}

#[test]
fn what_is_found_takes_no_more_alarms_than_may_go_off() {
    let bounds = Bounds { alarms: Some(0), ..ANYTHING };
    // The second search is given up, so that what the first has found is what counts.
    let mut blocks = 0;
    let verdict = explore(toys(repeats, 2, bounds), &SAFETY, &Alone, &mut |_| {
        blocks += 1;
        blocks < 2
    });
    assert!(!matches!(verdict, Verdict::Broken { .. }), "{verdict:?}");
    let bounds = Bounds { alarms: Some(1), ..ANYTHING };
    let verdict = explore(toys(repeats, 2, bounds), &SAFETY, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Broken { .. }), "{verdict:?}");
}

#[test]
fn nothing_arrives_from_the_other_part_of_a_network() {
    let bounds = Bounds { partitions: 1, ..ANYTHING };
    let search = |reduced| {
        let quest = Quest { reduced, properties: vec![Property::Ac1], ..SAFETY };
        explore(toys(repeats, 2, bounds), &quest, &Alone, &mut |_| true)
    };
    assert_eq!(search(true), search(false));
}

/// All agree; then one commits and another aborts, and the oracle blames who comes second.
fn splits(me: NodeId, state: u8, event: Event, fx: &mut Effects<Toy>) -> u8 {
    match event {
        Event::Begin => {
            fx.send(ONE, Said(0));
            fx.send(TWO, Said(0));
            fx.ask_vote();
        }
        Event::Arrives(0) if state == 0 => {
            fx.ask_vote();
            return 1;
        }
        Event::Voted(_) if me != ROOT => fx.send(ROOT, Said(1 << me.0)),
        Event::Voted(_) => return agrees(state | 1, fx),
        Event::Arrives(vote) if me == ROOT => return agrees(state | vote, fx),
        Event::Arrives(9) if me == ONE => fx.decide(Decision::Commit),
        Event::Arrives(9) => {
            // More is said on this way, so that a reduced search goes it first.
            fx.send(ROOT, Said(0));
            fx.decide(Decision::Abort);
        }
        _ => {}
    }
    state
}

fn agrees(votes: u8, fx: &mut Effects<Toy>) -> u8 {
    if votes == 0b111 {
        fx.send(ONE, Said(9));
        fx.send(TWO, Said(9));
    }
    votes
}

#[test]
fn what_the_oracle_says_is_about_the_way_that_is_shown() {
    let quest = Quest { properties: vec![Property::Ac1], ..SAFETY };
    let start = toys(splits, 3, Bounds { refusals: false, ..ANYTHING });
    let verdict = explore(start, &quest, &Alone, &mut |_| true);
    let Verdict::Broken { way, violations, .. } = verdict else { panic!("{verdict:?}") };
    let Some(Choice::Deliver(last)) = way.last() else { panic!("{way:?}") };
    let split = violations.iter().find(|violation| violation.property == Property::Ac1).unwrap();
    let Objection::Disagrees { by, .. } = split.objection else { panic!("{split:?}") };
    assert_eq!(by, last.to, "{way:#?}");
}

/// A commit for three messages, or for four if the second of two arrives first.
fn is_dearer_the_other_way_round(me: NodeId, heard: u8, event: Event, fx: &mut Effects<Toy>) -> u8 {
    match event {
        Event::Begin => {
            fx.send(ONE, Said(1));
            fx.send(ONE, Said(2));
            fx.ask_vote();
        }
        Event::Arrives(what) if me == ONE => {
            if heard == 0 {
                fx.ask_vote();
                (what == 2).then(|| fx.send(ROOT, Said(4)));
            }
            return heard | what;
        }
        Event::Voted(_) if me == ONE => fx.send(ROOT, Said(3)),
        Event::Voted(_) => return ready(heard | 1, fx),
        Event::Arrives(3) => return ready(heard | 2, fx),
        _ => {}
    }
    heard
}

fn ready(heard: u8, fx: &mut Effects<Toy>) -> u8 {
    (heard == 3).then(|| fx.decide(Decision::Commit));
    heard
}

#[test]
fn every_way_to_a_commit_is_asked_what_it_cost() {
    let quest = Quest { properties: vec![Property::Cost], recovery: true, ..SAFETY };
    let bounds = Bounds { alarms: Some(0), refusals: false, ..Bounds::NONE };
    let start = toys(is_dearer_the_other_way_round, 2, bounds);
    let verdict = explore(start, &quest, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Ill { .. }), "{verdict:?}");
}

/// Each answers whatever it hears, for ever.
fn chatters(me: NodeId, state: u8, event: Event, fx: &mut Effects<Toy>) -> u8 {
    if event != Event::Alarm {
        fx.send(if me == ROOT { ONE } else { ROOT }, Said(0));
    }
    state
}

#[test]
fn who_never_stops_talking_does_not_keep_a_search_from_its_end() {
    let quest = Quest { recovery: true, ..SAFETY };
    let verdict = explore(toys(chatters, 2, Bounds::NONE), &quest, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Ill { ill: Ill::Restless, .. }), "{verdict:?}");
}

/// Does nothing, whatever happens.
fn rests(_: NodeId, state: u8, _: Event, _: &mut Effects<Toy>) -> u8 {
    state
}

/// Counted by hand. At first all are up (1), or the participant is down (2). The transaction begins
/// in each of them (3, 4); or it has begun, and the root dies of it (5). Those who are down come
/// back (6, 7). Were the root to die before it begins, there would be more.
#[test]
fn a_root_that_is_down_begins_nothing() {
    let start = toys(rests, 2, Bounds { crashes: 1, refusals: false, ..Bounds::NONE });
    let verdict = explore(start, &SAFETY, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    assert_eq!(verdict.walk().worlds, 7);
}
