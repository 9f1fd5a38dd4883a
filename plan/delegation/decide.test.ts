import fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { ChangedFile } from "./question.ts";
import { asked, BASE, CLUSTER, edited, IMAGES, PROFILES, reasonOf } from "./testing/some-change.ts";

const COURSE = "catalog/courses/bell/course.json";

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
