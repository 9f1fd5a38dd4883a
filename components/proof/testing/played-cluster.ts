import { deflateSync } from "node:zlib";
import type { V1ConfigMap, V1Job, V1Pod } from "@kubernetes/client-node";
import { digestOf } from "../../digest.ts";
import type { ProofCluster } from "../job/job-cluster.ts";
import type { Owner } from "../job/job-objects.ts";
import type { JobReport } from "../job/job-report.ts";
import { MARK } from "../job/proof-script.ts";

/** What becomes of a Job once it is resumed: the states of its pod, one for each look, the last one stays. */
export interface PlayedPod {
  readonly states?: readonly NonNullable<V1Pod["status"]>[];
  /** What it prints. */
  readonly log?: string;
  /** The condition that the Job then has. */
  readonly condition?: { readonly type: string; readonly reason?: string; readonly message?: string };
}

/** A container that ended as it should. */
export const ENDED: NonNullable<V1Pod["status"]> = {
  phase: "Succeeded",
  containerStatuses: [containerStatus({ terminated: { exitCode: 0 } })],
};

/** A pod whose container is in a state. */
export function containerStatus(
  state: NonNullable<NonNullable<V1Pod["status"]>["containerStatuses"]>[number]["state"],
) {
  return {
    name: "notebook",
    image: "",
    imageID: "",
    ready: false,
    restartCount: 0,
    ...(state ? { state } : {}),
  };
}

/** A log as the script prints it, among what an image's start script prints. */
export function reportLog(word: string, report: Partial<JobReport>): string {
  const all = { cells: [], dropped: false, seconds: 1, ...report };
  const data = deflateSync(JSON.stringify(all)).toString("base64");
  const half = Math.ceil(data.length / 2);
  const line = (text: string) => `\n${MARK} ${word} ${text}\n`;
  const cells = all.cells.map(({ number }) => line(`cell ${number}`)).join("");
  const pieces = `${line(`report 1/2 ${data.slice(0, half)}`)}${line(`report 2/2 ${data.slice(half)}`)}`;
  return `Entered start.sh\n${cells}${pieces}${line(`end ${digestOf(data).slice("sha256:".length)}`)}`;
}

/** A cell that was executed. */
export const ran = (number: number, more: Partial<JobReport["cells"][number]> = {}) => ({
  ...{ number, at: number - 1, late: false, outputs: [] },
  ...more,
});

/** Looks at a Job until it is gone once it is deleted, and then until what it owned is gone too. */
const COLLECTED = { job: 2, objects: 4 };

const VOLUMES_MISSING: NonNullable<V1Pod["status"]> = {
  phase: "Pending",
  containerStatuses: [containerStatus({ waiting: { reason: "ContainerCreating" } })],
};

interface PlayedJob {
  readonly job: V1Job;
  /** Looks at its pod. */
  looks: number;
}

/** A ConfigMap or a NetworkPolicy. */
interface PlayedObject {
  /** The name of the Job. */
  readonly job: string;
  /** The UID of the Job. */
  readonly owner: string;
}

type Owned = Pick<V1ConfigMap, "metadata">;

/**
 * The Kubernetes API of a hub, as far as proofs ask it. Its Jobs go as the test plays them; what a deleted one owned
 * stays for a while.
 */
export class PlayedCluster implements ProofCluster {
  /** What was changed, in order. */
  readonly steps: string[] = [];
  readonly jobs = new Map<string, PlayedJob>();
  /** By kind and name. */
  readonly objects = new Map<string, PlayedObject>();
  noted: string[] = [];
  readonly #play: (key: string) => PlayedPod;
  /** Deleted Jobs, with the looks since. */
  readonly #leaving = new Map<string, { readonly job: V1Job; looks: number }>();
  #made = 0;

  /** @param play by the proof's key */
  constructor(play: (key: string) => PlayedPod) {
    this.#play = play;
  }

