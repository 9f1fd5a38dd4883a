import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../resource/define-resource.ts";
import type { GatewayConfig } from "./config.ts";
import { restartInputsOf } from "./gateway/gateway-place.ts";
import { restartContract } from "./gateway/restart/restart-contract.ts";

const GatewayRestart = defineResource(restartContract, ["restarts"]);

/** What a gateway's restart depends on. */
export interface GatewayArgs {
  /** Where it is and how it restarts; a slice of the stack's configuration. */
  readonly config: GatewayConfig;
  /** The IDs of all of its kernels. One that it has not seen yet is what restarts it. */
  readonly registrations: readonly pulumi.Input<string>[];
  /** The display names that the stack's articles name: kernels among them can't be removed. */
  readonly named?: readonly string[];
  /** Why it may not restart now; what waits for a restart then waits for a later deployment. */
  readonly held?: string | undefined;
}

/**
 * A Jupyter Enterprise Gateway. It restarts once in a deployment that creates kernels, after all of them, on one of its
 * hosts after the other, and never for an update, a removal, a refresh, or a creation that failed. `restart.again` in
 * its configuration is how a person asks for another.
 * @example
 * new Gateway("main", { config, registrations: kernels.map((kernel) => kernel.registration) });
 */
export class Gateway extends pulumi.ComponentResource {
  /** How many restarts there were because of new kernels. */
  readonly restarts: pulumi.Output<number>;

  constructor(name: string, args: GatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:kernel:Gateway", name, {}, options);
    const inputs = {
      ...restartInputsOf(name, args.config),
      owner: `${pulumi.getProject()}/${pulumi.getStack()}`,
    };
    const registrations = pulumi.all(args.registrations.map((id) => pulumi.output(id)));
    const named = args.named === undefined ? undefined : [...args.named];
    const made = new GatewayRestart(
      name,
      { ...inputs, registrations, named, ...(args.held === undefined ? {} : { held: args.held }) },
      { parent: this },
    );
    this.restarts = made.restarts;
    this.registerOutputs({ restarts: this.restarts });
  }
}
