import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { ValuesLayer } from "../../components/hub/values/layers.ts";
import { hubSecretsLayer, hubSecretsSchema } from "../../components/hub/values/secrets/hub-secrets.ts";
import { readEncrypted } from "../../components/hub/values/secrets/sops.ts";
import type { ValuesReader } from "../../components/hub/values/values-reader.ts";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";

/** The secret values of a hub, as far as they can be had here. */
export interface SecretLayers {
  readonly layers: readonly ValuesLayer[];
  /** Why a file's values are unknown: its keys are known all the same. */
  readonly warnings: readonly Problem[];
}

/** What keeps a file from being decrypted here, but is no fault of the file. */
const ELSEWHERE = new Set(["missing-program", "no-key"]);

/** @param stack whose configuration has more of them, if any */
export async function secretLayers(
  hub: HubDeclaration,
  reader: ValuesReader,
  stack: string | undefined,
): Promise<SecretLayers> {
  const warnings: Problem[] = [];
  const layers = await Promise.all(
    hub.secrets.map(async ({ path }) => {
      try {
        return await reader.secrets([{ path }]);
      } catch (error) {
        if (!isElsewhere(error)) throw error;
        warnings.push(...error.problems.map((problem) => ({ ...problem, severity: "warning" as const })));
        const { values, ...layer } = await readEncrypted(path, path);
        const { sops: _, ...rest } = values;
        return [{ ...layer, values: rest, secret: true }];
      }
    }),
  );
  const own = stack === undefined ? undefined : await ofStack(hub.id, stack);
  return { layers: [...layers.flat(), ...(own ? [own] : [])], warnings };
}

const isElsewhere = (error: unknown): error is LecternError =>
  error instanceof LecternError && error.problems.every(({ code }) => ELSEWHERE.has(code));

async function ofStack(hub: string, stack: string): Promise<ValuesLayer | undefined> {
  const { readStackConfig } = await import("../gateway/stack-config.ts");
  const text = (await readStackConfig(stack))["lectern:hubSecrets"];
  if (text === undefined) return undefined;
  const { data } = hubSecretsSchema.safeParse(jsonOf(text));
  if (data) return hubSecretsLayer(data, hub);
  throw new LecternError({
    code: "invalid-value",
    severity: "error",
    path: "lectern:hubSecrets",
    message: `the configuration of the stack ${stack} has no map of values by the hubs' IDs here`,
    remedy: 'Set it to a JSON object such as {"campus/staging": {"hub": {…}}}',
  });
}
