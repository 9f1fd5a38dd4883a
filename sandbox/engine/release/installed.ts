import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { chartFolder } from "../../../components/hub/chart/chart-source.ts";
import { installedChartYaml, readChartYaml } from "../../../components/hub/chart/chart-yaml.ts";
import type { Rendered } from "../../../components/hub/objects/compare/compare-objects.ts";
import { type Manifest, manifestsIn } from "../../../components/hub/objects/manifests.ts";
import {
  type RenderedRelease,
  type RenderOptions,
  renderRelease,
  withHooksApart,
} from "../../../components/hub/objects/render/render-release.ts";
import { isObject } from "../../../components/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { PropertyMap } from "../value/values.ts";

/** A release as the sandbox installs it: its manifests, or why there are none; neither where helm is not on PATH. */
export interface InstalledRelease {
  readonly text?: string;
  /** The application's version as the chart has it. */
  readonly appVersion?: string;
  readonly fault?: string;
}

/** A chart of this machine takes a second; helm waits for no cluster here. */
const LIMIT = 30_000;

/** Whether a release's chart is a folder: others would have to be fetched. */
export const isLocalChart = (chart: unknown): chart is string =>
  typeof chart === "string" && existsSync(join(chart, "Chart.yaml"));

/**
 * What stands for an installation, as there is no cluster: the release's manifests. Helm is given the values as
 * people may read them, so that no secret can be in what it prints; what a chart generates itself is left out.
 * @param shown the release's inputs, each secret as `[secret]`
 * @param helm the program; by default from PATH
 */
export async function installRelease(shown: PropertyMap, helm?: string): Promise<InstalledRelease> {
  const { chart, name, namespace = "default", values = {} } = shown;
  if (!isLocalChart(chart)) return {};
  try {
    const { objects, hooks, appVersion } = await renderStandIn({
      chart: { folder: chart },
      release: String(name),
      namespace: String(namespace),
      values: isObject(values) ? values : {},
      helm,
    });
    const text = [...objects, ...hooks].map((object) => stringify(object)).join("---\n");
    return { text, ...(appVersion === undefined ? {} : { appVersion }) };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const [problem] = error.problems;
    return problem === undefined || problem.code === "helm-missing" ? {} : { fault: problem.message };
  }
}

/** What a file has that {@link installRelease} gave the text of. @throws {LecternError} where it was edited */
export const installedIn = (text: string): Rendered => withHooksApart(manifestsIn(text));

/** Renders a chart of this machine without a cluster; of a Secret's data only short digests are left. */
export async function renderStandIn(options: RenderOptions): Promise<RenderedRelease> {
  const { objects, hooks } = await renderRelease({ ...options, timeout: LIMIT });
  const appVersion = await appVersionOf(options);
  return {
    objects: objects.map(withoutData),
    hooks: hooks.map(withoutData),
    ...(appVersion === undefined ? {} : { appVersion }),
  };
}

/** `helm template` does not print it. */
async function appVersionOf({ chart }: RenderOptions): Promise<string | undefined> {
  if (!("folder" in chart)) return undefined;
  const source = chartFolder(chart.folder, chart.folder);
  return (await readChartYaml(source, installedChartYaml)).appVersion;
}

function withoutData(object: Manifest): Manifest {
  if (object.kind !== "Secret") return object;
  const entries = Object.entries(object).map(([key, value]) => [
    key,
    (key === "data" || key === "stringData") && isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, data]) => [name, standIn(data)]))
      : value,
  ]);
  return Object.fromEntries(entries) as Manifest;
}

/** A changed value has to differ. It holds none that is given, only what the chart makes of `[secret]`. */
function standIn(data: unknown): string {
  const digest = createHash("sha256").update(String(data)).digest("hex");
  return `[secret ${digest.slice(0, 8)}]`;
}
