
/* The drawing: time runs to the right, each node is a lane, and a run stands below the other. */

const LOOKS = {
  grid: { stroke: "faint", width: 0.6 },
  wait: { stroke: "faint", width: 0.8, dash: [2, 4] },
  lane: { stroke: "faint", width: 1.5 },
  reached: { stroke: "ink", width: 3 },
  down: { stroke: "grey", width: 1.2, dash: [2, 5] },
  ground: { fill: "ground" },
  work: { fill: "ground", stroke: "grey", width: 1 },
  doubt: { fill: "doubt" },
  blocked: { fill: "blocked" },
  forced: { fill: "disk" },
  lazy: { fill: "ground", stroke: "disk", width: 1.2 },
  lock: { fill: "lock" },
  waiting: { fill: "ground", stroke: "lock", width: 1, dash: [3, 2] },
  message: { stroke: "ink", width: 1.3 },
  copy: { stroke: "ink", width: 1.3, dash: [5, 3] },
  head: { fill: "ink" },
  lost: { stroke: "abort", width: 1.4 },
  travelling: { stroke: "grey", width: 1.2, dash: [2, 4] },
  dot: { fill: "grey" },
  commit: { fill: "commit", stroke: "ground", width: 1 },
  abort: { fill: "abort", stroke: "ground", width: 1 },
  cross: { stroke: "abort", width: 2.2 },
  vote: { fill: "ground", stroke: "grey", width: 1.4 },
  begin: { stroke: "grey", width: 2 },
  restart: { fill: "ground", stroke: "ink", width: 1.8 },
  alarm: { fill: "grey" },
  fault: { stroke: "abort", width: 1, dash: [6, 4] },
  text: { fill: "ink" },
  small: { fill: "grey" },
  bad: { fill: "abort" },
  strong: { fill: "ink", bold: true },
  chosen: { stroke: "accent", width: 2.6 },
};
const FADING = Object.fromEntries(
  Object.entries(LOOKS).map(([name, look]) => [name, { ...look, fade: true }]),
);

/* What is seen: `view` is the part of the axis, in its own measure; `chosen` the observation that
   stays, `pointed` the one under the pointer, and `past` that of the one which counts. */
const state = { axis: null, view: { from: 0, to: 1 }, chosen: null, pointed: null, past: null };

/* Where things were drawn, for finding what the pointer is at. */
let spots = [];
let arrows = [];
let width = 300;
let gutter = 60;

/* Whether so much is in sight that signs are small, lines thin, and names left out. */
let crowded = false;

function x(u) {
  const { from, to } = state.view;
  return gutter + ((u - from) / (to - from)) * (width - gutter);
}

function uAt(px) {
  const { from, to } = state.view;
  return from + ((px - gutter) / (width - gutter)) * (to - from);
}

function xOf(run, i) {
  return x(state.axis.toU(run.at[i]));
}

/* The look of something that belongs to an observation: faded if it is outside of the past. */
function lookOf(name, run, i) {
  const { past } = state;
  const outside = past !== null && past.run === run && (i === null || past.marks[i] === 0);
  return (outside ? FADING : LOOKS)[name];
}

/* Where much is in sight most of it lies on the same pixels: whether the last thing of this sort
   that was drawn did. */
let drawnLast = new Map();

function repeats(sort, a, b) {
  if (!crowded) return false;
  const place = Math.round(a) * 1e5 + Math.round(b);
  if (drawnLast.get(sort) === place) return true;
  drawnLast.set(sort, place);
  return false;
}

/* How many messages are in sight. */
function messagesInSight() {
  const [from, to] = [state.axis.toT(state.view.from), state.axis.toT(state.view.to)];
  const inSight = (run, i) => i !== null && run.at[i] >= from && run.at[i] <= to
    && shows(run, i);
  const count = (run) => run.messages.sent.filter((i) => inSight(run, i)).length;
  return runs.reduce((sum, run) => sum + count(run), 0);
}

function tagOf(what, run, number) {
  return `${what} ${run.number}.${number}`;
}

function draw() {
  width = Math.max(200, drawing.clientWidth);
  const names = lanes.map((lane) => widthOf(lane.name));
  gutter = Math.ceil(Math.min(Math.max(30, ...names) + 16, width * 0.24, 180));
  crowded = messagesInSight() > (width - gutter) / 4;
  drawnLast = new Map();
  spots = [];
  arrows = [];
  surface.begin(width, bottom);
  drawGrid();
  for (const run of runs) {
    const ofRun = lanes.filter((lane) => lane.run === run);
    for (const lane of ofRun) drawLane(run, lane);
    drawFaults(run);
    run.messages.id.forEach((_, message) => drawMessage(run, message));
    drawSigns(run);
  }
  drawChosen();
  drawLabels();
  drawEdges();
}

