import { commitOf } from "../../../../cli/plan/changed/repository.ts";
import { LecternError } from "../../../../components/problem/problem.ts";
import { type Credentials, firstLine, problem, tryGit } from "./git.ts";

/** What changes are proposed to: the default branch, as the server has it or as it was last fetched. */
export interface Target {
  readonly branch: string;
  readonly commit: string;
  /** Undefined where the repository has no remote `origin`. */
  readonly remote: string | undefined;
  /** Why the newest state is not known. */
  readonly stale?: string;
}

interface TargetOptions {
  /** Whether the server is asked for its newest state. */
  readonly fetch: boolean;
  /** What git sends to a remote. */
  readonly credentials: (remote: string) => Credentials;
}

/** @throws {LecternError} where there is nothing to propose changes to, with what to do */
export async function readTarget(root: string, options: TargetOptions): Promise<Target> {
  const inside = await tryGit(root, ["rev-parse", "--git-dir"]);
  if (inside.code !== 0) throw new LecternError(noRepository(inside.stderr));
  const remote = (await tryGit(root, ["remote", "get-url", "origin"])).stdout.trim() || undefined;
  return remote === undefined ? localTarget(root) : remoteTarget(root, remote, options);
}

async function localTarget(root: string): Promise<Target> {
  const head = await tryGit(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  if (head.code !== 0) throw new LecternError(DETACHED);
  const commit = await commitOf(root, "HEAD");
  if (commit === undefined) throw new LecternError(NO_COMMIT);
  const current = head.stdout.trim();
  // A branch of the studio is no place to build others on.
  const branch = current.startsWith("studio/") ? ((await localDefault(root)) ?? current) : current;
  return { branch, commit: (await commitOf(root, `refs/heads/${branch}`)) ?? commit, remote: undefined };
}

async function localDefault(root: string): Promise<string | undefined> {
  for (const name of ["main", "master"]) {
    if ((await commitOf(root, `refs/heads/${name}`)) !== undefined) return name;
  }
  return undefined;
}

async function remoteTarget(root: string, remote: string, options: TargetOptions): Promise<Target> {
  const environment = options.credentials(remote);
  const branch = (await remoteDefault(root, environment)) ?? "main";
  const ref = `refs/remotes/origin/${branch}`;
  const fetched = options.fetch ? await fetchBranch(root, branch, environment) : undefined;
  const commit = await commitOf(root, ref);
  if (commit === undefined) {
    if (!options.fetch) return remoteTarget(root, remote, { ...options, fetch: true });
    throw new LecternError(noDefault(branch, fetched ?? "it has no such branch"));
  }
  return { branch, commit, remote, ...(fetched === undefined ? {} : { stale: fetched }) };
}

async function remoteDefault(root: string, environment: Credentials): Promise<string | undefined> {
  const known = await tryGit(root, ["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]);
  if (known.code === 0) return known.stdout.trim().replace("refs/remotes/origin/", "");
  for (const name of ["main", "master"]) {
    if ((await commitOf(root, `refs/remotes/origin/${name}`)) !== undefined) return name;
  }
  const asked = await tryGit(root, ["ls-remote", "--symref", "origin", "HEAD"], { environment });
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.stdout)?.[1];
}

/** @returns why it can't be fetched */
async function fetchBranch(
  root: string,
  branch: string,
  environment: Credentials,
): Promise<string | undefined> {
  const refs = `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
  const args = [
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "origin",
    refs,
  ];
  const { code, stderr } = await tryGit(root, args, { environment });
  return code === 0 ? undefined : firstLine(stderr);
}

const noRepository = (stderr: string) =>
  /dubious ownership/.test(stderr)
    ? problem(
        "foreign-repository",
        "the repository belongs to another user, and git refuses to use it",
        "Run `git config --global --add safe.directory <folder>` as the user that runs the studio",
      )
    : problem(
        "no-repository",
        "the catalog is in no git repository, so changes can't be proposed",
        "Run `git init`, and commit the catalog",
      );

const DETACHED = problem(
  "detached-head",
  "the repository is at a commit, not on a branch, and has no remote",
  "Run `git switch main`, or add a remote: `git remote add origin <address>`",
);

const NO_COMMIT = problem(
  "no-commit",
  "the repository has no commit yet",
  "Commit the catalog: `git add --all && git commit`",
);

const noDefault = (branch: string, reason: string) =>
  problem(
    "remote-gone",
    `origin's branch ${branch} can't be read: ${reason}`,
    "Check `git remote --verbose`, and run `git fetch origin`",
  );
