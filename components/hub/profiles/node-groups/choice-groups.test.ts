import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, LecternError } from "../../../problem/problem.ts";
import { imagesOf } from "../images/startable-images.ts";
import { renderProfileList } from "../profile-list.ts";
import { readProfiles } from "../profiles-file.ts";

const LAB = `ghcr.io/campus/lab@sha256:${"a".repeat(64)}`;
const nodeGroups = ["standard", "gpu"].map((slug) => ({
  slug,
  display_name: slug,
  node_selector: { pool: slug },
}));
const rendered = (profile: object) =>
  renderProfileList(readProfiles(stringify([{ display_name: "P", ...profile }]), "p.yaml"), { nodeGroups });
const size = (choices: object) => ({ profile_options: { size: { display_name: "Size", choices } } });
const small = { display_name: "Small" };
const large = {
  display_name: "Large",
  node_group: "gpu",
  kubespawner_override: { image: LAB, mem_limit: "8G" },
};

describe("a choice with a node group", () => {
  it("has the group's settings below its own, and no key that KubeSpawner does not know", () => {
    const [one] = rendered(size({ small, large }));
    expect(one?.profile.profile_options?.["size"]?.["choices"]).toEqual({
      small: { ...small, default: true },
      large: {
        display_name: "Large",
        kubespawner_override: { node_selector: { pool: "gpu" }, image: LAB, mem_limit: "8G" },
      },
    });
  });

  it("has images ready on the group's nodes, and elsewhere while another choice runs there", () => {
    expect(imagesOf(rendered(size({ small, large })))).toEqual([
      { image: LAB, anywhere: true, nodeGroups: ["gpu"] },
    ]);
    expect(imagesOf(rendered(size({ large })))).toEqual([
      { image: LAB, anywhere: false, nodeGroups: ["gpu"] },
    ]);
  });

  const refused = (profile: object) => {
    try {
      rendered(profile);
      return "";
    } catch (error) {
      if (error instanceof LecternError) return error.problems.map(formatProblem).join("\n");
      throw error;
    }
  };

  it("names one that there is", () => {
    expect(refused(size({ large: { ...large, node_group: "gpus" } }))).toMatch(
      /\[0\]\.profile_options\.size\.choices\.large\.node_group: .*unknown node group "gpus".*"gpu"/,
    );
  });

  it("does not decide on nodes beside the profile or another option", () => {
    expect(refused({ node_groups: "standard", ...size({ large }) })).toMatch(
      /choices\.large\.node_group: node_groups decides on nodes already/,
    );
    const other = { display_name: "Other", choices: { x: { display_name: "X", node_group: "standard" } } };
    const { profile_options: options } = size({ large });
    expect(refused({ profile_options: { ...options, other } })).toMatch(
      /other\.choices\.x\.node_group: the choices of the option "size" decide on nodes already/,
    );
  });
});
