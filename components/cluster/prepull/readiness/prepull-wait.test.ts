import { describe, expect, it } from "vitest";
import { makeContext } from "../../../resource/context.ts";
import { prepullManifests } from "../daemonset.ts";
import { containerName } from "../prepull-pod.ts";
import type { ObservedEvent, ObservedNode, ObservedPod } from "./observed.ts";
import { prepullReasons } from "./prepull-reasons.ts";
import { observePrepull, type PrepullReader, waitForPrepull } from "./prepull-wait.ts";
import { isTolerable } from "./tolerance.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const LAB = image("a");
const MANIFESTS = prepullManifests({
  namespace: "hub",
  pauseImage: image("f"),
  nodeGroups: [],
  images: [{ image: LAB, nodeGroups: [] }],
});
const LIMITS = { readyTimeout: 600_000, settled: 45_000 };

/** What a cluster shows at a moment, by default of one node whose pod has no container yet. */
interface Scene {
  readonly pods?: readonly ObservedPod[];
  readonly nodes?: number;
  readonly events?: readonly ObservedEvent[];
  readonly known?: readonly ObservedNode[];
}

const podOn = (
  nodeName: string,
  status: NonNullable<ObservedPod["status"]>,
  name = `pod-${nodeName}`,
): ObservedPod => ({
  metadata: { name, labels: { "lectern.dev/prepull": "prepull-anywhere" } },
  spec: { nodeName, containers: [{ name: containerName(LAB), image: LAB }] },
  status,
});
const withState = (state: object) => ({ containerStatuses: [{ name: containerName(LAB), state }] });

/** A cluster that changes as the seconds pass. */
function play(
  sceneAt: (seconds: number) => Scene,
  {
    interruptAt = Number.POSITIVE_INFINITY,
    tolerated,
    unsuited,
  }: {
    interruptAt?: number;
    tolerated?: number | string;
    unsuited?: (node: string, image: string) => string | undefined;
  } = {},
) {
  let now = 0;
  const lines: string[] = [];
  const interruption = new AbortController();
  const scene = () => sceneAt(now / 1000);
  const reader: PrepullReader = {
    daemonSets: async () => [
      {
        metadata: { name: "prepull-anywhere", uid: "d1", generation: 1 },
        status: { observedGeneration: 1, desiredNumberScheduled: scene().nodes ?? 1 },
      },
    ],
    pods: async () => scene().pods ?? [],
    events: async () => scene().events ?? [],
    nodes: async () => scene().known,
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      now += milliseconds;
      if (now / 1000 >= interruptAt) interruption.abort(new Error("interrupted"));
      signal?.throwIfAborted();
    },
  };
  const context = makeContext({
    raw: () => undefined,
    fetch,
    clock,
    report: () => {},
    run: "run",
    signal: interruption.signal,
  });
  const limits = { ...LIMITS, tolerated };
  const say = (line: string) => lines.push(line);
  const wait = () => waitForPrepull(MANIFESTS, reader, limits, context, say, unsuited);
  return { wait, lines, seconds: () => now / 1000 };
}

/** A cluster of one node whose container is in the state that the seconds so far bring; without one, no pod. */
const trial = (stateAt: (seconds: number) => object | undefined, interruptAt?: number) =>
  play(
    (seconds) => {
      const state = stateAt(seconds);
      return { pods: state === undefined ? [] : [podOn("n1", withState(state))] };
    },
    interruptAt === undefined ? {} : { interruptAt },
  );

const failing = { waiting: { reason: "ErrImagePull", message: "no route" } };

it("waits until the image is there, and reports how far it is only as that changes", async () => {
  const { wait, lines, seconds } = trial((second) =>
    second < 60 ? { waiting: { reason: "ContainerCreating" } } : { running: {} },
  );
  expect(await wait()).toMatchObject({ ready: true, held: 1 });
  expect(seconds()).toBe(60);
  expect(lines).toEqual(["0 of 1 images held", "1 of 1 images held"]);
});

it("gives up on what fails for long, with the node and the reason", async () => {
  const { wait, seconds } = trial(() => failing);
  expect(prepullReasons(await wait())).toEqual([`n1: ${LAB}: ErrImagePull: no route`]);
  expect(seconds()).toBeLessThan(60);
});

it("tolerates a failure that passes", async () => {
  const { wait } = trial((second) =>
    second < 30 ? failing : second < 90 ? { waiting: { reason: "ContainerCreating" } } : { running: {} },
  );
  expect(await wait()).toMatchObject({ ready: true });
});

it("ends after the limit where no pod comes", async () => {
  const { wait, seconds } = trial(() => undefined);
  expect(prepullReasons(await wait())).toEqual([
    "the cluster has not created 1 pod of the DaemonSet prepull-anywhere for 1 images yet",
  ]);
  expect(seconds()).toBe(600);
});

it("ends at an interruption as it does at the limit", async () => {
  const { wait, seconds } = trial(() => ({ waiting: { reason: "ContainerCreating" } }), 10);
  expect(prepullReasons(await wait())).toEqual([`n1: ${LAB}: ContainerCreating`]);
  expect(seconds()).toBe(10);
});

