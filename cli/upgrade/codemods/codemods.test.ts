import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../testing/command-test.ts";
import { keptFiles, restoreFiles } from "../kept-files.ts";
import type { Codemod } from "./codemod.ts";
import { applyCodemods } from "./codemods.ts";

const root = temporaryFolder("codemods");

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string) => readFileSync(join(root, path), "utf8");

const CLUSTER = "catalog/clusters/campus/cluster.yaml";
const STAGING = `config:
  # How it is reached.
  lectern:clusters:
    campus:
      context: campus-admin
      patience: 60
  lectern:visibility: private
`;

it("moves the context of a cluster into its cluster.yaml, and leaves all else as it was written", () => {
  write("Pulumi.staging.yaml", STAGING);
  write("Pulumi.prod.yaml", "config:\n  lectern:clusters:\n    campus:\n      context: campus-admin\n");
  write(CLUSTER, "# The campus cluster.\nhubs: []\n");
  expect(applyCodemods(root, "0.1.0", "0.2.0")).toEqual([
    `${CLUSTER}: the context of a cluster belongs into its cluster.yaml (since 0.2.0)`,
    "Pulumi.prod.yaml: the context of a cluster belongs into its cluster.yaml (since 0.2.0)",
    "Pulumi.staging.yaml: the context of a cluster belongs into its cluster.yaml (since 0.2.0)",
  ]);
  expect(read(CLUSTER)).toBe("# The campus cluster.\nhubs: []\nprovider:\n  context: campus-admin\n");
  expect(read("Pulumi.staging.yaml")).toBe(STAGING.replace("      context: campus-admin\n", ""));
  expect(read("Pulumi.prod.yaml")).toBe("config: {}\n");
  expect(applyCodemods(root, "0.1.0", "0.2.0")).toEqual([]);
});

it("leaves it to people where stacks reach a cluster in different contexts", () => {
  write("Pulumi.staging.yaml", STAGING);
  write("Pulumi.prod.yaml", STAGING.replace("campus-admin", "campus-prod"));
  write(CLUSTER, "hubs: []\n");
  const [line] = applyCodemods(root, "0.1.0", "0.2.0");
  expect(line).toMatch(/^For you to decide .*campus in Pulumi\.prod\.yaml, Pulumi\.staging\.yaml differ/);
  expect(read(CLUSTER)).toBe("hubs: []\n");
});

it("leaves a cluster without cluster.yaml as it is: the stack's file says how it is reached", () => {
  write("Pulumi.staging.yaml", STAGING);
  expect(applyCodemods(root, "0.1.0", "0.2.0")).toEqual([]);
  expect(read("Pulumi.staging.yaml")).toBe(STAGING);
});

it("keeps what it changes, so that an upgrade can be undone", () => {
  write("Pulumi.staging.yaml", STAGING);
  write(CLUSTER, "hubs: []\n");
  applyCodemods(root, "0.1.0", "0.2.0");
  expect(keptFiles(root)).toEqual(["Pulumi.staging.yaml", CLUSTER]);
  expect(restoreFiles(root)).toEqual(["Pulumi.staging.yaml", CLUSTER]);
  expect(read("Pulumi.staging.yaml")).toBe(STAGING);
  expect(read(CLUSTER)).toBe("hubs: []\n");
});

it("applies what the versions after one need up to another, and nothing else", () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
  const order = ([a, b, c]: readonly number[]) => (a ?? 0) * 100 + (b ?? 0) * 10 + (c ?? 0);
  fc.assert(
    fc.property(version, version, version, (from, to, since) => {
      let applied = false;
      const codemod: Codemod = {
        since: since.join("."),
        description: "a change",
        apply: () => {
          applied = true;
          return [];
        },
      };
      applyCodemods(root, from.join("."), to.join("."), [codemod]);
      expect(applied).toBe(order(from) < order(since) && order(since) <= order(to));
    }),
  );
});
