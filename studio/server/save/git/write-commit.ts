import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LecternError } from "../../../../components/problem/problem.ts";
import type { Person } from "../../context.ts";
import { git, problem } from "./git.ts";

export interface CommitContent {
  /** The commit that it follows. */
  readonly parent: string;
  /** The new texts, by path from the repository's root. */
  readonly files: ReadonlyMap<string, string>;
  readonly person: Person;
  readonly message: string;
}

/**
 * Writes a commit with changed files. It goes past the work tree and the index, and no branch has it yet.
 * @returns its ID
 * @throws {LecternError} where a path is no plain file, or git fails
 */
export async function writeCommit(
  root: string,
  { parent, files, person, message }: CommitContent,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-index-"));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, "index") };
    await git(root, ["read-tree", parent], { environment });
    const entries = [...files].map(async ([path, text]) => {
      const mode = await modeOf(root, parent, path);
      const id = await git(root, ["hash-object", "-w", "--stdin"], { input: text });
      return `${mode} ${id}\t${path}\0`;
    });
    const input = (await Promise.all(entries)).join("");
    await git(root, ["update-index", "-z", "--index-info"], { environment, input });
    const tree = await git(root, ["write-tree"], { environment });
    return await git(root, ["commit-tree", tree, "-p", parent, "-F", "-"], {
      input: message,
      environment: identity(person),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function modeOf(root: string, commit: string, path: string): Promise<string> {
  const entry = await git(root, ["ls-tree", "-z", "--full-tree", commit, "--", path]);
  const mode = /^\d+/.exec(entry)?.[0] ?? "100644";
  if (mode === "100644" || mode === "100755") return mode;
  throw new LecternError({
    ...problem(
      "not-a-file",
      "it is a link or a folder in the repository, not a plain file",
      "Change what it leads to",
    ),
    file: path,
  });
}

/** The person is the committer, too: whether a change goes through by itself depends on everybody who has a part in it. */
function identity({ name, email }: Person): Record<string, string> {
  const who = clean(name);
  if (who === "") throw new LecternError(NO_NAME);
  const address = clean(email ?? "") || `${who.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-")}@users.invalid`;
  return {
    GIT_AUTHOR_NAME: who,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: who,
    GIT_COMMITTER_EMAIL: address,
  };
}

const clean = (text: string) => text.replaceAll(/[<>\p{Cc}]/gu, " ").trim();

const NO_NAME = problem(
  "no-author",
  "there is no name to commit with",
  'Run `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`, and start the studio again',
);
