
/* Texts in the drawing. One is left out where it would lie on another. */

const MOST_LABELS = 400;

let taken = [];
let written = 0;

/* Writes a text if there is room for it, and says whether there was. */
function place(px, py, text, look, anchor) {
  const room = widthOf(text);
  const left = px - { start: 0, middle: room / 2, end: room }[anchor];
  const box = { left, right: left + room, top: py - 10, bottom: py + 3 };
  if (box.left < gutter || box.right > width || written >= MOST_LABELS) return false;
  const clash = taken.some((other) => box.left < other.right + 3 && other.left < box.right + 3
    && box.top < other.bottom && other.top < box.bottom);
  if (clash) return false;
  taken.push(box);
  written += 1;
  surface.text(px, py, text, look, anchor);
  return true;
}

/* Signs and lanes keep their place free of texts; where there are very many, no text has room. */
function keepFree() {
  taken = lanes.map(({ y }) => ({ left: gutter, right: width, top: y - 4, bottom: y + 4 }));
  const signs = spots.filter((spot) => spot.sign !== null && spot.sign !== "fault");
  for (const { x: px, y } of signs.slice(0, 1000)) {
    taken.push({ left: px - 7, right: px + 7, top: y - 6, bottom: y + 6 });
  }
}

function drawLabels() {
  keepFree();
  written = 0;
  if (filter.off.has("names")) return;
  const rare = new Set(["crash", "restart", "fault"]);
  const labelled = ({ sign }) => sign !== null && (!crowded || rare.has(sign));
  spots.filter(labelled).forEach(labelSign);
  if (crowded) return;
  for (const run of runs) {
    for (const lane of lanes.filter((other) => other.run === run)) labelWrites(run, lane);
  }
  arrows.forEach(labelArrow);
}

function labelSign({ run, i, x: px, y, sign }) {
  const words = { no: "NO", reads: "read-only", crash: "crash", restart: "restart" };
  // An alarm and a fault have names of their own, which stand in the line of the trace.
  const named = sign === "alarm" || sign === "fault";
  const text = named ? book.words[run.seen.says[i]].replace(/^fire /, "") : words[sign];
  if (text === undefined) return;
  if (sign === "fault") place(px + 4, run.top + 26, text, lookOf("bad", run, i), "start");
  else place(px, y - 9, text, lookOf(sign === "crash" ? "bad" : "small", run, i), "middle");
}

function labelWrites(run, lane) {
  for (const span of lane.writes) {
    const [begin, end] = spanTimes(run, span);
    const text = book.words[run.spans.says[span]];
    const left = Math.max(gutter, x(state.axis.toU(begin)));
    if (x(state.axis.toU(end)) < gutter) continue;
    place(left, lane.logY + 16, text, lookOf("small", run, run.spans.from[span]), "start");
  }
}

/* The name of a message stands where arrows of a broadcast are apart, towards the end. */
function labelArrow({ run, message, x1, y1, x2, y2, fades }) {
  if (fades || written >= MOST_LABELS) return;
  const name = book.words[run.messages.name[message]];
  // A text that is much longer than its arrow says nothing about which arrow it is of.
  if (Math.hypot(x2 - x1, y2 - y1) < widthOf(name) * 0.6) return;
  const ended = run.messages.ended[message];
  const lost = ended !== null && run.seen.own[ended] === 0;
  for (const part of [0.68, 0.58, 0.76, 0.5, 0.84, 0.42, 0.3]) {
    const [px, py] = [x1 + (x2 - x1) * part, y1 + (y2 - y1) * part];
    const [dx, anchor] = y2 > y1 ? [6, "start"] : [-6, "end"];
    if (place(px + dx, py - 2, name, lost ? LOOKS.bad : LOOKS.text, anchor)) return;
  }
}

/* What does not move with time: the names of the nodes, the runs' headings, and the axis. */
function drawEdges() {
  surface.box(0, 0, gutter - 2, bottom, LOOKS.ground);
  surface.box(0, 0, width, AXIS_HEIGHT - 6, LOOKS.ground);
  for (const lane of lanes) surface.text(4, lane.y + 4, cut(lane.name, gutter - 10), LOOKS.text);
  for (const run of runs) {
    surface.text(4, run.top + 14, cut(run.about, (width - 8) / 1.15), LOOKS.strong);
    const free = widthOf(run.about) * 1.1 + 24;
    if (crowded) surface.text(free, run.top + 14, "zoom in for names", LOOKS.small);
  }
  const { from, to } = state.view;
  const ticks = state.axis.ticks(from, to, ((to - from) / (width - gutter)) * 90);
  const rooms = [];
  // Times come first, and waits where there is room left.
  for (const tick of [...ticks.filter(({ wait }) => !wait), ...ticks.filter(({ wait }) => wait)]) {
    const [at, half] = [x(tick.u), widthOf(tick.text) / 2 + 4];
    const clash = rooms.some((other) => at - half < other.right && other.left < at + half);
    if (clash || at - half < 24 || at < gutter || at + half > width) continue;
    rooms.push({ left: at - half, right: at + half });
    surface.text(at, 14, tick.text, LOOKS.small, "middle");
  }
  surface.text(4, 14, "ms", LOOKS.small);
}
