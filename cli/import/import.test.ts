import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { importCatalog } from "./import.ts";
import type { Layout } from "./plan.ts";
import { HUBPLOY, TWO_I2C, writeRepository } from "./testing/repositories.ts";

let root: string;
let out: string;
let err: string;
const catalog = () => join(root, "catalog");

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lectern-import-"));
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

interface Document {
  readonly written: string[];
  readonly notes: { code: string; file: string; message: string }[];
  readonly imports: string[];
}

async function imported(layout: Layout, files: Readonly<Record<string, string>>): Promise<Document> {
  await writeRepository(join(root, "old"), files);
  expect(await importCatalog(layout, join(root, "old"), { out: catalog(), json: true })).toBe(0);
  return JSON.parse(out) as Document;
}

const clusterYaml = async (name: string) =>
  parse(await readFile(join(catalog(), "clusters", name, "cluster.yaml"), "utf8"));

const notes = ({ notes: all }: Document) => all.map(({ code, file }) => `${code} ${file}`).sort();

describe("a repository of HubPloy's", () => {
  it("becomes a cluster for each that deployments name, with a hub for each environment", async () => {
    await imported("hubploy", HUBPLOY);
    expect(await readdir(join(catalog(), "clusters"))).toEqual(["law", "main-2026"]);
    expect(await clusterYaml("main-2026")).toEqual({
      provider: { context: "gke_campus_us-central1_main-2026" },
      hubs: [
        {
          name: "physics-prod",
          chart: "hub",
          environment: "prod",
          gate: "none",
          values: ["physics/prod.yaml"],
        },
        {
          name: "stats-prod",
          chart: "hub",
          environment: "prod",
          staging: ["stats-staging"],
          values: ["stats/common.yaml", "stats/prod.yaml"],
          secrets: ["stats/secrets/prod.yaml"],
        },
        {
          name: "stats-staging",
          chart: "hub",
          environment: "staging",
          values: ["stats/common.yaml", "stats/staging.yaml"],
          secrets: ["stats/secrets/staging.yaml"],
        },
      ],
    });
    const read = await readClusterFiles(join(catalog(), "clusters/main-2026"));
    expect(read.declaration?.hubs.map(({ provenBy }) => provenBy)).toEqual([
      [],
      ["main-2026/stats-staging"],
      [],
    ]);
    await readClusterFiles(join(catalog(), "clusters/law"));
  });

  it("keeps its chart and images, and secrets as they were encrypted", async () => {
    const { written } = await imported("hubploy", HUBPLOY);
    expect(written.filter((path) => /^(charts|images)/.test(path))).toEqual([
      "charts/hub/Chart.yaml",
      "charts/hub/templates/note.txt",
      "charts/hub/values.yaml",
      "images/lab/Dockerfile",
      "images/lab/environment.yml",
      "images/stats/Dockerfile",
    ]);
    expect(await readFile(join(catalog(), "clusters/main-2026/stats/secrets/prod.yaml"), "utf8")).toBe(
      HUBPLOY["deployments/stats/secrets/prod.yaml"],
    );
    expect(written).not.toContain("clusters/main-2026/physics/secrets/prod.yaml");
  });

  it("comes with everything that is left to do, each with its file", async () => {
    expect(notes(await imported("hubploy", HUBPLOY))).toEqual([
      "dependencies hub/Chart.yaml",
      "gate deployments/physics/hubploy.yaml",
      "image deployments/stats/image/Dockerfile",
      "image images/lab/Dockerfile",
      "jsonnet deployments/physics/config/extra.jsonnet",
      "not-carried deployments/stats/config/filestore/flags.json",
      "not-carried deployments/stats/secrets/key.json",
      "not-encrypted deployments/physics/secrets/prod.yaml",
    ]);
  });

  it("has its running releases taken over", async () => {
    const { imports } = await imported("hubploy", HUBPLOY);
    expect(imports).toContain(
      "pulumi import --stack prod --generate-code=false kubernetes:helm.sh/v3:Release main-2026/stats-prod stats-prod/stats-prod",
    );
    expect(imports).toHaveLength(5);
  });
});

