import { dirname } from "node:path";
import { expect, it } from "vitest";
import { startDynamicProvider } from "./dynamic-provider.ts";
import type { LogEntry } from "./engine-service.ts";
import { Reporter } from "./reporter.ts";
import type { EngineEvent } from "./run.ts";

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
    projectRoot: dirname(dirname(import.meta.dirname)),
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
  const events: EngineEvent[] = [];
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
