import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isObject } from "../../../components/json.ts";
import { parseYaml } from "../../../components/problem/yaml-file.ts";
import { type Finding, failed, passed } from "../finding.ts";
import type { World } from "../world.ts";
import { firstLine } from "./machine.ts";

/** A stack's configuration, as far as it can be read here. */
export interface StackSettings {
  readonly stack: string;
  /** Whether there is such a stack, or a file for it. */
  readonly known: boolean;
  /** Full key to text, secrets decrypted; without those that can't be. */
  readonly raw: Readonly<Record<string, string>>;
  /** Full keys of what is set with `--secret`. */
  readonly secretKeys: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const shown = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().default(false) }),
);

/** Reads the configuration by the Pulumi CLI; where that can't, what is in the file and is no secret. */
export async function readStackSettings(world: World, stack: string): Promise<StackSettings> {
  const { code, stdout, stderr } = await world.run(
    "pulumi",
    ...["config", "--json", "--show-secrets", "--non-interactive", "--stack", stack],
  );
  if (code !== 0) {
    const finding = code === 127 ? [] : [unreadable(stack, stderr)];
    return { stack, ...fromFile(world.root, stack), findings: finding };
  }
  const entries = Object.entries(shown.parse(JSON.parse(stdout)));
  return {
    stack,
    known: true,
    raw: Object.fromEntries(
      entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
    ),
    secretKeys: new Set(entries.filter(([, { secret }]) => secret).map(([key]) => key)),
    findings: [passed(`the stack ${stack} exists, and its secrets can be decrypted`)],
  };
}

/** Why the CLI could not show a configuration, and the command that changes that. */
const CAUSES: readonly (readonly [RegExp, (stack: string) => string])[] = [
  [/PULUMI_ACCESS_TOKEN|not logged in|pulumi login|401/i, () => "pulumi login"],
  [/no stack named|not found|404/i, (stack) => `pulumi stack init ${stack}`],
  [/passphrase/i, () => "export PULUMI_CONFIG_PASSPHRASE=…   or PULUMI_CONFIG_PASSPHRASE_FILE"],
];

function unreadable(stack: string, stderr: string): Finding {
  const fix = CAUSES.find(([cause]) => cause.test(stderr))?.[1](stack);
  const message = `the stack ${stack} can't be read: ${firstLine(stderr)}`;
  return failed(message, fix ?? `pulumi config --stack ${stack}`);
}

function fromFile(root: string, stack: string): Pick<StackSettings, "known" | "raw" | "secretKeys"> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const { value } = existsSync(file) ? parseYaml(readFileSync(file, "utf8"), file) : { value: undefined };
  const config = isObject(value) && isObject(value["config"]) ? Object.entries(value["config"]) : [];
  const isSecret = (entry: unknown) => isObject(entry) && "secure" in entry;
  return {
    known: existsSync(file),
    raw: Object.fromEntries(
      config
        .filter(([, entry]) => !isSecret(entry))
        .map(([key, entry]) => [key, typeof entry === "string" ? entry : JSON.stringify(entry)]),
    ),
    secretKeys: new Set(config.filter(([, entry]) => isSecret(entry)).map(([key]) => key)),
  };
}
