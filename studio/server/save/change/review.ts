import { pathsToRead } from "../../../../cli/delegate/delegate.ts";
import { textsAt } from "../../../../cli/plan/changed/base.ts";
import { decide } from "../../../../plan/delegation/decide.ts";
import type { ChangedFile } from "../../../../plan/delegation/question.ts";
import type { Preview } from "../../../api/save.ts";
import type { Person } from "../../context.ts";
import type { CatalogRepository } from "../repository.ts";

interface Change {
  /** The commit that it follows. */
  readonly commit: string;
  readonly changed: readonly ChangedFile[];
  /** The new texts, by path from the repository's root. */
  readonly texts: ReadonlyMap<string, string>;
  readonly person: Person;
}

/** Whether somebody else has to review a change of these people, by the rules of the commit that it follows. */
export async function reviewOf(
  { root, catalog }: CatalogRepository,
  logins: readonly string[],
  { commit, changed, texts, person }: Change,
): Promise<NonNullable<Preview["review"]>> {
  const unknown = `no e-mail address of ${person.name} is known here, so GitHub can't tell whose commit it is`;
  if (person.email === undefined) return { needed: true, reasons: [unknown] };
  if (logins.length === 0) return { needed: true, reasons: ["who proposes it on GitHub is not known here"] };
  const before = await textsAt(root, commit, pathsToRead(catalog, changed));
  const decisions = [...new Set(logins)].map((login) =>
    decide({
      author: { login },
      catalog,
      changed,
      base: (path) => before.get(path),
      head: (path) => texts.get(path) ?? before.get(path),
    }),
  );
  const reasons = decisions.flatMap(({ reason, files }) => [
    ...(reason === undefined ? [] : [reason]),
    ...files.filter(({ delegated }) => !delegated).map((file) => `${file.path}: ${file.reason}`),
  ]);
  return { needed: decisions.some(({ delegated }) => !delegated), reasons: [...new Set(reasons)] };
}
