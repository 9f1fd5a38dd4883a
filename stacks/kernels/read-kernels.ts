import * as pulumi from "@pulumi/pulumi";
import { dockerfileOf } from "../../components/kernel/declaration/kernel-build.ts";
import {
  type KernelDeclaration,
  type KernelReading,
  kernelSetProblems,
  readKernel,
} from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { StackPolicy } from "../policy.ts";
import type { Gate } from "../promotion/gate.ts";
import { backendProblems } from "./backend-problems.ts";
import { unknownDecisions } from "./kernel-decisions.ts";

export interface ReadKernelsArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly policy: Pick<StackPolicy, "kernelImage" | "buildProblems">;
  /** The kernels that the stack has deployed before, by name. */
  readonly before: ReadonlyMap<string, unknown>;
}

/** The kernels of a catalog, and the images of those that name one, by kernel. */
export interface ReadKernels {
  readonly kernels: readonly KernelDeclaration[];
  readonly images: ReadonlyMap<string, Gate<pulumi.Input<string>>>;
}

/**
 * Reads every kernel of the catalog, and asks for the images that they name; warnings are reported.
 * @throws {LecternError} with everything that is wrong with files and images, before anything is built
 */
export async function readKernels({
  catalog,
  config,
  policy,
  before,
}: ReadKernelsArgs): Promise<ReadKernels> {
  const read = await Promise.all(catalog.kernels.map(({ folder }) => readKernel(folder)));
  const kernels = read.flatMap(({ kernel }) => (kernel ? [kernel] : []));
  const known = new Set([...wholeOf(catalog).kernels.map(({ name }) => name), ...before.keys()]);
  const { images, problems: missing } = await namedImages(read, policy);
  const builds = kernels.flatMap(({ build }) => (build?.dependsOn === undefined ? [] : [build]));
  const judged = new Set(builds.map(({ context }) => dockerfileOf(context)));
  const problems: Problem[] = [
    // What is left to a base image is judged with it.
    ...read.flatMap((one) => one.problems).filter(({ file }) => file === undefined || !judged.has(file)),
    ...(await Promise.all(builds.map(policy.buildProblems))).flat(),
    ...kernelSetProblems(kernels),
    ...kernels.flatMap((kernel) => backendProblems(kernel, config)),
    ...unknownDecisions(config.kernels, known),
    ...missing,
  ];
  for (const problem of problems) {
    if (problem.severity === "warning") pulumi.log.warn(new LecternError(problem).message);
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new LecternError(errors);
  return { kernels, images };
}

/** The display names of kernels that another stack deploys; one that can't be read is reported there. */
export async function kernelsElsewhere(catalog: Catalog): Promise<string[]> {
  const own = new Set(catalog.kernels.map(({ name }) => name));
  const others = wholeOf(catalog).kernels.filter(({ name }) => !own.has(name));
  const read = await Promise.all(others.map(({ folder }) => readKernel(folder)));
  return read.flatMap(({ kernel }) => kernel?.displayName ?? []);
}

async function namedImages(read: readonly KernelReading[], { kernelImage }: ReadKernelsArgs["policy"]) {
  const images = new Map<string, Gate<pulumi.Input<string>>>();
  const problems: Problem[] = [];
  const named = read.flatMap(({ named }) => (named ? [named] : []));
  const asked = await Promise.allSettled(named.map(kernelImage));
  for (const [at, one] of asked.entries()) {
    const name = named[at]?.name ?? "";
    if (one.status === "fulfilled") images.set(name, one.value);
    else if (one.reason instanceof LecternError) problems.push(...one.reason.problems);
    else throw one.reason;
  }
  return { images, problems };
}
