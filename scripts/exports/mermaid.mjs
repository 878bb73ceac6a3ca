// Holds Mermaid diagrams against Mermaid's own parser: it takes them, and finds every node, message
// and note of the text. Then texts are damaged, and that has to be refused.
//
// node mermaid.mjs MODULES NAME...    where NAME.jsonl is a trace and NAME.mmd its diagram

import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, ...names] = process.argv.slice(2);
const { JSDOM } = createRequire(path.join(modules, 'here.js'))('jsdom');
const { window } = new JSDOM('<!doctype html><body></body>');
Object.assign(globalThis, { window, document: window.document });
const core = pathToFileURL(path.join(modules, 'mermaid/dist/mermaid.core.mjs'));
const mermaid = (await import(core)).default;
mermaid.initialize({ startOnLoad: false });

async function parsed(text) {
  // Past this it draws a picture that says so instead.
  if (text.length > 50_000) throw new Error(`${text.length} characters`);
  return (await mermaid.mermaidAPI.getDiagramFromText(text)).db;
}

// By Mermaid's numbers of the kinds.
const KINDS = new Map([[0, '->>'], [3, '-x'], [24, '-)'], [2, 'Note']]);

async function check(name) {
  const text = fs.readFileSync(`${name}.mmd`, 'utf8');
  const db = await parsed(text);
  const found = {};
  for (const { type } of db.getMessages()) {
    const kind = KINDS.get(type) ?? `kind ${type}`;
    found[kind] = (found[kind] ?? 0) + 1;
  }
  const written = {};
  for (const line of text.split('\n').slice(1)) {
    const kind = /^ *p\d+(->>|-x|-\))p\d+: /.exec(line)?.[1] ?? /^ *(Note) over /.exec(line)?.[1];
    if (kind) written[kind] = (written[kind] ?? 0) + 1;
  }
  const same = Object.keys({ ...found, ...written }).every((kind) => found[kind] === written[kind]);
  const lines = fs.readFileSync(`${name}.jsonl`, 'utf8').trimEnd().split('\n');
  const { nodes } = JSON.parse(lines[0]);
  if (!same || db.getActors().size !== nodes.length) {
    const [made, wanted] = [JSON.stringify(found), JSON.stringify(written)];
    throw new Error(`Mermaid finds ${made}, the text has ${wanted}`);
  }
  const arrivals = lines.filter((line) => JSON.parse(line).kind === 'deliver').length;
  if (!text.includes(' more observations') && found['->>'] !== arrivals) {
    throw new Error(`${found['->>']} arrows, and ${arrivals} messages arrive`);
  }
  return found['->>'] ?? 0;
}

let arrows = 0;
for (const name of names) {
  try {
    arrows += await check(name);
  } catch (error) {
    console.error(`${name}.mmd: ${error}`);
    process.exit(1);
  }
}

const text = fs.readFileSync(`${names[0]}.mmd`, 'utf8');
const damages = [[': ', ' '], ['->>', '~>>'], [': ', ': ; ']];
for (const damaged of damages.map(([old, other]) => text.replace(old, other))) {
  const refused = await parsed(damaged).then(() => false, () => true);
  if (!refused || damaged === text) {
    console.error('mermaid: a damaged diagram was not refused');
    process.exit(1);
  }
}
console.log(`mermaid: ${arrows} arrows in ${names.length} diagrams, damaged ones are refused`);
