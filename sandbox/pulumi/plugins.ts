import {
  Metadata,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { PartialFailure } from "../../components/resource/provider.ts";
import type { Adapter, AdapterResource } from "../engine/provider/adapter.ts";
import { toProperties, toStruct } from "../engine/provider/provider-calls.ts";
import type { RunOptions } from "../engine/run.ts";
import { nameOf, packageOf, typeOf } from "../engine/value/urn.ts";
import { keepSecrets, mask, type PropertyMap, reveal } from "../engine/value/values.ts";

/** The run that adapters serve. */
export interface ServedRun {
  /** Whether it only says what it would do. */
  readonly preview: boolean;
  /** What an adapter reports while it works. */
  onProgress(message: string, urn: string): void;
}

/**
 * Serves adapters by the protocol of Pulumi's plugins, so that the resources of other packages are
 * the same stand-ins under the CLI as in the sandbox's own engine. One service is the plugin of all.
 */
export function pluginService(
  adapters: NonNullable<RunOptions["adapters"]>,
  run: ServedRun,
): UntypedServiceImplementation {
  const loaded = new Map<string, Promise<Adapter>>();
  const adapterOf = (token: string): Promise<Adapter> => {
    const name = packageOf(token);
    const load = adapters[name];
    if (!load) return Promise.reject(new Error(`the sandbox has no plugin for the package '${name}'`));
    const adapter = loaded.get(name) ?? load();
    loaded.set(name, adapter);
    return adapter;
  };
  return {
    ...ownCalls(),
    ...resourceCalls((urn) => adapterOf(typeOf(urn)), run),
    invoke: unary(async (request: pb.InvokeRequest) => {
      const adapter = await adapterOf(request.getTok());
      if (!adapter.invoke) throw new Error(`the sandbox has no function ${request.getTok()}`);
      const result = await adapter.invoke(request.getTok(), plain(request.getArgs()));
      return new pb.InvokeResponse().setReturn(toStruct(result));
    }),
  };
}

/** The CLI warns of a plugin that is older than the program's package. */
const NEWEST = "999.0.0";

/** What the engine asks of the plugin itself. */
function ownCalls() {
  return {
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(NEWEST)),
    attach: unary(() => new empty.Empty()),
    configure: unary(() =>
      new pb.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(false).setSupportspreview(false),
    ),
    checkConfig: unary((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    cancel: unary(() => new empty.Empty()),
  };
}

type AdapterOf = (urn: string) => Promise<Adapter>;
function resourceCalls(adapterOf: AdapterOf, run: ServedRun) {
  const resource = (urn: string, inputs: PropertyMap) => adapterResource(urn, inputs, run);
  return { ...questions(adapterOf, resource), ...actions(adapterOf, resource) };
}

type ResourceOf = (urn: string, inputs: PropertyMap) => AdapterResource;

function questions(adapterOf: AdapterOf, resourceOf: ResourceOf) {
  return {
    check: unary(async (request: pb.CheckRequest) => {
      const news = toProperties(request.getNews());
      const resource = resourceOf(request.getUrn(), news);
      const adapter = await adapterOf(request.getUrn());
      const checked = await adapter.check?.(resource, plain(request.getOlds()), reveal(news));
      const response = new pb.CheckResponse().setInputs(toStruct(checked?.inputs ?? news));
      for (const { property, reason } of checked?.failures ?? []) {
        response.addFailures(new pb.CheckFailure().setProperty(property).setReason(reason));
      }
      return response;
    }),
    diff: unary(async (request: pb.DiffRequest) => {
      const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = pb.DiffResponse.DiffChanges;
      const news = toProperties(request.getNews());
      const resource = resourceOf(request.getUrn(), news);
      const adapter = await adapterOf(request.getUrn());
      const [id, olds, inputs] = [request.getId(), plain(request.getOlds()), plain(request.getOldInputs())];
      const diff = await adapter.diff?.(resource, id, olds, reveal(news), inputs);
      // Then the engine compares the inputs, as the sandbox's does.
      if (!diff) return new pb.DiffResponse().setChanges(DIFF_UNKNOWN);
      return new pb.DiffResponse()
        .setChanges(diff.changes ? DIFF_SOME : DIFF_NONE)
        .setReplacesList([...(diff.replaces ?? [])])
        .setDeletebeforereplace(diff.deleteBeforeReplace ?? false);
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const [props, inputs] = [toProperties(request.getProperties()), toProperties(request.getInputs())];
      const resource = resourceOf(request.getUrn(), inputs);
      const adapter = await adapterOf(request.getUrn());
      const read = await adapter.read?.(resource, request.getId(), reveal(props), reveal(inputs));
      const { id, props: found, inputs: known } = read ?? { id: request.getId(), props, inputs: undefined };
      return new pb.ReadResponse()
        .setId(id)
        .setProperties(toStruct(keepSecrets(found, inputs)))
        .setInputs(toStruct(known ?? inputs));
    }),
  };
}

function actions(adapterOf: AdapterOf, resourceOf: ResourceOf) {
  return {
    create: unary(async (request: pb.CreateRequest) => {
      const inputs = toProperties(request.getProperties());
      const adapter = await adapterOf(request.getUrn());
      const { id, outs } = await adapter.create(resourceOf(request.getUrn(), inputs), reveal(inputs));
      return new pb.CreateResponse().setId(id).setProperties(toStruct(keepSecrets(outs, inputs)));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const news = toProperties(request.getNews());
      const resource = resourceOf(request.getUrn(), news);
      const adapter = await adapterOf(request.getUrn());
      const done = await adapter.update?.(resource, request.getId(), plain(request.getOlds()), reveal(news));
      return new pb.UpdateResponse().setProperties(toStruct(keepSecrets(done?.outs ?? news, news)));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      const props = toProperties(request.getProperties());
      const adapter = await adapterOf(request.getUrn());
      await adapter.delete?.(resourceOf(request.getUrn(), props), request.getId(), reveal(props));
      return new empty.Empty();
    }),
  };
}

function adapterResource(own: string, inputs: PropertyMap, run: ServedRun): AdapterResource {
  return {
    urn: own,
    type: typeOf(own),
    name: nameOf(own),
    // The engine keeps providers' inputs to itself; the sandbox's adapters need none.
    provider: {},
    shown: mask(inputs),
    preview: run.preview,
    progress: (message, urn = own) => run.onProgress(message, urn),
  };
}

const plain = (message: Parameters<typeof toProperties>[0]): PropertyMap => reveal(toProperties(message));

/** Replies, or fails as the protocol has it: what worked in part goes beside the error. */
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
