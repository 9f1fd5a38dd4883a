import { UNKNOWN, type Unknown } from "../../resource/contract.ts";
import type { RestartInputs, RestartState } from "./restart-contract.ts";

/**
 * Whether a gateway has to restart: a kernel was created since the last restart, and there is a way to
 * restart. A registration that is not known before `up` belongs to a kernel that will be created. Kernels
 * that were updated keep their registration, and those that were removed need no restart.
 * @param state undefined for a gateway that is new to the stack
 */
export function needsRestart(
  state: Pick<RestartState, "applied"> | undefined,
  wanted: {
    readonly registrations: RestartInputs["registrations"] | Unknown;
    readonly restart: RestartInputs["restart"] | Unknown;
  },
): boolean {
  if (wanted.restart !== UNKNOWN && wanted.restart.mode === "none") return false;
  return hasNewKernels(state, wanted.registrations);
}

/** Whether there are registrations that the gateway was not restarted for yet. */
export function hasNewKernels(
  state: Pick<RestartState, "applied"> | undefined,
  registrations: RestartInputs["registrations"] | Unknown,
): boolean {
  if (registrations === UNKNOWN) return true;
  const applied = new Set(state?.applied);
  return registrations.some((id) => !applied.has(id));
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
