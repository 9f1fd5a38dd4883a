import { z } from "zod";
import { releaseDriftContract } from "../../components/hub/drift/release-drift-contract.ts";
import { differingPaths } from "../property-path.ts";
import type { Difference } from "./drift.ts";

/** A resource's state in an event of the engine, its secrets masked. */
export interface SeenState {
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A difference, before it is known what becomes of it. */
export type Found = Omit<Difference, "thing" | "fate" | "reason">;

/** The fields that a resource's own provider finds to differ, by path. */
type DetailedDiff = Readonly<Record<string, { readonly diffKind: string }>>;

const OWN = "pulumi-nodejs:dynamic/lectern:";

/** Whether a resource compares the objects of a release. */
export const isRelease = (type: string): boolean => type === `${OWN}${releaseDriftContract.kind}`;

/** Whether a resource is compared with what is there by every preview, and not by a refresh alone. */
export const isLookedAt = (type: string): boolean => isRelease(type) || type === `${OWN}ImageAlias`;

/**
 * What a refresh found of a resource.
 * @param now undefined where it is gone
 * @param detailed what the provider of a package finds to differ; what only fills in, such as a status, is not in it
 */
export function foundIn(
  type: string,
  before: SeenState,
  now: SeenState | undefined,
  detailed: DetailedDiff,
): Found[] {
  if (now === undefined) return [{ change: "gone" }];
  const { outputs = {} } = now;
  if (!type.startsWith(OWN))
    return Object.entries(detailed)
      .filter(([field]) => !isTicked(field, before))
      .map(([field, { diffKind }]) => ({ change: CHANGES[diffKind] ?? "changed", field }));
  const finder = FINDERS[type.slice(OWN.length)];
  if (finder) return finder(outputs);
  return differingPaths(before.outputs ?? {}, outputs).map((field) => ({ change: "changed", field }));
}

/** How many placeholders warm a cluster up is what `lectern tick` decides, every minute. */
const isTicked = (field: string, { parent = "" }: SeenState) =>
  field === "spec.replicas" && parent.includes("lectern:cluster:WarmUp");

const CHANGES: Readonly<Record<string, Difference["change"]>> = {
  add: "added",
  "add-replace": "added",
  delete: "removed",
  "delete-replace": "removed",
};

/** What the state of a kind says of drift itself. */
const FINDERS: Readonly<Record<string, (outputs: Readonly<Record<string, unknown>>) => Found[]>> = {
  ReleaseDrift: (outputs) =>
    (editsSchema.safeParse(outputs).data?.edits ?? []).map(({ kind, ...edit }) => ({
      change: kind,
      ...edit,
    })),
  Kernelspec: (outputs) => (driftSchema.safeParse(outputs).data?.drift ?? []).map(inItsWords),
  ImageAlias: (outputs) => movedAliases(aliasSchema.safeParse(outputs).data),
  // Nodes come and go by themselves.
  PrepullReadiness: () => [],
};

const { edits } = releaseDriftContract.state.shape;
const editsSchema = z.object({ edits });
const driftSchema = z.object({ drift: z.array(z.string()) });

const inItsWords = (detail: string): Found => ({ change: "changed", detail });

const aliasSchema = z.object({
  alias: z.string(),
  places: z.record(z.string(), z.object({ digest: z.string().optional(), applied: z.string() })),
});

function movedAliases(state: z.infer<typeof aliasSchema> | undefined): Found[] {
  return Object.entries(state?.places ?? {}).flatMap(([repository, { digest, applied }]): Found[] => {
    if (digest === applied) return [];
    const tag = `${repository}:${state?.alias}`;
    if (digest === undefined) return [{ change: "removed", detail: `${tag} is gone` }];
    return [
      {
        change: "changed",
        detail: `${tag} names ${shortDigest(digest)}, and ${shortDigest(applied)} was deployed`,
      },
    ];
  });
}

const shortDigest = (digest: string) => digest.slice(0, "sha256:".length + 12);
