import type { CalendarEvent } from "../../components/calendar/calendar-event.ts";
import { type Occurrence, occurrencesAround } from "../../components/calendar/occurrence.ts";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { readKernel } from "../../components/kernel/declaration/kernel-file.ts";
import type { ReadArticle } from "../articles/named-kernels.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { gatewayOf } from "../kernels/gateways.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { environmentOf } from "../shards/stack-name.ts";
import { Freeze } from "./freeze.ts";
import { type Freezable, frozenAt, isFreezing } from "./frozen.ts";

/** What the freeze of a stack is decided from. */
export interface FreezeArgs {
  readonly stack: string;
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly policy: Pick<StackPolicy, "environments">;
  readonly declared: readonly ClusterDeclaration[];
  readonly articles: readonly ReadArticle[];
  readonly before: {
    readonly articles: OutputEntries<"articles">;
    readonly kernels: OutputEntries<"kernels">;
  };
}

/**
 * Decides what is frozen at the moment of a run.
 * @param now milliseconds since the epoch
 */
export async function readFreeze(
  events: readonly CalendarEvent[],
  now: number,
  args: FreezeArgs,
): Promise<Freeze> {
  const freezing = occurrencesAround(events, now, now + 1).filter((one) => isFreezing(one, now));
  const things = await freezable(freezing, args);
  return new Freeze(frozenAt(freezing, now, things), args.config.throughFreeze);
}

async function freezable(freezing: readonly Occurrence[], args: FreezeArgs): Promise<Freezable> {
  const { config, policy, declared, stack } = args;
  const hubs = declared.flatMap((cluster) => cluster.hubs);
  const { freezeCourses = environmentOf(stack) !== "staging" } = config;
  const named = freezeCourses
    ? freezing.flatMap(({ course, courses = [] }) => [course ?? [], courses].flat())
    : [];
  return {
    hubs: hubs.filter(({ environment }) => policy.environments.includes(environment)),
    clusters: new Map(hubs.map(({ id, cluster }) => [id, cluster])),
    courses: new Map(named.map((course) => [course, kernelsOf(course, args)])),
    kernels: named.length === 0 ? [] : await kernelsIn(args),
  };
}

/** What notebooks of a course start on, as they are in the catalog and as they are deployed. */
function kernelsOf(course: string, { articles, before }: FreezeArgs): string[] {
  const id = `course/${course}`;
  const wanted = articles.find((article) => article.id === id)?.contents.kernels ?? [];
  return [...wanted, ...(before.articles.get(id)?.kernels ?? [])];
}

/** What can't be read of a kernel is reported where it is deployed. */
async function kernelsIn({ catalog, config, before }: FreezeArgs): Promise<Freezable["kernels"]> {
  const read = await Promise.all(catalog.kernels.map(({ folder }) => readKernel(folder)));
  return read.flatMap(({ kernel }) => {
    if (!kernel) return [];
    const { name, displayName, backend } = kernel;
    const gateway = backend === "gateway" ? gatewayOf(kernel, config)?.name : undefined;
    const last = before.kernels.get(name)?.displayName;
    return [{ name, displayNames: [displayName, ...(last ? [last] : [])], gateway }];
  });
}
