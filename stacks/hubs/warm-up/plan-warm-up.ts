import { isDeepStrictEqual } from "node:util";
import type { CalendarEvent } from "../../../components/calendar/calendar-event.ts";
import { type Occurrence, occurrencesAround } from "../../../components/calendar/occurrence.ts";
import type { HubDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import type { PlannedPlaceholder } from "../../../components/cluster/warm-up/placeholder.ts";
import { instantText, type Window } from "../../../components/cluster/warm-up/windows.ts";
import { imagesOf } from "../../../components/hub/profiles/images/startable-images.ts";
import type { RenderedProfile } from "../../../components/hub/profiles/profile-list.ts";
import { type ServerPod, serverPod } from "../../../components/hub/profiles/server-pod/server-pod.ts";
import { lookUp } from "../../../components/hub/values/layers.ts";
import { isObject, type JsonObject } from "../../../components/json.ts";
import { didYouMean } from "../../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { WarmUpOutput } from "../../outputs/outputs.ts";
import type { PlannedHub } from "../planned-hub.ts";

/** What a cluster is warmed up with. */
export interface WarmUpPlan {
  readonly placeholders: readonly PlannedPlaceholder[];
  readonly windows: readonly Window[];
  /** Until when the calendar is expanded, in milliseconds since the epoch. */
  readonly until: number;
  /** By event. */
  readonly events: Readonly<Record<string, WarmUpOutput>>;
}

export interface WarmUpSources {
  readonly hubs: readonly PlannedHub[];
  /** The profiles of the cluster's hubs. */
  readonly rendered: readonly RenderedProfile[];
  readonly events: readonly CalendarEvent[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How many months the calendar is expanded for. */
const MONTHS = 8;
/** How long after its beginning people still arrive at an event: until then, there is room for the rest of them. */
const ARRIVING = 10 * 60_000;

/**
 * When how many placeholders of which size are there, for the events of the hubs of a cluster; undefined without any.
 * @throws {LecternError} where an event names a profile that the cluster does not have
 */
export function planWarmUp({ hubs, rendered, events, now }: WarmUpSources): WarmUpPlan | undefined {
  const [from, until] = horizon(now);
  const running = new Map(hubs.filter(({ hub }) => !hub.retire).map((one) => [one.hub.id, one]));
  const own = events.filter(({ hub = "", people }) => people > 0 && running.has(hub));
  if (own.length === 0) return undefined;
  const problems = own.flatMap((event) => profileProblems(event, rendered));
  if (problems.length > 0) throw new LecternError(problems);
  const placeholders = new Map<string, PlannedPlaceholder>();
  const windows: Window[] = [];
  const outputs: Record<string, WarmUpOutput> = {};
  for (const event of own) {
    const planned = running.get(event.hub ?? "");
    if (!planned) continue;
    const profile = profileOf(event, rendered);
    const placeholder = placeholderOf(event, profile, planned, rendered);
    const { key } = placeholder;
    placeholders.set(key, placeholder);
    const occurrences = occurrencesAround([event], from, until);
    windows.push(...occurrences.map((one) => windowOf(one, key)));
    outputs[event.id] = outputOf(event, profile.slug, occurrences);
  }
  return { placeholders: [...placeholders.values()], windows, until, events: outputs };
}

/** Whole months, so that nothing changes from one deployment to the next within one. */
function horizon(now: number): [from: number, until: number] {
  const today = new Date(now);
  const month = (offset: number) => Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + offset);
  return [month(0), month(MONTHS)];
}

function windowOf({ event, start, end, warmUpFrom, people }: Occurrence, placeholder: string): Window {
  const to = Math.min(end, start + ARRIVING);
  return { placeholder, event, from: warmUpFrom, start, to, replicas: people };
}

const outputOf = (
  { title, hub = "", people, warmUp, timeZone }: CalendarEvent,
  profile: string,
  occurrences: readonly Occurrence[],
): WarmUpOutput => ({
  title,
  hub,
  profile,
  people,
  minutes: warmUp / 60_000,
  timeZone: timeZone.name,
  starts: occurrences.map(({ start }) => instantText(start)),
});

function profileProblems(event: CalendarEvent, rendered: readonly RenderedProfile[]): Problem[] {
  const { profile, hub } = event;
  const slugs = rendered.map((one) => one.profile.slug);
  if (profile === undefined || slugs.includes(profile)) return [];
  const message = `the hub ${hub} has no profile ${JSON.stringify(profile)}`;
  const remedy = didYouMean(profile, slugs, "Name the slug of a profile of the cluster's profiles.yaml");
  return [event.at({ code: "unknown-profile", message, remedy }, ["profile"])];
}

/** The profile of an event, of an exam the first that it offers; the default one where it names none, and the hub's own server where there are none. */
function profileOf(event: CalendarEvent, rendered: readonly RenderedProfile[]): RenderedProfile["profile"] {
  const profiles = rendered.map(({ profile }) => profile);
  const wanted = event.profile ?? event.offered[0];
  const named = profiles.find(({ slug }) => slug === wanted);
  const usual = profiles.find((profile) => profile.default);
  return named ?? usual ?? { display_name: "Server", slug: "server" };
}

/** What keeps room for a server of an event: for one of an exam, which may take more, it is another one. */
function placeholderOf(
  { kind }: CalendarEvent,
  profile: RenderedProfile["profile"],
  { hub, plan }: PlannedHub,
  rendered: readonly RenderedProfile[],
): PlannedPlaceholder {
  const values = lookUp(plan.effective, plan.jupyterhub);
  const own = isObject(values) ? values : {};
  const usual = serverPod(profile, own);
  const pod = kind === "exam" ? serverPod(profile, own, true) : usual;
  const isUsual = isDeepStrictEqual(pod.requests, usual.requests);
  const key = [hub.name, profile.slug, ...(isUsual ? [] : ["exam"])].join("/");
  const statefulSet = pod.isHubs ? chartPlaceholder(hub, own) : undefined;
  if (statefulSet) return { key, statefulSet };
  const pulls = unpulled(pod, own, { rendered, isInCatalog: "folder" in plan.chart });
  return { key, pod, ...(pulls === undefined ? {} : { pulls }) };
}

/**
 * The placeholders of Zero to JupyterHub's own chart, which have the size of the hub's servers: where the hub has them,
 * and servers take their place.
 */
function chartPlaceholder({ namespace }: HubDeclaration, values: JsonObject) {
  const at = (...path: string[]) => lookUp(values, ["scheduling", ...path]);
  const hasPriority = at("podPriority", "enabled") === true;
  const hasName = (values["fullnameOverride"] ?? "") === "";
  const resources = at("userPlaceholder", "resources");
  const isOwnSize = isObject(resources) && Object.keys(resources).length > 0;
  if (!hasPriority || at("userPlaceholder", "enabled") === false || !hasName || isOwnSize) return undefined;
  const replicas = at("userPlaceholder", "replicas");
  return { namespace, name: "user-placeholder", replicas: typeof replicas === "number" ? replicas : 0 };
}

/**
 * The image that a server starts, where nothing else brings it to new nodes: the prepuller brings those of profiles and
 * of the catalog, the chart's own the hub's.
 */
function unpulled(
  { image }: ServerPod,
  values: JsonObject,
  { rendered, isInCatalog }: { rendered: readonly RenderedProfile[]; isInCatalog: boolean },
): string | undefined {
  if (image === undefined || image.includes("lectern://")) return undefined;
  if (imagesOf(rendered).some((held) => held.image === image)) return undefined;
  const continuous = lookUp(values, ["prePuller", "continuous", "enabled"]);
  // The defaults of a chart that is not in the catalog are unknown; Zero to JupyterHub's pulls.
  const chartPulls = continuous === true || (continuous === undefined && !isInCatalog);
  return chartPulls ? undefined : image;
}
