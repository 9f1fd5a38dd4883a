import { z } from "zod";
import { openTransport } from "../../../components/kernel/transport/connections.ts";
import { quote } from "../../../components/kernel/transport/quote.ts";
import type { Transport } from "../../../components/kernel/transport/transport.ts";
import type { Adapter, AdapterResource } from "../adapter.ts";
import { changedPaths, type PropertyMap } from "../values.ts";

const TIMEOUT = 30 * 60_000;

const inputsSchema = z.looseObject({
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  stdin: z.string().optional(),
  dir: z.string().optional(),
  environment: z.record(z.string(), z.string().regex(/^[^\n]*$/, "has to be one line here")).default({}),
});

const connectionSchema = z.looseObject({
  host: z.string().min(1),
  port: z.number().default(22),
  user: z.string().default("root"),
  privateKey: z.string(),
  hostKey: z.string({ error: "is missing: without the host's key anyone could answer for it" }),
});

/** `command:local:Command` and `command:remote:Command`, for a POSIX shell. */
export function commandAdapter(): Adapter {
  return {
    async check(resource, _olds, news) {
      const failures = [
        ...problems(inputsSchema, news, ""),
        ...(isRemote(resource) ? problems(connectionSchema, news["connection"], "connection.") : []),
      ];
      return { inputs: news, failures };
    },
    async diff(_resource, _id, olds, news) {
      const { stdout: _out, stderr: _err, ...before } = olds;
      const changed = changedPaths(before, news);
      return { changes: changed.length > 0, replaces: changed.filter((path) => path.startsWith("triggers")) };
    },
    async create(resource, inputs) {
      return { id: resource.name, outs: await run(resource, inputs, "create") };
    },
    async update(resource, _id, _olds, news) {
      return { outs: await run(resource, news, news["update"] === undefined ? "create" : "update") };
    },
    async delete(resource, _id, props) {
      await run(resource, props, "delete");
    },
  };
}

const isRemote = (resource: AdapterResource): boolean => resource.type === "command:remote:Command";

function problems(schema: z.ZodType, value: unknown, prefix: string) {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ property: `${prefix}${path.join(".")}`, reason: message }));
}

async function run(
  resource: AdapterResource,
  inputs: PropertyMap,
  step: "create" | "update" | "delete",
): Promise<PropertyMap> {
  const parsed = inputsSchema.parse(inputs);
  const command = parsed[step];
  if (command === undefined) return { ...inputs, stdout: "", stderr: "" };
  const host = open(resource, inputs);
  try {
    // The environment goes through the standard input, where no list of processes shows it.
    const settings = Object.entries(parsed.environment).map(
      ([key, value]) => `export ${key}=${quote(["", value]).slice(3)}`,
    );
    const place = parsed.dir === undefined ? "" : `cd ${quote(["", parsed.dir]).slice(3)} && `;
    const script = `IFS= read -r settings; eval "$settings"; unset settings; ${place}exec /bin/sh -c "$1"`;
    const input = `${settings.join("; ") || ":"}\n${parsed.stdin ?? ""}`;
    const result = await host.run(["/bin/sh", "-c", script, "sh", command], { input, timeout: TIMEOUT });
    if (result.code !== 0) {
      throw new Error(`the command ended with the exit code ${result.code}: ${result.stderr.trim()}`);
    }
    return { ...inputs, stdout: result.stdout.trimEnd(), stderr: result.stderr.trimEnd() };
  } finally {
    await host.close();
  }
}

function open(resource: AdapterResource, inputs: PropertyMap): Transport {
  if (!isRemote(resource)) return openTransport({ kind: "local" });
  const { host, port, user, hostKey, privateKey } = connectionSchema.parse(inputs["connection"]);
  return openTransport({ kind: "ssh", host, port, user, hostKey }, { privateKey });
}
