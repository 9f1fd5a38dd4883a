import type { Git } from "./git.ts";

/** Fetches the head of a pull request, with the workflow's token if there is one. @returns its commit */
export async function fetchPull(
  git: Git,
  number: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const ref = `refs/remotes/origin/pull/${number}`;
  const refs = `+refs/pull/${number}/head:${ref}`;
  await git(
    ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin", refs],
    credentials(environment),
  );
  return (await git(["rev-parse", "--verify", `${ref}^{commit}`])).trim();
}

/** For GitHub over HTTPS; in the environment of git alone, as arguments are for everybody to read. */
function credentials(environment: NodeJS.ProcessEnv): Record<string, string> {
  const { GITHUB_TOKEN: token, GITHUB_SERVER_URL: server = "https://github.com" } = environment;
  if (!token) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}
