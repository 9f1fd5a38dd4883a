import { z } from "zod";
import type { PrepullDaemonSet } from "../daemonset.ts";

const daemonSets = z.array(z.custom<PrepullDaemonSet>((value) => typeof value === "object")).readonly();

/** The custom resource `PrepullReadiness`: waits until the nodes of a cluster hold its images. */
export const prepullReadinessContract = {
  kind: "PrepullReadiness",
  inputs: z.object({
    /** The cluster's name in the catalog: the key of its kubeconfig. */
    cluster: z.string(),
    /** The context of that kubeconfig, where not its current one is meant. */
    context: z.string().optional(),
    /** The kubeconfig's file, relative to the project. */
    kubeconfig: z.string().optional(),
    /** Seconds to wait for the nodes. */
    patience: z.number().default(600),
    /** How many nodes of each DaemonSet may lack images: a number, or a share such as `5%`. */
    tolerated: z.union([z.number(), z.string()]).optional(),
    daemonSets,
  }),
  state: z.object({
    cluster: z.string(),
    context: z.string().optional(),
    /** The kubeconfig's file, relative to the project. */
    kubeconfig: z.string().optional(),
    /** Those that were waited for last. */
    daemonSets,
    tolerated: z.union([z.number(), z.string()]).optional(),
    /** Whether the nodes held the images, but for what is tolerated. */
    ready: z.boolean(),
    /** How many images of how many nodes are held, and are to be. */
    held: z.number(),
    wanted: z.number(),
    /** The first of them. */
    failures: z.array(z.object({ node: z.string(), image: z.string(), reason: z.string() })).readonly(),
  }),
};
