import type { JsonObject } from "../../../json.ts";

/** What a chart says of values. */
export interface ChartValues {
  readonly name: string;
  /** Its `values.yaml`; empty where it has none. */
  readonly values: JsonObject;
  /** The file of its values, relative to the project. */
  readonly file: string;
  /** Its `values.schema.json`. */
  readonly schema?: ChartSchema;
  /** `dependencies` of `Chart.yaml`; undefined where it lists none. */
  readonly dependencies?: readonly ChartDependency[];
  /** The charts in its folder `charts`. */
  readonly charts: readonly ChartValues[];
}

/** A chart's JSON Schema. */
export interface ChartSchema {
  readonly text: string;
  readonly file: string;
}

/** A chart that another one uses, as `Chart.yaml` lists it. */
export interface ChartDependency {
  readonly name: string;
  /** Another name, under which its values are. */
  readonly alias?: string;
  /** Comma-separated paths of values: the first that is a boolean says whether the chart is used. */
  readonly condition?: string;
  readonly tags?: readonly string[];
  /** Values of the chart that its user takes over: a name below `exports`, or from where to where. */
  readonly "import-values"?: readonly (string | { readonly child: string; readonly parent: string })[];
}
