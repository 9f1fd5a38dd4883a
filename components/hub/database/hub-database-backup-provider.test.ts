import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../resource/context/clock.ts";
import type { Properties } from "../../resource/provide.ts";
import { steppingClock, testContext } from "../../resource/testing/test-context.ts";
import { type BackupCluster, type JobProgress, progressOf } from "./backup-cluster.ts";
import { hubDatabaseBackup } from "./hub-database-backup-provider.ts";
import { runningHub } from "./testing/running-hub.ts";

const inputs = (appVersion: string, changes: Properties = {}): Properties => ({
  cluster: "campus",
  namespace: "staging",
  release: "staging",
  hub: "campus/staging",
  version: { appVersion },
  ...changes,
});
const state = (appVersion: string) => ({ version: { appVersion } });

interface Scene {
  /** How a Job of a hub goes as it is asked again. @default it ends at the third question */
  readonly progress?: readonly JobProgress[];
  readonly hub?: BackupCluster["hub"];
  /** Whether a Job of an earlier run is there. */
  readonly left?: boolean;
  readonly clock?: typeof systemClock;
}

const RUNNING: JobProgress = { state: "running" };
const DONE: JobProgress = { state: "done" };

function play({ progress = [RUNNING, RUNNING, DONE], hub, left = false, clock }: Scene = {}) {
  const steps: string[] = [];
  const created: V1Job[] = [];
  const answers = [...progress];
  let there = left;
  const cluster: BackupCluster = {
    hub: hub ?? (async (release) => runningHub(release)),
    createJob: async (job) => {
      if (there) throw new Error("it exists");
      there = true;
      steps.push("create");
      created.push(job);
    },
    job: async () => {
      if (!there) return undefined;
      return created.length === 0 ? RUNNING : answers.length > 1 ? answers.shift() : answers[0];
    },
    deleteJob: async () => {
      there = false;
      steps.push("delete");
    },
  };
  const context = testContext({}, { clock: clock ?? steppingClock() });
  return { provider: hubDatabaseBackup(async () => cluster), context, steps, created };
}

describe("an upgrade that moves JupyterHub", () => {
  it("backs the database up with a Job, waits until it has ended, and removes it", async () => {
    const { provider, context, steps, created } = play();
    expect((await provider.diff("id", state("5.3.0"), inputs("5.5.0"), context)).changes).toBe(true);
    const { outs } = await provider.update("id", state("5.3.0"), inputs("5.5.0"), context);
    expect(outs).toEqual({
      version: { appVersion: "5.5.0" },
      backup: {
        from: "JupyterHub 5.3.0",
        to: "JupyterHub 5.5.0",
        at: "1970-01-01T00:00:00.000Z",
        file: "jupyterhub.sqlite.lectern-19700101T000000Z",
      },
    });
    expect(steps).toEqual(["create", "delete"]);
    expect(created[0]?.metadata?.name).toMatch(/^lectern-backup-[0-9a-f]{10}$/);
    expect(context.reports.map(({ message }) => message)).toEqual([
      "backing the hub's database up before it moves from JupyterHub 5.3.0 to JupyterHub 5.5.0",
      "the hub's database is backed up as jupyterhub.sqlite.lectern-19700101T000000Z",
    ]);
  });

  it("removes the Job of a killed run first", async () => {
    const { provider, context, steps } = play({ left: true });
    await provider.update("id", state("5.3.0"), inputs("5.5.0"), context);
    expect(steps).toEqual(["delete", "create", "delete"]);
  });

  it.each([
    ["why its pod failed", [{ state: "failed", why: "disk full" }], "failed: disk full"],
    ["what it waits for at the limit", [{ state: "running", waiting: "no node" }], "within 600 s: no node"],
  ] as const)("fails with %s, and removes the Job", async (_what, progress, why) => {
    const { provider, context, steps } = play({ progress });
    await expect(provider.update("id", state("5.3.0"), inputs("5.5.0"), context)).rejects.toThrow(
      new RegExp(`campus/staging is not backed up, so JupyterHub is not moved: .*${why}`),
    );
    expect(steps).toEqual(["create", "delete"]);
  });

  it("fails where the database is on no volume of the hub's and no command is named", async () => {
    const { provider, context } = play({ hub: async () => ({ metadata: {} }) });
    await expect(provider.update("id", state("5.3.0"), inputs("5.5.0"), context)).rejects.toThrow(
      "Name the command that backs it up: `database: {backup: …}`",
    );
  });
});

