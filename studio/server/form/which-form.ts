import type { ChartValues } from "../../../components/hub/values/chart/chart-values.ts";
import { jupyterhubPath } from "../../../components/hub/values/generated.ts";
import { lookUp } from "../../../components/hub/values/layers.ts";
import { isObject, type JsonObject } from "../../../components/json.ts";

/** The form that a hub shows its users. */
export type FormKind =
  /** That of jupyterhub-fancy-profiles. */
  | "fancy"
  /** KubeSpawner's own template. */
  | "kubespawner"
  /** A template or an options form of the hub's own, which only that hub can render. */
  | "custom";

/** Which form a hub shows, and what of its values says so. */
export interface WhichForm {
  readonly kind: FormKind;
  /** The path of the value that decides it; undefined where none does, so that the form is KubeSpawner's. */
  readonly path?: string;
}

/** Python that is not a comment. */
const code = (text: string) => text.replace(/^\s*#.*$/gm, "");
const FANCY =
  /^\s*(?:from\s+jupyterhub_fancy_profiles\b|import\s+(?:[\w., ]*\b)?jupyterhub_fancy_profiles\b)/m;
const CUSTOM =
  /\.(?:options_form|profile_form_template|additional_profile_form_template_paths)\s*(?:=|\.(?:append|extend|insert)\()/;
const SETTINGS = ["options_form", "profile_form_template", "additional_profile_form_template_paths"];

/**
 * Reads from a hub's merged values which form it shows: jupyterhub-fancy-profiles is set up by Python in
 * `hub.extraConfig` or in a file of `hub.extraFiles`, another template there or in `hub.config.KubeSpawner`.
 * @param values as the chart's templates see them
 */
export function whichForm(values: JsonObject, chart: ChartValues | undefined): WhichForm {
  const hub = lookUp(values, [...jupyterhubPath(chart), "hub"]);
  if (!isObject(hub)) return { kind: "kubespawner" };
  const scripts = scriptsIn(hub);
  const fancy = scripts.find(({ text }) => FANCY.test(text));
  if (fancy) return { kind: "fancy", path: fancy.path };
  const custom = scripts.find(({ text }) => CUSTOM.test(text));
  if (custom) return { kind: "custom", path: custom.path };
  const settings = lookUp(hub, ["config", "KubeSpawner"]);
  const set = SETTINGS.find((name) => isObject(settings) && isSet(settings[name]));
  return set === undefined
    ? { kind: "kubespawner" }
    : { kind: "custom", path: `hub.config.KubeSpawner.${set}` };
}

const isSet = (value: unknown) =>
  value !== undefined && value !== null && value !== "" && String(value) !== "";

interface Script {
  readonly path: string;
  readonly text: string;
}

/** The Python of a hub's configuration. */
function scriptsIn({ extraConfig, extraFiles }: JsonObject): Script[] {
  const files = Object.entries(isObject(extraFiles) ? extraFiles : {}).map(([key, file]) => ({
    path: `hub.extraFiles.${key}.stringData`,
    text: isObject(file) ? file["stringData"] : undefined,
  }));
  const configs =
    typeof extraConfig === "string"
      ? [{ path: "hub.extraConfig", text: extraConfig as unknown }]
      : Object.entries(isObject(extraConfig) ? extraConfig : {}).map(([key, text]) => ({
          path: `hub.extraConfig.${key}`,
          text,
        }));
  return [...configs, ...files].flatMap(({ path, text }) =>
    typeof text === "string" ? [{ path, text: code(text) }] : [],
  );
}
