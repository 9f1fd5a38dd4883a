/** The status codes of SFTP that matter here. */
export const SFTP_STATUS = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

/** Whether an error is SFTP's answer of this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && "code" in error && error.code === status;
}

/** Whether the server lacks an extension. */
export function unsupported(error: unknown): boolean {
  return error instanceof Error && error.message.includes("does not support this extended request");
}
