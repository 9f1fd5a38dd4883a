import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type DeployedHub, hubPlan, type PlannedHub } from "../../../components/hub/objects/hub-plan.ts";
import { chartPackages } from "../../../components/hub/objects/render/chart-packages.ts";
import { renderRelease } from "../../../components/hub/objects/render/render-release.ts";
import { findHelm } from "../../services/programs.ts";
import type { Row } from "../row.ts";

const HUBS = 170;
const LIMIT = 60;
const CHART = { folder: join(import.meta.dirname, "../../../catalog/charts/hub") };

/** The objects of all hubs rendered by the real helm, without a cluster, and compared; every second hub changes. */
export async function run(): Promise<Row[]> {
  const what = `objects of ${HUBS} hubs compared, half of them changed (${availableParallelism()} cores)`;
  const target = `under ${LIMIT} s`;
  const helm = findHelm();
  if (helm === undefined) return [{ what, measured: "helm is missing", target, met: false }];
  const shared = { chart: CHART, release: "hub", namespace: "hub" };
  // What nothing can look up is given, or each rendering would differ.
  const values = { hub: { cookieSecret: "c".repeat(64) } };
  const rendered = await renderRelease({ ...shared, values, helm });
  const deployed: DeployedHub = { ...rendered, values };
  const hubs = Array.from({ length: HUBS }, (_, index): PlannedHub => {
    const changed = { hub: { ...values.hub, extraEnv: { LOG_LEVEL: "DEBUG" } } };
    return { ...shared, hub: `campus/hub-${index}`, values: index % 2 === 0 ? values : changed, secrets: [] };
  });
  const charts = chartPackages(helm);
  const start = performance.now();
  const plans = await Promise.all(
    hubs.map((hub) => hubPlan(hub, { deployed, cluster: "none", charts, helm, fetch })),
  );
  const seconds = (performance.now() - start) / 1000;
  const changed = plans.filter((plan) => plan?.notCompared === undefined && plan !== undefined).length;
  if (changed !== HUBS / 2) throw new Error(`${changed} hubs change, not ${HUBS / 2}`);
  return [{ what, measured: `${seconds.toFixed(1)} s`, target, met: seconds < LIMIT }];
}
