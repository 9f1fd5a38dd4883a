import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readClusterYaml } from "../../../components/cluster/declaration/read-cluster.ts";
import { PROJECT, ProjectRepository } from "../testing/project.ts";
import { readCatalogFacts } from "./catalog-facts.ts";
import { linksIn, throughLinks } from "./links.ts";
import { readProjectFacts } from "./project-facts.ts";

let repository: ProjectRepository;
beforeEach(() => {
  repository = new ProjectRepository().write(PROJECT);
});
afterEach(() => repository.remove());

const catalog = (changed: string[] = []) => readCatalogFacts(repository.root, "catalog", changed);

const CLUSTER = `
provider: {kubeconfig: access/kubeconfig}
support: {chart: support, values: [support.yaml], secrets: [support.secret.yaml]}
values: [common.yaml, ./shared/all.yaml]
environments:
  staging: {values: [staging.yaml]}
  prod: {values: [prod.yaml]}
hubs:
  - {name: staging, chart: hub, secrets: [staging.secret.yaml]}
  - {name: next-staging, chart: hub}
  - name: canary
    chart: {oci: "oci://example.org/hub", version: 1.2.3}
    environment: staging
  - name: physics
    chart: hub
    values: [physics.yaml]
    staging: staging
    health: {notebook: check.ipynb}
    verify: ["bash {}/check.sh --all /bin/x ../y"]
    database: {backup: "./back-up.sh now"}
  - {name: biology, chart: hub, staging: [next-staging, canary]}
  - {name: history, chart: hub}
  - {name: free, chart: hub, gate: none, health: false}
`;

describe("a cluster", () => {
  it("has the hubs, values files and proofs that the deployment reads from cluster.yaml", async () => {
    repository.write({ "catalog/clusters/campus/cluster.yaml": CLUSTER });
    const named = /[\w./-]+\.(yaml|ipynb|sh)\b|access\/kubeconfig/g;
    const files = [...CLUSTER.matchAll(named)].map(([name]) => `catalog/clusters/campus/${name}`);
    repository.write(
      Object.fromEntries(files.filter((file) => !file.includes("cluster.yaml")).map((file) => [file, ""])),
    );
    const previous = process.cwd();
    process.chdir(repository.root);
    const strict = await readClusterYaml(CLUSTER, "catalog/clusters/campus/cluster.yaml").finally(() =>
      process.chdir(previous),
    );
    const facts = (await catalog()).clusters[0]?.read();
    const paths = ({ values, secrets }: (typeof strict.hubs)[number]) =>
      [...values, ...secrets].map(({ path }) => path);
    expect(
      facts?.hubs.map(({ name, environment, provenBy, values, chart }) => [
        name,
        environment,
        provenBy,
        values,
        chart,
      ]),
    ).toEqual(
      strict.hubs.map((hub) => [
        hub.name,
        hub.environment,
        hub.provenBy.map((id) => id.split("/")[1]),
        paths(hub),
        "folder" in hub.chart ? hub.chart.folder : undefined,
      ]),
    );
    expect(facts?.support?.values).toEqual(["support.yaml", "support.secret.yaml"].map(inCampus));
    expect(facts?.files).toEqual([strict.provider.kubeconfig]);
    expect(facts?.hubs.find(({ name }) => name === "physics")?.files).toEqual(
      expect.arrayContaining(["check.ipynb", "check.sh", "back-up.sh"].map(inCampus)),
    );
  });

  it("names the images of the catalog in its values files and profiles", async () => {
    repository.write({
      "catalog/images/lab/Dockerfile": "",
      "catalog/images/lab-2/Dockerfile": "",
      "catalog/clusters/campus/prod.yaml": 'image: "lectern://images/lab#tag"\n',
      "catalog/clusters/campus/common.yaml": "a: lectern://images/none\n",
    });
    const { clusters } = await catalog();
    const images = () => clusters[0]?.read()?.hubs.map((hub) => hub.images());
    expect(images()).toEqual([[], ["catalog/images/lab"]]);
    repository.write({ "catalog/clusters/campus/profiles.yaml": "- image: lectern://images/lab-2\n" });
    const again = (await catalog()).clusters[0]?.read()?.hubs.map((hub) => hub.images());
    expect(again).toEqual([["catalog/images/lab-2"], ["catalog/images/lab", "catalog/images/lab-2"]]);
  });
});

