import type * as pulumi from "@pulumi/pulumi";
import { parseReference } from "../../image/reference.ts";
import type { RegistryClient } from "../../image/registry/registry-client.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError } from "../../problem/problem.ts";
import { type KernelDeclaration, type KernelImageSource, kernelFileOf } from "../declaration/kernel-file.ts";
import { contextDigest } from "./build-context.ts";

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
  const tags = digest === undefined ? await registry.listTags(repository).catch(() => []) : [];
  throw new LecternError({
    code: "missing-image",
    severity: "error",
    file,
    path: "image",
    message: `the registry has no ${image}`,
    remedy: didYouMean(tag ?? "", tags, "Push it first, or name one that exists"),
  });
}

/**
 * The image of a kernel that is built here, by its digest. Its tag is the digest of the build
 * context, so a commit that changes nothing in it builds nothing. The credentials for the push are
 * those of `docker login` on the machine that deploys: none is in the state.
 * @param repository where it is pushed to; the kernel's name is appended
 */
export async function buildImage(
  kernel: KernelImageSource,
  build: NonNullable<KernelDeclaration["build"]>,
  repository: string,
  options: pulumi.CustomResourceOptions = {},
): Promise<{ resource: pulumi.Resource; image: pulumi.Output<string> }> {
  const digest = await contextDigest(build.context, build.args);
  const tag = digest.slice("sha256:".length, "sha256:".length + 16);
  const { folder, dockerfile } = build.context;
  // Only what is built here pays for loading the SDK of Docker.
  const { Image } = await import("@pulumi/docker");
  const resource = new Image(
    kernel.name,
    {
      imageName: `${repository}/${kernel.name}:${tag}`,
      build: {
        context: folder,
        dockerfile: `${folder}/${dockerfile}`,
        args: build.args,
        platform: "linux/amd64",
      },
    },
    options,
  );
  return { resource, image: resource.repoDigest };
}
