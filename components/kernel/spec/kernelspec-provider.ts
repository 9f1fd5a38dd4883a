import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { UNKNOWN } from "../../resource/contract.ts";
import { type BoundProvider, provide } from "../../resource/provide.ts";
import type { CheckFailure } from "../../resource/provider.ts";
import { kernelDecisions } from "../config.ts";
import { gatewayClient } from "../gateway/gateway-client.ts";
import { type Connect, connectAsConfigured } from "../hosts/hosts.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import { declareKernel, isNeeded } from "../kernel-uses.ts";
import { announceAdoption } from "./apply/adoption.ts";
import { createKernelspec } from "./apply/kernelspec-create.ts";
import { cleanStaging, removeFolder } from "./apply/kernelspec-folder.ts";
import { alone, type KernelTarget, kernelTarget, readEverywhere } from "./apply/kernelspec-target.ts";
import { removeTrial } from "./apply/kernelspec-trial.ts";
import { updateKernelspec } from "./apply/kernelspec-update.ts";
import { hasStaleScripts } from "./apply/launch-scripts.ts";
import { mayRemove, projectRepository } from "./apply/ownership.ts";
import { imageOf } from "./file/kernelspec-patch.ts";
import { warnOfAllowList } from "./kernelspec-allow-list.ts";
import { type GatewayPlace, type KernelspecState, kernelspecContract } from "./kernelspec-contract.ts";
import { isChange, kernelspecChange } from "./kernelspec-diff.ts";
import { checkHosts } from "./kernelspec-preflight.ts";
import { seenState } from "./kernelspec-state.ts";
import { digestOfSecrets, secretsOf } from "./secret-variables.ts";

type Unmet = Readonly<Record<string, readonly string[]>> | typeof UNKNOWN | undefined;

/**
 * The provider of `Kernelspec`, over hosts that are reached by `connect`.
 * @param nameRepository says whose kernels it deploys
 */
export function kernelspecProviderOver(connect: Connect, nameRepository = projectRepository): BoundProvider {
  const targetOf = ({ name, gateway }: { name: string; gateway: GatewayPlace }, context: ProviderContext) =>
    kernelTarget(gateway, name, context, connect, nameRepository);
  return provide(kernelspecContract, {
    async check(wanted, before, context) {
      const { displayName, gateway, name } = wanted;
      if (displayName !== UNKNOWN) declareKernel(context, displayName);
      if (gateway === UNKNOWN) return {};
      const failures = await asked(gateway, context);
      if (before === undefined && name !== UNKNOWN) {
        const target = targetOf({ name, gateway }, context);
        await checkHosts(target, wanted);
        if (gateway.preflight !== false) {
          if (wanted.adopt === true) await announceAdoption(target, wanted);
          else await warnOfAllowList(target);
        }
      }
      return { failures };
    },
    async diff(state, wanted, context) {
      refuseOrphans(state, wanted.unmet);
      const { name, gateway } = wanted;
      const secrets = name === UNKNOWN ? {} : secretsOf(name, context);
      // What proves notebooks is loaded only where there are some.
      const proving = wanted.proof === undefined && !state.held ? undefined : await loadProofs();
      const held = (await proving?.isStillHeld(state, wanted)) ?? false;
      if (held) proving?.announceHold(state, context);
      const effective = held ? { ...wanted, image: state.applied.image } : wanted;
      const change = kernelspecChange(state, effective, digestOfSecrets(secrets));
      if (!held && change.image && change.rollback === undefined)
        await proving?.announceKernel(wanted, state, context);
      if (isChange(change) && gateway !== UNKNOWN && name !== UNKNOWN) {
        await checkHosts(targetOf({ name, gateway }, context), wanted);
      }
      if (change.replaces.length > 0) return { change: "replace", because: change.replaces };
      // An image that is held no longer leaves the state, also where it is no longer wanted.
      const isOver = state.held !== undefined && !held;
      return { change: isChange(change) || isOver ? "update" : "none" };
    },
    async create(inputs, context) {
      const state = await createKernelspec(targetOf(inputs, context), inputs);
      return { id: state.registration, state };
    },
    async read(_id, state, context) {
      return look(targetOf(state.applied, context), state);
    },
    async update(_id, state, inputs, context) {
      refuseOrphans(state, inputs.unmet);
      const updated = await updateKernelspec(targetOf(inputs, context), state, inputs);
      await leaveHosts(targetOf(state.applied, context), state, updated);
      return updated;
    },
    async delete(_id, state, context) {
      const { name, displayName } = state.applied;
      if (isNeeded(context, displayName, state.usedBy) && !mayGo(name, context)) throw needed(state);
      const target = targetOf(state.applied, context);
      await alone(target, async () => {
        for (const transport of target.transports) await take(transport, target, state);
      });
    },
  });
}

