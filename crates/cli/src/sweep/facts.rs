//! What is known beforehand of a protocol at a point.

use commitsim_catalog::{Options, Runnable};
use commitsim_charts::Cell;
use commitsim_core::{About, Cast, NodeId, Shape};
use commitsim_scenario::Scenario;
use commitsim_sim::{Participants, Topology, casts};

/// The closed forms of a commit in which nothing fails; none where a scenario is none that they
/// are about.
pub(crate) fn facts(scenario: &Scenario, runnable: &dyn Runnable, options: &Options) -> Cell {
    let setup = &scenario.setup;
    let delay = setup.network.usual.latency.mean();
    let everybody = setup.workload.participants == Participants::All;
    let all_write = setup.votes.read_only.is_empty();
    let mut cell = Cell { delay_ns: Some(delay), ..Cell::default() };
    if !everybody || !all_write {
        return cell;
    }
    let promise = runnable.promise(options);
    let n = u64::from(setup.nodes) - 1;
    let cost = (promise.commit_cost)(n, 0);
    cell.messages = Some(cost.messages);
    cell.forced = Some(cost.forced);
    cell.glare = [promise.glare.messages, promise.glare.forced];
    // The tree of least diameter depends on latencies, which a closed form does not know.
    let on_tree = promise.formation.shape == Shape::Tree;
    if !on_tree || setup.topology != Topology::MinDiameter {
        let h = height(&casts(promise.formation, &setup.topology, setup.nodes));
        cell.delays = delays(runnable.about(), n, h);
    }
    cell
}

/// How many hops the farthest voter is from the root.
fn height(casts: &[Cast]) -> u64 {
    let depth = |node: NodeId| {
        let parent = |node: &NodeId| casts.get(usize::from(node.0)).and_then(|cast| cast.parent);
        std::iter::successors(Some(node), parent).take(casts.len()).count() as u64 - 1
    };
    let voters = casts.first().map(|cast| cast.voters.clone()).unwrap_or_default();
    voters.iter().map(depth).max().unwrap_or(0)
}

/// The delays until the root knows, until all have decided and until all is forgotten, without
/// what it may take besides where votes cross.
fn delays(about: &About, n: u64, h: u64) -> Option<[u64; 3]> {
    let value = |text: &str| -> Option<u64> {
        let main = text.split(" + g").next()?;
        let (factor, times) = match main.strip_suffix(['n', 'h']) {
            Some(factor) => (factor, if main.ends_with('n') { n } else { h }),
            None => (main, 1),
        };
        let factor: u64 = if factor.is_empty() { 1 } else { factor.parse().ok()? };
        Some(factor * times)
    };
    let [client, decided, forgotten] = about.delays;
    Some([value(client)?, value(decided)?, value(forgotten)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protocol_says_its_delays_in_a_form_that_is_read() {
        for runnable in commitsim_catalog::all() {
            assert!(delays(runnable.about(), 3, 2).is_some(), "{}", runnable.about().id);
        }
        let tree = commitsim_catalog::find("d2pc").unwrap().about();
        assert_eq!(delays(tree, 3, 2), Some([4, 6, 8]));
        let chain = commitsim_catalog::find("2pc-linear").unwrap().about();
        assert_eq!(delays(chain, 3, 2), Some([6, 6, 9]));
    }
}
