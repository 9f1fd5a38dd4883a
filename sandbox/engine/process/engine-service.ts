import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Severity } from "../../../plan/model.ts";
import { CHANNEL_OPTIONS } from "../provider/provider-calls.ts";

/** What a process of the SDK logs with the engine. */
export interface LogEntry {
  readonly severity: Severity;
  readonly message: string;
  /** Empty where the message names no resource. */
  readonly urn: string;
  /** Shown while the run goes on, and not kept. */
  readonly ephemeral: boolean;
}

/** A server on loopback and its address. */
export interface Listening {
  readonly address: string;
  readonly stop: () => void;
}

const SEVERITIES: Readonly<Record<number, Severity>> = { 1: "info", 2: "warning", 3: "error" };

/** Adds the `Engine` service to a server. */
export function addEngineService(server: Server, onLog: (entry: LogEntry) => void): void {
  let root = "";
  server.addService(services.EngineService, {
    log: unary((request: engine.LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()];
      // The other severity is DEBUG, with which the SDK logs its internals.
      if (severity) {
        const [message, urn] = [request.getMessage(), request.getUrn()];
        onLog({ severity, message, urn, ephemeral: request.getEphemeral() });
      }
      return new empty.Empty();
    }),
    getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    startDebugging: unimplemented,
    requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
  });
}

/** The `Engine` service alone, which the providers' process is given to log with. */
export function serveProviderLog(onLog: (entry: LogEntry) => void): Promise<Listening> {
  const server = new Server(CHANNEL_OPTIONS);
  addEngineService(server, onLog);
  return listen(server);
}

export async function listen(server: Server): Promise<Listening> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

type Unary<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  done: sendUnaryData<Response>,
) => void;

/** Replies with what `serve` resolves to, or with its error. Without a response there is no reply. */
export function unary<Request, Response>(
  serve: (request: Request) => Promise<Response | undefined> | Response,
): Unary<Request, Response> {
  return async (call, done) => {
    try {
      const response = await serve(call.request);
      if (response !== undefined) done(null, response);
    } catch (error) {
      done({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

export const unimplemented: Unary<unknown, never> = (_call, done) =>
  done({ code: status.UNIMPLEMENTED, details: "the sandbox does not serve this call" });
