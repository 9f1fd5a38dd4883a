/** A start tag as a browser's tokenizer reads it: names in lower case, entities decoded. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it begins and ends in the HTML, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}
