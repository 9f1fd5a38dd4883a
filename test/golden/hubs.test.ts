import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Registration, registrations, type Scenario } from "./registrations.ts";

const CATALOG = "test/golden/hubs";
const SECRET = "a-password-that-nobody-may-read";

const warn = vi.spyOn(pulumi.log, "warn");
beforeEach(() => {
  // A program keeps its references to stacks for as long as it runs.
  vi.resetModules();
  warn.mockReset();
  // No cluster of whoever runs the tests is asked who it is.
  vi.stubEnv("HOME", "/nowhere").stubEnv("KUBECONFIG", undefined);
});
afterEach(() => void vi.unstubAllEnvs());

type Stack = "staging" | "prod" | "sandbox";
type Hubs = Record<string, { parts: Record<string, string>; healthy?: boolean }>;

/** Runs a stack's program. @returns what it registered, and the outputs about hubs, as if they were healthy */
async function run(
  stack: Stack,
  outputs: NonNullable<Scenario["outputs"]> = {},
  config: Scenario["config"] = {},
) {
  const { program } = await (stack === "prod"
    ? import("../../stacks/prod.ts")
    : import("../../stacks/from-catalog.ts"));
  let given: Record<string, unknown> = {};
  const registered = await registrations({
    stack,
    config: {
      "lectern:catalog": CATALOG,
      "lectern:hubSecrets": JSON.stringify({ "east/staging": { password: SECRET } }),
      "lectern:hubTokens": JSON.stringify({ "east/prod": SECRET }),
      ...config,
    },
    secretKeys: ["lectern:hubSecrets", "lectern:hubTokens"],
    outputs,
    run: async () => {
      given = await program();
      return given;
    },
  });
  const { hubs = {}, support = {} } = (await resolved(given)) as { hubs?: Hubs; support?: Hubs };
  const healthy = (all: Hubs) =>
    Object.fromEntries(Object.entries(all).map(([id, one]) => [id, { ...one, healthy: true }]));
  return { registered, given, proofs: { hubs: healthy(hubs), support: healthy(support) } };
}

const resolved = (value: unknown) =>
  new Promise<unknown>((resolve) => pulumi.output(value as object).apply(resolve));

const named = (registered: readonly Registration[], type: string) =>
  registered.filter((one) => one.type.endsWith(type)).map(({ name }) => name);

const warnings = () => warn.mock.calls.map(([message]) => String(message));

