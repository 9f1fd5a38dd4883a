import { z } from "zod";
import { restartMode, whenBusy } from "../config.ts";
import { gatewayPlace } from "../spec/kernelspec-inputs.ts";

/** What a `GatewayRestart` custom resource is given. */
export const restartInputs = z.object({
  gateway: z.string().min(1),
  url: gatewayPlace.shape.url,
  hosts: gatewayPlace.shape.hosts,
  /** The ids of all kernels of the gateway: `kernel/<name>/<uuid>`. */
  registrations: z.array(z.string().regex(/^kernel\/[^/]+\/[^/]+$/)),
  restart: restartMode,
  whenBusy: whenBusy.default("restart"),
  /** Seconds. */
  waitLimit: z.number().positive().default(1800),
  /** Seconds. */
  healthLimit: z.number().positive().default(120),
  /** The display names that the stack's courses name; kernels among them can't be removed. */
  named: z.array(z.string()).optional(),
});

export type RestartInputs = z.output<typeof restartInputs>;

/** What a `GatewayRestart` says of itself. */
export interface RestartState {
  /** The registrations that the gateway was restarted for, sorted. */
  readonly applied: readonly string[];
  /** Whether it answered afterwards, with all its kernels. */
  readonly healthy: boolean;
  /** How many restarts this resource made. */
  readonly restarts: number;
}
