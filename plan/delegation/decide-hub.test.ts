import { expect, it } from "vitest";
import { CLUSTER, edited, IMAGES, PROFILES, reasonOf } from "./testing/some-change.ts";

it.each([
  ["a description", PROFILES, "- display_name: Standard", "- display_name: Standard\n  description: New"],
  [
    "resources within the limits",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {mem_limit: 16G, cpu_guarantee: 4, environment: {A: b}, extra_resource_limits: {nvidia.com/gpu: '1'}}",
  ],
  [
    "an image of an allowed repository",
    PROFILES,
    "  images: science",
    `  images: ['ghcr.io/org/new:1@sha256:${"a".repeat(64)}', 'lab@sha256:${"b".repeat(64)}']`,
  ],
  [
    "a new profile",
    PROFILES,
    "- display_name: GPU",
    "- display_name: Small\n  kubespawner_override: {mem_limit: 1G}\n- display_name: GPU",
  ],
  ["a removed profile", `${CLUSTER}/profiles.yaml`, /- display_name: Small.*\n/, ""],
  ["a recommended image", IMAGES, "w_2026_10", "w_2026_11"],
  ["a new entry of an allowed repository", IMAGES, /^/, "new: {repository: ghcr.io/org/new}\n"],
])("a delegate decides %s", (_, path, from, to) => {
  expect(reasonOf("ada", edited(path, from, to))).toBe("yes");
});

it.each([
  [
    "a node group",
    PROFILES,
    "node_groups: standard",
    "node_groups: [standard, gpu]",
    /"Standard" has the node group gpu \(allowed: standard\)/,
  ],
  [
    "a node group of a choice",
    PROFILES,
    "  node_groups: standard",
    "  profile_options: {size: {display_name: Size, choices: {a: {display_name: A, node_group: gpu}}}}",
    /"Standard" has the node group gpu \(allowed: standard\)/,
  ],
  [
    "more memory",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {mem_limit: 16.5G}",
    /mem_limit 16\.5G \(at most 16G\)/,
  ],
  [
    "more memory, in bytes",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {mem_limit: 17179869185}",
    /mem_limit 17179869185/,
  ],
  [
    "no limit",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {mem_limit: null, cpu_limit: null}",
    /mem_limit null.*cpu_limit null/,
  ],
  [
    "more GPUs",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {extra_resource_limits: {nvidia.com/gpu: 2}}",
    /extra_resource_limits\.nvidia\.com\/gpu 2 \(at most 1\)/,
  ],
  [
    "another resource",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {extra_resource_guarantees: {amd.com/gpu: 1}}",
    /amd\.com\/gpu 1 \(none may be set\)/,
  ],
  [
    "rights",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {privileged: true}",
    /the setting privileged, which no delegate decides/,
  ],
  [
    "a secret as a variable",
    PROFILES,
    "  images: science",
    "  images: science\n  kubespawner_override: {environment: {A: {valueFrom: {secretKeyRef: {name: x}}}}}",
    /environment that is not all text/,
  ],
  [
    "a choice beyond the limits",
    PROFILES,
    "  images: science",
    "  images: science\n  profile_options: {m: {display_name: M, choices: {a: {display_name: A, kubespawner_override: {cpu_limit: 5}}}}}",
    /cpu_limit 5 \(at most 4\)/,
  ],
  [
    "a choice of the user's own",
    PROFILES,
    "  images: science",
    "  images: science\n  profile_options: {m: {display_name: M, unlisted_choice: {enabled: true}}}",
    /the option m, where users write/,
  ],
  [
    "an image of elsewhere",
    PROFILES,
    "  images: science",
    `  images: ['quay.io/org/x@sha256:${"a".repeat(64)}']`,
    /the image quay\.io.* \(allowed: ghcr\.io\/org\/\*, lab\)/,
  ],
  [
    "an image of a name that only begins alike",
    PROFILES,
    "  images: science",
    `  images: ['ghcr.io/organ/x@sha256:${"a".repeat(64)}']`,
    /the image ghcr\.io\/organ/,
  ],
  [
    "an image of the catalog",
    PROFILES,
    "  images: science",
    "  kubespawner_override: {image: 'lectern://images/lab'}",
    /the image lectern:\/\/images\/lab/,
  ],
  [
    "an entry of elsewhere",
    PROFILES,
    "  images: science",
    "  images: other",
    /the repository quay\.io\/other\/lab/,
  ],
  [
    "infrastructure's profile",
    PROFILES,
    "  node_groups: gpu",
    "  description: New\n  node_groups: gpu",
    /"GPU" has the node group gpu/,
  ],
  [
    "that infrastructure's profile disappears",
    PROFILES,
    /- display_name: GPU[^-]*/,
    "",
    /"GPU" changes or disappears, but is infrastructure's/,
  ],
  [
    "that infrastructure's profile becomes the default",
    PROFILES,
    /- display_name: Standard[^-]*/,
    "- display_name: Standard\n- display_name: GPU\n  node_groups: gpu\n  images: gpu\n  default: true\n",
    /"GPU" has the node group gpu/,
  ],
  [
    "that infrastructure's profile comes first",
    PROFILES,
    /(- display_name: Standard[^-]*)(- display_name: GPU[^-]*)/,
    "$2$1",
    /"GPU", which is infrastructure's, becomes the default/,
  ],
  [
    "a file that can't be read",
    PROFILES,
    "images: science",
    "imagse: science",
    /profiles\.yaml:3:3 .*unknown key "imagse"/,
  ],
  [
    "an entry's repository",
    IMAGES,
    "ghcr.io/org/gpu-lab",
    "quay.io/x/lab",
    /the entry gpu: the repository quay\.io\/x\/lab/,
  ],
  [
    "an entry of infrastructure's",
    IMAGES,
    "quay.io/other/lab",
    "ghcr.io/org/x",
    /the entry other: the repository quay\.io\/other\/lab/,
  ],
  [
    "an alias",
    IMAGES,
    "alias: recommended",
    "alias: latest-stable",
    /the entry science: infrastructure decides where the alias/,
  ],
  [
    "where an alias moves",
    IMAGES,
    "ghcr.io/org/science",
    "ghcr.io/org/other",
    /where the alias recommended is moved/,
  ],
  [
    "an alias of a new entry",
    IMAGES,
    /^/,
    "new: {repository: ghcr.io/org/new, alias: stable}\n",
    /where the alias stable is moved/,
  ],
  [
    "the image of a profile with rights",
    IMAGES,
    "ghcr.io/org/service",
    "ghcr.io/org/mine",
    /"Service" starts it with service_account/,
  ],
])("a delegate does not decide %s", (_, path, from, to, reason) => {
  expect(reasonOf("ada", edited(path, from, to))).toMatch(reason);
});

it("counts each grant by itself, and what it is for", () => {
  const change = edited(IMAGES, "ghcr.io/org/gpu-lab}", "ghcr.io/org/gpu-lab, policy: {weeklies: 1}}");
  expect(reasonOf("imogen", change)).toBe("yes");
  expect(reasonOf("imogen", edited(IMAGES, "w_2026_10", "w_2026_11"))).toMatch(
    /the repository ghcr\.io\/org\/science/,
  );
  expect(reasonOf("imogen", { [PROFILES]: "- display_name: A\n" })).toMatch(
    /names @ada @org\/biology as delegates for profiles/,
  );
});
