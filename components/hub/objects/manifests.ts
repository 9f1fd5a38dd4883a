import type { KubernetesObject } from "../release/api/kubernetes-object.ts";
import { manifestObjects } from "../release/record/manifest.ts";

/** A Kubernetes object as a chart renders it. */
export type Manifest = KubernetesObject;

/**
 * The objects in what a chart renders.
 * @throws {LecternError} where it is not YAML or something in it is no object; never with its content
 */
export const manifestsIn = (text: string): Manifest[] => manifestObjects(text, "the chart as it is rendered");
