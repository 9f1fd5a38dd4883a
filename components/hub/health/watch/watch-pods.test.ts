import { describe, expect, it } from "vitest";
import { steppingClock, testContext } from "../../../resource/testing/test-context.ts";
import { quietCluster } from "../testing/health-run.ts";
import type { HubPod, PodWarning } from "./hub-pods.ts";
import { podBaseline, watchPods } from "./watch-pods.ts";

const READY = [{ type: "Ready", status: "True" }];

/** A pod of the release `staging`. */
function pod(name: string, status: HubPod["status"] = { conditions: READY }, component = "hub"): HubPod {
  const labels = { app: "jupyterhub", component, release: "staging" };
  return { metadata: { name, uid: name, labels, ownerReferences: [{ kind: "ReplicaSet" }] }, status };
}
const user = (name: string, status?: HubPod["status"]) => pod(name, status, "singleuser-server");
const ready = (restartCount: number, lastState = {}) => ({
  conditions: READY,
  containerStatuses: [{ name: "hub", restartCount, state: {}, lastState }],
});
const waiting = (reason: string, message?: string, restartCount = 0) => ({
  containerStatuses: [{ name: "hub", restartCount, state: { waiting: { reason, message } } }],
});

/** Watches for two minutes what a cluster shows as the seconds pass. */
async function watch(
  podsAt: (seconds: number) => readonly HubPod[],
  {
    settle = 120,
    warnings = [],
    log = [],
  }: { settle?: number; warnings?: PodWarning[]; log?: string[] } = {},
) {
  const clock = steppingClock();
  const context = testContext({}, { clock });
  const reader = quietCluster({
    pods: async () => podsAt(clock.now() / 1000),
    warnings: async () => warnings,
    log: async (_pod, _container, previous) => (previous ? ["before:", ...log] : log),
  });
  const said: string[] = [];
  const report = (_severity: string, message: string) => void said.push(message);
  const baseline = await podBaseline(reader, context);
  if (!baseline) throw new Error("no baseline");
  const watched = { reader, release: "staging", baseline, settle: settle * 1000, report };
  const failure = await watchPods(watched, context).then(
    () => "",
    (error: Error) => error.message,
  );
  return { failure, said, seconds: clock.now() / 1000 };
}

it("lasts as long as it is to, where nothing happens", async () => {
  expect(await watch(() => [pod("hub-1", ready(3)), user("jupyter-ada")])).toEqual({
    failure: "",
    said: [],
    seconds: 120,
  });
  expect((await watch(() => [], { settle: 0 })).seconds).toBe(0);
});

describe("a restart", () => {
  const ended = { terminated: { reason: "OOMKilled", exitCode: 137 } };

  it("ends the watch at once, with the pod, the reason and the log of the run before", async () => {
    const pods = (second: number) => [pod("hub-1", ready(second < 20 ? 3 : 4, ended))];
    const { failure, seconds } = await watch(pods, { log: ["Killed"] });
    expect(failure).toBe(
      "pod hub-1: the container hub restarted (OOMKilled, exit code 137)\n  before:\n  Killed\nFix the cause and deploy again: the check is repeated then.",
    );
    expect(seconds).toBe(20);
  });

  it("of a pod that came later counts from its first", async () => {
    const { failure } = await watch((second) => [
      pod(second < 10 ? "hub-1" : "hub-2", ready(second < 10 ? 1 : 1)),
    ]);
    expect(failure).toContain("pod hub-2: the container hub restarted");
  });

  it.each([
    ["of a user's server", () => user("jupyter-ada", ready(1))],
    [
      "of another release",
      () => ({ ...pod("other", ready(1)), metadata: { name: "other", labels: { release: "prod" } } }),
    ],
    ["of a placeholder", () => pod("user-placeholder-0", ready(1), "user-placeholder")],
    ["of a puller of images", () => pod("continuous-image-puller-x", ready(1), "continuous-image-puller")],
    [
      "of a job",
      () => ({ ...pod("job", ready(1)), metadata: { name: "job", ownerReferences: [{ kind: "Job" }] } }),
    ],
  ])("is none of the hub's: %s", async (_what, restarting) => {
    expect((await watch((second) => (second < 10 ? [] : [restarting()]))).failure).toBe("");
  });
});

