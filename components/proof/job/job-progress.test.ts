import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { containerStatus } from "../testing/played-cluster.ts";
import { progressOf } from "./job-progress.ts";

const endOf = (status: NonNullable<V1Pod["status"]>) => {
  const progress = progressOf({}, [{ metadata: { name: "pod" }, status }]);
  return progress.state === "ended" ? progress.end : undefined;
};

describe("an eviction", () => {
  const evicted = (message: string) => endOf({ phase: "Failed", reason: "Evicted", message });

  // As the kubelet words them.
  it.each([
    'Usage of EmptyDir volume "work" exceeds the limit "10Gi". ',
    'Container notebook exceeded its local ephemeral storage limit "10Gi". ',
    "Pod ephemeral local storage usage exceeds the total limit of containers 10Gi. ",
  ])("is the notebook's, where it wrote more than it may: %s", (message) => {
    expect(evicted(message)).toEqual({
      why: `its pod was evicted: ${message}`,
      isNotebooks: true,
    });
  });

  it.each([
    "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi. Container notebook was using 2Mi, request is 100Mi, has larger consumption of ephemeral-storage. ",
    "The node had condition: [DiskPressure]. ",
    "The node was low on resource: memory. ",
  ])("is the cluster's, where the node lacked something: %s", (message) => {
    expect(evicted(message)).toEqual({ why: `its pod was evicted: ${message}`, isNotebooks: false });
  });
});

describe("a container that can't be started", () => {
  const unstarted = (message: string) =>
    endOf({
      phase: "Pending",
      containerStatuses: [containerStatus({ waiting: { reason: "RunContainerError", message } })],
    });

  // As runc and crun word them.
  it.each([
    'runc create failed: unable to start container process: exec: "python3": executable file not found in $PATH: unknown',
    'exec: "/usr/bin/python3": stat /usr/bin/python3: no such file or directory: unknown',
    "crun: executable file `python3` not found in $PATH: No such file or directory",
  ])("has an image without Python: %s", (message) => {
    expect(unstarted(message)).toMatchObject({ isNotebooks: true });
  });

  it.each([
    'error mounting "/var/lib/kubelet/pods/1/volumes/given" to rootfs at "/lectern-proof/given": no such file or directory',
    "failed to create containerd task: failed to mount rootfs component: no such file or directory",
    'failed to reserve container name "notebook": open /run/containerd/state: no such file or directory',
  ])("is the cluster's fault otherwise: %s", (message) => {
    expect(unstarted(message)).toEqual({
      why: `the container can't be started: ${message}`,
      isNotebooks: false,
    });
  });
});
