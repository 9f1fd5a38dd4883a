import { existsSync, readFileSync } from "node:fs";

/** A step as the sandbox's `--json` reports it too: a replacement is one `replace`. */
interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** With `replace`: the inputs whose change needs a new resource. */
  readonly replaces?: readonly string[];
  readonly failed?: true;
}

interface Said {
  readonly severity: string;
  readonly message: string;
  readonly urn?: string;
}

/** What an operation of the engine did, in the order in which its steps ended. */
export interface Events {
  readonly steps: readonly Step[];
  readonly summary: Readonly<Record<string, number>>;
  /** Without the engine's own debugging, and without where it found its plugins. */
  readonly diagnostics: readonly Said[];
}

/** The parts of an engine's event that are read here; one JSON document each line of the log. */
interface LoggedEvent {
  readonly resourcePreEvent?: Logged;
  readonly resOutputsEvent?: Logged;
  readonly resOpFailedEvent?: Logged;
  readonly diagnosticEvent?: Said;
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}
interface Logged {
  readonly metadata: {
    readonly op: string;
    readonly urn: string;
    readonly type: string;
    readonly keys?: readonly string[];
  };
  readonly planning?: boolean;
}

/** Reads the file that `--event-log` wrote. */
export function readEvents(file: string): Events {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const events = lines.map((line): LoggedEvent => JSON.parse(line));
  const ended = events.flatMap(({ resOutputsEvent, resOpFailedEvent }): Step[] => [
    ...(resOutputsEvent ? stepsOf(resOutputsEvent) : []),
    ...(resOpFailedEvent
      ? stepsOf(resOpFailedEvent).map((step) => ({ ...step, failed: true as const }))
      : []),
  ]);
  return {
    // A component has ended once it is registered, and its outputs are an event of their own.
    steps: [...new Map(ended.map((step) => [`${step.op} ${step.urn}`, step])).values()],
    summary: events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    diagnostics: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent && isSaid(diagnosticEvent) ? [diagnosticEvent] : [],
    ),
  };
}

/** Default providers are the engine's own affair, and of a replacement one step tells enough. */
function stepsOf({ metadata: { op, urn, type, keys } }: Logged): Step[] {
  const name = urn.split("::").at(-1) ?? urn;
  if ((type.startsWith("pulumi:providers:") && name.startsWith("default")) || op === "replace") return [];
  const replacement = op === "create-replacement";
  return [
    {
      op: replacement ? "replace" : op,
      type,
      name,
      urn,
      ...(replacement ? { replaces: keys ?? [] } : {}),
    },
  ];
}

const isSaid = ({ severity, message }: Said) =>
  severity !== "debug" && !/^using pulumi-\S+ from \$PATH at /.test(message);
