import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { type BuildContext, readBuildContext } from "../../kernel/build/build-context.ts";
import { checkImageDockerfile } from "../../kernel/build/dockerfile/dockerfile.ts";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";

const DOCKERFILE = "Dockerfile";

/** An image of the catalog's images/ that hubs use. */
export interface HubImage {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  readonly context: BuildContext;
}

/** An image as far as it can be read; there is none where a problem forbids it. */
export interface HubImageReading {
  readonly image?: HubImage;
  readonly problems: readonly Problem[];
}

/**
 * Reads an image's folder, which is its build context: every problem at once.
 * @param folder how it is called in problems, such as `catalog/images/lab`
 */
export async function readHubImage(folder: string): Promise<HubImageReading> {
  const name = basename(folder);
  const file = join(folder, DOCKERFILE);
  const wrongName = nameProblems(name, folder);
  const there = await readdir(folder);
  if (!there.includes(DOCKERFILE)) return { problems: [...wrongName, noDockerfile(file, there)] };
  const context = await readBuildContext(folder, DOCKERFILE);
  const problems = [...wrongName, ...(await checkImageDockerfile(context, file))];
  return problems.length > 0 ? { problems } : { image: { name, folder, context }, problems };
}

/** Registries take no other names. */
function nameProblems(name: string, folder: string): Problem[] {
  if (/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(name)) return [];
  return [
    {
      code: "image-name",
      severity: "error",
      file: folder,
      message: `the folder's name ${JSON.stringify(name)} can't be the name of an image`,
      remedy: "Use lower-case letters and digits, with single hyphens, dots or underscores between them",
    },
  ];
}

const noDockerfile = (file: string, there: readonly string[]): Problem => ({
  code: "missing-file",
  severity: "error",
  file,
  message: "the image has no Dockerfile",
  remedy: didYouMean(DOCKERFILE, there, "Add it, or remove the folder from images/"),
});
