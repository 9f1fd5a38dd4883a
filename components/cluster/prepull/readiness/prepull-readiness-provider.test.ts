import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../digest.ts";
import { INDEX_TYPE } from "../../../image/registry/registry-referrers.ts";
import { makeContext, type Report } from "../../../resource/context/context.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { prepullManifests } from "../daemonset.ts";
import { containerName } from "../prepull-pod.ts";
import { prepullReadinessProvider as provider } from "./prepull-readiness-provider.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const image = (name: string, digit: string) => `ghcr.io/campus/${name}@sha256:${digit.repeat(64)}`;
const LAB = image("lab", "a");
const DAEMON_SETS = prepullManifests({
  namespace: "hub",
  pauseImage: image("busybox", "f"),
  nodeGroups: [],
  images: [{ image: LAB, nodeGroups: [] }],
});
const INPUTS = { cluster: "campus", patience: 600, daemonSets: DAEMON_SETS };
/** What version 0.1 kept after all nodes held all images. */
const KEPT = JSON.parse(readFileSync(join(import.meta.dirname, "state-0.1.0.json"), "utf8"));
const KEPT_INPUTS = { ...INPUTS, daemonSets: KEPT.daemonSets };

let reports: Report[] = [];
let stop = () => {};
afterEach(() => {
  stop();
  stop = () => {};
});

/** A cluster of one node whose container is in this state; the person interrupts the first wait. */
async function cluster(state: object, held = LAB, more: Readonly<Record<string, string>> = {}) {
  const name = containerName(held);
  const daemonSet = {
    metadata: { name: "prepull-anywhere", generation: 1 },
    status: { observedGeneration: 1, desiredNumberScheduled: 1 },
  };
  const pod = {
    metadata: { labels: { "lectern.dev/prepull": "prepull-anywhere" } },
    spec: { nodeName: "n1", containers: [{ name, image: held }] },
    status: { containerStatuses: [{ name, state }] },
  };
  const server = createServer(({ url = "" }, response) => {
    const given = Object.entries(more).find(([path]) => url.includes(path))?.[1];
    const type = url.includes("/manifests/") ? INDEX_TYPE : "application/json";
    response.setHeader("content-type", type);
    if (given !== undefined) return void response.end(given);
    const items = [daemonSet, pod].filter((_, index) => url.includes(["daemonsets", "pods"][index] ?? ""));
    // An account without the right to read events and nodes, which only explain.
    if (items.length === 0) response.statusCode = 403;
    response.end(JSON.stringify({ items }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return context(`http://127.0.0.1:${port}`);
}

function context(server = "https://none.invalid") {
  reports = [];
  const interruption = new AbortController();
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
  return makeContext({
    raw: (key) =>
      ({
        kubeconfigs: JSON.stringify({ campus: kubeconfig }),
        registries: JSON.stringify({ "ghcr.io": { endpoint: server } }),
      })[key],
    fetch,
    clock: {
      now: Date.now,
      sleep: async (_, signal) => {
        interruption.abort(new Error("interrupted"));
        signal?.throwIfAborted();
      },
    },
    report: (report) => void reports.push(report),
    run: "run",
    signal: interruption.signal,
  });
}

describe("a state of version 0.1", () => {
  it("shows no change where the inputs are the same", async () => {
    expect(await provider.diff("campus/prepull", KEPT, KEPT_INPUTS, context())).toEqual({ changes: false });
  });

  it("is refreshed by this version", async () => {
    const { props } = await provider.read("campus/prepull", KEPT, await cluster({ running: {} }));
    expect(props).toMatchObject({ cluster: "campus", ready: true, held: 1, wanted: 1 });
  });
});

describe("a refresh", () => {
  it("finds no node ready whose platform an image is not for, though its container runs", async () => {
    const index = {
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      manifests: [{ digest: digestOf("x"), platform: { os: "linux", architecture: "amd64" } }],
    };
    const bytes = JSON.stringify(index);
    const foreign = `ghcr.io/campus/lab@${digestOf(bytes)}`;
    const daemonSets = prepullManifests({
      namespace: "hub",
      pauseImage: image("busybox", "f"),
      nodeGroups: [],
      images: [{ image: foreign, nodeGroups: [] }],
    });
    const labels = { "kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64" };
    const nodes = JSON.stringify({ items: [{ metadata: { name: "n1", labels } }] });
    const around = { "/api/v1/nodes": nodes, "/manifests/": bytes };
    const arm = await cluster({ running: {} }, foreign, around);
    const slow = { ...arm, clock: { ...arm.clock, sleep: () => new Promise<void>(() => {}) } };
    const state = { ...KEPT, daemonSets, ready: false, held: 0 };
    const { props } = await provider.read("campus/prepull", state, slow);
    expect(props).toMatchObject({ ready: false, held: 0, failures: [{ reason: "WrongPlatform" }] });
  });
});

describe("a plan", () => {
  it.each([
    ["other DaemonSets", KEPT, { ...INPUTS, daemonSets: [] }],
    ["DaemonSets that are not known yet", KEPT, { ...INPUTS, daemonSets: UNKNOWN }],
    ["nodes that were not ready", { ...KEPT, ready: false }, INPUTS],
    [
      "nodes that lack images, where other numbers are tolerated now",
      { ...KEPT, held: 0, tolerated: 1 },
      { ...KEPT_INPUTS, tolerated: 0 },
    ],
  ])("waits again for %s", async (_, state, inputs) => {
    expect(await provider.diff("campus/prepull", state, inputs, context())).toEqual({ changes: true });
  });

  it("waits for nothing again where only the time to wait differs", async () => {
    const inputs = { ...KEPT_INPUTS, patience: 60 };
    expect(await provider.diff("campus/prepull", KEPT, inputs, context())).toEqual({ changes: false });
  });
});

describe("the wait", () => {
  it("reports how far the nodes are, and keeps what a refresh needs", async () => {
    const { id, outs } = await provider.create(INPUTS, await cluster({ running: {} }));
    expect(reports).toEqual([
      { severity: "info", resource: "campus/prepull", message: "1 of 1 images held" },
    ]);
    expect(id).toBe("campus/prepull");
    expect(outs).toEqual({
      cluster: "campus",
      daemonSets: DAEMON_SETS,
      ready: true,
      held: 1,
      wanted: 1,
      failures: [],
    });
  });

  it("is done where as many nodes lack images as are tolerated, and says which", async () => {
    const failing = await cluster({ waiting: { reason: "ErrImagePull", message: "manifest unknown" } });
    const { outs } = await provider.create({ ...INPUTS, tolerated: 1 }, failing);
    expect(outs).toMatchObject({ ready: true, held: 0, wanted: 1, tolerated: 1, failures: [{ node: "n1" }] });
    expect(reports.at(-1)).toMatchObject({
      severity: "warning",
      message: expect.stringMatching(/^tolerated: n1: .*: ErrImagePull: manifest unknown\. Check that/),
    });
  });

  it("saves its state when it is interrupted, and the next run waits again", async () => {
    const pulling = await cluster({ waiting: { reason: "ContainerCreating" } });
    const failure: unknown = await provider.create(INPUTS, pulling).catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons).toEqual([`n1: ${LAB}: ContainerCreating`]);
    const state = { ...failure.properties };
    expect(state).toMatchObject({ cluster: "campus", ready: false, held: 0, wanted: 1 });
    expect(await provider.diff(failure.id, state, INPUTS, context())).toEqual({ changes: true });
  });
});
