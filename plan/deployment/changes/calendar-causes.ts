import type { CalendarTargets, CatalogFacts } from "../catalog-facts.ts";
import type { Cause } from "./cause.ts";
import { nameIn } from "./cause.ts";
import type { Changes } from "./changes.ts";

/** Files of the calendar that nothing reads. */
const UNREAD = /^README(\.\w+)?$|^[._]/i;

/** Why a change of the calendar deploys hubs and courses: their warm-up and their freezes are at other times. */
export class CalendarCauses {
  readonly #causes: readonly { readonly cause: Cause; readonly targets: CalendarTargets | undefined }[];

  constructor({ folder, calendar }: CatalogFacts, changes: Changes) {
    const paths = changes
      .within(calendar.folder)
      .filter((path) => !UNREAD.test(nameIn(calendar.folder, path)));
    this.#causes = paths.map((path) => ({
      cause: { text: `${nameIn(folder, path)} changed`, paths: [path] },
      targets: calendar.targets(path),
    }));
  }

  /** @param id `<cluster>/<hub>` */
  ofHub(id: string): Cause[] {
    return this.#of((targets) => targets === undefined || targets.hubs.includes(id));
  }

  ofCourse(name: string): Cause[] {
    return this.#of((targets) => targets === undefined || targets.courses.includes(name));
  }

  /** Whether any may concern a hub of a cluster. */
  concerns(cluster: string): boolean {
    return this.#causes.some(
      ({ targets }) => targets === undefined || targets.hubs.some((id) => id.startsWith(`${cluster}/`)),
    );
  }

  #of(isConcerned: (targets: CalendarTargets | undefined) => boolean): Cause[] {
    return this.#causes.flatMap(({ cause, targets }) => (isConcerned(targets) ? cause : []));
  }
}
