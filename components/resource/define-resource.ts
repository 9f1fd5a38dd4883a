import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Contract } from "./contract.ts";
import { shimText } from "./shim.ts";

type Arguments<C extends Contract> = {
  readonly [K in keyof z.input<C["inputs"]>]: pulumi.Input<z.input<C["inputs"]>[K]>;
};
type Outputs<C extends Contract> = {
  // Every key is there; what is optional is the value.
  readonly [K in keyof z.output<C["state"]>]-?: pulumi.Output<z.output<C["state"]>[K]>;
};

/** The class of a kind of custom resource: its arguments and outputs are typed by its contract. */
export type ResourceClass<C extends Contract> = new (
  name: string,
  inputs: Arguments<C>,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource & Outputs<C>;

/**
 * The resource class of a contract. The SDK's own class for dynamic resources would serialise the
 * provider's closures into the state; this one gives the text that {@link shimText} makes.
 * @example
 * const ImageAlias = defineResource(aliasContract);
 * new ImageAlias("science", { repository, alias: "recommended", digest }, { parent });
 */
export function defineResource<C extends Contract>({ kind, state }: C): ResourceClass<C> {
  const outputs = Object.fromEntries(Object.keys(state.shape).map((key) => [key, undefined]));
  class Defined extends pulumi.CustomResource {
    constructor(name: string, inputs: Arguments<C>, options?: pulumi.CustomResourceOptions) {
      // The SDK makes an output of every key that is there, and catalogs are large.
      const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
      const properties = { ...outputs, ...given, __provider: shimText(kind) };
      super(`pulumi-nodejs:dynamic/lectern:${kind}`, name, properties, options);
    }
  }
  // The properties that the class has by its contract, the SDK makes of the keys given to it.
  return Defined as unknown as ResourceClass<C>;
}
