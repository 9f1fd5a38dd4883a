import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Adapter } from "../../../sandbox/engine/provider/adapter.ts";
import { CHANNEL_OPTIONS } from "../../../sandbox/engine/provider/provider-calls.ts";
import { pluginService } from "../../../sandbox/pulumi/plugins.ts";

/** Serves an adapter of the sandbox as the plugin of a package, and prints its port as a plugin does. */
export function serveAsPlugin(name: string, adapter: Adapter): void {
  const server = new Server(CHANNEL_OPTIONS);
  const print = (message: string) => process.stdout.write(`${message}\n`);
  const run = { preview: false, onProgress: print };
  server.addService(services.ResourceProviderService, pluginService({ [name]: async () => adapter }, run));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    print(String(port));
  });
  // The engine holds the other end: nothing may be changed once nobody keeps a state of it.
  process.stdin.on("end", () => process.exit(1)).resume();
}
