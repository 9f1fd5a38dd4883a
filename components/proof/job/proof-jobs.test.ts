import { describe, expect, it } from "vitest";
import { digestOf } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import { testContext } from "../../resource/testing/test-context.ts";
import type { NotebookJob } from "../run/run-notebook.ts";
import type { ProofStore } from "../store/proof-store.ts";
import {
  containerStatus,
  ENDED,
  PlayedCluster,
  type PlayedPod,
  ran,
  reportLog,
} from "../testing/played-cluster.ts";
import { someResult } from "../testing/some-result.ts";
import { jobName } from "./job-objects.ts";
import { proofJobs } from "./proof-jobs.ts";

const KEY = digestOf("a notebook").slice("sha256:".length);
const IMAGE = `registry.test/lab@${digestOf("image")}`;
const code = (number: number, more: Partial<NotebookJob["notebook"]["cells"][number]> = {}) => ({
  ...{ number, code: `cell${number}()`, mayFail: false, outputs: [] },
  ...more,
});
const JOB: NotebookJob = {
  path: "notebooks/one.ipynb",
  notebook: { kernel: "python3", cells: [code(2), code(4)] },
  language: "python",
  files: [{ path: "data/points.csv", content: Buffer.from("1,2\n") }],
  mayFail: new Set(),
  timeout: 600_000,
  cellTimeout: 600_000,
  memory: 2 ** 30,
  network: true,
  comparison: {},
};

const FORBIDDEN = { code: "x", severity: "error", message: "forbidden", remedy: "Ask" } as const;

function playing(
  pod: PlayedPod | ((key: string) => PlayedPod),
  cluster = new PlayedCluster(typeof pod === "function" ? pod : () => pod),
  find: ProofStore["find"] = async () => new Map(),
) {
  const context = testContext();
  const place = { namespace: "staging" };
  const jobs = proofJobs({ cluster, place, name: "campus", context, store: { find } });
  const subject = {
    key: KEY,
    course: "course/qaoa",
    notebook: "notebooks/one.ipynb",
    kernel: "campus/lab",
    image: IMAGE,
  };
  const run = (changes: Partial<NotebookJob> = {}) => {
    const job = { ...JOB, ...changes };
    return jobs.run({ ...subject, job: async () => job }, job);
  };
  return { run, cluster };
}

const PASSED = {
  log: reportLog(KEY, { cells: [ran(2), ran(4, { at: 3 })], measured: '{"peak": 5}\n', seconds: 4 }),
};

