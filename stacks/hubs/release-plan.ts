import { readFile } from "node:fs/promises";
import type {
  NamedFile,
  ReleaseDeclaration,
} from "../../components/cluster/declaration/cluster-declaration.ts";
import { digestOf } from "../../components/digest.ts";
import { type ChartReference, chartName } from "../../components/hub/chart/chart-reference.ts";
import { readChart } from "../../components/hub/chart/local-chart.ts";
import {
  type HubDatabase,
  type HubVersion,
  hubDatabaseOf,
  hubVersionOf,
} from "../../components/hub/database/jupyterhub-move.ts";
import type { ChartValues } from "../../components/hub/values/chart/chart-values.ts";
import { readChartValues } from "../../components/hub/values/chart/read-chart.ts";
import { readValuesFile } from "../../components/hub/values/file/values-file.ts";
import { hubValues } from "../../components/hub/values/hub-values.ts";
import { mergeLayers, type ValuesLayer } from "../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../components/hub/values/schema/schema-compiler.ts";
import { SopsFiles } from "../../components/hub/values/secrets/sops.ts";
import type { JsonObject } from "../../components/json.ts";
import { allOf } from "../../components/problem/all.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { Parts } from "../promotion/hub-parts.ts";

/** What a release is deployed with. */
export interface ReleasePlan {
  readonly chart: ChartReference;
  /** For people: the chart and its version. */
  readonly chartName: string;
  /** What is set over the chart's defaults. */
  readonly values: JsonObject;
  /** Which JupyterHub it runs; of a chart that isn't in the catalog, the chart's version stands for it. */
  readonly runs: HubVersion;
  readonly database: HubDatabase;
  /** Only what is secret of it. */
  readonly secretValues: JsonObject;
  readonly parts: Parts;
  /** Warnings. */
  readonly notices: readonly Problem[];
}

/** What is read once, however many releases there are. */
export class ReleaseReader {
  readonly #schemas = new SchemaCompiler();
  readonly #sops = new SopsFiles();
  readonly #charts = new Map<string, ReturnType<typeof readLocal>>();
  readonly #files = new Map<string, ReturnType<typeof readText>>();

  /**
   * Reads what a release is deployed with, and checks it against the chart's schema.
   * @param generated gives the layers that need the chart and what its files set, such as the profiles
   * @param given secret values from the configuration
   * @throws {LecternError} with every problem
   */
  async plan(
    release: ReleaseDeclaration,
    generated: (chart: ChartValues | undefined, set: JsonObject) => readonly ValuesLayer[],
    given: readonly ValuesLayer[],
  ): Promise<ReleasePlan> {
    const { chart } = release;
    const [local, files, encrypted] = await allOf([
      "folder" in chart ? once(this.#charts, chart.folder, readLocal) : Promise.resolve(undefined),
      allOf(release.values.map((file) => this.#read(file))),
      allOf(release.secrets.map(({ path }) => this.#sops.read(path, path))),
    ]);
    const secrets = [...encrypted, ...given];
    const set = mergeLayers(files.map(({ layer }) => layer)).values;
    const layers = generated(local?.values, set);
    const { userSupplied, effective, problems } = hubValues({
      ...(local ? { chart: local.values } : {}),
      files: files.map(({ layer }) => layer),
      generated: layers,
      secrets,
      schemas: this.#schemas,
    });
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new LecternError(errors);
    return {
      chart,
      chartName: local ? `${local.name} ${local.version}` : chartName(chart),
      values: userSupplied,
      runs: hubVersionOf(local?.appVersion ?? chartName(chart), effective),
      database: hubDatabaseOf(effective),
      secretValues: mergeLayers(secrets).values,
      parts: {
        chart: local ? local.digest : digestOf(chartName(chart)),
        ...Object.fromEntries(files.map(({ name, digest }) => [name, digest])),
        ...Object.fromEntries(layers.map(({ source, values }) => [source, digestOf(JSON.stringify(values))])),
      },
      notices: problems,
    };
  }

  /** The digest of a chart of the catalog, as it is now. */
  async chartDigest(folder: string): Promise<string> {
    return (await once(this.#charts, folder, readLocal)).digest;
  }

  async #read({ name, path }: NamedFile) {
    return { name, ...(await once(this.#files, path, readText)) };
  }
}

async function readLocal(folder: string) {
  const [{ name, version, appVersion, digest }, values] = await allOf([
    readChart(folder),
    readChartValues(folder, folder),
  ]);
  return { name, version, appVersion, digest, values };
}

async function readText(path: string) {
  const text = await readFile(path, "utf8");
  return { layer: readValuesFile(text, path), digest: digestOf(text) };
}

function once<T>(
  known: Map<string, Promise<T>>,
  path: string,
  read: (path: string) => Promise<T>,
): Promise<T> {
  const reading = known.get(path) ?? read(path);
  known.set(path, reading);
  return reading;
}
