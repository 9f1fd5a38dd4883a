import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { readImagesFile } from "../../components/image/selection/images-file.ts";
import type { Catalog } from "../catalog.ts";
import { configSchema } from "../config.ts";
import { coursesOfHubs, neededByProof, proofOfAlias } from "./alias-proof.ts";

/** Three courses, of which one names the entry of the cluster, and one another cluster's. */
function world(hubs = "[campus/lab, campus/lab]") {
  const root = mkdtempSync(join(tmpdir(), "lectern-catalog-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("courses/named/lecture.yaml", `hubs: ${hubs}\n`);
  write("courses/elsewhere/lecture.yaml", "hubs: [north/lab]\n");
  write("courses/plain/course.json", "{}");
  const entries = (section: string, names: readonly string[]) =>
    names.map((name) => ({ name, folder: join(root, section, name) }));
  const catalog: Catalog = {
    ...{ blogs: [], kernels: [], charts: [], images: [], unknown: [] },
    courses: entries("courses", ["elsewhere", "named", "plain"]),
    clusters: entries("clusters", ["campus", "north"]),
  };
  const hub = (environment: string) => ({ environment, namespace: environment, retire: false });
  const cluster: ClusterFiles = {
    name: "campus",
    folder: join(root, "clusters/campus"),
    images: readImagesFile("lab: {repository: ghcr.io/a/lab, alias: recommended}", "images.yaml"),
    charts: new Map(),
    namedImages: [],
    nodeGroups: [],
    declaration: {
      name: "campus",
      provider: { context: "campus-admin" },
      hubs: [hub("prod"), hub("staging")],
    } as unknown as ClusterDeclaration,
  };
  return { catalog, cluster };
}

const STAGING = { provesNotebooks: true, environments: ["staging"] } as const;
const configOf = (values: Record<string, unknown> = {}) => configSchema.parse(values);

async function proof(
  values: Record<string, unknown> = {},
  policy: typeof STAGING | { provesNotebooks: false; environments: ["prod"] } = STAGING,
) {
  const { catalog, cluster } = world();
  const args = { catalog, config: configOf(values), policy };
  const courses = await coursesOfHubs([cluster], args);
  return proofOfAlias({ cluster, key: "lab", startable: undefined }, courses, args);
}

it("proves the courses that name the entry, in the namespace of the cluster's hub", async () => {
  expect(await proof({ prove: "require" })).toMatchObject({
    mode: "require",
    entry: "campus/lab",
    courses: [{ id: "course/named" }],
    hub: { cluster: "campus", context: "campus-admin", namespace: "staging" },
  });
});

it("waits for the namespace that the hub's notebooks run in, where any are proven", async () => {
  const asked: string[] = [];
  const registered = {} as pulumi.Resource;
  const place = {
    namespace: (name: string) => {
      asked.push(name);
      return registered;
    },
  };
  expect(neededByProof(await proof(), place)).toEqual([registered]);
  expect(asked).toEqual(["staging"]);
  expect(neededByProof(await proof({ prove: "off" }), place)).toEqual([]);
  expect(neededByProof(await proof(), undefined)).toEqual([]);
  expect(asked).toEqual(["staging"]);
});

it("only warns unless the stack says otherwise, or a person lets the image through", async () => {
  expect((await proof())?.mode).toBe("warn");
  const override = { "images/campus/lab": { reason: "the exam", until: "9999-12-31" } };
  expect((await proof({ prove: "require", override }))?.mode).toBe("warn");
});

it("proves nothing where notebooks are another stack's, or are not proven, or no cluster is asked", async () => {
  expect(await proof({}, { provesNotebooks: false, environments: ["prod"] })).toBeUndefined();
  expect(await proof({ prove: "off" })).toBeUndefined();
  expect(await proof({ clusters: { campus: { contact: false } } })).toBeUndefined();
  const { catalog, cluster } = world("[campus/lab]");
  const { declaration: _, ...without } = cluster;
  const args = { catalog, config: configOf(), policy: STAGING };
  const courses = await coursesOfHubs([without], args);
  expect(proofOfAlias({ cluster: without, key: "lab", startable: undefined }, courses, args)).toBeUndefined();
});

it("refuses an entry that no cluster of the catalog has, and leaves those of other stacks alone", async () => {
  const { catalog, cluster } = world("[campus/lap]");
  await expect(coursesOfHubs([cluster], { catalog, config: configOf(), policy: STAGING })).rejects.toThrow(
    /named\/lecture\.yaml:1:8 hubs\[0\]: no images\.yaml .* has the entry "campus\/lap"\. Did you mean "campus\/lab"/,
  );
});

it("places the Job on the nodes that hold the image", async () => {
  const { catalog, cluster } = world();
  const nodes = {
    slug: "users",
    node_selector: { pool: "users" },
    tolerations: [{ key: "gpu", operator: "Exists" }],
  };
  const group = { ...nodes } as unknown as (typeof cluster.nodeGroups)[number];
  const args = { catalog, config: configOf(), policy: STAGING };
  const courses = await coursesOfHubs([cluster], args);
  const startable = { image: "ghcr.io/a/lab@sha256:x", anywhere: false, nodeGroups: ["users"] };
  const found = proofOfAlias(
    { cluster: { ...cluster, nodeGroups: [group] }, key: "lab", startable },
    courses,
    args,
  );
  expect(found?.hub.nodeSelector).toEqual({ pool: "users" });
  expect(found?.hub.tolerations).toContainEqual({ key: "gpu", operator: "Exists" });
});
