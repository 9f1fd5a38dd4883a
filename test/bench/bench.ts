import Table from "cli-table3";
import type { Row } from "./row.ts";

/** Every bench by its name: a module that measures and gives rows. `npm run bench -- NAME…` runs some. */
const BENCHES: Record<string, () => Promise<{ run(): Promise<Row[]> }>> = {
  validate: () => import("./validate/validate.ts"),
  sandbox: () => import("./sandbox.ts"),
  ssh: () => import("./ssh.ts"),
  images: () => import("./images.ts"),
  registry: () => import("./registry.ts"),
  "hubs-objects": () => import("./hubs/hubs-objects.ts"),
  comment: () => import("./comment.ts"),
  calendar: () => import("./calendar.ts"),
  map: () => import("./map.ts"),
  proofs: () => import("./proofs.ts"),
  studio: () => import("./studio.ts"),
  engine: () => import("./engine.ts"),
  hubs: () => import("./hubs/hubs.ts"),
  plan: () => import("./plan.ts"),
  "hubs-sandbox": () => import("./hubs/hubs-sandbox.ts"),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`No bench ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}

const table = new Table({
  head: ["what", "measured", "target", "met"],
  style: { head: [], border: [] },
  wordWrap: true,
  colWidths: [48, 36, 28, 6],
});
let missed = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  for (const { what, measured, target, met } of await (await load()).run()) {
    table.push([what, measured, target, met ? "yes" : "NO"]);
    if (!met) missed += 1;
  }
}
process.stdout.write(`${table.toString()}\n`);
process.exitCode = missed === 0 ? 0 : 1;
