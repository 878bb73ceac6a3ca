
/* Where everything stands that does not depend on the zoom: the lanes of the nodes from top to
   bottom, and the rows in which stretches of several transactions lie beside each other. */

const AXIS_HEIGHT = 26;
const HEADING_HEIGHT = 24;
const STANCE_ROW = 6;
const LOCK_ROW = 6;
const MOST_ROWS = 8;

/* A drawing of a few nodes is made this high, so that the texts of its messages find room. */
const LEAST_HEIGHT = 470;

const STANCES = new Set(["work", "doubt", "blocked"]);
const WRITES = new Set(["forced", "lazy"]);
const LOCKS = new Set(["lock", "wait"]);

let lanes = [];
let bottom = 0;

/* Beginning and end of a stretch; one that goes beyond its run is cut there. */
function spanTimes(run, span) {
  const { from, to } = run.spans;
  const begin = from[span] === null ? run.first : run.at[from[span]];
  return [begin, to[span] === null ? run.last : run.at[to[span]]];
}

/* Gives each stretch the first row that is free; where all are taken they share the last.
   Stretches with the same key, such as the work and the doubt of a transaction, share a row. */
function pack(run, spans, keyOf) {
  const rows = new Map();
  const extents = new Map();
  for (const span of spans) {
    const [begin, end] = spanTimes(run, span);
    const key = keyOf(span);
    const known = extents.get(key);
    if (known === undefined) extents.set(key, { begin, end, spans: [span] });
    else {
      known.begin = Math.min(known.begin, begin);
      known.end = Math.max(known.end, end);
      known.spans.push(span);
    }
  }
  const free = [];
  const inOrder = [...extents.values()].sort((a, b) => a.begin - b.begin);
  for (const { begin, end, spans: together } of inOrder) {
    let row = free.findIndex((since) => since <= begin);
    if (row === -1) row = free.length < MOST_ROWS ? free.length : MOST_ROWS - 1;
    free[row] = Math.max(free[row] ?? -Infinity, end);
    for (const span of together) rows.set(span, row);
  }
  return { rows, count: free.length };
}

/* Puts the lanes below each other, and apart if there is room. */
function layOut() {
  stack(0);
  const spare = (LEAST_HEIGHT - bottom) / Math.max(1, lanes.length);
  if (spare > 0) stack(Math.min(spare, 50));
}

function stack(apart) {
  lanes = [];
  let y = AXIS_HEIGHT;
  for (const run of runs) {
    const heading = y;
    y += HEADING_HEIGHT;
    const byNode = run.nodes.map(() => ({ stances: [], writes: [], locks: [], downs: [] }));
    run.spans.kind.forEach((kind, span) => {
      const tx = run.spans.tx[span];
      if (!showsTransaction(tx)) return;
      const of = byNode[run.spans.node[span]];
      if (STANCES.has(kind)) of.stances.push(span);
      else if (WRITES.has(kind)) of.writes.push(span);
      else if (LOCKS.has(kind)) of.locks.push(span);
      else of.downs.push(span);
    });
    const before = lanes.length;
    run.nodes.forEach((name, node) => {
      if (!showsNode(run, node)) return;
      const { stances, writes, locks, downs } = byNode[node];
      const partOf = (span) => (run.spans.kind[span] === "work" ? "work" : "doubt");
      const kept = stances.filter((span) => !filter.off.has(partOf(span)));
      const stance = pack(run, kept, (span) => run.spans.tx[span]);
      const hasLog = !filter.off.has("log") && writes.length > 0;
      const lock = pack(run, filter.off.has("locks") ? [] : locks, (span) => span);
      const lane = { run, node, name, stances: kept, stance, downs, lock };
      lane.writes = hasLog ? writes : [];
      lane.y = y + 14 + Math.max(0, stance.count - 1) * STANCE_ROW;
      lane.logY = lane.y + 11;
      lane.lockY = lane.y + (hasLog ? 32 : 11);
      const below = hasLog ? 32 : 11;
      lane.bottom = lane.y + below + (lock.count > 0 ? lock.count * LOCK_ROW + 6 : 6);
      y = lane.bottom + 4 + apart;
      lanes.push(lane);
    });
    run.lanes = new Array(run.nodes.length).fill(null);
    for (const lane of lanes.slice(before)) run.lanes[lane.node] = lane;
    run.top = heading;
    run.bottom = y - apart;
    y += 14 - apart;
  }
  bottom = y;
}
