import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { runPolicies } from "./policies.ts";
import { runProgram } from "./program.ts";

/**
 * A stand-in for Pulumi's `pulumi-language-nodejs`, which no package registry serves. It runs programs
 * of Node with the SDK's own `cmd/run`, and serves what `preview`, `up`, `refresh` and `destroy` need of
 * the protocol; it installs no dependencies, generates no code and runs no plugins but policy packs.
 *
 * language-host.ts [OPTION…] ENGINE: prints the port that it listens on; ENGINE is the engine's address.
 */
const engine = process.argv.at(-1) ?? "";

/** No message is too large: a program may have thousands of resources. */
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

type Serve<Request, Response> = (request: Request) => Response | Promise<Response>;

function unary<Request, Response>(serve: Serve<Request, Response>) {
  return async (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    try {
      done(null, await serve(call.request));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

const server = new Server(UNLIMITED);
server.addService(services.LanguageRuntimeService, {
  handshake: unary(() => new pb.LanguageHandshakeResponse()),
  getPluginInfo: unary(() => new plugin.PluginInfo()),
  // The plugins are on PATH, whatever the program's packages are.
  getRequiredPackages: unary(() => new pb.GetRequiredPackagesResponse()),
  getProgramDependencies: unary(() => new pb.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: unary(() => new pb.RuntimeOptionsResponse()),
  about: unary(() => new pb.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  run: unary((request: pb.RunRequest) => runProgram(request, engine)),
  runPlugin: runPolicies,
  cancel: unary(() => new empty.Empty()),
});
// The engine holds the other end.
process.stdin.on("end", () => process.exit(1)).resume();
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
