import * as pulumi from "@pulumi/pulumi";
import type { Offer } from "../../components/hub/profiles/profile-changes.ts";
import type { RenderedProfile } from "../../components/hub/profiles/profile-list.ts";
import type { SelectedImages } from "../outputs/outputs.ts";

/**
 * What users of a cluster's hubs can choose. What is recommended follows the outputs, not the selection: an alias that a
 * notebook holds, or that could not be moved, still names what it did.
 * @param images what is deployed, by the entry of images.yaml
 */
export function offerOf(
  rendered: readonly RenderedProfile[],
  images: Readonly<Record<string, pulumi.Output<SelectedImages | undefined>>>,
): pulumi.Output<Offer> {
  const profiles = rendered.map(({ profile }) => profile);
  return pulumi.all(images).apply((deployed) => ({
    profiles,
    recommended: Object.fromEntries(
      Object.entries(deployed).map(([entry, one]) => [entry, one?.recommended?.tag]),
    ),
  }));
}