function drawGrid() {
  const { from, to } = state.view;
  const free = { wait: -Infinity, time: -Infinity };
  for (const tick of state.axis.ticks(from, to, ((to - from) / (width - gutter)) * 90)) {
    const at = x(tick.u);
    const sort = tick.wait ? "wait" : "time";
    // Where waits are many and short their lines would hide what they divide.
    if (at < free[sort]) continue;
    free[sort] = at + 24;
    surface.line(at, AXIS_HEIGHT - 6, at, bottom, tick.wait ? LOOKS.wait : LOOKS.grid);
  }
}

/* A box between two times, cut at the edges of the drawing; nothing if it is out of sight. */
function drawBox(from, to, y, height, look, tag) {
  const left = Math.max(gutter - 4, x(state.axis.toU(from)));
  const right = Math.min(width + 4, x(state.axis.toU(to)));
  if (right < gutter || left > width) return;
  if (repeats(`${look.fill} ${look.fade} ${y}`, left, right)) return;
  surface.box(left, y, Math.max(1.5, right - left), height, look, tag);
}

/* A stretch of time: what of it lies behind the causal past of its node is faded. */
function drawSpan(run, lane, span, name, y, height, tag) {
  const [begin, end] = spanTimes(run, span);
  const { past } = state;
  if (past === null || past.run !== run) {
    drawBox(begin, end, y, height, LOOKS[name], tag);
    return;
  }
  const reach = past.reach[lane.node];
  const known = reach < 0 ? -Infinity : run.at[reach];
  if (begin < known) drawBox(begin, Math.min(end, known), y, height, LOOKS[name], tag);
  if (end > known) drawBox(Math.max(begin, known), end, y, height, FADING[name], tag);
}

function drawLane(run, lane) {
  const { kind } = run.spans;
  const [first, last] = [x(state.axis.toU(run.first)), x(state.axis.toU(run.last)) + 14];
  const [left, right] = [Math.max(gutter, first), Math.min(width, last)];
  if (left < right) surface.line(left, lane.y, right, lane.y, LOOKS.lane);
  for (const wanted of ["work", "doubt", "blocked"]) {
    const height = { work: 6, doubt: 7, blocked: 9 }[wanted];
    for (const span of lane.stances.filter((other) => kind[other] === wanted)) {
      const y = lane.y - height / 2 - (lane.stance.rows.get(span) ?? 0) * STANCE_ROW;
      drawSpan(run, lane, span, wanted, y, height, tagOf(wanted, run, span));
    }
  }
  const reach = state.past !== null && state.past.run === run ? state.past.reach[lane.node] : -1;
  if (reach >= 0) {
    const end = Math.min(width, xOf(run, reach));
    const tag = tagOf("reach", run, lane.node);
    if (end > gutter) surface.line(left, lane.y, end, lane.y, LOOKS.reached, tag);
  }
  drawBelow(run, lane);
  for (const span of lane.downs) {
    const [begin, end] = spanTimes(run, span);
    drawBox(begin, end, lane.y - 3, 6, LOOKS.ground);
    const [a, b] = [x(state.axis.toU(begin)), x(state.axis.toU(end))];
    const tag = tagOf("down", run, span);
    if (b > gutter) surface.line(Math.max(a, gutter), lane.y, b, lane.y, LOOKS.down, tag);
  }
}

/* Below a lane: the log, and the locks. */
function drawBelow(run, lane) {
  const { kind, to } = run.spans;
  for (const span of lane.writes) {
    drawSpan(run, lane, span, kind[span], lane.logY, 5, tagOf("log", run, span));
    const end = to[span];
    if (end !== null && run.seen.sign[end] === "crash") {
      drawCross(xOf(run, end), lane.logY + 2, 3.5, lookOf("cross", run, end));
    }
  }
  for (const [span, row] of lane.lock.rows) {
    const name = kind[span] === "lock" ? "lock" : "waiting";
    const y = lane.lockY + row * LOCK_ROW;
    drawSpan(run, lane, span, name, y, 4, tagOf("lock", run, span));
  }
}

/* A fault that is no crash is a line across its run. */
function drawFaults(run) {
  run.seen.sign.forEach((sign, i) => {
    const at = sign === "fault" ? xOf(run, i) : -1;
    if (at < gutter || at > width || !showsTransaction(run.seen.tx[i])) return;
    surface.line(at, run.top + 18, at, run.bottom, LOOKS.fault, tagOf("fault", run, i));
  });
}

