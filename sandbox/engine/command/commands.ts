import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Adapter, AdapterResource } from "../provider/adapter.ts";
import { changedPaths, type PropertyMap } from "../value/values.ts";
import type { CommandInputs, Printed } from "./command-inputs.ts";
import { runRemotely } from "./remote-command.ts";

/** A change of one needs a new resource: the old one's `delete` is run, and `create` again. */
const REPLACING = /^(triggers|connection)\b/;

/**
 * Serves the Command package: runs commands on create, on update and on delete, here or on a host. Private keys are taken,
 * too, because another program than this project's may give one.
 */
export function runCommands(): Adapter {
  return {
    async diff(_resource, _id, _olds, news, inputs = {}) {
      const changed = changedPaths(inputs, news);
      const replaces = changed.filter((path) => REPLACING.test(path));
      return { changes: changed.length > 0, replaces };
    },
    async create(resource, inputs) {
      const printed = await run(resource, inputs, (inputs as CommandInputs).create, {});
      return { id: randomUUID(), outs: { ...inputs, ...printed } };
    },
    async update(resource, _id, olds, news) {
      const { create, update = create } = news as CommandInputs;
      return { outs: { ...news, ...(await run(resource, news, update, olds)) } };
    },
    async delete(resource, _id, props) {
      await run(resource, props, (props as CommandInputs).delete, props);
    },
  };
}

async function run(
  resource: AdapterResource,
  inputs: PropertyMap,
  command: string | undefined,
  before: PropertyMap,
): Promise<Printed & PropertyMap> {
  if (command === undefined) return { stdout: text(before["stdout"]), stderr: text(before["stderr"]) };
  const known = inputs as CommandInputs;
  const environment = {
    ...known.environment,
    PULUMI_COMMAND_STDOUT: text(before["stdout"]),
    PULUMI_COMMAND_STDERR: text(before["stderr"]),
  };
  const remote = resource.type === "command:remote:Command";
  const given = { ...known, environment };
  const { stdout, stderr } = remote
    ? await runRemotely(command, given, inputs["connection"])
    : await runHere(command, given);
  return { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function runHere(command: string, { stdin, environment, dir, interpreter }: CommandInputs): Promise<Printed> {
  const [program = "/bin/sh", ...args] = interpreter ?? ["/bin/sh", "-c"];
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...environment }, ...(dir === undefined ? {} : { cwd: dir }) };
    const child = execFile(program, [...args, command], options, (error, stdout, stderr) => {
      if (error)
        reject(new Error(`${error.code ?? error.signal}: running ${JSON.stringify(command)}: ${stderr}`));
      else resolve({ stdout, stderr });
    });
    // A command need not read its input.
    child.stdin?.on("error", () => {});
    child.stdin?.end(stdin ?? "");
  });
}