it("fails where the cluster can't be asked", async () => {
  const { wait } = trial(() => {
    throw new Error("no route to the API server");
  });
  await expect(wait()).rejects.toThrow("no route to the API server");
});

it("goes on where the cluster does not answer for a while", async () => {
  const { wait, seconds } = trial((second) => {
    if (second > 10 && second < 40) throw new Error("no route to the API server");
    return second < 60 ? { waiting: { reason: "ContainerCreating" } } : { running: {} };
  });
  expect(await wait()).toMatchObject({ ready: true });
  expect(seconds()).toBe(60);
});

it("a DaemonSet that somebody deleted is named, and pods are not mentioned", async () => {
  const none = async () => [];
  const empty: PrepullReader = { daemonSets: none, pods: none, events: none, nodes: none };
  expect(prepullReasons(await observePrepull(MANIFESTS, empty))).toEqual([
    "the DaemonSet prepull-anywhere is missing from the namespace hub",
  ]);
});

describe("what is refused", () => {
  const refusal = (message: string, uid = "d1"): ObservedEvent => ({
    involvedObject: { kind: "DaemonSet", name: "prepull-anywhere", uid },
    reason: "FailedCreate",
    message: `Error creating: ${message}`,
    lastTimestamp: new Date(0),
  });

  it.each([
    [
      'pods "prepull-anywhere-x" is forbidden: violates PodSecurity "restricted:latest": seccompProfile',
      "Let the namespace's PodSecurity level admit these pods, or name another namespace in lectern:clusters",
    ],
    [
      'pods "prepull-anywhere-x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=5, limited: pods=5',
      "Raise the namespace's quota, or name another namespace in lectern:clusters",
    ],
    [
      'admission webhook "policy.example.org" denied the request: no latest',
      "Have the admission policy allow pods with the label app.kubernetes.io/name=lectern-prepull, or name another namespace in lectern:clusters",
    ],
  ])("ends the wait early, with the API's words and what to do: %s", async (message, remedy) => {
    const { wait, seconds, lines } = play(() => ({ nodes: 3, events: [refusal(message)] }));
    expect(prepullReasons(await wait())).toEqual([
      `the namespace hub refuses 3 pods of the DaemonSet prepull-anywhere for 3 images: FailedCreate: ${message}. ${remedy}`,
    ]);
    expect(seconds()).toBeLessThan(60);
    expect(lines).toEqual(["0 of 3 images held, 3 failing"]);
  });

  it("names the nodes, where they may be read", async () => {
    const labels = { "kubernetes.io/os": "linux" };
    const { wait } = play(() => ({
      nodes: 2,
      pods: [podOn("n1", withState({ running: {} }))],
      known: ["n1", "n2"].map((name) => ({ metadata: { name, labels } })),
      events: [refusal("exceeded quota: pods")],
    }));
    expect(prepullReasons(await wait())[0]).toContain(
      "1 pod of the DaemonSet prepull-anywhere for 1 images (n2)",
    );
  });

  it("of an earlier DaemonSet of the name does not count", async () => {
    const { wait, seconds } = play(() => ({ events: [refusal("exceeded quota: pods", "d0")] }));
    expect(prepullReasons(await wait())).toEqual([
      "the cluster has not created 1 pod of the DaemonSet prepull-anywhere for 1 images yet",
    ]);
    expect(seconds()).toBe(600);
  });

  it("is forgotten once the pods are there", async () => {
    const { wait, seconds } = play((second) =>
      second < 20
        ? { events: [refusal("exceeded quota: pods")] }
        : {
            events: [refusal("exceeded quota: pods")],
            pods: [
              podOn(
                "n1",
                withState(second < 100 ? { waiting: { reason: "ContainerCreating" } } : { running: {} }),
              ),
            ],
          },
    );
    expect(await wait()).toMatchObject({ ready: true });
    expect(seconds()).toBe(100);
  });
});

describe("an eviction", () => {
  const evicted = {
    phase: "Failed",
    reason: "Evicted",
    message: "The node was low on resource: ephemeral-storage.",
  };
  const remedy =
    "Free disk space on the node, give it a larger disk, or select fewer images for its node group";

  it("ends the wait early with its reason, though the controller removes the pod and creates another each time", async () => {
    const { wait, seconds } = play((second) => {
      const pod = [
        podOn("n1", evicted, `first-${second}`),
        undefined,
        podOn("n1", { phase: "Pending" }, `second-${second}`),
      ][(second / 2) % 3];
      return { pods: pod ? [pod] : [] };
    });
    expect(prepullReasons(await wait())).toEqual([
      `n1: ${LAB}: Evicted: The node was low on resource: ephemeral-storage. ${remedy}`,
    ]);
    expect(seconds()).toBeLessThan(60);
  });

  it("is forgotten once the node pulls again", async () => {
    const { wait, seconds } = play((second) => ({
      pods: [
        second < 30
          ? podOn("n1", evicted)
          : podOn(
              "n1",
              withState(second < 300 ? { waiting: { reason: "ContainerCreating" } } : { running: {} }),
            ),
      ],
    }));
    expect(await wait()).toMatchObject({ ready: true });
    expect(seconds()).toBe(300);
  });
});

