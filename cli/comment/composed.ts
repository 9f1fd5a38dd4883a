import { LecternError } from "../../components/problem/problem.ts";
import type { CommentInput } from "../../plan/comment/comment-input.ts";
import { compose, MARKER } from "../../plan/comment/compose.ts";
import { readPlan } from "../plan/read-plan.ts";
import { annotationLines } from "./annotations.ts";
import { writeArtifact, writeViews } from "./artifact.ts";
import { catalogDifferences, type ReadDifferences } from "./catalog-differences.ts";
import type { CommentOptions } from "./options.ts";
import { type ReadPreview, readNotPreviewed, readProblems, readStackPreview, textIn } from "./read-input.ts";
import { receivedIn } from "./received.ts";

/** A comment, with the whole text and the digest of each stack's plan. */
export interface Composed {
  readonly comment: string;
  readonly whole: string;
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Composes the comment of what the options name.
 * @throws {LecternError} where a file can't be read or is of another shape
 */
export async function composed(given: CommentOptions): Promise<Composed> {
  const options = given.received === undefined ? given : { ...given, ...receivedIn(given.received) };
  const previews = await Promise.all(options.preview.map(readStackPreview));
  const differences = await differencesOf(options);
  const input = await inputOf(options, previews, differences);
  for (const line of options.annotations ? annotationLines(input.problems ?? []) : [])
    process.stderr.write(`${line}\n`);
  const texts = compose(input);
  if (options.artifact !== undefined) {
    const plans = previews.flatMap((one) =>
      "view" in one ? [[one.view.stack, one.view.bound] as const] : [],
    );
    await writeArtifact(options.artifact, { whole: texts.whole, differences, plans: new Map(plans) });
  }
  if (options.views !== undefined) await writeViews(options.views, input.previews);
  const digests = input.previews.map(({ stack, digest }) => [stack, digest] as const);
  return { ...texts, digests: Object.fromEntries(digests) };
}

/** A comment that was composed before. @throws {LecternError} where the file is none */
export async function composedBefore(file: string): Promise<Composed> {
  const comment = await textIn(file);
  if (comment.split("\n", 1)[0] === MARKER) return { comment, whole: comment, digests: {} };
  throw new LecternError({
    code: "no-comment",
    severity: "error",
    file,
    message: `the file does not begin with ${MARKER}`,
    remedy: "Name a file that `lectern comment --output` has written",
  });
}

async function differencesOf({ base, head }: CommentOptions): Promise<ReadDifferences | undefined> {
  if (base === undefined && head === undefined) return undefined;
  if (base !== undefined && head !== undefined) return catalogDifferences(base, head);
  throw new LecternError({
    code: "usage",
    severity: "error",
    path: base === undefined ? "--base" : "--head",
    message: "one version of the catalog alone can't be compared",
    remedy: "Name the catalog before the change with --base, and with it with --head",
  });
}

async function inputOf(
  options: CommentOptions,
  previews: readonly ReadPreview[],
  differences: ReadDifferences | undefined,
): Promise<CommentInput> {
  const { plan, problems, commit, runUrl, artifactUrl, credentials, notPreviewed } = options;
  const why = notPreviewed === undefined ? undefined : await readNotPreviewed(notPreviewed);
  return {
    previews: previews.flatMap((one) => ("view" in one ? one.view : [])),
    failed: previews.flatMap((one) => ("failed" in one ? one.failed : [])),
    credentials,
    ...(why ? { notPreviewed: why } : {}),
    links: {
      ...(runUrl === undefined ? {} : { run: runUrl }),
      ...(artifactUrl === undefined ? {} : { artifact: artifactUrl }),
    },
    ...(plan === undefined ? {} : { planned: await readPlan(plan) }),
    ...(problems === undefined ? {} : { problems: await readProblems(problems) }),
    ...(differences === undefined ? {} : { differences }),
    ...(commit === undefined ? {} : { commit }),
  };
}
