import { createHash } from "node:crypto";
import type { ProviderContext } from "../../resource/context/context.ts";
import { kernelSecrets } from "../config.ts";

/** Secret environment variables of a kernel, by name. */
export type SecretVariables = Readonly<Record<string, string>>;

/** What the stack's configuration has of a kernel. */
export function secretsOf(name: string, context: ProviderContext): SecretVariables {
  const { kernelSecrets: all = {} } = context.config(kernelSecrets);
  return (Object.hasOwn(all, name) ? all[name] : undefined) ?? {};
}

/**
 * What tells in the state that secrets have changed; undefined where there are none. The state has a digest of the whole
 * file already, which tells no less.
 */
export function digestOfSecrets(secrets: SecretVariables): string | undefined {
  const entries = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex");
}
