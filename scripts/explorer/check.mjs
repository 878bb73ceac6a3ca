// Holds explorer pages in a browser against the traces that they show.
//
//   node scripts/explorer/check.mjs BROWSER DIR
//
// DIR has the traces and pages that scripts/check-explorer makes; pictures are left there too.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { pastOf, readTrace } from "./trace.mjs";

// The driver lies in a folder of its own, which NODE_PATH names.
const { chromium } = createRequire(import.meta.url)("playwright-core");
const [executablePath, dir] = process.argv.slice(2);
const file = (name) => resolve(dir, name);

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
});

/* Opens a page without a network; whatever it says or asks for is kept. */
async function open(name, { hash = "", ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, offline: true, ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const address = pathToFileURL(file(name)).href;
  page.troubles = [];
  page.asked = [];
  page.on("console", (message) => page.troubles.push(message.text()));
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("dialog", (dialog) => {
    page.troubles.push(`dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && url !== `${address}${hash}`) page.asked.push(url);
  });
  await page.goto(`${address}${hash}`);
  await settle(page);
  return page;
}

/* Waits until the page has drawn. */
async function settle(page) {
  await page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => done()));
  }));
}

/* Closes a page that was to be quiet. */
async function close(page) {
  assert.deepEqual(page.troubles, [], "the page complains");
  assert.deepEqual(page.asked, [], "the page asks for something");
  await page.context().close();
}

async function press(page, key, times = 1) {
  await page.focus("#drawing");
  for (let n = 0; n < times; n += 1) await page.keyboard.press(key);
  await settle(page);
}

const view = (page) => page.evaluate("({ ...state.view })");
const chosen = (page) => page.evaluate("state.chosen && [state.chosen.run.number, state.chosen.i]");

/* Where an observation is on the screen. */
async function placeOf(page, run, i) {
  const box = await page.locator("#drawing").boundingBox();
  const [x, y] = await page.evaluate(([r, o]) => [
    xOf(runs[r], o), runs[r].lanes[runs[r].seen.node[o]].y,
  ], [run, i]);
  return [box.x + 1 + x, box.y + 1 + y];
}

/* The messages that are drawn in full, and those that are faded, by number. */
function messagesDrawn(page, run = 0) {
  return page.evaluate((wanted) => {
    const found = { full: [], faded: [] };
    for (const element of document.querySelectorAll("#svg [data-tag^='message ']")) {
      const [of, number] = element.dataset.tag.slice(8).split(".").map(Number);
      if (of === wanted) found[element.hasAttribute("opacity") ? "faded" : "full"].push(number);
    }
    return found;
  }, run);
}

const checks = {
  async "a page draws its trace, and its table says what the text of the trace says"() {
    for (const name of ["one", "crash", "twice", "data"]) {
      const page = await open(`${name}.html`);
      const { seen } = readTrace(file(`${name}.jsonl`));
      const sends = seen.filter((one) => one.kind === "send" || one.kind === "duplicate").length;
      const { full, faded } = await messagesDrawn(page);
      assert.deepEqual([full.length, faded.length], [sends, 0], name);
      const wanted = readFileSync(file(`${name}.txt`), "utf8").trimEnd().split("\n").slice(1)
        .map((line) => line.trim().replace(/\s+/g, " "));
      const rows = [];
      for (;;) {
        rows.push(...await page.locator("tbody tr").evaluateAll((all) => all.map((row) => {
          const [, time, node, tx, what] = [...row.cells].map((cell) => cell.textContent);
          return `${time} ${node} ${tx === "" ? "-" : tx} ${what}`;
        })));
        const later = page.getByRole("button", { name: "next 100" });
        if (await later.isDisabled()) break;
        await later.click();
      }
      assert.deepEqual(rows, wanted, name);
      await close(page);
    }
  },

  async "keys, wheel, buttons and the pointer move and zoom"() {
    const page = await open("one.html");
    const whole = await view(page);
    await press(page, "+", 3);
    const near = await view(page);
    assert.ok(near.to - near.from < (whole.to - whole.from) * 0.3);
    await press(page, "Shift+ArrowRight");
    const later = await view(page);
    assert.ok(later.from > near.from && later.to > near.to);
    await press(page, "0");
    assert.deepEqual(await view(page), whole);
    // The wheel zooms about the place where the pointer is, which stays where it is.
    const [x, y] = await placeOf(page, 0, 40);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -240);
    await page.waitForFunction((to) => state.view.to !== to, whole.to);
    await settle(page);
    const wheeled = await view(page);
    assert.ok(wheeled.to - wheeled.from < (whole.to - whole.from) * 0.8);
    assert.ok(Math.abs((await placeOf(page, 0, 40))[0] - x) < 1.5);
    // What is dragged follows the pointer.
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    await settle(page);
    assert.ok(Math.abs((await placeOf(page, 0, 40))[0] - (x - 60)) < 1.5);
    assert.equal(await chosen(page), null, "to drag is not to choose");
    await page.getByRole("button", { name: "whole" }).click();
    await settle(page);
    assert.deepEqual(await view(page), whole);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await settle(page);
    assert.ok((await view(page)).to < whole.to);
    await close(page);
  },

  async "without focus the wheel is the page's, unless Ctrl is held"() {
    const page = await open("one.html");
    const [before, [x, y]] = [await view(page), await placeOf(page, 0, 40)];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 200);
    await page.waitForFunction(() => window.scrollY > 0);
    assert.deepEqual(await view(page), before);
    await page.mouse.move(...await placeOf(page, 0, 40));
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.waitForFunction((to) => state.view.to < to, before.to);
    await page.keyboard.up("Control");
    await close(page);
  },

  async "arrow keys step through the observations and lanes, and say what is there"() {
    const page = await open("one.html");
    const { seen } = readTrace(file("one.jsonl"));
    const lines = readFileSync(file("one.txt"), "utf8").trimEnd().split("\n").slice(1);
    for (let i = 0; i < 30; i += 1) {
      await press(page, "ArrowRight");
      assert.deepEqual(await chosen(page), [0, i]);
      const said = await page.locator("#now .what").textContent();
      assert.ok(said.endsWith(lines[i].trim().split(/\s{2,}/).at(-1)), said);
      const where = seen[i].tx === null ? "" : ", transaction 0";
      assert.ok(said.includes(` ms, ${seen[i].node}${where}`), said);
      assert.equal(await page.locator("tr[aria-current]").getAttribute("data-seen"), String(i));
    }
    await press(page, "ArrowLeft", 2);
    assert.deepEqual(await chosen(page), [0, 27]);
    await press(page, "End");
    assert.deepEqual(await chosen(page), [0, seen.length - 1]);
    await press(page, "Home");
    await press(page, "ArrowDown");
    assert.equal(seen[(await chosen(page))[1]].node, "n1");
    // From the arrival of a message to its departure.
    const arrival = seen.findIndex((one) => one.kind === "deliver");
    await page.evaluate((i) => choose({ run: runs[0], i }), arrival);
    await press(page, "Enter");
    const departure = seen.findIndex((one) => one.kind === "send" && one.id === seen[arrival].id);
    assert.deepEqual(await chosen(page), [0, departure]);
    await press(page, "Escape");
    assert.equal(await chosen(page), null);
    await close(page);
  },

  async "stepping brings what is out of sight into sight"() {
    const page = await open("crash.html");
    await press(page, "+", 12);
    for (let i = 0; i < 117; i += 1) {
      await page.keyboard.press("ArrowRight");
      const [x, width] = await page.evaluate("[xOf(state.chosen.run, state.chosen.i), width]");
      assert.ok(x > 0 && x < width);
    }
    await settle(page);
    await close(page);
  },

  async "the causal past is that of vector clocks, also with losses, copies and crashes"() {
    const stride = { one: 1, crash: 1, twice: 1, data: 7, storm: 997 };
    for (const [name, every] of Object.entries(stride)) {
      const page = await open(`${name}.html`);
      const trace = readTrace(file(`${name}.jsonl`));
      for (let i = 0; i < trace.seen.length; i += every) {
        const marked = await page.evaluate((at) => {
          const { marks } = causalPast(runs[0], at);
          return [...marks.keys()].filter((n) => marks[n] === 1 && n !== at);
        }, i);
        assert.deepEqual(marked, pastOf(trace, i), `${name} ${i}`);
      }
      await close(page);
    }
  },

  async "pointing at an observation shows it and fades what is not in its causal past"() {
    const page = await open("crash.html");
    const trace = readTrace(file("crash.jsonl"));
    const arrivals = await page.evaluate("runs[0].messages.ended");
    for (const kind of ["decide", "crash", "fire", "restart"]) {
      const i = trace.seen.findIndex((one) => one.kind === kind);
      await page.mouse.move(5, 5);
      await page.mouse.move(...await placeOf(page, 0, i));
      await settle(page);
      const pointed = await page.evaluate("state.pointed.i");
      assert.deepEqual([trace.seen[pointed].t_ns, trace.seen[pointed].node],
        [trace.seen[i].t_ns, trace.seen[i].node]);
      const past = new Set([...pastOf(trace, pointed), pointed]);
      const { full, faded } = await messagesDrawn(page);
      const wanted = arrivals.flatMap((end, message) => (past.has(end) ? [message] : []));
      assert.deepEqual(full, wanted, kind);
      assert.equal(full.length + faded.length, arrivals.length);
      const said = await page.locator("#now .more").textContent();
      assert.ok(said.startsWith(`${past.size - 1} of `), said);
    }
    await page.screenshot({ path: file("past.png") });
    await page.mouse.move(5, 5);
    await settle(page);
    assert.deepEqual((await messagesDrawn(page)).faded, []);
    // A row of the table that has the focus is pointed at too.
    await page.locator("tbody a").nth(60).focus();
    await settle(page);
    const past = new Set([...pastOf(trace, 60), 60]);
    const wanted = arrivals.flatMap((end, message) => (past.has(end) ? [message] : []));
    assert.deepEqual((await messagesDrawn(page)).full, wanted);
    await page.locator("tbody a").nth(60).blur();
    await settle(page);
    assert.deepEqual((await messagesDrawn(page)).faded, []);
    await close(page);
  },

  async "pointing at a message shows its nearer end, and clicks go through an instant"() {
    const page = await open("one.html");
    const arrow = await page.evaluate("(({ x1, y1, x2, y2 }) => ({ x1, y1, x2, y2 }))(arrows[0])");
    const box = await page.locator("#drawing").boundingBox();
    const along = (part) => [box.x + 1 + arrow.x1 + (arrow.x2 - arrow.x1) * part,
      box.y + 1 + arrow.y1 + (arrow.y2 - arrow.y1) * part];
    for (const [part, word] of [[0.35, "send Prepare"], [0.6, "deliver Prepare"]]) {
      await page.mouse.move(...along(part));
      await settle(page);
      assert.ok((await page.locator("#now .what").textContent()).includes(word));
    }
    const [x, y] = await placeOf(page, 0, 0);
    const been = [];
    for (let n = 0; n < 6; n += 1) {
      await page.mouse.click(x, y);
      been.push((await chosen(page))[1]);
    }
    assert.deepEqual(been, [0, 1, 2, 3, 4, 5]);
    await close(page);
  },

  async "filters hide transactions, nodes, messages and lanes"() {
    const page = await open("data.html");
    const { seen } = readTrace(file("data.jsonl"));
    const total = (expected) => page.waitForFunction(
      (n) => document.querySelector(".pages span").textContent.endsWith(`of ${n}`), expected,
    );
    const input = page.getByLabel("transactions");
    await input.fill("3, 5-6");
    const wanted = seen.filter((one) => one.tx === null || [3, 5, 6].includes(one.tx)).length;
    assert.ok(wanted > 0 && wanted < seen.length);
    await total(wanted);
    await input.fill("five");
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    await total(wanted);
    await input.fill("");
    await total(seen.length);
    await page.getByText("nodes", { exact: false }).first().click();
    await page.getByRole("checkbox", { name: "savings" }).uncheck();
    await total(seen.filter((one) => one.node === "bank"
      && one.to !== "savings" && one.from !== "savings").length);
    assert.deepEqual(await page.evaluate("lanes.map((lane) => lane.name)"), ["bank"]);
    await page.getByRole("group", { name: "Nodes" }).getByRole("button", { name: "all" }).click();
    await page.getByText("messages", { exact: true }).click();
    await page.getByRole("checkbox", { name: "Prepare" }).uncheck();
    await total(seen.filter((one) => one.message !== "Prepare").length);
    const names = await page.evaluate(() => arrows
      .map(({ run, message }) => book.words[run.messages.name[message]]));
    assert.ok(names.length > 0 && !names.includes("Prepare"));
    const parts = { work: "work", "in doubt": "doubt", log: "log", locks: "lock" };
    for (const [lane, tag] of Object.entries(parts)) {
      const drawn = () => page.locator(`#svg [data-tag^='${tag} ']`).count();
      assert.ok(await drawn() > 0, lane);
      await page.getByRole("checkbox", { name: lane }).uncheck();
      await settle(page);
      assert.equal(await drawn(), 0, lane);
    }
    await close(page);
  },

  async "two runs stand below each other on one axis"() {
    const page = await open("both.html");
    const traces = ["one", "other"].map((name) => readTrace(file(`${name}.jsonl`)));
    const firstAt = ({ seen }) => new Map([...seen.keys()].reverse().map((i) => [seen[i].t_ns, i]));
    const [first, second] = traces.map(firstAt);
    const common = [...first.keys()].filter((t) => second.has(t));
    assert.ok(common.length > 5);
    for (const zooms of [0, 2]) {
      await press(page, "+", zooms);
      for (const t of common) {
        const a = await placeOf(page, 0, first.get(t));
        const b = await placeOf(page, 1, second.get(t));
        assert.equal(a[0], b[0], `${t}`);
        assert.ok(b[1] > a[1]);
      }
    }
    await press(page, "0");
    for (const [number, trace] of traces.entries()) {
      const sends = trace.seen.filter((one) => one.kind === "send").length;
      assert.equal((await messagesDrawn(page, number)).full.length, sends);
    }
    // From the last lane of the first run down into the second; its past is its own.
    const last = traces[0].seen.findLastIndex((one) => one.node === "n3");
    await page.evaluate((i) => choose({ run: runs[0], i }), last);
    await press(page, "ArrowDown");
    assert.equal((await chosen(page))[0], 1);
    assert.deepEqual((await messagesDrawn(page, 0)).faded, []);
    await page.screenshot({ path: file("both.png") });
    await close(page);
  },

  async "a link leads back to what was shown"() {
    const page = await open("both.html");
    await press(page, "+", 2);
    await press(page, "Shift+ArrowRight");
    await press(page, "ArrowRight", 3);
    await page.getByLabel("transactions").fill("0-3");
    await page.getByRole("checkbox", { name: "log" }).uncheck();
    await page.getByText("messages", { exact: true }).click();
    await page.getByRole("checkbox", { name: "Ack", exact: true }).uncheck();
    await page.waitForFunction(() => /messages=0.*off=log/.test(location.hash));
    const hash = await page.evaluate("location.hash");
    const [kept, at] = [await view(page), await chosen(page)];
    const again = await open("both.html", { hash });
    assert.deepEqual(await chosen(again), at);
    const restored = await view(again);
    for (const end of ["from", "to"]) assert.ok(Math.abs(restored[end] - kept[end]) < 1e-5);
    assert.equal(await again.getByLabel("transactions").inputValue(), "0-3");
    assert.equal(await again.getByRole("checkbox", { name: "log" }).isChecked(), false);
    assert.deepEqual(await again.evaluate("[...filter.hiddenMessages]"), ["Ack"]);
    await close(again);
    // A row of the table is such a link too, and leaves the rest as it is.
    await page.locator("tbody a").nth(4).click();
    await page.waitForFunction(() => state.chosen.i === 4);
    assert.equal(await page.getByRole("checkbox", { name: "log" }).isChecked(), false);
    await close(page);
  },

  async "a link that makes no sense does no harm"() {
    const senseless = ["#t=NaN_x&at=99.99&tx=<b>&nodes=77&messages=-1&off=<img>",
      "#at=0.__proto__", "#t=5_1&at=0", "#%E0%A4%A", `#t=${"9".repeat(400)}_1`];
    for (const hash of senseless) {
      const page = await open("one.html", { hash });
      assert.equal(await chosen(page), null, hash);
      assert.equal((await messagesDrawn(page)).full.length, 12, hash);
      await close(page);
    }
  },

  async "hostile names stay text"() {
    const page = await open("hostile.html");
    await press(page, "ArrowRight", 8);
    await page.screenshot({ path: file("hostile.png") });
    assert.equal(await page.evaluate("window.hacked"), undefined);
    const found = (selector) => page.locator(selector).count();
    const counts = { script: 2, style: 1, img: 0, b: 0 };
    for (const name of Object.keys(counts)) assert.equal(await found(name), counts[name], name);
    const title = await page.locator("#title").textContent();
    assert.ok(title.startsWith("\"'><svg onload=window.hacked=3></script><script>"), title);
    const shown = await page.locator("body").innerText();
    assert.ok(!/[\u2028\u202e\u0001]/.test(shown));
    assert.ok(shown.includes("onerror=window.hacked=2>\\u{2028}\\u{202e}\\u{1}"));
    await close(page);
  },

  async "a script that is not pinned does not run"() {
    const text = readFileSync(file("one.html"), "utf8");
    const planted = "<script>window.planted = 1</script><p style='color: red' onclick='1'>p</p>";
    writeFileSync(file("planted.html"), text.replace("</body>", () => `${planted}</body>`));
    const page = await open("planted.html");
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.planted = 2";
      document.body.append(script);
    });
    assert.equal(await page.evaluate("window.planted"), undefined);
    assert.equal((await messagesDrawn(page)).full.length, 12, "the pinned one does");
    const refused = page.troubles.filter((text) => text.includes("Content Security Policy"));
    assert.ok(refused.length >= 3, page.troubles.join("\n"));
    assert.equal(refused.length, page.troubles.length, page.troubles.join("\n"));
    await page.context().close();
    // One letter of the pinned script, and it is another.
    writeFileSync(file("planted.html"), text.replace("\"use strict\"", "\"use Strict\""));
    const damaged = await open("planted.html");
    assert.equal((await messagesDrawn(damaged)).full.length, 0);
    await damaged.context().close();
  },

  async "nothing can be fetched, even by the page's own script"() {
    const page = await open("one.html");
    const done = await page.evaluate(() => fetch("https://example.invalid/").then(String, String));
    assert.ok(done.includes("Failed to fetch"), done);
    assert.ok(page.troubles.some((text) => text.includes("default-src")), page.troubles.join("\n"));
    await page.context().close();
  },

  async "many messages are drawn on a canvas, and can be pointed at"() {
    const page = await open("storm.html");
    const { seen } = readTrace(file("storm.jsonl"));
    assert.ok(seen.filter((one) => one.kind === "send").length > 2000);
    assert.equal(await page.locator("#svg").isVisible(), false);
    assert.equal(await page.locator("#canvas").isVisible(), true);
    const colors = () => page.evaluate(() => {
      const canvas = document.getElementById("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(await colors() > 20);
    const i = seen.findIndex((one) => one.kind === "crash");
    await page.evaluate((at) => choose({ run: runs[0], i: at }), i);
    await press(page, "+", 8);
    await press(page, "ArrowRight");
    await press(page, "ArrowLeft");
    assert.deepEqual(await chosen(page), [0, i]);
    await page.mouse.move(...await placeOf(page, 0, i));
    await settle(page);
    assert.equal(await page.evaluate("state.pointed.run.seen.sign[state.pointed.i]"), "crash");
    await page.screenshot({ path: file("storm.png") });
    await close(page);
  },

  async "it fits a narrow screen, in the dark too, and no key but Tab is needed to reach it"() {
    for (const name of ["both", "data", "hostile"]) {
      const viewport = { width: 360, height: 740 };
      const page = await open(`${name}.html`, { viewport, colorScheme: "dark" });
      assert.ok(await page.evaluate("document.documentElement.scrollWidth") <= 360, name);
      assert.ok(await page.evaluate("document.getElementById('drawing').clientWidth") > 300);
      const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      assert.ok(ground.match(/\d+/g).map(Number).every((part) => part < 64), ground);
      let tabs = 0;
      while (await page.evaluate("document.activeElement.id") !== "drawing") {
        await page.keyboard.press("Tab");
        tabs += 1;
        assert.ok(tabs < 30, "the drawing is not reached");
      }
      await page.keyboard.press("ArrowRight");
      assert.deepEqual(await chosen(page), [0, 0]);
      await settle(page);
      await page.screenshot({ path: file(`${name}-360.png`), fullPage: name === "both" });
      await close(page);
    }
  },

  async "everything has a name for those who listen"() {
    const page = await open("both.html");
    const nameless = await page.locator("button, input, a, summary").evaluateAll((all) => all
      .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim()
        || one.labels?.[0]?.textContent.trim())).map((one) => one.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await page.locator("table caption").count(), 2);
    assert.equal(await page.locator("th[scope=col]").count(), 10);
    assert.equal(await page.locator("#now").getAttribute("role"), "status");
    await close(page);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const begun = Date.now();
  try {
    await check();
    console.log(`ok ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED      ${name}\n${error.stack}`);
  }
}
await browser.close();
console.log(`check-explorer: ${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
