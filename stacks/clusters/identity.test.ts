import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, it, vi } from "vitest";
import { identitiesOf } from "./identity.ts";
import { clusterWith, stopClusters } from "./testing/some-cluster.ts";

afterEach(() => {
  stopClusters();
  vi.restoreAllMocks();
});

interface Given {
  readonly provider?: { readonly uid?: string };
  readonly contact?: boolean;
}

const declared = (name: string, { provider = {} }: Given = {}) => ({
  name,
  file: `catalog/clusters/${name}/cluster.yaml`,
  provider,
});

async function identified(
  uids: Readonly<Record<string, string | undefined>>,
  before: Readonly<Record<string, string>> = {},
  given: Given = {},
) {
  const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
  const kubeconfigs: Record<string, string> = {};
  for (const [name, uid] of Object.entries(uids)) kubeconfigs[name] = await clusterWith(uid);
  const { contact = true } = given;
  const outputs = await identitiesOf(
    Object.keys(uids).map((name) => declared(name, given)),
    { kubeconfigs, contact: () => contact },
    new Map(Object.entries(before).map(([name, uid]) => [name, { uid }])),
  );
  return { outputs, warnings: warn.mock.calls.map(([message]) => String(message)) };
}

it("keeps the UID by which a cluster is known again, whatever its address is", async () => {
  const first = await identified({ east: "uid-1" });
  expect(first).toEqual({ outputs: { east: { uid: "uid-1" } }, warnings: [] });
  // It listens at another port.
  expect(await identified({ east: "uid-1" }, { east: "uid-1" })).toEqual(first);
});

it("refuses every cluster that is another one than before, and says how each would be right", async () => {
  const run = identified({ east: "uid-2", west: "uid-3", south: "uid-4" }, { east: "uid-1", west: "uid-9" });
  await expect(run).rejects.toMatchObject({
    problems: [
      {
        file: "catalog/clusters/east/cluster.yaml",
        path: "provider",
        message:
          "this leads to another cluster than the one that was deployed to: the UID of its namespace kube-system is uid-2, and was uid-1",
        remedy: expect.stringContaining("provider: {uid: uid-2}"),
      },
      { file: "catalog/clusters/west/cluster.yaml" },
    ],
  });
});

it("takes a new cluster for the one before, where its file has the new UID", async () => {
  const given = { provider: { uid: "uid-2" } };
  const { outputs } = await identified({ east: "uid-2" }, { east: "uid-1" }, given);
  expect(outputs).toEqual({ east: { uid: "uid-2" } });
  await expect(identified({ east: "uid-1" }, { east: "uid-1" }, given)).rejects.toMatchObject({
    problems: [{ path: "provider.uid", message: expect.stringMatching(/another one: .* is uid-1$/) }],
  });
});

it("goes on with a warning where the UID may not be read, and keeps what is known", async () => {
  const { outputs, warnings } = await identified({ east: undefined }, { east: "uid-1" });
  expect(outputs).toEqual({ east: { uid: "uid-1" } });
  expect(warnings).toEqual([
    expect.stringMatching(
      /^it is not known whether the cluster east is the one .*answered 403.*lectern cluster rbac east/,
    ),
  ]);
  expect((await identified({ east: undefined })).outputs).toEqual({});
});

it("goes on with a warning where a kubeconfig has no current context", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
  const access = { kubeconfigs: { east: "{}" }, contact: () => true };
  expect(await identitiesOf([declared("east")], access, new Map())).toEqual({});
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("the cluster east does not answer: "));
});

it("asks nothing of a cluster that is not contacted", async () => {
  expect(await identified({ east: "uid-2" }, { east: "uid-1" }, { contact: false })).toEqual({
    outputs: { east: { uid: "uid-1" } },
    warnings: [],
  });
});
