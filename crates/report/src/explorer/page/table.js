
/* The observations as text: the one that is looked at below the drawing, and tables of all. */

const ROWS = 100;

const now = document.getElementById("now");
const tables = [];

/* An element with a text or with others in it. */
function element(name, content, properties) {
  const made = Object.assign(document.createElement(name), properties ?? {});
  if (typeof content === "string") made.textContent = content;
  else if (content) made.append(...content);
  return made;
}

/* What strangers named stands in an element that keeps its direction of writing to itself. */
function foreign(text) {
  return element("bdi", text);
}

/* Says what is looked at. */
function tell() {
  const at = state.pointed ?? state.chosen;
  if (at === null) {
    const count = shown.reduce((sum, list) => sum + list.length, 0);
    now.replaceChildren(
      element("p", `${count} observations. Point at one, or step with the arrow keys.`),
    );
    return;
  }
  const { run, i } = at;
  const { seen } = run;
  const tx = seen.tx[i] === null ? "" : `, transaction ${seen.tx[i]}`;
  const here = instant(run, i);
  const order = here.length > 1 ? `, ${here.indexOf(i) + 1} of ${here.length} at this instant` : "";
  const other = otherEnd(run, i);
  const travel = other === null ? "" : ` ${duration(Math.abs(spanOf(run, i, other)))} on its way.`;
  const count = state.past === null ? 0 : state.past.count;
  const past = `${count} of ${run.at.length} observations before it in the sense of cause.`;
  now.replaceChildren(
    element("p", [`${timeOf(run, i)} ms, `, foreign(run.nodes[seen.node[i]]), `${tx}${order}: `,
      foreign(book.words[seen.says[i]])], { className: "what" }),
    element("p", [foreign(book.words[seen.means[i]])]),
    element("p", `${past}${travel}`, { className: "more" }),
  );
}

/* The shown observations at the same node in the same instant. */
function instant(run, i) {
  const list = shown[run.number];
  const same = (other) => run.at[other] === run.at[i] && run.seen.node[other] === run.seen.node[i];
  let first = placeAmongShown(run, i);
  while (first > 0 && run.at[list[first - 1]] === run.at[i]) first -= 1;
  const here = [];
  for (let n = first; n < list.length && run.at[list[n]] === run.at[i]; n += 1) {
    if (same(list[n])) here.push(list[n]);
  }
  return here.includes(i) ? here : [i];
}

/* Makes an empty table for each run. */
function makeTables() {
  for (const run of runs) {
    const headings = [["no.", true], ["ms", true], ["node", false], ["tx", true], ["what", false]];
    const cells = headings.map(([text, number]) => element("th", text,
      { scope: "col", className: number ? "number" : "" }));
    const body = element("tbody");
    const caption = element("caption", [foreign(run.about)]);
    const table = element("table", [caption, element("thead", [element("tr", cells)]), body]);
    const back = element("button", `◀ previous ${ROWS}`, { type: "button" });
    const on = element("button", `next ${ROWS} ▶`, { type: "button" });
    const where = element("span");
    const kept = { run, body, where, back, on, page: 0 };
    back.addEventListener("click", () => turn(kept, kept.page - 1));
    on.addEventListener("click", () => turn(kept, kept.page + 1));
    const pages = element("div", [back, where, on], { className: "pages" });
    const scrolls = element("div", [table], { className: "scrolls" });
    document.getElementById("tables").append(scrolls, pages);
    tables.push(kept);
  }
}

/* Shows a page of a table. */
function turn(table, page) {
  const { run, body } = table;
  const list = shown[run.number];
  const pages = Math.max(1, Math.ceil(list.length / ROWS));
  table.page = Math.min(Math.max(0, page), pages - 1);
  const first = table.page * ROWS;
  const part = list.slice(first, first + ROWS);
  body.replaceChildren(...part.map((i) => rowOf(run, i)));
  const range = `${first + 1} to ${first + part.length} of ${list.length}`;
  table.where.textContent = part.length === 0 ? "nothing is shown" : range;
  table.back.disabled = table.page === 0;
  table.on.disabled = table.page === pages - 1;
}

function rowOf(run, i) {
  const { seen } = run;
  const link = element("a", String(seen.seq[i]), { href: `#at=${run.number}.${i}` });
  link.addEventListener("focus", () => point({ run, i }));
  link.addEventListener("blur", () => point(null));
  const number = { className: "number" };
  const row = element("tr", [
    element("td", [link], number),
    element("td", timeOf(run, i), number),
    element("td", [foreign(run.nodes[seen.node[i]])]),
    element("td", seen.tx[i] === null ? "" : String(seen.tx[i]), number),
    element("td", [foreign(book.words[seen.says[i]])]),
  ]);
  row.dataset.seen = String(i);
  return row;
}

/* Marks what is chosen and its past in the tables, and turns to its page. */
function markTables() {
  for (const table of tables) {
    const { chosen, past } = state;
    const mine = chosen !== null && chosen.run === table.run;
    const page = mine ? Math.floor(placeAmongShown(table.run, chosen.i) / ROWS) : table.page;
    if (page !== table.page) turn(table, page);
    for (const row of table.body.rows) {
      const i = Number(row.dataset.seen);
      if (mine && chosen.i === i) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      row.classList.toggle("past", past !== null && past.run === table.run && past.marks[i] === 1);
    }
  }
}
