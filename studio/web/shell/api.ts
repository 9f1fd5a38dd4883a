import type { ZodType } from "zod";
import { type ApiProblem, refusalSchema } from "../../api/problem.ts";
import { STUDIO_HEADER } from "../../api/request-header.ts";
import { strings } from "../strings.ts";

/** What the server refuses, with its problems. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;
  readonly problems: readonly ApiProblem[];

  constructor(status: number, problems: readonly ApiProblem[]) {
    super(problems.map(({ message }) => message).join("; "));
    this.status = status;
    this.problems = problems;
  }
}

/** Asks the server. @param path below `api/`, such as `articles` */
export async function get<T>(path: string, schema: ZodType<T>, signal?: AbortSignal): Promise<T> {
  return answer(
    await fetch(`api/${path}`, { headers: { [STUDIO_HEADER]: "1" }, signal: signal ?? null }),
    schema,
  );
}

/** Sends JSON to the server. @param path below `api/`, such as `check` */
export async function post<T>(
  path: string,
  body: unknown,
  schema: ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const headers = { [STUDIO_HEADER]: "1", "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body), signal: signal ?? null };
  return answer(await fetch(`api/${path}`, request), schema);
}

async function answer<T>(response: Response, schema: ZodType<T>): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(body);
  throw new ApiRefusal(
    response.status,
    refusalSchema.safeParse(body).data?.problems ?? [unreadable(response)],
  );
}

const unreadable = ({ status }: Response): ApiProblem => ({
  code: "no-answer",
  severity: "error",
  message: strings.noAnswer.status(status),
  remedy: strings.noAnswer.remedy,
});
