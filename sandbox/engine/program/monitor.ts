import { Server } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import {
  addEngineService,
  type Listening,
  type LogEntry,
  listen,
  unary,
  unimplemented,
} from "../process/engine-service.ts";
import { CHANNEL_OPTIONS, toProperties, toStruct } from "../provider/provider-calls.ts";
import type { ReadGoal } from "../step/reading.ts";
import type { PropertyMap } from "../value/values.ts";
import { type Goal, type Reply, readGoal } from "./goal.ts";

/** What the program asks of the engine. An `undefined` reply leaves it waiting: the run is over for it. */
export interface ProgramRequests {
  register(goal: Goal): Promise<Reply | undefined>;
  registerOutputs(urn: string, outputs: PropertyMap): Promise<void>;
  read(goal: ReadGoal): Promise<Reply | undefined>;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
  log(entry: LogEntry): void;
}

/** What of the protocol is served; the SDK does without the rest or says what it misses. */
const FEATURES = new Set(["secrets", "aliasSpecs"]);

/** Serves `ResourceMonitor` and `Engine` on loopback. */
export function serveMonitor(requests: ProgramRequests): Promise<Listening> {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(services.ResourceMonitorService, monitor(requests));
  addEngineService(server, (entry) => requests.log(entry));
  return listen(server);
}

function monitor(requests: ProgramRequests) {
  return {
    getDeploymentInfo: unimplemented,
    supportsFeature: unary((request: pb.SupportsFeatureRequest) =>
      new pb.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    invoke: unary(async (request: pb.ResourceInvokeRequest) => {
      const result = await requests.invoke(request.getTok(), toProperties(request.getArgs()));
      return new pb.ResourceInvokeResponse().setReturn(toStruct(result));
    }),
    call: unimplemented,
    readResource: unary(async (request: pb.ReadResourceRequest) => {
      const reply = await requests.read(toReadGoal(request));
      return reply && readResponse(reply);
    }),
    existsResource: unimplemented,
    registerResource: unary(async (request: pb.RegisterResourceRequest) => {
      const reply = await requests.register(readGoal(request));
      return reply && registerResponse(reply);
    }),
    registerResourceOutputs: unary(async (request: pb.RegisterResourceOutputsRequest) => {
      await requests.registerOutputs(request.getUrn(), toProperties(request.getOutputs()));
      return new empty.Empty();
    }),
    registerStackTransform: unimplemented,
    registerStackInvokeTransform: unimplemented,
    registerResourceHook: unimplemented,
    registerErrorHook: unimplemented,
    registerPackage: unimplemented,
    signalAndWaitForShutdown: unary(() => new empty.Empty()),
  };
}

function toReadGoal(request: pb.ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    parent: request.getParent(),
    inputs: toProperties(request.getProperties()),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    version: request.getVersion(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function readResponse(reply: Reply): pb.ReadResourceResponse {
  const response = new pb.ReadResourceResponse().setUrn(reply.urn).setUnknown(reply.unknown ?? false);
  return response.setProperties(toStruct(reply.outputs)).setResult(resultOf(reply));
}

function registerResponse(reply: Reply): pb.RegisterResourceResponse {
  const response = new pb.RegisterResourceResponse().setUrn(reply.urn).setId(reply.id);
  response.setObject(toStruct(reply.outputs)).setUnknown(reply.unknown ?? false);
  return response.setResult(resultOf(reply));
}

const resultOf = ({ failed }: Reply): pb.Result => (failed ? pb.Result.FAIL : pb.Result.SUCCESS);
