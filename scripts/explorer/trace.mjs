// A trace read by itself, without anything of the page: what happens before what, by vector clocks
// (Mattern 1989). The page follows links instead, so that each tells on the other.

import { readFileSync } from "node:fs";

/* What the network and the scenario do stands beside a node that learns nothing of it. */
const FOREIGN = new Set(["lose", "duplicate", "strike", "ease", "heal"]);

export function readTrace(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const [head, ...seen] = lines.map((line) => JSON.parse(line));
  const at = new Map();
  const sent = new Map();
  const clocks = seen.map((one) => {
    const before = at.get(one.node) ?? {};
    const clock = { ...before };
    const learn = (other) => {
      for (const [node, count] of Object.entries(other ?? {})) {
        clock[node] = Math.max(clock[node] ?? 0, count);
      }
    };
    if (FOREIGN.has(one.kind)) {
      // It comes of what was sent, and nothing at the node comes of it; a second copy carries what
      // the first does.
      const known = sent.get(one.id) ?? {};
      if (one.kind === "duplicate") sent.set(one.copy, known);
      return known;
    }
    if (one.kind === "deliver") learn(sent.get(one.id));
    clock[one.node] = (before[one.node] ?? 0) + 1;
    if (one.kind === "send") sent.set(one.id, clock);
    at.set(one.node, clock);
    return clock;
  });
  const own = new Map();
  const counts = seen.map((one) => {
    if (FOREIGN.has(one.kind)) return null;
    own.set(one.node, (own.get(one.node) ?? 0) + 1);
    return own.get(one.node);
  });
  return { head, seen, clocks, counts };
}

/* The numbers of all observations before the `i`-th. */
export function pastOf({ seen, clocks, counts }, i) {
  const known = (node) => clocks[i][node] ?? 0;
  const before = (one, n) => n !== i && counts[n] !== null && counts[n] <= known(one.node);
  return seen.flatMap((one, n) => (before(one, n) ? [n] : []));
}
