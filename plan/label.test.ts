import { expect, it } from "vitest";
import { labelOf } from "./label.ts";

const urn = (type: string, name: string) => `urn:pulumi:sandbox::lectern::${type}::${name}`;

it.each([
  ["lectern:article:Course", "pulumi-nodejs:dynamic/lectern:Article", "bell", "Course bell"],
  ["lectern:article:Blog", "pulumi-nodejs:dynamic/lectern:ArticleLedger", "walks", "Blog walks"],
  ["lectern:kernel:Kernel", "pulumi-nodejs:dynamic/lectern:Kernelspec", "python", "Kernel python"],
  [
    "lectern:image:RecommendedImage",
    "pulumi-nodejs:dynamic/lectern:ImageAlias",
    "gpu",
    "RecommendedImage gpu",
  ],
  ["lectern:kernel:Gateway", "pulumi-nodejs:dynamic/lectern:GatewayRestart", "main", "GatewayRestart main"],
  ["pulumi:pulumi:Stack", "docker:index/image:Image", "python", "Image python"],
])("a part of %s that is a %s is called what people see: %s, %s", (component, type, name, label) => {
  expect(labelOf({ type, name, parent: urn(component, name) })).toBe(label);
});

it("a resource with a name of its own keeps its type", () => {
  const parent = urn("lectern:cluster:ImagePrepuller", "campus");
  expect(labelOf({ type: "kubernetes:apps/v1:DaemonSet", name: "campus-gpu", parent })).toBe(
    "DaemonSet campus-gpu",
  );
});

it("a cluster's support is called what it is, and its component is not the cluster", () => {
  const support = { type: "lectern:cluster:Support", name: "campus" };
  const parent = urn(support.type, support.name);
  expect(labelOf({ type: "kubernetes:helm.sh/v3:Release", name: "campus/support", parent })).toBe(
    "Support campus",
  );
  expect(labelOf({ ...support, parent: urn("lectern:cluster:Cluster", "campus") })).toBe("Support campus");
});
