
/* The axis of time, which both runs share. Where it shortens waits it is made of straight pieces;
   a place on it is `u`, in milliseconds as far as nothing is shortened. */

class Axis {
  /* Waits of more than six usual message times are shortened to three. */
  constructor(shortens) {
    const instants = Float64Array.from(runs.flatMap((run) => [...run.at])).sort();
    const usual = usualTravel();
    this.pieces = [];
    let begin = { t: instants[0] ?? 0, u: 0 };
    for (let i = 1; i < instants.length && shortens; i += 1) {
      const gap = instants[i] - instants[i - 1];
      if (gap > 6 * usual) {
        const before = { t: instants[i - 1], u: begin.u + instants[i - 1] - begin.t };
        const after = { t: instants[i], u: before.u + 3 * usual };
        this.add(begin, before, false);
        this.add(before, after, true);
        begin = after;
      }
    }
    const last = instants[instants.length - 1] ?? 0;
    this.add(begin, { t: last, u: begin.u + last - begin.t }, false);
    this.length = this.pieces[this.pieces.length - 1].to.u;
    this.shortens = this.pieces.length > 1;
  }

  add(from, to, short) {
    this.pieces.push({ from, to, short, slope: short ? (to.u - from.u) / (to.t - from.t) : 1 });
  }

  /* The last piece that begins no later than `value`, by time ("t") or by place ("u"). */
  piece(by, value) {
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pieces[middle].from[by] <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  toU(t) {
    const { from, slope } = this.pieces[this.piece("t", t)];
    return from.u + (t - from.t) * slope;
  }

  toT(u) {
    const { from, slope } = this.pieces[this.piece("u", u)];
    return from.t + (u - from.u) / slope;
  }

  /* What is written on the axis between two places: times at round numbers and behind each
     shortened wait, and the waits. `room` is how much of the axis a text needs. */
  ticks(fromU, toU, room) {
    const step = roundAbove(room);
    const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(step))));
    const ticks = [];
    const first = this.piece("u", fromU);
    for (let p = first; p < this.pieces.length && this.pieces[p].from.u <= toU; p += 1) {
      const piece = this.pieces[p];
      if (piece.short) {
        const wait = duration((piece.to.t - piece.from.t) * 1e6);
        ticks.push({ u: (piece.from.u + piece.to.u) / 2, text: `⋯ ${wait} ⋯`, wait: true });
        continue;
      }
      if (p > 0 && piece.from.u >= fromU) {
        // Not at a round number, and so with one digit more.
        const text = String(Number(piece.from.t.toFixed(Math.min(6, decimals + 1))));
        ticks.push({ u: piece.from.u, text, wait: false });
      }
      const to = p + 1 < this.pieces.length ? Math.min(piece.to.t, this.toT(toU)) : this.toT(toU);
      const from = p > 0 ? Math.max(piece.from.t, this.toT(fromU)) : this.toT(fromU);
      let t = Math.ceil(from / step) * step;
      for (let n = 0; t <= to && n < 200; n += 1, t = (Math.round(t / step) + 1) * step) {
        if (t >= 0) ticks.push({ u: this.toU(t), text: t.toFixed(decimals), wait: false });
      }
    }
    return ticks;
  }
}

/* How long a message travels, in the middle of all that arrived. */
function usualTravel() {
  const travels = [];
  for (const run of runs) {
    run.messages.sent.forEach((sent, message) => {
      const ended = run.messages.ended[message];
      if (sent !== null && ended !== null) travels.push(run.at[ended] - run.at[sent]);
    });
  }
  travels.sort((a, b) => a - b);
  return travels[travels.length >> 1] || 1;
}

/* The least of 1, 2 and 5 times a power of ten that is no less. */
function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((round) => round >= value) ?? 10 * power;
}
