import * as pulumi from "@pulumi/pulumi";
import { contextDigest } from "../../components/kernel/build/build-context.ts";
import {
  type KernelDeclaration,
  kernelSetProblems,
  readKernel,
} from "../../components/kernel/declaration/kernel-file.ts";
import { Gateway } from "../../components/kernel/gateway.ts";
import { Kernel } from "../../components/kernel/kernel.ts";
import type { KernelspecBody } from "../../components/kernel/spec/kernelspec-inputs.ts";
import { allOf } from "../../components/problem/all.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { chooseGateway, type NamedGateway } from "./gateways.ts";
import { unknownDecisions } from "./kernel-decisions.ts";
import { formerRegistration } from "./kernel-registration.ts";

/** What a stack says of a kernel in its outputs. */
export interface KernelOutput {
  readonly displayName: string;
  /** `repository@sha256:…`. */
  readonly image: string;
  readonly registration: string;
}

/** The image that a kernel gets, or why it gets none here. */
export type ImageVerdict =
  | { readonly image: pulumi.Input<string> }
  | { readonly held: string; readonly deployedBefore: boolean };

export interface KernelsArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  /** Which articles name a kernel, by display name. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly imageOf: (kernel: KernelDeclaration) => Promise<ImageVerdict>;
  /** Why a kernel that qBook's service builds may not go here; undefined where it may. */
  readonly holdOf?: (name: string) => string | undefined;
  /** The kernels that this stack has deployed before, as its outputs say. */
  readonly before: Readonly<Record<string, KernelOutput>>;
  readonly protect?: boolean;
}

/** Kernels as the rest of a program needs them. */
export interface DeployedKernels {
  /** Every kernel that a notebook may name, by display name, with what such an article waits for. */
  readonly declared: Readonly<Record<string, readonly pulumi.Input<pulumi.Resource>[]>>;
  readonly outputs: Readonly<Record<string, pulumi.Output<KernelOutput>>>;
}

/**
 * Registers the catalog's kernels, and of each of their gateways the restart.
 * @throws {LecternError} with everything that is wrong with them
 */
export async function deployKernels(args: KernelsArgs): Promise<DeployedKernels> {
  const declarations = await readKernels(args);
  const installed = new Map<NamedGateway, Installed[]>();
  const outputs: Record<string, pulumi.Output<KernelOutput>> = {};
  const declared: Record<string, readonly pulumi.Input<pulumi.Resource>[]> = Object.fromEntries([
    ...args.config.externalKernels.map((name) => [name, []]),
    ...declarations.map(({ displayName }) => [displayName, []]),
  ]);
  const verdicts = await imagesOf(declarations, args.imageOf);
  for (const declaration of declarations) {
    const { name, displayName } = declaration;
    if (declaration.backend === "qbraid") {
      const kernel = await ofService(declaration, args);
      if (!kernel) continue;
      declared[displayName] = [kernel];
      outputs[name] = outputOf(kernel);
      continue;
    }
    const gateway = chooseGateway(declaration, args.config);
    const found = install(
      declaration,
      verdicts.get(name) ?? (await args.imageOf(declaration)),
      gateway,
      args,
    );
    if (!found) continue;
    installed.set(gateway, [...(installed.get(gateway) ?? []), found]);
    outputs[name] = outputOf(found.kernel);
  }
  for (const [gateway, kernels] of installed) {
    const restart = restartOf(gateway, kernels, args);
    for (const one of kernels) declared[one.declaration.displayName] = waitedFor(one, restart);
  }
  return { declared, outputs };
}

/** The images that have a name already, by kernel: all that is wrong with them, before anything is built. */
async function imagesOf(
  declarations: readonly KernelDeclaration[],
  imageOf: KernelsArgs["imageOf"],
): Promise<ReadonlyMap<string, ImageVerdict>> {
  const named = declarations.filter(({ backend, build }) => backend === "gateway" && !build);
  const verdicts = await allOf(named.map(async (kernel) => [kernel.name, await imageOf(kernel)] as const));
  return new Map(verdicts);
}

const outputOf = ({ displayName, image, registration }: Kernel) =>
  pulumi.output({ displayName, image, registration });

interface Installed {
  readonly declaration: KernelDeclaration;
  readonly kernel: Kernel;
  /** Its registration when the stack was last deployed; the kernel may be gone since. */
  readonly before: string | undefined;
}

