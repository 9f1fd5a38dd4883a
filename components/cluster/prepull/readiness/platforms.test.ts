import { expect, it } from "vitest";
import { LecternError } from "../../../problem/problem.ts";
import { prepullManifests } from "../daemonset.ts";
import { mismatches } from "./platforms.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
const [BOTH, AMD, SILENT, UNREACHABLE] = [image("a"), image("b"), image("c"), image("d")];
const MANIFESTS = prepullManifests({
  namespace: "hub",
  pauseImage: image("f"),
  nodeGroups: [{ slug: "arm", node_selector: { pool: "arm" } }],
  images: [
    ...[BOTH, AMD, SILENT, UNREACHABLE].map((one) => ({ image: one, nodeGroups: ["arm"] })),
    { image: BOTH, nodeGroups: [] },
  ],
});
const node = (name: string, labels: Record<string, string>) => ({
  metadata: { name, labels: { "kubernetes.io/os": "linux", ...labels } },
});
const registry = {
  platforms: async (_: string, digest: string) => {
    if (UNREACHABLE.endsWith(digest))
      throw new LecternError({ code: "x", severity: "error", message: "no answer", remedy: "Try again" });
    if (SILENT.endsWith(digest)) return undefined;
    return AMD.endsWith(digest) ? ["linux/amd64"] : ["linux/amd64", "linux/arm64"];
  },
};

it("names the nodes whose platform an image is not for, of the nodes that are to hold it", async () => {
  const nodes = [
    node("arm-1", { pool: "arm", "kubernetes.io/arch": "arm64" }),
    node("amd-1", { pool: "arm", "kubernetes.io/arch": "amd64" }),
    node("other", { "kubernetes.io/arch": "arm64" }),
    node("unknown", { pool: "arm" }),
  ];
  expect(await mismatches(MANIFESTS, nodes, registry)).toEqual([
    {
      node: "arm-1",
      image: AMD,
      reason: "WrongPlatform",
      message: "the image is for linux/amd64, and the node is linux/arm64",
    },
  ]);
});
