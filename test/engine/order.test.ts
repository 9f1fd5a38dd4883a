import { expect, it } from "vitest";
import { dependenciesOf, outOfOrder } from "./order.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::p::${type}::${name}`;
const image = { urn: urn("t:i:Image", "lab") };
const kernel = { urn: urn("c:i:Group$t:i:Kernel", "sums"), dependencies: [image.urn] };
const restart = { urn: urn("t:i:Restart", "all"), propertyDependencies: { kernels: [kernel.urn] } };
const state = [image, kernel, restart];

const steps = (op: string, ...resources: { urn: string }[]) => resources.map((one) => ({ op, urn: one.urn }));

it("a resource is created after what it depends on, and deleted before", () => {
  expect(outOfOrder(steps("create", image, kernel, restart), [], state)).toEqual([]);
  expect(outOfOrder(steps("delete", restart, kernel, image), state, [])).toEqual([]);
});

it("steps in another order are named with what they depend on", () => {
  expect(outOfOrder(steps("update", kernel, image), state, state)).toEqual(["Kernel sums on Image lab"]);
  expect(outOfOrder(steps("delete", kernel, restart), state, [])).toEqual(["Restart all on Kernel sums"]);
});

it("the dependencies of a state are those of the resources and of their properties", () => {
  expect(dependenciesOf(state)).toEqual({
    "Image lab": [],
    "Kernel sums": ["Image lab"],
    "Restart all": ["Kernel sums"],
  });
});
