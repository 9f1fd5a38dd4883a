import { z } from "zod";
import { parseHostKey } from "./hosts/transport/ssh/host-key.ts";
import type { HostAddress } from "./hosts/transport/transport.ts";
import { type GatewayPlace, hasNoSecret, hostFolder } from "./spec/kernelspec-contract.ts";

const argv = z.array(z.string().min(1)).min(1);
const seconds = z.number().positive();

const hostConfig = z
  .discriminatedUnion("local", [
    z.strictObject({ local: z.literal(true) }),
    z.strictObject({
      local: z.literal(false).optional(),
      host: z.string().min(1),
      port: z.int().min(1).max(65535).optional(),
      user: z.string().min(1),
      hostKey: z
        .string({ error: "the host's public key is required: print it with `ssh-keyscan`, and verify it" })
        .refine((key) => parseHostKey(key) !== undefined, {
          error: "must be a complete public key as in known_hosts, `ssh-ed25519 AAAA…`",
        }),
    }),
  ])
  .describe("This machine, as `local: true`, or one reached by SSH, whose host key is mandatory");

const hostName = (host: z.output<typeof hostConfig>) =>
  host.local ? "local" : `${host.host}:${host.port ?? 22}`;

/** How a gateway is restarted so that new kernels become known to it. */
export const restartMode = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("none") }),
  z.strictObject({
    mode: z.literal("systemd"),
    unit: z.string().regex(/^[\w@:.][\w@:.\\-]*$/),
    sudo: z.boolean().default(false),
  }),
  z.strictObject({
    mode: z.literal("container"),
    name: z.string().regex(/^\w[\w.-]*$/),
    command: argv.default(["docker"]),
  }),
  z.strictObject({
    mode: z.literal("swarm"),
    service: z.string().regex(/^\w[\w.-]*$/),
    command: argv.default(["docker"]),
  }),
  z.strictObject({
    mode: z.literal("kubernetes"),
    namespace: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    deployment: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
    command: argv.default(["kubectl"]),
  }),
  z.strictObject({ mode: z.literal("command"), command: argv }),
]);

export type RestartMode = z.output<typeof restartMode>;

/** What to do where kernels run on a gateway that has to restart. */
export const whenBusy = z.enum(["restart", "wait", "refuse"]);

const smokeConfig = z
  .strictObject({
    enabled: z.boolean().default(true),
    code: z.string().default("1 + 1").describe("The cell that a new or changed kernel must execute"),
    timeout: seconds.default(120).describe("Seconds for the cell, and for the kernel's start"),
    username: z
      .string()
      .regex(/^(?!root$)\S+$/, "must be a user that is not root")
      .optional()
      .describe("KERNEL_USERNAME of the smoke kernel. Default: the first authorised user, else lectern"),
  })
  .describe("How a new or changed kernel is tried before students can start it");

const gatewayConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(hasNoSecret, {
      error: "must not contain a user, password or query: the token is lectern:gatewayToken",
    })
    .optional()
    .describe("Base address of the gateway's API. Without it nothing is verified through the gateway"),
  hosts: z
    .array(hostConfig)
    .min(1)
    .refine((hosts) => new Set(hosts.map(hostName)).size === hosts.length, {
      error: "names a host twice, so the deployment would wait for itself",
    })
    .describe("Every host that holds the gateway's kernelspecs"),
  specsFolder: hostFolder.describe(
    "The folder of kernelspecs on the hosts, e.g. /usr/local/share/jupyter/kernels",
  ),
  scriptsFolder: hostFolder
    .optional()
    .describe("The gateway's own launch scripts on the hosts. Default: those of the kernelspec it came with"),
  stagingFolder: hostFolder
    .optional()
    .describe("Where folders are prepared: on specsFolder's file system, outside of it. Default: beside it"),
  proxy: z
    .enum(["local"])
    .optional()
    .describe("Run every kernel as a process of the gateway's own machine, whatever kernel.yaml names"),
  provisioners: z
    .boolean()
    .default(false)
    .describe(
      "The gateway starts kernels through kernel provisioners, as Enterprise Gateway 4 and Jupyter Server do; 3.x ignores them",
    ),
  restart: restartMode.describe("How the gateway restarts when kernels are created"),
  whenBusy: whenBusy
    .default("restart")
    .describe("With kernels running: restart and end them, wait for them to end, or refuse"),
  waitLimit: seconds.default(1800).describe("Seconds that `whenBusy: wait` waits"),
  healthLimit: seconds.default(120).describe("Seconds in which a restarted gateway must answer again"),
  pull: z
    .union([z.literal("none"), argv])
    .default(["docker", "pull"])
    .describe("The command that pulls an image onto a host, as a list; the image reference is appended"),
  pullTimeout: seconds.default(1800).describe("Seconds for one image"),
  smoke: smokeConfig.prefault({}),
});

export type GatewayConfig = z.output<typeof gatewayConfig>;

const decisions = z.strictObject({
  rollback: z.boolean().default(false).describe("Go back to the previous kernel.json, and stay there"),
  remove: z.boolean().default(false).describe("Remove the kernel even though courses use it"),
});

/** What a person decided on kernels that are deployed. */
export const kernelDecisions = {
  kernels: z
    .record(z.string(), decisions)
    .default({})
    .describe("Decisions about individual kernels, by the kernel's name"),
};

/** What gateways and their hosts ask for. */
export const gatewaySecrets = {
  gatewayToken: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true, description: "The gateways' authorisation token" }),
  sshPrivateKey: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true, description: "The private key for the gateways' hosts. Default: the SSH agent" }),
};

/** The kernels' slice of a stack's configuration. */
export const kernelConfig = {
  gateways: z.record(z.string(), gatewayConfig).default({}).describe("The gateways, by name"),
  gateway: z
    .string()
    .min(1)
    .optional()
    .describe("The gateway of kernels that name none. Default: the stack's only gateway"),
  ...kernelDecisions,
  ...gatewaySecrets,
};

/** A gateway's place, as `Kernelspec` takes it, from its configuration. */
export function gatewayPlaceOf(name: string, config: GatewayConfig): GatewayPlace {
  const { url, specsFolder, scriptsFolder, stagingFolder } = config;
  return {
    name,
    hosts: config.hosts.map(hostAddressOf),
    specsFolder,
    ...(url === undefined ? {} : { url }),
    ...(scriptsFolder === undefined ? {} : { scriptsFolder }),
    ...(stagingFolder === undefined ? {} : { stagingFolder }),
  };
}

function hostAddressOf(host: GatewayConfig["hosts"][number]): HostAddress & GatewayPlace["hosts"][number] {
  if (host.local) return { kind: "local" };
  const { port, local: _, ...rest } = host;
  return { kind: "ssh", ...rest, ...(port === undefined ? {} : { port }) };
}
