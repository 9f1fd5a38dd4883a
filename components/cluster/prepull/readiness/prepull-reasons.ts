import { type Fault, remedyFor } from "./faults/pull-remedies.ts";
import type { MissingImage, PrepullReport, UncreatedPods } from "./prepull-report.ts";

/** Lines and names that are shown; the rest is counted. */
const LINES = 12;
const NAMES = 3;

/**
 * One line for each thing that keeps a cluster from being ready, with what to do where that is known; none
 * where it is. What goes wrong in the same way on several nodes is one line, and many lines are cut.
 */
export function prepullReasons(report: PrepullReport): string[] {
  if (report.ready) return [];
  const lines = [
    ...report.absent.map(
      ({ name, namespace }) => `the DaemonSet ${name} is missing from the namespace ${namespace}`,
    ),
    ...report.uncreated.filter(({ refusal }) => refusal).map(describeUncreated),
    ...describeMissing(report.failures),
    ...describeMissing(report.waiting),
    ...report.uncreated.filter(({ refusal }) => !refusal).map(describeUncreated),
  ];
  if (lines.length === 0) return ["the cluster has not observed the newest form of its DaemonSets yet"];
  if (lines.length <= LINES) return lines;
  return [...lines.slice(0, LINES - 1), `and ${lines.length - LINES + 1} other reasons`];
}

/** `node-7: ghcr.io/a/lab@sha256:…: ImagePullBackOff: …`, for all nodes that lack the same images for the same reason. */
function describeMissing(missing: readonly MissingImage[]): string[] {
  const byNode = Map.groupBy(missing, (one) => `${one.node}\n${kindOf(one)}`);
  const alike = Map.groupBy(byNode.values(), ([first, ...others]) =>
    JSON.stringify([first && kindOf(first), first?.image, ...others.map(({ image }) => image)]),
  );
  return [...alike.values()].flatMap((groups) => {
    const [group] = groups;
    const [first] = group ?? [];
    if (!group || !first) return [];
    const nodes = groups.map(([one]) => one?.node ?? "");
    const images = group.map(({ image }) => image);
    return [`${shortList(nodes, "nodes")}: ${shortList(images, "images")}: ${describeFault(first)}`];
  });
}

function describeUncreated({ daemonSet, namespace, count, nodes, images, refusal }: UncreatedPods): string {
  const where = nodes.length > 0 ? ` (${shortList(nodes, "nodes")})` : "";
  const what = `${count} ${count === 1 ? "pod" : "pods"} of the DaemonSet ${daemonSet} for ${images} images${where}`;
  return refusal
    ? `the namespace ${namespace} refuses ${what}: ${describeFault(refusal)}`
    : `the cluster has not created ${what} yet`;
}

function describeFault(fault: Fault): string {
  const { reason, message } = fault;
  const what = message === undefined ? reason : `${reason}: ${message.trim()}`;
  const remedy = remedyFor(fault);
  return remedy === undefined ? what : `${what.replace(/\.$/, "")}. ${remedy}`;
}

/** Messages of one kind differ in addresses and amounts only. */
const kindOf = (fault: Fault) =>
  `${fault.reason} ${remedyFor(fault) ?? (fault.message ?? "").replaceAll(/\d+/g, "#")}`;

function shortList(names: readonly string[], what: string): string {
  const shown = names.length > NAMES + 1 ? names.slice(0, NAMES) : names;
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more ${what}` : ""}`;
}
