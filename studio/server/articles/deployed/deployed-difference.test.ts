import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprintArticle } from "../../../../components/article/source/fingerprint.ts";
import {
  chapter,
  course,
  markdownCell,
  notebook,
  PIXEL,
} from "../../../../components/article/source/testing/articles.ts";
import { deployedDifferenceSchema } from "../../../api/articles.ts";
import { type TrialStudio, trialStudio } from "../../testing/trial-studio.ts";

const FOLDER = "catalog/courses/states";
const AT = "2026-03-01T00:00:00.000Z";
const text = (...sources: string[]) => JSON.stringify(notebook(sources.map((one) => markdownCell(one))));
const FILES = {
  [`${FOLDER}/course.json`]: JSON.stringify(course({ content: [chapter()] })),
  [`${FOLDER}/one.ipynb`]: text("# One", "Two", "Three"),
  [`${FOLDER}/logo.png`]: PIXEL,
};

/** A repository with one commit, which was deployed to staging. */
async function deployed(report: { readonly commit?: string } = {}) {
  const studio = await trialStudio(FILES, { deployed: (root) => ({ reports: [join(root, "report.json")] }) });
  git(studio, "init", "--quiet", "--initial-branch=main");
  const commit = committed(studio, "The first");
  const { article } = await fingerprintArticle(join(studio.root, FOLDER), "course");
  writeReport(studio, article?.fingerprint ?? "", report.commit ?? commit);
  return { ...studio, commit, differs: () => differenceOf(studio) };
}

function git({ root }: TrialStudio, ...args: string[]): string {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: root, encoding: "utf8" }).trim();
}

function committed(studio: TrialStudio, message: string): string {
  git(studio, "add", "--all", "catalog");
  git(studio, "commit", "--quiet", "--message", message);
  return git(studio, "rev-parse", "HEAD");
}

function writeReport({ root }: TrialStudio, digest: string, commit: string): void {
  const thing = { id: "course/states", kind: "course", digest };
  const stack = {
    ...{ stack: "staging", environment: "staging", outputs: { read: AT, things: [thing] } },
    history: [{ at: AT, kind: "update", result: "succeeded", commit }],
  };
  writeFileSync(join(root, "report.json"), JSON.stringify({ version: 1, made: AT, stacks: [stack] }));
}

const change = ({ root }: TrialStudio, name: string, content: string | Uint8Array) =>
  writeFileSync(join(root, FOLDER, name), content);

async function differenceOf({ asAda }: TrialStudio, stack = "staging") {
  const response = await asAda(`/api/articles/course/states/deployed/${stack}`);
  return deployedDifferenceSchema.parse(response.json());
}

describe("what differs from what is deployed", () => {
  it("is shown by notebook and cell, from the commit that has the deployed content", async () => {
    const studio = await deployed();
    change(studio, "one.ipynb", text("# One", "Two <script>", "Four", "Five"));
    expect(await studio.differs()).toEqual({
      commit: studio.commit,
      lessons: [
        {
          label: "chapter 1 'Entanglement'",
          change: "changed",
          cells: { added: 1, removed: 0, changed: 2, outputs: 0 },
        },
      ],
      others: [],
    });
    const { statusCode, body, headers } = await studio.asAda(
      "/api/articles/course/states/deployed/staging/page",
    );
    expect(statusCode).toBe(200);
    expect(body).toContain("<del>Three</del>");
    expect(body).toContain("Two &lt;script&gt;");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*sandbox allow-same-origin$/);
  });

  it("names chapters that come and go, and what differs beside notebooks", async () => {
    const studio = await deployed();
    const content = [chapter(), chapter({ chapterName: "Two", chapterNumber: 2, baseFilePath: "two.ipynb" })];
    change(studio, "course.json", JSON.stringify(course({ courseDescription: "Another", content })));
    change(studio, "two.ipynb", text("New"));
    const { lessons, others } = await studio.differs();
    expect(lessons).toEqual([{ label: "chapter 2 'Two'", change: "added" }]);
    expect(others).toEqual(["chapter 2 'Two': settings added", "metadata courseDescription changed"]);
    expect((await studio.asAda("/api/articles/course/states/deployed/staging/page")).statusCode).toBe(404);
  });

  it("is found by the content where a report names no commit that has it, on any branch", async () => {
    const studio = await deployed({ commit: "not a commit" });
    change(studio, "one.ipynb", text("Something else"));
    const other = committed(studio, "The second");
    expect(await studio.differs()).toMatchObject({ commit: studio.commit });
    // A commit that is named, but has other content than the stack, is no evidence.
    const { article } = await fingerprintArticle(join(studio.root, FOLDER), "course");
    const fingerprint = article?.fingerprint ?? "";
    writeReport(studio, fingerprint, studio.commit);
    change(studio, "one.ipynb", text("# One"));
    expect(await studio.differs()).toMatchObject({ commit: other });
  });

  it("is not known where the deployed content was never committed, or the clone lacks the commit", async () => {
    const studio = await deployed();
    writeReport(studio, `sha256:${"0".repeat(64)}`, studio.commit);
    expect(await studio.differs()).toEqual({
      unknown: "no commit of this repository has it: it was deployed from files that were not committed here",
      lessons: [],
      others: [],
    });
    writeReport(studio, `sha256:${"0".repeat(64)}`, "f".repeat(40));
    expect((await studio.differs()).unknown).toContain("no commit ffffffffff");
    rmSync(join(studio.root, ".git"), { recursive: true });
    expect((await studio.differs()).unknown).toContain("no git repository");
  });

  it("is that of a stack which has the article", async () => {
    const studio = await deployed();
    for (const stack of ["prod", "..%2fstaging", "%00"]) {
      const { statusCode } = await studio.asAda(`/api/articles/course/states/deployed/${stack}`);
      expect(statusCode, stack).toBe(404);
    }
  });

  it("follows no link that a commit has", async () => {
    const studio = await deployed();
    writeFileSync(join(studio.root, "secret.ipynb"), text("canary"));
    rmSync(join(studio.root, FOLDER, "one.ipynb"));
    execFileSync("ln", ["-s", "../../../secret.ipynb", join(studio.root, FOLDER, "one.ipynb")]);
    committed(studio, "A link");
    expect(JSON.stringify(await studio.differs())).not.toContain("canary");
  });
});
