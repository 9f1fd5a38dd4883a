import { describe, expect, it } from "vitest";
import { inBoth, topResourcesOf, withoutTraces, withProvidersAtRoot } from "./moved.ts";
import { withConfig, withScope } from "./stack-yaml.ts";
import { exportedState, withoutResources } from "./state.ts";

const urn = (stack: string, type: string, name: string) => `urn:pulumi:${stack}::lectern::${type}::${name}`;
const PREPULLER = "lectern:image:ImagePrepuller";

/** A state of prod; `[type, name, parent?]`. */
function state(stack: string, resources: [string, string, string?][], outputs: object = {}) {
  const root = {
    urn: urn(stack, "pulumi:pulumi:Stack", `lectern-${stack}`),
    type: "pulumi:pulumi:Stack",
    outputs,
  };
  const made = resources.map(([type, name, provider]) => ({
    urn: urn(stack, type, name),
    type,
    id: `${name}-id`,
    parent: root.urn,
    ...(provider ? { provider } : {}),
  }));
  return exportedState.parse({ version: 3, deployment: { resources: [root, ...made] } });
}

describe("the resources of a cluster", () => {
  const prod = state("prod", [
    ["pulumi:providers:kubernetes", "campus"],
    [PREPULLER, "campus"],
    ["lectern:image:RecommendedImage", "campus-lab"],
    [PREPULLER, "campus-east"],
    ["lectern:hub:Hub", "campus-east-prod"],
    ["lectern:article:Course", "campus-life"],
    ["lectern:kernel:Kernel", "campus-python"],
    [PREPULLER, "hpc"],
  ]);

  it("have its name, of two that fit the longer one; articles and kernels belong to none", () => {
    const clusters = ["campus", "campus-east", "hpc"];
    const names = (cluster: string) =>
      topResourcesOf(cluster, clusters, prod).map((one) => one.split("::").at(-1));
    expect(names("campus")).toEqual(["campus", "campus-lab"]);
    expect(names("campus-east")).toEqual(["campus-east", "campus-east-prod"]);
  });
});

describe("the state before a move", () => {
  it("has no provider whose parent moves away from it", () => {
    const cluster = urn("prod", "lectern:cluster:Cluster", "campus");
    const provider = urn("prod", "lectern:cluster:Cluster$pulumi:providers:kubernetes", "campus");
    const root = urn("prod", "pulumi:pulumi:Stack", "lectern-prod");
    const resources = [
      { urn: root, type: "pulumi:pulumi:Stack" },
      { urn: cluster, type: "lectern:cluster:Cluster", parent: root },
      { urn: provider, type: "pulumi:providers:kubernetes", id: "1", parent: cluster },
    ];
    const before = exportedState.parse({ version: 3, deployment: { resources } });
    const { deployment } = withProvidersAtRoot(before);
    expect(deployment.resources?.map(({ parent }) => parent)).toEqual([undefined, root, root]);
  });
});

describe("the states after a move", () => {
  const secret = (value: object) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  });
  const lab = { repository: "docker.io/lectern/lab" };
  const outputs = {
    articles: { "course/campus": { title: "A course of that name" } },
    images: { "campus/lab": lab, "hpc/lab": lab },
    profiles: { campus: "[]", hpc: "[]" },
    holds: { "images/campus/lab": { reason: "x", deployed: true } },
    hubs: { "campus/prod": { healthy: true }, "hpc/campus": { healthy: true } },
    hubDeployments: secret({ "campus/prod": "a", "hpc/campus": "b" }),
  };

  it("have a cluster's outputs in its own stack, secret ones too", () => {
    const source = state("prod", [[PREPULLER, "hpc"]], outputs);
    const target = state("prod-campus", [[PREPULLER, "campus"]], {});
    const after = withoutTraces("campus", source, target);
    const root = ({ deployment }: typeof source) => deployment.resources?.[0]?.outputs;
    expect(root(after.source)).toEqual({
      articles: outputs.articles,
      images: { "hpc/lab": lab },
      profiles: { hpc: "[]" },
      holds: {},
      hubs: { "hpc/campus": { healthy: true } },
      hubDeployments: secret({ "hpc/campus": "b" }),
    });
    expect(root(after.target)).toEqual({
      images: { "campus/lab": lab },
      profiles: { campus: "[]" },
      holds: outputs.holds,
      hubs: { "campus/prod": { healthy: true } },
      hubDeployments: secret({ "campus/prod": "a" }),
    });
  });

  it("have no provider that nothing uses, and nothing that an interrupted move left in both", () => {
    const used = `${urn("prod", "pulumi:providers:kubernetes", "hpc")}::hpc-id`;
    const source = state("prod", [
      ["pulumi:providers:kubernetes", "campus"],
      ["pulumi:providers:kubernetes", "hpc"],
      [PREPULLER, "campus"],
      [PREPULLER, "hpc", used],
    ]);
    const target = state("prod-campus", [
      ["pulumi:providers:kubernetes", "campus"],
      [PREPULLER, "campus"],
    ]);
    expect(inBoth(source, target)).toEqual([urn("prod", PREPULLER, "campus")]);
    const rest = withoutResources(source, inBoth(source, target));
    const { resources = [] } = withoutTraces("campus", rest, target).source.deployment;
    expect(resources.map((one) => one.urn.split("::").at(-1))).toEqual(["lectern-prod", "hpc", "hpc"]);
  });
});

