import { type Author, handleOf, teamsHint } from "./author.ts";
import { type CodeOwners, lineFor } from "./owners/codeowners.ts";
import type { ChangedFile, Verdict } from "./question.ts";

/** Whether a file of an article is its author's to decide: CODEOWNERS gives it to them. */
export function articleVerdict(
  { path, kind }: ChangedFile,
  author: Author,
  owners: CodeOwners | undefined,
): Verdict {
  const no = (reason: string): Verdict => ({ delegated: false, reason });
  if (owners === undefined) return no("the base has no CODEOWNERS, which says whose article this is");
  const { file, malformed } = owners;
  if (malformed.length > 0) {
    return no(`${file} has lines that can't be read, so nothing is sure: ${malformed.join(", ")}`);
  }
  if (kind === "deleted" && path.endsWith("/course.json")) return no("it removes an article");
  if (path.split("/").some((name) => name.startsWith(".git")))
    return no("it is a file of git's, not of the article");
  const found = lineFor(owners, path);
  if (found === undefined) return no(`no line of ${file} gives it to anybody`);
  const place = `${file}:${found.line}`;
  if (found.owners.length === 0) return no(`${place} gives it to nobody`);
  const handle = handleOf(author, found.owners);
  return handle === undefined
    ? no(`${place} gives it to ${found.owners.join(" ")}${teamsHint(author, found.owners)}`)
    : { delegated: true, reason: `${place} gives it to ${handle}` };
}
