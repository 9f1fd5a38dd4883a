import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { imageAliasContract } from "../../../components/image/alias/image-alias-contract.ts";
import { imageAliasProvider as provider } from "../../../components/image/alias/image-alias-provider.ts";
import { makeContext, type ProviderContext } from "../../../components/resource/context/context.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { seedImage, seedIndex } from "../../../sandbox/services/registry/image.ts";
import { type RegistryStandIn, startRegistry } from "../../../sandbox/services/registry/registry.ts";

/** A password that must show up nowhere. */
export const PASSWORD = "hunter2-of-this-test";
const LOGIN = { scheme: "bearer", username: "promoter", password: PASSWORD } as const;

/** What an engine keeps of a resource. */
export interface Deployed {
  readonly inputs: Properties;
  readonly outs: Properties;
}

/** The registry of the test that is running, with `lectern/lab`, and what its last run reported. */
export let registry: RegistryStandIn;
export let lines: string[];
let digests: Record<string, string>;

/** Gives each test of a file a registry of its own, whose `recommended` is `w_2026_40`. */
export function aliasRegistry(): void {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lectern-registry-"));
    registry = await startRegistry({ folder, login: LOGIN });
    digests = {};
    for (const tag of ["w_2026_40", "w_2026_44", "r1_0_0"]) {
      const seed = tag === "r1_0_0" ? seedImage : seedIndex;
      digests[tag] = (await seed(registry.store, "lectern/lab", { content: tag })).digest;
    }
    registry.store.tag("lectern/lab", { ...digests, recommended: of("w_2026_40") });
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

/** The digest that a tag was seeded with. */
export const of = (tag: string): string => digests[tag] ?? expect.fail(`no ${tag}`);
export const lab = (name = "lab") => `${registry.host}/lectern/${name}`;
/** What the alias names in the registry. */
export const named = (name = "lab") => registry.store.find(`lectern/${name}`, "recommended")?.digest;
/** The requests that may have changed something. */
export const writes = () => registry.calls().filter(({ method }) => !["GET", "HEAD"].includes(method));

/** What the state says of each repository. */
export const places = (outs: object) => imageAliasContract.state.parse(outs).places;

let runs = 0;
/** A context of its own for each run, as engines have it; no time passes in it. */
export function run(fetcher: typeof fetch = fetch): ProviderContext {
  lines = [];
  const config: Record<string, string> = {
    registries: JSON.stringify({ [registry.host]: { username: LOGIN.username } }),
    registryPasswords: JSON.stringify({ [registry.host]: PASSWORD }),
  };
  return makeContext({
    raw: (key) => config[key],
    fetch: fetcher,
    clock: { now: Date.now, sleep: async () => {} },
    report: ({ message }) => void lines.push(message),
    run: `run ${++runs}`,
  });
}

export const wanted = (change: Properties = {}): Properties => ({
  alias: "recommended",
  target: "w_2026_44",
  source: lab(),
  ...change,
});

/** The checked inputs. */
export async function check(
  olds: Properties,
  news: Properties,
  context: ProviderContext,
): Promise<Properties> {
  const { inputs, failures } = await provider.check(olds, news, context);
  expect(failures).toEqual([]);
  return inputs;
}

/** What an engine asks in a preview of a resource that is there already. */
export async function preview(before: Deployed, change: Properties = {}, context = run()) {
  const inputs = await check(before.inputs, wanted(change), context);
  return { inputs, diff: await provider.diff("id", before.outs, inputs, context) };
}

/** What an engine does in a deployment. */
export async function up(before?: Deployed, change: Properties = {}, context = run()): Promise<Deployed> {
  if (!before) {
    const inputs = await check({}, wanted(change), context);
    return { inputs, outs: (await provider.create(inputs, context)).outs };
  }
  const { inputs, diff } = await preview(before, change, context);
  if (!diff.changes) return before;
  const { outs } = await provider.update("id", before.outs, inputs, context);
  return { inputs, outs };
}
