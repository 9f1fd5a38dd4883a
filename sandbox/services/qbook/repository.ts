import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * A file of the repository that an article came with: of the folder for a `file:` URL (the sandbox
 * deploys folders as they are), of the commit for the path of a repository on this machine. Nothing
 * is fetched from elsewhere.
 */
export async function readFrom(repoUrl: string, commit: string, path: string): Promise<Buffer> {
  const clean = normalize(path);
  if (clean.startsWith("..") || clean.startsWith("/")) throw new Error(`${path} is outside the repository`);
  if (repoUrl.startsWith("file:")) return readFile(join(fileURLToPath(repoUrl), clean));
  if (!repoUrl.startsWith("/")) throw new Error(`${repoUrl} can't be cloned here`);
  const options = { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 } as const;
  return (await execute("git", ["-C", repoUrl, "show", `${commit}:${clean}`], options)).stdout;
}
