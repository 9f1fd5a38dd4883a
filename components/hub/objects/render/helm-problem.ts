import type { Problem } from "../../../problem/problem.ts";
import { MASK } from "../compare/masking.ts";
import type { HelmOutcome } from "./helm-process.ts";

/** Why a chart was not rendered: the first two leave the objects uncompared, the third fails a deployment, too. */
export type HelmFailure = "helm-missing" | "cluster-unreachable" | "chart-not-rendered";

const UNREACHABLE =
  /cluster unreachable|connection refused|no such host|i\/o timeout|TLS handshake|certificate|Unauthorized|provide credentials|exec plugin|getting credentials|context deadline exceeded|forbidden|context ".*" does not exist/i;

/** What a Helm says that has no dry run on the server's side yet. */
const TOO_OLD = /invalid argument "\w+" for "--dry-run" flag|unknown flag: --/;

const LONGEST = 400;

/**
 * What `helm` says as one problem, without what it was given.
 * @param secrets the values that are known to be secret
 */
export function helmProblem(
  outcome: Exclude<HelmOutcome, { ended: "ok" }>,
  chart: string,
  secrets: Iterable<string>,
): Problem & { readonly code: HelmFailure } {
  if (outcome.ended === "missing") {
    return {
      code: "helm-missing",
      severity: "warning",
      message: "helm is not on PATH",
      remedy: "Install Helm 3.13 or later",
    };
  }
  if (outcome.ended === "late") {
    return {
      code: "cluster-unreachable",
      severity: "warning",
      message: "helm did not answer in time",
      remedy: "Check that the cluster answers: kubectl get --raw /readyz",
    };
  }
  if (TOO_OLD.test(outcome.said)) {
    return {
      code: "helm-missing",
      severity: "warning",
      message: "the helm on PATH is too old: it can't render a release as the cluster would get it",
      remedy: "Install Helm 3.13 or later",
    };
  }
  const said = withoutSecrets(lastOf(outcome.said), secrets);
  return UNREACHABLE.test(outcome.said)
    ? {
        code: "cluster-unreachable",
        severity: "warning",
        message: `the cluster does not answer helm (${said})`,
        remedy: "Check the cluster's kubeconfig and context",
      }
    : {
        code: "chart-not-rendered",
        severity: "error",
        message: `helm can't render the chart ${chart} (${said})`,
        remedy: "Correct the hub's values or the chart: a deployment would fail, too",
      };
}

/** What went wrong is at the end, after warnings; a schema's errors are several lines. */
function lastOf(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(WARNING|level=|time=|I\d{4}|W\d{4}|E\d{4})/.test(line));
  const from = lines.findLastIndex((line) => /^Error: /.test(line));
  const text = lines
    .slice(Math.max(from, 0))
    .join(" ")
    .replace(/^Error: /, "")
    .replace(/\.$/, "");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function withoutSecrets(text: string, secrets: Iterable<string>): string {
  const known = [...secrets].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
