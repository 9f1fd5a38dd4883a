import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context.ts";
import { replying } from "../../../resource/process-context.ts";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import type { KubernetesObject } from "../api/kubernetes-object.ts";
import { type ReleaseName, releaseHistory } from "../record/release-history.ts";
import { PENDING } from "../record/release-record.ts";
import { hasEngine } from "./engine-life.ts";
import { holderOf } from "./holder.ts";
import {
  freedLease,
  type LeaseFacts,
  leaseFacts,
  leaseReference,
  renewedLease,
  takenLease,
  withBegun,
} from "./lease-object.ts";

/** A release that this process deploys. */
export interface Holding {
  /** What an earlier run began and did not see through. */
  readonly begun: LeaseFacts["begun"];
  /** Notes that the installation which follows is the first one. */
  noteFirstInstall(): Promise<void>;
  /** Frees the Lease: the release is deployed, and the engine knows it. */
  settle(): Promise<void>;
}

/** Milliseconds between renewals: a Lease survives two that fail. */
const RENEWAL = 10_000;
/** Milliseconds between looks at a Lease that another process holds. */
const LOOK = 1_000;
/** Milliseconds for which plugins may go on after their engine was killed; they look every five minutes. */
const ORPHANED = 330_000;

/** What a Lease is about, and how to reach it. */
export interface Held extends ReleaseName {
  readonly cluster: string;
  readonly api: KubernetesApi;
}

/**
 * Takes the Lease of a release, and renews it for as long as this process works for its engine. A process has it
 * once, whichever resource asks.
 * @throws {LecternError} where another process holds it, and renews it
 */
export function hold(held: Held, context: ProviderContext): Promise<Holding> {
  const key = JSON.stringify(["release-lease", held.cluster, held.namespace, held.release]);
  return context.once(key, () => take(held, context));
}

async function take(held: Held, context: ProviderContext): Promise<Holding> {
  const { api } = held;
  const holder = holderOf(context.runId);
  const before = await acquire(held, holder, context);
  const stop = renewing(held, holder, context);
  const write = async (change: (lease: KubernetesObject) => KubernetesObject) => {
    // A renewal may come between.
    for (let tries = 0; tries < 5; tries++) {
      const lease = await api.get(leaseReference(held));
      if (lease === undefined || leaseFacts(lease).holder !== holder) return;
      if (await api.replace(change(lease))) return;
    }
  };
  const free = async () => {
    stop();
    if (!(await isPending(held))) await write(freedLease);
  };
  // The engine interrupts its plugins at the end of a run; this one goes on until the Lease is free.
  context.signal.addEventListener("abort", () => void replying(free).catch(() => {}), { once: true });
  return {
    begun: before?.begun,
    noteFirstInstall: () => write((lease) => withBegun(lease, "install")),
    settle: async () => {
      stop();
      await write((lease) => freedLease(withBegun(lease, undefined)));
    },
  };
}

/** @returns what the Lease said before; undefined where there was none */
async function acquire(
  held: Held,
  holder: string,
  { clock, signal }: ProviderContext,
): Promise<LeaseFacts | undefined> {
  const { api } = held;
  for (;;) {
    const lease = await api.get(leaseReference(held));
    const facts = lease && leaseFacts(lease);
    if (facts?.holder !== undefined && facts.holder !== holder) {
      await untilFree(held, facts, { clock, signal });
    }
    // Read again before it is taken, unless it is free: it was not renewed, so its version is the same.
    const taken = takenLease(held, lease, holder, clock.now());
    if (lease === undefined ? await api.create(taken) : await api.replace(taken)) return facts;
  }
}

/**
 * Waits until a Lease was not renewed for its whole time, by this process' own clock: clocks of other machines may
 * differ. Whoever takes it then writes the version that was read first, so that a renewal in between wins.
 */
async function untilFree(
  held: Held,
  seen: LeaseFacts,
  { clock, signal }: Pick<ProviderContext, "clock" | "signal">,
): Promise<void> {
  const until = clock.now() + seen.milliseconds;
  while (clock.now() < until) {
    await clock.sleep(LOOK, signal);
    const lease = await held.api.get(leaseReference(held));
    const facts = lease && leaseFacts(lease);
    if (facts?.holder === undefined) return;
    if (facts.renewal !== seen.renewal) throw heldBy(held, facts);
  }
}

/** Renews a Lease in the background. @returns how to end that */
function renewing(held: Held, holder: string, context: ProviderContext): () => void {
  let orphaned: number | undefined;
  const renew = async () => {
    if (await hasEngine()) orphaned = undefined;
    else orphaned ??= context.clock.now();
    if (orphaned !== undefined && !(await mayGoOn(held, context.clock.now() - orphaned))) return stop();
    const lease = await held.api.get(leaseReference(held));
    if (lease === undefined || leaseFacts(lease).holder !== holder) {
      stop();
      return context.report({ severity: "warning", resource: idOf(held), message: LOST });
    }
    await held.api.replace(renewedLease(lease, context.clock.now()));
  };
  // A renewal that fails is tried again at the next one's time.
  const timer = setInterval(() => void renew().catch(() => {}), RENEWAL);
  // The run, and not the Lease, says how long the process lives.
  timer.unref();
  const stop = () => clearInterval(timer);
  return stop;
}

/** Whether a release that was begun for an engine that was killed is still under way, in a plugin of its own. */
async function mayGoOn(held: Held, milliseconds: number): Promise<boolean> {
  return milliseconds <= ORPHANED && isPending(held);
}

async function isPending(held: Held): Promise<boolean> {
  const [newest] = await releaseHistory(held.api, held);
  return newest !== undefined && PENDING.test(newest.status);
}

const LOST =
  "another run took the Lease of this release over while this one worked on it. Don't deploy one hub from two places at a time";

export const idOf = ({ cluster, namespace, release }: { cluster: string } & ReleaseName) =>
  `${cluster}/${namespace}/${release}`;

function heldBy(held: Held, { holder, since, milliseconds }: LeaseFacts): LecternError {
  const begun = since === undefined ? "" : `, since ${since}`;
  return new LecternError({
    code: "release-held",
    severity: "error",
    message: `${idOf(held)} is being deployed by ${holder}${begun}`,
    remedy: `Run again when that has ended. A run that was killed stops holding the release ${milliseconds / 1000} seconds later, or when what it left behind has ended`,
  });
}
