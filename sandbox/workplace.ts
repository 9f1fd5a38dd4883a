import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { projectFolder } from "../stacks/project-folder.ts";
import { lockState, stateFile } from "./engine/state/state-file.ts";
import type { Interrupt } from "./interrupt.ts";
import type { SandboxOptions } from "./options.ts";
import { type Lease, leaseServices } from "./services/host/lease.ts";
import type { User } from "./services/host/protocol.ts";
import { connect, type Services } from "./services.ts";

/** Where a command of the sandbox acts. */
export interface Workplace {
  /** The state folder, absolute. */
  readonly folder: string;
  readonly services: Services;
  /** The other commands that use the services too, and keep them running. */
  readonly others: readonly User[];
  readonly interrupt: Interrupt;
  readonly options: SandboxOptions;
  /** Lets other commands change the state, before this one ends. */
  unlock(): Promise<void>;
}

/** Each engine has a state of its own. */
export const statesOf = (folder: string, { engine }: SandboxOptions): string =>
  join(folder, engine === "pulumi" ? "pulumi" : "state");

/** The catalog, absolute. */
export const catalogOf = ({ catalog }: SandboxOptions): string =>
  catalog ? resolve(catalog) : join(projectFolder(), "catalog");

const CHANGES_STATE: Readonly<Record<SandboxOptions["command"], boolean>> = {
  try: true,
  up: true,
  refresh: true,
  destroy: true,
  preview: false,
  serve: false,
  reset: false,
};

/** Takes the lock first, then the services: a command that has to wait starts none. */
export async function withWorkplace<T>(
  options: SandboxOptions,
  interrupt: Interrupt,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const folder = resolve(options.state);
  await mkdir(folder, { recursive: true });
  const state = stateFile(statesOf(folder, options), options.stack);
  const unlock = CHANGES_STATE[options.command] ? await lockState(state) : async () => {};
  let lease: Lease | undefined;
  try {
    const services = await connect(folder, catalogOf(options), options, async (names) => {
      lease = await leaseServices(folder, names, `sandbox ${options.command}`, interrupt.signal);
      return lease.offers;
    });
    return await work({ folder, services, others: lease?.others ?? [], interrupt, options, unlock });
  } finally {
    await unlock();
    await lease?.release(interrupt.killSignal);
  }
}
