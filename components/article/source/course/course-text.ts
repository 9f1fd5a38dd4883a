import { placeAt, snippetAt } from "../../../problem/json-text.ts";
import type { Problem } from "../../../problem/problem.ts";
import { credentialRemedy, mask } from "../credentials/credential.ts";
import { mayHoldCredential } from "../credentials/credential-triage.ts";
import type { ReadOptions } from "../types.ts";
import { COURSE_FILE } from "./course-problem.ts";

/** The credentials in the text of a `course.json`, and the secrets to mask wherever it is quoted. */
export async function checkCourseText(
  text: string,
  options: ReadOptions,
): Promise<{ readonly problems: Problem[]; readonly secrets: readonly string[] }> {
  if (!mayHoldCredential(text)) return { problems: [], secrets: [] };
  const { findCredentials } = await import("../credentials/credentials.ts");
  const credentials = await findCredentials(text);
  const secrets = credentials.map(({ secret }) => secret);
  const problems = credentials.map(
    (credential): Problem => ({
      code: "credential",
      severity: options.rules?.credentials ?? "error",
      file: COURSE_FILE,
      ...placeAt(text, credential.offset),
      snippet: snippetAt(mask(text, secrets), credential.offset),
      message: `The file has ${credential.what}`,
      remedy: credentialRemedy(credential),
    }),
  );
  return { problems, secrets };
}
