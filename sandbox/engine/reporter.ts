import { stripVTControlCharacters } from "node:util";
import type { Diagnostic, RunEvent, Severity, Step, StepOp } from "../../plan/model.ts";
import { HubObjects } from "../../plan/objects.ts";

/** Masking a secret shorter than this would mask ordinary text. */
const SHORTEST_SECRET = 4;

/** Gathers what a run reports and passes it on as it happens, with the configuration's secrets masked. */
export class Reporter {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #running = new Set<string>();
  readonly #objects = new HubObjects();
  readonly #onEvent: (event: RunEvent) => void;
  readonly #secrets: readonly string[];

  constructor(onEvent: ((event: RunEvent) => void) | undefined, secrets: readonly string[]) {
    this.#onEvent = onEvent ?? (() => undefined);
    this.#secrets = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  }

  /** Reports that a step begins; the function that it returns reports how the step ended. */
  begin(step: Step): (end?: Partial<Step>) => void {
    const start = performance.now();
    this.#running.add(step.urn);
    this.#onEvent({ type: "step-started", step });
    return (end = {}) => {
      const error = end.error === undefined ? {} : { error: this.#clean(end.error) };
      const finished = { ...step, ...end, ...error };
      this.#running.delete(step.urn);
      this.steps.push(finished);
      this.#onEvent({ type: "step-finished", step: finished, milliseconds: performance.now() - start });
      if (finished.error !== undefined) this.say("error", finished.error, finished.urn);
    };
  }

  /** A step that never began, as its provider did not accept the inputs: one diagnostic for each reason. */
  rejected(step: Step, reasons: readonly string[]): void {
    const said = reasons.map((reason) => this.#clean(reason));
    const finished = { ...step, error: said.join("\n") };
    this.steps.push(finished);
    this.#onEvent({ type: "step-finished", step: finished, milliseconds: 0 });
    for (const reason of said) this.say("error", reason, step.urn);
  }

  /** What a provider reports without a URN is about the only step in progress, where there is just one. */
  progress(message: string, urn?: string, severity: Severity = "info"): void {
    const [only, ...others] = this.#running;
    const known = urn ?? (others.length === 0 ? only : undefined);
    const about = known === undefined ? {} : { urn: known };
    const said = { message: this.#clean(message), ...about };
    if (!this.#objects.take(said)) this.#onEvent({ type: "step-progress", severity, ...said });
  }

  say(severity: Severity, message: string, urn?: string): void {
    const about = urn === undefined ? {} : { urn };
    const diagnostic: Diagnostic = { severity, message: this.#clean(message), ...about };
    if (this.#objects.take(diagnostic)) return;
    const known = (said: Diagnostic) => said.message === diagnostic.message && said.urn === diagnostic.urn;
    if (severity !== "info" && this.diagnostics.some(known)) return;
    this.diagnostics.push(diagnostic);
    this.#onEvent({ type: "diagnostic", diagnostic });
  }

  /** The steps, each hub's with the changes of its objects. */
  plannedSteps(): readonly Step[] {
    return this.#objects.ofSteps(this.steps);
  }

  summary(): Partial<Record<StepOp, number>> {
    const counts: Partial<Record<StepOp, number>> = {};
    for (const { op, error } of this.steps) {
      if (error === undefined && op !== "delete-replaced") counts[op] = (counts[op] ?? 0) + 1;
    }
    return counts;
  }

  failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  #clean(message: string): string {
    const plain = stripVTControlCharacters(message).trim();
    return this.#secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), plain);
  }
}
