import fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { ChangedFile } from "./question.ts";
import { asked, BASE, CLUSTER } from "./testing/some-change.ts";

const PROFILES = `${CLUSTER}/profiles.yaml`;
const IMAGES = `${CLUSTER}/images.yaml`;
const COURSE = "catalog/courses/bell/course.json";

/** A file of the base with a text replaced. */
function edited(path: string, from: string | RegExp, to: string): Record<string, string> {
  const text = BASE[path] ?? "";
  expect(text).toMatch(from);
  return { [path]: text.replace(from, to) };
}

const reasonOf = (
  login: string,
  changes: Readonly<Record<string, string | null>>,
  teams?: readonly string[],
) => {
  const { delegated, reason, files } = asked(login, changes, teams === undefined ? {} : { teams });
  return delegated
    ? "yes"
    : [reason, ...files.flatMap((one) => (one.delegated ? [] : [one.reason]))].join("\n").trim();
};

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

it("knows logins and teams in any case, and says where a team is not known", () => {
  const course = { [COURSE]: "{ }" };
  expect(reasonOf("GRACE", course)).toBe("yes");
  expect(reasonOf("ada", course)).toBe(
    ".github/CODEOWNERS:2 gives it to @Grace @org/physics; whether ada is in @org/physics is not known",
  );
  expect(reasonOf("ada", course, [])).toBe(".github/CODEOWNERS:2 gives it to @Grace @org/physics");
  expect(reasonOf("ada", course, ["Org/Physics"])).toBe("yes");
  const profiles = edited(PROFILES, "Standard", "Ordinary");
  expect(reasonOf("mallory", profiles, ["org/biology"])).toBe("yes");
  expect(reasonOf("mallory", profiles, ["org/physics"])).toMatch(/names @ada @org\/biology as delegates/);
});

it.each(["", "@ada", "ada grace", "ada-", "org/biology"])("refuses the author %j", (login) => {
  expect(reasonOf(login, { [COURSE]: "{ }" })).toMatch(/is no login of GitHub/);
});