const inCampus = (name: string) => `catalog/clusters/campus/${name}`;

it("a chart has the folders that it takes charts from, at any depth, and in a circle", async () => {
  const chart = (name: string, ...taken: string[]) =>
    `apiVersion: v2\nname: ${name}\nversion: 1.0.0\ndependencies:\n${taken.map((path) => `  - {name: x, repository: "file://${path}"}\n`).join("")}`;
  repository.write({
    "catalog/charts/hub/Chart.yaml": chart("hub", "../common/", "./charts/inner"),
    "catalog/charts/common/Chart.yaml": chart("common", "../../../vendor/base", "../hub"),
    "vendor/base/Chart.yaml": chart("base"),
  });
  const { charts } = await catalog();
  expect([...(charts.get("catalog/charts/hub") ?? [])].sort()).toEqual([
    "catalog/charts/common",
    "catalog/charts/hub/charts/inner",
    "vendor/base",
  ]);
  expect(charts.get("catalog/charts/support")).toEqual([]);
});

it("an older chart has the folders that its requirements.yaml names", async () => {
  repository.write({
    "catalog/charts/hub/requirements.yaml": 'dependencies: [{name: base, repository: "file://../base"}]\n',
  });
  expect((await catalog()).charts.get("catalog/charts/hub")).toEqual(["catalog/charts/base"]);
});

it("stacks deploy what their files say", () => {
  repository.write({
    "Pulumi.prod.yaml": 'config:\n  lectern:scope: \'{"articles": true, "clusters": []}\'\n',
    "Pulumi.prod-campus.yaml": "config:\n  lectern:scope:\n    kernels: true\n    clusters: [campus]\n",
    "Pulumi.prod-north.yaml": "config:\n  lectern:scope: { clusters: [ north ] }\n",
    "Pulumi.sandbox.yaml": "config: {}\n",
    "Pulumi.dev.yaml": "config: {}\n",
  });
  const { stacks, stackOf, program } = readProjectFacts(repository.root, "");
  expect(stacks).toEqual([
    { stack: "prod-campus", environment: "prod", parts: ["kernels", "clusters/campus"] },
    { stack: "prod-north", environment: "prod", parts: ["clusters/north"] },
    { stack: "prod", environment: "prod", parts: ["articles"] },
    { stack: "staging", environment: "staging", parts: undefined },
  ]);
  expect([stackOf("prod"), stackOf("prod-campus"), stackOf("prod-old"), stackOf("dev")]).toEqual([
    { environment: "prod", parts: undefined },
    { environment: "prod", parts: ["kernels", "clusters/campus"] },
    { environment: "prod", parts: undefined },
    undefined,
  ]);
  expect(program).toEqual(["index.ts"]);
});

