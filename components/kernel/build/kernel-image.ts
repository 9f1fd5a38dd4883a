import type * as pulumi from "@pulumi/pulumi";
import { parseReference } from "../../image/reference.ts";
import type { RegistryClient } from "../../image/registry/registry-client.ts";
import { imageTags } from "../../image/tags/image-tags.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError } from "../../problem/problem.ts";
import { type KernelImageSource, kernelFileOf } from "../declaration/kernel-file.ts";
import { type BuildContext, contextDigest } from "./build-context.ts";

/**
 * The image that a `kernel.yaml` names, by its digest: asked of the registry, so that a missing one
 * fails the preview.
 * @returns `repository@sha256:…`
 * @throws {LecternError} where the registry does not have the image
 */
export async function resolveImage(
  kernel: KernelImageSource,
  image: string,
  registry: Pick<RegistryClient, "resolve" | "listTags">,
): Promise<string> {
  const file = kernelFileOf(kernel.folder);
  const { repository, tag, digest } = parseReference(image, { file, path: "image" });
  const found = await registry.resolve(repository, digest ?? tag ?? "latest");
  if (found !== undefined) return `${repository}@${found}`;
  const tags = digest === undefined ? imageTags(await registry.listTags(repository).catch(() => [])) : [];
  throw new LecternError({
    code: "missing-image",
    severity: "error",
    file,
    path: "image",
    message: `the registry has no ${image}`,
    remedy: didYouMean(tag ?? "", tags, "Push it first, or name one that exists"),
  });
}

/** What an image is built from. */
export interface ImageBuild {
  /** The image's name, and by default that of the resource that builds it. */
  readonly name: string;
  readonly resource?: string;
  readonly context: BuildContext;
  readonly args?: Readonly<Record<string, string>>;
}

/** An image that is built here: its tag is known before, its digest afterwards. */
export interface BuiltImage {
  readonly tag: string;
  /** `repository@sha256:…`. */
  readonly image: pulumi.Output<string>;
}

/** The tag of an image: the digest of its build context, so a commit that changes nothing in it builds nothing. */
export async function contentTag({ context, args = {} }: ImageBuild): Promise<string> {
  const digest = await contextDigest(context, args);
  return digest.slice("sha256:".length, "sha256:".length + 16);
}

/**
 * Builds an image, where its content has changed. The credentials for the push are those of `docker login` on the
 * machine that deploys: none is in the state.
 * @param repository where it is pushed to; the image's name is appended
 */
export async function buildImage(build: ImageBuild, repository: string): Promise<BuiltImage> {
  const { name, resource = name, context, args = {} } = build;
  const tag = await contentTag(build);
  const { folder, dockerfile } = context;
  // Only what is built here pays for loading the SDK of Docker.
  const { Image } = await import("@pulumi/docker");
  const built = new Image(resource, {
    imageName: `${repository}/${name}:${tag}`,
    build: { context: folder, dockerfile: `${folder}/${dockerfile}`, args, platform: "linux/amd64" },
  });
  return { tag, image: built.repoDigest };
}
