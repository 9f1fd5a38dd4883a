import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { z } from "zod";
import type { Problem } from "../../problem/problem.ts";
import { parseYaml, type YamlFile } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import type { KernelspecBody } from "../spec/kernelspec-contract.ts";
import { childOf } from "./broken-rule.ts";
import { buildOf, type KernelBuild, readBuild } from "./kernel-build.ts";
import { kernelFileProblems } from "./kernel-rules.ts";
import { type KernelFile, kernelFileSchema, knownKernelKeys } from "./kernel-schema.ts";

export { kernelFileSchema } from "./kernel-schema.ts";

/** The file in a kernel's folder that declares it. */
const KERNEL_FILE = "kernel.yaml";

/** The file of a kernel's folder, as problems name it. */
export const kernelFileOf = (folder: string) => join(folder, KERNEL_FILE);

/** A kernel of the catalog, checked. */
export interface KernelDeclaration {
  /** The folder's name: the kernel's on the gateway. */
  readonly name: string;
  readonly folder: string;
  /** What courses name as `kernelId`. */
  readonly displayName: string;
  readonly language: string;
  readonly backend: "gateway" | "qbraid";
  /** The gateway's name, where the kernel names one. */
  readonly gateway?: string;
  /** As it is written: with a digest, or with a tag to look up. */
  readonly image?: string;
  readonly build?: KernelBuild;
  /** What goes into kernel.json beside names and image. */
  readonly body: KernelspecBody;
  /** How it is tried, where the kernel configures it. */
  readonly smoke?: { readonly enabled?: boolean; readonly code?: string; readonly timeout?: number };
}

/** What of a kernel says where its image comes from. */
export type KernelImageSource = Pick<KernelDeclaration, "name" | "folder" | "image" | "build">;

/** A catalog's kernel as far as it can be read. */
export interface KernelReading {
  readonly kernel?: KernelDeclaration;
  /** The image that it names, also where the rest of the file is wrong. */
  readonly named?: KernelImageSource;
  readonly problems: readonly Problem[];
}

/**
 * Reads `kernel.yaml` of a catalog's kernel and checks it, with its Dockerfile where it has one:
 * every problem at once, each with file, field, line and column. Files are named as the folder is:
 * `catalog/kernels/python-science/kernel.yaml`. There is no kernel where an error forbids it.
 */
export async function readKernel(folder: string): Promise<KernelReading> {
  const name = basename(folder);
  const file = kernelFileOf(folder);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return { problems: [noFile(file)] };
  const yaml = parseYaml(text, file);
  if (yaml.problems.length > 0) return { problems: [...yaml.problems] };
  const parsed = kernelFileSchema.safeParse(yaml.value ?? {});
  const problems = [
    ...nameProblems(name, file),
    ...(parsed.success ? [] : schemaProblems(parsed.error, yaml, file)),
    ...kernelFileProblems(yaml.value ?? {}).map(
      (found): Problem => ({ severity: "error", file, ...found, ...yaml.locate(found.keys) }),
    ),
  ].map(withoutKeys);
  const build = buildOf(yaml.value);
  const built = build && (await readBuild(folder, file, build, yaml, problems));
  const named = namedImage(name, folder, yaml.value, problems);
  if (problems.some(({ severity }) => severity === "error") || !parsed.success) return { problems, ...named };
  return { kernel: declaration(name, folder, parsed.data, built), problems, ...named };
}

/** The image, where nothing is wrong with its name. */
function namedImage(name: string, folder: string, value: unknown, problems: readonly Problem[]) {
  const image = childOf(value, "image");
  if (typeof image !== "string" || childOf(value, "backend") === "qbraid") return {};
  if (problems.some(({ path }) => path === "image")) return {};
  return { named: { name, folder, image } };
}

/** What is wrong with kernels together: two that courses could not distinguish. */
export function kernelSetProblems(kernels: readonly KernelDeclaration[]): Problem[] {
  const first = new Map<string, KernelDeclaration>();
  return kernels.flatMap((kernel) => {
    const other = first.get(kernel.displayName);
    if (!other) {
      first.set(kernel.displayName, kernel);
      return [];
    }
    return {
      code: "display-name-twice",
      severity: "error" as const,
      file: kernelFileOf(kernel.folder),
      path: "display_name",
      message: `${JSON.stringify(kernel.displayName)} is also the display name of ${other.name}`,
      remedy: "Give each kernel its own display name: courses refer to kernels by it",
    };
  });
}

function noFile(file: string): Problem {
  const message = "the file is missing or can't be read, and each kernel's folder needs one";
  return {
    code: "no-kernel-file",
    severity: "error",
    file,
    message,
    remedy: "Add the file, or make it readable",
  };
}

function nameProblems(name: string, file: string): Problem[] {
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name)) return [];
  const suggested = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "");
  return [
    {
      code: "kernel-name",
      severity: "error",
      file,
      message: `the folder's name ${JSON.stringify(name)} can't be a kernel's name on a gateway`,
      remedy: `Rename the folder${suggested ? `, such as to ${suggested}` : ""}: lower-case letters, digits, dot, - and _`,
    },
  ];
}

function schemaProblems(error: z.ZodError, yaml: YamlFile, file: string): Problem[] {
  return zodProblems(error, { file, locate: yaml.locate, known: knownKernelKeys });
}

function withoutKeys(problem: Problem & { keys?: unknown }): Problem {
  const { keys: _, ...rest } = problem;
  return rest;
}

function declaration(
  name: string,
  folder: string,
  file: KernelFile,
  build: KernelBuild | undefined,
): KernelDeclaration {
  const { gateway, image, smoke } = file;
  return {
    name,
    folder,
    displayName: file.display_name,
    language: file.language,
    backend: file.backend,
    body: bodyOf(file),
    ...(gateway === undefined ? {} : { gateway }),
    ...(image === undefined ? {} : { image }),
    ...(build ? { build } : {}),
    ...(smoke ? { smoke: smokeOf(smoke) } : {}),
  };
}

function smokeOf({ enabled, cell, timeout }: NonNullable<KernelFile["smoke"]>) {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(cell === undefined ? {} : { code: cell }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** What a `kernel.yaml` says of kernel.json beside names and image. */
export function bodyOf(file: KernelFile): KernelspecBody {
  const { cpu, cpu_limit, memory, memory_limit, gpu } = file.resources;
  const given = { cpus: cpu, cpusLimit: cpu_limit, memory, memoryLimit: memory_limit, gpus: gpu };
  const resources = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { provisioner, process_proxy } = file;
  return {
    backend: provisioner
      ? { kind: "provisioner", provisioner: provisioner.name }
      : { kind: "process-proxy", proxy: process_proxy?.class ?? "docker" },
    env: file.env,
    resources,
    authorizedUsers: file.authorized_users,
    config: (provisioner ?? process_proxy)?.config ?? {},
    ...(file.argv ? { argv: file.argv } : {}),
    ...(Object.keys(file.metadata).length > 0 ? { metadata: file.metadata } : {}),
    ...(file.interrupt_mode ? { interruptMode: file.interrupt_mode } : {}),
  };
}
