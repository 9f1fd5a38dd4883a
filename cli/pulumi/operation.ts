import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { LiveThing } from "../../plan/notification/live-thing.ts";
import { WentLive } from "../../plan/notification/went-live.ts";

/** What an operation of the engine did, as its events tell. */
export interface Operation {
  /** How many resources each operation had. */
  readonly changes: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Each step with what it changes: `update URN title tags`. */
  readonly planned: readonly string[];
  /** The URNs of each kind of step that was planned or done: `{create: [...]}`. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** What was done, as people know it; nothing of a preview. */
  readonly live: readonly LiveThing[];
}

/** Gathers what the engine's events tell of an operation. */
export class OperationLog {
  readonly #errors = new Map<string, string>();
  readonly #general: string[] = [];
  readonly #warnings = new Set<string>();
  readonly #steps = new Map<string, Set<string>>();
  readonly #planned = new Set<string>();
  readonly #live = new WentLive();
  #changes: Readonly<Record<string, number>> = {};

  note(event: EngineEvent): void {
    const { diagnosticEvent, summaryEvent, resourcePreEvent } = event;
    this.#live.note(event);
    if (summaryEvent) this.#changes = { ...summaryEvent.resourceChanges } as Record<string, number>;
    if (resourcePreEvent) {
      const { op, urn, diffs = [], detailedDiff } = resourcePreEvent.metadata;
      const paths = [...new Set([...diffs, ...Object.keys(detailedDiff ?? {})])].sort();
      this.#planned.add([op, urn, ...paths].join(" "));
      this.#steps.set(op, (this.#steps.get(op) ?? new Set()).add(urn));
    }
    if (!diagnosticEvent) return;
    const { severity, urn, message } = diagnosticEvent;
    const text = plain(message);
    if (text === "") return;
    if (severity === "warning") this.#warnings.add(text);
    if (severity !== "error") return;
    if (urn && !isStack(urn)) this.#errors.set(`${urn} ${text}`, `${nameOf(urn)}: ${text}`);
    else this.#general.push(text);
  }

  get operation(): Operation {
    const errors = [...this.#errors.values()];
    // What failed is told by its resource; that the run failed because of it is no news.
    const general = this.#general.filter(
      (text) => errors.length === 0 || !/failed to register|update failed/.test(text),
    );
    return {
      changes: this.#changes,
      errors: [...errors, ...new Set(general)],
      warnings: [...this.#warnings],
      planned: [...this.#planned],
      steps: Object.fromEntries([...this.#steps].map(([op, urns]) => [op, [...urns]])),
      live: this.#live.things,
    };
  }
}

/** A message without the engine's marks for colours. */
const plain = (message: string) => message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();

/** `ImagePrepuller campus` of a URN. */
function nameOf(urn: string): string {
  const [, , type = "", ...rest] = urn.split("::");
  const name = rest.join("::");
  const kind = type.split("$").at(-1)?.split(":").at(-1) ?? type;
  return `${kind} ${name}`;
}

const isStack = (urn: string) => urn.includes("::pulumi:pulumi:Stack::");
