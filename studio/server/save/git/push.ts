import type { Problem } from "../../../../components/problem/problem.ts";
import type { Branch } from "./branch.ts";
import { type Credentials, firstLine, problem, tryGit } from "./git.ts";

/**
 * Pushes a branch to origin.
 * @returns why not, undefined where it is there; the commit is still on the local branch then
 */
export async function pushBranch(
  root: string,
  name: string,
  { commit, before }: Branch,
  environment: Credentials = {},
): Promise<Problem | undefined> {
  const ref = `refs/heads/${name}`;
  const there = await tryGit(root, ["ls-remote", "origin", ref], { environment });
  if (there.code !== 0) return failure(name, there.stderr);
  const known = /^[0-9a-f]+/.exec(there.stdout)?.[0];
  if (known === commit) return undefined;
  if (known !== undefined && known !== before) return movedOn(name);
  const lease = `--force-with-lease=${ref}:${known ?? ""}`;
  const pushed = await tryGit(root, ["push", "--porcelain", lease, "origin", `${commit}:${ref}`], {
    environment,
  });
  if (pushed.code === 0) return undefined;
  return failure(name, `${pushed.stdout}\n${pushed.stderr}`);
}

const kept = (name: string) => `The commit is on the local branch ${name}`;

function failure(name: string, output: string): Problem {
  const again = `push it with \`git push origin ${name}\`, or propose again`;
  if (/stale info/.test(output)) return movedOn(name);
  if (/\[remote rejected\]|hook declined|protected branch/i.test(output)) {
    const said =
      /^remote: (?:error: )?(.*\S)/m.exec(output)?.[1] ??
      /\[remote rejected\][^(]*\((.*)\)/.exec(output)?.[1];
    return problem(
      "push-refused",
      `origin refuses the branch ${name}: ${said ?? "it gave no reason"}`,
      `Ask whoever runs the repository to allow branches below studio/. ${kept(name)}; then ${again}`,
    );
  }
  if (
    /Authentication failed|could not read (Username|Password)|Permission .*denied|Permission denied|403/i.test(
      output,
    )
  ) {
    return problem(
      "push-not-allowed",
      "origin does not let the server push",
      `Give the user that runs the studio access to the repository. ${kept(name)}; then ${again}`,
    );
  }
  return problem(
    "remote-gone",
    `origin can't be reached: ${firstLine(output)}`,
    `Check the network and \`git remote --verbose\`. ${kept(name)}; then ${again}`,
  );
}

const movedOn = (name: string) =>
  problem(
    "branch-exists",
    `origin has a branch ${name} with other commits`,
    `Look at them with \`git fetch origin ${name}\`; delete that branch on the server, and propose again. ${kept(name)}`,
  );