function drawMessage(run, message) {
  const { from, to, sent, ended, copy } = run.messages;
  const [source, target] = [run.lanes[from[message]], run.lanes[to[message]]];
  const begin = sent[message];
  if (begin === null || source === null || target === null || source === target) return;
  if (!showsTransaction(run.seen.tx[begin]) || !showsMessage(run, message)) return;
  const end = ended[message];
  const arrived = end !== null && run.seen.own[end] === 1;
  const [x1, y1] = [xOf(run, begin), source.y];
  let [x2, y2] = [end === null ? x(state.axis.toU(run.last)) : xOf(run, end), target.y];
  if (Math.max(x1, x2) < gutter || Math.min(x1, x2) > width) return;
  if (!arrived) {
    // It ends on its way, before the lane that it never reached.
    const part = end === null ? 0.6 : 0.86;
    [x2, y2] = [x1 + (x2 - x1) * part, y1 + (y2 - y1) * part];
  }
  // A message is in the past if its arrival is, and the one that is looked at itself stands out.
  const looked = state.past !== null && state.past.run === run ? state.past.at : null;
  const look = (name) => (looked === begin ? LOOKS[name] : lookOf(name, run, end));
  const tag = tagOf("message", run, message);
  arrows.push({ run, message, x1, y1, x2, y2, fades: look("message").fade === true });
  if (repeats(`${y1} ${y2} ${arrived} ${look("message").fade}`, x1, x2)) return;
  if (arrived) {
    const line = look(copy[message] ? "copy" : "message");
    surface.line(x1, y1, x2, y2, crowded ? { ...line, width: 0.5 } : line, tag);
    if (!crowded) drawHead(x1, y1, x2, y2, look("head"));
  } else if (end !== null) {
    surface.line(x1, y1, x2, y2, look("lost"), tag);
    drawCross(x2, y2, crowded ? 2 : 4, look("lost"));
  } else {
    surface.line(x1, y1, x2, y2, look("travelling"), tag);
  }
}

function drawHead(x1, y1, x2, y2, look) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [tipX, tipY] = [x2 - dx, y2 - dy];
  const side = (turn) => [tipX - 8 * dx - turn * 3.2 * dy, tipY - 8 * dy + turn * 3.2 * dx];
  surface.path([[tipX, tipY], side(1), side(-1)], true, look);
}

function drawCross(px, py, r, look) {
  surface.line(px - r, py - r, px + r, py + r, look);
  surface.line(px - r, py + r, px + r, py - r, look);
}

/* The observations on their lanes: a dot, or above the dots the sign of what happened. */
function drawSigns(run) {
  const signs = [];
  const dots = new Map();
  for (const i of shown[run.number]) {
    const lane = run.lanes[run.seen.node[i]];
    const at = xOf(run, i);
    if (lane === null || at < gutter - 6 || at > width + 6) continue;
    const sign = run.seen.sign[i];
    spots.push({ run, i, x: at, y: lane.y, sign });
    if (sign !== null) {
      signs.push([sign, at, lane.y, i]);
      continue;
    }
    // Many observations share an instant, and one dot says as much as ten.
    const look = lookOf("dot", run, i);
    const place = crowded ? Math.round(at) : near(at);
    if (dots.get(lane) !== place) surface.circle(at, lane.y, 2, look, tagOf("seen", run, i));
    dots.set(lane, place);
  }
  for (const [sign, at, y, i] of signs) {
    const { fade } = lookOf("dot", run, i);
    if (sign !== "crash" && repeats(`${sign} ${y} ${fade}`, at, 0)) continue;
    drawSign(sign, at, y, (name) => lookOf(name, run, i), tagOf("seen", run, i));
  }
}

function drawSign(sign, px, py, look, tag) {
  const size = crowded ? 0.5 : 1;
  const shape = (points) => points.map(([dx, dy]) => [px + dx * size, py + dy * size]);
  if (sign === "commit") surface.circle(px, py, 5.5 * size, look("commit"), tag);
  else if (sign === "abort") {
    surface.path(shape([[-5, -5], [5, -5], [5, 5], [-5, 5]]), true, look("abort"), tag);
  } else if (sign === "crash") drawCross(px, py, 6, look("cross"));
  else if (sign === "restart") surface.circle(px, py, 4.5, look("restart"), tag);
  else if (sign === "begin") {
    surface.line(px, py - 7 * size, px, py + 7 * size, look("begin"), tag);
  } else if (sign === "alarm") {
    surface.path(shape([[0, -7], [5, 4], [-5, 4]]), true, look("alarm"), tag);
  } else if (sign !== "fault" && !crowded) {
    surface.path(shape([[0, -5], [5, 0], [0, 5], [-5, 0]]), true, look("vote"), tag);
  }
}

function drawChosen() {
  for (const at of [state.chosen, state.pointed]) {
    const lane = at === null ? null : at.run.lanes[at.run.seen.node[at.i]];
    if (lane === null) continue;
    surface.circle(xOf(at.run, at.i), lane.y, 9, LOOKS.chosen, tagOf("chosen", at.run, at.i));
  }
}
