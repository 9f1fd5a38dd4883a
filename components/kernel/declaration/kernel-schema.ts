import { z } from "zod";
import { PROXIES } from "../spec/kernelspec-contract.ts";

const quantity = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:(?:k|M|G|T)|(?:K|M|G|T)i)?$/, "must be an amount of memory such as 512M or 2Gi");
const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a variable's name"),
  z.string(),
);
const backendConfig = z
  .record(z.string(), z.json())
  .default({})
  .describe(
    "More of its own configuration, e.g. remote_hosts; not the image or the users, and never a secret",
  );

const build = z.strictObject({
  context: z.string().min(1).default(".").describe("The folder sent to the build, below the kernel's folder"),
  dockerfile: z.string().min(1).default("Dockerfile").describe("The Dockerfile, relative to the context"),
  args: variables.default({}).describe("Build arguments; never a secret, they stay in the image"),
});

const resources = z.strictObject({
  cpu: z.number().positive().optional().describe("Cores that a kernel is given"),
  cpu_limit: z.number().positive().optional().describe("Cores that it may use at most"),
  memory: quantity.optional().describe("Memory that it is given, such as 1G"),
  memory_limit: quantity.optional().describe("Memory that it may use at most"),
  gpu: z.int().nonnegative().optional().describe("GPUs"),
});

const smoke = z.strictObject({
  enabled: z.boolean().optional(),
  cell: z
    .string()
    .min(1)
    .optional()
    .describe("The code that the kernel must execute before students get it, when it is new or changed"),
  timeout: z.number().positive().optional().describe("Seconds for the cell"),
});

/** `kernel.yaml` of a catalog's kernel, as a person writes it. */
export const kernelFileSchema = z
  .strictObject({
    display_name: z
      .string()
      .min(1)
      .refine((text) => text === text.trim() && !/[\p{Cc}]/u.test(text), {
        message: "must not contain control characters, or begin or end with spaces",
      })
      .describe("What students see. Every course.json repeats it exactly, as kernelId"),
    language: z.string().regex(/^\S+$/, "must be one word, such as python").describe("The language's name"),
    backend: z
      .enum(["gateway", "qbraid"])
      .default("gateway")
      .describe("A Jupyter Enterprise Gateway, or the kernel service of qBook"),
    gateway: z
      .string()
      .min(1)
      .optional()
      .describe("The gateway's name in the stack's configuration. Default: the stack's own"),
    image: z
      .string()
      .min(1)
      .optional()
      .describe("repository@sha256:…, or repository:tag, whose digest is looked up at preview"),
    build: build.optional().describe("Instead of image: what it is built from"),
    resources: resources.default({}),
    env: variables
      .default({})
      .describe(
        "Environment variables of every kernel; no secrets, and none that would make the gateway use another image or user, such as KERNEL_IMAGE",
      ),
    process_proxy: z
      .strictObject({ class: z.enum(PROXIES), config: backendConfig })
      .optional()
      .describe("How Enterprise Gateway 3 starts it. Default: class docker"),
    provisioner: z
      .strictObject({ name: z.string().min(1), config: backendConfig })
      .optional()
      .describe("Instead of process_proxy: the kernel provisioner of a Jupyter Server"),
    authorized_users: z
      .array(z.string().regex(/^[^\s,]+$/, "must be one user's name, without spaces or commas"))
      .default([])
      .describe("Who may start it; empty: everybody"),
    argv: z.array(z.string()).min(1).optional().describe("Instead of the launcher's own command"),
    metadata: z
      .record(z.string(), z.json())
      .default({})
      .describe("More metadata in kernel.json. `debugger: true` is there for Python unless it is set here"),
    interrupt_mode: z.enum(["signal", "message"]).optional(),
    smoke: smoke
      .optional()
      .describe("How the kernel is tried when it is new or changed. Default: the gateway's own"),
  })
  .meta({ title: "A kernel of the catalog" });

/** A checked `kernel.yaml`. */
export type KernelFile = z.output<typeof kernelFileSchema>;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(kernelFileSchema.shape),
  build: Object.keys(build.shape),
  resources: Object.keys(resources.shape),
  process_proxy: ["class", "config"],
  provisioner: ["name", "config"],
  smoke: Object.keys(smoke.shape),
};

/** The keys that `kernel.yaml` may have at a path. */
export function knownKernelKeys(path: readonly PropertyKey[]): readonly string[] {
  return KEYS[path.map(String).join(".")] ?? [];
}
