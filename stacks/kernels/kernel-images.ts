import * as pulumi from "@pulumi/pulumi";
import { shortDigest } from "../../components/image/reference.ts";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import { registry } from "../registry.ts";
import type { ImageVerdict, KernelOutput } from "./kernels.ts";

/** Images as the catalog says: named ones by their digest, built ones from their context. */
export function ownImages(config: StackConfig): (kernel: KernelDeclaration) => Promise<ImageVerdict> {
  return async (kernel) => {
    const { buildImage, resolveImage } = await import("../../components/kernel/build/kernel-image.ts");
    if (kernel.build) {
      return buildImage(kernel, kernel.build, imageRepository(kernel, config));
    }
    const image = await resolveImage(kernel, kernel.image ?? "", registry());
    pulumi.log.info(
      `kernel ${kernel.name}: ${kernel.image} is ${shortDigest(image.slice(image.indexOf("@") + 1))}`,
    );
    return { image };
  };
}

/** Images that staging has deployed, and no other: nothing is built, no tag is looked up. */
export function provenImages(
  proven: Readonly<Record<string, KernelOutput>>,
  before: Readonly<Record<string, KernelOutput>>,
): (kernel: KernelDeclaration) => Promise<ImageVerdict> {
  return async ({ name }) => {
    const image = proven[name]?.image;
    if (image) return { image };
    return { held: "staging has not deployed it yet", deployedBefore: before[name] !== undefined };
  };
}

function imageRepository(kernel: KernelDeclaration, config: StackConfig): string {
  if (config.imageRepository) return config.imageRepository;
  throw new LecternError({
    code: "missing-repository",
    severity: "error",
    path: "lectern:imageRepository",
    message: `the kernel ${kernel.name} is built, and there is no place to push its image to`,
    remedy: "Name one, such as ghcr.io/my-organization/kernels",
  });
}
