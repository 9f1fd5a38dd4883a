import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { MARKER } from "../../plan/comment/compose.ts";
import { type Composed, composed, composedBefore } from "./composed.ts";
import { githubOf } from "./github/github-api.ts";
import { type CommentTarget, type Posted, postComment } from "./github/post-comment.ts";
import type { CommentOptions } from "./options.ts";

/**
 * `lectern comment`: composes the comment on a pull request, writes it where it is wanted, and posts it.
 * @returns the exit code: 0 where that is done
 */
export async function comment(options: CommentOptions): Promise<0 | 1> {
  try {
    // What is missing to post is reported before anything is read.
    const target = options.post ? targetOf(options) : undefined;
    const github = target && githubOf({ fetch, clock: systemClock }, process.env);
    const made = options.from === undefined ? await composed(options) : await composedBefore(options.from);
    await writeTexts(options, made);
    const posted = target && github && (await postComment(github, target, made.comment));
    print(options, made, posted);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function writeTexts({ output, whole }: CommentOptions, made: Composed): Promise<void> {
  const files = [
    [output, made.comment],
    [whole, made.whole],
  ] as const;
  for (const [file, text] of files) {
    if (file === undefined) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function print({ json, output }: CommentOptions, made: Composed, posted: Posted | undefined): void {
  if (json) {
    const report = {
      verdict: made.comment.split("\n")[1]?.replace(/^#+ /, "") ?? "",
      characters: made.comment.length,
      whole: made.whole.length,
      digests: made.digests,
      ...(posted ? { posted } : {}),
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else if (posted) process.stdout.write(`The comment is ${posted.action}: ${posted.url}\n`);
  else if (output === undefined) process.stdout.write(made.comment);
}

/** @throws {LecternError} where it is not known what to comment on */
function targetOf({ repository = "", number, author }: CommentOptions): CommentTarget {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw missing("--repository", "the repository, as owner/name");
  if (number === undefined) throw missing("--number", "the pull request's number");
  return { repository, number, marker: MARKER, ...(author === undefined ? {} : { author }) };
}

const missing = (option: string, what: string) =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: option,
    message: `it is not known where to post the comment`,
    remedy: `Name ${what}`,
  });
