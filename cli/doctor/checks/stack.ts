import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { agentSocket } from "../../../components/kernel/hosts/transport/transport.ts";
import { formatProblem, LecternError } from "../../../components/problem/problem.ts";
import { inheritedConfig } from "../../../components/resource/inherited.ts";
import { parseConfig, type StackConfig } from "../../../stacks/config.ts";
import { withDefaults } from "../../../stacks/shards/stack-config.ts";
import { stackOfFile } from "../../../stacks/shards/stack-name.ts";
import type { Content } from "../content.ts";
import { type Finding, failed, passed, skipped } from "../finding.ts";
import type { World } from "../world.ts";
import type { StackSettings } from "./stack-settings.ts";

/** Checks the values of a configuration. @returns them too, where they are valid */
export function checkConfig(
  world: World,
  { stack, known, raw, secretKeys }: StackSettings,
): { config?: StackConfig; findings: Finding[] } {
  const name = `Pulumi.${stack}.yaml`;
  const path = join(world.root, name);
  const read = () => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  if (!known) return { findings: [unknownStack(world, stack)] };
  try {
    const all = withDefaults(stack, raw, (environment) => inheritedConfig(environment, world.root));
    const config = parseConfig(all, (key) => secretKeys.has(key), { name, read });
    return {
      config,
      findings: [passed(`the configuration of ${stack} is valid`), ...placeholders(name, config)],
    };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const findings = error.problems.map((problem) =>
      failed(formatProblem({ ...problem, remedy: "" }).replace(/\. \.?$/, ""), problem.remedy),
    );
    return { findings };
  }
}

function unknownStack({ root }: World, stack: string): Finding {
  const names = readdirSync(root).flatMap((file) => stackOfFile(file) ?? []);
  const known = names.map((name) => `--stack ${name}`).join(", ");
  const other = known === "" ? "" : `   or use ${known}`;
  return failed(`there is no Pulumi.${stack}.yaml`, `pulumi stack init ${stack}${other}`);
}

/** Values of the example files: they are valid, and lead nowhere. */
const PLACEHOLDER = /\bexample\.(org|com|net)\b|\bmy-organization\b|(Example){3}/;

/** Whether a value is still the example's, so that looking it up would only report that again. */
export const isPlaceholder = (value: unknown) => PLACEHOLDER.test(JSON.stringify(value) ?? "");

function placeholders(file: string, config: StackConfig): Finding[] {
  const values = Object.entries({ gateways: config.gateways, imageRepository: config.imageRepository });
  return values
    .filter(([, value]) => isPlaceholder(value))
    .map(([key]) =>
      failed(`${file} lectern:${key} still has the example's values`, `Replace them with yours in ${file}`),
    );
}

/** Which secrets the catalog needs and the stack lacks. */
export function checkSecrets(
  { environment }: World,
  { stack, secretKeys }: StackSettings,
  config: StackConfig,
  { hasArticles, kernels }: Content,
): Finding[] {
  const set = (key: string) => `pulumi config set --stack ${stack} --secret lectern:${key}`;
  const check = (key: string, needed: boolean, from = "") => {
    if (!needed) return [];
    if (secretKeys.has(`lectern:${key}`)) return [passed(`secret lectern:${key} is set`)];
    return [failed(`secret lectern:${key} is not set`, `${set(key)}${from}`)];
  };
  const remote = Object.values(config.gateways).some(({ hosts }) =>
    hosts.some((host) => host.local !== true),
  );
  const onGateway = kernels.some(({ backend }) => backend === "gateway");
  const agent = agentSocket(environment) !== undefined;
  return [
    ...check("apiKey", hasArticles || kernels.some(({ backend }) => backend === "qbraid")),
    ...check(
      "gatewayToken",
      onGateway && Object.values(config.gateways).some(({ url }) => url !== undefined),
    ),
    ...(agent && remote && onGateway && !secretKeys.has("lectern:sshPrivateKey")
      ? [
          skipped(
            "lectern:sshPrivateKey is not set: the SSH agent is used here, and CI has none",
            `${set("sshPrivateKey")} < KEY_FILE`,
          ),
        ]
      : check("sshPrivateKey", remote && onGateway, " < KEY_FILE")),
    ...checkAgent(agent, config),
  ];
}

/** Setup commands of hosts log in with an agent alone, whichever key the stack has. */
function checkAgent(agent: boolean, { gateways }: StackConfig): Finding[] {
  const hosts = Object.values(gateways).flatMap((gateway) => gateway.hosts);
  if (!hosts.some((host) => !host.local && Object.keys(host.setup).length > 0)) return [];
  if (agent) return [passed("an SSH agent is there for the setup commands of hosts")];
  const message = "setup commands of hosts log in with an SSH agent, and SSH_AUTH_SOCK names none";
  return [failed(message, "eval $(ssh-agent) && ssh-add KEY_FILE")];
}

/** Whether a stack is of the environment prod: `prod`, or a part of it such as `prod-campus`. */
export const isProd = (stack: string) => /^prod(-|$)/.test(stack);

/** Prod takes what staging has deployed, so staging has to be there. */
export async function checkStaging(world: World, stack: string, config: StackConfig): Promise<Finding[]> {
  if (!isProd(stack)) return [];
  const staging = config.stagingStack ?? stack.replace(/^prod/, "staging");
  const { code } = await world.run(
    "pulumi",
    "stack",
    "output",
    "--json",
    "--non-interactive",
    "--stack",
    staging,
  );
  if (code === 127) return [];
  if (code === 0) return [passed(`the stack ${staging}, which proves what ${stack} gets, exists`)];
  return [
    failed(
      `the stack ${staging}, which proves what ${stack} gets, can't be read`,
      `pulumi up --stack ${staging}`,
    ),
  ];
}
