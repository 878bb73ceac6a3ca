
/* The address of the page: what is shown stands behind the `#`, so that a link leads back to it.
   What stands there may come from anybody, so only numbers and known words are taken from it. */

let writing = null;

function fragment() {
  const parts = new URLSearchParams();
  const { axis, view, chosen } = state;
  const digits = (u) => Number(axis.toT(u).toFixed(6));
  const hidden = (all, set) => all.flatMap((name, n) => (set.has(name) ? [n] : [])).join(".");
  parts.set("t", `${digits(view.from)}_${digits(view.to)}`);
  parts.set("at", chosen === null ? "" : `${chosen.run.number}.${chosen.i}`);
  parts.set("tx", filter.transactions);
  parts.set("nodes", hidden(allNodes, filter.hiddenNodes));
  parts.set("messages", hidden(allMessages, filter.hiddenMessages));
  parts.set("off", [...filter.off].sort().join("."));
  return `#${parts}`;
}

/* Writes the address when nothing has changed for a moment: browsers limit how often it may. */
function writePlace() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", fragment()), 200);
}

/* Goes to what the address says; what it does not say stays as it is. */
function readPlace() {
  const parts = new URLSearchParams(location.hash.slice(1));
  // Those of the names whose numbers stand in a part.
  const named = (key, names) => {
    const numbers = parts.get(key).split(".").filter((n) => n !== "").map(Number);
    return new Set(numbers.map((n) => names[n]).filter((name) => name !== undefined));
  };
  if (parts.has("tx") && rangesOf(parts.get("tx")) !== undefined) {
    filter.transactions = parts.get("tx");
    filter.ranges = rangesOf(filter.transactions);
  }
  if (parts.has("nodes")) filter.hiddenNodes = named("nodes", allNodes);
  if (parts.has("messages")) filter.hiddenMessages = named("messages", allMessages);
  if (parts.has("off")) {
    const words = parts.get("off").split(".");
    filter.off = new Set(LANES.map(([word]) => word).filter((word) => words.includes(word)));
  }
  refresh();
  const [from, to] = (parts.get("t") ?? "").split("_").map(Number);
  if (from < to) see(state.axis.toU(from), state.axis.toU(to));
  if (parts.has("at")) {
    const [number, i] = parts.get("at").split(".").map(Number);
    const known = runs[number] !== undefined && i in runs[number].at && parts.get("at") !== "";
    choose(known ? { run: runs[number], i } : null);
  }
}
