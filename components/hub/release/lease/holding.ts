import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { replying } from "../../../resource/context/process-context.ts";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import type { KubernetesObject } from "../api/kubernetes-object.ts";
import { type ReleaseName, releaseHistory } from "../record/release-history.ts";
import { isStuck } from "../record/release-record.ts";
import { holderOf } from "./holder.ts";
import {
  freedLease,
  type LeaseFacts,
  leaseFacts,
  leaseReference,
  takenLease,
  withBegun,
} from "./lease-object.ts";
import { type HeldLease, QUIET, renewing } from "./renewal.ts";

/** A release that this process deploys. */
export interface Holding {
  /** What an earlier run began and did not see through. */
  readonly begun: LeaseFacts["begun"];
  /** Notes that the installation which follows is the first one. */
  noteFirstInstall(): Promise<void>;
  /** Frees the Lease: the release is deployed, and the engine knows it. */
  settle(): Promise<void>;
}

/** Milliseconds between looks at a Lease that another process holds. */
const LOOK = 1_000;

/** What a Lease is about, and how to reach it. */
export interface Held extends Omit<HeldLease, "holder"> {
  readonly cluster: string;
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

/**
 * Takes the Lease of a release that Helm is to uninstall, and renews it until {@link endRemoval} or the end of the
 * process. It notes nothing to see through: an uninstallation that was killed shows in Helm's own record.
 * @throws {LecternError} where another process holds it, and renews it
 */
export async function holdForRemoval(held: Held, context: ProviderContext): Promise<void> {
  await context.once(removalKey(held), async () => {
    // Its namespace may be gone, too.
    if ((await held.api.get(leaseReference(held))) === undefined) return NOT_RENEWED;
    return takeAndRenew(held, context, "removal");
  });
}

/** Deletes the Lease of a release that is uninstalled. */
export async function endRemoval(held: Held, context: ProviderContext): Promise<void> {
  const { stop } = await context.once(removalKey(held), async () => NOT_RENEWED);
  stop();
  await held.api.remove(leaseReference(held));
}

const removalKey = ({ cluster, namespace, release }: Held) =>
  JSON.stringify(["release-removal", cluster, namespace, release]);

const NOT_RENEWED: { stop(): void } = { stop: () => {} };

/** What an earlier run began of a release and did not see through, as its Lease has it. */
export async function begunOf(api: KubernetesApi, name: ReleaseName): Promise<LeaseFacts["begun"]> {
  const lease = await api.get(leaseReference(name));
  return lease && leaseFacts(lease).begun;
}

/** Whether Helm's newest record of a release says that it is at work, or was killed. */
export async function isUnderWay(api: KubernetesApi, name: ReleaseName): Promise<boolean> {
  const [newest] = await releaseHistory(api, name);
  return newest !== undefined && isStuck(newest.status);
}

async function take(held: Held, context: ProviderContext): Promise<Holding> {
  const { before, stop, write } = await takeAndRenew(held, context, "change");
  return {
    begun: before?.begun,
    noteFirstInstall: () => write((lease) => withBegun(lease, "install")),
    settle: async () => {
      stop();
      await write((lease) => freedLease(withBegun(lease, undefined)));
    },
  };
}

/** What a Lease is taken for. What a change began is noted in it. */
type Purpose = "change" | "removal";

async function takeAndRenew(held: Held, context: ProviderContext, purpose: Purpose) {
  const { api } = held;
  const holder = holderOf(context.runId);
  const before = await acquire(held, holder, context, purpose);
  const stop = renewing({ ...held, holder }, context, () =>
    context.report({ severity: "warning", resource: idOf(held), message: LOST }),
  );
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
    if (!(await isUnderWay(api, held))) await write(freedLease);
  };
  // The engine interrupts its plugins at the end of a run; this one goes on until the Lease is free.
  context.signal.addEventListener("abort", () => void replying(free).catch(() => {}), { once: true });
  return { before, stop, write };
}

/** @returns what the Lease said before; undefined where there was none */
async function acquire(
  held: Held,
  holder: string,
  { clock, signal }: ProviderContext,
  purpose: Purpose,
): Promise<LeaseFacts | undefined> {
  const { api } = held;
  for (;;) {
    const lease = await api.get(leaseReference(held));
    const facts = lease && leaseFacts(lease);
    if (facts?.holder !== undefined && facts.holder !== holder) {
      await untilFree(held, facts, { clock, signal });
    }
    // Read again before it is taken, unless it is free: it was not renewed, so its version is the same.
    const begun = facts?.begun ?? (purpose === "change" ? "upgrade" : undefined);
    const taken = withBegun(takenLease(held, lease, holder, clock.now()), begun);
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
    remedy: `Run again when that has ended. A run that was killed holds the release for up to ${(milliseconds + QUIET) / 1000} seconds more, or for as long as its plugins go on with what Helm was doing`,
  });
}
