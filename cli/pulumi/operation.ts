import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** What an operation of the engine did, as its events tell. */
export interface Operation {
  /** How many resources each operation had. */
  readonly changes: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The URNs of each kind of step that was planned or done: `{create: [...]}`. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
}

/** Gathers what the engine's events tell of an operation. */
export class OperationLog {
  readonly #errors = new Map<string, string>();
  readonly #general: string[] = [];
  readonly #warnings = new Set<string>();
  readonly #steps = new Map<string, Set<string>>();
  #changes: Readonly<Record<string, number>> = {};

  note({ diagnosticEvent, summaryEvent, resourcePreEvent }: EngineEvent): void {
    if (summaryEvent) this.#changes = { ...summaryEvent.resourceChanges } as Record<string, number>;
    if (resourcePreEvent) {
      const { op, urn } = resourcePreEvent.metadata;
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
      steps: Object.fromEntries([...this.#steps].map(([op, urns]) => [op, [...urns]])),
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
