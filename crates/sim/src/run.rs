//! One run, from its beginning to its judgement.

use commitsim_core::{NodeId, Patience, Protocol, Span, Spoken, Time, TxId};
use commitsim_rng::Seed;
use commitsim_spec::{Circumstances, Progress};

use crate::faults::Plan;
use crate::holdings::Holdings;
use crate::queue::QueueKind;
use crate::record::{Ending, RunRecord, Stand};
use crate::setup::Setup;
use crate::storm::{Aims, generate};
use crate::trace::Watch;
use crate::world::World;

/// How a run is to be made. Nothing of this changes what happens in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// On which queue.
    pub queue: QueueKind,
    /// What is kept of each transaction.
    pub keep: Keep,
}

/// What is kept of each transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Keep {
    /// Everything that is measured.
    #[default]
    Transactions,
    /// Nothing: the totals have to do, and memory stays flat.
    Totals,
}

/// Simulates `setup` under the protocol `P` and judges what happened.
///
/// The same build, setup, configuration and seed give the same trace hash: on any machine, on
/// either queue, watched or not. Nodes have no data; what the setup says of it is ignored.
#[must_use]
pub fn simulate<'a, P: Protocol>(
    setup: &'a Setup,
    config: P::Config,
    patience: &Patience,
    seed: Seed,
    manner: Manner,
    watch: Option<&'a mut (dyn Watch + 'a)>,
) -> RunRecord {
    simulate_over::<P, ()>(setup, config, patience, seed, manner, watch)
}

/// The same over the data that the setup's workload says, which `D` holds.
#[must_use]
pub fn simulate_over<'a, P: Protocol, D: Holdings>(
    setup: &'a Setup,
    config: P::Config,
    patience: &Patience,
    seed: Seed,
    manner: Manner,
    watch: Option<&'a mut (dyn Watch + 'a)>,
) -> RunRecord {
    let mut faults = setup.faults.clone();
    let nodes = setup.nodes + P::promise(&config).formation.helpers;
    if let Some(storm) = &setup.storm {
        let aims = Aims { nodes, messages: P::Message::NAMES, records: P::Record::NAMES };
        faults.extend(generate(storm, &aims, seed));
    }
    let plan = Plan::new::<P>(faults, nodes);
    let keep = manner.keep == Keep::Transactions;
    let mut world = World::<P, D>::new(setup, config, plan, seed, manner.queue, watch, keep);
    world.start();
    let mut exhausted = true;
    while world.totals.events < setup.event_limit {
        if !world.step() {
            exhausted = false;
            break;
        }
    }
    finish(world, patience, exhausted)
}

/// Judges the run, closes what is open, and hands out the record.
fn finish<P: Protocol, D: Holdings>(
    mut world: World<'_, P, D>,
    patience: &Patience,
    exhausted: bool,
) -> RunRecord {
    let quiet = !exhausted && world.is_quiet();
    let unfinished = judge(&mut world, patience, quiet);
    let mut undecided = false;
    for tx in world.ledger.open_transactions() {
        if quiet {
            world.spec.close(world.now, tx);
        }
        undecided |= world.ledger.account(tx).is_some_and(|account| account.is_undecided());
        let mut record = world.ledger.close(world.now, tx, world.keep);
        if let Some(record) = &mut record
            && world.will_be_remembered(tx)
        {
            record.forgotten = None;
        }
        world.closed.extend(record);
    }
    // Whoever waits for a repair that is still to come is not blocked for good.
    let repaired = world.standing.repairs > 0 && (undecided || world.workload.has_more());
    let more_to_come = !quiet && (world.beginnings > 0 || repaired);
    let ending = if exhausted || unfinished || more_to_come {
        Ending::Inconclusive
    } else {
        Ending::Settled
    };
    let mut transactions = std::mem::take(&mut world.closed);
    transactions.sort_unstable_by_key(|record| record.id);
    for node in transactions.iter_mut().flat_map(|record| &mut record.nodes) {
        // A transaction may be over while one that never heard of it is down; it may be up by now.
        if matches!(node.state, Stand::Unaware | Stand::Down) {
            node.state = if world.is_up(node.node) { Stand::Unaware } else { Stand::Down };
        }
    }
    let (data, broken) = world.data_record();
    let mut violations = world.spec.violations().to_vec();
    violations.extend(broken);
    violations.sort_by_key(|violation| violation.at);
    RunRecord {
        data,
        trace_hash: world.hash(),
        ending,
        ended: world.now,
        violations,
        transactions,
        totals: world.totals,
        idle_faults: world.plan.idle(world.setup.faults.len()),
    }
}

/// Asks the oracle whether everybody decided who should have. Says whether somebody was still
/// getting somewhere.
fn judge<P: Protocol, D: Holdings>(
    world: &mut World<'_, P, D>,
    patience: &Patience,
    quiet: bool,
) -> bool {
    let settle = settle_time(world, patience);
    let steady = !world.links.lossy() && !world.standing.passing();
    let trouble = world.standing.last_trouble.max(world.links.late_until());
    let now = world.now;
    let has_settled = |began: Time| quiet || steady && now - began.max(trouble) >= settle;
    let mut began: Vec<(TxId, Time)> = Vec::new();
    let mut on_its_way = false;
    for tx in world.ledger.open_transactions() {
        let Some(account) = world.ledger.account(tx) else { continue };
        began.push((tx, account.began()));
        // Somebody has yet to hear of it, and may.
        let goes_on = account.is_undecided() && account.is_under_way();
        on_its_way |= goes_on && !has_settled(account.began());
    }
    let settled = |tx: TxId| {
        let began = began.iter().find(|(open, _)| *open == tx).map_or(now, |(_, at)| *at);
        has_settled(began)
    };
    let links = &world.links;
    let reaches = |from: NodeId, to: NodeId| links.connected(from, to);
    let now = Circumstances { at: now, reaches: &reaches, settled: &settled };
    world.spec.judge(&now) == Progress::Unfinished || on_its_way
}

/// Long enough for every repeat at its longest wait, with its answer, three times over.
fn settle_time<P: Protocol, D: Holdings>(world: &World<'_, P, D>, patience: &Patience) -> Span {
    let waits = [patience.votes, patience.decision, patience.acks, patience.max];
    let longest = waits.into_iter().max().unwrap_or_default();
    let clocks = world.nodes.iter().map(|node| node.clock.inverse().times(longest));
    let round = clocks.max().unwrap_or(longest).plus(world.longest_step());
    round.plus(round).plus(round)
}
