import { expect, it } from "vitest";
import { containerName, prepullManifests } from "./prepull.ts";
import { observePrepull, type PrepullReader, prepullReasons, waitForPrepull } from "./prepull-readiness.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const LAB = image("a");
const MANIFESTS = prepullManifests({
  namespace: "hub",
  carrier: image("f"),
  nodeGroups: [],
  images: [{ image: LAB, nodeGroups: [] }],
});
const PATIENCE = { limit: 600_000, settled: 45_000 };

/** A cluster of one node whose container is in the state that the minutes so far bring. */
function trial(stateAt: (seconds: number) => object | undefined) {
  let now = 0;
  const said: string[] = [];
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
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const clock = { now: () => now, sleep: async (milliseconds: number) => pass(milliseconds) };
  const wait = () => waitForPrepull(MANIFESTS, reader, PATIENCE, clock, (line) => said.push(line));
  return { wait, said, seconds: () => now / 1000 };
}

const failing = { waiting: { reason: "ErrImagePull", message: "no route" } };

it("waits until the image is there, and says how far it is only as that changes", async () => {
  const { wait, said, seconds } = trial((second) =>
    second < 60 ? { waiting: { reason: "ContainerCreating" } } : { running: {} },
  );
  expect(await wait()).toMatchObject({ ready: true, held: 1 });
  expect(seconds()).toBe(60);
  expect(said).toEqual(["0 of 1 images held", "1 of 1 images held"]);
});

it("gives up on what fails for long, with the node and the reason", async () => {
  const { wait, seconds } = trial(() => failing);
  expect(prepullReasons(await wait())).toEqual([`n1: ${LAB}: ErrImagePull: no route`]);
  expect(seconds()).toBeLessThan(60);
});

it("bears a failure that passes", async () => {
  const { wait } = trial((second) =>
    second < 30 ? failing : second < 90 ? { waiting: { reason: "ContainerCreating" } } : { running: {} },
  );
  expect(await wait()).toMatchObject({ ready: true });
});

it("ends after the limit where no pod comes", async () => {
  const { wait, seconds } = trial(() => undefined);
  expect(prepullReasons(await wait())).toEqual(["1 images of nodes whose pods the cluster has not made yet"]);
  expect(seconds()).toBe(600);
});

it("a DaemonSet that somebody took away is named, and no pods are spoken of", async () => {
  const empty: PrepullReader = { daemonSets: async () => [], pods: async () => [] };
  expect(prepullReasons(await observePrepull(MANIFESTS, empty))).toEqual([
    "the DaemonSet prepull-anywhere is missing from the namespace hub",
  ]);
});
