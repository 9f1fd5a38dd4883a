import { expect, it } from "vitest";
import { makeContext } from "../../../resource/context.ts";
import { prepullManifests } from "../daemonset.ts";
import { containerName } from "../prepull-pod.ts";
import { observePrepull, type PrepullReader, prepullReasons, waitForPrepull } from "./prepull-wait.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const LAB = image("a");
const MANIFESTS = prepullManifests({
  namespace: "hub",
  pauseImage: image("f"),
  nodeGroups: [],
  images: [{ image: LAB, nodeGroups: [] }],
});
const LIMITS = { readyTimeout: 600_000, settled: 45_000 };

/** A cluster of one node whose container is in the state that the minutes so far bring. */
function trial(stateAt: (seconds: number) => object | undefined, interruptAt = Number.POSITIVE_INFINITY) {
  let now = 0;
  const lines: string[] = [];
  const interruption = new AbortController();
  const reader: PrepullReader = {
    daemonSets: async () => [
      {
        metadata: { name: "prepull-anywhere", generation: 1 },
        status: { observedGeneration: 1, desiredNumberScheduled: 1 },
      },
    ],
    pods: async () => {
      const state = stateAt(now / 1000);
      const name = containerName(LAB);
      const pod = {
        metadata: { labels: { "lectern.dev/prepull": "prepull-anywhere" } },
        spec: { nodeName: "n1", containers: [{ name, image: LAB }] },
      };
      return state === undefined ? [] : [{ ...pod, status: { containerStatuses: [{ name, state }] } }];
    },
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
  const wait = () => waitForPrepull(MANIFESTS, reader, LIMITS, context, (line) => lines.push(line));
  return { wait, lines, seconds: () => now / 1000 };
}

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
    "1 images of nodes whose pods the cluster has not created yet",
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
  const empty: PrepullReader = { daemonSets: async () => [], pods: async () => [] };
  expect(prepullReasons(await observePrepull(MANIFESTS, empty))).toEqual([
    "the DaemonSet prepull-anywhere is missing from the namespace hub",
  ]);
});
