import { describe, expect, it } from "vitest";
import type { DeploymentPlan, Jobs } from "./deployment-plan.ts";
import { planDeployment } from "./plan-deployment.ts";
import { hub, release, someCatalog, someClusters, someProject } from "./testing/some-catalog.ts";

/** The jobs of a plan, each on a line, without their reasons. */
function namesIn({ support, staging, prod, articles, kernels, images }: Jobs): string[] {
  return [
    ...support.map(({ cluster }) => `support ${cluster}`),
    ...staging.map(({ cluster, hub }) => `staging ${cluster}/${hub}`),
    ...prod.map(({ cluster, hub }) => `prod ${cluster}/${hub}`),
    ...articles.map(({ type, slug }) => `${type} ${slug}`),
    ...kernels.map(({ name }) => `kernel ${name}`),
    ...images.map(({ name }) => `image ${name}`),
  ];
}

const planOf = (...changed: string[]) =>
  planDeployment({ changed, catalog: someCatalog(), project: someProject() });
const planned = (...changed: string[]) => namesIn(planOf(...changed));

const CAMPUS_HUBS = ["staging campus/staging", "prod campus/biology", "prod campus/physics"];
const ALL_HUBS = [
  "staging campus-2/staging",
  "staging campus/staging",
  "prod campus-2/prod",
  "prod campus/biology",
  "prod campus/physics",
];
const OFFERED = ["image clusters/campus", "image clusters/campus-2"];
const ARTICLES = ["blog bell", "course bell", "course dice"];
const KERNELS = ["kernel quantum", "kernel science"];
const EVERYTHING = [
  ...["support campus", "support campus-2", ...ALL_HUBS],
  ...[...ARTICLES, ...KERNELS, ...OFFERED, "image images/lab"],
];

describe("a changed file plans what it is an input of", () => {
  it.each([
    ["catalog/courses/bell/notebooks/one.ipynb", ["course bell"]],
    ["catalog/blogs/bell/course.json", ["blog bell"]],
    ["catalog/kernels/quantum/image/Dockerfile", ["course bell", "kernel quantum"]],
    ["catalog/clusters/campus/cluster.yaml", ["support campus", ...CAMPUS_HUBS, "image clusters/campus"]],
    ["catalog/clusters/campus/kubeconfig", ["support campus", ...CAMPUS_HUBS, "image clusters/campus"]],
    ["catalog/clusters/campus/support.yaml", ["support campus"]],
    ["catalog/clusters/campus/common.yaml", CAMPUS_HUBS],
    ["catalog/clusters/campus/staging.yaml", ["staging campus/staging"]],
    ["catalog/clusters/campus/physics.yaml", ["staging campus/staging", "prod campus/physics"]],
    ["catalog/clusters/campus/profiles.yaml", [...CAMPUS_HUBS, "image clusters/campus"]],
    ["catalog/clusters/campus/images.yaml", [...CAMPUS_HUBS, "image clusters/campus"]],
    ["catalog/clusters/campus/node-groups.json", [...CAMPUS_HUBS, "image clusters/campus"]],
    ["catalog/charts/other/templates/hub.yaml", ["staging campus/staging", "prod campus/biology"]],
    ["catalog/charts/support/values.yaml", ["support campus", "support campus-2"]],
    ["catalog/images/lab/Dockerfile", ["staging campus/staging", "prod campus/physics", "image images/lab"]],
    ["index.ts", EVERYTHING],
    ["Pulumi.yaml", EVERYTHING],
    ["package-lock.json", EVERYTHING],
    [
      "Pulumi.prod.yaml",
      EVERYTHING.filter((name) => !name.startsWith("support") && name !== "staging campus-2/staging"),
    ],
    ["Pulumi.staging.yaml", EVERYTHING.filter((name) => !name.startsWith("prod"))],
  ])("%s", (path, expected) => {
    expect(planned(path).sort()).toEqual([...expected].sort());
    expect(planOf(path).untracked).toEqual([]);
  });

  it.each([
    "README.md",
    "catalog/README.md",
    "catalog/waves.yaml",
    "catalog/courses/README.md",
    "catalog/courses/_draft/course.json",
    "catalog/clusters/campus/README.md",
    "catalog/calendar/README.md",
    "catalog/calendar/_draft.yaml",
    "catalog/clusters/campus/forgotten.yaml",
    "catalog/charts/unused/values.yaml",
    "Pulumi.sandbox.yaml",
    "docs/index.ts",
    "Pulumi.prod.yaml.orig",
  ])("%s is no input of anything, and the plan says so", (path) => {
    expect(planned(path)).toEqual([]);
    expect(planOf(path).untracked).toEqual([path]);
  });

  it("a chart plans the hubs of charts that depend on it, and no other", () => {
    const plan = planOf("catalog/charts/common/templates/x.yaml");
    expect(namesIn(plan)).toEqual(ALL_HUBS.filter((name) => name !== "prod campus/biology"));
    expect(plan.prod[0]?.reasons).toEqual(["the chart common changed, which hub depends on"]);
  });

  it("a calendar plans the hubs and the courses that its events name, and everything where it can't be read", () => {
    const { prod, staging, articles, untracked } = planOf("catalog/calendar/autumn.yaml");
    const reasons = ["calendar/autumn.yaml changed"];
    expect(prod).toEqual([{ cluster: "campus", hub: "physics", provenBy: ["staging"], reasons }]);
    expect(staging.map(({ hub: name }) => name)).toEqual(["staging"]);
    expect(articles).toEqual([{ type: "course", slug: "bell", reasons }]);
    expect(untracked).toEqual([]);
    const courses = ARTICLES.filter((name) => name.startsWith("course"));
    expect(planned("catalog/calendar/broken.yaml").sort()).toEqual([...ALL_HUBS, ...courses].sort());
  });

  it("a file that a link of the catalog leads to plans what reads the link", () => {
    const linked = new Map([["shared/values.yaml", ["catalog/clusters/campus/common.yaml"]]]);
    const changed = ["shared/values.yaml", "shared/other.yaml"];
    const plan = planDeployment({ changed, linked, catalog: someCatalog(), project: someProject() });
    expect(namesIn(plan)).toEqual(CAMPUS_HUBS);
    expect(plan.untracked).toEqual(["shared/other.yaml"]);
  });

  it("a folder that became a link concerns what was in it", () => {
    expect(planned("catalog/clusters/campus")).toEqual([
      "support campus",
      ...CAMPUS_HUBS,
      "image clusters/campus",
    ]);
    expect(planned("catalog")).toEqual(expect.arrayContaining([...ALL_HUBS, ...ARTICLES, ...KERNELS]));
  });
});

