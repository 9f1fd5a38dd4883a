import { z } from "zod";
import { restartMode, whenBusy } from "./gateway/restart/restart-config.ts";
import { setupCommands } from "./hosts/setup/setup-config.ts";
import { parseHostKey } from "./hosts/transport/ssh/host-key.ts";
import { bytesOf } from "./spec/file/memory.ts";
import { hasNoSecret, hostFolder } from "./spec/kernelspec-contract.ts";

const argv = z.array(z.string().min(1)).min(1);
const seconds = z.number().positive();

/** A gateway's address as it may be kept and shown: its token is a secret of its own. */
const gatewayUrl = z.url({ protocol: /^https?$/ }).refine(hasNoSecret, {
  error: "must not contain a user, password or query: the token is lectern:gatewayToken",
});

/** What a host is for. */
const hostRole = {
  gateway: z.boolean().default(true).describe("Whether it runs the gateway, so that a restart is made there"),
  kernelspecs: z
    .boolean()
    .default(true)
    .describe("Whether it has a folder of kernelspecs of its own. False for one that mounts another's"),
  url: gatewayUrl
    .optional()
    .describe(
      "Address of this host's own gateway, asked before the next host's restarts. Default: the gateway's",
    ),
};

const hostConfig = z
  .discriminatedUnion("local", [
    z.strictObject({ local: z.literal(true), ...hostRole }),
    z.strictObject({
      ...hostRole,
      local: z.literal(false).optional(),
      host: z.string().min(1),
      port: z.int().min(1).max(65535).optional(),
      user: z.string().min(1),
      hostKey: z
        .string({ error: "the host's public key is required: print it with `ssh-keyscan`, and verify it" })
        .refine((key) => parseHostKey(key) !== undefined, {
          error: "must be a complete public key as in known_hosts, `ssh-ed25519 AAAA…`",
        }),
      setup: setupCommands,
    }),
  ])
  .describe("This machine, as `local: true`, or one reached by SSH, whose host key is mandatory");

const hostName = (host: z.output<typeof hostConfig>) =>
  host.local ? "local" : `${host.host}:${host.port ?? 22}`;

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
  url: gatewayUrl
    .optional()
    .describe("Base address of the gateway's API. Without it nothing is verified through the gateway"),
  hosts: z
    .array(hostConfig)
    .min(1)
    .refine((hosts) => new Set(hosts.map(hostName)).size === hosts.length, {
      error: "names a host twice, so the deployment would wait for itself",
    })
    .refine((hosts) => hosts.some(({ kernelspecs }) => kernelspecs), {
      error: "none has the kernelspecs: remove `kernelspecs: false` from one",
    })
    .describe(
      "Every host that holds the gateway's kernelspecs or runs the gateway. `gateway: false` for one that runs none, `kernelspecs: false` for one that mounts another's folder, `url` for the address of its own gateway where there are several",
    ),
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
  restart: restartMode.describe(
    "How the gateway restarts when kernels are created: `mode` and what it needs. `again: <any word>` makes one more restart with the next deployment, once per word",
  ),
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
  freeSpace: z
    .string()
    .refine((amount) => bytesOf(amount) !== undefined, "must be an amount of memory such as 2G or 500M")
    .optional()
    .describe("What has to be free where the hosts keep images, before one is pulled. Default: 2G"),
  preflight: z
    .boolean()
    .default(true)
    .describe(
      "Whether previews look at the hosts of kernels that change: locks, container engine, registry login, launcher, disk, clock and rights",
    ),
  smoke: smokeConfig.prefault({}),
});

export type GatewayConfig = z.output<typeof gatewayConfig>;

const decisions = z.strictObject({
  rollback: z.boolean().default(false).describe("Go back to the previous kernel.json, and stay there"),
  adopt: z
    .boolean()
    .default(false)
    .describe(
      "Take over the kernel of that name that the gateway's hosts have, whoever installed it. The gateway is not restarted for it",
    ),
  remove: z.boolean().default(false).describe("Remove the kernel even though courses use it"),
});

/** What a person decided on kernels that are deployed. */
export const kernelDecisions = {
  kernels: z
    .record(z.string(), decisions)
    .default({})
    .describe("Decisions about individual kernels, by the kernel's name"),
};

/** Whether notebooks run on a new image before their kernel or hub gets it. */
const proveConfig = {
  prove: z
    .enum(["off", "warn", "require"])
    .optional()
    .describe(
      "Whether the notebooks of courses run on a kernel's new image before the kernel gets it, and on an image of hubs before an alias such as `recommended` moves to it, where the stack resolves images itself: a failure is reported (warn) or holds that image (require). Articles with a lecture.yaml are updated in the same way, once their notebooks run on the images that their kernels have. Production takes the images that staging has. Default: warn, for courses that have a lecture.yaml alone; a value counts for all courses",
    ),
};

const secretVariables = z.record(z.string(), z.record(z.string(), z.string()));

/** Variables of kernels that no file may name. */
export const kernelSecrets = {
  kernelSecrets: secretVariables.optional().meta({
    secret: true,
    description:
      "Secret environment variables of kernels, as one JSON object that maps a kernel's name to its variables. They are written into its kernel.json on the gateway's hosts, where whoever may use the gateway can read them: for kernels that had them already",
  }),
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
  ...proveConfig,
  ...kernelDecisions,
  ...kernelSecrets,
  ...gatewaySecrets,
};
