import { createRequire } from "node:module";
import type { Report } from "./context.ts";

/** Tells the engine what providers report, and waits until it has been told everything. */
export interface EngineLog {
  report(report: Report): void;
  told(): Promise<unknown>;
}

/**
 * The log of the engine that started this process: the SDK's dynamic provider gets its address as the first
 * argument. Where there is none (a test, a tool), reports are printed line by line.
 */
export function engineLog(): EngineLog {
  const [, program = "", address = ""] = process.argv;
  const isProvider = /[\\/]dynamic-provider\b/.test(program) && /:[1-9]\d*$/.test(address);
  return isProvider ? overGrpc(address) : printed;
}

const printed: EngineLog = {
  report: (report) => void process.stdout.write(`${textOf(report).replaceAll("\n", "\n  ")}\n`),
  told: async () => undefined,
};

const textOf = ({ severity, resource, message }: Report) =>
  [resource, severity === "info" ? undefined : severity, message].filter((part) => part).join(": ");

function overGrpc(address: string): EngineLog {
  const pending = new Set<Promise<void>>();
  const log = client(address);
  return {
    report(report) {
      const telling = log(report).catch(() => printed.report(report));
      pending.add(telling);
      telling.finally(() => pending.delete(telling));
    },
    told: () => Promise.all(pending),
  };
}

/** The SDK's own client for the engine, required as the SDK's process has it loaded already. */
function client(address: string): (report: Report) => Promise<void> {
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
      engine.log(request, (error) => (error ? reject(error) : resolve()));
    });
  };
}
