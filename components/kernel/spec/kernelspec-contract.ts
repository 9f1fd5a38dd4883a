import { posix } from "node:path";
import { z } from "zod";
import { proofFailure } from "../../proof/result/proof-failure.ts";
import type { Contract, Inputs, State } from "../../resource/contract.ts";
import { isProcess, LAUNCHERS, localCommand, startsLanguage } from "./file/launcher.ts";

/** A kernel's name: its folder on the gateway's hosts, as the gateway lists it. */
export const kernelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "must be lower-case letters, digits, dots, dashes or underscores");

/** An image by its content: `repository@sha256:…`. */
const pinnedImage = z
  .string()
  .regex(/^[a-z0-9][^\s@]*@sha256:[0-9a-f]{64}$/, "must be repository@sha256:<64 hex digits>");

/** Kernels that are processes of a host have none. */
const noImage = z.literal("");

const argv = z.array(z.string()).min(1);

/** Kernels that Enterprise Gateway 3 starts through a process proxy. */
export const PROXIES = ["docker", "swarm", "kubernetes", "distributed", "local"] as const;

const resources = z.strictObject({
  cpus: z.number().positive().optional(),
  cpusLimit: z.number().positive().optional(),
  memory: z.string().min(1).optional(),
  memoryLimit: z.string().min(1).optional(),
  gpus: z.int().nonnegative().optional(),
  gpusLimit: z.int().nonnegative().optional(),
});

/** Everything in a kernel.json but the name, the display name, the language and the image. */
export const kernelspecBody = z.strictObject({
  backend: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("process-proxy"), proxy: z.enum(PROXIES) }),
    z.strictObject({ kind: z.literal("provisioner"), provisioner: z.string().min(1) }),
  ]),
  /** Instead of the backend's own launcher. */
  argv: argv.optional(),
  env: z.record(z.string(), z.string()).default({}),
  resources: resources.default({}),
  authorizedUsers: z.array(z.string()).default([]),
  /** More of the backend's own configuration, e.g. `remote_hosts`. */
  config: z.record(z.string(), z.json()).default({}),
  interruptMode: z.enum(["signal", "message"]).optional(),
  /** More of kernel.json's metadata. */
  metadata: z.record(z.string(), z.json()).optional(),
});

/** The process proxy or provisioner. */
export function backendName(backend: z.output<typeof kernelspecBody>["backend"]): string {
  return backend.kind === "provisioner" ? backend.provisioner : backend.proxy;
}

const hostAddress = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("local") }),
  z.strictObject({
    kind: z.literal("ssh"),
    host: z.string().min(1),
    port: z.int().min(1).max(65535).optional(),
    user: z.string().min(1),
    hostKey: z.string().min(1),
  }),
]);

/** A folder on a host in its shortest form, so that one folder has one spelling. */
export const hostFolder = z
  .string()
  .regex(/^\/[^\0]*$/, "must be an absolute path on the host")
  .overwrite(canonicalFolder);

/** `/srv/kernels` for `/srv//kernels/`. */
function canonicalFolder(folder: string): string {
  return posix.normalize(folder).replace(/(?<=.)\/$/, "");
}

/** An address goes into the state and into messages: what opens the door has no place in it. */
export function hasNoSecret(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password, search } = new URL(url);
  return username === "" && password === "" && search === "";
}

/** Where a kernel is installed. */
export const gatewayPlace = z.strictObject({
  name: z.string().min(1),
  /** Without it nothing can be verified or smoke tested through the gateway. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine(hasNoSecret, { error: "must not contain a user, password or query" })
    .optional(),
  hosts: z.array(hostAddress).min(1),
  specsFolder: hostFolder,
  /** The gateway's own launch scripts on the host. Default: those of the spec it came with. */
  scriptsFolder: hostFolder.optional(),
  /** Where folders are prepared, on the file system of `specsFolder` and outside of it. */
  stagingFolder: hostFolder.optional(),
  /** Whether previews look at the hosts. Default: true */
  preflight: z.boolean().optional(),
});

const smoke = z.strictObject({
  enabled: z.boolean(),
  code: z.string(),
  /** Seconds for the cell; the start of the kernel has as much again. */
  timeout: z.number().positive(),
  username: z
    .string()
    .regex(/^(?!root$)\S+$/, "must be a user that is not root")
    .optional(),
});

