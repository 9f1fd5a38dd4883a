import * as pulumi from "@pulumi/pulumi";
import { contextDigest } from "../../components/kernel/build/build-context.ts";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import { setUpHosts } from "../../components/kernel/hosts/setup/host-setup.ts";
import { Kernel } from "../../components/kernel/kernel.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { KernelOutput } from "../outputs/outputs.ts";
import { isHeld } from "../promotion/gate.ts";
import { gatedOptions } from "../promotion/holds.ts";
import { frozenImage, frozenService, settingsOf } from "./frozen-kernels.ts";
import { type Installed, install, type RegistrationArgs, restartOf, waitedFor } from "./gateway-kernels.ts";
import { chooseGateway, type NamedGateway, namedGateways } from "./gateways.ts";
import { type Provable, proofOf } from "./kernel-proof.ts";
import { kernelsElsewhere, readKernels } from "./read-kernels.ts";

export interface KernelsArgs extends Omit<RegistrationArgs, "unmet" | "proof"> {
  readonly catalog: Catalog;
}

/** Kernels as the rest of a program needs them. */
export interface DeployedKernels {
  /** Every kernel that a notebook may name, by display name, with what such an article waits for. */
  readonly declared: Readonly<Record<string, readonly pulumi.Input<pulumi.Resource>[]>>;
  readonly outputs: Readonly<Record<string, pulumi.Output<KernelOutput | undefined>>>;
  /** Those that are on gateways. */
  readonly installed: ReadonlyMap<NamedGateway, readonly Installed[]>;
  /** Those whose images notebooks may hold. */
  readonly provable: readonly Provable[];
}

/**
 * Registers the catalog's kernels, and for each of their gateways the restart.
 * @throws {LecternError} with everything that is wrong with them
 */
export async function deployKernels(args: KernelsArgs): Promise<DeployedKernels> {
  const { kernels: declarations, images } = await readKernels(args);
  const installed = new Map<NamedGateway, Installed[]>();
  const outputs: Record<string, pulumi.Output<KernelOutput | undefined>> = {};
  const declared: Record<string, readonly pulumi.Input<pulumi.Resource>[]> = Object.fromEntries([
    ...args.config.externalKernels.map((name) => [name, []]),
    ...(await kernelsElsewhere(args.catalog)).map((name) => [name, []]),
    ...declarations.map(({ displayName }) => [displayName, []]),
  ]);
  const unmet = unmetBy(args, (name) => Object.hasOwn(declared, name));
  const setUp = await setUpGateways(args.config);
  const proofs = new Map(declarations.map((kernel) => [kernel.name, proofOf(kernel, args)]));
  const provable: Provable[] = [];
  for (const declaration of declarations) {
    const { name, displayName } = declaration;
    if (declaration.backend === "qbraid") {
      const kernel = await deployServiceKernel(declaration, args);
      if (!kernel) continue;
      declared[displayName] = [kernel.kernel];
      outputs[name] = provenOf(kernel.kernel, kernel.settings, args.before.get(name));
      continue;
    }
    const gateway = chooseGateway(declaration, args.config);
    const settings = await settingsOf(declaration, gateway, args);
    const proven = images.get(name) ?? (await args.policy.kernelImage(declaration));
    const gate = await frozenImage(declaration, proven, { gateway, settings }, args);
    const found = install(
      declaration,
      gate,
      gateway,
      { ...args, unmet, proof: proofs.get(name) },
      setUp.get(gateway.name),
    );
    if (!found) continue;
    installed.set(gateway, [...(installed.get(gateway) ?? []), found]);
    const last = args.before.get(name);
    outputs[name] = provenOf(found.kernel, isHeld(gate) ? last?.settings : settings, last);
    if (proofs.get(name)?.mode === "require")
      provable.push({ id: `kernel/${name}`, held: found.kernel.held });
  }
  // Also one without kernels: what removes its last one then runs with today's configuration and declarations.
  for (const gateway of namedGateways(args.config)) {
    const kernels = installed.get(gateway) ?? [];
    const restart = restartOf(gateway, kernels, args);
    for (const one of kernels) declared[one.declaration.displayName] = waitedFor(one, restart);
  }
  return { declared, outputs, installed, provable };
}

/** The names that articles need, as they are in the catalog or held as they were, and that no kernel has. */
function unmetBy({ named, held }: KernelsArgs, isMet: (name: string) => boolean): RegistrationArgs["unmet"] {
  const names = [...new Set([...named.keys(), ...held.keys()])].filter((name) => !isMet(name));
  const articles = (name: string) => [
    ...(named.get(name) ?? []),
    ...(held.get(name) ?? []).map((id) => `${id} (held as it is deployed)`),
  ];
  return Object.fromEntries(names.map((name) => [name, articles(name)]));
}

/** The setup commands of every gateway's hosts: they stay where a gateway has no kernel. */
async function setUpGateways({ gateways }: StackConfig) {
  const made = Object.entries(gateways).map(
    async ([name, config]) => [name, await setUpHosts({ name, config })] as const,
  );
  return new Map(await Promise.all(made));
}

/** What fails proves nothing new, and takes nothing from the outputs of others. */
const provenOf = (kernel: Kernel, settings: string | undefined, before: KernelOutput | undefined) =>
  pulumi.recover<KernelOutput | undefined>(outputOf(kernel, settings), () => before);

const outputOf = (
  { displayName, image, registration }: Kernel,
  settings: string | undefined,
): pulumi.Output<KernelOutput> =>
  pulumi.output({ displayName, image, registration, ...(settings === undefined ? {} : { settings }) });

/** A kernel of qBook's service: it is built there, and is known as soon as it is active. */
async function deployServiceKernel(
  declaration: KernelDeclaration,
  args: KernelsArgs,
): Promise<{ readonly kernel: Kernel; readonly settings: string | undefined } | undefined> {
  const { policy, holds } = args;
  const { name, displayName, language, build, body } = declaration;
  const settings = await settingsOf(declaration, undefined, args);
  const proven = policy.serviceKernel(declaration);
  const gate = frozenService(declaration, proven, settings, args);
  if (!holds.admits(`kernel/${name}`, gate, `kernel ${name} is held`)) return undefined;
  if (!build) throw new Error(`the kernel ${name} of qBook's service has no build`);
  const { cpus, memory, memoryLimit } = body.resources;
  const resources = {
    ...(cpus === undefined ? {} : { defaultCpu: cpus }),
    ...(memory === undefined ? {} : { defaultMemory: memory }),
    ...(memoryLimit === undefined ? {} : { defaultMemoryLimit: memoryLimit }),
  };
  const kernel = new Kernel(
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
    gatedOptions(gate, policy.protect),
  );
  return { kernel, settings: isHeld(gate) ? args.before.get(name)?.settings : settings };
}