describe("a notebook on a hub's image", () => {
  it("runs by a Job that begins once what it reads is there, and goes once its result is kept", async () => {
    const { run, cluster } = playing(PASSED);
    const { outcome, seconds, kept } = await run({ network: false });
    expect({ outcome, seconds }).toEqual({ outcome: { outcome: "passed", peakMemory: 5 }, seconds: 4 });
    const created = ["create suspended Job", "create ConfigMap of Job", "create ConfigMap of Job"];
    expect(cluster.steps).toEqual([...created, "create NetworkPolicy of Job", "resume Job"]);
    await kept?.();
    expect(cluster.steps.at(-1)).toBe("delete Job");
  });

  it("has the time and the memory that lecture.yaml gives it", async () => {
    const { run, cluster } = playing(PASSED);
    await run();
    const { job } = cluster.jobs.get(jobName(KEY)) ?? {};
    expect(job?.spec).toMatchObject({ activeDeadlineSeconds: 600 + 900, backoffLimit: 0 });
    const [container] = job?.spec?.template.spec?.containers ?? [];
    expect(container).toMatchObject({
      image: IMAGE,
      resources: { limits: { memory: String(2 ** 30 + 2 ** 29) } },
    });
    // Also with the network: the metadata of the cloud is not for notebooks.
    expect(cluster.steps).toContain("create NetworkPolicy of Job");
  });

  it.each(["while it runs", "after it has ended"])(
    "is not run twice where a run is killed %s",
    async (when) => {
      const running = { phase: "Running", containerStatuses: [containerStatus({ running: {} })] };
      const { run, cluster } = playing({
        ...PASSED,
        states: when === "while it runs" ? [running, running, ENDED] : [ENDED],
      });
      await run();
      const { outcome } = await playing({}, cluster).run();
      expect(outcome.outcome).toBe("passed");
      expect(cluster.steps.filter((step) => step === "create suspended Job")).toHaveLength(1);
      expect(cluster.steps.filter((step) => step === "resume Job")).toHaveLength(1);
    },
  );

  it("begins where a run was killed before the Job did", async () => {
    const { run, cluster } = playing(PASSED);
    const resume = cluster.resumeJob.bind(cluster);
    cluster.resumeJob = () => Promise.reject(new Error("killed"));
    await expect(run()).rejects.toThrow("killed");
    cluster.resumeJob = resume;
    expect((await run()).outcome.outcome).toBe("passed");
    expect(cluster.steps.filter((step) => step === "create suspended Job")).toHaveLength(1);
  });

  it("runs again where an earlier run has left a Job whose log is lost", async () => {
    let log = PASSED.log;
    const { cluster } = playing(() => ({ log }));
    await playing({}, cluster).run();
    log = "";
    const remove = cluster.deleteJob.bind(cluster);
    cluster.deleteJob = async (job) => {
      log = PASSED.log;
      await remove(job);
    };
    expect((await playing({}, cluster).run()).outcome.outcome).toBe("passed");
    expect(cluster.steps.filter((step) => step === "create suspended Job")).toHaveLength(2);
  });

  it("waits until nothing is left of an attempt before it, whose objects have the same names", async () => {
    let log: string | undefined;
    const { run, cluster } = playing(() => ({ ...(log === undefined ? {} : { log }) }));
    await expect(run({ network: false })).rejects.toThrow("no report");
    const before = [...cluster.objects.values()].map(({ owner }) => owner);
    expect(before).not.toEqual([]);
    log = PASSED.log;
    expect((await run({ network: false })).outcome.outcome).toBe("passed");
    const own = cluster.jobs.get(jobName(KEY))?.job.metadata?.uid ?? "";
    expect(before).not.toContain(own);
    expect([...cluster.objects.values()].map(({ owner }) => owner)).toEqual(before.map(() => own));
  });

  it("says so where an attempt before it does not go", async () => {
    const { run, cluster } = playing(PASSED);
    cluster.owners = async () => ["another Job"];
    await expect(run()).rejects.toThrow(
      "what an earlier attempt has left in the namespace is not deleted after 120 s",
    );
    expect(cluster.steps).toEqual([]);
  });

  it("has the result of another run, which has deleted the Job since", async () => {
    const running = { phase: "Running", containerStatuses: [containerStatus({ running: {} })] };
    const cluster = new PlayedCluster(() => ({ ...PASSED, states: [running] }));
    const look = cluster.pods.bind(cluster);
    cluster.pods = async (uid) => {
      await cluster.deleteJob({ name: jobName(KEY), uid });
      return look(uid);
    };
    const asked: unknown[] = [];
    const kept = { ...someResult("one", IMAGE), key: KEY };
    const { run } = playing({}, cluster, async (image, keys) => {
      asked.push(image, ...keys);
      return new Map([[KEY, kept]]);
    });
    const { outcome, seconds, ranAt } = await run();
    expect({ outcome, seconds, ranAt }).toMatchObject({
      outcome: { outcome: "passed", peakMemory: kept.peakMemory },
      ...{ seconds: kept.seconds, ranAt: kept.ranAt },
    });
    expect(asked).toEqual([IMAGE, KEY]);
    expect(cluster.steps.filter((step) => step === "create suspended Job")).toHaveLength(1);
  });

  it("leaves the Job that another run has begun since", async () => {
    const { run, cluster } = playing(PASSED);
    const { kept } = await run();
    const { uid = "" } = cluster.jobs.get(jobName(KEY))?.job.metadata ?? {};
    await cluster.deleteJob({ name: jobName(KEY), uid });
    await playing({}, cluster).run();
    await kept?.();
    expect(cluster.jobs.size).toBe(1);
  });

  it("is run once where two aliases move to its image at the same time", async () => {
    const { run, cluster } = playing(PASSED);
    const [one, other] = await Promise.all([run(), run()]);
    expect(one).toBe(other);
    expect(cluster.steps.filter((step) => step === "create suspended Job")).toHaveLength(1);
  });

  it("removes Jobs that runs of days before have left suspended", async () => {
    const { run, cluster } = playing(PASSED);
    const left = (name: string, hours: number, suspend = true) =>
      cluster.createJob({
        metadata: { name, creationTimestamp: new Date(-hours * 3_600_000) },
        spec: { suspend, template: {} },
      });
    await left("two days", 48);
    await left("an hour", 1);
    await left("running", 48, false);
    const list = cluster.proofs.bind(cluster);
    let lists = 0;
    cluster.proofs = () => {
      lists++;
      return list();
    };
    await Promise.all([run(), run({ seed: 1 })]);
    expect([...cluster.jobs.keys()]).toEqual(["an hour", "running", jobName(KEY)]);
    expect(lists).toBe(1);
  });

  it("runs where the Jobs of runs before can't be listed", async () => {
    const { run, cluster } = playing(PASSED);
    cluster.proofs = () => Promise.reject(new LecternError(FORBIDDEN));
    expect((await run()).outcome.outcome).toBe("passed");
  });

  it("names the cell that fails, with its traceback", async () => {
    const traceback = "Traceback\nNameError: name 'np' is not defined";
    const { run } = playing({ log: reportLog(KEY, { cells: [ran(2), ran(4, { traceback })] }) });
    expect((await run()).outcome).toEqual({
      outcome: "failed",
      traceback,
      cell: { index: 3, source: "cell4()" },
    });
  });

  it("lets cells fail that may", async () => {
    const cells = [ran(2, { traceback: "ValueError" }), ran(4)];
    const { run } = playing({ log: reportLog(KEY, { cells }) });
    expect((await run({ mayFail: new Set([2]) })).outcome.outcome).toBe("passed");
  });

  it("compares outputs with those that it was saved with", async () => {
    const printed = (text: string) => [{ output_type: "stream" as const, name: "stdout", text }];
    const cells = [ran(2, { outputs: printed("1.5\n") }), ran(4)];
    const { run } = playing({ log: reportLog(KEY, { cells }) });
    const notebook = { kernel: "python3", cells: [code(2, { outputs: printed("1.25\n") }), code(4)] };
    const comparison = { text: { relative: 0.01, absolute: 0.01 } };
    expect((await run({ notebook, comparison })).outcome).toMatchObject({
      outcome: "failed",
      differences: [{ cell: { index: 1 }, kind: "text", message: expect.stringContaining("1.5") }],
    });
  });

  it.each<[string, Parameters<typeof reportLog>[1], RegExp]>([
    [
      "a cell takes too long",
      { cells: [ran(2), ran(4, { late: true, at: 5 })] },
      /^the notebook did not end within 600 s$/,
    ],
    ["no time is left", { cells: [ran(2)], stopped: 601 }, /^the notebook did not end within 600 s$/],
    [
      "the kernel ends",
      { cells: [ran(2)], ended: "it was killed" },
      /^the kernel ended while the cell ran: it was killed$/,
    ],
    [
      "the image has no nbclient",
      { impossible: "the image can't run notebooks, as it has no nbclient" },
      /has no nbclient$/,
    ],
  ])("fails where %s", async (_, report, reason) => {
    const { run } = playing({ log: reportLog(KEY, report) });
    expect((await run()).outcome).toMatchObject({ outcome: "failed", reason: expect.stringMatching(reason) });
  });

  it("says in which cell its container used more memory than it may", async () => {
    const killed = {
      phase: "Failed",
      containerStatuses: [containerStatus({ terminated: { exitCode: 137, reason: "OOMKilled" } })],
    };
    const log = `LECTERN-PROOF ${KEY} cell 2\nLECTERN-PROOF ${KEY} cell 4\n`;
    const { run } = playing({ states: [killed], log });
    expect((await run()).outcome).toMatchObject({
      outcome: "failed",
      reason: "it used more memory than it may",
      cell: { index: 3, source: "cell4()" },
    });
  });

  it("is not run with more data than objects of the cluster can have", async () => {
    const content = Buffer.alloc(16 * 2 ** 20 + 1);
    const { run, cluster } = playing(PASSED);
    const { outcome } = await run({ files: [{ path: "data/large.bin", content }] });
    expect(outcome).toMatchObject({ outcome: "failed", reason: expect.stringContaining("more than 16 MiB") });
    expect(cluster.steps).toEqual([]);
  });
});

