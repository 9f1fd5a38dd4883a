import { isInteger } from "../node-groups/node-groups-placement.ts";

/** What is read of a Kubernetes Node. */
export interface ClusterNode {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec?: { readonly taints?: readonly Taint[] | undefined };
}

interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** Where a pod may run, as in its manifest. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly affinity?: { readonly nodeAffinity: object };
}

/**
 * The taints that every DaemonSet's pods tolerate, each with its effect, as Kubernetes' controller adds them: a
 * node that is not ready takes no new pod where its taint says NoSchedule.
 */
const ALWAYS_TOLERATED: readonly Toleration[] = [
  ["not-ready", "NoExecute"],
  ["unreachable", "NoExecute"],
  ["disk-pressure", "NoSchedule"],
  ["memory-pressure", "NoSchedule"],
  ["pid-pressure", "NoSchedule"],
  ["unschedulable", "NoSchedule"],
].map(([state = "", effect = ""]) => ({ key: `node.kubernetes.io/${state}`, operator: "Exists", effect }));

/** Whether a DaemonSet's pod with this placement runs on a node: its labels, its taints, its affinity. */
export function placementMatcher(placement: Placement): (node: ClusterNode) => boolean {
  const selector = Object.entries(placement.nodeSelector);
  const tolerations: readonly Toleration[] = [...ALWAYS_TOLERATED, ...(placement.tolerations ?? [])];
  const terms = termsOf(placement);
  return (node) => {
    const labels = node.metadata?.labels ?? {};
    if (!selector.every(([key, value]) => labels[key] === value)) return false;
    const taints = node.spec?.taints ?? [];
    if (!taints.every((taint) => isTolerated(taint, tolerations))) return false;
    return terms === undefined || terms.some((term) => matchesTerm(term, labels, node.metadata?.name ?? ""));
  };
}

function termsOf({ affinity }: Placement): readonly Term[] | undefined {
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = (affinity?.nodeAffinity ?? {}) as {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: readonly Term[] };
  }; // checked by the schema of node-groups.json
  return required && (required.nodeSelectorTerms ?? []);
}

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === "PreferNoSchedule") return true;
  return tolerations.some(
    (it) =>
      (it.effect === undefined || it.effect === taint.effect) &&
      (it.key === undefined || it.key === taint.key) &&
      (it.operator === "Exists" || (it.value ?? "") === (taint.value ?? "")),
  );
}

/** A term without any requirement matches nothing, as Kubernetes has it. */
function matchesTerm(term: Term, labels: Readonly<Record<string, string>>, name: string): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const byName = (it: Requirement) => meets(it, it.key === "metadata.name" ? name : undefined);
  return matchExpressions.every((it) => meets(it, labels[it.key])) && matchFields.every(byName);
}

function meets({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compare(value, values[0]) > 0;
    case "Lt":
      return compare(value, values[0]) < 0;
    default:
      return false;
  }
}

/** Not a number where one of them is no integer, as the scheduler reads it. */
function compare(value: string | undefined, bound: string | undefined): number {
  if (!isInteger(value ?? "") || !isInteger(bound ?? "")) return Number.NaN;
  const difference = BigInt(value ?? "") - BigInt(bound ?? "");
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
