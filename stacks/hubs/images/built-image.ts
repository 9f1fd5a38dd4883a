import type * as pulumi from "@pulumi/pulumi";
import type { HubImage } from "../../../components/hub/images/hub-image.ts";
import { buildImage } from "../../../components/kernel/build/kernel-image.ts";
import type { StackConfig } from "../../config.ts";
import { imageRepository } from "../../kernels/kernel-images.ts";

/** Builds an image of hubs. @throws {LecternError} where the stack has no repository for images */
export async function builtHubImage(
  { name, context }: HubImage,
  config: StackConfig,
): Promise<pulumi.Output<string>> {
  const repository = imageRepository(config, `the image ${name} of hubs`);
  const { tag, image } = await buildImage({ name, resource: `hub-image-${name}`, context }, repository);
  return image.apply((reference) => reference.replace("@", `:${tag}@`));
}
