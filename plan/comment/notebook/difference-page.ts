import { escaped } from "../../../components/html.ts";
import { htmlFile } from "../../html-file.ts";
import { aligned } from "./align.ts";
import type { CellChange } from "./notebook-difference.ts";

/** A notebook on a page of differences. */
export interface PageNotebook {
  /** `chapter 2 'Two qubits'` */
  readonly label: string;
  readonly changes: readonly CellChange[];
}

const STYLE = `
:root { --ink: light-dark(#1b1f24, #e8ebf0); --soft: light-dark(#59636e, #a9b2c0); --line: light-dark(#d0d7de, #3d4654); --raised: light-dark(#f6f8fa, #1c2027); --added: light-dark(#d1f4d9, #16401f); --removed: light-dark(#ffd8d3, #571f1b); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: light-dark(#fff, #14171c); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: .5rem .75rem; background: var(--raised); font-size: 14px; }
section { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; overflow: hidden; }
section h3 { margin: 0; padding: .25rem .75rem; font-size: 14px; border-bottom: 1px solid var(--line); }
h2 { font-size: 1.15rem; overflow-wrap: anywhere; }
ins { background: var(--added); text-decoration: none; display: block; }
del { background: var(--removed); text-decoration: none; display: block; }
ins::before { content: "+ "; } del::before { content: "- "; }
.quiet { color: var(--soft); } ul { margin: .5rem 0; }
`;

/**
 * A page that shows what differs in an article's notebooks. It runs nothing and loads nothing: sources are shown as
 * text, and outputs are named, not shown.
 */
export function differencePage(title: string, notebooks: readonly PageNotebook[]): string {
  return htmlFile({
    title: `${title}: what changes`,
    policy: "default-src 'none'; style-src 'unsafe-inline'",
    style: STYLE,
    body: `<h1>${escaped(title)}</h1>\n${notebooks.map(notebookHtml).join("\n")}`,
  });
}

function notebookHtml({ label, changes }: PageNotebook): string {
  const parts: string[] = [];
  let same = 0;
  const quiet = () => {
    if (same > 0) parts.push(`<p class="quiet">${same} ${same === 1 ? "cell" : "cells"} unchanged</p>`);
    same = 0;
  };
  for (const change of changes) {
    if (change.change === "same") same += 1;
    else {
      quiet();
      parts.push(cellHtml(change));
    }
  }
  quiet();
  return `<h2>${escaped(label)}</h2>\n${parts.join("\n")}`;
}

const TITLES: Readonly<Record<CellChange["change"], string>> = {
  added: "added",
  removed: "removed",
  changed: "changed",
  outputs: "outputs changed",
  same: "unchanged",
};

function cellHtml({ change, before, after }: CellChange): string {
  const type = (after ?? before)?.type ?? "";
  const outputs =
    before?.rawOutputs === after?.rawOutputs ? "" : outputsHtml(before?.outputs, after?.outputs);
  return `<section><h3>${escaped(type)} cell ${TITLES[change]}</h3>${sourceHtml(before?.source, after?.source)}${outputs}</section>`;
}

function sourceHtml(before: string | undefined, after: string | undefined): string {
  const lines = (text: string | undefined) => (text === undefined ? [] : text.split("\n"));
  const html = aligned(lines(before), lines(after), (a, b) => a === b).map(([old, now]) => {
    if (old !== undefined && now !== undefined) return `${escaped(now)}\n`;
    return old === undefined ? `<ins>${escaped(now ?? "")}</ins>` : `<del>${escaped(old)}</del>`;
  });
  return `<pre>${html.join("")}</pre>`;
}

function outputsHtml(before: readonly string[] = [], after: readonly string[] = []): string {
  if (before.length + after.length === 0) return "";
  const listed = (outputs: readonly string[]) => outputs.map(escaped).join("; ") || "none";
  return `<p class="quiet">&nbsp; Outputs: ${listed(before)} → ${listed(after)}</p>`;
}
