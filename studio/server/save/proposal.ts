import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { isLogin } from "../../../plan/delegation/author.ts";
import type { Draft, Preview } from "../../api/save.ts";
import type { Person, StudioContext } from "../context.ts";
import type { BaseTexts } from "./change/base-texts.ts";
import { catalogProblems, ownProblems, subjectOf, titleOf } from "./change/check-change.ts";
import { type MergedDraft, mergeDraft } from "./change/merged-draft.ts";
import { overlayOf } from "./change/overlay.ts";
import { plannedOf } from "./change/planned.ts";
import { reviewOf } from "./change/review.ts";
import { type Forge, forgeOf } from "./forge/forge.ts";
import { readTarget, type Target } from "./git/target.ts";
import { textAt } from "./read-file.ts";
import { type CatalogRepository, catalogRepository } from "./repository.ts";

/** A draft, merged into what it is proposed to. */
export interface Proposal extends MergedDraft {
  readonly repository: CatalogRepository;
  readonly target: Target;
  readonly forge: Forge | undefined;
  readonly branch: string;
  readonly title: string;
  /** The new texts, by path from the repository's root. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface Asked {
  readonly studio: StudioContext;
  readonly texts: BaseTexts;
  readonly draft: Draft & { readonly title?: string | undefined };
  readonly person: Person;
  /** Whether the target's newest state is asked for. */
  readonly fetch: boolean;
}

/** @throws {LecternError} where the draft can't be merged at all */
export async function proposalOf({ studio, texts, draft, person, fetch }: Asked): Promise<Proposal> {
  const repository = catalogRepository(studio);
  const forgeAt = (remote: string | undefined) => studio.forge && forgeOf(studio.forge, remote);
  const credentials = (remote: string) => forgeAt(remote)?.credentials ?? {};
  const target = await readTarget(repository.root, { fetch, credentials });
  const current = (path: string) => textAt(studio.catalog, path);
  const merged = await mergeDraft(draft, { repository, commit: target.commit, texts, current });
  const paths = draft.edits.map(({ path }) => path).sort();
  return {
    ...merged,
    repository,
    target,
    forge: forgeAt(target.remote),
    branch: `studio/${slug(person.name)}/${slug(subjectOf(paths))}-${draft.id.slice(0, 8)}`,
    title: draft.title || titleOf(paths),
    texts: new Map(merged.files.map(({ path, after }) => [repository.pathOf(path), after])),
  };
}

/** A part of a branch's name. */
const slug = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 50) || "somebody";

/** What is wrong with a change, what it deploys, and who has to review it. */
export interface Assessment extends Pick<Preview, "plan" | "review"> {
  readonly problems: readonly Problem[];
}

/** Checks and plans a change on a copy of what it is proposed to. */
export async function assess(proposal: Proposal, person: Person): Promise<Assessment> {
  const { repository, target, files, texts, forge } = proposal;
  const { commit } = target;
  const changed = [...texts.keys()];
  const overlay = await overlayOf(repository.root, { commit, ...repository });
  try {
    const before = await catalogProblems(overlay.root, repository.catalog);
    await overlay.write(texts);
    const after = await catalogProblems(overlay.root, repository.catalog);
    const problems = ownProblems(before, after, changed);
    if (problems.some(({ severity }) => severity === "error")) return { problems };
    const changes = files.map(({ path, before: old }) => ({
      path: repository.pathOf(path),
      kind: old === undefined ? ("added" as const) : ("modified" as const),
      isSpecial: false,
    }));
    const plan = await planWhereReadable(() => plannedOf(repository, overlay.root, { commit, changed }));
    const change = { commit, changed: changes, texts, person };
    const review = await reviewOf(repository, await loginsOf(forge, person), change);
    return { problems, plan, review };
  } finally {
    await overlay.remove();
  }
}

/** There is no plan where another cluster can't be read; that is no fault of the change. */
async function planWhereReadable(plan: () => Promise<Preview["plan"]>): Promise<Preview["plan"]> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  }
}

/** Who has a part in the pull request: whoever opens it, and the person where the name that they sign in with is a login. */
async function loginsOf(forge: Forge | undefined, { name }: Person): Promise<string[]> {
  const viewer = await forge?.viewer();
  return [...(viewer === undefined ? [] : [viewer]), ...(isLogin(name) ? [name] : [])];
}