describe("a repository in 2i2c's layout", () => {
  it("becomes the same clusters, with what a hub has", async () => {
    await imported("2i2c", TWO_I2C);
    expect(await clusterYaml("north")).toEqual({
      provider: { context: "arn:aws:eks:us-west-2:123456789012:cluster/north" },
      support: {
        chart: "support",
        values: ["support.values.yaml"],
        secrets: ["shared/enc-support.secret.values.yaml", "enc-support.secret.values.yaml"],
      },
      hubs: [
        {
          name: "staging",
          chart: "basehub",
          domain: "staging.north.example",
          values: ["common.values.yaml", "staging.values.yaml"],
          secrets: ["enc-common.secret.values.yaml", "enc-staging.secret.values.yaml"],
        },
        {
          name: "prod",
          chart: "basehub",
          domain: "north.example",
          values: ["common.values.yaml", "prod.values.yaml"],
          secrets: ["enc-common.secret.values.yaml"],
        },
      ],
    });
    expect(await clusterYaml("south")).toMatchObject({ hubs: [{ name: "lab", gate: "none" }] });
    await readClusterFiles(join(catalog(), "clusters/north"));
    await readClusterFiles(join(catalog(), "clusters/south"));
  });

  it("comes with everything that is left to do, each with its file", async () => {
    const document = await imported("2i2c", TWO_I2C);
    expect(notes(document)).toEqual([
      "gate config/clusters/south/cluster.yaml",
      "image helm-charts/images/hub/Dockerfile",
      "jsonnet config/clusters/north/extra.jsonnet",
      "jsonnet helm-charts/basehub/values.jsonnet",
      "not-carried config/clusters/north/chart.yaml",
      "not-carried config/clusters/north/cluster.yaml",
      "not-carried config/clusters/north/cluster.yaml",
      "not-carried config/clusters/north/enc-deployer-credentials.secret.json",
      "order config/clusters/north/prod.values.yaml",
    ]);
    expect(document.notes.find(({ code }) => code === "order")?.message).toBe(
      "it sets jupyterhub.hub.token over enc-common.secret.values.yaml, but secrets go over all other values",
    );
  });

  it("has its running releases taken over, support too", async () => {
    const { imports } = await imported("2i2c", TWO_I2C);
    expect(imports.slice(0, 2)).toEqual([
      "pulumi import --stack staging --generate-code=false kubernetes:helm.sh/v3:Release north/support support/support",
      "pulumi import --stack staging --generate-code=false kubernetes:helm.sh/v3:Release north/staging staging/staging",
    ]);
  });
});

describe("an import", () => {
  it("overwrites nothing, and then writes nothing", async () => {
    await writeRepository(join(root, "old"), HUBPLOY);
    await writeRepository(catalog(), { "charts/hub/values.yaml": "mine: 1\n" });
    expect(await importCatalog("hubploy", join(root, "old"), { out: catalog() })).toBe(1);
    expect(err).toMatch(/charts\/hub\/values\.yaml: the file exists already/);
    expect(await readdir(catalog())).toEqual(["charts"]);
  });

  it("says what to do, for people", async () => {
    await writeRepository(join(root, "old"), HUBPLOY);
    expect(await importCatalog("hubploy", join(root, "old"), { out: catalog() })).toBe(0);
    expect(out).toMatch(/^Wrote \d+ files below .*: 2 clusters, 5 releases\.\n\nTo do by hand:\n- /);
    expect(out).toMatch(/ {2}pulumi import --stack staging .* law\/law-staging law-staging\/law-staging\n/);
    expect(out).not.toMatch(/hush|readable$/m);
  });

  it.each([
    ["hubploy", /no deployments\/<name>\/hubploy\.yaml/],
    ["2i2c", /no config\/clusters\/<cluster>\/cluster\.yaml/],
  ] as const)("of a folder that has not the layout of %s is refused", async (layout, message) => {
    expect(await importCatalog(layout, root, { out: catalog() })).toBe(1);
    expect(err).toMatch(message);
  });

  it("of several charts needs one named", async () => {
    const { "hub/Chart.yaml": chart = "", ...rest } = HUBPLOY;
    await writeRepository(join(root, "old"), { ...rest, "one/Chart.yaml": chart, "two/Chart.yaml": chart });
    expect(await importCatalog("hubploy", join(root, "old"), { out: catalog() })).toBe(1);
    expect(err).toMatch(/several charts: one, two\. Name the one that/);
    expect(await importCatalog("hubploy", join(root, "old"), { out: catalog(), chart: "two" })).toBe(0);
  });
});
