import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { RenderedProfile } from "../../components/hub/profiles/profile-list.ts";
import { known } from "../outputs/known-output.ts";
import type { SelectedImages } from "../outputs/outputs.ts";
import { offerOf } from "./offer.ts";

const profile = { slug: "gpu", display_name: "GPU", kubespawner_override: {} };
const rendered = [{ profile, nodeGroups: [] }] as unknown as RenderedProfile[];
const selection = (tag: string): SelectedImages => ({
  repository: "docker.io/a/lab",
  recommended: { tag, digest: "" },
  menu: [],
  prepull: [],
});

it("recommends what the outputs say is deployed, also where the selection is another", async () => {
  const images = {
    lab: pulumi.output<SelectedImages | undefined>(selection("w_40")),
    never: pulumi.output<SelectedImages | undefined>(undefined),
  };
  expect(await known(offerOf(rendered, images))).toEqual({
    profiles: [profile],
    recommended: { lab: "w_40", never: undefined },
  });
});
