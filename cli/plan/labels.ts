import { isObject } from "../../components/json.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { KNOWN_LABELS, unknownLabels } from "../../plan/deployment/labels.ts";

/**
 * The labels of a pull request: a JSON list of their names, or of objects that have them, as GitHub's events do.
 * @throws {LecternError} where it is none, or one looks like a label that decides about deployments and is unknown
 */
export function readLabels(json: string | undefined): readonly string[] {
  if (json === undefined || json.trim() === "") return [];
  const labels = namesIn(json);
  if (labels === undefined) throw new LecternError(noLabels());
  const unknown = unknownLabels(labels);
  if (unknown.length > 0) throw new LecternError(unknown.map(unknownLabel));
  return labels;
}

function namesIn(json: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  // An event that has no pull request has no labels.
  if (value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const names = value.map((one: unknown) => (isObject(one) ? one["name"] : one));
  return names.every((name) => typeof name === "string") ? names : undefined;
}

const noLabels = () => ({
  code: "labels",
  severity: "error" as const,
  path: "--labels",
  message: "the labels are no JSON list of names",
  remedy: `Write '["deployer:deploy-hubs"]', or pass toJSON(github.event.pull_request.labels) in a variable of the environment`,
});

const unknownLabel = (label: string) => ({
  code: "unknown-label",
  severity: "error" as const,
  path: "--labels",
  message: `the label ${JSON.stringify(label)} is unknown`,
  remedy: didYouMean(label, KNOWN_LABELS, `Use one of ${KNOWN_LABELS.join(", ")}`),
});
