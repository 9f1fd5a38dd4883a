import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import type { HubChanges } from "../../components/hub/objects/hub-changes.ts";
import { LECTERN } from "./command-run.ts";
import type { Row } from "./row.ts";

const HUBS = 170;
const STACKS = 34;
const LIMIT = 2;

/** The comment of stacks whose hubs all change, from the previews' files, in a process of its own. */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-bench-comment-"));
  try {
    let bytes = 0;
    const previews = Array.from({ length: STACKS }, (_, index) => {
      const file = join(folder, `${index}.json`);
      const text = JSON.stringify(preview(`staging-${index}`, HUBS / STACKS));
      bytes += text.length;
      writeFileSync(file, text);
      return ["--preview", `staging-${index}=${file}`];
    });
    const output = join(folder, "comment.md");
    const start = performance.now();
    execFileSync(process.execPath, [LECTERN, "comment", ...previews.flat(), "--output", output]);
    const seconds = (performance.now() - start) / 1000;
    const comment = readFileSync(output, "utf8");
    if (!comment.includes(`${HUBS} to update`))
      throw new Error(`the comment has not all hubs: ${comment.slice(0, 200)}`);
    const megabytes = (bytes / 1e6).toFixed(0);
    return [
      {
        what: `comment for ${HUBS} hubs from the previews of ${STACKS} stacks (${megabytes} MB), start-up included`,
        measured: `${seconds.toFixed(2)} s`,
        target: `under ${LIMIT} s`,
        met: seconds < LIMIT,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A preview of a stack as the CLI prints it: each hub has its resources, and values as large as they usually are. */
function preview(stack: string, hubs: number): object {
  const names = Array.from({ length: hubs }, (_, index) => `${stack}/hub-${index}`);
  const urn = (type: string, name: string) => `urn:pulumi:${stack}::lectern::${type}::${name}`;
  const values = (level: string) => ({
    level,
    ...Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`key${index}`, { value: `text ${index}` }]),
    ),
  });
  const steps = names.flatMap((name) => {
    const hub = urn("lectern:cluster:Cluster$lectern:hub:Hub", name);
    const part = (type: string, inputs: (level: string) => object) => ({
      op: "update",
      urn: urn(`lectern:cluster:Cluster$lectern:hub:Hub$${type}`, name),
      oldState: { parent: hub, inputs: inputs("INFO"), outputs: values("INFO") },
      newState: { parent: hub, inputs: inputs("DEBUG") },
    });
    return [
      { op: "same", urn: hub, oldState: {}, newState: {} },
      part("kubernetes:helm.sh/v3:Release", (level) => ({ values: values(level) })),
      ...["ReleaseLease", "ReleaseDrift", "HubHealth"].map((type) =>
        part(`pulumi-nodejs:dynamic/lectern:${type}`, (change) => ({ change })),
      ),
    ];
  });
  const diagnostics = names.map((hub) => ({
    severity: "info",
    urn: urn("lectern:cluster:Cluster$lectern:hub:Hub", hub),
    message: `info: ${changesMessage(changesOf(hub))}\n`,
  }));
  return { steps, diagnostics, changeSummary: { update: 4 * hubs, same: hubs } };
}

const changesOf = (hub: string): HubChanges => ({
  hub,
  objects: Array.from({ length: 12 }, (_, index) => ({
    ...{ apiVersion: "v1", kind: "ConfigMap", name: `object-${index}`, change: "changed" as const },
    fields: [{ path: `data.key${index}`, change: "changed" as const, text: `key key${index} INFO → DEBUG` }],
  })),
  values: [{ path: "level", change: "changed", before: "INFO", after: "DEBUG" }],
  effects: [{ kind: "hub-restart", text: "the hub restarts: spawning stops for about 10 s" }],
});
