import { readArticle } from "../read.ts";
import type { ArticleKind } from "../types.ts";
import { course, type Files, writeArticle } from "./articles.ts";

/** The kernels that are declared for {@link problemsOf}. */
export const KERNELS = new Set(["Qubits", "Qubits GPU"]);

/** What is wrong with an article of these files. */
export async function problemsOf(files: Files, kind: ArticleKind = "course") {
  return (await readArticle(await writeArticle(files), kind, { declaredKernels: KERNELS })).problems;
}

/** What is wrong with it, each as severity, code and path. */
export async function briefly(files: Files, kind: ArticleKind = "course") {
  return (await problemsOf(files, kind)).map(
    ({ code, severity, path }) => `${severity} ${code} ${path ?? "-"}`,
  );
}

/** A course with these settings of certificates. */
export const certificate = (enabled: boolean, type: string, value: unknown) =>
  course({ certificateSettings: { enabled, criteria: { type, value } } });
