import type { Problem } from "../../problem/problem.ts";

/** A rule that is broken, and where: the keys that lead to it. */
export type Broken = Pick<Problem, "code" | "message" | "remedy" | "path"> & {
  readonly keys: readonly string[];
};

/** What a value that nobody has checked has under a key. */
export function childOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** @param keys those that lead to what is wrong */
export function broken(keys: readonly string[], code: string, message: string, remedy: string): Broken {
  return { keys, code, message, remedy, ...(keys.length > 0 ? { path: keys.join(".") } : {}) };
}
