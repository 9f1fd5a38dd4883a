import { posix } from "node:path";
import { LecternError } from "../../problem/problem.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import type { KernelTarget } from "./apply/kernelspec-target.ts";
import { readKernelspec } from "./file/kernelspec-patch.ts";

/**
 * Warns in the plan of a new kernel where its gateway lists only some of the kernelspecs that its hosts have: it has an
 * allow-list, which no API shows. Whether that names the kernel is known only after the restart that reads it.
 */
export async function warnOfAllowList(target: KernelTarget): Promise<void> {
  const { client, context, paths } = target;
  if (!client) return;
  const unlisted = await context.once(
    `Kernelspec: what ${client.label} does not list of ${paths.specsFolder}`,
    () => unlistedSpecs(target),
  );
  const others = unlisted.filter((name) => name !== paths.name);
  if (others.length === 0) return;
  context.report({
    severity: "warning",
    resource: paths.name,
    message: `the gateway ${client.label} does not list ${others.join(", ")}, which its hosts have: it has an allow-list, or reads another folder. Add ${paths.name} to the allow-list before this is deployed`,
  });
}

/** The kernelspecs of the first host that the gateway does not list. Where either can't be asked, nothing is known. */
async function unlistedSpecs({ client, paths, transports: [host] }: KernelTarget): Promise<string[]> {
  try {
    // The host first: what a deployment adds meanwhile is then on the list.
    const names = host ? await specsOn(host, paths.specsFolder) : [];
    if (names.length === 0) return [];
    const listed = new Set(await client?.kernelspecNames());
    return names.filter((name) => !listed.has(name.toLowerCase()));
  } catch (error) {
    // The preflight and the gateway's own check report these.
    if (error instanceof LecternError) return [];
    throw error;
  }
}

/** The folders of a host in which a gateway finds a kernelspec. */
async function specsOn(host: Transport, specsFolder: string): Promise<string[]> {
  const names = (await host.list(specsFolder)) ?? [];
  const files = await Promise.all(
    names.map((name) => host.read(posix.join(specsFolder, name, "kernel.json"))),
  );
  return names.filter((name, at) => {
    const bytes = files[at];
    const isSpec = bytes && /^[a-z0-9._-]+$/i.test(name) && readKernelspec(bytes) !== undefined;
    return isSpec && !name.startsWith("lectern-trial-");
  });
}
