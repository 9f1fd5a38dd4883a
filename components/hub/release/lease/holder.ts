import { hostname, userInfo } from "node:os";

/** Who deploys, for people: `ada@laptop, run 1f2e…`. */
export function holderOf(run: string): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = process.env;
  const where = repository && id ? `${repository}, workflow run ${id}` : `${user()}@${hostname()}`;
  return `${where}, run ${run}`;
}

function user(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user need not have a name.
    return `user ${process.getuid?.() ?? ""}`.trim();
  }
}
