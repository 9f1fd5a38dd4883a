/** A comment in pieces, so that it can be cut between them. Every line is one line of Markdown. */
export interface Document {
  /** What is never cut: the marker, the verdict. */
  readonly lead: readonly string[];
  readonly lists: readonly List[];
  /** Each is collapsed. */
  readonly sections: readonly Section[];
  readonly foot: readonly string[];
}

/** Lines below each other, of which the first are the most important. */
export interface List {
  /** Before the first line: a sentence, the head of a table. */
  readonly intro: readonly string[];
  readonly items: readonly string[];
  /** How many remain where the whole has no room. */
  readonly most: number;
  /** What stands for those that are left out. */
  readonly more: (count: number) => string;
}

/** Something collapsed, with its summary in HTML. */
export interface Section {
  readonly summary: string;
  readonly items: readonly string[];
  /** Sections of a higher weight keep their text longer. @default 0 */
  readonly weight?: number;
}

/** The whole document. */
export function wholeText(document: Document): string {
  return textOf(document, document.sections.map(detailsOf));
}

/**
 * The document in at most `limit` characters: lists are cut to what is most important, then sections to their
 * summaries. Nothing is cut within a line or a section, so that what is open is closed.
 */
export function fitted(document: Document, limit: number): string {
  const whole = wholeText(document);
  if (whole.length <= limit) return whole;
  const none = [omission(document.sections.length)];
  // What is left of the lists is what is most important; where even that is too long, less of it.
  const cuts = [1, 0.5, 0.2, 0].map((share) => ({
    ...document,
    lists: document.lists.map((list) => shortened(list, Math.floor(list.most * share))),
  }));
  const cut = cuts.find((one) => textOf(one, none).length <= limit) ?? { ...document, lists: [] };
  return textOf(cut, sectionsWithin(document.sections, limit - textOf(cut, none).length));
}

function textOf({ lead, lists, foot }: Document, sections: readonly string[]): string {
  const blocks = [
    lead.join("\n"),
    ...lists.map(({ intro, items }) => [...intro, ...items].join("\n")),
    ...sections,
    foot.join("\n"),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

const detailsOf = ({ summary, items }: Section) =>
  `<details><summary>${summary}</summary>\n\n${items.join("\n")}\n\n</details>`;

function shortened(list: List, most: number): List {
  const { items, more } = list;
  if (items.length <= most) return list;
  return { ...list, items: [...items.slice(0, most), more(items.length - most)] };
}

/** How many characters a section may have where not all have room: one stack leaves the others theirs. */
const LARGEST_SECTION = 8_000;

function sectionsWithin(sections: readonly Section[], room: number): string[] {
  let left = room;
  const shown = new Map<Section, string>();
  const fits = (section: Section, text: string) => {
    const cost = text.length + 2 - (shown.get(section)?.length ?? -2);
    if (cost > left) return;
    shown.set(section, text);
    left -= cost;
  };
  const byWeight = [...sections].sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
  // Every section is named before one has its text.
  for (const section of byWeight) fits(section, bareOf(section));
  for (const section of byWeight.filter((one) => shown.has(one))) fits(section, limited(section));
  const texts = sections.flatMap((section) => shown.get(section) ?? []);
  const missing = sections.length - shown.size;
  return missing === 0 ? texts : [...texts, omission(missing)];
}

/** A section without its text: a line of its own. */
const bareOf = ({ summary }: Section) => `<p>${summary}</p>`;

function limited({ summary, items }: Section): string {
  let length = 0;
  const kept = items.filter((item) => {
    length += item.length + 1;
    return length <= LARGEST_SECTION;
  });
  const missing = items.length - kept.length;
  const all = missing === 0 ? items : [...kept, `- … and ${missing} more lines in the whole plan`];
  return detailsOf({ summary, items: all });
}

const omission = (count: number) =>
  `… and ${count} more ${count === 1 ? "section" : "sections"}: the whole plan has them.`;
