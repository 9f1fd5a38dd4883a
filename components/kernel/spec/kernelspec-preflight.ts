import { LecternError, type Problem } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Planned, UNKNOWN } from "../../resource/contract.ts";
import { preflight } from "../hosts/preflight/preflight.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import type { KernelTarget } from "./apply/kernelspec-target.ts";
import { launcherProblems } from "./apply/launch-scripts.ts";
import type { kernelspecContract } from "./kernelspec-contract.ts";

/** Free bytes that a pull needs where the configuration doesn't say. */
const FREE_SPACE = 2e9;

/**
 * Checks that a gateway's hosts are ready for a change of a kernel, in the plan already.
 * @throws {LecternError} with everything that would fail on them
 */
export async function checkHosts(
  { transports, paths, context }: KernelTarget,
  wanted: Planned<typeof kernelspecContract>,
): Promise<void> {
  const { gateway, image, body, pull, rollback, name, prepared } = wanted;
  if (gateway === UNKNOWN || gateway.preflight === false) return;
  const known = pull === UNKNOWN ? undefined : pull;
  // A rollback takes the image of an earlier file.
  const isPulled = image !== UNKNOWN && image !== "" && rollback !== true;
  const checked = preflight(
    transports,
    {
      kernel: name === UNKNOWN ? "" : name,
      specsFolder: paths.specsFolder,
      staging: paths.staging,
      pull: known?.command,
      image: isPulled ? image : undefined,
      freeSpace: known?.freeSpace ?? FREE_SPACE,
      launcherProblems: async (host: Transport): Promise<Problem[]> =>
        body === UNKNOWN ? [] : launcherProblems(host, paths, body),
    },
    context,
  );
  // Setup commands that this plan will run may be what makes the hosts ready.
  await (prepared === UNKNOWN ? checked.catch((error) => reportOnly(error, context)) : checked);
}

function reportOnly(error: unknown, context: ProviderContext): void {
  if (!(error instanceof LecternError)) throw error;
  for (const { message } of error.problems) {
    context.report({ severity: "warning", message: `${message}; setup commands run before this is needed` });
  }
}