it("refuses an empty change, a removed article, files of git's, and links", () => {
  expect(reasonOf("grace", {})).toMatch(/the change is empty/);
  expect(reasonOf("grace", { [COURSE]: null })).toBe("it removes an article");
  expect(reasonOf("grace", { "catalog/courses/bell/.gitattributes": "" })).toMatch(/a file of git's/);
  const link: ChangedFile = { path: COURSE, kind: "modified", isSpecial: true };
  const read = (path: string) => BASE[path];
  const decision = decide({
    author: { login: "grace" },
    catalog: "catalog",
    changed: [link],
    base: read,
    head: read,
  });
  expect(decision.files).toMatchObject([{ delegated: false, reason: expect.stringContaining("a link") }]);
});

it("counts both names of a renamed file", () => {
  const file = "catalog/courses/bell/a.ipynb";
  const base = { ...BASE, [file]: "" };
  expect(asked("grace", { [file]: null, "catalog/courses/bell/b.ipynb": "" }, { base }).delegated).toBe(true);
  expect(asked("grace", { [file]: null, "catalog/courses/other/a.ipynb": "" }, { base }).delegated).toBe(
    false,
  );
});

it("refuses where a rule of the base can't be read, and where there is none", () => {
  const change = { [COURSE]: "{ }" };
  const owners = (text: string) =>
    asked("grace", change, { base: { ...BASE, ".github/CODEOWNERS": text } }).files[0];
  expect(owners("* @grace\n[a] @ada\n")?.reason).toBe(
    ".github/CODEOWNERS has lines that can't be read, so nothing is sure: 2",
  );
  expect(owners("/catalog/ @grace\n/catalog/courses/bell/\n")?.reason).toBe(
    ".github/CODEOWNERS:2 gives it to nobody",
  );
  const { ".github/CODEOWNERS": _, ...without } = BASE;
  expect(asked("grace", change, { base: without }).files[0]?.reason).toMatch(/the base has no CODEOWNERS/);
  const cluster = { ...BASE, [`${CLUSTER}/cluster.yaml`]: "delegates: [{who: ['@ada'], nodegroups: []}]" };
  expect(asked("ada", edited(PROFILES, "Standard", "X"), { base: cluster }).files[0]?.reason).toMatch(
    /unknown key "nodegroups"/,
  );
});

/** Everything that a delegate of everything may touch, and everything else. */
const OPEN = {
  ...BASE,
  CODEOWNERS: "* @ada\n",
  ".github/CODEOWNERS": "* @ada\n",
  [`${CLUSTER}/cluster.yaml`]:
    "delegates: [{who: ['@ada'], nodeGroups: [standard, gpu], images: ['ghcr.io/org/*', quay.io/other/lab]}]\n",
};
const mayTouch = [PROFILES, IMAGES, COURSE, "catalog/courses/new/course.json", "catalog/blogs/b/a/b.ipynb"];
const anyPath = fc.oneof(
  fc.constantFrom(
    ...["index.ts", "Pulumi.prod.yaml", ".github/workflows/deploy.yml", ".github/CODEOWNERS", "CODEOWNERS"],
    ...[
      `${CLUSTER}/cluster.yaml`,
      `${CLUSTER}/node-groups.json`,
      `${CLUSTER}/common.yaml`,
      `${CLUSTER}/sub/profiles.yaml`,
    ],
    ...[
      "catalog/kernels/k/kernel.yaml",
      "catalog/charts/hub/values.yaml",
      "catalog/courses/README.md",
      "catalog/images/i/Dockerfile",
    ],
    ...[
      "Catalog/courses/a/b",
      "x/catalog/courses/a/b",
      "catalog/courses",
      "catalogue/courses/a/b",
      "catalog/clusters/profiles.yaml",
    ],
  ),
  fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/")),
);
const isOpen = (path: string) =>
  /^catalog\/((courses|blogs)\/[^/]+\/.|clusters\/[^/]+\/(profiles|images)\.yaml$)/s.test(path);

it("never delegates a change that touches any other path, and touching more never makes it so", () => {
  const some = fc.subarray(mayTouch);
  fc.assert(
    fc.property(
      some,
      anyPath.filter((path) => !isOpen(path)),
      (allowed, other) => {
        const changes = (paths: readonly string[]) =>
          Object.fromEntries(paths.map((path) => [path, `${OPEN[path as keyof typeof OPEN] ?? ""}\n`]));
        const without = asked("ada", changes(allowed), { base: OPEN });
        expect(without.delegated).toBe(allowed.length > 0);
        const { delegated, files } = asked("ada", changes([...allowed, other]), { base: OPEN });
        expect(delegated).toBe(false);
        expect(files.find(({ path }) => path === other)?.delegated).toBe(false);
      },
    ),
  );
});

it("takes no rule from the head", () => {
  const rules = fc.constantFrom(...["* @mallory\n", "", "/catalog/ @ada @mallory\n"]);
  const clusters = fc.constantFrom(
    "delegates: [{who: ['@mallory'], nodeGroups: [gpu], images: ['ghcr.io/*']}]",
    "",
  );
  fc.assert(
    fc.property(rules, clusters, fc.constantFrom("ada", "grace", "mallory"), (owners, cluster, login) => {
      const change = { ...edited(PROFILES, "Standard", "Ordinary"), [COURSE]: "{ }" };
      const plain = asked(login, change);
      const { files } = asked(login, {
        ...change,
        ".github/CODEOWNERS": owners,
        [`${CLUSTER}/cluster.yaml`]: cluster,
      });
      expect(files.slice(0, 2)).toEqual(plain.files);
    }),
  );
});

it("lets nobody decide who is named nowhere", () => {
  const logins = fc
    .stringMatching(/^[a-z]{1,10}$/)
    .filter((login) => !["ada", "grace", "imogen"].includes(login));
  fc.assert(
    fc.property(logins, fc.subarray(mayTouch, { minLength: 1 }), (login, paths) => {
      const changes = Object.fromEntries(paths.map((path) => [path, `${BASE[path] ?? ""}\n`]));
      expect(asked(login, changes, { teams: [] }).files.some(({ delegated }) => delegated)).toBe(false);
    }),
  );
});
