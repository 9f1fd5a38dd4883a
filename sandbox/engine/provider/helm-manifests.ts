import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Manifest } from "../../../components/hub/objects/manifests.ts";
import { renderRelease } from "../../../components/hub/objects/render/render-release.ts";
import { isObject } from "../../../components/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { PropertyMap } from "../value/values.ts";

/** What came of a release: its manifests, or why there are none; neither where helm is not on PATH. */
export interface RenderedManifests {
  readonly text?: string;
  readonly fault?: string;
}

/** A chart of this machine takes a second; helm waits for no cluster here. */
const LIMIT = 30_000;

/**
 * The manifests of a release whose chart is a folder: others would have to be fetched. Helm is given the values as
 * people may read them, so that no secret can be in what it prints; what a chart generates itself is left out.
 * @param shown the release's inputs, each secret as `[secret]`
 * @param helm the program; by default from PATH
 */
export async function releaseManifests(shown: PropertyMap, helm?: string): Promise<RenderedManifests> {
  const { chart, name, namespace = "default", values = {} } = shown;
  if (typeof chart !== "string" || !existsSync(join(chart, "Chart.yaml"))) return {};
  try {
    const { objects, hooks } = await renderRelease({
      chart: { folder: chart },
      release: String(name),
      namespace: String(namespace),
      values: isObject(values) ? values : {},
      timeout: LIMIT,
      helm,
    });
    return { text: [...objects, ...hooks].map((object) => stringify(withoutData(object))).join("---\n") };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const [problem] = error.problems;
    return problem === undefined || problem.code === "helm-missing" ? {} : { fault: problem.message };
  }
}

/** A Secret as people may read it: its keys. */
function withoutData(object: Manifest): Manifest {
  if (object.kind !== "Secret") return object;
  const entries = Object.entries(object).map(([key, value]) => [
    key,
    (key === "data" || key === "stringData") && isObject(value)
      ? Object.fromEntries(Object.keys(value).map((name) => [name, "[secret]"]))
      : value,
  ]);
  return Object.fromEntries(entries) as Manifest;
}
