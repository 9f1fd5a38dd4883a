import type { Occurrence } from "../../components/calendar/occurrence.ts";

/** What of a stack events may freeze. */
export interface Freezable {
  /** The hubs that the stack deploys. */
  readonly hubs: readonly { readonly id: string; readonly cluster: string }[];
  /** The clusters of all hubs, also of those that other stacks deploy: who deploys a cluster's support, serves them. */
  readonly clusters: ReadonlyMap<string, string>;
  /** The display names of the kernels of each course, by the course's folder; none where courses freeze nothing. */
  readonly courses: ReadonlyMap<string, readonly string[]>;
  /** The kernels that the stack deploys. */
  readonly kernels: readonly FreezableKernel[];
}

interface FreezableKernel {
  /** Its folder's. */
  readonly name: string;
  /** What notebooks call it, in the catalog and as it is deployed. */
  readonly displayNames: readonly string[];
  /** The gateway that it is on; undefined where qBook's service runs it. */
  readonly gateway: string | undefined;
}

/** What is frozen, and of the events that freeze it the one that lasts the longest. */
export interface Frozen {
  /** By `<cluster>/<hub>`. */
  readonly hubs: ReadonlyMap<string, Occurrence>;
  /** By cluster: the images and the profiles of a hub that is frozen. */
  readonly images: ReadonlyMap<string, Occurrence>;
  /** By cluster: what it runs beside its hubs. */
  readonly support: ReadonlyMap<string, Occurrence>;
  /** By the kernel's folder. */
  readonly kernels: ReadonlyMap<string, Occurrence>;
  /** By the gateway's name: those that may not restart. */
  readonly gateways: ReadonlyMap<string, Occurrence>;
  /** By the course's folder. */
  readonly courses: ReadonlyMap<string, Occurrence>;
  /** By `<cluster>/<hub>`: the profiles that exams leave, by their slugs, sorted. */
  readonly exams: ReadonlyMap<string, readonly string[]>;
}

/** From when a hub offers the profiles of an exam alone: in time for a run every hour, and for one that fails. */
const EXAM_LEAD = 3 * 3_600_000;

/** Whether a hub offers the profiles of an exam alone; an exam that names none changes nothing. */
const isExamOn = ({ kind, offered, start, end }: Occurrence, now: number): boolean =>
  kind === "exam" && offered.length > 0 && start - EXAM_LEAD <= now && now < end;

/** Whether a moment is in the window of an event: its first millisecond is, its last one is not. */
export const isFreezing = ({ freezeFrom, freezeUntil }: Occurrence, now: number): boolean =>
  freezeFrom <= now && now < freezeUntil;

/**
 * What events freeze at a moment. A lecture lets articles go on, an exam freezes those of its course and of those that it names on a hub.
 * @param now milliseconds since the epoch
 */
export function frozenAt(occurrences: readonly Occurrence[], now: number, things: Freezable): Frozen {
  const found = {
    hubs: new Map<string, Occurrence>(),
    images: new Map<string, Occurrence>(),
    support: new Map<string, Occurrence>(),
    kernels: new Map<string, Occurrence>(),
    gateways: new Map<string, Occurrence>(),
    courses: new Map<string, Occurrence>(),
    exams: new Map<string, readonly string[]>(),
  };
  for (const occurrence of occurrences.filter((one) => isFreezing(one, now))) {
    const { hub, course, kind } = occurrence;
    if (hub !== undefined) {
      const own = things.hubs.find(({ id }) => id === hub);
      if (own) note(found.hubs, own.id, occurrence);
      if (own) note(found.images, own.cluster, occurrence);
      if (own && isExamOn(occurrence, now)) {
        const others = found.exams.get(own.id) ?? [];
        found.exams.set(own.id, [...new Set([...others, ...occurrence.offered])].sort());
      }
      const cluster = things.clusters.get(hub);
      if (cluster !== undefined) note(found.support, cluster, occurrence);
    }
    // The kernels of courses that people open on a hub are the hub's own.
    const opened = kind === "exam" ? [course ?? [], occurrence.courses ?? []].flat() : [];
    for (const one of opened) if (things.courses.has(one)) note(found.courses, one, occurrence);
    const names = course === undefined ? undefined : things.courses.get(course);
    if (course === undefined || names === undefined) continue;
    for (const { name, displayNames, gateway } of things.kernels) {
      if (!displayNames.some((one) => names.includes(one))) continue;
      note(found.kernels, name, occurrence);
      if (gateway !== undefined) note(found.gateways, gateway, occurrence);
    }
  }
  return found;
}

function note(frozen: Map<string, Occurrence>, id: string, occurrence: Occurrence): void {
  const other = frozen.get(id);
  if (!other || other.freezeUntil < occurrence.freezeUntil) frozen.set(id, occurrence);
}
