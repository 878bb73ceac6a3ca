
/* What is shown: transactions, nodes, messages by name, and the parts of a lane. */

/* More nodes than this are not shown before somebody asks for them. */
const NODES_AT_FIRST = 40;

const LANES = [
  ["work", "work"], ["doubt", "in doubt"], ["log", "log"], ["locks", "locks"], ["names", "names"],
  ["waits", "shorten waits"],
];

const allNodes = [...new Set(runs.flatMap((run) => run.nodes))];
const allMessages = [...new Set(runs.flatMap((run) => [...new Set(run.messages.name)]))]
  .map((name) => book.words[name]).sort();

const filter = {
  transactions: "",
  ranges: null,
  hiddenNodes: new Set(allNodes.slice(NODES_AT_FIRST)),
  hiddenMessages: new Set(),
  off: new Set(),
};

/* Ranges of transactions from a text like "0 3 5-9"; null means all, undefined that it is wrong. */
function rangesOf(text) {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  const ranges = parts.map((part) => /^(\d{1,10})(?:[-–](\d{1,10}))?$/.exec(part));
  if (ranges.some((found) => found === null)) return undefined;
  if (ranges.length === 0) return null;
  return ranges.map(([, from, to]) => [Number(from), Number(to ?? from)]);
}

function showsTransaction(tx) {
  // What happens to a node or to the network as a whole belongs to every transaction.
  return tx === null || filter.ranges === null
    || filter.ranges.some(([from, to]) => from <= tx && tx <= to);
}

function showsNode(run, node) {
  return !filter.hiddenNodes.has(run.nodes[node]);
}

function showsMessage(run, message) {
  return !filter.hiddenMessages.has(book.words[run.messages.name[message]])
    && showsNode(run, run.messages.from[message]) && showsNode(run, run.messages.to[message]);
}

function shows(run, i) {
  const message = run.seen.message[i];
  return showsTransaction(run.seen.tx[i]) && showsNode(run, run.seen.node[i])
    && (message === null || showsMessage(run, message));
}

/* The observations that are shown, in their order, for each run. */
let shown = [];

function refilter() {
  shown = runs.map((run) => {
    const kept = [];
    for (let i = 0; i < run.at.length; i += 1) if (shows(run, i)) kept.push(i);
    return kept;
  });
}

/* Where `i` stands, or would stand, among the shown observations of its run. */
function placeAmongShown(run, i) {
  const list = shown[run.number];
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < i) low = middle + 1;
    else high = middle;
  }
  return low;
}
