import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, type World } from "./fixtures/scenario.ts";
import { Crypter } from "./state/crypter.ts";

const CANARY = "canary-5f1c9d";
const CONFIGURED = "canary-of-the-configuration";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("keeps secrets out of state, events and results, and hands them on to whoever may have them", {
  timeout: 240_000,
}, async () => {
  const resources = [
    {
      name: "a",
      props: { value: 1 },
      secret: { key: CANARY },
      options: { additionalSecretOutputs: ["token"] },
    },
    { name: "b", from: { value: "a.token" }, options: { additionalSecretOutputs: ["label"] } },
  ];
  const options = {
    passphrase: "a passphrase",
    config: { "fixture:secretOutput": CONFIGURED },
    secretKeys: ["fixture:secretOutput"],
  };
  const first = await world.run("up", resources, options);
  expect(first).toMatchObject({ ok: true, outputs: { a: "a=1", b: "[secret]", secretOutput: "[secret]" } });
  const text = world.stateText();
  const said = JSON.stringify([first, world.events, text]);
  for (const secret of [CANARY, CONFIGURED, "token of a"]) expect(said).not.toContain(secret);

  const { resources: saved, secrets_providers: provider } = world.state().deployment;
  const crypter = await Crypter.open("a passphrase", "state", provider);
  const inputs = saved.find(({ urn }) => urn.endsWith("::a"))?.["inputs"] as { key: { ciphertext: string } };
  expect(crypter.decrypt(inputs.key.ciphertext)).toBe(JSON.stringify(CANARY));

  const again = await world.run("up", resources, options);
  expect(again.summary).toEqual({ same: 3 });
  expect(world.stateText(), "nothing was encrypted again").toBe(text);

  const reader = await world.run("up", [], {
    ...options,
    stack: "reader",
    config: { "fixture:references": JSON.stringify(["dev", "reader"]) },
  });
  expect(reader).toMatchObject({ ok: true, summary: { create: 1, read: 2 } });
  expect(reader.outputs["of reader"]).toEqual({});
  expect(JSON.stringify([reader, world.stateText("reader")])).not.toContain(CONFIGURED);

  await expect(world.run("up", resources, { ...options, passphrase: "another" })).rejects.toThrow(
    /encrypted with another passphrase/,
  );
});

it("makes a passphrase of its own where none is given, but not in a preview", {
  timeout: 240_000,
}, async () => {
  const resources = [{ name: "a", secret: { key: CANARY } }];
  await world.run("preview", resources);
  expect(await Array.fromAsync((await import("node:fs/promises")).glob(`${world.stateFolder}/*`))).toEqual(
    [],
  );
  await world.run("up", resources);
  const preview = await world.run("preview", resources);
  expect(preview.summary).toEqual({ same: 2 });
});
