import * as pulumi from "@pulumi/pulumi";
import { shortDigest } from "../../components/image/reference.ts";
import type { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { buildImage, resolveImage } from "../../components/kernel/build/kernel-image.ts";
import type { KernelImageSource } from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";

/**
 * A kernel's image as the catalog says: a named one by its digest, a built one from its context, and none for a
 * process of a host.
 * @throws {LecternError} where the registry has no such image, or there is no repository to push to
 */
export async function catalogImage(
  kernel: KernelImageSource,
  config: StackConfig,
  registry: () => RegistryClient,
): Promise<pulumi.Input<string>> {
  if (kernel.build) {
    const { image } = await buildImage(
      { name: kernel.name, ...kernel.build },
      imageRepository(config, `the kernel ${kernel.name}`),
    );
    return image;
  }
  if (kernel.image === undefined) return "";
  const image = await resolveImage(kernel, kernel.image, registry());
  pulumi.log.info(
    `kernel ${kernel.name}: ${kernel.image} is ${shortDigest(image.slice(image.indexOf("@") + 1))}`,
  );
  return image;
}

/** @param what is built here, for the message @throws {LecternError} where the stack has no repository for images */
export function imageRepository(config: StackConfig, what: string): string {
  if (config.imageRepository) return config.imageRepository;
  throw new LecternError({
    code: "missing-repository",
    severity: "error",
    path: "lectern:imageRepository",
    message: `${what} is built here, but no repository is configured to push its image to`,
    remedy: "Set it to a repository, such as ghcr.io/my-organization/kernels",
  });
}
