import { lstat, realpath } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import type { YamlFile } from "../../problem/yaml-file.ts";
import { type BuildContext, readBuildContext } from "../build/build-context.ts";
import { checkDockerfile } from "../build/dockerfile/dockerfile.ts";
import { type KernelFile, kernelFileSchema } from "./kernel-schema.ts";

/** How a kernel's image is built. */
export interface KernelBuild {
  readonly context: BuildContext;
  readonly args: Readonly<Record<string, string>>;
  /** The image that some of it is left to, as warnings of the Dockerfile name it. */
  readonly dependsOn?: string;
}

/** The build part, where it is whole enough to look at the Dockerfile although the rest is wrong. */
export function buildOf(value: unknown): NonNullable<KernelFile["build"]> | undefined {
  if (typeof value !== "object" || value === null || !("build" in value)) return undefined;
  const parsed = kernelFileSchema.shape.build.safeParse(value.build);
  return parsed.success ? parsed.data : undefined;
}

/** Reads the folder that a kernel's image is built from, and adds what is wrong with it to the problems. */
export async function readBuild(
  folder: string,
  file: string,
  build: NonNullable<KernelFile["build"]>,
  yaml: YamlFile,
  problems: Problem[],
): Promise<KernelBuild | undefined> {
  const refuse = (key: "context" | "dockerfile", message: string, remedy: string) => {
    const place = yaml.locate(["build", key]);
    problems.push({
      code: `build-${key}`,
      severity: "error",
      file,
      path: `build.${key}`,
      ...place,
      message,
      remedy,
    });
    return undefined;
  };
  const context = join(folder, build.context);
  if (!(await isInside(folder, context, "folder"))) {
    const message = `${JSON.stringify(build.context)} is not a folder in the kernel's folder`;
    return refuse("context", message, "Name the folder that holds the Dockerfile and its files");
  }
  if (!(await isInside(context, join(context, build.dockerfile), "file"))) {
    const message = `the context ${JSON.stringify(build.context)} has no file ${JSON.stringify(build.dockerfile)}`;
    const there = (await readBuildContext(context)).files;
    return refuse(
      "dockerfile",
      message,
      didYouMean(build.dockerfile, there, "Name the Dockerfile, relative to the context"),
    );
  }
  const read = await readBuildContext(context, posix.normalize(build.dockerfile));
  const { problems: found, ...left } = await checkDockerfile(read, build.args, dockerfileOf(read));
  problems.push(...found);
  return { context: read, args: build.args, ...left };
}

/** The Dockerfile of a build context, as problems name it. */
export const dockerfileOf = ({ folder, dockerfile }: BuildContext) => join(folder, dockerfile);

/** Whether the path is there, of that kind, and, links followed, still in the folder. */
async function isInside(folder: string, path: string, kind: "file" | "folder"): Promise<boolean> {
  try {
    const [home, real] = await Promise.all([realpath(folder), realpath(path)]);
    const way = relative(home, real);
    const found = await lstat(real);
    return (
      way !== ".." && !way.startsWith(`..${sep}`) && (kind === "file" ? found.isFile() : found.isDirectory())
    );
  } catch {
    return false;
  }
}
