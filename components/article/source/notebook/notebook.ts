import { isUtf8 } from "node:buffer";
import { parseJsonText, placeAt, snippetAt } from "../../../problem/json-text.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import type { ArticleFile, ArticleFolder } from "../article-path.ts";
import { mayHoldCredential } from "../credentials/credential-triage.ts";
import { digestOf } from "../digest.ts";
import { withBytesOf } from "../file-bytes.ts";
import type { Digest, ReadOptions } from "../types.ts";
import { formatFaults } from "./nbformat.ts";
import { meaningOf } from "./notebook-meaning.ts";
import { NotebookPlaces } from "./notebook-place.ts";
import { textsOf } from "./notebook-texts.ts";
import { type Depth, TextChecks } from "./text-checks.ts";

/** What one notebook gave. */
export interface Examined {
  /** Of what it means: formatting doesn't count. Of its bytes where it can't be read. */
  readonly digest: Digest;
  /** Of its bytes, by which earlier versions compared notebooks: read again, as few ask. */
  readonly ofBytes: () => Digest;
  /** The images that it shows, as far as they are files of the article. */
  readonly images: readonly ArticleFile[];
  /** Those of them that only a directive shows, which earlier versions did not see. */
  readonly ofDirectives: ReadonlySet<ArticleFile>;
  readonly problems: readonly Problem[];
}

/** Reads one notebook of an article. */
export async function examineNotebook(
  folder: ArticleFolder,
  file: ArticleFile,
  options: ReadOptions,
  depth: Depth,
): Promise<Examined> {
  const text = withBytesOf(file, (bytes) => (isUtf8(bytes) ? bytes.toString("utf8") : undefined));
  const ofBytes = () => withBytesOf(file, digestOf);
  const ofDirectives = new Set<ArticleFile>();
  const nothing = (problem: Problem) => ({
    digest: ofBytes(),
    ofBytes,
    images: [],
    ofDirectives,
    problems: [problem],
  });
  const fault = { code: "invalid-notebook", severity: "error", file: file.relative } as const;
  if (text === undefined)
    return nothing({ ...fault, message: "The file is not UTF-8 text", remedy: "Save it as UTF-8" });
  try {
    const notebook: unknown = JSON.parse(text);
    const places = new NotebookPlaces(text);
    const problems = depth === "check" ? formatProblems(notebook, file, places) : [];
    const checks = new TextChecks({ folder, file, options, depth, places });
    await checks.check(textsOf(notebook));
    return {
      digest: meaningOf(notebook) ?? ofBytes(),
      ofBytes,
      images: checks.images,
      ofDirectives: checks.ofDirectives,
      problems: [...problems, ...checks.problems],
    };
  } catch (error) {
    if (error instanceof RangeError) {
      return nothing({
        ...fault,
        message: "The notebook is nested too deeply to be read",
        remedy: "Clear its outputs",
      });
    }
    if (!(error instanceof SyntaxError)) throw error;
    return nothing({ ...fault, ...notJson(text) });
  }
}

function formatProblems(notebook: unknown, file: ArticleFile, places: NotebookPlaces): Problem[] {
  return formatFaults(notebook).map(({ path, message, remedy, severity }) => ({
    code: "invalid-notebook",
    severity: severity ?? "error",
    file: file.relative,
    ...(path.length > 0 && { path: jsonPath(path) }),
    ...places.find(path).place,
    message,
    remedy,
  }));
}

type Said = Pick<Problem, "message" | "remedy" | "line" | "column" | "snippet">;

/** What is wrong with a text that Jupyter can't open either, so that saving it again there is no remedy. */
function notJson(text: string): Said {
  const restore = "Restore it from an earlier version, or create it again in Jupyter";
  if (text.trim() === "") return { message: "The notebook is empty", remedy: restore };
  if (text.startsWith("\ufeff")) {
    const remedy = "Save it as UTF-8 without a byte order mark";
    return { message: "The file begins with a byte order mark", remedy, line: 1, column: 1 };
  }
  const merge = /^(?:<{7}|={7}|>{7}) /m.exec(text);
  if (merge) {
    const remedy = "Resolve it in an editor: keep one side, and remove the conflict markers";
    return {
      message: "The notebook contains an unresolved merge conflict",
      remedy,
      ...placeAt(text, merge.index),
    };
  }
  if (text.startsWith("version https://git-lfs.github.com/")) {
    const message = "The file is a Git LFS pointer, not the notebook";
    return { message, remedy: "Run git lfs pull, or commit the notebook itself" };
  }
  const { fault } = parseJsonText(text);
  const offset = fault?.offset ?? 0;
  const number = /^-?(?:NaN|Infinity)\b/.exec(text.slice(offset, offset + 10))?.[0];
  if (number !== undefined) {
    const message = `${number} is not JSON, though Python writes it for a number that is missing or too large`;
    const remedy = "Clear the output that it is in, or write null instead";
    return { message, remedy, ...placeAt(text, offset), snippet: snippetAt(text, offset) };
  }
  const message = `This is not JSON: ${fault?.reason ?? "unexpected character"}`;
  const line = text.slice(text.lastIndexOf("\n", offset) + 1, text.indexOf("\n", offset) + 1 || undefined);
  const remedy = "Fix the text at this position, or restore the file from an earlier version";
  const problem = { message, remedy, ...placeAt(text, offset) };
  return mayHoldCredential(line) ? problem : { ...problem, snippet: snippetAt(text, offset) };
}
