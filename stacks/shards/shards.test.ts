import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Inherited } from "../../components/resource/inherited.ts";
import type { Catalog } from "../catalog.ts";
import { claimedTwice, claimsIn, partsOf } from "./claims.ts";
import { refuseTwice } from "./refuse-twice.ts";
import { inScope } from "./scope.ts";
import { withDefaults } from "./stack-config.ts";
import { readStackFiles } from "./stack-files.ts";
import { environmentOf, isShard, stagingOf } from "./stack-name.ts";

const entry = (name: string) => ({ name, folder: `catalog/${name}` });
const CATALOG: Catalog = {
  courses: [entry("bell")],
  blogs: [entry("idea")],
  kernels: [entry("python")],
  clusters: [entry("campus"), entry("campus-east")],
  charts: [],
  images: [],
  unknown: [],
};
const SCOPE = { articles: false, kernels: false, clusters: [] };

describe("the name of a stack", () => {
  it.each([
    ["prod", "prod", false, "staging"],
    ["prod-campus", "prod", true, "staging-campus"],
    ["prod-campus-east", "prod", true, "staging-campus-east"],
  ])("%s is of the environment %s", (stack, environment, shard, staging) => {
    expect([environmentOf(stack), isShard(stack), stagingOf(stack)]).toEqual([environment, shard, staging]);
  });
});

describe("the configuration of a part of an environment", () => {
  const read = (values: Record<string, string>, secrets: string[] = []) => {
    return (): Inherited => ({ values, secrets });
  };
  const part = { "lectern:environment": "prod", "lectern:scope": '{"clusters":["campus"]}' };

  it("takes the environment's values where it has none of its own, and what proves it by its own suffix", () => {
    const defaults = read({ gateway: "main", processingLimit: "9", stagingStack: "acme/lectern/staging" });
    expect(withDefaults("prod-campus", { ...part, "lectern:processingLimit": "5" }, defaults)).toEqual({
      ...part,
      "lectern:gateway": "main",
      "lectern:processingLimit": "5",
      "lectern:stagingStack": "acme/lectern/staging-campus",
    });
    const own = { ...part, "lectern:stagingStack": "staging" };
    expect(withDefaults("prod-campus", own, defaults)["lectern:stagingStack"]).toBe("staging");
  });

  it("takes nothing for a whole environment", () => {
    const raw = { "lectern:gateway": "main" };
    expect(withDefaults("prod", raw, read({ processingLimit: "9" }))).toEqual(raw);
  });

  it("reports the secrets that its scope needs, and no other", () => {
    const secrets = read({}, ["apiKey", "kubeconfigs", "registryPasswords"]);
    expect(() => withDefaults("prod-campus", part, secrets)).toThrow(
      /^Pulumi.prod-campus.yaml lectern:kubeconfigs: .*pulumi config set --stack prod-campus --secret lectern:kubeconfigs.*\n.*registryPasswords[^\n]*$/,
    );
    const own = { ...part, "lectern:kubeconfigs": "{}", "lectern:registryPasswords": "{}" };
    expect(withDefaults("prod-campus", own, secrets)).toEqual(own);
  });

  it("has to say which environment it is a part of, and which part", () => {
    expect(() => withDefaults("prod-campus", {}, read({}))).toThrow(
      /lectern:environment: .* Add `lectern:environment: prod`.*\n.*lectern:scope.*\{clusters: \[campus\]\}/,
    );
    expect(() =>
      withDefaults("prod-campus", { ...part, "lectern:environment": "staging" }, read({})),
    ).toThrow(/is a part of prod, not of "staging"/);
  });
});

describe("the scope of a stack", () => {
  it("is everything where there is none, and nothing that it does not name", () => {
    expect(inScope(CATALOG, undefined)).toBe(CATALOG);
    const part = inScope(CATALOG, { ...SCOPE, clusters: ["campus"] });
    expect(part).toMatchObject({ courses: [], blogs: [], kernels: [], clusters: [entry("campus")] });
    expect(part.whole).toBe(CATALOG);
    expect(inScope(CATALOG, { ...SCOPE, articles: true })).toMatchObject({
      courses: CATALOG.courses,
      blogs: CATALOG.blogs,
      clusters: [],
    });
  });

  it("names clusters of the catalog", () => {
    expect(() => inScope(CATALOG, { ...SCOPE, clusters: ["capmus"] })).toThrow(
      /lectern:scope.clusters: the catalog has no cluster "capmus". Did you mean "campus"/,
    );
  });
});

describe("who deploys what", () => {
  const parts = partsOf(["campus", "campus-east"]);

  it("is one stack for each part; two would deploy it twice", () => {
    const stacks = [
      { stack: "prod", scope: { ...SCOPE, articles: true, clusters: ["campus"] } },
      { stack: "prod-campus", scope: { ...SCOPE, clusters: ["campus"] } },
      { stack: "staging", scope: undefined },
    ];
    const claims = claimsIn("prod", stacks, parts);
    expect([...claims]).toEqual([
      ["articles", ["prod"]],
      ["kernels", []],
      ["clusters/campus", ["prod", "prod-campus"]],
      ["clusters/campus-east", []],
    ]);
    expect(claimedTwice(claims)).toMatchObject([
      { message: "the cluster campus would be deployed by prod and by prod-campus" },
    ]);
    expect(claimedTwice(claimsIn("staging", stacks, parts))).toEqual([]);
  });
});

describe("the files of stacks", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-shards-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (stack: string, config: string) =>
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config:\n${config}`);

  it("are read for staging and prod, staging first, with a scope as YAML or as the CLI writes it", () => {
    write("sandbox", "  lectern:scope: nonsense\n");
    write("prod-campus", `  lectern:scope: '{"clusters":["campus"]}'\n  lectern:stagingStack: staging\n`);
    write("prod", "  lectern:scope: {articles: true, kernels: true, clusters: [campus-east]}\n");
    write("staging", "  lectern:gateway: main\n");
    expect(readStackFiles(folder)).toMatchObject([
      { stack: "staging", scope: undefined },
      { stack: "prod", scope: { articles: true, kernels: true, clusters: ["campus-east"] } },
      { stack: "prod-campus", scope: { clusters: ["campus"] }, stagingStack: "staging" },
    ]);
  });

  it("report a scope that can't be parsed, with its place", () => {
    write("prod", "  lectern:scope: {cluster: [campus]}\n");
    expect(() => readStackFiles(folder)).toThrow(/Pulumi.prod.yaml:2:3 lectern:scope/);
  });

  it("refuse a stack what another one deploys", () => {
    write("prod", "  lectern:gateway: main\n");
    expect(() => refuseTwice("prod", CATALOG, folder)).not.toThrow();
    write("prod-campus", "  lectern:scope: {clusters: [campus]}\n");
    expect(() => refuseTwice("prod-campus", CATALOG, folder)).toThrow(
      /the cluster campus would be deployed by prod and by prod-campus.*lectern stacks split campus/,
    );
    write("prod", "  lectern:scope: {articles: true, kernels: true, clusters: [campus-east]}\n");
    expect(() => refuseTwice("prod", CATALOG, folder)).not.toThrow();
    expect(() => refuseTwice("staging", CATALOG, folder)).not.toThrow();
  });
});
