import { describe, expect, it } from "vitest";
import { prepullManifests } from "./daemonset.ts";
import { type ClusterNode, type Placement, placementMatcher } from "./node-matching.ts";
import { planPrepull } from "./prepull-plan.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const node = (
  name: string,
  labels: Record<string, string>,
  taints: { key: string; value?: string; effect: string }[] = [],
): ClusterNode => ({
  metadata: { name, labels: { "kubernetes.io/os": "linux", ...labels } },
  spec: { taints },
});
const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

it("nodes get the images of their group, and a DaemonSet that serves none is reported", () => {
  const daemonSets = prepullManifests({
    namespace: "hub",
    pauseImage: image("f"),
    nodeGroups: [
      { slug: "cpu", node_selector: { pool: "cpu" } },
      {
        slug: "gpu",
        node_selector: { pool: "gpu" },
        tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      },
      { slug: "tpu", node_selector: { pool: "tpu" } },
    ],
    images: [
      { image: image("a"), nodeGroups: ["cpu", "gpu", "tpu"] },
      { image: image("b"), nodeGroups: ["gpu"] },
    ],
  });
  const plan = planPrepull(daemonSets, [
    node("cpu-1", { pool: "cpu" }),
    node("cpu-2", { pool: "cpu" }, [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]),
    node("cpu-3", { pool: "cpu" }, [{ key: "maintenance", effect: "NoExecute" }]),
    node("gpu-1", { pool: "gpu" }, [GPU_TAINT]),
    node("control", {}),
  ]);
  expect(plan.groups).toEqual([
    { daemonSet: "prepull-on-cpu", images: [image("a")], nodes: ["cpu-1", "cpu-2"] },
    { daemonSet: "prepull-on-gpu", images: [image("a"), image("b")], nodes: ["gpu-1"] },
    { daemonSet: "prepull-on-tpu", images: [image("a")], nodes: [] },
  ]);
  expect(plan.pulls).toBe(4);
  expect(plan.unserved).toEqual(["cpu-3", "control"]);
  expect(plan.notices).toMatchObject([
    { code: "no-node", path: "tpu", message: expect.stringContaining("pool=tpu") },
  ]);
});

describe("placement", () => {
  const runs = (placement: Partial<Placement>, on: ClusterNode) =>
    placementMatcher({ nodeSelector: {}, ...placement })(on);
  const affinity = (term: object) => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    },
  });

  it.each([
    [{ key: "nvidia.com/gpu", operator: "Equal", value: "present" }, true],
    [{ key: "nvidia.com/gpu", value: "absent" }, false],
    [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" }, false],
    [{ operator: "Exists" }, true],
    [{ key: "other", operator: "Exists" }, false],
  ])("the toleration %j of a GPU's taint: %s", (toleration, tolerated) => {
    expect(runs({ tolerations: [toleration] }, node("n", {}, [GPU_TAINT]))).toBe(tolerated);
  });

  it.each([
    ["not-ready", "NoSchedule", false],
    ["not-ready", "NoExecute", true],
    ["unreachable", "NoSchedule", false],
    ["unreachable", "NoExecute", true],
    ["network-unavailable", "NoSchedule", false],
    ["disk-pressure", "NoSchedule", true],
    ["unschedulable", "NoSchedule", true],
  ])("a DaemonSet's pod on a node that is %s, %s: %s", (state, effect, tolerated) => {
    const on = node("n", {}, [{ key: `node.kubernetes.io/${state}`, effect }]);
    expect(runs({}, on)).toBe(tolerated);
  });

  it.each(["0x10", "1e3", "16.0", " 16", "", "9223372036854775808"])(
    "the label %j is no integer, so it is neither greater nor less",
    (memory) => {
      for (const operator of ["Gt", "Lt"]) {
        const requirement = { key: "memory", operator, values: ["1"] };
        const on = node("n", { memory });
        expect(runs(affinity({ matchExpressions: [requirement] }), on)).toBe(false);
      }
    },
  );

  it("a preferred taint does not keep a pod away", () => {
    expect(runs({}, node("n", {}, [{ key: "x", effect: "PreferNoSchedule" }]))).toBe(true);
  });

  it.each([
    [{ key: "zone", operator: "In", values: ["a", "b"] }, true],
    [{ key: "zone", operator: "NotIn", values: ["a"] }, false],
    [{ key: "rack", operator: "NotIn", values: ["1"] }, true],
    [{ key: "zone", operator: "Exists" }, true],
    [{ key: "zone", operator: "DoesNotExist" }, false],
    [{ key: "memory", operator: "Gt", values: ["63"] }, true],
    [{ key: "memory", operator: "Lt", values: ["64"] }, false],
    [{ key: "rack", operator: "Gt", values: ["1"] }, false],
  ])("%j: %s", (requirement, matched) => {
    const on = node("n", { zone: "a", memory: "64" });
    expect(runs(affinity({ matchExpressions: [requirement] }), on)).toBe(matched);
  });

  it("a node may be named, and an empty term names none", () => {
    const byName = affinity({ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] });
    expect(runs(byName, node("n", {}))).toBe(true);
    expect(runs(byName, node("m", {}))).toBe(false);
    expect(runs(affinity({}), node("n", {}))).toBe(false);
  });
});