const kernelspecFields = z.object({
  name: kernelName,
  /** What courses name: their `kernelId` is exactly this. */
  displayName: z
    .string()
    .min(1)
    .refine((text) => text === text.trim(), "must not begin or end with spaces"),
  language: z.string().min(1),
  image: pinnedImage.or(noImage),
  body: kernelspecBody,
  gateway: gatewayPlace,
  /** How a host gets an image: the reference is appended to the command. */
  pull: z
    .strictObject({
      command: argv,
      timeout: z.number().positive(),
      /** Bytes that have to be free on the host. */
      freeSpace: z.number().nonnegative().optional(),
    })
    .optional(),
  smoke: smoke.optional(),
  /** The courses whose notebooks run on a new image before the kernel gets it, and whether a failure holds it. */
  proof: z
    .strictObject({
      mode: z.enum(["warn", "require"]),
      courses: z.array(z.strictObject({ id: z.string().min(1), folder: z.string().min(1) })),
    })
    .optional(),
  /** Hold the kernel at its previous kernel.json. */
  rollback: z.boolean().default(false),
  /** Take over the kernel of that name that the hosts have already, whoever installed it. */
  adopt: z.boolean().optional(),
  /** Who may change the folder: the project and the stack. */
  owner: z.string().min(1).optional(),
  /** The articles of the stack that name this kernel: their ids, `course/<slug>`. */
  usedBy: z.array(z.string()).default([]),
  /** Display names that articles name and no kernel of the stack has, with the articles. */
  unmet: z.record(z.string(), z.array(z.string())).optional(),
  /** There where hosts have setup commands: unknown in a preview until these have run. */
  prepared: z.boolean().optional(),
});

/** What a `Kernelspec` is given. */
const kernelspecInputs = kernelspecFields
  .refine(
    ({ language, body }) => body.argv !== undefined || hasCommand(backendName(body.backend), language),
    {
      path: ["body", "argv"],
      error: ({ input }) =>
        `the gateway has no launcher that starts this kernel, and no command is known for ${languageOf(input)}: set \`argv\` in kernel.yaml`,
    },
  )
  .refine(({ image, body }) => image !== "" || isProcess(backendName(body.backend)), {
    path: ["image"],
    error: "a kernel in a container needs an image: repository@sha256:<64 hex digits>",
  });

function hasCommand(backend: string, language: string): boolean {
  const launcher = LAUNCHERS[backend];
  return launcher ? startsLanguage(launcher, language) : localCommand(language) !== undefined;
}

const languageOf = (input: unknown) => kernelspecFields.partial().safeParse(input).data?.language ?? "it";

/** What was last written to the hosts; the next diff compares with it. */
const appliedKernelspec = z.object({
  name: z.string(),
  displayName: z.string(),
  language: z.string(),
  image: z.string(),
  body: kernelspecBody,
  gateway: gatewayPlace,
  owner: z.string().optional(),
  rollback: z.boolean(),
  /** A digest of the secret variables; absent where there are none. */
  secrets: z.string().optional(),
  /** SHA-256 of the kernel.json on each host. */
  files: z.record(z.string(), z.string()),
});

/** What is kept of a `Kernelspec`. */
const kernelspecState = z.object({
  registration: z.string(),
  /** The image that a kernel.json names: as it was applied, or as a refresh found it; empty where it needs none. */
  image: z.string(),
  usedBy: z.array(z.string()),
  /** The image that each host's kernel.json names, or `missing`. */
  hosts: z.record(z.string(), z.string()),
  /** What differs from what was applied, as a refresh found it; empty after an update. */
  drift: z.array(z.string()),
  /** A newer image that the kernel does not get, as notebooks fail on it: why, and the keys of their proofs. */
  held: z
    .object({
      image: z.string(),
      reason: z.string(),
      keys: z.array(z.string()),
      /** The same for programs; absent where an earlier version wrote it. */
      failure: proofFailure.optional(),
    })
    .optional(),
  applied: appliedKernelspec,
});

/** A kernel's folder on every host of its gateway; see kernelspec-provider.ts for what each operation does. */
export const kernelspecContract = {
  kind: "Kernelspec",
  inputs: kernelspecInputs,
  state: kernelspecState,
} satisfies Contract;

export type KernelspecInputs = Inputs<typeof kernelspecContract>;
export type KernelspecState = State<typeof kernelspecContract>;
export type KernelspecBody = z.output<typeof kernelspecBody>;
export type GatewayPlace = z.output<typeof gatewayPlace>;
export type Smoke = z.output<typeof smoke>;
