import { isObject, type JsonObject } from "../../../components/json.ts";

/** The marker of a secret in a state. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Outputs that are no cluster's, whatever their entries are called. */
const NO_CLUSTERS: ReadonlySet<string> = new Set(["articles", "forgotten", "kernels", "hubImages"]);
/** Outputs by the ID of a hold, such as `images/campus/lab`. */
const BY_HOLD: ReadonlySet<string> = new Set(["holds", "overrides"]);

/** What such an ID of a cluster's begins with. */
const OF_CLUSTERS: ReadonlySet<string> = new Set(["images", "hub", "support", "profiles"]);

function isOf(cluster: string, name: string, id: string): boolean {
  const [first, second] = id.split("/");
  if (!BY_HOLD.has(name)) return first === cluster;
  return second === cluster && OF_CLUSTERS.has(first ?? "");
}

/** The entries of each output that are about a cluster, and the others. */
export function divided(outputs: JsonObject, cluster: string): [JsonObject, JsonObject] {
  const [moved, kept]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [name, value] of Object.entries(outputs)) {
    const { entries, wrap } = opened(value);
    if (entries === undefined || NO_CLUSTERS.has(name)) {
      kept[name] = value;
      continue;
    }
    const own = Object.entries(entries).filter(([id]) => isOf(cluster, name, id));
    const others = Object.entries(entries).filter(([id]) => !isOf(cluster, name, id));
    if (own.length > 0) moved[name] = wrap(Object.fromEntries(own));
    kept[name] = wrap(Object.fromEntries(others));
  }
  return [moved, kept];
}

interface Opened {
  readonly entries: JsonObject | undefined;
  readonly wrap: (entries: JsonObject) => unknown;
}

/** The entries of an output, where it is secret as a whole, too: an export shows it as JSON text. */
export function opened(value: unknown): Opened {
  const asIs = (entries: JsonObject) => entries;
  if (!isObject(value)) return { entries: undefined, wrap: asIs };
  if (!(SECRET in value)) return { entries: value, wrap: asIs };
  const { plaintext } = value;
  const inside: unknown = typeof plaintext === "string" ? JSON.parse(plaintext) : undefined;
  return {
    entries: isObject(inside) ? inside : undefined,
    wrap: (entries) => ({ ...value, plaintext: JSON.stringify(entries) }),
  };
}

export function merged(before: JsonObject, moved: JsonObject): JsonObject {
  const names = new Set([...Object.keys(before), ...Object.keys(moved)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const [one, other] = [opened(before[name]), opened(moved[name])];
      if (!one.entries || !other.entries) return [name, moved[name] ?? before[name]];
      return [name, other.wrap({ ...one.entries, ...other.entries })];
    }),
  );
}
