import type { ServerReadableStream, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type pb from "@pulumi/pulumi/proto/events_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Operation, Step, StepOp } from "../../plan/model.ts";
import { ProviderErrors } from "../engine/provider/provider-errors.ts";
import type { Reporter } from "../engine/reporter.ts";
import { isProviderType, nameOf, STACK_REFERENCE_TYPE, STACK_TYPE, typeOf } from "../engine/value/urn.ts";
import { changedPaths, containsUnknown, type PropertyMap } from "../engine/value/values.ts";

/** An event of the CLI's log, as far as it is read here: `apitype.EngineEvent`. */
interface CliEvent {
  readonly diagnosticEvent?: { urn?: string; message: string; severity: string };
  readonly resourcePreEvent?: { metadata: StepMetadata };
  readonly resOutputsEvent?: { metadata: StepMetadata };
  readonly resOpFailedEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly old?: StateMetadata;
  readonly new?: StateMetadata;
}

interface StateMetadata {
  readonly custom?: boolean;
  readonly parent?: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
}

/** Serves the stream of events that the CLI sends with `--event-log tcp://…`. */
export function eventService(onEvent: (event: CliEvent) => void): UntypedServiceImplementation {
  return {
    streamEvents: (
      call: ServerReadableStream<pb.EventRequest, empty.Empty>,
      done: sendUnaryData<empty.Empty>,
    ) => {
      call.on("data", (request: pb.EventRequest) => onEvent(JSON.parse(request.getEvent()) as CliEvent));
      call.on("end", () => done(null, new empty.Empty()));
      // A CLI that is killed breaks the stream off.
      call.on("error", () => {});
    },
  };
}

/** The CLI's steps by the sandbox's names. Steps that are missing here concern the CLI alone. */
const OPS: Readonly<Record<string, StepOp>> = {
  create: "create",
  import: "create",
  update: "update",
  same: "same",
  "create-replacement": "replace",
  delete: "delete",
  "delete-replaced": "delete-replaced",
  read: "read",
  "read-replacement": "read",
  refresh: "refresh",
};

/** Passes the CLI's events to a reporter of the sandbox. */
export class EventReader {
  /** The stack's outputs as the program gave them; what is not known yet is left out. */
  outputs: PropertyMap | undefined;
  readonly #reporter: Reporter;
  readonly #operation: Operation;
  readonly #known: ReadonlySet<string>;
  /** The URNs of this run and of the state before it. */
  readonly #seen: Set<string>;
  readonly #running = new Map<string, (end?: Partial<Step>) => void>();
  /** What went wrong with a resource whose step has not failed yet, or never begins. */
  readonly #errors = new Map<string, string[]>();
  readonly #stacks: ProviderErrors;

  /** @param known the URNs that the state has before the run */
  constructor(reporter: Reporter, operation: Operation, known: ReadonlySet<string>) {
    this.#reporter = reporter;
    this.#operation = operation;
    this.#known = known;
    this.#seen = new Set(known);
    this.#stacks = new ProviderErrors((text) => reporter.say("warning", text));
  }

  readonly take = (event: CliEvent): void => {
    const { diagnosticEvent, resourcePreEvent, resOutputsEvent, resOpFailedEvent } = event;
    if (diagnosticEvent) this.#diagnostic(diagnosticEvent);
    if (resourcePreEvent) this.#begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.#end(resOutputsEvent.metadata);
    if (resOpFailedEvent) {
      const { urn } = resOpFailedEvent.metadata;
      this.#running.get(urn)?.({ error: this.#takeErrors(urn).join("\n") });
      this.#running.delete(urn);
    }
  };

  /** After the last event: what was refused before it became a step, and what is reported nowhere else. */
  finish(): void {
    for (const urn of [...this.#errors.keys()]) {
      const step = stepOf(this.#known.has(urn) ? "update" : "create", { urn });
      const component = urn.replace(/\$[^$]+(?=::[^:]+$)/, "");
      const parent = component !== urn && this.#seen.has(component) ? { parent: component } : {};
      this.#reporter.rejected({ ...step, ...parent }, this.#takeErrors(urn));
    }
    this.#stacks.flush();
  }

  #begin(metadata: StepMetadata): void {
    this.#seen.add(metadata.urn);
    const op = OPS[metadata.op];
    if (!op || !this.#isReported(metadata)) return;
    this.#running.set(metadata.urn, this.#reporter.begin(stepOf(op, metadata)));
  }

  #end(metadata: StepMetadata): void {
    if (typeOf(metadata.urn) === STACK_TYPE) this.outputs = known(metadata.new?.outputs ?? {});
    if (!OPS[metadata.op]) return;
    // Only the end of a refresh step shows what it found: unchanged, changed, or gone.
    const found = this.#operation === "refresh" && metadata.op !== "same" ? refreshed(metadata) : {};
    this.#running.get(metadata.urn)?.(found);
    this.#running.delete(metadata.urn);
  }

  /** The engine handles default providers itself, and a refresh only reads resources that a provider serves. */
  #isReported({ urn, old }: StepMetadata): boolean {
    const type = typeOf(urn);
    if (isProviderType(type)) return this.#operation !== "refresh" && !/^default(_|$)/.test(nameOf(urn));
    return this.#operation !== "refresh" || (old?.custom === true && type !== STACK_REFERENCE_TYPE);
  }

  #diagnostic({ urn, message, severity }: NonNullable<CliEvent["diagnosticEvent"]>): void {
    const text = message.trim();
    switch (severity) {
      case "info#err":
        this.#stacks.line(message.trimEnd());
        break;
      case "info":
        // The CLI does not distinguish what a provider logs from what the program logs.
        if (!IDLE.test(text)) this.#reporter.progress(text, urn);
        break;
      case "warning":
        if (!OF_STAND_INS.test(text)) this.#reporter.say("warning", text, urn);
        break;
      case "error":
        if (!SUMMARY.test(text)) this.#error(text, urn);
    }
  }

  #error(text: string, urn: string | undefined): void {
    const reason = reasonOf(text);
    this.#stacks.expect(reason.replace(/^\w+: /, ""));
    if (urn === undefined || typeOf(urn) === STACK_TYPE) this.#reporter.say("error", text);
    else this.#errors.set(urn, [...(this.#errors.get(urn) ?? []), ...causesIn(reason)]);
  }

  #takeErrors(urn: string): string[] {
    const errors = this.#errors.get(urn) ?? [];
    this.#errors.delete(urn);
    return errors;
  }
}

