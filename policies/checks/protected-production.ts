import { environmentOf } from "../../stacks/shards/stack-name.ts";
import { leavesOf, NAMESPACE, ownKind, RELEASE, type Resource, stackOf } from "../resource.ts";

/** What students or staff would lose with a resource of Lectern's own. */
const KEPT: ReadonlySet<string> = new Set(["Article", "ArticleLedger", "Kernelspec", "QbraidKernel"]);

/**
 * What production could lose by an accident: releases and namespaces of hubs, articles and kernels that are not
 * protected. A hub that somebody retires in cluster.yaml, and its namespace, are to go.
 */
export function unprotected(
  resources: readonly Resource[],
): { readonly urn: string; readonly message: string }[] {
  const isRetired = retirements(resources);
  return resources
    .filter((one) => environmentOf(stackOf(one)) === "prod" && isKept(one) && !one.protect && !isRetired(one))
    .map(({ urn }) => ({
      urn,
      message: "a resource of production is not protected: remove `protect: false`, or retire its hub",
    }));
}

function isKept(resource: Resource): boolean {
  const { type } = resource;
  return type === RELEASE || type === NAMESPACE || KEPT.has(ownKind(resource) ?? "");
}

function retirements(resources: readonly Resource[]): (resource: Resource) => boolean {
  const named = new Set(resources.filter((one) => ownKind(one) === "HubRetirement").map(({ name }) => name));
  // Where the cluster can't be asked, nothing but this tells that a hub is retired.
  const isGoing = ({ name, protect, ignoreChanges }: Resource) =>
    named.has(name) || (!protect && ignoreChanges.includes("*"));
  const releases = resources.filter((one) => one.type === RELEASE && isGoing(one));
  const going = new Set(releases.flatMap((one) => [one.urn, placeOf(one, textAt(one, "namespace"))]));
  return (one) =>
    going.has(one.urn) || (one.type === NAMESPACE && going.has(placeOf(one, textAt(one, "metadata.name"))));
}

/** A namespace of a cluster: resources are named `cluster/…`. */
const placeOf = ({ name }: Resource, namespace: string | undefined) => `${name.split("/")[0]} ${namespace}`;

const textAt = ({ props }: Resource, at: string) =>
  leavesOf(props).find(({ path }) => path.join(".") === at)?.text;
