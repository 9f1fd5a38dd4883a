import { expect, it } from "vitest";
import type { RenderedProfile } from "../profile-list.ts";
import { startedImages } from "./started-images.ts";

const LAB = "lectern://images/lab";
const GPU = "lectern://images/gpu";

const profile = (nodeGroups: readonly string[], image?: string): RenderedProfile => ({
  profile: { display_name: "A", slug: "a", ...(image ? { kubespawner_override: { image } } : {}) },
  nodeGroups,
});

it("an image of the hub's values starts anywhere where there are no profiles", () => {
  const values = { singleuser: { image: { name: `${LAB}#repository`, tag: `${LAB}#tag` } } };
  const lab = { name: "lab", anywhere: true, nodeGroups: [] };
  expect(startedImages(values, [], [])).toEqual([lab, lab]);
});

it("an image of a profile starts on its node groups, the hub's on those of profiles without one", () => {
  const profiles = [profile(["gpu"], GPU), profile(["cpu"]), profile([], "ghcr.io/a/b@sha256:0")];
  const values = {
    image: { singleuser: { image: LAB } },
    singleuser: {
      image: LAB,
      extraContainers: [{ image: "lectern://images/side" }],
      profileList: profiles.map(({ profile }) => profile),
    },
  };
  expect(startedImages(values, [], profiles)).toEqual([
    { name: "lab", anywhere: true, nodeGroups: ["cpu", "gpu"] },
    { name: "lab", anywhere: false, nodeGroups: ["cpu"] },
    { name: "side", anywhere: true, nodeGroups: ["cpu", "gpu"] },
    { name: "gpu", anywhere: false, nodeGroups: ["gpu"] },
  ]);
  const own = [profile(["gpu"], GPU)];
  expect(startedImages({ singleuser: { image: LAB } }, [], own)).toEqual([]);
});

it("no user starts what the hub itself runs, wherever its values are", () => {
  const values = { hub: { image: LAB }, proxy: { chp: { image: LAB } } };
  expect(startedImages(values, [], [])).toEqual([]);
  expect(startedImages({ jupyterhub: values }, ["jupyterhub"], [])).toEqual([]);
  expect(startedImages({ jupyterhub: { singleuser: { image: LAB } } }, ["jupyterhub"], [])).toHaveLength(1);
  expect(startedImages({ other: { image: LAB } }, ["jupyterhub"], [])).toHaveLength(1);
});
