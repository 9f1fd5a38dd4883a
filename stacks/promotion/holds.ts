import * as pulumi from "@pulumi/pulumi";
import type { HoldOutput } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "./gate.ts";

/** What a deployment holds, gathered while its resources are registered. */
export class Holds {
  readonly #outputs: Record<string, HoldOutput> = {};

  /**
   * Warns of a hold and notes it for the stack's outputs, unless it holds back nothing.
   * @param id its key in the outputs, such as `kernel/python-science`
   * @param statement the warning without its reason: `kernel python-science is held`
   * @returns whether the thing is registered: used, or kept exactly as it is
   */
  admits(id: string, gate: Gate<unknown>, statement = `${id} is held`): boolean {
    if (!isHeld(gate)) return true;
    if (gate.calm) return gate.deployed;
    pulumi.log.warn(`${statement}: ${gate.hold}`);
    const { hold: reason, deployed, failure } = gate;
    this.#outputs[id] = { reason, deployed, ...(failure && { failure }) };
    return gate.deployed;
  }

  /** By ID. */
  get outputs(): Readonly<Record<string, HoldOutput>> {
    return this.#outputs;
  }
}

/** How a resource that a gate admits is registered. A held one takes neither new content nor new settings. */
export function gatedOptions(
  gate: Gate<unknown>,
  protect: boolean,
): Pick<pulumi.ComponentResourceOptions, "protect" | "ignoreChanges"> {
  return { ...(protect ? { protect } : {}), ...(isHeld(gate) ? { ignoreChanges: ["*"] } : {}) };
}
