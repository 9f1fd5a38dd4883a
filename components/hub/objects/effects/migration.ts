import type { Effect, ObjectChange } from "../hub-changes.ts";

/** JupyterHub's versions before and after, as charts say them; undefined where a chart does not. */
export interface Versions {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The hub's image in the chart's own container, which is called so in Zero to JupyterHub's chart. */
const HUB_IMAGE = /^spec\.template\.spec\.containers\[hub\]\.image$/;

/** JupyterHub migrates its database when it starts at a later version than the database was made with. */
export function migrationOf(changes: readonly ObjectChange[], { before, after }: Versions): Effect[] {
  const moved = (from: string, to: string, what: string, may: string): Effect[] =>
    isLater(from, to)
      ? [{ kind: "database-migration", text: `${what} ${from} → ${to}: the hub's database ${may} migrated` }]
      : [];
  if (before !== undefined && after !== undefined) return moved(before, after, "JupyterHub", "is");
  const image = changes.flatMap(({ fields }) => fields).find(({ path }) => HUB_IMAGE.test(path));
  const [from, to] = [tagOf(image?.before), tagOf(image?.after)];
  return from !== undefined && to !== undefined ? moved(from, to, "hub image", "may be") : [];
}

const tagOf = (image: string | undefined) => /:([\w][\w.-]*)(@|$)/.exec(image ?? "")?.[1];

/** Whether the first numbers that differ grow in minor or major; a patch of JupyterHub migrates nothing. */
function isLater(before: string, after: string): boolean {
  const [old, now] = [numbers(before), numbers(after)];
  if (!old || !now) return false;
  return now.major !== old.major ? now.major > old.major : now.minor > old.minor;
}

function numbers(version: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
