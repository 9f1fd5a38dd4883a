import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";

const execute = promisify(execFile);

/** The git facts of a repository, as they were when it was first asked for. */
export interface Repository {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** Where the platform clones it: https, without credentials. Absent where there is no remote. */
  readonly url?: string;
  /** The commit that is checked out, 40 hexadecimal digits. */
  readonly commit: string;
  /** Whether a branch of a remote, as last fetched, contains the commit. */
  readonly pushed: boolean;
  /**
   * Files of a folder that the commit doesn't hold as they are: staged, modified, deleted, untracked.
   * Ignored files count only where they are `referenced` (relative to the folder): the platform would
   * miss them. Relative to the repository's root, with `/`, sorted.
   */
  uncommitted(folder: string, referenced?: readonly string[]): string[];
}

/**
 * The repository around a folder: one batch of git processes per repository and run, however many articles ask.
 * @throws LecternError where there is none, it has no commit, or git can't read it
 */
export async function repositoryOf(folder: string, run: Pick<ProviderContext, "once">): Promise<Repository> {
  const root = rootOf(folder);
  return run.once(`git: repository ${root}`, () => ask(root));
}

/** Where an article is in its repository: `catalog/courses/qubits`, or `.` where it is the repository. */
export function articlePathInRepository(repository: Repository, folder: string): string {
  return relative(repository.root, realFolder(folder)).split(sep).join("/") || ".";
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** The nearest folder upwards with a `.git`; found without a process, as 500 articles may ask. */
function rootOf(folder: string): string {
  for (let place = realFolder(folder); ; place = dirname(place)) {
    if (existsSync(join(place, ".git"))) return place;
    if (place !== dirname(place)) continue;
    throw new LecternError({
      code: "no-repository",
      severity: "error",
      file: folder,
      message: "The folder is not in a git repository",
      remedy:
        "Run git init and commit it, or move it into a repository that qBook may clone: only commits are deployed",
    });
  }
}

async function ask(root: string): Promise<Repository> {
  const [commit, status, containing, remotes] = await Promise.all([
    git(root, ["rev-parse", "--verify", "HEAD^{commit}"]),
    git(root, [
      "status",
      "--porcelain=v1",
      "-z",
      "--untracked-files=all",
      "--ignored=matching",
      "--no-renames",
    ]),
    git(root, ["for-each-ref", "--contains=HEAD", "--format=%(refname)", "refs/remotes"]).catch(() => ""),
    git(root, ["config", "--null", "--get-regexp", "^remote\\..*\\.url$"]).catch(() => ""),
  ]);
  const changed = changedFiles(status);
  const url = chooseRemote(remotes, containing);
  return {
    root,
    ...(url !== undefined && { url }),
    commit: commit.trim(),
    pushed: containing.trim() !== "",
    uncommitted: (folder, referenced = []) =>
      within(changed, relative(root, realFolder(folder)).split(sep).join("/"), referenced),
  };
}

interface ChangedFile {
  readonly path: string;
  readonly ignored: boolean;
}

function changedFiles(status: string): ChangedFile[] {
  return status
    .split("\0")
    .filter((entry) => entry.length > 3)
    .map((entry) => ({ path: entry.slice(3), ignored: entry.startsWith("!!") }));
}

function within(changed: readonly ChangedFile[], folder: string, referenced: readonly string[]): string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const ours = changed
    .filter(({ path, ignored }) => !ignored && path.startsWith(prefix))
    .map(({ path }) => path);
  const missed = referenced
    .map((path) => `${prefix}${path}`)
    .filter((path) => changed.some((entry) => entry.ignored && covers(entry.path, path)));
  return [...new Set([...ours, ...missed])].sort();
}

/** An ignored folder is one entry that ends in `/`. */
function covers(entry: string, path: string): boolean {
  return entry.endsWith("/") ? path.startsWith(entry) : path === entry;
}

/** The remote that has the commit, else `origin`, else the first. */
function chooseRemote(remotes: string, containing: string): string | undefined {
  const urls = new Map(
    remotes
      .split("\0")
      .map((entry) => entry.split("\n"))
      .filter((pair): pair is [string, string] => pair.length === 2)
      .map(([key, url]) => [key.slice("remote.".length, -".url".length), url]),
  );
  const names = [...urls.keys()];
  const pushedTo = names.filter((name) => containing.includes(`refs/remotes/${name}/`));
  const name = [pushedTo, names].map((list) => (list.includes("origin") ? "origin" : list[0])).find(Boolean);
  const url = name === undefined ? undefined : urls.get(name);
  return url === undefined ? undefined : cloneUrl(url);
}

/**
 * What git prints in a folder, which alone decides: a caller inside a hook has `GIT_DIR` and more in its environment.
 * @throws {LecternError} where git fails
 */
export async function git(root: string, args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  try {
    const options = {
      cwd: root,
      env: { ...env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
      maxBuffer: 256 * 1024 * 1024,
    };
    return (await execute("git", ["--no-pager", ...args], options)).stdout;
  } catch (error) {
    throw new LecternError(gitProblem(root, args[0] ?? "", error));
  }
}

function gitProblem(root: string, command: string, error: unknown) {
  const detail =
    error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
  const problem = { code: "git-failed", severity: "error", file: root } as const;
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return { ...problem, message: "git is not installed", remedy: "Install git, or put it on PATH" };
  }
  if (command === "rev-parse") {
    const remedy = "Commit the articles first: only commits are deployed";
    return { ...problem, code: "no-commit", message: "The repository has no commit", remedy };
  }
  return {
    ...problem,
    message: `git ${command} failed: ${detail}`,
    remedy: `Run git ${command} there and fix what it reports`,
  };
}

/**
 * The address that the platform clones, from a remote's: `git@host:org/repo.git` and `ssh://…` become
 * https, user, password, query and fragment go. A path on this machine stays a path.
 */
export function cloneUrl(remote: string): string {
  const address = remote.trim();
  const scp = /^(?:[^/@:]+@)?([^/:@]{2,}):(?!\/\/|\\)(.+)$/.exec(address);
  if (scp) return `https://${scp[1]}/${scp[2]?.replace(/^\/+/, "")}`;
  if (!/^(https?|ssh|git|git\+ssh):\/\//i.test(address)) return address;
  const url = new URL(address);
  const secure = !/^https?:$/i.test(url.protocol);
  // Ports of ssh and git mean nothing to https; a web server's own port does.
  const host = secure ? url.hostname : url.host;
  return `${secure ? "https:" : url.protocol}//${host}${url.pathname}`;
}
