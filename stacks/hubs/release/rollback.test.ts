import { describe, expect, it } from "vitest";
import type { HubDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { descriptionOf } from "../../../components/hub/release/chart-release.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { known } from "../../outputs/known-output.ts";
import { changeOf } from "./deployment.ts";
import type { ReleasePlan } from "./release-plan.ts";
import { rollbackNotice, rolledBack } from "./rollback.ts";

const FOLDER = "catalog/charts/hub";
const PLAN: ReleasePlan = {
  chart: { folder: FOLDER },
  chartName: "hub 2.0.0",
  values: { greeting: "new" },
  effective: {},
  jupyterhub: [],
  runs: { appVersion: "5.4.0" },
  database: "sqlite-pvc",
  secretValues: {},
  parts: { chart: "new" },
  notices: [],
};
const KEPT = {
  chart: { folder: FOLDER },
  version: "hub 1.0.0",
  parts: { chart: "old" },
  runs: { appVersion: "5.4.0" },
  values: { greeting: "old", password: "hush" },
};

const at = (problem: Partial<Problem>, field: readonly PropertyKey[]) =>
  ({ severity: "error", ...problem, path: field.join(".") }) as Problem;
const HUB = { id: "campus/prod", rollback: true, at } as unknown as HubDeclaration;

const goBack = (kept: unknown, { hub = HUB, digest = "old" } = {}) =>
  rolledBack(hub, PLAN, kept === undefined ? undefined : JSON.stringify(kept), {
    chartDigest: async () => digest,
  });

async function refusal(kept: unknown, options?: Parameters<typeof goBack>[1]): Promise<string> {
  const error: unknown = await goBack(kept, options).catch((reason: unknown) => reason);
  if (!(error instanceof LecternError)) throw error;
  expect(error.message).not.toContain("hush");
  return error.message;
}

describe("a rollback", () => {
  it("deploys chart, version and values of the last healthy deployment, all of them secrets", async () => {
    expect(await goBack(KEPT)).toMatchObject({
      chart: { folder: FOLDER },
      chartName: "hub 1.0.0",
      values: KEPT.values,
      secretValues: KEPT.values,
      parts: { chart: "old" },
    });
  });

  it("takes a chart of a repository, whatever became of the one in the catalog", async () => {
    const chart = { repository: "https://charts.example.org", name: "hub", version: "1.2.3" };
    expect(await goBack({ ...KEPT, chart }, { digest: "new" })).toMatchObject({ chart });
  });

  it.each([
    ["nothing is kept", undefined],
    ["what is kept can't be read", { version: 5 }],
  ])("is refused where %s", async (_, kept) => {
    expect(await refusal(kept)).toMatch(/rollback: no healthy deployment of the hub campus\/prod is known\./);
  });

  it("is refused where the chart's folder has changed since", async () => {
    expect(await refusal(KEPT, { digest: "new" })).toMatch(
      /the chart catalog\/charts\/hub has changed since .* which was hub 1\.0\.0\. Restore the folder/,
    );
  });

  it("is refused where what is kept of the chart is not that chart", async () => {
    expect(await refusal({ ...KEPT, packed: "H4sI" }, { digest: "new" })).toContain("Restore the folder");
  });

  it("is refused across a move of JupyterHub until its database is restored", async () => {
    const older = { ...KEPT, runs: { appVersion: "4.1.6" } };
    expect(await refusal(older)).toMatch(
      /can't be rolled back from JupyterHub 5\.4\.0 to JupyterHub 4\.1\.6/,
    );
    const restored = { ...HUB, database: "restored" } as HubDeclaration;
    expect(await goBack(older, { hub: restored })).toMatchObject({ runs: { appVersion: "4.1.6" } });
  });
});

describe("the notice of a rollback", () => {
  it("says that the hub already runs it where Helm has recorded that", async () => {
    const plan = await goBack(KEPT);
    const description = descriptionOf((await known(changeOf(plan))) ?? "");
    expect(await rollbackNotice(HUB, plan, async () => ({ description }))).toBe(
      "the hub campus/prod has `rollback: true`, and already runs its last healthy deployment, hub 1.0.0",
    );
  });

  it.each([
    ["a failed run deployed something else since", async () => ({ description: "Lectern 0123456789abcdef" })],
    ["nothing is deployed", async () => undefined],
  ])("says that the hub goes back where %s", async (_, record) => {
    expect(await rollbackNotice(HUB, await goBack(KEPT), record)).toBe(
      "the hub campus/prod is rolled back to its last healthy deployment, hub 1.0.0",
    );
  });

  it.each([
    ["is not contacted", undefined],
    ["does not answer", () => Promise.reject(new LecternError([]))],
  ])("does not say that anything changes where the cluster %s", async (_, record) => {
    expect(await rollbackNotice(HUB, await goBack(KEPT), record)).toBe(
      "the hub campus/prod has `rollback: true`, so it gets its last healthy deployment, hub 1.0.0",
    );
  });
});
