import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { environmentOf, type HubDeclaration, type Place } from "./cluster-declaration.ts";
import type { ClusterFile, WrittenHub } from "./cluster-schema.ts";

/** What is wrong with the hubs of one cluster together. */
export function hubProblems(written: ClusterFile, place: Place): Problem[] {
  const { hubs } = written;
  const at =
    (index: number, field: PropertyKey): Place =>
    (problem) =>
      place(problem, ["hubs", index, field]);
  return [
    ...repeated(
      hubs,
      ({ name }) => name,
      "name",
      (name) => `the cluster already has a hub ${name}`,
      at,
    ),
    ...repeated(
      hubs,
      ({ name, namespace = name, release = name }) => `${namespace}/${release}`,
      "release",
      (place, first) => `the release ${place} already belongs to the hub ${first}`,
      at,
    ),
    ...hubs.flatMap((hub, index) => gateProblems(hub, hubs, (field) => at(index, field))),
    ...circles(hubs, (index) => at(index, "staging")),
    ...hubs.flatMap((hub, index) => differenceProblems(hub, written, place, index)),
  ];
}

/** An unknown part that is declared to differ. */
function differenceProblems(hub: WrittenHub, written: ClusterFile, place: Place, index: number): Problem[] {
  const { values, environments } = written;
  const parts = ["chart", "profiles", ...values, ...environments[environmentOf(hub)].values, ...hub.values];
  return hub.differs.flatMap((name, at) => {
    if (parts.includes(name) || /^images\/./.test(name)) return [];
    const message = `the hub ${hub.name} has no part ${name} that could differ from staging`;
    const remedy = didYouMean(name, parts, "Name chart, profiles, images/<name> or a values file of the hub");
    return [place({ code: "unknown-part", message, remedy }, ["hubs", index, "differs", at])];
  });
}

type At = (index: number, field: PropertyKey) => Place;

function repeated(
  hubs: readonly WrittenHub[],
  keyOf: (hub: WrittenHub) => string,
  field: PropertyKey,
  message: (key: string, first: string) => string,
  at: At,
): Problem[] {
  const first = new Map<string, string>();
  return hubs.flatMap((hub, index) => {
    const key = keyOf(hub);
    const other = first.get(key);
    if (other === undefined) first.set(key, hub.name);
    // One name twice is one problem, not two.
    if (other === undefined || (field !== "name" && other === hub.name)) return [];
    const remedy = `Give each hub its own ${String(field)}`;
    return [at(index, field)({ code: "repeated-hub", message: message(key, other), remedy }, [])];
  });
}

function gateProblems(
  hub: WrittenHub,
  hubs: readonly WrittenHub[],
  at: (field: PropertyKey) => Place,
): Problem[] {
  const staging = hubs.filter((one) => environmentOf(one) === "staging").map(({ name }) => name);
  const problem = (field: PropertyKey, message: string, remedy: string) =>
    at(field)({ code: "hub-gate", message, remedy }, []);
  if (environmentOf(hub) === "staging") return stagingProblems(hub, problem);
  if (hub.gate === "none") {
    if (hub.staging === undefined) return [];
    return [problem("gate", "the hub has a staging hub, but its gate is none", "Remove one of the two")];
  }
  if (hub.staging === undefined) {
    if (staging.length > 0) return [];
    const message = `nothing proves the production hub ${hub.name}: the cluster has no staging hub`;
    return [problem("name", message, "Add a staging hub, or write `gate: none`")];
  }
  return [hub.staging].flat().flatMap((name) => {
    if (staging.includes(name) || name === hub.name) return [];
    const isThere = hubs.some((one) => one.name === name);
    const message = isThere ? `the hub ${name} is no staging hub` : `the cluster has no hub ${name}`;
    return [problem("staging", message, didYouMean(name, staging, "Name a staging hub of this cluster"))];
  });
}

function stagingProblems(
  hub: WrittenHub,
  problem: (field: PropertyKey, message: string, remedy: string) => Problem,
): Problem[] {
  const fields = (["staging", "gate"] as const).filter((field) => hub[field] !== undefined);
  return fields.map((field) =>
    problem(
      field,
      `${hub.name} is a staging hub, and nothing proves it`,
      "Remove it, or set `environment: prod`",
    ),
  );
}

/** Hubs that prove each other, or themselves: each circle once, at its first hub. */
function circles(hubs: readonly WrittenHub[], at: (index: number) => Place): Problem[] {
  const next = new Map(hubs.map(({ name, staging = [] }) => [name, [staging].flat()]));
  const seen = new Set<string>();
  return hubs.flatMap(({ name }, index) => {
    const circle = seen.has(name) ? undefined : pathBack(name, next);
    if (!circle) return [];
    for (const member of circle) seen.add(member);
    const message = `the hubs prove each other in a circle: ${[...circle, name].join(" → ")}`;
    return [at(index)({ code: "staging-circle", message, remedy: "Let a staging hub prove them" }, [])];
  });
}

function pathBack(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const visited = new Set<string>();
  const walk = (name: string, path: readonly string[]): string[] | undefined => {
    for (const one of next.get(name) ?? []) {
      if (one === start) return [...path];
      if (visited.has(one)) continue;
      visited.add(one);
      const found = walk(one, [...path, one]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
}

/** A hub, as far as its domain is concerned. */
export type DomainOwner = Pick<HubDeclaration, "id" | "domain" | "at">;

/** Hubs of one domain, whichever clusters they are on. */
export function domainProblems(hubs: readonly DomainOwner[]): Problem[] {
  const first = new Map<string, string>();
  return hubs.flatMap(({ id, domain, at }) => {
    if (domain === undefined) return [];
    const other = first.get(domain);
    if (other === undefined) {
      first.set(domain, id);
      return [];
    }
    const message = `the domain ${domain} already belongs to the hub ${other}`;
    return [at({ code: "repeated-domain", message, remedy: "Give each hub its own domain" }, ["domain"])];
  });
}
