import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../../../components/resource/define-resource.ts";
import { emptyContract } from "./components/registry.ts";

const Empty = defineResource(emptyContract, []);

/** What an article registers, with nothing in it: a component and two resources. */
class Pair extends pulumi.ComponentResource {
  constructor(name: string) {
    super("empty:index:Pair", name);
    const first = new Empty(`${name}-a`, {}, { parent: this });
    new Empty(`${name}-b`, { after: first.id }, { parent: this });
  }
}

export default async function main(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const make =
    config.require("kind") === "pair"
      ? (index: number) => new Pair(`pair-${index}`)
      : (index: number) => new Empty(`empty-${index}`, {}, {});
  for (let index = 0; index < config.requireNumber("count"); index += 1) make(index);
  return {};
}
