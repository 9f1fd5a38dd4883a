import fc from "fast-check";
import { expect, it } from "vitest";
import type { CatalogFacts, ClusterFacts } from "./catalog-facts.ts";
import { changedFiles } from "./changes/changed-files.ts";
import type { DeploymentPlan, Jobs } from "./deployment-plan.ts";
import { planDeployment } from "./plan-deployment.ts";
import { hub, release, someCatalog, someProject } from "./testing/some-catalog.ts";

const CHARTS = ["hub", "other", "common", "support"].map((name) => `catalog/charts/${name}`);
const NAMES = ["staging", "staging-2", "physics", "biology"];
const FILES = ["common.yaml", "a.yaml", "b.yaml", "secret.yaml"];

const valuesOf = (cluster: string) =>
  fc.uniqueArray(fc.constantFrom(...FILES.map((file) => `catalog/clusters/${cluster}/${file}`)), {
    maxLength: 3,
  });

const clusterNamed = (cluster: string): fc.Arbitrary<ClusterFacts> =>
  fc.record({
    files: fc.constant([]),
    support: valuesOf(cluster).map((values) => release(cluster, { values })),
    hubs: fc.uniqueArray(
      fc
        .record({
          name: fc.constantFrom(...NAMES),
          chart: fc.constantFrom(...CHARTS),
          values: valuesOf(cluster),
          files: fc.constantFrom([], [`catalog/clusters/${cluster}/check.sh`]),
          usesImage: fc.boolean(),
          provenBy: fc.uniqueArray(fc.constantFrom("staging", "staging-2"), { maxLength: 2 }),
        })
        .map(({ name, usesImage, provenBy, ...some }) =>
          hub(cluster, name, {
            ...some,
            images: () => (usesImage ? ["catalog/images/lab"] : []),
            ...(name.includes("staging") ? {} : { provenBy }),
          }),
        ),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
  });

const catalogs: fc.Arbitrary<CatalogFacts> = fc
  .record({ campus: clusterNamed("campus"), "campus-2": clusterNamed("campus-2") })
  .map((clusters) => someCatalog({ clusters }));

/** Paths that are inputs of something, paths that are of nothing, and folders. */
const paths = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(
      ...["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.staging-campus.yaml", "index.ts", "README.md"],
    ),
    fc
      .constantFrom(
        ...CHARTS,
        "catalog/images/lab",
        "catalog/kernels/quantum",
        "catalog/courses/bell",
        "catalog/blogs/gone",
      )
      .chain((folder) => fc.constantFrom(folder, `${folder}/x`, `${folder}/deep/y.yaml`)),
    fc
      .tuple(
        fc.constantFrom("campus", "campus-2", "gone"),
        fc.constantFrom(...FILES, "cluster.yaml", "profiles.yaml", "images.yaml", "check.sh", "README.md"),
      )
      .map(([cluster, file]) => `catalog/clusters/${cluster}/${file}`),
  ),
  { maxLength: 6 },
);

const planOf = (catalog: CatalogFacts, changed: readonly string[], labels: readonly string[] = []) =>
  planDeployment({ catalog, changed, labels, project: someProject() });

function namesIn({ support, staging, prod, articles, kernels, images }: Jobs): Set<string> {
  return new Set([
    ...support.map(({ cluster }) => `support ${cluster}`),
    ...[...staging, ...prod].map(({ cluster, hub }) => `hub ${cluster}/${hub}`),
    ...articles.map(({ type, slug }) => `${type} ${slug}`),
    ...kernels.map(({ name }) => `kernel ${name}`),
    ...images.map(({ name }) => `image ${name}`),
  ]);
}

