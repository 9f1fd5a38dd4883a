import { expect, it } from "vitest";
import { prepullReasons } from "./prepull-reasons.ts";
import { observePrepull, type PrepullReader } from "./prepull-wait.ts";
import { LAB, MANIFESTS, play, podOn, type Scene, trial, withState } from "./testing/played-wait.ts";

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
