import type { Node } from "jsonc-parser";
import { type JsonPath, type JsonText, placeAt, snippetAt } from "./json-text.ts";
import type { Problem } from "./problem.ts";
import { jsonPath } from "./zod.ts";

/** A JSON text and how its problems are shown. */
export interface JsonSource {
  readonly json: JsonText;
  /** The file's name in messages. */
  readonly file: string;
  /** Whether people may see the line of a problem. @default false */
  readonly snippets?: boolean;
}

/** What is no JSON in a text. */
export function syntaxProblem(source: JsonSource, fault: NonNullable<JsonText["fault"]>): Problem {
  const { text } = source.json;
  const comma = trailingComma(text, fault.offset);
  if (comma !== undefined)
    return {
      code: "invalid-json",
      ...at(source, comma),
      message: `this is not JSON: a comma follows the last entry of ${text[fault.offset] === "]" ? "a list" : "an object"}`,
      remedy: "Remove the comma",
    };
  const mark = text.startsWith("\ufeff");
  return {
    code: "invalid-json",
    ...at(source, fault.offset),
    message: mark ? "the file begins with a byte order mark" : `this is not JSON: ${fault.reason}`,
    remedy: mark ? "Save it as UTF-8 without a byte order mark" : "Fix the text at this position",
  };
}

/** Where the comma is that a closing bracket follows. */
function trailingComma(text: string, offset: number): number | undefined {
  if (!/[\]}]/.test(text.charAt(offset))) return undefined;
  const before = text.slice(0, offset).trimEnd();
  return before.endsWith(",") ? before.length - 1 : undefined;
}

/** A problem at each key that an object has already: JSON's own parser silently takes the last of them. */
export function repeatedKeys(source: JsonSource): Problem[] {
  return repeatedIn(source, source.json.root, []);
}

function repeatedIn(source: JsonSource, node: Node | undefined, path: JsonPath): Problem[] {
  if (node?.type === "array") {
    return (node.children ?? []).flatMap((child, index) => repeatedIn(source, child, [...path, index]));
  }
  if (node?.type !== "object") return [];
  const seen = new Set<string>();
  return (node.children ?? []).flatMap(({ children: [name, value] = [] }) => {
    const key = String(name?.value);
    const place = [...path, key];
    const inner = repeatedIn(source, value, place);
    if (!seen.has(key) || !name) {
      seen.add(key);
      return inner;
    }
    const problem: Problem = {
      code: "repeated-key",
      ...at(source, name.offset),
      path: jsonPath(place),
      message: `${JSON.stringify(key)} occurs twice, and only one of them is used`,
      remedy: "Keep one",
    };
    return [problem, ...inner];
  });
}

const at = ({ json, file, snippets = false }: JsonSource, offset: number) => ({
  severity: "error" as const,
  file,
  ...placeAt(json.text, offset),
  ...(snippets ? { snippet: snippetAt(json.shown, offset) } : {}),
});
