import { z } from "zod";
import type { Contract, Inputs, State } from "../../resource/contract.ts";
import { restartMode, whenBusy } from "../config.ts";
import { gatewayPlace } from "../spec/kernelspec-contract.ts";

/** The restarts of a gateway; see restart-provider.ts for what each operation does. */
export const restartContract = {
  kind: "GatewayRestart",
  inputs: z.object({
    gateway: z.string().min(1),
    url: gatewayPlace.shape.url,
    hosts: gatewayPlace.shape.hosts,
    /** The IDs of all kernels of the gateway: `kernel/<name>/<uuid>`. */
    registrations: z.array(z.string().regex(/^kernel\/[^/]+\/[^/]+$/)),
    restart: restartMode,
    whenBusy: whenBusy.default("restart"),
    /** Seconds. */
    waitLimit: z.number().positive().default(1800),
    /** Seconds. */
    healthLimit: z.number().positive().default(120),
    /** The display names that the stack's courses name; kernels among them can't be removed. */
    named: z.array(z.string()).optional(),
  }),
  state: z.object({
    /** The registrations that the gateway was restarted for, sorted. */
    applied: z.array(z.string()).default([]),
    /** Whether it answered afterwards, with all its kernels. */
    healthy: z.boolean().default(true),
    /** How many restarts this resource made. */
    restarts: z.number().default(0),
  }),
} satisfies Contract;

export type RestartInputs = Inputs<typeof restartContract>;
export type RestartState = State<typeof restartContract>;