  async job(name: string): Promise<V1Job | undefined> {
    this.#collect();
    const there = this.jobs.get(name);
    if (!there) return this.#left(name);
    const { condition } = this.#playOf(there.job);
    const conditions = condition && !there.job.spec?.suspend ? [{ status: "True", ...condition }] : [];
    return { ...there.job, status: { conditions } };
  }

  async proofs(): Promise<readonly V1Job[]> {
    return [...this.jobs.values()].map(({ job }) => job);
  }

  async createJob(job: V1Job): Promise<void> {
    const name = job.metadata?.name ?? "";
    this.steps.push(`create ${job.spec?.suspend ? "suspended " : ""}Job`);
    if (this.jobs.has(name) || this.#left(name)) return;
    const uid = `${name} ${++this.#made}`;
    this.jobs.set(name, { job: { ...job, metadata: { ...job.metadata, uid } }, looks: 0 });
  }

  async createConfigMap(map: Owned): Promise<void> {
    this.#own("ConfigMap", map);
  }

  async createNetworkPolicy(policy: Owned): Promise<void> {
    this.#own("NetworkPolicy", policy);
  }

  async owners(job: string): Promise<readonly string[]> {
    this.#collect();
    return [...this.objects.values()].filter((one) => one.job === job).map(({ owner }) => owner);
  }

  async resumeJob(name: string): Promise<void> {
    this.steps.push("resume Job");
    const there = this.jobs.get(name);
    if (there?.job.spec) {
      const job = { ...there.job, spec: { ...there.job.spec, suspend: false } };
      this.jobs.set(name, { ...there, job });
    }
  }

  async deleteJob({ name, uid }: Owner): Promise<void> {
    const there = this.jobs.get(name);
    if (there?.job.metadata?.uid !== uid || !this.jobs.delete(name)) return;
    this.steps.push("delete Job");
    const metadata = { ...there.job.metadata, deletionTimestamp: new Date(0) };
    this.#leaving.set(uid, { job: { ...there.job, metadata }, looks: 0 });
  }

  async pods(uid: string): Promise<readonly V1Pod[]> {
    const there = this.#withUid(uid);
    if (!there || there.job.spec?.suspend) return [];
    const { states = [ENDED] } = this.#playOf(there.job);
    const status = this.#hasVolumes(there.job)
      ? states[Math.min(there.looks++, states.length - 1)]
      : VOLUMES_MISSING;
    return status ? [{ metadata: { name: `${uid}-x` }, status }] : [];
  }

  async log(pod: string): Promise<string | undefined> {
    const there = this.#withUid(pod.replace(/-x$/, ""));
    return there && this.#playOf(there.job).log;
  }

  async notes(): Promise<readonly string[]> {
    return this.noted;
  }

  #playOf({ metadata }: V1Job): PlayedPod {
    return this.#play(metadata?.annotations?.["lectern.dev/proof-key"] ?? "");
  }

  #withUid = (uid: string) => [...this.jobs.values()].find(({ job }) => job.metadata?.uid === uid);

  #left = (name: string) =>
    [...this.#leaving.values()].find(({ job, looks }) => job.metadata?.name === name && looks < COLLECTED.job)
      ?.job;

  /** A name that is taken stays with its owner. */
  #own(kind: string, { metadata }: Owned): void {
    const [owner] = metadata?.ownerReferences ?? [];
    this.steps.push(`create ${kind} of ${owner?.kind}`);
    const id = `${kind} ${metadata?.name}`;
    if (!this.objects.has(id)) this.objects.set(id, { job: owner?.name ?? "", owner: owner?.uid ?? "" });
  }

  #hasVolumes({ spec }: V1Job): boolean {
    const sources = spec?.template.spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
    return sources.every(({ configMap }) => this.objects.has(`ConfigMap ${configMap?.name}`));
  }

  #collect(): void {
    for (const [uid, left] of this.#leaving) {
      if (++left.looks < COLLECTED.objects) continue;
      this.#leaving.delete(uid);
      for (const [id, { owner }] of this.objects) if (owner === uid) this.objects.delete(id);
    }
  }
}
