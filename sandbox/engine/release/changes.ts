import { isDeepStrictEqual } from "node:util";
import type { HubChanges } from "../../../components/hub/objects/hub-changes.ts";
import { hubPlan } from "../../../components/hub/objects/hub-plan.ts";
import { knownSecrets } from "../../../components/hub/objects/known-secrets.ts";
import { chartPackages } from "../../../components/hub/objects/render/chart-packages.ts";
import type { JsonObject } from "../../../components/json.ts";
import { isObject, mapObject, type PropertyMap, type Value } from "../value/values.ts";
import { installedIn, isLocalChart, renderStandIn } from "./installed.ts";

/** A hub's release before and after a change. */
export interface ReleaseChange {
  /** The hub's ID: campus/staging. */
  readonly hub: string;
  /** The inputs that it was installed with, in plain. */
  readonly before: PropertyMap;
  /** The inputs that it would be installed with, in plain. */
  readonly after: PropertyMap;
  /** The latter as people may read them: each secret is `[secret]`. */
  readonly shown: PropertyMap;
  /** The manifests that stand for its installation; undefined where there are none. */
  readonly installed: string | undefined;
  /** The application's version that was installed. */
  readonly appVersion: string | undefined;
}

/**
 * Which objects of a hub would change, and what its users would notice: what the sandbox rendered when it
 * installed the release, compared with what it would render now, as a preview on a real cluster does it.
 * @param helm the program; by default from PATH
 */
export async function releaseChanges(change: ReleaseChange, helm?: string): Promise<HubChanges | undefined> {
  const { hub, before, after, shown, installed, appVersion } = change;
  const values = valuesOf(after);
  const [shownValues, earlier] = [valuesOf(shown), valuesOf(before)];
  // Helm gets what people may read, as it did for the installation: a secret that changes, by another text.
  const given = standIns(shownValues, values, earlier);
  const { chart } = after;
  const unreachable = isLocalChart(chart)
    ? "helm rendered nothing when it was deployed: it was not on PATH, or could not render the chart"
    : "the sandbox renders charts of the catalog alone";
  return hubPlan(
    {
      hub,
      chart: { folder: String(chart) },
      release: String(after["name"]),
      namespace: String(after["namespace"] ?? "default"),
      values,
      secrets: knownSecrets(secretsOf(shownValues, values), earlier),
    },
    {
      deployed: { ...installedIn(installed ?? ""), values: earlier, appVersion },
      cluster: isLocalChart(chart) && installed !== undefined ? "none" : { unreachable },
      charts: chartPackages(helm),
      render: (options) => renderStandIn({ ...options, values: given }),
      fetch,
      helm,
    },
  );
}

const valuesOf = ({ values }: PropertyMap): PropertyMap => (isObject(values) ? values : {});

const MASK = "[secret]";
const CHANGED = "[changed secret]";

/** The values as people may read them; at a secret that is not what it was, another text. */
function standIns(shown: PropertyMap, plain: PropertyMap, before: PropertyMap): PropertyMap {
  const at = (value: Value, now: Value | undefined, earlier: Value | undefined): Value => {
    if (value === MASK) return isDeepStrictEqual(now, earlier) ? MASK : CHANGED;
    if (Array.isArray(value))
      return value.map((item, index) => at(item, itemOf(now, index), itemOf(earlier, index)));
    return isObject(value) ? standIns(value, objectOf(now), objectOf(earlier)) : value;
  };
  return mapObject(shown, (value, key) => at(value, plain[key], before[key]));
}

/** Only what is secret of the values. */
function secretsOf(shown: PropertyMap, plain: PropertyMap): JsonObject {
  const at = (value: Value, now: Value | undefined): unknown => {
    if (value === MASK) return now === MASK ? undefined : now;
    if (Array.isArray(value)) {
      const items = value.flatMap((item, index) => at(item, itemOf(now, index)) ?? []);
      return items.length === 0 ? undefined : items;
    }
    const inner = isObject(value) ? secretsOf(value, objectOf(now)) : {};
    return Object.keys(inner).length === 0 ? undefined : inner;
  };
  const entries = Object.entries(shown).map(([key, value]) => [key, at(value, plain[key])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const itemOf = (value: Value | undefined, index: number) => (Array.isArray(value) ? value[index] : undefined);
const objectOf = (value: Value | undefined): PropertyMap => (isObject(value) ? value : {});
