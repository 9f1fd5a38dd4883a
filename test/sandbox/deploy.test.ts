import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changesOf, report } from "./command.ts";
import { notebook } from "./repository.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  place.repository.addCourse("bell");
  place.repository.addBlog("walks");
  place.repository.commit();
});
afterEach(() => place.close());

describe("a catalog in the sandbox", () => {
  it("is planned without a call, created once, and then left alone", async () => {
    const plan = await place.json("preview");
    expect(plan.code, JSON.stringify(plan.diagnostics)).toBe(0);
    expect(changesOf(plan)).toEqual([
      "create Article bell",
      "create Article walks",
      "create ArticleLedger bell",
      "create ArticleLedger walks",
    ]);
    expect(place.api.calls()).toEqual([]);

    const first = await place.json("up");
    expect(first.code, JSON.stringify(first.diagnostics)).toBe(0);
    expect(changesOf(first)).toEqual(changesOf(plan));
    expect(place.writes().filter((call) => call.startsWith("POST"))).toHaveLength(2);
    expect(first.outputs).toMatchObject({
      articles: {
        "course/bell": {
          title: "About bell",
          url: expect.stringContaining("http"),
          customId: expect.any(String),
        },
        "blog/walks": { title: "About walks" },
      },
    });

    const second = await place.json("up", "--expect-no-changes");
    expect(second.code).toBe(0);
    expect(changesOf(second)).toEqual([]);
    expect(place.writes()).toEqual([]);
    expect(second.outputs).toEqual(first.outputs);
  });

  it("gets one update, which names the changed chapter, for one notebook", async () => {
    await place.sandbox("up");
    place.writes();
    place.repository.write("courses/bell/2.ipynb", notebook("# Chapter 2\nRewritten."));
    const unexpected = await place.json("preview", "--expect-no-changes");
    expect(unexpected.code).toBe(1);
    const update = await place.json("up");
    expect(changesOf(update)).toEqual(["update Article bell"]);
    expect(update.progress.join("\n")).toContain("chapter 2 'Chapter 2'");
    expect(place.writes()).toEqual([expect.stringMatching(/^PUT .*\/learn\/articles\/course\//)]);
  });

  it("plans no change for a commit that changes no content", async () => {
    await place.sandbox("up");
    place.writes();
    place.repository.write("courses/bell/notes.txt", "not part of the course");
    place.repository.commit();
    const again = await place.json("up", "--expect-no-changes");
    expect(again.code).toBe(0);
    expect(place.writes()).toEqual([]);
  });

  it("removes from the state what left the catalog, and reports what stays on qBook", async () => {
    await place.sandbox("up");
    place.writes();
    place.repository.drop("blogs/walks");
    const removal = await place.json("up");
    expect(changesOf(removal)).toEqual(["delete Article walks", "delete ArticleLedger walks"]);
    expect(removal.progress.join("\n")).toMatch(/walks.*stays on qBook/s);
    expect(place.writes()).toEqual([]);
  });
});

describe("bad input", () => {
  it("fails the preview with every problem and without a call", async () => {
    place.repository.write("courses/bell/course.json", '{"courseName": 7, "tgas": []}');
    place.repository.write("blogs/walks/1.ipynb", "not a notebook");
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    const text = JSON.stringify([plan.diagnostics, plan.steps]);
    for (const problem of ["courseName", "courseDescription", "tgas", "1.ipynb"])
      expect(text).toContain(problem);
    expect(place.api.calls()).toEqual([]);
  });

  it("names the nearest kernels where a course names one that nothing declares", async () => {
    place.repository.addCourse("bell", { kernelId: "Pyhton 3 (test)" });
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    expect(JSON.stringify([plan.diagnostics, plan.steps])).toMatch(/Pyhton 3 \(test\)/);
  });

  it("reports a wrong key once, before anything is sent", async () => {
    const wrong = await place.sandboxWithKey("wrong-key", "up", "--json");
    expect(wrong.code).toBe(1);
    expect(place.writes()).toEqual([]);
    const errors = report(wrong).steps.flatMap(({ error }) => (error ? [error] : []));
    expect([...new Set(errors)]).toEqual([expect.stringContaining("lectern:apiKey")]);
    expect(wrong.stdout + wrong.stderr).not.toContain("wrong-key");
  });
});