describe("the hubs of two clusters", () => {
  // The first one loads the SDK of Kubernetes.
  it("are registered as their golden files say", async () => {
    const staging = await run("staging");
    expect(JSON.stringify(staging.registered)).toContain(SECRET);
    vi.resetModules();
    const prod = await run("prod", {
      staging: staging.proofs,
      prod: { hubs: { "west/pinned": {}, "west/old": {} } },
    });
    for (const [stack, { registered }] of Object.entries({ staging, prod })) {
      // What a compression gives is no matter of Lectern's.
      const text = JSON.stringify(registered, null, 2).replaceAll(/(packed\\":\\")[\w+/=]+/g, "$1…");
      await expect(`${text}\n`).toMatchFileSnapshot(`./hubs-${stack}.json`);
    }
  });

  it("belong to the stack of their environment, as their cluster's support belongs to staging", async () => {
    const { registered } = await run("staging");
    expect(named(registered, ":Hub")).toEqual(["east/lab-staging", "east/staging", "west/staging"]);
    expect(named(registered, ":Support")).toEqual(["east"]);
    vi.resetModules();
    const sandbox = await run("sandbox");
    expect(named(sandbox.registered, ":Hub")).toHaveLength(7);
  });

  it("are held in production where staging proves nothing, but for those without a gate", async () => {
    const { registered, given } = await run("prod", { staging: {}, prod: { hubs: { "east/prod": {} } } });
    expect(named(registered, ":Hub")).toEqual(["east/prod", "west/open"]);
    const release = registered.find(({ type, name }) => type.endsWith(":Release") && name === "east/prod");
    expect(release).toMatchObject({ ignoreChanges: ["*"], protect: true });
    const drift = registered.find(({ type, name }) => type.endsWith(":ReleaseDrift") && name === "east/prod");
    expect(drift).toMatchObject({ inputs: { held: true } });
    expect(drift?.ignoreChanges).not.toContain("held");
    expect(drift?.ignoreChanges).toEqual(expect.arrayContaining(["change", "accept"]));
    const health = registered.find(({ type, name }) => type.endsWith(":HubHealth") && name === "east/prod");
    expect(health).toMatchObject({ inputs: { held: true } });
    expect(health?.ignoreChanges).not.toContain("held");
    expect(health?.ignoreChanges).toEqual(expect.arrayContaining(["change", "deployment"]));
    expect(given["holds"]).toEqual({
      "hub/east/prod": { reason: "staging has not deployed the support of east yet", deployed: true },
      "hub/east/lab": { reason: "staging has not deployed the support of east yet", deployed: false },
      "hub/west/prod": { reason: "staging has not deployed the hub west/staging yet", deployed: false },
      "hub/west/pinned": { reason: "cluster.yaml says `hold: true`", deployed: false },
      "hub/west/old": {
        reason: "it has `retire: true`, and this stack has not deployed it",
        deployed: false,
      },
    });
  });

  it("are held one by one: what staging proves of one cluster says nothing of another", async () => {
    const { proofs } = await run("staging");
    const { "west/staging": west, ...others } = proofs.hubs;
    const broken = { ...proofs, hubs: { ...others, "west/staging": { ...west, healthy: false } } };
    vi.resetModules();
    const { registered } = await run("prod", { staging: broken, prod: {} });
    expect(named(registered, ":Hub")).toEqual(["east/lab", "east/prod", "west/open"]);
    expect(warnings()).toContain("the hub west/prod is held: the staging hub west/staging is not healthy");
  });

  const OLD = { parts: { chart: "1" }, healthy: true, chart: "hub 1.0.0", url: "", since: "2026-01-01" };

  it("are stopped unprotected where they are retired, whatever staging proves, and prove nothing then", async () => {
    const { registered, given } = await run("prod", { staging: {}, prod: { hubs: { "west/old": OLD } } });
    const own = registered.filter(({ name }) => name === "west/old");
    expect(own.map(({ type, protect }) => [type.split(":").at(-1), protect]).sort()).toEqual([
      ["Hub", undefined],
      ["HubRetirement", undefined],
      ["Namespace", undefined],
      ["Release", undefined],
      ["ReleaseLease", undefined],
    ]);
    expect(own.find(({ type }) => type.endsWith(":Release"))).toMatchObject({ ignoreChanges: ["*"] });
    expect(await resolved(given["hubs"])).toMatchObject({
      "west/old": { ...OLD, healthy: false, since: "", retired: true },
    });
    expect(warnings()).toContain(
      "the hub west/old is stopped; remove it from cluster.yaml to remove its release; its volumes stay",
    );
  });

  it("are not stopped where their cluster is not contacted, and don't count as stopped", async () => {
    const contact = { "lectern:clusters": JSON.stringify({ west: { contact: false } }) };
    const { registered, given } = await run(
      "prod",
      { staging: {}, prod: { hubs: { "west/old": OLD } } },
      contact,
    );
    expect(named(registered, ":HubRetirement")).toEqual([]);
    expect(await resolved(given["hubs"])).toMatchObject({ "west/old": { healthy: false } });
    expect(await resolved(given["hubs"])).not.toHaveProperty(["west/old", "retired"]);
    expect(warnings()).toContain(
      "the hub west/old is not stopped, as lectern:clusters.west.contact is false",
    );
  });

  it("are removed only where they were retired before, or that is confirmed", async () => {
    const gone = { "west/gone": OLD, "east/prod": OLD };
    const refused = run("prod", { staging: {}, prod: { hubs: gone } });
    await expect(refused).rejects.toThrow(
      'this deployment would remove 1 of 2 hubs, which are no longer in the catalog: hub/west/gone. Restore them, deploy each with `retire: true` first, or list those that may go below lectern:confirmRemovals: ["hub/west/gone"].',
    );
    vi.resetModules();
    const retired = { hubs: { ...gone, "west/gone": { ...OLD, retired: true } } };
    expect(named((await run("prod", { staging: {}, prod: retired })).registered, ":Hub")).toContain(
      "east/prod",
    );
    vi.resetModules();
    const confirmed = { "lectern:confirmRemovals": '["hub/west/gone"]' };
    expect(
      named((await run("prod", { staging: {}, prod: { hubs: gone } }, confirmed)).registered, ":Hub"),
    ).toContain("east/prod");
  });

  it("may lose one image of the catalog, which is named, and more only where that is confirmed", async () => {
    const image = (name: string) => ({ image: `ghcr.io/hubs/${name}:1@sha256:${"a".repeat(64)}` });
    await run("staging", { staging: { hubImages: { lab: image("lab") } } });
    expect(warnings()).toContain(
      `the image lab of hubs is no longer in the catalog: it is not built any more, and stays in its registry, as ${image("lab").image}`,
    );
    vi.resetModules();
    const gone = { staging: { hubImages: { lab: image("lab"), gpu: image("gpu") } } };
    await expect(run("staging", gone)).rejects.toThrow(
      'would remove 2 of 2 images of hubs, which are no longer in the catalog: image/gpu, image/lab; their registry keeps them. Restore them, or list those that may go below lectern:confirmRemovals: ["image/gpu","image/lab"].',
    );
    vi.resetModules();
    await run("staging", gone, { "lectern:confirmRemovals": '["image/lab","image/gpu"]' });
  });

  it("are refused by a stack whose environment they leave, and by one whose scope does once", async () => {
    const moved = run("staging", { staging: { hubs: { "west/prod": OLD } } });
    await expect(moved).rejects.toThrow(/would remove 1 of 1 hubs.*hub\/west\/prod/);
    vi.resetModules();
    const scope = { "lectern:scope": JSON.stringify({ clusters: ["east"] }) };
    const left = run("staging", { staging: { hubs: { "west/staging": OLD } } }, scope);
    const text = await left.catch(String);
    expect(String(text).match(/would remove 1 of 1 hubs, which its lectern:scope leaves out/g)).toHaveLength(
      1,
    );
    expect(String(text)).not.toContain("no longer in the catalog");
  });

  it("keep every password a secret of the engine's", async () => {
    const seen: unknown[] = [];
    const secret = vi.spyOn(pulumi, "secret").mockImplementation(((value: unknown) => {
      seen.push(value);
      return pulumi.output(value);
    }) as typeof pulumi.secret);
    await run("staging");
    expect(seen).toContain(SECRET);
    secret.mockRestore();
  });
});
