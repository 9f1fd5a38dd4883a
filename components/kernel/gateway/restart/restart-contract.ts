import { z } from "zod";
import type { Contract, Inputs, State } from "../../../resource/contract.ts";
import { gatewayPlace } from "../../spec/kernelspec-contract.ts";
import { restartMode, whenBusy } from "./restart-config.ts";

/** The restarts of a gateway; see restart-provider.ts for what each operation does. */
export const restartContract = {
  kind: "GatewayRestart",
  inputs: z.object({
    gateway: z.string().min(1),
    url: gatewayPlace.shape.url,
    /** Those that hold its kernelspecs. */
    hosts: gatewayPlace.shape.hosts,
    specsFolder: gatewayPlace.shape.specsFolder,
    /** Those that run it, each with the address of its own gateway where there are several. Default: `hosts` */
    gatewayHosts: z
      .array(z.object({ address: gatewayPlace.shape.hosts.element, url: gatewayPlace.shape.url }))
      .optional(),
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
    /** Who asks, as marks on the hosts name it: the project and the stack. */
    owner: z.string().min(1).default("lectern"),
    /** Why it may not restart now, as the end of a sentence. */
    held: z.string().optional(),
  }),
  state: z.object({
    /** The registrations that the gateway was restarted for, or whose kernels it knew before, sorted. */
    applied: z.array(z.string()).default([]),
    /** Whether it answered afterwards, with all its kernels. */
    healthy: z.boolean().default(true),
    /** How many restarts this resource made. */
    restarts: z.number().default(0),
    /** The last word of `restart.again` that it was restarted for. */
    again: z.string().optional(),
  }),
} satisfies Contract;

export type RestartInputs = Inputs<typeof restartContract>;
export type RestartState = State<typeof restartContract>;
