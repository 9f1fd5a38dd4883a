import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pulumiIn } from "../pulumi/call.ts";
import type { Backend } from "./inputs/inputs.ts";
import { type Project, STACK } from "./project.ts";

/** How a deployment of the project ended. */
export interface Ran {
  readonly ok: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The stack's outputs where it succeeded. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What may deploy a project. */
export interface Engine {
  /** The resources that are deployed, by their IDs. */
  deployed(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  up(report: (line: string) => void): Promise<Ran>;
}

/** Lectern's own engine, over a state in the project's folder that ends with it. */
export function withoutBackend(project: Project): Engine {
  return {
    deployed: async () => new Map(),
    up: async (report) => {
      const { runStack } = await import("../../sandbox/engine/engine.ts");
      const { folder, name, config, secrets } = project;
      const { ok, diagnostics, outputs } = await runStack({
        operation: "up",
        projectRoot: folder,
        project: name,
        stack: STACK,
        config: { ...config, ...secrets },
        secretKeys: Object.keys(secrets),
        stateFolder: join(folder, "state"),
        adapters: {
          command: async () => (await import("../../sandbox/engine/command/commands.ts")).runCommands(),
        },
        onEvent: (event) => {
          if (event.type === "step-progress") report(event.message);
        },
      });
      const of = (severity: string) =>
        diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
      return { ok, errors: of("error"), warnings: of("warning"), outputs };
    },
  };
}

/**
 * The Pulumi CLI on the PATH, over a state that stays in a backend.
 * @throws {LecternError} where there is none, or the backend can't be reached
 */
export async function withBackend(
  { folder, secrets }: Project,
  { url, passphrase }: Backend,
): Promise<Engine> {
  const home = join(folder, "pulumi-home");
  mkdirSync(home);
  // This process is for this run alone, and the CLI is its child.
  Object.assign(process.env, {
    PULUMI_BACKEND_URL: url,
    PULUMI_HOME: process.env["PULUMI_HOME"] || home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(passphrase === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE: passphrase }),
  });
  const pulumi = pulumiIn(folder);
  await pulumi(["stack", "select", STACK, "--create"]);
  for (const [key, value] of Object.entries(secrets)) {
    await pulumi(["config", "set", "--stack", STACK, "--secret", key], value);
  }
  return {
    deployed: async () => resourcesIn(await pulumi(["stack", "export", "--stack", STACK])),
    up: async (report) => {
      const { PulumiProject } = await import("../pulumi/project.ts");
      const project = await PulumiProject.open(folder);
      const [stack] = await project.stacks([STACK]);
      if (!stack) throw new Error("the stack that was selected is not there");
      report("the Pulumi CLI deploys it");
      const { ok, errors, warnings } = await stack.up(new AbortController().signal);
      // Where the deployment failed, the backend may not answer either, and its error would hide the first.
      const outputs = ok ? JSON.parse(await pulumi(["stack", "output", "--json", "--stack", STACK])) : {};
      return { ok, errors, warnings, outputs };
    },
  };
}

const stateSchema = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ id: z.string().optional(), outputs: z.record(z.string(), z.unknown()).optional() }))
      .optional(),
  }),
});

function resourcesIn(state: string): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const { resources = [] } = stateSchema.parse(JSON.parse(state)).deployment;
  return new Map(resources.flatMap(({ id, outputs = {} }) => (id === undefined ? [] : [[id, outputs]])));
}
