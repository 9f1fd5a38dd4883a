import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daemonSetName, type HeldImage, prepullManifests } from "./daemonset.ts";
import { dnsLabel } from "./dns-label.ts";
import { imagesHeld } from "./prepull-plan.ts";
import { containerName, type PrepullNodes } from "./prepull-pod.ts";

const image = (name: string, digit: string) => `ghcr.io/campus/${name}@sha256:${digit.repeat(64)}`;
const LAB = image("lab", "a");
const CUDA = image("cuda", "b");
const TINY = image("tiny", "c");
const CPU: PrepullNodes = { slug: "cpu", node_selector: { pool: "cpu" } };
const required = {
  nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
};
const GPU: PrepullNodes = {
  slug: "gpu_t4",
  node_selector: { pool: "gpu" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
};
const manifestsOf = (images: readonly HeldImage[], nodeGroups = [CPU, GPU]) =>
  prepullManifests({ namespace: "hub", pauseImage: image("busybox", "d"), nodeGroups, images });
const IMAGES = [
  { image: LAB, nodeGroups: ["cpu", "gpu_t4"] },
  { image: CUDA, nodeGroups: ["gpu_t4"] },
  { image: TINY, nodeGroups: [] },
];

describe("manifests", () => {
  it("are one for each node group, with the images of its profiles alone", () => {
    const held = manifestsOf(IMAGES).map((set) => [set.metadata.name, imagesHeld(set)]);
    expect(held).toEqual([
      ["prepull-anywhere", [TINY]],
      ["prepull-on-cpu", [LAB]],
      [daemonSetName("gpu_t4"), [CUDA, LAB].sort()],
    ]);
  });

  it("an image for any node and for a group's is in both: the group's nodes may take no ordinary pod", () => {
    const held = manifestsOf([{ image: LAB, anywhere: true, nodeGroups: ["gpu_t4"] }]);
    expect(held.map((set) => [set.metadata.name, imagesHeld(set)])).toEqual([
      ["prepull-anywhere", [LAB]],
      [daemonSetName("gpu_t4"), [LAB]],
    ]);
  });

  it("a group's selector, tolerations and required affinity place its pods", () => {
    const pod = manifestsOf(IMAGES)[2]?.spec.template.spec;
    expect(pod?.nodeSelector).toEqual({ "kubernetes.io/os": "linux", pool: "gpu" });
    expect(pod?.tolerations).toEqual(GPU.tolerations);
    expect(pod?.affinity?.nodeAffinity).toEqual({ requiredDuringSchedulingIgnoredDuringExecution: required });
  });

  it("tolerate what users' pods tolerate, on every node and on those of a group", () => {
    const dedicated = {
      key: "hub.jupyter.org/dedicated",
      operator: "Equal",
      value: "user",
      effect: "NoSchedule",
    };
    const sets = prepullManifests({
      namespace: "hub",
      pauseImage: image("busybox", "d"),
      nodeGroups: [CPU, GPU],
      images: IMAGES,
      userTolerations: [dedicated],
    });
    expect(sets.map((set) => set.spec.template.spec.tolerations)).toEqual([
      [dedicated],
      [dedicated],
      [dedicated, ...(GPU.tolerations ?? [])],
    ]);
  });

  it("are for Linux, and ask for no GPU whatever an image says", () => {
    for (const { spec } of manifestsOf(IMAGES)) {
      expect(spec.template.spec.nodeSelector).toMatchObject({ "kubernetes.io/os": "linux" });
      for (const { env } of spec.template.spec.containers)
        expect(env).toEqual([{ name: "NVIDIA_VISIBLE_DEVICES", value: "void" }]);
    }
  });

  it("nodes begin to pull at once, or each at a time of its own within a given one", () => {
    const options = {
      namespace: "hub",
      pauseImage: image("busybox", "d"),
      nodeGroups: [],
      images: [{ image: LAB, nodeGroups: [] }],
    };
    expect(prepullManifests({ ...options, pullSpread: 0 })).toEqual(prepullManifests(options));
    const [, turn] =
      prepullManifests({ ...options, pullSpread: 600 })[0]?.spec.template.spec.initContainers ?? [];
    expect(turn?.env).toContainEqual({
      name: "NODE",
      valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
    });
    const [, , , script = ""] = turn?.command ?? [];
    // The same commands without busybox; what it would sleep is printed.
    const local = script.replaceAll("/lectern/busybox ", "").replace("exec sleep", "echo");
    const shares = Array.from({ length: 40 }, (_, index) =>
      Number(
        execFileSync("sh", ["-c", local], {
          env: { ...process.env, NODE: `node-${index}` },
          encoding: "utf8",
        }),
      ),
    );
    expect(Math.min(...shares)).toBeLessThan(150);
    expect(Math.max(...shares)).toBeGreaterThan(450);
    expect(Math.max(...shares)).toBeLessThan(600);
    expect(new Set(shares).size).toBeGreaterThan(30);
  });

  it("pods have no token, no rights and no grace", () => {
    const pod = manifestsOf(IMAGES)[1]?.spec.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 65534 },
    });
    for (const container of [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  it("each image has a container of its own, which runs the pause image's program and none of its own", () => {
    const [container] = manifestsOf(IMAGES)[1]?.spec.template.spec.containers ?? [];
    expect(container).toMatchObject({ image: LAB, command: ["/lectern/busybox", "sleep", "2147483647"] });
    expect(container?.name).toMatch(/^image-a{16}-[0-9a-f]{10}$/);
  });

  it("an unchanged selection, in whatever order, is no change", () => {
    expect(JSON.stringify(manifestsOf(IMAGES.toReversed()))).toBe(JSON.stringify(manifestsOf(IMAGES)));
    expect(manifestsOf([...IMAGES, ...IMAGES])).toEqual(manifestsOf(IMAGES));
  });

  it("an additional image changes only its own group's manifest", () => {
    const before = manifestsOf(IMAGES);
    const after = manifestsOf([...IMAGES, { image: image("new", "e"), nodeGroups: ["cpu"] }]);
    expect(after.map((set, index) => JSON.stringify(set) === JSON.stringify(before[index]))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("refuses an image without a digest, and an unknown node group", () => {
    expect(() => manifestsOf([{ image: "ghcr.io/a/lab:1", nodeGroups: [] }])).toThrow(
      /not named by a digest/,
    );
    expect(() => manifestsOf([{ image: LAB, nodeGroups: ["tpu"] }])).toThrow(/unknown node group "tpu"/);
  });
});

describe("names", () => {
  const LABEL = /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[A-Za-z0-9_.-]{0,80}$/));

  it("any key gives a DNS-1123 label, and two keys never the same", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const name of [dnsLabel(a), daemonSetName(a), containerName(a)]) expect(name).toMatch(LABEL);
        expect(daemonSetName(a) === daemonSetName(b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
  });

  it("a name that looks like another's hashed one is distinguished from it", () => {
    expect(dnsLabel(dnsLabel("GPU"))).not.toBe(dnsLabel("GPU"));
    expect(daemonSetName("anywhere")).not.toBe(daemonSetName(""));
  });

  it("one digest of two repositories has two containers", () => {
    expect(containerName(image("a", "a"))).not.toBe(containerName(image("b", "a")));
  });
});
