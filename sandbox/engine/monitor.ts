import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Goal, type Reply, readGoal } from "./goal.ts";
import { CHANNEL_OPTIONS, toProperties, toStruct } from "./provider-calls.ts";
import type { ReadGoal } from "./reading.ts";
import type { Severity } from "./run.ts";
import { messageOf } from "./session.ts";
import type { PropertyMap } from "./values.ts";

/** What the program asks of the engine. An `undefined` reply leaves it waiting: the run is over for it. */
export interface ProgramRequests {
  register(goal: Goal): Promise<Reply | undefined>;
  registerOutputs(urn: string, outputs: PropertyMap): Promise<void>;
  read(goal: ReadGoal): Promise<Reply | undefined>;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
  log(severity: Severity, message: string, urn: string, ephemeral: boolean): void;
}

/** What of the protocol is served; the SDK does without the rest or says what it misses. */
const FEATURES = new Set(["secrets", "aliasSpecs"]);

const SEVERITIES: Readonly<Record<number, Severity>> = { 1: "info", 2: "warning", 3: "error" };

/** Serves `ResourceMonitor` and `Engine` on loopback. */
export async function serveMonitor(
  requests: ProgramRequests,
): Promise<{ address: string; stop: () => void }> {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(services.ResourceMonitorService, monitor(requests));
  server.addService(engineServices.EngineService, engineService(requests));
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

/** Answers with what `serve` resolves to, or with its error. */
function unary<Request, Response>(
  serve: (request: Request) => Promise<Response | undefined> | Response,
): Unary<Request, Response> {
  return async (call, done) => {
    try {
      const response = await serve(call.request);
      if (response !== undefined) done(null, response);
    } catch (error) {
      done({ code: status.UNKNOWN, details: messageOf(error) });
    }
  };
}

const unimplemented: Unary<unknown, never> = (_call, done) =>
  done({ code: status.UNIMPLEMENTED, details: "the sandbox does not serve this call" });

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

function engineService(requests: ProgramRequests) {
  let root = "";
  return {
    log: unary((request: engine.LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()];
      // What is left is DEBUG: the SDK's own affairs.
      if (severity) requests.log(severity, request.getMessage(), request.getUrn(), request.getEphemeral());
      return new empty.Empty();
    }),
    getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    startDebugging: unimplemented,
    requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
  };
}
