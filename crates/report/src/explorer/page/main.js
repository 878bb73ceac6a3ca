
/* What the page begins with: its head, its controls, and the first drawing. */

/* Draws everything again after what is shown has changed. */
function refresh() {
  refilter();
  layOut();
  const shortens = !filter.off.has("waits");
  if (state.axis === null) state.axis = new Axis(shortens);
  else if (shortens !== state.shortens) {
    // The same stretch of time stays in sight on the other axis.
    const [from, to] = [state.view.from, state.view.to].map((u) => state.axis.toT(u));
    state.axis = new Axis(shortens);
    state.view = { from: state.axis.toU(from), to: state.axis.toU(to) };
  }
  state.shortens = shortens;
  showFilter();
  tables.forEach((table) => turn(table, table.page));
  look();
  writePlace();
}

/* A box to tick, with a name that may be a stranger's. */
function tick(name, isOn, change) {
  const box = element("input", null, { type: "checkbox", checked: isOn() });
  box.addEventListener("change", () => {
    change(box.checked);
    refresh();
  });
  return { label: element("label", [box, foreign(name)]), box, isOn };
}

const ticks = [];

function makeTicks(names, place, isOn, change) {
  for (const [key, name] of names) {
    const made = tick(name, () => isOn(key), (on) => change(key, on));
    ticks.push(made);
    place.append(made.label);
  }
}

/* Ticks for one set of names, of which those that are not shown are kept. */
function makeChoice(id, names, hidden) {
  const place = document.getElementById(id);
  const all = element("button", "all", { type: "button" });
  const none = element("button", "none", { type: "button" });
  all.addEventListener("click", () => {
    hidden().clear();
    refresh();
  });
  none.addEventListener("click", () => {
    names.forEach((name) => hidden().add(name));
    refresh();
  });
  place.append(element("div", [all, none], { className: "group" }));
  const change = (name, on) => (on ? hidden().delete(name) : hidden().add(name));
  makeTicks(names.map((name) => [name, name]), place, (name) => !hidden().has(name), change);
}

const transactions = document.getElementById("transactions");

/* Brings the controls up to what is shown. */
function showFilter() {
  for (const { box, isOn } of ticks) box.checked = isOn();
  const count = (id, all, hidden) => {
    const text = hidden.size === 0 ? "" : `${all.length - hidden.size} of ${all.length}`;
    document.getElementById(id).textContent = text;
  };
  count("nodes-count", allNodes, filter.hiddenNodes);
  count("messages-count", allMessages, filter.hiddenMessages);
  if (document.activeElement !== transactions) transactions.value = filter.transactions;
}

function makeControls() {
  const change = (lane, on) => (on ? filter.off.delete(lane) : filter.off.add(lane));
  makeTicks(LANES, document.getElementById("lanes"), (lane) => !filter.off.has(lane), change);
  // What no run has cannot be switched.
  const kinds = new Set(runs.flatMap((run) => run.spans.kind));
  ticks[LANES.findIndex(([lane]) => lane === "locks")].box.disabled = !kinds.has("lock");
  ticks[LANES.findIndex(([lane]) => lane === "waits")].box.disabled = !new Axis(true).shortens;
  makeChoice("nodes", allNodes, () => filter.hiddenNodes);
  makeChoice("messages", allMessages, () => filter.hiddenMessages);
  transactions.addEventListener("input", () => {
    const ranges = rangesOf(transactions.value);
    const wrong = ranges === undefined;
    transactions.setAttribute("aria-invalid", String(wrong));
    document.getElementById("transactions-wrong").textContent = wrong ? "numbers, as in 0 4-7" : "";
    if (wrong) return;
    filter.transactions = transactions.value.trim();
    filter.ranges = ranges;
    refresh();
  });
  const press = (id, act) => document.getElementById(id).addEventListener("click", act);
  press("out", () => zoom(1 / 0.6));
  press("in", () => zoom(0.6));
  press("left", () => move(-0.25));
  press("right", () => move(0.25));
  press("all", whole);
  press("back", () => step(-1));
  press("on", () => step(1));
}

function makeHead() {
  const titles = [...new Set(runs.map((run) => run.title))];
  document.title = `${titles[0]}: ${runs.map((run) => run.about).join(" and ")}`;
  document.getElementById("title").textContent = titles.join(" / ");
  const about = document.getElementById("about");
  for (const run of runs) {
    const text = `protocol ${run.about}, ${run.messages.id.length} messages`;
    about.append(element("li", [foreign(text)]));
    if (run.note !== null) about.append(element("li", run.note, { className: "note" }));
  }
  if (allNodes.length > NODES_AT_FIRST) {
    const count = `${NODES_AT_FIRST} of ${allNodes.length}`;
    const text = `at first ${count} nodes are shown; choose others under nodes`;
    about.append(element("li", text, { className: "note" }));
  }
  document.getElementById("made").textContent = `made by commitsim ${book.version}`;
}

makeHead();
makeControls();
makeTables();
refresh();
whole();
if (location.hash.length > 1) readPlace();
drawing.addEventListener("keydown", onKey);
drawing.addEventListener("pointerdown", onDown);
drawing.addEventListener("pointermove", onMove);
drawing.addEventListener("pointerup", onUp);
drawing.addEventListener("pointercancel", onUp);
drawing.addEventListener("pointerleave", () => point(null));
drawing.addEventListener("wheel", onWheel, { passive: false });
window.addEventListener("hashchange", readPlace);
new ResizeObserver(redraw).observe(drawing);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
