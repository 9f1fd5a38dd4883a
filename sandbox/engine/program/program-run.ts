import type { RunOptions } from "../run.ts";
import type { Session } from "../session.ts";
import type { ResourceState } from "../state/deployment.ts";
import { invoke, readResource } from "../step/reading.ts";
import { Registrar } from "../step/registration.ts";
import { STACK_TYPE } from "../value/urn.ts";
import { identical, type PropertyMap } from "../value/values.ts";
import { type ProgramRequests, serveMonitor } from "./monitor.ts";
import { complaint, programError, startProgram } from "./program.ts";

/**
 * Runs the program and does what it asks for, until it has ended or may start nothing any more.
 * @returns whether it came to its own good end
 */
export async function runProgram(session: Session, options: RunOptions): Promise<boolean> {
  const { gate, reporter } = session;
  const outputs = new StackOutputs(session);
  const service = await serveMonitor(requests(session, outputs));
  const program = startProgram({
    run: options,
    dryRun: session.dryRun,
    address: service.address,
    onOutput: (line) => reporter.say("info", line),
    onError: (line) => reporter.say("info", line),
  });
  const kill = () => program.signal("SIGKILL");
  options.killSignal?.addEventListener("abort", kill);
  try {
    const end = await Promise.race([program.ended, gate.closedAndIdle()]);
    // It waits for replies that will not come.
    if (!end) program.signal("SIGKILL");
    const { code, signal } = end ?? (await program.ended);
    const said = end && complaint(code, signal);
    if (said) reporter.say("error", said);
    await outputs.settle(end !== undefined && code === 0 && gate.failed.size === 0);
    return end !== undefined && code === 0;
  } finally {
    options.killSignal?.removeEventListener("abort", kill);
    service.stop();
  }
}

function requests(session: Session, outputs: StackOutputs): ProgramRequests {
  const { gate, reporter } = session;
  const registrar = new Registrar(session);
  return {
    register: (goal) => gate.during(() => registrar.register(goal)),
    registerOutputs: (urn, given) => gate.during(() => registerOutputs(session, outputs, urn, given)),
    read: (goal) => gate.during(() => readResource(session, goal)),
    invoke: (token, args) => gate.during(() => invoke(session, token, args)),
    log({ severity, message, urn, ephemeral }) {
      if (ephemeral) return reporter.progress(message, urn || undefined);
      // What a failed resource causes in the program was reported with the resource.
      if (severity === "error" && gate.failed.size > 0 && / failed to register\b/.test(message)) return;
      const text = severity === "error" ? programError(message) : message;
      reporter.say(severity, text, urn || undefined);
    },
  };
}

async function registerOutputs(
  session: Session,
  stack: StackOutputs,
  urn: string,
  outputs: PropertyMap,
): Promise<void> {
  const state = session.journal.news.get(urn);
  // A resource that is left out of this run keeps what it had.
  if (!state) return;
  if (state.type === STACK_TYPE) stack.given = { state, outputs };
  else await setOutputs(session, state, outputs);
}

async function setOutputs(session: Session, state: ResourceState, outputs: PropertyMap): Promise<void> {
  if (identical(state.outputs ?? {}, outputs)) return;
  await session.journal.put({ ...state, outputs });
}

/** The stack's own outputs, which are settled when the rest is: a failed run adds to the old ones. */
class StackOutputs {
  given: { state: ResourceState; outputs: PropertyMap } | undefined;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async settle(complete: boolean): Promise<void> {
    if (!this.given) return;
    const { state, outputs } = this.given;
    const old = this.#session.journal.olds.get(state.urn)?.outputs ?? {};
    await setOutputs(this.#session, state, complete ? outputs : { ...old, ...outputs });
  }
}
