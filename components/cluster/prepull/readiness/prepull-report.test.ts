import { expect, it } from "vitest";
import { prepullManifests } from "../daemonset.ts";
import { containerName } from "../prepull-pod.ts";
import type { ObservedPod } from "./observed.ts";
import { prepullReasons } from "./prepull-reasons.ts";
import { reportPrepull } from "./prepull-report.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const [A, B] = [image("a"), image("b")];
const MANIFESTS = prepullManifests({
  namespace: "hub",
  pauseImage: image("f"),
  nodeGroups: [{ slug: "cpu", node_selector: { pool: "cpu" } }],
  images: [A, B].map((one) => ({ image: one, nodeGroups: ["cpu"] })),
});
const RUNNING = { running: {} };
const pulling = (reason: string, message?: string) => ({
  waiting: { reason, ...(message ? { message } : {}) },
});
type States = NonNullable<NonNullable<ObservedPod["status"]>["containerStatuses"]>[number]["state"][];

const pod = (nodeName: string, states: States, status: ObservedPod["status"] = {}): ObservedPod => ({
  metadata: { labels: { "lectern.dev/prepull": "prepull-on-cpu" } },
  spec: { nodeName, containers: [A, B].map((one) => ({ name: containerName(one), image: one })) },
  status: {
    containerStatuses: [A, B].map((one, index) => ({ name: containerName(one), state: states[index] })),
    ...status,
  },
});
const daemonSet = (nodes: number, generations: [number, number] = [1, 1]) => ({
  metadata: { name: "prepull-on-cpu", generation: generations[0] },
  status: { observedGeneration: generations[1], desiredNumberScheduled: nodes },
});

it("is ready where every image runs on every node", () => {
  const report = reportPrepull(
    MANIFESTS,
    [daemonSet(2)],
    [pod("n1", [RUNNING, RUNNING]), pod("n2", [RUNNING, RUNNING])],
  );
  expect(report).toEqual({
    ready: true,
    held: 4,
    wanted: 4,
    failures: [],
    waiting: [],
    uncreated: [],
    absent: [],
    counts: [{ isSettled: true, nodes: 2, lacking: 0, hopeless: 0 }],
    notices: [],
  });
});

it("names the image, its node and the reason, and counts the others as held", () => {
  const bad = pulling("ImagePullBackOff", "Back-off pulling image");
  const report = reportPrepull(
    MANIFESTS,
    [daemonSet(2)],
    [pod("n1", [RUNNING, bad]), pod("n2", [RUNNING, RUNNING])],
  );
  expect(report).toMatchObject({ ready: false, held: 3, wanted: 4, waiting: [] });
  expect(prepullReasons(report)).toEqual([`n1: ${B}: ImagePullBackOff: Back-off pulling image`]);
});

it("what is on its way is no failure", () => {
  const report = reportPrepull(
    MANIFESTS,
    [daemonSet(2)],
    [pod("n1", [pulling("ContainerCreating"), undefined])],
  );
  expect(report.failures).toEqual([]);
  expect(report.waiting).toMatchObject([
    { image: A, reason: "ContainerCreating" },
    { image: B, reason: "Pending" },
  ]);
  expect(report).toMatchObject({ ready: false, held: 0, wanted: 4 });
});

it("a pause image that can't be pulled holds up every image, and is named", () => {
  const copying = {
    name: "carrier",
    image: "busybox",
    ready: false,
    state: pulling("ErrImagePull", "not found"),
  };
  const waits = pulling("PodInitializing");
  const report = reportPrepull(
    MANIFESTS,
    [daemonSet(1)],
    [pod("n1", [waits, waits], { initContainerStatuses: [copying], containerStatuses: [] })],
  );
  expect(report.failures).toMatchObject([
    { image: A, reason: "ErrImagePull", message: "the pause image busybox: not found" },
    { image: B },
  ]);
});

it("a pod that fits nowhere is named with the node that it is for", () => {
  const matchFields = [{ key: "metadata.name", operator: "In", values: ["full"] }];
  const unplaced: ObservedPod = {
    metadata: { labels: { "lectern.dev/prepull": "prepull-on-cpu" } },
    spec: {
      containers: [A, B].map((one) => ({ name: containerName(one), image: one })),
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
    },
    status: {
      conditions: [
        { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "Too many pods" },
      ],
    },
  };
  const report = reportPrepull(MANIFESTS, [daemonSet(1)], [unplaced]);
  expect(report.failures[0]).toEqual({
    node: "full",
    image: A,
    reason: "Unschedulable",
    message: "Too many pods",
  });
});

it("a manifest that the cluster has not observed yet is not ready", () => {
  const pods = [pod("n1", [RUNNING, RUNNING])];
  expect(reportPrepull(MANIFESTS, [daemonSet(1, [2, 1])], pods).ready).toBe(false);
  expect(reportPrepull(MANIFESTS, [], pods).ready).toBe(false);
});

it("a selector that matches no node is reported, and waits for nothing", () => {
  const report = reportPrepull(MANIFESTS, [daemonSet(0)], []);
  expect(report).toMatchObject({ ready: true, held: 0, wanted: 0, notices: [{ code: "no-node" }] });
});
