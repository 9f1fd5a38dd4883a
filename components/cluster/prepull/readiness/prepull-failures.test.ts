import { describe, expect, it } from "vitest";
import { containerName } from "../prepull-pod.ts";
import type { ObservedEvent } from "./observed.ts";
import { prepullReasons } from "./prepull-reasons.ts";
import { LAB, play, podOn, type Scene, trial, withState } from "./testing/played-wait.ts";
import { isTolerable } from "./tolerance.ts";

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
