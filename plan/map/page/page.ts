import { hash } from "node:crypto";
import { htmlFile } from "../../html-file.ts";
import { heldByNotebooks, overrideHint, placeText, whyText } from "../held-by-notebook.ts";
import type { DeployedMap } from "../map-file.ts";
import { type Matrix, type MatrixLine, matrixOf, stacksInOrder } from "../matrix.ts";
import { countStates, type MapState, rowsOf, STATES } from "../rows.ts";
import { driftedText, KIND_WORDS, STATE_WORDS } from "../words.ts";
import { cellHtml } from "./cell.ts";
import { name, text, time } from "./html.ts";
import { SCRIPT } from "./script.ts";
import { historyHtml, stackHtml } from "./stacks.ts";
import { STYLE } from "./style.ts";

/**
 * The map as one HTML file. It loads nothing and works without its script, which filters; texts of other people in it do
 * nothing.
 */
export function mapPage(map: DeployedMap): string {
  const rows = rowsOf(map);
  const matrix = matrixOf(rows);
  const stacks = stacksInOrder(map);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash("sha256", SCRIPT, "base64")}'; base-uri 'none'; form-action 'none'`;
  const body = `<header>
<h1>What is deployed where</h1>
<p>As of ${time(map.made)}. Since: when a thing was last changed.</p>
${countsHtml(map, rows)}
</header>
<main>
<section aria-labelledby="stacks"><h2 id="stacks">Stacks</h2>
<ul class="stacks">${stacks.map(stackHtml).join("")}</ul></section>
${heldHtml(map)}
${filtersHtml(matrix)}
${matrix.kinds.map((one) => kindHtml(one, matrix.environments)).join("\n")}
<section aria-labelledby="history"><h2 id="history">History</h2>
${stacks.map(historyHtml).join("\n")}</section>
</main>
<script>${SCRIPT}</script>`;
  return htmlFile({ title: "What is deployed where", policy, style: STYLE, body });
}

function countsHtml(map: DeployedMap, rows: ReturnType<typeof rowsOf>): string {
  const counts = countStates(rows);
  const shown = STATES.filter((state) => counts[state] > 0 || state === "held" || state === "drifted");
  const textOf = (state: MapState) =>
    state === "drifted"
      ? driftedText(map, counts.drifted)
      : `${counts[state]} ${STATE_WORDS[state].toLowerCase()}`;
  const items = shown.map(
    (state) => `<li class="is-${state}">${textOf(state).replace(/^\d+/, "<strong>$&</strong>")}</li>`,
  );
  return `<ul class="counts">${items.join("")}</ul>`;
}

/** What is held because of a notebook, with what to do. */
function heldHtml(map: DeployedMap): string {
  const items = heldByNotebooks(map).map((one) => {
    const { stack, failure } = one;
    const where = `<strong>${name(one.name)}</strong> <span>${name(stack)} · ${name(placeText(failure))}</span>`;
    return `<li>${where}<p class="note is-held">${name(whyText(failure))}</p><p class="note">${text(overrideHint(one))}</p></li>`;
  });
  if (items.length === 0) return "";
  return `<section aria-labelledby="held"><h2 id="held">Held by a notebook</h2>
<p>A notebook fails: a kernel keeps its image, an alias stays where it is, and an article keeps what it shows.</p>
<ul class="stacks">${items.join("")}</ul></section>`;
}

/** Shown by the script alone. */
function filtersHtml({ kinds }: Matrix): string {
  const option = (value: string, label: string) => `<option value="${value}">${label}</option>`;
  return `<form id="filters" hidden role="search">
<label>Find <input type="search" name="text" autocomplete="off" placeholder="name, version, digest, stack"></label>
<label>Kind <select name="kind">${option("", "all")}${kinds.map(({ kind }) => option(kind, KIND_WORDS[kind].many)).join("")}</select></label>
<label>State <select name="state">${option("", "all")}${STATES.map((state) => option(state, STATE_WORDS[state])).join("")}</select></label>
<output role="status"></output></form>`;
}

function kindHtml({ kind, lines }: Matrix["kinds"][number], environments: readonly string[]): string {
  const used = environments.filter((one) => lines.some(({ cells }) => cells.has(one)));
  const heads = used.map((one) => `<th scope="col">${name(one)}</th>`).join("");
  return `<section class="kind" data-kind="${kind}" aria-labelledby="kind-${kind}">
<h2 id="kind-${kind}">${KIND_WORDS[kind].many} <span class="count">${lines.length}</span></h2>
<table><thead><tr><th scope="col">Name</th>${heads}</tr></thead>
<tbody>${lines.map((line) => lineHtml(line, used)).join("\n")}</tbody></table></section>`;
}

function lineHtml(line: MatrixLine, environments: readonly string[]): string {
  const rows = [...line.cells.values()].flat();
  const states = [...new Set(rows.flatMap(({ states }) => states))].join(" ");
  const cells = environments.map((one) => {
    const found = line.cells.get(one) ?? [];
    const content = found.length === 0 ? '<span class="none">not there</span>' : found.map(cellHtml).join("");
    return `<td data-label="${text(one)}"${found.length === 0 ? ' class="empty"' : ""}>${content}</td>`;
  });
  const named = line.title === undefined ? "" : `<span class="title">${name(line.title)}</span>`;
  return `<tr data-states="${states}"><th scope="row">${named}<span class="id">${name(line.name)}</span></th>${cells.join("")}</tr>`;
}
