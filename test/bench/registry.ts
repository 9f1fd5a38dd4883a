import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRepository } from "../../components/image/reference.ts";
import { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { readRegistries } from "../../components/image/registry/registry-config.ts";
import { imagePolicy } from "../../components/image/selection/policy.ts";
import { selectFromRegistry } from "../../components/image/selection/selection-registry.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { configReader } from "../../components/resource/context/configured.ts";
import { seedImage } from "../../sandbox/services/registry/image.ts";
import { type RegistryStandIn, startRegistry } from "../../sandbox/services/registry/registry.ts";
import type { Row } from "./row.ts";

const TAGS = 10_000;
/** As many as a registry gives at once. */
const PAGE = 1000;
/** The fourth newest weekly, which the policy picks no more. */
const RECOMMENDED = 9975;
/** Prepull and menu of the default policy: an alias, a release, two weeklies, three dailies, and a few to name the alias. */
const LOOK_UPS = 20;

/** Tags of a repository with 10,000 of them listed, only those resolved that the selection needs. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-bench-"));
  const registry = await startRegistry({ folder });
  try {
    await seed(registry);
    const client = new RegistryClient(
      { fetch, clock: systemClock },
      readRegistries(configReader(() => undefined)),
    );
    const repository = parseRepository(`${registry.host}/lab`);
    const started = performance.now();
    const { prepull } = await selectFromRegistry(client, repository, imagePolicy.parse({}), Date.now());
    const elapsed = performance.now() - started;
    const { GET: pages = 0, HEAD: resolved = 0, ...others } = client.calls();
    return [
      {
        what: `select from a repository of ${TAGS} tags: ${prepull.length} images, ${elapsed.toFixed(0)} ms`,
        measured: `${pages} pages, ${resolved} tags resolved, ${Object.keys(others).length} other requests`,
        target: `${TAGS / PAGE} pages, at most ${LOOK_UPS} resolved`,
        met: pages === TAGS / PAGE && resolved <= LOOK_UPS && Object.keys(others).length === 0,
      },
    ];
  } finally {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function seed({ store }: RegistryStandIn): Promise<void> {
  const digests: string[] = [];
  for (let image = 0; image < 50; image++) {
    digests.push((await seedImage(store, "lab", { content: String(image) })).digest);
  }
  const tags: Record<string, string> = {};
  for (let index = 1; index < TAGS; index++) tags[tagOf(index)] = digests[index % digests.length] ?? "";
  // Some weeks old, as what was tried for a while is.
  store.tag("lab", { ...tags, recommended: tags[tagOf(RECOMMENDED)] ?? "" });
}

/** Dailies of many years, each seventh a weekly, some releases. */
function tagOf(index: number): string {
  if (index % 500 === 0) return `r${index / 500}_0_0`;
  if (index % 7 === 0)
    return `w_${1000 + Math.floor(index / 7 / 52)}_${String(1 + (Math.floor(index / 7) % 52)).padStart(2, "0")}`;
  const day = new Date(Date.UTC(1990, 0, 1 + index));
  return `d_${day.toISOString().slice(0, 10).replaceAll("-", "_")}`;
}
