import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../components/digest.ts";
import { sortedKeys } from "../../components/json.ts";
import { contextDigest } from "../../components/kernel/build/build-context.ts";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import type { Freeze } from "../calendar/freeze.ts";
import type { StackConfig } from "../config.ts";
import { known } from "../outputs/known-output.ts";
import type { KernelOutput, OutputEntries } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { bodyOn, formerRegistration } from "./gateway-kernels.ts";
import type { NamedGateway } from "./gateways.ts";

/** What the freeze of a kernel depends on. */
export interface FrozenKernelArgs {
  readonly config: StackConfig;
  readonly freeze: Freeze;
  readonly before: OutputEntries<"kernels">;
}

/** The digest of all that a kernel is deployed with, but of its image on a gateway. */
export async function settingsOf(
  { name, displayName, language, body, build }: KernelDeclaration,
  gateway: NamedGateway | undefined,
  { config }: Pick<FrozenKernelArgs, "config">,
): Promise<string> {
  const rollback = config.kernels[name]?.rollback ?? false;
  const settings = gateway
    ? { gateway: gateway.name, body: bodyOn(gateway, body), rollback }
    : { body, context: build && (await contextDigest(build.context, build.args)) };
  return digestOf(JSON.stringify(sortedKeys({ displayName, language, ...settings })));
}

/**
 * The gate of a kernel on a gateway at the moment of the run: one that an event uses stays as it is, and none is
 * created on a gateway that may not restart.
 * @param settings as {@link settingsOf} has it
 */
export async function frozenImage(
  { name }: KernelDeclaration,
  gate: Gate<pulumi.Input<string>>,
  { gateway, settings }: { readonly gateway: NamedGateway; readonly settings: string },
  { freeze, before, config }: FrozenKernelArgs,
): Promise<Gate<pulumi.Input<string>>> {
  const last = before.get(name);
  const isNew = formerRegistration(name, last) === undefined;
  const deployed = before.has(name);
  const { kernels, gateways } = freeze.frozen;
  const by = (isNew ? gateways.get(gateway.name) : undefined) ?? (deployed ? kernels.get(name) : undefined);
  if (!by || isHeld(gate)) return gate;
  // Of one that is rolled back, the image that is wanted is not the one that is deployed.
  const isOther = config.kernels[name]?.rollback !== true && (await settledImage(gate.use)) !== last?.image;
  const differs = isNew || isOther || settingsDiffer(settings, last);
  return freeze.decide(`kernel/${name}`, by, gate, { deployed, differs });
}

/** The gate of a kernel of qBook's service, as {@link frozenImage} is that of one on a gateway. */
export function frozenService(
  { name }: KernelDeclaration,
  gate: Gate<KernelDeclaration>,
  settings: string,
  { freeze, before }: FrozenKernelArgs,
): Gate<KernelDeclaration> {
  // One that is new changes nothing that people use.
  const by = before.has(name) ? freeze.frozen.kernels.get(name) : undefined;
  const differs = settingsDiffer(settings, before.get(name));
  return freeze.decide(`kernel/${name}`, by, gate, { deployed: true, differs });
}

/** Undefined where an earlier version did not note what was deployed. */
const settingsDiffer = (settings: string, last: KernelOutput | undefined) =>
  last?.settings === undefined ? undefined : last.settings !== settings;

/** An image once it is built; undefined where that is left to the deployment, or fails. */
const settledImage = (image: pulumi.Input<string>): Promise<string | undefined> =>
  known(pulumi.recover<string | undefined>(pulumi.output(image), () => undefined));
