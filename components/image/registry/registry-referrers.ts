import { z } from "zod";
import type { Digest } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Repository } from "../reference.ts";
import { refusal } from "./registry-errors.ts";
import type { RegistryHttp } from "./registry-http.ts";
import { nextQuery } from "./registry-tags.ts";

export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

/** A signature, an attestation or a bill of materials, as the list of an image's referrers describes it. */
const referrer = z.looseObject({ digest: z.string(), mediaType: z.string() });
export type Referrer = z.output<typeof referrer>;

const list = z.object({ manifests: z.array(referrer) });

/** Answers of registries that do not know the question. */
const UNKNOWN_ROUTE: ReadonlySet<number> = new Set([400, 404, 405, 501]);

/** Pages that are asked for; no image has so many referrers. */
const MOST_PAGES = 100;

/** What refers to an image, all pages, as the registry has it; undefined where the registry keeps no such lists. */
export async function referrersOf(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<Referrer[] | undefined> {
  const where = `${repository}@${digest}`;
  const found: Referrer[] = [];
  let query: string | undefined = "";
  for (let pages = 0; query !== undefined; pages += 1) {
    if (pages === MOST_PAGES) throw endless(where);
    const response: Response = await http.send({
      method: "GET",
      repository,
      target: `referrers/${digest}${query}`,
      headers: { accept: INDEX_TYPE },
    });
    if (pages === 0 && UNKNOWN_ROUTE.has(response.status)) return undefined;
    if (!response.ok) throw await refusal(repository, `list what refers to ${where}`, response);
    found.push(...readReferrers(await response.text(), where));
    query = nextQuery(response);
  }
  return found;
}

const endless = (where: string) =>
  new LecternError({
    code: "endless-pages",
    severity: "error",
    message: `the list of what refers to ${where} does not end: there are more than ${MOST_PAGES} pages`,
    remedy: "Ask the registry's owner",
  });

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
