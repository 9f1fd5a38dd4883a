import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standInEncrypted, standInSops } from "../../components/hub/values/secrets/testing/stand-in-sops.ts";
import { showValues, type ValuesOptions } from "./values.ts";

let catalog: string;
let out: string;
let err: string[];

beforeEach(async () => {
  catalog = await mkdtemp(join(tmpdir(), "lectern-values-"));
  [out, err] = ["", []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text).replaceAll(/[^\s"]*clusters\/campus\//g, "");
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err.push(String(text).replaceAll(/[^\s"]*clusters\/campus\//g, ""));
    return true;
  });
  vi.stubEnv("PATH", await programs());
  vi.stubEnv("SOPS_STAND_IN_KEY", "1");
  await write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  await write("charts/hub/values.yaml", "hub: {replicas: 1, image: {name: a, tag: b}}\n");
  await write("charts/hub/values.schema.json", SCHEMA);
  await write("clusters/campus/cluster.yaml", CLUSTER);
  await write("clusters/campus/common.yaml", "hub:\n  image: {tag: c}\n");
  await write("clusters/campus/staging.yaml", "hub:\n  image:\n    tag: null\n");
  await write("clusters/campus/enc.yaml", standInEncrypted({ hub: { token: "hush" } }));
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(catalog, { recursive: true });
});

const CLUSTER = `
values: [common.yaml]
hubs:
- {name: staging, chart: hub, values: [staging.yaml], secrets: [enc.yaml]}
`;
const SCHEMA = JSON.stringify({
  properties: { hub: { additionalProperties: false, properties: { replicas: {}, image: {}, token: {} } } },
});

async function write(path: string, text: string) {
  await mkdir(dirname(join(catalog, path)), { recursive: true });
  await writeFile(join(catalog, path), text);
}

/** A PATH with the stand-in for sops alone. */
async function programs() {
  await mkdir(join(catalog, "bin"));
  await standInSops(join(catalog, "bin"));
  return join(catalog, "bin");
}

const show = (options: ValuesOptions = {}, hub = "staging") =>
  showValues("campus", hub, { catalog, ...options });

describe("lectern values", () => {
  it("prints what is set, with the file and line, and masks secrets", async () => {
    expect(await show()).toBe(0);
    expect(out).toBe(
      [
        "campus/staging, chart hub: 2 values",
        "hub.image.tag  null      staging.yaml:3",
        "hub.token      [secret]  enc.yaml:2",
        "",
      ].join("\n"),
    );
    expect(err).toEqual([]);
  });

  it("explains a path with the chart's defaults, and what was replaced", async () => {
    expect(await show({ explain: "hub.image.tag" })).toBe(0);
    expect(out).toMatch(
      /hub\.image\.tag {2}null {2}staging\.yaml:3, over common\.yaml, \S*charts\/hub\/values\.yaml/,
    );
    out = "";
    expect(await show({ explain: "hub" })).toBe(0);
    expect(out).toMatch(/hub\.replicas +1 +\S*charts\/hub\/values\.yaml/);
  });

  it("prints one document", async () => {
    expect(await show({ json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      hub: "campus/staging",
      chart: "hub",
      userSupplied: { hub: { image: { tag: null }, token: "[secret]" } },
      effective: { hub: { replicas: 1, image: { name: "a" }, token: "[secret]" } },
      values: expect.arrayContaining([
        { path: "hub.token", value: "[secret]", origin: expect.objectContaining({ secret: true }) },
      ]),
      problems: [],
    });
    expect(out).not.toContain("hush");
  });

  it("goes on where a secret can't be decrypted here, and says so", async () => {
    vi.stubEnv("SOPS_STAND_IN_KEY", "");
    expect(await show()).toBe(0);
    expect(out).toMatch(/hub\.token +\[secret\] +enc\.yaml:2/);
    expect(err).toEqual([expect.stringMatching(/^warning: enc\.yaml: none of the keys/)]);
  });

  it("fails where the chart's schema refuses a value", async () => {
    await write("clusters/campus/staging.yaml", "hub:\n  replica: 1\n");
    expect(await show()).toBe(1);
    expect(err).toEqual([
      'error: staging.yaml:2:3 hub.replica: unknown key "replica". Did you mean "replicas"?\n',
    ]);
  });

  it.each([
    ["a hub", "stagin", {}, /the cluster campus has no hub "stagin"\. Did you mean "staging"\?/],
    ["a path", "staging", { explain: "hub.imag" }, /nothing at hub\.imag\. Did you mean "image"\?/],
  ])("fails for %s that isn't there", async (_, hub, options, message) => {
    expect(await show(options, hub)).toBe(1);
    expect(err.join("")).toMatch(message);
    expect(await showValues("campos", "staging", { catalog })).toBe(1);
    expect(err.join("")).toMatch(/no cluster "campos" with a cluster\.yaml\. Did you mean "campus"\?/);
  });
});
