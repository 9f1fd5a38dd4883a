import { expect } from "vitest";
import { type Decision, decide } from "../decide.ts";
import type { ChangedFile } from "../question.ts";

export const CLUSTER = "catalog/clusters/campus";

/** Files of a base with a delegate for a cluster, and an owner of a course. */
export const BASE: Readonly<Record<string, string>> = {
  ".github/CODEOWNERS": "* @org/platform\n/catalog/courses/bell/ @Grace @org/physics\n",
  [`${CLUSTER}/cluster.yaml`]: `hubs:
- {name: staging, chart: hub}
delegates:
- who: ["@ada", "@org/biology"]
  nodeGroups: [standard]
  images: [ghcr.io/org/*, lab]
  limits: {cpu: 4, memory: 16G, resources: {nvidia.com/gpu: 1}}
- who: ["@imogen"]
  decide: [images]
  images: [ghcr.io/org/gpu-lab]
`,
  [`${CLUSTER}/profiles.yaml`]: `- display_name: Standard
  node_groups: standard
  images: science
- display_name: GPU
  node_groups: gpu
  images: gpu
- display_name: Small
- display_name: Service
  images: service
  kubespawner_override: {service_account: admin}
`,
  [`${CLUSTER}/images.yaml`]: `science: {repository: ghcr.io/org/science, alias: recommended, policy: {recommended: w_2026_10}}
gpu: {repository: ghcr.io/org/gpu-lab}
service: {repository: ghcr.io/org/service}
other: {repository: quay.io/other/lab}
`,
  "catalog/courses/bell/course.json": "{}",
};

/** Asks about a change of {@link BASE}. @param changes new texts by path; null removes a file */
export function asked(
  login: string,
  changes: Readonly<Record<string, string | null>>,
  { teams, base = BASE }: { teams?: readonly string[]; base?: Readonly<Record<string, string>> } = {},
): Decision {
  const changed = Object.entries(changes).map(
    ([path, text]): ChangedFile => ({
      path,
      kind: text === null ? "deleted" : path in base ? "modified" : "added",
      isSpecial: false,
    }),
  );
  return decide({
    author: { login, ...(teams === undefined ? {} : { teams }) },
    catalog: "catalog",
    changed,
    base: (path) => base[path],
    head: (path) => (path in changes ? (changes[path] ?? undefined) : base[path]),
  });
}

export const PROFILES = `${CLUSTER}/profiles.yaml`;
export const IMAGES = `${CLUSTER}/images.yaml`;

/** A file of the base with a text replaced. */
export function edited(path: string, from: string | RegExp, to: string): Record<string, string> {
  const text = BASE[path] ?? "";
  expect(text).toMatch(from);
  return { [path]: text.replace(from, to) };
}

/** Why an author may not decide a change of {@link BASE}; `yes` where they may. */
export const reasonOf = (
  login: string,
  changes: Readonly<Record<string, string | null>>,
  teams?: readonly string[],
) => {
  const { delegated, reason, files } = asked(login, changes, teams === undefined ? {} : { teams });
  return delegated
    ? "yes"
    : [reason, ...files.flatMap((one) => (one.delegated ? [] : [one.reason]))].join("\n").trim();
};
