import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { PartialFailure } from "../../../components/resource/provider.ts";
import type { Adapter, AdapterResource } from "../../../sandbox/engine/adapter.ts";
import { CHANNEL_OPTIONS, toProperties, toStruct } from "../../../sandbox/engine/provider-calls.ts";
import { equal, type PropertyMap } from "../../../sandbox/engine/values.ts";

/** Serves an adapter of the sandbox as a plugin of the real engine, and prints its port as a plugin does. */
export function serveAsPlugin(adapter: Adapter): void {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(services.ResourceProviderService, { ...lifecycle(), ...operations(adapter) });
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  // The engine holds the other end: nothing may be changed once nobody keeps a state of it.
  process.stdin.on("end", () => process.exit(1)).resume();
}

function unary<Request, Response>(serve: (request: Request) => Response | Promise<Response>) {
  return async (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    try {
      done(null, await serve(call.request));
    } catch (error) {
      const known = error instanceof Error ? error : new Error(String(error));
      const metadata = known instanceof PartialFailure ? partial(known) : new Metadata();
      done({ code: status.UNKNOWN, details: known.message, metadata });
    }
  };
}

/** The provider itself takes no configuration: what it needs is in its environment. */
function lifecycle() {
  return {
    checkConfig: unary((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new pb.ConfigureResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo()),
    cancel: unary(() => new empty.Empty()),
  };
}

function operations(adapter: Adapter) {
  return {
    check: unary(async (request: pb.CheckRequest) => {
      const [olds, news] = [toProperties(request.getOlds()), toProperties(request.getNews())];
      const { inputs = news, failures = [] } =
        (await adapter.check?.(resourceOf(request.getUrn()), olds, news)) ?? {};
      const response = new pb.CheckResponse().setInputs(toStruct(inputs));
      for (const { property, reason } of failures) {
        response.addFailures(new pb.CheckFailure().setProperty(property).setReason(reason));
      }
      return response;
    }),
    diff: unary((request: pb.DiffRequest) => diff(adapter, request)),
    create: unary(async (request: pb.CreateRequest) => {
      const inputs = toProperties(request.getProperties());
      const { id, outs } = await adapter.create(resourceOf(request.getUrn()), inputs);
      return new pb.CreateResponse().setId(id).setProperties(toStruct(outs));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const [props, inputs] = [toProperties(request.getProperties()), toProperties(request.getInputs())];
      const id = request.getId();
      const read = (await adapter.read?.(resourceOf(request.getUrn()), id, props, inputs)) ?? { id, props };
      const response = new pb.ReadResponse().setId(read.id).setProperties(toStruct(read.props));
      return response.setInputs(toStruct(inputs));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const [olds, news] = [toProperties(request.getOlds()), toProperties(request.getNews())];
      const resource = resourceOf(request.getUrn());
      const { outs } = (await adapter.update?.(resource, request.getId(), olds, news)) ?? { outs: news };
      return new pb.UpdateResponse().setProperties(toStruct(outs));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      const props = toProperties(request.getProperties());
      await adapter.delete?.(resourceOf(request.getUrn()), request.getId(), props);
      return new empty.Empty();
    }),
  };
}

async function diff(adapter: Adapter, request: pb.DiffRequest): Promise<pb.DiffResponse> {
  const [olds, news] = [toProperties(request.getOlds()), toProperties(request.getNews())];
  const inputs = toProperties(request.getOldInputs());
  const resource = resourceOf(request.getUrn());
  const {
    changes,
    replaces = [],
    deleteBeforeReplace = false,
  } = (await adapter.diff?.(resource, request.getId(), olds, news, inputs)) ?? {
    changes: !equal(inputs, news),
  };
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  return new pb.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList([...replaces])
    .setDeletebeforereplace(deleteBeforeReplace);
}

/** The engine tells a plugin no more of a resource than its URN. */
function resourceOf(urn: string): AdapterResource {
  const [, , types = "", ...names] = urn.split("::");
  return {
    urn,
    type: types.split("$").at(-1) ?? types,
    name: names.join("::"),
    provider: {},
    shown: {},
    progress: (message) => process.stdout.write(`${message}\n`),
  };
}

/** What worked in part, as the protocol carries it beside an error. */
function partial({ id, properties, reasons, message }: PartialFailure): Metadata {
  const detail = new pb.ErrorResourceInitFailed()
    .setId(id)
    // What an adapter throws are properties.
    .setProperties(toStruct(properties as PropertyMap))
    .setReasonsList(reasons);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const known = new statuses.Status();
  known.setCode(status.UNKNOWN);
  known.setMessage(message);
  known.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(known.serializeBinary()));
  return metadata;
}
