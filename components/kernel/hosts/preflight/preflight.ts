import { LecternError, type Problem } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { gatewaySecrets } from "../../config.ts";
import { agentSocket, type Transport, TransportError } from "../transport/transport.ts";
import { type HostNeeds, hostProblems } from "./host-problems.ts";
import { imageProblems } from "./image-problems.ts";

/** What a kernel needs of a host beyond what every kernel needs. */
export interface KernelNeeds extends HostNeeds {
  readonly kernel: string;
  /** By digest; undefined where it is not known yet, or none is pulled. */
  readonly image?: string | undefined;
  /** Bytes that have to be free before an image is pulled. */
  readonly freeSpace: number;
  /** What is wrong with the launcher's files on the host. */
  launcherProblems(host: Transport): Promise<Problem[]>;
}

/**
 * Looks at hosts before anything is done on them, and changes nothing there. A host is looked at once per run, and what is
 * wrong with it is reported for the first kernel that asks; the others refer to that.
 * @throws {LecternError} with everything that would fail later
 */
export async function preflight(
  hosts: readonly Transport[],
  needs: KernelNeeds,
  context: ProviderContext,
): Promise<void> {
  const problems = (await Promise.all(hosts.map((host) => problemsOf(host, needs, context)))).flat();
  if (problems.length > 0) throw new LecternError(problems);
}

async function problemsOf(host: Transport, needs: KernelNeeds, context: ProviderContext): Promise<Problem[]> {
  const { kernel, image, pull, freeSpace } = needs;
  const common = await once(
    context,
    [host.host, "host", needs.specsFolder, needs.staging, pull],
    kernel,
    () => reached(host, context, () => hostProblems(host, needs, context)),
  );
  if (common.problems.length > 0)
    return common.first === kernel ? common.problems : [referring(host, common.first)];
  if (!common.isReachable) return [];
  const own = await once(context, [host.host, "image", image, pull], kernel, () =>
    reached(host, context, async () =>
      image === undefined || pull === undefined ? [] : imageProblems(host, image, pull, freeSpace),
    ),
  );
  const launcher = await reached(host, context, () => needs.launcherProblems(host));
  const images =
    own.problems.length > 0 && own.first !== kernel ? [referring(host, own.first)] : own.problems;
  return [...images, ...launcher.problems];
}

interface Found {
  readonly problems: Problem[];
  readonly isReachable: boolean;
}

/** The same for each kernel that asks, with the one that asked first. */
async function once(
  context: ProviderContext,
  key: readonly unknown[],
  kernel: string,
  look: () => Promise<Found>,
) {
  return context.once(`preflight ${JSON.stringify(key)}`, async () => ({ first: kernel, ...(await look()) }));
}

/** A host that can't be reached has this one problem. Without any credentials it can't be looked at, which is no fault of it. */
async function reached(
  host: Transport,
  context: ProviderContext,
  look: () => Promise<Problem[]>,
): Promise<Found> {
  try {
    return { problems: await look(), isReachable: true };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.reason !== "refused" || hasCredentials(context)) {
      return { problems: [...error.problems], isReachable: false };
    }
    const message = `${host.host} is not checked: there is neither lectern:sshPrivateKey nor an SSH agent`;
    context.report({ severity: "warning", message });
    return { problems: [], isReachable: false };
  }
}

function hasCredentials(context: ProviderContext): boolean {
  return context.config(gatewaySecrets).sshPrivateKey !== undefined || agentSocket() !== undefined;
}

function referring(host: Transport, first: string): Problem {
  return {
    code: "host-not-ready",
    severity: "error",
    message: `${host.host} is not ready, as reported for kernel ${first}`,
    remedy: "Fix what is reported there",
  };
}
