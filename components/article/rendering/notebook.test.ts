import { describe, expect, it } from "vitest";
import { notebookHtml } from "./notebook.ts";

const PLACE = { files: "/files/bell-1/", level: 2, heading: "Two qubits", path: "bell/notebooks/two.ipynb" };
const PIXEL = "iVBORw0KGgo=";

const html = (...cells: object[]) => notebookHtml({ cells }, PLACE);
const markdown = (source: string, more: object = {}) => html({ cell_type: "markdown", source, ...more });
const output = (data: object) =>
  html({ cell_type: "code", source: "x", outputs: [{ output_type: "display_data", data }] });

describe("a notebook on a page", () => {
  it("has its formulas set, in the line and on their own, and an amount of money left as it is", () => {
    const page = markdown("The state $\\ket{\\psi}$ costs $5 and $7.\n\n$$\n\\frac{1}{\\sqrt 2}\n$$\n");
    expect(page.match(/class="katex"/g)).toHaveLength(2);
    expect(page).toContain('class="katex-display"');
    expect(page).toContain("<math");
    expect(page).toContain("costs $5 and $7.");
  });

  it("shows a formula that has an error as it is written", () => {
    expect(markdown("$\\notacommand{$ and $x$")).toContain("notacommand");
  });

  it("does not repeat the chapter's title, and continues with the levels below it", () => {
    const page = markdown("# Two *qubits*\n\n## Entangled\n\n###### Deep");
    expect(page).not.toContain("<h1");
    expect(page).not.toContain("qubits");
    expect(page).toContain("<h3>Entangled</h3>");
    expect(page).toContain("<h6>Deep</h6>");
  });

  it("keeps a first title that is another one", () => {
    expect(markdown("# Another")).toContain("<h3>Another</h3>");
  });

  it("keeps the alternative text of images, and finds those of the repository and of the cell", () => {
    expect(markdown("![Two *linked* dots](../images/a.png)")).toContain(
      '<img src="/files/bell-1/bell/images/a.png" alt="Two linked dots">',
    );
    const attachments = { "b.png": { "image/png": PIXEL } };
    expect(markdown("![B](attachment:b.png)", { attachments })).toContain(
      `src="data:image/png;base64,${PIXEL}" alt="B"`,
    );
  });

  it("names each figure that its code draws", () => {
    const page = output({ "image/png": [PIXEL, "\n"], "text/plain": "<Figure size 640x480>" });
    expect(page).toContain(`src="data:image/png;base64,${PIXEL}"`);
    expect(page).toContain('alt="Figure 1 of “Two qubits”, drawn by the code above it"');
    expect(output({ "image/svg+xml": "<svg/>" })).toContain("data:image/svg+xml;base64,");
  });

  it("does not repeat a title in HTML either, and continues its levels", () => {
    const page = markdown('<h1 align="center">Two <em>qubits</em></h1>\n\n<h2>Entangled</h2>');
    expect(page).not.toContain("qubits");
    expect(page).toContain("<h3>Entangled</h3>");
  });

  it("has the HTML of its author around Markdown, and lets tables scroll", () => {
    const page = markdown(
      "<details><summary>A *hint*</summary>\n\nUse $x$ and H<sub>2</sub>O.\n\n</details>\n\n|a|\n|-|\n|b|",
    );
    expect(page).toMatch(
      /<details><summary>A \*hint\*<\/summary>\n<p>Use <span class="katex">[\s\S]*<\/details>/,
    );
    expect(page).toContain("H<sub>2</sub>O");
    expect(page).toContain('<div class="scroll" tabindex="0"><table>');
    expect(markdown('<img src="../images/a.png" width="50">')).toContain(
      '<img src="/files/bell-1/bell/images/a.png" width="50" alt="">',
    );
  });

  it("shows the table of a data frame, and the text of what only a script would draw", () => {
    const table = "<style scoped>td {}</style><table border=1><tr><td>0.5</td></tr></table>";
    const page = output({ "text/html": table, "text/plain": "a frame" });
    expect(page).toContain("<td>0.5</td>");
    expect(page).not.toMatch(/style scoped|a frame/);
    const plot = "<div id=plot></div><script>draw()</script>";
    expect(output({ "text/html": plot, "text/plain": "a plot" })).toContain(">a plot</pre>");
  });

  it("shows code and what it printed as they are", () => {
    const attack = "<img src=x onerror=alert(1)>";
    const pages = [
      output({ "text/plain": attack }),
      html({ cell_type: "code", source: attack, outputs: [{ traceback: [`\u001b[31m${attack}\u001b[0m`] }] }),
    ];
    for (const page of pages) {
      expect(page).not.toContain("<img");
      expect(page).toContain("&lt;img src=x");
    }
  });

  it("takes a name that is no URL for one", () => {
    expect(markdown("<img src='attachment:100%.png'>")).toContain('alt=""');
  });

  it("is empty where it is no notebook", () => {
    expect(notebookHtml({ cells: "none" }, PLACE)).toBe("");
  });
});
