import { expect, it } from "vitest";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { rbacManifests } from "./rbac.ts";

const user = (name: string) => ({ kind: "User", name }) as const;
const hub = (environment: "staging" | "prod", namespace: string) =>
  ({ environment, namespace }) as ClusterDeclaration["hubs"][number];
const manifests = rbacManifests({
  cluster: {
    hubs: [hub("staging", "staging"), hub("prod", "campus"), hub("prod", "campus")],
    support: { namespace: "support" } as NonNullable<ClusterDeclaration["support"]>,
  },
  subjects: { staging: user("s"), prod: user("p"), preview: user("v") },
  prepullNamespace: "jupyterhub",
});

it("binds each account in its own namespaces alone, and support to staging", () => {
  const roles = manifests.filter(({ kind }) => kind === "Role");
  expect(roles.map(({ metadata: { name, namespace } }) => `${namespace} ${name}`)).toEqual([
    "staging lectern-staging",
    "support lectern-staging",
    "jupyterhub lectern-staging-prepull",
    "campus lectern-prod",
    "jupyterhub lectern-prod-prepull",
    "campus lectern-preview",
    "staging lectern-preview",
    "support lectern-preview",
    "jupyterhub lectern-preview-prepull",
  ]);
  const bindings = manifests.filter(({ kind }) => kind.endsWith("RoleBinding"));
  for (const { metadata, subjects } of bindings) {
    const name = { staging: "s", prod: "p", preview: "v" }[metadata.name.split("-")[1] ?? ""];
    expect(subjects).toMatchObject([{ kind: "User", name }]);
  }
});

it("lets each deployment write the namespace of the prepuller beside its own", () => {
  const names = manifests
    .filter(({ kind }) => kind === "ClusterRole")
    .map(({ rules }) => (rules as { resourceNames?: string[] }[])[0]?.resourceNames);
  expect(names).toEqual([
    ["staging", "support", "jupyterhub"],
    ["campus", "jupyterhub"],
    ["campus", "staging", "support", "jupyterhub"],
  ]);
});

it("lets an account keep volumes only while a hub of its environment is retired", () => {
  const retired = { ...hub("prod", "old"), retire: true } as ClusterDeclaration["hubs"][number];
  const accounts = (hubs: ClusterDeclaration["hubs"]) =>
    rbacManifests({
      cluster: { hubs },
      subjects: { staging: user("s"), prod: user("p"), preview: user("v") },
      prepullNamespace: "jupyterhub",
    })
      .filter((manifest) => JSON.stringify(manifest).includes('"persistentvolumes"'))
      .map(({ metadata }) => metadata.name);
  expect(accounts([hub("staging", "staging"), retired])).toEqual(["lectern-prod"]);
  expect(accounts([hub("staging", "staging"), hub("prod", "old")])).toEqual([]);
});

it("lets a preview change nothing", () => {
  const verbs = manifests
    .filter(({ kind, metadata }) => kind.endsWith("Role") && metadata.name.startsWith("lectern-preview"))
    .flatMap(({ rules }) => rules as { verbs: string[] }[])
    .flatMap((rule) => rule.verbs);
  expect(new Set(verbs)).toEqual(new Set(["get", "list"]));
});

it("lets an account register what warms a cluster up only where the calendar has events of its hubs", () => {
  const ruled = (warmsUp: boolean) =>
    rbacManifests({
      cluster: { hubs: [hub("prod", "campus")] },
      subjects: { staging: user("s"), prod: user("p"), preview: user("v") },
      prepullNamespace: "jupyterhub",
      warmsUp,
    })
      .filter(({ rules }) => JSON.stringify(rules)?.match(/"(deployments|statefulsets)\/scale"/))
      .map(({ metadata: { name, namespace } }) => `${namespace} ${name}`);
  expect(ruled(false)).toEqual([]);
  expect(ruled(true).sort()).toEqual([
    "campus lectern-prod",
    "jupyterhub lectern-preview-prepull",
    "jupyterhub lectern-prod-prepull",
    "jupyterhub lectern-staging-prepull",
  ]);
});
