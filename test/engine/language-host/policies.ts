import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type ServerWritableStream, status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/language_pb.js";

/** Runs a policy pack with the SDK that it depends on, in its own folder, until the engine ends the call. */
export function runPolicies(call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  if (request.getKind() !== "analyzer") {
    call.emit("error", {
      code: status.UNIMPLEMENTED,
      message: `no plugins of the kind ${request.getKind()}`,
    });
    return;
  }
  const script = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [script, ...request.getArgsList(), folder], {
    cwd: folder,
    env: Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s).slice(0, 2))),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (data: Buffer) => call.write(new pb.RunPluginResponse().setStdout(data)));
  child.stderr.on("data", (data: Buffer) => call.write(new pb.RunPluginResponse().setStderr(data)));
  child.once("close", (code) => {
    call.write(new pb.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}
