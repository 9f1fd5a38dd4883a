import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A red square of 2000 pixels, wider than any phone. */
const WIDE_IMAGE = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="300"><rect width="2000" height="300" fill="#a00"/></svg>`;

/** What makes a page too wide, and what it can miss: all in one notebook. */
const CELLS = [
  {
    cell_type: "markdown",
    source: "# Two qubits\n\nThe state $\\frac{1}{\\sqrt 2}(|00\\rangle + |11\\rangle)$.\n",
  },
  {
    cell_type: "markdown",
    source: `## A long formula\n\n$$\n${Array.from({ length: 60 }, (_, n) => `x_{${n}}`).join(" + ")} = 0\n$$\n`,
  },
  {
    cell_type: "markdown",
    source: `## A wide table\n\n|${" A long heading |".repeat(12)}\n|${"---|".repeat(12)}\n|${" 1.0000000001 |".repeat(12)}\n`,
  },
  {
    cell_type: "markdown",
    source: `## A long word\n\n${"abcdefghij".repeat(20)} \`${"klmnopqrst".repeat(20)}\`\n`,
  },
  {
    cell_type: "markdown",
    source:
      "<h2 align=center>HTML</h2>\n\n<table><tr><td>A <b>wide</b> cell</td>" +
      `<td>${"wide".repeat(200)}</td></tr></table>\n\n<details><summary>More</summary>\n\n*Hidden* at first\n\n</details>\n\n` +
      "<script>globalThis.attacked = true</script><img src=wide.svg alt='A bar' onload='globalThis.attacked = true'>" +
      "<iframe srcdoc='<script>parent.attacked = true</script>' src='https://example.org/film'></iframe>" +
      "<style>main { display: none }</style></main></body>",
  },
  { cell_type: "markdown", source: "## An image\n\n![A red bar](wide.svg)\n" },
  {
    cell_type: "code",
    source: `print(${"1 + ".repeat(80)}1)`,
    outputs: [
      { output_type: "stream", text: "1 2 3 ".repeat(100) },
      { output_type: "display_data", data: { "image/svg+xml": WIDE_IMAGE } },
    ],
  },
];

const NOTEBOOK = "two.ipynb";

/** A repository with one course, and the body that sends it. */
export function makeCourse(root: string) {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, NOTEBOOK), JSON.stringify({ cells: CELLS }));
  writeFileSync(join(root, "wide.svg"), WIDE_IMAGE);
  return {
    data: {
      courseName: "Entanglement",
      courseDescription: "How two qubits share a state",
      visibility: "public",
      content: [{ chapterName: "Two qubits", baseFilePath: NOTEBOOK }],
    },
    repoUrl: pathToFileURL(root).href,
    commitSha: "c",
    repoReadToken: "t",
    forceDuplicateQuestions: false,
  };
}
