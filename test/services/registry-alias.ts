import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { imageAliasProvider as provider } from "../../components/image/alias/image-alias-provider.ts";
import type { Host, Properties } from "../../components/resource/provider.ts";
import { seedImage, seedIndex } from "../../sandbox/services/registry/image.ts";
import { type RegistryStandIn, startRegistry } from "../../sandbox/services/registry/registry.ts";

/** A password that must show up nowhere. */
export const PASSWORD = "hunter2-of-this-test";
const LOGIN = { scheme: "bearer", username: "promoter", password: PASSWORD } as const;

/** What an engine keeps of a resource. */
export interface Deployed {
  readonly inputs: Properties;
  readonly outs: Properties;
}

/** The registry of the test that is running, with `lectern/lab`, and what was said in its last run. */
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

let runs = 0;
/** A host of its own for each run, as engines have it; no time passes in it. */
export function run(fetcher: typeof fetch = fetch): Host {
  lines = [];
  return {
    config: (key) =>
      ({
        registries: JSON.stringify({ [registry.host]: { username: LOGIN.username } }),
        registryPasswords: JSON.stringify({ [registry.host]: PASSWORD }),
      })[key],
    fetch: fetcher,
    clock: { now: Date.now, sleep: async () => {} },
    progress: (line) => void lines.push(line),
    run: `run ${++runs}`,
  };
}

export const wanted = (change: Properties = {}): Properties => ({
  alias: "recommended",
  target: "w_2026_44",
  source: lab(),
  ...change,
});

/** The checked inputs. */
export async function check(olds: Properties, news: Properties, host: Host): Promise<Properties> {
  const checked = await provider.check?.(olds, news, host);
  expect(checked?.failures ?? []).toEqual([]);
  return checked?.inputs ?? {};
}

/** What an engine asks in a preview of a resource that is there already. */
export async function preview(before: Deployed, change: Properties = {}, host = run()) {
  const inputs = await check(before.inputs, wanted(change), host);
  return { inputs, diff: await provider.diff("id", before.outs, inputs, host) };
}

/** What an engine does in a deployment. */
export async function up(before?: Deployed, change: Properties = {}, host = run()): Promise<Deployed> {
  if (!before) {
    const inputs = await check({}, wanted(change), host);
    return { inputs, outs: (await provider.create(inputs, host)).outs };
  }
  const { inputs, diff } = await preview(before, change, host);
  if (!diff.changes) return before;
  const updated = await provider.update?.("id", before.outs, inputs, host);
  return { inputs, outs: updated?.outs ?? {} };
}
