import { expect, it } from "vitest";
import { backupFile, backupJob } from "./backup-job.ts";
import { runningHub } from "./testing/running-hub.ts";

const FILE = backupFile(new Date("2026-02-03T04:05:06.789Z"));
const HUB = runningHub("staging");
const job = backupJob({ name: "lectern-backup-1", hub: HUB, file: FILE, limit: 600 });
const pod = job?.spec?.template.spec;

it("names the file by the time at which the backup began", () => {
  expect(FILE).toBe("jupyterhub.sqlite.lectern-20260203T040506Z");
});

it("runs in the hub's image, as its user, on its node, with the volume as the hub mounts it", () => {
  expect(pod).toMatchObject({
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { fsGroup: 1000 },
    tolerations: HUB.spec.template.spec?.tolerations,
    volumes: [{ persistentVolumeClaim: { claimName: "hub-db-dir" } }],
  });
  expect(pod?.containers).toMatchObject([
    {
      image: "quay.io/jupyterhub/k8s-hub:4.0.0",
      securityContext: { runAsUser: 1000 },
      volumeMounts: [{ mountPath: "/srv/jupyterhub", subPath: "hub" }],
    },
  ]);
  expect(pod?.affinity?.podAffinity).toMatchObject({
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { component: "hub", release: "staging" } } },
    ],
  });
});

it("may have another image, and needs no node of the hub's where the hub does not run", () => {
  const stopped = { ...HUB, spec: { ...HUB.spec, replicas: 0 } };
  const other = backupJob({ name: "a", hub: stopped, file: FILE, image: "python:3.13", limit: 600 });
  expect(other?.spec?.template.spec?.containers[0]?.image).toBe("python:3.13");
  expect(other?.spec?.template.spec?.affinity).toEqual({});
});

it("is none for a hub without a volume of its own", () => {
  const spec = { ...HUB.spec, template: { spec: { containers: [{ name: "hub" }] } } };
  expect(backupJob({ name: "a", hub: { spec }, file: FILE, limit: 600 })).toBeUndefined();
});
