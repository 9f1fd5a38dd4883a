import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Contract } from "./contract.ts";
import { shimText } from "./shim.ts";

type Arguments<C extends Contract> = {
  readonly [K in keyof z.input<C["inputs"]>]: pulumi.Input<z.input<C["inputs"]>[K]>;
};
type StateKey<C extends Contract> = keyof z.output<C["state"]> & string;
type Outputs<C extends Contract, K extends StateKey<C>> = {
  // Every key is there; what is optional is the value.
  readonly [Key in K]-?: pulumi.Output<z.output<C["state"]>[Key]>;
};

/** The class of a kind of custom resource: its arguments and outputs are typed by its contract. */
export type ResourceClass<C extends Contract, K extends StateKey<C>> = new (
  name: string,
  inputs: Arguments<C>,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource & Outputs<C, K>;

/**
 * The resource class of a contract. The SDK's own class for dynamic resources would serialise the
 * provider's closures into the state; this one gives the text that {@link shimText} makes.
 * @param outputs the keys of the state that the program reads. The SDK makes an output, some promises each, of
 *   every key, and catalogs are large
 * @example
 * const ImageAlias = defineResource(aliasContract, ["digest"]);
 * new ImageAlias("science", { repository, alias: "recommended", digest }, { parent });
 */
export function defineResource<C extends Contract, const K extends StateKey<C>>(
  { kind }: C,
  outputs: readonly K[],
): ResourceClass<C, K> {
  const absent = Object.fromEntries(outputs.map((key) => [key, undefined]));
  class Defined extends pulumi.CustomResource {
    constructor(name: string, inputs: Arguments<C>, options?: pulumi.CustomResourceOptions) {
      const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
      const properties = { ...absent, ...given, __provider: shimText(kind) };
      super(`pulumi-nodejs:dynamic/lectern:${kind}`, name, properties, options);
    }
  }
  // The properties that the class has by its contract, the SDK makes of the keys given to it.
  return Defined as unknown as ResourceClass<C, K>;
}