describe("production", () => {
  it("needs its staging hubs, and says which prove it", () => {
    const { staging, prod } = planOf(
      "catalog/clusters/campus/physics.yaml",
      "catalog/clusters/campus/biology.yaml",
    );
    expect(prod.map(({ hub, provenBy }) => [hub, provenBy])).toEqual([
      ["biology", ["staging"]],
      ["physics", ["staging"]],
    ]);
    expect(staging).toEqual([
      { cluster: "campus", hub: "staging", reasons: ["production hubs need it: physics, biology"] },
    ]);
  });

  it("without a staging hub that proves it is planned alone", () => {
    expect(planned("catalog/clusters/campus-2/prod.yaml")).toEqual(["prod campus-2/prod"]);
  });

  it("is planned with staging where they share a file", () => {
    const { staging, prod } = planOf("catalog/clusters/campus/common.yaml");
    expect(staging[0]?.reasons).toEqual([
      "values files changed: common.yaml",
      "production hubs need it: physics, biology",
    ]);
    expect(prod[0]?.reasons).toEqual(["values files changed: common.yaml"]);
  });
});

describe("what was removed", () => {
  it("of articles and kernels is told by their paths", () => {
    const plan = planOf(
      "catalog/courses/old/course.json",
      "catalog/courses/old/one.ipynb",
      "catalog/kernels/old/kernel.yaml",
    );
    expect(plan.articles).toEqual([
      { type: "course", slug: "old", reasons: ["its folder was removed"], removed: true },
    ]);
    expect(plan.kernels).toEqual([{ name: "old", reasons: ["its folder was removed"], removed: true }]);
  });

  it("of hubs is told by the base's cluster.yaml", () => {
    const { campus } = someClusters();
    if (!campus) throw new Error("no campus");
    const before = { campus: { ...campus, hubs: [...campus.hubs, hub("campus", "history")] } };
    const changed = ["catalog/clusters/campus/cluster.yaml", "catalog/clusters/campus/history.yaml"];
    const plan = planDeployment({ changed, catalog: someCatalog({ before }), project: someProject() });
    expect(plan.prod.filter(({ removed }) => removed)).toEqual([
      {
        cluster: "campus",
        hub: "history",
        provenBy: [],
        reasons: ["it was removed from cluster.yaml"],
        removed: true,
      },
    ]);
    expect(plan.untracked).toEqual(["catalog/clusters/campus/history.yaml"]);
  });

  it("with its cluster runs the stacks of the cluster", () => {
    const before = {
      old: { support: release("old"), files: [], hubs: [hub("old", "staging"), hub("old", "prod")] },
    };
    const plan = planDeployment({
      changed: ["catalog/clusters/old/cluster.yaml"],
      catalog: someCatalog({ before }),
      project: someProject(),
    });
    expect(plan.support).toEqual([{ cluster: "old", reasons: ["its cluster was removed"], removed: true }]);
    expect(plan.stacks).toEqual({
      staging: [{ stack: "staging", parts: ["clusters/old"] }],
      prod: [{ stack: "prod", parts: ["clusters/old"] }],
    });
  });
});

