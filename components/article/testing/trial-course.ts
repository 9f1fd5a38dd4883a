import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** For tests: a small course, and a repository that holds it. */
export interface Contents {
  /** @default "Bell states" */
  readonly title?: string;
  /** The heading of its notebook. @default "A pair of qubits" */
  readonly text?: string;
}

export function writeCourse(
  folder: string,
  { title = "Bell states", text = "A pair of qubits" }: Contents = {},
): void {
  const lesson = { kernelName: "", kernelId: "" };
  const course = {
    courseName: title,
    courseDescription: "Two qubits that answer as one",
    visibility: "public",
    imageLink: { darkLogo: "", lightLogo: "" },
    tags: ["entanglement"],
    deployedTo: ["qbraid.com"],
    content: [
      {
        chapterName: "Pairs",
        chapterFileName: "pairs",
        baseFilePath: "pairs.ipynb",
        chapterNumber: 1,
        ...lesson,
      },
    ],
  };
  writeFileSync(join(folder, "course.json"), JSON.stringify(course, null, 2));
  const cell = { cell_type: "markdown", id: "a", metadata: {}, source: [`# ${text}`] };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, "pairs.ipynb"), JSON.stringify(notebook));
}

export function git(folder: string, ...args: string[]): void {
  const who = ["-c", "user.name=Author", "-c", "user.email=author@example.org"];
  execFileSync("git", ["-C", folder, ...who, ...args], { stdio: "ignore" });
}

let made: string | undefined;

/** A repository with the course in `courses/bell`, committed once a process: to be copied. */
export function committed(): string {
  if (made) return made;
  const root = mkdtempSync(join(tmpdir(), "lectern-template-"));
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "courses", "bell"), { recursive: true });
  writeCourse(join(root, "courses", "bell"));
  git(root, "init", "--quiet", "--initial-branch=main", "--template=");
  git(root, "add", "-A");
  git(root, "commit", "--quiet", "--message=Begin");
  made = root;
  return root;
}
