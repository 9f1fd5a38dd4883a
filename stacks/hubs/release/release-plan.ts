import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { digestOf } from "../../../components/digest.ts";
import { type ChartReference, chartName } from "../../../components/hub/chart/chart-reference.ts";
import { packChart } from "../../../components/hub/chart/kept-chart.ts";
import { chartReader } from "../../../components/hub/chart/local-chart.ts";
import {
  type HubDatabase,
  type HubVersion,
  hubDatabaseOf,
  hubVersionOf,
} from "../../../components/hub/database/jupyterhub-move.ts";
import type { ChartValues } from "../../../components/hub/values/chart/chart-values.ts";
import { jupyterhubPath } from "../../../components/hub/values/generated.ts";
import { hubValues } from "../../../components/hub/values/hub-values.ts";
import { mergeLayers, type ValuesLayer } from "../../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../../components/hub/values/schema/schema-compiler.ts";
import { ValuesReader } from "../../../components/hub/values/values-reader.ts";
import type { JsonObject } from "../../../components/json.ts";
import { allOf } from "../../../components/problem/all.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { Parts } from "../../promotion/hub-parts.ts";

/** What a release is deployed with. */
export interface ReleasePlan {
  readonly chart: ChartReference;
  /** The chart of the catalog that it was, where it is deployed from a copy. */
  readonly copyOf?: ChartReference;
  /** The files of a chart of the catalog, packed: what a rollback deploys. */
  readonly packed?: string | undefined;
  /** For people: the chart and its version. */
  readonly chartName: string;
  /** What is set over the chart's defaults. */
  readonly values: JsonObject;
  /** What its templates see: the same with the chart's defaults, where the chart is in the catalog. */
  readonly effective: JsonObject;
  /** By name, `repository:tag@sha256:…`: the images of the catalog in the values of a hub that is deployed. */
  readonly images?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the values of JupyterHub's own chart are in them. */
  readonly jupyterhub: readonly string[];
  /** Which JupyterHub it runs; of a chart that isn't in the catalog, the chart's version stands for it. */
  readonly runs: HubVersion;
  readonly database: HubDatabase;
  /** What it is a variant of for a while: that is kept for a rollback. */
  readonly base?: ReleasePlan;
  /** Only what is secret of it. */
  readonly secretValues: JsonObject;
  readonly parts: Parts;
  /** Warnings. */
  readonly notices: readonly Problem[];
}

/** What is read once, however many releases there are. */
export class ReleaseReader {
  readonly #schemas = new SchemaCompiler();
  readonly #values = new ValuesReader();
  readonly #readChart = chartReader();
  readonly #packed = new Map<string, Promise<string | undefined>>();

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
    const [local, packed, files, digests, encrypted] = await allOf([
      "folder" in chart ? this.#readChart(chart.folder) : Promise.resolve(undefined),
      "folder" in chart ? this.#pack(chart.folder) : Promise.resolve(undefined),
      this.#values.files(release.values),
      this.#values.digests(release.values),
      this.#values.secrets(release.secrets),
    ]);
    const defaults = local?.values;
    const secrets = [...encrypted, ...given];
    const set = mergeLayers(files).values;
    const layers = generated(defaults, set);
    const { userSupplied, effective, problems } = hubValues({
      ...(defaults ? { chart: defaults } : {}),
      files,
      generated: layers,
      secrets,
      schemas: this.#schemas,
    });
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new LecternError(errors);
    return {
      chart,
      packed,
      chartName: local ? `${local.name} ${local.version}` : chartName(chart),
      values: userSupplied,
      effective,
      jupyterhub: jupyterhubPath(defaults),
      runs: hubVersionOf(local?.appVersion ?? chartName(chart), effective),
      database: hubDatabaseOf(effective),
      secretValues: mergeLayers(secrets).values,
      parts: {
        chart: local ? local.digest : digestOf(chartName(chart)),
        ...Object.fromEntries(release.values.map(({ name }, index) => [name, digests[index] ?? ""])),
        ...Object.fromEntries(layers.map(({ source, values }) => [source, digestOf(JSON.stringify(values))])),
      },
      notices: problems,
    };
  }

  #pack(folder: string): Promise<string | undefined> {
    // What is wrong with it is reported where it is read.
    const packed =
      this.#packed.get(folder) ??
      this.#readChart(folder).then(
        () => packChart(folder),
        () => undefined,
      );
    this.#packed.set(folder, packed);
    return packed;
  }

  /** The digest of a chart of the catalog, as it is now. */
  async chartDigest(folder: string): Promise<string> {
    return (await this.#readChart(folder)).digest;
  }
}
