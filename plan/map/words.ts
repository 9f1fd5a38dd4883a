import type { Fate } from "../drift/drift.ts";
import type { DeployedMap, MapChange, MapDeployment, MapThing } from "./map-file.ts";
import type { MapState } from "./rows.ts";

/** What people call a kind: one, and several. */
export const KIND_WORDS: Readonly<Record<MapThing["kind"], { readonly one: string; readonly many: string }>> =
  {
    course: { one: "course", many: "Courses" },
    blog: { one: "blog", many: "Blogs" },
    kernel: { one: "kernel", many: "Kernels" },
    images: { one: "recommended image", many: "Recommended images" },
    image: { one: "built image", many: "Images of hubs" },
    hub: { one: "hub", many: "Hubs" },
    support: { one: "support", many: "Support of clusters" },
  };

export const STATE_WORDS: Readonly<Record<MapState, string>> = {
  held: "Held",
  behind: "Not as staging",
  drifted: "Drifted",
  override: "Override",
  unhealthy: "Not healthy",
  outside: "Left the catalog",
  deployed: "As deployed",
};

/**
 * How much drifted: `3 drifted`, `drift not looked for`, or `0 drifted, unknown of 1 of 2 stacks`: what nobody has looked at
 * has not been found to be without drift.
 */
export function driftedText({ stacks }: Pick<DeployedMap, "stacks">, count: number): string {
  if (stacks.every(({ drift }) => drift === undefined)) return "drift not looked for";
  const unknown = stacks.filter(({ drift }) => drift === undefined || drift.state === "failed").length;
  return `${count} drifted${unknown === 0 ? "" : `, unknown of ${unknown} of ${stacks.length} stacks`}`;
}

/** What becomes of a difference. */
export const FATE_WORDS: Readonly<Record<Fate, string>> = {
  undone: "the next deployment puts it back",
  refresh: "`lectern deploy --refresh` puts it back",
  held: "it stays while its thing is held",
  accepted: "it is accepted",
};

/** `2026-11-30 13:37 UTC`, `2026-11-30` of a day; a text that is no time stays. */
export function timeText(instant: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*Z$/.exec(instant);
  return match ? `${match[1]} ${match[2]} UTC` : instant;
}

/** `sha256:0123456789ab…`, which is enough to tell two apart. */
export const shortDigest = (text: string): string => text.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1…");

/** `held: staging has not deployed it yet; it stays as it is`. */
export function heldText({ reason, deployed }: NonNullable<MapThing["held"]>): string {
  return `${reason}; ${deployed ? "it stays as it is" : "it is not deployed yet"}`;
}

/** `staging has w_2026_11`, with what tells the two apart. */
export function stagingText(thing: MapThing, staging: MapThing): string {
  const version = staging.version === thing.version ? staging.digest : staging.version;
  return `staging has ${shortDigest(version ?? "another one")}`;
}

export const overrideText = ({ reason, until }: NonNullable<MapThing["override"]>): string =>
  `until ${until}: ${reason}`;

const COUNTED = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;

/** `update succeeded: 2 created, 1 updated`. */
export function deploymentText({ kind, result, counts = {} }: MapDeployment): string {
  const parts = Object.entries(COUNTED).flatMap(([op, word]) =>
    counts[op] ? [`${counts[op]} ${word}`] : [],
  );
  const what = kind === "changes" ? "between two reports" : [kind, result].filter(Boolean).join(" ");
  return parts.length === 0 ? what : `${what}: ${parts.join(", ")}`;
}

/** `w_2026_09 → w_2026_10`; empty where neither is known. */
export function fromToText({ before, after }: MapChange): string {
  const texts = [before, after].map((text) => (text === undefined ? undefined : shortDigest(text)));
  if (before === undefined || after === undefined) return texts.find((text) => text !== undefined) ?? "";
  return texts[0] === texts[1] ? "" : texts.join(" → ");
}
