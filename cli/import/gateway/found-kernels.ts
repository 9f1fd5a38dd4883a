import { posix } from "node:path";
import type { JsonObject } from "../../../components/json.ts";
import {
  type DeclaredKernel,
  fromKernelJson,
} from "../../../components/kernel/declaration/from-kernel-json/from-kernel-json.ts";
import { bodyOf, kernelFileSchema } from "../../../components/kernel/declaration/kernel-file.ts";
import type { Transport } from "../../../components/kernel/hosts/transport/transport.ts";
import { hasStaleScripts, launcherProblems } from "../../../components/kernel/spec/apply/launch-scripts.ts";
import { hasSameMeaning, ownerOf } from "../../../components/kernel/spec/apply/ownership.ts";
import { specPaths } from "../../../components/kernel/spec/apply/spec-paths.ts";
import { readKernelspec } from "../../../components/kernel/spec/file/kernelspec-patch.ts";
import { type GatewayPlace, kernelName } from "../../../components/kernel/spec/kernelspec-contract.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";

/** A kernel of a gateway's hosts, as kernel.yaml says it. */
export interface FoundKernel extends DeclaredKernel {
  readonly name: string;
  /** Its kernel.json, on the first host that has it. */
  readonly file: JsonObject;
  readonly place: string;
}

/** What hosts have. */
export interface FoundKernels {
  readonly kernels: readonly FoundKernel[];
  /** Those that are managed already, with whom they belong to. */
  readonly owned: Readonly<Record<string, string>>;
  /** Everything in the folder, wanted or not. */
  readonly all: readonly string[];
}

interface Copy {
  readonly host: Transport;
  readonly bytes: Buffer;
}

/**
 * Reads every kernelspec on a gateway's hosts. Nothing is changed there.
 * @param isWanted which of them, by name
 * @throws {LecternError} with everything that kernel.yaml can't say, of all kernels
 */
export async function findKernels(
  place: GatewayPlace,
  hosts: readonly Transport[],
  isWanted: (name: string) => boolean,
): Promise<FoundKernels> {
  const { copies, all: names } = await copiesOn(hosts, place.specsFolder, isWanted);
  const kernels: FoundKernel[] = [];
  const owned: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, all] of [...copies].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = all;
    const marked = all
      .map(({ bytes }) => readKernelspec(bytes))
      .find((read) => read?.registration !== undefined);
    if (first === undefined) continue;
    if (marked) {
      owned[name] = ownerOf(marked);
      continue;
    }
    try {
      kernels.push(await declare(name, first, all, place));
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      problems.push(...error.problems.map((one) => withWayOut(one, name)));
    }
  }
  if (problems.length > 0) throw new LecternError(problems);
  return { kernels, owned, all: names };
}

/** The kernel.json files of the hosts by the kernel's name; a trial that was interrupted is no kernel. */
async function copiesOn(
  hosts: readonly Transport[],
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<{ copies: Map<string, Copy[]>; all: readonly string[] }> {
  const copies = new Map<string, Copy[]>();
  const all = new Set<string>();
  for (const host of hosts) {
    const names = await host.list(folder);
    if (names === undefined) throw noFolder(host, folder);
    for (const name of names) all.add(name);
    for (const name of names.filter((one) => isWanted(one) && !one.startsWith("lectern-trial-"))) {
      const bytes = await host.read(posix.join(folder, name, "kernel.json")).catch(noFile);
      if (bytes) copies.set(name, [...(copies.get(name) ?? []), { host, bytes }]);
    }
  }
  return { copies, all: [...all] };
}

/** What is no folder has no kernel.json. */
function noFile(error: unknown): undefined {
  if (error instanceof LecternError && /not a (directory|folder)/i.test(error.message)) return undefined;
  throw error;
}

async function declare(
  name: string,
  { host, bytes }: Copy,
  all: readonly Copy[],
  place: GatewayPlace,
): Promise<FoundKernel> {
  const paths = specPaths(place, name);
  const at = `${host.host}:${paths.file}`;
  if (!kernelName.safeParse(name).success)
    throw refused(at, "the folder's name can't be a kernel's", "Rename the folder");
  const text = bytes.toString("utf8");
  const plain = fromKernelJson(text, at);
  const other = all.find((copy) => !hasSameMeaning(copy.bytes, bytes));
  if (other) {
    throw refused(at, `it is another one on ${other.host.host}`, "Make them the same on all hosts");
  }
  const body = bodyOf(kernelFileSchema.parse(plain.file));
  const lacks = await launcherProblems(host, paths, body);
  const hasOwnScripts = lacks.length > 0 || (await hasStaleScripts(host, paths, body));
  return { ...(hasOwnScripts ? fromKernelJson(text, at, true) : plain), name, place: at };
}

const refused = (file: string, message: string, remedy: string) =>
  new LecternError({ code: "not-importable", severity: "error", file, message, remedy });

const noFolder = ({ host }: Transport, folder: string) =>
  new LecternError({
    code: "no-specs-folder",
    severity: "error",
    message: `${host}: there is no folder ${folder}`,
    remedy: "Correct `specsFolder` of lectern:gateways, or --from",
  });

const withWayOut = (problem: Problem, name: string): Problem => ({
  ...problem,
  remedy: `${problem.remedy.replace(/,? or leave the kernel out$/, "").replace(/\.$/, "")}; to leave the kernel out: --except ${name}`,
});
