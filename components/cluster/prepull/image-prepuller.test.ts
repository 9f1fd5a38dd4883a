import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, it } from "vitest";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const image = (name: string, digit: string) => `ghcr.io/campus/${name}@sha256:${digit.repeat(64)}`;

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: { ...inputs, ready: true } };
      },
      call: () => ({}),
    },
    "lectern",
    "sandbox",
  );
});

it("registers a DaemonSet for each node group, and what waits for them", async () => {
  const { ImagePrepuller } = await import("./image-prepuller.ts");
  const prepuller = new ImagePrepuller("campus", {
    cluster: "campus",
    namespace: "hub",
    pauseImage: image("busybox", "f"),
    nodeGroups: [{ slug: "gpu", node_selector: { pool: "gpu" } }],
    images: [
      { image: image("lab", "a"), nodeGroups: [] },
      { image: image("cuda", "b"), nodeGroups: ["gpu"] },
    ],
  });
  const [ready, names] = await new Promise<[boolean, string[]]>((resolve) => {
    pulumi.all([prepuller.ready, prepuller.daemonSets]).apply(([one, two]) => resolve([one, two]));
  });
  expect(ready).toBe(true);
  expect(names).toEqual(["prepull-anywhere", "prepull-on-gpu"]);
  expect(registered.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "lectern:image:ImagePrepuller campus",
    "kubernetes:apps/v1:DaemonSet campus-prepull-anywhere",
    "kubernetes:apps/v1:DaemonSet campus-prepull-on-gpu",
    "pulumi-nodejs:dynamic/lectern:PrepullReadiness campus",
  ]);
  expect(registered[2]?.inputs).toMatchObject({
    metadata: {
      name: "prepull-on-gpu",
      namespace: "hub",
      annotations: { "pulumi.com/skipAwait": "true", "lectern.dev/node-group": "gpu" },
    },
  });
});
