import { credentials, type ServiceError } from "@grpc/grpc-js";
import providers from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { PartialFailure } from "../../components/provider/provider.ts";
import type { Adapter } from "./adapter.ts";
import { startChild } from "./child.ts";
import { ProviderErrors } from "./provider-errors.ts";
import type { PropertyMap } from "./values.ts";

/** Messages may be as large as the SDK allows. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

export interface DynamicProviderOptions {
  readonly projectRoot: string;
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** What a provider prints: the progress of whatever it is at. */
  readonly onProgress: (line: string) => void;
  readonly onWarning: (text: string) => void;
}

type Method = "configure" | "check" | "diff" | "create" | "read" | "update" | "delete";

/** The dynamic resources' provider, and how it is ended at once. */
export interface DynamicProvider extends Adapter {
  kill(): void;
}

/**
 * Starts the SDK's own `cmd/dynamic-provider` in the project's root and speaks to it as an engine does.
 * @throws Error where it ends before it listens
 */
export async function startDynamicProvider(options: DynamicProviderOptions): Promise<DynamicProvider> {
  const errors = new ProviderErrors(options.onWarning);
  const port = Promise.withResolvers<number>();
  let listening = false;
  const child = startChild({
    command: "dynamic-provider",
    args: ["127.0.0.1:0"],
    projectRoot: options.projectRoot,
    environment: {
      PULUMI_NODEJS_PROJECT: options.project,
      PULUMI_NODEJS_STACK: options.stack,
      PULUMI_CONFIG: JSON.stringify(options.config),
    },
    onOutput: (line) => {
      if (listening) return options.onProgress(line);
      listening = true;
      port.resolve(Number(line));
    },
    onError: (line) => errors.line(line),
  });
  const over = child.ended.then(({ code }) => {
    throw new Error(`the dynamic provider's process ended by itself (exit code ${code})`);
  });
  over.catch(() => undefined);
  const address = `127.0.0.1:${await Promise.race([port.promise, over])}`;
  const client = new providers.ResourceProviderClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);

  const call = <Request, Response>(method: Method, request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      // The generated client has one overload for each method; the request fixes which one is meant.
      const invoke = client[method].bind(client) as unknown as (
        request: Request,
        done: (error: ServiceError | null, response: Response) => void,
      ) => void;
      invoke(request, (error, response) => (error ? reject(failure(error, errors)) : resolve(response)));
    });
  const configuration = new pb.ConfigureRequest().setArgs(toStruct(options.config)).setAcceptsecrets(true);
  await call<pb.ConfigureRequest, pb.ConfigureResponse>("configure", configuration);

  return {
    ...operations(call),
    async close() {
      client.close();
      child.stop("SIGTERM");
      await child.ended;
      errors.flush();
    },
    kill: () => child.stop("SIGKILL"),
  };
}

type Call = <Request, Response>(method: Method, request: Request) => Promise<Response>;

/** The six operations as protocol messages. */
function operations(call: Call): Adapter {
  return {
    async check(resource, olds, news) {
      const request = new pb.CheckRequest()
        .setUrn(resource.urn)
        .setOlds(toStruct(olds))
        .setNews(toStruct(news));
      const response = await call<pb.CheckRequest, pb.CheckResponse>("check", request);
      const failures = response
        .getFailuresList()
        .map((failed) => ({ property: failed.getProperty(), reason: failed.getReason() }));
      return { inputs: toProperties(response.getInputs()), failures };
    },
    async diff(resource, id, olds, news) {
      const request = new pb.DiffRequest().setId(id).setUrn(resource.urn);
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<pb.DiffRequest, pb.DiffResponse>("diff", request);
      const { DIFF_SOME, DIFF_UNKNOWN } = pb.DiffResponse.DiffChanges;
      if (response.getChanges() === DIFF_UNKNOWN) return undefined;
      return {
        changes: response.getChanges() === DIFF_SOME,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(resource, inputs) {
      const request = new pb.CreateRequest().setUrn(resource.urn).setProperties(toStruct(inputs));
      const response = await call<pb.CreateRequest, pb.CreateResponse>("create", request);
      return { id: response.getId(), outs: toProperties(response.getProperties()) };
    },
    async read(resource, id, props, inputs) {
      const request = new pb.ReadRequest().setId(id).setUrn(resource.urn);
      request.setProperties(toStruct(props)).setInputs(toStruct(inputs));
      const response = await call<pb.ReadRequest, pb.ReadResponse>("read", request);
      const read = { id: response.getId(), props: toProperties(response.getProperties()) };
      return response.hasInputs() ? { ...read, inputs: toProperties(response.getInputs()) } : read;
    },
    async update(resource, id, olds, news) {
      const request = new pb.UpdateRequest().setId(id).setUrn(resource.urn);
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<pb.UpdateRequest, pb.UpdateResponse>("update", request);
      return { outs: toProperties(response.getProperties()) };
    },
    async delete(resource, id, props) {
      const request = new pb.DeleteRequest().setId(id).setUrn(resource.urn).setProperties(toStruct(props));
      await call("delete", request);
    },
  };
}

export function toStruct(properties: PropertyMap): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}

export function toProperties(message: struct.Struct | undefined): PropertyMap {
  // A protocol struct holds JSON and nothing else.
  return (message?.toJavaScript() ?? {}) as PropertyMap;
}

/** What a failed call says: the provider's own words, or what worked in part. */
function failure(error: ServiceError, errors: ProviderErrors): Error {
  errors.expect(error.details);
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(details instanceof Uint8Array)) return new Error(error.details || error.message);
  for (const detail of statuses.Status.deserializeBinary(details).getDetailsList()) {
    if (detail.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
    const partial = pb.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    return new PartialFailure(
      partial.getId(),
      toProperties(partial.getProperties()),
      partial.getReasonsList(),
    );
  }
  return new Error(error.details || error.message);
}
