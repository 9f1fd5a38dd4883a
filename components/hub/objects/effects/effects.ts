import type { ObjectChanges, Rendered } from "../compare/compare-objects.ts";
import { EFFECTS, type Effect, type ObjectChange } from "../hub-changes.ts";
import type { Manifest } from "../manifests.ts";
import { migrationOf, type Versions } from "./migration.ts";
import { lostVolumes, refusals } from "./refused.ts";
import { isOfTemplate, RESTARTING, roleOf } from "./roles.ts";

export interface EffectsOptions {
  readonly deployed: Rendered;
  readonly rendered: Rendered;
  /** How many servers of users run; undefined where nobody can tell. */
  readonly servers?: number | undefined;
  readonly versions?: Versions;
}

/**
 * What users notice of a hub's changes, the worst first: what Kubernetes refuses, data that is lost, restarts
 * with what they interrupt, and at last what nobody notices. It says so of Zero to JupyterHub's objects in
 * their own words (see roles.ts), of every other workload that it restarts.
 */
export function effects({ objects }: ObjectChanges, options: EffectsOptions): Effect[] {
  const before = byName([...options.deployed.objects, ...options.deployed.hooks]);
  const after = byName([...options.rendered.objects, ...options.rendered.hooks]);
  const found = objects.flatMap((change) => {
    const old = before.get(nameOf(change));
    const manifest = after.get(nameOf(change)) ?? old;
    return [
      ...refusals(change, old),
      ...lostVolumes(change, old),
      ...(manifest ? ofWorkload(change, manifest) : []),
    ];
  });
  const all = [
    ...found,
    ...migrationOf(objects, options.versions ?? { before: undefined, after: undefined }),
    ...ofServers(found, options.servers),
  ];
  const unique = [...new Map(all.map((effect) => [effect.text, effect])).values()];
  return unique.sort((a, b) => EFFECTS.indexOf(a.kind) - EFFECTS.indexOf(b.kind));
}

const nameOf = ({ kind, name }: Pick<ObjectChange, "kind" | "name">) => `${kind} ${name}`;

const byName = (manifests: readonly Manifest[]) =>
  new Map(
    manifests.map((manifest) => [nameOf({ kind: manifest.kind, name: manifest.metadata.name }), manifest]),
  );

function ofWorkload(change: ObjectChange, manifest: Manifest): Effect[] {
  if (change.kind === "NetworkPolicy" && manifest.metadata.name === "singleuser") {
    return [{ kind: "servers", text: "the network rules of running servers change at once" }];
  }
  if (!RESTARTING.has(change.kind) && !change.hook) return [];
  const role = roleOf(manifest);
  if (change.change === "removed") return role?.removal ? [{ kind: role.kind, text: role.removal }] : [];
  if (change.hook) return role ? [{ kind: role.kind, text: role.restart }] : [];
  const restarts =
    change.change === "changed" && change.fields.some(({ path }) => isOfTemplate(change.kind, path));
  if (!restarts) return [];
  return [
    role ? { kind: role.kind, text: role.restart } : { kind: "restart", text: `${nameOf(change)} restarts` },
  ];
}

/** Servers are pods of their own: what restarts around them does not end them. */
function ofServers(found: readonly Effect[], servers: number | undefined): Effect[] {
  const isInterrupted = found.some(({ kind }) => /^(hub|proxy|https-proxy)-restart$/.test(kind));
  if (!isInterrupted || servers === 0) return [];
  const count = servers === undefined ? "" : `${servers} `;
  return [{ kind: "servers", text: `${count}running server${servers === 1 ? " goes" : "s go"} on` }];
}
