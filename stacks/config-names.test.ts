import { describe, expect, it } from "vitest";
import { z } from "zod";
import { LecternError } from "../components/problem/problem.ts";
import { configSchema } from "./config.ts";
import { checkConfigNames, NAMED_KEYS, registryHosts } from "./config-names.ts";

const KNOWN = {
  clusters: ["campus", "hpc"],
  gated: ["kernel/python", "hub/campus/staging"],
  elsewhere: [] as string[],
  images: ["campus/science", "campus/gpu"],
  kernels: ["python-science"],
  hubs: ["campus/staging", "campus/prod"],
  registries: ["docker.io", "ghcr.io"],
};

const GATEWAYS = {
  main: { hosts: [{ local: true }], specsFolder: "/kernels", restart: { mode: "none" } },
};

function problemsOf(values: object, known = KNOWN) {
  try {
    checkConfigNames(configSchema.parse(values), known);
    return [];
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

describe("names in the configuration's maps", () => {
  it.each([
    [
      { images: { "campus/scince": { rollback: true } } },
      "lectern:images.campus/scince",
      'Did you mean "campus/science" or "campus/gpu"?',
    ],
    [{ clusters: { campsu: { patience: 0 } } }, "lectern:clusters.campsu", 'Did you mean "campus"?'],
    [
      { hubTokens: { "campus/stagin": "hunter2" } },
      "lectern:hubTokens.campus/stagin",
      expect.stringContaining('"campus/staging"'),
    ],
    [
      { kernelSecrets: { "python-sience": { TOKEN: "hunter2" } } },
      "lectern:kernelSecrets.python-sience",
      'Did you mean "python-science"?',
    ],
    [{ kubeconfigs: { campuss: "x" } }, "lectern:kubeconfigs.campuss", 'Did you mean "campus"?'],
    [
      { registries: { "gchr.io": { username: "bob" } } },
      "lectern:registries.gchr.io",
      expect.stringContaining('"ghcr.io"'),
    ],
    [
      { registryPasswords: { "registry.example.org": "hunter2" } },
      "lectern:registryPasswords.registry.example.org",
      expect.stringMatching(/remove the entry/),
    ],
    [{ gateway: "mian", gateways: GATEWAYS }, "lectern:gateway", 'Did you mean "main"?'],
  ])("that refer to nothing are refused, with the nearest: %j", (values, path, remedy) => {
    const problems = problemsOf(values);
    expect(problems).toEqual([expect.objectContaining({ code: "unknown-name", path, remedy })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  it("are reported all at once", () => {
    const problems = problemsOf({ images: { a: {}, b: {} }, clusters: { c: {} } });
    expect(problems.map(({ path }) => path)).toEqual([
      "lectern:clusters.c",
      "lectern:images.a",
      "lectern:images.b",
    ]);
  });

  it("are accepted where they exist, a registry's in any spelling", () => {
    expect(
      problemsOf({
        images: { "campus/gpu": {} },
        clusters: { hpc: {} },
        registries: { "index.docker.io": {}, "GHCR.io": {} },
      }),
    ).toEqual([]);
  });

  it("are checked in every map whose names refer to something", () => {
    const maps = Object.entries(configSchema.shape).flatMap(([key, field]) => {
      const schema = z.toJSONSchema(field, { io: "input", unrepresentable: "any" });
      return schema.propertyNames === undefined ? [] : [key];
    });
    // Articles and kernels have checks of their own; the names of gateways are made here.
    const elsewhere = ["articles", "kernels", "gateways"];
    expect([...NAMED_KEYS, ...elsewhere].sort()).toEqual(maps.sort());
  });
});

describe("registryHosts", () => {
  it("names each registry once, and leaves out what is no reference", () => {
    expect(
      registryHosts(["lectern/lab", "ubuntu:24.04", "ghcr.io/a/b@sha256:1", "localhost:5000/x"]),
    ).toEqual(["docker.io", "localhost:5000"]);
  });
});
