import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it } from "vitest";
import { verifyCommands } from "./verify-commands-resource.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: args.name, state: { ...args.inputs, stdout: "" } };
    },
    call: () => ({}),
  });
});

const settled = (resources: readonly pulumi.CustomResource[]) =>
  Promise.all(resources.map(({ id }) => new Promise((resolve) => id.apply(resolve))));

it("registers each command under the hub's name, triggered by its change, with nothing logged", async () => {
  const hub = { url: "https://hub.example.org", token: "token-1", change: pulumi.output("sha256:1") };
  const commands = await verifyCommands("campus-staging", ["./smoke.sh", "true"], hub);
  await settled(commands);
  expect(registered.map(({ name, type }) => [name, type])).toEqual([
    ["campus-staging-verify-1", "command:local:Command"],
    ["campus-staging-verify-2", "command:local:Command"],
  ]);
  expect(registered[0]?.inputs).toMatchObject({
    create: "./smoke.sh",
    triggers: ["sha256:1"],
    logging: "none",
    addPreviousOutputInEnv: false,
  });
});

it("gives address and token as secrets", async () => {
  const [command] = await verifyCommands("campus-staging", ["true"], {
    url: "https://h",
    token: "t",
    change: "1",
  });
  if (!command) throw new Error("no command");
  await settled([command]);
  expect(await pulumi.isSecret(command.environment)).toBe(true);
});

it("registers nothing without commands", async () => {
  expect(await verifyCommands("campus-staging", [], { change: "1" })).toEqual([]);
  expect(registered).toEqual([]);
});