describe("the images of hubs after a move", () => {
  const PROVIDER = "pulumi:providers:docker";
  const IMAGE = "docker:index/image:Image";
  const image = (name: string) => ({ image: `docker.io/x/${name}:1@sha256:${"a".repeat(64)}` });
  const naming = (...names: string[]) => ({
    parts: Object.fromEntries([["chart", "x"], ...names.map((name) => [`images/${name}`, "1"])]),
  });
  const used = `${urn("staging", PROVIDER, "default_5_2_0")}::default_5_2_0-id`;
  const source = state(
    "staging",
    [
      [PROVIDER, "default_5_2_0"],
      [IMAGE, "hub-image-lab", used],
      [IMAGE, "hub-image-gpu", used],
      [IMAGE, "hub-image-spare", used],
      [IMAGE, "science", used],
    ],
    {
      hubs: { "campus/staging": naming("lab", "gpu"), "hpc/staging": naming("lab") },
      hubImages: { lab: image("lab"), gpu: image("gpu"), spare: image("spare") },
    },
  );
  const target = state("staging-campus", [], {});
  const namesIn = ({ deployment }: typeof source) =>
    (deployment.resources ?? []).slice(1).map((one) => one.urn.split("::").slice(2).join(" "));
  const imagesIn = ({ deployment }: typeof source) => deployment.resources?.[0]?.outputs?.["hubImages"];

  it("are in a cluster's own stack, and stay where other clusters name them", () => {
    const after = withoutTraces("campus", source, target);
    expect(namesIn(after.target)).toEqual([
      `${PROVIDER} default_5_2_0`,
      `${IMAGE} hub-image-lab`,
      `${IMAGE} hub-image-gpu`,
    ]);
    expect(after.target.deployment.resources?.at(-1)).toMatchObject({
      urn: urn("staging-campus", IMAGE, "hub-image-gpu"),
      parent: urn("staging-campus", "pulumi:pulumi:Stack", "lectern-staging-campus"),
      provider: `${urn("staging-campus", PROVIDER, "default_5_2_0")}::default_5_2_0-id`,
    });
    expect(imagesIn(after.target)).toEqual({ lab: image("lab"), gpu: image("gpu") });
    expect(namesIn(after.source)).toEqual([
      `${PROVIDER} default_5_2_0`,
      `${IMAGE} hub-image-lab`,
      `${IMAGE} hub-image-spare`,
      `${IMAGE} science`,
    ]);
    expect(imagesIn(after.source)).toEqual({ lab: image("lab"), spare: image("spare") });
  });

  it("are the same where an interrupted split goes on, whichever state was written", () => {
    const after = withoutTraces("campus", source, target);
    expect(withoutTraces("campus", source, after.target)).toEqual(after);
    expect(withoutTraces("campus", after.source, after.target)).toEqual(after);
  });
});

describe("the file of a stack", () => {
  it("gets a scope, and keeps its comments", () => {
    const text = "# prod\nconfig:\n  # seconds\n  lectern:processingLimit: 1800\n";
    const scoped = withScope(text, { articles: true, kernels: true, clusters: ["hpc"] });
    expect(scoped).toBe(`${text}  lectern:scope: { articles: true, kernels: true, clusters: [ hpc ] }\n`);
    expect(withScope(scoped, { articles: false, kernels: false, clusters: [] })).toBe(
      `${text}  lectern:scope: {}\n`,
    );
  });

  it("is made where there is none", () => {
    expect(withConfig("", { "lectern:environment": "prod" })).toBe("config:\n  lectern:environment: prod\n");
    expect(
      withConfig("config: {lectern:stagingStack: staging}\n", { "lectern:stagingStack": undefined }),
    ).toBe("config: {}\n");
  });
});
