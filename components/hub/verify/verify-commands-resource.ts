import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** What the commands of an operator are told of a hub. */
export interface VerifiedHub {
  /** The hub's address with its base path. */
  readonly url?: pulumi.Input<string> | undefined;
  /** Its token in `lectern:hubTokens`. */
  readonly token?: pulumi.Input<string> | undefined;
  /** The digest of chart and values: the commands run again when it changes. */
  readonly change: pulumi.Input<string>;
  /** The folder that they run in. @default the project's */
  readonly folder?: string | undefined;
}

/**
 * Registers the commands with which an operator verifies a hub, `verify` in cluster.yaml: one after another,
 * in the order of the file, on the machine that deploys. Each runs when it is new and again where the hub
 * changes. One that fails fails the hub, as its dependents and the gate see.
 *
 * They find the hub's address in `LECTERN_HUB_URL` and its token in `LECTERN_HUB_TOKEN`; both are secrets in the
 * state, what the commands print is one too, and none of it is logged.
 * @param hub the name of the hub's resources, `<cluster>-<hub>`
 * @param options with `dependsOn`: what must be there before
 */
export async function verifyCommands(
  hub: string,
  commands: readonly string[],
  { url, token, change, folder }: VerifiedHub,
  options: pulumi.CustomResourceOptions = {},
): Promise<local.Command[]> {
  if (commands.length === 0) return [];
  // Only a stack that has such commands pays for loading the package.
  const { local: here } = await import("@pulumi/command");
  const known: Record<string, pulumi.Input<string>> = {
    ...(url === undefined ? {} : { LECTERN_HUB_URL: url }),
    ...(token === undefined ? {} : { LECTERN_HUB_TOKEN: token }),
  };
  const environment = pulumi.secret(known);
  const made: local.Command[] = [];
  for (const [index, create] of commands.entries()) {
    const args = {
      create,
      triggers: [change],
      environment,
      logging: "none" as const,
      addPreviousOutputInEnv: false,
      ...(folder === undefined ? {} : { dir: folder }),
    };
    const before = made.slice(-1);
    const own = {
      ...options,
      ...(before.length > 0 ? { dependsOn: before } : {}),
      additionalSecretOutputs: ["stdout", "stderr"],
    };
    made.push(new here.Command(`${hub}-verify-${index + 1}`, args, own));
  }
  return made;
}
