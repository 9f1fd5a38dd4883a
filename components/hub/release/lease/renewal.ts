import type { ProviderContext } from "../../../resource/context/context.ts";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { type ReleaseName, type Revision, releaseHistory } from "../record/release-history.ts";
import { isStuck } from "../record/release-record.ts";
import { hasEngine } from "./engine-life.ts";
import { leaseFacts, leaseReference, renewedLease } from "./lease-object.ts";

/** Milliseconds between renewals: a Lease survives two that fail. */
export const RENEWAL = 10_000;

/**
 * How many times its timeout Helm may work before it writes its record again: until a hook has ended, until it is
 * deleted, until the release's objects are ready, and until what is in the way of the next hook is gone.
 */
const WAITS = 4;

/** Milliseconds for which Helm may be at work without a record that says so: before its first one, or between an upgrade and its rollback. */
export const QUIET = 30_000;

/** A Lease that this process holds. */
export interface HeldLease extends ReleaseName {
  readonly api: KubernetesApi;
  readonly holder: string;
  /** Seconds for which Helm waits at each of its steps; undefined where Helm does nothing under the Lease. */
  readonly timeout?: number | undefined;
}

/**
 * How long a Lease is renewed after the engine is gone. The engine's plugins outlive it: Helm goes on in one of them
 * until its operation ends.
 */
export class Survival {
  readonly #limit: number;
  #isOrphaned = false;
  #record: string | undefined;
  /** When the record was found to have changed, and when it was last found to say that Helm is at work. */
  #changed = 0;
  #busy = 0;

  /** @param timeout seconds for which Helm waits at each of its steps */
  constructor(timeout: number) {
    this.#limit = Math.max(QUIET, 1000 * WAITS * timeout);
  }

  /** Whether the engine was found to be gone. Its address may be another process' by now. */
  get isOrphaned(): boolean {
    return this.#isOrphaned;
  }

  /**
   * Whether Helm may still be at work, once the engine is gone.
   * @param now milliseconds
   * @param newest the newest revision; undefined where there is none
   */
  goesOn(now: number, newest: Revision | undefined): boolean {
    const isFirst = !this.#isOrphaned;
    this.#isOrphaned = true;
    const isBusy = newest !== undefined && isStuck(newest.status);
    const record = newest && `${newest.revision} ${newest.secret.metadata.resourceVersion}`;
    if (isFirst || record !== this.#record) this.#changed = now;
    if (isFirst || isBusy) this.#busy = now;
    this.#record = record;
    return isBusy ? now - this.#changed < this.#limit : now - this.#busy < QUIET;
  }
}

/**
 * Renews a Lease in the background.
 * @param onLost called where another process has taken it over
 * @returns how to end that
 */
export function renewing(
  held: HeldLease,
  { clock }: Pick<ProviderContext, "clock">,
  onLost: () => void,
  isEngineThere: () => Promise<boolean> = hasEngine,
): () => void {
  const { api, holder, timeout = 0 } = held;
  const survival = new Survival(timeout);
  const renew = async () => {
    if (survival.isOrphaned || !(await isEngineThere())) {
      const [newest] = await releaseHistory(api, held);
      if (!survival.goesOn(clock.now(), newest)) return stop();
    }
    const lease = await api.get(leaseReference(held));
    if (lease === undefined || leaseFacts(lease).holder !== holder) {
      stop();
      return onLost();
    }
    await api.replace(renewedLease(lease, clock.now()));
  };
  // A renewal that fails is tried again at the next one's time.
  const timer = setInterval(() => void renew().catch(() => {}), RENEWAL);
  // The run, and not the Lease, says how long the process lives.
  timer.unref();
  const stop = () => clearInterval(timer);
  return stop;
}
