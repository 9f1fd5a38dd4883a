import { UNKNOWN, type Unknown } from "../../../resource/contract.ts";
import { isAdopted } from "../../registration.ts";
import type { RestartInputs, RestartState } from "./restart-contract.ts";

type Known = Pick<RestartState, "applied" | "again"> | undefined;

/** What a plan knows of a gateway's inputs. */
interface Wanted {
  readonly registrations: RestartInputs["registrations"] | Unknown;
  readonly restart: RestartInputs["restart"] | Unknown;
}

/**
 * Whether a gateway has to restart: a kernel was created since the last restart or a person asks for one, and
 * there is a way to restart. A registration that is not known before `up` belongs to a kernel that will be
 * created. Kernels that were updated keep their registration, and those that were removed need no restart.
 * @param state undefined for a gateway that is new to the stack
 */
export function needsRestart(state: Known, wanted: Wanted): boolean {
  if (wanted.restart !== UNKNOWN && wanted.restart.mode === "none") return false;
  return hasNewKernels(state, wanted.registrations) || newWord(state, wanted.restart) !== undefined;
}

/** Whether there are registrations that the gateway was not restarted for yet. */
export function hasNewKernels(state: Known, registrations: Wanted["registrations"]): boolean {
  return registrations === UNKNOWN || newKernels(state, registrations).length > 0;
}

/** The registrations that the gateway was not restarted for yet, without those of kernels that it knew before. */
export function newKernels(state: Known, registrations: RestartInputs["registrations"]): string[] {
  const applied = new Set(state?.applied);
  return registrations.filter((id) => !applied.has(id) && !isAdopted(id));
}

/**
 * The word of `restart.again` that a person asks for another restart with; undefined where there is none, or
 * where the gateway was restarted for it. A gateway that is new to the stack has nothing to do again.
 */
export function newWord(state: Known, restart: Wanted["restart"]): string | undefined {
  if (state === undefined || restart === UNKNOWN || restart.mode === "none") return undefined;
  return restart.again === state.again ? undefined : restart.again;
}

/**
 * What to do with a gateway that has to restart while kernels may run on it.
 * @param running how many; undefined where the gateway does not list them
 */
export function decideBusy(
  policy: RestartInputs["whenBusy"],
  running: number | undefined,
): "restart" | "wait" | "refuse" {
  if (running === 0 || policy === "restart") return "restart";
  // Without a count, waiting would have no end.
  return running === undefined ? "refuse" : policy;
}
