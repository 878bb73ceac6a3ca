//! The spanning tree of least diameter.

use commitsim_core::NodeId;

/// A point on an edge, and how far the farthest node is from it.
#[derive(Clone, Copy)]
struct Centre {
    one: usize,
    other: usize,
    /// Twice the distances from `one` to the point, and from the point to the farthest node.
    twice_along: u64,
    twice_radius: u64,
}

/// The edges of the spanning tree whose longest path is shortest, for a complete graph with these
/// edge lengths; `lengths[i][j]` is `lengths[j][i]`. Of several such trees always the same one.
///
/// It is the tree of shortest paths from the absolute centre of the graph (Hassin & Tamir 1995);
/// the centre is found by looking at every edge (Kariv & Hakimi 1979).
pub(crate) fn least(lengths: &[Vec<u64>]) -> Vec<(NodeId, NodeId)> {
    let all = lengths.len();
    let (distance, before) = shortest(lengths);
    let edges = (0..all).flat_map(|one| (one + 1..all).map(move |other| (one, other)));
    let centres = edges.map(|(one, other)| on_edge(one, other, lengths[one][other], &distance));
    let Some(centre) = centres.min_by_key(|centre| centre.twice_radius) else { return Vec::new() };
    let Centre { one, other, twice_along, .. } = centre;
    let rest = 2 * lengths[one][other] - twice_along;
    // Where a detour is shorter than the edge itself, the centre may reach both of its ends
    // through the same one.
    let through_one =
        |node: usize| 2 * distance[one][node] + twice_along <= 2 * distance[other][node] + rest;
    let root = if through_one(one) { one } else { other };
    let parent = |node: usize| match (through_one(node), node == other && root == one) {
        (false, true) => one,
        (true, _) => before[one][node],
        (false, false) => before[other][node],
    };
    let others = (0..all).filter(|node| *node != root);
    others.map(|node| (id(parent(node)), id(node))).collect()
}

fn id(node: usize) -> NodeId {
    NodeId(u16::try_from(node).unwrap_or(u16::MAX))
}

/// All shortest distances, and the last stop before each node on the way to it (Dijkstra's
/// algorithm from every node, without a queue, since every two nodes have an edge).
fn shortest(lengths: &[Vec<u64>]) -> (Vec<Vec<u64>>, Vec<Vec<usize>>) {
    let all = lengths.len();
    let from = |start: usize| {
        let mut distance = lengths[start].clone();
        distance[start] = 0;
        let mut before = vec![start; all];
        let mut open: Vec<usize> = (0..all).filter(|node| *node != start).collect();
        while let Some(place) = (0..open.len()).min_by_key(|place| distance[open[*place]]) {
            let near = open.remove(place);
            for &node in &open {
                let through = distance[near].saturating_add(lengths[near][node]);
                if through < distance[node] {
                    distance[node] = through;
                    before[node] = near;
                }
            }
        }
        (distance, before)
    };
    (0..all).map(from).unzip()
}

/// The best point on one edge. Seen from a point, a node is reached through the nearer end, so
/// the farthest distance is least where a rising and a falling line cross, or at an end.
fn on_edge(one: usize, other: usize, length: u64, distance: &[Vec<u64>]) -> Centre {
    let mut far: Vec<(u64, u64)> =
        (0..distance.len()).map(|node| (distance[one][node], distance[other][node])).collect();
    far.sort_unstable_by(|a, b| b.cmp(a));
    let centre = |twice_along, twice_radius| Centre { one, other, twice_along, twice_radius };
    let radius = |end: usize| distance[end].iter().copied().max().unwrap_or(0);
    let mut best = centre(0, 2 * radius(one));
    if radius(other) < radius(one) {
        best = centre(2 * length, 2 * radius(other));
    }
    // Nodes in falling distance from `one`; those before the current are reached through `other`.
    let mut through_other = far.first().map_or(0, |node| node.1);
    for &(to_one, to_other) in far.iter().skip(1) {
        let crossing = (through_other + length).checked_sub(to_one);
        if let Some(twice_along) = crossing
            && twice_along <= 2 * length
        {
            let twice_radius = 2 * to_one + twice_along;
            if twice_radius < best.twice_radius {
                best = centre(twice_along, twice_radius);
            }
        }
        through_other = through_other.max(to_other);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use commitsim_rng::{Bits, Purpose, Seed, Stream};

    fn diameter(lengths: &[Vec<u64>], edges: &[(usize, usize)]) -> u64 {
        let all = lengths.len();
        let mut distance = vec![vec![u64::MAX; all]; all];
        (0..all).for_each(|node| distance[node][node] = 0);
        for &(a, b) in edges {
            distance[a][b] = lengths[a][b];
            distance[b][a] = lengths[a][b];
        }
        for k in 0..all {
            for i in 0..all {
                for j in 0..all {
                    let through = distance[i][k].saturating_add(distance[k][j]);
                    distance[i][j] = distance[i][j].min(through);
                }
            }
        }
        distance.into_iter().flatten().max().unwrap_or(0)
    }

    /// Every labelled tree of `all` nodes, from its Prüfer code.
    fn tree(all: usize, mut code: usize) -> Vec<(usize, usize)> {
        let mut digits = Vec::new();
        for _ in 2..all {
            digits.push(code % all);
            code /= all;
        }
        let mut degree = vec![1; all];
        digits.iter().for_each(|digit| degree[*digit] += 1);
        let mut edges = Vec::new();
        for digit in digits {
            let leaf = degree.iter().position(|degree| *degree == 1).unwrap();
            edges.push((leaf, digit));
            degree[leaf] = 0;
            degree[digit] -= 1;
        }
        let mut last = (0..all).filter(|node| degree[*node] == 1);
        edges.push((last.next().unwrap(), last.next().unwrap()));
        edges
    }

    #[test]
    fn no_tree_has_a_smaller_diameter() {
        let mut draw = Stream::new(Seed(5), Purpose::Topology);
        for round in 0..300 {
            let all = 2 + round % 5;
            let mut lengths = vec![vec![0; all]; all];
            for (one, other) in (0..all).flat_map(|one| (0..one).map(move |other| (one, other))) {
                let length = draw.within(0..=[9, 100][round % 2]);
                lengths[one][other] = length;
                lengths[other][one] = length;
            }
            let edges: Vec<_> = least(&lengths)
                .iter()
                .map(|(one, other)| (usize::from(one.0), usize::from(other.0)))
                .collect();
            assert_eq!(edges.len(), all - 1);
            let trees = all.pow(u32::try_from(all).unwrap() - 2);
            let best = (0..trees).map(|code| diameter(&lengths, &tree(all, code))).min();
            assert_eq!(Some(diameter(&lengths, &edges)), best, "{lengths:?} {edges:?}");
        }
    }

    #[test]
    fn one_node_has_no_edge_and_equal_links_make_a_star() {
        assert_eq!(least(&[vec![0]]), []);
        let edges = least(&vec![vec![2; 4]; 4]);
        assert_eq!(edges, [1, 2, 3].map(|node| (NodeId(0), NodeId(node))));
    }
}
