import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import {
  type CustomResourceProvider,
  type Host,
  isUnknown,
  type Properties,
} from "../../resource/provider.ts";
import { gatewayClient } from "../gateway/gateway-client.ts";
import { type Connect, connectAsConfigured } from "../hosts/hosts.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import { declareKernel, isNeeded } from "../kernel-uses.ts";
import { alone, type KernelContext, kernelContext, readEverywhere } from "./kernelspec-context.ts";
import { createKernelspec } from "./kernelspec-create.ts";
import { isChange, kernelspecChange } from "./kernelspec-diff.ts";
import { cleanStaging, removeFolder } from "./kernelspec-folder.ts";
import { checkFailures, type KernelspecState, kernelspecInputs } from "./kernelspec-inputs.ts";
import { imageOf, readKernelspec } from "./kernelspec-patch.ts";
import { keptState, seenState } from "./kernelspec-state.ts";
import { updateKernelspec } from "./kernelspec-update.ts";

/** The provider of `Kernelspec`, over hosts that are reached by `connect`. */
export function kernelspecProviderOver(connect: Connect): CustomResourceProvider {
  const contextOf = ({ applied }: KernelspecState, host: Host) =>
    kernelContext(applied.gateway, applied.name, host, connect);
  return {
    async check(_olds, news, host) {
      const { displayName } = news;
      if (typeof displayName === "string" && !isUnknown(displayName)) declareKernel(host.run, displayName);
      await warnIfSilent(news["gateway"], host);
      return { inputs: news, failures: checkFailures(kernelspecInputs, news) };
    },
    async diff(_id, olds, news) {
      const change = kernelspecChange(keptState(olds), news);
      return { changes: isChange(change), replaces: change.replaces };
    },
    async create(given, host) {
      const inputs = kernelspecInputs.parse(given);
      const state = await createKernelspec(kernelContext(inputs.gateway, inputs.name, host, connect), inputs);
      return { id: state.registration, outs: outputs(state) };
    },
    async read(id, props, host) {
      const state = keptState(props);
      // Nothing is known of a kernel that was only named; there is no import.
      if (!state.applied) return { id, props };
      const seen = await look(contextOf(state, host), state, host);
      return seen ? { id, props: outputs(seen) } : { id: "" };
    },
    async update(_id, olds, given, host) {
      const inputs = kernelspecInputs.parse(given);
      const context = kernelContext(inputs.gateway, inputs.name, host, connect);
      const state = keptState(olds);
      const updated = await updateKernelspec(context, state, inputs);
      await leaveHosts(state, updated, host, connect);
      return { outs: outputs(updated) };
    },
    async delete(_id, props, host) {
      const state = keptState(props);
      if (isNeeded(host.run, state.displayName, state.usedBy) && !mayGo(state.name, host)) {
        throw needed(state);
      }
      const context = contextOf(state, host);
      await alone(context, async () => {
        for (const transport of context.transports) await take(transport, context, state);
      });
    },
  };
}

/** The provider of `Kernelspec`. */
export const kernelspecProvider: CustomResourceProvider = kernelspecProviderOver(connectAsConfigured);

const silent = z.object({ name: z.string(), url: z.url() });
const ASKED = new Map<string, Promise<void>>();

/** Says, once a run and gateway, that what is planned can't be done while it doesn't answer. */
async function warnIfSilent(gateway: unknown, host: Host): Promise<void> {
  const known = silent.safeParse(gateway);
  if (!known.success) return;
  const { name, url } = known.data;
  const key = `${host.run} ${url}`;
  const asked =
    ASKED.get(key) ??
    gatewayClient({ name, url }, host)
      .healthy()
      .then((healthy) => {
        if (!healthy) host.progress(`warning: the gateway ${name} does not answer at ${new URL(url).host}`);
      });
  ASKED.set(key, asked);
  await asked;
}

function outputs(state: KernelspecState): Properties {
  return { ...state };
}

/** What the hosts and the gateway have; undefined where no host has the kernel. */
async function look(
  context: KernelContext,
  state: KernelspecState,
  host: Host,
): Promise<KernelspecState | undefined> {
  const found = await readEverywhere(context);
  if ([...found.values()].every((bytes) => bytes === undefined)) return undefined;
  const seen = new Map([...found].map(([transport, bytes]) => [transport.host, bytes]));
  return seenState(state, seen, await gatewayDrift(context, state, host));
}

async function gatewayDrift(
  { client, place }: KernelContext,
  state: KernelspecState,
  host: Host,
): Promise<string[]> {
  if (!client) return [];
  try {
    const listed = await client.kernelspec(place.name);
    if (!listed) return [`${client.label}: the kernel is not known`];
    const image = imageOf(listed.spec);
    return image === state.applied.image ? [] : [`${client.label}: the image is ${image ?? "(none)"}`];
  } catch (error) {
    host.progress(`${place.name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Takes the kernel from hosts that the gateway no longer has. */
async function leaveHosts(
  before: KernelspecState,
  after: KernelspecState,
  host: Host,
  connect: Connect,
): Promise<void> {
  const context = kernelContext(before.applied.gateway, before.applied.name, host, connect);
  for (const transport of context.transports) {
    if (transport.host in after.hosts) continue;
    await transport
      .lock(`kernel ${context.place.folder}`, () => take(transport, context, before))
      .catch((error: unknown) =>
        host.progress(`${transport.host}: the kernel was left there: ${String(error)}`),
      );
  }
}

async function take(transport: Transport, context: KernelContext, state: KernelspecState): Promise<void> {
  const { place, host } = context;
  await cleanStaging(transport, place);
  const bytes = await transport.read(place.file);
  const owner = bytes && readKernelspec(bytes)?.registration;
  if (owner !== undefined && owner !== state.registration) {
    host.progress(`${transport.host}: ${place.folder} belongs to another registration and stays`);
    return;
  }
  await removeFolder(transport, place);
}

const removals = z.record(z.string(), z.object({ remove: z.boolean().optional() }));

function mayGo(name: string, host: Host): boolean {
  const answers = removals.safeParse(JSON.parse(host.config("kernels") ?? "{}"));
  return answers.success && answers.data[name]?.remove === true;
}

function needed({ name, displayName, usedBy }: KernelspecState): LecternError {
  const courses = usedBy.length > 0 ? ` (${usedBy.join(", ")})` : "";
  return new LecternError({
    code: "kernel-in-use",
    severity: "error",
    message: `kernel ${name} can't be removed: courses name "${displayName}"${courses}`,
    remedy: `Let the courses name another kernel first, or set \`remove: true\` for ${name} in lectern:kernels`,
  });
}
