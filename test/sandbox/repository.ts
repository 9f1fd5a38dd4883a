import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A catalog in a git repository of its own, for one test. */
export interface Repository {
  readonly root: string;
  readonly catalog: string;
  /** Writes a file, relative to the catalog; its folders are made. */
  write(path: string, content: string | object): void;
  addCourse(slug: string, options?: ArticleOptions): void;
  addBlog(slug: string, options?: ArticleOptions): void;
  /** Removes a folder, relative to the catalog. */
  drop(path: string): void;
  commit(): void;
  remove(): void;
}

interface ArticleOptions {
  readonly title?: string;
  /** How many chapters of one notebook each. @default 2 */
  readonly chapters?: number;
  /** What the notebooks say. */
  readonly text?: string;
  readonly kernelId?: string;
}

export const KERNEL = "Python 3 (test)";

export function makeRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), "lectern-repository-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
      cwd: root,
    });
  git("init", "--quiet", "--initial-branch=main");
  const write = (path: string, content: string | object) => {
    const file = join(root, "catalog", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : `${JSON.stringify(content, null, 1)}\n`);
  };
  const addArticle = (section: string, slug: string, options: ArticleOptions) => {
    const numbers = Array.from({ length: options.chapters ?? 2 }, (_, index) => index + 1);
    write(`${section}/${slug}/course.json`, courseJson(slug, numbers, options));
    for (const number of numbers) {
      write(
        `${section}/${slug}/${number}.ipynb`,
        notebook(`# Chapter ${number}\n${options.text ?? "A sentence."}`),
      );
    }
  };
  return {
    root,
    catalog: join(root, "catalog"),
    write,
    addCourse: (slug, options = {}) => addArticle("courses", slug, options),
    addBlog: (slug, options = {}) => addArticle("blogs", slug, options),
    drop: (path) => rmSync(join(root, "catalog", path), { recursive: true }),
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message=change");
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

/** A notebook with one Markdown cell and one code cell. */
export function notebook(markdown: string, source = "print(1)"): object {
  return {
    cells: [
      { cell_type: "markdown", id: "text", metadata: {}, source: markdown },
      { cell_type: "code", id: "code", metadata: {}, source, execution_count: null, outputs: [] },
    ],
    metadata: { kernelspec: { display_name: KERNEL, language: "python", name: "python3" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function courseJson(slug: string, numbers: number[], options: ArticleOptions): object {
  return {
    courseName: options.title ?? `About ${slug}`,
    courseDescription: "A course for tests.",
    visibility: "public",
    imageLink: { darkLogo: "", lightLogo: "" },
    tags: ["test"],
    deployedTo: ["qbraid.com"],
    content: numbers.map((number) => ({
      chapterName: `Chapter ${number}`,
      chapterFileName: `${number}.ipynb`,
      baseFilePath: `${number}.ipynb`,
      chapterNumber: number,
      kernelName: "python3",
      kernelId: options.kernelId ?? KERNEL,
    })),
  };
}