describe("a lockfile", () => {
  const lock = (lectern: string, sdk: string, dev = "1.0.0") =>
    JSON.stringify({
      packages: {
        "": { dependencies: { lectern: "*" }, devDependencies: { vitest: "*" } },
        "node_modules/lectern": { version: lectern, dependencies: { sdk: "*" } },
        "node_modules/sdk": { version: "9.0.0" },
        "node_modules/lectern/node_modules/sdk": { version: sdk, dependencies: { shared: "*" } },
        "node_modules/shared": { version: "1.0.0" },
        "node_modules/vitest": { version: dev },
      },
    });
  const changeOf = (before: string | undefined, after: string) => {
    repository.write({ "package-lock.json": after });
    return readProjectFacts(repository.root, "", () => before).lockfiles[0]?.change();
  };

  it("counts where lectern or what it needs is another", () => {
    expect(changeOf(lock("1.0.0", "1.0.0"), lock("1.1.0", "1.0.0"))).toBe(
      "lectern changed in package-lock.json: 1.0.0 → 1.1.0",
    );
    expect(changeOf(lock("1.0.0", "1.0.0"), lock("1.1.0", "2.0.0"))).toBe(
      "lectern and 1 more of lectern's packages changed in package-lock.json: 1.0.0 → 1.1.0",
    );
    expect(changeOf(lock("1.0.0", "1.0.0"), lock("1.0.0", "2.0.0"))).toMatch(
      /^sdk changed .*: 1\.0\.0 → 2\.0\.0$/,
    );
  });

  it("does not count where only other packages are", () => {
    expect(changeOf(lock("1.0.0", "1.0.0"), lock("1.0.0", "1.0.0", "2.0.0"))).toBeUndefined();
  });

  it("counts where it can't be compared", () => {
    expect(changeOf(undefined, lock("1.0.0", "1.0.0"))).toBe("package-lock.json changed");
    expect(changeOf("{", lock("1.0.0", "1.0.0"))).toBe("package-lock.json changed");
    const without = readProjectFacts(repository.root, "").lockfiles[0]?.change();
    expect(without).toMatch(/without --base it is unknown whether lectern did/);
  });
});

it("a link gives what it leads to, and what is in that, another path", () => {
  repository.write({
    "shared/values.yaml": "",
    "shared/chart/templates/a.yaml": "",
    "shared/other.yaml": "",
  });
  const link = (target: string, path: string) => symlinkSync(target, join(repository.root, path));
  link("../../../shared/values.yaml", "catalog/clusters/campus/linked.yaml");
  link("../../shared/chart", "catalog/charts/shared");
  link("../clusters/campus/linked.yaml", "catalog/charts/again.yaml");
  link("/etc/hostname", "catalog/charts/outside");
  link("nowhere", "catalog/charts/broken");
  const links = linksIn(repository.root, ["catalog/clusters", "catalog/charts", "catalog/none"]);
  const changed = ["shared/values.yaml", "shared/chart/templates/a.yaml", "shared/other.yaml"];
  expect(throughLinks(changed, links)).toEqual(
    new Map([
      ["shared/values.yaml", ["catalog/clusters/campus/linked.yaml", "catalog/charts/again.yaml"]],
      ["shared/chart/templates/a.yaml", ["catalog/charts/shared/templates/a.yaml"]],
    ]),
  );
});

describe("the calendar", () => {
  const AUTUMN =
    "events: [{id: a, hub: campus/physics}, {id: b, course: bell}]\ncalendars: [{file: a.ics, match: [{hub: campus/art}]}]\n";
  const targets = async (path: string, base?: Record<string, string>) => {
    const before = base && ((file: string) => base[file]);
    return (await readCatalogFacts(repository.root, "catalog", [path], before)).calendar.targets(path);
  };

  it("concerns what its events name, in the change and in its base", async () => {
    repository.write({ "catalog/calendar/autumn.yaml": AUTUMN });
    const named = { hubs: ["campus/physics", "campus/art"], courses: ["bell"] };
    expect(await targets("catalog/calendar/autumn.yaml")).toEqual(named);
    expect(await targets("catalog/calendar/a.ics")).toEqual(named);
    expect(await targets("catalog/calendar/b.ics")).toEqual({ hubs: [], courses: [] });
    const gone = { "catalog/calendar/spring.yaml": "events: [{hub: campus/law}]" };
    expect(await targets("catalog/calendar/spring.yaml", gone)).toEqual({
      hubs: ["campus/law"],
      courses: [],
    });
  });

  it("concerns everything where it can't be read, or is a link", async () => {
    repository.write({ "catalog/calendar/autumn.yaml": "events: [" });
    expect(await targets("catalog/calendar/autumn.yaml")).toBeUndefined();
    expect(await targets("catalog/calendar")).toBeUndefined();
  });
});
