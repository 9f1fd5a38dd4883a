import { Server, ServerCredentials } from "@grpc/grpc-js";
import events from "@pulumi/pulumi/proto/events_grpc_pb.js";
import providers from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Operation } from "../../plan/model.ts";
import { CHANNEL_OPTIONS } from "../engine/provider/provider-calls.ts";
import { Reporter } from "../engine/reporter.ts";
import type { RunOptions, RunResult } from "../engine/run.ts";
import { STACK_TYPE, typeOf } from "../engine/value/urn.ts";
import { mask, type PropertyMap } from "../engine/value/values.ts";
import { type CliProcess, type CliResult, startCli } from "./cli.ts";
import { EventReader, eventService } from "./events.ts";
import { pluginService } from "./plugins.ts";
import { openStack, type PulumiStack } from "./stack.ts";

/**
 * Runs one operation on one stack by the Pulumi CLI, with the same program, services and configuration as
 * on the sandbox's own engine, and reports it in the same form. Each engine keeps its own state.
 *
 * What goes wrong within the run is in its result.
 * @throws {LecternError} where the CLI or its language host is missing, or the stack can't be made
 */
export async function runOnPulumi(options: RunOptions): Promise<RunResult> {
  const secrets = (options.secretKeys ?? []).map((key) => options.config[key] ?? "");
  const reporter = new Reporter(options.onEvent, secrets);
  const stack = await openStack(options);
  const before = await stack.resources();
  const reader = new EventReader(reporter, options.operation, new Set(before.map(({ urn }) => urn)));
  const adapters = options.adapters ?? {};
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(events.EventsService, eventService(reader.take));
  server.addService(
    providers.ResourceProviderService,
    pluginService(adapters, {
      preview: options.operation === "preview" || options.dryRun === true,
      onProgress: (message, urn) => reporter.progress(message, urn),
    }),
  );
  const port = await listen(server);
  try {
    const cli = startCli(
      { ...stack, cwd: options.projectRoot },
      [...commandOf(options, stack), "--event-log", `tcp://127.0.0.1:${port}`],
      // The CLI attaches to these instead of starting a plugin.
      {
        PULUMI_DEBUG_PROVIDERS: Object.keys(adapters)
          .map((name) => `${name}:${port}`)
          .join(","),
      },
    );
    const result = await followed(cli, options);
    reader.finish();
    const outputs = before.find(({ urn }) => typeOf(urn) === STACK_TYPE)?.outputs ?? {};
    return conclude({ result, reader, reporter, before: outputs }, options);
  } finally {
    server.forceShutdown();
  }
}

async function followed(cli: CliProcess, { signal, killSignal }: RunOptions): Promise<CliResult> {
  const interrupt = () => cli.interrupt();
  const signals = [signal, killSignal].flatMap((one) => one ?? []);
  for (const one of signals) one.addEventListener("abort", interrupt, { once: true });
  try {
    if (signal?.aborted) cli.interrupt();
    return await cli;
  } finally {
    for (const one of signals) one.removeEventListener("abort", interrupt);
  }
}

const COMMANDS: Readonly<Record<Operation, readonly string[]>> = {
  preview: ["preview"],
  up: ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

function commandOf(options: RunOptions, stack: PulumiStack): string[] {
  const { operation, dryRun, parallel, targets = [], continueOnError } = options;
  const command = COMMANDS[operation].map((word) =>
    dryRun && word === "--skip-preview" ? "--preview-only" : word,
  );
  return [
    ...command,
    ...stack.options,
    ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
    ...targets.flatMap((target) => ["--target", target]),
    ...(continueOnError && operation !== "refresh" && operation !== "preview" ? ["--continue-on-error"] : []),
  ];
}

interface Ended {
  readonly result: CliResult;
  readonly reader: EventReader;
  readonly reporter: Reporter;
  /** The stack's outputs before the run. */
  readonly before: PropertyMap;
}

function conclude({ result, reader, reporter, before }: Ended, options: RunOptions): RunResult {
  const cancelled = options.signal?.aborted === true;
  const failed = result.code !== 0 || reporter.failed();
  // What stops the CLI before it begins, such as a lock, has no event.
  if (failed && !cancelled && !reporter.failed()) reporter.say("error", complaint(result));
  const { operation } = options;
  const now = operation === "destroy" && !failed ? {} : (reader.outputs ?? {});
  const keeps = operation === "refresh" || (failed && operation !== "preview");
  return {
    ok: !failed && !cancelled,
    cancelled,
    steps: reporter.plannedSteps(),
    summary: reporter.summary(),
    outputs: keeps ? { ...mask(before), ...now } : now,
    diagnostics: reporter.diagnostics,
  };
}

function complaint({ code, stderr }: CliResult): string {
  const text = stderr
    .replace(/^warning: using pulumi-.*\n/gm, "")
    .replace(/^error: /, "")
    .trim();
  return text === "" ? `\`pulumi\` ended with ${code ?? "a signal"}` : text;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
