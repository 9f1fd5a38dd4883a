import { describe, expect, it } from "vitest";
import { placeholderDeployment, scaledPlaceholder } from "./placeholder.ts";
import { scalingRoles, tickCronJob } from "./reconciler.ts";
import { GPU, OF_CHART } from "./testing/some-placeholders.ts";

const PAUSE = `docker.io/library/busybox@sha256:${"f".repeat(64)}`;
const USERS = [{ key: "hub.jupyter.org/dedicated", operator: "Exists" }];
const settings = { pauseImage: PAUSE, priorityClassName: "lectern-warm-up-prod", userTolerations: USERS };
const placeholders = [GPU, OF_CHART].map((one) => scaledPlaceholder(one, "jupyterhub"));
const reconciler = {
  name: "lectern-warm-up-prod",
  namespace: "jupyterhub",
  image: "lectern:1",
  pullSecrets: [],
  placeholders,
};

describe("a placeholder", () => {
  const deployment = "pod" in GPU ? placeholderDeployment(GPU, "jupyterhub", settings) : undefined;

  it("takes of its node what a server takes, on the nodes that servers start on", () => {
    const pod = deployment?.spec.template.spec;
    expect(pod).toMatchObject({
      nodeSelector: { pool: "gpu", "kubernetes.io/os": "linux" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      priorityClassName: "lectern-warm-up-prod",
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
    });
    expect(pod?.containers.map(({ image, resources }) => ({ image, resources }))).toEqual([
      {
        image: PAUSE,
        resources: {
          requests: { cpu: "500m", memory: "8589934592", "nvidia.com/gpu": "1" },
          limits: { memory: "8589934592", "nvidia.com/gpu": "1" },
        },
      },
    ]);
  });

  it("does not exist until a tick scales it", () => {
    expect(deployment?.spec.replicas).toBe(0);
    expect(placeholders[0]).toEqual({
      kind: "Deployment",
      namespace: "jupyterhub",
      name: deployment?.metadata.name,
      idle: 0,
    });
  });

  it("tolerates what every user's pod does where its profile says nothing of that, and runs an image that nothing else pulls", () => {
    if (!("pod" in GPU)) return;
    const pulls = `ghcr.io/campus/lab@sha256:${"a".repeat(64)}`;
    const plain = { ...GPU, pulls, pod: { ...GPU.pod, tolerations: [] } };
    const pod = placeholderDeployment(plain, "jupyterhub", settings).spec.template.spec;
    expect(pod.tolerations).toEqual(USERS);
    expect(pod.containers.map(({ image, command }) => [image, command[1]])).toEqual([[pulls, "sleep"]]);
  });

  it("has a name of its own for each hub and profile", () => {
    const names = ["a-b/c", "a/b-c", "a/B_c"].map((key) => scaledPlaceholder({ ...GPU, key }, "n").name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^warm-up-[a-z0-9-]{1,55}$/);
  });
});

describe("what scales placeholders", () => {
  it("may read and set the number of those placeholders, and nothing else", () => {
    const rules = scalingRoles(reconciler).map(({ role }) => [role.metadata.namespace, role["rules"]]);
    const rule = { apiGroups: ["apps"], verbs: ["get", "update"] };
    expect(rules).toEqual([
      ["jupyterhub", [{ ...rule, resources: ["deployments/scale"], resourceNames: [placeholders[0]?.name] }]],
      ["prod", [{ ...rule, resources: ["statefulsets/scale"], resourceNames: ["user-placeholder"] }]],
    ]);
  });

  it("gives that right to its own account alone", () => {
    const bindings = scalingRoles(reconciler).map(({ binding }) => binding["subjects"]);
    const account = { kind: "ServiceAccount", name: "lectern-warm-up-prod", namespace: "jupyterhub" };
    expect(bindings).toEqual([[account], [account]]);
  });

  it("runs every minute, never twice at once, as nobody, in a container that can write nothing", () => {
    const { spec } = tickCronJob(reconciler) as unknown as {
      spec: { jobTemplate: { spec: { template: { spec: Record<string, unknown> } } } };
    };
    expect(spec).toMatchObject({ schedule: "* * * * *", concurrencyPolicy: "Forbid" });
    const pod = spec.jobTemplate.spec.template.spec;
    expect(pod).toMatchObject({
      serviceAccountName: "lectern-warm-up-prod",
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          image: "lectern:1",
          args: ["tick"],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
  });
});
