import { styleText } from "node:util";
import { type Columns, columnsOf, wrapped } from "../../plan/terminal/layout.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { checkClusters } from "./checks/clusters.ts";
import { checkImages } from "./checks/images.ts";
import { checkMachine } from "./checks/machine.ts";
import { checkPlaces } from "./checks/places.ts";
import { checkRepository } from "./checks/repository.ts";
import { checkGateways, checkQbook, contextOf } from "./checks/services.ts";
import { checkConfig, checkSecrets, checkStaging, isPlaceholder, isProd } from "./checks/stack.ts";
import { readStackSettings, type StackSettings } from "./checks/stack-settings.ts";
import { checkWorkflows } from "./checks/workflows.ts";
import { type Content, packagesOf, readContent } from "./content.ts";
import type { Finding } from "./finding.ts";
import { thisWorld, type World } from "./world.ts";

export interface DoctorOptions {
  /** The stack whose configuration and services are checked too. */
  readonly stack?: string;
  readonly json?: boolean;
}

/**
 * `lectern doctor`: what a deployment still lacks, each with the command that fixes it. It changes nothing.
 * @returns the exit code: 0 nothing lacks, 1 something does
 */
export async function doctor(
  options: DoctorOptions,
  world: World = thisWorld(projectFolder()),
): Promise<0 | 1> {
  const findings = await examine(world, options.stack);
  const text = options.json ? jsonOf(findings) : textOf(findings, options.stack, columnsOf(process.stdout));
  process.stdout.write(`${text}\n`);
  return findings.some(({ state }) => state === "failed") ? 1 : 0;
}

/** Every check that can be made; those of a stack only where one is named. */
export async function examine(world: World, stack: string | undefined): Promise<Finding[]> {
  if (stack === undefined) {
    const content = await readContent(world.root, "catalog");
    return [
      ...(await checkMachine(world, packagesOf(content))),
      ...(await checkRepository(world)),
      ...checkWorkflows(world.root),
      ...(await checkPlaces(world, "catalog")),
    ];
  }
  const settings = await readStackSettings(world, stack);
  const { config, findings } = checkConfig(world, settings);
  const content = await readContent(world.root, config?.catalog ?? "catalog");
  return [
    ...(await checkMachine(world, packagesOf(content))),
    ...(await checkRepository(world)),
    ...checkWorkflows(world.root),
    ...settings.findings,
    ...findings,
    ...(config ? checkSecrets(world, settings, config, content) : []),
    ...(config ? await checkStaging(world, stack, config) : []),
    ...(config ? await checkServices(world, settings, config, content) : []),
    ...(await checkPlaces(world, config?.catalog ?? "catalog")),
  ];
}

async function checkServices(
  world: World,
  settings: StackSettings,
  config: NonNullable<ReturnType<typeof checkConfig>["config"]>,
  content: Content,
): Promise<Finding[]> {
  const context = contextOf(world, settings);
  const { stack, raw } = settings;
  // Prod builds nothing: it gets the images that staging has deployed.
  const builds = packagesOf(content).includes("docker") && !isProd(stack);
  const onGateway = content.kernels.some(({ backend }) => backend === "gateway");
  const checks = [
    raw["lectern:apiKey"] === undefined ? [] : checkQbook(context, stack, config.apiUrl),
    onGateway && !isPlaceholder(config.gateways) ? checkGateways(world, context, settings, config) : [],
    checkImages(world, config, content, builds),
    checkClusters(config, content),
  ];
  return (await Promise.all(checks)).flat();
}

function jsonOf(findings: readonly Finding[]): string {
  return JSON.stringify({ checks: findings, summary: countsOf(findings) }, null, 2);
}

const SIGNS = { passed: "✓", failed: "✗", skipped: "-" } as const;
const COLOURS = { passed: "green", failed: "red", skipped: "yellow" } as const;

/** For people: what lacks comes with an arrow and the command that fixes it. */
export function textOf(findings: readonly Finding[], stack: string | undefined, columns: Columns): string {
  const lines = findings.flatMap(({ state, message, fix }) => [
    ...wrapped(`${SIGNS[state]} ${message}`, columns, 2).map((line) => styleText(COLOURS[state], line)),
    ...(fix === undefined ? [] : wrapped(`  → ${fix}`, columns, 4)),
  ]);
  const { failed: bad } = countsOf(findings);
  const more =
    stack === undefined ? " Add --stack staging or --stack prod to check a stack and its services." : "";
  const verdict =
    bad === 0
      ? `${findings.length} checks, nothing is missing; nothing was changed.${more}`
      : `${bad} of ${findings.length} checks failed; nothing was changed.${more}`;
  return [...lines, ...wrapped(verdict, columns)].join("\n");
}

function countsOf(findings: readonly Finding[]): Record<Finding["state"], number> {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}