/** Every input of a hub, by what the catalog says of it. */
function inputsOf(catalog: CatalogFacts, cluster: string, name: string): string[] {
  const hub = catalog.clusters
    .find((one) => one.name === cluster)
    ?.read()
    ?.hubs.find((one) => one.name === name);
  if (!hub) return [];
  const charts = hub.chart === undefined ? [] : [hub.chart, ...(catalog.charts.get(hub.chart) ?? [])];
  const own = ["cluster.yaml", "profiles.yaml", "images.yaml", "node-groups.json"];
  return [
    ...hub.values,
    ...hub.files,
    ...own.map((file) => `catalog/clusters/${cluster}/${file}`),
    ...[...charts, ...hub.images()].map((folder) => `${folder}/templates/any.yaml`),
    ...["Pulumi.yaml", "index.ts", "package-lock.json", `Pulumi.${hub.environment}.yaml`],
  ];
}

it("a changed input of a hub always plans that hub, and what proves it", () => {
  fc.assert(
    fc.property(catalogs, paths, (catalog, others) => {
      for (const cluster of catalog.clusters) {
        for (const { name, provenBy, environment } of cluster.read()?.hubs ?? []) {
          for (const input of inputsOf(catalog, cluster.name, name)) {
            const plan = planOf(catalog, [...others, input]);
            const planned = environment === "staging" ? plan.staging : plan.prod;
            expect(
              planned.some((job) => job.cluster === cluster.name && job.hub === name),
              input,
            ).toBe(true);
            const there = provenBy.filter((one) => cluster.read()?.hubs.some((other) => other.name === one));
            for (const proof of there) expect(namesIn(plan)).toContain(`hub ${cluster.name}/${proof}`);
            expect(plan.untracked).not.toContain(input);
          }
        }
      }
    }),
    { numRuns: 30 },
  );
});

it("one more changed file never removes a job or a reason's job, whatever the labels are", () => {
  const labels = fc.subarray([
    "deployer:skip-deploy",
    "deployer:skip-deploy-hubs",
    "deployer:deploy-hubs",
    "bug",
  ]);
  fc.assert(
    fc.property(catalogs, paths, paths, labels, (catalog, some, more, labels) => {
      const [before, after] = [planOf(catalog, some, labels), planOf(catalog, [...some, ...more], labels)];
      const kept = namesIn(after);
      for (const name of namesIn(before)) expect(kept).toContain(name);
      for (const environment of ["staging", "prod"] as const) {
        const run = after.stacks[environment].map(({ stack }) => stack);
        for (const { stack } of before.stacks[environment]) expect(run).toContain(stack);
      }
    }),
  );
});

it("a plan of two changes is what the plans of both have", () => {
  fc.assert(
    fc.property(catalogs, paths, paths, (catalog, some, more) => {
      const parts = [planOf(catalog, some), planOf(catalog, more)].flatMap((plan) => [...namesIn(plan)]);
      expect(namesIn(planOf(catalog, [...some, ...more]))).toEqual(new Set(parts));
    }),
  );
});

it("renaming is deleting and adding, in whatever order and form it is written", () => {
  fc.assert(
    fc.property(catalogs, paths, paths, (catalog, olds, news) => {
      const pairs = olds.slice(0, news.length).map((old, index) => [old, news[index] ?? old] as const);
      const renamed = pairs.map(([old, now]) => `R100\t${old}\t${now}\n`).join("");
      const split = pairs
        .map(([old, now]) => `A\t${now}\nD\t${old}\n`)
        .reverse()
        .join("");
      const plans = [renamed, split].map((text): DeploymentPlan => planOf(catalog, changedFiles(text)));
      expect(plans.map(sorted)[0]).toEqual(plans.map(sorted)[1]);
    }),
  );
});

/** A plan whose reasons are in one order. */
const sorted = (plan: DeploymentPlan) => ({
  jobs: [...namesIn(plan)].sort(),
  untracked: plan.untracked,
  stacks: plan.stacks,
});

it("every changed file is a reason of a job, or untracked; and without one, nothing is planned", () => {
  fc.assert(
    fc.property(catalogs, paths, (catalog, changed) => {
      const { untracked } = planOf(catalog, changed);
      expect(namesIn(planOf(catalog, untracked))).toEqual(new Set());
      for (const path of changed.filter((one) => !untracked.includes(one))) {
        expect(namesIn(planOf(catalog, [path])).size, path).toBeGreaterThan(0);
      }
    }),
  );
});
