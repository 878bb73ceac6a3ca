
/* What hands do: choosing, moving, zooming, with keys, pointer and buttons. */

/* Drawing waits for the next frame, so that ten wheel events make one drawing. */
let waiting = false;

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

/* Shows this part of the axis, within its limits. */
function see(from, to) {
  const margin = Math.max(state.axis.length * 0.03, 1e-4);
  const [least, most] = [-margin, state.axis.length + margin];
  const length = Math.min(Math.max(to - from, 2e-4), most - least);
  const middle = (from + to) / 2;
  const begin = Math.min(Math.max(middle - length / 2, least), most - length);
  state.view = { from: begin, to: begin + length };
  writePlace();
  redraw();
}

function zoom(factor, px) {
  const { from, to } = state.view;
  const fixed = uAt(px ?? (gutter + width) / 2);
  see(fixed - (fixed - from) * factor, fixed + (to - fixed) * factor);
}

/* Moves by a part of what is seen. */
function move(part) {
  const { from, to } = state.view;
  see(from + (to - from) * part, to + (to - from) * part);
}

function whole() {
  see(-1 - state.axis.length, 1 + 2 * state.axis.length);
}

/* Chooses an observation, or none, and sees to it that it is in sight. */
function choose(at) {
  state.chosen = at;
  state.pointed = null;
  look();
  if (at !== null) {
    const { from, to } = state.view;
    const u = state.axis.toU(at.run.at[at.i]);
    const edge = (to - from) * 0.04;
    if (u < from + edge || u > to - edge) see(u - (to - from) / 2, u + (to - from) / 2);
  }
  writePlace();
}

function point(at) {
  const same = at === null ? state.pointed === null
    : state.pointed !== null && state.pointed.run === at.run && state.pointed.i === at.i;
  if (same) return;
  state.pointed = at;
  look();
}

/* Follows what is looked at: its past, what is said, the tables, the drawing. */
function look() {
  const at = state.pointed ?? state.chosen;
  state.past = at === null ? null : causalPast(at.run, at.i);
  tell();
  markTables();
  redraw();
}

/* The next shown observation of the run. Where none is chosen yet it is the first or the last that
   is in sight, or else the nearest to that. */
function step(by) {
  if (state.chosen === null) {
    const { from, to } = state.view;
    const edge = state.axis.toT(by > 0 ? from : to);
    let best = null;
    for (const run of runs) {
      for (const i of shown[run.number]) {
        const u = state.axis.toU(run.at[i]);
        const far = Math.abs(run.at[i] - edge) + (u < from || u > to ? 1e12 : 0);
        if (best === null || far < best.far) best = { far, at: { run, i } };
      }
    }
    if (best !== null) choose(best.at);
    return;
  }
  const { run, i } = state.chosen;
  const list = shown[run.number];
  const place = placeAmongShown(run, i);
  const next = list[place] === i || by < 0 ? place + by : place;
  if (list[next] !== undefined) choose({ run, i: list[next] });
}

/* To the lane above or below, in the other run too: the observation nearest in time. */
function stepLane(by) {
  if (state.chosen === null) {
    step(1);
    return;
  }
  const { run, i } = state.chosen;
  const here = lanes.indexOf(run.lanes[run.seen.node[i]]);
  for (let n = here + by; lanes[n] !== undefined; n += by) {
    const { run: other, node } = lanes[n];
    const there = shown[other.number].filter((o) => other.seen.node[o] === node);
    if (there.length > 0) {
      const far = (o) => Math.abs(other.at[o] - run.at[i]);
      choose({ run: other, i: there.reduce((best, o) => (far(o) < far(best) ? o : best)) });
      return;
    }
  }
}

/* To the first or the last observation of the run. */
function stepEnd(last) {
  const run = state.chosen?.run ?? runs[0];
  const i = shown[run.number].at(last ? -1 : 0);
  if (i !== undefined) choose({ run, i });
}

function follow() {
  if (state.chosen === null) return;
  const { run, i } = state.chosen;
  const other = otherEnd(run, i);
  if (other !== null && shows(run, other)) choose({ run, i: other });
}

