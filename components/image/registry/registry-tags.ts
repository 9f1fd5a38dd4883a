import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import type { Repository } from "../reference.ts";
import { refusal } from "./registry-errors.ts";
import type { RegistryHttp } from "./registry-http.ts";

/** As many as registries give at once; one that gives fewer links to the rest. */
const PAGE = 1000;

/** Pages that are asked for: one of a registry that gives 100 tags at once has 100,000 then. */
const MOST_PAGES = 1000;
/** Pages in a row without a new tag that a registry may have, such as those whose tags were just deleted. */
const MOST_BARREN = 10;

const tagList = z.object({ tags: z.array(z.string()).nullish() });

/** Every tag of a repository, all pages. @throws {LecternError} */
export async function listTags(http: RegistryHttp, repository: Repository): Promise<string[]> {
  const tags = new Set<string>();
  let target: string | undefined = `tags/list?n=${PAGE}`;
  let barren = 0;
  for (let pages = 0; target !== undefined; pages += 1) {
    if (pages === MOST_PAGES) throw endless(repository, `there are more than ${MOST_PAGES} pages`);
    const before = tags.size;
    const response: Response = await http.send({ method: "GET", repository, target });
    if (!response.ok) throw await refusal(repository, `list the tags of ${repository}`, response);
    const page = tagList.safeParse(await response.json().catch(() => undefined));
    if (!page.success) throw malformed(repository);
    for (const tag of page.data.tags ?? []) tags.add(tag);
    const next = nextQuery(response);
    target = next && `tags/list${next}`;
    barren = tags.size === before ? barren + 1 : 0;
    if (barren > MOST_BARREN) throw endless(repository, `${barren} pages in a row have no new tag`);
  }
  return [...tags];
}

/**
 * The query of the next page of a list, from the Link header, with its question mark. Only that is taken from it:
 * a registry behind a proxy often names a host and a path that can't be reached from outside.
 */
export function nextQuery({ headers }: Response): string | undefined {
  for (const [, target = "", parameters = ""] of (headers.get("link") ?? "").matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?/i.test(parameters)) continue;
    const query = target.indexOf("?");
    return query < 0 ? undefined : target.slice(query);
  }
  return undefined;
}

function endless(repository: Repository, reason: string): LecternError {
  return new LecternError({
    code: "endless-pages",
    severity: "error",
    message: `the list of the tags of ${repository} does not end: ${reason}`,
    remedy: "Ask the registry's owner",
  });
}

function malformed(repository: Repository): LecternError {
  return new LecternError({
    code: "malformed-answer",
    severity: "error",
    message: `the registry's response is not a list of the tags of ${repository}`,
    remedy: "Check that the host is a registry, and not a proxy or a login page",
  });
}
