import { z } from "zod";
import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Repository } from "../reference.ts";
import { refusal } from "./registry-errors.ts";
import type { RegistryHttp } from "./registry-http.ts";

export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

/** A signature, an attestation or a bill of materials, as the list of an image's referrers describes it. */
const referrer = z.looseObject({ digest: z.string(), mediaType: z.string() });
export type Referrer = z.output<typeof referrer>;

const list = z.object({ manifests: z.array(referrer) });

/** Answers of registries that do not know the question. */
const UNKNOWN_ROUTE: ReadonlySet<number> = new Set([400, 404, 405, 501]);

/** What refers to an image, as the registry has it; undefined where the registry keeps no such lists. */
export async function referrersOf(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<Referrer[] | undefined> {
  const response = await http.send({
    method: "GET",
    repository,
    target: `referrers/${digest}`,
    headers: { accept: INDEX_TYPE },
  });
  if (UNKNOWN_ROUTE.has(response.status)) return undefined;
  const where = `${repository}@${digest}`;
  if (!response.ok) throw await refusal(repository, `list what refers to ${where}`, response);
  return readReferrers(await response.text(), where);
}

/** The entries of a list of referrers. @throws {LecternError} where the text is none */
export function readReferrers(text: string, where: string): Referrer[] {
  const parsed = list.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.manifests;
  throw new LecternError({
    code: "malformed-answer",
    severity: "error",
    message: `the registry's response is not a list of what refers to ${where}`,
    remedy: "Check that the host is a registry, and not a proxy or a login page",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
