/* A synthetic catalog, the same on each machine: courses as lecturers write them, of a wanted size. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How much to generate. */
export interface CatalogSize {
  readonly courses: number;
  readonly notebooks: number;
  /** A notebook, in bytes, about. */
  readonly bytes: number;
  /** Whether every Markdown cell shows an image by raw HTML, as material that is converted from elsewhere does. */
  readonly rawHtml?: boolean;
}

type Random = () => number;
type Cell = Record<string, unknown>;

/** Writes `courses/course-000` and so on into a folder; gives the bytes of all notebooks. */
export async function writeCatalog(folder: string, size: CatalogSize): Promise<number> {
  let bytes = 0;
  for (let index = 0; index < size.courses; index += 1) {
    bytes += await writeCourse(
      join(folder, "courses", `course-${String(index).padStart(3, "0")}`),
      index,
      size,
    );
  }
  return bytes;
}

async function writeCourse(folder: string, seed: number, size: CatalogSize): Promise<number> {
  const { notebooks } = size;
  await mkdir(join(folder, "images"), { recursive: true });
  await writeFile(join(folder, "images", "state.png"), Buffer.from(base64(randomFrom(seed), 3000), "base64"));
  let written = 0;
  for (let index = 0; index < notebooks; index += 1) {
    const text = JSON.stringify(notebookOf(randomFrom(seed * 1000 + index + 1), size), null, 1);
    written += Buffer.byteLength(text);
    await writeFile(join(folder, `chapter-${index + 1}.ipynb`), text);
  }
  await writeFile(join(folder, "course.json"), JSON.stringify(courseOf(seed, notebooks), null, 2));
  return written;
}

function courseOf(seed: number, notebooks: number): object {
  return {
    courseName: `Course ${seed}`,
    courseDescription: "Generated to measure with",
    visibility: "private",
    imageLink: { darkLogo: "images/state.png", lightLogo: "images/state.png" },
    tags: ["bench"],
    deployedTo: ["qbraid.com"],
    content: Array.from({ length: notebooks }, (_, index) => ({
      chapterName: `Chapter ${index + 1}`,
      chapterFileName: `chapter-${index + 1}.ipynb`,
      filePath: "",
      baseFilePath: `chapter-${index + 1}.ipynb`,
      chapterNumber: index + 1,
      kernelName: "bench",
      kernelId: "Bench",
      sections: [],
    })),
  };
}

/** Cells in turn until the size is reached: by bytes about a third Markdown, a third code and what it printed, a third pictures. */
function notebookOf(random: Random, { bytes, rawHtml = false }: CatalogSize): object {
  const cells: Cell[] = [];
  const makers = [heading, prose, code, prose, formulas, table, prose, figure, code, markup, prose, printed];
  let size = 0;
  for (let turn = 0; size < bytes; turn += 1) {
    const made = (makers[turn % makers.length] ?? prose)(random);
    const cell = rawHtml && made["cell_type"] === "markdown" ? withHtmlImage(made, turn) : made;
    cells.push({ id: `c${turn}`, ...cell });
    size += JSON.stringify(cell, null, 1).length + 60;
  }
  const metadata = { kernelspec: { name: "bench", display_name: "Bench", language: "python" } };
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

/** A linear congruential generator: 0 up to 1, the same on each machine. */
function randomFrom(seed: number): Random {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS =
  `the a qubit state amplitude measurement gate circuit phase we see that probability of both outcomes is equal
   because entangled pair shares one vector space rotation about axis leaves it unchanged up to factor import key
   operator_norm secret token sequence density_matrix np qc hf sk basis vector then apply figure shows result`.split(
    /\s+/,
  );

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ");
}

function lines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function base64(random: Random, length: number): string {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256))).toString("base64");
}

function markdown(text: string): Cell {
  return { cell_type: "markdown", metadata: {}, source: lines(text) };
}

function heading(random: Random): Cell {
  return markdown(`# ${words(random, 4)}\n\n![The state](images/state.png "state")\n\n${words(random, 60)}`);
}

function prose(random: Random): Cell {
  const item = () =>
    `- **${words(random, 2)}**: ${words(random, 18)} \`qc.h(${Math.floor(random() * 9)})\`\n`;
  const link = `[${words(random, 3)}](https://example.org/${Math.floor(random() * 99)})`;
  return markdown(
    `## ${words(random, 3)}\n\n${words(random, 120)} (${link}).\n\n${item()}${item()}${item()}\n${words(random, 90)}`,
  );
}

function formulas(random: Random): Cell {
  const state = String.raw`$$|\psi\rangle = \frac{1}{\sqrt{2}}\left(|00\rangle + e^{i\phi}|11\rangle\right)$$`;
  return markdown(
    `${words(random, 40)} $\\alpha_${Math.floor(random() * 9)}$ ${words(random, 30)}\n\n${state}\n\n${words(random, 60)}`,
  );
}

function markup(random: Random): Cell {
  const figure = `<div align="center">\n  <img src="images/state.png" alt="${words(random, 3)}" width="400">\n</div>`;
  return markdown(
    `${words(random, 40)}\n\n${figure}\n\n<details><summary>${words(random, 3)}</summary>\n\n${words(random, 60)}\n\n</details>\n`,
  );
}

function withHtmlImage(cell: Cell, width: number): Cell {
  const image = `\n\n<img src="images/state.png" alt="A state" width="${width}">\n`;
  return { ...cell, source: lines(`${(cell["source"] as string[]).join("")}${image}`) };
}

function code(random: Random): Cell {
  const line = () =>
    `${words(random, 1)}_${Math.floor(random() * 99)} = np.array([${random().toFixed(6)}, ${random().toFixed(6)}])  # ${words(random, 5)}\n`;
  const source = lines(`from qiskit import QuantumCircuit\n\n${Array.from({ length: 24 }, line).join("")}`);
  return { cell_type: "code", execution_count: 1, metadata: {}, outputs: [], source };
}

function output(data: Record<string, unknown>): Cell {
  const source = ["result.plot()\n"];
  const outputs = [{ output_type: "display_data", data, metadata: {} }];
  return { cell_type: "code", execution_count: 2, metadata: {}, outputs, source };
}

function figure(random: Random): Cell {
  return output({ "image/png": base64(random, 6000), "text/plain": ["<Figure size 640x480 with 1 Axes>"] });
}

function table(random: Random): Cell {
  const cells = () => Array.from({ length: 5 }, () => `      <td>${random().toFixed(6)}</td>\n`).join("");
  const rows = Array.from(
    { length: 12 },
    (_, index) => `    <tr>\n      <th>${index}</th>\n${cells()}    </tr>\n`,
  ).join("");
  const html = `<div>\n<style scoped>\n    .dataframe tbody tr th { vertical-align: top; }\n</style>\n<table border="1" class="dataframe">\n  <tbody>\n${rows}  </tbody>\n</table>\n</div>`;
  return output({ "text/html": lines(html), "text/plain": [words(random, 30)] });
}

function printed(random: Random): Cell {
  const text = Array.from(
    { length: 30 },
    () => `${words(random, 6)}: ${random().toFixed(9)} counts={'00': ${Math.floor(random() * 1024)}}\n`,
  );
  return {
    cell_type: "code",
    execution_count: 3,
    metadata: { tags: ["run"] },
    outputs: [{ output_type: "stream", name: "stdout", text }],
    source: ["run()\n"],
  };
}
