import { describe, expect, it } from "vitest";
import { serverPod } from "./server-pod.ts";

const profile = (override?: object, options?: Record<string, Record<string, unknown>>) => ({
  display_name: "Python",
  slug: "python",
  ...(override ? { kubespawner_override: override as Record<string, unknown> } : {}),
  ...(options ? { profile_options: options } : {}),
});
const HUB = {
  singleuser: {
    image: { name: "quay.io/lab", tag: "2026-10" },
    memory: { guarantee: "512M", limit: "2G" },
    cpu: { guarantee: 0.1, limit: null },
    nodeSelector: { pool: "users" },
    extraTolerations: [{ key: "pool", operator: "Exists" }],
  },
  scheduling: { userPods: { tolerations: [{ key: "hub.jupyter.org/dedicated", operator: "Exists" }] } },
};

describe("the pod of a user's server", () => {
  it("is the hub's where the profile says nothing of its size and its nodes", () => {
    expect(serverPod(profile({ default_url: "/lab" }), HUB)).toEqual({
      requests: { memory: 512 * 2 ** 20, cpu: 0.1 },
      nodeSelector: { pool: "users" },
      tolerations: [
        { key: "hub.jupyter.org/dedicated", operator: "Exists" },
        { key: "pool", operator: "Exists" },
      ],
      nodeTerms: [],
      image: "quay.io/lab:2026-10",
      isHubs: true,
    });
  });

  it("is the profile's, with the choices that are made for whoever makes none", () => {
    const choice = (mem: string, isDefault = false) => ({
      display_name: mem,
      ...(isDefault ? { default: true } : {}),
      kubespawner_override: { mem_guarantee: mem, mem_limit: mem },
    });
    const pod = serverPod(
      profile(
        {
          node_selector: { pool: "gpu" },
          image: "lab@sha256:1",
          extra_resource_limits: { "nvidia.com/gpu": "1" },
        },
        { memory: { display_name: "Memory", choices: { small: choice("16G"), large: choice("64G", true) } } },
      ),
      HUB,
    );
    expect(pod).toMatchObject({
      requests: { memory: 64 * 2 ** 30, cpu: 0.1, "nvidia.com/gpu": 1 },
      nodeSelector: { pool: "gpu" },
      image: "lab@sha256:1",
      isHubs: false,
    });
  });

  it("takes the first choice where none is the default", () => {
    const choices = {
      a: { display_name: "A", kubespawner_override: { cpu_guarantee: 2 } },
      b: { display_name: "B", kubespawner_override: { cpu_guarantee: 4 } },
    };
    const pod = serverPod(profile(undefined, { cpu: { display_name: "CPU", choices } }), HUB);
    expect([pod.requests["cpu"], pod.isHubs]).toEqual([2, false]);
  });

  it("has what Zero to JupyterHub guarantees where nobody says", () => {
    expect(serverPod(profile(), {})).toEqual({
      requests: { memory: 2 ** 30 },
      nodeSelector: {},
      tolerations: [],
      nodeTerms: [],
      image: undefined,
      isHubs: true,
    });
  });

  it("needs a node for users where the hub's pods do", () => {
    const values = { scheduling: { userPods: { nodeAffinity: { matchNodePurpose: "require" } } } };
    expect(serverPod(profile(), values).nodeTerms).toEqual([
      { matchExpressions: [{ key: "hub.jupyter.org/node-purpose", operator: "In", values: ["user"] }] },
    ]);
  });
});
