import { type Document, parseDocument } from "yaml";
import { LecternError } from "../../../../components/problem/problem.ts";
import { parseYaml } from "../../../../components/problem/yaml-file.ts";
import { equal, type Json } from "../../../api/json.ts";
import { Unchangeable } from "./entries.ts";
import { withEndingsOf } from "./line-endings.ts";
import { type Aliases, Patch } from "./patch.ts";
import { freshText, styleOf } from "./style.ts";

/**
 * The text of a document that reads as a wanted value. Comments, order, quotes, anchors, indentation and line endings of what
 * stays the same are left as they are.
 * @param text YAML, or JSON; an empty one for a file that is new
 * @throws {LecternError} where the text is no single document, with its problems
 */
export function applyValue(text: string, value: Json, file: string): string {
  const body = text.replace(/^\uFEFF/, "");
  const plain = body.replaceAll("\r\n", "\n");
  const document = read(plain);
  if (equal(jsonOf(document, plain, file), value)) return text;
  const changed =
    patched(plain, document, value, "compare") ??
    patched(plain, document, value, "expand") ??
    fresh(plain, document, value);
  return text.slice(0, text.length - body.length) + withEndingsOf(body, changed);
}

/** What a text says, as JSON. @throws {LecternError} where it is no single document */
export function readValue(text: string, file: string): Json {
  return jsonOf(read(text), text, file);
}

const read = (text: string) => parseDocument(text, { keepSourceTokens: true, prettyErrors: false });

function jsonOf(document: Document.Parsed, text: string, file: string): Json {
  if (document.errors.length > 0) throw new LecternError(parseYaml(text, file).problems);
  try {
    return (document.toJS() ?? null) as Json;
  } catch (error) {
    // The reader says so of an alias without an anchor before it, and of too many of them.
    if (error instanceof ReferenceError) throw new LecternError(unreadableAlias(file, error.message));
    throw error;
  }
}

const unreadableAlias = (file: string, reason: string) =>
  ({
    code: "malformed-file",
    severity: "error",
    file,
    message: `an alias can't be read: ${reason}`,
    remedy: "Write out what it stands for",
  }) as const;

/** A first round changes anchors, the next one the aliases that no longer read as wanted; those may be in anchors, too. */
const ROUNDS = 5;

function patched(text: string, document: Document.Parsed, value: Json, aliases: Aliases): string | undefined {
  let [current, latest] = [text, document];
  for (let round = 0; round < ROUNDS; round += 1) {
    const handling = round === 0 && aliases === "compare" ? "keep" : aliases;
    try {
      current = new Patch(current, latest, handling).with(value);
      latest = read(current);
      if (equal(jsonOf(latest, current, ""), value)) return current;
    } catch (error) {
      if (error instanceof Unchangeable || error instanceof LecternError) return undefined;
      throw error;
    }
  }
  return undefined;
}

/** The comment at a file's beginning, and the value. */
function fresh(text: string, document: Document.Parsed, value: Json): string {
  const [comment = ""] = /^(?:[ \t]*(?:#.*)?\n|---[ \t]*\n)*/.exec(text) ?? [];
  return comment + freshText(value, styleOf(text, document));
}