const waiting = (reason: string, message: string) => ({
  phase: "Pending",
  containerStatuses: [containerStatus({ waiting: { reason, message } })],
});
const unschedulable = {
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }],
};

describe("a notebook that could not be run", () => {
  it.each<[string, PlayedPod, string]>([
    [
      "the image can't be pulled",
      { states: [waiting("ErrImagePull", "x"), waiting("ImagePullBackOff", "no such image")] },
      "the image can't be pulled: no such image",
    ],
    ["no node takes the pod", { states: [unschedulable] }, "no node takes its pod: 0/3 nodes are available"],
    ["the Job may not create its pod", { states: [] }, "quota exceeded"],
    [
      "the Job is over before the pod is",
      { states: [], condition: { type: "Failed", reason: "DeadlineExceeded" } },
      "it did not end in time",
    ],
    [
      "the container can't be started",
      { states: [waiting("CreateContainerError", "no such user")] },
      "the container can't be started: no such user",
    ],
    [
      "the container says nothing",
      { states: [ENDED], log: "hello" },
      "its container ended with exit code 0 and no report",
    ],
  ])("is an error that says why, where %s", async (_, pod, why) => {
    const { run, cluster } = playing(pod);
    cluster.noted = ["quota exceeded"];
    await expect(run()).rejects.toThrow(`in the namespace staging of the cluster campus: ${why}`);
    expect(cluster.jobs.size).toBe(0);
  });

  it("fails, and is known, where the image has no Python", async () => {
    const states = [waiting("RunContainerError", 'exec: "python3": executable file not found in $PATH')];
    expect((await playing({ states }).run()).outcome.reason).toBe(
      "the image can't run notebooks, as it has no python3",
    );
  });
});
