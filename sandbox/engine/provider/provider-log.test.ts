import { join } from "node:path";
import { Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, it, onTestFinished, vi } from "vitest";
import { engineLog } from "../../../components/resource/context/engine-log.ts";
import type { RunEvent } from "../../../plan/model.ts";
import { type LogEntry, listen } from "../process/engine-service.ts";
import { Reporter } from "../reporter.ts";
import { startDynamicProvider } from "./dynamic-provider.ts";

/** A provider that logs with the engine whose address its process was given, and prints a line. */
const PROVIDER = `exports.handler = () => ({
  async create() {
    const require = process.getBuiltinModule("node:module").createRequire(process.cwd() + "/package.json");
    const { credentials } = require("@grpc/grpc-js");
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb.js");
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb.js");
    const engine = new EngineClient(process.argv[2], credentials.createInsecure());
    for (const name of ["DEBUG", "INFO", "WARNING", "ERROR"]) {
      const request = new LogRequest().setSeverity(LogSeverity[name]).setMessage("course/bell: " + name);
      await new Promise((done, failed) => engine.log(request, (error) => (error ? failed(error) : done())));
    }
    console.log("a printed line");
    return { id: "1", outs: {} };
  },
});`;

it("passes what a provider logs to the run with its severity, and what it prints as information", async () => {
  const entries: LogEntry[] = [];
  const provider = await startDynamicProvider({
    projectRoot: join(import.meta.dirname, "../../.."),
    project: "lectern",
    stack: "test",
    config: {},
    onLog: (entry) => entries.push(entry),
    onWarning: (text) => expect.unreachable(text),
  });
  const type = "pulumi-nodejs:dynamic/lectern:Thing";
  const resource = {
    urn: `urn:pulumi:test::lectern::${type}::bell`,
    type,
    name: "bell",
    provider: {},
    shown: {},
  };
  await provider.create({ ...resource, progress: () => undefined }, { __provider: PROVIDER });
  await provider.close?.();
  expect(entries.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    "info course/bell: INFO",
    "warning course/bell: WARNING",
    "error course/bell: ERROR",
    "info a printed line",
  ]);
});

it("reports a provider's warning as progress of the only step that runs, not as a diagnostic", () => {
  const events: RunEvent[] = [];
  const reporter = new Reporter((event) => events.push(event), ["canary"]);
  const step = { op: "create", urn: "urn:a", type: "t", name: "a", changed: [] } as const;
  const end = reporter.begin(step);
  reporter.progress("course/a: canary is held", undefined, "warning");
  end();
  expect(events[1]).toEqual({
    type: "step-progress",
    severity: "warning",
    message: "course/a: [secret] is held",
    urn: "urn:a",
  });
  expect(reporter.diagnostics).toEqual([]);
});

/** How the process of the SDK's dynamic provider is started, before its engine's address. */
const PROCESS = ["node", "/sdk/cmd/dynamic-provider/index.js"];

/** The log of an engine whose service does as it is told with each message. */
async function logOf(log: (message: string, reply: () => void) => void, limit?: number) {
  const server = new Server();
  server.addService(services.EngineService as never, {
    log: ({ request }: ServerUnaryCall<engine.LogRequest, empty.Empty>, done: sendUnaryData<empty.Empty>) =>
      log(request.getMessage(), () => done(null, new empty.Empty())),
  });
  const { address, stop } = await listen(server);
  onTestFinished(stop);
  return engineLog([...PROCESS, address], limit);
}

it("tells an engine in the order of the reports, as it serves calls side by side", async () => {
  const told: string[] = [];
  const log = await logOf((message, reply) => {
    const take = () => {
      told.push(message);
      reply();
    };
    setTimeout(take, message === "first" ? 50 : 0);
  });
  for (const message of ["first", "second", "third"]) log.report({ severity: "info", message });
  await log.told();
  expect(told).toEqual(["first", "second", "third"]);
});

it("prints what an engine that is gone or does not reply is not told, and ends", async () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  const silent = await logOf(() => undefined, 50);
  silent.report({ severity: "warning", resource: "course/bell", message: "silent" });
  silent.report({ severity: "info", message: "after it" });
  await silent.told();
  const gone = engineLog([...PROCESS, "127.0.0.1:1"]);
  gone.report({ severity: "info", message: "two\nlines" });
  await gone.told();
  expect(printed).toEqual(["course/bell: warning: silent\n", "after it\n", "two\n  lines\n"]);
});