describe("a registry that limits the rate", () => {
  const limited = {
    waiting: { reason: "ErrImagePull", message: "failed to pull: 429 Too Many Requests" },
  };

  it("ends no wait: the kubelet tries again later", async () => {
    const { wait, seconds, lines } = trial((second) => (second < 400 ? limited : { running: {} }));
    expect(await wait()).toMatchObject({ ready: true });
    expect(seconds()).toBe(400);
    expect(lines[0]).toBe("0 of 1 images held, 1 slowed down by the registry's rate limit");
  });

  it("is recognized by the kubelet's event where the pod shows only that it waits", async () => {
    const backOff = { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${LAB}"` } };
    const { wait, seconds } = play((second) => ({
      pods: [podOn("n1", withState(second < 400 ? backOff : { running: {} }))],
      events: [
        {
          involvedObject: {
            kind: "Pod",
            name: "pod-n1",
            fieldPath: `spec.containers{${containerName(LAB)}}`,
          },
          reason: "Failed",
          message: `Failed to pull image "${LAB}": toomanyrequests: You have reached your pull rate limit`,
        },
      ],
    }));
    expect(await wait()).toMatchObject({ ready: true });
    expect(seconds()).toBe(400);
  });

  it("is named at the limit, with what to do", async () => {
    const { wait, seconds } = trial(() => limited);
    expect(prepullReasons(await wait())).toEqual([
      `n1: ${LAB}: ErrImagePull: failed to pull: 429 Too Many Requests. Deploy again later, spread the pulls over more time with pullSpread of lectern:clusters, or name a pull secret with a higher limit`,
    ]);
    expect(seconds()).toBe(600);
  });
});

describe("where some nodes may fail", () => {
  const notFound = { waiting: { reason: "ErrImagePull", message: "manifest unknown" } };
  const pulling = { waiting: { reason: "ContainerCreating" } };
  const scene = (states: readonly object[]): Scene => ({
    nodes: states.length,
    pods: states.map((state, index) => podOn(`n${index}`, withState(state))),
  });

  it("what can't come right ends the wait early, though other nodes still pull", async () => {
    const { wait, seconds } = play(() => scene([notFound, pulling, pulling]));
    expect((await wait()).failures).toHaveLength(1);
    expect(seconds()).toBeLessThan(60);
  });

  it("an old warning ends no wait while the kubelet pulls", async () => {
    const { wait, seconds } = play((second) => ({
      pods: [podOn("n1", withState(second < 300 ? pulling : { running: {} }))],
      events: [
        {
          involvedObject: { kind: "Pod", name: "pod-n1" },
          reason: "FailedCreatePodSandBox",
          message: 'failed to set up the network: pod "pod-n1" not found',
        },
      ],
    }));
    expect(await wait()).toMatchObject({ ready: true });
    expect(seconds()).toBe(300);
  });

  it("the others are waited for where so few nodes fail", async () => {
    const { wait, seconds } = play(
      (second) => scene([notFound, ...Array(9).fill(second < 200 ? pulling : { running: {} })]),
      { tolerated: "10%" },
    );
    const report = await wait();
    expect(report).toMatchObject({ ready: false, held: 9, wanted: 10 });
    expect(isTolerable(report, "10%")).toBe(true);
    expect(isTolerable(report, "9%")).toBe(false);
    expect(isTolerable(report, 1)).toBe(true);
    expect(isTolerable(report, undefined)).toBe(false);
    expect(seconds()).toBeGreaterThanOrEqual(200);
    expect(seconds()).toBeLessThan(260);
  });
});

it.each([{ waiting: { reason: "ContainerCreating" } }, { running: {} }])(
  "an image that is not for the node's platform ends the wait early, whatever the kubelet says of it: %j",
  async (state) => {
    const { wait, seconds } = play(() => ({ pods: [podOn("n1", withState(state))] }), {
      unsuited: (node, image) =>
        node === "n1" && image === LAB ? "the image is for linux/amd64" : undefined,
    });
    expect(prepullReasons(await wait())).toEqual([
      `n1: ${LAB}: WrongPlatform: the image is for linux/amd64. Build the image for the node's platform too, or have the node group select nodes of one, by the label kubernetes.io/arch`,
    ]);
    expect(seconds()).toBeLessThan(60);
  },
);

it("a node whose kubelet has stopped reporting ends the wait early; one that is new does not", async () => {
  const scene = (status: string): Scene => ({
    pods: [podOn("n1", { phase: "Pending" })],
    known: [
      {
        metadata: { name: "n1" },
        status: { conditions: [{ type: "Ready", status, message: "Kubelet stopped posting node status." }] },
      },
    ],
  });
  const dead = play(() => scene("Unknown"));
  expect(prepullReasons(await dead.wait())[0]).toMatch(
    /^n1: .*: NodeUnreachable: Kubelet stopped posting node status\. Repair the node/,
  );
  expect(dead.seconds()).toBeLessThan(60);
  const young = play(() => scene("False"));
  expect(await young.wait()).toMatchObject({ ready: false });
  expect(young.seconds()).toBe(600);
});
