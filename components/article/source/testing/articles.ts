/* Builders of articles for tests: small, right in everything, so that a test can break one thing. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type Json = Record<string, unknown>;

/** A PNG of one pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export function markdownCell(source: string | string[], more: Json = {}): Json {
  return { cell_type: "markdown", metadata: {}, source, ...more };
}

export function codeCell(source: string | string[], outputs: Json[] = []): Json {
  return { cell_type: "code", execution_count: 1, metadata: {}, outputs, source };
}

export function htmlOutput(html: string, type = "text/html"): Json {
  return { output_type: "display_data", data: { [type]: html }, metadata: {} };
}

export function notebook(cells: readonly Json[], more: Json = {}): Json {
  return {
    cells: cells.map((cell, index) => ({ id: `cell-${index}`, ...cell })),
    metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
    ...more,
  };
}

function lesson(more: Json = {}): Json {
  return { filePath: "", baseFilePath: "one.ipynb", kernelName: "qubits", kernelId: "Qubits", ...more };
}

export function chapter(more: Json = {}): Json {
  return {
    chapterName: "Entanglement",
    chapterFileName: "one.ipynb",
    chapterNumber: 1,
    ...lesson(),
    ...more,
  };
}

export function section(more: Json = {}): Json {
  return { sectionNumber: 1.1, sectionName: "Bell pairs", ...lesson(), ...more };
}

export function course(more: Json = {}): Json {
  return {
    courseName: "Quantum states",
    courseDescription: "From one qubit to two",
    visibility: "private",
    imageLink: { darkLogo: "", lightLogo: "logo.png" },
    tags: ["qubits"],
    deployedTo: ["qbraid.com"],
    content: [chapter()],
    ...more,
  };
}

/** Files of an article: texts, bytes, or JSON values; `null` leaves one of the defaults out. */
export type Files = Readonly<Record<string, string | Uint8Array | object | null>>;

const made: string[] = [];
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Writes an article into a new folder and gives its path: a course, one notebook and a logo, and what is given. */
export async function writeArticle(files: Files = {}, slug = "states"): Promise<string> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "lectern-article-")));
  made.push(parent);
  const folder = join(parent, slug);
  const all: Files = {
    "course.json": course(),
    "one.ipynb": notebook([markdownCell("# Two qubits")]),
    "logo.png": PIXEL,
    ...files,
  };
  await writeFiles(folder, all);
  return folder;
}

/** Writes files into a folder, making the folders between. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const plain = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(join(folder, path), plain ? content : JSON.stringify(content, null, 1));
  }
}
