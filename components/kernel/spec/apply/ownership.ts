import { isDeepStrictEqual } from "node:util";
import { repositoryOf } from "../../../article/source/git/repository.ts";
import { LecternError } from "../../../problem/problem.ts";
import { meaningOf } from "../file/kernelspec-meaning.ts";
import { type ReadKernelspec, readKernelspec } from "../file/kernelspec-patch.ts";
import type { KernelspecInputs } from "../kernelspec-contract.ts";
import type { Found, KernelTarget, NameRepository } from "./kernelspec-target.ts";

/** The remote of the project's repository, `github.com/physics/courses`; undefined outside of git, or without one. */
export const projectRepository: NameRepository = async (context) => {
  const repository = await repositoryOf(process.cwd(), context).catch(() => undefined);
  return repository?.url?.replace(/^\w+:\/\//, "").replace(/\.git$/, "");
};

/** Whom a kernel.json belongs to, for people. */
export function ownerOf({ owner, repository }: ReadKernelspec): string {
  return `${owner ?? "another stack"}${repository === undefined ? "" : ` of ${repository}`}`;
}

/**
 * Whether a new kernel may have a folder that is there already: an earlier run of the same stack left it, or nobody
 * has marked it, and it has the same content or a person has decided to adopt it. Stacks of two repositories may well have the same name.
 */
export function mayTakeOver(
  { name, owner, adopt }: KernelspecInputs,
  repository: string | undefined,
  there: ReadKernelspec,
  wanted: ReadKernelspec,
): boolean {
  if (there.registration === undefined) {
    return adopt === true || isDeepStrictEqual(withoutMark(there.spec), withoutMark(wanted.spec));
  }
  const isSameStack = there.owner === owner && there.registration.startsWith(`kernel/${name}/`);
  const isOther =
    there.repository !== undefined && repository !== undefined && there.repository !== repository;
  return isSameStack && !isOther;
}

/**
 * Refuses to change a kernel.json that another registration has, or that nobody has any more: somebody wrote it
 * in the place of this one's. One that can't be read is nobody's kernel, and is written again.
 */
export function refuseForeign({ paths }: KernelTarget, registration: string, found: Found): void {
  for (const [{ host }, bytes] of found) {
    const read = bytes && readKernelspec(bytes);
    if (!read || read.registration === registration) continue;
    const isUnmarked = read.registration === undefined;
    throw new LecternError({
      code: "kernelspec-taken",
      severity: "error",
      message: isUnmarked
        ? `${host}: ${paths.file} was written by somebody else: it has no \`metadata.lectern\``
        : `${host}: ${paths.folder} was registered again by ${ownerOf(read)}`,
      remedy: isUnmarked
        ? "Remove that folder, run `pulumi refresh` and deploy again, or remove the kernel from this stack"
        : "Keep the kernel in one stack, and remove it from the other",
    });
  }
}

/** Whether a removal may take a folder along: it is the registration's, or holds no kernel that could be read. */
export function mayRemove(registration: string, bytes: Buffer | undefined): boolean {
  const read = bytes && readKernelspec(bytes);
  return !read || read.registration === registration;
}

/** Whether two files of a kernel differ in nothing but whose they are. */
export function hasSameMeaning(one: Buffer, other: Buffer): boolean {
  const [first, second] = [readKernelspec(one), readKernelspec(other)];
  return (
    first !== undefined &&
    second !== undefined &&
    isDeepStrictEqual(meaningOf(first.spec), meaningOf(second.spec))
  );
}

function withoutMark(spec: Readonly<Record<string, unknown>>): unknown {
  const { lectern: _, ...metadata } = (spec["metadata"] ?? {}) as Record<string, unknown>;
  return { ...spec, metadata };
}
