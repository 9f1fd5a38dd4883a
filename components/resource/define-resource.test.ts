import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { defineResource } from "./define-resource.ts";

const Lamp = defineResource(
  {
    kind: "Lamp",
    inputs: z.object({ room: z.string(), watts: z.number().default(40) }),
    state: z.object({ lit: z.boolean(), applied: z.object({ watts: z.number() }).optional() }),
  },
  ["lit"],
);

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: "lamp/1", state: { ...args.inputs, lit: true } };
    },
    call: ({ inputs }) => inputs,
  });
});

it("registers a dynamic resource of the kind, with the text that finds its provider and no more", async () => {
  const lamp = new Lamp("hall", { room: pulumi.output("hall") });
  await new Promise((resolve) => lamp.urn.apply(resolve));
  expect(registered).toMatchObject([
    {
      type: "pulumi-nodejs:dynamic/lectern:Lamp",
      name: "hall",
      inputs: { room: "hall", __provider: expect.stringContaining('.shim("Lamp")') },
    },
  ]);
  expect(registered[0]?.inputs["__provider"].length).toBeLessThan(300);
  expect(await new Promise((resolve) => lamp.lit.apply(resolve))).toBe(true);
});

it("types arguments and outputs by the contract", () => {
  type Arguments = ConstructorParameters<typeof Lamp>[1];
  expectTypeOf<Arguments["room"]>().toEqualTypeOf<pulumi.Input<string>>();
  expectTypeOf<Parameters<typeof make>[0]>().toEqualTypeOf<InstanceType<typeof Lamp>>();
  // @ts-expect-error a missing argument
  const missing = () => new Lamp("hall", {});
  // @ts-expect-error a key of the state that is no output
  const unread = (lamp: InstanceType<typeof Lamp>) => lamp.applied;
  // @ts-expect-error an argument of another type
  const wrong = () => new Lamp("hall", { room: 1 });
  expect([missing, unread, wrong]).toHaveLength(3);
});

/** Outputs have their types: a mistake here is an error of the compiler. */
function make(lamp: InstanceType<typeof Lamp>): pulumi.Output<boolean> {
  return lamp.lit;
}
