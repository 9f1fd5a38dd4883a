import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "../../../components/provider/shim.ts";

/** What a catalog of articles registers, with nothing in it: a component and two resources each. */
class Empty extends CustomResource {
  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("Empty", name, inputs, options);
  }
}

class Pair extends pulumi.ComponentResource {
  constructor(name: string) {
    super("empty:index:Pair", name);
    const first = new Empty(`${name}-a`, {}, { parent: this });
    new Empty(`${name}-b`, { after: first.id }, { parent: this });
  }
}

export default async function main(): Promise<Record<string, unknown>> {
  const count = new pulumi.Config().requireNumber("count");
  for (let index = 0; index < count; index += 1) new Pair(`pair-${index}`);
  return {};
}