describe("in its end", () => {
  it("a pod that crashes again and again is named, though it did not restart meanwhile", async () => {
    const { failure, seconds } = await watch(
      () => [pod("hub-1", waiting("CrashLoopBackOff", "back-off 5m0s", 7))],
      {
        log: ["SyntaxError"],
      },
    );
    expect(failure).toContain("pod hub-1: CrashLoopBackOff: back-off 5m0s\n  before:\n  SyntaxError\n");
    expect(seconds).toBe(120);
  });

  it("a pod that no node takes is named with the scheduler's words", async () => {
    const message = "0/3 nodes are available: 3 Insufficient memory.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    const { failure } = await watch(() => [pod("proxy-1", { phase: "Pending", conditions }, "proxy")]);
    expect(failure).toContain(`pod proxy-1: Unschedulable: ${message}`);
  });

  it("a pod that is not ready is named with its newest warning", async () => {
    const involvedObject = { kind: "Pod", name: "hub-1" };
    const warnings = [
      { involvedObject, reason: "FailedMount", message: "secret hub not found" },
      { involvedObject: { kind: "Pod", name: "hub-2" }, reason: "Other" },
    ];
    const { failure } = await watch(() => [pod("hub-1", waiting("ContainerCreating"))], { warnings });
    expect(failure).toContain("pod hub-1: FailedMount: secret hub not found\n");
  });

  it.each([
    [
      "a pod that comes right meanwhile",
      (second: number) => [pod("hub-1", second < 60 ? waiting("ErrImagePull") : undefined)],
    ],
    ["a pod that has ended", () => [pod("hook", { phase: "Succeeded" })]],
    [
      "a placeholder that waits for a node",
      () => [pod("user-placeholder-0", { phase: "Pending" }, "user-placeholder")],
    ],
    [
      "a pod that is being deleted",
      () => [{ ...pod("hub-1", {}), metadata: { name: "hub-1", deletionTimestamp: "now" } }],
    ],
  ])("nothing is wrong with %s", async (_what, pods) => {
    expect((await watch(pods)).failure).toBe("");
  });

  it("names five pods and counts the others", async () => {
    const pods = Array.from({ length: 7 }, (_, index) => pod(`hub-${index}`, waiting("ErrImagePull")));
    expect((await watch(() => pods)).failure).toMatch(/(pod hub-\d: ErrImagePull\n){5}and 2 more pods\n/);
  });
});

describe("servers of users", () => {
  const failing = user("jupyter-ada", waiting("ImagePullBackOff", "not found"));

  it("that fail to start are a fault of the hub", async () => {
    const { failure } = await watch((second) => (second < 10 || second > 60 ? [] : [failing]));
    expect(failure).toContain("pod jupyter-ada: ImagePullBackOff: not found\n");
  });

  it("that fail where as many others start are only reported", async () => {
    const { failure, said } = await watch((second) => (second < 10 ? [] : [failing, user("jupyter-bob")]));
    expect(failure).toBe("");
    expect(said).toEqual(["the server jupyter-ada of a user did not start: ImagePullBackOff: not found"]);
  });

  it("that were there before, or wait for a node, say nothing of the hub", async () => {
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }];
    const pending = user("jupyter-bob", { phase: "Pending", conditions });
    expect((await watch((second) => (second < 10 ? [failing] : [failing, pending]))).failure).toBe("");
  });
});

describe("a cluster that does not answer", () => {
  const silentFrom = (from: number, to: number) => (second: number) => {
    if (second >= from && second < to) throw new Error("fetch failed", { cause: new Error("ECONNREFUSED") });
    return [pod("hub-1")];
  };

  it("for a moment changes nothing", async () => {
    expect((await watch(silentFrom(20, 50))).failure).toBe("");
  });

  it("for long ends the watch with the cause", async () => {
    const { failure, seconds } = await watch(silentFrom(20, 1000));
    expect(failure).toContain("the cluster does not answer: ECONNREFUSED");
    expect(seconds).toBeLessThan(80);
  });
});
