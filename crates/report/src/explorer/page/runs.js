"use strict";

/* The runs as the page has them, and what follows from them alone.

   A run has lists, one for each property: of its observations (`seen`), of its messages and of its
   stretches of time (`spans`). Everything else refers to these by number. Texts stand in
   `book.words` and reach the page through textContent only. */

const book = JSON.parse(document.getElementById("book").textContent);

const runs = book.runs.map((run, number) => {
  const { seen } = run;
  // Times in milliseconds, for drawing; exact ones are put together from seen.ms and seen.ns.
  const at = Float64Array.from(seen.ms, (ms, i) => ms + seen.ns[i] / 1e6);
  return { ...run, number, at, first: at[0] ?? 0, last: at[at.length - 1] ?? 0 };
});

const messageCount = runs.reduce((sum, run) => sum + run.messages.id.length, 0);

/* The time of an observation, exact. */
function timeOf(run, i) {
  return `${run.seen.ms[i]}.${String(run.seen.ns[i]).padStart(6, "0")}`;
}

/* The nanoseconds from one observation to another: exact up to 104 days. */
function spanOf(run, from, to) {
  return (run.seen.ms[to] - run.seen.ms[from]) * 1e6 + run.seen.ns[to] - run.seen.ns[from];
}

/* A span of time with its unit, in at most four digits. */
function duration(ns) {
  const units = [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]];
  const [name, size] = units.find(([, size]) => ns >= size) ?? units[3];
  const value = ns / size;
  return `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(4))} ${name}`;
}

/* Everything that an observation can depend on (Lamport 1978): what came before it at its node,
   what was sent to it, and so on. `marks` has a 1 for each, the observation included, and `reach`
   says for each node how far its past goes. */
function causalPast(run, i) {
  const { own, before, cause, node } = run.seen;
  const marks = new Uint8Array(run.at.length);
  const reach = new Array(run.nodes.length).fill(-1);
  const open = [i];
  let count = 0;
  while (open.length > 0) {
    const at = open.pop();
    if (marks[at] === 1) continue;
    marks[at] = 1;
    count += 1;
    // What the network does is written down beside a node, but is not in the order of the node.
    if (own[at] === 1) reach[node[at]] = Math.max(reach[node[at]], at);
    for (const earlier of [before[at], cause[at]]) {
      if (earlier !== null && marks[earlier] === 0) open.push(earlier);
    }
  }
  return { run, at: i, marks, reach, count: count - 1 };
}

/* The other end of the message that an observation is about; null where there is none. */
function otherEnd(run, i) {
  const message = run.seen.message[i];
  if (message === null) return null;
  const { sent, ended } = run.messages;
  return sent[message] === i ? ended[message] : sent[message];
}