const loadProofs = () => import("./apply/kernelspec-proof.ts");

/** The provider of `Kernelspec`. */
export const kernelspecProvider: BoundProvider = kernelspecProviderOver(connectAsConfigured);

/**
 * Asks a gateway, once per run, whether what is planned can be done through it. One that is down may be up
 * again by then; a token that it refuses stays wrong, and fails the preview.
 */
async function asked({ name, url }: GatewayPlace, context: ProviderContext): Promise<CheckFailure[]> {
  if (url === undefined) return [];
  const failures: CheckFailure[] = [];
  await context.once(`Kernelspec: whether the gateway at ${url} answers`, async () => {
    const problem = await gatewayClient({ name, url }, context).problem();
    if (!problem) return;
    if (problem.status === 401) {
      // Reported for the kernel that asked first, not for each of them.
      failures.push({ property: "gateway", reason: problem.message });
      return;
    }
    const message = `the gateway ${name} does not answer at ${new URL(url).host}`;
    context.report({ severity: "warning", message });
  });
  return failures;
}

/** What the hosts and the gateway have; gone where no host has the kernel. */
async function look(target: KernelTarget, state: KernelspecState): Promise<KernelspecState | "gone"> {
  const found = await readEverywhere(target);
  if ([...found.values()].every((bytes) => bytes === undefined)) return "gone";
  const seen = new Map([...found].map(([transport, bytes]) => [transport.host, bytes]));
  return seenState(state, seen, [
    ...(await scriptDrift(target, state)),
    ...(await gatewayDrift(target, state)),
  ]);
}

/** Hosts whose gateway was upgraded start the kernel with scripts of before. */
async function scriptDrift({ transports, paths }: KernelTarget, { applied }: KernelspecState) {
  const stale = await Promise.all(
    transports.map(async (host) => ((await hasStaleScripts(host, paths, applied.body)) ? [host.host] : [])),
  );
  return stale.flat().map((host) => `${host}: its scripts are not those of the gateway`);
}

async function gatewayDrift(
  { client, paths, context }: KernelTarget,
  state: KernelspecState,
): Promise<string[]> {
  if (!client) return [];
  try {
    const listed = await client.kernelspec(paths.name);
    if (!listed) return [`${client.label}: the kernel is not known`];
    const image = imageOf(listed.spec) ?? "";
    return image === state.applied.image ? [] : [`${client.label}: the image is ${image || "(none)"}`];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.report({ severity: "info", resource: paths.name, message });
    return [];
  }
}

/** Removes the kernel from hosts that the gateway no longer has. */
async function leaveHosts(
  target: KernelTarget,
  before: KernelspecState,
  after: KernelspecState,
): Promise<void> {
  for (const transport of target.transports) {
    if (transport.host in after.hosts) continue;
    await transport
      .lock(`kernel ${target.paths.folder}`, () => take(transport, target, before))
      .catch((error: unknown) => {
        const message = `${transport.host}: the kernel could not be removed: ${String(error)}`;
        target.context.report({ severity: "info", message });
      });
  }
}

async function take(
  transport: Transport,
  { paths, context }: KernelTarget,
  { registration }: KernelspecState,
): Promise<void> {
  await cleanStaging(transport, paths);
  await removeTrial(transport, paths);
  const bytes = await transport.read(paths.file);
  if (!mayRemove(registration, bytes)) {
    const message = `${transport.host}: ${paths.folder} is another owner's and stays`;
    context.report({ severity: "info", message });
    return;
  }
  await removeFolder(transport, paths);
}

/** Courses that name the kernel as it is called now would lose it, as they would by its removal. */
function refuseOrphans({ applied: { name, displayName } }: KernelspecState, unmet: Unmet): void {
  if (unmet === undefined || unmet === UNKNOWN) return;
  const articles = unmet[displayName];
  if (!articles) return;
  throw new LecternError({
    code: "kernel-in-use",
    severity: "error",
    path: "display_name",
    message: `kernel ${name} can't lose the display name ${JSON.stringify(displayName)}: ${articles.join(", ")} still refer to it`,
    remedy:
      "Change the kernelId of these articles in the same deployment, or keep the display name. What is held changes once staging has passed",
  });
}

function mayGo(name: string, context: ProviderContext): boolean {
  return context.config(kernelDecisions).kernels[name]?.remove === true;
}

function needed({ applied: { name, displayName }, usedBy }: KernelspecState): LecternError {
  const courses = usedBy.length > 0 ? ` (${usedBy.join(", ")})` : "";
  return new LecternError({
    code: "kernel-in-use",
    severity: "error",
    message: `kernel ${name} can't be removed: courses name "${displayName}"${courses}`,
    remedy: `Use another kernel in the courses first, or set \`remove: true\` for ${name} in lectern:kernels`,
  });
}
