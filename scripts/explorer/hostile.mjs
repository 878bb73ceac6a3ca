// A trace as no run of commitsim writes it: names that try to be markup, script or something else.

import { readFileSync } from "node:fs";

const attack = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2>";
const invisible = "\u2028\u202e\u0001";
const text = readFileSync(process.argv[2], "utf8").trimEnd();
const lines = text.split("\n").map((line) => JSON.parse(line));
const [head, ...observations] = lines;
const rename = (name) => (name === "n1" ? `${attack}${invisible}` : name);
head.scenario.title = `"'><svg onload=window.hacked=3>${attack}`;
head.nodes = head.nodes.map(rename);
head.options = { [attack]: "javascript:window.hacked=4" };
for (const seen of observations) {
  seen.node = rename(seen.node);
  for (const end of ["from", "to"]) if (seen[end] !== undefined) seen[end] = rename(seen[end]);
  if (seen.message === "Prepare") seen.message = `<b onclick=window.hacked=5>${invisible}`;
  if (seen.record === "Prepared") seen.record = "]]><style>*{display:none}</style>";
}
process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
