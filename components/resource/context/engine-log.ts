import { createRequire } from "node:module";
import type { Report } from "./context.ts";

/** Tells the engine what providers report. */
export interface EngineLog {
  report(report: Report): void;
  /** Resolves when everything that was reported is told, or printed where the engine does not take it. */
  told(): Promise<void>;
}

/** Milliseconds within which an engine that is there takes a message. */
const LIMIT = 5_000;

/**
 * The log of the engine that started this process: the SDK's dynamic provider gets its address as the first
 * argument. Where there is none (a test, a tool), reports are printed line by line.
 * @param limit milliseconds; an engine that does not take a message within them is told no more
 */
export function engineLog(argv: readonly string[] = process.argv, limit = LIMIT): EngineLog {
  const address = engineAddress(argv);
  return address === undefined ? printed : overGrpc(client(address, limit));
}

/** The address of the engine that started this process; undefined where none did. */
function engineAddress([, program = "", address = ""]: readonly string[]): string | undefined {
  const isProvider = /[\\/]dynamic-provider\b/.test(program) && /:[1-9]\d*$/.test(address);
  return isProvider ? address : undefined;
}

const printed: EngineLog = {
  report: (report) => void process.stdout.write(`${textOf(report).replaceAll("\n", "\n  ")}\n`),
  told: async () => undefined,
};

const textOf = ({ severity, resource, message }: Report) =>
  [resource, severity === "info" ? undefined : severity, message].filter((part) => part).join(": ");

function overGrpc(tell: (report: Report) => Promise<void>): EngineLog {
  // One after the other: an engine serves calls side by side, and would mix up their order.
  let last: Promise<void> = Promise.resolve();
  let gone = false;
  return {
    report(report) {
      last = last
        .then(() => (gone ? Promise.reject() : tell(report)))
        .catch(() => {
          gone = true;
          printed.report(report);
        });
    },
    told: () => last,
  };
}

/** The SDK's own client for the engine, required as the SDK's process has it loaded already. */
function client(address: string, limit: number): (report: Report) => Promise<void> {
  const require = createRequire(`${process.cwd()}/package.json`);
  const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = sdk("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const services =
    require("@pulumi/pulumi/proto/engine_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb.js");
  const messages =
    require("@pulumi/pulumi/proto/engine_pb.js") as typeof import("@pulumi/pulumi/proto/engine_pb.js");
  const engine = new services.EngineClient(address, grpc.credentials.createInsecure());
  const { INFO, WARNING, ERROR } = messages.LogSeverity;
  const severities = { info: INFO, warning: WARNING, error: ERROR };
  return ({ severity, resource, message }) => {
    const text = resource === undefined ? message : `${resource}: ${message}`;
    const request = new messages.LogRequest().setSeverity(severities[severity]).setMessage(text);
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + limit;
      engine.log(request, new grpc.Metadata(), { deadline }, (error) => (error ? reject(error) : resolve()));
    });
  };
}
