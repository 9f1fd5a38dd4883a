import { join, resolve } from "node:path";
import type { Operation, RunEvent, RunReport } from "../plan/model.ts";
import { liveView } from "../plan/terminal/live.ts";
import { projectFolder } from "../stacks/project-folder.ts";
import { projectName, type RawConfig, readSettings, readStackFile, withConfirmed } from "./configuration.ts";
import { kubernetesAdapter } from "./engine/provider/kubernetes.ts";
import type { RunOptions, RunResult } from "./engine/run.ts";
import type { SandboxOptions } from "./options.ts";
import { runReport } from "./run-report.ts";
import type { Services } from "./services.ts";
import { statesOf, type Workplace } from "./workplace.ts";

/**
 * Runs one operation, and shows it while it goes on. The state is locked by the caller.
 * @param told what was shown before, and is not again; see {@link liveView}
 */
export async function operate(
  operation: Operation,
  place: Pick<Workplace, "folder" | "services" | "interrupt" | "options">,
  told?: Set<string>,
): Promise<RunReport> {
  const { folder, services, interrupt, options } = place;
  const root = projectFolder();
  const run = await engineOf(options);
  const view = options.json ? undefined : liveView(operation, process.stdout, told);
  const progress: Extract<RunEvent, { type: "step-progress" }>[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === "step-progress") progress.push(event);
    view?.onEvent(event);
  };
  try {
    const result = await run({
      operation,
      projectRoot: root,
      project: await projectName(root),
      stack: options.stack,
      config: await configuration(services, options),
      secretKeys: services.secretKeys,
      adapters: {
        command: async () => (await import("./engine/command/commands.ts")).runCommands(),
        ...(options.kubeconfig === undefined
          ? { kubernetes: async () => kubernetesAdapter(join(folder, "state/rendered", options.stack)) }
          : {}),
        ...services.adapters,
      },
      plugins: options.kubeconfig === undefined ? [] : ["kubernetes"],
      stateFolder: statesOf(folder, options),
      locked: true,
      parallel: options.parallel,
      continueOnError: options.continueOnError ?? false,
      targets: options.target,
      signal: interrupt.signal,
      killSignal: interrupt.killSignal,
      onEvent,
    });
    return runReport(result, operation, progress);
  } finally {
    view?.end();
  }
}

async function engineOf({ engine }: SandboxOptions): Promise<(options: RunOptions) => Promise<RunResult>> {
  if (engine === "pulumi") return (await import("./pulumi/run.ts")).runOnPulumi;
  return (await import("./engine/engine.ts")).runStack;
}

/** Settings of every stack in the sandbox: the stand-ins read folders, are fast, and set no rate limit. */
const SANDBOX_SETTINGS = {
  "lectern:source": "folder",
  "lectern:pollInterval": "100",
  "lectern:settleTime": "0.5",
  "lectern:requestLimit": "1000000",
};

/** The configuration of a run; later settings override earlier ones. */
async function configuration(services: Services, options: SandboxOptions): Promise<RawConfig> {
  const config = {
    ...(await readStackFile(projectFolder(), options.stack)),
    ...SANDBOX_SETTINGS,
    ...services.config,
    ...readSettings(options.config),
    ...(options.at === undefined ? {} : { "lectern:at": options.at }),
    ...(options.catalog ? { "lectern:catalog": resolve(options.catalog) } : {}),
  };
  return withConfirmed(config, options.confirmed);
}
