import { lstat, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { readBuildContext } from "../build/build-context.ts";

/** Bytes of one file. */
const FILE_LIMIT = 1024 * 1024;
/** Bytes of all files together. */
const TOTAL_LIMIT = 10 * 1024 * 1024;

/** Names of files that hold secrets, whatever their content. */
const SECRET_NAMES =
  /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|credentials(\.\w+)?|kubeconfig|id_(rsa|dsa|ecdsa|ed25519)|.+\.(pem|key|p12|pfx|jks|kdbx))$/i;
/** Texts that are secrets, whatever the file's name is. */
const SECRET_TEXTS =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bxox[abpr]-[A-Za-z0-9-]{20,}/;

/** What is sent to the kernel service, in base64. */
export interface ContextFiles {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Reads a build context for the kernel service and reports everything that may not be sent: secrets,
 * links, names that the service can't have, too much.
 */
export async function readContextFiles(
  folder: string,
  dockerfile: string,
): Promise<{ context?: ContextFiles; refused: string[] }> {
  const context = await readBuildContext(folder, dockerfile).catch(() => undefined);
  if (!context) return { refused: [`the folder ${folder} does not exist`] };
  const main = posix.normalize(dockerfile);
  const text = await readFile(join(folder, main)).catch(() => undefined);
  if (!text) return { refused: [`${folder} has no ${dockerfile}`] };
  const refused: string[] = [];
  const files: Record<string, string> = {};
  let total = text.length;
  for (const path of context.files) {
    if (path === main || path.endsWith(".dockerignore")) continue;
    const { bytes, reason } = await readAllowed(join(folder, path), path);
    if (reason !== undefined) refused.push(`${path} ${reason}`);
    total += bytes?.length ?? 0;
    if (bytes) files[path] = bytes.toString("base64");
  }
  if (SECRET_TEXTS.test(text.toString("latin1"))) refused.push(`${dockerfile} contains a credential`);
  if (total > TOTAL_LIMIT)
    refused.push(`the files have ${total} bytes together, and at most ${TOTAL_LIMIT} may be sent`);
  return {
    ...(refused.length === 0 ? { context: { dockerfile: text.toString("base64"), files } } : {}),
    refused,
  };
}

async function readAllowed(file: string, path: string): Promise<{ bytes?: Buffer; reason?: string }> {
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path)) {
    return { reason: "has a name with characters other than letters, digits, dots, dashes and underscores" };
  }
  if (path.split("/").some((part) => SECRET_NAMES.test(part))) {
    return { reason: "has a name that credentials have: exclude it in .dockerignore" };
  }
  const stat = await lstat(file);
  if (!stat.isFile()) return { reason: "is not a regular file" };
  if (stat.size > FILE_LIMIT)
    return { reason: `has ${stat.size} bytes, and at most ${FILE_LIMIT} may be sent` };
  const bytes = await readFile(file);
  return SECRET_TEXTS.test(bytes.toString("latin1")) ? { reason: "contains a credential" } : { bytes };
}
