import { type Document, isMap, isNode, LineCounter, parseAllDocuments, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";
import type { Locate } from "./zod.ts";

/** A YAML (or JSON, which is YAML) text as plain values, with the place of each. */
export interface YamlFile extends YamlPlaces {
  /** Plain JSON values; undefined where there are problems. */
  readonly value: unknown;
}

/** What is wrong with a YAML text, and where its values are. */
export interface YamlPlaces {
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/** Parses one document; every problem with its place. A repeated key is a problem. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const places = placesIn([document], lines, file);
  return { value: places.problems.length > 0 ? undefined : document.toJS(), ...places };
}

/**
 * The places in a text of several documents, as YAML 1.1 reads it, whose values another parser has read. Where
 * documents overlap, the last one counts.
 */
export function yamlPlaces(text: string, file: string): YamlPlaces {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, version: "1.1", merge: true } as const;
  const documents = parseAllDocuments(text, options);
  return placesIn("empty" in documents ? [] : documents, lines, file);
}

function placesIn(documents: readonly Document.Parsed[], lines: LineCounter, file: string): YamlPlaces {
  const place = (offset: number | undefined) => {
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems = documents
    .flatMap(({ errors }) => errors)
    .map((error): Problem => ({ severity: "error", file, ...place(error.pos[0]), ...syntaxFault(error) }));
  const locate: Locate = (path, part = "value") => {
    const latest = documents.toReversed();
    const key = part === "key" ? first(latest, (document) => keyAt(document, path)) : undefined;
    if (key) return place(key.range?.[0]);
    for (let length = path.length; length >= 0; length--) {
      const node = first(latest, (document) => nodeAt(document, path.slice(0, length)));
      if (node) return place(node.range?.[0]);
    }
    return undefined;
  };
  return { problems, locate };
}

function syntaxFault({ code, message }: Document["errors"][number]) {
  if (code === "DUPLICATE_KEY")
    return {
      code: "repeated-key",
      message: "this key occurs twice in its map, and only one of them would be used",
      remedy: "Keep one",
    };
  return {
    code: "malformed-file",
    message: `this is not YAML: ${message.replace(/\.?\n[\s\S]*$/, "").replace(/\.$/, "")}`,
    remedy: "Correct the syntax",
  };
}

function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]) {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

/** The key of a mapping that a path ends with. */
function keyAt(document: Document.Parsed, path: readonly PropertyKey[]) {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const keys = map.items.map(({ key }) => key).filter(isNode);
  return keys.find((key) => "value" in key && String(key.value) === String(path.at(-1)));
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