it("does nothing where JupyterHub stays, and keeps what it knows of the last backup", async () => {
  const { provider, context, steps } = play();
  const backup = { from: "a", to: "b", at: "c", file: "d" };
  const before = { ...state("5.5.0"), backup };
  expect((await provider.diff("id", before, inputs("5.5.0", { limit: 60 }), context)).changes).toBe(false);
  expect((await provider.update("id", before, inputs("5.5.0"), context)).outs).toEqual(before);
  expect(steps).toEqual([]);
});

describe("a hub that Lectern did not know", () => {
  it("has no database yet where it is new", async () => {
    const { provider, context, steps } = play({ hub: async () => undefined });
    expect(await provider.create(inputs("5.5.0"), context)).toEqual({
      id: "campus/staging/database",
      outs: state("5.5.0"),
    });
    expect(steps).toEqual([]);
  });

  it("is backed up where it is there, as it may run any version", async () => {
    const { provider, context, steps } = play();
    expect((await provider.create(inputs("5.5.0"), context)).outs["backup"]).toBeDefined();
    expect(steps).toEqual(["create", "delete"]);
  });

  it("is taken over without a backup where its database is elsewhere, which is reported", async () => {
    const { provider, context } = play({ hub: async () => ({ metadata: {} }) });
    expect((await provider.create(inputs("5.5.0"), context)).outs).toEqual(state("5.5.0"));
    expect(context.reports.at(-1)).toMatchObject({ severity: "warning" });
  });
});

describe("a command of the operator", () => {
  const command = (text: string, limit = 60) => {
    const { provider, context } = play({ clock: systemClock });
    return provider.update("id", state("5.3.0"), inputs("5.5.0", { command: text, limit }), context);
  };

  it("is told the hub", async () => {
    const tests = ["$LECTERN_HUB = campus/staging", "$LECTERN_RELEASE = staging"].map(
      (test) => `test ${test}`,
    );
    expect((await command(tests.join(" && "))).outs["backup"]).toMatchObject({ file: "" });
  });

  it("that fails is reported with the end of what it printed, without secrets", async () => {
    await expect(command("echo password=abc >&2; exit 3")).rejects.toThrow(
      "its command ended with 3\n  password=[redacted]\n",
    );
    await expect(command("exec sleep 60", 0.2)).rejects.toThrow("did not end within 0.2 s");
  });
});

describe("a Job", () => {
  const pod = (state: object): V1Pod => {
    const container = { name: "backup", image: "", imageID: "", ready: false, restartCount: 0, state };
    return { status: { containerStatuses: [container] } };
  };
  const conditions = (type: string): V1Job => ({
    status: { conditions: [{ type, status: "True", message: "m" }] },
  });

  it.each<[V1Job, V1Pod[], JobProgress]>([
    [conditions("Complete"), [], { state: "done" }],
    [conditions("Failed"), [pod({ terminated: { message: "full\n" } })], { state: "failed", why: "full" }],
    [conditions("Failed"), [], { state: "failed", why: "m" }],
    [{}, [pod({ waiting: { reason: "ErrImagePull" } })], { state: "running", waiting: "ErrImagePull" }],
    [{}, [], { state: "running", waiting: undefined }],
  ])("is as far as its conditions say: %j", (job, pods, expected) => {
    expect(progressOf(job, pods)).toEqual(expected);
  });
});
