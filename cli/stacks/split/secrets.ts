import { z } from "zod";
import { isObject } from "../../../components/json.ts";
import type { CallPulumi } from "../../pulumi/call.ts";

const shown = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().default(false) }),
);

/** Secrets that maps hold for several clusters: by cluster, or by `<cluster>/<hub>`. */
const BY_CLUSTER: ReadonlySet<string> = new Set(["kubeconfigs", "hubSecrets", "hubTokens"]);
/** Secrets that every stack with a cluster needs whole. */
const WHOLE: ReadonlySet<string> = new Set(["registryPasswords"]);

/** The text of a secret as a cluster's own stack needs it; undefined where it needs nothing of it. */
export function secretOf(key: string, text: string, cluster: string): string | undefined {
  if (WHOLE.has(key)) return text;
  if (!BY_CLUSTER.has(key)) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return text;
  const own = Object.entries(value).filter(([id]) => id === cluster || id.startsWith(`${cluster}/`));
  return JSON.stringify(Object.fromEntries(own));
}

/** Gives a cluster's own stack the secrets that it needs of another one; they stay in memory. */
export async function copySecrets(
  call: CallPulumi,
  { source, target, cluster }: { readonly source: string; readonly target: string; readonly cluster: string },
): Promise<void> {
  const text = await call(["config", "--json", "--show-secrets", "--stack", source]);
  for (const [fullKey, { value, secret }] of Object.entries(shown.parse(JSON.parse(text)))) {
    if (!secret || value === undefined || !fullKey.startsWith("lectern:")) continue;
    const own = secretOf(fullKey.slice("lectern:".length), value, cluster);
    if (own !== undefined) await call(["config", "set", "--stack", target, "--secret", fullKey], own);
  }
}
