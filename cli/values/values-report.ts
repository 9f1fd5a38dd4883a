import type { HubValues } from "../../components/hub/values/hub-values.ts";
import { lookUp, type ValuesPath } from "../../components/hub/values/layers.ts";
import {
  explained,
  MASK,
  masked,
  type Origin,
  type OriginatedValue,
} from "../../components/hub/values/provenance.ts";
import { isObject } from "../../components/json.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { jsonPath } from "../../components/problem/zod.ts";

export interface About {
  readonly id: string;
  readonly chart: string;
  /** Only what is at this path. */
  readonly explain: string | undefined;
}

/** One line a value, with where it is set; without a path, only what isn't the chart's default. */
export function valuesText(values: HubValues, { id, chart, explain }: About): string {
  const shown =
    explain === undefined
      ? explained(values.userSupplied, values.provenance)
      : explainedAt(values, explain, id);
  const lines = shown.map(({ path, value, origin }) => [path, shortened(value), whence(origin, explain)]);
  const widths = [0, 1].map((column) => Math.max(0, ...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map(([path = "", value = "", source = ""]) =>
    `${path.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}`.trimEnd(),
  );
  const head = `${id}, chart ${chart}: ${lines.length} value${lines.length === 1 ? "" : "s"}`;
  return `${[head, ...table].join("\n")}\n`;
}

/** The document for machines. */
export function valuesDocument(values: HubValues, { id, chart, explain }: About): string {
  const { effective, userSupplied, provenance, problems } = values;
  const shown = explain === undefined ? explained(effective, provenance) : explainedAt(values, explain, id);
  const document = {
    hub: id,
    chart,
    values: shown,
    ...(explain === undefined
      ? { userSupplied: masked(userSupplied, provenance), effective: masked(effective, provenance) }
      : {}),
    problems,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function explainedAt({ effective, userSupplied, provenance }: HubValues, text: string, id: string) {
  const path = pathIn(text);
  // A null takes a default away: the templates see nothing, and why is what a person wants to know.
  const holder = [effective, userSupplied].find((all) => lookUp(all, path) !== undefined);
  if (holder === undefined) throw noValue(text, path, effective, id);
  return explained(holder, provenance, path);
}

/** `hub.config["a.b"].list[0]` as {@link jsonPath} writes it. */
function pathIn(text: string): ValuesPath {
  return [...text.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    quoted === undefined ? (index === undefined ? (name ?? "") : Number(index)) : String(JSON.parse(quoted)),
  );
}

function noValue(text: string, path: ValuesPath, values: unknown, id: string): LecternError {
  const depth = path.findIndex((_, index) => lookUp(values, path.slice(0, index + 1)) === undefined);
  const holder = lookUp(values, path.slice(0, depth));
  const known = isObject(holder) ? Object.keys(holder) : [];
  const where = depth > 0 ? jsonPath(path.slice(0, depth)) : "the top";
  return new LecternError({
    code: "unknown-value",
    severity: "error",
    message: `the values of ${id} have nothing at ${text}`,
    remedy: didYouMean(String(path[depth]), known, `At ${where} they have ${known.join(", ") || "no map"}`),
  });
}

function whence(origin: Origin | undefined, explain: string | undefined): string {
  if (origin === undefined) return "";
  const place = [origin.source, origin.line].filter((part) => part !== undefined).join(":");
  const over = explain === undefined || origin.over.length === 0 ? "" : `, over ${origin.over.join(", ")}`;
  return `${place}${over}`;
}

function shortened(value: OriginatedValue["value"]): string {
  if (value === MASK) return MASK;
  const text = typeof value === "string" && /^[^\s"'{[]*$/.test(value) ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
