import { parseReference } from "../../image/reference.ts";
import type { RegistryClient } from "../../image/registry/registry-client.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { dockerfileOf, type KernelBuild } from "../declaration/kernel-build.ts";
import { checkDockerfile } from "./dockerfile/dockerfile.ts";
import type { BaseImage } from "./dockerfile/dockerfile-stages.ts";

/**
 * What a Dockerfile leaves to its base image, and that does not have: its user, its command, its port. Without the image
 * that is wrong, as it is then not known what the kernel runs as.
 */
export async function baseImageProblems(
  { context, args, dependsOn }: KernelBuild,
  registry: () => Pick<RegistryClient, "imageConfig">,
): Promise<Problem[]> {
  if (dependsOn === undefined) return [];
  const { image, why } = await readBase(dependsOn, registry);
  const { problems } = await checkDockerfile(context, args, dockerfileOf(context), image);
  if (image) return [...problems];
  return problems.map((problem) => ({
    ...problem,
    severity: "error" as const,
    message: problem.severity === "warning" ? `${problem.message}, and ${why}` : problem.message,
  }));
}

async function readBase(
  name: string,
  registry: () => Pick<RegistryClient, "imageConfig">,
): Promise<{ image?: BaseImage; why: string }> {
  const why = "its registry has no such image for linux/amd64";
  try {
    const { repository, tag, digest } = parseReference(name);
    const config = await registry().imageConfig(repository, digest ?? tag ?? "latest");
    return config ? { image: { ...config, name }, why } : { why };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return { why: `that can't be read: ${error.problems.map(({ message }) => message).join("; ")}` };
  }
}
