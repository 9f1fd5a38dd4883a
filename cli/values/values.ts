import { chartValuesOf } from "../../components/cluster/cluster-files.ts";
import { chartName } from "../../components/hub/chart/chart-reference.ts";
import { profilesLayer } from "../../components/hub/values/generated.ts";
import { type HubValues, type HubValuesInput, hubValues } from "../../components/hub/values/hub-values.ts";
import { mergeLayers, type ValuesLayer } from "../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../components/hub/values/schema/schema-compiler.ts";
import { ValuesReader } from "../../components/hub/values/values-reader.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import { profileListOf } from "../hub/profiles.ts";
import { type CatalogHub, findHub } from "./hub-files.ts";
import { secretLayers } from "./secret-layers.ts";
import { valuesDocument, valuesText } from "./values-report.ts";

export interface ValuesOptions {
  /** @default the project's catalog */
  readonly catalog?: string;
  readonly stack?: string;
  readonly explain?: string;
  readonly json?: boolean;
}

/**
 * `lectern values`: the values of a hub with the file that sets each.
 * @returns the exit code: 0 valid, 1 something is wrong with them
 */
export async function showValues(cluster: string, name: string, options: ValuesOptions): Promise<0 | 1> {
  try {
    const found = await findHub(cluster, name, options.catalog);
    const values = await valuesOf(found, options.stack);
    const about = { id: found.hub.id, chart: chartName(found.hub.chart), explain: options.explain };
    const shown = options.json ? valuesDocument(values, about) : valuesText(values, about);
    process.stdout.write(shown);
    for (const problem of values.problems) report(problem);
    return values.problems.some(({ severity }) => severity === "error") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    error.problems.forEach(report);
    return 1;
  }
}

const report = (problem: Problem) => process.stderr.write(`${problem.severity}: ${formatProblem(problem)}\n`);

async function valuesOf({ cluster, hub }: CatalogHub, stack: string | undefined): Promise<HubValues> {
  const reader = new ValuesReader();
  const chart = chartValuesOf(cluster, hub);
  const [files, secrets] = await Promise.all([reader.files(hub.values), secretLayers(hub, reader, stack)]);
  const input: HubValuesInput = {
    ...(chart ? { chart } : {}),
    files,
    generated: [],
    secrets: secrets.layers,
    schemas: new SchemaCompiler(),
    // Without a stack, its part of them is unknown.
    withoutSecrets: stack === undefined || secrets.warnings.length > 0,
  };
  const profiles = await profilesOf({ cluster, hub }, input);
  const values = hubValues({ ...input, generated: profiles.layers });
  const isUnknown = ({ file }: Problem) => secrets.warnings.some((warning) => warning.file === file);
  const problems = [
    ...secrets.warnings,
    ...profiles.warnings,
    ...values.problems.filter((problem) => !isUnknown(problem)),
  ];
  return { ...values, problems };
}

/** The profiles of the cluster, with the images that its registries have now; without them where these don't answer. */
async function profilesOf(
  { cluster }: CatalogHub,
  input: HubValuesInput,
): Promise<{ layers: ValuesLayer[]; warnings: Problem[] }> {
  if (!cluster.profiles) return { layers: [], warnings: [] };
  try {
    const list = await profileListOf(cluster, cluster.profiles);
    return { layers: [profilesLayer(list, input.chart, mergeLayers(input.files).values)], warnings: [] };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const warnings = error.problems.map((problem): Problem => ({ ...problem, severity: "warning" }));
    return { layers: [], warnings };
  }
}
