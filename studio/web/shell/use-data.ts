import { useCallback, useEffect, useState } from "react";
import type { ZodType } from "zod";
import type { ApiProblem } from "../../api/problem.ts";
import { strings } from "../strings.ts";
import { ApiRefusal, get } from "./api.ts";

/** What a page has of the server's answer. */
export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problems: readonly ApiProblem[] }
  | { readonly state: "ready"; readonly data: T };

/** What the server answers at a path below `api/`, and how to ask again. */
export function useData<T>(path: string, schema: ZodType<T>): readonly [Loaded<T>, reload: () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is the point of `asked`
  useEffect(() => {
    const controller = new AbortController();
    get(path, schema, controller.signal).then(
      (data) => setLoaded({ state: "ready", data }),
      (error) => controller.signal.aborted || setLoaded({ state: "failed", problems: problemsOf(error) }),
    );
    return () => controller.abort();
  }, [path, schema, asked]);
  return [loaded, useCallback(() => setAsked((count) => count + 1), [])];
}

/** What a failure says to people. */
export function problemsOf(error: unknown): readonly ApiProblem[] {
  if (error instanceof ApiRefusal) return error.problems;
  return [
    {
      code: "no-answer",
      severity: "error",
      message: error instanceof TypeError ? strings.noAnswer.message : String(error),
      remedy: strings.noAnswer.remedy,
    },
  ];
}
