/** What the stand-in answers to a call. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How good answers are wrapped: the real API was seen to do each. */
export type Envelope = "success" | "status" | "bare";

export function good(envelope: Envelope, status: number, data: unknown): Answer {
  if (envelope === "bare") return { status, body: data };
  return { status, body: envelope === "status" ? { status: "success", data } : { success: true, data } };
}

/** The shape of every error. */
export const failure = (code: string, message: string) => ({ success: false, error: { code, message } });
export const refused = (status: number, code: string, message: string): Answer => ({
  status,
  body: failure(code, message),
});

/** A body that is not what it should be. */
export function invalid(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Answer {
  const said = issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  return refused(400, "INVALID_REQUEST", said);
}

/** JSON, or undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
