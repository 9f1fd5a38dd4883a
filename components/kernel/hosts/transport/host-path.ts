import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { TransportError } from "./transport.ts";

/**
 * A path as an operation on a host may use it: absolute, in its shortest form, not the root.
 * So a name that someone made hostile can't leave the folder it was joined to unseen.
 */
export function checkHostPath(host: string, operation: string, path: string): void {
  const fault = faultOf(path);
  if (!fault) return;
  throw new TransportError(
    host,
    `${operation} ${JSON.stringify(path)}`,
    `the path ${fault}`,
    "Give an absolute path, such as /usr/local/share/jupyter/kernels",
  );
}

function faultOf(path: string): string | undefined {
  if (path.includes("\0")) return "contains a NUL character";
  if (!path.isWellFormed()) return "is not valid Unicode";
  if (!path.startsWith("/")) return "is not absolute";
  if (path === "/") return "is the root folder";
  if (posix.normalize(path) !== path || path.endsWith("/")) return "is not in its shortest form";
  return undefined;
}

/** A name beside a path, unlike any other: hidden, so that no gateway takes it for a kernel. */
export function besides(path: string): string {
  const suffix = randomBytes(6).toString("hex");
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.${suffix}.lectern`);
}
