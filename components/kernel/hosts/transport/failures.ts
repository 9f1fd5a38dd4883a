import { DiskFull, ReadOnly } from "./ssh/file-system-fault.ts";
import { isStatus, SFTP_STATUS, unsupported } from "./ssh/sftp-status.ts";
import { TransportError } from "./transport.ts";

/** The error for an operation that failed over SFTP. */
export function describeSftpFailure(host: string, operation: string, path: string, error: unknown): unknown {
  const fail = (what: string, remedy: string, reason: TransportError["reason"]) =>
    new TransportError(host, `${operation} ${path}`, what, remedy, reason);
  if (isStatus(error, SFTP_STATUS.noSuchFile)) return missing(host, `${operation} ${path}`);
  if (isStatus(error, SFTP_STATUS.permissionDenied)) return denied(host, `${operation} ${path}`);
  if (unsupported(error)) {
    return fail(
      "the host's SFTP server can't replace a file in one step",
      "Use OpenSSH's sftp-server there (Subsystem sftp internal-sftp)",
      "failed",
    );
  }
  if (error instanceof DiskFull) return noSpace(host, `${operation} ${path}`);
  if (error instanceof ReadOnly) return readOnly(host, `${operation} ${path}`);
  if (isStatus(error, SFTP_STATUS.failure))
    return fail("the host refused it without giving a reason", "Check the path on the host", "failed");
  const message = error instanceof Error ? error.message : String(error);
  // What the end of a connection makes of requests under way stays as it is, to be tried again.
  if (/No response from server|Not connected|ECONN|EPIPE/.test(message)) return error;
  return fail(message, "Check the path on the host", "failed");
}

export function missing(host: string, operation: string): TransportError {
  return new TransportError(
    host,
    operation,
    "no such file or folder",
    "Check the path, and that its folder exists",
    "missing",
  );
}

export function denied(host: string, operation: string): TransportError {
  return new TransportError(
    host,
    operation,
    "permission denied",
    "Give the user that logs in access to it, or log in as another user",
    "permission",
  );
}

export function readOnly(host: string, operation: string): TransportError {
  return new TransportError(
    host,
    operation,
    "the file system is read-only",
    "Mount it writable; a file system that became read-only by itself often means a failing disk",
    "permission",
  );
}

export function noSpace(host: string, operation: string): TransportError {
  return new TransportError(
    host,
    operation,
    "no space is left",
    "Make room on the host; what was there before is unchanged",
    "no-space",
  );
}

export function tooSlow(host: string, operation: string, limit: number): TransportError {
  return new TransportError(
    host,
    operation,
    `no answer within ${limit / 1000} s`,
    "Check the host's load and the network, then run again",
    "timeout",
  );
}

export function connectionBroke(host: string, operation: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("Channel open failure")) {
    return new TransportError(
      host,
      operation,
      "the host refused another session on this connection",
      "Set MaxSessions to 10 or more in its sshd_config",
    );
  }
  return new TransportError(
    host,
    operation,
    `the connection broke (${message})`,
    "Run again: the next run checks what is there and continues",
    "lost",
  );
}

/** The code of an error of the system, such as `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
