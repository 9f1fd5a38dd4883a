import { labelOf } from "../../plan/label.ts";
import { Gate } from "./gate.ts";
import type { LogEntry } from "./process/engine-service.ts";
import { runProgram } from "./program/program-run.ts";
import { startDynamicProvider } from "./provider/dynamic-provider.ts";
import { Providers } from "./provider/providers.ts";
import { Reporter } from "./reporter.ts";
import type { RunOptions, RunResult } from "./run.ts";
import { limiter, messageOf, type Session } from "./session.ts";
import { Crypter, folderPassphrase } from "./state/crypter.ts";
import { unsealed } from "./state/deployment.ts";
import { hasSecret, Journal } from "./state/journal.ts";
import { lockState, readDeployment, StateWriter, stateFile } from "./state/state-file.ts";
import { deleteRest } from "./step/deletion.ts";
import { refresh } from "./step/refresh.ts";
import { Targets } from "./targets.ts";
import { nameOf, STACK_TYPE, typeOf } from "./value/urn.ts";
import { containsUnknown, mask, type PropertyMap } from "./value/values.ts";

/**
 * Runs one operation on one stack, as `pulumi` would: the program and the custom resources run in
 * the SDK's own processes and can't tell the difference.
 *
 * What goes wrong within the run is in its result.
 * @throws LecternError where the state can't be used: damaged, locked, or of another passphrase
 */
export async function runStack(options: RunOptions): Promise<RunResult> {
  const dryRun = options.operation === "preview" || options.dryRun === true;
  const path = stateFile(options.stateFolder, options.stack);
  // A preview writes nothing, so it needs no lock and does not disturb a run that holds it.
  const unlock = dryRun || options.locked ? undefined : await lockState(path);
  try {
    const session = await openSession(options, path, dryRun);
    return await conduct(session, options);
  } finally {
    await unlock?.();
  }
}

async function openSession(options: RunOptions, path: string, dryRun: boolean): Promise<Session> {
  const { project, stack, stateFolder } = options;
  const secrets = (options.secretKeys ?? []).map((key) => options.config[key] ?? "");
  const reporter = new Reporter(options.onEvent, secrets);
  const base = await readDeployment(path);
  const passphrase = async () => options.passphrase ?? (await folderPassphrase(stateFolder, !dryRun));
  const journal = await Journal.open({
    base,
    writer: dryRun ? undefined : new StateWriter(path),
    openCrypter: async () => Crypter.open(await passphrase(), path, base?.secrets_providers),
  });
  const providers = new Providers({
    stack,
    project,
    dryRun,
    journal,
    adapters: options.adapters ?? {},
    startDynamic: () => startDynamicProvider({ ...options, ...listeners(reporter) }),
  });
  return {
    project,
    stack,
    dryRun,
    journal,
    providers,
    reporter,
    gate: new Gate(dryRun || options.continueOnError === true),
    targets: new Targets(options.targets),
    limit: limiter(options.parallel),
    stackOutputs: async (name) => {
      const outputs = await outputsOf(stateFile(stateFolder, name), await passphrase());
      // This stack exists from the start of its first run, although it has no outputs yet.
      if (!outputs && name !== stack) throw new Error(`there is no state of the stack ${name} yet`);
      return outputs ?? {};
    },
  };
}

function listeners(reporter: Reporter) {
  return {
    onLog: ({ severity, message, urn }: LogEntry) => {
      // An error fails the run, as on Pulumi's engine.
      if (severity === "error") reporter.say("error", message, urn || undefined);
      else reporter.progress(message, urn || undefined, severity);
    },
    onWarning: (text: string) => reporter.say("warning", text),
  };
}

/** Does the operation, and ends all that it has started. */
async function conduct(session: Session, options: RunOptions): Promise<RunResult> {
  const { gate, journal, providers, reporter } = session;
  const cancel = () => {
    gate.cancel();
    providers.interrupt();
    reporter.say("warning", "cancelled: running steps are finished, and no other step starts");
  };
  const kill = () => {
    gate.cancel();
    journal.freeze();
    providers.kill();
  };
  const forget = [onAbort(options.signal, cancel), onAbort(options.killSignal, kill)];
  const before = outputsIn([...journal.olds.values()]);
  try {
    warnOfLostCreates(session, options);
    await operate(session, options);
  } catch (error) {
    reporter.say("error", messageOf(error));
  } finally {
    for (const stop of forget) stop();
    await providers.close();
    await journal.flush().catch((error: unknown) => reporter.say("error", messageOf(error)));
  }
  for (const target of session.targets.unmatched()) {
    reporter.say("error", `the target ${target} matches no resource of the stack`);
  }
  return conclude(session, before);
}

async function operate(session: Session, options: RunOptions): Promise<void> {
  if (options.operation === "destroy") return deleteRest(session);
  if (options.operation === "refresh") {
    await refresh(session);
    return session.dryRun ? undefined : session.journal.forgetLostCreates();
  }
  session.providers.warm();
  const complete = await runProgram(session, options);
  // A program that did not run to its end has not registered everything that it wants to keep.
  if (complete && session.gate.open) await deleteRest(session);
}

function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal?.aborted) act();
  else signal?.addEventListener("abort", act, { once: true });
  return () => signal?.removeEventListener("abort", act);
}

function warnOfLostCreates({ journal, reporter }: Session, { operation }: RunOptions): void {
  const advice = operation === "refresh" ? "" : ". Check, then run `lectern sandbox refresh`";
  for (const { urn, type, parent } of journal.lostCreates) {
    const label = labelOf({ type, name: nameOf(urn), ...(parent ? { parent } : {}) });
    const lost = `${label}: an earlier run was interrupted while creating it, so it may or may not exist`;
    reporter.say("warning", lost + advice, urn);
  }
}

function conclude({ reporter, journal, gate }: Session, before: PropertyMap): RunResult {
  const states = [...journal.news.values(), ...journal.rest];
  const outputs = states.some(({ type }) => type === STACK_TYPE) ? outputsIn(states) : {};
  const known = Object.entries(gate.open ? outputs : { ...before, ...outputs }).filter(
    ([, value]) => !containsUnknown(value),
  );
  return {
    ok: !gate.cancelled && !reporter.failed(),
    cancelled: gate.cancelled,
    steps: reporter.plannedSteps(),
    summary: reporter.summary(),
    outputs: mask(Object.fromEntries(known)),
    diagnostics: reporter.diagnostics,
  };
}

/** The outputs of a stack as they were when its last run ended; undefined where it has no state. */
async function outputsOf(path: string, passphrase: string): Promise<PropertyMap | undefined> {
  const deployment = await readDeployment(path);
  const root = deployment?.resources?.find(({ urn }) => typeOf(urn) === STACK_TYPE);
  if (!deployment || !root) return undefined;
  if (!hasSecret(root)) return root.outputs ?? {};
  const crypter = await Crypter.open(passphrase, path, deployment.secrets_providers);
  return unsealed(root, (ciphertext) => crypter.decrypt(ciphertext)).outputs ?? {};
}

function outputsIn(
  states: readonly { readonly type: string; readonly outputs?: PropertyMap }[],
): PropertyMap {
  return states.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}
