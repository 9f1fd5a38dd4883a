import { credentials, type ServiceError } from "@grpc/grpc-js";
import providers from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { startChild } from "../process/child.ts";
import { type LogEntry, serveProviderLog } from "../process/engine-service.ts";
import type { Adapter } from "./adapter.ts";
import { type Call, CHANNEL_OPTIONS, failure, type Method, operations, toStruct } from "./provider-calls.ts";
import { ProviderErrors } from "./provider-errors.ts";

export interface DynamicProviderOptions {
  readonly projectRoot: string;
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** What a provider logs, or prints as a line of text: the progress of its resource. */
  readonly onLog: (entry: LogEntry) => void;
  readonly onWarning: (text: string) => void;
}

/** The dynamic resources' provider, and how it is stopped. */
export interface DynamicProvider extends Adapter {
  /** Asks it to give up waiting for what the next run can wait for. */
  interrupt(): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Starts the SDK's own `cmd/dynamic-provider` in the project's root and speaks to it as an engine does.
 * @throws Error where it ends before it listens
 */
export async function startDynamicProvider(options: DynamicProviderOptions): Promise<DynamicProvider> {
  const errors = new ProviderErrors(options.onWarning);
  const log = await serveProviderLog(options.onLog);
  const { child, port } = await startProcess(options, log.address, errors).catch((error: unknown) => {
    log.stop();
    throw error;
  });
  const address = `127.0.0.1:${port}`;
  const client = new providers.ResourceProviderClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  const call = caller(client, errors);
  const configuration = new pb.ConfigureRequest().setArgs(toStruct(options.config)).setAcceptsecrets(true);
  await call<pb.ConfigureRequest, pb.ConfigureResponse>("configure", configuration);
  return {
    ...operations(call),
    async close() {
      client.close();
      child.signal("SIGTERM");
      await child.ended;
      log.stop();
      errors.flush();
    },
    interrupt: () => child.signal("SIGINT"),
    kill: () => child.signal("SIGKILL"),
  };
}

/** The first line that the process prints is its port; the rest is for people. */
async function startProcess(options: DynamicProviderOptions, engine: string, errors: ProviderErrors) {
  const port = Promise.withResolvers<number>();
  let listening = false;
  const child = startChild({
    command: "dynamic-provider",
    args: [engine],
    projectRoot: options.projectRoot,
    environment: {
      PULUMI_NODEJS_PROJECT: options.project,
      PULUMI_NODEJS_STACK: options.stack,
      PULUMI_CONFIG: JSON.stringify(options.config),
    },
    onOutput: (line) => {
      if (listening) return options.onLog({ severity: "info", message: line, urn: "", ephemeral: false });
      listening = true;
      port.resolve(Number(line));
    },
    onError: (line) => errors.line(line),
  });
  const over = child.ended.then(({ code }) => {
    throw new Error(`the dynamic provider's process exited unexpectedly (exit code ${code})`);
  });
  over.catch(() => undefined);
  return { child, port: await Promise.race([port.promise, over]) };
}

function caller(client: InstanceType<typeof providers.ResourceProviderClient>, errors: ProviderErrors): Call {
  return <Request, Response>(method: Method, request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      // The generated client has one overload for each method; the request fixes which one is meant.
      const invoke = client[method].bind(client) as unknown as (
        request: Request,
        done: (error: ServiceError | null, response: Response) => void,
      ) => void;
      invoke(request, (error, response) => (error ? reject(failure(error, errors)) : resolve(response)));
    });
}