function install(
  declaration: KernelDeclaration,
  verdict: ImageVerdict,
  gateway: NamedGateway,
  args: KernelsArgs,
): Installed | undefined {
  const { name, displayName, language } = declaration;
  const isHeld = "held" in verdict;
  if (isHeld) pulumi.log.warn(`kernel ${name} is held: ${verdict.held}`);
  if (isHeld && !verdict.deployedBefore) return undefined;
  const kernel = new Kernel(
    name,
    {
      displayName,
      language,
      image: isHeld ? (args.before[name]?.image ?? "") : verdict.image,
      body: bodyOn(gateway, declaration.body),
      gateway: { name: gateway.name, config: withSmoke(gateway, declaration) },
      rollback: args.config.kernels[name]?.rollback,
      usedBy: args.named.get(displayName) ?? [],
    },
    {
      ...(args.protect ? { protect: true } : {}),
      ...(isHeld ? { ignoreChanges: ["*"] } : {}),
    },
  );
  return { declaration, kernel, before: formerRegistration(name, args.before[name]) };
}

/** A kernel of qBook's service: it is built there, and is known as soon as it is active. */
async function ofService(
  { name, displayName, language, build, body }: KernelDeclaration,
  { holdOf, before, protect }: KernelsArgs,
): Promise<Kernel | undefined> {
  const held = holdOf?.(name);
  if (held) pulumi.log.warn(`kernel ${name} is held: ${held}`);
  if (held && !before[name]) return undefined;
  if (!build) throw new Error(`the kernel ${name} of qBook's service has no build`);
  const { cpus, memory, memoryLimit } = body.resources;
  const resources = {
    ...(cpus === undefined ? {} : { defaultCpu: cpus }),
    ...(memory === undefined ? {} : { defaultMemory: memory }),
    ...(memoryLimit === undefined ? {} : { defaultMemoryLimit: memoryLimit }),
  };
  return new Kernel(
    name,
    {
      backend: "qbraid",
      displayName,
      language,
      folder: build.context.folder,
      dockerfile: build.context.dockerfile,
      digest: await contextDigest(build.context, build.args),
      resources,
    },
    { ...(protect ? { protect: true } : {}), ...(held ? { ignoreChanges: ["*"] } : {}) },
  );
}

function restartOf(gateway: NamedGateway, kernels: readonly Installed[], args: KernelsArgs): Gateway {
  return new Gateway(gateway.name, {
    config: gateway.config,
    named: [...args.named.keys()].sort(),
    registrations: kernels.map(registrationOf),
  });
}

/**
 * A kernel's registration, once the kernel itself says it: the last outputs may name one that is gone.
 * Where it fails, a kernel that was there before keeps the registration that it had, so its failed
 * update holds no restart of others; a new one has none, and holds it.
 */
function registrationOf({ kernel, before }: Installed): pulumi.Output<string> {
  return before === undefined ? kernel.registration : pulumi.recover(kernel.registration, () => before);
}

/** What an article waits for: its kernel, and the restart only where that is registered anew. */
function waitedFor(installed: Installed, restart: Gateway): readonly pulumi.Input<pulumi.Resource>[] {
  const { kernel, before } = installed;
  if (before === undefined) return [kernel, restart];
  return [kernel, registrationOf(installed).apply((now) => (now === before ? kernel : restart))];
}

/** Reads every kernel of the catalog; warnings are said, everything else that is wrong is thrown at once. */
async function readKernels({ catalog, config, before }: KernelsArgs): Promise<KernelDeclaration[]> {
  const read = await Promise.all(catalog.kernels.map(({ folder }) => readKernel(folder)));
  const kernels = read.flatMap(({ kernel }) => (kernel ? [kernel] : []));
  const known = new Set([...catalog.kernels.map(({ name }) => name), ...Object.keys(before)]);
  const problems: Problem[] = [
    ...read.flatMap((one) => one.problems),
    ...kernelSetProblems(kernels),
    ...unknownDecisions(config.kernels, known),
  ];
  for (const problem of problems) {
    if (problem.severity === "warning") pulumi.log.warn(new LecternError(problem).message);
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new LecternError(errors);
  return kernels;
}

function bodyOn({ config }: NamedGateway, body: KernelspecBody): KernelspecBody {
  return config.proxy ? { ...body, backend: { kind: "process-proxy", proxy: config.proxy } } : body;
}

function withSmoke({ config }: NamedGateway, { smoke }: KernelDeclaration): NamedGateway["config"] {
  return smoke ? { ...config, smoke: { ...config.smoke, ...smoke } } : config;
}