const KEYS = {
  ArrowLeft: (shift) => (shift ? move(-0.25) : step(-1)),
  ArrowRight: (shift) => (shift ? move(0.25) : step(1)),
  ArrowUp: () => stepLane(-1),
  ArrowDown: () => stepLane(1),
  Home: () => stepEnd(false),
  End: () => stepEnd(true),
  Enter: follow,
  Escape: () => choose(null),
  "+": () => zoom(0.6),
  "=": () => zoom(0.6),
  "-": () => zoom(1 / 0.6),
  0: whole,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || KEYS[event.key] === undefined) return;
  event.preventDefault();
  KEYS[event.key](event.shiftKey);
}

/* What is drawn at a point: an observation, or the nearer end of a message. */
function whatIsAt(px, py) {
  let best = { far: 11, at: null };
  for (const spot of spots) {
    // Of several at one place the one with a sign comes first.
    const far = Math.hypot(spot.x - px, spot.y - py) + (spot.sign === null ? 0.5 : 0);
    if (far < best.far) best = { far, at: { run: spot.run, i: spot.i } };
  }
  if (best.at !== null) return best.at;
  best = { far: 6, at: null };
  for (const { run, message, x1, y1, x2, y2 } of arrows) {
    const length = (x2 - x1) ** 2 + (y2 - y1) ** 2 || 1;
    const part = ((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / length;
    const along = Math.min(1, Math.max(0, part));
    const far = Math.hypot(x1 + along * (x2 - x1) - px, y1 + along * (y2 - y1) - py);
    const { sent, ended } = run.messages;
    const i = along < 0.5 || ended[message] === null ? sent[message] : ended[message];
    if (far < best.far) best = { far, at: { run, i } };
  }
  return best.at;
}

/* A click chooses; another one at the same place goes on within the instant. */
function click(px, py) {
  const at = whatIsAt(px, py);
  const { chosen } = state;
  if (at !== null && chosen !== null && chosen.run === at.run) {
    const here = instant(at.run, at.i);
    if (here.includes(chosen.i)) at.i = here[(here.indexOf(chosen.i) + 1) % here.length];
  }
  choose(at);
}

/* Pointers that are down, where they are: one drags, two zoom. */
const fingers = new Map();
let dragged = 0;

function placeOf(event) {
  const { left, top } = drawing.getBoundingClientRect();
  return [event.clientX - left - drawing.clientLeft, event.clientY - top - drawing.clientTop];
}

function onDown(event) {
  if (event.button !== 0) return;
  if (fingers.size === 0) dragged = 0;
  fingers.set(event.pointerId, placeOf(event));
  drawing.setPointerCapture(event.pointerId);
}

function onMove(event) {
  const [px, py] = placeOf(event);
  const before = fingers.get(event.pointerId);
  if (before === undefined) {
    if (event.pointerType !== "touch") point(whatIsAt(px, py));
    return;
  }
  const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
  fingers.set(event.pointerId, [px, py]);
  dragged += Math.abs(px - before[0]) + Math.abs(py - before[1]);
  if (dragged < 5) return;
  if (others.length > 0) {
    const [[ox]] = others;
    zoom(Math.max(8, Math.abs(before[0] - ox)) / Math.max(8, Math.abs(px - ox)), (px + ox) / 2);
  } else move((before[0] - px) / (width - gutter));
}

function onUp(event) {
  const was = fingers.delete(event.pointerId);
  if (was && dragged < 5 && event.type === "pointerup") click(...placeOf(event));
}

function onWheel(event) {
  const zooms = event.ctrlKey || event.metaKey || document.activeElement === drawing;
  const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!sideways && !zooms) return;
  event.preventDefault();
  // Wheels count in pixels, lines or pages.
  const unit = [1, 20, 400][event.deltaMode];
  const turned = (sideways ? event.deltaX || event.deltaY : event.deltaY) * unit;
  if (sideways) move(turned / (width - gutter));
  else zoom(Math.exp(Math.min(Math.max(turned, -200), 200) * 0.004), placeOf(event)[0]);
}
