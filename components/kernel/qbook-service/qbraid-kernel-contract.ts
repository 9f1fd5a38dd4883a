import { z } from "zod";
import type { Contract, Inputs, State } from "../../resource/contract.ts";
import { kernelName } from "../spec/kernelspec-contract.ts";

const amount = z.union([z.number().positive(), z.string().min(1)]).optional();
const resources = z
  .strictObject({ defaultCpu: amount, defaultMemory: amount, defaultMemoryLimit: amount })
  .optional();

/** A kernel that qBook's own service builds and runs; see qbraid-kernel-provider.ts. */
export const qbraidKernelContract = {
  kind: "QbraidKernel",
  inputs: z.object({
    name: kernelName,
    /** What courses name: their `kernelId` is exactly this. */
    displayName: z
      .string()
      .min(1)
      .max(100)
      .regex(
        /^(?!\s)[^\p{Cc}]*(?<!\s)$/u,
        "must not contain control characters, or begin or end with spaces",
      ),
    language: z.string().regex(/^\S+$/, "must be one word"),
    /** The build context. */
    folder: z.string().min(1),
    dockerfile: z.string().min(1).default("Dockerfile"),
    /** The digest of the build context: what decides whether there is anything to build. */
    digest: z.string().min(1),
    resources,
    /** Seconds after which a run stops waiting for a build. */
    buildLimit: z.number().positive().default(3600),
  }),
  state: z.object({
    name: z.string(),
    /** The image as it was built; empty while there is none. */
    image: z.string(),
    /** The image as the service names it now, where a refresh found another. */
    imageUri: z.string(),
    /** Empty where the kernel was there before. */
    buildId: z.string(),
    /** The build is not done, or it failed. */
    unfinished: z.boolean(),
    /** What decides whether the kernel is built again, as it was last built. */
    applied: z.object({
      displayName: z.string(),
      language: z.string(),
      digest: z.string(),
      resources,
    }),
  }),
} satisfies Contract;

export type QbraidKernelInputs = Inputs<typeof qbraidKernelContract>;
export type QbraidKernelState = State<typeof qbraidKernelContract>;
