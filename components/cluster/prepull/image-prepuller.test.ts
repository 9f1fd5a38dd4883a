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

it("holds images that are built, known by their digest or not, and the carrier where one is not there", async () => {
  const { ImagePrepuller } = await import("./image-prepuller.ts");
  registered.length = 0;
  const lab = pulumi.output<string | undefined>(image("lab", "c"));
  const prepuller = new ImagePrepuller("built", {
    cluster: "campus",
    namespace: "hub",
    pauseImage: image("busybox", "f"),
    readyTimeout: 0,
    nodeGroups: [{ slug: "gpu", node_selector: { pool: "gpu" } }],
    images: [],
    built: [
      { image: lab, nodeGroups: [] },
      { image: pulumi.output<string | undefined>(undefined), nodeGroups: ["gpu"] },
    ],
  });
  await new Promise((resolve) => pulumi.all(prepuller.done.map(({ urn }) => urn)).apply(resolve));
  expect(registered.slice(1).map(({ name, inputs }) => [name, imagesIn(inputs)])).toEqual([
    ["built-prepull-anywhere", [image("lab", "c")]],
    ["built-prepull-on-gpu", [image("busybox", "f")]],
  ]);
  expect(prepuller.holding("lab", image("lab", "c"))).toEqual([]);
});

const imagesIn = (inputs: Record<string, unknown>) => {
  const { spec } = inputs as { spec: { template: { spec: { containers: { image: string }[] } } } };
  return spec.template.spec.containers.map(({ image }) => image);
};
