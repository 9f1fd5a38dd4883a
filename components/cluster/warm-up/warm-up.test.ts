import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, it } from "vitest";
import { MOUNTED_WINDOWS } from "./mounted-windows.ts";
import { GPU, OF_CHART } from "./testing/some-placeholders.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "lectern",
    "prod",
  );
});

it("registers placeholders, windows, a CronJob and the right to scale", async () => {
  const { Cluster } = await import("../cluster.ts");
  const { WarmUp } = await import("./warm-up.ts");
  const cluster = new Cluster("campus", {});
  new WarmUp("campus", {
    cluster,
    namespace: "jupyterhub",
    environment: "prod",
    image: "lectern:1",
    pauseImage: `busybox@sha256:${"f".repeat(64)}`,
    placeholders: [GPU, OF_CHART],
    windows: "{}",
  });
  // It waits for everything else.
  await expect.poll(() => registered.map(({ type }) => type)).toContain("kubernetes:batch/v1:CronJob");
  const own = registered.filter(({ type }) => !/^pulumi:|Cluster$/.test(type));
  expect(own.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "kubernetes:apps/v1:Deployment campus/prod/gpu",
    "kubernetes:batch/v1:CronJob campus/lectern-warm-up-prod",
    "kubernetes:core/v1:ConfigMap campus/lectern-warm-up-prod",
    "kubernetes:core/v1:ServiceAccount campus/lectern-warm-up-prod",
    "kubernetes:rbac.authorization.k8s.io/v1:Role campus/jupyterhub/lectern-warm-up-prod",
    "kubernetes:rbac.authorization.k8s.io/v1:Role campus/prod/lectern-warm-up-prod",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding campus/jupyterhub/lectern-warm-up-prod",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding campus/prod/lectern-warm-up-prod",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass campus/lectern-warm-up-prod",
    "lectern:cluster:WarmUp campus",
  ]);
  const inputsOf = (type: string) => own.find((one) => one.type.endsWith(`:${type}`))?.inputs;
  // Below the default of 0, and not below what the cluster autoscaler still makes room for.
  expect(inputsOf("PriorityClass")).toMatchObject({ value: -10, globalDefault: false });
  expect(inputsOf("ConfigMap")).toMatchObject({ data: { "windows.json": "{}" } });
  expect(MOUNTED_WINDOWS).toBe("/etc/lectern/warm-up/windows.json");
});