describe("labels", () => {
  const labelled = (...labels: string[]) =>
    planDeployment({
      changed: ["catalog/clusters/campus/cluster.yaml", "catalog/courses/bell/course.json"],
      labels,
      catalog: someCatalog(),
      project: someProject(),
    });

  it("skip everything, or the hubs", () => {
    expect(namesIn(labelled("deployer:skip-deploy"))).toEqual([]);
    expect(namesIn(labelled("deployer:skip-deploy-hubs"))).toEqual([
      "support campus",
      "course bell",
      "image clusters/campus",
    ]);
  });

  it("force support, or the hubs, everywhere", () => {
    expect(labelled("deployer:deploy-support").support).toMatchObject([
      { cluster: "campus" },
      { cluster: "campus-2", reasons: ["the label deployer:deploy-support"] },
    ]);
    expect(labelled("deployer:deploy-hubs").prod.map(({ cluster }) => cluster)).toContain("campus-2");
  });

  it("that skip take precedence over those that force", () => {
    const all = ["deployer:deploy-hubs", "deployer:deploy-support"];
    expect(namesIn(labelled("deployer:skip-deploy", ...all))).toEqual([]);
    const { support, staging, prod } = labelled("deployer:skip-deploy-hubs", ...all);
    expect([support.length, staging.length, prod.length]).toEqual([2, 0, 0]);
  });

  it("that others use change nothing, and are not in the plan", () => {
    const plan: DeploymentPlan = labelled("bug", "deployer:deploy-hubs");
    expect(plan.labels).toEqual(["deployer:deploy-hubs"]);
  });
});

describe("stacks", () => {
  const STACKS = [
    { stack: "staging", environment: "staging", parts: ["articles", "kernels", "clusters/campus-2"] },
    { stack: "staging-campus", environment: "staging", parts: ["clusters/campus"] },
    { stack: "prod", environment: "prod", parts: ["articles", "kernels", "clusters/campus-2"] },
    { stack: "prod-campus", environment: "prod", parts: ["clusters/campus"] },
  ] as const;
  const stacksOf = (...changed: string[]) =>
    planDeployment({ changed, catalog: someCatalog(), project: someProject(STACKS) });

  it("that have nothing to deploy are left out", () => {
    expect(stacksOf("catalog/clusters/campus/common.yaml").stacks).toEqual({
      staging: [{ stack: "staging-campus", parts: ["clusters/campus"] }],
      prod: [{ stack: "prod-campus", parts: ["clusters/campus"] }],
    });
    expect(stacksOf("catalog/courses/bell/course.json").stacks).toEqual({
      staging: [{ stack: "staging", parts: ["articles"] }],
      prod: [{ stack: "prod", parts: ["articles"] }],
    });
  });

  it("with a changed file of their own deploy all that they have, and nothing else", () => {
    const plan = stacksOf("Pulumi.prod-campus.yaml");
    expect(namesIn(plan)).toEqual([...CAMPUS_HUBS, "image clusters/campus"]);
  });

  it("get the defaults of their environment's file", () => {
    expect(stacksOf("Pulumi.prod.yaml").stacks.prod.map(({ stack }) => stack)).toEqual([
      "prod",
      "prod-campus",
    ]);
  });

  it("whose file was removed may have deployed anything", () => {
    expect(stacksOf("Pulumi.prod-old.yaml").prod).toHaveLength(3);
  });
});
