import * as pulumi from "@pulumi/pulumi";
import { frozenReason } from "../../components/calendar/frozen-reason.ts";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import { Gateway } from "../../components/kernel/gateway.ts";
import type { SetupCommand } from "../../components/kernel/hosts/setup/host-setup.ts";
import { Kernel, type KernelProof } from "../../components/kernel/kernel.ts";
import type { KernelspecBody } from "../../components/kernel/spec/kernelspec-contract.ts";
import type { NamedKernels } from "../articles/named-kernels.ts";
import type { Freeze } from "../calendar/freeze.ts";
import type { StackConfig } from "../config.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { gatedOptions, type Holds } from "../promotion/holds.ts";
import type { NamedGateway } from "./gateways.ts";

/** What the registration of any kernel depends on. */
export interface RegistrationArgs {
  readonly config: StackConfig;
  /** Which articles name a kernel, by display name. */
  readonly named: NamedKernels;
  /** Which held articles use a kernel as they are deployed, by display name. */
  readonly held: NamedKernels;
  /** Those of them that no kernel has: a kernel that had one of them must keep it. */
  readonly unmet: Readonly<Record<string, readonly string[]>>;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  /** What is proven before the kernel gets a new image. */
  readonly proof: KernelProof | undefined;
  readonly freeze: Freeze;
  /** The kernels that this stack has deployed before, as its outputs say. */
  readonly before: OutputEntries<"kernels">;
}

/** A kernel on a gateway. */
export interface Installed {
  readonly declaration: KernelDeclaration;
  readonly kernel: Kernel;
  /** Its registration when the stack was last deployed; the kernel may be gone since. */
  readonly before: string | undefined;
  /** Whether the gateway knows it already, so that it needs no restart for it. */
  readonly adopted: boolean;
}

/** Registers a kernel on a gateway; undefined where it is held and has never been deployed. */
export function install(
  declaration: KernelDeclaration,
  gate: Gate<pulumi.Input<string>>,
  gateway: NamedGateway,
  args: RegistrationArgs,
  setup: readonly SetupCommand[] = [],
): Installed | undefined {
  const { name, displayName, language } = declaration;
  if (!args.holds.admits(`kernel/${name}`, gate, `kernel ${name} is held`)) return undefined;
  const before = args.before.get(name);
  const { rollback, adopt = false } = args.config.kernels[name] ?? {};
  const kernel = new Kernel(
    name,
    {
      displayName,
      language,
      image: isHeld(gate) ? (before?.image ?? "") : gate.use,
      body: bodyOn(gateway, declaration.body),
      gateway: { name: gateway.name, config: withSmoke(gateway, declaration) },
      proof: isHeld(gate) ? undefined : args.proof,
      rollback,
      adopt,
      usedBy: args.named.get(displayName) ?? [],
      unmet: args.unmet,
      prepared: preparedBy(setup),
    },
    { ...gatedOptions(gate, args.policy.protect), ...(setup.length > 0 ? { dependsOn: [...setup] } : {}) },
  );
  return { declaration, kernel, before: formerRegistration(name, before), adopted: adopt };
}

/** True once the commands have run: a command that is to run has outputs that are not known yet. */
function preparedBy(setup: readonly SetupCommand[]): pulumi.Output<boolean> | undefined {
  if (setup.length === 0) return undefined;
  return pulumi.all(setup.map((command) => [command.id, command.stdout])).apply(() => true);
}

/**
 * The registration that a kernel had on a gateway when the stack was last deployed.
 * @returns undefined where it is new to gateways: one of qBook's service has no registration there
 */
export function formerRegistration(
  name: string,
  before: { readonly registration: string } | undefined,
): string | undefined {
  return before?.registration.startsWith(`kernel/${name}/`) ? before.registration : undefined;
}

/** Registers the restart of a gateway, which happens where one of its kernels is new. */
export function restartOf(
  gateway: NamedGateway,
  kernels: readonly Installed[],
  args: Pick<RegistrationArgs, "named" | "held" | "freeze">,
): Gateway {
  const { isPassed, frozen } = args.freeze;
  const by = isPassed ? undefined : frozen.gateways.get(gateway.name);
  return new Gateway(gateway.name, {
    config: gateway.config,
    held: by && frozenReason(by),
    named: [...new Set([...args.named.keys(), ...args.held.keys()])].sort(),
    // What is adopted in this deployment has no registration yet, which would look like a new kernel.
    registrations: kernels
      .filter(({ adopted, before }) => !adopted || before !== undefined)
      .map(registrationOf),
  });
}

/**
 * A kernel's registration, once the kernel itself has it: the last outputs may name one that is gone.
 * Where it fails, a kernel that was there before keeps the registration that it had, so its failed
 * update does not delay the restart for others; a new one has none, and delays it.
 */
function registrationOf({ kernel, before }: Installed): pulumi.Output<string> {
  return before === undefined ? kernel.registration : pulumi.recover(kernel.registration, () => before);
}

/** What an article waits for: its kernel, and the restart only where its registration is a new one. */
export function waitedFor(installed: Installed, restart: Gateway): readonly pulumi.Input<pulumi.Resource>[] {
  const { kernel, before } = installed;
  if (before === undefined) return [kernel, restart];
  return [kernel, registrationOf(installed).apply((now) => (now === before ? kernel : restart))];
}

/** What a kernel is on a gateway. */
export function bodyOn({ config }: NamedGateway, body: KernelspecBody): KernelspecBody {
  return config.proxy ? { ...body, backend: { kind: "process-proxy", proxy: config.proxy } } : body;
}

function withSmoke({ config }: NamedGateway, { smoke }: KernelDeclaration): NamedGateway["config"] {
  return smoke ? { ...config, smoke: { ...config.smoke, ...smoke } } : config;
}
