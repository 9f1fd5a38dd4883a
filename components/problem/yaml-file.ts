import { type Document, isMap, isNode, LineCounter, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";
import type { Locate } from "./zod.ts";

/** A YAML (or JSON, which is YAML) text as plain values, with the place of each. */
export interface YamlFile {
  /** Plain JSON values; undefined where there are problems. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/** Parses one document; every problem with its place. A repeated key is a problem. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined) => {
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems = document.errors.map(
    (error): Problem => ({
      code: "malformed-file",
      severity: "error",
      file,
      ...place(error.pos[0]),
      message: `this is not YAML: ${error.message.replace(/\.?\n[\s\S]*$/, "").replace(/\.$/, "")}`,
      remedy: "Correct the syntax",
    }),
  );
  const locate: Locate = (path, part = "value") => {
    const key = part === "key" ? keyAt(document, path) : undefined;
    if (key) return place(key.range?.[0]);
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node)) return place(node.range?.[0]);
    }
    return undefined;
  };
  return { value: problems.length > 0 ? undefined : document.toJS(), problems, locate };
}

/** The key of a mapping that a path ends with. */
function keyAt(document: Document.Parsed, path: readonly PropertyKey[]) {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const keys = map.items.map(({ key }) => key).filter(isNode);
  return keys.find((key) => "value" in key && String(key.value) === String(path.at(-1)));
}
