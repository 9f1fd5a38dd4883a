import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, urn, type World } from "../../sandbox/engine/fixtures/scenario.ts";

/** The fields of a resource in a deployment of version 3, and their types; all but three may be left out. */
const RESOURCE_FIELDS: Readonly<Record<string, string>> = {
  urn: "string",
  custom: "boolean",
  delete: "boolean",
  id: "string",
  type: "string",
  inputs: "object",
  outputs: "object",
  parent: "string",
  protect: "boolean",
  external: "boolean",
  dependencies: "array",
  initErrors: "array",
  provider: "string",
  propertyDependencies: "object",
  pendingReplacement: "boolean",
  additionalSecretOutputs: "array",
  aliases: "array",
  retainOnDelete: "boolean",
  created: "string",
  modified: "string",
  ignoreChanges: "array",
  replaceOnChanges: "array",
};
const SIGNATURE = "4dabf18193072939515e22adb298388d";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("writes a deployment of version 3 as Pulumi has it", { timeout: 240_000 }, async () => {
  const resources = [
    { name: "g", component: true },
    { name: "a", parent: "g", secret: { key: "canary" }, options: { protect: true, ignoreChanges: ["x"] } },
    { name: "b", from: { value: "a.label" }, dependsOn: ["g"], options: { retainOnDelete: true } },
    { name: "bad", props: { partial: ["create"] }, from: { value: "b.label" } },
  ];
  const references = { "fixture:references": JSON.stringify(["dev"]) };
  await world.run("up", resources, { config: references, continueOnError: true });
  const { version, deployment } = world.state();
  expect(version).toBe(3);
  const magic = createHash("sha256").update(String(deployment.manifest["version"])).digest("hex");
  expect(deployment.manifest).toEqual({ time: expect.any(String), magic, version: "v3.270.0" });
  expect(deployment.secrets_providers).toMatchObject({
    type: "passphrase",
    state: { salt: expect.stringMatching(/^v1:[^:]+:v1:[^:]+:[^:]+$/) },
  });
  for (const resource of deployment.resources) {
    expect(Object.keys(RESOURCE_FIELDS)).toEqual(expect.arrayContaining(Object.keys(resource)));
    for (const [field, value] of Object.entries(resource)) {
      expect(Array.isArray(value) ? "array" : typeof value, field).toBe(RESOURCE_FIELDS[field]);
    }
  }
  const find = (wanted: string) => deployment.resources.find((resource) => resource.urn === wanted);
  const a = find(urn("a").replace("pulumi-nodejs", "fixture:index:Group$pulumi-nodejs"));
  const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: expect.any(String) };
  expect(a?.["inputs"]).toMatchObject({ key: secret });
  expect(find(urn("bad"))).toMatchObject({ initErrors: ["half of it is missing"], id: "bad-0" });
});

it("puts every resource after what it refers to, whatever a run dealt with", {
  timeout: 240_000,
}, async () => {
  const resources = (value: number) => [
    { name: "g", component: true },
    { name: "h", component: true, parent: "g" },
    { name: "a", parent: "h", props: { value } },
    { name: "b", from: { value: "a.label" }, dependsOn: ["g"] },
    { name: "c", from: { value: "b.label" }, props: { fail: value > 2 ? ["update"] : [] } },
  ];
  await world.run("up", resources(1));
  expectOrder();
  // What is no target stays, and still comes before the target that needs it.
  const a = urn("a").replace("pulumi-nodejs", "fixture:index:Group$fixture:index:Group$pulumi-nodejs");
  expect((await world.run("up", resources(2), { targets: [a] })).summary).toMatchObject({ update: 1 });
  expectOrder();
  await world.run("up", resources(3), { continueOnError: true });
  expectOrder();
});

function expectOrder(): void {
  const { resources } = world.state().deployment;
  const seen = new Set<string>();
  const references = new Set<string>();
  for (const resource of resources) {
    const {
      parent,
      provider,
      dependencies = [],
    } = resource as {
      parent?: string;
      provider?: string;
      dependencies?: string[];
    };
    for (const needed of [...(parent ? [parent] : []), ...dependencies]) expect(seen).toContain(needed);
    if (provider) expect(references).toContain(provider);
    seen.add(resource.urn);
    references.add(`${resource.urn}::${resource["id"]}`);
  }
  expect(resources.map(({ type }) => type)).toContain("pulumi:providers:pulumi-nodejs");
}
