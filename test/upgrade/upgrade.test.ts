import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LecternOnPulumi } from "../engine/lectern.ts";
import { findKubernetesPlugin, findPulumi } from "../engine/programs.ts";
import { callSandbox, report } from "../sandbox/command.ts";
import { findCluster } from "../services/cluster/cluster.ts";
import { requireService } from "../services/require.ts";
import { createRecorded, startHubCluster } from "./cluster.ts";
import { Place } from "./place.ts";

// What an earlier version deployed, today's program takes over without a change; see record.ts.
const CHECKOUT = resolve(import.meta.dirname, "../..");
const MINUTES = 60_000;
const RECORDS = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "catalog")
  .flatMap(({ name }) => readdirSync(join(import.meta.dirname, name)).map((engine) => `${name}/${engine}`));
/** The steps that would change something. */
const changes = (steps: readonly { op: string; type: string; name: string }[]) =>
  steps.filter(({ op }) => !["same", "read", "refresh"].includes(op));
/** The sandbox renders manifests to files: to a cluster they are new, and so is the provider's version. */
const isRendered = ({ type }: { type: string }) => /^(pulumi:providers:)?kubernetes\b/.test(type);
/**
 * What had to change since these states were made, once: the pods that hold images tolerate the taints of nodes that
 * are for users alone, an alias waits for the nodes that hold its image, and the engine notes by which name it knows
 * a cluster. Nothing outside the cluster is written.
 */
const isInherent = ({ op, type }: { op: string; type: string }) =>
  (type === "pulumi:providers:kubernetes" && op === "update") ||
  (type.endsWith(":PrepullReadiness") && ["create", "update"].includes(op)) ||
  (type === "kubernetes:apps/v1:DaemonSet" && op === "update");
const nothing = () => false;

let folder: string;
let place: Place;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-upgrade-"));
  place = await Place.make(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A cluster that nodes are asked about is in the records of a real engine alone. */
const clusters = (record: string) => (record.endsWith("/pulumi") ? "{}" : undefined);

describe("today's program on the sandbox", () => {
  it.each(RECORDS)("finds nothing to do in the state %s", { timeout: 5 * MINUTES }, async (record) => {
    const state = await place.take(join(import.meta.dirname, record), CHECKOUT);
    mkdirSync(join(place.services, "state"));
    cpSync(state, join(place.services, "state/sandbox.json"));
    const config = clusters(record);
    const given = [
      ...["--json", "--expect-no-changes", "--state", place.services, "--catalog", place.catalog],
      ...(config ? ["--config", `clusters=${config}`] : []),
    ];
    // A refresh and an update ask the cluster, which is not there.
    const operations = [
      ...(config ? [] : [["refresh", nothing] as const]),
      ["preview", isInherent] as const,
      ...(config ? [] : [["up", isInherent] as const, ["up", nothing] as const]),
    ];
    for (const [operation, isExpected] of operations) {
      const before = place.contents();
      const ended = await callSandbox([operation, ...given], { HOME: place.home });
      const said = ended.stdout + ended.stderr;
      const planned = changes(report(ended).steps);
      expect(
        planned.filter((step) => !isExpected(step)),
        said,
      ).toEqual([]);
      expect(ended.code, said).toBe(planned.length === 0 ? 0 : 1);
      expect(place.contents()).toEqual(before);
    }
    expect(place.writes()).toEqual([]);
  });
});

const found = () => {
  const [cli, plugin, programs] = [findPulumi(), findKubernetesPlugin(), findCluster()];
  return cli && plugin && programs ? { cli, programs } : undefined;
};
requireService("the real Pulumi and a Kubernetes API", found, ({ cli, programs }) => {
  it.each(RECORDS)(
    "today's program finds nothing to do in the state %s",
    {
      timeout: 10 * MINUTES,
    },
    async (record) => {
      const cluster = await startHubCluster(programs, place.home);
      try {
        const rendered = record.endsWith("/sandbox");
        const { services, catalog, home } = place;
        const config = clusters(record);
        const lectern = new LecternOnPulumi({
          cli,
          folder,
          services,
          catalog,
          config: config ? { "lectern:clusters": config } : {},
          environment: { HOME: home },
        });
        const state = await place.take(join(import.meta.dirname, record), CHECKOUT);
        await createRecorded(cluster, state);
        await lectern.serve("sandbox", () => lectern.pulumi.import("sandbox", state));
        for (const [operation, isExpected] of [
          ["preview", isInherent],
          ["up", isInherent],
          ["up", nothing],
        ] as const) {
          const before = place.contents();
          const ended = await lectern.run(operation, "sandbox", "--diff");
          const said = ended.stdout + ended.stderr;
          expect(ended.ok, said).toBe(true);
          const planned = changes(ended.steps).filter(
            (step) => !isExpected(step) && (!rendered || !isRendered(step)),
          );
          expect(planned, said).toEqual([]);
          expect(place.contents()).toEqual(before);
        }
        expect(place.writes()).toEqual([]);
      } finally {
        await cluster.stop();
      }
    },
  );
});