/** Of plugins that are on PATH on purpose. */
const OF_STAND_INS = /^using pulumi-[\w-]+ from \$PATH at /;

/** What the plugin of Kubernetes says of resources that nothing waits for. */
const IDLE = /^(Skipping await logic)?$/;

/** The resource that failed reports it already. */
const SUMMARY = /^(update|preview|refresh|destroy) failed$/;

/** What a provider's check reports, without the CLI's text around it. */
function reasonOf(text: string): string {
  const [, property, reason] =
    /^\S+ resource '.*?': property (\S+) value \{.*?\} has a problem: (.*)$/s.exec(text) ?? [];
  if (property !== undefined && reason !== undefined) return `${property}: ${reason}`;
  return /^\S+ resource '.*?' has a problem: (.*)$/s.exec(text)?.[1] ?? text;
}

/** The causes that Pulumi lists under "2 errors occurred:", each by itself. */
function causesIn(reason: string): string[] {
  const [, list] = /^\d+ errors? occurred:\n(.*)$/s.exec(reason) ?? [];
  const causes = list?.split(/^\t\* /m).map((cause) => cause.trim());
  return causes ? causes.filter((cause) => cause !== "") : [reason];
}

function stepOf(op: StepOp, metadata: Pick<StepMetadata, "urn" | "old" | "new">): Step {
  const { urn, old, new: now } = metadata;
  const parent = now?.parent || old?.parent;
  const compared = op === "update" || op === "replace";
  return {
    op,
    urn,
    type: typeOf(urn),
    name: nameOf(urn),
    ...(parent ? { parent } : {}),
    changed: compared ? changedPaths(old?.inputs ?? {}, now?.inputs ?? {}) : [],
  };
}

function refreshed({ op, old, new: now }: StepMetadata): Partial<Step> {
  if (op === "delete") return { op: "delete" };
  return { op: "update", changed: changedPaths(old?.outputs ?? {}, now?.outputs ?? {}) };
}

const known = (outputs: PropertyMap): PropertyMap =>
  Object.fromEntries(Object.entries(outputs).filter(([, value]) => !containsUnknown(value)));
