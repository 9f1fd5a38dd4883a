import { z } from "zod";
import { jsonOf } from "../../../problem/json.ts";
import { LecternError } from "../../../problem/problem.ts";

/** What the API says of a request that it refuses; its message is left out, as it repeats values. */
const refusal = z.object({
  reason: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ field: z.string().optional() })).optional() }).optional(),
});

/** The cluster's API refuses a request. @param body its answer, of which only the fields' names are shown */
export function refused(cluster: string, does: string, status: number, body = ""): LecternError {
  const isForbidden = status === 401 || status === 403;
  return new LecternError({
    code: isForbidden ? "cluster-forbidden" : "cluster-refused",
    severity: "error",
    message: `can't ${does} in the cluster ${cluster}: its API answered ${status}${reasonOf(body)}`,
    remedy: isForbidden
      ? `Give the account that deploys the cluster ${cluster} that right`
      : "Try again; if the error persists, ask the cluster's administrator",
  });
}

function reasonOf(body: string): string {
  const parsed = refusal.safeParse(jsonOf(body));
  if (!parsed.success) return "";
  const { reason, details } = parsed.data;
  const fields = (details?.causes ?? []).flatMap(({ field }) => field ?? []);
  const named = fields.length === 0 ? "" : ` for ${[...new Set(fields)].join(", ")}`;
  return reason === undefined ? named : ` (${reason}${named})`;
}
