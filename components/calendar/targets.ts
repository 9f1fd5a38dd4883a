import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../cluster/cluster-files.ts";
import { hubsAsWritten } from "../cluster/declaration/read-cluster.ts";
import { profileSlugs } from "../hub/profiles/profile-list.ts";
import { readProfiles } from "../hub/profiles/profiles-file.ts";
import { didYouMean } from "../problem/nearest.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { CalendarEvent } from "./calendar-event.ts";

/** What events of a catalog may name. */
export interface Targets {
  /** By `<cluster>/<hub>`: the slugs of its profiles, where they are known. */
  readonly hubs: ReadonlyMap<string, readonly string[] | undefined>;
  readonly courses: readonly string[];
}

type Written = Pick<CalendarEvent, "hub" | "course" | "profile" | "offered" | "courses" | "at">;

/** The hubs, profiles and courses of a catalog, as far as they can be read: what is wrong with them is reported elsewhere. */
export async function targetsIn(catalog: string): Promise<Targets> {
  const clusters = join(catalog, "clusters");
  const hubs = await Promise.all((await foldersIn(clusters)).map((name) => hubsOf(join(clusters, name))));
  return { hubs: new Map(hubs.flat()), courses: await foldersIn(join(catalog, "courses")) };
}

async function hubsOf(folder: string): Promise<[string, readonly string[] | undefined][]> {
  const file = join(folder, "cluster.yaml");
  const [text, profiles] = await Promise.all([readable(file), readable(join(folder, "profiles.yaml"))]);
  if (text === undefined) return [];
  const slugs = profiles === undefined ? undefined : slugsIn(profiles);
  return hubsAsWritten(text, file).map(({ id }) => [id, slugs]);
}

const readable = (file: string) => textOf(file).catch(() => undefined);

function slugsIn(text: string): readonly string[] | undefined {
  try {
    return profileSlugs(readProfiles(text, "profiles.yaml"));
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  }
}

/** A problem for each name that the catalog has not; what several events have of one match is reported once. */
export function unknownTargets(events: readonly Written[], targets: Targets): Problem[] {
  const problems = events.flatMap((event) => [
    ...targetProblems(event, targets),
    ...profileProblems(event, targets),
  ]);
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}

function targetProblems({ hub, course, courses: opened = [], at }: Written, targets: Targets): Problem[] {
  const { hubs, courses } = targets;
  if (hub !== undefined && !hubs.has(hub)) {
    const remedy = didYouMean(hub, hubs.keys(), "Name a hub of the catalog's clusters/, as <cluster>/<hub>");
    return [
      at({ code: "unknown-hub", message: `the catalog has no hub ${JSON.stringify(hub)}`, remedy }, ["hub"]),
    ];
  }
  const unknown = (name: string, field: readonly PropertyKey[]): Problem[] => {
    if (courses.includes(name)) return [];
    const remedy = didYouMean(name, courses, "Name a folder of the catalog's courses/");
    const message = `the catalog has no course ${JSON.stringify(name)}`;
    return [at({ code: "unknown-course", message, remedy }, field)];
  };
  return [
    ...(course === undefined ? [] : unknown(course, ["course"])),
    ...opened.flatMap((name, index) => unknown(name, ["courses", index])),
  ];
}

function profileProblems({ hub, profile, offered, at }: Written, { hubs }: Targets): Problem[] {
  const slugs = hub === undefined ? undefined : hubs.get(hub);
  if (!slugs) return [];
  const unknown = (slug: string, field: readonly PropertyKey[]): Problem[] => {
    if (slugs.includes(slug)) return [];
    const remedy = didYouMean(slug, slugs, `Use one of ${slugs.join(", ")}`);
    return [
      at(
        { code: "unknown-profile", message: `the hub ${hub} has no profile ${JSON.stringify(slug)}`, remedy },
        field,
      ),
    ];
  };
  const named = profile === undefined ? [] : unknown(profile, ["profile"]);
  // In an exam without `offered`, it is the profile.
  const others = offered.flatMap((slug, index) =>
    slug === profile ? [] : unknown(slug, ["offered", index]),
  );
  return [...named, ...others];
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
