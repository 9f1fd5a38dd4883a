import {
  type JsonPath,
  type JsonText,
  nodeAt,
  type Place,
  parseJsonText,
  placeAt,
} from "../../../problem/json-text.ts";

/** Finds places in a notebook's file. The file is parsed again for that, but only once something is wrong in it. */
export class NotebookPlaces {
  readonly #text: string;
  #json: JsonText | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where a value of the notebook is; of a text, a character of it. */
  find(path: JsonPath, offset?: number): { readonly path: JsonPath; readonly place: Place | undefined } {
    this.#json ??= parseJsonText(this.#text);
    const json = this.#json;
    const node = nodeAt(json, path) ?? nodeAt(json, path.slice(0, -1));
    if (!node) return { path, place: undefined };
    if (offset === undefined || !isTextNode(node)) return { path, place: placeAt(this.#text, node.offset) };
    let rest = offset;
    for (const [index, piece] of (node.children ?? [node]).entries()) {
      const length = String(piece.value).length;
      if (rest < length || piece === node || index === (node.children?.length ?? 0) - 1) {
        const at = piece.offset + this.#written(piece.offset, rest);
        return { path: piece === node ? path : [...path, index], place: placeAt(this.#text, at) };
      }
      rest -= length;
    }
    return { path, place: placeAt(this.#text, node.offset) };
  }

  /** How many characters of the file the opening quotation mark and the first characters of a string take. */
  #written(start: number, characters: number): number {
    let at = start + 1;
    for (let count = 0; count < characters && this.#text[at] !== '"'; count += 1) {
      at += this.#text[at] !== "\\" ? 1 : this.#text[at + 1] === "u" ? 6 : 2;
    }
    return at - start;
  }
}

function isTextNode(node: NonNullable<ReturnType<typeof nodeAt>>): boolean {
  return (
    node.type === "string" ||
    (node.type === "array" && (node.children ?? []).every(({ type }) => type === "string"))
  );
}
