import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OpenStudio } from "./studio-browser.ts";

type Repository = Pick<OpenStudio, "root">;

/** The bare repository beside a studio's. */
export const originOf = ({ root }: Repository): string => `${root}-origin.git`;

export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

/** Gives a studio's repository a bare origin with the same branch main. */
export function addOrigin(studio: Repository): void {
  git(dirname(studio.root), "clone", "--quiet", "--bare", studio.root, originOf(studio));
  git(studio.root, "remote", "add", "origin", originOf(studio));
  git(studio.root, "fetch", "--quiet", "origin");
}

const GRACE = ["-c", "user.name=Grace", "-c", "user.email=grace@example.org"];

/** Has somebody else merge a change, of which the studio's clone knows nothing yet. */
export function mergeByOthers(studio: Repository, path: string, text: string): void {
  const folder = cloneOfOthers(studio);
  writeFileSync(join(folder, path), text);
  git(folder, ...GRACE, "commit", "--quiet", "--all", "--message", "Theirs");
  git(folder, "push", "--quiet", "origin", "HEAD:main");
}

/** Merges a branch into main of the origin, as a forge does when somebody presses its button. */
export function mergeBranch(studio: Repository, branch: string): void {
  const folder = cloneOfOthers(studio);
  git(folder, ...GRACE, "merge", "--quiet", "--no-ff", "--message", "Merge", `origin/${branch}`);
  git(folder, "push", "--quiet", "origin", "HEAD:main");
}

function cloneOfOthers(studio: Repository): string {
  const folder = `${studio.root}-others`;
  git(dirname(studio.root), "clone", "--quiet", originOf(studio), folder);
  return folder;
}
